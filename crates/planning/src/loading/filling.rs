//! Filling the departures, one after the other, from one queue.

mod laying;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use caravan_postal::{Grams, Impc};

use super::survey::Survey;
use super::vehicle::{together, vehicles_needed};
use super::{Departure, DepartureKey, DeparturePlan, Readiness, Reason, VehicleKey, VehicleLoad, Waiting};
use crate::rooms::RoomTree;
use crate::{Capacity, ReceptacleKey, Size};

/// A place in the order of loading, from 0.
type Rank = usize;

/// What waits, in the order of loading, found by where it may go.
pub(super) struct Queue<'a> {
    ranked: Vec<&'a Waiting>,
    /// Why each stays, as far as is known; of what goes the reason is not looked at again.
    reasons: Vec<Reason>,
    has_gone: Vec<bool>,
    by_office: BTreeMap<Impc, Vec<Rank>>,
    by_lock: BTreeMap<DepartureKey, Vec<Rank>>,
    steps: u64,
}

impl<'a> Queue<'a> {
    pub(super) fn new(waiting: &'a [Waiting], departures: &[&Departure]) -> Self {
        let mut ranked: Vec<&Waiting> = waiting.iter().collect();
        ranked.sort_unstable_by_key(|waiting| waiting.rank());
        let vehicles: BTreeMap<DepartureKey, &Departure> =
            departures.iter().map(|departure| (departure.key, *departure)).collect();
        let mut queue = Self {
            reasons: Vec::with_capacity(ranked.len()),
            has_gone: vec![false; ranked.len()],
            by_office: BTreeMap::new(),
            by_lock: BTreeMap::new(),
            steps: ranked.len() as u64,
            ranked,
        };
        for (rank, waiting) in queue.ranked.iter().enumerate() {
            let mut reason = Reason::without_departure(waiting);
            if let Some(lock) = waiting.lock {
                let departure = vehicles.get(&lock.departure);
                let is_there = departure.is_some_and(|departure| {
                    departure.vehicles.iter().any(|vehicle| vehicle.key == lock.vehicle)
                });
                if is_there {
                    queue.by_lock.entry(lock.departure).or_default().push(rank);
                } else if Reason::unless_ready(waiting).is_ok() {
                    reason = Reason::LockUnknown;
                }
            } else {
                queue.by_office.entry(waiting.stream.destination).or_default().push(rank);
            }
            queue.reasons.push(reason);
        }
        queue
    }

    /// Loads one departure; `later` are those after it.
    pub(super) fn load(&mut self, departure: &Departure, later: &[&Departure]) -> DeparturePlan {
        let locked = self.by_lock.remove(&departure.key).unwrap_or_default();
        let free = departure.destinations.iter().filter_map(|office| self.by_office.remove(office));
        let mut free: Vec<Rank> = free.flatten().collect();
        free.sort_unstable();
        let mut filling = Filling::new(departure);
        let mut stays: Vec<Rank> = Vec::new();
        let mut without_room: Vec<Rank> = Vec::new();
        for rank in locked.iter().chain(&free).copied() {
            match filling.take(rank, self.ranked[rank]) {
                Ok(()) => {}
                Err(Some(reason)) => {
                    self.reasons[rank] = reason;
                    stays.push(rank);
                }
                Err(None) => without_room.push(rank),
            }
        }
        let laid = filling.lay(&self.ranked, without_room);
        for (rank, reason) in laid.stays {
            self.reasons[rank] = reason;
            stays.push(rank);
        }
        let survey = Survey::of(filling.open_rooms());
        for rank in laid.without_room {
            self.reasons[rank] = filling.no_room(&survey, self.ranked[rank].size());
            stays.push(rank);
        }
        let held_back = filling.hold_back(&self.ranked, later);
        for (rank, reason) in held_back.stays {
            self.reasons[rank] = reason;
            stays.push(rank);
        }
        self.steps = self.steps.saturating_add(filling.steps);
        stays.sort_unstable();
        for rank in filling.chosen.iter().flatten() {
            self.has_gone[*rank] = true;
        }
        for rank in stays.iter().filter(|rank| self.ranked[**rank].lock.is_none()) {
            self.by_office.entry(self.ranked[*rank].stream.destination).or_default().push(*rank);
        }
        let is_there = |rank: &&Rank| !matches!(self.ranked[**rank].readiness, Readiness::Ready { at_ms } if at_ms > departure.leaves_ms);
        let missed =
            stays.iter().filter(is_there).map(|rank| (self.ranked[*rank].receptacle, self.reasons[*rank]));
        filling.plan(&self.ranked, held_back.vehicles, missed.collect())
    }

    /// Returns what goes with no departure, by receptacle, and the steps taken.
    pub(super) fn into_rest(self) -> (Vec<(ReceptacleKey, Reason)>, u64) {
        let rest = self.ranked.iter().zip(self.reasons).zip(self.has_gone).filter(|(_, has_gone)| !has_gone);
        let mut rest: Vec<_> = rest.map(|((waiting, reason), _)| (waiting.receptacle, reason)).collect();
        rest.sort_unstable();
        (rest, self.steps)
    }
}

/// One departure while it is filled.
struct Filling<'a> {
    departure: &'a Departure,
    loads: Vec<VehicleLoad>,
    /// What goes into each vehicle.
    chosen: Vec<Vec<Rank>>,
    /// Which vehicles hold something that is locked to them.
    has_locked: Vec<bool>,
    rooms: RoomTree<3>,
    /// What all boxes together may still weigh more.
    gross_left: Option<Grams>,
    steps: u64,
}

/// What is left where nothing more may go in: a receptacle counts as one.
const NO_ROOM: [u64; 3] = [0; 3];

/// Returns what is left in a vehicle, by dimension; nothing where it is over a limit already.
fn room(capacity: Capacity, content: Size) -> [u64; 3] {
    if capacity.takes(content) { capacity.beside(content).vector() } else { NO_ROOM }
}

/// What a departure leaves for the next one.
struct HeldBack {
    vehicles: Vec<VehicleKey>,
    stays: Vec<(Rank, Reason)>,
}

impl<'a> Filling<'a> {
    fn new(departure: &'a Departure) -> Self {
        let loads: Vec<VehicleLoad> = departure.vehicles.iter().map(VehicleLoad::new).collect();
        let rooms = departure.vehicles.iter().zip(&loads);
        let rooms: Vec<_> = rooms
            .map(
                |(vehicle, load)| if vehicle.is_closed { NO_ROOM } else { room(load.capacity, load.content) },
            )
            .collect();
        let laden = departure.vehicles.iter().filter(|vehicle| !vehicle.loaded.is_nothing());
        let gross = laden.fold(Grams(0), |sum, vehicle| plus(plus(sum, vehicle.tare), vehicle.loaded.weight));
        Self {
            chosen: vec![Vec::new(); loads.len()],
            has_locked: vec![false; loads.len()],
            rooms: RoomTree::new(&rooms),
            gross_left: departure.gross_max.map(|most| most - gross),
            steps: 0,
            departure,
            loads,
        }
    }

    /// Puts a receptacle into the vehicle that it is locked to, or the first with room; `Err(None)` where none has.
    fn take(&mut self, rank: Rank, waiting: &Waiting) -> Result<(), Option<Reason>> {
        self.steps += 1;
        let ready_ms = Reason::unless_ready(waiting)?;
        let cut_off_ms = self.departure.cut_off_ms;
        if ready_ms > cut_off_ms {
            return Err(Some(Reason::AfterCutOff { ready_ms, cut_off_ms }));
        }
        let size = waiting.size();
        let index = if let Some(lock) = waiting.lock {
            self.locked_to(lock.vehicle, waiting, size)?
        } else {
            let (index, visits) = self.rooms.first_fit(&size.vector(), u64::MAX);
            self.steps += visits;
            index.ok_or(None)?
        };
        self.put(index, rank, waiting)?;
        Ok(())
    }

    /// Puts a receptacle into a vehicle that has room, where that leaves the whole departure light enough.
    fn put(&mut self, index: usize, rank: Rank, waiting: &Waiting) -> Result<(), Reason> {
        let (load, size) = (&mut self.loads[index], waiting.size());
        let tare = if load.content.is_nothing() { self.departure.vehicles[index].tare } else { Grams(0) };
        let needed = plus(size.weight, tare);
        if let Some(free) = self.gross_left {
            if needed > free {
                return Err(Reason::TrainFull { needed, free });
            }
            self.gross_left = Some(free - needed);
        }
        load.content += size;
        self.chosen[index].push(rank);
        self.has_locked[index] |= waiting.lock.is_some();
        if !self.departure.vehicles[index].is_closed {
            self.rooms.set(index, room(load.capacity, load.content));
        }
        Ok(())
    }

    fn locked_to(&self, vehicle: VehicleKey, waiting: &Waiting, size: Size) -> Result<usize, Reason> {
        let destination = waiting.stream.destination;
        if !self.departure.destinations.contains(&destination) {
            return Err(Reason::NoRoute { destination });
        }
        let index = self.loads.iter().position(|load| load.vehicle == vehicle).ok_or(Reason::LockUnknown)?;
        let load = &self.loads[index];
        if load.capacity.takes_beside(load.content, size) { Ok(index) } else { Err(Reason::LockNoRoom) }
    }

    /// Returns what the vehicles that take more may hold and do hold.
    fn open_rooms(&self) -> impl Iterator<Item = (Capacity, Size)> {
        let open = self.loads.iter().zip(&self.departure.vehicles).filter(|(_, vehicle)| !vehicle.is_closed);
        open.map(|(load, _)| (load.capacity, load.content))
    }

    fn no_room(&self, survey: &Survey, size: Size) -> Reason {
        if self.departure.vehicles.iter().all(|vehicle| vehicle.is_closed) {
            if self.loads.is_empty() { Reason::NoVehicle } else { Reason::VehiclesClosed }
        } else {
            Reason::no_room(size, survey)
        }
    }

    /// Takes everything out again of vehicles that are too empty to leave and hold nothing that must.
    fn hold_back(&mut self, ranked: &[&Waiting], later: &[&Departure]) -> HeldBack {
        let mut held_back = HeldBack { vehicles: Vec::new(), stays: Vec::new() };
        let Some(hold) = &self.departure.hold else { return held_back };
        for (index, vehicle) in self.departure.vehicles.iter().enumerate() {
            let load = &mut self.loads[index];
            let fill = load.fill_permille();
            let is_fixed = self.has_locked[index] || vehicle.is_closed || !vehicle.loaded.is_nothing();
            if self.chosen[index].is_empty() || is_fixed || fill >= hold.min_fill_permille {
                continue;
            }
            self.steps += self.chosen[index].len() as u64;
            if self.chosen[index].iter().any(|rank| hold.must_go(ranked[*rank], later)) {
                continue;
            }
            let reason = Reason::HeldForFill { fill_permille: fill, least_permille: hold.min_fill_permille };
            held_back.stays.extend(self.chosen[index].drain(..).map(|rank| (rank, reason)));
            held_back.vehicles.push(vehicle.key);
            load.content = vehicle.loaded;
        }
        held_back
    }

    fn plan(
        mut self,
        ranked: &[&Waiting],
        held_back: Vec<VehicleKey>,
        missed: Vec<(ReceptacleKey, Reason)>,
    ) -> DeparturePlan {
        for (load, mut chosen) in self.loads.iter_mut().zip(self.chosen) {
            let stop = |rank: &Rank| Reverse(self.departure.stop_of(ranked[*rank].stream.destination));
            chosen.sort_unstable_by_key(|rank| (stop(rank), *rank));
            load.receptacles = chosen.into_iter().map(|rank| ranked[rank].receptacle).collect();
            load.fill = load.capacity.fill(load.content);
        }
        let content: Size = self.loads.iter().map(|load| load.content).sum();
        DeparturePlan {
            departure: self.departure.key,
            fill: together(self.loads.iter().map(|load| load.capacity)).fill(content),
            vehicles_used: self.loads.iter().filter(|load| !load.content.is_nothing()).count(),
            vehicles_needed: vehicles_needed(&self.loads, content),
            loads: self.loads,
            held_back,
            missed,
        }
    }
}

fn plus(one: Grams, other: Grams) -> Grams {
    Grams(one.0.saturating_add(other.0))
}
