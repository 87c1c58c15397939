//! The document around the items: declaration, root element, namespace, end.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;
use quick_xml::events::{BytesDecl, BytesStart, Event};

use super::Dialect;
use super::attributes::{Fault, attributes};
use super::events::{Events, Stop};
use super::item::{Aside, ItemReader, aside, declared_prefix, local_name, pass_over};
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

/// What a document is called, and who reads the records in it.
pub(super) trait Records {
    /// Returns the names of the format.
    fn names(&self) -> Names;

    /// Reads one record whose start tag was the last event, and hands it over.
    fn record(
        &mut self,
        tag: Tag<'_>,
        events: &mut Events<'_>,
        lines: &Lines<'_>,
        report: &mut FileReport,
    ) -> Result<ControlFlow<()>, Stop>;
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
    /// The prefix that the root has for the format's namespace; empty for none.
    pub(super) prefix: &'t str,
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
    records: I,
}

/// Reads the items of our own format.
struct Items<'l, F> {
    dialect: &'static Dialect,
    limits: &'l Limits,
    arena: Bump,
    spots: Vec<Spot>,
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
    let items = Items { dialect, limits, arena: Bump::new(), spots: Vec::new(), each };
    read_records(window, limits, report, items)
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
        if hearer.report.items >= self.limits.items {
            let finding = findings::ITEMS_TOO_MANY.finding([self.limits.items.to_string()]);
            return Err(Stop::Fatal(mark, finding));
        }
        let tag = Tag { start, is_empty, mark, prefix: &self.prefix };
        self.records.record(tag, events, hearer.lines, hearer.report)
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
        // Told only when the element was seen to its end: until then it may be read a second time.
        let parent = self.names.root.to_owned();
        let unknown = findings::ELEMENT_UNKNOWN.finding([clip(start.name().into_inner()), parent]);
        let mut found = vec![(mark, unknown)];
        if !is_empty {
            pass_over(events, mark, 1, self.limits.depth, &mut |at, finding| found.push((at, finding)))?;
        }
        for (at, finding) in found.into_iter().take(self.limits.findings_per_file as usize + 1) {
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
        let all = attributes(start, self.limits.attributes).map_err(|fault| {
            let finding = match fault {
                Fault::TooMany => findings::ATTRIBUTES_TOO_MANY.finding([self.limits.attributes.to_string()]),
                Fault::Malformed | Fault::Entity(_) => findings::XML_ATTRIBUTE.finding([clip(name)]),
            };
            Stop::Fatal(mark, finding)
        })?;
        let namespace =
            all.iter().find(|(key, _)| declared_prefix(key) == Some(prefix)).map(|(_, value)| value);
        match namespace {
            Some(namespace) if namespace == self.names.namespace => {}
            None if prefix.is_empty() => hearer.report(mark, findings::NAMESPACE_MISSING.finding::<&str>([])),
            found => {
                let found = found.map_or("", |found| found);
                return Err(Stop::Fatal(mark, findings::NAMESPACE_UNKNOWN.finding([clip(found)])));
            }
        }
        for (key, _) in &all {
            let is_schema_hint =
                matches!(key.split_once(':'), Some((_, "schemaLocation" | "noNamespaceSchemaLocation")));
            if declared_prefix(key).is_none() && !is_schema_hint {
                hearer.report(mark, findings::ATTRIBUTE_UNKNOWN.finding([clip(key), local.to_owned()]));
            }
        }
        name.clone_into(&mut self.root);
        prefix.clone_into(&mut self.prefix);
        Ok(())
    }
}

impl<F: FnMut(ReadItem<'_>) -> ControlFlow<()>> Records for Items<'_, F> {
    fn names(&self) -> Names {
        let Dialect { root, namespace, .. } = *self.dialect;
        Names { root, namespace, record: ITEM_NAME }
    }

    fn record(
        &mut self,
        tag: Tag<'_>,
        events: &mut Events<'_>,
        lines: &Lines<'_>,
        report: &mut FileReport,
    ) -> Result<ControlFlow<()>, Stop> {
        self.arena.reset();
        let Tag { start, is_empty, mark, prefix } = tag;
        let ordinal = report.items + 1;
        let resolver = Resolver::Lines(lines);
        let builder = Builder::new(&self.arena, self.limits, &mut self.spots);
        let (limits, namespace) = (self.limits, self.dialect.namespace);
        let mut reader = ItemReader { events, builder, limits, namespace, prefix, depth: 1 };
        let read = if is_empty {
            reader.empty_item(start, mark)
        } else {
            reader.item((self.dialect.item)(), start, mark)
        };
        let builder = reader.builder;
        match read {
            Ok(()) => {
                let (declaration, findings, spots) = builder.finish(ordinal, mark, resolver);
                let item = ReadItem { ordinal, declaration, findings, spots, start: mark, resolver };
                Ok(report.hand_over(item, self.each))
            }
            Err(stop) => Err(unfinished(stop, builder, ordinal, mark, resolver, report)),
        }
    }
}

/// Tells of a record that could not be read to its end; one that is only not yet all there will be read again.
pub(super) fn unfinished(
    stop: Stop,
    builder: Builder<'_>,
    ordinal: u32,
    mark: Mark,
    resolver: Resolver<'_>,
    report: &mut FileReport,
) -> Stop {
    match stop {
        Stop::More => Stop::More,
        Stop::Fatal(at, finding) => {
            for finding in builder.finish(ordinal, mark, resolver).1 {
                report.push(finding);
            }
            Stop::Fatal(at, finding.of(ordinal))
        }
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
