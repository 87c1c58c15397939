//! Receptacles onto departures: what goes with which vehicle, and why the rest stays behind.
//!
//! Departures are filled in the order in which they leave. Each takes first what is locked to its vehicles, then, of the
//! receptacles that are there in time and bound for an office that it serves, the most urgent first, into the first
//! vehicle with room. What does not fit is passed over and smaller mail behind it may still go. A vehicle that stays too
//! empty may be held back for the next departure ([`HoldRules`]). A dispatch may end up on several vehicles or
//! departures, and the plan says which do; a receptacle is never divided. Where it is known how the load of a vehicle must
//! lie ([`Stowage`]), it is [`arrange`]d, and what cannot lie so that the vehicle may leave goes with another or stays.

mod arrange;
mod balance;
mod filling;
mod hold;
mod payload;
mod reason;
mod rules;
mod split;
mod survey;
mod train;
mod vehicle;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Grams, Impc, MailCategory, MailClass, Volume};

pub use arrange::{LoadPlan, Piece, Placed, Stowage, arrange};
pub use balance::{AxleLimit, AxleLoads, Balance, Verdict as BalanceVerdict};
pub use hold::HoldRules;
pub use payload::{Binding, Haul, Payload, PayloadError, Plate, RoadDays, Truck};
pub use reason::Reason;
pub use rules::{AxleGeometry, BalanceRules, Equipment, Inside, LoadingRules, RailLine, RoadLimit};
pub use split::SplitDispatch;
pub use train::{Pairing, TwentyFoot, Unpaired, pair_boxes};
pub use vehicle::{VehicleLimits, VehicleLoad};

use crate::{Fill, ReceptacleKey, Size, Stream};
use filling::Queue;

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
    /// Since when the oldest item in it waits: milliseconds UTC.
    pub oldest_ms: i64,
    /// Until when the item with the least time left is to be delivered: milliseconds UTC; `None` where there is no target.
    /// What has a target goes by it, what has none goes by the age of its oldest item, as if it were due then.
    pub due_ms: Option<i64>,
    /// What the dispatcher wants to go before (above zero) or after (below zero) all else.
    pub urgency: i8,
    /// Whether it may go, and since when.
    pub readiness: Readiness,
    /// The vehicle that somebody has put it into: it goes with this one or not at all.
    pub lock: Option<Lock>,
}

/// One vehicle of one departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lock {
    /// The departure.
    pub departure: DepartureKey,
    /// The vehicle.
    pub vehicle: VehicleKey,
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
    /// Until when a receptacle must be ready, milliseconds UTC: at the latest when the vehicles are sealed
    /// ([`CutOffs`](crate::CutOffs)).
    pub cut_off_ms: i64,
    /// The offices of destination whose mail it takes.
    pub destinations: BTreeSet<Impc>,
    /// Its vehicles or containers, in the order in which they are filled.
    pub vehicles: Vec<Vehicle>,
    /// The greatest gross weight of all boxes that carry anything, tares included; `None` where the line sets none.
    pub gross_max: Option<Grams>,
    /// The offices in the order in which they unload; what goes to others is unloaded last. May be empty.
    pub stops: Vec<Impc>,
    /// When a vehicle is rather held back than sent; never where `None`.
    pub hold: Option<HoldRules>,
    /// How the loads of its vehicles must lie for them to leave, by vehicle; of others nothing is asked.
    pub stowage: BTreeMap<VehicleKey, Stowage>,
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
    /// What it weighs empty; counts for the weight of the whole departure only.
    pub tare: Grams,
    /// Whether it takes nothing but what is locked to it.
    pub is_closed: bool,
}

/// What goes with which departure, and what stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LoadingPlan {
    /// The departures in the order in which they leave.
    pub departures: Vec<DeparturePlan>,
    /// What goes with none of them, by receptacle.
    pub left_behind: Vec<(ReceptacleKey, Reason)>,
    /// The dispatches that do not go as a whole, by dispatch.
    pub split: Vec<SplitDispatch>,
    /// How many steps it took: receptacles and vehicles looked at.
    pub steps: u64,
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
    /// The vehicles that are held back for the next departure, and go empty or not at all.
    pub held_back: Vec<VehicleKey>,
    /// What was bound for one of its offices and stays, in the order in which it would have gone; it may go with a later
    /// departure. Receptacles that are ready only after it has left are not listed.
    pub missed: Vec<(ReceptacleKey, Reason)>,
}

/// Plans the loading of all departures.
///
/// The order in which receptacles and departures are handed in does not matter.
pub fn plan_loading(waiting: &[Waiting], departures: &[Departure]) -> LoadingPlan {
    let mut in_time: Vec<&Departure> = departures.iter().collect();
    in_time.sort_unstable_by_key(|departure| (departure.leaves_ms, departure.key));
    let mut queue = Queue::new(waiting, &in_time);
    let planned: Vec<DeparturePlan> = in_time
        .iter()
        .enumerate()
        .map(|(index, departure)| queue.load(departure, &in_time[index + 1..]))
        .collect();
    let (left_behind, steps) = queue.into_rest();
    let split = split::dispatches(waiting, &planned);
    LoadingPlan { departures: planned, left_behind, split, steps }
}

impl DeparturePlan {
    /// Returns how many vehicles more than needed carry something: 0 is proven best.
    pub fn gap(&self) -> usize {
        self.vehicles_used.saturating_sub(self.vehicles_needed)
    }
}

impl Departure {
    /// Returns at which stop mail for an office is unloaded, counted from 0.
    pub fn stop_of(&self, office: Impc) -> u16 {
        let stop = self.stops.iter().position(|stop| *stop == office).unwrap_or(self.stops.len());
        u16::try_from(stop).unwrap_or(u16::MAX)
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
            self.due_ms.unwrap_or(self.oldest_ms),
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
