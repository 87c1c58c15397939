//! The outlook: what would leave on the next departures if nothing more happened, and how good that would be.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{
    Balance, CutOffs, DeparturePlan, Dimension, Fill, Readiness, ReceptacleKey, Size, Stowage, Stream,
    Vehicle, VehicleKey, VehicleLoad, Waiting, plan_loading,
};
use caravan_postal::{Finding, Grams, ReceptacleKind};

use super::Station;
use crate::config::RouteVehicle;
use crate::departure::{Departure, DepartureState, WayOutlook, route_name};
use crate::gate::Shut;
use crate::operation::LEFT_NO_DEPARTURE;
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::{ContainerId, DepartureId, ReceptacleId};

/// The key of the first vehicle that a route promises and nobody has announced; those of the next ones are lower.
const PROMISED: u64 = u64::MAX;

/// What would leave on one departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// The departure's key.
    pub departure: String,
    /// When it leaves.
    pub departs_ms: i64,
    /// Until when each step before it must be done, where its route is in the settings.
    pub cut_offs: Option<CutOffs>,
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
    /// How its way goes, where its route has one through the network.
    pub way: Option<WayOutlook>,
    /// Its vehicles, one by one.
    pub loads: Vec<LoadOutlook>,
    /// What is there and would stay, with the reason.
    pub stays: Vec<Stays>,
    /// The containers that stand for it and could not leave as they are.
    pub gate: Vec<Shut>,
}

/// What would leave in one vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadOutlook {
    /// The container's number or the plate; `None` for one that nobody has announced.
    pub vehicle: Option<String>,
    /// Its type, where the route names one.
    pub equipment: Option<String>,
    /// What may be loaded by weight.
    pub payload: Grams,
    /// What limits that: the plate, a line, a road, a row of the tables; `None` where the settings state it.
    pub limit: Option<String>,
    /// How many receptacles would be in it.
    pub receptacles: u32,
    /// How full it would be in its fullest dimension, in per mille.
    pub fill_permille: u32,
    /// The dimension that binds.
    pub binding: Dimension,
    /// Whether it would be held back for a later departure, because it is too empty.
    pub is_held_back: bool,
    /// Whether it takes nothing but what is locked to it.
    pub is_closed: bool,
    /// Where the centre of gravity would lie, where the inside of its type is known and something is in it.
    pub balance: Option<Balance>,
    /// What the heaviest axle of a truck would bear, and the most that the roads of its way allow.
    pub axle: Option<(Grams, Grams)>,
}

/// A receptacle, or a container, that would stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stays {
    /// What it is called.
    pub subject: String,
    /// Why, by the name of the reason.
    pub reason: &'static str,
    /// What the reason says of numbers and names.
    pub arguments: Vec<String>,
}

impl Station {
    /// Returns what would leave on the next departures after a moment. Receptacles that stand open count as if they
    /// were closed in time; vehicles that nobody has announced yet count as the timetable promises them. What waits for a
    /// cut-off counts once [`bag_all_that_waits`](Self::bag_all_that_waits) has bagged it.
    pub fn outlook(&mut self, now_ms: i64, departures: usize) -> Vec<Outlook> {
        self.now_ms = now_ms;
        self.plan_again();
        self.plan_departures();
        let mut ahead: Vec<&Departure> =
            self.state.departures.values().filter(|departure| self.is_ahead(departure)).collect();
        ahead.sort_by_key(|departure| (departure.departs_ms, departure.id));
        let mut waiting: Vec<Waiting> =
            self.state.receptacles.values().filter_map(|found| self.would_wait(found)).collect();
        let planned: Vec<_> = ahead.iter().map(|departure| self.as_promised(departure.id)).collect();
        let mut outlooks = Vec::with_capacity(ahead.len());
        // Whether one waits depends on those behind it, shown or not.
        for (index, departure) in ahead.iter().enumerate().take(departures) {
            // What may not go this way may go with a later departure.
            let (barred, free) = self.divide(departure, &waiting);
            let plan = plan_loading(&free, &planned[index..]);
            let Some(own) = plan.departures.iter().find(|one| one.departure == planned[index].key) else {
                continue;
            };
            let gone: BTreeSet<ReceptacleKey> =
                own.loads.iter().flat_map(|load| load.receptacles.iter().copied()).collect();
            waiting.retain(|one| !gone.contains(&one.receptacle));
            outlooks.push(self.look(departure, &planned[index], own, barred));
        }
        outlooks
    }

    /// Returns what stands here and no departure that is planned would take: receptacles for offices that none of them
    /// serves, by name, and then the containers that stand for none. Asked after [`outlook`](Self::outlook), at its moment.
    pub fn stranded(&self) -> Vec<Stays> {
        let ahead: Vec<&Departure> =
            self.state.departures.values().filter(|departure| self.is_ahead(departure)).collect();
        let is_left = |one: &Waiting| !ahead.iter().any(|departure| self.takes(departure, one));
        let waiting = self.state.receptacles.values().filter_map(|found| self.would_wait(found));
        let waiting: Vec<Waiting> = waiting.filter(is_left).collect();
        let left = plan_loading(&waiting, &[]).left_behind;
        let left = left.iter().map(|(key, reason)| stays(self.receptacle_of(*key).name(), reason.finding()));
        let mut stranded: Vec<Stays> = left.collect();
        stranded.sort_unstable_by(|one, other| one.subject.cmp(&other.subject));
        let containers = self.state.containers.values().filter(|container| self.is_stranded(container));
        stranded.extend(containers.map(|container| {
            stays(container.number.clone(), LEFT_NO_DEPARTURE.finding([route_name(&container.departure)]))
        }));
        stranded
    }

    fn is_ahead(&self, departure: &Departure) -> bool {
        departure.departs_ms >= self.now_ms && departure.state != DepartureState::Departed
    }

    /// Returns whether the route of a departure serves where a receptacle goes, and nothing has taken the office off it.
    fn takes(&self, departure: &Departure, one: &Waiting) -> bool {
        let office = one.stream.destination;
        let route = self.config.route(&departure.route);
        route.is_some_and(|route| route.offices.contains(&office)) && !departure.is_without(office)
    }

    /// Divides what waits into what may not go the way of a departure, and the rest.
    fn divide(&self, departure: &Departure, waiting: &[Waiting]) -> (Vec<Stays>, Vec<Waiting>) {
        let (mut barred, mut free) = (Vec::new(), Vec::new());
        for one in waiting {
            let receptacle = self.receptacle_of(one.receptacle);
            let finding = self.takes(departure, one).then(|| self.barred(departure.id, receptacle)).flatten();
            match finding {
                Some(finding) => barred.push(stays(receptacle.name(), finding)),
                None => free.push(*one),
            }
        }
        (barred, free)
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
    pub(super) fn as_promised(&self, id: DepartureId) -> caravan_planning::Departure {
        let mut planned = self.as_planned(id);
        let departure = &self.state.departures[&id];
        let Some(route) = self.config.route(&departure.route) else { return planned };
        let roads = self.roads_of(departure);
        for place in self.free_places(departure, route) {
            let Some(promised) = self.config.vehicle(route, place, &roads) else { continue };
            let key = VehicleKey(PROMISED - place as u64);
            let (limits, tare, loaded) = (promised.limits, promised.tare, Size::default());
            planned.vehicles.push(Vehicle { key, limits, loaded, tare, is_closed: false });
            if let RouteVehicle::Typed(vehicle) = &route.vehicles[place] {
                let named = (vehicle.equipment.as_str(), Some(vehicle));
                let stowage = self.config.stowage(named, limits.capacity(), Some((route, &roads)));
                planned.stowage.extend(stowage.map(|stowage| (key, stowage)));
            }
        }
        planned
    }

    /// Returns one vehicle of a plan for people.
    fn look_into(
        &self,
        departure: &Departure,
        (vehicle, stowage): (&Vehicle, Option<&Stowage>),
        load: &VehicleLoad,
        plan: &DeparturePlan,
    ) -> LoadOutlook {
        let id = ContainerId(i64::try_from(load.vehicle.0).unwrap_or(i64::MAX));
        let container = self.state.containers.get(&id);
        let route = self.config.route(&departure.route);
        let typed = route.and_then(|route| match container {
            Some(container) => self.config.vehicle_of(container, route),
            None => match route.vehicles.get(usize::try_from(PROMISED - load.vehicle.0).ok()?)? {
                RouteVehicle::Typed(vehicle) => Some(vehicle),
                RouteVehicle::Stated(_) => None,
            },
        });
        let limit = typed.zip(route);
        let limit =
            limit.and_then(|(typed, route)| self.config.binding(typed, route, &self.roads_of(departure)));
        let equipment = match container {
            Some(container) => container.equipment.clone(),
            None => typed.map(|typed| typed.equipment.to_string()),
        };
        let inside: Vec<&Receptacle> = load.receptacles.iter().map(|key| self.receptacle_of(*key)).collect();
        let lies = stowage.filter(|stowage| !inside.is_empty() || !stowage.lying.is_empty());
        let lies = lies.map(|stowage| self.config.load_plan(route, stowage, &inside));
        LoadOutlook {
            axle: lies.as_ref().and_then(|plan| plan.axle),
            vehicle: container.map(|container| container.number.clone()),
            equipment,
            payload: load.capacity.weight,
            limit,
            receptacles: load.content.count,
            fill_permille: load.fill_permille(),
            binding: load.binding(),
            is_held_back: plan.held_back.contains(&load.vehicle),
            is_closed: vehicle.is_closed,
            balance: lies.map(|plan| plan.balance),
        }
    }

    fn look(
        &self,
        departure: &Departure,
        planned: &caravan_planning::Departure,
        plan: &DeparturePlan,
        mut barred: Vec<Stays>,
    ) -> Outlook {
        let route = self.config.route(&departure.route);
        let loaded = plan.loads.iter().flat_map(|load| &load.receptacles);
        let loaded: Vec<&Receptacle> = loaded.map(|key| self.receptacle_of(*key)).collect();
        let missed = plan.missed.iter();
        barred.extend(missed.map(|(key, reason)| stays(self.receptacle_of(*key).name(), reason.finding())));
        let loads = planned.vehicles.iter().zip(&plan.loads);
        Outlook {
            departure: departure.key.clone(),
            departs_ms: departure.departs_ms,
            cut_offs: route.map(|route| CutOffs {
                dispatch_close_ms: departure.dispatch_close_ms,
                sealed_ms: departure.seal_ms,
                ..route.leads.before(departure.departs_ms)
            }),
            vehicles: plan.loads.len(),
            vehicles_used: plan.vehicles_used,
            vehicles_needed: plan.vehicles_needed,
            receptacles_bound: self.receptacles_bound(&loaded),
            receptacles: loaded.iter().map(|receptacle| receptacle.name()).collect(),
            content: plan.loads.iter().map(|load| load.content).sum(),
            fill: plan.fill,
            way: departure.outlook.clone(),
            loads: loads
                .map(|(vehicle, load)| {
                    let stowage = planned.stowage.get(&vehicle.key);
                    self.look_into(departure, (vehicle, stowage), load, plan)
                })
                .collect(),
            stays: barred,
            gate: self.shut_for(departure.id),
        }
    }

    /// Returns how many receptacles the items need at the least: by stream, the dimension that needs most.
    fn receptacles_bound(&self, receptacles: &[&Receptacle]) -> usize {
        // What comes through stays as it is, and so does an item that is its own receptacle.
        let is_whole = |receptacle: &&&Receptacle| {
            receptacle.is_through() || receptacle.kind == ReceptacleKind::OutsidePiece
        };
        let whole = receptacles.iter().filter(is_whole).count();
        let mut streams: BTreeMap<Stream, Size> = BTreeMap::new();
        for receptacle in receptacles.iter().filter(|receptacle| !is_whole(receptacle)) {
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
        whole + needed.sum::<usize>()
    }

    fn receptacle_of(&self, key: ReceptacleKey) -> &Receptacle {
        let id = ReceptacleId(i64::try_from(key.0).expect("keys are receptacles"));
        &self.state.receptacles[&id]
    }
}

fn stays(subject: String, finding: Finding) -> Stays {
    Stays {
        subject,
        reason: finding.code.name,
        arguments: finding.arguments.into_iter().map(String::from).collect(),
    }
}
