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

/// Returns the text with digits in place of letters that look like them, full-width or not; nothing when it has none.
pub fn digits(text: &str) -> Option<String> {
    let digits: String = text.chars().map(|character| digit(plain_character(character))).collect();
    (digits != text).then_some(digits)
}

/// Returns every reading of the text with letters in place of digits that look like them; none when there are no such
/// digits, or more than two, which is another kind of text.
pub fn letters(text: &str) -> Vec<String> {
    let text: String = text.chars().map(plain_character).collect();
    match text.chars().filter(char::is_ascii_digit).count() {
        1 | 2 => with_letters(&text, |_| true),
        _ => Vec::new(),
    }
}

/// Returns the only code of a closed list that looks like a text.
pub fn one_of<'c>(text: &str, codes: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let shape =
        |text: &str| text.chars().map(|character| digit(plain_character(character))).collect::<String>();
    let shape_of_text = shape(text);
    only(codes.into_iter().filter(|code| shape(code) == shape_of_text))
}

/// Returns the only one of some readings; nothing when there are several that differ.
pub fn only<T: PartialEq>(readings: impl IntoIterator<Item = T>) -> Option<T> {
    let mut readings = readings.into_iter();
    let first = readings.next()?;
    readings.all(|other| other == first).then_some(first)
}

/// Returns the identifier that a text without one was probably meant to be: the same characters in their right form,
/// letters where letters belong and digits where digits belong, with a check digit that fits. Nothing when several
/// identifiers could be meant.
///
/// Nine digits whose check digit does not fit get none: a remainder of 11 tells that a digit is wrong, and not which.
pub fn s10(text: &str) -> Option<S10> {
    let written: String = text
        .chars()
        .map(|character| plain_character(character).to_ascii_uppercase())
        .filter(|character| !matches!(character, ' ' | '-' | '.'))
        .collect();
    let is_digit = |at: usize| (2..=10).contains(&at);
    let in_digits: String =
        written.chars().enumerate().map(|(at, c)| if is_digit(at) { digit(c) } else { c }).collect();
    let readings = with_letters(&in_digits, |at| !is_digit(at));
    only(readings.iter().filter_map(|reading| S10::parse(reading).ok())).filter(|s10| s10.to_string() != text)
}

/// Returns every reading with letters in place of digits, at the places where letters belong.
fn with_letters(text: &str, is_letter: impl Fn(usize) -> bool) -> Vec<String> {
    let mut readings = vec![String::new()];
    for (at, character) in text.chars().enumerate() {
        let options = DIGITS.iter().find(|(digit, _)| *digit == character).filter(|_| is_letter(at));
        let mut own = [0; 4];
        let options = options.map_or_else(|| &*character.encode_utf8(&mut own), |(_, letters)| *letters);
        let longer = options
            .chars()
            .flat_map(|option| readings.iter().map(move |reading| format!("{reading}{option}")));
        readings = longer.collect();
    }
    readings
}

/// Returns the digit that a letter looks like; any other character as it is.
fn digit(character: char) -> char {
    let upper = character.to_ascii_uppercase();
    DIGITS.iter().find(|(_, letters)| letters.contains(upper)).map_or(character, |(digit, _)| *digit)
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
    use super::{digits, letters, one_of, only, plain, s10};

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
    fn letters_that_look_like_digits_are_told() {
        for (text, expected) in [
            ("61O91O", Some("610910")),
            ("l.5", Some("1.5")),
            ("2O26-O7-Ol", Some("2026-07-01")),
            ("5SZB", Some("5528")),
            ("1２", Some("12")),
            ("12", None),
            ("X1", None),
        ] {
            assert_eq!(digits(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn digits_that_look_like_letters_are_told() {
        for (text, expected) in [
            ("5E", &["SE"][..]),
            ("0E", &["OE", "QE", "DE"]),
            ("1Ｌ", &["IL", "LL"]),
            ("3E", &["3E"]),
            ("CN", &[]),
            ("000", &[]),
            ("", &[]),
        ] {
            assert_eq!(letters(text), expected, "{text}");
        }
    }

    #[test]
    fn a_code_is_suggested_only_when_no_other_looks_like_it() {
        let codes = ["CN22", "11", "1L", "B"];
        for (text, expected) in
            [("CNZZ", Some("CN22")), ("СN22", Some("CN22")), ("8", Some("B")), ("I1", None), ("CN23", None)]
        {
            assert_eq!(one_of(text, codes), expected, "{text}");
        }
        assert_eq!((only([1, 1]), only([1, 2]), only::<u8>([])), (Some(1), None, None));
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
            ("RR4731Z4B29CN", Some("RR473124829CN")),
            ("RR47312482GCN", None),
            ("8B123456785GB", Some("BB123456785GB")),
            // Of `OE`, `QE` and `DE` one is a country.
            ("RR4731248290E", Some("RR473124829DE")),
            ("0R473124829CN", None),
            ("RR473124829CN", None),
            ("RR47312482CN", None),
            // Digits alone: a misread one, two exchanged, a wrong check digit.
            ("RR413124829CN", None),
            ("RR743124829CN", None),
            ("RR473124820CN", None),
            ("RR4731248299CN", None),
            ("汉字", None),
            ("", None),
        ] {
            assert_eq!(s10(text).map(|s10| s10.to_string()).as_deref(), expected, "{text}");
        }
    }
}
