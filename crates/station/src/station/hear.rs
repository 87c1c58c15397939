//! Hearing back: what was sent is held against what partners and carriers say of it.
//!
//! What is compared has left and is admitted for it. A receptacle of this office is answered for by the response to its
//! dispatch (RESDES), another office's by the response to the consignment (RESCON). A difference is a finding about the
//! receptacle, or about the dispatch or container where the receptacle is none of theirs; nothing that was received is
//! ever taken back.

mod consignments;

use caravan_edi::emsevt::EventKind;
use caravan_edi::matching::{self, Difference, Kind, Outcome, Received, Rules, Told};
use caravan_edi::{emsevt, resdes};
use caravan_postal::{Grams, Place, S8, S9};
use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::Station;
use crate::change::{Due, Subject};
use crate::departure::Container;
use crate::heard::{Heard, Said};
use crate::item::ItemName;
use crate::operation::{
    ANSWER_INCOMPLETE, DISPATCH_NOT_SENT, ITEM_UNKNOWN, MATCH_EARLY, MATCH_MIS_SORTED, MATCH_TERMINATED,
};
use crate::receptacle::{Dispatch, DispatchState, Receptacle, ReceptacleState};
use crate::{ContainerId, DispatchId, ReceptacleId};

// The operations that messages are.
const RESDES: &str = "resdes";
const RESCON: &str = "rescon";
const RESDIT: &str = "resdit";

impl Station {
    /// Admits a dispatch of this office with its receptacles, which may have left; what is here already stays as it is.
    pub fn admit_dispatch(&mut self, dispatch: Dispatch, receptacles: Vec<Receptacle>) {
        self.state.dispatches.entry(dispatch.id).or_insert(dispatch);
        self.admit_receptacles(receptacles);
    }

    /// Admits a container with its receptacles, which may have left; what is here already stays as it is.
    pub fn admit_container(&mut self, container: Container, receptacles: Vec<Receptacle>) {
        self.state.containers.entry(container.id).or_insert(container);
        self.admit_receptacles(receptacles);
    }

    fn admit_receptacles(&mut self, receptacles: Vec<Receptacle>) {
        for receptacle in receptacles {
            self.state.receptacles.entry(receptacle.id).or_insert(receptacle);
        }
    }

    pub(super) fn hear(&mut self, heard: &Heard) {
        match &heard.said {
            Said::Dispatch(response) => self.hear_of_dispatch(&heard.sender, response),
            Said::Consignment(response) => self.hear_of_consignment(&heard.sender, response),
            Said::Carrier(report) => self.hear_of_carrier(&heard.sender, report),
            Said::Events(report) => self.hear_of_items(&heard.sender, report),
        }
    }

    fn hear_of_dispatch(&mut self, sender: &str, response: &resdes::Response) {
        let Some(s8) = response.s8 else { return };
        let Some((id, own)) = self.dispatch_sent(s8, RESDES) else { return };
        let (of, name) = (Subject::Dispatch(id), s8.to_string());
        if !self.speaks_for(sender, s8.series().destination) {
            return self.not_theirs(of, RESDES, &name, sender);
        }
        let received: Vec<Received> = response.receptacles.iter().map(Received::from).collect();
        let exchange = self.config.partner(s8.series().destination).map(|partner| partner.exchange.clone());
        let rules = self.rules_of(exchange.as_ref().map(crate::config::Exchange::rules));
        let outcome = matching::compare(&name, &self.told(&own), &received, rules);
        let zone = self.zone_of(Some(s8.series().destination));
        let times = times(&response.receptacles, zone);
        let dispatch = &self.state.dispatches[&id];
        // Of what has not left, that is said receptacle by receptacle.
        let departure = dispatch.departure.clone().filter(|_| dispatch.gone > 0);
        self.doubt(of, &name, departure.as_deref(), &times);
        let named = self.acknowledge(RESDES, &own, &received);
        self.dispatch_event(id, "answered", format!("{named} of {}", own.len()));
        let mut outcome = outcome;
        outcome.differences.retain(|difference| !self.receive_mis_sorted(s8, difference, &received, rules));
        let is_claim = self.tell_differences(of, &own, &outcome.differences);
        if is_claim {
            self.changes.due.push(Due::Claim(id));
        }
        if exchange.is_some_and(|exchange| exchange.is_answer_whole) {
            self.settle_awaited(id, &own, outcome);
        } else {
            self.await_rest(of, name, &own);
        }
        self.acknowledge_dispatch(id, &own);
    }

    /// Takes a receptacle that was answered for with another dispatch for the same office as received with its own; returns
    /// whether it is one that left, or is to leave, from here.
    fn receive_mis_sorted(
        &mut self,
        with: S8,
        difference: &Difference,
        received: &[Received],
        rules: Rules,
    ) -> bool {
        let s9 = difference.receptacle;
        let is_it = |one: &&Receptacle| {
            one.dispatch.is_some() && one.state != ReceptacleState::Voided && one.bears(s9)
        };
        if difference.kind != Kind::Extra || s9.dispatch == with {
            return false;
        }
        let Some(found) = self.state.receptacles.values().rfind(is_it) else { return false };
        let (id, name) = (found.id, found.name());
        let Some((dispatch, own)) = self.dispatch_sent(s9.dispatch, RESDES) else { return true };
        self.found(Subject::Receptacle(id), MATCH_MIS_SORTED.finding([name, with.to_string()]));
        self.acknowledge(RESDES, &[id], received);
        let answer: Vec<Received> = received.iter().filter(|one| is_same(one.s9, s9)).cloned().collect();
        let outcome = matching::compare(&s9.dispatch.to_string(), &self.told(&[id]), &answer, rules);
        if self.tell_differences(Subject::Dispatch(dispatch), &own, &outcome.differences) {
            self.changes.due.push(Due::Claim(dispatch));
        }
        self.acknowledge_dispatch(dispatch, &own);
        true
    }

    /// Lets what of a dispatch has not been answered for be missing: nothing more is waited for.
    pub(super) fn settle_dispatch(&mut self, s8: S8, note: &str) {
        let Some((id, own)) = self.dispatch_sent(s8, "settle-dispatch") else { return };
        if self.state.dispatches[&id].state == DispatchState::Acknowledged {
            let state = DispatchState::Acknowledged.as_str();
            return self.out_of_turn(Subject::Dispatch(id), "settle-dispatch", &s8.to_string(), state);
        }
        self.dispatch_event(id, "settled", note.to_owned());
        let rules = self.rules_of(None);
        let outcome = matching::compare(&s8.to_string(), &self.told(&own), &[], rules);
        self.settle_awaited(id, &own, outcome);
        self.acknowledge_dispatch(id, &own);
    }

    /// Takes what an operation could not do with something of this name as dealt with.
    pub(super) fn resolve_operation(&mut self, name: &str) {
        self.changes.resolved.insert(name.to_owned(), self.now_ms);
    }

    /// Notes that someone has dealt with what differs of a dispatch, made up here, for this office or for one beyond, or
    /// with what was said of one that is not known.
    pub(super) fn resolve_dispatch(&mut self, s8: S8, note: &str) {
        self.changes.resolved.insert(s8.to_string(), self.now_ms);
        let operation = "resolve-dispatch";
        let named = self.state.dispatches.values().filter(|dispatch| dispatch.s8 == s8);
        let Some(dispatch) = named.max_by_key(|dispatch| dispatch.id) else {
            let (office, series) = (self.config.office.code, s8.series());
            // Of another office's dispatch that passes through, only its receptacles are known here.
            if ![series.origin, series.destination].contains(&office) {
                return;
            }
            let arguments = [operation.to_owned(), s8.to_string()];
            return self.found(Subject::Station, DISPATCH_NOT_SENT.finding(arguments));
        };
        let (id, state) = (dispatch.id, dispatch.state);
        if state == DispatchState::Open {
            return self.out_of_turn(Subject::Dispatch(id), operation, &s8.to_string(), state.as_str());
        }
        self.dispatch_event(id, "resolved", note.to_owned());
    }

    /// Notes the same of a consignment.
    pub(super) fn resolve_consignment(&mut self, name: &str, note: &str) {
        self.changes.resolved.insert(name.to_owned(), self.now_ms);
        if let Some((id, _)) = self.consignment_sent(name, "resolve-consignment") {
            self.container_event(id, "resolved", note.to_owned());
        }
    }

    /// Notes the same of an item.
    pub(super) fn resolve_item(&mut self, name: &ItemName, note: &str) {
        self.changes.resolved.insert(name.to_string(), self.now_ms);
        let Some(id) = self.known(name, "resolve-item") else { return };
        self.append_of_item(id, "resolved", note.to_owned());
    }

    /// Returns a dispatch of this office that has closed, with its receptacles by serial; or notes that there is none.
    /// While one is open again, a partner answers for what of it has left, but nobody says that nothing more comes.
    fn dispatch_sent(&mut self, s8: S8, operation: &str) -> Option<(DispatchId, Vec<ReceptacleId>)> {
        let office = self.config.office.code;
        let named = self.state.dispatches.values().filter(|dispatch| dispatch.s8 == s8);
        // Its number comes again after ten years: the latest is meant.
        let dispatch =
            named.filter(|dispatch| dispatch.series.origin == office).max_by_key(|dispatch| dispatch.id);
        let Some(dispatch) = dispatch else {
            self.found(Subject::Station, DISPATCH_NOT_SENT.finding([operation.to_owned(), s8.to_string()]));
            return None;
        };
        let (id, state) = (dispatch.id, dispatch.state);
        let is_answered = state == DispatchState::Reopened && operation == RESDES;
        if state == DispatchState::Open && operation == RESDES {
            self.found(Subject::Dispatch(id), MATCH_EARLY.finding([s8.to_string(), operation.to_owned()]));
            return None;
        }
        if !is_answered && !matches!(state, DispatchState::Closed | DispatchState::Acknowledged) {
            self.out_of_turn(Subject::Dispatch(id), operation, &s8.to_string(), state.as_str());
            return None;
        }
        let own = self.state.receptacles.values().filter(|receptacle| {
            receptacle.dispatch == Some(id) && receptacle.state != ReceptacleState::Voided
        });
        let mut own: Vec<&Receptacle> = own.collect();
        own.sort_by_key(|receptacle| receptacle.s9.map(S9::serial));
        Some((id, own.into_iter().map(|receptacle| receptacle.id).collect()))
    }

    /// Returns what was told of receptacles: weights in hectograms, as label, bill and messages state them.
    fn told(&self, own: &[ReceptacleId]) -> Vec<Told> {
        let told = own.iter().filter_map(|id| {
            let receptacle = &self.state.receptacles[id];
            let stated = Grams(receptacle.gross().hectograms() * 100);
            Some(Told { s9: receptacle.s9?, gross_weight: Some(stated), handling: None })
        });
        told.collect()
    }

    fn rules_of(&self, rules: Option<Rules>) -> Rules {
        rules.unwrap_or(Rules { weight_tolerance: self.config.belt.bag_tolerance })
    }

    /// Notes which of the receptacles were received, and returns how many were named. One that was given up as missing
    /// may still come; what is closed and has not left counts when it does.
    fn acknowledge(&mut self, message: &str, own: &[ReceptacleId], received: &[Received]) -> usize {
        let mut named = 0;
        for id in own {
            let receptacle = &self.state.receptacles[id];
            let is_it = |one: &&Received| receptacle.s9.is_some_and(|s9| is_same(s9, one.s9));
            let Some(answer) = received.iter().rfind(is_it) else { continue };
            named += 1;
            let is_received =
                answer.status.as_deref().is_none_or(|status| status == resdes::Receptacle::RECEIVED);
            match receptacle.state {
                ReceptacleState::Departed | ReceptacleState::Missing if is_received => {
                    let weight =
                        answer.gross_weight.map_or_else(String::new, |weight| format!("{} g", weight.0));
                    self.receptacle_mut(*id).state = ReceptacleState::Acknowledged;
                    self.receptacle_event(*id, "acknowledged", weight);
                }
                ReceptacleState::Closed | ReceptacleState::Loaded if is_received => {
                    self.keep_early(*id, message, answer.gross_weight);
                }
                ReceptacleState::Departed | ReceptacleState::Missing | ReceptacleState::Acknowledged => {}
                state => {
                    let name = receptacle.name();
                    self.out_of_turn(Subject::Receptacle(*id), "acknowledge", &name, state.as_str());
                }
            }
        }
        named
    }

    /// Turns differences into findings, and returns whether one of them is for a verification note.
    fn tell_differences(&mut self, of: Subject, own: &[ReceptacleId], differences: &[Difference]) -> bool {
        for difference in differences {
            let is_it = |id: &&ReceptacleId| {
                let s9 = self.state.receptacles[*id].s9;
                s9.is_some_and(|s9| is_same(s9, difference.receptacle))
            };
            let subject = own.iter().find(is_it).map_or(of, |id| Subject::Receptacle(*id));
            self.found(subject, difference.finding().at(Place::Whole));
        }
        differences.iter().any(|difference| difference.irregularity().is_some())
    }

    /// Lets the receptacles of a dispatch that are still awaited be missing.
    fn settle_awaited(&mut self, dispatch: DispatchId, own: &[ReceptacleId], outcome: Outcome) {
        let missing = self.give_up(own, outcome);
        if self.tell_differences(Subject::Dispatch(dispatch), own, &missing) {
            self.changes.due.push(Due::Claim(dispatch));
        }
    }

    /// Gives up the awaited receptacles that have left and were never answered for, and returns what that differs in.
    fn give_up(&mut self, own: &[ReceptacleId], outcome: Outcome) -> Vec<Difference> {
        let mut missing = Vec::new();
        for difference in outcome.awaited {
            let is_it = |id: &&ReceptacleId| {
                let receptacle = &self.state.receptacles[*id];
                receptacle.state == ReceptacleState::Departed
                    && receptacle.s9.is_some_and(|s9| is_same(s9, difference.receptacle))
            };
            let Some(id) = own.iter().find(is_it).copied() else { continue };
            // What its carrier gave back is here, and goes on.
            let is_back =
                |one: &Receptacle| one.id != id && one.is_here() && one.bears(difference.receptacle);
            if self.state.receptacles.values().any(is_back) {
                continue;
            }
            self.receptacle_mut(id).state = ReceptacleState::Missing;
            self.receptacle_event(id, "missing", difference.subject.clone());
            missing.push(difference);
        }
        missing
    }

    /// Notes that an answer leaves something open: someone asks, or says that nothing more is waited for.
    fn await_rest(&mut self, of: Subject, name: String, own: &[ReceptacleId]) {
        let is_open = |id: &&ReceptacleId| self.state.receptacles[*id].state == ReceptacleState::Departed;
        let open = own.iter().filter(is_open).count();
        if open > 0 {
            self.found(of, ANSWER_INCOMPLETE.finding([name, open.to_string(), own.len().to_string()]));
        }
    }

    /// Notes that all receptacles of a dispatch are accounted for, when they are.
    fn acknowledge_dispatch(&mut self, id: DispatchId, own: &[ReceptacleId]) {
        let is_accounted = |id: &ReceptacleId| {
            let state = self.state.receptacles[id].state;
            matches!(state, ReceptacleState::Acknowledged | ReceptacleState::Missing)
        };
        if self.state.dispatches[&id].state == DispatchState::Closed && own.iter().all(is_accounted) {
            self.state.dispatches.get_mut(&id).expect("a dispatch that is answered is at hand").state =
                DispatchState::Acknowledged;
            self.dispatch_event(id, "acknowledged", String::new());
        }
    }

    /// Returns the partner at the end of a container's way.
    pub(super) fn end_of(&self, id: ContainerId) -> Option<&crate::config::Partner> {
        let departure = &self.state.containers[&id].departure;
        self.config.partner(self.config.route_of(departure)?.end()?)
    }

    /// Appends what a partner says of items to their own events, at the moment at which it is heard: the time and the
    /// place that the partner states are part of the event.
    fn hear_of_items(&mut self, sender: &str, report: &emsevt::Report) {
        for event in &report.events {
            let name = ItemName::S10(event.item);
            let Some(id) = self.state.named(&name) else {
                let arguments = ["emsevt".to_owned(), event.item.to_string()];
                self.found(Subject::Station, ITEM_UNKNOWN.finding(arguments));
                continue;
            };
            if !self.may_tell(sender, &self.state.items[&id], event.kind.side()) {
                let message = format!("emsevt {}", event.kind.as_str());
                self.not_theirs(Subject::Item(id), &message, &event.item.to_string(), sender);
                continue;
            }
            self.append_of_item(id, event.kind.as_str(), event_detail(sender, event));
            if event.kind == EventKind::ImportTerminated && self.has_left(id) {
                self.found(Subject::Item(id), MATCH_TERMINATED.finding([event.item.to_string()]));
            }
        }
    }
}

/// Returns the times at which receptacles were received, in a zone.
fn times(receptacles: &[resdes::Receptacle], zone: Tz) -> Vec<(NaiveDateTime, Tz)> {
    receptacles.iter().filter_map(|one| Some((one.effective_at?, zone))).collect()
}

/// Returns whether two identifiers name one receptacle: dispatch and serial do, flags and weight do not.
fn is_same(one: S9, other: S9) -> bool {
    (one.dispatch, one.serial()) == (other.dispatch, other.serial())
}

/// Returns what an event of a partner says beside its code: its time and place, and who tells it.
pub fn event_detail(sender: &str, event: &emsevt::Event) -> String {
    let time = event.at.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string());
    let place = event.location.as_ref().map_or("", |location| location.code.as_str());
    let reason = event.reason.as_deref().unwrap_or_default();
    joined(&[&time, place, reason, "by", sender])
}

fn joined(words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
    words.join(" ")
}
