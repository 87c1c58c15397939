//! The outlook: what would leave on the next departures if nothing more happened, and how good that would be.

use std::collections::BTreeMap;

use caravan_planning::{
    DepartureKey, DeparturePlan, Fill, Readiness, ReceptacleKey, Size, Stream, Vehicle, VehicleKey, Waiting,
    plan_loading,
};
use caravan_postal::Grams;

use super::{Station, unsigned};
use crate::departure::{Departure, DepartureState, LeftBehind};
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::{DepartureId, ReceptacleId};

/// What would leave on one departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The departure's key.
    pub departure: String,
    /// How many vehicles it has.
    pub vehicles: usize,
    /// How many of them would be used.
    pub vehicles_used: usize,
    /// How many are needed at the least: the lower bound.
    pub vehicles_needed: usize,
    /// The receptacles that would leave, by name.
    pub receptacles: Vec<String>,
    /// How many receptacles the same items would need at the least.
    pub receptacles_bound: usize,
    /// What would leave, added up.
    pub content: Size,
    /// How full the vehicles would be together.
    pub fill: Fill,
    /// What is there and would stay, with the reason.
    pub stays: Vec<LeftBehind>,
}

impl Station {
    /// Returns what would leave on the next departures after a moment. Receptacles that stand open count as if they
    /// were closed in time; vehicles that nobody has announced yet count as the timetable promises them.
    pub fn outlook(&mut self, now_ms: i64, departures: usize) -> Vec<Outlook> {
        self.now_ms = now_ms;
        self.plan_again();
        self.plan_departures();
        let ahead = self.state.departures.values().filter(|departure| {
            departure.departs_ms >= now_ms && departure.state != DepartureState::Departed
        });
        let mut ahead: Vec<&Departure> = ahead.collect();
        ahead.sort_by_key(|departure| (departure.departs_ms, departure.id));
        ahead.truncate(departures);
        let waiting: Vec<Waiting> =
            self.state.receptacles.values().filter_map(|found| self.would_wait(found)).collect();
        let planned: Vec<_> = ahead.iter().map(|departure| self.as_promised(departure.id)).collect();
        let plan = plan_loading(&waiting, &planned);
        let keys: BTreeMap<DepartureKey, &Departure> =
            ahead.iter().map(|departure| (DepartureKey(unsigned(departure.id.0)), *departure)).collect();
        plan.departures.iter().map(|one| self.look(keys[&one.departure], one)).collect()
    }

    fn would_wait(&self, receptacle: &Receptacle) -> Option<Waiting> {
        use ReceptacleState::{Closed, Disputed, Open, Received, Weighing};
        let is_here = matches!(receptacle.state, Open | Weighing | Closed | Received | Disputed);
        let stream = self.stream_of(receptacle)?;
        if !is_here || (receptacle.items == 0 && !receptacle.is_through()) {
            return None;
        }
        let mut waiting = self.as_waiting(receptacle, stream);
        if waiting.readiness != Readiness::Held {
            waiting.readiness = Readiness::Ready { at_ms: receptacle.opened_ms };
        }
        Some(waiting)
    }

    /// Returns a departure with its announced containers, and for those that are not announced what its route promises.
    fn as_promised(&self, id: DepartureId) -> caravan_planning::Departure {
        let mut planned = self.as_planned(id);
        let departure = &self.state.departures[&id];
        let vehicles =
            self.config.route(&departure.route).map(|route| route.vehicles.as_slice()).unwrap_or_default();
        let own = self.containers_of(&departure.key).filter(|container| !container.is_through);
        for limits in vehicles.iter().skip(own.count()) {
            let key = VehicleKey(u64::MAX - planned.vehicles.len() as u64);
            let (loaded, tare) = (Size::default(), Grams(0));
            planned.vehicles.push(Vehicle { key, limits: *limits, loaded, tare, is_closed: false });
        }
        planned
    }

    fn look(&self, departure: &Departure, plan: &DeparturePlan) -> Outlook {
        let loaded = plan.loads.iter().flat_map(|load| &load.receptacles);
        let loaded: Vec<&Receptacle> = loaded.map(|key| self.receptacle_of(*key)).collect();
        let stays = plan.missed.iter().map(|(key, reason)| LeftBehind {
            subject: self.receptacle_of(*key).name(),
            reason: reason.finding().code.name.to_owned(),
        });
        Outlook {
            departure: departure.key.clone(),
            vehicles: plan.loads.len(),
            vehicles_used: plan.vehicles_used,
            vehicles_needed: plan.vehicles_needed,
            receptacles_bound: self.receptacles_bound(&loaded),
            receptacles: loaded.iter().map(|receptacle| receptacle.name()).collect(),
            content: plan.loads.iter().map(|load| load.content).sum(),
            fill: plan.fill,
            stays: stays.collect(),
        }
    }

    /// Returns how many receptacles the items need at the least: by stream, the dimension that needs most.
    fn receptacles_bound(&self, receptacles: &[&Receptacle]) -> usize {
        let through = receptacles.iter().filter(|receptacle| receptacle.is_through()).count();
        let mut streams: BTreeMap<Stream, Size> = BTreeMap::new();
        for receptacle in receptacles {
            let Some(stream) = receptacle.stream else { continue };
            *streams.entry(stream).or_default() +=
                Size { weight: receptacle.content, volume: receptacle.volume, count: receptacle.items };
        }
        let needed = streams.iter().map(|(stream, content)| {
            let rules = self.stand.rules().of(*stream);
            let weight = (rules.limits.weight - rules.tare).0.max(1);
            let by_weight = content.weight.0.div_ceil(weight);
            let by_volume = content.volume.0.div_ceil(rules.limits.volume.0.max(1));
            let by_count = rules.limits.count.map_or(0, |count| content.count.div_ceil(count.max(1)));
            usize::try_from(by_weight.max(by_volume).max(u64::from(by_count))).unwrap_or(usize::MAX)
        });
        through + needed.sum::<usize>()
    }

    fn receptacle_of(&self, key: ReceptacleKey) -> &Receptacle {
        let id = ReceptacleId(i64::try_from(key.0).expect("keys are receptacles"));
        &self.state.receptacles[&id]
    }
}
