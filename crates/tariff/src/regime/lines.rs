//! Charges that are reckoned line by line: duty by commodity code, and amounts per item.

use caravan_declaration::Piece;
use caravan_postal::{Country, Grams, HsCode, Ratio};

use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, minus, pick, plus, times};
use crate::lexicon::normal_form;
use crate::tables::{Charge, Compound, Duty, DutyLine, Expression, LineKey, Standing, Term};
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

impl<'a> Reckoner<'a> {
    /// Returns whether a charge would touch any line, whatever it comes to.
    pub(super) fn touches(&self, charge: &Charge) -> bool {
        charge.lines.are_all() || self.lines(charge).next().is_some()
    }

    /// Counts the lines that are items of their own. A line without a description is one by itself: lines are never
    /// merged on a guess.
    pub(super) fn count_items(&self, charge: &Charge, key: LineKey) -> u32 {
        let mut keys: Vec<(Option<u64>, Option<Country>, Vec<u8>)> = Vec::new();
        let mut alone = 0u32;
        for (_, piece) in self.lines(charge) {
            let words = piece.description.map(normal_form).filter(|words| words.len() > 1);
            let Some(words) = words else {
                alone += 1;
                continue;
            };
            keys.push((
                piece.hs.filter(|_| key.digits > 0).map(|hs| cut(hs, key.digits)),
                piece.origin.filter(|_| key.origin),
                if key.description { words } else { Vec::new() },
            ));
        }
        keys.sort();
        keys.dedup();
        alone.saturating_add(u32::try_from(keys.len()).unwrap_or(u32::MAX))
    }

    /// Reckons duty by a schedule, line by line.
    pub(super) fn by_code(
        &self,
        charge: &Charge,
        schedule: u16,
        ledger: &mut Ledger,
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
        ledger: &mut Ledger,
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
        ledger: &mut Ledger,
    ) -> Result<Amount, Trouble> {
        let rate = self.line_rate(schedule, index, piece, ledger)?;
        let duty = self.expressed(index, piece, rate.expression, value, ledger)?;
        // The loader lets no schedule inside another have one inside itself.
        let Some(inner) = rate.includes else { return Ok(duty) };
        let inner = self.line_rate(inner, index, piece, ledger)?.expression;
        let inside = self.expressed(index, piece, inner, value, ledger)?;
        minus(What::Duty, duty, inside, ledger)
    }

    /// Finds what a schedule says about a line: its rows before its list, the closest code before others.
    fn line_rate(
        &self,
        schedule: u16,
        index: usize,
        piece: &Piece<'_>,
        ledger: &mut Ledger,
    ) -> Result<LineRate<'a>, Trouble> {
        let tables = self.tables;
        let schedule = &tables.regimes.schedules[usize::from(schedule)];
        let mut found: Option<((u8, bool), &DutyLine, Standing)> = None;
        for line in &schedule.lines {
            let Some(standing) = line.row.standing(self.facts.accepted_on, self.facts.options) else {
                continue;
            };
            let Some(rank) = self.rank(line, piece) else { continue };
            if found.is_none_or(|(known, ..)| rank > known) {
                found = Some((rank, line, standing));
            }
        }
        if let Some((_, line, standing)) = found {
            let known = line.rate.as_ref().filter(|_| standing != Standing::Unknown);
            let expression = known.ok_or_else(|| Trouble::Unknown(line.row.id.clone()))?;
            ledger.stand(Some(index), &line.row.id);
            ledger.rest_on(&line.row, standing);
            return Ok(LineRate { expression, includes: line.includes });
        }
        let list = schedule.list.ok_or(Trouble::NoDuty(index, piece.hs))?;
        let hs = piece.hs.ok_or(Trouble::NoDuty(index, None))?;
        let row = &tables.duty_rates.row;
        let standing = row.standing(self.facts.accepted_on, self.facts.options);
        let standing = standing.ok_or(Trouble::NoDuty(index, Some(hs)))?;
        let expression = match tables.duty_rates.list.find(hs, list) {
            Duty::Rate(expression) => expression,
            Duty::Composite(text) => return Err(Trouble::Composite(index, hs, Box::from(text))),
            Duty::Missing => return Err(Trouble::NoDuty(index, Some(hs))),
        };
        ledger.stand(Some(index), &row.id);
        ledger.rest_on(row, standing);
        Ok(LineRate { expression, includes: None })
    }

    /// Returns how closely a row of a schedule describes a line; nothing where it is not for it.
    fn rank(&self, line: &DutyLine, piece: &Piece<'_>) -> Option<(u8, bool)> {
        let origin = piece.origin.or(self.facts.origin);
        let is_left_out = piece.hs.is_some_and(|hs| line.except_hs.iter().any(|prefix| prefix.fits(hs)))
            || line.not_origins.as_ref().is_some_and(|set| set.contains(origin))
            || line.origins.as_ref().is_some_and(|set| !set.contains(origin));
        if is_left_out {
            return None;
        }
        if line.hs.is_empty() {
            return Some((0, line.origins.is_some()));
        }
        let hs = piece.hs?;
        let digits = line.hs.iter().filter(|prefix| prefix.fits(hs)).map(|prefix| prefix.digits()).max()?;
        Some((digits, line.origins.is_some()))
    }

    /// Reckons an expression of duty on a line.
    fn expressed(
        &self,
        index: usize,
        piece: &Piece<'_>,
        expression: &Expression,
        value: Amount,
        ledger: &mut Ledger,
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
        ledger: &mut Ledger,
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
