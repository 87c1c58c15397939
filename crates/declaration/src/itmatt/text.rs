//! Texts of components as the model has them: decoded, and numbers and days in the model's form.

use std::borrow::Cow;

use bumpalo::Bump;
use bumpalo::collections::String as ArenaString;
use caravan_edi::{Charset, Cut, Decoded, Segment, codes};
use caravan_postal::Finding;

use crate::format::Type;
use crate::place::Mark;

/// Bytes beyond ASCII that follow each other before Latin text is doubted: no language of ISO 8859 has as many accented
/// letters in a row, while two Chinese characters of GB 18030 or half a Cyrillic word are as long.
const RUN_DOUBTED: usize = 4;

/// What was read of a component.
pub(super) enum Reading<'a> {
    /// The text, with what is to be said about its character set.
    Text(&'a str, Option<Finding>),
    /// Nothing, and why.
    Unreadable(Finding),
}

/// Returns the mark of a component, or of the whole segment with zeros.
pub(super) fn mark(segment: &Segment<'_>, element: u16, component: u16) -> Mark {
    Mark::component(segment.number, element, component)
}

/// Returns the mark of a whole segment by its number.
pub(super) fn mark_at(segment: u32) -> Mark {
    Mark::component(segment, 0, 0)
}

/// Returns a component of which there is nothing to be said, and that stands there as it is meant.
#[inline]
pub(super) fn plain<'a>(segment: &Segment<'a>, cut: &Cut) -> Option<&'a str> {
    let text = cut.text(segment).filter(|_| !cut.is_released && !cut.has_control)?;
    (segment.is_utf8() || text.is_ascii()).then_some(text)
}

/// Reads a component; what stands there as it is meant is borrowed.
pub(super) fn read<'a>(segment: &Segment<'a>, cut: &Cut, arena: &'a Bump) -> Reading<'a> {
    let charset = segment.syntax().charset;
    let declared = charset.as_str();
    let unreadable = |byte: u8| {
        Reading::Unreadable(codes::TEXT_UNREADABLE.finding([declared.to_owned(), format!("0x{byte:02X}")]))
    };
    let differs = || Some(codes::CHARSET_DIFFERS.finding([declared, "UTF-8"]));
    if let Some(text) = cut.text(segment) {
        let is_declared = charset.is_utf8() || text.is_ascii();
        let release = segment.syntax().separators.release.filter(|_| cut.is_released);
        let text = release.map_or(text, |release| released(text, release, arena));
        return Reading::Text(text, if is_declared { None } else { differs() });
    }
    match cut.bytes(segment) {
        Cow::Borrowed(bytes) => match charset.read(bytes) {
            Decoded::Declared(Cow::Borrowed(text)) => Reading::Text(text, None),
            Decoded::Declared(Cow::Owned(text)) => {
                Reading::Text(arena.alloc_str(&text), doubt(charset, bytes))
            }
            Decoded::Utf8(text) => Reading::Text(text, differs()),
            Decoded::Unknown { at } => unreadable(bytes[at]),
        },
        Cow::Owned(bytes) => match charset.read(&bytes) {
            Decoded::Declared(text) => Reading::Text(arena.alloc_str(&text), doubt(charset, &bytes)),
            Decoded::Utf8(text) => Reading::Text(arena.alloc_str(text), differs()),
            Decoded::Unknown { at } => unreadable(bytes[at]),
        },
    }
}

/// Returns a text without its release characters, which are ASCII.
fn released<'a>(text: &str, release: u8, arena: &'a Bump) -> &'a str {
    let mut plain = ArenaString::with_capacity_in(text.len(), arena);
    let mut rest = text;
    // What is released is so near that a loop is faster than a search.
    while let Some(at) = rest.bytes().position(|byte| byte == release) {
        plain.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let length = behind.chars().next().map_or(0, char::len_utf8);
        plain.push_str(&behind[..length]);
        rest = &behind[length..];
    }
    plain.push_str(rest);
    plain.into_bump_str()
}

fn doubt(charset: Charset, bytes: &[u8]) -> Option<Finding> {
    let is_latin = matches!(charset, Charset::C | Charset::D | Charset::G | Charset::H | Charset::K);
    let is_run = bytes.split(u8::is_ascii).any(|run| run.len() >= RUN_DOUBTED);
    (is_latin && is_run).then(|| codes::CHARSET_DOUBTFUL.finding([charset.as_str()]))
}

/// Returns a value in the model's form: a point as the decimal mark, a day as `2026-07-01`. What is neither stays as it
/// is, for the model's own reader to report.
pub(super) fn to_model<'a>(
    text: &'a str,
    value_type: Option<Type>,
    segment: &Segment<'_>,
    arena: &'a Bump,
) -> &'a str {
    match value_type {
        Some(Type::Kilograms | Type::Money | Type::WattHours) => {
            // ISO 9735 lets a comma and a point stand for the decimal mark, whatever UNA says.
            let mark = segment.syntax().separators.decimal;
            let has_mark = mark.is_ascii_punctuation() && !matches!(mark, b'.' | b'-');
            let marks = [b',', if has_mark { mark } else { b',' }];
            // A number is so short that a loop is faster than a search, and both marks are ASCII.
            if text.bytes().any(|byte| marks.contains(&byte)) {
                arena.alloc_str(&text.replace(marks.map(char::from), "."))
            } else {
                text
            }
        }
        Some(Type::Date) => match *text.as_bytes() {
            [y1, y2, y3, y4, m1, m2, d1, d2] if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                let day = [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2];
                std::str::from_utf8(&day).map_or(text, |day| arena.alloc_str(day))
            }
            _ => text,
        },
        _ => text,
    }
}

/// Returns a value of the model in the message's form.
pub(super) fn to_message(text: &str, value_type: Option<Type>) -> Cow<'_, str> {
    match value_type {
        Some(Type::Date) => Cow::Owned(text.replace('-', "")),
        _ => Cow::Borrowed(text),
    }
}
