//! The form in which terms and texts meet.

use std::str::Chars;

/// What a character of the normal form is, as far as blanks between characters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Blank,
    Han,
    Other,
}

/// The plain forms of ASCII: lower case, a blank for what is neither letter nor digit.
const PLAIN: [u8; 128] = {
    let mut plain = [b' '; 128];
    let mut byte = 0u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            plain[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    plain
};

/// The letters of a text in its normal form from its first letter on, with a blank after each word, and where each ends
/// in the text; a blank ends with the word before it.
#[derive(Debug)]
pub(super) struct Letters<'a> {
    length: usize,
    rest: Chars<'a>,
    last: Script,
    /// Where the last letter ends.
    end: usize,
    /// A letter before which a blank had to come.
    held: Option<char>,
}

impl<'a> Letters<'a> {
    /// Returns the letters of a text.
    pub(super) fn of(text: &'a str) -> Self {
        Self { length: text.len(), rest: text.chars(), last: Script::Blank, end: 0, held: None }
    }

    fn take(&mut self, letter: char) -> (char, usize) {
        self.end = self.length - self.rest.as_str().len();
        (letter, self.end)
    }
}

impl Iterator for Letters<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(letter) = self.held.take() {
            return Some(self.take(letter));
        }
        loop {
            let next = self.rest.next().map(plain);
            let script = next.map_or(Script::Blank, |(_, script)| script);
            let before = std::mem::replace(&mut self.last, script);
            let is_border = before != script && before != Script::Blank;
            match next {
                None => return is_border.then_some((' ', self.end)),
                Some((_, Script::Blank)) if is_border => return Some((' ', self.end)),
                Some((_, Script::Blank)) => {}
                Some((letter, _)) if is_border => {
                    self.held = Some(letter);
                    return Some((' ', self.end));
                }
                Some((letter, _)) => return Some(self.take(letter)),
            }
        }
    }
}

/// Returns the normal form of a text, with a blank at either end.
pub(crate) fn normal_form(text: &str) -> String {
    // No character is more than doubled by the blank before it and its lower case, and there is a blank at either end.
    let mut normal = String::with_capacity(2 * text.len() + 2);
    normal.push(' ');
    normal.extend(Letters::of(text).map(|(letter, _)| letter));
    normal
}

/// Returns a text without what is neither letter nor digit at its ends.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter| plain(letter).1 == Script::Blank)
}

/// Returns the plain form of a character.
#[inline]
pub(super) fn plain(letter: char) -> (char, Script) {
    plain_ascii(u32::from(letter)).unwrap_or_else(|| plain_beyond_ascii(letter))
}

#[inline]
fn plain_ascii(letter: u32) -> Option<(char, Script)> {
    let plain = *PLAIN.get(usize::try_from(letter).ok()?)?;
    Some((char::from(plain), if plain == b' ' { Script::Blank } else { Script::Other }))
}

/// Returns the plain form of a character beyond ASCII.
fn plain_beyond_ascii(letter: char) -> (char, Script) {
    match letter {
        // The alphabets of the day before the general tables, which are slow.
        'а'..='я' => (letter, Script::Other),
        '\u{4E00}'..='\u{9FFF}' => (letter, Script::Han),
        'А'..='Я' => (char::from_u32(u32::from(letter) + 0x20).unwrap_or(letter), Script::Other),
        'ё' | 'Ё' => ('е', Script::Other),
        // Full-width forms of ASCII.
        '\u{FF01}'..='\u{FF5E}' => plain_ascii(u32::from(letter) - 0xFEE0).unwrap_or((' ', Script::Blank)),
        _ if is_han(letter) => (letter, Script::Han),
        _ if letter.is_alphanumeric() => (letter.to_lowercase().next().unwrap_or(letter), Script::Other),
        _ => (' ', Script::Blank),
    }
}

/// Returns whether a character is one of the Han script, which writes no blanks between words.
pub(super) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{normal_form, plain};

    #[test]
    fn brings_texts_into_one_form() {
        for (text, expected) in [
            ("", " "),
            ("...", " "),
            ("T-Shirt", " t shirt "),
            ("  ЁЖ, новый! ", " еж новый "),
            ("女士Ｔ恤", " 女士 t 恤 "),
            ("led灯", " led 灯 "),
            ("ÇİÉ №5", " çié 5 "),
        ] {
            assert_eq!(normal_form(text), expected, "{text:?}");
        }
    }

    #[test]
    fn every_character_keeps_to_its_room() {
        for letter in '\0'..=char::MAX {
            let (plain, _) = plain(letter);
            assert!(plain.len_utf8() < 2 * letter.len_utf8(), "{letter:?} and the blank before it");
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "\\PC{0,120}") {
            let once = normal_form(&text);
            prop_assert_eq!(normal_form(&once), once);
        }
    }
}
