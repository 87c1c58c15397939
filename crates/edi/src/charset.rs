//! Character repertoires: which characters an interchange may hold, and how they are bytes.

use std::borrow::Cow;

/// The repertoire that UNB names in its syntax identifier (ISO 9735, data element 0001).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Charset {
    /// UNOA: capital letters, digits, space and some signs of ISO 646.
    A,
    /// UNOB: as UNOA, with small letters.
    B,
    /// UNOC: ISO 8859-1, Latin.
    C,
    /// UNOE: ISO 8859-5, Latin and Cyrillic.
    E,
    /// UNOW: ISO 10646 as UTF-8.
    W,
}

impl Charset {
    /// Every repertoire that is read and written here.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::E, Self::W];

    /// Returns the repertoire for its syntax identifier.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|charset| charset.as_str() == text)
    }

    /// Returns the syntax identifier: `UNOA`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::A => "UNOA",
            Self::B => "UNOB",
            Self::C => "UNOC",
            Self::E => "UNOE",
            Self::W => "UNOW",
        }
    }

    /// Returns the text of some bytes. What the repertoire does not know becomes U+FFFD, so reading never fails;
    /// small letters are read under UNOA too.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        if bytes.is_ascii() || self == Self::W {
            return String::from_utf8_lossy(bytes);
        }
        Cow::Owned(bytes.iter().map(|byte| self.character(*byte)).collect())
    }

    /// Appends the bytes of a character; returns whether the repertoire knows it. Control characters are in none.
    pub fn encode(self, character: char, into: &mut Vec<u8>) -> bool {
        if character.is_control() {
            return false;
        }
        let byte = match self {
            Self::A => {
                u8::try_from(character).ok().filter(|byte| is_level_b(*byte) && !byte.is_ascii_lowercase())
            }
            Self::B => u8::try_from(character).ok().filter(|byte| is_level_b(*byte)),
            Self::C => u8::try_from(character).ok(),
            Self::E => (0x20..=0xFF).find(|byte| self.character(*byte) == character),
            Self::W => {
                into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return true;
            }
        };
        into.extend(byte);
        byte.is_some()
    }

    fn character(self, byte: u8) -> char {
        match (self, byte) {
            (_, 0..=0x7F) | (Self::C, _) | (Self::E, 0x80..=0xA0 | 0xAD) => char::from(byte),
            (Self::E, 0xF0) => '№',
            (Self::E, 0xFD) => '§',
            (Self::E, _) => char::from_u32(u32::from(byte) + 0x0360).unwrap_or(char::REPLACEMENT_CHARACTER),
            (Self::A | Self::B | Self::W, _) => char::REPLACEMENT_CHARACTER,
        }
    }
}

/// Level B of ISO 9735: letters, digits, space and these signs; level A is the same without small letters.
fn is_level_b(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || br#" .,-()/='+:?!"%&*;<>"#.contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::Charset;

    #[track_caller]
    fn check(charset: Charset, text: &str, bytes: Option<&[u8]>) {
        let mut encoded = Vec::new();
        let is_known = text.chars().all(|character| charset.encode(character, &mut encoded));
        assert_eq!(is_known.then_some(encoded.as_slice()), bytes, "{charset:?} {text:?}");
        if let Some(bytes) = bytes {
            assert_eq!(charset.decode(bytes), text, "{charset:?}");
        }
    }

    #[test]
    fn writes_what_the_repertoire_knows_and_nothing_else() {
        check(Charset::A, "AB 1+2?", Some(b"AB 1+2?"));
        check(Charset::A, "Ab", None);
        check(Charset::A, "A@", None);
        check(Charset::B, "Ab", Some(b"Ab"));
        check(Charset::B, "é", None);
        check(Charset::C, "é@", Some(&[0xE9, b'@']));
        check(Charset::C, "Ж", None);
        check(Charset::C, "A\nB", None);
        check(Charset::E, "Жёж№§", Some(&[0xB6, 0xF1, 0xD6, 0xF0, 0xFD]));
        check(Charset::E, "é", None);
        check(Charset::W, "霍尔果斯", Some("霍尔果斯".as_bytes()));
    }

    #[test]
    fn reads_any_byte() {
        for charset in Charset::ALL {
            for byte in 0..=u8::MAX {
                assert_eq!(charset.decode(&[byte]).chars().count(), 1, "{charset:?} {byte:02x}");
            }
            assert_eq!(Charset::parse(charset.as_str()), Some(charset));
        }
        assert_eq!(Charset::parse("UNOZ"), None);
    }
}
