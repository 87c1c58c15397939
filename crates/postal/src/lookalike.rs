//! What a code was probably meant to be, when its characters only look like the right ones: full-width digits, Cyrillic
//! and Greek letters for Latin ones, a letter for a digit. A suggestion for a person, never a correction.

use crate::S10;

/// Cyrillic and Greek letters with the Latin letters that look the same.
const LETTERS: [(&str, &str); 3] = [
    ("АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"),
    ("аеорсухіјѕ", "aeopcyxijs"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
];

/// Digits with the letters that scanners and people take for them, the likeliest first.
const DIGITS: [(char, &str); 6] = [('0', "OQD"), ('1', "IL"), ('2', "Z"), ('5', "S"), ('6', "G"), ('8', "B")];

/// Returns the text with ASCII in place of characters that look like it; nothing when there are none.
pub fn plain(text: &str) -> Option<String> {
    let plain: String = text.chars().map(plain_character).collect();
    (plain != text).then_some(plain)
}

/// Returns the identifier that a text without one was probably meant to be: the same characters in their right form,
/// letters where letters belong and digits where digits belong, with a check digit that fits.
pub fn s10(text: &str) -> Option<S10> {
    let characters: Vec<char> =
        text.chars().map(plain_character).filter(|character| !matches!(character, ' ' | '-' | '.')).collect();
    let meant: String =
        characters.iter().enumerate().map(|(at, character)| in_place(at, *character)).collect();
    S10::parse(&meant).ok().filter(|s10| s10.to_string() != text)
}

/// Returns the character that belongs at a place of an identifier and looks like this one.
fn in_place(at: usize, character: char) -> char {
    let character = character.to_ascii_uppercase();
    let looks = |(digit, letters): &(char, &str)| *digit == character || letters.contains(character);
    let Some((digit, letters)) = DIGITS.iter().find(|pair| looks(pair)) else { return character };
    match at {
        2..=10 => *digit,
        _ if character.is_ascii_digit() => letters.chars().next().unwrap_or(character),
        _ => character,
    }
}

fn plain_character(character: char) -> char {
    let code = u32::from(character);
    match character {
        // The full-width forms of Unicode follow ASCII in the same order.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(code - 0xFEE0).unwrap_or(character),
        '\u{3000}' => ' ',
        '\u{660}'..='\u{669}' => char::from_u32(code - 0x660 + 0x30).unwrap_or(character),
        '\u{6F0}'..='\u{6F9}' => char::from_u32(code - 0x6F0 + 0x30).unwrap_or(character),
        _ => {
            let pairs = LETTERS.iter().flat_map(|(foreign, latin)| foreign.chars().zip(latin.chars()));
            pairs.into_iter().find(|(foreign, _)| *foreign == character).map_or(character, |(_, latin)| latin)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{plain, s10};

    #[test]
    fn characters_that_look_like_ascii_are_told() {
        for (text, expected) in [
            ("１２．５", Some("12.5")),
            ("СN", Some("CN")),
            ("２０２６-07-01", Some("2026-07-01")),
            ("١٢", Some("12")),
            ("CN", None),
            ("汉", None),
            ("я", None),
        ] {
            assert_eq!(plain(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_identifier_is_suggested_only_when_its_check_digit_fits() {
        for (text, expected) in [
            ("RR４７３１２４８２９CN", Some("RR473124829CN")),
            // Cyrillic letters in place of the Latin ones.
            ("RR473124829СN", Some("RR473124829CN")),
            ("rr473124829cn", Some("RR473124829CN")),
            ("RR-4731-2482-9-CN", Some("RR473124829CN")),
            ("RROOOOOO080CN", Some("RR000000080CN")),
            ("RRO0000008OCN", Some("RR000000080CN")),
            ("8B123456785GB", Some("BB123456785GB")),
            ("RR473124829CN", None),
            ("RR473124820CN", None),
            ("RR47312482CN", None),
            ("汉字", None),
            ("", None),
        ] {
            assert_eq!(s10(text).map(|s10| s10.to_string()).as_deref(), expected, "{text}");
        }
    }
}
