//! Which format a file has, from its first bytes and never from its name.

use caravan_edi::Interchange;
use caravan_postal::Finding;

use crate::ceb;
use crate::csv::{Dialect, Mapping, dialect};
use crate::findings::{ENCODING_UNSUPPORTED, FILE_EMPTY, FORMAT_UNKNOWN};
use crate::itmatt;
use crate::layout::{Known, recognises};
use crate::options::Options;
use crate::read::Format;
use crate::xml;

/// What the first bytes of a file say.
#[derive(Debug)]
pub(crate) enum Recognised<'o> {
    /// XML, behind a byte-order mark of so many bytes.
    Xml {
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
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
    /// A message whose layout is a profile.
    Message {
        /// The layout.
        known: Known,
        /// The format.
        format: Format,
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
    /// CSV with at least two of our columns, or with those of a mapping.
    Csv(Dialect, Option<&'o Mapping>),
    /// JSON, behind a byte-order mark of so many bytes.
    Json {
        /// Bytes of the byte-order mark.
        mark_length: usize,
    },
    /// A package of compressed parts, as workbooks are.
    Package,
    /// Not one byte.
    Empty,
    /// Nothing that is read here.
    Unreadable(Finding),
}

/// Byte-order marks and the first bytes of XML in encodings that are not read here, longest first; UTF-16 is decoded
/// before it is recognised.
const ENCODINGS: &[(&[u8], &str)] = &[
    (b"\x00\x00\xFE\xFF", "UTF-32"),
    (b"\xFF\xFE\x00\x00", "UTF-32"),
    (b"\x00\x00\x00<", "UTF-32"),
    (b"<\x00\x00\x00", "UTF-32"),
    (b"\x4C\x6F\xA7\x94", "EBCDIC"),
];

/// Looks at the beginning of a file, decoded: the more of it, the surer the dialect of CSV.
pub(crate) fn recognise<'o>(bytes: &[u8], options: &Options<'o>) -> Recognised<'o> {
    if bytes.is_empty() {
        return Recognised::Empty;
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Recognised::Package;
    }
    if let Some((_, encoding)) = ENCODINGS.iter().find(|(first, _)| bytes.starts_with(first)) {
        return Recognised::Unreadable(ENCODING_UNSUPPORTED.finding([*encoding]));
    }
    let mark_length = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let text = &bytes[mark_length..];
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Recognised::Empty,
        Some(b'U') if Interchange::is_recognised(text) => Recognised::Itmatt { mark_length },
        Some(b'<') => xml(text, mark_length),
        Some(b'{' | b'[') if recognises(Known::CustomsData.layout(), text) => {
            Recognised::Message { known: Known::CustomsData, format: Format::CustomsData, mark_length }
        }
        Some(b'[' | b'{') => Recognised::Json { mark_length },
        Some(_) => match dialect(text, mark_length, options.mappings) {
            Some((dialect, mapping)) => Recognised::Csv(dialect, mapping),
            None => Recognised::Unreadable(FORMAT_UNKNOWN.finding::<&str>([])),
        },
    }
}

impl Recognised<'_> {
    /// Returns the format, or why there is none.
    pub(crate) fn format(&self) -> Result<Format, Finding> {
        match self {
            Self::Xml { .. } => Ok(Format::Xml),
            Self::Csv(..) => Ok(Format::Csv),
            Self::Json { .. } => Ok(Format::Json),
            Self::Package => Ok(Format::Xlsx),
            Self::Ceb => Ok(Format::Ceb),
            Self::Itmatt { .. } => Ok(Format::Itmatt),
            Self::ItmattXml { .. } => Ok(Format::ItmattXml),
            Self::Message { format, .. } => Ok(*format),
            Self::Empty => Err(FILE_EMPTY.finding::<&str>([])),
            Self::Unreadable(finding) => Err(finding.clone()),
        }
    }
}

/// The messages that are XML by a layout.
const MESSAGES: &[(Known, Format)] = &[
    (Known::Cusitm, Format::Cusitm),
    (Known::Cusrsp, Format::Cusrsp),
    (Known::Itmref, Format::Itmref),
    (Known::Refrsp, Format::Refrsp),
];

/// Tells one XML from another. Our own is asked first: it needs none of the tables that tell the others.
fn xml<'o>(text: &[u8], mark_length: usize) -> Recognised<'o> {
    let tag = first_tag(text);
    let is_root = |root: &str| tag.is_some_and(|(name, _)| name == root.as_bytes());
    if is_root(xml::DIALECT.root) || tag.is_none() {
        Recognised::Xml { mark_length }
    } else if ceb::root(text).is_some() {
        Recognised::Ceb
    } else if let Some((known, format)) = tag.and_then(message) {
        Recognised::Message { known, format, mark_length }
    } else if is_root(itmatt::DIALECT.root) {
        Recognised::ItmattXml { mark_length }
    } else {
        Recognised::Xml { mark_length }
    }
}

/// Returns the message whose root element or namespace a start tag has.
fn message((name, attributes): (&[u8], &[u8])) -> Option<(Known, Format)> {
    let is_it = |(known, _): &&(Known, Format)| {
        let layout = known.layout();
        let namespace = layout.namespace.as_bytes();
        let has_namespace = [b'"', b'\''].iter().any(|quote| {
            let quoted = [&[*quote], namespace, &[*quote]].concat();
            memchr::memmem::find(attributes, &quoted).is_some()
        });
        name == layout.root.as_bytes() || has_namespace
    };
    MESSAGES.iter().find(is_it).copied()
}

/// Returns the name of the first start tag without its prefix, and its attributes.
pub(crate) fn first_tag(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text;
    loop {
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        rest = &rest[blank..];
        let end: &[u8] = match rest {
            [b'<', b'?', ..] => b"?>",
            [b'<', b'!', b'-', b'-', ..] => b"-->",
            _ => break,
        };
        rest = &rest[memchr::memmem::find(rest, end)? + end.len()..];
    }
    let inside = rest.strip_prefix(b"<")?;
    let tag = &inside[..memchr::memchr(b'>', inside)?];
    let length = tag.iter().take_while(|byte| !byte.is_ascii_whitespace() && **byte != b'/').count();
    let (name, attributes) = tag.split_at(length);
    let local = memchr::memchr(b':', name).map_or(name, |colon| &name[colon + 1..]);
    Some((local, attributes))
}

#[cfg(test)]
mod tests {
    use super::{Recognised, recognise};
    use crate::options::Options;

    #[test]
    fn knows_a_message_by_its_root_or_its_namespace() {
        for (text, expected) in [
            ("<CUSITM/>", "cusitm"),
            ("<?xml version=\"1.0\"?>\n<!-- <CUSRSP> --><CUSITM>", "cusitm"),
            ("<a:CUSRSP xmlns:a=\"urn:caravan:cusrsp:1\">", "cusrsp"),
            ("<Other xmlns='urn:caravan:cusitm:1' a=\"1\">", "cusitm"),
            ("<ITMREF>", "itmref"),
            ("\u{FEFF}<REFRSP >", "refrsp"),
            (" [{\"MailObject\": {}}]", "customs-data"),
            ("<declarations>", "xml"),
            ("<CUSITMS>", "xml"),
            ("<other xmlns=\"urn:caravan:cusitm:12\">", "xml"),
            ("<!DOCTYPE a><CUSITM>", "xml"),
            ("<CUSITM", "xml"),
            ("identifier,form\n", "csv"),
            ("{\"a\": 1}", "json"),
            (" ", "file-empty"),
        ] {
            let recognised: Recognised<'_> = recognise(text.as_bytes(), &Options::default());
            let found =
                recognised.format().map_or_else(|finding| finding.code.name, |format| format.as_str());
            assert_eq!(found, expected, "{text}");
        }
    }
}
