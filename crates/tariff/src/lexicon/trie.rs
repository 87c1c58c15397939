//! Words by their letters: which of them a text begins with.

use std::num::NonZeroU32;

use super::normal::Letter;

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
                let key = key(place, Letter::plain(letter));
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

    /// Shows every word that a text goes on with from a letter on, the shorter first. Returns how far it went in the first
    /// of the words of the text.
    #[inline]
    pub(super) fn words_at(&self, text: &str, start: usize, mut see: impl FnMut(usize, End)) -> usize {
        let mut at = start;
        let mut letter = Letter::read(text, &mut at);
        let (mut place, mut first_end) = (0, None);
        loop {
            let Some(step) = self.next(place, letter) else { return first_end.unwrap_or(at) };
            let end = at;
            if let Some(word) = step.word {
                see(word.get() as usize - 1, End { at: end, is_closed: false });
            }
            place = step.to;
            let last = letter;
            letter = Letter::read(text, &mut at);
            if letter.is_apart_from(last) {
                // The end of a word, or a border between scripts: a blank, however it is written.
                let first_end = *first_end.get_or_insert(end);
                let Some(step) = self.next(place, Letter::BLANK) else { return first_end };
                if let Some(word) = step.word {
                    see(word.get() as usize - 1, End { at: end, is_closed: true });
                }
                place = step.to;
                while letter == Letter::BLANK {
                    if at == text.len() {
                        return first_end;
                    }
                    letter = Letter::read(text, &mut at);
                }
            }
        }
    }

    #[inline]
    fn next(&self, place: u32, letter: Letter) -> Option<Step> {
        let key = key(place, letter);
        let mut at = hash(key);
        loop {
            let step = self.steps[at & (self.steps.len() - 1)];
            if step.key == key {
                return Some(step);
            }
            if step.key == FREE {
                return None;
            }
            at += 1;
        }
    }

    /// Returns where a step stands, or would stand.
    fn find(&self, key: u64) -> usize {
        let mut at = hash(key);
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

/// Fibonacci hashing: the high half of the product with 2^64 over the golden ratio.
fn hash(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize
}

fn key(place: u32, letter: Letter) -> u64 {
    u64::from(place) << 32 | u64::from(letter.number())
}
