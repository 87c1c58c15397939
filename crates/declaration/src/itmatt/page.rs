//! One declaration as the segments of a message.

use caravan_edi::{Header, Part, Scanner, Step};
use caravan_postal::Field;

use super::head::label;
use super::layout::{
    At, Cell, EXTRA, FUNCTION, FUNCTION_ORIGINAL, Goal, HEAD, ITEM_SECTION, LAYOUT, Line, Section,
};
use super::text;
use crate::format::Element;
use crate::model::Declaration;
use crate::write::{Attribute, Unwritable, WriteError, field, render};

/// A segment to be written: the components of each element.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) tag: String,
    pub(super) elements: Vec<Vec<String>>,
}

/// The segments of one declaration as they come together.
pub(super) struct Page<'p, 'd> {
    declaration: &'p Declaration<'d>,
    header: &'p Header,
    reference: &'p str,
    segments: Vec<Written>,
    value: String,
    /// Which of the extra fields have their place.
    placed: Vec<bool>,
    /// A bit for each line of the item's own section that was written.
    item_written: u64,
}

/// Which entry of a section is being written.
struct Entry {
    section: usize,
    /// Counted from 0; also that of the document or the extra field.
    index: usize,
    /// What names it in extra fields.
    prefix: String,
}

impl<'p, 'd> Page<'p, 'd> {
    pub(super) fn new(declaration: &'p Declaration<'d>, header: &'p Header, reference: &'p str) -> Self {
        let placed = vec![false; declaration.extras.len()];
        let (segments, value, item_written) = (Vec::new(), String::new(), 0);
        Self { declaration, header, reference, segments, value, placed, item_written }
    }

    /// Returns the segments in the order of the layout.
    pub(super) fn segments(mut self) -> Result<Vec<Written>, WriteError> {
        for index in 0..self.declaration.extras.len() {
            render(self.declaration, *EXTRA, index, &mut self.value)?;
        }
        for (section, Section { name, .. }) in LAYOUT.sections.iter().enumerate() {
            let times = match *name {
                "piece" => self.declaration.pieces.len(),
                "document" => self.declaration.documents.len(),
                "extra" => self.declaration.extras.len(),
                _ => 1,
            };
            for index in 0..times {
                let is_numbered = matches!(*name, "piece" | "document");
                let prefix = if is_numbered { format!("{name}[{}]", index + 1) } else { (*name).to_owned() };
                self.entry(&Entry { section, index, prefix })?;
            }
        }
        Ok(self.segments)
    }

    fn entry(&mut self, entry: &Entry) -> Result<(), WriteError> {
        let Section { name, lines, .. } = &LAYOUT.sections[entry.section];
        if *name == "extra" && self.placed[entry.index] {
            return Ok(());
        }
        let is_required = !matches!(*name, "sender" | "addressee");
        let start = self.segments.len();
        let mut written = 0u64;
        for (index, line) in lines.iter().enumerate() {
            let (elements, has_value) = self.line(line, entry)?;
            if has_value || index == 0 {
                self.segments.push(Written { tag: line.tag.to_owned(), elements });
                written |= u64::from(has_value || is_required) << index;
            }
        }
        if entry.section == ITEM_SECTION {
            self.item_written = written;
        }
        self.kept(entry, written)?;
        if !is_required && written == 0 && self.segments.len() == start + 1 {
            self.segments.truncate(start);
        }
        Ok(())
    }

    /// Fills a line; returns its elements and whether one has a value.
    fn line(&mut self, line: &'static Line, entry: &Entry) -> Result<(Vec<Vec<String>>, bool), WriteError> {
        let mut elements = Vec::new();
        for literal in &line.literals {
            put(&mut elements, literal.at, literal.value.to_owned());
        }
        let mut has_value = false;
        for cell in &line.cells {
            has_value |= self.cell(cell, entry, &mut elements)?;
        }
        let prefix = format!("{}.{}/", entry.prefix, line.label);
        for index in 0..self.declaration.extras.len() {
            let (name, value) = self.declaration.extras[index];
            let at = name.strip_prefix(&prefix).and_then(place).filter(|at| !is_filled(&elements, *at));
            if let Some(at) = at.filter(|at| !self.placed[index] && !line.has(*at)) {
                self.known(value, Field::of("extra"))?;
                put(&mut elements, at, value.to_owned());
                self.placed[index] = true;
                has_value = true;
            }
        }
        Ok((elements, has_value))
    }

    /// Fills one field; returns whether it has a value.
    fn cell(
        &mut self,
        cell: &'static Cell,
        entry: &Entry,
        elements: &mut Vec<Vec<String>>,
    ) -> Result<bool, WriteError> {
        let at = cell.at[0];
        let text = match &cell.goal {
            Goal::Value { element, currency } => {
                return self.value(cell, element, *currency, entry, elements);
            }
            Goal::Extra(name) => match self.extra(name, entry) {
                Some(value) => value.to_owned(),
                None if name == FUNCTION => FUNCTION_ORIGINAL.to_owned(),
                None => return Ok(false),
            },
            Goal::ExtraName => self.declaration.extras[entry.index].0.to_owned(),
            Goal::ExtraValue => self.declaration.extras[entry.index].1.to_owned(),
            Goal::Counter => {
                put(elements, at, (entry.index + 1).to_string());
                return Ok(false);
            }
            Goal::Control("message_number") => self.reference.to_owned(),
            Goal::Control(_) => self.header.prepared_at.format("%Y%m%d%H%M").to_string(),
        };
        self.known(&text, Field::of("extra"))?;
        put(elements, at, text);
        Ok(true)
    }

    fn value(
        &mut self,
        cell: &'static Cell,
        element: &'static Element,
        currency: Option<At>,
        entry: &Entry,
        elements: &mut Vec<Vec<String>>,
    ) -> Result<bool, WriteError> {
        let Some(attribute) = render(self.declaration, element, entry.index, &mut self.value)? else {
            return Ok(false);
        };
        let field = field(element, entry.index);
        let text = text::to_message(&self.value, cell.value_type());
        let text = cell.to_message(&text).to_owned();
        self.known(&text.replace('\n', ""), field)?;
        if cell.at.len() > 1 {
            if text.split('\n').count() > cell.at.len() {
                return Err(WriteError::Unwritable { field, reason: Unwritable::Lines });
            }
            for (at, line) in cell.at.iter().zip(text.split('\n')) {
                put(elements, *at, line.to_owned());
            }
        } else {
            put(elements, cell.at[0], text);
        }
        if let (Some(at), Attribute::Currency(currency)) = (currency, attribute) {
            put(elements, at, currency.to_string());
        }
        Ok(true)
    }

    /// Writes the segments that were kept aside in this entry, behind its own.
    fn kept(&mut self, entry: &Entry, written: u64) -> Result<(), WriteError> {
        let prefix = format!("{}.", entry.prefix);
        for index in 0..self.declaration.extras.len() {
            let (name, value) = self.declaration.extras[index];
            let Some(named) = name.strip_prefix(&prefix).filter(|_| !self.placed[index]) else { continue };
            let Some(tag) = named.get(..3).filter(|tag| !is_service(tag)) else { continue };
            let Some(elements) = parse(value) else { continue };
            if self.reads_back(entry, named, tag, value, written) {
                self.known(value, Field::of("extra"))?;
                self.segments.push(Written { tag: tag.to_owned(), elements });
                self.placed[index] = true;
            }
        }
        Ok(())
    }

    /// Returns whether a segment written here would be read as the same extra field: it has the name, and the layout
    /// has no place for it, or one that is taken.
    fn reads_back(&self, entry: &Entry, named: &str, tag: &str, value: &str, written: u64) -> bool {
        let bytes = format!("{tag}{value}'").into_bytes();
        let mut scanner = Scanner::new(&caravan_edi::Limits::USUAL);
        let mut part = Part::new(&bytes, true);
        let Step::Segment(segment) = scanner.next(&mut part) else { return false };
        if part.at() != bytes.len() || !segment.has_tag() || label(&segment) != named {
            return false;
        }
        let cuts = part.cuts();
        let opens = LAYOUT.sections[ITEM_SECTION..].iter().any(|section| section.lines[0].is(&segment, cuts));
        let is_free = |section: usize, written: u64| {
            let mut lines = LAYOUT.sections[section].lines.iter().enumerate();
            lines.any(|(line, found)| written >> line & 1 == 0 && found.is(&segment, cuts))
        };
        let item_is_asked = entry.section != HEAD;
        let would_fill =
            is_free(entry.section, written) || (item_is_asked && is_free(ITEM_SECTION, self.item_written));
        !opens && !would_fill
    }

    /// Returns the extra field that a field of the layout is, when it has no place yet.
    fn extra(&mut self, name: &str, entry: &Entry) -> Option<&'d str> {
        let name =
            if entry.prefix.ends_with(']') { format!("{}.{name}", entry.prefix) } else { name.to_owned() };
        let extras = &self.declaration.extras;
        let index = (0..extras.len()).find(|index| extras[*index].0 == name && !self.placed[*index])?;
        self.placed[index] = true;
        Some(extras[index].1)
    }

    /// Refuses a text that cannot be said in the character set.
    fn known(&self, text: &str, field: Field) -> Result<(), WriteError> {
        let mut bytes = Vec::new();
        match text.chars().find(|character| !self.header.charset.encode(*character, &mut bytes)) {
            None => Ok(()),
            Some(character) => {
                Err(WriteError::Unwritable { field, reason: Unwritable::Character(character) })
            }
        }
    }
}

impl Line {
    /// Returns whether the line has something of its own at a place.
    fn has(&self, at: At) -> bool {
        self.literals.iter().any(|literal| literal.at == at)
            || self.cells.iter().any(|cell| {
                let currency = match cell.goal {
                    Goal::Value { currency, .. } => currency,
                    _ => None,
                };
                cell.at.contains(&at) || currency == Some(at)
            })
    }
}

fn put(elements: &mut Vec<Vec<String>>, (element, component): At, text: String) {
    let (element, component) = (usize::from(element) - 1, usize::from(component) - 1);
    if elements.len() <= element {
        elements.resize_with(element + 1, Vec::new);
    }
    let components = &mut elements[element];
    if components.len() <= component {
        components.resize_with(component + 1, String::new);
    }
    components[component] = text;
}

fn is_filled(elements: &[Vec<String>], (element, component): At) -> bool {
    let found = elements.get(usize::from(element) - 1);
    found.and_then(|found| found.get(usize::from(component) - 1)).is_some_and(|text| !text.is_empty())
}

/// Reads `4.1`; small numbers only, so that nobody makes a segment of thousands of separators.
fn place(text: &str) -> Option<At> {
    let (element, component) = text.split_once('.')?;
    let (element, component) = (element.parse().ok()?, component.parse().ok()?);
    ((1..=99).contains(&element) && (1..=99).contains(&component)).then_some((element, component))
}

/// Reads what stands behind a tag with the default service characters; `None` when writing it again would give another
/// text.
fn parse(value: &str) -> Option<Vec<Vec<String>>> {
    let mut elements: Vec<Vec<String>> = Vec::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            '+' => {
                elements.push(vec![String::new()]);
                continue;
            }
            ':' => {
                elements.last_mut()?.push(String::new());
                continue;
            }
            '\'' => return None,
            '?' => characters.next().filter(|next| matches!(next, ':' | '+' | '?' | '\''))?,
            other => other,
        };
        elements.last_mut()?.last_mut()?.push(literal);
    }
    let is_filled = |element: &Vec<String>| element.last().is_some_and(|last| !last.is_empty());
    let is_tight = elements.iter().all(|element| element.len() == 1 || is_filled(element));
    let is_trimmed = value == "+" || elements.last().is_some_and(is_filled);
    (is_tight && is_trimmed).then_some(elements)
}

fn is_service(tag: &str) -> bool {
    matches!(tag, "UNA" | "UNB" | "UNG" | "UNH" | "UNT" | "UNE" | "UNZ")
}
