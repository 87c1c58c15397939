//! Messages to customs as rows, and the lists that its answers are about.

use std::borrow::Cow;

use caravan_postal::S10;
use caravan_station::{
    Answered, ContainerId, Filing, FilingAction, FilingForm, FilingId, FilingState, ItemId, ItemName, State,
};

use crate::backend::{Backend, Tx, read, rows};
use crate::bulk::{self, Column, Conflict, Table, column};
use crate::item::{NAMES, json_texts, small};
use crate::{Store, StoreError};

static FILING: Table = Table::new(
    "filing",
    &[
        "id",
        "form",
        "number",
        "part",
        "parts",
        "container",
        "voyage",
        "action",
        "state",
        "lines",
        "opened_ms",
        "filed_ms",
        "attempts",
        "answer",
        "events",
    ],
    Conflict::Replace,
);

static LIST: Table = Table::new("customs_list", &["name", "item"], Conflict::Replace);

type FilingTuple = (
    i64,
    i64,
    String,
    i64,
    i64,
    Option<i64>,
    Option<String>,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    i64,
    Option<String>,
    i64,
);

macro_rules! select_filings {
    ($rest:literal) => {
        concat!(
            "SELECT id, form, number, part, parts, container, voyage, action, state, lines, opened_ms, filed_ms, attempts, answer, events \
             FROM filing ",
            $rest
        )
    };
}

impl Store {
    /// Returns every message to customs, in the order in which they were opened.
    pub async fn filings(&self) -> Result<Vec<Filing>, StoreError> {
        let rows = read!(&self.backend, FilingTuple, select_filings!("ORDER BY id"))?;
        rows.into_iter().map(filing).collect()
    }

    /// Returns the parts of the message of a number.
    pub async fn filings_numbered(&self, number: &str) -> Result<Vec<Filing>, StoreError> {
        let rows = read!(
            &self.backend,
            FilingTuple,
            select_filings!("WHERE number = $1 ORDER BY part, id"),
            number
        )?;
        rows.into_iter().map(filing).collect()
    }

    /// Returns the items that lists of these names are about; lists that nobody knows are left out.
    pub async fn items_listed(&self, names: &[String]) -> Result<Vec<(String, ItemName)>, StoreError> {
        let mut listed = Vec::with_capacity(names.len());
        for chunk in names.chunks(NAMES) {
            let texts = json_texts(chunk.iter().map(String::as_str));
            let found = match &self.backend {
                backend @ Backend::Sqlite { .. } => read!(
                    backend,
                    (String, Option<i64>, Option<String>),
                    "SELECT customs_list.name, item.key, item.name FROM customs_list \
                     JOIN item ON item.id = customs_list.item \
                     WHERE customs_list.name IN (SELECT value FROM json_each($1)) ORDER BY customs_list.name",
                    &texts,
                ),
                backend @ Backend::Postgres(_) => read!(
                    backend,
                    (String, Option<i64>, Option<String>),
                    "SELECT customs_list.name, item.key, item.name FROM customs_list \
                     JOIN item ON item.id = customs_list.item \
                     WHERE customs_list.name IN (SELECT value FROM json_array_elements_text($1::json)) \
                     ORDER BY customs_list.name",
                    &texts,
                ),
            };
            for (list, key, name) in found? {
                let wrong = || StoreError::row("item", format!("key of list `{list}`"));
                let name = match key {
                    Some(key) => ItemName::S10(S10::from_key(key).ok_or_else(wrong)?),
                    None => ItemName::Other(name.unwrap_or_default()),
                };
                listed.push((list, name));
            }
        }
        Ok(listed)
    }
}

/// Writes which items lists are about. Of one name in a batch the last holds.
pub(crate) async fn write_lists(tx: &mut Tx, lists: &[(&str, ItemId)]) -> Result<(), StoreError> {
    let last: std::collections::BTreeMap<&str, ItemId> = lists.iter().copied().collect();
    let columns = vec![
        Column::Text(last.keys().map(|name| Cow::Borrowed(*name)).collect()),
        Column::Int(last.values().map(|item| item.0).collect()),
    ];
    bulk::write(tx, &LIST, columns).await.map(|_| ())
}

pub(crate) async fn write<'a>(tx: &mut Tx, rows: impl Iterator<Item = &'a Filing>) -> Result<(), StoreError> {
    let rows: Vec<&Filing> = rows.collect();
    let columns = vec![
        column!(Int, rows, row => row.id.0),
        column!(Int, rows, row => row.form.number()),
        column!(Text, rows, row => row.number.as_str()),
        column!(Int, rows, row => i64::from(row.part)),
        column!(Int, rows, row => i64::from(row.parts)),
        column!(OptionalInt, rows, row => row.container.map(|container| container.0)),
        column!(OptionalText, rows, row => row.voyage.as_deref()),
        column!(Int, rows, row => row.action.number()),
        column!(Int, rows, row => row.state.number()),
        column!(Int, rows, row => i64::from(row.lines)),
        column!(Int, rows, row => row.opened_ms),
        column!(OptionalInt, rows, row => row.filed_ms),
        column!(Int, rows, row => i64::from(row.attempts)),
        column!(OptionalText, rows, row => row.answer.as_ref().map(ToString::to_string)),
        column!(Int, rows, row => i64::from(row.events)),
    ];
    bulk::write(tx, &FILING, columns).await.map(|_| ())
}

/// Reads what something has still to happen to, and what is about containers that have not left.
pub(crate) async fn read_open(tx: &mut Tx, state: &mut State) -> Result<(), StoreError> {
    let open = select_filings!(
        "WHERE id IN (SELECT id FROM filing WHERE state < 20 UNION SELECT about.id FROM container CROSS JOIN filing AS about \
         WHERE about.container = container.id AND container.state NOT IN (3, 4))"
    );
    for row in rows!(tx, FilingTuple, open)? {
        let filing = filing(row)?;
        state.filings.insert(filing.id, filing);
    }
    Ok(())
}

fn filing(row: FilingTuple) -> Result<Filing, StoreError> {
    let (
        id,
        form,
        number,
        part,
        parts,
        container,
        voyage,
        action,
        state,
        lines,
        opened_ms,
        filed_ms,
        attempts,
        answer,
        events,
    ) = row;
    let wrong = |what: &str| StoreError::row("filing", format!("{what} of filing `{id}`"));
    let count = |number: i64, what: &str| small(number).ok_or_else(|| wrong(what));
    let answer = answer.map(|text| Answered::parse(&text).ok_or_else(|| wrong("answer")));
    Ok(Filing {
        id: FilingId(id),
        form: FilingForm::from_number(form).ok_or_else(|| wrong("form"))?,
        number,
        part: count(part, "part")?,
        parts: count(parts, "parts")?,
        container: container.map(ContainerId),
        voyage,
        action: FilingAction::from_number(action).ok_or_else(|| wrong("action"))?,
        state: FilingState::from_number(state).ok_or_else(|| wrong("state"))?,
        lines: count(lines, "lines")?,
        opened_ms,
        filed_ms,
        attempts: count(attempts, "attempts")?,
        answer: answer.transpose()?,
        events: count(events, "events")?,
    })
}
