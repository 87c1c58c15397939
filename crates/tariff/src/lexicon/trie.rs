//! Words by their letters: which of them a text begins with.

use std::collections::BTreeMap;

use super::normal::{Script, plain};

/// Into how many parts the first letters are divided. Letters of one alphabet never share a part, and most Han
/// characters meet an empty one.
const PARTS: usize = 512;

/// Words in their normal form without the blank before them, each under its number.
#[derive(Debug, Default)]
pub(super) struct Trie {
    /// Where the first letters lead, by the remainder of the letter.
    firsts: Vec<Vec<(char, usize)>>,
    places: Vec<Place>,
}

/// What has been read so far.
#[derive(Debug)]
struct Place {
    /// The word that ends here.
    word: Option<usize>,
    /// Where the next letter leads, by letter.
    next: Vec<(char, usize)>,
}

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
    pub(super) fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut drafts: Vec<(Option<usize>, BTreeMap<char, usize>)> = vec![(None, BTreeMap::new())];
        for (number, word) in words.enumerate() {
            let mut at = 0;
            for letter in word.chars() {
                let new = drafts.len();
                at = *drafts[at].1.entry(letter).or_insert(new);
                if at == new {
                    drafts.push((None, BTreeMap::new()));
                }
            }
            drafts[at].0 = Some(number);
        }
        let mut firsts = vec![Vec::new(); PARTS];
        for (letter, next) in &drafts[0].1 {
            firsts[part(*letter)].push((*letter, *next));
        }
        let place = |(word, next): (_, BTreeMap<_, _>)| Place { word, next: next.into_iter().collect() };
        Self { firsts, places: drafts.into_iter().map(place).collect() }
    }

    /// Shows every word that a text begins with, the shorter first. The caller knows the first letter of its normal form.
    #[inline]
    pub(super) fn words_at(&self, letter: char, text: &str, see: impl FnMut(usize, End)) {
        if let Some((_, next)) = self.firsts[part(letter)].iter().find(|(first, _)| *first == letter) {
            self.follow(*next, text, see);
        }
    }

    /// Goes on from where the first letter of a text leads.
    fn follow(&self, first: usize, text: &str, mut see: impl FnMut(usize, End)) {
        let mut letters = text.chars();
        let Some((_, mut last)) = letters.next().map(plain) else { return };
        let mut place = &self.places[first];
        loop {
            let at = text.len() - letters.as_str().len();
            if let Some(word) = place.word {
                see(word, End { at, is_closed: false });
            }
            let (mut letter, mut script) = letters.next().map_or((' ', Script::Blank), plain);
            if script != last {
                // The end of a word, or a border between scripts: a blank, however it is written.
                let Some(next) = self.next(place, ' ') else { return };
                place = next;
                if let Some(word) = place.word {
                    see(word, End { at, is_closed: true });
                }
                while script == Script::Blank {
                    let Some(after) = letters.next() else { return };
                    (letter, script) = plain(after);
                }
                last = script;
            }
            let Some(next) = self.next(place, letter) else { return };
            place = next;
        }
    }

    #[inline]
    fn next(&self, place: &Place, letter: char) -> Option<&Place> {
        // Few places have more than one.
        let at = place.next.iter().position(|(next, _)| *next >= letter)?;
        let (next, to) = place.next[at];
        (next == letter).then(|| &self.places[to])
    }
}

fn part(letter: char) -> usize {
    letter as usize % PARTS
}
