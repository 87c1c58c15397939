//! The message around its documents: root element, namespace, trailer, end.

use std::io::{self, Read};
use std::ops::ControlFlow;

use caravan_postal::Finding;
use quick_xml::events::{BytesStart, Event};

use super::block::BlockReader;
use super::document::Envelope;
use super::layout::Message;
use super::read::{Contents, ReadDocument};
use super::root::by_content;
use crate::builder::{clip, is_blank, resolve};
use crate::findings;
use crate::limits::Limits;
use crate::place::{Lines, Mark, Resolver};
use crate::read::FileReport;
use crate::window::{Fill, Window};
use crate::xml::events::{Events, Stop};
use crate::xml::item::{Aside, aside, leave_out, local_name};

mod root;
mod trailer;

use root::declared;

/// Who is told of a document.
pub(super) type Each<'e> = &'e mut dyn FnMut(&mut FileReport, ReadDocument<'_>) -> ControlFlow<()>;

/// How far the message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Before,
    Inside,
    Behind,
}

/// What is kept from one part of the file to the next.
struct MessageReader<'l> {
    limits: &'l Limits,
    stage: Stage,
    /// The name of the root element as written.
    root: String,
    /// Its prefix; empty for none.
    prefix: String,
    /// The layout, once root or content have said it.
    message: Option<&'static Message>,
    /// Whether the content has confirmed the layout.
    is_settled: bool,
    documents: u32,
    /// How often each part of the trailer was kept.
    counts: Vec<u32>,
    /// The part of the trailer that may come next; 0 as long as documents may.
    next: usize,
    envelope: Envelope,
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

/// What the parts of a file share, and who is told.
struct Hearer<'h, 'e> {
    /// What is in memory and was not consumed.
    lines: &'h Lines<'h>,
    report: &'h mut FileReport,
    each: &'h mut Each<'e>,
}

impl Hearer<'_, '_> {
    fn report(&mut self, mark: Mark, finding: Finding) {
        self.report.push(finding.at(self.lines.place(mark)));
    }
}

/// Reads a message of UTF-8; returns what it has beside its documents, and the finding that ended the reading.
pub(super) fn read(
    window: &mut Window<&mut dyn Read>,
    limits: &Limits,
    report: &mut FileReport,
    mut each: Each<'_>,
) -> io::Result<(Contents, Option<Finding>)> {
    let mut reader = MessageReader {
        limits,
        stage: Stage::Before,
        root: String::new(),
        prefix: String::new(),
        message: None,
        is_settled: false,
        documents: 0,
        counts: Vec::new(),
        next: 0,
        envelope: Envelope::default(),
    };
    let fatal = loop {
        let (memory, anchor) = window.memory();
        let lines = Lines::new(memory, anchor);
        let mut events = Events::new(window.unread(), window.offset(), window.is_whole());
        let mut hearer = Hearer { lines: &lines, report, each: &mut each };
        match reader.part(&mut events, window.unread(), &mut hearer) {
            End::Finished => break None,
            End::Fatal(finding) => break Some(finding),
            End::More(taken) => {
                let place = lines.place(Mark(window.offset() + taken as u64));
                window.consume(taken);
                if window.fill()? == Fill::Full {
                    break Some(findings::ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()]).at(place));
                }
            }
        }
    };
    Ok((Contents { message: reader.message, envelope: reader.envelope }, fatal))
}

impl MessageReader<'_> {
    /// Reads what is complete in one part of the file.
    fn part<'w>(&mut self, events: &mut Events<'w>, bytes: &'w [u8], hearer: &mut Hearer<'_, '_>) -> End {
        loop {
            if self.stage == Stage::Behind && events.is_last() && events.is_at_end() {
                return End::Finished;
            }
            let (taken, mark) = (events.position(), events.mark());
            let step = match events.next() {
                Ok(event) => self.step(&event, events, bytes, (taken, mark), hearer),
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

    /// Takes one event outside of documents and trailer.
    fn step<'w>(
        &mut self,
        event: &Event<'_>,
        events: &mut Events<'w>,
        bytes: &'w [u8],
        (taken, mark): (usize, Mark),
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<ControlFlow<()>, Stop> {
        match (self.stage, event) {
            (_, Event::Text(text)) if is_blank(text) => {}
            (_, Event::Comment(_) | Event::PI(_) | Event::DocType(_)) => match aside(event) {
                Aside::Fine => {}
                Aside::Finding(finding) => hearer.report(mark, finding),
                Aside::Fatal(finding) => return Err(Stop::Fatal(mark, finding)),
            },
            (Stage::Before, Event::Decl(declaration)) => declared(declaration, mark, hearer)?,
            (Stage::Before, Event::Start(start) | Event::Empty(start)) => {
                self.open_root(start, mark, hearer)?;
                self.stage = Stage::Inside;
                if matches!(event, Event::Empty(_)) {
                    self.close(mark, hearer)?;
                }
            }
            (Stage::Inside, Event::Start(start) | Event::Empty(start)) => {
                let child = Child { start, is_empty: matches!(event, Event::Empty(_)), taken, mark };
                return self.child(&child, events, bytes, hearer);
            }
            (Stage::Inside, Event::End(end)) => {
                let found = end.name().into_inner();
                if found != self.root {
                    let finding = findings::XML_END_MISMATCH.finding([clip(&self.root), clip(found)]);
                    return Err(Stop::Fatal(mark, finding));
                }
                self.close(mark, hearer)?;
            }
            (Stage::Inside, Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)) => {
                hearer.report(mark, findings::TEXT_MISPLACED.finding([clip(&self.root)]));
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

    /// Takes an element of the root.
    fn child<'w>(
        &mut self,
        child: &Child<'_, '_>,
        events: &mut Events<'w>,
        bytes: &'w [u8],
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let name = child.start.name().into_inner();
        let local = name.rsplit(':').next().unwrap_or(name);
        if local == "Signature" {
            self.signature(child, events, bytes, hearer)?;
            return Ok(ControlFlow::Continue(()));
        }
        let Some(local) = local_name(&self.prefix, name) else {
            self.stranger(child, events, hearer)?;
            return Ok(ControlFlow::Continue(()));
        };
        self.settle(local, child.mark, hearer)?;
        let Some(message) = self.message else {
            return Err(Stop::Fatal(child.mark, findings::CEB_MESSAGE_UNKNOWN.finding([clip(&self.root)])));
        };
        if local == message.document.block.name {
            return self.document(message, child, events, bytes, hearer);
        }
        if message.trailer_part(local).is_some() {
            self.trailer(message, local, child, events, bytes, hearer)?;
        } else {
            self.stranger(child, events, hearer)?;
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Makes sure of the layout when the first element inside the root is seen.
    fn settle(&mut self, local: &str, mark: Mark, hearer: &mut Hearer<'_, '_>) -> Result<(), Stop> {
        if self.is_settled {
            return Ok(());
        }
        let message = by_content(self.message, local);
        if message != self.message
            && let Some(message) = message
        {
            let finding = findings::CEB_ROOT_NAME.finding([clip(&self.root), message.name.to_owned()]);
            hearer.report(mark, finding);
        }
        self.message = message;
        self.is_settled = true;
        match message {
            Some(message) => {
                self.counts = vec![0; message.trailer.len()];
                Ok(())
            }
            None => Err(Stop::Fatal(mark, findings::CEB_MESSAGE_UNKNOWN.finding([clip(&self.root)]))),
        }
    }

    /// Reads one document and hands it over.
    fn document<'w>(
        &mut self,
        message: &'static Message,
        child: &Child<'_, '_>,
        events: &mut Events<'w>,
        bytes: &'w [u8],
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let mark = child.mark;
        if self.documents >= self.limits.items {
            let finding = findings::ITEMS_TOO_MANY.finding([self.limits.items.to_string()]);
            return Err(Stop::Fatal(mark, finding));
        }
        let mut reader = BlockReader::new(events, bytes, self.limits, &self.prefix);
        let read = reader.document(message, child.start, child.is_empty, mark);
        let notes = reader.notes;
        let (ordinal, resolver) = (self.documents + 1, Resolver::Lines(hearer.lines));
        let surplus = (notes.surplus > 0).then(|| {
            let more = findings::FINDINGS_MORE.finding([notes.surplus.to_string()]);
            more.of(ordinal).at(resolver.place(mark))
        });
        match read {
            Ok(document) => {
                if self.next > 0 {
                    let finding = findings::ELEMENT_ORDER.finding([message.document.block.name]);
                    hearer.report(mark, finding);
                }
                self.documents = ordinal;
                if message.document.most.is_some_and(|most| ordinal == most + 1) {
                    let most = message.document.most.unwrap_or_default().to_string();
                    let name = message.document.block.name.to_owned();
                    hearer.report(mark, findings::CEB_BLOCK_SURPLUS.finding([name, most]));
                }
                let mut findings = resolve(notes.findings, ordinal, resolver);
                findings.extend(surplus);
                let document = ReadDocument { ordinal, document, findings, start: mark, resolver };
                Ok((hearer.each)(hearer.report, document))
            }
            Err(Stop::More) => Err(Stop::More),
            Err(Stop::Fatal(at, finding)) => {
                for finding in resolve(notes.findings, ordinal, resolver).into_iter().chain(surplus) {
                    hearer.report.push(finding);
                }
                Err(Stop::Fatal(at, finding.of(ordinal)))
            }
        }
    }

    /// Leaves out an element that the message does not have.
    fn stranger(
        &self,
        child: &Child<'_, '_>,
        events: &mut Events<'_>,
        hearer: &mut Hearer<'_, '_>,
    ) -> Result<(), Stop> {
        let name = clip(child.start.name().into_inner());
        let unknown = findings::ELEMENT_UNKNOWN.finding([name, clip(&self.root)]);
        for (at, finding) in leave_out(events, child.mark, child.is_empty, Some(unknown), self.limits)? {
            hearer.report(at, finding);
        }
        Ok(())
    }
}

/// An element of the root, and where it begins.
struct Child<'s, 't> {
    start: &'s BytesStart<'t>,
    is_empty: bool,
    /// Bytes before it in memory.
    taken: usize,
    mark: Mark,
}
