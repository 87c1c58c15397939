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

const fn following(letter: char) -> char {
    match char::from_u32(letter as u32 + 1) {
        Some(next) => next,
        None => letter,
    }
}

/// Returns the normal form of a text, with a blank at either end.
pub(crate) fn normal_form(text: &str) -> String {
    // No character is more than doubled by the blank before it and its lower case, and there is a blank at either end.
    let mut normal = String::with_capacity(2 * text.len() + 2);
    normal.push(' ');
    let mut last = Script::Blank;
    for (letter, script) in text.chars().map(plain) {
        if last != script && last != Script::Blank {
            normal.push(' ');
        }
        if script != Script::Blank {
            normal.push(letter);
        }
        last = script;
    }
    if last != Script::Blank {
        normal.push(' ');
    }
    normal
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
