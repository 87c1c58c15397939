//! Words of the tables found in what senders write, in Chinese, Russian and English.
//!
//! Both sides are brought into one form: lower case, full-width letters as plain ones, `ё` as `е`, everything that is
//! neither letter nor digit as one blank, and a blank between a Han character and anything else. A term matches whole
//! words where its script has word borders, and anywhere inside a run of Han characters. A term that ends in `*`
//! matches every word that begins so, which is how the endings of Russian are met.

mod normal;
mod trie;

use std::collections::BTreeMap;
use std::ops::Range;

use smallvec::SmallVec;

use normal::{Beginnings, is_han, trimmed};
use trie::{End, Trie};

pub(crate) use normal::{is_wordless, normal_form, normal_letters};

/// What a term is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A term of a rule on vague descriptions.
    Vague(u16),
    /// A term of a rule on vague descriptions that is a stopgap for a name too.
    Name(u16),
    /// A term of a rule on articles.
    Article(u16),
    /// A harmless phrase around a term of a rule on articles.
    Except(u16),
    /// A term of a personal article.
    Personal(u16),
    /// A term of a row on figures of one unit.
    Likely(u16),
    /// A phrase around such a term that means other goods.
    Unlikely(u16),
}

/// All terms, ready to be found in one pass.
#[derive(Debug)]
pub(crate) struct Lexicon {
    terms: Vec<Term>,
    words: Trie,
    stopgaps: Vec<Vec<Stopgap>>,
    /// The normal forms of stopgaps.
    names: Trie,
}

#[derive(Debug)]
struct Term {
    /// As the table writes it.
    text: Box<str>,
    uses: Vec<Use>,
    is_of_rules: bool,
    is_of_personal_articles: bool,
}

/// A term found in a text.
#[derive(Debug, Clone)]
pub(crate) struct Hit<'a> {
    /// The term as the table writes it.
    pub(crate) term: &'a str,
    pub(crate) uses: &'a [Use],
    /// Where it stands in the text.
    pub(crate) span: Range<usize>,
    /// Whether it is the whole text.
    pub(crate) is_whole: bool,
}

/// The terms found in a text; most texts have none, and few have more than a handful.
pub(crate) type Hits<'a> = SmallVec<[Hit<'a>; 4]>;

/// Collects terms.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    terms: BTreeMap<String, (Box<str>, Vec<Use>)>,
}

impl Builder {
    /// Adds a term; what is empty in its normal form is refused.
    pub(crate) fn add(&mut self, term: &str, wanted: Use) -> Result<(), String> {
        let (stem, is_stem) = term.strip_suffix('*').map_or((term, false), |stem| (stem, true));
        let normal = normal_form(stem);
        let core = normal.trim();
        if core.is_empty() {
            return Err(format!("`{term}` has no letter or digit"));
        }
        let before = if core.starts_with(is_han) { "" } else { " " };
        let after = if is_stem || core.ends_with(is_han) { "" } else { " " };
        let entry = self
            .terms
            .entry(format!("{before}{core}{after}"))
            .or_insert_with(|| (Box::from(term), Vec::new()));
        if !entry.1.contains(&wanted) {
            entry.1.push(wanted);
        }
        Ok(())
    }

    /// Builds the lexicon.
    pub(crate) fn build(self) -> Lexicon {
        let words = Trie::of(self.terms.keys().map(|pattern| pattern.trim_start()));
        let mut names: BTreeMap<String, Vec<Stopgap>> = BTreeMap::new();
        for (pattern, (term, uses)) in &self.terms {
            for wanted in uses {
                let Use::Name(rule) = *wanted else { continue };
                let form = normal_form(pattern);
                names.entry(form).or_default().push(Stopgap { term: term.clone(), rule });
            }
        }
        let terms = self.terms.into_values().map(|(text, uses)| Term {
            text,
            is_of_rules: uses.iter().any(|wanted| !matches!(wanted, Use::Personal(_))),
            is_of_personal_articles: uses.iter().any(|wanted| matches!(wanted, Use::Personal(_))),
            uses,
        });
        Lexicon {
            terms: terms.collect(),
            words,
            names: Trie::of(names.keys().map(|form| form.trim_start())),
            stopgaps: names.into_values().collect(),
        }
    }
}

impl Lexicon {
    /// Returns the terms of rules in a text, by where they end; those of personal articles are left out.
    pub(crate) fn hits(&self, text: &str) -> Hits<'_> {
        self.find(text, |term| term.is_of_rules)
    }

    /// Returns the terms of personal articles in a text, by where they end.
    pub(crate) fn personal_hits(&self, text: &str) -> Hits<'_> {
        self.find(text, |term| term.is_of_personal_articles)
    }

    fn find(&self, text: &str, is_wanted: impl Fn(&Term) -> bool) -> Hits<'_> {
        let mut found: SmallVec<[(End, usize, usize); 4]> = SmallVec::new();
        let mut beginnings = Beginnings::of(text);
        while let Some(start) = beginnings.next() {
            let end = self.words.words_at(text, start, |word, end| {
                if is_wanted(&self.terms[word]) {
                    found.push((end, start, word));
                }
            });
            beginnings.skip_to(end);
        }
        if found.is_empty() {
            return Hits::new();
        }
        // Of those that end at one place the longer stands first.
        found.sort_unstable();
        let whole = trimmed(text).len();
        let hit = |(end, start, word): (End, usize, usize)| {
            let Term { text, uses, .. } = &self.terms[word];
            Hit { term: text, uses, span: start..end.at, is_whole: end.at - start == whole }
        };
        found.into_iter().map(hit).collect()
    }

    /// Returns the stopgaps that a name is, each with its rule. A name is one as a whole or not at all, so nearly every
    /// name is done with at its first letters.
    pub(crate) fn stopgaps(&self, name: &str) -> impl Iterator<Item = (&str, u16)> {
        let mut found: &[Stopgap] = &[];
        if let Some(start) = Beginnings::of(name).next() {
            self.names.words_at(name, start, |word, end| {
                if end.at - start == trimmed(name).len() {
                    found = &self.stopgaps[word];
                }
            });
        }
        found.iter().map(|stopgap| (&*stopgap.term, stopgap.rule))
    }
}

/// A term that is a stopgap for a name.
#[derive(Debug)]
struct Stopgap {
    /// As the table writes it.
    term: Box<str>,
    rule: u16,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Builder, Use, normal_form};

    fn found(terms: &[&str], text: &str) -> Vec<(String, bool)> {
        let mut builder = Builder::default();
        for term in terms {
            builder.add(term, Use::Vague(0)).unwrap();
        }
        let lexicon = builder.build();
        lexicon.hits(text).into_iter().map(|hit| (hit.term.to_owned(), hit.is_whole)).collect()
    }

    #[test]
    fn finds_words_where_words_have_borders() {
        for (term, text, expected) in [
            ("gun", "Gun", Some(true)),
            ("gun", "a GUN, new", Some(false)),
            ("gun", "begun", None),
            ("gun", "gunny bag", None),
            ("сигарет*", "Сигареты", Some(false)),
            ("сигарет*", "пачка сигарет", Some(false)),
            ("сигарет*", "электросигареты", None),
            ("ёлка", "елка", Some(true)),
            ("香烟", "中华香烟一条", Some(false)),
            ("香烟", "香烟", Some(true)),
            ("香烟", "香味烟", None),
            ("t-shirt", "T shirt", Some(true)),
            ("t恤", "女士Ｔ恤", Some(false)),
            ("led", "led灯", Some(false)),
            ("n/a", "N/A.", Some(true)),
            ("n/a", "nappa", None),
        ] {
            let hit = found(&[term], text).first().map(|(_, is_whole)| *is_whole);
            assert_eq!(hit, expected, "{term:?} in {text:?}");
        }
    }

    #[test]
    fn finds_terms_inside_each_other() {
        let hits: Vec<String> =
            found(&["gun", "massage gun"], "massage gun").into_iter().map(|(term, _)| term).collect();
        assert_eq!(hits, ["massage gun", "gun"]);
    }

    #[test]
    fn finds_a_stopgap_as_the_whole_name_only() {
        let terms = ["unknown", "n/a", "no name", "无名", "неизвестн*", "无 name"];
        let mut builder = Builder::default();
        for (rule, term) in (0..).zip(terms) {
            builder.add(term, Use::Name(rule)).unwrap();
        }
        builder.add("Unknown*", Use::Name(9)).unwrap();
        builder.add("person", Use::Vague(10)).unwrap();
        let lexicon = builder.build();
        for (name, expected) in [
            ("UNKNOWN", &[("Unknown*", 9), ("unknown", 0)][..]),
            (" N/A.", &[("n/a", 1)]),
            ("no\tname", &[("no name", 2)]),
            ("无名", &[("无名", 3)]),
            ("НЕИЗВЕСТН", &[("неизвестн*", 4)]),
            ("无NAME", &[("无 name", 5)]),
            ("unknow", &[]),
            ("unknowns", &[]),
            ("Mr Unknown", &[]),
            ("unknown b", &[]),
            ("无名氏", &[]),
            ("no", &[]),
            ("person", &[]),
            ("", &[]),
            ("...", &[]),
        ] {
            assert_eq!(lexicon.stopgaps(name).collect::<Vec<_>>(), expected, "{name:?}");
        }
    }

    #[test]
    fn refuses_a_term_without_a_letter() {
        assert!(Builder::default().add("-*", Use::Vague(0)).is_err());
    }

    proptest! {
        #[test]
        fn the_hits_are_those_of_a_plain_search(
            terms in prop::collection::vec("[aб香]{1,3}( [aб烟]{1,2})?\\*?", 1..6),
            text in "[aAбБ香烟 .]{0,24}",
        ) {
            let mut builder = Builder::default();
            for term in &terms {
                builder.add(term, Use::Vague(0)).unwrap();
            }
            let patterns: Vec<String> = builder.terms.keys().cloned().collect();
            let normal = normal_form(&text);
            let count = |pattern: &String| (0..normal.len()).filter(|at| normal.as_bytes()[*at..].starts_with(pattern.as_bytes())).count();
            let expected: usize = patterns.iter().map(count).sum();
            prop_assert_eq!(builder.build().hits(&text).len(), expected);
        }

        #[test]
        fn a_term_is_found_in_itself(term in "[a-zа-я一-龥0-9]{1,8}( [a-zа-я]{1,5})?") {
            prop_assert!(found(&[&term], &term).iter().any(|(_, is_whole)| *is_whole));
        }
    }
}
