//! China Foreign Exchange Trade System: the central parity of the yuan.
//!
//! `ccpr.json` has `data.lastDate` (`2026-11-18 9:15`, Beijing) and `records` of `vrtEName` and `price`; the history has
//! `data.head`, the pairs, and `records` of `date` and `values`. A pair is `USD/CNY`, `100JPY/CNY` (for a hundred), or
//! the other way `CNY/RUB` (roubles for one yuan).

use serde::Deserialize;
use serde_json::value::RawValue;

use super::gather::{Gather, Written};
use super::text::{Text, error_at, plain};
use chrono::NaiveDate;

const EXPECTED: &str = "data, records";

#[derive(Deserialize)]
struct File<'a> {
    data: Data,
    #[serde(borrow)]
    records: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "lastDate")]
    last_date: Option<String>,
    head: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Record<'a> {
    #[serde(rename = "vrtEName")]
    pair: String,
    #[serde(borrow)]
    price: &'a RawValue,
}

#[derive(Deserialize)]
struct Day<'a> {
    date: String,
    #[serde(borrow)]
    values: Vec<&'a RawValue>,
}

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    let file: File<'_> = match serde_json::from_str(&text.text) {
        Ok(file) => file,
        Err(error) => return gather.unreadable(error_at(text, &error), EXPECTED),
    };
    match (&file.data.head, &file.data.last_date) {
        (Some(pairs), _) => read_history(text, pairs, &file.records, gather),
        (None, Some(date)) => read_latest(text, date, &file.records, gather),
        (None, None) => gather.unreadable(0, EXPECTED),
    }
}

fn read_latest(text: &Text, date: &str, records: &[&RawValue], gather: &mut Gather<'_>) {
    let Some(on) = gather.date(0, date.split(' ').next().unwrap_or_default(), "%Y-%m-%d") else { return };
    for raw in records {
        let at = text.offset(raw.get());
        match serde_json::from_str::<Record<'_>>(raw.get()) {
            Ok(record) => rate(at, &record.pair, plain(record.price), on, gather),
            Err(_) => gather.entry_wrong(at, EXPECTED),
        }
    }
}

fn read_history(text: &Text, pairs: &[String], records: &[&RawValue], gather: &mut Gather<'_>) {
    for raw in records {
        let at = text.offset(raw.get());
        let Ok(day) = serde_json::from_str::<Day<'_>>(raw.get()) else {
            gather.entry_wrong(at, EXPECTED);
            continue;
        };
        let Some(on) = gather.date(at, &day.date, "%Y-%m-%d") else { continue };
        for (pair, value) in pairs.iter().zip(&day.values) {
            // A pair that was not traded yet has dashes.
            let value = plain(value);
            if !value.bytes().all(|byte| byte == b'-') {
                rate(at, pair, value, on, gather);
            }
        }
    }
}

fn rate(at: usize, pair: &str, value: &str, on: NaiveDate, gather: &mut Gather<'_>) {
    let (left, counter) = pair.split_once('/').unwrap_or((pair, ""));
    let digits = left.len() - left.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let (units, currency) = left.split_at(digits);
    let units = (!units.is_empty()).then_some(units);
    gather.rate(Written { at, currency, units, value, counter, days: (on, None) });
}
