//! The search of commodity codes: proposals with a score for what someone calls the goods, in Chinese, Russian or English.
//!
//! A proposal is never applied by itself. The score orders proposals; it is no probability. Words are found with the slips
//! that people make, and in the forms that the languages give them.

mod words;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use caravan_postal::{HsCode, Language};
use chrono::NaiveDate;

use crate::tables::Tables;
use words::{likeness, words};

/// How much of a text is looked at, in characters.
const TEXT_MAX: usize = 200;
/// How many words of it.
const WORDS_MAX: usize = 24;
/// What counts as the same word: a likeness of this and more, in thousandths.
const LIKENESS_MIN: u64 = 700;
/// What a word behind the first semicolon of a name weighs, in thousandths: the goods are named before it.
const BEHIND: u64 = 600;
/// A proposal with less is none.
const SCORE_MIN: u64 = 250;

/// An index over the names of one language on one day.
#[derive(Debug)]
pub struct Search<'a> {
    entries: Vec<Entry<'a>>,
    /// By word: the entries that have it, with what it weighs there.
    by_word: BTreeMap<String, Vec<(usize, u64)>>,
}

#[derive(Debug)]
struct Entry<'a> {
    code: HsCode,
    name: &'a str,
    is_term: bool,
    /// The weight of all its words.
    weight: u64,
}

/// A code that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<'a> {
    /// The subheading.
    pub code: HsCode,
    /// From 0 to 1,000; higher is better.
    pub score: u16,
    /// The name or the term that was found.
    pub name: &'a str,
}

impl<'a> Search<'a> {
    /// Indexes the lists of names and terms that stand on a day.
    pub(crate) fn of(tables: &'a Tables, language: Language, day: NaiveDate) -> Self {
        let edition = tables.edition(day);
        let mut search = Self { entries: Vec::new(), by_word: BTreeMap::new() };
        let mut found: Vec<Vec<(String, u64)>> = Vec::new();
        for names in tables.names.iter().filter(|names| names.row.covers(day)) {
            for (code, _, name) in names.list.rows.iter().filter(|(_, of, _)| *of == language) {
                if edition.row.covers(day) && !edition.list.contains(*code) {
                    continue;
                }
                let is_term = names.list.are_terms;
                let (front, behind) = name.split_once(';').unwrap_or((name, ""));
                let mut all: Vec<(String, u64)> =
                    words(front, language).into_iter().map(|word| (word, 1000)).collect();
                for word in words(behind, language) {
                    if !all.iter().any(|(known, _)| *known == word) {
                        all.push((word, BEHIND));
                    }
                }
                search.entries.push(Entry { code: *code, name, is_term, weight: 0 });
                found.push(all);
            }
        }
        for (index, all) in found.into_iter().enumerate() {
            for (word, weight) in all {
                search.by_word.entry(word).or_default().push((index, weight));
            }
        }
        let total = search.entries.len();
        for places in search.by_word.values_mut() {
            let rarity = rarity(total, places.len());
            for (index, weight) in places {
                *weight *= rarity;
                search.entries[*index].weight += *weight;
            }
        }
        search
    }

    /// Returns the best proposals for a text, at most `count`, each code once, best first.
    pub fn propose(&self, text: &str, language: Language, count: usize) -> Vec<Proposal<'a>> {
        let text: String = text.chars().take(TEXT_MAX).collect();
        let mut asked = words(&text, language);
        asked.truncate(WORDS_MAX);
        let mut asked_weight = 0;
        // By entry: what of the question it has, and what of itself was asked for.
        let mut found: HashMap<usize, (u64, u64)> = HashMap::new();
        for word in &asked {
            let alike = self.alike(word);
            let rarest = alike.iter().map(|(_, places)| rarity(self.entries.len(), places.len())).max();
            let weight = rarest.unwrap_or_else(|| rarity(self.entries.len(), 1));
            asked_weight += weight;
            let mut best: HashMap<usize, (u64, u64)> = HashMap::new();
            for (likeness, places) in alike {
                for (index, own) in places {
                    let share = (weight * likeness / 1000, own * likeness / 1000);
                    let known = best.entry(*index).or_default();
                    *known = (*known).max(share);
                }
            }
            for (index, (of_text, of_name)) in best {
                let sum = found.entry(index).or_default();
                sum.0 += of_text;
                sum.1 += of_name;
            }
        }
        self.ranked(&found, asked_weight.max(1), count)
    }

    fn ranked(&self, found: &HashMap<usize, (u64, u64)>, asked: u64, count: usize) -> Vec<Proposal<'a>> {
        let mut by_code: BTreeMap<HsCode, (u64, &'a str)> = BTreeMap::new();
        for (index, (of_text, of_name)) in found {
            let entry = &self.entries[*index];
            let of_text = (of_text * 1000 / asked).min(1000);
            let of_name = (of_name * 1000 / entry.weight.max(1)).min(1000);
            // A term means the goods as a whole: it counts as far as all of it was said. A name lists more than anyone says.
            let score = if entry.is_term {
                of_name * (400 + of_text * 6 / 10) / 1000
            } else {
                (of_text * 7 + of_name * 2) / 10
            };
            let known = by_code.entry(entry.code).or_default();
            // Of two names with one score the first in order, so that every machine shows the same.
            if (score, Reverse(entry.name)) > (known.0, Reverse(known.1)) {
                *known = (score, entry.name);
            }
        }
        let mut ranked: Vec<_> = by_code.into_iter().filter(|(_, (score, _))| *score >= SCORE_MIN).collect();
        ranked.sort_by_key(|(code, (score, _))| (Reverse(*score), *code));
        ranked.truncate(count);
        let proposal = |(code, (score, name)): (HsCode, (u64, &'a str))| {
            let score = u16::try_from(score).unwrap_or(u16::MAX);
            Proposal { code, score, name }
        };
        ranked.into_iter().map(proposal).collect()
    }

    /// Returns the known words that a word may be, with their likeness; the word itself alone where it is known.
    fn alike(&self, word: &str) -> Vec<(u64, &[(usize, u64)])> {
        if let Some(places) = self.by_word.get(word) {
            return vec![(1000, places)];
        }
        let alike = self.by_word.iter().filter_map(|(known, places)| {
            let likeness = likeness(word, known);
            (likeness >= LIKENESS_MIN).then_some((likeness, places.as_slice()))
        });
        alike.collect()
    }
}

/// Returns what a word weighs that so many of all entries have: 1, and one more each time it is twice as rare.
fn rarity(total: usize, having: usize) -> u64 {
    u64::from((total / having.max(1)).max(1).ilog2()) + 1
}
