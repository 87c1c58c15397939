//! What a partial release leaves of a declaration: a further version that no file brought. Its file and its place in it
//! are those of the version that it was made from.

use caravan_postal::Finding;
use caravan_station::ItemId;
use caravan_tariff::Charge;
use chrono::NaiveDate;

use crate::backend::{Tx, execute, read};
use crate::finding::{self, Of};
use crate::keep::{VERSIONS, day_number, write_charges};
use crate::revision::RevisionId;
use crate::{Store, StoreError};

/// A declaration without some of its pieces.
#[derive(Debug, Clone)]
pub struct Remaining {
    /// The item.
    pub item: ItemId,
    /// The version that it was made from.
    pub of: u32,
    /// Its own version.
    pub version: u32,
    /// What it was assessed with.
    pub revision: RevisionId,
    /// The day on which the destination's customs is expected to accept it.
    pub accepted_on: NaiveDate,
    /// The packed declaration.
    pub packed: Vec<u8>,
    /// The packed assessment.
    pub assessment: Vec<u8>,
    /// The charges.
    pub charges: Vec<Charge>,
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Store {
    /// Returns the number of the next version of an item's declaration; `None` when the item has none, or there is no
    /// room for another.
    pub async fn next_version(&self, item: ItemId) -> Result<Option<u32>, StoreError> {
        let found = read!(
            &self.backend,
            (Option<i64>,),
            "SELECT MAX(id) FROM declaration WHERE id BETWEEN $1 AND $2",
            item.0 * VERSIONS,
            item.0 * VERSIONS + VERSIONS - 1,
        )?;
        let latest = found.first().and_then(|(latest,)| *latest).map(|id| id % VERSIONS);
        Ok(latest.filter(|latest| *latest < VERSIONS - 1).and_then(|latest| u32::try_from(latest + 1).ok()))
    }
}

/// Writes versions, each beside the one that it was made from.
pub(crate) async fn write(tx: &mut Tx, remaining: &[Remaining], at_ms: i64) -> Result<(), StoreError> {
    let mut findings = finding::Rows::default();
    for one in remaining {
        let written = execute!(
            &mut *tx,
            "INSERT INTO declaration (id, file, ordinal, kept_ms, packed, assessment, revision, accepted_on) \
             SELECT $1, file, ordinal, $2, $3, $4, $5, $6 FROM declaration WHERE id = $7",
            one.declaration(one.version),
            at_ms,
            one.packed.as_slice(),
            one.assessment.as_slice(),
            one.revision.0,
            day_number(one.accepted_on),
            one.declaration(one.of),
        )?;
        if written == 0 {
            return Err(StoreError::row(
                "declaration",
                format!("no version {} of item `{}`", one.of, one.item.0),
            ));
        }
        let of = Of { kind: 1, subject: one.item.0, file: None, at_ms };
        one.findings.iter().for_each(|finding| findings.push(of, finding));
    }
    findings.write(tx).await?;
    write_charges(tx, remaining.iter().map(|one| (one.declaration(one.version), one.charges.as_slice())))
        .await
}

impl Remaining {
    fn declaration(&self, version: u32) -> i64 {
        self.item.0 * VERSIONS + i64::from(version)
    }
}
