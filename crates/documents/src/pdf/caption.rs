//! Captions of the forms: in French, as the forms of the UPU are, and in the three languages of the station.
//! A paper that is no form of the UPU speaks two of these three.

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
pub(crate) struct Captions {
    by_key: BTreeMap<String, Caption>,
    tongues: Tongues,
}

/// Which two languages a form speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tongues {
    /// French and the station's language, as the forms of the UPU.
    Upu,
    /// The station's language and that of its neighbours.
    Neighbours,
}

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
    /// Reads the captions of a form of the UPU; its file is part of the program, so a fault in it is a bug and panics.
    pub(crate) fn of(form: &str) -> Self {
        Self::read(form, Tongues::Upu)
    }

    /// Reads the captions of a paper that no treaty gives a language: customs, the police and the carriers of two
    /// neighbouring countries read it. The station's language stands first, then Russian; on a Russian paper English.
    pub(crate) fn of_neighbours(form: &str) -> Self {
        Self::read(form, Tongues::Neighbours)
    }

    fn read(form: &str, tongues: Tongues) -> Self {
        let mut all: BTreeMap<String, Caption> = BTreeMap::new();
        for file in [SHARED, form] {
            let read: BTreeMap<String, Caption> = toml::from_str(file).expect("a file of captions is valid");
            all.extend(read);
        }
        Self { by_key: all, tongues }
    }

    /// Returns the caption of a key, which is one of the form's own code, in both languages of the form.
    pub(crate) fn pair(&self, key: &str, language: Language) -> [&str; 2] {
        let caption = self.by_key.get(key).unwrap_or_else(|| panic!("the form has a caption `{key}`"));
        let second = match (self.tongues, language) {
            (Tongues::Upu, _) => return [&caption.fr, caption.in_language(language)],
            (Tongues::Neighbours, Language::Ru) => Language::En,
            (Tongues::Neighbours, Language::Zh | Language::En) => Language::Ru,
        };
        [caption.in_language(language), caption.in_language(second)]
    }
}
