//! Remarks that several rules make in the same words.

use std::cell::Cell;

use caravan_postal::{Currency, Field, Finding};
use chrono::NaiveDate;

use crate::book::Book;
use crate::codes::{AMOUNT_OUT_OF_REACH, RATE_MISSING, RATE_OLD};
use crate::rates::{Authority, NoRate};
use crate::trace::Quotation;

/// Says why there is no exchange rate; the same remark is made once.
pub(crate) fn no_rate(
    reason: NoRate,
    currency: Currency,
    authority: &Authority,
    date: NaiveDate,
    book: &mut Book,
) {
    let finding = match reason {
        NoRate::Missing => {
            RATE_MISSING.finding([authority.id.to_string(), currency.to_string(), date.to_string()])
        }
        NoRate::OutOfReach => AMOUNT_OUT_OF_REACH.finding([""; 0]),
    };
    once(finding, book);
}

/// The oldest rate that was used although it no longer counts on the day.
#[derive(Debug, Default)]
pub(crate) struct OldestRate<'a>(Cell<Option<(&'a Quotation, i64)>>);

impl<'a> OldestRate<'a> {
    /// Notes a rate that was used, if it is too old.
    pub(crate) fn note(&self, authority: &Authority, rate: &'a Quotation, date: NaiveDate) {
        let Some(days) = authority.age(rate, date) else { return };
        if self.0.get().is_none_or(|(_, known)| known < days) {
            self.0.set(Some((rate, days)));
        }
    }

    /// Says how old the oldest rate is, and returns whether there was one.
    pub(crate) fn tell(&self, book: &mut Book) -> bool {
        let Some((rate, days)) = self.0.get() else { return false };
        let currencies = format!("{}/{}", rate.currency, rate.counter);
        let arguments =
            [rate.authority.to_string(), currencies, rate.valid_from.to_string(), days.to_string()];
        once(RATE_OLD.finding(arguments), book);
        true
    }
}

fn once(finding: Finding, book: &mut Book) {
    let finding = finding.on(Field::of("total-value"));
    if !book.findings.contains(&finding) {
        book.findings.push(finding);
    }
}
