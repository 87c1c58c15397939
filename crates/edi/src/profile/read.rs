//! A message read by its profile.

use caravan_postal::{Finding, Place};

use super::template::{Match, Part, Template};
use super::{FieldCode, Line, Profile, Section};
use crate::{Component, Message, Segment, codes};

/// One section of a message as it was found: its name and the values of its fields.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry<'p, 'a> {
    /// The name of the section.
    pub section: &'p str,
    /// Where its first segment stands.
    pub place: Place,
    /// The values that were found, in the order of the message.
    pub values: Vec<Bound<'p, 'a>>,
    /// The values that the message writes otherwise than the model.
    pub codes: &'p [FieldCode],
}

/// The value of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound<'p, 'a> {
    /// The name of the field.
    pub field: &'p str,
    /// What stands there.
    pub component: Component<'a>,
}

impl<'a> Entry<'_, 'a> {
    /// Returns the value of a field, when it was there and not empty.
    pub fn value(&self, field: &str) -> Option<Component<'a>> {
        self.values.iter().find(|bound| bound.field == field).map(|bound| bound.component)
    }
}

impl Profile {
    /// Reads a message into its sections, in the order in which they stand. What does not fit is a finding.
    ///
    /// The order of segments within a section is not insisted upon; the first line of a repeated section opens it anew.
    pub fn read<'a>(&self, message: &Message<'a>, findings: &mut Vec<Finding>) -> Vec<Entry<'_, 'a>> {
        if message.message_type != self.message_type {
            let arguments = [message.message_type.to_string(), self.name.clone()];
            findings.push(codes::PROFILE_FALLBACK.finding(arguments).at(message.header.place()));
        }
        let mut reader = Reader { profile: self, entries: Vec::new(), open: None, findings };
        for segment in &message.segments {
            reader.take(segment);
        }
        reader.close();
        let entries = reader.entries;
        for section in self.sections.iter().filter(|section| !section.is_repeated) {
            if entries.iter().any(|entry| entry.section == section.name) {
                continue;
            }
            for line in section.lines.iter().filter(|line| line.is_required) {
                let missing = codes::SEGMENT_MISSING.finding([line.template.label()]);
                findings.push(missing.at(message.header.place()));
            }
        }
        entries
    }
}

struct Reader<'p, 'a, 'f> {
    profile: &'p Profile,
    entries: Vec<Entry<'p, 'a>>,
    open: Option<Open<'p>>,
    findings: &'f mut Vec<Finding>,
}

/// The section that is being read, and which of its lines have been seen.
struct Open<'p> {
    index: usize,
    section: &'p Section,
    lines: Vec<Seen>,
}

/// What has been seen of a line of the open section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Nothing.
    Not,
    /// A segment that differs in a fixed value, which has been said.
    Differing,
    /// The segment itself.
    Whole,
}

/// Where a segment belongs: the section, the line in it, and how well it fits.
struct Found<'p, 'a> {
    section: usize,
    line: usize,
    template: &'p Line,
    fit: Match<'a>,
}

impl<'p, 'a> Reader<'p, 'a, '_> {
    fn take(&mut self, segment: &Segment<'a>) {
        let Some(found) = self.find(segment) else {
            self.findings.push(codes::SEGMENT_UNKNOWN.finding([segment.tag()]).at(segment.place()));
            return;
        };
        self.open_for(&found, segment);
        let open = self.open.as_mut().expect("a section has just been opened");
        let seen = &mut open.lines[found.line];
        if let Match::Differs { place, found, expected } = found.fit {
            if *seen == Seen::Not {
                *seen = Seen::Differing;
            }
            let arguments = [segment.tag().to_owned(), found.into_owned(), expected];
            self.findings.push(codes::VALUE_UNEXPECTED.finding(arguments).at(place));
        } else if *seen == Seen::Whole {
            self.findings.push(codes::SEGMENT_REPEATED.finding([segment.tag()]).at(segment.place()));
        } else {
            *seen = Seen::Whole;
            self.tell_unread(&found.template.template, segment);
            let entry = self.entries.last_mut().expect("an open section has its entry");
            for (element, component, part) in found.template.template.parts() {
                let Part::Field { name, is_optional } = part else { continue };
                let component = segment.component(element, component);
                if !component.is_empty() {
                    entry.values.push(Bound { field: name, component });
                } else if !is_optional {
                    let missing = codes::VALUE_MISSING.finding([segment.tag(), name]);
                    self.findings.push(missing.at(component.place()));
                }
            }
        }
    }

    /// Says where a segment has a value of which its template knows nothing. What it says may be part of a name.
    fn tell_unread(&mut self, template: &Template, segment: &Segment<'a>) {
        for (element, components) in
            segment.elements().zip(0usize..).map(|(element, at)| (at, element.components()))
        {
            let known = template.elements.get(element);
            for (at, component) in components.enumerate().filter(|(_, component)| !component.is_empty()) {
                if known.and_then(|parts| parts.get(at)).is_none_or(|part| *part == Part::Empty) {
                    self.findings.push(codes::VALUE_UNREAD.finding([segment.tag()]).at(component.place()));
                }
            }
        }
    }

    /// Finds the line that a segment fits: of the open section first, then the opening lines of repeated sections,
    /// then the sections that come later; among them one that fits wholly before one that differs in a fixed value.
    fn find(&self, segment: &Segment<'a>) -> Option<Found<'p, 'a>> {
        let mut differing = None;
        for (section, line, template) in self.candidates() {
            match template.template.matches(segment) {
                Match::Yes => return Some(Found { section, line, template, fit: Match::Yes }),
                fit @ Match::Differs { .. } => {
                    differing.get_or_insert(Found { section, line, template, fit });
                }
                Match::No => {}
            }
        }
        differing
    }

    fn candidates(&self) -> impl Iterator<Item = (usize, usize, &'p Line)> + use<'p> {
        let profile = self.profile;
        let open = self.open.as_ref().map(|open| open.index);
        let lines = move |index: usize, section: &'p Section| {
            (0..).zip(&section.lines).map(move |(line, template)| (index, line, template))
        };
        let sections = || profile.sections.iter().enumerate();
        let inside = sections().filter(move |(index, _)| Some(*index) == open);
        let inside = inside
            .flat_map(move |(index, section)| lines(index, section).skip(usize::from(section.is_repeated)));
        // Without an open section a message begins with its first one.
        let openers = sections().filter(|(_, section)| section.is_repeated);
        let openers = openers.flat_map(move |(index, section)| lines(index, section).take(1));
        let later = sections()
            .filter(move |(index, section)| !section.is_repeated && open.is_none_or(|open| *index > open));
        inside.chain(openers).chain(later.flat_map(move |(index, section)| lines(index, section)))
    }

    /// Opens the section that a segment belongs to, unless it is the open one.
    fn open_for(&mut self, found: &Found<'p, 'a>, segment: &Segment<'a>) {
        let section = &self.profile.sections[found.section];
        let is_opener = section.is_repeated && found.line == 0;
        if !is_opener && self.open.as_ref().is_some_and(|open| open.index == found.section) {
            return;
        }
        self.close();
        self.open = Some(Open { index: found.section, section, lines: vec![Seen::Not; section.lines.len()] });
        self.entries.push(Entry {
            section: &section.name,
            place: segment.place(),
            values: Vec::new(),
            codes: &self.profile.codes,
        });
    }

    /// Closes the open section: what it requires and has not been there is a finding. Lines of one tag and qualifier
    /// stand for each other, as the same time in two formats.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let place = self.entries.last().map_or(Place::Whole, |entry| entry.place);
        let lines = || open.section.lines.iter().zip(&open.lines);
        for (line, _) in lines().filter(|(line, seen)| line.is_required && **seen == Seen::Not) {
            let label = line.template.label();
            if !lines().any(|(other, seen)| *seen != Seen::Not && other.template.label() == label) {
                self.findings.push(codes::SEGMENT_MISSING.finding([label]).at(place));
            }
        }
    }
}
