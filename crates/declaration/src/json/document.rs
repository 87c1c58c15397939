//! The document around the objects: an array, one object, or one object after another.

use std::io::{self, Read};
use std::ops::ControlFlow;

use caravan_postal::{Finding, Place};

use super::extent::extent;
use super::parser::{Fault, is_space};
use crate::findings::{ENCODING_BROKEN, FILE_CUT, ITEM_TOO_LARGE, ITEMS_TOO_MANY, JSON_SYNTAX};
use crate::limits::Limits;
use crate::place::{Lines, Mark, Resolver};
use crate::read::{FileReport, text_end};
use crate::window::{Fill, Window};

/// What a document without an array holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// One object.
    One,
    /// Any number of objects, as JSON Lines has them.
    Many,
}

/// The text of one object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Object<'a> {
    pub(crate) text: &'a str,
    /// The mark of its first byte.
    pub(crate) mark: Mark,
    /// Whether the file ends where the text does, although the object does not.
    pub(crate) is_cut: bool,
}

/// Who reads an object; the resolver knows the lines of its marks.
pub(crate) type Each<'e> =
    &'e mut dyn FnMut(Object<'_>, Resolver<'_>, &mut FileReport) -> Result<ControlFlow<()>, Fault>;

/// What may come next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The array, or the first object of a file without one.
    Start,
    /// An object, or the end of the array.
    First,
    /// An object.
    Next,
    /// A comma, or the end of the array.
    Separator,
    /// An object, or the end of the file.
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

/// How far the document is.
struct Document<'l> {
    limits: &'l Limits,
    bare: Bare,
    stage: Stage,
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

/// Reads a document: each object goes to `each` as soon as it is complete, or as far as it goes when it is broken or the
/// file is cut.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    bare: Bare,
    limits: &Limits,
    report: &mut FileReport,
    each: Each<'_>,
) -> io::Result<()> {
    let mut document = Document { limits, bare, stage: Stage::Start };
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

    fn place(&self, at: usize) -> Place {
        self.lines.place(self.mark(at))
    }
}

impl Document<'_> {
    /// Reads what is complete in one part of the file.
    fn part(&mut self, part: &Part<'_>, report: &mut FileReport, each: Each<'_>) -> End {
        let mut at = 0;
        loop {
            at += part.bytes[at..].iter().take_while(|byte| is_space(**byte)).count();
            let Some(byte) = part.bytes.get(at) else {
                return match self.stage {
                    _ if !part.is_last => End::More(at),
                    Stage::Start | Stage::Lines | Stage::Behind => End::Finished,
                    Stage::First | Stage::Next | Stage::Separator => {
                        End::Fatal(FILE_CUT.finding::<&str>([]).at(part.place(at)))
                    }
                };
            };
            self.stage = match (self.stage, byte) {
                (Stage::Start, b'[') => Stage::First,
                (Stage::First | Stage::Separator, b']') => Stage::Behind,
                (Stage::Separator, b',') => Stage::Next,
                (Stage::Start | Stage::First | Stage::Next | Stage::Lines, b'{') => {
                    let whole = extent(&part.bytes[at..], self.limits.depth);
                    let Some(length) = whole.or(part.is_last.then_some(part.bytes.len() - at)) else {
                        return End::More(at);
                    };
                    let resolver = Resolver::Lines(part.lines);
                    let bytes = &part.bytes[at..at + length];
                    let object = self.object(bytes, part.mark(at), whole.is_none(), report);
                    match object.and_then(|object| each(object, resolver, report)) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return End::Finished,
                        Err((mark, finding)) => return End::Fatal(finding.at(part.lines.place(mark))),
                    }
                    at += length;
                    self.stage = self.behind_object();
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

    /// Returns the text of the next object, unless there are too many.
    fn object<'a>(
        &self,
        bytes: &'a [u8],
        mark: Mark,
        is_cut: bool,
        report: &FileReport,
    ) -> Result<Object<'a>, Fault> {
        if report.items >= self.limits.items {
            return Err((mark, ITEMS_TOO_MANY.finding([self.limits.items.to_string()])));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let index = error.valid_up_to();
            let finding = ENCODING_BROKEN.finding([format!("0x{:02X}", bytes[index])]);
            (Mark(mark.0 + index as u64), finding.of(report.items + 1))
        })?;
        Ok(Object { text, mark, is_cut })
    }

    fn behind_object(&self) -> Stage {
        match (self.stage, self.bare) {
            (Stage::First | Stage::Next, _) => Stage::Separator,
            (_, Bare::Many) => Stage::Lines,
            (_, Bare::One) => Stage::Behind,
        }
    }
}

/// Returns what may stand at a stage.
fn expected(stage: Stage) -> &'static str {
    match stage {
        Stage::Start => "[ {",
        Stage::First => "{ ]",
        Stage::Separator => ", ]",
        Stage::Next | Stage::Lines => "{",
        Stage::Behind => "@json-end",
    }
}
