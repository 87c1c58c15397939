//! Segments against the layout, and what is kept of those that do not fit; the head of a message.

use std::borrow::Cow;

use bumpalo::Bump;
use caravan_edi::{Cut, Segment, codes, shape};
use caravan_postal::{Finding, Place};

use super::layout::{At, Cell, FUNCTION, FUNCTION_ORIGINAL, Goal, HEAD, Key, LAYOUT, Line, STEPS};
use super::text::{self, Reading};
use crate::limits::Limits;

/// Bytes of the longest code that a segment has at a fixed place.
const CODE_LONGEST: usize = 6;

/// How a segment fits a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// It is that segment.
    Whole,
    /// It is that segment by tag and qualifier, but this value is another than those of the layout.
    Differs { at: At },
    /// It is another segment.
    Not,
}

/// Which components of a segment stand at the places of a line.
#[derive(Debug)]
pub(super) struct Held {
    /// For each step of the line the number of its component.
    cuts: [u16; STEPS],
    /// A bit for each step whose component was taken.
    taken: u32,
    /// How many components were not taken.
    left: usize,
}

/// No component: a segment has fewer.
const NONE: u16 = u16::MAX;

impl Held {
    /// Holds nothing.
    pub(super) fn new() -> Self {
        Self { cuts: [NONE; STEPS], taken: 0, left: 0 }
    }

    /// Returns whether something stands at a step.
    pub(super) fn has(&self, step: usize) -> bool {
        self.cuts[step] != NONE
    }

    /// Takes what stands at a step.
    pub(super) fn take(&mut self, step: usize, cuts: &[Cut]) -> Option<Cut> {
        let cut = *cuts.get(usize::from(self.cuts[step]))?;
        self.left -= usize::from(self.taken >> step & 1 == 0);
        self.taken |= 1 << step;
        Some(cut)
    }

    /// Returns whether everything was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// Returns whether a component, by its number, was taken.
    pub(super) fn is_taken(&self, number: usize) -> bool {
        let mut steps = self.cuts.iter().enumerate();
        steps.any(|(step, cut)| usize::from(*cut) == number && self.taken >> step & 1 == 1)
    }
}

impl Line {
    /// Returns whether a segment is the one of this line.
    pub(super) fn is(&self, segment: &Segment<'_>, cuts: &[Cut]) -> bool {
        self.key.fits(Key::of(segment, cuts))
            && matches!(self.fit(segment, cuts, &mut Held::new()), Fit::Whole)
    }

    /// Holds a segment, which has the key of the line, against the line. Its fixed values are taken.
    pub(super) fn fit(&self, segment: &Segment<'_>, cuts: &[Cut], held: &mut Held) -> Fit {
        (held.taken, held.left) = (0, cuts.len());
        let mut next = 0u16;
        let component = |next: u16| cuts.get(usize::from(next));
        for (index, (step, slot)) in self.steps.iter().zip(&mut held.cuts).enumerate() {
            while component(next).is_some_and(|cut| cut.key() < step.key) {
                next += 1;
            }
            let found = component(next).filter(|cut| cut.key() == step.key);
            *slot = if found.is_some() { next } else { NONE };
            next += u16::from(found.is_some());
            let Some(number) = step.literal else { continue };
            let literal = &self.literals[number];
            match found {
                Some(cut) if is_same(cut.raw(segment), literal.value) => {
                    held.taken |= 1 << index;
                    held.left -= 1;
                }
                None if literal.is_optional => {}
                _ if number == 0 => return Fit::Not,
                _ => return Fit::Differs { at: literal.at },
            }
        }
        self.fit_codes(segment, cuts, held)
    }

    /// Holds the values of a segment, which is what the pattern of the line expects, against its codes.
    #[inline]
    pub(super) fn fit_values(&self, segment: &Segment<'_>, cuts: &[Cut], held: &mut Held) -> Fit {
        *held = Held { left: cuts.len(), ..Held::new() };
        if let ([_], [(_, step)]) = (cuts, &self.values[..]) {
            held.cuts[*step] = 0;
        } else {
            let mut values = self.values.iter();
            for (number, cut) in (0..).zip(cuts) {
                if let Some((_, step)) = values.find(|(key, _)| *key == cut.key()) {
                    held.cuts[*step] = number;
                }
            }
        }
        if self.is_coded { self.fit_codes(segment, cuts, held) } else { Fit::Whole }
    }

    fn fit_codes(&self, segment: &Segment<'_>, cuts: &[Cut], held: &Held) -> Fit {
        let coded = self.cells.iter().filter(|cell| self.is_coded && !cell.codes.is_empty());
        let mut at_fault = coded.filter(|cell| cell.has_other_code(segment, cuts, held));
        at_fault.next().map_or(Fit::Whole, |cell| Fit::Differs { at: cell.at[0] })
    }

    /// Returns the fixed values that the line has at a place.
    fn expected(&self, at: At) -> String {
        let literal = self.literals.iter().find(|literal| literal.at == at).map(|literal| literal.value);
        let codes = self.cells.iter().filter(|cell| cell.at[0] == at).flat_map(|cell| &cell.codes);
        let known: Vec<&str> = literal.into_iter().chain(codes.map(|(message, _)| *message)).collect();
        known.join(", ")
    }
}

/// Fixed values are two or three characters, for which a loop is faster than a call.
fn is_same(found: &[u8], value: &str) -> bool {
    found.len() == value.len() && found.iter().zip(value.bytes()).all(|(found, byte)| *found == byte)
}

impl Cell {
    /// Returns whether a code stands there that the layout does not have.
    fn has_other_code(&self, segment: &Segment<'_>, cuts: &[Cut], held: &Held) -> bool {
        let Some(found) = cuts.get(usize::from(held.cuts[self.steps[0]])) else { return false };
        let found = std::str::from_utf8(found.raw(segment)).unwrap_or_default();
        self.to_model(found).is_none()
    }
}

/// Returns the finding for a value that differs from those of the layout.
pub(super) fn unexpected(segment: &Segment<'_>, line: &Line, at: At) -> Finding {
    let found = segment.component(at.0, at.1).text().into_owned();
    // Codes are short; what is longer may be a person's.
    let found = if found.len() <= CODE_LONGEST { found } else { shape(&found) };
    codes::VALUE_UNEXPECTED.finding([segment.tag().to_owned(), found, line.expected(at)])
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
        let at = cut.at();
        while element < at.0 {
            written.push('+');
            (element, component) = (element + 1, 1);
        }
        while component < at.1 {
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
    pub(super) fn take(&mut self, segment: &Segment<'_>, cuts: &[Cut], limits: &Limits) -> Option<Finding> {
        let mut finding = None;
        let (key, mut held) = (Key::of(segment, cuts), Held::new());
        for (index, line) in LAYOUT.sections[HEAD].lines.iter().enumerate() {
            if !line.key.fits(key) {
                continue;
            }
            match line.fit(segment, cuts, &mut held) {
                Fit::Whole if self.seen >> index & 1 == 1 => {
                    finding = Some(codes::SEGMENT_REPEATED.finding([segment.tag()]).at(segment.place()));
                }
                Fit::Whole => {
                    self.seen |= 1 << index;
                    return self.cells(line, segment, cuts, limits);
                }
                Fit::Differs { at } => {
                    finding = Some(unexpected(segment, line, at).at(place(segment, at)));
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
            let at = cut.at();
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
