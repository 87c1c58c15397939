//! The dated tables: read from TOML, checked, and laid out for a pass over millions of items.
//!
//! Rows are found by country and by chapter, never by text. Countries, rates, limits and words live here only; the
//! rules that read them are generic.

mod article;
mod builtin;
mod compile;
mod error;
mod expression;
mod figures;
mod goods;
mod list;
mod misfit;
mod nomenclature;
mod prepaid;
mod raw;
mod regime;
mod row;
mod rows;
mod rule;
mod schedule;
mod scope;

use std::collections::BTreeMap;
use std::sync::Arc;

use caravan_postal::{Country, Currency, Money};
use chrono::NaiveDate;

use crate::lexicon::Lexicon;

pub(crate) use article::{Article, Articles, Battery, BatteryRules, ByCountry, HsPrefix, Touch, Weight};
pub(crate) use expression::{Compound, Expression, Term};
pub(crate) use figures::GoodsFigures;
pub(crate) use nomenclature::{Names, Offices, Subheadings};
pub(crate) use prepaid::PrepaidNumber;
pub(crate) use regime::{
    Bound, Charge, Conversion, Excess, Formula, LineKey, Lines, PerKilogramOn, PersonalArticle, Price,
    PricedPer, Reading, Regime, Regimes, TierOf, Tiers, Vat, base,
};
pub(crate) use row::Standing;
pub(crate) use rows::Rows;
pub(crate) use rule::{
    ChannelRule, DataField, Filing, Form, HsRequired, Limit, Mandatory, PatternRule, PersonalLimit,
    Plausibilities, Plausibility, Vague, VagueEffect,
};
pub(crate) use schedule::{Duty, Goods, Listing};
pub(crate) use scope::{Condition, Figure, Measured, ReadingChoice, Threshold, Traits};

pub use builtin::BUILTIN;
pub use error::TableError;
pub use misfit::Misfit;
pub use row::{Confidence, Layer, Row, Status};

/// One table file: TOML rows, or a list of lines whose name ends in something else than `.toml`.
#[derive(Debug, Clone, Copy)]
pub struct TableText<'a> {
    /// The file's name, for messages; a list is known by it.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// Everything the engine knows, ready for use.
#[derive(Debug)]
pub(crate) struct Tables {
    /// Every row by its id.
    pub(crate) rows: BTreeMap<Arc<str>, Row>,
    pub(crate) mandatory: Rows<Mandatory>,
    pub(crate) hs_required: Rows<HsRequired>,
    pub(crate) forms: Vec<Form>,
    pub(crate) limits: Rows<Limit>,
    pub(crate) plausibility: Plausibilities,
    pub(crate) vague: Vec<Vague>,
    pub(crate) patterns: Rows<PatternRule>,
    pub(crate) channels: Rows<ChannelRule>,
    pub(crate) personal_limits: Rows<PersonalLimit>,
    pub(crate) articles: Articles,
    pub(crate) batteries: BatteryRules,
    pub(crate) filings: Rows<Filing>,
    pub(crate) prepaid_numbers: Vec<PrepaidNumber>,
    pub(crate) figures: Listed<GoodsFigures>,
    pub(crate) regimes: Regimes,
    /// The editions of the Harmonized System, at least one, by first day.
    pub(crate) editions: Vec<Listed<Subheadings>>,
    /// What goods are called, for the search of codes.
    pub(crate) names: Vec<Listed<Names>>,
    pub(crate) offices: Listed<Offices>,
    pub(crate) readings: Vec<Reading>,
    pub(crate) lexicon: Lexicon,
}

/// A list with the row that dates it.
#[derive(Debug)]
pub(crate) struct Listed<L> {
    pub(crate) row: Row,
    pub(crate) list: L,
}

impl Tables {
    /// Reads and checks the program's texts and the station's; a later row with a known id replaces the earlier.
    pub(crate) fn load(own: &[TableText<'_>], station: &[TableText<'_>]) -> Result<Self, TableError> {
        compile::compile(own, station)
    }

    /// Returns the latest edition of the Harmonized System that stands on a day, or else the last one before or after it.
    pub(crate) fn edition(&self, day: NaiveDate) -> &Listed<Subheadings> {
        let standing = self.editions.iter().rev().find(|edition| edition.row.covers(day));
        let begun = self.editions.partition_point(|edition| edition.row.valid_from <= day);
        standing.unwrap_or(&self.editions[begun.saturating_sub(1)])
    }
}

/// Returns the day of a TOML date without time.
pub(crate) fn date(datetime: toml::value::Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none() && datetime.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

/// Reads `150 EUR`.
fn money(text: &str) -> Result<Money, String> {
    let fault = || format!("`{text}` is not an amount such as `150 EUR`");
    let (amount, currency) = text.split_once(' ').ok_or_else(fault)?;
    let currency = Currency::parse(currency).ok_or_else(fault)?;
    Money::parse(amount, currency).map_err(|_| fault())
}

/// Reads `150 EUR` as a threshold.
fn threshold(text: &str) -> Result<Threshold, String> {
    money(text).map(Threshold::of)
}

/// Returns the place of a country in a table by country.
pub(crate) fn ordinal(country: Country) -> usize {
    usize::from(country.ordinal())
}

/// Returns why a row does not stand on a day.
pub(crate) fn not_on(row: &Row, date: NaiveDate) -> Misfit {
    if row.status == Status::Announced {
        Misfit::Announced
    } else if row.covers(date) {
        // It has its day, and does nothing: its content is not known.
        Misfit::Unknown
    } else if date < row.valid_from {
        Misfit::NotYet
    } else {
        Misfit::Over
    }
}
