//! Where a charge's arithmetic is written down, or not, and what has to be said about it.

use caravan_postal::{Money, Rounding};

use crate::RowId;
use crate::tables::{ReadingChoice, Row, Standing};
use crate::trace::{Amount, Operation, Quantity, Quotation, Step, What};

/// The steps of one charge; silent in the mass pass, where nobody reads them.
#[derive(Debug)]
pub(crate) struct Ledger<'a> {
    steps: Option<Vec<Step>>,
    /// How sure the rows are that the amount stands on.
    pub(crate) standing: Standing,
    /// The first of them that is not confirmed.
    pub(crate) doubt: Option<&'a RowId>,
    /// Postage belongs to the base and is not declared.
    pub(crate) lacks_postage: bool,
    /// A row that would need the addressee's region, which is not declared.
    pub(crate) lacks_region: Option<&'a RowId>,
    /// A row that a commodity code would decide, which is not declared.
    pub(crate) lacks_code: Option<&'a RowId>,
    /// A row of a tax beside which the country has rates that some of such goods pay.
    pub(crate) reduced: Option<&'a RowId>,
}

impl<'a> Ledger<'a> {
    /// Returns a ledger that keeps no step.
    pub(crate) fn silent() -> Self {
        Self {
            steps: None,
            standing: Standing::Sure,
            doubt: None,
            lacks_postage: false,
            lacks_region: None,
            lacks_code: None,
            reduced: None,
        }
    }

    /// Returns a ledger that keeps every step.
    pub(crate) fn recording() -> Self {
        Self { steps: Some(Vec::new()), ..Self::silent() }
    }

    /// Returns whether nobody reads the steps.
    pub(crate) fn is_silent(&self) -> bool {
        self.steps.is_none()
    }

    /// Returns the steps.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps.unwrap_or_default()
    }

    /// Notes how sure a row is that the amount stands on.
    pub(crate) fn rest_on(&mut self, row: &'a Row, standing: Standing) {
        if standing == Standing::Unsure {
            self.standing = Standing::Unsure;
            self.doubt.get_or_insert(&row.id);
        }
    }

    /// Reckons what is not a step of the amount, such as a condition: only what has to be said about it is kept.
    pub(crate) fn aside<T>(&mut self, reckon: impl FnOnce(&mut Self) -> T) -> T {
        let steps = self.steps.take();
        let result = reckon(self);
        self.steps = steps;
        result
    }

    /// Writes down a figure of the declaration or of a row.
    pub(crate) fn take(&mut self, what: What, piece: Option<usize>, quantity: Quantity) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step::Take { what, piece: piece.map(counted), quantity });
        }
    }

    /// Writes down a row that the amount stands on.
    pub(crate) fn stand(&mut self, piece: Option<usize>, row: &RowId) {
        if let Some(steps) = &mut self.steps {
            steps.push(Step::Stand { piece: piece.map(counted), row: row.clone() });
        }
    }

    /// Writes down how a rule that can be read in two ways was read.
    pub(crate) fn read(&mut self, readings: &[ReadingChoice]) {
        if let Some(steps) = &mut self.steps {
            steps.extend(readings.iter().map(|reading| Step::Read {
                reading: RowId::new(&reading.id),
                choice: reading.choice.clone(),
            }));
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

/// Returns the number of a piece, counted from 1.
fn counted(index: usize) -> u16 {
    u16::try_from(index + 1).unwrap_or(u16::MAX)
}
