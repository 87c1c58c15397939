//! The number under which a seller took the tax: whether it looks like one of its scheme.
//!
//! With a number that does not, nothing shows that the tax was taken: customs takes it at import.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::PREPAID_NUMBER;
use crate::facts::Facts;
use crate::tables::{PrepaidNumber, Standing, Tables};

/// Returns the rule by which the number is none of its scheme.
pub(crate) fn wrong_number<'t>(tables: &'t Tables, facts: &Facts<'_>) -> Option<&'t PrepaidNumber> {
    let tax = facts.declaration.prepaid_tax?;
    tables.prepaid_numbers.iter().find(|rule| {
        *rule.scheme == *tax.scheme
            && rule.row.standing(facts.accepted_on, facts.options).is_some_and(Standing::acts)
            && !rule.shape.fits(tax.number)
    })
}

/// Warns of a number that is none of its scheme.
pub(super) fn check(tables: &Tables, facts: &Facts<'_>, book: &mut Book) {
    if let Some(rule) = wrong_number(tables, facts) {
        let arguments = [&*rule.scheme, rule.shape.as_str(), rule.row.id.as_str()];
        book.find(Field::of("prepaid-tax-number"), PREPAID_NUMBER.finding(arguments));
    }
}
