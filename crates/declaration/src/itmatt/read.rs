//! The messages around the items: envelopes, kinds of message, heads.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_edi::{Cut, Envelope, MessageType, Part, Role, Scanner, Segment, Step, Syntax, codes};
use caravan_postal::Finding;

use super::head::Head;
use super::item::{Habits, ItemReader, is_opener};
use super::layout::{ITEM_SECTION, LAYOUT};
use super::text;
use crate::builder::Builder;
use crate::findings;
use crate::limits::Limits;
use crate::place::{Resolver, Spot};
use crate::read::{FileReport, ReadItem, text_end};
use crate::window::{Fill, Window};

/// Which message is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// None, or one that is not read here.
    Other,
    /// One of ours, with so many items so far.
    Ours(u32),
}

/// What is kept from one part of the file to the next.
struct File<'l> {
    limits: &'l Limits,
    scanner: Scanner,
    envelope: Envelope,
    open: Open,
    head: Head,
    arena: Bump,
    spots: Vec<Spot>,
    habits: Habits,
    /// The last UNH that began a message of ours, from behind its reference on: in most files all are the same.
    known_type: Option<(Syntax, Vec<u8>)>,
    /// Whether it was said that a message is of another version than the layout: once a file is enough.
    is_version_told: bool,
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

/// What became of an item.
enum Item<'b> {
    /// It was handed over; this is the segment behind it.
    Done(Segment<'b>),
    /// The bytes at hand end in it.
    More,
    /// The file ends in it.
    Cut,
    /// It cannot be read to its end.
    Fatal(Finding),
}

/// Reads a file of EDIFACT.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut file = File::new(limits);
    loop {
        let end = file.part(window.unread(), window.is_whole(), report, each);
        match end {
            End::Finished => {
                if !report.is_stopped
                    && let Some(end) = text_end(window, limits)
                {
                    report.stop(end);
                }
                return Ok(());
            }
            End::Fatal(finding) => {
                let is_cut = std::ptr::eq(finding.code, &raw const codes::SEGMENT_CUT);
                let end = if is_cut { text_end(window, limits) } else { None };
                report.stop(end.unwrap_or(finding));
                return Ok(());
            }
            End::More(taken) => {
                window.consume(taken);
                if window.fill()? == Fill::Full {
                    let place = text::mark_at(file.scanner.number().saturating_add(1));
                    let finding = findings::ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()]);
                    report.stop(finding.at(Resolver::Segments.place(place)));
                    return Ok(());
                }
            }
        }
    }
}

impl<'l> File<'l> {
    fn new(limits: &'l Limits) -> Self {
        let bounds = caravan_edi::Limits {
            segments_max: u32::MAX,
            segment_bytes_max: limits.segment_bytes,
            elements_max: limits.segment_elements,
            components_max: limits.segment_components,
            ..caravan_edi::Limits::USUAL
        };
        Self {
            limits,
            scanner: Scanner::new(&bounds),
            envelope: Envelope::default(),
            open: Open::Other,
            head: Head::default(),
            arena: Bump::new(),
            spots: Vec::new(),
            habits: Habits::new(),
            known_type: None,
            is_version_told: false,
        }
    }

    /// Reads what is complete in one part of the file.
    fn part(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        report: &mut FileReport,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> End {
        let mut part = Part::new(bytes, is_last);
        let mut pending = None;
        loop {
            let step = pending.take().map_or_else(|| self.scanner.next(&mut part), Step::Segment);
            let segment = match step {
                Step::Segment(segment) => segment,
                Step::More => return End::More(part.at()),
                Step::End => {
                    self.end(report);
                    return End::Finished;
                }
                Step::Stop(finding) => return End::Fatal(finding),
            };
            let items = match self.open {
                Open::Ours(items) if is_opener(&segment, part.cuts()) => items,
                _ => {
                    self.segment(&segment, part.cuts(), report);
                    continue;
                }
            };
            if report.items >= self.limits.items {
                let finding = findings::ITEMS_TOO_MANY.finding([self.limits.items.to_string()]);
                return End::Fatal(finding.at(segment.place()));
            }
            let start = part.at() - segment.raw().len() - 1;
            match self.item(&segment, &mut part, report, each) {
                Item::Done(behind) => {
                    self.envelope.pass((behind.number - segment.number) as usize);
                    self.open = Open::Ours(items + 1);
                    if report.is_stopped {
                        return End::Finished;
                    }
                    pending = Some(behind);
                }
                Item::More => {
                    self.scanner.return_to(&segment);
                    return End::More(start);
                }
                Item::Cut => {
                    self.end(report);
                    return End::Finished;
                }
                Item::Fatal(finding) => return End::Fatal(finding),
            }
        }
    }

    /// Takes a segment outside of items.
    fn segment(&mut self, segment: &Segment<'_>, cuts: &[Cut], report: &mut FileReport) {
        match self.envelope.take(segment) {
            Role::Begin => self.begin(segment, cuts, report),
            Role::Inside if self.open != Open::Other => {
                if let Some(finding) = self.head.take(segment, cuts, self.limits) {
                    report.note(finding);
                }
            }
            Role::End => {
                if self.open == Open::Ours(0) {
                    let opener = LAYOUT.sections[ITEM_SECTION].lines[0].label.as_str();
                    report.note(codes::SEGMENT_MISSING.finding([opener]).at(segment.place()));
                }
                self.open = Open::Other;
            }
            Role::Envelope if self.scanner.is_between() => self.open = Open::Other,
            Role::Inside | Role::Envelope => {}
        }
        self.tell(report);
        if segment.tag() == "UNB" {
            self.open_interchange(segment, report);
        }
    }

    /// Notes where the items of an interchange begin.
    fn open_interchange(&mut self, segment: &Segment<'_>, report: &mut FileReport) {
        let Some(header) = self.envelope.header() else { return };
        if u32::try_from(report.interchanges.len()).is_ok_and(|count| count < self.limits.interchanges) {
            report.interchanges.push((header.clone(), report.items + 1));
        } else {
            let finding = findings::INTERCHANGES_TOO_MANY.finding([self.limits.interchanges.to_string()]);
            report.note(finding.at(segment.place()));
        }
    }

    fn begin(&mut self, segment: &Segment<'_>, cuts: &[Cut], report: &mut FileReport) {
        let known = &LAYOUT.profile.message_type;
        self.head.clear();
        let reference = cuts.first().filter(|cut| cut.key() == Cut::key_of(1, 1));
        let stated = segment.raw().get("UNH+".len() + reference.map_or(0, |cut| cut.raw(segment).len())..);
        if let (Some((syntax, known)), Some(stated)) = (&self.known_type, stated)
            && *syntax == segment.syntax()
            && known == stated
        {
            self.open = Open::Ours(0);
            return;
        }
        if segment.component(2, 1).text() != known.kind.as_str() {
            self.open = Open::Other;
            let found = MessageType::of(segment).to_string();
            report.note(codes::MESSAGE_FOREIGN.finding([found]).at(segment.place()));
            return;
        }
        self.open = Open::Ours(0);
        self.known_type = stated.map(|stated| (segment.syntax(), stated.to_vec()));
        if !self.is_version_told && !known.is_of(segment) {
            self.is_version_told = true;
            let found = MessageType::of(segment);
            let arguments = [found.to_string(), LAYOUT.profile.name.clone()];
            report.note(codes::PROFILE_FALLBACK.finding(arguments).at(segment.place()));
        }
    }

    /// Says what is wrong with the envelopes so far.
    fn tell(&mut self, report: &mut FileReport) {
        if self.envelope.finding_count() > 0 {
            self.envelope.take_findings().into_iter().for_each(|finding| report.note(finding));
        }
    }

    fn end(&mut self, report: &mut FileReport) {
        if self.scanner.number() == 0 {
            report.note(codes::EMPTY.finding::<&str>([]));
        }
        self.envelope.finish();
        self.tell(report);
    }

    /// Reads the item that begins with a segment, up to the next one or the end of its message, and hands it over.
    fn item<'b>(
        &mut self,
        opener: &Segment<'b>,
        part: &mut Part<'b>,
        report: &mut FileReport,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> Item<'b> {
        self.arena.reset();
        let ordinal = report.items + 1;
        let mark = text::mark_at(opener.number);
        let builder = Builder::new(&self.arena, self.limits, &mut self.spots);
        let mut reader = ItemReader::new(builder, mark, &self.head.extras, &mut self.habits);
        reader.take(opener, part.cuts());
        let end = loop {
            if reader.take_usual(&mut self.scanner, part) {
                continue;
            }
            match self.scanner.next(part) {
                Step::Segment(segment) => {
                    if is_service(&segment) || is_opener(&segment, part.cuts()) {
                        break Item::Done(segment);
                    }
                    reader.take(&segment, part.cuts());
                }
                Step::More => return Item::More,
                Step::End => break Item::Cut,
                Step::Stop(finding) => break Item::Fatal(finding.of(ordinal)),
            }
        };
        reader.close();
        for finding in reader.fatal {
            report.note(finding.of(ordinal));
        }
        let (declaration, findings, spots) = reader.builder.finish(ordinal, mark, Resolver::Segments);
        if matches!(end, Item::Done(..)) {
            let resolver = Resolver::Segments;
            let item = ReadItem { ordinal, declaration, findings, spots, start: mark, resolver };
            // Whether the caller stops is asked of the report.
            let _ = report.hand_over(item, each);
        } else {
            for finding in findings {
                report.note(finding);
            }
        }
        end
    }
}

/// Returns whether a segment belongs to the envelopes.
fn is_service(segment: &Segment<'_>) -> bool {
    segment.raw().starts_with(b"UN") && matches!(segment.tag(), "UNB" | "UNG" | "UNH" | "UNT" | "UNE" | "UNZ")
}
