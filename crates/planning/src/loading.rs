//! Receptacles onto departures: what goes with which vehicle, and why the rest stays behind.
//!
//! Departures are filled in the order in which they leave. Each takes, of the receptacles that are there in time and
//! bound for an office that it serves, the most urgent first, into the first vehicle with room. What does not fit is
//! passed over and smaller mail behind it may still go. A dispatch may end up on several vehicles or departures, but a
//! receptacle is never divided. The centre of gravity is not looked at.

mod reason;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use caravan_postal::{Grams, Impc, MailCategory, MailClass, Volume};

pub use reason::Reason;

use crate::{Capacity, Fill, ReceptacleKey, Size, Stream};

/// A dispatch as the plan names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DispatchKey(pub u64);

/// A departure as the plan names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DepartureKey(pub u64);

/// A vehicle or container as the plan names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VehicleKey(pub u64);

/// A receptacle that waits to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Waiting {
    /// The receptacle.
    pub receptacle: ReceptacleKey,
    /// What lies in it, and where it goes.
    pub stream: Stream,
    /// Its dispatch, of which the receptacles are kept in a row where nothing else decides.
    pub dispatch: DispatchKey,
    /// The gross weight, as the scale said.
    pub gross_weight: Grams,
    /// The volume from outside.
    pub volume: Volume,
    /// Since when the oldest item in it waits, or the time it is due: milliseconds UTC, the earlier the sooner it goes.
    pub oldest_ms: i64,
    /// What the dispatcher wants to go before (above zero) or after (below zero) all else.
    pub urgency: i8,
    /// Whether it may go, and since when.
    pub readiness: Readiness,
}

/// Whether a receptacle may be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Readiness {
    /// Its dispatch is closed and nothing in it is held.
    Ready {
        /// Since when, or when that is foreseen: milliseconds UTC.
        at_ms: i64,
    },
    /// Its dispatch is still open.
    DispatchOpen,
    /// It, or something in it, is held.
    Held,
}

/// One run of a route with its vehicles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The departure.
    pub key: DepartureKey,
    /// When it leaves, milliseconds UTC.
    pub leaves_ms: i64,
    /// Until when a receptacle must be ready, milliseconds UTC: the dispatch close of [`CutOffs`](crate::CutOffs).
    pub cut_off_ms: i64,
    /// The offices of destination whose mail it takes.
    pub destinations: BTreeSet<Impc>,
    /// Its vehicles or containers, in the order in which they are filled.
    pub vehicles: Vec<Vehicle>,
}

/// A vehicle or container of a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vehicle {
    /// The vehicle.
    pub key: VehicleKey,
    /// Its limits.
    pub limits: VehicleLimits,
    /// What is in it already and stays there.
    pub loaded: Size,
}

/// What a vehicle or container may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VehicleLimits {
    /// The payload on its plate.
    pub plate_payload: Grams,
    /// What the line or the road allows, where that is less.
    pub line_limit: Option<Grams>,
    /// The volume inside.
    pub volume: Volume,
    /// How much of the volume can be filled with bags, in per mille: 850 to 950 is usual.
    pub usable_permille: u16,
    /// How many receptacles at most.
    pub count: Option<u32>,
}

/// What goes with which departure, and what stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadPlan {
    /// The departures in the order in which they leave.
    pub departures: Vec<DeparturePlan>,
    /// What goes with none of them, by receptacle.
    pub left_behind: Vec<(ReceptacleKey, Reason)>,
}

/// What goes with one departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeparturePlan {
    /// The departure.
    pub departure: DepartureKey,
    /// Its vehicles, in their order.
    pub loads: Vec<VehicleLoad>,
    /// How full the vehicles are together.
    pub fill: Fill,
    /// How many vehicles carry anything.
    pub vehicles_used: usize,
    /// What is on the departure cannot go in fewer of its vehicles than this.
    pub vehicles_needed: usize,
    /// What was bound for one of its offices and stays, in the order in which it would have gone; it may go with a later
    /// departure. Receptacles that are ready only after it has left are not listed.
    pub missed: Vec<(ReceptacleKey, Reason)>,
}

/// What goes in one vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleLoad {
    /// The vehicle.
    pub vehicle: VehicleKey,
    /// What the plan puts in, in the order of loading.
    pub receptacles: Vec<ReceptacleKey>,
    /// What is in it then, with what was loaded before.
    pub content: Size,
    /// What it may carry.
    pub capacity: Capacity,
    /// How full it is then.
    pub fill: Fill,
}

/// Plans the loading of all departures.
///
/// The order in which receptacles and departures are handed in does not matter.
pub fn plan_loading(waiting: &[Waiting], departures: &[Departure]) -> LoadPlan {
    let mut order: Vec<&Waiting> = waiting.iter().collect();
    order.sort_unstable_by_key(|waiting| waiting.rank());
    let mut queue: Vec<(&Waiting, Reason)> =
        order.into_iter().map(|waiting| (waiting, Reason::without_departure(waiting))).collect();
    let mut in_time: Vec<&Departure> = departures.iter().collect();
    in_time.sort_unstable_by_key(|departure| (departure.leaves_ms, departure.key));
    let departures = in_time.into_iter().map(|departure| load(departure, &mut queue)).collect();
    let mut left_behind: Vec<_> =
        queue.into_iter().map(|(waiting, reason)| (waiting.receptacle, reason)).collect();
    left_behind.sort_unstable();
    LoadPlan { departures, left_behind }
}

/// Loads one departure from the queue; what stays in the queue has its reason noted.
fn load(departure: &Departure, queue: &mut Vec<(&Waiting, Reason)>) -> DeparturePlan {
    let mut loads: Vec<VehicleLoad> = departure.vehicles.iter().map(VehicleLoad::new).collect();
    let mut missed = Vec::new();
    queue.retain_mut(|(waiting, reason)| {
        if !departure.destinations.contains(&waiting.stream.destination) {
            return true;
        }
        let Err(why) = departure.take(waiting, &mut loads) else { return false };
        *reason = why;
        let is_there =
            !matches!(waiting.readiness, Readiness::Ready { at_ms } if at_ms > departure.leaves_ms);
        if is_there {
            missed.push((waiting.receptacle, why));
        }
        true
    });
    for load in &mut loads {
        load.fill = load.capacity.fill(load.content);
    }
    let content: Size = loads.iter().map(|load| load.content).sum();
    DeparturePlan {
        departure: departure.key,
        fill: together(loads.iter().map(|load| load.capacity)).fill(content),
        vehicles_used: loads.iter().filter(|load| !load.content.is_nothing()).count(),
        vehicles_needed: vehicles_needed(&loads, content),
        loads,
        missed,
    }
}

impl Departure {
    /// Puts a receptacle into the first vehicle with room, or tells why not.
    fn take(&self, waiting: &Waiting, loads: &mut [VehicleLoad]) -> Result<(), Reason> {
        let ready_ms = Reason::unless_ready(waiting)?;
        if ready_ms > self.cut_off_ms {
            return Err(Reason::AfterCutOff { ready_ms, cut_off_ms: self.cut_off_ms });
        }
        let size = waiting.size();
        match loads.iter_mut().find(|load| load.capacity.takes_beside(load.content, size)) {
            Some(load) => {
                load.receptacles.push(waiting.receptacle);
                load.content += size;
                Ok(())
            }
            None => Err(Reason::no_room(size, loads)),
        }
    }
}

impl Waiting {
    /// Returns what the receptacle takes up.
    pub fn size(&self) -> Size {
        Size::one(self.gross_weight, self.volume)
    }

    /// Returns the order of loading: the dispatcher's word, service, age, fill; then dispatch and key, to have an order.
    fn rank(&self) -> impl Ord + use<> {
        let fill = (Reverse(self.volume), Reverse(self.gross_weight));
        (
            Reverse(self.urgency),
            service_rank(self.stream),
            self.oldest_ms,
            fill,
            self.dispatch,
            self.receptacle,
        )
    }
}

/// EMS goes first, then priority mail by surface, then other surface mail, and empty receptacles last.
fn service_rank(stream: Stream) -> u8 {
    match (stream.class(), stream.category) {
        (MailClass::Ems, _) => 0,
        (MailClass::Empty, _) => 3,
        (MailClass::Letters | MailClass::Parcels, MailCategory::A | MailCategory::D) => 1,
        (MailClass::Letters | MailClass::Parcels, MailCategory::B | MailCategory::C) => 2,
    }
}

impl VehicleLimits {
    /// Returns what may be loaded: the stricter weight limit, and the volume that can be filled.
    pub fn capacity(&self) -> Capacity {
        let usable = u128::from(self.volume.0) * u128::from(self.usable_permille.min(1000)) / 1000;
        Capacity {
            weight: self.line_limit.map_or(self.plate_payload, |line| line.min(self.plate_payload)),
            volume: Volume(u64::try_from(usable).expect("a part of the volume is not more than it")),
            count: self.count,
        }
    }
}

impl VehicleLoad {
    fn new(vehicle: &Vehicle) -> Self {
        let capacity = vehicle.limits.capacity();
        let (content, fill) = (vehicle.loaded, Fill::default());
        Self { vehicle: vehicle.key, receptacles: Vec::new(), content, capacity, fill }
    }
}

/// Returns what several vehicles may carry together.
fn together(capacities: impl Iterator<Item = Capacity>) -> Capacity {
    let nothing = Capacity { weight: Grams(0), volume: Volume(0), count: Some(0) };
    capacities.fold(nothing, |sum, capacity| Capacity {
        weight: Grams(sum.weight.0.saturating_add(capacity.weight.0)),
        volume: Volume(sum.volume.0.saturating_add(capacity.volume.0)),
        count: sum.count.zip(capacity.count).map(|(sum, count)| sum.saturating_add(count)),
    })
}

/// Returns how many vehicles are needed at least: in each dimension the biggest ones that hold the sum.
fn vehicles_needed(loads: &[VehicleLoad], content: Size) -> usize {
    let needed = (0..3).map(|d| {
        let mut capacities: Vec<u64> = loads.iter().map(|load| load.capacity.vector()[d]).collect();
        capacities.sort_unstable_by_key(|capacity| Reverse(*capacity));
        let sums = capacities.iter().scan(0u64, |sum, capacity| {
            *sum = sum.saturating_add(*capacity);
            Some(*sum)
        });
        let total = content.vector()[d];
        if total == 0 { 0 } else { sums.take_while(|sum| *sum < total).count() + 1 }
    });
    needed.max().unwrap_or(0).min(loads.len())
}
