//! The form in which terms and texts meet.

/// What a character of the normal form is, as far as blanks between characters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
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

/// The least byte that a Han character begins with; ASCII and Cyrillic begin with smaller ones.
pub(super) const HAN_FROM: u8 = 0xE0;

/// Returns the normal form of a text, with a blank at either end.
pub(crate) fn normal_form(text: &str) -> Vec<u8> {
    // No character is more than doubled by the blank before it and its lower case, and there is a blank at either end.
    let mut normal = Vec::with_capacity(2 * text.len() + 2);
    each_byte(text, |byte| normal.push(byte));
    normal
}

/// Shows the bytes of the normal form one by one, as they come about.
#[inline]
pub(super) fn each_byte(text: &str, mut see: impl FnMut(u8)) {
    see(b' ');
    let mut last = Script::Blank;
    let mut rest = text;
    while let Some(byte) = rest.bytes().next() {
        if let Some(plain) = PLAIN.get(usize::from(byte)) {
            // One byte stays one byte: a letter or digit after its kind, or a blank after anything else.
            let script = if *plain == b' ' { Script::Blank } else { Script::Other };
            if last != script && last != Script::Blank {
                see(b' ');
            }
            if script == Script::Other {
                see(*plain);
            }
            last = script;
            rest = &rest[1..];
            continue;
        }
        let Some(letter) = rest.chars().next() else { break };
        rest = &rest[letter.len_utf8()..];
        let (letter, script) = plain_beyond_ascii(letter);
        if last != script && last != Script::Blank {
            see(b' ');
        }
        last = script;
        if script != Script::Blank {
            letter.encode_utf8(&mut [0; 4]).bytes().for_each(&mut see);
        }
    }
    if last != Script::Blank {
        see(b' ');
    }
}

/// Returns the first character of a text's normal form that is not a blank.
pub(super) fn first_letter(text: &str) -> Option<char> {
    text.chars().map(plain).find(|(_, script)| *script != Script::Blank).map(|(letter, _)| letter)
}

/// Returns the plain form of a character.
#[inline]
fn plain(letter: char) -> (char, Script) {
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

    use super::{HAN_FROM, is_han, normal_form, plain};

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
            assert_eq!(String::from_utf8(normal_form(text)).unwrap(), expected, "{text:?}");
        }
    }

    #[test]
    fn every_character_keeps_to_its_room() {
        for letter in '\0'..=char::MAX {
            let (plain, _) = plain(letter);
            assert!(plain.len_utf8() < 2 * letter.len_utf8(), "{letter:?} and the blank before it");
            assert!(
                !is_han(letter) || letter.encode_utf8(&mut [0; 4]).as_bytes()[0] >= HAN_FROM,
                "{letter:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_normal_form_is_its_own_normal_form(text in "\\PC{0,120}") {
            let once = String::from_utf8(normal_form(&text)).unwrap();
            prop_assert_eq!(normal_form(&once), once.as_bytes());
        }
    }
}
