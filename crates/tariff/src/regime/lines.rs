//! Charges that are reckoned line by line: duty by commodity code, and amounts per item.

use caravan_declaration::Piece;
use caravan_postal::{Country, Currency, Grams, Ratio};

use super::ledger::Ledger;
use super::reckoner::{Exact, Reckoner, Trouble, pick, plus, times};
use crate::lexicon::normal_form;
use crate::tables::{Charge, Compound, Duty, Expression, LineKey, Schedule, Standing, Term, base};
use crate::trace::{Amount, Operation, Quantity, What};

impl Charge {
    /// Returns whether a line is charged.
    fn is_for(&self, piece: &Piece<'_>) -> bool {
        self.only_hs.is_empty()
            || piece.hs.is_some_and(|hs| self.only_hs.iter().any(|prefix| prefix.fits(hs)))
    }
}

impl Reckoner<'_> {
    /// Counts the lines that are items of their own. A line without a description is one by itself: lines are never
    /// merged on a guess.
    pub(super) fn count_items(&self, charge: &Charge, key: LineKey) -> u32 {
        let mut keys: Vec<(Option<u32>, Option<Country>, Vec<u8>)> = Vec::new();
        let mut alone = 0u32;
        for piece in self.facts.declaration.pieces.iter().filter(|piece| charge.is_for(piece)) {
            let words = piece.description.map(normal_form).filter(|words| words.len() > 1);
            let Some(words) = words else {
                alone += 1;
                continue;
            };
            keys.push((
                piece.hs.filter(|_| key.classification).map(caravan_postal::HsCode::subheading),
                piece.origin.filter(|_| key.origin),
                if key.description { words } else { Vec::new() },
            ));
        }
        keys.sort();
        keys.dedup();
        alone.saturating_add(u32::try_from(keys.len()).unwrap_or(u32::MAX))
    }

    /// Reckons duty by commodity code, line by line.
    pub(super) fn by_code(
        &self,
        charge: &Charge,
        schedule: Schedule,
        parts: u8,
        ledger: &mut Ledger,
    ) -> Result<Exact, Trouble> {
        let currency = self.conversion.currency;
        let mut sum = Amount { exact: Ratio::ZERO, currency };
        let mut is_touched = false;
        for (index, piece) in
            self.facts.declaration.pieces.iter().enumerate().filter(|(_, piece)| charge.is_for(piece))
        {
            let hs = piece.hs.ok_or(Trouble::NoDuty(index, None))?;
            let expression = match self.tables.duty_rates.list.find(hs, schedule) {
                Duty::Rate(expression) => expression,
                Duty::Composite(text) => return Err(Trouble::Composite(index, hs, Box::from(text))),
                Duty::Missing => return Err(Trouble::NoDuty(index, Some(hs))),
            };
            ledger.stand(Some(index), &self.tables.duty_rates.row.id);
            let value = self.line_value(index, piece, parts, currency, ledger)?;
            let duty = self.line_duty(index, piece, expression, value, ledger)?;
            sum = plus(What::Sum, sum, duty, ledger)?;
            is_touched = true;
        }
        let row = &self.tables.duty_rates.row;
        let standing = match row.standing(self.facts.accepted_on, self.facts.options) {
            Some(standing) if is_touched => standing,
            _ => Standing::Sure,
        };
        let doubt = (standing == Standing::Unsure).then(|| row.id.clone());
        Ok(Exact { amount: sum, standing, doubt })
    }

    /// Returns the value of a line, with its share of the postage by value where that belongs to the base.
    fn line_value(
        &self,
        index: usize,
        piece: &Piece<'_>,
        parts: u8,
        currency: Currency,
        ledger: &mut Ledger,
    ) -> Result<Amount, Trouble> {
        let declared = Amount::of(piece.value.ok_or(Trouble::Figure)?);
        ledger.take(What::PieceValue, Some(index), Quantity::Money(declared));
        let value = self.convert(declared, currency, ledger)?;
        if parts & base::POSTAGE == 0 {
            return Ok(value);
        }
        let Some(postage) = self.postage(currency, ledger)? else { return Ok(value) };
        let Some(share) = declared.exact.checked_div(self.value.exact) else { return Ok(value) };
        let postage = times(What::Share, postage, Quantity::Rate(share), ledger)?;
        plus(What::Base, value, postage, ledger)
    }

    fn line_duty(
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
        let Compound { terms, minimum, maximum } = &**compound;
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
