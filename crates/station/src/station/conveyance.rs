//! What a container travels on: one that is cut from its train goes with another as it stands, one that was announced by
//! mistake is withdrawn, and what was opened after the loading goes back on.

use caravan_planning::{Readiness, Waiting};
use caravan_postal::Impc;

use super::{Station, unsigned};
use crate::change::{Due, Subject};
use crate::departure::{ContainerState, Departure, DepartureState};
use crate::operation::DEPARTURE_UNKNOWN;
use crate::{ContainerId, DepartureId, ReceptacleId};

/// How many characters of an S9 name the receptacle: dispatch and serial. What follows are flags and weight.
const NAME: usize = 23;

impl Station {
    /// Takes a container from its departure and gives it to another: seals, bill and customs transfer number stand, and
    /// the bill says the new conveyance.
    pub(super) fn cut(&mut self, number: &str, departure: Option<&str>, note: &str) {
        let Some(id) = self.container("cut", number) else { return };
        let from = self.state.containers[&id].departure.clone();
        let to = match departure {
            Some(key) => self.planned("cut", key),
            None => self.next_of_route(&from),
        };
        let Some(to) = to else { return };
        let fault = if self.state.departures[&to].key == from {
            Some(self.state.containers[&id].state.as_str())
        } else {
            (!self.serves_all_in(to, id)).then_some("not-served")
        };
        if let Some(fault) = fault {
            return self.out_of_turn(Subject::Container(id), "cut", number, fault);
        }
        if let Some(from) = self.state.departure_named(&from) {
            self.leave_behind(from, number.to_owned(), "cut".to_owned());
        }
        let to = &self.state.departures[&to];
        let (key, is_loading) = (to.key.clone(), to.state == DepartureState::Loading);
        let container = self.container_mut(id);
        container.departure.clone_from(&key);
        let is_billed = container.cn37.is_some();
        self.container_event(id, "cut", format!("{key} {note}").trim_end().to_owned());
        if is_billed {
            self.changes.due.push(Due::DeliveryBill(id));
        } else if is_loading {
            // The departure's bills are numbered already.
            self.number_bill(id);
        }
    }

    /// Takes back the announcement of a container: an empty one, or another office's that does not come.
    pub(super) fn withdraw(&mut self, number: &str, note: &str) {
        let Some(id) = self.container("withdraw", number) else { return };
        let container = self.container_mut(id);
        if container.receptacles > 0 && !container.is_through {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "withdraw", number, state);
        }
        container.state = ContainerState::Withdrawn;
        let bill = container.cn37.clone();
        self.container_event(id, "withdrawn", note.to_owned());
        if let Some(bill) = bill {
            self.container_event(id, "cn37-void", bill);
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

    /// Returns the next departure of the route behind one, or notes that none is ahead.
    fn next_of_route(&mut self, key: &str) -> Option<DepartureId> {
        let route = key.split_once('/').map_or("", |(route, _)| route);
        let current = self.state.departure_named(key).map(|id| self.state.departures[&id].departs_ms);
        let after_ms = current.unwrap_or(self.now_ms);
        let is_next =
            |next: &&Departure| next.route == route && next.departs_ms > after_ms && next.is_ahead();
        let next = self.state.departures.values().filter(is_next).min_by_key(|next| next.departs_ms);
        let next = next.map(|next| next.id);
        if next.is_none() {
            self.found(Subject::Station, DEPARTURE_UNKNOWN.finding(["cut", route]));
        }
        next
    }

    /// Returns whether a departure serves every office that something in a container goes to. What is in another
    /// office's sealed container is not known here.
    fn serves_all_in(&self, departure: DepartureId, container: ContainerId) -> bool {
        let route = self.config.route(&self.state.departures[&departure].route);
        let offices: &[Impc] = route.map(|route| route.offices.as_slice()).unwrap_or_default();
        let mut inside =
            self.state.receptacles.values().filter(|receptacle| receptacle.container == Some(container));
        inside.all(|receptacle| {
            let stream = self.stream_of(receptacle);
            stream.is_some_and(|stream| offices.contains(&stream.destination))
        })
    }
}
