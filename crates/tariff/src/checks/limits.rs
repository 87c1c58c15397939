//! The form's limit, limits of weight and size, and figures that are hard to believe.

use caravan_declaration::Form;
use caravan_postal::{Field, Ratio};

use super::identifier::class_term;
use crate::book::Book;
use crate::codes::{CN22_CLASS, CN22_LIMIT, UNITS_MANY, VALUE_DENSITY, VOLUME_LIMIT, WEIGHT_LIMIT};
use crate::facts::Facts;
use crate::rates::{Authority, NoRate};
use crate::remarks;
use crate::tables::{Standing, Tables, Threshold};
use crate::trace::Amount;

/// Holds what may not go on CN 22: parcels and EMS with goods, and what is worth too much.
pub(super) fn check_form(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if facts.declaration.form != Some(Form::Cn22) || facts.is_documents {
        return;
    }
    for rule in tables
        .forms
        .iter()
        .filter(|rule| rule.row.standing(facts.filed_on, facts.options).is_some_and(Standing::acts))
    {
        if let Some(class) = facts.class.filter(|class| rule.cn23_classes >> *class as u8 & 1 == 1) {
            book.find(Field::of("form"), CN22_CLASS.finding([class_term(class)]));
        }
        let (Some(value), Some(amount)) = (facts.value, facts.amount) else { continue };
        match is_above(facts, amount, rule.value_max, &rule.authority) {
            Ok(true) => {
                let arguments = [value.to_string(), rule.value_max.money.to_string()];
                book.find(Field::of("form"), CN22_LIMIT.finding(arguments));
            }
            Ok(false) => {}
            Err(reason) => remarks::no_rate(reason, value.currency, &rule.authority, facts.filed_on, book),
        }
    }
}

fn is_above(
    facts: &Facts<'_>,
    amount: Amount,
    limit: Threshold,
    authority: &Authority,
) -> Result<bool, NoRate> {
    let amount = facts.rates.convert(amount, limit.currency(), authority, facts.filed_on, |_, _, _| ())?;
    Ok(amount.exact > limit.exact)
}

/// Holds what is heavier or larger than the destination takes.
pub(super) fn check_limits(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    // Rows of single countries stand first and take the place of those of all.
    let rule = tables.limits.iter().find(|rule| {
        rule.countries.contains(facts.destination)
            && rule.row.standing(facts.filed_on, facts.options).is_some_and(Standing::acts)
            && rule.when.misfit(facts).is_none()
    });
    let Some(rule) = rule else { return };
    if let Some(weight) = facts.declaration.gross_weight.filter(|weight| *weight > rule.weight_max) {
        let arguments = [format!("{} kg", weight.kg()), format!("{} kg", rule.weight_max.kg())];
        book.find(Field::of("gross-weight"), WEIGHT_LIMIT.finding(arguments));
    }
    if let (Some(volume), Some(limit)) = (facts.declaration.volume, rule.volume_max)
        && volume > limit
    {
        let arguments = [format!("{} m³", volume.cubic_metres()), format!("{} m³", limit.cubic_metres())];
        book.find(Field::of("volume"), VOLUME_LIMIT.finding(arguments));
    }
}

/// Warns of figures that are possible and hard to believe.
pub(super) fn check_plausibility(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    for rule in &tables.plausibility {
        let applies = rule.countries.contains(facts.destination)
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
            && rule.when.misfit(facts).is_none();
        if !applies {
            continue;
        }
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

/// Returns whether the value per kilogram is above a limit; `None` when a figure is missing, which is no fault here.
fn is_denser(facts: &Facts<'_>, limit: Threshold, authority: &Authority) -> Option<bool> {
    let amount = facts.amount?;
    let weight = facts.declaration.gross_weight.filter(|weight| weight.0 > 0)?;
    let amount =
        facts.rates.convert(amount, limit.currency(), authority, facts.accepted_on, |_, _, _| ()).ok()?;
    let kilograms = Ratio::new(i128::from(weight.0), 1000);
    Some(amount.exact > limit.exact.checked_mul(kilograms)?)
}
