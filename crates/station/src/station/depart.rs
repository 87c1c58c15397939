//! Leaving: containers are loaded, and the gate lets out what has its papers.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{
    DispatchKey, Readiness, ReceptacleKey, Stream, Vehicle, VehicleKey, VehicleLimits, Waiting, plan_loading,
};
use caravan_postal::{ContainerNumber, Finding, Grams, Handling, ReceptacleKind, S9, Volume};
use chrono::Datelike;

use super::{RECEPTACLES, Station, unsigned};
use crate::change::{Due, Subject};
use crate::departure::{Container, ContainerState, Departure, DepartureState, GateFault, LeftBehind};
use crate::operation::{CONTAINER_NUMBER_WRONG, CONTAINER_UNKNOWN, DEPARTURE_UNKNOWN, NO_ROUTE};
use crate::receptacle::{DispatchState, Receptacle, ReceptacleState};
use crate::{ContainerId, DepartureId, ReceptacleId};

/// Why a receptacle stays that a dispatcher has locked to a container of another departure.
const LOCKED_ELSEWHERE: &str = "locked-elsewhere";

impl Station {
    pub(super) fn receive_receptacle(&mut self, s9: S9, scale: Grams, note: &str) {
        if s9.dispatch.series().destination == self.config.office.code {
            return self.arrive_receptacle(s9, scale, note);
        }
        let is_same = |receptacle: &&Receptacle| {
            let name = |s9: S9| (s9.dispatch, s9.serial());
            receptacle.is_here() && receptacle.s9.is_some_and(|own| name(own) == name(s9))
        };
        if let Some(here) = self.state.receptacles.values().find(is_same) {
            let (id, name, state) = (here.id, here.name(), here.state.as_str());
            return self.out_of_turn(Subject::Receptacle(id), "receive-receptacle", &name, state);
        }
        let id = ReceptacleId(i64::try_from(self.take_number(RECEPTACLES)).expect("receptacles fit an id"));
        self.stand.take_key();
        let stream = stream_of(&s9);
        let class = stream.class();
        let mut receptacle = Receptacle::open(id, ReceptacleKind::Bag, stream, Grams(0), self.now_ms);
        receptacle.state = ReceptacleState::Received;
        receptacle.stream = None;
        receptacle.s9 = Some(s9);
        receptacle.scale = Some(scale);
        receptacle.volume = self.config.class(class).density.volume_of(scale);
        receptacle.closed_ms = Some(self.now_ms);
        self.state.receptacles.insert(id, receptacle);
        self.receptacle_event(id, "received", format!("{} g {note}", scale.0).trim_end().to_owned());
        let office = stream.destination;
        if !self.config.routes.iter().any(|route| route.offices.contains(&office)) {
            self.found(Subject::Receptacle(id), NO_ROUTE.finding([office.as_str()]));
        }
    }

    pub(super) fn announce(&mut self, number: &str, departure: &str) {
        let Some(id) = self.planned("announce", departure) else { return };
        if self.is_there("announce", number) {
            return;
        }
        let here = self.containers_of(departure);
        let place = here.filter(|container| !container.is_through).count();
        let route = self.state.departures[&id].route.clone();
        let day = self.config.day(self.state.departures[&id].departs_ms);
        let promised = self.config.route(&route).and_then(|route| self.config.vehicle(route, place, day));
        let Some(promised) = promised else {
            let state = self.state.departures[&id].state.as_str();
            return self.out_of_turn(Subject::Departure(id), "announce", number, state);
        };
        let capacity = promised.limits.capacity();
        let container = Container {
            payload: capacity.weight,
            usable: capacity.volume,
            equipment: promised.equipment,
            tare: promised.tare,
            ..self.new_container(number, departure)
        };
        self.arrive(container, "announced");
    }

    pub(super) fn receive_container(
        &mut self,
        number: &str,
        departure: &str,
        gross: Grams,
        receptacles: u32,
        seal: &str,
    ) {
        if self.planned("receive-container", departure).is_none()
            || self.is_there("receive-container", number)
        {
            return;
        }
        let container = Container {
            is_through: true,
            gross,
            receptacles,
            state: ContainerState::Sealed,
            seals: vec![seal.to_owned()],
            ..self.new_container(number, departure)
        };
        self.arrive(container, "received");
    }

    fn new_container(&mut self, number: &str, departure: &str) -> Container {
        Container {
            id: ContainerId(i64::try_from(self.take_number("container")).expect("containers fit an id")),
            number: number.to_owned(),
            departure: departure.to_owned(),
            is_through: false,
            equipment: None,
            tare: Grams(0),
            is_closed: false,
            payload: Grams(0),
            usable: Volume(0),
            gross: Grams(0),
            volume: Volume(0),
            receptacles: 0,
            state: ContainerState::Announced,
            seals: Vec::new(),
            cn37: None,
            transfer_number: None,
            is_signed: false,
            stopped: 0,
            events: 0,
        }
    }

    fn arrive(&mut self, container: Container, code: &'static str) {
        let (id, number) = (container.id, container.number.clone());
        let departure = container.departure.clone();
        self.state.containers.insert(id, container);
        self.container_event(id, code, departure);
        let is_iso_form = number.len() == 11 && matches!(number.as_bytes()[3], b'U' | b'J' | b'Z');
        if is_iso_form && ContainerNumber::parse(&number).is_err() {
            self.found(Subject::Container(id), CONTAINER_NUMBER_WRONG.finding([number]));
        }
    }

    pub(super) fn seal(&mut self, number: &str, seal: &str) {
        let Some(id) = self.container("seal", number) else { return };
        let container = self.container_mut(id);
        let fault = match container.state {
            ContainerState::Announced => Some(container.state.as_str()),
            _ => (container.stopped > 0).then_some(GateFault::HoldInside.as_str()),
        };
        if let Some(fault) = fault {
            return self.out_of_turn(Subject::Container(id), "seal", number, fault);
        }
        container.seals.push(seal.to_owned());
        container.state = ContainerState::Sealed;
        self.container_event(id, "sealed", seal.to_owned());
        self.list_bags(id);
    }

    pub(super) fn transfer_number(&mut self, number: &str, transfer: &str) {
        let Some(id) = self.container("transfer-number", number) else { return };
        self.container_mut(id).transfer_number = Some(transfer.to_owned());
        self.container_event(id, "transfer-number", transfer.to_owned());
        self.list_bags(id);
    }

    pub(super) fn sign(&mut self, number: &str) {
        let Some(id) = self.container("sign", number) else { return };
        let container = self.container_mut(id);
        if container.state == ContainerState::Announced {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "sign", number, state);
        }
        container.is_signed = true;
        self.container_event(id, "signed", String::new());
    }

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
        for id in loaded {
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
            self.leave_behind(departure, name, LOCKED_ELSEWHERE.to_owned());
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
        receptacle.stream.or_else(|| receptacle.s9.as_ref().map(stream_of))
    }

    pub(super) fn as_waiting(&self, receptacle: &Receptacle, stream: Stream) -> Waiting {
        let dispatch = receptacle.dispatch.and_then(|dispatch| self.state.dispatches.get(&dispatch));
        let readiness = match dispatch {
            _ if receptacle.stopped > 0 => Readiness::Held,
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
        let vehicle = |container: &Container| Vehicle {
            key: VehicleKey(unsigned(container.id.0)),
            limits: VehicleLimits {
                plate_payload: container.payload,
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

    /// Gives a container that has something in it the number of its delivery bill, once.
    pub(super) fn number_bill(&mut self, id: ContainerId) {
        let container = &self.state.containers[&id];
        if container.receptacles == 0 || container.cn37.is_some() {
            return;
        }
        let year = self.config.day(self.now_ms).year();
        let office = &self.config.office;
        let (operator, sequence) = (office.operator.clone(), format!("cn37/{}/{year}", office.code));
        let number = format!("{operator}{:02}{:07}", year.rem_euclid(100), self.take_number(&sequence));
        let container = self.container_mut(id);
        container.cn37 = Some(number.clone());
        let is_through = container.is_through;
        self.container_event(id, "cn37", number);
        if is_through {
            self.changes.due.push(Due::DeliveryBill(id));
        }
    }

    /// Lets out every container that passes the gate; the others move to the route's next departure as they stand.
    pub(super) fn depart(&mut self, departure: DepartureId) {
        let key = self.state.departures[&departure].key.clone();
        let containers: Vec<ContainerId> = self.containers_of(&key).map(|container| container.id).collect();
        self.note_reopened(departure);
        let mut is_any_gone = false;
        for id in containers {
            let mut faults = self.state.containers[&id].gate();
            faults.extend(self.bag_list_fault(id));
            if faults.is_empty() {
                self.let_out(id);
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
        let found = self.departure_mut(departure);
        found.state = if is_any_gone { DepartureState::Departed } else { DepartureState::Missed };
        let code = found.state.as_str();
        self.departure_event(departure, code, String::new());
        if is_any_gone {
            self.tell_of_departure(departure);
        }
    }

    fn let_out(&mut self, id: ContainerId) {
        let loaded = self.state.receptacles.values().filter(|receptacle| receptacle.container == Some(id));
        let loaded: Vec<ReceptacleId> = loaded.map(|receptacle| receptacle.id).collect();
        self.note_left(&loaded);
        let container = self.container_mut(id);
        container.state = ContainerState::Departed;
        let (number, departure) = (container.number.clone(), container.departure.clone());
        self.container_event(id, "EMC", departure);
        for receptacle in loaded {
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
    }

    /// Moves a container with all that is in it to the next departure of its route; while none is ahead, it waits for the
    /// timetable.
    pub(super) fn move_on(&mut self, id: ContainerId, route: &str, after_ms: i64) {
        let is_next =
            |next: &&Departure| next.route == route && next.departs_ms > after_ms && next.is_ahead();
        let next = self.state.departures.values().filter(is_next).min_by_key(|next| next.departs_ms);
        if let Some(next) = next.map(|next| next.key.clone()) {
            self.container_mut(id).departure.clone_from(&next);
            self.container_event(id, "moved-on", next);
        }
    }

    pub(super) fn leave_behind(&mut self, departure: DepartureId, subject: String, reason: String) {
        self.departure_mut(departure).left_behind.push(LeftBehind { subject, reason });
        self.changes.departures.insert(departure);
    }

    pub(super) fn containers_of(&self, departure: &str) -> impl Iterator<Item = &Container> {
        let is_its_own =
            move |container: &&Container| container.departure == departure && container.is_here();
        self.state.containers.values().filter(is_its_own)
    }

    pub(super) fn container(&mut self, operation: &str, number: &str) -> Option<ContainerId> {
        let id = self.state.container_named(number);
        if id.is_none() {
            self.found(Subject::Station, CONTAINER_UNKNOWN.finding([operation, number]));
        }
        id
    }

    /// Returns whether a container of this number stands here already, and notes it: it cannot come again.
    fn is_there(&mut self, operation: &str, number: &str) -> bool {
        let Some(id) = self.state.container_named(number) else { return false };
        let state = self.state.containers[&id].state.as_str();
        self.out_of_turn(Subject::Container(id), operation, number, state);
        true
    }

    pub(super) fn planned(&mut self, operation: &str, departure: &str) -> Option<DepartureId> {
        let id = self.state.departure_named(departure);
        if id.is_none() {
            self.found(Subject::Station, DEPARTURE_UNKNOWN.finding([operation, departure]));
        }
        id
    }

    pub(super) fn container_mut(&mut self, id: ContainerId) -> &mut Container {
        self.state.containers.get_mut(&id).expect("a container that is worked on is here")
    }

    pub(super) fn departure_mut(&mut self, id: DepartureId) -> &mut Departure {
        self.state.departures.get_mut(&id).expect("a departure that is worked on is here")
    }
}

/// Returns the stream that another office's receptacle would lie in here: where it goes and how it is handled.
fn stream_of(s9: &S9) -> Stream {
    let series = s9.dispatch.series();
    let handling = if s9.is_registered == Some(true) { Handling::Registered } else { Handling::Normal };
    Stream {
        destination: series.destination,
        category: series.category,
        subclass: series.subclass,
        handling: handling.into(),
        format: None,
    }
}
