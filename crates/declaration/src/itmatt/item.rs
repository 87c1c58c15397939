//! One item: its segments against the layout, their values into the builder.

use bumpalo::collections::String as ArenaString;
use caravan_edi::{Cut, Segment, codes};
use caravan_postal::{Code, Finding};

use super::head::{Fit, Held, behind_tag, label, unexpected};
use super::layout::{
    Cell, EXTRA, FUNCTION, FUNCTION_CANCELLATION, Goal, HEAD, ITEM_SECTION, Key, LAYOUT, Line, SECTIONS,
    Section,
};
use super::text::{self, Reading};
use crate::builder::{Builder, Raw};
use crate::findings;
use crate::format::{Element, Slot};
use crate::model::Identifier;
use crate::place::Mark;

mod habits;

pub(super) use habits::Habits;

/// Reads the segments of one item.
pub(super) struct ItemReader<'a> {
    pub(super) builder: Builder<'a>,
    sections: &'static [Section],
    /// The last segment against its line.
    held: Held,
    /// The section of the last segment.
    open: Open,
    /// A bit for each line of the item's own section that was there.
    item_seen: u64,
    /// How often each section was opened.
    opened: [u16; SECTIONS],
    /// What is wrong with the syntax of a segment: nothing of the file counts.
    pub(super) fatal: Vec<Finding>,
    /// What was said that is said once an item.
    told: Vec<&'static Code>,
    habits: &'a mut Habits,
    /// The section and the line of the last segment.
    last: (usize, usize),
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
#[derive(Debug, Clone, Copy)]
struct Found {
    section: usize,
    line: usize,
    fit: Fit,
}

/// What ISO 9735 has in no character repertoire, and a text that was wrapped on its way has.
fn is_line_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Returns whether a segment begins an item.
pub(super) fn is_opener(segment: &Segment<'_>, cuts: &[Cut]) -> bool {
    let opener = &LAYOUT.sections[ITEM_SECTION].lines[0];
    // Asked of every segment, of which few have the tag.
    segment.raw().starts_with(opener.tag.as_bytes()) && opener.is(segment, cuts)
}

impl<'a> ItemReader<'a> {
    /// Begins the item that `mark` is the first segment of; `head` is what the head of its message says.
    pub(super) fn new(
        builder: Builder<'a>,
        mark: Mark,
        head: &[(String, String)],
        habits: &'a mut Habits,
    ) -> Self {
        let open = Open { section: ITEM_SECTION, mark, seen: 0, cursor: 0, is_surplus: false };
        let opened = [0; SECTIONS];
        let mut reader = Self {
            builder,
            sections: &LAYOUT.sections,
            held: Held::new(),
            open,
            item_seen: 0,
            opened,
            fatal: Vec::new(),
            told: Vec::new(),
            habits,
            last: (HEAD, 0),
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
    pub(super) fn take(&mut self, segment: &Segment<'a>, cuts: &[Cut]) {
        let whole = text::mark(segment, 0, 0);
        let Some(Found { section, line, fit }) = self.find(segment, cuts) else {
            if segment.has_tag() {
                self.builder.push(whole, codes::SEGMENT_UNKNOWN.finding([segment.tag()]));
            } else {
                self.fatal.push(codes::TAG.finding([segment.shown_tag()]).at(segment.place()));
            }
            return self.keep(segment, cuts);
        };
        if let Fit::Differs { at } = fit {
            let finding = unexpected(segment, &self.sections[section].lines[line], at);
            self.builder.push(text::mark(segment, at.0, at.1), finding);
            return self.keep(segment, cuts);
        }
        self.habits.learn(self.last, (section, line));
        self.take_found(section, line, segment, cuts);
    }

    /// Takes a segment that fits a line.
    fn take_found(&mut self, section: usize, line: usize, segment: &Segment<'a>, cuts: &[Cut]) {
        let whole = text::mark(segment, 0, 0);
        self.last = (section, line);
        if line == 0 && section != ITEM_SECTION {
            self.open(section, whole);
        }
        let seen = if section == ITEM_SECTION { &mut self.item_seen } else { &mut self.open.seen };
        let is_repeated = *seen >> line & 1 == 1;
        *seen |= 1 << line;
        if is_repeated || self.open.is_surplus {
            self.builder.push(whole, codes::SEGMENT_REPEATED.finding([segment.tag()]));
            return self.keep(segment, cuts);
        }
        if section == self.open.section {
            self.open.cursor = line + 1;
        }
        self.apply(section, &self.sections[section].lines[line], segment, cuts);
    }

    /// Ends the item.
    pub(super) fn close(&mut self) {
        let Open { section, mark, is_surplus, .. } = self.open;
        if let Some(group) = self.sections[section].group.filter(|_| !is_surplus) {
            self.builder.close(group, 0, mark);
        }
    }

    /// Returns whether a section that begins now is a second sender or addressee.
    fn is_surplus(&self, section: usize) -> bool {
        let is_party = |group: &Element| matches!(group.slot, Slot::Party(_));
        self.opened[section] > 0 && self.sections[section].group.is_some_and(is_party)
    }

    fn open(&mut self, section: usize, mark: Mark) {
        self.close();
        let is_surplus = self.is_surplus(section);
        self.opened[section] += 1;
        let group = self.sections[section].group;
        self.open = Open { section, mark, seen: 0, cursor: 0, is_surplus };
        if let Some(group) = group.filter(|_| !is_surplus) {
            self.builder.open(group, mark);
        }
    }

    /// Finds the line that a segment fits: of the open section first, from the last line on; then those that open a
    /// section; then the item's own, whose order is not insisted upon.
    fn find(&mut self, segment: &Segment<'a>, cuts: &[Cut]) -> Option<Found> {
        let key = Key::of(segment, cuts);
        let sections = self.sections;
        let Open { section: open, cursor, .. } = self.open;
        let first = usize::from(open != ITEM_SECTION);
        // Most segments come in the order of the layout.
        if let Some(next) = sections[open].keys.get(cursor)
            && cursor >= first
            && next.fits(key)
            && sections[open].lines[cursor].fit(segment, cuts, &mut self.held) == Fit::Whole
        {
            return Some(Found { section: open, line: cursor, fit: Fit::Whole });
        }
        let count = sections[open].keys.len();
        let own = if open == ITEM_SECTION { 0 } else { sections[ITEM_SECTION].keys.len() };
        let inside = [(open, cursor.max(first)..count), (open, first..cursor)].into_iter();
        let openers = (ITEM_SECTION + 1..SECTIONS).map(|section| (section, 0..1));
        let mut differing = None;
        for (section, lines) in inside.chain(openers).chain([(ITEM_SECTION, 0..own)]) {
            for line in lines {
                if !sections[section].keys[line].fits(key) {
                    continue;
                }
                let fit = sections[section].lines[line].fit(segment, cuts, &mut self.held);
                let found = Found { section, line, fit };
                match fit {
                    Fit::Whole => return Some(found),
                    Fit::Differs { .. } => differing = differing.or(Some(found)),
                    Fit::Not => {}
                }
            }
        }
        differing
    }

    /// Takes the values of a segment that fits a line.
    fn apply(&mut self, section: usize, line: &'static Line, segment: &Segment<'a>, cuts: &[Cut]) {
        let whole = text::mark(segment, 0, 0);
        if let Some(group) = line.group {
            self.builder.open(group, whole);
        }
        let mut seen = 0;
        for cell in &line.cells {
            if let Some(element) = cell.text {
                self.text(element, cell.steps[0], segment, cuts);
                continue;
            }
            let is_there = self.cell(section, cell, line, segment, cuts);
            if let (Some(group), Goal::Value { element, .. }, true) = (line.group, &cell.goal, is_there) {
                let index = group.children().iter().position(|child| std::ptr::eq(child, *element));
                seen |= index.map_or(0, |index| 1 << index);
            }
        }
        if let Some(group) = line.group {
            self.builder.close(group, seen, whole);
        }
        self.keep_rest(section, line, segment, cuts);
    }

    /// Takes a value that the model has as it stands there.
    fn text(&mut self, element: &'static Element, step: usize, segment: &Segment<'a>, cuts: &[Cut]) {
        let Some(cut) = self.held.take(step, cuts) else { return };
        let at = cut.at();
        if let Some(text) = self.read(&cut, segment) {
            let mark = text::mark(segment, at.0, at.1);
            self.builder.set(element, Raw { text, attribute: None, mark });
        }
    }

    /// Takes one value; returns whether it is there.
    fn cell(
        &mut self,
        section: usize,
        cell: &'static Cell,
        line: &'static Line,
        segment: &Segment<'a>,
        cuts: &[Cut],
    ) -> bool {
        let Some(first) = cell.steps.iter().position(|step| self.held.has(*step)) else { return false };
        let (step, at) = (cell.steps[first], cell.at[first]);
        let mark = text::mark(segment, at.0, at.1);
        match &cell.goal {
            Goal::Value { element, .. } => {
                let attribute = cell.currency.and_then(|step| self.component(step, segment, cuts));
                let text = match cell.steps[..] {
                    [step] => self.component(step, segment, cuts),
                    _ => self.lines(cell, segment, cuts),
                };
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
                if let Some(text) = self.component(step, segment, cuts) {
                    self.extra(&self.extra_name(section, name), text, mark);
                }
            }
            Goal::ExtraValue => {
                let name = line.cells.iter().find(|cell| matches!(cell.goal, Goal::ExtraName));
                let name = name.and_then(|name| self.component(name.steps[0], segment, cuts));
                if let Some(text) = self.component(step, segment, cuts) {
                    self.builder.set(*EXTRA, Raw { text, attribute: name, mark });
                }
            }
            // A name without a value stays among the rest.
            Goal::ExtraName => {}
            Goal::Counter | Goal::Control(_) => {
                self.held.take(step, cuts);
            }
        }
        true
    }

    /// Reads a text of several components, one a line.
    fn lines(&mut self, cell: &Cell, segment: &Segment<'a>, cuts: &[Cut]) -> Option<&'a str> {
        let last = cell.steps.iter().rposition(|step| self.held.has(*step))?;
        if last == 0 {
            return self.component(cell.steps[0], segment, cuts);
        }
        let mut joined = ArenaString::new_in(self.builder.arena());
        for (index, step) in cell.steps[..=last].iter().enumerate() {
            if index > 0 {
                joined.push('\n');
            }
            if self.held.has(*step) {
                joined.push_str(self.component(*step, segment, cuts)?);
            }
        }
        Some(joined.into_bump_str())
    }

    /// Reads a component and takes it from the rest; what is wrong with its characters is reported, what they are in
    /// truth once an item.
    fn component(&mut self, step: usize, segment: &Segment<'a>, cuts: &[Cut]) -> Option<&'a str> {
        let cut = self.held.take(step, cuts)?;
        self.read(&cut, segment)
    }

    #[inline]
    fn read(&mut self, cut: &Cut, segment: &Segment<'a>) -> Option<&'a str> {
        match text::plain(segment, cut) {
            Some(text) => Some(text),
            None => self.read_with_care(cut, segment),
        }
    }

    #[cold]
    fn read_with_care(&mut self, cut: &Cut, segment: &Segment<'a>) -> Option<&'a str> {
        let at = cut.at();
        let mark = text::mark(segment, at.0, at.1);
        let (text, note) = match text::read(segment, cut, self.builder.arena()) {
            Reading::Text(text, note) => (text, note),
            Reading::Unreadable(finding) => {
                self.builder.push(mark, finding);
                return None;
            }
        };
        if let Some(note) = note {
            self.tell(mark, note);
        }
        if (cut.has_control || cut.is_released) && text.bytes().any(is_line_break) {
            self.tell(mark, codes::LINE_BREAK.finding::<&str>([]));
        }
        Some(text)
    }

    /// Reports once an item what is likely to be so in all of it.
    fn tell(&mut self, mark: Mark, finding: Finding) {
        if !self.told.iter().any(|told| std::ptr::eq(*told, finding.code)) {
            self.told.push(finding.code);
            self.builder.push(mark, finding);
        }
    }

    /// Keeps the components that the line does not have.
    fn keep_rest(&mut self, section: usize, line: &Line, segment: &Segment<'a>, cuts: &[Cut]) {
        if self.held.is_empty() {
            return;
        }
        for (number, cut) in cuts.iter().enumerate() {
            if self.held.is_taken(number) {
                continue;
            }
            let at = cut.at();
            let mark = text::mark(segment, at.0, at.1);
            self.builder.push(mark, codes::COMPONENT_UNKNOWN.finding([line.label.as_str()]));
            if let Some(text) = self.read(cut, segment) {
                let name = format!("{}.{}/{}.{}", self.prefix(section), line.label, at.0, at.1);
                self.extra(&name, text, mark);
            }
        }
    }

    /// Keeps a segment whole.
    fn keep(&mut self, segment: &Segment<'a>, cuts: &[Cut]) {
        let mark = text::mark(segment, 0, 0);
        if segment.raw().iter().copied().any(is_line_break) {
            self.tell(mark, codes::LINE_BREAK.finding::<&str>([]));
        }
        match behind_tag(segment, cuts, self.builder.arena()) {
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
