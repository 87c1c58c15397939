//! Taxes that go by the goods and the region: which rate each line has, and the tax on the base.

use caravan_declaration::Piece;
use caravan_postal::{Money, Ratio};

use super::due::Due;
use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, plus, times};
use crate::ChargeKind;
use crate::tables::{Charge, Formula, Standing, Vat, base, ordinal};
use crate::trace::{Amount, Quantity, What};

impl<'a> Reckoner<'a> {
    /// The destination's rate of a tax on the base; line by line where goods have rates of their own.
    pub(super) fn vat(
        &self,
        charge: &Charge,
        tax: u16,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let mut common: Option<&Vat> = None;
        let mut is_common = true;
        for (_, piece) in self.lines(charge) {
            let row = self.tax_rate(tax, piece, ledger)?.ok_or(Trouble::NoTaxRate)?;
            is_common &= common.is_none_or(|known| std::ptr::eq(known, row));
            common = Some(row);
            if !self.has_special_rates(tax) {
                break;
            }
        }
        let currency = self.conversion.currency;
        let Some(row) = common else { return Ok(Amount { exact: Ratio::ZERO, currency }) };
        if is_common {
            self.lines(charge).for_each(|(_, piece)| note_reduced(row, piece, ledger));
            let sum = self.base(charge, currency, due, ledger)?;
            let rate = self.rate_of(row, None, ledger)?;
            return times(What::Tax, sum, Quantity::Rate(rate), ledger);
        }
        let taken = self.taken(charge, currency, ledger)?;
        let mut total = Amount { exact: Ratio::ZERO, currency };
        for (index, piece) in self.lines(charge) {
            let row = self.tax_rate(tax, piece, ledger)?.ok_or(Trouble::NoTaxRate)?;
            note_reduced(row, piece, ledger);
            let mut sum = if charge.base & base::VALUE == 0 {
                Amount { exact: Ratio::ZERO, currency }
            } else {
                self.line_value(charge, (index, piece), taken, currency, ledger)?
            };
            sum = self.with_due(charge, (index, piece), sum, due, ledger)?;
            let rate = self.rate_of(row, Some(index), ledger)?;
            let tax = times(What::Tax, sum, Quantity::Rate(rate), ledger)?;
            total = plus(What::Sum, total, tax, ledger)?;
        }
        Ok(total)
    }

    /// Tax and excise together, the excise being part of the price: share × (tax + e) / (1 − e), line by line.
    pub(super) fn combined(
        &self,
        charge: &Charge,
        share: Ratio,
        [tax, excise]: [u16; 2],
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let currency = self.conversion.currency;
        let taken = self.taken(charge, currency, ledger)?;
        let mut total = Amount { exact: Ratio::ZERO, currency };
        for (index, piece) in self.lines(charge) {
            let row = self.tax_rate(tax, piece, ledger)?.ok_or(Trouble::NoTaxRate)?;
            let vat = self.rate_of(row, Some(index), ledger)?;
            let inside = match self.tax_rate(excise, piece, ledger)? {
                Some(row) => self.rate_of(row, Some(index), ledger)?,
                None => Ratio::ZERO,
            };
            let both = vat.checked_add(inside).and_then(|sum| sum.checked_mul(share));
            let rest = Ratio::ONE.checked_sub(inside);
            let rate = both.zip(rest).and_then(|(both, rest)| both.checked_div(rest));
            let rate = rate.ok_or(Trouble::OutOfReach)?;
            ledger.take(What::Rate, Some(index), Quantity::Rate(rate));
            let value = self.line_value(charge, (index, piece), taken, currency, ledger)?;
            let tax = times(What::Tax, value, Quantity::Rate(rate), ledger)?;
            total = plus(What::Sum, total, tax, ledger)?;
        }
        Ok(total)
    }

    fn tax_rows(&self) -> &'a [Vat] {
        let country = self.facts.destination;
        country.map_or(&[], |country| &self.tables.regimes.vat[ordinal(country)])
    }

    /// Returns whether goods or regions have rates of their own on the day.
    fn has_special_rates(&self, tax: u16) -> bool {
        self.tax_rows().iter().any(|row| {
            row.tax == tax
                && (!row.hs.is_empty() || !row.regions.is_empty())
                && row.row.standing(self.facts.accepted_on, self.facts.options).is_some()
        })
    }

    /// Returns the rate of a line: that of its region before others, and of the closest commodity code.
    fn tax_rate(
        &self,
        tax: u16,
        piece: &Piece<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Option<&'a Vat>, Trouble> {
        let mut found: Option<((bool, u8, bool), &Vat)> = None;
        let mut of_regions: Option<&Vat> = None;
        for row in self.tax_rows().iter().filter(|row| row.tax == tax) {
            if row.row.standing(self.facts.accepted_on, self.facts.options).is_none() {
                continue;
            }
            let is_region = !row.regions.is_empty();
            if is_region && !row.regions.hold(&self.facts.declaration.addressee) {
                of_regions = Some(row);
                continue;
            }
            let Some(digits) = self.fits(row, piece, ledger)? else { continue };
            let rank = (is_region, digits, row.unit_value_from.or(row.gram_value_from).is_some());
            if found.is_none_or(|(known, _)| rank > known) {
                found = Some((rank, row));
            }
        }
        if let Some(((false, ..), row)) = found
            && of_regions.is_some()
            && self.facts.declaration.addressee.region.is_none()
        {
            ledger.lacks_region.get_or_insert(&row.row.id);
            ledger.rest_on(&row.row, Standing::Unsure);
        }
        Ok(found.map(|(_, row)| row))
    }

    /// Returns how many digits of its code make a line one of a row's; nothing where it is none.
    fn fits(&self, row: &'a Vat, piece: &Piece<'_>, ledger: &mut Ledger<'a>) -> Result<Option<u8>, Trouble> {
        if !row.hs.is_empty() && piece.hs.is_none() {
            ledger.lacks_code.get_or_insert(&row.row.id);
            return Ok(None);
        }
        let begins = |hs| row.except_hs.iter().any(|prefix| prefix.fits(hs));
        if piece.hs.is_some_and(begins) || !self.is_dear(row, piece)? {
            return Ok(None);
        }
        if row.hs.is_empty() {
            return Ok(Some(0));
        }
        let hs = piece.hs.ok_or(Trouble::Figure)?;
        Ok(row.hs.iter().filter(|prefix| prefix.fits(hs)).map(|prefix| prefix.digits()).max())
    }

    fn is_dear(&self, row: &Vat, piece: &Piece<'_>) -> Result<bool, Trouble> {
        if row.unit_value_from.is_none() && row.gram_value_from.is_none() {
            return Ok(true);
        }
        let value = Amount::of(piece.value.ok_or(Trouble::Figure)?);
        self.is_dear_enough([row.unit_value_from, row.gram_value_from], piece, value)
    }

    /// Returns the rate of a row, and writes the row down.
    fn rate_of(&self, row: &'a Vat, index: Option<usize>, ledger: &mut Ledger<'a>) -> Result<Ratio, Trouble> {
        let rate = row.rate.ok_or_else(|| Trouble::Unknown(row.row.id.clone()))?;
        let standing = row.row.standing(self.facts.accepted_on, self.facts.options);
        if standing == Some(Standing::Unknown) {
            return Err(Trouble::Unknown(row.row.id.clone()));
        }
        ledger.rest_on(&row.row, standing.unwrap_or(Standing::Unsure));
        ledger.stand(index, &row.row.id);
        for other in &row.others {
            ledger.take(What::OtherRate, index, Quantity::Rate(*other));
        }
        ledger.take(What::TaxRate, index, Quantity::Rate(rate));
        Ok(rate)
    }

    /// Adds to the base of a line its share of what is due already.
    fn with_due(
        &self,
        charge: &Charge,
        (index, piece): (usize, &Piece<'_>),
        sum: Amount,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let mut sum = sum;
        for one in &due.reckoned {
            let (bit, what) = match one.charge.kind {
                ChargeKind::Duty => (base::DUTY, What::Duty),
                ChargeKind::Excise => (base::EXCISE, What::Excise),
                ChargeKind::Tax => (base::TAX, What::Tax),
                ChargeKind::Fee => continue,
            };
            if charge.base & bit == 0 || !self.holds(one.charge, piece) {
                continue;
            }
            let share = self.share_of(one.charge, one.amount, (index, piece))?;
            let amount = Amount::of(one.amount);
            let part = times(what, amount, Quantity::Rate(share), ledger)?;
            let part = self.convert(part, sum.currency, ledger)?;
            sum = plus(What::Base, sum, part, ledger)?;
        }
        Ok(sum)
    }

    /// Returns the share of a charge that falls on one of its lines: as it was reckoned where it went by code, else by
    /// value.
    fn share_of(
        &self,
        charge: &Charge,
        amount: Money,
        (index, piece): (usize, &Piece<'_>),
    ) -> Result<Ratio, Trouble> {
        let mut silent = Ledger::silent();
        let (mut own, mut all) = (Ratio::ZERO, Ratio::ZERO);
        for (at, line) in self.lines(charge) {
            let weight = match charge.formula {
                Formula::ByCode { schedule } => {
                    let taken = self.taken(charge, amount.currency, &mut silent)?;
                    let value = self.line_value(charge, (at, line), taken, amount.currency, &mut silent)?;
                    self.line_duty(schedule, (at, line), value, &mut silent)?.exact
                }
                _ => self.piece_value(at, line, &mut silent)?.exact,
            };
            all = all.checked_add(weight).ok_or(Trouble::OutOfReach)?;
            if at == index {
                own = weight;
            }
        }
        debug_assert!(self.holds(charge, piece), "the line is one of the charge");
        Ok(own.checked_div(all).unwrap_or(Ratio::ZERO))
    }
}

/// Notes that goods may pay another rate of the country than that of a row.
fn note_reduced<'a>(row: &'a Vat, piece: &Piece<'_>, ledger: &mut Ledger<'a>) {
    if piece.hs.is_some_and(|hs| row.others_hs.iter().any(|prefix| prefix.fits(hs))) {
        ledger.reduced.get_or_insert(&row.row.id);
    }
}
