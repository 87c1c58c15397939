//! The document around the items: declaration, root element, namespace, end.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;
use quick_xml::events::{BytesDecl, BytesStart, Event};

use super::Dialect;
use super::attributes::attributes;
use super::events::{Events, Stop};
use super::item::{Aside, ItemReader, aside, leave_out, local_name};
use super::root::{is_of_xml, namespace_finding, root_attributes};
use crate::builder::{Builder, clip, is_blank};
use crate::encoding::Encoding;
use crate::findings;
use crate::format::ITEM_NAME;
use crate::limits::Limits;
use crate::place::{Lines, Mark, Resolver, Spot};
use crate::read::{FileReport, ReadItem, text_end};
use crate::window::{Fill, Window};

/// How far the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Inside,
    Behind,
}

/// What a document is called, and what becomes of the records in it.
pub(super) trait Records {
    /// What is read of a record, beside what its builder takes.
    type Content<'a>;

    /// Returns the names of the format.
    fn names(&self) -> Names;

    /// Reads the content of a record whose start tag was the last event.
    fn read<'w: 'a, 'a>(
        &self,
        tag: Tag<'_>,
        reader: &mut ItemReader<'_, 'w, 'a>,
    ) -> Result<Self::Content<'a>, Stop>;

    /// Hands over a record that was read to its end.
    fn hand_over<'a>(
        &mut self,
        content: Self::Content<'a>,
        frame: Frame<'a>,
        report: &mut FileReport,
    ) -> ControlFlow<()>;
}

/// A record as far as every format has the same.
pub(super) struct Frame<'a> {
    pub(super) ordinal: u32,
    pub(super) mark: Mark,
    pub(super) builder: Builder<'a>,
    pub(super) resolver: Resolver<'a>,
}

/// The names by which a format is known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) root: &'static str,
    pub(super) namespace: &'static str,
    pub(super) record: &'static str,
}

/// The start tag of a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'t> {
    pub(super) start: &'t BytesStart<'t>,
    /// Whether the element ends with it.
    pub(super) is_empty: bool,
    pub(super) mark: Mark,
}

/// What is kept from one part of the file to the next.
struct Document<'l, I> {
    limits: &'l Limits,
    names: Names,
    stage: Stage,
    /// The name of the root element as written.
    root: String,
    /// Its prefix; empty for none.
    prefix: String,
    arena: Bump,
    spots: Vec<Spot>,
    records: I,
}

/// Reads the items of our own format.
struct Items<'l, F> {
    dialect: &'static Dialect,
    each: &'l mut F,
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

/// Reads a document.
pub(crate) fn read<R: Read>(
    dialect: &'static Dialect,
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    read_records(window, limits, report, Items { dialect, each })
}

/// Reads a document of any format that is a root with records in it.
pub(super) fn read_records<R: Read>(
    window: &mut Window<R>,
    limits: &Limits,
    report: &mut FileReport,
    records: impl Records,
) -> io::Result<()> {
    let mut document = Document {
        limits,
        names: records.names(),
        stage: Stage::Before,
        root: String::new(),
        prefix: String::new(),
        arena: Bump::new(),
        spots: Vec::new(),
        records,
    };
    loop {
        let (memory, anchor) = window.memory();
        let lines = Lines::new(memory, anchor);
        let mut events = Events::new(window.unread(), window.offset(), window.is_whole());
        let mut hearer = Hearer { lines: &lines, report };
        match document.part(&mut events, &mut hearer) {
            End::Finished => return Ok(()),
            End::Fatal(finding) => {
                let is_cut = std::ptr::eq(finding.code, &raw const findings::FILE_CUT);
                let end = if is_cut { text_end(window, limits) } else { None };
                report.stop(end.unwrap_or(finding));
                return Ok(());
            }
            End::More(taken) => {
                let start = Mark(window.offset() + taken as u64);
                let place = lines.place(start);
                window.consume(taken);
                if window.fill()? == Fill::Full {
                    let finding = findings::ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()]);
                    report.stop(finding.at(place));
                    return Ok(());
                }
            }
        }
    }
}

/// What the parts of a file share, and who is told.
struct Hearer<'h> {
    lines: &'h Lines<'h>,
    report: &'h mut FileReport,
}

impl Hearer<'_> {
    fn report(&mut self, mark: Mark, finding: Finding) {
        self.report.push(finding.at(self.lines.place(mark)));
    }
}

impl<I: Records> Document<'_, I> {
    /// Reads what is complete in one part of the file.
    fn part(&mut self, events: &mut Events<'_>, hearer: &mut Hearer<'_>) -> End {
        loop {
            if self.stage == Stage::Behind && events.is_last() && events.is_at_end() {
                return End::Finished;
            }
            let (taken, mark) = (events.position(), events.mark());
            let step = match events.next() {
                Ok(event) => self.step(&event, events, mark, hearer),
                Err(stop) => Err(stop),
            };
            match step {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return End::Finished,
                Err(Stop::More) => return End::More(taken),
                Err(Stop::Fatal(mark, finding)) => return End::Fatal(finding.at(hearer.lines.place(mark))),
            }
        }
    }

    /// Takes one event outside of items.
    fn step(
        &mut self,
        event: &Event<'_>,
        events: &mut Events<'_>,
        mark: Mark,
        hearer: &mut Hearer<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        match (self.stage, event) {
            (_, Event::Text(text)) if is_blank(text) => {}
            (_, Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => beside(event, mark, hearer)?,
            (Stage::Before, Event::Decl(declaration)) => declared(declaration, mark, hearer)?,
            (Stage::Before, Event::Start(start)) => {
                self.open_root(start, mark, hearer)?;
                self.stage = Stage::Inside;
            }
            (Stage::Before, Event::Empty(start)) => {
                self.open_root(start, mark, hearer)?;
                self.stage = Stage::Behind;
            }
            (Stage::Inside, Event::Start(start) | Event::Empty(start)) => {
                let is_empty = matches!(event, Event::Empty(_));
                if self.local(start) == Some(self.names.record) {
                    return self.record(start, is_empty, events, mark, hearer);
                }
                self.stranger(start, is_empty, events, mark, hearer)?;
            }
            (Stage::Inside, Event::End(end)) => {
                let found = end.name().into_inner();
                if found != self.root {
                    let finding = findings::XML_END_MISMATCH.finding([clip(&self.root), clip(found)]);
                    return Err(Stop::Fatal(mark, finding));
                }
                self.stage = Stage::Behind;
            }
            (Stage::Inside, Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                hearer.report(mark, findings::TEXT_MISPLACED.finding([self.names.root]));
            }
            (_, Event::Decl(_)) => {
                return Err(Stop::Fatal(mark, findings::XML_DECLARATION.finding::<&str>([])));
            }
            (Stage::Before, _) => return Err(Stop::Fatal(mark, findings::XML_MARKUP.finding::<&str>([]))),
            (Stage::Behind, _) => {
                return Err(Stop::Fatal(mark, findings::XML_AFTER_ROOT.finding::<&str>([])));
            }
            (Stage::Inside, Event::Eof) => return Err(Stop::More),
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Reads one record and hands it over.
    fn record(
        &mut self,
        start: &BytesStart<'_>,
        is_empty: bool,
        events: &mut Events<'_>,
        mark: Mark,
        hearer: &mut Hearer<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let Self { limits, names, prefix, arena, spots, records, .. } = self;
        if hearer.report.items >= limits.items {
            let finding = findings::ITEMS_TOO_MANY.finding([limits.items.to_string()]);
            return Err(Stop::Fatal(mark, finding));
        }
        arena.reset();
        let (ordinal, resolver) = (hearer.report.items + 1, Resolver::Lines(hearer.lines));
        let builder = Builder::new(arena, limits, spots);
        let mut reader = ItemReader { events, builder, limits, namespace: names.namespace, prefix, depth: 1 };
        let read = records.read(Tag { start, is_empty, mark }, &mut reader);
        let builder = reader.builder;
        match read {
            Ok(content) => {
                Ok(records.hand_over(content, Frame { ordinal, mark, builder, resolver }, hearer.report))
            }
            // What is only not yet all there will be read again.
            Err(Stop::More) => Err(Stop::More),
            Err(Stop::Fatal(at, finding)) => {
                for finding in builder.finish(ordinal, mark, resolver).1 {
                    hearer.report.push(finding);
                }
                Err(Stop::Fatal(at, finding.of(ordinal)))
            }
        }
    }

    /// Leaves out an element that is no item.
    fn stranger(
        &self,
        start: &BytesStart<'_>,
        is_empty: bool,
        events: &mut Events<'_>,
        mark: Mark,
        hearer: &mut Hearer<'_>,
    ) -> Result<(), Stop> {
        let parent = self.names.root.to_owned();
        let unknown = findings::ELEMENT_UNKNOWN.finding([clip(start.name().into_inner()), parent]);
        for (at, finding) in leave_out(events, mark, is_empty, Some(unknown), self.limits)? {
            hearer.report(at, finding);
        }
        Ok(())
    }

    fn local<'n>(&self, start: &'n BytesStart<'_>) -> Option<&'n str> {
        local_name(&self.prefix, start.name().into_inner())
    }

    /// Takes the root element: its name, its namespace, and nothing else.
    fn open_root(&mut self, start: &BytesStart<'_>, mark: Mark, hearer: &mut Hearer<'_>) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if local != self.names.root {
            return Err(Stop::Fatal(mark, findings::ROOT_UNKNOWN.finding([clip(name)])));
        }
        let all = root_attributes(start, self.limits.attributes, mark)?;
        if let Some(finding) = namespace_finding(&all, prefix, self.names.namespace, mark)? {
            hearer.report(mark, finding);
        }
        for (key, _) in &all {
            if !is_of_xml(key) {
                hearer.report(mark, findings::ATTRIBUTE_UNKNOWN.finding([clip(key), local.to_owned()]));
            }
        }
        name.clone_into(&mut self.root);
        prefix.clone_into(&mut self.prefix);
        Ok(())
    }
}

impl<F: FnMut(ReadItem<'_>) -> ControlFlow<()>> Records for Items<'_, F> {
    type Content<'a> = ();

    fn names(&self) -> Names {
        let Dialect { root, namespace, .. } = *self.dialect;
        Names { root, namespace, record: ITEM_NAME }
    }

    fn read<'w: 'a, 'a>(&self, tag: Tag<'_>, reader: &mut ItemReader<'_, 'w, 'a>) -> Result<(), Stop> {
        if tag.is_empty {
            reader.empty_item(tag.start, tag.mark)
        } else {
            reader.item((self.dialect.item)(), tag.start, tag.mark)
        }
    }

    fn hand_over<'a>(
        &mut self,
        (): Self::Content<'a>,
        frame: Frame<'a>,
        report: &mut FileReport,
    ) -> ControlFlow<()> {
        let Frame { ordinal, mark: start, builder, resolver } = frame;
        let (declaration, findings, spots) = builder.finish(ordinal, start, resolver);
        report.hand_over(ReadItem { ordinal, declaration, findings, spots, start, resolver }, self.each)
    }
}

/// Takes a comment or an instruction.
fn beside(event: &Event<'_>, mark: Mark, hearer: &mut Hearer<'_>) -> Result<(), Stop> {
    match aside(event) {
        Aside::Fine => Ok(()),
        Aside::Finding(finding) => {
            hearer.report(mark, finding);
            Ok(())
        }
        Aside::Fatal(finding) => Err(Stop::Fatal(mark, finding)),
    }
}

/// Takes the XML declaration: at the very beginning, version 1.0, an encoding that is read. Whether it is the encoding
/// of the bytes was weighed when they were decoded.
fn declared(declaration: &BytesDecl<'_>, mark: Mark, hearer: &mut Hearer<'_>) -> Result<(), Stop> {
    let malformed = || Stop::Fatal(mark, findings::XML_DECLARATION.finding::<&str>([]));
    let is_first = hearer.lines.is_start(mark);
    let tag = BytesStart::from_content(&**declaration, "xml".len());
    let all = attributes(&tag, 3).map_err(|_| malformed())?;
    let keys: Vec<&str> = all.iter().map(|(key, _)| *key).collect();
    let is_shaped = matches!(
        keys[..],
        ["version"] | ["version", "encoding" | "standalone"] | ["version", "encoding", "standalone"]
    );
    let value = |name: &str| all.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_ref());
    let is_standalone_known = matches!(value("standalone"), None | Some("yes" | "no"));
    if !is_first || !is_shaped || !is_standalone_known {
        return Err(malformed());
    }
    if let Some(version) = value("version").filter(|version| *version != "1.0") {
        hearer.report(mark, findings::XML_VERSION.finding([clip(version)]));
    }
    if let Some(encoding) = value("encoding").filter(|encoding| Encoding::parse(encoding).is_none()) {
        return Err(Stop::Fatal(mark, findings::ENCODING_UNSUPPORTED.finding([clip(encoding)])));
    }
    Ok(())
}
