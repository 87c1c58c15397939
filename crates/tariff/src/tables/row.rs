//! What every table row has: an id, its days, how sure it is, and where it comes from.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{Options, RowId};

/// The head of a row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The id, unique among all tables.
    pub id: RowId,
    /// The first day, a civil day of the issuing authority.
    pub valid_from: NaiveDate,
    /// The last day, inclusive; open when `None`.
    pub valid_to: Option<NaiveDate>,
    /// How sure the row is.
    pub status: Status,
    /// Where the row comes from: the act with its date, and the article in it.
    pub source: Arc<str>,
    /// What a reader should know about the row; may be empty.
    pub note: Box<str>,
    /// How sure whoever wrote the row was of it, where it says so.
    pub confidence: Option<Confidence>,
    /// The day on which someone last compared the row with its source, where it says so.
    pub checked: Option<NaiveDate>,
    /// The file in which it stands, by its name.
    pub file: Arc<str>,
    /// The line in that file, counted from 1.
    pub line: u32,
    /// Whose row it is.
    pub layer: Layer,
}

/// How sure whoever wrote a row was of it; what the row does is its [`Status`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Read in a source.
    Confirmed,
    /// General knowledge of the trade, not compared with a source.
    General,
    /// Sources differ, or none was found.
    Unsure,
}

/// Whose row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Comes with the program.
    Program,
    /// Laid over it by the station.
    Station,
}

/// How sure a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The law on its days.
    InForce,
    /// Said to come: applies only where the caller switches it on by its id with a day.
    Announced,
    /// Not confirmed by a source that was read: computed, and said so; never refuses.
    Unverified,
    /// Known to exist, its content is not known: said so, and nothing computed.
    Unknown,
}

/// What a row does on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Standing {
    /// It applies.
    Sure,
    /// It applies and says that it is not confirmed.
    Unsure,
    /// It says that its content is not known.
    Unknown,
}

impl Row {
    /// Returns whether the day lies within the row's days.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.valid_from <= date && self.valid_to.is_none_or(|last| date <= last)
    }

    /// Returns what the row does on a day; `None` when it does not apply.
    pub(crate) fn standing(&self, date: NaiveDate, options: &Options) -> Option<Standing> {
        match self.status {
            // The caller's day stands for the first day, which is what an announcement leaves open.
            Status::Announced => {
                let is_on =
                    options.is_on(self.id.as_str(), date) && self.valid_to.is_none_or(|last| date <= last);
                is_on.then_some(Standing::Unsure)
            }
            _ if !self.covers(date) => None,
            Status::InForce => Some(Standing::Sure),
            Status::Unverified => Some(Standing::Unsure),
            Status::Unknown => Some(Standing::Unknown),
        }
    }
}

impl Standing {
    /// Returns whether a row of this standing does anything but say that it exists.
    pub(crate) fn acts(self) -> bool {
        self != Self::Unknown
    }
}

impl Confidence {
    /// Returns the stable name, as the tables write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::General => "general",
            Self::Unsure => "unsure",
        }
    }
}

impl Layer {
    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Station => "station",
        }
    }
}

impl Status {
    /// Returns the stable name, as the tables write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Announced => "announced",
            Self::Unverified => "unverified",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
