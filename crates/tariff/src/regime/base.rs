//! What a charge stands on: goods, postage, what is due already, and the parts that fall on lines.

use caravan_declaration::Piece;
use caravan_postal::{Currency, Grams, Money, Ratio, Rounding};

use super::due::Due;
use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, minus, plus, times};
use crate::ChargeKind;
use crate::facts::Facts;
use crate::tables::{Charge, Figure, HsPrefix, Lines, base};
use crate::trace::{Amount, Quantity, What};

/// What of the due amounts a base can hold.
const DUE: [(u8, ChargeKind, What); 3] = [
    (base::DUTY, ChargeKind::Duty, What::Duty),
    (base::EXCISE, ChargeKind::Excise, What::Excise),
    (base::TAX, ChargeKind::Tax, What::Tax),
];

impl Lines {
    /// Returns whether every line is charged.
    pub(super) fn are_all(&self) -> bool {
        !self.ask_codes()
            && self.only_origins.is_none()
            && self.except_origins.is_none()
            && self.article_above.is_none()
    }

    /// Returns whether commodity codes matter.
    pub(super) fn ask_codes(&self) -> bool {
        !self.only_hs.is_empty() || !self.except_hs.is_empty()
    }

    /// Returns whether a line is of the goods and origin that are charged. One without a code is ordinary goods.
    fn hold(&self, piece: &Piece<'_>, facts: &Facts<'_>) -> bool {
        let begins = |list: &[HsPrefix]| piece.hs.is_some_and(|hs| list.iter().any(|prefix| prefix.fits(hs)));
        let origin = piece.origin.or(facts.origin);
        (self.only_hs.is_empty() || begins(&self.only_hs))
            && !begins(&self.except_hs)
            && self.only_origins.as_ref().is_none_or(|set| set.contains(origin))
            && self.except_origins.as_ref().is_none_or(|set| !set.contains(origin))
    }
}

impl<'a> Reckoner<'a> {
    /// Returns the lines that a charge is for, with their places.
    pub(super) fn lines<'c>(
        &self,
        charge: &'c Charge,
    ) -> impl Iterator<Item = (usize, &'a Piece<'a>)> + use<'_, 'a, 'c> {
        let pieces = self.facts.declaration.pieces.iter().enumerate();
        pieces.filter(move |(_, piece)| self.holds(charge, piece))
    }

    /// Returns whether a line is one that a charge is for. Where its value cannot be held against an amount, the base
    /// cannot be reckoned either.
    pub(super) fn holds(&self, charge: &Charge, piece: &Piece<'_>) -> bool {
        let is_above = |figure| {
            let limit = self.figure(figure, &mut Ledger::silent());
            limit.and_then(|limit| self.is_article_above(piece, limit)).unwrap_or(true)
        };
        charge.lines.hold(piece, self.facts) && charge.lines.article_above.as_ref().is_none_or(is_above)
    }

    /// Adds up the base of a charge in a currency.
    pub(super) fn base(
        &self,
        charge: &Charge,
        currency: Currency,
        due: &Due<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let part = self.part(charge, ledger)?;
        let mut sum = self.goods_of(charge, part, currency, ledger)?;
        if let Some(free) = &charge.free {
            sum = self.above(free, sum, ledger)?;
        }
        for (bit, kind, what) in DUE {
            if charge.base & bit == 0 {
                continue;
            }
            let Some(amount) = due.amount(kind) else { continue };
            ledger.take(what, None, Quantity::Money(Amount::of(amount)));
            let amount = self.convert(Amount::of(amount), currency, ledger)?;
            let amount = of_lines(part, amount, ledger)?;
            sum = plus(What::Base, sum, amount, ledger)?;
        }
        Ok(sum)
    }

    /// Adds up goods and postage of the lines that a charge is for.
    fn goods_of(
        &self,
        charge: &Charge,
        part: Option<Ratio>,
        currency: Currency,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let mut sum = Amount { exact: Ratio::ZERO, currency };
        if charge.base & base::VALUE != 0 {
            let value = self.goods(currency, ledger)?;
            sum = of_lines(part, value, ledger)?;
        }
        if charge.base & base::POSTAGE != 0
            && let Some(postage) = self.postage(currency, ledger)?
        {
            let postage = of_lines(part, postage, ledger)?;
            sum = plus(What::Base, sum, postage, ledger)?;
        }
        Ok(sum)
    }

    /// Returns what of an amount lies above a free one.
    fn above(&self, free: &Figure, amount: Amount, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let free = self.figure(free, ledger)?;
        let free = self.convert(free, amount.currency, ledger)?;
        minus(What::ExcessValue, amount, free, ledger)
    }

    /// Returns the share by value of the lines that a charge is for; `None` where it is for the whole.
    fn part(&self, charge: &Charge, ledger: &mut Ledger<'a>) -> Result<Option<Ratio>, Trouble> {
        if charge.lines.are_all() {
            return Ok(None);
        }
        let mut sum = Ratio::ZERO;
        for (index, piece) in self.lines(charge) {
            let value = self.piece_value(index, piece, ledger)?;
            sum = sum.checked_add(value.exact).ok_or(Trouble::OutOfReach)?;
        }
        // Nothing is a share of nothing.
        Ok(Some(sum.checked_div(self.value.exact).unwrap_or(Ratio::ZERO)))
    }

    /// Returns the value of all goods as the regime counts it.
    pub(super) fn goods(&self, currency: Currency, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let is_plain = ledger.is_silent() && self.share.is_none();
        if let Some(known) = self.known.get().filter(|known| is_plain && known.currency == currency) {
            return Ok(known);
        }
        let value = self.reckon_goods(currency, ledger)?;
        if is_plain {
            self.known.set(Some(value));
        }
        Ok(value)
    }

    fn reckon_goods(&self, currency: Currency, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let value =
            if self.facts.is_mixed && !ledger.is_silent() { self.sum_of_pieces(ledger)? } else { self.value };
        ledger.take(What::Value, None, Quantity::Money(value));
        let value = self.shared(value, ledger)?;
        let value = self.convert(value, currency, ledger)?;
        let Some(decimals) = self.conversion.value_decimals.filter(|_| currency == self.conversion.currency)
        else {
            return Ok(value);
        };
        let scale = Ratio::whole(10i64.pow(decimals));
        let whole = value.exact.checked_mul(scale).and_then(|scaled| scaled.checked_round(Rounding::HalfUp));
        let minor = whole
            .and_then(|whole| whole.checked_mul(10i64.pow(currency.exponent().saturating_sub(decimals))));
        let money = Money { minor: minor.ok_or(Trouble::OutOfReach)?, currency };
        ledger.round(value, money, Rounding::HalfUp);
        Ok(Amount::of(money))
    }

    /// Returns the value of a piece in the currency of the whole, which is its own unless there are several.
    pub(super) fn piece_value(
        &self,
        index: usize,
        piece: &Piece<'_>,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let value = Amount::of(piece.value.ok_or(Trouble::Figure)?);
        ledger.take(What::PieceValue, Some(index), Quantity::Money(value));
        self.convert(value, self.value.currency, ledger)
    }

    /// Adds up pieces of several currencies, each converted at full precision.
    pub(super) fn sum_of_pieces(&self, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let nothing = Amount { exact: Ratio::ZERO, currency: self.value.currency };
        let mut pieces = self.facts.declaration.pieces.iter().enumerate();
        pieces.try_fold(nothing, |sum, (index, piece)| {
            let value = self.piece_value(index, piece, ledger)?;
            plus(What::Sum, sum, value, ledger)
        })
    }

    /// Returns the share of a value that the regime counts.
    pub(super) fn shared(&self, value: Amount, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        match self.share {
            Some(share) => times(What::Value, value, Quantity::Rate(share), ledger),
            None => Ok(value),
        }
    }

    /// Returns postage in a currency, when it is declared.
    pub(super) fn postage(
        &self,
        currency: Currency,
        ledger: &mut Ledger<'a>,
    ) -> Result<Option<Amount>, Trouble> {
        let Some(postage) = self.facts.declaration.postage else {
            ledger.lacks_postage = true;
            return Ok(None);
        };
        if !(0..=Money::MAX_MINOR).contains(&postage.minor) {
            return Err(Trouble::OutOfReach);
        }
        ledger.take(What::Postage, None, Quantity::Money(Amount::of(postage)));
        self.convert(Amount::of(postage), currency, ledger).map(Some)
    }

    pub(super) fn gross_weight(&self, ledger: &mut Ledger<'a>) -> Result<Grams, Trouble> {
        let weight = self.facts.declaration.gross_weight.ok_or(Trouble::Figure)?;
        ledger.take(What::GrossWeight, None, Quantity::Weight(weight));
        Ok(weight)
    }

    /// Returns which part of each line a charge takes, where something is free: what lies above it, over the whole.
    pub(super) fn taken(
        &self,
        charge: &Charge,
        currency: Currency,
        ledger: &mut Ledger<'a>,
    ) -> Result<Option<Ratio>, Trouble> {
        let Some(free) = &charge.free else { return Ok(None) };
        let part = self.part(charge, &mut Ledger::silent())?;
        let whole = self.goods_of(charge, part, currency, ledger)?;
        let above = self.above(free, whole, ledger)?;
        Ok(Some(above.exact.checked_div(whole.exact).unwrap_or(Ratio::ZERO)))
    }

    /// Returns the value of a line, with its share of the postage by value where that belongs to the base.
    pub(super) fn line_value(
        &self,
        charge: &Charge,
        (index, piece): (usize, &Piece<'_>),
        taken: Option<Ratio>,
        currency: Currency,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let declared = self.piece_value(index, piece, ledger)?;
        let value = self.shared(declared, ledger)?;
        let mut value = self.convert(value, currency, ledger)?;
        if charge.base & base::POSTAGE != 0
            && let Some(postage) = self.postage(currency, ledger)?
            && let Some(share) = declared.exact.checked_div(self.value.exact)
        {
            let postage = times(What::Share, postage, Quantity::Rate(share), ledger)?;
            value = plus(What::Base, value, postage, ledger)?;
        }
        match taken {
            Some(taken) => times(What::ExcessValue, value, Quantity::Rate(taken), ledger),
            None => Ok(value),
        }
    }
}

/// Returns the part of an amount that falls on lines.
fn of_lines(part: Option<Ratio>, amount: Amount, ledger: &mut Ledger<'_>) -> Result<Amount, Trouble> {
    match part {
        Some(part) => times(What::Share, amount, Quantity::Rate(part), ledger),
        None => Ok(amount),
    }
}
