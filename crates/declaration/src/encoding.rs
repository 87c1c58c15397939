//! The encodings that a file may have, and how many bytes a text has in each.
//!
//! All formats are read as UTF-8: what arrives otherwise is decoded before it is parsed, and nothing of it is ever
//! replaced. Which encoding it is, the bytes say: a mark, a pattern, the shape of the words; a declaration in the file
//! is weighed against them. Where several are possible, the partner's setting decides.

mod decoder;
mod detect;
mod words;

pub(crate) use decoder::Decoder;
pub(crate) use detect::declared_name;

/// An encoding that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8, and so ASCII.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// GB18030, and so GBK and GB 2312.
    Gb18030,
    /// Windows-1251: Cyrillic.
    Windows1251,
    /// Windows-1252, and so ISO 8859-1: Western European.
    Windows1252,
}

/// The names that declarations and settings have for encodings, in lower case and without hyphens.
const NAMES: &[(&str, Encoding)] = &[
    ("utf8", Encoding::Utf8),
    ("usascii", Encoding::Utf8),
    ("ascii", Encoding::Utf8),
    ("utf16le", Encoding::Utf16Le),
    ("utf16", Encoding::Utf16Le),
    ("utf16be", Encoding::Utf16Be),
    ("gb18030", Encoding::Gb18030),
    ("gbk", Encoding::Gb18030),
    ("gb2312", Encoding::Gb18030),
    ("gb231280", Encoding::Gb18030),
    ("cp936", Encoding::Gb18030),
    ("windows936", Encoding::Gb18030),
    ("windows1251", Encoding::Windows1251),
    ("cp1251", Encoding::Windows1251),
    ("windows1252", Encoding::Windows1252),
    ("cp1252", Encoding::Windows1252),
    ("iso88591", Encoding::Windows1252),
    ("latin1", Encoding::Windows1252),
];

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Gb18030, Self::Windows1251, Self::Windows1252];

    /// Returns the usual name: `GB18030`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Gb18030 => "GB18030",
            Self::Windows1251 => "windows-1251",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Returns the encoding of a name as XML declarations and settings write it: `gb2312`, `Windows-1251`.
    pub fn parse(name: &str) -> Option<Self> {
        let plain = name.replace(['-', '_'], "").to_ascii_lowercase();
        NAMES.iter().find(|(known, _)| *known == plain).map(|(_, encoding)| *encoding)
    }

    /// Returns how many bytes a text, given in UTF-8, has in this encoding. A character that the encoding writes in
    /// two ways counts as the usual one: the euro sign in GBK's single byte counts one too many.
    pub(crate) fn length_of(self, text: &[u8]) -> u64 {
        // Every character of UTF-8 has one byte that is no continuation (10xxxxxx).
        let leads = || text.iter().filter(|byte| **byte & 0xC0 != 0x80);
        match self {
            Self::Utf8 => text.len() as u64,
            Self::Windows1251 | Self::Windows1252 => leads().count() as u64,
            Self::Utf16Le | Self::Utf16Be => leads().map(|byte| if *byte >= 0xF0 { 4 } else { 2 }).sum(),
            Self::Gb18030 => String::from_utf8_lossy(text).chars().map(length_in_gb18030).sum(),
        }
    }

    /// Returns the decoder's own encoding.
    fn table(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Gb18030 => encoding_rs::GB18030,
            Self::Windows1251 => encoding_rs::WINDOWS_1251,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
        }
    }

    /// Returns the bytes that stand for no character; the decoder would take them for controls.
    fn unassigned(self) -> &'static [u8] {
        match self {
            Self::Windows1251 => &[0x98],
            Self::Windows1252 => &[0x81, 0x8D, 0x8F, 0x90, 0x9D],
            Self::Utf8 | Self::Utf16Le | Self::Utf16Be | Self::Gb18030 => &[],
        }
    }
}

/// GB 18030-2022: one byte for ASCII, two for the characters of GBK, four for all others.
fn length_in_gb18030(character: char) -> u64 {
    match character {
        '\0'..='\x7F' => 1,
        // GBK has all hanzi of Unicode 1.1.
        '\u{4E00}'..='\u{9FA5}' => 2,
        '\u{10000}'.. => 4,
        _ => {
            let mut text = [0; 4];
            let text = character.encode_utf8(&mut text);
            let mut bytes = [0; 8];
            let mut encoder = encoding_rs::GB18030.new_encoder();
            let (_, _, written) = encoder.encode_from_utf8_without_replacement(text, &mut bytes, true);
            written as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding;

    #[test]
    fn names_are_read_as_they_are_written() {
        for (name, encoding) in [
            ("gb2312", Some(Encoding::Gb18030)),
            ("GBK", Some(Encoding::Gb18030)),
            ("Windows-1251", Some(Encoding::Windows1251)),
            ("ISO-8859-1", Some(Encoding::Windows1252)),
            ("UTF_8", Some(Encoding::Utf8)),
            ("Big5", None),
            ("UTF 8", None),
            ("", None),
        ] {
            assert_eq!(Encoding::parse(name), encoding, "{name}");
        }
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::parse(encoding.as_str()), Some(encoding));
        }
    }

    #[test]
    fn a_text_has_as_many_bytes_as_its_encoding_gives_it() {
        for (encoding, text, length) in [
            (Encoding::Utf8, "a汉", 4),
            (Encoding::Utf16Be, "a汉𠮷", 8),
            (Encoding::Gb18030, "a汉я𠮷ә", 1 + 2 + 2 + 4 + 4),
            (Encoding::Windows1251, "aяЮ", 3),
            (Encoding::Windows1252, "né", 2),
        ] {
            assert_eq!(encoding.length_of(text.as_bytes()), length, "{} {text}", encoding.as_str());
        }
    }
}
