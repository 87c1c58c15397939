//! The value of the whole item, on which nearly everything stands that a destination charges.

use caravan_postal::Field;

use crate::book::Book;
use crate::codes::VALUE_UNKNOWN;
use crate::facts::Facts;

/// Says that nothing is reckoned where a piece states no value: no charge would look like nothing due. Whether the
/// value has to be stated is asked by the mandatory data.
pub(super) fn check(facts: &Facts<'_>, book: &mut Book) {
    if facts.value.is_none() && !facts.is_mixed && !facts.is_documents {
        book.find(Field::of("total-value"), VALUE_UNKNOWN.finding([""; 0]));
    }
}
