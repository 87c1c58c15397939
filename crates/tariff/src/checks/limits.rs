//! The form's limit, and limits of weight and size.

use caravan_declaration::Form;
use caravan_postal::{Currency, Field, Finding, HsCode};

use super::identifier::class_term;
use crate::book::Book;
use crate::codes::{CN22_CLASS, CN22_DOUBTFUL, CN22_LIMIT, LIMIT_DOUBTFUL, VOLUME_LIMIT, WEIGHT_LIMIT};
use crate::facts::Facts;
use crate::rates::{Authority, NoRate};
use crate::remarks::{self, OldestRate};
use crate::tables::{Limit, Standing, Tables, Threshold};

/// Holds what may not go on CN 22: parcels and EMS with goods, and what is worth too much.
pub(super) fn check_form(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if facts.declaration.form != Some(Form::Cn22) || facts.is_documents {
        return;
    }
    for rule in &tables.forms {
        let standing = rule.row.standing(facts.filed_on, facts.options);
        let Some(standing) = standing.filter(|standing| standing.acts()) else { continue };
        let told = |finding: Finding| match standing {
            Standing::Sure => finding,
            _ => CN22_DOUBTFUL.finding([rule.row.id.as_str()]),
        };
        if let Some(class) = facts.class.filter(|class| rule.cn23_classes >> *class as u8 & 1 == 1) {
            book.find(Field::of("form"), told(CN22_CLASS.finding([class_term(class)])));
        }
        match is_above(facts, rule.value_max, &rule.authority, book) {
            Ok(true) => {
                let arguments = [facts.stated(), rule.value_max.money.to_string()];
                book.find(Field::of("form"), told(CN22_LIMIT.finding(arguments)));
            }
            Ok(false) => {}
            Err((reason, currency)) => {
                remarks::no_rate(reason, currency, &rule.authority, facts.filed_on, book);
            }
        }
    }
}

fn is_above(
    facts: &Facts<'_>,
    limit: Threshold,
    authority: &Authority,
    book: &mut Book,
) -> Result<bool, (NoRate, Currency)> {
    let oldest_rate = OldestRate::default();
    let date = facts.rated_on(facts.filed_on);
    let seen = |rate| oldest_rate.note(authority, rate, date);
    let Some(amount) = facts.worth(limit.currency(), authority, date, seen) else { return Ok(false) };
    let amount = amount?;
    oldest_rate.tell(book);
    Ok(amount.exact > limit.exact)
}

/// Holds what is heavier or larger than the destination takes, and warns of what it may not take.
///
/// Rows of single countries, then of single kinds of mail, take the place of those behind them. A row that is not
/// confirmed leaves the word to the next one in force; one of a kind of mail stands alone.
pub(super) fn check_limits(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    let mut doubts = Vec::new();
    for rule in tables.limits.of_country(facts.destination).filter(|rule| is_meant(rule, facts)) {
        let standing = rule.row.standing(facts.filed_on, facts.options);
        let Some(standing) = standing.filter(|standing| standing.acts()) else { continue };
        let is_sure = standing == Standing::Sure;
        let before = doubts.len();
        check_limit(rule, facts, is_sure, &mut doubts);
        if is_sure && doubts.len() > before {
            // What is sure leaves no doubt to be told.
            doubts.drain(..before);
        }
        if is_sure || rule.is_narrow() {
            break;
        }
    }
    book.findings.append(&mut doubts);
}

fn check_limit(rule: &Limit, facts: &Facts<'_>, is_sure: bool, found: &mut Vec<Finding>) {
    let row = rule.row.id.as_str();
    if let Some(weight) = facts.declaration.gross_weight.filter(|weight| *weight > rule.weight_max) {
        let (weight, limit) = (format!("{} kg", weight.kg()), format!("{} kg", rule.weight_max.kg()));
        let finding = if is_sure {
            WEIGHT_LIMIT.finding([weight, limit])
        } else {
            LIMIT_DOUBTFUL.finding([&*weight, &*limit, row])
        };
        found.push(finding.on(Field::of("gross-weight")));
    }
    if let (Some(volume), Some(limit)) = (facts.declaration.volume, rule.volume_max)
        && volume > limit
    {
        let (volume, limit) =
            (format!("{} m³", volume.cubic_metres()), format!("{} m³", limit.cubic_metres()));
        let finding = if is_sure {
            VOLUME_LIMIT.finding([volume, limit])
        } else {
            LIMIT_DOUBTFUL.finding([&*volume, &*limit, row])
        };
        found.push(finding.on(Field::of("volume")));
    }
}

fn is_meant(rule: &Limit, facts: &Facts<'_>) -> bool {
    let subclass = facts.declaration.route.subclass;
    let is_listed = |hs: HsCode| rule.only_hs.iter().any(|prefix| prefix.fits(hs));
    let pieces = &facts.declaration.pieces;
    rule.when.misfit(facts).is_none()
        && (rule.subclasses.is_empty() || subclass.is_some_and(|own| rule.subclasses.contains(&own)))
        && (rule.only_hs.is_empty()
            || !pieces.is_empty() && pieces.iter().all(|piece| piece.hs.is_some_and(is_listed)))
}
