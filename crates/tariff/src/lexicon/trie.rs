//! Words by their letters: which of them a text begins with.

use std::num::NonZeroU32;

use super::normal::{Script, plain};

/// Words in their normal form without the blank before them, each under its number.
///
/// A place stands for the letters read so far. Where a letter leads is found by hashing, so that a place which many
/// letters can follow costs no more than one that leads to a single word.
#[derive(Debug)]
pub(super) struct Trie {
    /// A power of two of them, less than half of them taken.
    steps: Vec<Step>,
}

/// Where one letter leads from one place.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// The place and the letter; [`FREE`] where no step is.
    key: u64,
    to: u32,
    /// One more than the number of the word that ends there.
    word: Option<NonZeroU32>,
}

/// What no place and letter make.
const FREE: u64 = u64::MAX;

/// Where a word ends in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct End {
    /// Behind its last letter.
    pub(super) at: usize,
    /// Whether it asks for a blank after that.
    pub(super) is_closed: bool,
}

impl Trie {
    /// Lays out words; the number of each is its place among them.
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str> + Clone) -> Self {
        let letters: usize = words.clone().map(str::len).sum();
        let free = Step { key: FREE, to: 0, word: None };
        let mut trie = Self { steps: vec![free; (2 * letters + 1).next_power_of_two()] };
        let mut places = 0;
        for (number, word) in (1..).zip(words) {
            let (mut place, mut last) = (0, None);
            for letter in word.chars() {
                let key = key(place, letter);
                let at = trie.find(key);
                if trie.steps[at].key == FREE {
                    places += 1;
                    trie.steps[at] = Step { key, to: places, word: None };
                }
                (place, last) = (trie.steps[at].to, Some(at));
            }
            if let Some(at) = last {
                trie.steps[at].word = NonZeroU32::new(number);
            }
        }
        trie
    }

    /// Shows every word that a text begins with, the shorter first.
    #[inline]
    pub(super) fn words_at(&self, text: &str, mut see: impl FnMut(usize, End)) {
        let mut letters = text.chars();
        let Some((mut letter, mut script)) = letters.next().map(plain) else { return };
        let mut place = 0;
        loop {
            let Some(step) = self.next(place, letter) else { return };
            let at = text.len() - letters.as_str().len();
            if let Some(word) = step.word {
                see(word.get() as usize - 1, End { at, is_closed: false });
            }
            place = step.to;
            let last = script;
            (letter, script) = letters.next().map_or((' ', Script::Blank), plain);
            if script != last {
                // The end of a word, or a border between scripts: a blank, however it is written.
                let Some(step) = self.next(place, ' ') else { return };
                if let Some(word) = step.word {
                    see(word.get() as usize - 1, End { at, is_closed: true });
                }
                place = step.to;
                while script == Script::Blank {
                    let Some(after) = letters.next() else { return };
                    (letter, script) = plain(after);
                }
            }
        }
    }

    #[inline]
    fn next(&self, place: u32, letter: char) -> Option<&Step> {
        let step = &self.steps[self.find(key(place, letter))];
        (step.key != FREE).then_some(step)
    }

    /// Returns where a step stands, or would stand.
    #[inline]
    fn find(&self, key: u64) -> usize {
        // Fibonacci hashing: the high half of the product with 2^64 over the golden ratio.
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize;
        loop {
            at &= self.steps.len() - 1;
            let known = self.steps[at].key;
            if known == key || known == FREE {
                return at;
            }
            at += 1;
        }
    }
}

fn key(place: u32, letter: char) -> u64 {
    u64::from(place) << 32 | u64::from(letter)
}
