//! Words of the tables found in what senders write, in Chinese, Russian and English.
//!
//! Both sides are brought into one form: lower case, full-width letters as plain ones, `ё` as `е`, everything that is
//! neither letter nor digit as one blank, and a blank between a Han character and anything else. A term matches whole
//! words where its script has word borders, and anywhere inside a run of Han characters. A term that ends in `*`
//! matches every word that begins so, which is how the endings of Russian are met.

mod normal;

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{Anchored, BuildError, MatchKind};
use smallvec::SmallVec;

use normal::{HAN_FROM, each_byte, first_letter, is_han};

pub(crate) use normal::normal_form;

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
    automaton: NFA,
    start: StateID,
    terms: Vec<Term>,
    names: Names,
}

#[derive(Debug)]
struct Term {
    /// As the table writes it.
    text: Box<str>,
    uses: Vec<Use>,
    /// Blanks at the ends of the pattern, which are not part of the word.
    blanks: (usize, usize),
    is_of_rules: bool,
    is_of_personal_articles: bool,
}

/// A term found in a text.
#[derive(Debug, Clone)]
pub(crate) struct Hit<'a> {
    /// The term as the table writes it.
    pub(crate) term: &'a str,
    pub(crate) uses: &'a [Use],
    /// Where it stands in the normal form.
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
        let text = std::str::from_utf8(&normal).expect("the normal form is made of characters");
        let core = text.trim();
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
    pub(crate) fn build(self) -> Result<Lexicon, BuildError> {
        let automaton =
            NFA::builder().match_kind(MatchKind::Standard).prefilter(false).build(self.terms.keys())?;
        let start = automaton.start_state(Anchored::No).expect("the automaton starts unanchored");
        let names = Names::of(&self.terms);
        let blanks =
            |pattern: &str| (usize::from(pattern.starts_with(' ')), usize::from(pattern.ends_with(' ')));
        let terms = self.terms.into_iter().map(|(pattern, (text, uses))| Term {
            text,
            is_of_rules: uses.iter().any(|wanted| !matches!(wanted, Use::Personal(_))),
            is_of_personal_articles: uses.iter().any(|wanted| matches!(wanted, Use::Personal(_))),
            uses,
            blanks: blanks(&pattern),
        });
        Ok(Lexicon { automaton, start, terms: terms.collect(), names })
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

    /// Goes through the normal form of a text as it comes about, and keeps only what was found.
    fn find(&self, text: &str, is_wanted: impl Fn(&Term) -> bool) -> Hits<'_> {
        let mut hits = Hits::new();
        let mut state = self.start;
        let mut length = 0;
        each_byte(text, |byte| {
            length += 1;
            // A term begins with a blank or a Han character: the rest of a word that begins as none does is passed over.
            if state == self.start && byte != b' ' && byte < HAN_FROM {
                return;
            }
            state = self.automaton.next_state(Anchored::No, state, byte);
            if self.automaton.is_match(state) {
                self.note(state, length, &is_wanted, &mut hits);
            }
        });
        for hit in &mut hits {
            hit.is_whole = hit.span == (1..length - 1);
        }
        hits
    }

    /// Notes the terms that end at a place of the normal form.
    fn note<'a>(
        &'a self,
        state: StateID,
        end: usize,
        is_wanted: impl Fn(&Term) -> bool,
        hits: &mut Hits<'a>,
    ) {
        for index in 0..self.automaton.match_len(state) {
            let pattern = self.automaton.match_pattern(state, index);
            let term = &self.terms[pattern.as_usize()];
            if !is_wanted(term) {
                continue;
            }
            let start = end - self.automaton.pattern_len(pattern);
            let span = start + term.blanks.0..end - term.blanks.1;
            hits.push(Hit { term: &term.text, uses: &term.uses, span, is_whole: false });
        }
    }

    /// Returns the stopgaps that a name is, each with its rule.
    pub(crate) fn stopgaps(&self, name: &str) -> impl Iterator<Item = (&str, u16)> {
        self.names.find(name).iter().map(|stopgap| (&*stopgap.term, stopgap.rule))
    }
}

/// Stopgaps for names. A name is one as a whole or not at all, so nearly every name is done with at its first letter.
#[derive(Debug, Default)]
struct Names {
    /// The letters that stopgaps begin with.
    firsts: Vec<char>,
    /// By normal form.
    forms: BTreeMap<Vec<u8>, Vec<Stopgap>>,
}

#[derive(Debug)]
struct Stopgap {
    /// As the table writes it.
    term: Box<str>,
    rule: u16,
}

impl Names {
    fn of(terms: &BTreeMap<String, (Box<str>, Vec<Use>)>) -> Self {
        let mut names = Self::default();
        for (pattern, (term, uses)) in terms {
            for wanted in uses {
                let Use::Name(rule) = *wanted else { continue };
                let form = normal_form(pattern);
                names.forms.entry(form).or_default().push(Stopgap { term: term.clone(), rule });
                names.firsts.extend(first_letter(pattern).filter(|first| !names.firsts.contains(first)));
            }
        }
        names
    }

    fn find(&self, name: &str) -> &[Stopgap] {
        let may_be = first_letter(name).is_some_and(|first| self.firsts.contains(&first));
        let found = may_be.then(|| self.forms.get(&normal_form(name))).flatten();
        found.map_or(&[], |stopgaps| stopgaps)
    }
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
        let lexicon = builder.build().unwrap();
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
        let lexicon = builder.build().unwrap();
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
            let count = |pattern: &String| normal.windows(pattern.len()).filter(|part| *part == pattern.as_bytes()).count();
            let expected: usize = patterns.iter().map(count).sum();
            prop_assert_eq!(builder.build().unwrap().hits(&text).len(), expected);
        }

        #[test]
        fn a_term_is_found_in_itself(term in "[a-zа-я一-龥0-9]{1,8}( [a-zа-я]{1,5})?") {
            prop_assert!(found(&[&term], &term).iter().any(|(_, is_whole)| *is_whole));
        }
    }
}
