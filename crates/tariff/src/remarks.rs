//! Remarks that several rules make in the same words.

use caravan_postal::{Currency, Field};
use chrono::NaiveDate;

use crate::book::Book;
use crate::codes::{AMOUNT_OUT_OF_REACH, RATE_MISSING, RATE_OLD};
use crate::rates::{Authority, NoRate};

/// Says why there is no exchange rate; the same remark is made once.
pub(crate) fn no_rate(
    reason: NoRate,
    currency: Currency,
    authority: &Authority,
    date: NaiveDate,
    book: &mut Book,
) {
    let arguments = |day: NaiveDate| [authority.id.to_string(), currency.to_string(), day.to_string()];
    let finding = match reason {
        NoRate::Missing => RATE_MISSING.finding(arguments(date)),
        NoRate::TooOld(day) => RATE_OLD.finding(arguments(day)),
        NoRate::OutOfReach => AMOUNT_OUT_OF_REACH.finding([""; 0]),
    };
    let finding = finding.on(Field::of("total-value"));
    if !book.findings.contains(&finding) {
        book.findings.push(finding);
    }
}
