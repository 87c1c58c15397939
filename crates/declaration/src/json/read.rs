//! The document around the items: an array, or nothing but line ends.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;

use super::item::ItemReader;
use super::value::{Fault, Parser, Value, extent, is_space};
use crate::builder::Builder;
use crate::findings::{ENCODING_BROKEN, FILE_CUT, ITEM_TOO_LARGE, ITEMS_TOO_MANY, JSON_SYNTAX};
use crate::format::{ITEM, ITEM_NAME};
use crate::limits::Limits;
use crate::place::{Lines, Mark, Resolver, Spot};
use crate::read::{FileReport, ReadItem, text_end};
use crate::window::{Fill, Window};

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The array, or the first item of a file without one.
    Start,
    /// An item, or the end of the array.
    First,
    /// An item.
    Item,
    /// A comma, or the end of the array.
    Separator,
    /// An item, or the end of the file.
    Lines,
    /// The end of the file.
    Behind,
}

/// Why a part of the file is done.
enum End {
    /// It has to be filled: so many of its bytes are done with.
    More(usize),
    /// The file is read, or the caller stopped.
    Finished,
    /// The file cannot be read beyond this place.
    Fatal(Finding),
}

/// What is kept from one part of the file to the next.
struct Document<'l> {
    limits: &'l Limits,
    stage: Stage,
    arena: Bump,
    spots: Vec<Spot>,
}

/// The part of the file that is in memory.
struct Part<'w> {
    bytes: &'w [u8],
    /// The mark of the first of them.
    start: Mark,
    /// Whether nothing follows.
    is_last: bool,
    lines: &'w Lines<'w>,
}

/// Reads a document.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut document = Document { limits, stage: Stage::Start, arena: Bump::new(), spots: Vec::new() };
    loop {
        let (memory, anchor) = window.memory();
        let lines = Lines::new(memory, anchor);
        let (bytes, start) = (window.unread(), Mark(window.offset()));
        let part = Part { bytes, start, is_last: window.is_whole(), lines: &lines };
        match document.part(&part, report, each) {
            End::Finished => return Ok(()),
            End::Fatal(finding) => {
                let is_cut = std::ptr::eq(finding.code, &raw const FILE_CUT);
                let end = if is_cut { text_end(window, limits) } else { None };
                report.stop(end.unwrap_or(finding));
                return Ok(());
            }
            End::More(taken) => {
                let place = part.place(taken);
                window.consume(taken);
                if window.fill()? == Fill::Full {
                    report.stop(ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()]).at(place));
                    return Ok(());
                }
            }
        }
    }
}

impl Part<'_> {
    fn mark(&self, at: usize) -> Mark {
        Mark(self.start.0 + at as u64)
    }

    fn place(&self, at: usize) -> caravan_postal::Place {
        self.lines.place(self.mark(at))
    }
}

impl Document<'_> {
    /// Reads what is complete in one part of the file.
    fn part(
        &mut self,
        part: &Part<'_>,
        report: &mut FileReport,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> End {
        let mut at = 0;
        loop {
            at += part.bytes[at..].iter().take_while(|byte| is_space(**byte)).count();
            let Some(byte) = part.bytes.get(at) else {
                return match self.stage {
                    _ if !part.is_last => End::More(at),
                    Stage::Start | Stage::Lines | Stage::Behind => End::Finished,
                    Stage::First | Stage::Item | Stage::Separator => Self::cut(part, at, report),
                };
            };
            self.stage = match (self.stage, byte) {
                (Stage::Start, b'[') => Stage::First,
                (Stage::First | Stage::Separator, b']') => Stage::Behind,
                (Stage::Separator, b',') => Stage::Item,
                (Stage::Start | Stage::First | Stage::Item | Stage::Lines, b'{') => {
                    let Some(length) = extent(&part.bytes[at..], self.limits.depth) else {
                        return if part.is_last { Self::cut(part, at, report) } else { End::More(at) };
                    };
                    match self.item(part, at, length, report, each) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return End::Finished,
                        Err((mark, finding)) => return End::Fatal(finding.at(part.lines.place(mark))),
                    }
                    at += length;
                    let is_array = matches!(self.stage, Stage::First | Stage::Item);
                    self.stage = if is_array { Stage::Separator } else { Stage::Lines };
                    continue;
                }
                (stage, _) => {
                    let finding = JSON_SYNTAX.finding([expected(stage)]);
                    return End::Fatal(finding.at(part.place(at)));
                }
            };
            at += 1;
        }
    }

    /// The file ends where something is still open that began at `at`.
    fn cut(part: &Part<'_>, at: usize, report: &FileReport) -> End {
        let finding = FILE_CUT.finding::<&str>([]).at(part.place(at));
        let is_item = at < part.bytes.len();
        End::Fatal(if is_item { finding.of(report.items + 1) } else { finding })
    }

    /// Reads one item and hands it over.
    fn item(
        &mut self,
        part: &Part<'_>,
        at: usize,
        length: usize,
        report: &mut FileReport,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Fault> {
        let start = part.mark(at);
        if report.items >= self.limits.items {
            return Err((start, ITEMS_TOO_MANY.finding([self.limits.items.to_string()])));
        }
        let ordinal = report.items + 1;
        let of_item = |(mark, finding): Fault| (mark, finding.of(ordinal));
        let bytes = &part.bytes[at..at + length];
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let index = error.valid_up_to();
            let finding = ENCODING_BROKEN.finding([format!("0x{:02X}", bytes[index])]);
            of_item((part.mark(at + index), finding))
        })?;
        self.arena.reset();
        let mut parser = Parser::new(text, start, &self.arena, self.limits.depth);
        let item = parser.value().map_err(of_item)?;
        let resolver = Resolver::Lines(part.lines);
        let mut reader = ItemReader { builder: Builder::new(&self.arena, self.limits, &mut self.spots) };
        if let Value::Object(members) = &item.value {
            reader.group(ITEM, ITEM_NAME, members);
        }
        let (declaration, findings, spots) = reader.builder.finish(ordinal, start, resolver);
        let item = ReadItem { ordinal, declaration, findings, spots, start, resolver };
        Ok(report.hand_over(item, each))
    }
}

/// Returns what may stand at a stage.
fn expected(stage: Stage) -> &'static str {
    match stage {
        Stage::Start => "[ {",
        Stage::First => "{ ]",
        Stage::Separator => ", ]",
        Stage::Item | Stage::Lines => "{",
        Stage::Behind => "@json-end",
    }
}
