//! Leaving: the gate lets out what has its papers.

use super::Station;
use super::may_leave::Asked;
use crate::change::{Due, Subject};
use crate::departure::{ContainerState, Departure, DepartureState, LeftBehind};
use crate::gate::GateFault;
use crate::operation::DEPARTURE_UNKNOWN;
use crate::receptacle::ReceptacleState;
use crate::{ContainerId, DepartureId, ReceptacleId};

impl Station {
    /// Lets out every container that passes the gate; the others move to the route's next departure as they stand.
    pub(super) fn depart(&mut self, departure: DepartureId) {
        self.note_reopened(departure);
        let mut gone = Vec::new();
        let mut is_any_gone = false;
        for Asked { id, faults, findings } in self.gate_of(departure, <[GateFault]>::is_empty) {
            for (subject, finding) in findings {
                self.found(subject, finding);
            }
            if faults.is_empty() {
                gone.extend(self.let_out(id));
                is_any_gone = true;
                continue;
            }
            let number = self.state.containers[&id].number.clone();
            for fault in faults {
                self.leave_behind(departure, number.clone(), fault.as_str().to_owned());
            }
            let departed = &self.state.departures[&departure];
            let (route, after_ms) = (departed.route.clone(), departed.departs_ms);
            self.move_on(id, &route, after_ms);
        }
        self.count_early(&gone);
        let found = self.departure_mut(departure);
        found.state = if is_any_gone { DepartureState::Departed } else { DepartureState::Missed };
        let code = found.state.as_str();
        self.departure_event(departure, code, String::new());
        if is_any_gone {
            self.tell_of_departure(departure);
            self.print_folder(departure);
        }
    }

    /// Lets a container out, and returns what was in it.
    fn let_out(&mut self, id: ContainerId) -> Vec<ReceptacleId> {
        let loaded = self.state.receptacles.values().filter(|receptacle| receptacle.container == Some(id));
        let loaded: Vec<ReceptacleId> = loaded.map(|receptacle| receptacle.id).collect();
        self.note_left(&loaded);
        let container = self.container_mut(id);
        container.state = ContainerState::Departed;
        let (number, departure) = (container.number.clone(), container.departure.clone());
        self.container_event(id, "EMC", departure);
        for receptacle in loaded.iter().copied() {
            let found = self.receptacle_mut(receptacle);
            found.state = ReceptacleState::Departed;
            let named = found.dispatch.zip(found.s9);
            self.receptacle_event(receptacle, "EMC", number.clone());
            if let Some((dispatch, s9)) = named {
                let dispatch = self.dispatch_mut(dispatch);
                dispatch.gone = dispatch.gone.max(s9.serial());
                let id = dispatch.id;
                self.changes.dispatches.insert(id);
            }
        }
        self.changes.due.push(Due::ContainerManifest(id));
        self.report_departure(id);
        loaded
    }

    /// Moves a container with all that is in it to the next departure of its route; while none is ahead, it waits for the
    /// timetable.
    pub(super) fn move_on(&mut self, id: ContainerId, route: &str, after_ms: i64) {
        if let Some(next) = self.next_of_route(id, route, after_ms) {
            self.carry_by(id, next, "moved-on", "");
        }
    }

    /// Returns the next departure of a route that a container may go with: not one that it was taken from.
    pub(super) fn next_of_route(&self, id: ContainerId, route: &str, after_ms: i64) -> Option<DepartureId> {
        let number = &self.state.containers[&id].number;
        let is_next = |next: &&Departure| {
            let is_later = next.route == route && next.departs_ms > after_ms && next.is_ahead();
            is_later && !next.left_behind.iter().any(|left| left.subject == *number)
        };
        let next = self.state.departures.values().filter(is_next).min_by_key(|next| next.departs_ms);
        next.map(|next| next.id)
    }

    pub(super) fn leave_behind(&mut self, departure: DepartureId, subject: String, reason: String) {
        self.departure_mut(departure).left_behind.push(LeftBehind { subject, reason });
        self.changes.departures.insert(departure);
    }

    pub(super) fn planned(&mut self, operation: &str, departure: &str) -> Option<DepartureId> {
        let id = self.state.departure_named(departure);
        if id.is_none() {
            self.found(Subject::Station, DEPARTURE_UNKNOWN.finding([operation, departure]));
        }
        id
    }

    pub(super) fn departure_mut(&mut self, id: DepartureId) -> &mut Departure {
        self.state.departures.get_mut(&id).expect("a departure that is worked on is here")
    }
}
