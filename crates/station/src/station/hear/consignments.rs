//! Consignments: what the office at the end of the way received, and what the carrier did.

use caravan_edi::matching::{self, Received};
use caravan_edi::{consignment, rescon, resdit};
use caravan_postal::Place;

use super::{RESCON, RESDIT, joined, times};
use crate::change::Subject;
use crate::departure::ContainerState;
use crate::operation::{CONSIGNMENT_NOT_SENT, MATCH_EARLY};
use crate::station::Station;
use crate::{ContainerId, ReceptacleId};

impl Station {
    pub(super) fn hear_of_consignment(&mut self, sender: &str, response: &rescon::Response) {
        let Some(name) = response.consignment.as_deref() else { return };
        let Some((id, inside)) = self.consignment_sent(name, RESCON) else { return };
        let of = Subject::Container(id);
        if !self.takes_consignment(sender, id, name) {
            return self.not_theirs(of, RESCON, name, sender);
        }
        let received: Vec<Received> = response.receptacles.iter().map(Received::from).collect();
        let end = self.end_of(id).cloned();
        let rules = self.rules_of(end.as_ref().map(|end| end.exchange.rules()));
        let outcome = matching::compare(name, &self.told(&inside), &received, rules);
        let through: Vec<ReceptacleId> =
            inside.iter().copied().filter(|id| self.state.receptacles[id].is_through()).collect();
        let zone = self.zone_of(end.as_ref().map(|end| end.office));
        let container = &self.state.containers[&id];
        let is_gone = container.state == ContainerState::Departed;
        let departure = is_gone.then(|| container.departure.clone());
        self.doubt(of, name, departure.as_deref(), &times(&response.receptacles, zone));
        self.acknowledge(RESCON, &through, &received);
        let named = inside.len() - outcome.awaited.len();
        self.container_event(id, "answered", format!("{named} of {}", inside.len()));
        self.tell_differences(of, &inside, &outcome.differences);
        if end.is_some_and(|end| end.exchange.is_answer_whole) {
            let missing = self.give_up(&through, outcome);
            self.tell_differences(of, &inside, &missing);
        } else {
            self.await_rest(of, name.to_owned(), &through);
        }
    }

    pub(super) fn hear_of_carrier(&mut self, sender: &str, report: &resdit::Report) {
        let mut names: Vec<&str> = Vec::new();
        for event in &report.events {
            let Some(name) = event.consignment.as_deref() else { continue };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for name in names {
            let Some((id, inside)) = self.consignment_sent(name, RESDIT) else { continue };
            if !self.carries(sender, id, name) {
                self.not_theirs(Subject::Container(id), RESDIT, name, sender);
                continue;
            }
            let said = report.events.iter().filter(|event| event.consignment.as_deref() == Some(name));
            let said: Vec<&resdit::Event> = said.collect();
            self.doubt_carrier(id, name, &said);
            for event in said {
                self.container_event(id, "carrier", carrier_detail(event));
            }
            let receptacles = inside.iter().filter_map(|id| self.as_consigned(*id)).collect();
            let consignment = consignment::Consignment {
                id: Some(name.to_owned()),
                receptacles,
                ..consignment::Consignment::default()
            };
            let outcome = matching::carrier(&consignment, std::slice::from_ref(report));
            self.tell_differences(Subject::Container(id), &inside, &outcome.differences);
        }
    }

    /// Returns a container that has left under a consignment's name with what was in it; or notes that there is none.
    pub(super) fn consignment_sent(
        &mut self,
        name: &str,
        operation: &str,
    ) -> Option<(ContainerId, Vec<ReceptacleId>)> {
        let container =
            self.state.containers.values().find(|container| container.cn37.as_deref() == Some(name));
        let Some(container) = container else {
            self.found(Subject::Station, CONSIGNMENT_NOT_SENT.finding([operation, name]));
            return None;
        };
        let (id, state) = (container.id, container.state);
        if state == ContainerState::Loaded && [RESCON, RESDIT].contains(&operation) {
            self.found(Subject::Container(id), MATCH_EARLY.finding([name, operation]));
            return None;
        }
        if !matches!(state, ContainerState::Departed | ContainerState::Sealed) {
            self.out_of_turn(Subject::Container(id), operation, name, state.as_str());
            return None;
        }
        let inside = self.state.receptacles.values().filter(|receptacle| receptacle.container == Some(id));
        Some((id, inside.map(|receptacle| receptacle.id).collect()))
    }

    fn as_consigned(&self, id: ReceptacleId) -> Option<consignment::Receptacle> {
        let receptacle = &self.state.receptacles[&id];
        Some(consignment::Receptacle {
            s9: receptacle.s9?,
            kind: Some(receptacle.kind),
            handling: None,
            gross_weight: Some(receptacle.gross()),
            unit: None,
            place: Place::Whole,
        })
    }
}

fn carrier_detail(event: &resdit::Event) -> String {
    let time = event.at.map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M").to_string());
    let place = event.location.as_ref().map_or("", |location| location.code.as_str());
    let receptacles = match event.receptacles.len() {
        0 => String::new(),
        count => format!("of {count}"),
    };
    joined(&[&event.code, &time, place, &receptacles])
}
