//! What stands in the fields of a message, as the types of the trade; and those types as messages write them.
//!
//! Reading never loses a message over one field: what cannot be read is a finding, and the field has no value.

use caravan_postal::{Finding, Grams, S9};
use chrono::{NaiveDate, NaiveDateTime};

use super::Entry;
use crate::codes;

impl Entry<'_, '_> {
    /// Returns the text of a field, as the model has it.
    pub(crate) fn text(&self, field: &str) -> Option<String> {
        let text = self.value(field)?.text();
        let code = self.codes.iter().find(|code| code.field == field && code.message == text);
        Some(code.map_or_else(|| text.into_owned(), |code| code.model.clone()))
    }

    /// Reads a field; one that is there and cannot be read is the finding that `fault` makes of its text.
    pub(crate) fn parsed<T>(
        &self,
        field: &str,
        read: impl Fn(&str) -> Option<T>,
        findings: &mut Vec<Finding>,
        fault: impl Fn(String) -> Finding,
    ) -> Option<T> {
        let (component, text) = (self.value(field)?, self.text(field)?);
        let value = read(&text);
        if value.is_none() {
            findings.push(fault(text).at(component.place()));
        }
        value
    }

    /// Reads a field that holds a code of a list.
    pub(crate) fn code<T>(
        &self,
        field: &'static str,
        read: impl Fn(&str) -> Option<T>,
        findings: &mut Vec<Finding>,
    ) -> Option<T> {
        self.parsed(field, read, findings, |found| codes::CODE_UNKNOWN.finding([field.to_owned(), found]))
    }

    /// Reads a field that holds kilograms.
    pub(crate) fn weight(&self, field: &str, findings: &mut Vec<Finding>) -> Option<Grams> {
        let component = self.value(field)?;
        let weight = Grams::parse_kg(&component.number());
        if weight.is_err() {
            findings.push(codes::WEIGHT_UNREADABLE.finding([component.text()]).at(component.place()));
        }
        weight.ok()
    }

    /// Reads a field that holds a date and time, or the same field with the suffix `_with_century`.
    pub(crate) fn time(&self, field: &str, findings: &mut Vec<Finding>) -> Option<NaiveDateTime> {
        let with_century = format!("{field}_with_century");
        let field = if self.value(field).is_some() { field } else { &with_century };
        self.parsed(field, time, findings, |found| codes::TIME_UNREADABLE.finding([found]))
    }

    /// Reads a field that holds a day.
    pub(crate) fn day(&self, field: &str, findings: &mut Vec<Finding>) -> Option<NaiveDate> {
        self.parsed(field, read_day, findings, |found| codes::TIME_UNREADABLE.finding([found]))
    }

    /// Reads a field that holds a count.
    pub(crate) fn count(&self, field: &str, findings: &mut Vec<Finding>) -> Option<u32> {
        let read =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        self.parsed(field, read, findings, |found| codes::COUNT_UNREADABLE.finding([found]))
    }

    /// Reads the identifier of a receptacle.
    pub(crate) fn s9(&self, field: &str, findings: &mut Vec<Finding>) -> Option<S9> {
        self.parsed(field, S9::parse, findings, |found| codes::RECEPTACLE_UNREADABLE.finding([found]))
    }
}

/// Reads formats 201 and 203 of UN/EDIFACT data element 2379: YYMMDDHHMM and CCYYMMDDHHMM.
fn time(text: &str) -> Option<NaiveDateTime> {
    let format = match text.len() {
        10 => "%y%m%d%H%M",
        12 => "%Y%m%d%H%M",
        _ => return None,
    };
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| NaiveDateTime::parse_from_str(text, format).ok()).flatten()
}

/// Reads format 101 of UN/EDIFACT data element 2379: YYMMDD.
fn read_day(text: &str) -> Option<NaiveDate> {
    let is_digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| NaiveDate::parse_from_str(text, "%y%m%d").ok()).flatten()
}

/// Format 101 of UN/EDIFACT data element 2379: YYMMDD.
pub(crate) fn day(day: NaiveDate) -> String {
    day.format("%y%m%d").to_string()
}

/// Format 201 of UN/EDIFACT data element 2379: YYMMDDHHMM.
pub(crate) fn short_time(time: NaiveDateTime) -> String {
    time.format("%y%m%d%H%M").to_string()
}

/// Format 203 of UN/EDIFACT data element 2379: CCYYMMDDHHMM.
pub(crate) fn long_time(time: NaiveDateTime) -> String {
    time.format("%Y%m%d%H%M").to_string()
}

/// Kilograms with one decimal.
pub(crate) fn kilograms(hectograms: u64) -> String {
    format!("{}.{}", hectograms / 10, hectograms % 10)
}
