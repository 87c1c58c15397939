//! Remarks that several rules make in the same words.

use std::cell::Cell;

use caravan_postal::{Currency, Field, Finding};
use chrono::NaiveDate;

use crate::book::Book;
use crate::codes::{AMOUNT_OUT_OF_REACH, RATE_EXAMPLE, RATE_MISSING, RATE_OLD};
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

/// What is wrong with the rates that were used: the oldest that no longer counts on the day, and one that is an example.
#[derive(Debug, Default)]
pub(crate) struct OldestRate<'a> {
    oldest: Cell<Option<(&'a Quotation, i64)>>,
    example: Cell<Option<&'a Quotation>>,
}

impl<'a> OldestRate<'a> {
    /// Notes a rate that was used, if it is too old or made up.
    pub(crate) fn note(&self, authority: &Authority, rate: &'a Quotation, date: NaiveDate) {
        if rate.is_example {
            self.example.set(Some(rate));
        }
        let Some(days) = authority.age(rate, date) else { return };
        if self.oldest.get().is_none_or(|(_, known)| known < days) {
            self.oldest.set(Some((rate, days)));
        }
    }

    /// Says how old the oldest rate is, and that a rate is an example; returns whether there is anything to say.
    pub(crate) fn tell(&self, book: &mut Book) -> bool {
        let currencies = |rate: &Quotation| format!("{}/{}", rate.currency, rate.counter);
        if let Some((rate, days)) = self.oldest.get() {
            let day = rate.valid_from.to_string();
            let arguments = [rate.authority.to_string(), currencies(rate), day, days.to_string()];
            once(RATE_OLD.finding(arguments), book);
        }
        if let Some(rate) = self.example.get() {
            once(RATE_EXAMPLE.finding([rate.authority.to_string(), currencies(rate)]), book);
        }
        self.oldest.get().is_some() || self.example.get().is_some()
    }
}

fn once(finding: Finding, book: &mut Book) {
    let finding = finding.on(Field::of("total-value"));
    if !book.findings.contains(&finding) {
        book.findings.push(finding);
    }
}
