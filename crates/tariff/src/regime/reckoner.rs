//! One item before one destination: amounts of rows, conversion, rounding, and what can stand in the way.

use std::cell::Cell;

use caravan_declaration::Piece;
use caravan_postal::{Currency, HsCode, Money, Ratio, Rounding};

use super::due::Due;
use super::ledger::Ledger;
use crate::RowId;
use crate::facts::Facts;
use crate::rates::NoRate;
use crate::remarks::OldestRate;
use crate::tables::{
    Charge, Condition, Conversion, Figure, Measured, Misfit, ReadingChoice, Regime, Standing, Tables, base,
};
use crate::trace::{Amount, Operation, Quantity, What};

/// One item before one destination.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reckoner<'a> {
    pub(super) tables: &'a Tables,
    pub(super) facts: &'a Facts<'a>,
    pub(super) conversion: &'a Conversion,
    /// The value of all pieces as declared; where they state several currencies, in the money of the destination.
    pub(super) value: Amount,
    /// At which share the regime counts it.
    pub(super) share: Option<Ratio>,
    /// The value of the goods in the currency in which it was asked for last: most rows ask in one.
    pub(super) known: &'a Cell<Option<Amount>>,
    /// A reading, by its place in the table, and the choice that is tried out, whatever the station chose.
    pub(super) trial: Option<(u16, &'a str)>,
    /// The oldest rate that any conversion of the item took.
    pub(super) oldest_rate: &'a OldestRate<'a>,
}

/// What a charge comes to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Payable {
    pub(super) amount: Money,
    /// Too little to be collected.
    pub(super) is_waived: bool,
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
    /// No rate of the tax on the day.
    NoTaxRate,
    /// No amount of the name on the day.
    NoAmount(Box<str>),
    /// A row that says only that there is something.
    Unknown(RowId),
    /// A figure beyond any amount.
    OutOfReach,
    /// A figure of the declaration is missing.
    Figure,
}

impl<'a> Reckoner<'a> {
    /// Returns the same item as a regime counts it.
    pub(super) fn under(&self, regime: &Regime) -> Self {
        Self { share: regime.value_share, ..*self }
    }

    /// Reckons what a charge comes to, in the money of the destination.
    pub(super) fn payable(
        &self,
        charge: &Charge,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Payable, Trouble> {
        ledger.read(&charge.when.readings);
        let exact = self.exact(charge, due, ledger)?;
        // Nothing is nothing in any money.
        let converted = if exact.exact == Ratio::ZERO {
            Amount { exact: Ratio::ZERO, currency: self.conversion.currency }
        } else {
            self.convert(exact, self.conversion.currency, ledger)?
        };
        let bounded = self.bounded(charge, converted, ledger)?;
        let amount = self.round(charge.rounding, bounded, ledger)?;
        ledger.rest_on(&self.conversion.row, self.standing_of_conversion());
        Ok(Payable { amount, is_waived: self.is_waived(charge, amount, ledger)? })
    }

    /// Returns how sure the row is that says in which money the destination reckons.
    pub(super) fn standing_of_conversion(&self) -> Standing {
        let row = &self.conversion.row;
        row.standing(self.facts.accepted_on, self.facts.options).unwrap_or(Standing::Unsure)
    }

    fn bounded(&self, charge: &Charge, amount: Amount, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let mut amount = amount;
        // Nothing stays nothing: a least amount is that of a charge which is due.
        if amount.exact == Ratio::ZERO {
            return Ok(amount);
        }
        for (bound, operation) in [(&charge.least, Operation::Larger), (&charge.most, Operation::Smaller)] {
            let Some(bound) = bound else { continue };
            let bound = self.figure(bound, ledger)?;
            let bound = self.convert(bound, amount.currency, ledger)?;
            amount = pick(What::Sum, operation, amount, bound, ledger);
        }
        Ok(amount)
    }

    fn round(&self, rounding: Rounding, amount: Amount, ledger: &mut Ledger<'a>) -> Result<Money, Trouble> {
        // Nothing is nothing in any money.
        if amount.exact == Ratio::ZERO {
            let money = Money::zero(amount.currency);
            ledger.round(amount, money, rounding);
            return Ok(money);
        }
        let step = 10i64.pow(amount.currency.exponent() - self.conversion.decimals);
        let scale = Ratio::whole(10i64.pow(self.conversion.decimals));
        let scaled = amount.exact.checked_mul(scale).ok_or(Trouble::OutOfReach)?;
        let whole = scaled.checked_round(rounding).and_then(|whole| whole.checked_mul(step));
        let money = Money { minor: whole.ok_or(Trouble::OutOfReach)?, currency: amount.currency };
        ledger.round(amount, money, rounding);
        Ok(money)
    }

    fn is_waived(&self, charge: &Charge, amount: Money, ledger: &mut Ledger<'a>) -> Result<bool, Trouble> {
        if let Some(limit) = &charge.waived_to
            && self.compare(amount, limit, ledger)?.is_le()
        {
            return Ok(true);
        }
        match &charge.waived_below {
            Some(limit) => Ok(self.compare(amount, limit, ledger)?.is_lt()),
            None => Ok(false),
        }
    }

    /// Compares a payable amount with one of a row.
    pub(super) fn compare(
        &self,
        amount: Money,
        limit: &Figure,
        ledger: &mut Ledger<'a>,
    ) -> Result<std::cmp::Ordering, Trouble> {
        ledger.aside(|ledger| {
            let limit = self.figure(limit, ledger)?;
            let amount = self.convert(Amount::of(amount), limit.currency, ledger)?;
            Ok(amount.exact.cmp(&limit.exact))
        })
    }

    /// Returns the amount of a row on the day of acceptance.
    pub(super) fn figure(&self, figure: &Figure, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let (name, factor) = match *figure {
            Figure::Fixed(own) => return Ok(Amount { exact: own.exact, currency: own.currency() }),
            Figure::Named { name, factor } => (name, factor),
        };
        let named = &self.tables.regimes.amounts[usize::from(name)];
        let on_day = named.rows.iter().find_map(|(row, amount)| {
            let standing = row.standing(self.facts.accepted_on, self.facts.options)?;
            Some((row, (*amount)?, standing))
        });
        let (row, amount, standing) = on_day.ok_or_else(|| Trouble::NoAmount(named.name.clone()))?;
        ledger.rest_on(row, standing);
        ledger.stand(None, &row.id);
        let amount = Amount { exact: amount.exact, currency: amount.currency() };
        if factor == Ratio::ONE {
            return Ok(amount);
        }
        times(What::NamedAmount, amount, Quantity::Rate(factor), ledger)
    }

    /// Returns whether a reading is the one in use: that on trial, or the station's, or else the table's default.
    pub(super) fn is_chosen(&self, reading: &ReadingChoice) -> bool {
        if let Some((_, choice)) = self.trial.filter(|(tried, _)| *tried == reading.reading) {
            return *choice == *reading.choice;
        }
        reading.is_chosen(self.facts.options)
    }

    /// Returns why a condition does not fit, its reading and its thresholds included.
    pub(super) fn misfit(
        &self,
        when: &Condition,
        ledger: &mut Ledger<'a>,
    ) -> Result<Option<Misfit>, Trouble> {
        if !when.readings.iter().all(|reading| self.is_chosen(reading)) {
            return Ok(Some(Misfit::Reading));
        }
        if let Some(why) = when.misfit(self.facts) {
            return Ok(Some(why));
        }
        for limit in &when.thresholds {
            match (ledger.aside(|ledger| self.is_above(limit.of, &limit.figure, ledger))?, limit.is_above) {
                (false, true) => return Ok(Some(Misfit::ValueBelow)),
                (true, false) => return Ok(Some(Misfit::ValueAbove)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Returns whether what is measured is above an amount of a row.
    fn is_above(&self, of: Measured, figure: &Figure, ledger: &mut Ledger<'a>) -> Result<bool, Trouble> {
        let amount = self.figure(figure, ledger)?;
        match of {
            Measured::Item(counts) => Ok(self.counted(counts, amount.currency, ledger)?.exact > amount.exact),
            Measured::Article => self.has_article_above(amount),
        }
    }

    /// Returns what a threshold counts.
    fn counted(&self, counts: u8, currency: Currency, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let mut sum = self.goods(currency, ledger)?;
        if counts & base::POSTAGE != 0
            && let Some(postage) = self.postage(currency, ledger)?
        {
            sum = plus(What::Base, sum, postage, ledger)?;
        }
        Ok(sum)
    }

    /// Returns whether a single article is worth more than an amount.
    fn has_article_above(&self, limit: Amount) -> Result<bool, Trouble> {
        for piece in &self.facts.declaration.pieces {
            if self.is_article_above(piece, limit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns whether a single article of a piece is worth more than an amount.
    pub(super) fn is_article_above(&self, piece: &Piece<'_>, limit: Amount) -> Result<bool, Trouble> {
        let value = Amount::of(piece.value.ok_or(Trouble::Figure)?);
        let value = self.shared(value, &mut Ledger::silent())?;
        let value = self.convert(value, limit.currency, &mut Ledger::silent())?;
        let units = i64::from(piece.units.unwrap_or(1).max(1));
        let all = limit.exact.checked_mul(Ratio::whole(units)).ok_or(Trouble::OutOfReach)?;
        Ok(value.exact > all)
    }

    /// Converts at the rates of the destination's authority on the day of acceptance.
    pub(super) fn convert(
        &self,
        amount: Amount,
        to: Currency,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let (authority, date) = (&self.conversion.authority, self.facts.rated_on(self.facts.accepted_on));
        self.facts
            .rates
            .convert(amount, to, authority, date, |from, to, rate| {
                ledger.convert(from, to, rate);
                self.oldest_rate.note(authority, rate, date);
            })
            .map_err(|reason| Trouble::Rate(reason, amount.currency))
    }
}

/// Multiplies an amount by a figure and writes it down.
pub(super) fn times(
    what: What,
    amount: Amount,
    by: Quantity,
    ledger: &mut Ledger<'_>,
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
pub(super) fn plus(
    what: What,
    left: Amount,
    right: Amount,
    ledger: &mut Ledger<'_>,
) -> Result<Amount, Trouble> {
    debug_assert_eq!(left.currency, right.currency, "only converted amounts are added");
    let exact = left.exact.checked_add(right.exact).ok_or(Trouble::OutOfReach)?;
    let result = Amount { exact, ..left };
    let [a, b, sum] = [left, right, result].map(Quantity::Money);
    ledger.reckon(what, Operation::Add, a, b, sum);
    Ok(result)
}

/// Takes one amount from another, down to nothing, and writes it down.
pub(super) fn minus(
    what: What,
    left: Amount,
    right: Amount,
    ledger: &mut Ledger<'_>,
) -> Result<Amount, Trouble> {
    debug_assert_eq!(left.currency, right.currency, "only converted amounts are taken from each other");
    let exact = left.exact.checked_sub(right.exact).ok_or(Trouble::OutOfReach)?.max(Ratio::ZERO);
    let result = Amount { exact, ..left };
    let [a, b, rest] = [left, right, result].map(Quantity::Money);
    ledger.reckon(what, Operation::Subtract, a, b, rest);
    Ok(result)
}

/// Chooses the larger or the smaller of two amounts and writes it down.
pub(super) fn pick(
    what: What,
    operation: Operation,
    left: Amount,
    right: Amount,
    ledger: &mut Ledger<'_>,
) -> Amount {
    let is_left =
        if operation == Operation::Larger { left.exact >= right.exact } else { left.exact <= right.exact };
    let result = if is_left { left } else { right };
    ledger.reckon(what, operation, Quantity::Money(left), Quantity::Money(right), Quantity::Money(result));
    result
}
