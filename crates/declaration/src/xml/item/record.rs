//! One record of a message whose layout is a profile: its elements into a tree of entries.

use quick_xml::events::{BytesStart, Event};

use super::super::events::Stop;
use super::ItemReader;
use crate::builder::clip;
use crate::findings;
use crate::layout::{Entry, Gathering, Holds, Misfit, Node};
use crate::place::Mark;

impl<'w: 'a, 'a> ItemReader<'_, 'w, 'a> {
    /// Reads the record whose start tag was the last event.
    pub(in crate::xml) fn record(
        &mut self,
        record: &'static Node,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<Vec<Entry<'a>>, Stop> {
        self.attribute(start, &record.name, None, mark)?;
        self.group(record, is_empty, mark)
    }

    /// Reads up to the end of the open group.
    fn group(&mut self, parent: &'static Node, is_empty: bool, mark: Mark) -> Result<Vec<Entry<'a>>, Stop> {
        let mut gathering = Gathering::new(parent);
        if is_empty {
            return Ok(gathering.finish(mark, &mut self.builder));
        }
        self.enter(mark)?;
        loop {
            let at = self.events.mark();
            match self.events.next()? {
                Event::Text(text) => self.between(&text, &parent.name, at),
                Event::Start(start) => self.entry(&mut gathering, &start, false, at)?,
                Event::Empty(start) => self.entry(&mut gathering, &start, true, at)?,
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(gathering.finish(mark, &mut self.builder));
                }
                Event::CData(_) | Event::GeneralRef(_) => {
                    self.builder.push(at, findings::TEXT_MISPLACED.finding([parent.name.as_str()]));
                }
                other => self.aside(&other, at)?,
            }
        }
    }

    fn entry(
        &mut self,
        gathering: &mut Gathering<'a>,
        start: &BytesStart<'_>,
        is_empty: bool,
        mark: Mark,
    ) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let found = match self.local(name) {
            Some(local) => gathering.find(local),
            None => Err(Misfit::Unknown),
        };
        let node = match found {
            Ok(node) => node,
            Err(Misfit::Unknown) => {
                let parent = gathering.parent().name.clone();
                self.builder.push(mark, findings::ELEMENT_UNKNOWN.finding([clip(name), parent]));
                return self.skip(is_empty, mark);
            }
            Err(Misfit::Surplus(node)) => {
                self.report(node.element, mark, findings::ELEMENT_DUPLICATE.finding([node.name.as_str()]));
                return self.skip(is_empty, mark);
            }
        };
        if gathering.is_late(node) {
            self.report(node.element, mark, findings::ELEMENT_ORDER.finding([node.name.as_str()]));
        }
        self.attribute(start, &node.name, None, mark)?;
        match &node.content {
            Holds::Group(_) => {
                let entries = self.group(node, is_empty, mark)?;
                gathering.push(Entry::group(node, mark, entries));
            }
            Holds::Value(_) if is_empty => gathering.push(Entry::value(node, mark, "")),
            Holds::Value(_) => {
                self.enter(mark)?;
                if let Some(text) = self.text(&node.name, node.element, mark)? {
                    gathering.push(Entry::value(node, mark, text));
                }
            }
        }
        Ok(())
    }
}
