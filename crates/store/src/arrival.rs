//! Mail from abroad as rows: dispatches that operations name, what is due on items, and what left and came back.

use caravan_postal::{Currency, Grams, Money, S8, S10};
use caravan_station::{Advice, CameBack, Dispatch, Inbound, Item, ItemId, Lithium, Receptacle, ReceptacleId};
use serde::{Deserialize, Serialize};

use crate::backend::{Backend, Tx, read};
use crate::bulk::{self, Conflict, Table, column};
use crate::item::{items_of, json_numbers, json_texts, read_items, select_items, signed, unsigned};
use crate::{Store, StoreError};

static CAME_BACK: Table = Table::new(
    "came_back",
    &["item", "receptacle", "weight_g", "is_registered", "lithium", "is_dangerous"],
    Conflict::Fail,
);

/// The column `duty`: minor units and currency of what the assessment and of what customs says is due, and whether that
/// is paid.
#[derive(Serialize, Deserialize)]
struct Duty(Option<(i64, String)>, Option<(i64, String)>, bool);

/// The column `advice`: grams, how many items, and those that have an identifier.
#[derive(Serialize, Deserialize)]
struct Advised(Option<u64>, Option<u32>, Vec<String>);

impl Store {
    /// Returns the dispatches of these identifiers that other offices have made up for this one, each with all its
    /// receptacles.
    pub async fn arrivals(&self, dispatches: &[S8]) -> Result<Vec<(Dispatch, Vec<Receptacle>)>, StoreError> {
        if dispatches.is_empty() {
            return Ok(Vec::new());
        }
        let named: Vec<String> = dispatches.iter().map(S8::to_string).collect();
        let named = json_texts(named.iter().map(String::as_str));
        let mut arrivals = Vec::new();
        for dispatch in self.arriving(&named).await? {
            let receptacles = self.receptacles_of(dispatch.id).await?;
            arrivals.push((dispatch, receptacles));
        }
        Ok(arrivals)
    }

    /// Returns the items that were forwarded on an inland run, by id.
    pub async fn items_on_run(&self, run: &str) -> Result<Vec<Item>, StoreError> {
        read_items!(
            self,
            sqlite: "item WHERE run = $1 ORDER BY id",
            postgres: "item WHERE run = $1 ORDER BY id",
            run,
        )
    }
}

impl Store {
    /// Returns what had left in these receptacles and is here again, by receptacle and item.
    pub async fn came_back_of(&self, receptacles: &[ReceptacleId]) -> Result<Vec<CameBack>, StoreError> {
        let ids = json_numbers(receptacles.iter().map(|receptacle| receptacle.0));
        let found = match &self.backend {
            backend @ Backend::Sqlite { .. } => read!(
                backend,
                CameBackTuple,
                "SELECT item, receptacle, weight_g, is_registered, lithium, is_dangerous FROM came_back \
                 WHERE receptacle IN (SELECT value FROM json_each($1)) ORDER BY receptacle, item",
                &ids,
            ),
            backend @ Backend::Postgres(_) => read!(
                backend,
                CameBackTuple,
                "SELECT item, receptacle, weight_g, is_registered, lithium, is_dangerous FROM came_back WHERE receptacle IN \
                 (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY receptacle, item",
                &ids,
            ),
        };
        found?.into_iter().map(came_back).collect()
    }
}

type CameBackTuple = (i64, i64, i64, i64, i64, i64);

fn came_back(row: CameBackTuple) -> Result<CameBack, StoreError> {
    let (item, receptacle, weight_g, is_registered, lithium, is_dangerous) = row;
    let wrong = |what: &str| StoreError::row("came_back", format!("{what} of item `{item}`"));
    Ok(CameBack {
        item: ItemId(item),
        receptacle: ReceptacleId(receptacle),
        weight: Grams(unsigned(weight_g).ok_or_else(|| wrong("weight_g"))?),
        is_registered: is_registered != 0,
        lithium: Lithium::from_number(lithium).ok_or_else(|| wrong("lithium"))?,
        is_dangerous: is_dangerous != 0,
    })
}

/// Writes what had left and is here again.
pub(crate) async fn write_came_back(tx: &mut Tx, came_back: &[CameBack]) -> Result<(), StoreError> {
    let columns = vec![
        column!(Int, came_back, one => one.item.0),
        column!(Int, came_back, one => one.receptacle.0),
        column!(Int, came_back, one => signed(one.weight.0)),
        column!(Int, came_back, one => i64::from(one.is_registered)),
        column!(Int, came_back, one => one.lithium.number()),
        column!(Int, came_back, one => i64::from(one.is_dangerous)),
    ];
    bulk::write(tx, &CAME_BACK, columns).await.map(|_| ())
}

/// Returns what is due on an item as its row holds it; nothing for the many on which nothing is.
pub(crate) fn duty(inbound: &Inbound) -> Option<String> {
    if inbound.assessed.is_none() && inbound.stated.is_none() {
        return None;
    }
    let amount = |money: Money| (money.minor, money.currency.to_string());
    let duty = Duty(inbound.assessed.map(amount), inbound.stated.map(amount), inbound.is_paid);
    Some(serde_json::to_string(&duty).expect("numbers and texts are JSON"))
}

/// Reads what is due on an item, and the run that it was forwarded on.
pub(crate) fn inbound(duty: Option<&str>, run: Option<String>) -> Option<Inbound> {
    let Duty(assessed, stated, is_paid) = match duty {
        Some(text) => serde_json::from_str(text).ok()?,
        None => Duty(None, None, false),
    };
    let money =
        |(minor, currency): (i64, String)| Some(Money { minor, currency: Currency::parse(&currency)? });
    let money = |amount: Option<(i64, String)>| match amount {
        Some(amount) => money(amount).map(Some),
        None => Some(None),
    };
    Some(Inbound { assessed: money(assessed)?, stated: money(stated)?, is_paid, run, presented: None })
}

/// Returns what was advised of a receptacle as its row holds it.
pub(crate) fn advice(advice: &Advice) -> String {
    let items = advice.items.iter().map(S10::to_string).collect();
    let advised = Advised(advice.gross.map(|gross| gross.0), advice.count, items);
    serde_json::to_string(&advised).expect("numbers and texts are JSON")
}

/// Reads what was advised of a receptacle.
pub(crate) fn advised(text: &str) -> Option<Advice> {
    let Advised(gross, count, items) = serde_json::from_str(text).ok()?;
    let items = items.iter().map(|item| S10::parse(item).ok());
    Some(Advice { gross: gross.map(Grams), count, items: items.collect::<Option<_>>()? })
}
