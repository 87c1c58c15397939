//! The outbox: whatever leaves the station is a row of the transaction that caused it, delivered after the commit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::backend::{Tx, execute, read};
use crate::bulk::{self, Column, Conflict, Table};
use crate::{Store, StoreError};

static OUTBOUND: Table =
    Table::new("outbound", &["key", "queued_ms", "is_delivered", "body"], Conflict::Replace);

/// How many bodies are fetched at once.
const DELIVERIES: i64 = 200;

/// Something that leaves, under a name made from its key: delivering it again writes the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// The key, which is also the path below the outbox.
    pub key: String,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Store {
    /// Returns some of what has not been delivered, by key; empty when all is.
    pub async fn undelivered(&self) -> Result<Vec<Outbound>, StoreError> {
        let found = read!(
            &self.backend,
            (String, Vec<u8>),
            "SELECT key, body FROM outbound WHERE is_delivered = 0 ORDER BY key LIMIT $1",
            DELIVERIES,
        )?;
        Ok(found.into_iter().map(|(key, body)| Outbound { key, body }).collect())
    }

    /// Notes that these have been delivered.
    pub async fn delivered(&self, delivered: &[Outbound]) -> Result<(), StoreError> {
        let mut tx = self.backend.begin().await?;
        for outbound in delivered {
            // What was replaced since it was fetched is not delivered yet.
            execute!(
                &mut tx,
                "UPDATE outbound SET is_delivered = 1 WHERE key = $1 AND body = $2",
                &outbound.key,
                &outbound.body
            )?;
        }
        tx.commit().await
    }
}

pub(crate) async fn write(tx: &mut Tx, outbound: &[Outbound], at_ms: i64) -> Result<(), StoreError> {
    // A label printed twice in one transaction leaves once, as it was last.
    let last: BTreeMap<&str, &[u8]> = outbound.iter().map(|one| (&*one.key, &*one.body)).collect();
    let columns = vec![
        Column::Text(last.keys().map(|key| Cow::Borrowed(*key)).collect()),
        Column::Int(vec![at_ms; last.len()]),
        Column::Int(vec![0; last.len()]),
        Column::Bytes(last.into_values().collect()),
    ];
    bulk::write(tx, &OUTBOUND, columns).await.map(|_| ())
}
