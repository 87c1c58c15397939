//! The number under which a seller took the tax: whether it looks like one of its scheme.
//!
//! A number that does not still counts as told: customs decides whether it stands for anything.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::PREPAID_NUMBER;
use crate::facts::Facts;
use crate::tables::{Standing, Tables};

/// Warns of a number that is none of its scheme.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    let Some(tax) = facts.declaration.prepaid_tax else { return };
    for rule in tables.prepaid_numbers.iter().filter(|rule| *rule.scheme == *tax.scheme) {
        let standing = rule.row.standing(facts.accepted_on, facts.options);
        if standing.is_some_and(Standing::acts) && !rule.shape.fits(tax.number) {
            let arguments = [&*rule.scheme, rule.shape.as_str(), rule.row.id.as_str()];
            book.find(Field::of("prepaid-tax-number"), PREPAID_NUMBER.finding(arguments));
        }
    }
}
