//! How much of some bytes looks like words of an encoding: only that tells the older encodings from each other.

use super::Encoding;

/// Returns how much of what is not ASCII looks like words of the encoding, in hundredths.
pub(super) fn share(encoding: Encoding, sample: &[u8]) -> usize {
    let (ordinary, all) = match encoding {
        Encoding::Gb18030 => hanzi(sample),
        Encoding::Windows1251 => runs(sample, is_cyrillic, is_cyrillic_word, CYRILLIC_SIGNS),
        Encoding::Windows1252 => runs(sample, is_western, is_western_word, WESTERN_SIGNS),
        Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => (0, 0),
    };
    (ordinary * 100).checked_div(all).unwrap_or(0)
}

/// Counts the characters of GB18030 that are common hanzi (GB 2312 level 1), signs, full-width or Cyrillic letters, and
/// all of them, broken ones too.
fn hanzi(sample: &[u8]) -> (usize, usize) {
    let (mut ordinary, mut all) = (0, 0);
    let mut rest = sample;
    while let [first, behind @ ..] = rest {
        if first.is_ascii() {
            rest = behind;
            continue;
        }
        let [second, ..] = behind else { break };
        let is_ordinary = matches!(first, 0xA1 | 0xA3 | 0xA7 | 0xB0..=0xD7) && *second >= 0xA1;
        let length = match (first, second) {
            (0x81..=0xFE, b'0'..=b'9') => 4,
            (0x81..=0xFE, 0x40..) => 2,
            _ => 1,
        };
        (ordinary, all) = (ordinary + usize::from(is_ordinary), all + 1);
        rest = rest.get(length..).unwrap_or_default();
    }
    (ordinary, all)
}

/// Signs of Windows-1251: quotation marks, dashes, the ellipsis, the bullet, a space, the numero sign.
const CYRILLIC_SIGNS: &[u8] = &[0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0xA0, 0xAB, 0xB9, 0xBB];

/// Signs of Windows-1252: the same, the euro, the pound, the degree, the registered and the trade mark.
const WESTERN_SIGNS: &[u8] = &[
    0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0xA0, 0xA3, 0xA9, 0xAB, 0xAE, 0xB0, 0xB4,
    0xB7, 0xBB,
];

/// A run of letters, and the bytes beside it.
struct Word<'s> {
    letters: &'s [u8],
    touches_latin: bool,
}

/// Counts the bytes beyond ASCII that are in words or are signs.
fn runs(
    sample: &[u8],
    is_letter: fn(u8) -> bool,
    is_word: fn(&Word<'_>) -> bool,
    signs: &[u8],
) -> (usize, usize) {
    let (mut ordinary, mut all, mut at) = (0, 0, 0);
    while at < sample.len() {
        let length = sample[at..].iter().take_while(|byte| is_letter(**byte)).count();
        if length == 0 {
            all += usize::from(!sample[at].is_ascii());
            ordinary += usize::from(signs.contains(&sample[at]));
            at += 1;
            continue;
        }
        let is_latin = |index: Option<usize>| {
            index.and_then(|index| sample.get(index)).is_some_and(u8::is_ascii_alphabetic)
        };
        let touches_latin = is_latin(at.checked_sub(1)) || is_latin(Some(at + length));
        let word = Word { letters: &sample[at..at + length], touches_latin };
        ordinary += if is_word(&word) { length } else { 0 };
        all += length;
        at += length;
    }
    (ordinary, all)
}

/// Letters of Russian, Belarusian and Ukrainian.
fn is_cyrillic(byte: u8) -> bool {
    is_cyrillic_capital(byte) || matches!(byte, 0xE0..=0xFF | 0xA2 | 0xB3 | 0xB4 | 0xB8 | 0xBA | 0xBF)
}

fn is_cyrillic_capital(byte: u8) -> bool {
    matches!(byte, 0xC0..=0xDF | 0xA1 | 0xA5 | 0xA8 | 0xAA | 0xAF | 0xB2)
}

/// A word is written in capitals, in small letters, or in small letters behind one capital, and no letter beside it is
/// Latin.
fn is_cyrillic_word(word: &Word<'_>) -> bool {
    let [first, rest @ ..] = word.letters else { return false };
    let capitals = rest.iter().filter(|letter| is_cyrillic_capital(**letter)).count();
    let is_even = capitals == 0 || (capitals == rest.len() && is_cyrillic_capital(*first));
    is_even && !word.touches_latin
}

fn is_western(byte: u8) -> bool {
    matches!(byte, 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0xFF | 0x8A | 0x8C | 0x8E | 0x9A | 0x9C | 0x9E | 0x9F)
}

/// Letters with accents stand alone among plain ones.
fn is_western_word(word: &Word<'_>) -> bool {
    word.letters.len() == 1 || (word.letters.len() == 2 && word.touches_latin)
}
