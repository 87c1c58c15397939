//! What a container travels on: one that is cut from its train or sent another way goes with another departure as it
//! stands, one that was announced by mistake is withdrawn, and what was opened after the loading goes back on.

use caravan_planning::{Readiness, Waiting};

use super::may_leave::Refusal;
use super::{Station, unsigned};
use crate::change::{Due, Subject};
use crate::departure::{ContainerState, DepartureState, route_name};
use crate::gate::GateFault;
use crate::operation::{CUT, REROUTED};
use crate::receptacle::ReceptacleState;
use crate::{ContainerId, DepartureId, ReceptacleId};

/// How many characters of an S9 name the receptacle: dispatch and serial. What follows are flags and weight.
const NAME: usize = 23;

impl Station {
    /// Takes a container from its departure, which leaves without it: another one takes it, the next of its route when
    /// nobody says which.
    pub(super) fn cut(&mut self, number: &str, departure: Option<&str>, note: &str) {
        let Some(id) = self.container("cut", number) else { return };
        let to = match departure {
            Some(key) => match self.planned("cut", key) {
                Some(to) => to,
                None => return,
            },
            None => match self.later_than_own(id) {
                Some(to) => to,
                None => return self.keep_back(id, note),
            },
        };
        self.send_by(id, to, ("cut", CUT.name), note);
    }

    /// Returns the departure of a container's route that comes after its own.
    fn later_than_own(&self, id: ContainerId) -> Option<DepartureId> {
        let key = &self.state.containers[&id].departure;
        let own = self.state.departure_named(key).map(|own| self.state.departures[&own].departs_ms);
        self.next_of_route(id, route_name(key), own.unwrap_or(self.now_ms))
    }

    /// Keeps a container here of whose route no later departure is planned: it goes with the next one that is.
    fn keep_back(&mut self, id: ContainerId, note: &str) {
        let container = &self.state.containers[&id];
        let (number, key) = (container.number.clone(), container.departure.clone());
        let Some(from) = self.state.departure_named(&key) else {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "cut", &number, state);
        };
        self.container_mut(id).departure = format!("{}/", route_name(&key));
        self.leave_behind(from, number, CUT.name.to_owned());
        self.container_event(id, CUT.name, note.to_owned());
    }

    /// Sends a container by another departure, as a dispatcher decides.
    pub(super) fn reroute(&mut self, number: &str, departure: &str, note: &str) {
        let Some(id) = self.container("reroute", number) else { return };
        if let Some(to) = self.planned("reroute", departure) {
            self.send_by(id, to, ("reroute", REROUTED.name), note);
        }
    }

    /// Moves a container to another departure as an operation says, unless it is on that one or something in it may not
    /// go there. The departure that loses it says so.
    fn send_by(
        &mut self,
        id: ContainerId,
        to: DepartureId,
        (operation, code): (&str, &'static str),
        note: &str,
    ) {
        let container = &self.state.containers[&id];
        let (number, from) = (container.number.clone(), container.departure.clone());
        if self.state.departures[&to].key == from {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), operation, &number, state);
        }
        if !self.may_go_by(id, to) {
            return;
        }
        if let Some(from) = self.state.departure_named(&from) {
            self.leave_behind(from, number, code.to_owned());
        }
        self.carry_by(id, to, code, note);
    }

    /// Moves a container to another departure as it stands: seals and customs transfer number stand, and only what carries
    /// it changes. Its bill says the new conveyance, and where the bills of that departure are numbered already it gets
    /// one.
    pub(super) fn carry_by(&mut self, id: ContainerId, to: DepartureId, code: &'static str, note: &str) {
        let number = self.state.containers[&id].number.clone();
        let departure = self.departure_mut(to);
        let (key, is_loading) = (departure.key.clone(), departure.state == DepartureState::Loading);
        // It had been sent away from this one before.
        departure.left_behind.retain(|left| left.subject != number);
        self.changes.departures.insert(to);
        let container = self.container_mut(id);
        container.departure.clone_from(&key);
        // What carried it was said for the departure that it has left.
        container.vehicle = None;
        let is_billed = container.cn37.is_some() && container.receptacles > 0;
        self.container_event(id, code, format!("{key} {note}").trim_end().to_owned());
        if is_billed {
            self.changes.due.push(Due::DeliveryBill(id));
        } else if is_loading {
            self.number_bill(id);
        }
    }

    /// Returns whether a container may go with another departure, and notes what speaks against it. What a later day or
    /// another box may change keeps it at the gate only.
    fn may_go_by(&mut self, container: ContainerId, departure: DepartureId) -> bool {
        let beside = self.on_departure(&self.state.departures[&departure].key);
        let refused = self.may_leave(&self.state.containers[&container], departure, beside);
        let may_go = !refused.iter().any(|refusal| refusal.fault.is_for_ever());
        for Refusal { subject, finding, .. } in refused {
            self.found(subject, finding);
        }
        may_go
    }

    /// Takes back the announcement of a container: an empty one, or another office's that does not come.
    pub(super) fn withdraw(&mut self, number: &str, note: &str) {
        let Some(id) = self.container("withdraw", number) else { return };
        let container = self.container_mut(id);
        if container.receptacles > 0 && !container.is_through {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "withdraw", number, state);
        }
        if container.is_stopped() {
            // What customs holds, or holds in it, stays until the same case is released.
            let state = GateFault::HoldInside.as_str();
            return self.out_of_turn(Subject::Container(id), "withdraw", number, state);
        }
        container.state = ContainerState::Withdrawn;
        let bill = container.cn37.clone();
        self.container_event(id, "withdrawn", note.to_owned());
        if let Some(bill) = bill {
            self.container_event(id, "cn37-void", bill);
            self.changes.due.push(Due::DeliveryBill(id));
            if self.config.papers.pdf {
                self.changes.due.push(Due::ContainerPapers(id));
            }
        }
        self.unlock_all(id);
        self.take_back_bag_lists(id);
        let listed = self.state.receptacles.values().filter(|one| one.container == Some(id));
        for listed in listed.map(|one| one.id).collect::<Vec<_>>() {
            let receptacle = self.receptacle_mut(listed);
            (receptacle.state, receptacle.container) = (ReceptacleState::Missing, None);
            self.receptacle_event(listed, "missing", number.to_owned());
        }
    }

    /// Puts receptacles that were opened after the loading back into a container that is not sealed yet, of the next
    /// departure that is being loaded for their office.
    pub(super) fn load_again(&mut self, again: &[ReceptacleId]) {
        let loading =
            self.state.departures.values().filter(|departure| departure.state == DepartureState::Loading);
        let mut loading: Vec<_> = loading.map(|departure| (departure.departs_ms, departure.id)).collect();
        loading.sort_unstable();
        for (_, departure) in loading {
            let is_again =
                |one: &Waiting| again.iter().any(|receptacle| unsigned(receptacle.0) == one.receptacle.0);
            let (mut waiting, mut barred) = self.waiting_for(departure);
            waiting.retain(is_again);
            barred.retain(|(receptacle, _)| again.contains(receptacle));
            self.note_barred(departure, barred);
            if waiting.is_empty() {
                continue;
            }
            // They were ready for the cut-off; that they were opened since keeps nobody waiting.
            for one in &mut waiting {
                if let Readiness::Ready { at_ms } = &mut one.readiness {
                    *at_ms = one.oldest_ms;
                }
            }
            let is_waiting =
                |id: &&ReceptacleId| waiting.iter().any(|one| unsigned(id.0) == one.receptacle.0);
            let names: Vec<String> =
                again.iter().filter(is_waiting).map(|id| self.state.receptacles[id].name()).collect();
            for name in names {
                self.forget_left_behind(departure, &name);
            }
            for container in self.fill(departure, &waiting) {
                self.number_bill(container);
                self.changes.due.push(Due::DeliveryBill(container));
            }
        }
    }

    /// Forgets that a receptacle stayed behind, whatever its label said of its weight then.
    pub(super) fn forget_left_behind(&mut self, departure: DepartureId, name: &str) {
        let named = name.get(..NAME).unwrap_or(name);
        self.departure_mut(departure).left_behind.retain(|left| !left.subject.starts_with(named));
        self.changes.departures.insert(departure);
    }
}
