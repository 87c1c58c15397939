//! The formulas of charges.

use caravan_postal::{Currency, Grams, Money, Ratio};

use super::Due;
use super::ledger::Ledger;
use super::reckoner::{Exact, Reckoner, Trouble, pick, plus, times};
use crate::ChargeKind;
use crate::tables::{Charge, Excess, Formula, PerKilogramOn, Standing, base};
use crate::trace::{Amount, Operation, Quantity, What};

impl Exact {
    /// Returns an amount on which nothing is unsure.
    pub(super) fn sure(amount: Amount) -> Self {
        Self { amount, standing: Standing::Sure, doubt: None }
    }
}

impl Reckoner<'_> {
    /// Reckons a charge exactly, in whatever currency its row states.
    pub(super) fn exact(&self, charge: &Charge, due: &Due, ledger: &mut Ledger) -> Result<Exact, Trouble> {
        match charge.formula {
            Formula::Excess(ref row) => self.excess(row, ledger).map(Exact::sure),
            Formula::AdValorem { rate, base, per_kilogram } => {
                self.ad_valorem(rate, base, per_kilogram, due, ledger).map(Exact::sure)
            }
            Formula::Vat { base } => self.vat(base, due, ledger),
            Formula::ByCode { schedule, base } => self.by_code(charge, schedule, base, ledger),
            Formula::PerItem { amount, key } => {
                let count = self.count_items(charge, key);
                ledger.take(What::Items, None, Quantity::Count(count));
                ledger.take(What::PerItem, None, Quantity::Money(amount));
                times(What::Sum, amount, Quantity::Count(count), ledger).map(Exact::sure)
            }
            Formula::Fixed { amount } => {
                ledger.take(What::Fee, None, Quantity::Money(amount));
                Ok(Exact::sure(amount))
            }
            Formula::Personal => self.personal(ledger),
            Formula::Unknown => Err(Trouble::Figure),
        }
    }

    fn gross_weight(&self, ledger: &mut Ledger) -> Result<Grams, Trouble> {
        let weight = self.facts.declaration.gross_weight.ok_or(Trouble::Figure)?;
        ledger.take(What::GrossWeight, None, Quantity::Weight(weight));
        Ok(weight)
    }

    /// A rate on the value over the free value, at least an amount per kilogram (EEC Council Decision 107 of
    /// 2017-12-20: both are tied to what lies over the limits).
    fn excess(&self, row: &Excess, ledger: &mut Ledger) -> Result<Amount, Trouble> {
        let currency = row.free.currency;
        let value = self.value_in(currency, ledger)?;
        let weight = self.gross_weight(ledger)?;
        let free = row.free;
        let nothing = Amount { exact: Ratio::ZERO, currency };
        if value.exact <= free.exact && weight <= row.free_weight {
            return Ok(nothing);
        }
        let over = value.exact.checked_sub(free.exact).ok_or(Trouble::OutOfReach)?.max(Ratio::ZERO);
        let over = Amount { exact: over, currency };
        ledger.reckon(
            What::ExcessValue,
            Operation::Subtract,
            Quantity::Money(value),
            Quantity::Money(free),
            Quantity::Money(over),
        );
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
        let by_weight = times(What::ByWeight, row.per_kilogram, Quantity::Weight(counted), ledger)?;
        Ok(pick(What::Duty, Operation::Larger, by_value, by_weight, ledger))
    }

    fn ad_valorem(
        &self,
        rate: Ratio,
        parts: u8,
        per_kilogram: Option<Amount>,
        due: &Due,
        ledger: &mut Ledger,
    ) -> Result<Amount, Trouble> {
        let currency = per_kilogram.map_or(self.conversion.currency, |amount| amount.currency);
        let sum = self.base(parts, currency, due, ledger)?;
        let by_value = times(What::ByValue, sum, Quantity::Rate(rate), ledger)?;
        let Some(per_kilogram) = per_kilogram else { return Ok(by_value) };
        let weight = self.gross_weight(ledger)?;
        let by_weight = times(What::ByWeight, per_kilogram, Quantity::Weight(weight), ledger)?;
        Ok(pick(What::Duty, Operation::Larger, by_value, by_weight, ledger))
    }

    fn vat(&self, parts: u8, due: &Due, ledger: &mut Ledger) -> Result<Exact, Trouble> {
        let rule = self.tables.regimes.vat.iter().find_map(|rule| {
            let is_here = rule.countries.contains(self.facts.destination);
            let standing =
                rule.row.standing(self.facts.accepted_on, self.facts.options).filter(|_| is_here)?;
            Some((rule, standing))
        });
        let (rule, standing) = rule.ok_or(Trouble::Figure)?;
        let sum = self.base(parts, self.conversion.currency, due, ledger)?;
        ledger.stand(None, &rule.row.id);
        ledger.take(What::TaxRate, None, Quantity::Rate(rule.rate));
        let amount = times(What::Tax, sum, Quantity::Rate(rule.rate), ledger)?;
        let doubt = (standing == Standing::Unsure).then(|| rule.row.id.clone());
        Ok(Exact { amount, standing, doubt })
    }

    /// Adds up a base in a currency.
    pub(super) fn base(
        &self,
        parts: u8,
        currency: Currency,
        due: &Due,
        ledger: &mut Ledger,
    ) -> Result<Amount, Trouble> {
        let mut sum = self.value_in(currency, ledger)?;
        if parts & base::POSTAGE != 0
            && let Some(postage) = self.postage(currency, ledger)?
        {
            sum = plus(What::Base, sum, postage, ledger)?;
        }
        if parts & base::DUTY == 0 {
            return Ok(sum);
        }
        for (kind, what) in [(ChargeKind::Duty, What::Duty), (ChargeKind::Excise, What::Excise)] {
            let Some(amount) = due.amount(kind) else { continue };
            ledger.take(what, None, Quantity::Money(Amount::of(amount)));
            let amount = self.convert(Amount::of(amount), currency, ledger)?;
            sum = plus(What::Base, sum, amount, ledger)?;
        }
        Ok(sum)
    }

    /// Returns postage in a currency, when it is declared.
    pub(super) fn postage(&self, currency: Currency, ledger: &mut Ledger) -> Result<Option<Amount>, Trouble> {
        let Some(postage) = self.facts.declaration.postage else { return Ok(None) };
        if !(0..=Money::MAX_MINOR).contains(&postage.minor) {
            return Err(Trouble::OutOfReach);
        }
        ledger.take(What::Postage, None, Quantity::Money(Amount::of(postage)));
        self.convert(Amount::of(postage), currency, ledger).map(Some)
    }
}
