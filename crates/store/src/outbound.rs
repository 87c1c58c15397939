//! The outbox: whatever leaves the station is a row of the transaction that caused it, delivered after the commit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::backend::{Tx, execute, read, rows};
use crate::bulk::{self, Column, Conflict, Table};
use crate::{Store, StoreError};

static OUTBOUND: Table =
    Table::sharing("outbound", &["key", "body"], &["queued_ms", "is_delivered"], Conflict::Replace);
static BODY: Table = Table::new("outbound_body", &["id", "body"], Conflict::Fail);

/// How many bodies are fetched at once.
const DELIVERIES: i64 = 400;

/// Something that leaves, under a name made from its key: delivering it again writes the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outbound {
    /// The key, which is also the path below the outbox.
    pub key: String,
    /// The bytes.
    pub body: Vec<u8>,
}

/// Something that leaves and has not been delivered as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    /// What leaves.
    pub outbound: Outbound,
    /// The number of the body, which tells it from one that replaces it.
    body: i64,
}

impl Store {
    /// Returns some of what has not been delivered, by key; empty when all is.
    pub async fn undelivered(&self) -> Result<Vec<Undelivered>, StoreError> {
        let found = read!(
            &self.backend,
            (String, i64, Vec<u8>),
            "SELECT outbound.key, outbound.body, outbound_body.body FROM outbound \
             JOIN outbound_body ON outbound_body.id = outbound.body \
             WHERE is_delivered = 0 ORDER BY outbound.key LIMIT $1",
            DELIVERIES,
        )?;
        let undelivered =
            |(key, number, body)| Undelivered { outbound: Outbound { key, body }, body: number };
        Ok(found.into_iter().map(undelivered).collect())
    }

    /// Returns the body of what left or is to leave under a key, as it was last.
    pub async fn outbound(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = read!(
            &self.backend,
            (Vec<u8>,),
            "SELECT outbound_body.body FROM outbound JOIN outbound_body ON outbound_body.id = outbound.body \
             WHERE outbound.key = $1",
            key,
        )?;
        Ok(found.into_iter().next().map(|(body,)| body))
    }

    /// Notes that these have been delivered; what was replaced since it was fetched is not delivered yet.
    pub async fn delivered(&self, delivered: &[Undelivered]) -> Result<(), StoreError> {
        let pairs: Vec<(&str, i64)> = delivered.iter().map(|one| (&*one.outbound.key, one.body)).collect();
        let pairs = serde_json::to_string(&pairs).expect("texts and numbers are JSON");
        let mut tx = self.backend.begin().await?;
        match &tx {
            Tx::Sqlite(_) => execute!(
                &mut tx,
                "UPDATE outbound SET is_delivered = 1 FROM json_each($1) AS pair \
                 WHERE outbound.key = pair.value ->> 0 AND outbound.body = pair.value ->> 1",
                &pairs
            )?,
            Tx::Postgres(_) => execute!(
                &mut tx,
                "UPDATE outbound SET is_delivered = 1 FROM json_array_elements($1::json) AS pair \
                 WHERE outbound.key = pair ->> 0 AND outbound.body = (pair ->> 1)::bigint",
                &pairs
            )?,
        };
        tx.commit().await
    }
}

/// Queues what leaves. A body that is replaced stays: it may have left already.
pub(crate) async fn write(tx: &mut Tx, outbound: &[Outbound], at_ms: i64) -> Result<(), StoreError> {
    if outbound.is_empty() {
        return Ok(());
    }
    // A label printed twice in one transaction leaves once, as it was last.
    let last: BTreeMap<&str, &[u8]> = outbound.iter().map(|one| (&*one.key, &*one.body)).collect();
    let found = rows!(&mut *tx, (i64,), "SELECT COALESCE(MAX(id), 0) FROM outbound_body")?;
    let before = found.first().map_or(0, |(number,)| *number);
    let numbers = || (before + 1..).take(last.len()).collect();
    let bodies = vec![Column::Int(numbers()), Column::Bytes(last.values().copied().collect())];
    bulk::write(tx, &BODY, bodies).await?;
    let keys =
        vec![Column::Text(last.keys().map(|key| Cow::Borrowed(*key)).collect()), Column::Int(numbers())];
    bulk::write_sharing(tx, &OUTBOUND, keys, &[at_ms, 0]).await.map(|_| ())
}
