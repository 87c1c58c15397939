//! Items as rows, and the way from a name to an item.

mod number;
mod waiting;

use std::borrow::Cow;

use caravan_planning::Stream;
use caravan_postal::{Country, Grams, S10, Volume};
use caravan_station::{
    Answered, Custody, Disposition, FilingId, Inbound, Item, ItemId, ItemName, Journey, Lithium, OwnHold,
    Presented, ReceptacleId,
};
use serde::Deserialize;

use crate::backend::{Tx, read};
use crate::bulk::{self, Column, Conflict, Table, column};
use crate::{Store, StoreError, arrival};
use number::{channel, channel_number, decision, handling, handling_number, physical, physical_number};

pub(crate) use number::decision_number;

/// What a declaration announces, and what is the same for every item that was never seen.
static EXPECTED: Table = Table::sharing(
    "item",
    &[
        "id",
        "key",
        "name",
        "decision",
        "physical",
        "stream",
        "journey",
        "origin",
        "destination",
        "handling",
        "declared_g",
        "volume_cm3",
        "duty",
        "channel",
        "lithium",
        "dangerous",
    ],
    &["custody", "customs", "version", "events"],
    Conflict::Fail,
);

static ITEM: Table = Table::new(
    "item",
    &[
        "id",
        "key",
        "name",
        "decision",
        "physical",
        "stream",
        "journey",
        "origin",
        "destination",
        "handling",
        "declared_g",
        "volume_cm3",
        "duty",
        "channel",
        "lithium",
        "dangerous",
        "own_hold",
        "scale_g",
        "custody",
        "customs",
        "receptacle",
        "recalled",
        "run",
        "version",
        "events",
        "arrival",
        "answer",
        "confirmed",
        "presented",
        "presented_version",
    ],
    Conflict::Replace,
);

/// How many names one query asks for.
pub(crate) const NAMES: usize = 500;

/// How many items one page holds.
pub(crate) const PAGE: i64 = 4_000;

/// The row of an item, as the JSON array that the queries for items make of it.
#[derive(Deserialize)]
struct Row {
    id: i64,
    key: Option<i64>,
    name: Option<String>,
    decision: i64,
    physical: Option<i64>,
    stream: Option<String>,
    journey: i64,
    origin: Option<String>,
    destination: Option<String>,
    handling: i64,
    declared_g: Option<i64>,
    scale_g: Option<i64>,
    volume_cm3: Option<i64>,
    lithium: i64,
    dangerous: i64,
    custody: i64,
    customs: i64,
    receptacle: Option<i64>,
    recalled: i64,
    duty: Option<String>,
    run: Option<String>,
    channel: i64,
    arrival: Option<i64>,
    answer: Option<String>,
    confirmed: Option<i64>,
    version: i64,
    events: i64,
    own_hold: Option<i64>,
    presented: Option<i64>,
    presented_version: Option<i64>,
}

/// Selects items as one JSON array of arrays: a row of its own would cost more to hand over than to read.
macro_rules! select_items {
    (sqlite, $rest:literal) => {
        concat!(
            "SELECT json_group_array(json_array(id, key, name, decision, physical, stream, journey, origin, \
             destination, handling, declared_g, scale_g, volume_cm3, lithium, dangerous, custody, customs, receptacle, recalled, duty, run, channel, \
             arrival, answer, confirmed, version, events, own_hold, presented, presented_version)) FROM (SELECT * FROM ",
            $rest,
            ")"
        )
    };
    (postgres, $rest:literal) => {
        concat!(
            "SELECT COALESCE(json_agg(json_build_array(id, key, name, decision, physical, stream, journey, origin, \
             destination, handling, declared_g, scale_g, volume_cm3, lithium, dangerous, custody, customs, receptacle, recalled, duty, run, channel, \
             arrival, answer, confirmed, version, events, own_hold, presented, presented_version)), '[]')::text \
             FROM (SELECT * FROM ",
            $rest,
            ") AS page"
        )
    };
}

/// Reads items with the statement of either database.
macro_rules! read_items {
    ($store:expr, sqlite: $sqlite:literal, postgres: $postgres:literal $(, $value:expr)* $(,)?) => {
        match &$store.backend {
            backend @ crate::Backend::Sqlite { .. } => {
                read!(backend, (String,), select_items!(sqlite, $sqlite) $(, $value)*)
            }
            backend @ crate::Backend::Postgres(_) => {
                read!(backend, (String,), select_items!(postgres, $postgres) $(, $value)*)
            }
        }
        .and_then(|found| items_of(&found))
    };
}

pub(crate) use {read_items, select_items};

impl Store {
    /// Returns the items of these names that exist, by id.
    pub async fn items(&self, names: &[ItemName]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::with_capacity(names.len());
        for chunk in names.chunks(NAMES) {
            // The names travel as one JSON array, which both databases can turn into rows.
            let (keys, texts) = json_names(chunk);
            items.extend(read_items!(
                self,
                sqlite: "item WHERE id IN (SELECT item FROM item_key WHERE key IN (SELECT value FROM json_each($1)) \
                         UNION ALL SELECT item FROM item_name WHERE name IN (SELECT value FROM json_each($2)))",
                postgres: "item WHERE id IN (SELECT item FROM item_key WHERE key IN \
                           (SELECT value::bigint FROM json_array_elements_text($1::json)) UNION ALL \
                           SELECT item FROM item_name WHERE name IN \
                           (SELECT value FROM json_array_elements_text($2::json)))",
                &keys,
                &texts,
            )?);
        }
        items.sort_unstable_by_key(|item: &Item| item.id);
        items.dedup_by_key(|item| item.id);
        Ok(items)
    }

    /// Returns an item by its row.
    pub async fn item(&self, id: ItemId) -> Result<Option<Item>, StoreError> {
        let found = read_items!(self, sqlite: "item WHERE id = $1", postgres: "item WHERE id = $1", id.0)?;
        Ok(found.into_iter().next())
    }

    /// Returns the items of these rows that exist, by id.
    pub async fn items_numbered(&self, ids: &[ItemId]) -> Result<Vec<Item>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids = json_numbers(ids.iter().map(|item| item.0));
        read_items!(
            self,
            sqlite: "item WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id",
            postgres: "item WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY id",
            &ids,
        )
    }

    /// Returns the items behind one, by id, a few thousand at a time; empty when there are no more.
    pub async fn items_behind(&self, id: ItemId) -> Result<Vec<Item>, StoreError> {
        read_items!(
            self,
            sqlite: "item WHERE id > $1 ORDER BY id LIMIT $2",
            postgres: "item WHERE id > $1 ORDER BY id LIMIT $2",
            id.0,
            PAGE,
        )
    }

    /// Returns the items whose arrival a filing reports, by id.
    pub async fn items_reported_in(&self, filing: FilingId) -> Result<Vec<Item>, StoreError> {
        let mut items = read_items!(
            self,
            sqlite: "item WHERE arrival = $1",
            postgres: "item WHERE arrival = $1",
            filing.0,
        )?;
        items.sort_unstable_by_key(|item: &Item| item.id);
        Ok(items)
    }

    /// Returns the items that a document presents, by id.
    pub async fn items_presented_in(&self, filing: FilingId) -> Result<Vec<Item>, StoreError> {
        let mut items = read_items!(
            self,
            sqlite: "item WHERE presented = $1",
            postgres: "item WHERE presented = $1",
            filing.0,
        )?;
        items.sort_unstable_by_key(|item: &Item| item.id);
        Ok(items)
    }

    /// Returns the items that lie in any of these receptacles, by id.
    pub async fn items_in(&self, receptacles: &[ReceptacleId]) -> Result<Vec<Item>, StoreError> {
        let ids = json_numbers(receptacles.iter().map(|receptacle| receptacle.0));
        let mut items = read_items!(
            self,
            sqlite: "item WHERE receptacle IN (SELECT value FROM json_each($1))",
            postgres: "item WHERE receptacle IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
            &ids,
        )?;
        items.sort_unstable_by_key(|item: &Item| item.id);
        Ok(items)
    }
}

/// Reads the one array that a query for items gives.
pub(crate) fn items_of(found: &[(String,)]) -> Result<Vec<Item>, StoreError> {
    let text = found.first().map_or("[]", |(text,)| text);
    let rows: Vec<Row> =
        serde_json::from_str(text).map_err(|error| StoreError::row("item", error.to_string()))?;
    rows.into_iter().map(item).collect()
}

/// Writes items that are announced and were never seen; a row that is there fails.
pub(crate) async fn write_expected(tx: &mut Tx, items: &[&Item]) -> Result<(), StoreError> {
    let Some(first) = items.first() else { return Ok(()) };
    let seen = |item: &Item| (item.custody, item.customs, item.version, item.events);
    let is_expected = |item: &&Item| {
        item.scale.is_none() && item.receptacle.is_none() && !item.is_recalled && item.own_hold.is_none()
    };
    assert!(items.iter().all(|item| is_expected(item) && seen(item) == seen(first)), "items never seen");
    let shared =
        [first.custody.number(), first.customs.number(), i64::from(first.version), i64::from(first.events)];
    bulk::write_sharing(tx, &EXPECTED, announced(items), &shared).await.map(|_| ())
}

/// Writes items whole, new ones and old ones.
pub(crate) async fn write(tx: &mut Tx, items: &[&Item]) -> Result<(), StoreError> {
    let mut columns = announced(items);
    columns.extend([
        column!(OptionalInt, items, item => item.own_hold.map(OwnHold::number)),
        column!(OptionalInt, items, item => item.scale.map(|weight| signed(weight.0))),
        column!(Int, items, item => item.custody.number()),
        column!(Int, items, item => item.customs.number()),
        column!(OptionalInt, items, item => item.receptacle.map(|receptacle| receptacle.0)),
        column!(Int, items, item => i64::from(item.is_recalled)),
        column!(OptionalText, items, item => item.inbound.run.as_deref()),
        column!(Int, items, item => i64::from(item.version)),
        column!(Int, items, item => i64::from(item.events)),
        column!(OptionalInt, items, item => item.arrival.map(|filing| filing.0)),
        column!(OptionalText, items, item => item.answer.as_ref().map(ToString::to_string)),
        column!(OptionalInt, items, item => item.confirmed.map(i64::from)),
        column!(OptionalInt, items, item => item.inbound.presented.map(|one| one.filing.0)),
        column!(OptionalInt, items, item => item.inbound.presented.map(|one| i64::from(one.version))),
    ]);
    bulk::write(tx, &ITEM, columns).await.map(|_| ())
}

/// Returns the columns that a declaration announces.
fn announced<'a>(items: &[&'a Item]) -> Vec<Column<'a>> {
    vec![
        column!(Int, items, item => item.id.0),
        column!(OptionalInt, items, item => key_and_name(&item.name).0),
        column!(OptionalText, items, item => key_and_name(&item.name).1),
        column!(Int, items, item => decision_number(item.decision)),
        column!(OptionalInt, items, item => item.physical.map(physical_number)),
        column!(OptionalText, items, item => item.stream.map(|stream| stream.to_string())),
        column!(Int, items, item => item.journey.number()),
        column!(OptionalText, items, item => item.origin.as_ref().map(Country::as_str)),
        column!(OptionalText, items, item => item.destination.as_ref().map(Country::as_str)),
        column!(Int, items, item => handling_number(item.handling)),
        column!(OptionalInt, items, item => item.declared.map(|weight| signed(weight.0))),
        column!(OptionalInt, items, item => item.volume.map(|volume| signed(volume.0))),
        column!(OptionalText, items, item => arrival::duty(&item.inbound)),
        column!(Int, items, item => channel_number(item.channel)),
        column!(Int, items, item => item.lithium.number()),
        column!(Int, items, item => i64::from(item.is_dangerous)),
    ]
}

fn item(row: Row) -> Result<Item, StoreError> {
    let id = row.id;
    let wrong = |what: &str| StoreError::row("item", format!("{what} of item `{id}`"));
    let name = match (row.key, row.name) {
        (Some(key), _) => ItemName::S10(S10::from_key(key).ok_or_else(|| wrong("key"))?),
        (None, name) => ItemName::Other(name.unwrap_or_default()),
    };
    let measure = |number: Option<i64>, what: &str| {
        number.map(|number| unsigned(number).ok_or_else(|| wrong(what))).transpose()
    };
    let country = |text: Option<String>, what: &str| {
        text.map(|text| Country::parse(&text).ok_or_else(|| wrong(what))).transpose()
    };
    let presented = match (row.presented, row.presented_version) {
        (Some(filing), Some(version)) => Some(Presented {
            filing: FilingId(filing),
            version: small(version).ok_or_else(|| wrong("presented_version"))?,
        }),
        _ => None,
    };
    let stream = row.stream.map(|text| Stream::parse(&text).ok_or_else(|| wrong("stream")));
    let answer = row.answer.map(|text| Answered::parse(&text).ok_or_else(|| wrong("answer")));
    Ok(Item {
        id: ItemId(id),
        name,
        decision: decision(row.decision).ok_or_else(|| wrong("decision"))?,
        own_hold: row
            .own_hold
            .map(|own| OwnHold::from_number(own).ok_or_else(|| wrong("own_hold")))
            .transpose()?,
        physical: row.physical.map(|number| physical(number).ok_or_else(|| wrong("physical"))).transpose()?,
        stream: stream.transpose()?,
        journey: Journey::from_number(row.journey).ok_or_else(|| wrong("journey"))?,
        channel: channel(row.channel).ok_or_else(|| wrong("channel"))?,
        arrival: row.arrival.map(FilingId),
        answer: answer.transpose()?.map(Box::new),
        origin: country(row.origin, "origin")?,
        destination: country(row.destination, "destination")?,
        handling: handling(row.handling).ok_or_else(|| wrong("handling"))?,
        declared: measure(row.declared_g, "declared_g")?.map(Grams),
        scale: measure(row.scale_g, "scale_g")?.map(Grams),
        volume: measure(row.volume_cm3, "volume_cm3")?.map(Volume),
        lithium: Lithium::from_number(row.lithium).ok_or_else(|| wrong("lithium"))?,
        is_dangerous: row.dangerous != 0,
        custody: Custody::from_number(row.custody).ok_or_else(|| wrong("custody"))?,
        customs: Disposition::from_number(row.customs).ok_or_else(|| wrong("customs"))?,
        receptacle: row.receptacle.map(ReceptacleId),
        is_recalled: row.recalled != 0,
        inbound: Inbound {
            presented,
            ..arrival::inbound(row.duty.as_deref(), row.run).ok_or_else(|| wrong("duty"))?
        },
        confirmed: match row.confirmed {
            Some(version) => Some(small(version).ok_or_else(|| wrong("confirmed"))?),
            None => None,
        },
        version: small(row.version).ok_or_else(|| wrong("version"))?,
        events: small(row.events).ok_or_else(|| wrong("events"))?,
    })
}

/// Returns the key of an S10, or the name of anything else.
fn key_and_name(name: &ItemName) -> (Option<i64>, Option<&str>) {
    match name {
        ItemName::S10(s10) => (Some(s10.key()), None),
        ItemName::Other(name) => (None, Some(name)),
    }
}

fn json_names(names: &[ItemName]) -> (String, String) {
    let (mut keys, mut texts) = (Vec::new(), Vec::new());
    for name in names {
        match name {
            ItemName::S10(s10) => keys.push(s10.key()),
            ItemName::Other(name) => texts.push(name.as_str()),
        }
    }
    (json_numbers(keys.into_iter()), json_texts(texts.into_iter()))
}

/// Returns numbers as the JSON array that a statement turns into rows.
pub(crate) fn json_numbers(numbers: impl Iterator<Item = i64>) -> String {
    serde_json::to_string(&numbers.collect::<Vec<_>>()).expect("numbers are JSON")
}

/// Returns texts as the JSON array that a statement turns into rows.
pub(crate) fn json_texts<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts = texts.map(|text| bulk::storable(Cow::Borrowed(text)));
    serde_json::to_string(&texts.collect::<Vec<_>>()).expect("texts are JSON")
}

/// Weights, volumes and counts are far below what a signed column holds.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).expect("a measure fits a column")
}

/// Returns a weight, a volume or a sequence's number as a row holds it; none is below zero.
pub(crate) fn unsigned(number: i64) -> Option<u64> {
    u64::try_from(number).ok()
}

/// Returns a small count as a row holds it.
pub(crate) fn small(number: i64) -> Option<u32> {
    u32::try_from(number).ok()
}
