//! One item before one destination: conversion, rounding, waivers, and what can stand in the way.

use caravan_postal::{Currency, HsCode, Money, Ratio};

use super::Due;
use super::ledger::Ledger;
use crate::RowId;
use crate::facts::Facts;
use crate::rates::NoRate;
use crate::tables::{Charge, Conversion, Formula, ReadingChoice, Standing, Tables, Threshold, base};
use crate::trace::{Amount, Operation, Quantity, What};

/// One item before one destination.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reckoner<'a> {
    pub(super) tables: &'a Tables,
    pub(super) facts: &'a Facts<'a>,
    pub(super) conversion: &'a Conversion,
    /// The value of all pieces as declared.
    pub(super) value: Amount,
}

/// What a charge comes to.
#[derive(Debug, Clone)]
pub(crate) struct Payable {
    pub(super) amount: Money,
    /// Too little to be collected.
    pub(super) is_waived: bool,
    /// How sure the rows behind the charge are, beside its own.
    pub(super) standing: Standing,
    /// The row behind the charge that is not confirmed.
    pub(super) doubt: Option<RowId>,
    /// Postage belongs to the base and is not declared.
    pub(super) lacks_postage: bool,
}

/// An exact amount with what is to be said about it.
#[derive(Debug, Clone)]
pub(crate) struct Exact {
    pub(super) amount: Amount,
    pub(super) standing: Standing,
    pub(super) doubt: Option<RowId>,
}

/// Why a charge cannot be reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No exchange rate from a currency.
    Rate(NoRate, Currency),
    /// No rate of duty for the code of a piece.
    NoDuty(usize, Option<HsCode>),
    /// A rate of duty for the code of a piece that cannot be reckoned.
    Composite(usize, HsCode, Box<str>),
    /// A figure beyond any amount.
    OutOfReach,
    /// A figure of the declaration is missing.
    Figure,
}

impl Charge {
    /// Returns whether the base holds the duty.
    pub(super) fn stands_on_duty(&self) -> bool {
        match self.formula {
            Formula::Vat { base } | Formula::AdValorem { base, .. } | Formula::ByCode { base, .. } => {
                base & base::DUTY != 0
            }
            Formula::Excess { .. }
            | Formula::PerItem { .. }
            | Formula::Fixed { .. }
            | Formula::Personal
            | Formula::Unknown => false,
        }
    }

    fn stands_on_postage(&self) -> bool {
        match self.formula {
            Formula::Vat { base } | Formula::AdValorem { base, .. } | Formula::ByCode { base, .. } => {
                base & base::POSTAGE != 0
            }
            Formula::Excess { .. }
            | Formula::PerItem { .. }
            | Formula::Fixed { .. }
            | Formula::Personal
            | Formula::Unknown => false,
        }
    }
}

impl Reckoner<'_> {
    /// Reckons what a charge comes to, in the money of the destination.
    pub(super) fn payable(
        &self,
        charge: &Charge,
        due: &Due,
        ledger: &mut Ledger,
    ) -> Result<Payable, Trouble> {
        let exact = self.exact(charge, due, ledger)?;
        let converted = self.convert(exact.amount, self.conversion.currency, ledger)?;
        let amount = self.round(charge, converted, ledger)?;
        let payable = Payable {
            amount,
            is_waived: self.is_waived(charge, amount)?,
            standing: exact.standing.max(self.standing_of_conversion()),
            doubt: exact.doubt,
            lacks_postage: charge.stands_on_postage() && self.facts.declaration.postage.is_none(),
        };
        Ok(payable)
    }

    fn standing_of_conversion(&self) -> Standing {
        let row = &self.conversion.row;
        row.standing(self.facts.accepted_on, self.facts.options).unwrap_or(Standing::Unsure)
    }

    fn round(&self, charge: &Charge, amount: Amount, ledger: &mut Ledger) -> Result<Money, Trouble> {
        let step = 10i64.pow(amount.currency.exponent() - self.conversion.decimals);
        let scale = Ratio::whole(10i64.pow(self.conversion.decimals));
        let scaled = amount.exact.checked_mul(scale).ok_or(Trouble::OutOfReach)?;
        let whole = scaled.checked_round(charge.rounding).and_then(|whole| whole.checked_mul(step));
        let money = Money { minor: whole.ok_or(Trouble::OutOfReach)?, currency: amount.currency };
        ledger.round(amount, money, charge.rounding);
        Ok(money)
    }

    fn is_waived(&self, charge: &Charge, amount: Money) -> Result<bool, Trouble> {
        let exceeds = |limit: Threshold| -> Result<std::cmp::Ordering, Trouble> {
            let amount = self.convert(Amount::of(amount), limit.currency(), &mut Ledger::silent())?;
            Ok(amount.exact.cmp(&limit.exact))
        };
        if let Some(limit) = charge.waived_to
            && exceeds(limit)?.is_le()
        {
            return Ok(true);
        }
        if let Some(limit) = charge.waived_below
            && exceeds(limit)?.is_lt()
        {
            return Ok(true);
        }
        for waiver in &self.tables.regimes.waivers {
            let applies = waiver.kind == charge.kind
                && waiver.countries.contains(self.facts.destination)
                && waiver
                    .row
                    .standing(self.facts.accepted_on, self.facts.options)
                    .is_some_and(Standing::acts);
            if applies && exceeds(waiver.below)?.is_lt() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a charge would touch any line, whatever it comes to.
    pub(super) fn touches(&self, charge: &Charge) -> bool {
        charge.only_hs.is_empty()
            || self
                .facts
                .declaration
                .pieces
                .iter()
                .any(|piece| piece.hs.is_some_and(|hs| charge.only_hs.iter().any(|prefix| prefix.fits(hs))))
    }

    /// Returns whether a reading is the one in use: the station's, or else the table's default.
    pub(super) fn is_chosen(&self, reading: &ReadingChoice) -> bool {
        let chosen = self.facts.options.readings.iter().find(|chosen| chosen.id == *reading.id);
        chosen.map_or(reading.is_default, |chosen| chosen.choice == *reading.choice)
    }

    /// Converts at the rates of the destination's authority on the day of acceptance.
    pub(super) fn convert(
        &self,
        amount: Amount,
        to: Currency,
        ledger: &mut Ledger,
    ) -> Result<Amount, Trouble> {
        self.facts
            .rates
            .convert(amount, to, &self.conversion.authority, self.facts.accepted_on, |from, to, rate| {
                ledger.convert(from, to, rate);
            })
            .map_err(|reason| Trouble::Rate(reason, amount.currency))
    }

    /// Returns the value of all pieces in a currency.
    pub(super) fn value_in(&self, currency: Currency, ledger: &mut Ledger) -> Result<Amount, Trouble> {
        ledger.take(What::Value, None, Quantity::Money(self.value));
        self.convert(self.value, currency, ledger)
    }
}

/// Multiplies an amount by a figure and writes it down.
pub(super) fn times(
    what: What,
    amount: Amount,
    by: Quantity,
    ledger: &mut Ledger,
) -> Result<Amount, Trouble> {
    let factor = match by {
        Quantity::Money(other) => other.exact,
        Quantity::Weight(weight) => Ratio::new(i128::from(weight.0), 1000),
        Quantity::Count(count) => Ratio::whole(i64::from(count)),
        Quantity::Rate(rate) => rate,
    };
    let exact = amount.exact.checked_mul(factor).ok_or(Trouble::OutOfReach)?;
    let result = Amount { exact, ..amount };
    ledger.reckon(what, Operation::Multiply, Quantity::Money(amount), by, Quantity::Money(result));
    Ok(result)
}

/// Adds two amounts of one currency and writes it down.
pub(super) fn plus(what: What, left: Amount, right: Amount, ledger: &mut Ledger) -> Result<Amount, Trouble> {
    debug_assert_eq!(left.currency, right.currency, "only converted amounts are added");
    let exact = left.exact.checked_add(right.exact).ok_or(Trouble::OutOfReach)?;
    let result = Amount { exact, ..left };
    ledger.reckon(
        what,
        Operation::Add,
        Quantity::Money(left),
        Quantity::Money(right),
        Quantity::Money(result),
    );
    Ok(result)
}

/// Chooses the larger or the smaller of two amounts and writes it down.
pub(super) fn pick(
    what: What,
    operation: Operation,
    left: Amount,
    right: Amount,
    ledger: &mut Ledger,
) -> Amount {
    let is_left =
        if operation == Operation::Larger { left.exact >= right.exact } else { left.exact <= right.exact };
    let result = if is_left { left } else { right };
    ledger.reckon(what, operation, Quantity::Money(left), Quantity::Money(right), Quantity::Money(result));
    result
}
