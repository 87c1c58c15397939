//! Which format a file has, from its first bytes and never from its name.

use caravan_postal::Finding;

use crate::ceb;
use crate::csv::{Dialect, dialect};
use crate::findings::{ENCODING_UNSUPPORTED, FORMAT_UNKNOWN};

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
        Some(b'<') => Recognised::Xml { mark_length },
        Some(_) => match dialect(text, mark_length) {
            Some(dialect) => Recognised::Csv(dialect),
            None => Recognised::Unreadable(FORMAT_UNKNOWN.finding::<&str>([])),
        },
    }
}
