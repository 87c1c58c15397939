//! The customs procedure of an item, and the value up to which it passes as personal articles.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::{PERSONAL_DOUBTFUL, PERSONAL_INDIVISIBLE, PERSONAL_LIMIT};
use crate::facts::Facts;
use crate::remarks::OldestRate;
use crate::tables::{Condition, Misfit, Standing, Tables, not_on};
use crate::{Channel, Flow, remarks};

/// Returns the procedure of the station's side: of the country of dispatch for an export, of destination for an import.
pub(crate) fn channel(tables: &Tables, facts: &Facts<'_>, book: &mut Book) -> Channel {
    let (country, date) = match facts.flow {
        Flow::Export => (facts.origin, facts.filed_on),
        Flow::Import => (facts.destination, facts.accepted_on),
        Flow::Transit => return Channel::PostalArticle,
    };
    for rule in tables.channels.of_country(country).filter(|rule| rule.flow == facts.flow) {
        match misfit(&rule.when, facts) {
            Some(why) => book.pass(&rule.row, why),
            None if rule.row.standing(date, facts.options).is_some_and(Standing::acts) => {
                return rule.channel;
            }
            None => book.pass(&rule.row, not_on(&rule.row, date)),
        }
    }
    Channel::PostalArticle
}

/// Holds personal articles above the limit of the station's side; returns whether the item is held by it.
pub(crate) fn check_personal_limit(tables: &Tables, facts: &Facts<'_>, book: &mut Book) -> bool {
    let (country, date) = match facts.flow {
        Flow::Export => (facts.origin, facts.filed_on),
        Flow::Import => (facts.destination, facts.accepted_on),
        Flow::Transit => return false,
    };
    for rule in tables.personal_limits.of_country(country).filter(|rule| rule.flow == facts.flow) {
        if let Some(why) = misfit(&rule.when, facts) {
            book.pass(&rule.row, why);
            continue;
        }
        let standing = rule.row.standing(date, facts.options).filter(|standing| standing.acts());
        let Some(standing) = standing else {
            book.pass(&rule.row, not_on(&rule.row, date));
            continue;
        };
        let limit = rule.limit;
        let (oldest_rate, rated_on) = (OldestRate::default(), facts.rated_on(date));
        let seen = |rate| oldest_rate.note(&rule.authority, rate, rated_on);
        let Some(converted) = facts.worth(limit.currency(), &rule.authority, rated_on, seen) else {
            return false;
        };
        oldest_rate.tell(book);
        match converted {
            Ok(converted) if converted.exact > limit.exact => {
                let value = facts.stated();
                let shown = if facts.value.is_some_and(|value| value.currency == limit.currency()) {
                    value
                } else {
                    format!("{value} = {} {}", converted.exact.decimal(2), converted.currency)
                };
                let arguments = [shown, limit.money.to_string(), rule.row.id.to_string()];
                let is_one = rule.admits_one_indivisible && facts.is_one_article();
                let is_sure = standing == Standing::Sure;
                let code = match (is_one, is_sure) {
                    (true, _) => &PERSONAL_INDIVISIBLE,
                    (false, true) => &PERSONAL_LIMIT,
                    (false, false) => &PERSONAL_DOUBTFUL,
                };
                book.find(Field::of("total-value"), code.finding(arguments));
                return !is_one && is_sure;
            }
            Ok(_) => {}
            Err((reason, currency)) => remarks::no_rate(reason, currency, &rule.authority, date, book),
        }
    }
    false
}

/// Returns why a condition does not fit, its readings included.
fn misfit(when: &Condition, facts: &Facts<'_>) -> Option<Misfit> {
    let is_read = when.readings.iter().all(|reading| reading.is_chosen(facts.options));
    if is_read { when.misfit(facts) } else { Some(Misfit::Reading) }
}
