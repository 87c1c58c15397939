//! The form in which terms and texts meet.

/// What a character of the normal form is, as far as blanks between characters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Blank,
    Han,
    Other,
}

/// The plain forms of ASCII and of the Cyrillic of Russian: lower case, a blank for what is neither letter nor digit, and
/// nothing for characters that are looked up elsewhere.
const PLAIN: [Option<char>; 0x460] = {
    let mut plain = [None; 0x460];
    let mut byte = 0u8;
    while byte < 128 {
        let letter = if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b' ' };
        plain[byte as usize] = Some(letter as char);
        byte += 1;
    }
    let (mut small, mut large) = ('а', 'А');
    while (small as u32) <= 'я' as u32 {
        plain[small as usize] = Some(small);
        plain[large as usize] = Some(small);
        (small, large) = (following(small), following(large));
    }
    plain['ё' as usize] = Some('е');
    plain['Ё' as usize] = Some('е');
    plain
};

/// What one byte of a text says of the character that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// It is the first of a letter that words are made of, or none that is the first.
    OfWord,
    /// It is the first, and the character neither letter nor digit.
    Blank,
    /// It is the first, and the character one of the Han script.
    Han,
    /// It is the first, and only the whole character tells.
    Unsure,
}

/// Bytes by their value. U+0400 to U+047F are Cyrillic letters, U+5000 to U+9FFF Han characters.
const BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Unsure; 256];
    let mut byte = u8::MIN;
    loop {
        bytes[byte as usize] = match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0xD0 | 0xD1 | 0x80..=0xBF => Byte::OfWord,
            0..=0x7F => Byte::Blank,
            0xE5..=0xE9 => Byte::Han,
            _ => Byte::Unsure,
        };
        if byte == u8::MAX {
            break bytes;
        }
        byte += 1;
    }
};

/// A character of a text in its plain form, as one number: its script above the number of the plain form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letter(u32);

impl Letter {
    /// What is neither letter nor digit, and what stands behind the end of a text.
    pub(super) const BLANK: Self = Self::of(' ', Script::Blank);

    const fn of(plain: char, script: Script) -> Self {
        Self((script as u32) << 24 | plain as u32)
    }

    /// Returns the plain form of a character.
    pub(super) fn plain(letter: char) -> Self {
        let (plain, script) = plain(letter);
        Self::of(plain, script)
    }

    /// Returns the number by which plain forms are told from each other.
    pub(super) fn number(self) -> u32 {
        self.0
    }

    /// Returns whether a blank stands between two characters, or belongs there.
    pub(super) fn is_apart_from(self, other: Self) -> bool {
        (self.0 ^ other.0) >> 24 != 0
    }

    /// Reads the character at a place of a text and goes behind it; a blank at the end. ASCII, the Cyrillic of Russian and
    /// most Han characters are told by their bytes.
    #[inline]
    pub(super) fn read(text: &str, at: &mut usize) -> Self {
        let bytes = text.as_bytes();
        let Some(first) = bytes.get(*at) else { return Self::BLANK };
        if let Some(letter) = SMALL.get(usize::from(*first)) {
            *at += 1;
            return *letter;
        }
        match bytes[*at..] {
            [first @ (0xD0 | 0xD1), second, ..] => {
                let of_block = usize::from(first & 1) << 6 | usize::from(second & 0x3F);
                let Some(letter) = CYRILLIC[of_block] else { return Self::by_tables(text, at) };
                *at += 2;
                letter
            }
            [first @ 0xE5..=0xE9, second, third, ..] => {
                let [first, second, third] = [first & 0x0F, second & 0x3F, third & 0x3F].map(u32::from);
                *at += 3;
                Self((Script::Han as u32) << 24 | first << 12 | second << 6 | third)
            }
            _ => Self::by_tables(text, at),
        }
    }

    #[cold]
    fn by_tables(text: &str, at: &mut usize) -> Self {
        let Some(letter) = text[*at..].chars().next() else { return Self::BLANK };
        *at += letter.len_utf8();
        Self::plain(letter)
    }
}

/// The plain forms of ASCII.
const SMALL: [Letter; 128] = {
    let mut small = [Letter::BLANK; 128];
    let mut byte = 0;
    while byte < 128 {
        if let Some(letter) = PLAIN[byte]
            && letter != ' '
        {
            small[byte] = Letter::of(letter, Script::Other);
        }
        byte += 1;
    }
    small
};

/// The plain forms of U+0400 to U+047F, but for those that are looked up elsewhere.
const CYRILLIC: [Option<Letter>; 128] = {
    let mut cyrillic = [None; 128];
    let mut at = 0;
    while at < 0x60 {
        if let Some(letter) = PLAIN[0x400 + at] {
            cyrillic[at] = Some(Letter::of(letter, Script::Other));
        }
        at += 1;
    }
    cyrillic
};

const fn following(letter: char) -> char {
    match char::from_u32(letter as u32 + 1) {
        Some(next) => next,
        None => letter,
    }
}

/// Returns the normal form of a text, with a blank at either end.
pub(crate) fn normal_form(text: &str) -> String {
    normal_letters(text).chain([' ']).collect()
}

/// Goes over the characters of the normal form of a text, but for the blank at its end.
pub(crate) fn normal_letters(text: &str) -> impl Iterator<Item = char> {
    let mut last = Script::Blank;
    text.chars().map(plain).flat_map(move |(letter, script)| {
        let is_letter = script != Script::Blank;
        let begins = is_letter && script != last;
        last = script;
        begins.then_some(' ').into_iter().chain(is_letter.then_some(letter))
    })
}

/// The places of a text where a term can begin: the first letter of a word, and every Han character. Bytes nearly always
/// tell, so that no other character is looked at.
pub(super) struct Beginnings<'t> {
    text: &'t str,
    at: usize,
    is_in_word: bool,
}

impl<'t> Beginnings<'t> {
    /// Returns the places of a text.
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0, is_in_word: false }
    }

    /// Goes on behind so much of the word that began last.
    pub(super) fn skip_to(&mut self, at: usize) {
        if self.is_in_word {
            self.at = at;
        }
    }
}

impl Iterator for Beginnings<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        loop {
            if self.is_in_word {
                let rest = &bytes[self.at..];
                self.at += rest
                    .iter()
                    .position(|byte| BYTES[usize::from(*byte)] != Byte::OfWord)
                    .unwrap_or(rest.len());
            }
            let at = self.at;
            let (script, length) = match BYTES[usize::from(*bytes.get(at)?)] {
                Byte::OfWord => (Script::Other, 1),
                Byte::Blank => (Script::Blank, 1),
                Byte::Han => (Script::Han, 3),
                Byte::Unsure => script_at(self.text, at),
            };
            let was_in_word = std::mem::replace(&mut self.is_in_word, script == Script::Other);
            self.at += length;
            if script == Script::Han || self.is_in_word && !was_in_word {
                return Some(at);
            }
        }
    }
}

/// Returns the script of a character of a text, by the whole of it, and its length in bytes.
#[cold]
fn script_at(text: &str, at: usize) -> (Script, usize) {
    let letter = text[at..].chars().next();
    letter.map_or((Script::Blank, 1), |letter| (plain(letter).1, letter.len_utf8()))
}

/// Returns whether a text has neither letter nor digit.
pub(crate) fn is_wordless(text: &str) -> bool {
    text.chars().all(|letter| plain(letter).1 == Script::Blank)
}

/// Returns a text without what is neither letter nor digit at its ends.
pub(super) fn trimmed(text: &str) -> &str {
    text.trim_matches(|letter| plain(letter).1 == Script::Blank)
}

/// Returns the plain form of a character.
#[inline]
pub(super) fn plain(letter: char) -> (char, Script) {
    match PLAIN.get(letter as usize) {
        Some(Some(' ')) => (' ', Script::Blank),
        Some(Some(plain)) => (*plain, Script::Other),
        _ if matches!(letter, '\u{4E00}'..='\u{9FFF}') => (letter, Script::Han),
        _ => plain_of_others(letter),
    }
}

/// Returns the plain form of a character by the general tables, which are slow.
fn plain_of_others(letter: char) -> (char, Script) {
    match letter {
        // Full-width forms of ASCII.
        '\u{FF01}'..='\u{FF5E}' => {
            plain(char::from_u32(u32::from(letter) - 0xFEE0).expect("it is one of ASCII"))
        }
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

    use super::{BYTES, Byte, Letter, Script, normal_form, plain};

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
    fn bytes_tell_the_truth() {
        let mut told = 0;
        for letter in '\0'..=char::MAX {
            let text = letter.to_string();
            let (first, others) = text.as_bytes().split_first().unwrap();
            let expected = match plain(letter).1 {
                Script::Blank => Byte::Blank,
                Script::Han => Byte::Han,
                Script::Other => Byte::OfWord,
            };
            let byte = BYTES[usize::from(*first)];
            assert!(byte == expected || byte == Byte::Unsure, "{letter:?}");
            told += usize::from(byte == expected);
            assert!(byte != Byte::Han || others.len() == 2, "{letter:?}");
            assert!(others.iter().all(|byte| BYTES[usize::from(*byte)] == Byte::OfWord), "{letter:?}");
        }
        assert_eq!(told, 128 + 128 + 0x5000);
    }

    #[test]
    fn a_letter_is_read_as_the_plain_form_of_its_character() {
        for letter in '\0'..=char::MAX {
            let (text, mut at) = (format!("x{letter}y"), 1);
            assert_eq!(Letter::read(&text, &mut at), Letter::plain(letter), "{letter:?}");
            assert_eq!(at, 1 + letter.len_utf8(), "{letter:?}");
        }
        assert_eq!(Letter::read("x", &mut 1), Letter::BLANK);
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "\\PC{0,120}") {
            let once = normal_form(&text);
            prop_assert_eq!(normal_form(&once), once);
        }
    }
}
