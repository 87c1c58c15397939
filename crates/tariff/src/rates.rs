//! Exchange rates: dated rows of named authorities, read from a text that the caller provides.
//!
//! ```toml
//! [[rate]]
//! authority = "ecb"
//! units = 1
//! currency = "EUR"
//! value = "8.1250"
//! in = "CNY"
//! valid_from = 2026-07-01
//! valid_to = 2026-07-31
//! source = "eurofxref-hist.xml of 2026-06-24"
//! ```
//!
//! reads: one euro is 8.1250 yuan. Which row counts on a day is the latest that began on or before it. One whose last
//! day has passed, or without one is older than its authority's rates may be (`days_max` of table `authority`), is
//! still used: the last good rate is nearer to the truth than none, and whoever uses it says how old it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use caravan_postal::{Currency, Ratio};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::calendar::RateRule;
use crate::tables::date;
use crate::trace::{Amount, Quotation};

/// How many digits a rate may have.
const DIGITS_MAX: u32 = 12;

/// Dated exchange rates of any number of authorities; the default is none.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    /// Ordered by pair, then by authority: pairs are the shorter to compare, and few authorities share one.
    series: Vec<Series>,
    /// Where the series of a pair begin, by hashing the pair: a power of two of places, less than half of them taken.
    starts: Vec<Option<Start>>,
}

/// Where the series of one pair begin.
#[derive(Debug, Clone, Copy)]
struct Start {
    pair: Pair,
    at: u32,
}

#[derive(Debug, Clone)]
struct Series {
    authority: Arc<str>,
    pair: Pair,
    /// Ordered by first day.
    quotations: Vec<Quotation>,
}

/// What is wrong with a text of rates.
#[derive(Debug, thiserror::Error)]
pub enum RatesError {
    /// Not TOML, or a field is missing, misspelt or of the wrong kind.
    #[error("cannot read the exchange rates")]
    Syntax(#[source] Box<toml::de::Error>),
    /// A row that cannot be a rate.
    #[error("rate {row}: {fault}")]
    Row {
        /// Which row, counted from 1.
        row: usize,
        /// What is wrong with it.
        fault: &'static str,
    },
}

/// Why there is no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoRate {
    /// No row at all, or none that early.
    Missing,
    /// The product is beyond any amount.
    OutOfReach,
}

/// Who publishes exchange rates: a row of table `authority`.
#[derive(Debug, Clone)]
pub struct Authority {
    /// The short name that rates state: `ecb`.
    pub id: Arc<str>,
    /// The currency in which it quotes all others.
    pub pivot: Currency,
    /// For how many days after its first day a rate without a last day counts.
    pub days_max: u16,
    /// Which of its publications counts on a day; `None` where each states its days itself.
    pub rule: Option<RateRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRates {
    #[serde(default)]
    rate: Vec<RawRate>,
    /// What whoever wrote the text notes about it; nothing here reads it.
    #[serde(default, rename = "fetched")]
    _fetched: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRate {
    authority: String,
    units: u32,
    currency: String,
    value: String,
    #[serde(rename = "in")]
    counter: String,
    valid_from: toml::value::Datetime,
    valid_to: Option<toml::value::Datetime>,
    source: String,
    #[serde(default)]
    is_example: bool,
}

impl Rates {
    /// Reads rates from TOML.
    pub fn parse(text: &str) -> Result<Self, RatesError> {
        let raw: RawRates = toml::from_str(text).map_err(|error| RatesError::Syntax(Box::new(error)))?;
        let mut quotations = Vec::with_capacity(raw.rate.len());
        for (index, row) in raw.rate.iter().enumerate() {
            quotations.push(quotation(row).map_err(|fault| RatesError::Row { row: index + 1, fault })?);
        }
        Ok(Self::of(quotations))
    }

    /// Returns rates of quotations in any order; of two for the same days the later one counts.
    pub(crate) fn of(mut quotations: Vec<Quotation>) -> Self {
        quotations.sort_by(|a, b| key(a).cmp(&key(b)).then(a.valid_from.cmp(&b.valid_from)));
        let mut series: Vec<Series> = Vec::new();
        for quotation in quotations {
            match series.last_mut() {
                Some(last) if (last.pair, &*last.authority) == key(&quotation) => {
                    last.quotations.push(quotation);
                }
                _ => series.push(Series {
                    authority: Arc::clone(&quotation.authority),
                    pair: pair(quotation.currency, quotation.counter),
                    quotations: vec![quotation],
                }),
            }
        }
        Self { starts: starts(&series), series }
    }

    /// Returns these rates with others laid over them: where both have a rate of an authority for a pair from the same
    /// day on, the other one counts.
    #[must_use]
    pub fn laid_over(&self, others: &Self) -> Self {
        let mut all: BTreeMap<_, Quotation> = BTreeMap::new();
        for quotation in self.quotations().chain(others.quotations()) {
            let (pair, authority) = key(quotation);
            all.insert((pair, authority.to_owned(), quotation.valid_from), quotation.clone());
        }
        Self::of(all.into_values().collect())
    }

    /// Returns so many of the rates, those that began last.
    #[must_use]
    pub fn latest(&self, count: usize) -> Self {
        let mut all: Vec<Quotation> = self.quotations().cloned().collect();
        all.sort_by_key(|quotation| std::cmp::Reverse(quotation.valid_from));
        all.truncate(count);
        Self::of(all)
    }

    /// Writes the rates in the form that [`Rates::parse`] reads.
    pub fn to_toml(&self) -> String {
        let mut text = String::new();
        for rate in self.quotations() {
            let Quotation {
                authority, currency, units, value, counter, valid_from, valid_to, source, ..
            } = rate;
            let last = valid_to.map_or_else(String::new, |last| format!("valid_to = {last}\n"));
            let example = if rate.is_example { "is_example = true\n" } else { "" };
            let value = written(*value);
            write!(
                text,
                "[[rate]]\nauthority = {authority:?}\nunits = {units}\ncurrency = \"{currency}\"\nvalue = \"{value}\"\n\
                 in = \"{counter}\"\nvalid_from = {valid_from}\n{last}source = {source:?}\n{example}\n"
            )
            .expect("writing into a text does not fail");
        }
        text
    }

    /// Returns every rate, by authority, pair and day.
    pub fn quotations(&self) -> impl Iterator<Item = &Quotation> {
        let mut series: Vec<&Series> = self.series.iter().collect();
        series.sort_by_key(|series| (&*series.authority, series.pair));
        series.into_iter().flat_map(|series| &series.quotations)
    }

    /// Converts at full precision, directly or through the authority's own currency, and shows each rate to `seen`,
    /// which asks [`Authority::age`] whether it is too old.
    pub(crate) fn convert<'a>(
        &'a self,
        from: Amount,
        to: Currency,
        authority: &Authority,
        date: NaiveDate,
        mut seen: impl FnMut(Amount, Amount, &'a Quotation),
    ) -> Result<Amount, NoRate> {
        let mut amount = from;
        // Two hops at most: into the currency of the authority, and out of it.
        while amount.currency != to {
            let direct = self.quotation(amount.currency, to, authority, date);
            let (quotation, next) = match direct {
                Err(NoRate::Missing) if amount.currency != authority.pivot && to != authority.pivot => {
                    (self.quotation(amount.currency, authority.pivot, authority, date)?, authority.pivot)
                }
                direct => (direct?, to),
            };
            let exact = quotation.apply(amount.exact, next).ok_or(NoRate::OutOfReach)?;
            let after = Amount { exact, currency: next };
            seen(amount, after, quotation);
            amount = after;
        }
        Ok(amount)
    }

    /// Returns the series from the first of a pair on; none where the pair has none.
    fn of_pair(&self, pair: Pair) -> &[Series] {
        if self.series.is_empty() {
            return &[];
        }
        let start = self.starts[place(&self.starts, pair)];
        start.map_or(&[], |start| &self.series[start.at as usize..])
    }

    fn quotation(
        &self,
        a: Currency,
        b: Currency,
        authority: &Authority,
        date: NaiveDate,
    ) -> Result<&Quotation, NoRate> {
        let pair = pair(a, b);
        let mut of_pair = self.of_pair(pair).iter().take_while(|series| series.pair == pair);
        let series = of_pair.find(|series| series.authority == authority.id);
        let quotations = &series.ok_or(NoRate::Missing)?.quotations;
        // Nearly every question is of days that the last rate is for.
        let count = match quotations.last() {
            Some(last) if last.valid_from <= date => quotations.len(),
            _ => quotations.partition_point(|quotation| quotation.valid_from <= date),
        };
        count.checked_sub(1).map(|last| &quotations[last]).ok_or(NoRate::Missing)
    }
}

impl Authority {
    /// Returns how many days ago a rate began, if it no longer counts on a day that is not before it.
    pub fn age(&self, quotation: &Quotation, date: NaiveDate) -> Option<i64> {
        if quotation.valid_to.is_some_and(|last_day| date <= last_day) {
            return None;
        }
        let days = (date - quotation.valid_from).num_days();
        (quotation.valid_to.is_some() || days > i64::from(self.days_max)).then_some(days)
    }
}

impl Quotation {
    fn apply(&self, exact: Ratio, to: Currency) -> Option<Ratio> {
        let units = Ratio::whole(i64::from(self.units));
        match (to == self.counter, self.units) {
            // Most currencies are quoted by the unit.
            (true, 1) => exact.checked_mul(self.value),
            (false, 1) => exact.checked_div(self.value),
            (true, _) => exact.checked_mul(self.value)?.checked_div(units),
            (false, _) => exact.checked_mul(units)?.checked_div(self.value),
        }
    }
}

fn quotation(row: &RawRate) -> Result<Quotation, &'static str> {
    let currency = Currency::parse(&row.currency).ok_or("`currency` is not a currency")?;
    let counter = Currency::parse(&row.counter).ok_or("`in` is not a currency")?;
    if currency == counter {
        return Err("`currency` and `in` are the same");
    }
    if row.authority.is_empty() {
        return Err("`authority` is empty");
    }
    if !(1..=1_000_000).contains(&row.units) {
        return Err("`units` is not between 1 and 1000000");
    }
    let value = decimal(&row.value).ok_or("`value` is not a positive decimal of at most twelve digits")?;
    let valid_from = date(row.valid_from).ok_or("`valid_from` is not a date")?;
    let valid_to = match row.valid_to {
        Some(day) => Some(
            date(day)
                .filter(|day| *day >= valid_from)
                .ok_or("`valid_to` is not a date after `valid_from`")?,
        ),
        None => None,
    };
    Ok(Quotation {
        authority: Arc::from(row.authority.as_str()),
        currency,
        units: row.units,
        value,
        counter,
        valid_from,
        valid_to,
        source: Arc::from(row.source.as_str()),
        is_example: row.is_example,
    })
}

/// Reads what a rate may be: a positive decimal of at most twelve digits, more than any authority publishes, so that
/// every product stays inside a ratio.
pub(crate) fn decimal(text: &str) -> Option<Ratio> {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    Ratio::parse(text).filter(|value| *value > Ratio::ZERO && digits <= DIGITS_MAX as usize)
}

/// Writes a rate with as many decimals as it has.
fn written(value: Ratio) -> String {
    let (numerator, denominator) = value.parts();
    let has = |decimals: &u32| 10i128.pow(*decimals) % denominator == 0;
    let decimals = (0..DIGITS_MAX).find(has).unwrap_or(DIGITS_MAX);
    let scale = 10i128.pow(decimals);
    let digits = numerator * scale / denominator;
    let (whole, rest) = (digits / scale, digits % scale);
    if decimals == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{rest:0width$}", width = decimals as usize)
    }
}

/// Lays out where the series of each pair begin.
fn starts(series: &[Series]) -> Vec<Option<Start>> {
    let mut starts = vec![None; (2 * series.len() + 1).next_power_of_two()];
    for (at, Series { pair, .. }) in (0..).zip(series) {
        let place = place(&starts, *pair);
        starts[place].get_or_insert(Start { pair: *pair, at });
    }
    starts
}

/// Returns where the start of a pair stands, or would stand.
fn place(starts: &[Option<Start>], pair: Pair) -> usize {
    // Fibonacci hashing: the high bits of the product with 2^64 over the golden ratio.
    let mut place = (u64::from(pair).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize;
    loop {
        place &= starts.len() - 1;
        if starts[place].is_none_or(|start| start.pair == pair) {
            return place;
        }
        place += 1;
    }
}

/// Two currencies by their ordinals, the smaller in the upper half.
type Pair = u32;

fn key(quotation: &Quotation) -> (Pair, &str) {
    (pair(quotation.currency, quotation.counter), &quotation.authority)
}

fn pair(a: Currency, b: Currency) -> Pair {
    let (a, b) = (a.ordinal(), b.ordinal());
    Pair::from(a.min(b)) << 16 | Pair::from(a.max(b))
}
