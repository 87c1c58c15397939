//! Answers that changed while an item waited: kept beside the first one, with the charges that hold now.

use caravan_postal::Finding;
use caravan_station::ItemId;
use caravan_tariff::Charge;
use chrono::NaiveDate;

use crate::StoreError;
use crate::backend::{Tx, execute};
use crate::bulk::{self, Column, Conflict, Table};
use crate::finding::{self, Of};
use crate::item::json_numbers;
use crate::keep::{VERSIONS, day_number, write_charges};
use crate::revision::RevisionId;

static REASSESSMENT: Table = Table::new(
    "reassessment",
    &["declaration", "at_ms", "revision", "accepted_on", "assessment"],
    Conflict::Replace,
);

/// A new answer about a declaration.
#[derive(Debug, Clone)]
pub struct Reassessed {
    /// The item.
    pub item: ItemId,
    /// The version of its declaration.
    pub version: u32,
    /// What it was assessed with.
    pub revision: RevisionId,
    /// The day on which the destination's customs is expected to accept it.
    pub accepted_on: NaiveDate,
    /// The packed assessment.
    pub assessment: Vec<u8>,
    /// The charges that hold now.
    pub charges: Vec<Charge>,
    /// Findings that were not there before.
    pub findings: Vec<Finding>,
}

impl Reassessed {
    fn declaration(&self) -> i64 {
        self.item.0 * VERSIONS + i64::from(self.version)
    }
}

/// Writes new answers; the charges of the answers before go.
pub(crate) async fn write(tx: &mut Tx, reassessed: &[Reassessed], at_ms: i64) -> Result<(), StoreError> {
    if reassessed.is_empty() {
        return Ok(());
    }
    let columns = vec![
        Column::Int(reassessed.iter().map(Reassessed::declaration).collect()),
        Column::Int(reassessed.iter().map(|_| at_ms).collect()),
        Column::Int(reassessed.iter().map(|one| one.revision.0).collect()),
        Column::Int(reassessed.iter().map(|one| day_number(one.accepted_on)).collect()),
        Column::Bytes(reassessed.iter().map(|one| one.assessment.as_slice()).collect()),
    ];
    bulk::write(tx, &REASSESSMENT, columns).await?;
    let ids = json_numbers(reassessed.iter().map(Reassessed::declaration));
    match tx {
        Tx::Sqlite(_) => execute!(
            &mut *tx,
            "DELETE FROM charge WHERE declaration IN (SELECT value FROM json_each($1))",
            &ids
        )?,
        Tx::Postgres(_) => execute!(
            &mut *tx,
            "DELETE FROM charge WHERE declaration IN (SELECT value::bigint FROM json_array_elements_text($1::json))",
            &ids
        )?,
    };
    write_charges(tx, reassessed.iter().map(|one| (one.declaration(), one.charges.as_slice()))).await?;
    let mut findings = finding::Rows::default();
    for one in reassessed {
        let of = Of { kind: 1, subject: one.item.0, file: None, at_ms };
        one.findings.iter().for_each(|finding| findings.push(of, finding));
    }
    findings.write(tx).await
}
