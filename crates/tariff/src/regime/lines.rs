//! Charges that are reckoned line by line: duty by commodity code, and amounts per item.

use std::cmp::Ordering;

use caravan_declaration::Piece;
use caravan_postal::{Grams, HsCode, Ratio};
use smallvec::SmallVec;

use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, minus, pick, plus, times};
use crate::lexicon::{is_wordless, normal_letters};
use crate::tables::{Charge, Compound, Duty, Expression, Goods, LineKey, Listing, Term};
use crate::trace::{Amount, Operation, Quantity, What};

/// What a schedule says about a line.
struct LineRate<'a> {
    expression: &'a Expression,
    /// The schedule whose duty is inside.
    includes: Option<u16>,
}

/// Returns the first digits of a code, or all that it has.
fn cut(hs: HsCode, digits: u8) -> u64 {
    let (value, has) = hs.parts();
    value / 10u64.pow(u32::from(has.saturating_sub(digits)))
}

impl LineKey {
    /// Orders lines so that those of one item are equal. Descriptions, which are the longest to compare, come last.
    fn order(self, a: &Piece<'_>, b: &Piece<'_>) -> Ordering {
        let code = |piece: &Piece<'_>| piece.hs.filter(|_| self.digits > 0).map(|hs| cut(hs, self.digits));
        let origin = |piece: &Piece<'_>| piece.origin.filter(|_| self.origin);
        let words = || {
            if !self.description || a.description == b.description {
                return Ordering::Equal;
            }
            let [a, b] = [a, b].map(|piece| normal_letters(piece.description.unwrap_or_default()));
            a.cmp(b)
        };
        code(a).cmp(&code(b)).then_with(|| origin(a).cmp(&origin(b))).then_with(words)
    }
}

impl<'a> Reckoner<'a> {
    /// Returns whether a charge would touch any line, whatever it comes to.
    pub(super) fn touches(&self, charge: &Charge) -> bool {
        charge.lines.are_all() || self.lines(charge).next().is_some()
    }

    /// Counts the lines that are items of their own. A line without a description is one by itself: lines are never
    /// merged on a guess.
    pub(super) fn count_items(&self, charge: &Charge, key: LineKey) -> u32 {
        let is_told = |piece: &&Piece<'_>| piece.description.is_some_and(|words| !is_wordless(words));
        let (mut told, mut alone) = (SmallVec::<[&Piece<'_>; 8]>::new(), 0u32);
        for (_, piece) in self.lines(charge) {
            if is_told(&piece) { told.push(piece) } else { alone += 1 }
        }
        told.sort_unstable_by(|a, b| key.order(a, b));
        told.dedup_by(|a, b| key.order(a, b).is_eq());
        alone.saturating_add(u32::try_from(told.len()).unwrap_or(u32::MAX))
    }

    /// Reckons duty by a schedule, line by line.
    pub(super) fn by_code(
        &self,
        charge: &Charge,
        schedule: u16,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let currency = self.conversion.currency;
        let taken = self.taken(charge, currency, ledger)?;
        let mut sum = Amount { exact: Ratio::ZERO, currency };
        for line in self.lines(charge) {
            let value = self.line_value(charge, line, taken, currency, ledger)?;
            let duty = self.line_duty(schedule, line, value, ledger)?;
            sum = plus(What::Sum, sum, duty, ledger)?;
        }
        Ok(sum)
    }

    /// Returns the highest rate of a schedule for any line that a charge is for.
    pub(super) fn highest_rate(
        &self,
        charge: &Charge,
        schedule: u16,
        ledger: &mut Ledger<'a>,
    ) -> Result<Ratio, Trouble> {
        let mut highest = Ratio::ZERO;
        for (index, piece) in self.lines(charge) {
            match self.line_rate(schedule, index, piece, ledger)?.expression {
                Expression::Percent(rate) => highest = highest.max(*rate),
                Expression::Compound(_) => return Err(Trouble::NoDuty(index, piece.hs)),
                Expression::Composite(text) => {
                    let hs = piece.hs.ok_or(Trouble::NoDuty(index, None))?;
                    return Err(Trouble::Composite(index, hs, text.clone()));
                }
            }
        }
        Ok(highest)
    }

    /// Returns the duty of a schedule on a line, less that of the schedule inside.
    pub(super) fn line_duty(
        &self,
        schedule: u16,
        (index, piece): (usize, &Piece<'_>),
        value: Amount,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let rate = self.line_rate(schedule, index, piece, ledger)?;
        let duty = self.expressed(index, piece, rate.expression, value, ledger)?;
        // The loader lets no schedule inside another have one inside itself.
        let Some(inner) = rate.includes else { return Ok(duty) };
        let inner = self.line_rate(inner, index, piece, ledger)?.expression;
        let inside = self.expressed(index, piece, inner, value, ledger)?;
        minus(What::Duty, duty, inside, ledger)
    }

    /// Finds what a schedule says about a line.
    fn line_rate(
        &self,
        schedule: u16,
        index: usize,
        piece: &Piece<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<LineRate<'a>, Trouble> {
        // A rate of a list for an origin asks for proof of it, which nobody has shown.
        let goods = Goods { hs: piece.hs, origin: piece.origin.or(self.facts.origin), proven: None };
        let (tables, missing) = (self.tables, Trouble::NoDuty(index, piece.hs));
        let listing =
            tables.regimes.schedules.find(schedule, goods, self.facts.accepted_on, self.facts.options);
        let Some(Listing { duty, row, standing, includes }) = listing else { return Err(missing) };
        let expression = match (duty, piece.hs) {
            (Duty::Rate(expression), _) => expression,
            (Duty::Composite(text), Some(hs)) => return Err(Trouble::Composite(index, hs, Box::from(text))),
            (Duty::Unknown, _) => return Err(Trouble::Unknown(row.id.clone())),
            (Duty::Missing | Duty::Composite(_), _) => return Err(missing),
        };
        ledger.stand(Some(index), &row.id);
        ledger.rest_on(row, standing);
        Ok(LineRate { expression, includes })
    }

    /// Reckons an expression of duty on a line.
    fn expressed(
        &self,
        index: usize,
        piece: &Piece<'_>,
        expression: &Expression,
        value: Amount,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let compound = match expression {
            Expression::Percent(rate) => {
                ledger.take(What::DutyRate, Some(index), Quantity::Rate(*rate));
                return times(What::Duty, value, Quantity::Rate(*rate), ledger);
            }
            Expression::Compound(compound) => compound,
            Expression::Composite(text) => {
                let hs = piece.hs.ok_or(Trouble::NoDuty(index, None))?;
                return Err(Trouble::Composite(index, hs, text.clone()));
            }
        };
        let Compound { terms, minimum, maximum, .. } = &**compound;
        let mut duty = self.terms(index, piece, terms, value, ledger)?;
        if !minimum.is_empty() {
            let least = self.terms(index, piece, minimum, value, ledger)?;
            duty = pick(What::Duty, Operation::Larger, duty, least, ledger);
        }
        if !maximum.is_empty() {
            let most = self.terms(index, piece, maximum, value, ledger)?;
            duty = pick(What::Duty, Operation::Smaller, duty, most, ledger);
        }
        Ok(duty)
    }

    fn terms(
        &self,
        index: usize,
        piece: &Piece<'_>,
        terms: &[Term],
        value: Amount,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let mut sum = Amount { exact: Ratio::ZERO, ..value };
        for term in terms {
            let part = match *term {
                Term::Percent(rate) => {
                    ledger.take(What::DutyRate, Some(index), Quantity::Rate(rate));
                    times(What::ByValue, value, Quantity::Rate(rate), ledger)?
                }
                Term::PerKilogram(exact, currency) => {
                    let weight: Grams = piece.net_weight.ok_or(Trouble::Figure)?;
                    ledger.take(What::NetWeight, Some(index), Quantity::Weight(weight));
                    let amount = Amount { exact, currency };
                    times(What::ByWeight, amount, Quantity::Weight(weight), ledger)?
                }
                Term::PerUnit(exact, currency) => {
                    let units = piece.units.ok_or(Trouble::Figure)?;
                    ledger.take(What::Units, Some(index), Quantity::Count(units));
                    times(What::PerItem, Amount { exact, currency }, Quantity::Count(units), ledger)?
                }
            };
            let part = self.convert(part, value.currency, ledger)?;
            sum = plus(What::Sum, sum, part, ledger)?;
        }
        Ok(sum)
    }
}
