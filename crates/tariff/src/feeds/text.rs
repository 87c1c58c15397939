//! The bytes of a feed as text, and places in it.

use caravan_postal::Place;
use encoding_rs::{Encoding, UTF_8};
use serde_json::value::RawValue;

/// How far from the beginning an XML declaration may state its encoding, in bytes.
const DECLARATION: usize = 200;

/// A decoded feed.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) text: String,
    /// Whether every character was one byte.
    is_single_byte: bool,
}

impl Text {
    /// Decodes by the byte order mark, or as an XML declaration says, or as UTF-8. Broken bytes become U+FFFD: they can
    /// only stand in names of currencies, which nobody reads here, or make a figure none.
    pub(super) fn decode(bytes: &[u8]) -> Self {
        let encoding = declared(bytes).unwrap_or(UTF_8);
        let (text, encoding, _) = encoding.decode(bytes);
        Self { text: text.into_owned(), is_single_byte: encoding.is_single_byte() }
    }

    /// Returns the place of a byte of the decoded text.
    pub(super) fn place(&self, at: usize) -> Place {
        let mut end = at.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let characters = before.chars().count();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place::Text {
            offset: if self.is_single_byte { characters } else { end } as u64,
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }

    /// Returns the offset of a part of the text.
    pub(super) fn offset(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = &head[..head.len().min(DECLARATION)];
    let head = std::str::from_utf8(&head[..head.iter().position(|byte| *byte == b'>')?]).ok()?;
    let (_, value) = head.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(value[1..].split(quote).next()?.as_bytes())
}

/// Returns where a text stops being JSON of the wanted shape.
pub(super) fn error_at(text: &Text, error: &serde_json::Error) -> usize {
    let line_start =
        text.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    line_start + error.column().saturating_sub(1)
}

/// Returns a JSON string without its quotes, or a number as it is written: no figure passes through a float.
pub(super) fn plain(value: &RawValue) -> &str {
    let text = value.get();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}
