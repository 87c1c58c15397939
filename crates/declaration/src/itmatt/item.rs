//! One item: its segments against the layout, their values into the builder.

use bumpalo::collections::String as ArenaString;
use caravan_edi::{Cut, Segment, codes};
use caravan_postal::Finding;

use super::head::{Fit, behind_tag, find, label, unexpected};
use super::layout::{
    At, Cell, EXTRA, FUNCTION, FUNCTION_CANCELLATION, Goal, ITEM_SECTION, LAYOUT, Line, SECTIONS,
};
use super::text::{self, Reading};
use crate::builder::{Builder, Raw};
use crate::findings;
use crate::format::{Element, Slot};
use crate::model::Identifier;
use crate::place::Mark;

/// Reads the segments of one item.
pub(super) struct ItemReader<'c, 'a> {
    pub(super) builder: Builder<'a>,
    cuts: &'c mut Vec<Cut>,
    /// The section of the last segment.
    open: Open,
    /// A bit for each line of the item's own section that was there.
    item_seen: u64,
    /// How often each section was opened.
    opened: [u16; SECTIONS],
    /// What is wrong with the syntax of a segment: nothing of the file counts.
    pub(super) fatal: Vec<Finding>,
    is_difference_told: bool,
    is_doubt_told: bool,
}

/// An open section.
#[derive(Debug, Clone, Copy)]
struct Open {
    section: usize,
    mark: Mark,
    /// A bit for each line that was there.
    seen: u64,
    /// The line behind the last one.
    cursor: usize,
    /// Whether it is a second sender or addressee, which is kept aside.
    is_surplus: bool,
}

/// Where a segment belongs.
struct Found {
    section: usize,
    line: usize,
    fit: Fit,
}

/// Returns whether a segment begins an item.
pub(super) fn is_opener(segment: &Segment<'_>, cuts: &mut Vec<Cut>) -> bool {
    let opener = &LAYOUT.sections[ITEM_SECTION].lines[0];
    if !segment.raw().starts_with(opener.tag.as_bytes()) {
        return false;
    }
    segment.cut(cuts);
    matches!(opener.fit(segment, cuts), Fit::Whole)
}

impl<'c, 'a> ItemReader<'c, 'a> {
    /// Begins the item that `mark` is the first segment of; `head` is what the head of its message says.
    pub(super) fn new(
        builder: Builder<'a>,
        cuts: &'c mut Vec<Cut>,
        mark: Mark,
        head: &[(String, String)],
    ) -> Self {
        let open = Open { section: ITEM_SECTION, mark, seen: 0, cursor: 0, is_surplus: false };
        let opened = [0; SECTIONS];
        let mut reader = Self {
            builder,
            cuts,
            open,
            item_seen: 0,
            opened,
            fatal: Vec::new(),
            is_difference_told: false,
            is_doubt_told: false,
        };
        for (name, value) in head {
            if name == FUNCTION && value == FUNCTION_CANCELLATION {
                reader.builder.push(mark, findings::MESSAGE_CANCELS.finding::<&str>([]));
            }
            let text = reader.builder.arena().alloc_str(value);
            reader.extra(name, text, mark);
        }
        reader
    }

    /// Takes the next segment of the item.
    pub(super) fn take(&mut self, segment: &Segment<'a>) {
        segment.cut(self.cuts);
        let whole = text::mark(segment, 0, 0);
        let Some(Found { section, line, fit }) = self.find(segment) else {
            if segment.has_tag() {
                self.builder.push(whole, codes::SEGMENT_UNKNOWN.finding([segment.tag()]));
            } else {
                self.fatal.push(codes::TAG.finding([segment.shown_tag()]).at(segment.place()));
            }
            return self.keep(segment);
        };
        if let Fit::Differs { at, expected } = fit {
            let finding = unexpected(segment, at, expected);
            self.builder.push(text::mark(segment, at.0, at.1), finding);
            return self.keep(segment);
        }
        if line == 0 && section != ITEM_SECTION {
            self.open(section, whole);
        }
        let seen = if section == ITEM_SECTION { &mut self.item_seen } else { &mut self.open.seen };
        let is_repeated = *seen >> line & 1 == 1;
        *seen |= 1 << line;
        if is_repeated || self.open.is_surplus {
            self.builder.push(whole, codes::SEGMENT_REPEATED.finding([segment.tag()]));
            return self.keep(segment);
        }
        if section == self.open.section {
            self.open.cursor = line + 1;
        }
        self.apply(section, &LAYOUT.sections[section].lines[line], segment);
    }

    /// Ends the item.
    pub(super) fn close(&mut self) {
        let Open { section, mark, is_surplus, .. } = self.open;
        if let Some(group) = LAYOUT.sections[section].group.filter(|_| !is_surplus) {
            self.builder.close(group, 0, mark);
        }
    }

    fn open(&mut self, section: usize, mark: Mark) {
        self.close();
        self.opened[section] += 1;
        let group = LAYOUT.sections[section].group;
        let is_party = group.is_some_and(|group| matches!(group.slot, Slot::Party(_)));
        let is_surplus = is_party && self.opened[section] > 1;
        self.open = Open { section, mark, seen: 0, cursor: 0, is_surplus };
        if let Some(group) = group.filter(|_| !is_surplus) {
            self.builder.open(group, mark);
        }
    }

    /// Finds the line that a segment fits: of the open section first, from the last line on; then those that open a
    /// section; then the item's own, whose order is not insisted upon.
    fn find(&self, segment: &Segment<'a>) -> Option<Found> {
        let Open { section: open, cursor, .. } = self.open;
        let count = LAYOUT.sections[open].lines.len();
        let inside = (cursor..count).chain(0..cursor).map(|line| (open, line));
        let inside = inside.filter(|(section, line)| *line > 0 || *section == ITEM_SECTION);
        let openers = (ITEM_SECTION + 1..LAYOUT.sections.len()).map(|section| (section, 0));
        let own = LAYOUT.sections[ITEM_SECTION].lines.len();
        let own = (0..if open == ITEM_SECTION { 0 } else { own }).map(|line| (ITEM_SECTION, line));
        let mut differing = None;
        for (section, line) in inside.chain(openers).chain(own) {
            match LAYOUT.sections[section].lines[line].fit(segment, self.cuts) {
                Fit::Whole => return Some(Found { section, line, fit: Fit::Whole }),
                Fit::Not => {}
                fit @ Fit::Differs { .. } => {
                    differing.get_or_insert(Found { section, line, fit });
                }
            }
        }
        differing
    }

    /// Takes the values of a segment that fits a line.
    fn apply(&mut self, section: usize, line: &'static Line, segment: &Segment<'a>) {
        let whole = text::mark(segment, 0, 0);
        if let Some(group) = line.group {
            self.builder.open(group, whole);
        }
        let mut seen = 0;
        for literal in &line.literals {
            self.consume(literal.at);
        }
        for cell in &line.cells {
            let is_there = self.cell(section, cell, line, segment);
            if let (Some(group), Goal::Value { element, .. }, true) = (line.group, &cell.goal, is_there) {
                let index = group.children().iter().position(|child| std::ptr::eq(child, *element));
                seen |= index.map_or(0, |index| 1 << index);
            }
        }
        if let Some(group) = line.group {
            self.builder.close(group, seen, whole);
        }
        self.keep_rest(section, line, segment);
    }

    /// Takes one value; returns whether it is there.
    fn cell(
        &mut self,
        section: usize,
        cell: &'static Cell,
        line: &'static Line,
        segment: &Segment<'a>,
    ) -> bool {
        let Some(first) = cell.at.iter().position(|at| find(self.cuts, *at).is_some()) else { return false };
        let at = cell.at[first];
        let mark = text::mark(segment, at.0, at.1);
        match &cell.goal {
            Goal::Value { element, currency } => {
                let attribute = currency.and_then(|at| self.component(at, segment));
                let text =
                    if cell.at.len() > 1 { self.lines(cell, segment) } else { self.component(at, segment) };
                let Some(text) = text else { return true };
                let is_second = element.slot == Slot::LocalIdentifier
                    && matches!(self.builder.declaration.identifier, Some(Identifier::S10(_)));
                if is_second {
                    // The model has one identifier; the other one is not lost.
                    self.extra(element.field, text, mark);
                    return true;
                }
                let text = cell.to_model(text).unwrap_or(text);
                let text = text::to_model(text, cell.value_type(), segment, self.builder.arena());
                self.builder.set(element, Raw { text, attribute, mark });
            }
            Goal::Extra(name) => {
                if let Some(text) = self.component(at, segment) {
                    self.extra(&self.extra_name(section, name), text, mark);
                }
            }
            Goal::ExtraValue => {
                let name = line.cells.iter().find(|cell| matches!(cell.goal, Goal::ExtraName));
                let name = name.and_then(|name| self.component(name.at[0], segment));
                if let Some(text) = self.component(at, segment) {
                    self.builder.set(*EXTRA, Raw { text, attribute: name, mark });
                }
            }
            // A name without a value stays among the rest.
            Goal::ExtraName => {}
            Goal::Counter | Goal::Control(_) => self.consume(at),
        }
        true
    }

    /// Reads a text of several components, one a line.
    fn lines(&mut self, cell: &Cell, segment: &Segment<'a>) -> Option<&'a str> {
        let last = cell.at.iter().rposition(|at| find(self.cuts, *at).is_some())?;
        if last == 0 {
            return self.component(cell.at[0], segment);
        }
        let mut joined = ArenaString::new_in(self.builder.arena());
        for (index, at) in cell.at[..=last].iter().enumerate() {
            if index > 0 {
                joined.push('\n');
            }
            if find(self.cuts, *at).is_some() {
                joined.push_str(self.component(*at, segment)?);
            }
        }
        Some(joined.into_bump_str())
    }

    /// Reads a component and takes it from the rest; what is wrong with its characters is reported, what they are in
    /// truth once an item.
    fn component(&mut self, at: At, segment: &Segment<'a>) -> Option<&'a str> {
        let cut = self.cuts[find(self.cuts, at)?];
        self.consume(at);
        let mark = text::mark(segment, at.0, at.1);
        match text::read(segment, &cut, self.builder.arena()) {
            Reading::Text(text, None) => Some(text),
            Reading::Text(text, Some(note)) => {
                let told = if std::ptr::eq(note.code, &raw const codes::CHARSET_DIFFERS) {
                    &mut self.is_difference_told
                } else {
                    &mut self.is_doubt_told
                };
                if !std::mem::replace(told, true) {
                    self.builder.push(mark, note);
                }
                Some(text)
            }
            Reading::Unreadable(finding) => {
                self.builder.push(mark, finding);
                None
            }
        }
    }

    /// Takes a component from the rest.
    fn consume(&mut self, at: At) {
        if let Some(cut) = find(self.cuts, at) {
            self.cuts[cut].element = 0;
        }
    }

    /// Keeps the components that the line does not have.
    fn keep_rest(&mut self, section: usize, line: &Line, segment: &Segment<'a>) {
        for index in 0..self.cuts.len() {
            let at = (self.cuts[index].element, self.cuts[index].component);
            if at.0 == 0 {
                continue;
            }
            let mark = text::mark(segment, at.0, at.1);
            self.builder.push(mark, codes::COMPONENT_UNKNOWN.finding([line.label.as_str()]));
            if let Some(text) = self.component(at, segment) {
                let name = format!("{}.{}/{}.{}", self.prefix(section), line.label, at.0, at.1);
                self.extra(&name, text, mark);
            }
        }
    }

    /// Keeps a segment whole.
    fn keep(&mut self, segment: &Segment<'a>) {
        let mark = text::mark(segment, 0, 0);
        match behind_tag(segment, self.cuts, self.builder.arena()) {
            Ok(value) => {
                let text = self.builder.arena().alloc_str(&value);
                self.extra(&format!("{}.{}", self.prefix(self.open.section), label(segment)), text, mark);
            }
            Err(unreadable) => self.builder.push(mark, unreadable),
        }
    }

    fn extra(&mut self, name: &str, text: &'a str, mark: Mark) {
        let name = self.builder.arena().alloc_str(name);
        let extra: &'static Element = *EXTRA;
        self.builder.set(extra, Raw { text, attribute: Some(name), mark });
    }

    /// Returns the name of an extra field for a field of the layout.
    fn extra_name(&self, section: usize, name: &str) -> String {
        let prefix = self.prefix(section);
        if prefix.ends_with(']') { format!("{prefix}.{name}") } else { name.to_owned() }
    }

    /// Returns what names a section in extra fields.
    fn prefix(&self, section: usize) -> String {
        let (name, number) = (LAYOUT.sections[section].name, self.opened[section]);
        match name {
            "extra" => LAYOUT.sections[ITEM_SECTION].name.to_owned(),
            "piece" | "document" => format!("{name}[{number}]"),
            "sender" | "addressee" if number > 1 => format!("{name}[{number}]"),
            _ => name.to_owned(),
        }
    }
}
