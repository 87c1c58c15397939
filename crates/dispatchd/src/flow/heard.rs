//! What partners and carriers say of what was sent: handed to the station with what it is about.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::Result;
use caravan_edi::emsevt;
use caravan_edi::matching::{Arrival, NumberFault, Settled, number_faults};
use caravan_postal::S8;
use caravan_station::{Act, DispatchState, Heard, ItemId, ItemName, Operation, Said, Subject, event_detail};
use caravan_store::{AnsweredDispatch, Happened};

use super::Flow;

/// A gap in the dispatch numbers of a series is told when so many later ones have been answered. How long one may lie
/// behind is not counted: answers come when their truck or train has arrived.
const LATER: usize = 2;

impl Flow {
    /// Lets the station hear one message, with what it is about at hand.
    pub(super) async fn hear(&mut self, heard: Heard, at_ms: i64) -> Result<()> {
        let sender = heard.sender.clone();
        let mut events = None;
        let heard = match heard.said {
            Said::Events(report) => {
                let (report, before) = self.news(&sender, report).await?;
                events = Some((report.clone(), before));
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
        if let Some((report, before)) = events {
            self.tell_order(&sender, &report, &before, at_ms).await?;
        }
        match answered {
            Some(s8) => self.tell_gaps(s8, before).await,
            None => Ok(()),
        }
    }

    /// Admits what has left and is spoken of: dispatches and consignments with their receptacles.
    pub(super) async fn admit_sent(&mut self, operations: &[Operation]) -> Result<()> {
        for operation in operations {
            let (dispatches, consignments): (BTreeSet<S8>, Vec<&str>) = match &operation.act {
                Act::SettleDispatch { dispatch } | Act::ResolveDispatch { dispatch } => {
                    (BTreeSet::from([*dispatch]), Vec::new())
                }
                Act::ResolveConsignment { consignment } => (BTreeSet::new(), vec![consignment.as_str()]),
                Act::Hear(heard) => match &heard.said {
                    // What is received with another dispatch than its own counts with its own.
                    Said::Dispatch(response) => {
                        let named = response.receptacles.iter().map(|one| one.s9.dispatch);
                        (response.s8.into_iter().chain(named).collect(), Vec::new())
                    }
                    Said::Consignment(response) => {
                        (BTreeSet::new(), response.consignment.as_deref().into_iter().collect())
                    }
                    Said::Carrier(report) => (
                        BTreeSet::new(),
                        report.events.iter().filter_map(|event| event.consignment.as_deref()).collect(),
                    ),
                    Said::Events(_) => (BTreeSet::new(), Vec::new()),
                },
                // One of this office may be given back by its carrier.
                Act::ReceiveReceptacle { s9, .. }
                    if s9.dispatch.series().origin == self.desk.config.office.code =>
                {
                    (BTreeSet::from([s9.dispatch]), Vec::new())
                }
                _ => continue,
            };
            // What is changed and not written is at hand, and stays as it is.
            for s8 in dispatches {
                if let Some((dispatch, receptacles)) = self.store.dispatch_sent(s8).await? {
                    self.station.admit_dispatch(dispatch, receptacles);
                }
            }
            for cn37 in consignments {
                if let Some((container, receptacles)) = self.store.consignment_sent(cn37).await? {
                    self.station.admit_container(container, receptacles);
                }
            }
        }
        Ok(())
    }

    /// Returns the events of a report that are not known yet, with their items at hand, and what has happened to these before.
    async fn news(
        &mut self,
        sender: &str,
        report: emsevt::Report,
    ) -> Result<(emsevt::Report, Vec<(ItemId, Happened)>)> {
        let names: Vec<ItemName> = report.events.iter().map(|event| ItemName::S10(event.item)).collect();
        let unknown: BTreeSet<ItemName> =
            names.iter().filter(|name| !self.station.state().knows(name)).cloned().collect();
        for item in self.store.items(&unknown.into_iter().collect::<Vec<_>>()).await? {
            self.station.admit(item);
        }
        let items: BTreeMap<&ItemName, _> =
            names.iter().filter_map(|name| Some((name, self.station.state().item_named(name)?.id))).collect();
        let ids: BTreeSet<ItemId> = items.values().copied().collect();
        let mut known: HashSet<(_, String, String)> = HashSet::new();
        let mut before: Vec<(ItemId, Happened)> = Vec::new();
        for (id, events) in self.store.events_of(&ids.iter().copied().collect::<Vec<_>>()).await? {
            before.extend(events.into_iter().map(|event| (id, event)));
        }
        for event in &self.station.changes().events {
            let Subject::Item(id) = event.subject else { continue };
            if ids.contains(&id) {
                let (code, detail) = (event.code.to_owned(), event.detail.clone());
                before.push((id, Happened { n: event.n, at_ms: event.at_ms, code, detail }));
            }
        }
        known.extend(before.iter().map(|(id, event)| (*id, event.code.clone(), event.detail.clone())));
        let mut report = report;
        report.events.retain(|event| {
            let Some(id) = items.get(&ItemName::S10(event.item)) else { return true };
            known.insert((*id, event.kind.as_str().to_owned(), event_detail(sender, event)))
        });
        Ok((report, before))
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
        for fault in new_gaps(1, &answered, s8.serial()) {
            self.station.find(Subject::Dispatch(id), fault.finding(series, year));
        }
        Ok(())
    }
}

/// Returns which gaps in the numbers of a series from a first one on come to light with an answer for one of them. A void
/// number and one of a dispatch that was cancelled answer for themselves.
pub(super) fn new_gaps(first: u32, answered: &[AnsweredDispatch], serial: u32) -> Vec<NumberFault> {
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
    let known = number_faults(first, &before, settled, 0);
    number_faults(first, &after, settled, 0).into_iter().filter(|fault| !known.contains(fault)).collect()
}

#[cfg(test)]
mod tests {
    use caravan_edi::matching::NumberFault;
    use caravan_station::{DispatchId, DispatchState};
    use caravan_store::AnsweredDispatch;

    use super::new_gaps;

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
        assert_eq!(new_gaps(1, &dispatches, serial), expected, "{series} {serial}");
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
}
