//! Segments against the layout, and what is kept of those that do not fit; the head of a message.

use std::borrow::Cow;

use bumpalo::Bump;
use caravan_edi::{Cut, Segment, codes, shape};
use caravan_postal::{Finding, Place};

use super::layout::{Cell, FUNCTION, FUNCTION_ORIGINAL, Goal, HEAD, LAYOUT, Line};
use super::text::{self, Reading};
use crate::limits::Limits;

/// Bytes of the longest code that a segment has at a fixed place.
const CODE_LONGEST: usize = 6;

/// How a segment fits a line.
pub(super) enum Fit {
    /// It is that segment.
    Whole,
    /// It is that segment by tag and qualifier, but this value is another than those of the layout.
    Differs { at: (u16, u16), expected: String },
    /// It is another segment.
    Not,
}

/// Returns the component that stands at a place, when it is not empty.
pub(super) fn find(cuts: &[Cut], at: (u16, u16)) -> Option<usize> {
    cuts.iter().position(|cut| (cut.element, cut.component) == at)
}

impl Line {
    /// Holds a segment against the line.
    pub(super) fn fit(&self, segment: &Segment<'_>, cuts: &[Cut]) -> Fit {
        let raw = segment.raw();
        if !raw.starts_with(self.tag.as_bytes()) || raw.get(3).is_some_and(u8::is_ascii_alphanumeric) {
            return Fit::Not;
        }
        for (index, literal) in self.literals.iter().enumerate() {
            let found = find(cuts, literal.at).map(|cut| &raw[cuts[cut].start..cuts[cut].end]);
            let is_equal = found.map_or(literal.is_optional, |found| found == literal.value.as_bytes());
            match (is_equal, index) {
                (true, _) => {}
                (false, 0) => return Fit::Not,
                (false, _) => return Fit::Differs { at: literal.at, expected: literal.value.to_owned() },
            }
        }
        self.cells.iter().find_map(|cell| cell.misfit(raw, cuts)).unwrap_or(Fit::Whole)
    }
}

impl Cell {
    /// Returns how a code that the layout does not have misfits.
    fn misfit(&self, raw: &[u8], cuts: &[Cut]) -> Option<Fit> {
        if self.codes.is_empty() {
            return None;
        }
        let found = &cuts[find(cuts, self.at[0])?];
        let found = std::str::from_utf8(&raw[found.start..found.end]).unwrap_or_default();
        if self.to_model(found).is_some() {
            return None;
        }
        let known: Vec<&str> = self.codes.iter().map(|(message, _)| *message).collect();
        Some(Fit::Differs { at: self.at[0], expected: known.join(", ") })
    }
}

/// Returns the finding for a value that differs from those of the layout.
pub(super) fn unexpected(segment: &Segment<'_>, at: (u16, u16), expected: String) -> Finding {
    let found = segment.component(at.0, at.1).text().into_owned();
    // Codes are short; what is longer may be a person's.
    let found = if found.len() <= CODE_LONGEST { found } else { shape(&found) };
    codes::VALUE_UNEXPECTED.finding([segment.tag().to_owned(), found, expected])
}

/// Returns the name of a segment that is kept whole: its tag and, when it is short, its qualifier.
pub(super) fn label(segment: &Segment<'_>) -> String {
    let tag = segment.tag();
    let qualifier = segment.component(1, 1).text();
    let is_qualifier =
        (1..=3).contains(&qualifier.len()) && qualifier.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if is_qualifier { format!("{tag}+{qualifier}") } else { tag.to_owned() }
}

/// Returns everything behind the tag of a segment with the default service characters, which can be written again.
/// A segment without anything is a single `+`, so that it is a text at all.
pub(super) fn behind_tag(segment: &Segment<'_>, cuts: &[Cut], arena: &Bump) -> Result<String, Finding> {
    let mut written = String::with_capacity(segment.raw().len());
    let (mut element, mut component) = (0, 1);
    for cut in cuts {
        while element < cut.element {
            written.push('+');
            (element, component) = (element + 1, 1);
        }
        while component < cut.component {
            written.push(':');
            component += 1;
        }
        match text::read(segment, cut, arena) {
            Reading::Text(text, _) => escape(text, &mut written),
            Reading::Unreadable(finding) => return Err(finding),
        }
    }
    if written.is_empty() {
        written.push('+');
    }
    Ok(written)
}

fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        if matches!(character, ':' | '+' | '?' | '\'') {
            into.push('?');
        }
        into.push(character);
    }
}

/// What the head of a message says that belongs to each of its items.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// Names and values of extra fields.
    pub(super) extras: Vec<(String, String)>,
    /// A bit for each line that was there.
    seen: u64,
}

impl Head {
    /// Begins the next message.
    pub(super) fn clear(&mut self) {
        self.extras.clear();
        self.seen = 0;
    }

    /// Takes a segment before the first item; returns what is to be said about it.
    pub(super) fn take(
        &mut self,
        segment: &Segment<'_>,
        cuts: &mut Vec<Cut>,
        limits: &Limits,
    ) -> Option<Finding> {
        segment.cut(cuts);
        let mut finding = None;
        for (index, line) in LAYOUT.sections[HEAD].lines.iter().enumerate() {
            match line.fit(segment, cuts) {
                Fit::Whole if self.seen >> index & 1 == 1 => {
                    finding = Some(codes::SEGMENT_REPEATED.finding([segment.tag()]).at(segment.place()));
                }
                Fit::Whole => {
                    self.seen |= 1 << index;
                    return self.cells(line, segment, cuts, limits);
                }
                Fit::Differs { at, expected } => {
                    finding = Some(unexpected(segment, at, expected).at(place(segment, at)));
                }
                Fit::Not => {}
            }
        }
        match behind_tag(segment, cuts, &Bump::new()) {
            Ok(value) => self.push(format!("head.{}", label(segment)), value, limits),
            Err(unreadable) => return Some(unreadable.at(segment.place())),
        }
        finding.or_else(|| Some(codes::SEGMENT_UNKNOWN.finding([segment.tag()]).at(segment.place())))
    }

    fn cells(
        &mut self,
        line: &Line,
        segment: &Segment<'_>,
        cuts: &[Cut],
        limits: &Limits,
    ) -> Option<Finding> {
        let mut finding = None;
        let arena = Bump::new();
        for cut in cuts {
            let at = (cut.element, cut.component);
            if line.literals.iter().any(|literal| literal.at == at) {
                continue;
            }
            let name = match line.cells.iter().find(|cell| cell.at.contains(&at)).map(|cell| &cell.goal) {
                Some(Goal::Extra(name)) => Cow::Borrowed(name.as_str()),
                Some(_) => continue,
                None => {
                    let unknown = codes::COMPONENT_UNKNOWN.finding([line.label.as_str()]);
                    finding = Some(unknown.at(place(segment, at)));
                    Cow::Owned(format!("head.{}/{}.{}", line.label, at.0, at.1))
                }
            };
            match text::read(segment, cut, &arena) {
                Reading::Text(FUNCTION_ORIGINAL, _) if name == FUNCTION => {}
                Reading::Text(text, _) => self.push(name.into_owned(), text.to_owned(), limits),
                Reading::Unreadable(unreadable) => finding = Some(unreadable.at(place(segment, at))),
            }
        }
        finding
    }

    /// Keeps one field more than an item may have: the item reports the surplus.
    fn push(&mut self, name: String, value: String, limits: &Limits) {
        if self.extras.len() <= usize::from(limits.extras) {
            self.extras.push((name, value));
        }
    }
}

fn place(segment: &Segment<'_>, (element, component): (u16, u16)) -> Place {
    Place::Segment { segment: segment.number, element, component }
}
