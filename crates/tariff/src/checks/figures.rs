//! Figures that are possible and hard to believe: value by the kilogram, equal units, weight and value of one unit.
//!
//! Nothing here holds: an odd figure is a reason to look, and usually a decimal point or a unit gone wrong.

use caravan_declaration::Piece;
use caravan_postal::{Field, Money, Ratio};

use crate::book::Book;
use crate::codes::{UNIT_VALUE, UNIT_WEIGHT, UNITS_MANY, VALUE_DENSITY, VALUE_UNLIKELY};
use crate::facts::Facts;
use crate::lexicon::{Hit, Use};
use crate::rates::Authority;
use crate::tables::{Plausibility, Standing, Tables, Threshold};
use crate::trace::Amount;

/// Rows on figures that words of one description name.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    found: Vec<(u16, usize, usize)>,
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

    fn names(&self, rule: usize) -> bool {
        self.found.iter().any(|(found, ..)| usize::from(*found) == rule)
    }
}

fn applies(rule: &Plausibility, facts: &Facts<'_>) -> bool {
    rule.countries.contains(facts.destination)
        && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
        && rule.when.misfit(facts).is_none()
}

/// Warns of figures of the item as a whole.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    for rule in tables.plausibility.iter().filter(|rule| applies(rule, facts)) {
        if let Some((limit, authority)) = &rule.value_per_kg_max
            && is_denser(facts, *limit, authority) == Some(true)
        {
            book.find(Field::of("total-value"), VALUE_DENSITY.finding([limit.money.to_string()]));
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
pub(super) fn check_piece(
    tables: &Tables,
    facts: &Facts<'_>,
    index: usize,
    piece: &Piece<'_>,
    figures: &Figures,
    book: &mut Book,
) {
    if facts.is_documents || (piece.hs.is_none() && figures.found.is_empty()) {
        return;
    }
    // What a row says of these goods goes before what the table says of their whole chapter.
    let mut is_weight_known = false;
    for (at, rule) in tables.plausibility.iter().enumerate().filter(|(_, rule)| applies(rule, facts)) {
        if let Some(unit) = &rule.unit
            && (figures.names(at) || piece.hs.is_some_and(|hs| unit.hs.iter().any(|prefix| prefix.fits(hs))))
        {
            is_weight_known |= unit.grams != (None, None);
            check_unit_weight(rule, unit.grams, index, piece, book);
            let value = unit_value(facts, piece, unit.value, &unit.authority);
            if value.is_some_and(|value| is_outside(value, unit.value)) {
                let [least, most] = [unit.value.0, unit.value.1].map(amount_or_open);
                let arguments = [&*least, &*most, rule.row.id.as_str()];
                book.find(Field::of_piece(index, "value"), UNIT_VALUE.finding(arguments));
            }
        }
        let (Some(authority), Some(hs)) = (&rule.by_chapter, piece.hs) else { continue };
        let Some(chapter) = tables.figures.list.of(hs.chapter()) else { continue };
        let per_kg = (Some(chapter.per_kg.0), Some(chapter.per_kg.1));
        if value_per_kg(facts, piece, chapter.per_kg.0, authority)
            .is_some_and(|value| is_outside(value, per_kg))
        {
            let [least, most] = [per_kg.0, per_kg.1].map(amount_or_open);
            let arguments = [&*least, &*most, rule.row.id.as_str()];
            book.find(Field::of_piece(index, "value"), VALUE_UNLIKELY.finding(arguments));
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
        let arguments = [&*shown(least), &*shown(most), rule.row.id.as_str()];
        book.find(Field::of_piece(index, "net-weight"), UNIT_WEIGHT.finding(arguments));
    }
}

fn amount_or_open(threshold: Option<Threshold>) -> String {
    threshold.map_or_else(|| "@open".to_owned(), |threshold| threshold.money.to_string())
}

fn is_outside(value: Ratio, (least, most): (Option<Threshold>, Option<Threshold>)) -> bool {
    least.is_some_and(|least| value < least.exact) || most.is_some_and(|most| value > most.exact)
}

/// Returns what one unit is worth in the money of the bounds; `None` when a figure is missing, which is no fault here.
fn unit_value(
    facts: &Facts<'_>,
    piece: &Piece<'_>,
    bounds: (Option<Threshold>, Option<Threshold>),
    authority: &Authority,
) -> Option<Ratio> {
    let bound = bounds.0.or(bounds.1)?;
    let units = piece.units.filter(|units| *units > 0)?;
    converted(facts, piece, bound, authority)?.checked_div(Ratio::whole(units.into()))
}

/// Returns what a kilogram of a piece is worth in the money of a bound.
fn value_per_kg(
    facts: &Facts<'_>,
    piece: &Piece<'_>,
    bound: Threshold,
    authority: &Authority,
) -> Option<Ratio> {
    let weight = piece.net_weight.filter(|weight| weight.0 > 0)?;
    converted(facts, piece, bound, authority)?.checked_div(Ratio::new(i128::from(weight.0), 1000))
}

fn converted(facts: &Facts<'_>, piece: &Piece<'_>, bound: Threshold, authority: &Authority) -> Option<Ratio> {
    let value = piece.value.filter(|value| (1..=Money::MAX_MINOR).contains(&value.minor))?;
    let amount = Amount::of(value);
    let rate = facts.rates.convert(amount, bound.currency(), authority, facts.accepted_on, |_, _, _| ());
    rate.ok().map(|amount| amount.exact)
}

/// Returns whether the value per kilogram is above a limit; `None` when a figure is missing, which is no fault here.
fn is_denser(facts: &Facts<'_>, limit: Threshold, authority: &Authority) -> Option<bool> {
    let amount = facts.amount?;
    let weight = facts.declaration.gross_weight.filter(|weight| weight.0 > 0)?;
    let amount =
        facts.rates.convert(amount, limit.currency(), authority, facts.accepted_on, |_, _, _| ()).ok()?;
    let kilograms = Ratio::new(i128::from(weight.0), 1000);
    Some(amount.exact > limit.exact.checked_mul(kilograms)?)
}
