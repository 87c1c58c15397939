//! The tax on personal articles: each piece finds its article, the article its rate and, on the days when customs
//! taxed by list, its price.

use caravan_declaration::Piece;
use caravan_postal::{Money, Ratio};

use super::ledger::Ledger;
use super::reckoner::{Reckoner, Trouble, plus, times};
use crate::lexicon::{Hits, Use};
use crate::tables::{PersonalArticle, Price, PricedPer, Standing};
use crate::trace::{Amount, Quantity, What};

impl<'a> Reckoner<'a> {
    /// Sums the tax on all pieces.
    pub(super) fn personal(&self, ledger: &mut Ledger<'a>) -> Result<Amount, Trouble> {
        let mut total = Amount { exact: Ratio::ZERO, currency: self.conversion.currency };
        for (index, piece) in self.facts.declaration.pieces.iter().enumerate() {
            let declared = Amount::of(piece.value.ok_or(Trouble::Figure)?);
            ledger.take(What::PieceValue, Some(index), Quantity::Money(declared));
            let actual = self.convert(declared, self.conversion.currency, ledger)?;
            let (article, standing) = self.article(piece, actual)?.ok_or(Trouble::Figure)?;
            let rate = article.rate.filter(|_| standing != Standing::Unknown);
            let rate = rate.ok_or_else(|| Trouble::Unknown(article.row.id.clone()))?;
            ledger.stand(Some(index), &article.row.id);
            let price = self.taxable_price(article, index, piece, actual, ledger)?;
            ledger.rest_on(&article.row, standing);
            ledger.take(What::TaxRate, Some(index), Quantity::Rate(rate));
            let tax = times(What::Tax, price, Quantity::Rate(rate), ledger)?;
            total = plus(What::Sum, total, tax, ledger)?;
        }
        Ok(total)
    }

    /// Returns the article of a piece: the first row, in the table's order, whose code or words fit.
    fn article(
        &self,
        piece: &Piece<'_>,
        value: Amount,
    ) -> Result<Option<(&'a PersonalArticle, Standing)>, Trouble> {
        let mut hits: Option<Hits<'_>> = None;
        for (index, article) in self.tables.regimes.personal_articles.iter().enumerate() {
            let Some(standing) = article.row.standing(self.facts.accepted_on, self.facts.options) else {
                continue;
            };
            let is_read = article.readings.iter().all(|reading| self.is_chosen(reading));
            if Some(article.country) != self.facts.destination || !is_read {
                continue;
            }
            let is_rest = article.hs.is_empty() && !article.has_words;
            let by_code = piece.hs.is_some_and(|hs| article.hs.iter().any(|prefix| prefix.fits(hs)));
            // A code says more than a word: with one, words decide only rows that have no codes.
            let may_read = article.has_words && (piece.hs.is_none() || article.hs.is_empty());
            let by_word = may_read && {
                let text = piece.description.unwrap_or_default();
                let hits = hits.get_or_insert_with(|| self.tables.lexicon.personal_hits(text));
                let wanted = Use::Personal(u16::try_from(index).unwrap_or(u16::MAX));
                hits.iter().any(|hit| hit.uses.contains(&wanted))
            };
            if (is_rest || by_code || by_word)
                && self.is_dear_enough([article.unit_value_from, article.gram_value_from], piece, value)?
            {
                return Ok(Some((article, standing)));
            }
        }
        Ok(None)
    }

    /// Returns whether a piece reaches the value per unit and per gram from which a row begins.
    pub(super) fn is_dear_enough(
        &self,
        [unit, gram]: [Option<Money>; 2],
        piece: &Piece<'_>,
        value: Amount,
    ) -> Result<bool, Trouble> {
        let limits = [(unit, piece.units.map(u64::from)), (gram, piece.net_weight.map(|weight| weight.0))];
        for (limit, count) in limits {
            let Some(limit) = limit else { continue };
            let Some(count) = count.and_then(|count| i64::try_from(count).ok()) else { return Ok(false) };
            let limit = self.convert(Amount::of(limit), value.currency, &mut Ledger::silent())?;
            let all = limit.exact.checked_mul(Ratio::whole(count)).ok_or(Trouble::OutOfReach)?;
            if value.exact < all {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Returns the price that customs taxes.
    fn taxable_price(
        &self,
        article: &PersonalArticle,
        index: usize,
        piece: &Piece<'_>,
        actual: Amount,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let pricing = self.tables.regimes.pricings.iter().find_map(|pricing| {
            let is_here = Some(pricing.country) == self.facts.destination;
            let standing =
                pricing.row.standing(self.facts.accepted_on, self.facts.options).filter(|_| is_here)?;
            Some((pricing, standing))
        });
        let Some((pricing, standing)) = pricing.filter(|(pricing, _)| pricing.price == Price::ListUnlessFar)
        else {
            return Ok(actual);
        };
        let Some((price, per)) = article.list_price else { return Ok(actual) };
        ledger.stand(Some(index), &pricing.row.id);
        let listed = self.list_price(price, per, index, piece, actual, ledger)?;
        let double = listed.exact.checked_mul(Ratio::whole(2)).ok_or(Trouble::OutOfReach)?;
        let half = listed.exact.checked_mul(Ratio::new(1, 2)).ok_or(Trouble::OutOfReach)?;
        let is_far = actual.exact >= double || actual.exact <= half;
        let price = if is_far { actual } else { listed };
        ledger.take(What::TaxablePrice, Some(index), Quantity::Money(price));
        ledger.rest_on(&pricing.row, standing);
        Ok(price)
    }

    fn list_price(
        &self,
        price: Money,
        per: PricedPer,
        index: usize,
        piece: &Piece<'_>,
        actual: Amount,
        ledger: &mut Ledger<'a>,
    ) -> Result<Amount, Trouble> {
        let count = match per {
            PricedPer::Kilogram => Quantity::Weight(piece.net_weight.ok_or(Trouble::Figure)?),
            PricedPer::Unit => Quantity::Count(piece.units.ok_or(Trouble::Figure)?),
        };
        ledger.take(What::ListPrice, Some(index), Quantity::Money(Amount::of(price)));
        let listed = times(What::ListPrice, Amount::of(price), count, ledger)?;
        self.convert(listed, actual.currency, ledger)
    }
}
