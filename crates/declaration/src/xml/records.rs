//! Documents whose layout is a profile: a root with records, each read into a tree and handed over.

use std::io::{self, Read};
use std::ops::ControlFlow;

use super::events::Stop;
use super::item::ItemReader;
use super::read::{Frame, Names, Records, Tag, read_records};
use crate::layout::{Entry, Layout, Record};
use crate::limits::Limits;
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
    read_records(window, limits, report, Message { layout, each })
}

struct Message<'l> {
    layout: &'static Layout,
    each: &'l mut dyn FnMut(Record<'_>) -> Option<ControlFlow<()>>,
}

impl Records for Message<'_> {
    type Content<'a> = Vec<Entry<'a>>;

    fn names(&self) -> Names {
        let Layout { root, namespace, record, .. } = self.layout;
        Names { root, namespace, record: &record.name }
    }

    fn read<'w: 'a, 'a>(
        &self,
        tag: Tag<'_>,
        reader: &mut ItemReader<'_, 'w, 'a>,
    ) -> Result<Vec<Entry<'a>>, Stop> {
        reader.record(&self.layout.record, tag.start, tag.is_empty, tag.mark)
    }

    fn hand_over<'a>(
        &mut self,
        entries: Vec<Entry<'a>>,
        frame: Frame<'a>,
        report: &mut FileReport,
    ) -> ControlFlow<()> {
        let Frame { ordinal, mark, builder, resolver } = frame;
        report.count_some((self.each)(Record { ordinal, mark, entries, builder, resolver }))
    }
}
