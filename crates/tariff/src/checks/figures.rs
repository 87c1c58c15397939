//! Figures that are possible and hard to believe: value by the kilogram, equal units, weight and value of one unit.
//!
//! Nothing here holds: an odd figure is a reason to look, and usually a decimal point or a unit gone wrong.

use caravan_declaration::Piece;
use caravan_postal::{Currency, Field, Grams, Money, Ratio};
use smallvec::SmallVec;

use crate::book::Book;
use crate::codes::{UNIT_VALUE, UNIT_WEIGHT, UNITS_MANY, VALUE_DENSITY, VALUE_UNLIKELY};
use crate::facts::Facts;
use crate::lexicon::{Hit, Use};
use crate::rates::Authority;
use crate::tables::{Plausibility, Standing, Tables, Threshold};
use crate::trace::Amount;

/// The grams of a kilogram.
const GRAMS: u32 = 1000;

/// Rows on figures that words of one description name.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    found: SmallVec<[(u16, usize, usize); 4]>,
}

impl Figures {
    /// Takes a word that names goods of known figures.
    pub(crate) fn take(&mut self, rule: u16, hit: &Hit<'_>) {
        self.found.push((rule, hit.span.start, hit.span.end));
    }

    /// Drops words that stand inside a phrase for other goods: the phone of a phone case.
    pub(crate) fn drop_others(&mut self, hits: &[Hit<'_>]) {
        if self.found.is_empty() {
            return;
        }
        for hit in hits {
            for wanted in hit.uses {
                let Use::Unlikely(other) = *wanted else { continue };
                self.found.retain(|(rule, start, end)| {
                    *rule != other || hit.span.start > *start || *end > hit.span.end
                });
            }
        }
    }

    /// Returns the rows that name the goods of a piece by code or by word, in their order.
    fn naming(&self, tables: &Tables, piece: &Piece<'_>) -> SmallVec<[u16; 8]> {
        let mut rows: SmallVec<[u16; 8]> = self.found.iter().map(|(rule, ..)| *rule).collect();
        if let Some(hs) = piece.hs {
            tables.plausibility.by_code.rows(hs).for_each(|rule| rows.push(rule));
        }
        if rows.len() > 1 {
            rows.sort_unstable();
            rows.dedup();
        }
        rows
    }
}

/// Goes over rows that name the goods and rows that go by chapter, both in their order, in the order of all; each comes
/// once, with whether it names the goods.
fn merged(naming: &[u16], by_chapter: &[u16]) -> impl Iterator<Item = (u16, bool)> {
    let (mut naming, mut by_chapter) = (naming, by_chapter);
    std::iter::from_fn(move || {
        let (named, other) = (naming.first(), by_chapter.first());
        let names = named.is_some_and(|named| other.is_none_or(|other| named <= other));
        if !names || named == other {
            by_chapter = by_chapter.get(1..)?;
        }
        if names {
            naming = &naming[1..];
        }
        if names { named } else { other }.map(|rule| (*rule, names))
    })
}

/// A fraction that need not be in lowest terms.
type Fraction = (i128, i128);

/// What money is worth in the money of the bounds: found once for an item, whose pieces share a currency.
#[derive(Debug, Default)]
pub(crate) struct Worth<'t> {
    known: Option<(&'t Authority, Currency, Currency, Option<Fraction>)>,
}

impl<'t> Worth<'t> {
    /// Returns what one minor unit of a currency is worth in those of the bounds; `None` without a rate, which is no
    /// fault here.
    fn of_minor(
        &mut self,
        facts: &Facts<'_>,
        currency: Currency,
        bound: Currency,
        authority: &'t Authority,
    ) -> Option<Fraction> {
        if let Some((known, from, to, worth)) = &mut self.known
            && (*from, *to) == (currency, bound)
            && (std::ptr::eq(*known, authority) || known.id == authority.id)
        {
            // The next piece comes with the same row, and so the same authority.
            *known = authority;
            return *worth;
        }
        let one = Amount { exact: Ratio::whole(1), currency };
        let worth = facts.rates.convert(one, bound, authority, facts.accepted_on, |_, _, _| ()).ok();
        let worth = worth.and_then(|amount| {
            let (up, down) = amount.exact.parts();
            let [units, minor_units] = [bound, currency].map(|currency| 10i128.pow(currency.exponent()));
            Some((product(up, units)?, product(down, minor_units)?))
        });
        self.known = Some((authority, currency, bound, worth));
        worth
    }
}

/// The least and the most, where there is one.
type Bounds<'t> = (Option<&'t Threshold>, Option<&'t Threshold>);

/// Returns whether a value for so many parts is outside the bounds for one whole.
fn is_outside<'t>(
    facts: &Facts<'_>,
    worth: &mut Worth<'t>,
    authority: &'t Authority,
    value: Option<Money>,
    (least, most): Bounds<'_>,
    (parts, scale): (u64, u32),
) -> bool {
    let value = value.filter(|value| (1..=Money::MAX_MINOR).contains(&value.minor) && parts > 0);
    let Some(value) = value else { return false };
    let Some(bound) = least.or(most) else { return false };
    let Some((up, down)) = worth.of_minor(facts, value.currency, bound.currency(), authority) else {
        return false;
    };
    // Both sides are multiplied out: nothing is divided, and figures out of reach are outside of nothing.
    // A value is below 2^40 and a scale below 2^32.
    let value = product(i128::from(value.minor) * i128::from(scale), up);
    let (Some(value), Some(one)) = (value, product(down, parts.into())) else { return false };
    let side = |bound: &Threshold| product(one, bound.money.minor.into());
    least.and_then(side).is_some_and(|least| value < least)
        || most.and_then(side).is_some_and(|most| value > most)
}

/// Multiplies; what fits into 64 bits on both sides, as nearly every figure does, needs no check.
#[inline]
fn product(one: i128, other: i128) -> Option<i128> {
    match (i64::try_from(one), i64::try_from(other)) {
        (Ok(one), Ok(other)) => Some(i128::from(one) * i128::from(other)),
        _ => one.checked_mul(other),
    }
}

fn applies(rule: &Plausibility, facts: &Facts<'_>) -> bool {
    rule.countries.contains(facts.destination)
        && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
        && rule.when.misfit(facts).is_none()
}

/// Warns of figures of the item as a whole.
pub(super) fn check<'t>(tables: &'t Tables, facts: &Facts<'_>, worth: &mut Worth<'t>, book: &mut Book) {
    for at in &tables.plausibility.of_item {
        let rule = &tables.plausibility.rows[usize::from(*at)];
        if !applies(rule, facts) {
            continue;
        }
        if let Some((limit, authority)) = &rule.value_per_kg_max {
            let weight = facts.declaration.gross_weight.map_or(0, |weight| weight.0);
            // The sum may be beyond what one value can be: only then is it not looked at.
            let value = facts.amount.and(facts.value);
            if is_outside(facts, worth, authority, value, (None, Some(limit)), (weight, GRAMS)) {
                book.find(Field::of("total-value"), VALUE_DENSITY.finding([limit.money.to_string()]));
            }
        }
        let Some(limit) = rule.equal_units_max else { continue };
        for (index, piece) in facts.declaration.pieces.iter().enumerate() {
            if let Some(units) = piece.units.filter(|units| *units > limit) {
                let arguments = [units.to_string(), limit.to_string()];
                book.find(Field::of_piece(index, "units"), UNITS_MANY.finding(arguments));
            }
        }
    }
}

/// Warns of figures of one piece.
pub(super) fn check_piece<'t>(
    tables: &'t Tables,
    facts: &Facts<'_>,
    index: usize,
    figures: &Figures,
    worth: &mut Worth<'t>,
    book: &mut Book,
) {
    let piece = &facts.declaration.pieces[index];
    if facts.is_documents || (piece.hs.is_none() && figures.found.is_empty()) {
        return;
    }
    // What a row says of these goods goes before what the table says of their whole chapter.
    let mut is_weight_known = false;
    let naming = figures.naming(tables, piece);
    let by_chapter: &[u16] = if piece.hs.is_some() { &tables.plausibility.by_chapter } else { &[] };
    for (at, names) in merged(&naming, by_chapter) {
        let rule = &tables.plausibility.rows[usize::from(at)];
        if !applies(rule, facts) {
            continue;
        }
        let value = Field::of_piece(index, "value");
        if let Some(unit) = rule.unit.as_ref().filter(|_| names) {
            is_weight_known |= unit.grams != (None, None);
            check_unit_weight(rule, unit.grams, index, piece, book);
            let units = piece.units.unwrap_or(0).into();
            let bounds = (unit.value.0.as_ref(), unit.value.1.as_ref());
            if is_outside(facts, worth, &unit.authority, piece.value, bounds, (units, 1)) {
                book.find(value, UNIT_VALUE.finding(shown(bounds, rule)));
            }
        }
        let chapter = piece.hs.and_then(|hs| tables.figures.list.of(hs.chapter()));
        let Some((authority, chapter)) = rule.by_chapter.as_ref().zip(chapter) else { continue };
        let per_kg = (Some(&chapter.per_kg.0), Some(&chapter.per_kg.1));
        let Grams(net) = piece.net_weight.unwrap_or_default();
        if is_outside(facts, worth, authority, piece.value, per_kg, (net, GRAMS)) {
            book.find(value, VALUE_UNLIKELY.finding(shown(per_kg, rule)));
        }
        if !is_weight_known {
            let grams = (Some(chapter.unit_grams.0), Some(chapter.unit_grams.1));
            check_unit_weight(rule, grams, index, piece, book);
        }
    }
}

fn check_unit_weight(
    rule: &Plausibility,
    (least, most): (Option<u64>, Option<u64>),
    index: usize,
    piece: &Piece<'_>,
    book: &mut Book,
) {
    let (Some(net), Some(units)) = (piece.net_weight, piece.units) else { return };
    let (net, units) = (u128::from(net.0), u128::from(units));
    if net == 0 || units == 0 {
        return;
    }
    let is_too_light = least.is_some_and(|least| net < u128::from(least) * units);
    let is_too_heavy = most.is_some_and(|most| net > u128::from(most) * units);
    if is_too_light || is_too_heavy {
        let shown =
            |grams: Option<u64>| grams.map_or_else(|| "@open".to_owned(), |grams| format!("{grams} g"));
        let arguments = [shown(least), shown(most), rule.row.id.to_string()];
        book.find(Field::of_piece(index, "net-weight"), UNIT_WEIGHT.finding(arguments));
    }
}

/// Returns the arguments of a finding on bounds of value.
fn shown(bounds: Bounds<'_>, rule: &Plausibility) -> [String; 3] {
    let [least, most] = [bounds.0, bounds.1]
        .map(|bound| bound.map_or_else(|| "@open".to_owned(), |threshold| threshold.money.to_string()));
    [least, most, rule.row.id.to_string()]
}
