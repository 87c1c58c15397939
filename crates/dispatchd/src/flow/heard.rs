//! What partners and carriers say: interchanges of the inbox are read, counted once, and handed to the station with what
//! they are about.
//!
//! A file is one step: what the station changes, the interchanges and the verdict are written together, so that after a
//! crash it is either all to be done or all done.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use anyhow::Result;
use caravan_edi::control::{Control, Verdict as Passage};
use caravan_edi::matching::{Arrival, NumberFault, Settled, number_faults};
use caravan_edi::profile::Known;
use caravan_edi::{Address, Content, Header, Interchange, Limits, codes, emsevt};
use caravan_postal::{Finding, S8, Severity};
use caravan_station::{Act, DispatchState, Heard, ItemName, Operation, Said, Subject, event_detail};
use caravan_store::{AnsweredDispatch, FileRow, HeardFile, InterchangeRow, Noted, Pair, Verdict};
use chrono::TimeZone;

use super::Flow;
use crate::findings::SENDER_UNKNOWN;

/// The messages that answer for what was sent.
const ANSWERS: [Known; 4] = [Known::Resdes, Known::Rescon, Known::Resdit, Known::Emsevt];
/// How far into an interchange its first message begins at the latest: behind UNA and UNB.
const HEAD_BYTES: usize = 1024;
/// A gap in the dispatch numbers of a series is told when so many later ones have been answered. How long one may lie
/// behind is not counted: answers come when their truck or train has arrived.
const LATER: usize = 2;

/// Returns whether bytes begin as an interchange whose first message answers for what was sent.
pub(super) fn is_answer(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    if !Interchange::is_recognised(head) {
        return false;
    }
    let Some(at) = head.windows(3).position(|window| window == b"UNH") else { return false };
    let is_first =
        |kind: &[u8]| head[at..].windows(kind.len()).take(MESSAGE_TYPE).any(|window| window == kind);
    ANSWERS.iter().any(|known| {
        let profile = known.profile();
        is_first(profile.message_type.kind.as_bytes())
            || profile.also.iter().any(|kind| is_first(kind.as_bytes()))
    })
}

/// Returns the same of a file.
pub(super) fn is_answer_file(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    Ok(is_answer(&head))
}

/// How far behind its tag UNH gives the type at the latest: behind a reference of fourteen characters.
const MESSAGE_TYPE: usize = 20;

/// A file of messages as it was read.
#[derive(Default)]
struct ReadFile {
    findings: Vec<Finding>,
    interchanges: Vec<InterchangeRow>,
    kinds: BTreeSet<&'static str>,
    said: Vec<Heard>,
    /// Whether something of it counts, or was known already.
    is_taken: bool,
}

impl Flow {
    /// Lets the station hear what the messages of a file say.
    pub(super) async fn take_answers_of(&mut self, file: &FileRow, content: &[u8]) -> Result<()> {
        // What was sent has left and is read from the store, which has to have all of it.
        self.flush().await?;
        let mut read = self.read_messages(content).await?;
        for heard in std::mem::take(&mut read.said) {
            self.hear(heard, file.claimed_ms).await?;
        }
        read.findings.sort();
        let kinds: Vec<&str> = read.kinds.into_iter().collect();
        let heard = HeardFile {
            file: file.id,
            interchanges: read.interchanges,
            verdict: if read.is_taken { Verdict::Done } else { Verdict::Failed },
            format: kinds.join(" "),
            findings: read.findings,
        };
        self.write(Noted { heard: Some(heard), ..Noted::default() }).await
    }

    /// Reads the interchanges of a file. When one of them is broken, nothing of the file counts.
    async fn read_messages(&self, content: &[u8]) -> Result<ReadFile> {
        let mut file = ReadFile::default();
        let interchanges = Interchange::read_all(content, &Limits::USUAL);
        file.findings = interchanges.iter().flat_map(|one| one.findings.iter().cloned()).collect();
        if file.findings.iter().any(|finding| finding.severity() == Severity::Fatal) {
            return Ok(file);
        }
        let mut controls: BTreeMap<Pair, Control> = BTreeMap::new();
        for interchange in &interchanges {
            let Some(header) = &interchange.header else { continue };
            let Some(passage) = self.control(header, &mut controls, &mut file).await? else { continue };
            let layouts = self.desk.exchanges.of(&header.sender.id);
            for message in &interchange.messages {
                let read = Content::read(layouts, message, &mut file.findings);
                let kind = message.message_type.to_string();
                match read.and_then(Said::of) {
                    Some(said) => {
                        file.kinds.insert(said.name());
                        if passage == Passage::Take {
                            file.said.push(Heard { sender: header.sender.id.clone(), said });
                        }
                    }
                    None if Known::of(&message.message_type).is_some() => {
                        file.findings.push(codes::MESSAGE_FOREIGN.finding([kind]).at(message.header.place()));
                    }
                    None => {}
                }
            }
        }
        Ok(file)
    }

    /// Decides whether an interchange counts, and notes it; `None` when nothing of it is looked at.
    async fn control(
        &self,
        header: &Header,
        controls: &mut BTreeMap<Pair, Control>,
        file: &mut ReadFile,
    ) -> Result<Option<Passage>> {
        let config = &self.desk.config;
        let (sender, reference) = (header.sender.id.as_str(), header.reference.as_str());
        if header.recipient.id != config.office.edi_address {
            file.findings.push(codes::CONTROL_FOREIGN.finding([sender, &*header.recipient.id]));
            return Ok(None);
        }
        let is_partner = config.partners.iter().any(|one| one.edi_address.as_deref() == Some(sender));
        let is_carrier = config.routes.iter().any(|one| one.carrier_edi_address.as_deref() == Some(sender));
        if !is_partner && !is_carrier {
            file.findings.push(SENDER_UNKNOWN.finding([sender, reference]));
            return Ok(None);
        }
        let pair = Pair { sender: parts(&header.sender), recipient: parts(&header.recipient) };
        let passed = self.store.passed(&pair, reference).await?;
        let known = controls.entry(pair.clone()).or_insert_with(|| {
            let control = Control::new(header.sender.clone(), header.recipient.clone());
            Control { last: passed.last, ..control }
        });
        known.seen.extend(passed.is_seen.then(|| reference.to_owned()));
        let (passage, findings) = known.check(header);
        file.findings.extend(findings);
        file.is_taken = true;
        if matches!(passage, Passage::Duplicate | Passage::Foreign) {
            return Ok(None);
        }
        let is_test = passage == Passage::Test;
        if !is_test {
            known.record(header);
        }
        let is_back = !is_test && known.last.as_deref() != Some(reference);
        file.interchanges.push(InterchangeRow { pair, reference: reference.to_owned(), is_test, is_back });
        Ok(Some(passage))
    }

    /// Lets the station hear one message, with what it is about at hand.
    async fn hear(&mut self, heard: Heard, at_ms: i64) -> Result<()> {
        let heard = match heard.said {
            Said::Events(report) => {
                let report = self.news(&heard.sender, report, at_ms).await?;
                Heard { said: Said::Events(report), ..heard }
            }
            _ => heard,
        };
        let answered = match &heard.said {
            Said::Dispatch(response) => response.s8,
            Said::Consignment(_) | Said::Carrier(_) | Said::Events(_) => None,
        };
        let operation = Operation { at_ms, act: Act::Hear(Box::new(heard)), note: String::new() };
        self.admit_sent(std::slice::from_ref(&operation)).await?;
        let before = self.station.changes().events.len();
        self.station.apply(&operation);
        match answered {
            Some(s8) => self.tell_gaps(s8, before).await,
            None => Ok(()),
        }
    }

    /// Admits what has left and is spoken of: dispatches and consignments with their receptacles.
    pub(super) async fn admit_sent(&mut self, operations: &[Operation]) -> Result<()> {
        for operation in operations {
            let (dispatch, consignments): (Option<S8>, Vec<&str>) = match &operation.act {
                Act::SettleDispatch { dispatch } | Act::ResolveDispatch { dispatch } => {
                    (Some(*dispatch), Vec::new())
                }
                Act::ResolveConsignment { consignment } => (None, vec![consignment.as_str()]),
                Act::Hear(heard) => match &heard.said {
                    Said::Dispatch(response) => (response.s8, Vec::new()),
                    Said::Consignment(response) => {
                        (None, response.consignment.as_deref().into_iter().collect())
                    }
                    Said::Carrier(report) => (
                        None,
                        report.events.iter().filter_map(|event| event.consignment.as_deref()).collect(),
                    ),
                    Said::Events(_) => (None, Vec::new()),
                },
                _ => continue,
            };
            // What is changed and not written is at hand, and stays as it is.
            if let Some(s8) = dispatch
                && let Some((dispatch, receptacles)) = self.store.dispatch_sent(s8).await?
            {
                self.station.admit_dispatch(dispatch, receptacles);
            }
            for cn37 in consignments {
                if let Some((container, receptacles)) = self.store.consignment_sent(cn37).await? {
                    self.station.admit_container(container, receptacles);
                }
            }
        }
        Ok(())
    }

    /// Returns the events of a report that are not known yet, with their items at hand.
    async fn news(&mut self, sender: &str, report: emsevt::Report, at_ms: i64) -> Result<emsevt::Report> {
        let names: Vec<ItemName> = report.events.iter().map(|event| ItemName::S10(event.item)).collect();
        let unknown: BTreeSet<ItemName> =
            names.iter().filter(|name| !self.station.state().knows(name)).cloned().collect();
        for item in self.store.items(&unknown.into_iter().collect::<Vec<_>>()).await? {
            self.station.admit(item);
        }
        self.tell_order(sender, &report, at_ms);
        let items: BTreeMap<&ItemName, _> =
            names.iter().filter_map(|name| Some((name, self.station.state().item_named(name)?.id))).collect();
        let ids: Vec<_> = items.values().copied().collect();
        let mut known: HashSet<(_, String, String)> = HashSet::new();
        for (id, events) in self.store.events_of(&ids).await? {
            known.extend(events.into_iter().map(|event| (id, event.code, event.detail)));
        }
        for event in &self.station.changes().events {
            if let Subject::Item(id) = event.subject {
                known.insert((id, event.code.to_owned(), event.detail.clone()));
            }
        }
        let mut report = report;
        report.events.retain(|event| {
            let Some(id) = items.get(&ItemName::S10(event.item)) else { return true };
            known.insert((*id, event.kind.as_str().to_owned(), event_detail(sender, event)))
        });
        Ok(report)
    }

    /// Says which events of a partner cannot have happened in their order, or not yet.
    fn tell_order(&mut self, sender: &str, report: &emsevt::Report, at_ms: i64) {
        let partners = &self.desk.config.partners;
        let partner = partners.iter().find(|partner| partner.edi_address.as_deref() == Some(sender));
        let Some(zone) = partner.map(|partner| partner.zone) else { return };
        let timed = report.events.iter().filter_map(|event| {
            let at = zone.from_local_datetime(&event.at?).earliest()?;
            Some((event, at.timestamp_millis()))
        });
        for finding in emsevt::check_order(timed, at_ms) {
            let name = ItemName::parse(&finding.arguments[0]);
            let subject = self
                .station
                .state()
                .item_named(&name)
                .map_or(Subject::Station, |item| Subject::Item(item.id));
            self.station.find(subject, finding.at(caravan_postal::Place::Whole));
        }
    }

    /// Says which dispatches of a series nobody has answered for though later ones have been, when that is new with this
    /// answer. The answers of the same file are not written yet: they are among the first `before` of its events.
    async fn tell_gaps(&mut self, s8: S8, before: usize) -> Result<()> {
        let state = self.station.state();
        let Some(dispatch) = state.dispatches.values().filter(|one| one.s8 == s8).max_by_key(|one| one.id)
        else {
            return Ok(());
        };
        let (id, series, year) = (dispatch.id, dispatch.series, dispatch.year);
        let mut answered = self.store.answered(series, year).await?;
        for event in &self.station.changes().events[..before] {
            let Subject::Dispatch(other) = event.subject else { continue };
            for known in answered.iter_mut().filter(|known| known.id == other) {
                known.is_answered |= event.code == "answered";
            }
        }
        for fault in new_gaps(&answered, s8.serial()) {
            self.station.find(Subject::Dispatch(id), fault.finding(series, year));
        }
        Ok(())
    }
}

/// Returns which gaps in the numbers of a series come to light with an answer for one of them. A void number and one of
/// a dispatch that was cancelled answer for themselves.
fn new_gaps(answered: &[AnsweredDispatch], serial: u32) -> Vec<NumberFault> {
    let is_accounted = |one: &&AnsweredDispatch| {
        let is_void = matches!(one.state, DispatchState::Voided | DispatchState::Cancelled);
        one.serial != serial && (one.is_answered || is_void)
    };
    let arrival = |serial: u32| Arrival { serial, at_ms: 0 };
    let before: Vec<Arrival> =
        answered.iter().filter(is_accounted).map(|known| arrival(known.serial)).collect();
    // One that is answered once more brings nothing to light.
    if answered.iter().any(|known| known.serial == serial && known.is_answered) {
        return Vec::new();
    }
    let after = [&before[..], &[arrival(serial)]].concat();
    let settled = Settled { later: LATER, wait_ms: i64::MAX };
    let known = number_faults(1, &before, settled, 0);
    number_faults(1, &after, settled, 0).into_iter().filter(|fault| !known.contains(fault)).collect()
}

fn parts(address: &Address) -> (String, String) {
    (address.id.clone(), address.qualifier.clone())
}

#[cfg(test)]
mod tests {
    use caravan_edi::matching::NumberFault;
    use caravan_station::{DispatchId, DispatchState};
    use caravan_store::AnsweredDispatch;

    use super::{is_answer, new_gaps};

    /// Tells the gaps of a series, of which each dispatch is a letter: `a` answered, `v` void, `c` cancelled, `-` none.
    fn check(series: &str, serial: u32, expected: &[(u32, u32)]) {
        let dispatches: Vec<_> = (1..)
            .zip(series.chars())
            .map(|(serial, letter)| AnsweredDispatch {
                id: DispatchId(i64::from(serial)),
                serial,
                state: match letter {
                    'v' => DispatchState::Voided,
                    'c' => DispatchState::Cancelled,
                    _ => DispatchState::Closed,
                },
                is_answered: letter == 'a',
            })
            .collect();
        let expected: Vec<_> =
            expected.iter().map(|(from, to)| NumberFault::Gap { from: *from, to: *to }).collect();
        assert_eq!(new_gaps(&dispatches, serial), expected, "{series} {serial}");
    }

    #[test]
    fn a_gap_is_told_with_the_second_later_answer_and_once() {
        check("----", 1, &[]);
        check("a---", 3, &[]);
        check("a-a-", 4, &[(2, 2)]);
        check("a-aa-", 5, &[]);
        check("--aa-a-", 7, &[(5, 5)]);
        check("avaa", 4, &[]);
        check("acaa-", 5, &[]);
        check("ac-a-", 5, &[(3, 3)]);
        check("a-aa", 4, &[]);
        check("a--a-", 5, &[(2, 3)]);
    }

    #[test]
    fn only_answers_are_recognised() {
        for (head, expected) in [
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+RESDES:1:912:UP'", true),
            ("UNA:+.? '\r\nUNB+UNOA:1+A+B+261120:0900+1'\r\nUNH+12345678901234+RESDIT:1:1:UP'", true),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+RESCON:1:1:UP'", true),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+EMSEVT:3:0:UP'", true),
            ("UNB+UNOA:1+RESDES+B+261120:0900+1'UNH+1+ITMATT:1:500:UP'", false),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+PREDES:2:1:UP'", false),
            ("UNB+UNOA:1+A+B+261120:0900+1'UNH+1+CONTRL:2:2:UN'UNH+2+RESDES", false),
            ("UNB+UNOA:1+A+B+261120:0900+1'", false),
            ("RESDES", false),
            ("", false),
        ] {
            assert_eq!(is_answer(head.as_bytes()), expected, "{head}");
        }
    }
}
