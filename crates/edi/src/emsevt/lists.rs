//! The lists of reasons and conditions that go with events, kept as data with their confidence.
//!
//! The official lists were not read; so the built-in ones hold what a source names and let every other code pass. A post
//! that has the official lists configures them whole.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The lists by name: `retention-reason`, `non-delivery-reason`, `non-delivery-measure`, `condition`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lists {
    retention_reason: List,
    non_delivery_reason: List,
    non_delivery_measure: List,
    condition: List,
}

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// What it is for.
    pub says: String,
    /// How much of it is known.
    pub status: Status,
    /// What each known code means.
    #[serde(default)]
    pub rows: BTreeMap<String, String>,
}

/// How much of a list is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Nothing.
    Unknown,
    /// Some codes; others may be right.
    Partial,
    /// All codes; another one is wrong.
    Whole,
}

/// Why the lists cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file is no TOML, or lacks something.
    #[error("cannot read the lists of reasons")]
    Toml(#[source] toml::de::Error),
    /// A list says that it is unknown and has rows, or that it is known and has none.
    #[error("list `{0}` has another status than its rows")]
    Status(&'static str),
}

static BUILT_IN: LazyLock<Lists> = LazyLock::new(|| {
    Lists::parse(include_str!("../../lists/emsevt.toml")).expect("the lists of this crate are valid")
});

impl Lists {
    /// The names of the lists.
    pub const NAMES: [&str; 4] =
        ["retention-reason", "non-delivery-reason", "non-delivery-measure", "condition"];

    /// Returns the lists that the crate brings along.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads lists from their TOML file.
    pub fn parse(text: &str) -> Result<Self, ListError> {
        let lists: Self = toml::from_str(text).map_err(ListError::Toml)?;
        for name in Self::NAMES {
            let list = lists.get(name).expect("every name has its list");
            if (list.status == Status::Unknown) != list.rows.is_empty() {
                return Err(ListError::Status(name));
            }
        }
        Ok(lists)
    }

    /// Returns a list by its name.
    pub fn get(&self, name: &str) -> Option<&List> {
        match name {
            "retention-reason" => Some(&self.retention_reason),
            "non-delivery-reason" => Some(&self.non_delivery_reason),
            "non-delivery-measure" => Some(&self.non_delivery_measure),
            "condition" => Some(&self.condition),
            _ => None,
        }
    }
}

impl List {
    /// Returns whether a code may stand: it is known, or not all of the list is.
    pub fn allows(&self, code: &str) -> bool {
        self.status != Status::Whole || self.rows.contains_key(code)
    }
}
