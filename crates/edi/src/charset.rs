//! Character repertoires: which characters an interchange may hold, and how they are bytes.

mod parts;

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
    /// UNOD: ISO 8859-2, Latin of Central Europe.
    D,
    /// UNOE: ISO 8859-5, Latin and Cyrillic.
    E,
    /// UNOF: ISO 8859-7, Latin and Greek.
    F,
    /// UNOG: ISO 8859-3, Latin of Malta and Esperanto.
    G,
    /// UNOH: ISO 8859-4, Latin of the Baltic.
    H,
    /// UNOI: ISO 8859-6, Latin and Arabic.
    I,
    /// UNOJ: ISO 8859-8, Latin and Hebrew.
    J,
    /// UNOK: ISO 8859-9, Latin with Turkish.
    K,
    /// UNOW: ISO 10646 as UTF-8.
    W,
    /// UNOX: ISO 2022 with its escape sequences, of which only ASCII is read and written here.
    X,
    /// UNOY: ISO 10646 without code extension; partners that send it send UTF-8, which is read and written here.
    Y,
}

/// What some bytes are under a declared repertoire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded<'a> {
    /// The text as declared; borrowed where its bytes are the same in UTF-8.
    Declared(Cow<'a, str>),
    /// UTF-8 with characters beyond ASCII, though another repertoire is declared.
    Utf8(&'a str),
    /// Neither; the first byte that has no meaning stands at this index.
    Unknown {
        /// Bytes before it.
        at: usize,
    },
}

impl Charset {
    /// Every repertoire that is read and written here.
    pub const ALL: [Self; 14] = [
        Self::A,
        Self::B,
        Self::C,
        Self::D,
        Self::E,
        Self::F,
        Self::G,
        Self::H,
        Self::I,
        Self::J,
        Self::K,
        Self::W,
        Self::X,
        Self::Y,
    ];

    /// What is read under a syntax identifier that is none: ASCII, and UTF-8 where it is.
    pub const UNKNOWN: Self = Self::W;

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
            Self::D => "UNOD",
            Self::E => "UNOE",
            Self::F => "UNOF",
            Self::G => "UNOG",
            Self::H => "UNOH",
            Self::I => "UNOI",
            Self::J => "UNOJ",
            Self::K => "UNOK",
            Self::W => "UNOW",
            Self::X => "UNOX",
            Self::Y => "UNOY",
        }
    }

    /// Reads bytes without replacing any. Bytes beyond ASCII that are UTF-8 are taken for it under every repertoire:
    /// many systems declare one and write the other, and text of ISO 8859 is UTF-8 by accident only in odd pairs of
    /// signs.
    pub fn read(self, bytes: &[u8]) -> Decoded<'_> {
        let utf8 = std::str::from_utf8(bytes);
        let is_declared = self.is_utf8() || bytes.is_ascii();
        match utf8 {
            Ok(text) if is_declared => Decoded::Declared(Cow::Borrowed(text)),
            Ok(text) => Decoded::Utf8(text),
            Err(error) if self.is_utf8() => Decoded::Unknown { at: error.valid_up_to() },
            Err(_) => self.read_single_bytes(bytes),
        }
    }

    fn read_single_bytes(self, bytes: &[u8]) -> Decoded<'static> {
        let mut text = String::with_capacity(bytes.len() * 2);
        for (at, byte) in bytes.iter().enumerate() {
            match self.character(*byte) {
                char::REPLACEMENT_CHARACTER => return Decoded::Unknown { at },
                character => text.push(character),
            }
        }
        Decoded::Declared(Cow::Owned(text))
    }

    /// Returns whether it is written as UTF-8.
    #[inline]
    pub fn is_utf8(self) -> bool {
        matches!(self, Self::W | Self::Y)
    }

    /// Returns the text of some bytes. What the repertoire does not know becomes U+FFFD, so reading never fails;
    /// small letters are read under UNOA too.
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        if bytes.is_ascii() || self.is_utf8() {
            return std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed);
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
            Self::W | Self::Y => {
                into.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                return true;
            }
            _ if character == char::REPLACEMENT_CHARACTER => None,
            _ => (0x20..=0xFF).find(|byte| self.character(*byte) == character),
        };
        into.extend(byte);
        byte.is_some()
    }

    /// Returns the character of a byte; U+FFFD where there is none.
    fn character(self, byte: u8) -> char {
        let half: &[u16; 96] = match (self, byte) {
            (_, 0..=0x7F) | (Self::C, _) => return char::from(byte),
            (Self::A | Self::B | Self::W | Self::X | Self::Y, _) => return char::REPLACEMENT_CHARACTER,
            // The controls of ISO 6429 are the same in every part.
            (_, 0x80..=0x9F) => return char::from(byte),
            (Self::E, _) => return cyrillic(byte),
            (Self::D, _) => &parts::LATIN_2,
            (Self::F, _) => &parts::GREEK,
            (Self::G, _) => &parts::LATIN_3,
            (Self::H, _) => &parts::LATIN_4,
            (Self::I, _) => &parts::ARABIC,
            (Self::J, _) => &parts::HEBREW,
            (Self::K, _) => &parts::LATIN_5,
        };
        let code = half[usize::from(byte - 0xA0)];
        if code == 0 { char::REPLACEMENT_CHARACTER } else { scalar(code.into()) }
    }
}

/// ISO 8859-5 is the Cyrillic of ISO 10646 with an offset, but for four signs.
fn cyrillic(byte: u8) -> char {
    match byte {
        0xA0 | 0xAD => char::from(byte),
        0xF0 => '№',
        0xFD => '§',
        _ => scalar(u32::from(byte) + 0x0360),
    }
}

fn scalar(code: u32) -> char {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Level B of ISO 9735: letters, digits, space and these signs; level A is the same without small letters.
fn is_level_b(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || br#" .,-()/='+:?!"%&*;<>"#.contains(&byte)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Charset, Decoded};

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
        check(Charset::D, "Łódź", Some(&[0xA3, 0xF3, b'd', 0xBC]));
        check(Charset::F, "Ωé", None);
        check(Charset::F, "Ω€", Some(&[0xD9, 0xA4]));
        check(Charset::G, "ĥ", Some(&[0xB6]));
        check(Charset::H, "ž", Some(&[0xBE]));
        check(Charset::I, "\u{628}", Some(&[0xC8]));
        check(Charset::J, "\u{5D0}", Some(&[0xE0]));
        check(Charset::K, "ığ", Some(&[0xFD, 0xF0]));
        check(Charset::X, "Ab", Some(b"Ab"));
        check(Charset::X, "é", None);
        check(Charset::D, "\u{FFFD}", None);
        check(Charset::W, "霍尔果斯", Some("霍尔果斯".as_bytes()));
        check(Charset::Y, "霍尔果斯", Some("霍尔果斯".as_bytes()));
    }

    #[test]
    fn tells_the_declared_repertoire_from_the_real_one() {
        let name = "Ж汉".as_bytes();
        for charset in Charset::ALL {
            let expected = match charset {
                Charset::W | Charset::Y => Decoded::Declared(Cow::Borrowed("Ж汉")),
                _ => Decoded::Utf8("Ж汉"),
            };
            assert_eq!(charset.read(name), expected, "{charset:?}");
            assert_eq!(charset.read(b"LIU"), Decoded::Declared(Cow::Borrowed("LIU")), "{charset:?}");
        }
        assert_eq!(Charset::C.read(b"J\xE9r"), Decoded::Declared(Cow::Owned("Jér".to_owned())));
        assert_eq!(Charset::E.read(b"\xB6"), Decoded::Declared(Cow::Owned("Ж".to_owned())));
        assert_eq!(Charset::A.read(b"J\xE9"), Decoded::Unknown { at: 1 });
        assert_eq!(Charset::W.read(b"ab\xB6"), Decoded::Unknown { at: 2 });
        assert_eq!(Charset::F.read(b"a\xAE"), Decoded::Unknown { at: 1 });
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
