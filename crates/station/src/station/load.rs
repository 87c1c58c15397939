//! Loading: what is closed and free goes into the containers of a departure, the most urgent first.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{
    DispatchKey, Readiness, ReceptacleKey, Stream, Vehicle, VehicleKey, VehicleLimits, Waiting, plan_loading,
};
use caravan_postal::Finding;

use super::{Station, through, unsigned};
use crate::change::{Due, Subject};
use crate::departure::{Container, ContainerState, DepartureState};
use crate::operation::LOCKED_ELSEWHERE;
use crate::receptacle::{DispatchState, Receptacle, ReceptacleState};
use crate::{ContainerId, DepartureId, ReceptacleId};

impl Station {
    /// Loads a departure's containers with what is closed and free, the most urgent first, and numbers their bills.
    pub(super) fn load(&mut self, departure: DepartureId) {
        let found = self.departure_mut(departure);
        found.state = DepartureState::Loading;
        let key = found.key.clone();
        self.departure_event(departure, "loading", String::new());
        let (waiting, barred) = self.waiting_for(departure);
        self.note_barred(departure, barred);
        self.note_rerouted(departure);
        let filled = self.fill(departure, &waiting);
        self.note_disputed(departure);
        self.give_up_closing(&key);
        let loaded: Vec<ContainerId> = self.containers_of(&key).map(|container| container.id).collect();
        self.look_at_loads(departure, &filled);
        let stay = self.look_at_gate(departure);
        for id in loaded.into_iter().filter(|id| !stay.contains(id)) {
            self.number_bill(id);
            if filled.contains(&id) {
                self.changes.due.push(Due::DeliveryBill(id));
            }
        }
    }

    /// Notes what may not go the way of a departure, and why.
    pub(super) fn note_barred(&mut self, departure: DepartureId, barred: Vec<(ReceptacleId, Finding)>) {
        for (receptacle, finding) in barred {
            let name = self.state.receptacles[&receptacle].name();
            self.forget_left_behind(departure, &name);
            self.leave_behind(departure, name, finding.code.name.to_owned());
            self.found(Subject::Receptacle(receptacle), finding);
        }
    }

    /// Says why a loaded receptacle may not go the way of its container's departure, where it may not.
    pub(super) fn tell_barred(&mut self, id: ReceptacleId) {
        let receptacle = &self.state.receptacles[&id];
        let container = receptacle.container.and_then(|container| self.state.containers.get(&container));
        let departure = container.and_then(|container| self.state.departure_named(&container.departure));
        if let Some(finding) = departure.and_then(|departure| self.barred(departure, receptacle)) {
            self.found(Subject::Receptacle(id), finding);
        }
    }

    /// Puts what waits into a departure's containers as far as there is room, notes what stays, and returns the
    /// containers that have taken something.
    pub(super) fn fill(&mut self, departure: DepartureId, waiting: &[Waiting]) -> BTreeSet<ContainerId> {
        let plan = plan_loading(waiting, &self.with_later(departure));
        let sizes: BTreeMap<ReceptacleKey, &Waiting> =
            waiting.iter().map(|one| (one.receptacle, one)).collect();
        let mut filled = BTreeSet::new();
        // What later departures would take only tells whether this one may wait.
        let own = Self::key_of(departure);
        for one in waiting.iter().filter(|one| one.lock.is_some_and(|lock| lock.departure != own)) {
            let receptacle = ReceptacleId(i64::try_from(one.receptacle.0).expect("keys are receptacles"));
            let name = self.state.receptacles[&receptacle].name();
            self.leave_behind(departure, name, LOCKED_ELSEWHERE.name.to_owned());
        }
        for planned in plan.departures.iter().filter(|planned| planned.departure == own) {
            for load in &planned.loads {
                let id = ContainerId(i64::try_from(load.vehicle.0).expect("vehicles are containers"));
                for receptacle in &load.receptacles {
                    self.put_in(id, sizes[receptacle]);
                    filled.insert(id);
                }
            }
            for (receptacle, reason) in &planned.missed {
                let receptacle = ReceptacleId(i64::try_from(receptacle.0).expect("keys are receptacles"));
                let name = self.state.receptacles[&receptacle].name();
                self.leave_behind(departure, name, reason.finding().code.name.to_owned());
            }
        }
        filled
    }

    /// Returns what stands ready, or would if nothing kept it, for an office that the departure serves; beside it what may
    /// not go its way, and why.
    pub(super) fn waiting_for(&self, departure: DepartureId) -> (Vec<Waiting>, Vec<(ReceptacleId, Finding)>) {
        let found = &self.state.departures[&departure];
        let route = self.config.route(&found.route);
        let offices = route.map(|route| route.offices.as_slice()).unwrap_or_default();
        let (mut waiting, mut barred) = (Vec::new(), Vec::new());
        for receptacle in self.state.receptacles.values() {
            let Some(stream) = self.stream_of(receptacle) else { continue };
            let is_served = offices.contains(&stream.destination) && !found.is_without(stream.destination);
            let is_here = matches!(receptacle.state, ReceptacleState::Closed | ReceptacleState::Received);
            if !is_served || !is_here {
                continue;
            }
            match self.barred(departure, receptacle) {
                Some(finding) => barred.push((receptacle.id, finding)),
                None => waiting.push(self.as_waiting(receptacle, stream)),
            }
        }
        (waiting, barred)
    }

    /// Returns the stream of a receptacle of this office, or the one that another office's would lie in here.
    #[expect(clippy::unused_self, reason = "reads as a question to the station, beside `as_waiting`")]
    pub(super) fn stream_of(&self, receptacle: &Receptacle) -> Option<Stream> {
        receptacle.stream.or_else(|| receptacle.s9.as_ref().map(through::stream_of))
    }

    pub(super) fn as_waiting(&self, receptacle: &Receptacle, stream: Stream) -> Waiting {
        let dispatch = receptacle.dispatch.and_then(|dispatch| self.state.dispatches.get(&dispatch));
        let readiness = match dispatch {
            _ if receptacle.is_stopped() => Readiness::Held,
            Some(dispatch) if matches!(dispatch.state, DispatchState::Open | DispatchState::Reopened) => {
                Readiness::DispatchOpen
            }
            _ => Readiness::Ready { at_ms: receptacle.closed_ms.unwrap_or(receptacle.opened_ms) },
        };
        Waiting {
            receptacle: ReceptacleKey(unsigned(receptacle.id.0)),
            stream,
            dispatch: DispatchKey(receptacle.dispatch.map_or(0, |dispatch| unsigned(dispatch.0))),
            gross_weight: receptacle.gross(),
            volume: receptacle.volume,
            oldest_ms: receptacle.opened_ms,
            due_ms: self.due_ms(receptacle, stream),
            urgency: 0,
            readiness,
            lock: receptacle.lock.map(|lock| self.lock_of(lock)),
        }
    }

    /// Returns a departure with its own containers as the plan sees it; sealed ones take nothing more.
    pub(super) fn as_planned(&self, id: DepartureId) -> caravan_planning::Departure {
        let departure = &self.state.departures[&id];
        let is_open =
            |container: &&Container| !container.is_through && container.state != ContainerState::Sealed;
        let roads = self.roads_of(departure);
        let vehicle = |container: &Container| Vehicle {
            key: VehicleKey(unsigned(container.id.0)),
            limits: VehicleLimits {
                // It may have been announced for another departure, in another season.
                plate_payload: self.payload_of(container, departure, &roads).unwrap_or(container.payload),
                line_limit: None,
                volume: container.usable,
                usable_permille: 1000,
                count: None,
            },
            loaded: caravan_planning::Size {
                weight: container.gross,
                volume: container.volume,
                count: container.receptacles,
            },
            tare: container.tare,
            is_closed: container.is_closed,
        };
        let route = self.config.route(&departure.route);
        let offices = route.map(|route| route.offices.iter().copied());
        let offices = offices.into_iter().flatten().filter(|office| !departure.is_without(*office));
        caravan_planning::Departure {
            key: Self::key_of(id),
            leaves_ms: departure.departs_ms,
            cut_off_ms: departure.seal_ms,
            destinations: offices.collect(),
            vehicles: self.containers_of(&departure.key).filter(is_open).map(vehicle).collect(),
            gross_max: self.gross_max(departure),
            stops: route.map(|route| route.stops.clone()).unwrap_or_default(),
            hold: self.hold_rules(departure),
            stowage: self.stowage_on(departure, &roads),
        }
    }

    fn put_in(&mut self, id: ContainerId, waiting: &Waiting) {
        let receptacle = ReceptacleId(i64::try_from(waiting.receptacle.0).expect("keys are receptacles"));
        let found = self.receptacle_mut(receptacle);
        found.state = ReceptacleState::Loaded;
        found.container = Some(id);
        let container = self.container_mut(id);
        container.state = ContainerState::Loaded;
        container.receptacles += 1;
        container.gross += waiting.gross_weight;
        container.volume += waiting.volume;
        let number = container.number.clone();
        self.changes.containers.insert(id);
        self.receptacle_event(receptacle, "loaded", number);
        self.void_signature(id);
        self.forget_allowed(id);
    }

    /// Notes the receptacles that nobody could label for this departure.
    fn note_disputed(&mut self, id: DepartureId) {
        let route = self.config.route(&self.state.departures[&id].route);
        let offices = route.map(|route| route.offices.clone()).unwrap_or_default();
        let unlabelled: Vec<(String, &'static str)> = (self.state.receptacles.values())
            .filter(|receptacle| {
                receptacle.stream.is_some_and(|stream| offices.contains(&stream.destination))
            })
            .filter(|receptacle| {
                matches!(receptacle.state, ReceptacleState::Disputed | ReceptacleState::Weighing)
            })
            .map(|receptacle| (receptacle.name(), receptacle.state.as_str()))
            .collect();
        for (name, state) in unlabelled {
            self.leave_behind(id, name, state.to_owned());
        }
    }
}
