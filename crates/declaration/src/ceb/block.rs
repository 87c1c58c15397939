//! One block of a message: its elements or inner blocks against the layout.

use std::borrow::Cow;

use caravan_postal::{Field, Finding};
use quick_xml::events::{BytesStart, Event};

use super::NAMESPACE;
use super::document::{Document, Value, Values};
use super::layout::{Block, Element, Former, Kind, Message, Part};
use super::value::check;
use crate::builder::{clip, is_blank};
use crate::findings;
use crate::limits::Limits;
use crate::place::Mark;
use crate::xml::attributes::{Fault, attributes};
use crate::xml::events::{Events, Stop};
use crate::xml::item::{Aside, aside, declared_prefix, deeper, local_name, pass_over};

mod text;

/// Reads the blocks of one document or of the trailer.
pub(super) struct BlockReader<'r, 'w> {
    pub(super) events: &'r mut Events<'w>,
    /// What the events are made of.
    pub(super) bytes: &'w [u8],
    pub(super) limits: &'r Limits,
    /// The prefix that the root element has for the namespace; empty for none.
    pub(super) prefix: &'r str,
    /// Elements that are open, the root included.
    pub(super) depth: u16,
    pub(super) notes: Notes,
    /// The line that is open, counted from 1.
    line: Option<u16>,
}

/// What is found while a block is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) findings: Vec<(Mark, Finding)>,
    /// Findings beyond the limit.
    pub(super) surplus: u32,
}

impl<'r, 'w> BlockReader<'r, 'w> {
    /// Begins at an element inside the root.
    pub(super) fn new(
        events: &'r mut Events<'w>,
        bytes: &'w [u8],
        limits: &'r Limits,
        prefix: &'r str,
    ) -> Self {
        Self { events, bytes, limits, prefix, depth: 1, notes: Notes::default(), line: None }
    }

    /// Reads the document whose start tag was the last event.
    pub(super) fn document(
        &mut self,
        message: &'static Message,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<Document<'w>, Stop> {
        let block = &message.document.block;
        if block.has_elements() {
            return Ok(Document { message, blocks: vec![self.block(block, start, is_empty, mark)?] });
        }
        self.begin(block.name, start, is_empty, mark)?;
        if is_empty {
            self.missing(block, &[], mark);
            return Ok(Document::new(message));
        }
        let blocks = self.parts(block, mark)?;
        Ok(Document { message, blocks })
    }

    /// Reads the block of elements whose start tag was the last event.
    pub(super) fn block(
        &mut self,
        block: &'static Block,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<Values<'w>, Stop> {
        self.begin(block.name, start, is_empty, mark)?;
        let mut progress = Progress::default();
        let mut values = Values::new(block);
        if !is_empty {
            while let Some(child) = self.next_child(block.name)? {
                self.element(&mut values, &mut progress, &child)?;
            }
        }
        for (index, element) in block.elements.iter().enumerate() {
            if element.is_required && progress.seen >> index & 1 == 0 {
                let finding = match element.former {
                    Some(Former::Absent) => findings::CEB_EDITION.finding([element.name]),
                    _ => findings::CEB_VALUE_MISSING.finding([element.name, block.name]),
                };
                self.report(element, mark, finding);
            }
        }
        if progress.is_disordered {
            let place =
                |value: &Value<'_>| block.elements.iter().position(|e| std::ptr::eq(e, value.element));
            values.values.sort_by_key(place);
        }
        Ok(values)
    }

    /// Reads the inner blocks of the open block.
    fn parts(&mut self, block: &'static Block, mark: Mark) -> Result<Vec<Values<'w>>, Stop> {
        let mut counts = vec![0; block.parts.len()];
        let mut blocks: Vec<(usize, Values<'w>)> = Vec::new();
        let mut next = 0;
        while let Some(child) = self.next_child(block.name)? {
            let name = self.local(child.start.name().into_inner());
            let index = name.and_then(|name| block.parts.iter().position(|part| part.block.name == name));
            let Some(index) = index else {
                self.stranger(block.name, &child.start, child.is_empty, child.mark)?;
                continue;
            };
            let part = &block.parts[index];
            if index < next {
                self.push(child.mark, findings::ELEMENT_ORDER.finding([part.block.name]));
            }
            next = next.max(index);
            counts[index] += 1;
            self.line = (part.most != Some(1)).then(|| u16::try_from(counts[index]).unwrap_or(u16::MAX));
            let values = self.block(&part.block, &child.start, child.is_empty, child.mark)?;
            self.line = None;
            if self.may_keep(part, counts[index], child.mark) {
                blocks.push((index, values));
            }
        }
        self.missing(block, &counts, mark);
        blocks.sort_by_key(|(index, _)| *index);
        Ok(blocks.into_iter().map(|(_, values)| values).collect())
    }

    /// Says which inner blocks are not there.
    fn missing(&mut self, block: &'static Block, counts: &[u32], mark: Mark) {
        for (index, part) in block.parts.iter().enumerate() {
            if counts.get(index).copied().unwrap_or(0) < part.least {
                self.push(mark, findings::CEB_BLOCK_MISSING.finding([part.block.name, block.name]));
            }
        }
    }

    /// Returns the next element of the open block; nothing at its end.
    fn next_child(&mut self, parent: &'static str) -> Result<Option<Child<'w>>, Stop> {
        loop {
            let mark = self.events.mark();
            match self.events.next()? {
                Event::Start(start) => return Ok(Some(Child { start, is_empty: false, mark })),
                Event::Empty(start) => return Ok(Some(Child { start, is_empty: true, mark })),
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(None);
                }
                other => self.between(&other, parent, mark)?,
            }
        }
    }

    /// Returns whether one more block of a part, the `count`th, is kept.
    fn may_keep(&mut self, part: &Part, count: u32, mark: Mark) -> bool {
        if part.most == Some(1) {
            if count > 1 {
                self.push(mark, findings::ELEMENT_DUPLICATE.finding([part.block.name]));
            }
            return count == 1;
        }
        if let Some(most) = part.most.filter(|most| count == most + 1) {
            self.push(
                mark,
                findings::CEB_BLOCK_SURPLUS.finding([part.block.name.to_owned(), most.to_string()]),
            );
        }
        if count == self.limits.lines.saturating_add(1) {
            self.push(mark, findings::CEB_LINES_TOO_MANY.finding([self.limits.lines.to_string()]));
        }
        count <= self.limits.lines
    }

    /// Takes one element of a block.
    fn element(
        &mut self,
        values: &mut Values<'w>,
        progress: &mut Progress,
        child: &Child<'w>,
    ) -> Result<(), Stop> {
        let Child { start, is_empty, mark } = child;
        let (is_empty, mark) = (*is_empty, *mark);
        let block = values.block;
        let name = start.name().into_inner();
        let Some(index) = self.local(name).and_then(|local| progress.find(&block.elements, local)) else {
            return self.stranger(block.name, start, is_empty, mark);
        };
        let element = &block.elements[index];
        if progress.seen >> index & 1 == 1 {
            self.report(element, mark, findings::ELEMENT_DUPLICATE.finding([element.name]));
            return self.skip(is_empty, mark);
        }
        if index < progress.next {
            progress.is_disordered = true;
            self.report(element, mark, findings::ELEMENT_ORDER.finding([element.name]));
        }
        progress.next = progress.next.max(index + 1);
        progress.seen |= 1 << index;
        self.begin(element.name, start, is_empty, mark)?;
        let text = match element.kind {
            _ if is_empty => Some(Cow::Borrowed("")),
            Kind::Any => self.raw()?,
            _ => self.text(element, mark)?,
        };
        let Some(text) = text else { return Ok(()) };
        let checked = check(element, block.name, text);
        for finding in checked.findings {
            self.report(element, mark, finding);
        }
        values.values.extend(checked.text.map(|text| Value { element, text, mark }));
        Ok(())
    }

    /// Leaves out an element that the block does not have.
    fn stranger(
        &mut self,
        parent: &'static str,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<(), Stop> {
        let name = clip(start.name().into_inner());
        self.push(mark, findings::ELEMENT_UNKNOWN.finding([name, parent.to_owned()]));
        self.skip(is_empty, mark)
    }

    /// Passes over the content of the element whose start tag was the last event.
    fn skip(&mut self, is_empty: bool, mark: Mark) -> Result<(), Stop> {
        if is_empty {
            return Ok(());
        }
        let (notes, limits) = (&mut self.notes, self.limits);
        pass_over(self.events, mark, self.depth, limits.depth, &mut |at, finding| {
            notes.push(limits, at, finding);
        })
    }

    /// Opens an element: reports attributes, of which none has any.
    fn begin(
        &mut self,
        name: &'static str,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<(), Stop> {
        if !is_empty {
            self.depth = deeper(self.depth, self.limits.depth, mark)?;
        }
        if start.attributes_raw().is_empty() {
            return Ok(());
        }
        let all = match attributes(start, self.limits.attributes) {
            Ok(all) => all,
            Err(Fault::Malformed) => return Err(Stop::Fatal(mark, findings::XML_ATTRIBUTE.finding([name]))),
            Err(Fault::TooMany) => {
                let limit = self.limits.attributes.to_string();
                return Err(Stop::Fatal(mark, findings::ATTRIBUTES_TOO_MANY.finding([limit])));
            }
            Err(Fault::Entity(value)) => {
                self.push(mark, findings::XML_ENTITY.finding([value]));
                return Ok(());
            }
        };
        for (key, value) in all {
            if let Some(prefix) = declared_prefix(key) {
                if prefix == self.prefix && value != NAMESPACE {
                    self.push(mark, findings::NAMESPACE_INNER.finding([name]));
                }
            } else {
                self.push(mark, findings::ATTRIBUTE_UNKNOWN.finding([clip(key), name.to_owned()]));
            }
        }
        Ok(())
    }

    /// Takes what stands between elements: only white space and comments belong there.
    fn between(&mut self, event: &Event<'_>, parent: &'static str, mark: Mark) -> Result<(), Stop> {
        match event {
            Event::Text(text) if is_blank(text) => Ok(()),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                self.push(mark, findings::TEXT_MISPLACED.finding([parent]));
                Ok(())
            }
            other => self.aside(other, mark),
        }
    }

    fn aside(&mut self, event: &Event<'_>, mark: Mark) -> Result<(), Stop> {
        match aside(event) {
            Aside::Fine => {}
            Aside::Finding(finding) => self.push(mark, finding),
            Aside::Fatal(finding) => return Err(Stop::Fatal(mark, finding)),
        }
        Ok(())
    }

    fn report(&mut self, element: &'static Element, mark: Mark, finding: Finding) {
        let field = Field { piece: self.line, name: element.name };
        self.push(mark, finding.on(field));
    }

    fn push(&mut self, mark: Mark, finding: Finding) {
        self.notes.push(self.limits, mark, finding);
    }

    fn local<'n>(&self, name: &'n str) -> Option<&'n str> {
        local_name(self.prefix, name)
    }
}

/// An element of the open block.
struct Child<'w> {
    start: BytesStart<'w>,
    is_empty: bool,
    mark: Mark,
}

impl Notes {
    fn push(&mut self, limits: &Limits, mark: Mark, finding: Finding) {
        if self.findings.len() < limits.findings_per_item as usize {
            self.findings.push((mark, finding));
        } else {
            self.surplus = self.surplus.saturating_add(1);
        }
    }
}

/// Which elements of a block were seen.
#[derive(Debug, Default)]
struct Progress {
    /// The index of the element that may come next.
    next: usize,
    /// A bit for each element.
    seen: u64,
    /// Whether an element stood behind one that should follow it.
    is_disordered: bool,
}

impl Progress {
    /// Finds an element by name, first where it should be.
    fn find(&self, elements: &[Element], name: &str) -> Option<usize> {
        let is_it = |element: &Element| element.name == name;
        let ahead = elements[self.next..].iter().position(is_it).map(|index| self.next + index);
        ahead.or_else(|| elements[..self.next].iter().position(is_it))
    }
}
