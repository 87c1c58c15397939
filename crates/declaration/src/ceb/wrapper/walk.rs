//! The elements of a wrapper, one event after the other.

use std::borrow::Cow;

use caravan_postal::Finding;
use chrono::{DateTime, NaiveDateTime};
use quick_xml::events::{BytesStart, Event};

use super::fields::{GROUPS, LEAVES, Leaf};
use super::{DXP_NAMESPACE, Server, Wrapper};
use crate::builder::{clip, is_blank};
use crate::ceb::value::check;
use crate::findings;
use crate::limits::Limits;
use crate::place::Mark;
use crate::xml::attributes::attributes;
use crate::xml::events::{Events, Stop};
use crate::xml::item::{Aside, aside, declared_prefix, local_name, pass_over, resolve};

/// How far a walk came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// The start tag of the data was taken.
    Data,
    /// The file is read.
    End,
}

/// Where a walk is. It is begun again from a copy when what is in memory ends too early.
#[derive(Debug, Clone)]
pub(super) struct Walk<'l> {
    limits: &'l Limits,
    pub(super) wrapper: Wrapper,
    pub(super) findings: Vec<(Mark, Finding)>,
    /// The names of the open elements, from the root on.
    open: Vec<String>,
    prefix: String,
    /// The text and the attribute of the open element.
    text: String,
    attribute: String,
    /// How often each leaf was there.
    counts: [usize; LEAVES.len()],
    is_begun: bool,
}

impl<'l> Walk<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            limits,
            wrapper: Wrapper::default(),
            findings: Vec::new(),
            open: Vec::new(),
            prefix: String::new(),
            text: String::new(),
            attribute: String::new(),
            counts: [0; LEAVES.len()],
            is_begun: false,
        }
    }

    /// Takes events up to the data, or to the end of the file.
    pub(super) fn run(&mut self, events: &mut Events<'_>, bytes: &[u8]) -> Result<Reached, Stop> {
        loop {
            let is_behind = self.is_begun && self.open.is_empty();
            if is_behind && events.is_last() && events.is_at_end() {
                return Ok(Reached::End);
            }
            let (taken, mark) = (events.position(), events.mark());
            match events.next()? {
                Event::Start(_) | Event::Empty(_) if is_behind => {
                    return Err(Stop::Fatal(mark, findings::XML_AFTER_ROOT.finding::<&str>([])));
                }
                Event::Start(start) => {
                    if self.start(&start, mark, events, bytes, taken)? {
                        return Ok(Reached::Data);
                    }
                }
                Event::Empty(start) => {
                    if local(&self.prefix, &start) == Some("Data") {
                        return Err(Stop::Fatal(mark, findings::DXP_DATA_BROKEN.finding::<&str>([])));
                    }
                    self.open(&start, mark)?;
                    if self.is_known() {
                        self.close(mark);
                    } else {
                        self.forget(mark);
                    }
                }
                Event::End(end) => {
                    let name = end.name().into_inner();
                    let found = local_name(&self.prefix, name).unwrap_or(name);
                    if self.open.last().is_none_or(|open| open != found) {
                        let expected = self.open.last().map_or("", |open| open);
                        let finding = findings::XML_END_MISMATCH.finding([clip(expected), clip(found)]);
                        return Err(Stop::Fatal(mark, finding));
                    }
                    self.close(mark);
                }
                Event::Text(text) => self.take(&text, mark),
                Event::CData(text) => self.take(&text, mark),
                Event::GeneralRef(reference) => match resolve(&reference) {
                    Some(character) => self.text.push(character),
                    None => self.push(mark, findings::XML_ENTITY.finding([clip(&reference)])),
                },
                Event::Decl(_) if taken == 0 && !self.is_begun => {}
                other => match aside(&other) {
                    Aside::Fine => {}
                    Aside::Finding(finding) => self.push(mark, finding),
                    Aside::Fatal(finding) => return Err(Stop::Fatal(mark, finding)),
                },
            }
        }
    }

    /// Takes a start tag; returns whether it is that of the data.
    fn start(
        &mut self,
        start: &BytesStart<'_>,
        mark: Mark,
        events: &mut Events<'_>,
        bytes: &[u8],
        taken: usize,
    ) -> Result<bool, Stop> {
        let name = start.name().into_inner();
        if name.rsplit(':').next() == Some("Signature") && self.is_begun {
            let depth = self.depth();
            pass_over(events, mark, depth, self.limits.depth, &mut |at, finding| {
                self.findings.push((at, finding));
            })?;
            self.push(mark, findings::CEB_SIGNATURE_KEPT.finding::<&str>([]));
            self.wrapper.signatures.push(bytes[taken..events.position()].to_vec());
            return Ok(false);
        }
        self.open(start, mark)?;
        if self.path() == "Data" {
            return Ok(true);
        }
        if !self.is_known() {
            self.forget(mark);
            let depth = self.depth();
            pass_over(events, mark, depth, self.limits.depth, &mut |at, finding| {
                self.findings.push((at, finding));
            })?;
        }
        Ok(false)
    }

    /// Opens an element.
    fn open(&mut self, start: &BytesStart<'_>, mark: Mark) -> Result<(), Stop> {
        let name = start.name().into_inner();
        let all = attributes(start, self.limits.attributes)
            .map_err(|_| Stop::Fatal(mark, findings::XML_ATTRIBUTE.finding([clip(name)])))?;
        if !self.is_begun {
            self.begin(name, &all, mark)?;
        }
        let local = local_name(&self.prefix, name).unwrap_or(name);
        self.open.push(local.to_owned());
        self.text.clear();
        let wanted = self.leaf().and_then(|(_, leaf)| leaf.attribute);
        let value = all.iter().find(|(key, _)| Some(*key) == wanted).map(|(_, value)| value.to_string());
        self.attribute = value.unwrap_or_default();
        Ok(())
    }

    /// Takes the root: its namespace.
    fn begin(&mut self, name: &str, all: &[(&str, Cow<'_, str>)], mark: Mark) -> Result<(), Stop> {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        let namespace = all.iter().find(|(key, _)| declared_prefix(key) == Some(prefix));
        match namespace {
            Some((_, namespace)) if namespace == DXP_NAMESPACE => {}
            None if prefix.is_empty() => self.push(mark, findings::NAMESPACE_MISSING.finding::<&str>([])),
            found => {
                let found = found.map_or("", |(_, namespace)| namespace);
                return Err(Stop::Fatal(mark, findings::NAMESPACE_UNKNOWN.finding([clip(found)])));
            }
        }
        prefix.clone_into(&mut self.prefix);
        self.is_begun = true;
        if local_name(prefix, name) == Some("DxpMsgSv") {
            self.wrapper.server = Some(Server::default());
        }
        Ok(())
    }

    /// Closes the open element: its value goes into the wrapper.
    fn close(&mut self, mark: Mark) {
        if let Some((index, leaf)) = self.leaf() {
            self.counts[index] += 1;
            let block = leaf.path.split('/').next().unwrap_or_default();
            let checked = check(&leaf.element(), block, Cow::Owned(std::mem::take(&mut self.text)));
            for finding in checked.findings {
                // An element that is only its attribute has no text.
                if finding.code != &findings::ELEMENT_EMPTY || self.attribute.is_empty() {
                    self.push(mark, finding);
                }
            }
            let text = checked.text.unwrap_or_default().into_owned();
            if leaf.is_time && !text.is_empty() && !is_time(&text) {
                self.push(mark, findings::CEB_TIME_SHAPE.finding([clip(&text), TIME.to_owned()]));
            }
            if self.counts[index] > leaf.most {
                self.push(mark, findings::ELEMENT_DUPLICATE.finding([leaf.name()]));
            } else if !text.is_empty() || !self.attribute.is_empty() {
                (leaf.put)(&mut self.wrapper, text, std::mem::take(&mut self.attribute));
            }
        }
        self.open.pop();
        self.text.clear();
        if self.open.is_empty() {
            self.end(mark);
        }
    }

    /// Says what was not there.
    fn end(&mut self, mark: Mark) {
        for (leaf, count) in LEAVES.iter().zip(self.counts) {
            let block = leaf.path.split('/').next().unwrap_or_default();
            let is_expected = leaf.is_required && (block != "SvNo" || self.wrapper.server.is_some());
            if is_expected && count == 0 {
                self.push(mark, findings::CEB_VALUE_MISSING.finding([leaf.name(), block]));
            }
        }
    }

    fn take(&mut self, text: &str, mark: Mark) {
        if self.leaf().is_some() {
            self.text.push_str(text);
        } else if !is_blank(text) {
            let parent = self.open.last().map_or("", |open| open).to_owned();
            self.push(mark, findings::TEXT_MISPLACED.finding([clip(&parent)]));
        }
    }

    /// Closes an element that the wrapper does not have.
    fn forget(&mut self, mark: Mark) {
        let name = self.open.pop().unwrap_or_default();
        let parent = self.open.last().map_or("", |open| open).to_owned();
        self.push(mark, findings::ELEMENT_UNKNOWN.finding([clip(&name), clip(&parent)]));
    }

    fn is_known(&self) -> bool {
        let path = self.path();
        path.is_empty() || GROUPS.contains(&path.as_str()) || self.leaf().is_some()
    }

    fn leaf(&self) -> Option<(usize, &'static Leaf)> {
        let path = self.path();
        LEAVES.iter().enumerate().find(|(_, leaf)| leaf.path == path)
    }

    /// Returns the path of the open element below the roots.
    fn path(&self) -> String {
        let roots = usize::from(self.open.first().is_some_and(|root| root == "DxpMsgSv"));
        let is_inner = self.open.get(roots).is_some_and(|name| name == "DxpMsg");
        self.open.get(roots + usize::from(is_inner)..).unwrap_or_default().join("/")
    }

    fn depth(&self) -> u16 {
        u16::try_from(self.open.len()).unwrap_or(u16::MAX)
    }

    fn push(&mut self, mark: Mark, finding: Finding) {
        self.findings.push((mark, finding));
    }
}

/// How a date and time of XML Schema is written.
const TIME: &str = "YYYY-MM-DDThh:mm:ss";

/// Returns whether a text is a date and time of XML Schema part 2, 3.2.7, with or without a zone.
pub(super) fn is_time(text: &str) -> bool {
    text.parse::<NaiveDateTime>().is_ok() || DateTime::parse_from_rfc3339(text).is_ok()
}

fn local<'n>(prefix: &str, start: &'n BytesStart<'_>) -> Option<&'n str> {
    local_name(prefix, start.name().into_inner())
}
