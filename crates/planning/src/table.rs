//! Tables kept as data: TOML rows, each with its sources and how sure it is.
//!
//! The tables of the crate lie under `data/`. A station lays its own texts over them: a row with a known id replaces the
//! earlier one. Only the tables of a text that are asked for are read, and a table nobody knows is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use caravan_postal::Country;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::value::Datetime;

use crate::Weekdays;

/// One table file.
#[derive(Debug, Clone, Copy)]
pub struct TableText<'a> {
    /// The file's name, for messages.
    pub name: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// Why a table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Not TOML, or a field is missing, misspelt or of the wrong kind.
    #[error("{table}:{line}: cannot read the table")]
    Syntax {
        /// The name of the text.
        table: String,
        /// The line, counted from 1.
        line: u32,
        /// What the reader of TOML says.
        source: Box<toml::de::Error>,
    },
    /// A row whose content does not make sense.
    #[error("{place}: row `{row}`: {fault}")]
    Row {
        /// File and line of the row: `legs.toml:12`.
        place: String,
        /// The id of the row.
        row: String,
        /// What is wrong with it.
        fault: String,
    },
}

/// The name of a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(Arc<str>);

/// How sure a row is; the surer is the lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Confidence {
    /// Confirmed by a named source.
    #[serde(rename = "C")]
    Confirmed,
    /// Worked out from confirmed numbers.
    #[serde(rename = "D")]
    Derived,
    /// Published by one side, a second source was not found.
    #[serde(rename = "B")]
    OneSource,
    /// General knowledge, no source read.
    #[serde(rename = "K")]
    General,
    /// Unsure.
    #[serde(rename = "U")]
    Unsure,
}

/// The head of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The id, unique within its kind of rows.
    pub id: RowId,
    /// The first day; open when `None`.
    pub valid_from: Option<NaiveDate>,
    /// The last day, included; open when `None`.
    pub valid_to: Option<NaiveDate>,
    /// How sure the row is.
    pub confidence: Confidence,
    /// Where it comes from.
    pub sources: Vec<Arc<str>>,
    /// What a reader should know about it; may be empty.
    pub note: String,
    /// File and line: `legs.toml:12`.
    pub place: String,
}

/// A season of every year: first and last day, both included, as month and day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Season {
    first: (u32, u32),
    last: (u32, u32),
}

/// The head of a row as it is written.
pub(crate) struct Head<'a> {
    pub(crate) id: &'a str,
    pub(crate) valid_from: Option<Datetime>,
    pub(crate) valid_to: Option<Datetime>,
    pub(crate) confidence: Confidence,
    pub(crate) sources: &'a [String],
    pub(crate) note: &'a str,
}

/// A row as it is written.
pub(crate) trait RawRow {
    fn head(&self) -> Head<'_>;
}

/// Rows of one kind by their ids, each with the place in which it stands.
pub(crate) type Rows<R> = BTreeMap<String, (R, String)>;

/// Declares rows: the head that every row has, and the row's own fields.
macro_rules! rows {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? })+) => {
        $(
            #[derive(Debug, Clone, serde::Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name {
                id: String,
                valid_from: Option<toml::value::Datetime>,
                valid_to: Option<toml::value::Datetime>,
                confidence: $crate::table::Confidence,
                sources: Vec<String>,
                #[serde(default)]
                note: String,
                $($(#[$meta])* pub(crate) $field: $type,)*
            }

            impl $crate::table::RawRow for $name {
                fn head(&self) -> $crate::table::Head<'_> {
                    $crate::table::Head {
                        id: &self.id,
                        valid_from: self.valid_from,
                        valid_to: self.valid_to,
                        confidence: self.confidence,
                        sources: &self.sources,
                        note: &self.note,
                    }
                }
            }
        )+
    };
}
pub(crate) use rows;

/// The names of sources, read before the rows that name them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources(BTreeMap<String, Arc<str>>);

impl Sources {
    pub(crate) fn add(&mut self, sources: BTreeMap<String, String>) {
        self.0.extend(sources.into_iter().map(|(key, text)| (key, text.into())));
    }

    /// Checks the head of a row.
    pub(crate) fn row(&self, raw: &impl RawRow, place: &str) -> Result<Row, TableError> {
        let head = raw.head();
        let fault = |text: String| row_fault(place, head.id, text);
        let sources = head.sources.iter().map(|key| {
            self.0
                .get(key)
                .cloned()
                .ok_or_else(|| fault(format!("source `{key}` is not in the list of sources")))
        });
        let sources: Vec<Arc<str>> = sources.collect::<Result<_, _>>()?;
        if sources.is_empty() {
            return Err(fault("has no source".to_owned()));
        }
        let day = |datetime: Option<Datetime>| match datetime.map(date) {
            Some(None) => Err(fault("its days are not dates such as `2025-09-12`".to_owned())),
            Some(day) => Ok(day),
            None => Ok(None),
        };
        let (valid_from, valid_to) = (day(head.valid_from)?, day(head.valid_to)?);
        if valid_from.zip(valid_to).is_some_and(|(first, last)| last < first) {
            return Err(fault("ends before it begins".to_owned()));
        }
        Ok(Row {
            id: RowId(head.id.into()),
            valid_from,
            valid_to,
            confidence: head.confidence,
            sources,
            note: head.note.to_owned(),
            place: place.to_owned(),
        })
    }
}

/// Reads one text into its raw shape.
pub(crate) fn read<T: DeserializeOwned>(text: &TableText<'_>) -> Result<T, TableError> {
    toml::from_str(text.text).map_err(|source| TableError::Syntax {
        table: text.name.to_owned(),
        line: source.span().map_or(1, |span| line(text.text, span.start)),
        source: Box::new(source),
    })
}

/// Lays the rows of a text over the rows before it; two rows of one text must not share an id.
pub(crate) fn lay_over<R: RawRow>(
    rows: &mut Rows<R>,
    later: Vec<Spanned<R>>,
    text: &TableText<'_>,
) -> Result<(), TableError> {
    let mut seen = BTreeSet::new();
    for row in later {
        let place = format!("{}:{}", text.name, line(text.text, row.span().start));
        let row = row.into_inner();
        let id = row.head().id.to_owned();
        if id.is_empty() || !seen.insert(id.clone()) {
            return Err(row_fault(&place, &id, "its id is empty or stands twice in the text".to_owned()));
        }
        rows.insert(id, (row, place));
    }
    Ok(())
}

pub(crate) fn row_fault(place: &str, row: &str, fault: String) -> TableError {
    TableError::Row { place: place.to_owned(), row: row.to_owned(), fault }
}

fn line(text: &str, offset: usize) -> u32 {
    let before = text.as_bytes().iter().take(offset);
    u32::try_from(before.filter(|byte| **byte == b'\n').count())
        .map_or(u32::MAX, |lines| lines.saturating_add(1))
}

fn date(datetime: Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none() && datetime.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

impl Row {
    /// Returns whether the day lies within the row's days.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.valid_from.is_none_or(|first| first <= day) && self.valid_to.is_none_or(|last| day <= last)
    }

    /// Returns the error that names the row.
    pub(crate) fn fault(&self, fault: impl Into<String>) -> TableError {
        row_fault(&self.place, self.id.as_str(), fault.into())
    }

    pub(crate) fn country(&self, text: &str) -> Result<Country, TableError> {
        Country::parse(text).ok_or_else(|| self.fault(format!("`{text}` is no country")))
    }

    pub(crate) fn countries(&self, texts: &[String]) -> Result<BTreeSet<Country>, TableError> {
        texts.iter().map(|text| self.country(text)).collect()
    }

    pub(crate) fn weekdays(&self, texts: &[String]) -> Result<Weekdays, TableError> {
        let day = |text: &String| {
            text.parse::<Weekday>().map_err(|_| self.fault(format!("`{text}` is no weekday such as `mon`")))
        };
        texts.iter().map(day).collect()
    }

    pub(crate) fn season(&self, texts: &[String; 2]) -> Result<Season, TableError> {
        let day = |text: &String| {
            let (month, day) = text.split_once('-')?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            // A leap year has every day.
            NaiveDate::from_ymd_opt(2024, month, day).map(|_| (month, day))
        };
        let fault = || self.fault("its season is not two days such as `04-01`");
        Ok(Season { first: day(&texts[0]).ok_or_else(fault)?, last: day(&texts[1]).ok_or_else(fault)? })
    }

    /// Checks a shortest and a longest of something.
    pub(crate) fn range(&self, range: [u32; 2]) -> Result<Range, TableError> {
        let [shortest, longest] = range;
        if shortest > longest || longest > RANGE_MAX {
            return Err(self.fault(format!("[{shortest}, {longest}] is not a range within {RANGE_MAX}")));
        }
        Ok(Range { shortest, longest })
    }
}

/// The greatest number in a range of hours, days or minutes; no leg takes longer than a year.
const RANGE_MAX: u32 = 366 * 24 * 60;

/// The shortest and the longest of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Range {
    /// The shortest.
    pub shortest: u32,
    /// The longest, which plans count with.
    pub longest: u32,
}

impl Season {
    /// Returns whether the day lies in the season; one that ends before it begins goes over New Year.
    pub fn covers(self, day: NaiveDate) -> bool {
        let day = (day.month(), day.day());
        if self.first <= self.last {
            (self.first..=self.last).contains(&day)
        } else {
            day >= self.first || day <= self.last
        }
    }
}

impl RowId {
    /// Returns the id for its text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Confidence {
    /// Returns the letter by which the tables name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "C",
            Self::Derived => "D",
            Self::OneSource => "B",
            Self::General => "K",
            Self::Unsure => "U",
        }
    }
}
