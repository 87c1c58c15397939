//! What messages tell of items: the declarations in force, and what has happened.

use std::collections::BTreeMap;

use caravan_station::{ItemId, ReceptacleId, Subject};

use crate::backend::{read, rows_of_either};
use crate::item::{json_numbers, small};
use crate::keep::VERSIONS;
use crate::{Store, StoreError, event};

/// One event as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Which of its subject's events this is, from 1.
    pub n: u32,
    /// When.
    pub at_ms: i64,
    /// What.
    pub code: String,
    /// What the code leaves open.
    pub detail: String,
}

impl Store {
    /// Returns the events that were appended to items, by item and in order. That an item was declared is not among them:
    /// its declaration says so.
    pub async fn events_of(&self, items: &[ItemId]) -> Result<BTreeMap<ItemId, Vec<Happened>>, StoreError> {
        let mut tx = self.backend.begin_read().await?;
        let found = rows_of_either!(
            &mut tx,
            (i64, i64, String),
            sqlite: "SELECT subject, n, events FROM event WHERE kind = 1 \
                     AND subject IN (SELECT value FROM json_each($1)) ORDER BY subject, n",
            postgres: "SELECT subject, n, events FROM event WHERE kind = 1 \
                       AND subject IN (SELECT value::bigint FROM json_array_elements_text($1::json)) \
                       ORDER BY subject, n",
            &json_numbers(items.iter().map(|item| item.0)),
        )?;
        tx.commit().await?;
        let mut events: BTreeMap<ItemId, Vec<Happened>> = BTreeMap::new();
        for (item, first, text) in found {
            let told = event::told(1, item, &text)?;
            let first =
                small(first).ok_or_else(|| StoreError::row("event", format!("number of item `{item}`")))?;
            let told = told.into_iter().zip(first..);
            let told = told.map(|((at_ms, code, detail), n)| Happened { n, at_ms, code, detail });
            events.entry(ItemId(item)).or_default().extend(told);
        }
        Ok(events)
    }

    /// Returns what has happened to a subject that is no item, in order.
    pub async fn happened_to(&self, subject: Subject) -> Result<Vec<Happened>, StoreError> {
        let (kind, row) = subject.row();
        let found = read!(
            &self.backend,
            (i64, String),
            "SELECT n, events FROM event WHERE kind = $1 AND subject = $2 ORDER BY n",
            kind,
            row,
        )?;
        let mut happened = Vec::new();
        for (first, text) in found {
            let first =
                small(first).ok_or_else(|| StoreError::row("event", format!("number of `{kind}/{row}`")))?;
            let told = event::told(kind, row, &text)?.into_iter().zip(first..);
            happened.extend(told.map(|((at_ms, code, detail), n)| Happened { n, at_ms, code, detail }));
        }
        Ok(happened)
    }

    /// Returns the departures that receptacles have left with, by receptacle; those that have not left are not among them.
    pub async fn left_with(
        &self,
        receptacles: &[ReceptacleId],
    ) -> Result<BTreeMap<ReceptacleId, String>, StoreError> {
        let mut tx = self.backend.begin_read().await?;
        let found = rows_of_either!(
            &mut tx,
            (i64, String),
            sqlite: "SELECT receptacle.id, container.departure FROM receptacle \
                     JOIN container ON container.id = receptacle.container WHERE container.state = 3 \
                     AND receptacle.id IN (SELECT value FROM json_each($1))",
            postgres: "SELECT receptacle.id, container.departure FROM receptacle \
                       JOIN container ON container.id = receptacle.container WHERE container.state = 3 \
                       AND receptacle.id IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
            &json_numbers(receptacles.iter().map(|receptacle| receptacle.0)),
        )?;
        tx.commit().await?;
        Ok(found.into_iter().map(|(id, departure)| (ReceptacleId(id), departure)).collect())
    }

    /// Returns versions of declarations as they are packed, by item; what was never declared has none.
    pub async fn declarations_of(
        &self,
        versions: &[(ItemId, u32)],
    ) -> Result<BTreeMap<ItemId, Vec<u8>>, StoreError> {
        let mut tx = self.backend.begin_read().await?;
        let ids = versions.iter().map(|(item, version)| item.0 * VERSIONS + i64::from(*version));
        let found = rows_of_either!(
            &mut tx,
            (i64, Vec<u8>),
            sqlite: "SELECT id, packed FROM declaration WHERE id IN (SELECT value FROM json_each($1))",
            postgres: "SELECT id, packed FROM declaration \
                       WHERE id IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
            &json_numbers(ids),
        )?;
        tx.commit().await?;
        Ok(found.into_iter().map(|(id, packed)| (ItemId(id / VERSIONS), packed)).collect())
    }
}
