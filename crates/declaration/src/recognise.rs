//! Which format a file has, from its first bytes and never from its name.

use caravan_edi::Interchange;
use caravan_postal::Finding;

use crate::ceb;
use crate::csv::{Dialect, dialect};
use crate::findings::{ENCODING_UNSUPPORTED, FORMAT_UNKNOWN};
use crate::itmatt;

/// What the first bytes of a file say.
#[derive(Debug)]
pub(crate) enum Recognised {
    /// XML, behind a byte-order mark of so many bytes.
    Xml {
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
    /// CSV with at least two of our columns.
    Csv(Dialect),
    /// A message of China's cross-border e-commerce platform, or a wrapper around one.
    Ceb,
    /// EDIFACT, behind a byte-order mark of so many bytes.
    Itmatt {
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
    /// The XML form of ITMATT, behind a byte-order mark of so many bytes.
    ItmattXml {
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
    /// Not one byte.
    Empty,
    /// Nothing that is read here.
    Unreadable(Finding),
}

/// Byte-order marks and the first bytes of XML in encodings that are not read here, longest first.
const ENCODINGS: &[(&[u8], &str)] = &[
    (b"\x00\x00\xFE\xFF", "UTF-32"),
    (b"\xFF\xFE\x00\x00", "UTF-32"),
    (b"\x00\x00\x00<", "UTF-32"),
    (b"<\x00\x00\x00", "UTF-32"),
    (b"\xFE\xFF", "UTF-16"),
    (b"\xFF\xFE", "UTF-16"),
    (b"\x00<", "UTF-16"),
    (b"<\x00", "UTF-16"),
    (b"\x4C\x6F\xA7\x94", "EBCDIC"),
];

/// Looks at the beginning of a file: the more of it, the surer the dialect of CSV.
pub(crate) fn recognise(bytes: &[u8]) -> Recognised {
    if bytes.is_empty() {
        return Recognised::Empty;
    }
    if let Some((_, encoding)) = ENCODINGS.iter().find(|(first, _)| bytes.starts_with(first)) {
        return Recognised::Unreadable(ENCODING_UNSUPPORTED.finding([*encoding]));
    }
    let mark_length = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = &bytes[mark_length..];
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Recognised::Empty,
        Some(b'<') if ceb::root(text).is_some() => Recognised::Ceb,
        Some(b'<') if root(text) == Some(itmatt::DIALECT.root) => Recognised::ItmattXml { mark_length },
        Some(b'<') => Recognised::Xml { mark_length },
        Some(b'U') if Interchange::is_recognised(text) => Recognised::Itmatt { mark_length },
        Some(_) => match dialect(text, mark_length) {
            Some(dialect) => Recognised::Csv(dialect),
            None => Recognised::Unreadable(FORMAT_UNKNOWN.finding::<&str>([])),
        },
    }
}

/// Returns the name of the root element without its prefix, as far as the bytes show it: comments, instructions and the
/// XML declaration are passed over, a document type is not.
fn root(text: &[u8]) -> Option<&str> {
    let mut rest = text;
    loop {
        let tag = &rest[memchr::memchr(b'<', rest)? + 1..];
        let end: &[u8] = match tag {
            [b'?', ..] => b"?>",
            [b'!', b'-', b'-', ..] => b"-->",
            _ => {
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
                let name = std::str::from_utf8(&tag[..tag.iter().position(is_end)?]).ok()?;
                return Some(name.rsplit_once(':').map_or(name, |(_, local)| local));
            }
        };
        rest = &tag[memchr::memmem::find(tag, end)? + end.len()..];
    }
}
