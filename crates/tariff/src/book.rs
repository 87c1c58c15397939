//! What a pass over the rules leaves behind.

use caravan_postal::{Field, Finding};

use crate::tables::{Misfit, Row};
use crate::{PhysicalOutcome, RowId};

/// Findings, and, where the caller wants to know, rows that were considered and not applied.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) findings: Vec<Finding>,
    /// The strictest place that a refusal names.
    pub(crate) physical: Option<PhysicalOutcome>,
    /// Whether a row on dangerous goods applies.
    pub(crate) is_dangerous: bool,
    /// `None` in the mass pass.
    pub(crate) considered: Option<Vec<Considered>>,
}

/// A row that was looked at and not applied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Considered {
    /// The row.
    pub row: RowId,
    /// Why not.
    pub why: Misfit,
}

impl Book {
    /// Notes a finding on a field.
    pub(crate) fn find(&mut self, field: Field, finding: Finding) {
        self.findings.push(finding.on(field));
    }

    /// Notes that a refused item is to be put somewhere; the strictest place wins.
    pub(crate) fn put(&mut self, outcome: PhysicalOutcome) {
        self.physical = self.physical.max(Some(outcome));
    }

    /// Notes a row that was not applied, when someone wants to know.
    pub(crate) fn pass(&mut self, row: &Row, why: Misfit) {
        if let Some(considered) = &mut self.considered {
            considered.push(Considered { row: row.id.clone(), why });
        }
    }

    /// Returns whether someone wants to know the rows that were not applied.
    pub(crate) fn is_asking(&self) -> bool {
        self.considered.is_some()
    }
}
