//! Captions of the forms: in French, as the forms of the UPU are, and in the three languages of the station.

use std::collections::BTreeMap;

use caravan_postal::Language;
use serde::Deserialize;

/// A caption in every language; a file that lacks one is not read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Caption {
    pub(crate) fr: String,
    pub(crate) en: String,
    pub(crate) ru: String,
    pub(crate) zh: String,
}

/// The captions of one form and those that all share, by key.
#[derive(Debug, Clone)]
pub(crate) struct Captions(BTreeMap<String, Caption>);

const SHARED: &str = include_str!("../../messages/forms/shared.toml");

impl Caption {
    pub(crate) fn in_language(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Ru => &self.ru,
            Language::Zh => &self.zh,
        }
    }
}

impl Captions {
    /// Reads the captions of a form; its file is part of the program, so a fault in it is a bug and panics.
    pub(crate) fn of(form: &str) -> Self {
        let mut all: BTreeMap<String, Caption> = BTreeMap::new();
        for file in [SHARED, form] {
            let read: BTreeMap<String, Caption> = toml::from_str(file).expect("a file of captions is valid");
            all.extend(read);
        }
        Self(all)
    }

    /// Returns the caption of a key, which is one of the form's own code.
    pub(crate) fn get(&self, key: &str) -> &Caption {
        self.0.get(key).unwrap_or_else(|| panic!("the form has a caption `{key}`"))
    }
}
