//! Words of the tables found in what senders write, in Chinese, Russian and English.
//!
//! Both sides are brought into one form: lower case, full-width letters as plain ones, `ё` as `е`, everything that is
//! neither letter nor digit as one blank, and a blank between a Han character and anything else. A term matches whole
//! words where its script has word borders, and anywhere inside a run of Han characters. A term that ends in `*`
//! matches every word that begins so, which is how the endings of Russian are met.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, BuildError, MatchKind};

/// What a term is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A term of a rule on vague descriptions.
    Vague(u16),
    /// A term of a rule on articles.
    Article(u16),
    /// A harmless phrase around a term of a rule on articles.
    Except(u16),
    /// A term of a personal article.
    Personal(u16),
}

/// All terms, ready to be found in one pass.
#[derive(Debug)]
pub(crate) struct Lexicon {
    automaton: AhoCorasick,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    /// As the table writes it.
    text: Box<str>,
    uses: Vec<Use>,
    /// Blanks at the ends of the pattern, which are not part of the word.
    blanks: (usize, usize),
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

/// Collects terms.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    terms: BTreeMap<String, (Box<str>, Vec<Use>)>,
}

/// The normal form of a text, in place when it is short.
#[derive(Debug)]
pub(crate) struct Normal {
    short: [u8; 256],
    length: usize,
    long: Vec<u8>,
}

impl Builder {
    /// Adds a term; what is empty in its normal form is refused.
    pub(crate) fn add(&mut self, term: &str, wanted: Use) -> Result<(), String> {
        let (stem, is_stem) = term.strip_suffix('*').map_or((term, false), |stem| (stem, true));
        let normal = Normal::of(stem);
        let text = std::str::from_utf8(normal.bytes()).expect("the normal form is made of characters");
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
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .match_kind(MatchKind::Standard)
            .build(self.terms.keys())?;
        let blanks =
            |pattern: &str| (usize::from(pattern.starts_with(' ')), usize::from(pattern.ends_with(' ')));
        let terms = self.terms.into_iter().map(|(pattern, (text, uses))| Term {
            text,
            uses,
            blanks: blanks(&pattern),
        });
        Ok(Lexicon { automaton, terms: terms.collect() })
    }
}

impl Lexicon {
    /// Returns every term in a text, by where it ends.
    pub(crate) fn hits<'a, 'b>(&'a self, normal: &'b Normal) -> impl Iterator<Item = Hit<'a>> + use<'a, 'b> {
        let bytes = normal.bytes();
        let last = bytes.len().saturating_sub(1);
        self.automaton.find_overlapping_iter(bytes).map(move |found| {
            let term = &self.terms[found.pattern().as_usize()];
            let span = found.start() + term.blanks.0..found.end() - term.blanks.1;
            Hit { term: &term.text, uses: &term.uses, is_whole: span.start == 1 && span.end == last, span }
        })
    }
}

impl Normal {
    /// Brings a text into the normal form, with a blank at either end.
    pub(crate) fn of(text: &str) -> Self {
        let mut normal = Self { short: [0; 256], length: 0, long: Vec::new() };
        normal.push(' ');
        let mut last = ' ';
        for letter in text.chars() {
            let letter = plain(letter);
            let is_border = last != ' ' && letter != ' ' && is_han(last) != is_han(letter);
            if is_border || (letter == ' ' && last != ' ') {
                normal.push(' ');
            }
            if letter != ' ' {
                normal.push(letter);
            }
            last = letter;
        }
        if last != ' ' {
            normal.push(' ');
        }
        normal
    }

    /// Returns the normal form.
    pub(crate) fn bytes(&self) -> &[u8] {
        if self.long.is_empty() { &self.short[..self.length] } else { &self.long }
    }

    fn push(&mut self, letter: char) {
        let mut buffer = [0; 4];
        if self.long.is_empty() {
            if self.length + buffer.len() <= self.short.len() {
                self.length += letter.encode_utf8(&mut self.short[self.length..]).len();
                return;
            }
            self.long.extend_from_slice(&self.short[..self.length]);
        }
        self.long.extend_from_slice(letter.encode_utf8(&mut buffer).as_bytes());
    }
}

/// Returns the plain form of a character: lower case, a blank for what is neither letter nor digit.
fn plain(letter: char) -> char {
    match letter {
        // The alphabets of the day before the general tables, which are slow.
        'a'..='z' | '0'..='9' | 'а'..='я' | '\u{4E00}'..='\u{9FFF}' => letter,
        'A'..='Z' => letter.to_ascii_lowercase(),
        '\0'..='\x7F' => ' ',
        'А'..='Я' => char::from_u32(u32::from(letter) + 0x20).unwrap_or(letter),
        'ё' | 'Ё' => 'е',
        // Full-width forms of ASCII.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).map_or(' ', plain),
        _ if is_han(letter) => letter,
        _ if letter.is_alphanumeric() => letter.to_lowercase().next().unwrap_or(letter),
        _ => ' ',
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Builder, Normal, Use};

    fn found(terms: &[&str], text: &str) -> Vec<(String, bool)> {
        let mut builder = Builder::default();
        for term in terms {
            builder.add(term, Use::Vague(0)).unwrap();
        }
        let lexicon = builder.build().unwrap();
        let normal = Normal::of(text);
        lexicon.hits(&normal).map(|hit| (hit.term.to_owned(), hit.is_whole)).collect()
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
    fn refuses_a_term_without_a_letter() {
        assert!(Builder::default().add("-*", Use::Vague(0)).is_err());
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "\\PC{0,120}") {
            let once = Normal::of(&text);
            let written = String::from_utf8(once.bytes().to_vec()).unwrap();
            let twice = Normal::of(&written);
            prop_assert_eq!(twice.bytes(), written.as_bytes());
        }

        #[test]
        fn a_term_is_found_in_itself(term in "[a-zа-я一-龥0-9]{1,8}( [a-zа-я]{1,5})?") {
            prop_assert!(found(&[&term], &term).iter().any(|(_, is_whole)| *is_whole));
        }
    }
}
