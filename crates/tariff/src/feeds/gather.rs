//! Where the readers put what they read: rates checked one by one, findings with their places, within limits.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use caravan_postal::{Currency, Finding};
use chrono::NaiveDate;

use super::text::Text;
use super::{FeedLimits, Published, Reading};
use crate::codes::{
    FEED_CURRENCY_UNKNOWN, FEED_DATE_WRONG, FEED_ENTRY_WRONG, FEED_MANY, FEED_RATE_WRONG, FEED_RATES_DIFFER,
    FEED_UNREADABLE,
};
use crate::rates::decimal;

/// The years of which a feed can speak: the euro's rates begin in 1999, and a far day is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;
/// How much of a text of the feed a finding shows.
const SHOWN: usize = 12;

/// What one feed yields.
#[derive(Debug)]
pub(super) struct Gather<'t> {
    text: &'t Text,
    limits: &'t FeedLimits,
    rates: Vec<Published>,
    known: BTreeMap<(NaiveDate, Currency, Currency), usize>,
    findings: Vec<Finding>,
    is_full: bool,
}

/// A rate as the feed writes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a> {
    /// Where it stands, in bytes of the text.
    pub(super) at: usize,
    /// The quoted currency.
    pub(super) currency: &'a str,
    /// How many units of it, when not one.
    pub(super) units: Option<&'a str>,
    /// What they are worth.
    pub(super) value: &'a str,
    /// In which currency.
    pub(super) counter: &'a str,
    /// The first day and, where it is stated, the last.
    pub(super) days: (NaiveDate, Option<NaiveDate>),
}

impl<'t> Gather<'t> {
    pub(super) fn new(text: &'t Text, limits: &'t FeedLimits) -> Self {
        Self { text, limits, rates: Vec::new(), known: BTreeMap::new(), findings: Vec::new(), is_full: false }
    }

    /// Reports that the text is no feed of its kind from a place on.
    pub(super) fn unreadable(&mut self, at: usize, expected: &str) {
        self.find(at, FEED_UNREADABLE.finding([expected]));
    }

    /// Reports an entry that is not of the shape of its kind.
    pub(super) fn entry_wrong(&mut self, at: usize, expected: &str) {
        self.find(at, FEED_ENTRY_WRONG.finding([expected]));
    }

    /// Reads a day in the way that a feed writes it: `%d.%m.%Y`. What is none is reported.
    pub(super) fn date(&mut self, at: usize, text: &str, form: &str) -> Option<NaiveDate> {
        let day = NaiveDate::parse_from_str(text.trim(), form).ok();
        let day = day.filter(|day| YEARS.contains(&chrono::Datelike::year(day)));
        if day.is_none() {
            self.find(at, FEED_DATE_WRONG.finding([shown(text)]));
        }
        day
    }

    /// Takes one rate; what is wrong with it is reported, and it is left out.
    pub(super) fn rate(&mut self, written: Written<'_>) {
        if self.rates.len() == self.limits.rates_max {
            if !self.is_full {
                self.is_full = true;
                self.find(written.at, FEED_MANY.finding([self.limits.rates_max.to_string()]));
            }
            return;
        }
        let mut currencies = [Currency::EUR; 2];
        for (place, code) in currencies.iter_mut().zip([written.currency, written.counter]) {
            let Some(currency) = Currency::parse(code) else {
                let finding = FEED_CURRENCY_UNKNOWN.finding([shown(code)]);
                if !self
                    .findings
                    .iter()
                    .any(|known| known.code == finding.code && known.arguments == finding.arguments)
                {
                    self.find(written.at, finding);
                }
                return;
            };
            *place = currency;
        }
        let [currency, counter] = currencies;
        let units = written.units.map_or(Some(1), |text| text.trim().parse().ok());
        let units = units.filter(|units| (1..=1_000_000).contains(units));
        let (Some(units), Some(value)) = (units, decimal(&written.value.trim().replace(',', "."))) else {
            let finding = FEED_RATE_WRONG.finding([format!("{currency}/{counter}"), shown(written.value)]);
            return self.find(written.at, finding);
        };
        if currency == counter {
            return;
        }
        let (on, to) = written.days;
        let published = Published { currency, units, value, counter, on, to };
        match self.known.entry((on, currency.min(counter), currency.max(counter))) {
            Entry::Vacant(place) => {
                place.insert(self.rates.len());
                self.rates.push(published);
            }
            Entry::Occupied(place) if self.rates[*place.get()] == published => {}
            Entry::Occupied(_) => {
                self.find(
                    written.at,
                    FEED_RATES_DIFFER.finding([format!("{currency}/{counter}"), on.to_string()]),
                );
            }
        }
    }

    pub(super) fn into_reading(self) -> Reading {
        Reading { rates: self.rates, findings: self.findings }
    }

    fn find(&mut self, at: usize, finding: Finding) {
        if self.findings.len() < self.limits.findings_max {
            self.findings.push(finding.at(self.text.place(at)));
        }
    }
}

/// Returns the beginning of a text of the feed, for a finding.
fn shown(text: &str) -> String {
    text.trim().chars().filter(|letter| !letter.is_control()).take(SHOWN).collect()
}
