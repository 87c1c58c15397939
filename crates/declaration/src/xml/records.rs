//! Documents whose layout is a profile: a root with records, each read into a tree and handed over.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;

use super::events::{Events, Stop};
use super::item::ItemReader;
use super::read::{Names, Records, Tag, read_records, unfinished};
use crate::builder::Builder;
use crate::layout::{Layout, Record};
use crate::limits::Limits;
use crate::place::{Lines, Resolver, Spot};
use crate::read::FileReport;
use crate::window::Window;

/// Reads a message and hands over each record as soon as it is complete.
pub(crate) fn read_message<R: Read>(
    window: &mut Window<R>,
    layout: &'static Layout,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
) -> io::Result<()> {
    let message = Message { layout, limits, arena: Bump::new(), spots: Vec::new(), each };
    read_records(window, limits, report, message)
}

struct Message<'l> {
    layout: &'static Layout,
    limits: &'l Limits,
    arena: Bump,
    spots: Vec<Spot>,
    each: &'l mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
}

impl Records for Message<'_> {
    fn names(&self) -> Names {
        let Layout { root, namespace, record, .. } = self.layout;
        Names { root, namespace, record: &record.name }
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
        let (limits, namespace) = (self.limits, &*self.layout.namespace);
        let mut reader = ItemReader { events, builder, limits, namespace, prefix, depth: 1 };
        let read = reader.record(&self.layout.record, start, is_empty, mark);
        let builder = reader.builder;
        match read {
            Ok(entries) => {
                let record = Record { ordinal, mark, entries, builder, resolver };
                Ok(report.count_some((self.each)(record)))
            }
            Err(stop) => Err(unfinished(stop, builder, ordinal, mark, resolver, report)),
        }
    }
}
