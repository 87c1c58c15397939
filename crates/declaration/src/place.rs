//! Places in an input: cheap marks while reading, lines and columns only for what is reported.

use std::cell::Cell;

use caravan_postal::{Field, Place};

use crate::encoding::Encoding;
use crate::format::{Element, Slot};

/// A place as the reader notes it: the byte offset in the decoded text, or row and column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Mark(pub(crate) u64);

/// Where one element of the item at hand was seen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) mark: Mark,
    pub(crate) element: &'static Element,
    /// The content piece, counted from 1; 0 outside of pieces.
    pub(crate) piece: u16,
}

/// How a mark becomes a place.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resolver<'a> {
    /// The mark is a byte offset in a text.
    Lines(&'a Lines<'a>),
    /// The mark is a cell.
    Cells,
    /// The mark is a component of a segment.
    Segments,
}

/// Counts lines and columns in the part of a text that is in memory.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    base: Anchor,
    recent: Cell<Anchor>,
}

/// An offset whose line and column are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Anchor {
    /// Bytes before it in the text as it is parsed.
    pub(crate) offset: u64,
    /// Bytes before it in the file.
    file_offset: u64,
    /// The encoding of the file.
    encoding: Encoding,
    /// Its line, from 1.
    line: u32,
    /// Its column in characters, from 1.
    column: u32,
}

impl Mark {
    /// Returns the mark of a cell, both counted from 1.
    pub(crate) fn cell(row: u32, column: u16) -> Self {
        Self(u64::from(row) << 16 | u64::from(column))
    }

    /// Returns the mark of a component of a segment, all counted from 1; zeros stand for the element or segment whole.
    pub(crate) fn component(segment: u32, element: u16, component: u16) -> Self {
        Self(u64::from(segment) << 32 | u64::from(element) << 16 | u64::from(component))
    }
}

impl Resolver<'_> {
    /// Returns the place of a mark.
    pub(crate) fn place(self, mark: Mark) -> Place {
        match self {
            Self::Lines(lines) => lines.place(mark),
            Self::Cells => Place::Cell {
                row: u32::try_from(mark.0 >> 16).unwrap_or(u32::MAX),
                column: (mark.0 & 0xFFFF) as u16,
            },
            Self::Segments => Place::Segment {
                segment: u32::try_from(mark.0 >> 32).unwrap_or(u32::MAX),
                element: (mark.0 >> 16 & 0xFFFF) as u16,
                component: (mark.0 & 0xFFFF) as u16,
            },
        }
    }
}

/// Returns where `field` was seen among `spots`; where it was not, the mark of the group it would have been in, and at
/// last that of the item.
pub(crate) fn find(spots: &[Spot], item: Mark, field: Field) -> Mark {
    let piece = field.piece.unwrap_or(0);
    if let Some(spot) = spots.iter().find(|spot| spot.piece == piece && spot.element.field == field.name) {
        return spot.mark;
    }
    let group = spots.iter().find(|spot| match spot.element.slot {
        Slot::Piece => piece > 0 && spot.piece == piece,
        Slot::Party(_) | Slot::PrepaidTax | Slot::Dimensions | Slot::Document => {
            piece == 0 && spot.element.children().iter().any(|child| child.field == field.name)
        }
        _ => false,
    });
    group.map_or(item, |spot| spot.mark)
}

impl Anchor {
    /// The beginning of a text whose first `offset` bytes are a byte-order mark.
    pub(crate) fn start(offset: u64) -> Self {
        Self { offset, file_offset: offset, encoding: Encoding::Utf8, line: 1, column: 1 }
    }

    /// Takes note of the encoding, before which there was nothing but ASCII, and of the length of a mark that is no part
    /// of the text.
    pub(crate) fn settle(&mut self, encoding: Encoding, mark_length: usize) {
        if self.encoding != encoding {
            self.encoding = encoding;
            self.file_offset += mark_length as u64;
        }
    }

    /// Returns the anchor behind `bytes`, which begin at this anchor.
    pub(crate) fn advance(self, bytes: &[u8]) -> Self {
        let breaks = memchr::memchr_iter(b'\n', bytes).count();
        let (last, column) = match memchr::memrchr(b'\n', bytes) {
            Some(at) => (&bytes[at + 1..], 1),
            None => (bytes, self.column),
        };
        let characters = last.chunks(usize::from(u8::MAX)).map(characters).sum();
        Self {
            offset: self.offset + bytes.len() as u64,
            file_offset: self.file_offset + self.encoding.length_of(bytes),
            encoding: self.encoding,
            line: self.line.saturating_add(saturate(breaks)),
            column: column.saturating_add(saturate(characters)),
        }
    }

    fn place(self) -> Place {
        Place::Text { offset: self.file_offset, line: self.line, column: self.column }
    }
}

/// Counts the characters of at most 255 bytes; a number as small as a byte lets many be counted at once.
fn characters(bytes: &[u8]) -> usize {
    // A continuation byte of UTF-8 (10xxxxxx) begins no character.
    usize::from(bytes.iter().map(|byte| u8::from(*byte & 0xC0 != 0x80)).sum::<u8>())
}

fn saturate(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl<'a> Lines<'a> {
    /// Takes the bytes in memory, whose first has the place `base`.
    pub(crate) fn new(bytes: &'a [u8], base: Anchor) -> Self {
        Self { bytes, base, recent: Cell::new(base) }
    }

    /// Returns whether a mark is the first of the text.
    pub(crate) fn is_start(&self, mark: Mark) -> bool {
        (self.base.line, self.base.column, self.base.offset) == (1, 1, mark.0)
    }

    /// Returns the place of a byte offset that lies in the bytes in memory or right behind them.
    pub(crate) fn place(&self, mark: Mark) -> Place {
        let from = if mark.0 >= self.recent.get().offset { self.recent.get() } else { self.base };
        let index = |offset: u64| {
            usize::try_from(offset.saturating_sub(self.base.offset))
                .map_or(self.bytes.len(), |i| i.min(self.bytes.len()))
        };
        let (start, end) = (index(from.offset), index(mark.0));
        let anchor = from.advance(&self.bytes[start..end.max(start)]);
        self.recent.set(anchor);
        anchor.place()
    }
}

#[cfg(test)]
mod tests {
    use caravan_postal::Place;

    use super::{Anchor, Lines, Mark};

    #[test]
    fn counts_lines_and_characters_not_bytes() {
        let text = "ab\nпри\r\n\n汉z";
        let lines = Lines::new(text.as_bytes(), Anchor::start(0));
        for (offset, line, column) in
            [(0, 1, 1), (2, 1, 3), (3, 2, 1), (7, 2, 3), (11, 3, 1), (15, 4, 2), (3, 2, 1), (16, 4, 3)]
        {
            assert_eq!(lines.place(Mark(offset)), Place::Text { offset, line, column }, "at {offset}");
        }
    }

    #[test]
    fn advancing_in_steps_is_advancing_at_once() {
        let bytes = "один\nдва\n\nthree".as_bytes();
        for cut in 0..=bytes.len() {
            let stepped = Anchor::start(3).advance(&bytes[..cut]).advance(&bytes[cut..]);
            assert_eq!(stepped, Anchor::start(3).advance(bytes), "cut at {cut}");
        }
    }
}
