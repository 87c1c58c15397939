//! Where a charge's arithmetic is written down, or not.

use caravan_postal::{Money, Rounding};

use crate::RowId;
use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};

/// The steps of one charge; silent in the mass pass, where nobody reads them.
#[derive(Debug)]
pub(crate) struct Ledger {
    steps: Option<Vec<Step>>,
}

impl Ledger {
    /// Returns a ledger that keeps nothing.
    pub(crate) fn silent() -> Self {
        Self { steps: None }
    }

    /// Returns a ledger that keeps every step.
    pub(crate) fn recording() -> Self {
        Self { steps: Some(Vec::new()) }
    }

    /// Returns the steps.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps.unwrap_or_default()
    }

    /// Writes down a figure of the declaration or of a row.
    pub(crate) fn take(&mut self, what: What, piece: Option<usize>, quantity: Quantity) {
        if let Some(steps) = &mut self.steps {
            let piece = piece.map(|index| u16::try_from(index + 1).unwrap_or(u16::MAX));
            steps.push(Step::Take { what, piece, quantity });
        }
    }

    /// Writes down a row that the amount stands on.
    pub(crate) fn stand(&mut self, piece: Option<usize>, row: &RowId) {
        if let Some(steps) = &mut self.steps {
            let piece = piece.map(|index| u16::try_from(index + 1).unwrap_or(u16::MAX));
            steps.push(Step::Stand { piece, row: row.clone() });
        }
    }

    /// Writes down a conversion.
    pub(crate) fn convert(&mut self, from: Amount, to: Amount, rate: &Quotation) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step::Convert { from, to, rate: rate.clone() });
        }
    }

    /// Writes down a reckoning.
    pub(crate) fn reckon(
        &mut self,
        what: What,
        operation: Operation,
        left: Quantity,
        right: Quantity,
        result: Quantity,
    ) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step::Reckon { what, operation, left, right, result });
        }
    }

    /// Writes down a rounding.
    pub(crate) fn round(&mut self, from: Amount, to: Money, rounding: Rounding) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step::Round { from, to, rounding });
        }
    }
}
