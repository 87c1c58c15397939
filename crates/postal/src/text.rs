//! What findings say: message files in Chinese, Russian and English, one set beside each crate that declares codes.
//!
//! A message file is TOML, one table a code:
//!
//! ```toml
//! [s10-check-digit]
//! says = "The check digit is {found}; the serial number asks for {expected}."
//! act = "Compare the identifier with the label and correct it."
//! ```
//!
//! An argument that is itself a word of the trade is written `@name`, and the same files say it in each language:
//!
//! ```toml
//! ["@gross-weight"]
//! says = "gross weight"
//! ```

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::{Code, Finding};

/// A language of the station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
    /// Chinese.
    Zh,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Zh];

    /// Returns the language for `en`, `ru` or `zh`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == text)
    }

    /// Returns the code of ISO 639-1.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Zh => "zh",
        }
    }
}

/// The codes of one crate with its three message files.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The codes.
    pub codes: &'static [&'static Code],
    /// The message files, in the order of [`Language::ALL`].
    pub messages: [&'static str; 3],
}

/// What one code says in one language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The sentence, with `{argument}` in it.
    pub says: String,
    /// What to do next; empty where nothing is to be done.
    #[serde(default)]
    pub act: String,
}

/// The codes and messages of several crates.
#[derive(Debug)]
pub struct Catalogue {
    codes: BTreeMap<&'static str, &'static Code>,
    messages: [BTreeMap<String, Message>; 3],
}

impl Catalogue {
    /// Gathers the sources; their message files are part of the program, so a fault in one is a bug and panics.
    pub fn new(sources: &[Source]) -> Self {
        let mut codes = BTreeMap::new();
        let mut messages: [BTreeMap<String, Message>; 3] = Default::default();
        for source in sources {
            for code in source.codes {
                assert!(codes.insert(code.name, *code).is_none(), "code `{}` is declared twice", code.name);
            }
            for (all, text) in messages.iter_mut().zip(source.messages) {
                let read: BTreeMap<String, Message> =
                    toml::from_str(text).expect("a message file is valid TOML");
                all.extend(read);
            }
        }
        Self { codes, messages }
    }

    /// Returns the code of a stable name.
    pub fn code(&self, name: &str) -> Option<&'static Code> {
        self.codes.get(name).copied()
    }

    /// Returns every code, by name.
    pub fn codes(&self) -> impl Iterator<Item = &'static Code> {
        self.codes.values().copied()
    }

    /// Returns what the finding says in a language.
    pub fn says(&self, finding: &Finding, language: Language) -> String {
        self.message(finding.code, language).map_or_else(
            || format!("{} {:?}", finding.code.name, finding.arguments),
            |message| self.fill(&message.says, finding, language),
        )
    }

    /// Returns the word of the trade that `@name` stands for in a language, or the text itself when it is none.
    pub fn term<'a>(&'a self, text: &'a str, language: Language) -> &'a str {
        if !text.starts_with('@') {
            return text;
        }
        self.messages[language as usize].get(text).map_or(text, |message| &message.says)
    }

    /// Returns what to do about the finding in a language; empty where nothing is to be done.
    pub fn act(&self, finding: &Finding, language: Language) -> String {
        self.message(finding.code, language)
            .map_or_else(String::new, |message| self.fill(&message.act, finding, language))
    }

    fn message(&self, code: &Code, language: Language) -> Option<&Message> {
        self.messages[language as usize].get(code.name)
    }

    /// Returns what is missing, left over or misspelt between codes and message files: empty when all is well.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (language, messages) in Language::ALL.iter().zip(&self.messages) {
            let language = language.as_str();
            for name in messages.keys().filter(|name| !self.codes.contains_key(name.as_str())) {
                if !name.starts_with('@') {
                    faults.push(format!("{language}: `{name}` is no code"));
                } else if self.messages.iter().any(|other| !other.contains_key(name)) {
                    faults.push(format!("{language}: `{name}` is not in every language"));
                }
            }
            for code in self.codes.values() {
                let Some(message) = messages.get(code.name) else {
                    faults.push(format!("{language}: `{}` has no message", code.name));
                    continue;
                };
                for name in placeholders(&message.says).chain(placeholders(&message.act)) {
                    if !code.arguments.contains(&name) {
                        faults.push(format!("{language}: `{}` has no argument `{name}`", code.name));
                    }
                }
            }
        }
        faults
    }

    fn fill(&self, template: &str, finding: &Finding, language: Language) -> String {
        let mut text = String::with_capacity(template.len() + 32);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                text.push('{');
                rest = after;
                continue;
            };
            match finding.code.arguments.iter().position(|argument| *argument == name) {
                Some(index) => text.push_str(self.term(&finding.arguments[index], language)),
                None => text.extend(["{", name, "}"]),
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    #![expect(unreachable_pub, reason = "the macro declares codes for the whole of a crate")]

    use super::{Catalogue, Language, Source};
    use crate::codes;

    codes! {
        TRIED = "tried", Hold, [found, expected];
        SILENT = "silent", Remark, [];
    }

    #[test]
    fn fills_the_sentence_of_the_language() {
        let english =
            "[tried]\nsays = \"{found}, not {expected}\"\nact = \"look at {found}\"\n[silent]\nsays = \"-\"";
        let catalogue = Catalogue::new(&[Source { codes: CODES, messages: [english; 3] }]);
        let finding = TRIED.finding(["7", "{found}"]);
        assert_eq!(catalogue.says(&finding, Language::Ru), "7, not {found}");
        assert_eq!(catalogue.act(&finding, Language::Zh), "look at 7");
        assert_eq!(catalogue.faults(), Vec::<String>::new());
    }

    #[test]
    fn says_a_word_of_the_trade_in_the_language() {
        let messages = [
            "[tried]\nsays = \"{found}\"\n[silent]\nsays = \"\"\n[\"@weight\"]\nsays = \"weight\"",
            "[tried]\nsays = \"{found}\"\n[silent]\nsays = \"\"\n[\"@weight\"]\nsays = \"вес\"",
            "[tried]\nsays = \"{found}\"\n[silent]\nsays = \"\"",
        ];
        let catalogue = Catalogue::new(&[Source { codes: CODES, messages }]);
        assert_eq!(catalogue.says(&TRIED.finding(["@weight", ""]), Language::Ru), "вес");
        assert_eq!(catalogue.says(&TRIED.finding(["@weight", ""]), Language::Zh), "@weight");
        assert_eq!(catalogue.says(&TRIED.finding(["weight", ""]), Language::Ru), "weight");
        assert_eq!(catalogue.faults().len(), 2, "{:?}", catalogue.faults());
    }

    #[test]
    fn finds_what_does_not_fit() {
        let messages = [
            "[tried]\nsays = \"{wrong}\"",
            "[other]\nsays = \"\"\n[tried]\nsays = \"\"",
            "[tried]\nsays = \"\"",
        ];
        let catalogue = Catalogue::new(&[Source { codes: CODES, messages }]);
        let faults = catalogue.faults();
        assert!(faults.contains(&"en: `tried` has no argument `wrong`".to_owned()), "{faults:?}");
        assert!(faults.contains(&"ru: `other` is no code".to_owned()), "{faults:?}");
        assert_eq!(faults.iter().filter(|fault| fault.contains("`silent` has no message")).count(), 3);
    }
}
