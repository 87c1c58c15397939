//! The formulas of charges.

use caravan_postal::{Grams, Ratio};

use super::due::Due;
use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, minus, pick, times};
use crate::tables::{Bound, Charge, Excess, Figure, Formula, PerKilogramOn, TierOf, Tiers};
use crate::trace::{Amount, Operation, Quantity, What};

impl<'a> Reckoner<'a> {
    /// Reckons a charge exactly, in whatever currency its row states.
    pub(super) fn exact(
        &self,
        charge: &Charge,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        match &charge.formula {
            Formula::Excess(row) => self.excess(charge, row, ledger),
            Formula::AdValorem { rate, per_kilogram } => {
                self.ad_valorem(charge, *rate, per_kilogram.as_ref(), due, ledger)
            }
            Formula::Vat { tax } => self.vat(charge, *tax, due, ledger),
            Formula::ByCode { schedule } => self.by_code(charge, *schedule, ledger),
            Formula::PerItem { amount, key } => {
                let count = self.count_items(charge, *key);
                ledger.take(What::Items, None, Quantity::Count(count));
                let amount = self.figure(amount, ledger)?;
                ledger.take(What::PerItem, None, Quantity::Money(amount));
                times(What::Sum, amount, Quantity::Count(count), ledger)
            }
            Formula::Fixed { amount } => {
                let amount = self.figure(amount, ledger)?;
                ledger.take(What::Fee, None, Quantity::Money(amount));
                Ok(if self.touches(charge) { amount } else { Amount { exact: Ratio::ZERO, ..amount } })
            }
            Formula::PerKilogram { amount } => {
                let amount = self.figure(amount, ledger)?;
                let weight = self.gross_weight(ledger)?;
                times(What::ByWeight, amount, Quantity::Weight(weight), ledger)
            }
            Formula::Tiers(tiers) => self.tiers(charge, tiers, due, ledger),
            Formula::Combined { share, tax, excise } => {
                self.combined(charge, *share, [*tax, *excise], ledger)
            }
            Formula::Personal => self.personal(ledger),
            Formula::Unknown => Err(Trouble::Unknown(charge.row.id.clone())),
        }
    }

    /// A rate on the value over the free value, at least an amount per kilogram (EEC Council Decision 107 of
    /// 2017-12-20: both are tied to what lies over the limits).
    fn excess(&self, charge: &Charge, row: &Excess, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let free = self.figure(&row.free, ledger)?;
        let currency = free.currency;
        let value = self.base(charge, currency, &Due::default(), ledger)?;
        let weight = self.gross_weight(ledger)?;
        if value.exact <= free.exact && weight <= row.free_weight {
            return Ok(Amount { exact: Ratio::ZERO, currency });
        }
        let over = minus(What::ExcessValue, value, free, ledger)?;
        let by_value = times(What::ByValue, over, Quantity::Rate(row.rate), ledger)?;
        let counted = match row.on {
            PerKilogramOn::Whole => weight,
            PerKilogramOn::Excess => {
                let over = weight - row.free_weight;
                let [left, right, result] = [weight, row.free_weight, over].map(Quantity::Weight);
                ledger.reckon(What::ExcessWeight, Operation::Subtract, left, right, result);
                over
            }
        };
        let per_kilogram = self.figure(&row.per_kilogram, ledger)?;
        let by_weight = times(What::ByWeight, per_kilogram, Quantity::Weight(counted), ledger)?;
        let by_weight = self.convert(by_weight, currency, ledger)?;
        Ok(pick(What::Duty, Operation::Larger, by_value, by_weight, ledger))
    }

    fn ad_valorem(
        &self,
        charge: &Charge,
        rate: Ratio,
        per_kilogram: Option<&Figure>,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let per_kilogram = per_kilogram.map(|amount| self.figure(amount, ledger)).transpose()?;
        let currency = per_kilogram.map_or(self.conversion.currency, |amount| amount.currency);
        let sum = self.base(charge, currency, due, ledger)?;
        let by_value = times(What::ByValue, sum, Quantity::Rate(rate), ledger)?;
        let Some(per_kilogram) = per_kilogram else { return Ok(by_value) };
        let weight = self.gross_weight(ledger)?;
        let by_weight = times(What::ByWeight, per_kilogram, Quantity::Weight(weight), ledger)?;
        Ok(pick(What::Duty, Operation::Larger, by_value, by_weight, ledger))
    }

    /// The amount of the first step that holds what is measured; nothing above the last end.
    fn tiers(
        &self,
        charge: &Charge,
        row: &Tiers,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let nothing = Amount { exact: Ratio::ZERO, currency: self.conversion.currency };
        if !self.touches(charge) {
            return Ok(nothing);
        }
        let measured = match row.of {
            TierOf::Value => Measured::Money(self.base(charge, self.conversion.currency, due, ledger)?),
            TierOf::Weight => Measured::Weight(self.gross_weight(ledger)?),
            TierOf::Rate(schedule) => {
                let rate = self.highest_rate(charge, schedule, ledger)?;
                ledger.take(What::DutyRate, None, Quantity::Rate(rate));
                Measured::Rate(rate)
            }
        };
        for tier in &row.tiers {
            if let Some((bound, is_included)) = &tier.end {
                let order = self.against(measured, bound, ledger)?;
                if order.is_gt() || order.is_eq() && !is_included {
                    continue;
                }
            }
            let amount = self.figure(&tier.amount, ledger)?;
            ledger.take(What::Sum, None, Quantity::Money(amount));
            return Ok(amount);
        }
        Ok(nothing)
    }

    fn against(
        &self,
        measured: Measured,
        bound: &Bound,
        ledger: &mut Ledger<'a>,
    ) -> Result<std::cmp::Ordering, Trouble> {
        match (measured, bound) {
            (Measured::Money(amount), Bound::Money(bound)) => {
                let bound = self.figure(bound, ledger)?;
                let amount = self.convert(amount, bound.currency, ledger)?;
                Ok(amount.exact.cmp(&bound.exact))
            }
            (Measured::Weight(weight), Bound::Weight(bound)) => Ok(weight.cmp(bound)),
            (Measured::Rate(rate), Bound::Rate(bound)) => Ok(rate.cmp(bound)),
            // The loader reads every bound by what is measured.
            _ => Err(Trouble::Figure),
        }
    }
}

/// What is held against the ends of steps.
#[derive(Debug, Clone, Copy)]
enum Measured {
    Money(Amount),
    Weight(Grams),
    Rate(Ratio),
}
