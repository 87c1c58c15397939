//! Reading JSON by a layout: one object or a list of objects, each a record.
//!
//! Numbers are taken as they are written, never as binary fractions. A member with `null` is not there.

mod parser;

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;

use super::{Layout, Record};
use crate::builder::Builder;
use crate::findings;
use crate::limits::Limits;
use crate::place::{Lines, Mark, Resolver, Spot};
use crate::read::{FileReport, text_end};
use crate::window::{Fill, Window};
use parser::{Parser, Stop};

/// How far the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was read.
    Before,
    /// In the list, where an object or the end of an empty list is due.
    First,
    /// In the list, behind a comma.
    Next,
    /// In the list, behind an object.
    Between,
    /// The document is over.
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

/// Reads a document and hands over each record as soon as it is complete.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    layout: &'static Layout,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
) -> io::Result<()> {
    let (arena, spots) = (Bump::new(), Vec::new());
    let mut document = Document { layout, limits, stage: Stage::Before, arena, spots, report, each };
    loop {
        let (memory, anchor) = window.memory();
        let lines = Lines::new(memory, anchor);
        match document.part(window.unread(), window.offset(), window.is_whole(), &lines) {
            End::Finished => return Ok(()),
            End::Fatal(finding) => {
                let is_cut = std::ptr::eq(finding.code, &raw const findings::FILE_CUT);
                let end = if is_cut { text_end(window, limits) } else { None };
                document.report.stop(end.unwrap_or(finding));
                return Ok(());
            }
            End::More(taken) => {
                let place = lines.place(Mark(window.offset() + taken as u64));
                window.consume(taken);
                if window.fill()? == Fill::Full {
                    let finding = findings::ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()]);
                    document.report.stop(finding.at(place));
                    return Ok(());
                }
            }
        }
    }
}

struct Document<'l> {
    layout: &'static Layout,
    limits: &'l Limits,
    stage: Stage,
    arena: Bump,
    spots: Vec<Spot>,
    report: &'l mut FileReport,
    each: &'l mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
}

impl Document<'_> {
    /// Reads what is complete in one part of the file.
    fn part(&mut self, bytes: &[u8], offset: u64, is_last: bool, lines: &Lines<'_>) -> End {
        let mut at = 0;
        loop {
            at += bytes[at..].iter().take_while(|byte| is_space(**byte)).count();
            let place = |at: usize| lines.place(Mark(offset + at as u64));
            let Some(byte) = bytes.get(at) else {
                return match (is_last, self.stage) {
                    (false, _) => End::More(at),
                    (true, Stage::Behind) => End::Finished,
                    (true, _) => End::Fatal(findings::FILE_CUT.finding::<&str>([]).at(place(at))),
                };
            };
            let expected = match (self.stage, byte) {
                (Stage::Before, b'[') => {
                    self.stage = Stage::First;
                    at += 1;
                    continue;
                }
                (Stage::Before | Stage::First | Stage::Next, b'{') => {
                    let Some(length) = extent(&bytes[at..]).or(is_last.then_some(bytes.len() - at)) else {
                        return End::More(at);
                    };
                    match self.record(&bytes[at..at + length], offset + at as u64, lines) {
                        Ok(ControlFlow::Continue(())) => {}
                        Ok(ControlFlow::Break(())) => return End::Finished,
                        Err(Stop(mark, finding)) => return End::Fatal(finding.at(lines.place(mark))),
                    }
                    self.stage = if self.stage == Stage::Before { Stage::Behind } else { Stage::Between };
                    at += length;
                    continue;
                }
                (Stage::Between, b',') => {
                    self.stage = Stage::Next;
                    at += 1;
                    continue;
                }
                (Stage::First | Stage::Between, b']') => {
                    self.stage = Stage::Behind;
                    at += 1;
                    continue;
                }
                (Stage::Before, _) => "[ {",
                (Stage::First, _) => "{ ]",
                (Stage::Next, _) => "{",
                (Stage::Between, _) => ", ]",
                (Stage::Behind, _) => "EOF",
            };
            return End::Fatal(findings::JSON_SYNTAX.finding([expected]).at(place(at)));
        }
    }

    /// Reads one record, which is the whole of `bytes`, and hands it over.
    fn record(&mut self, bytes: &[u8], offset: u64, lines: &Lines<'_>) -> Result<ControlFlow<()>, Stop> {
        let mark = Mark(offset);
        if self.report.items >= self.limits.items {
            return Err(Stop(mark, findings::ITEMS_TOO_MANY.finding([self.limits.items.to_string()])));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let index = error.valid_up_to();
            let byte = format!("0x{:02X}", bytes[index]);
            Stop(Mark(offset + index as u64), findings::ENCODING_BROKEN.finding([byte]))
        })?;
        self.arena.reset();
        let ordinal = self.report.items + 1;
        let resolver = Resolver::Lines(lines);
        let builder = Builder::new(&self.arena, self.limits, &mut self.spots);
        let mut parser = Parser::new(text, offset, builder, self.limits);
        let read = parser.record(&self.layout.record);
        let builder = parser.builder;
        match read {
            Ok(entries) => {
                let record = Record { ordinal, mark, entries, builder, resolver };
                Ok(self.report.count_some((self.each)(record)))
            }
            Err(Stop(at, finding)) => {
                for finding in builder.finish(ordinal, mark, resolver).1 {
                    self.report.push(finding);
                }
                Err(Stop(at, finding.of(ordinal)))
            }
        }
    }
}

/// Returns how many bytes the object at the beginning has; nothing when its end is not there.
fn extent(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0u32;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_extent(&bytes[at..])? - 1,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' if depth <= 1 => return Some(at + 1),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns how many bytes the string at the beginning has, both quotes included.
fn string_extent(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// Returns whether a text begins as a document of the layout: one of the names of its groups is a member of the first
/// object.
pub(crate) fn recognises(layout: &Layout, text: &[u8]) -> bool {
    let mut rest = trim(text);
    rest = trim(rest.strip_prefix(b"[").unwrap_or(rest));
    let Some(inside) = rest.strip_prefix(b"{") else { return false };
    let mut at = 0;
    let mut depth = 0u32;
    while let Some(byte) = inside.get(at) {
        match byte {
            b'"' => {
                let Some(length) = string_extent(&inside[at..]) else { return false };
                let name = &inside[at + 1..at + length - 1];
                at += length;
                let is_member = depth == 0 && trim(&inside[at..]).starts_with(b":");
                let is_it = |child: &super::Node| child.name.as_bytes().eq_ignore_ascii_case(name);
                if is_member && layout.record.children().iter().any(is_it) {
                    return true;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return false,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    false
}

fn trim(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|byte| is_space(**byte)).count()..]
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::{extent, recognises};
    use crate::layout::Known;

    #[test]
    fn finds_the_end_of_an_object() {
        for (text, length) in [
            ("{}", Some(2)),
            ("{\"a\":\"}\\\"}\"}, 1", Some(12)),
            ("{\"a\":[{},{}]}]", Some(13)),
            ("{\"a\":\"}", None),
            ("{\"a\\", None),
            ("{[}", None),
        ] {
            assert_eq!(extent(text.as_bytes()), length, "{text}");
        }
    }

    #[test]
    fn knows_its_members_from_texts_that_only_look_like_them() {
        for (text, expected) in [
            ("{\"MailObject\": {", true),
            (" [ {\"x\": [\"{\"], \"declaration\" :", true),
            ("[{\"Response\":null}]", true),
            ("{\"x\": \"Declaration\"}", false),
            ("{\"x\": {\"Declaration\": 1}}", false),
            ("{\"format\": \"caravan\"}", false),
            ("[\"Declaration\"]", false),
            ("{\"Declaration", false),
            ("", false),
        ] {
            assert_eq!(recognises(Known::CustomsData.layout(), text.as_bytes()), expected, "{text}");
        }
    }
}
