//! The vehicles of the routes: by limits of their own, or by a type of equipment and what line and roads allow.

use std::collections::BTreeMap;

use caravan_planning::{
    AxleLimit, BalanceRules, Binding, Capacity, Equipment, Haul, LoadPlan, LoadingRules, Network, Piece,
    ReceptacleKey, RoadDays, RowId, Stowage, TableText, Truck, VehicleLimits, arrange,
};
use caravan_postal::{Grams, Impc, Volume};
use chrono::NaiveDate;
use serde::Deserialize;

use super::file::{fault, positive, thousand, value};
use super::{Config, ConfigError, Route, Way};
use crate::departure::Container;
use crate::receptacle::Receptacle;

/// The rules by which the balance of a load is judged.
const BALANCE: &str = "ctu-code";

/// A vehicle or container that a route promises for each of its departures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteVehicle {
    /// With limits that the settings state.
    Stated(VehicleLimits),
    /// Of a type: what it may carry is asked of the tables for the days on which it travels.
    Typed(TypedVehicle),
}

/// A vehicle of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedVehicle {
    /// The type.
    pub equipment: RowId,
    /// The truck, where the roads are to be asked.
    pub truck: Option<Truck>,
    /// How much of the volume bags can fill, in per mille.
    pub usable_permille: u16,
    /// Where its axles are, where that is known.
    pub geometry: Option<RowId>,
}

/// A vehicle on the days of a departure's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleOnDay {
    /// What it may carry.
    pub limits: VehicleLimits,
    /// What it weighs empty, where its type says so.
    pub tare: Grams,
    /// Its type.
    pub equipment: Option<String>,
}

/// When a vehicle for a partner leaves although it is not full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holding {
    /// How full it must be, in per mille; 0 for whatever is in it.
    pub fill_min_permille: u32,
    /// Within how many days its mail should arrive.
    pub target_days: Option<u32>,
    /// After how many days without a dispatch it leaves in any case.
    pub every_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VehicleTable {
    #[serde(rename = "type")]
    equipment: Option<String>,
    /// The axles of the whole truck, and what it weighs without its load: needed where the roads are to be asked.
    axles: Option<u32>,
    truck_tare_kg: Option<u64>,
    /// Whether it is a tractor with a trailer, which most are; said to be otherwise for a rigid truck.
    is_articulated: Option<bool>,
    /// Where its axles are: a row of the tables.
    geometry: Option<String>,
    #[serde(default)]
    agreements: Vec<String>,
    payload_kg: Option<u64>,
    line_limit_kg: Option<u64>,
    volume_dm3: Option<u64>,
    usable_permille: u16,
}

/// What the vehicles of a route have in common.
pub(super) struct Common<'a> {
    pub(super) way: Option<&'a Way>,
    pub(super) line: Option<&'a RowId>,
    pub(super) day: NaiveDate,
}

/// Reads the rules of loading with the station's own rows laid over them.
pub(super) fn loading(own: &toml::Table) -> Result<LoadingRules, ConfigError> {
    Ok(LoadingRules::load(&[TableText { name: "loading", text: &own.to_string() }])?)
}

impl VehicleTable {
    pub(super) fn read(
        &self,
        common: &Common<'_>,
        rules: Option<&LoadingRules>,
        network: Option<&Network>,
    ) -> Result<RouteVehicle, ConfigError> {
        let usable_permille = match self.usable_permille {
            permille @ 1..=1000 => permille,
            other => {
                let field = "route.vehicles.usable_permille";
                return Err(fault(field, &other.to_string(), "a share from 1 to 1000"));
            }
        };
        let Some((equipment, rules)) = self.equipment.as_ref().zip(rules) else {
            let missing = |field: &str| fault(field, "", "a number where the vehicle has no `type`");
            let payload = self.payload_kg.ok_or_else(|| missing("route.vehicles.payload_kg"))?;
            let limit = self.line_limit_kg.map(|limit| thousand("route.vehicles.line_limit_kg", limit));
            let volume = self.volume_dm3.ok_or_else(|| missing("route.vehicles.volume_dm3"))?;
            return Ok(RouteVehicle::Stated(VehicleLimits {
                plate_payload: Grams(thousand("route.vehicles.payload_kg", payload)?),
                line_limit: limit.transpose()?.map(Grams),
                volume: Volume(thousand("route.vehicles.volume_dm3", volume)?),
                usable_permille,
                count: None,
            }));
        };
        if self.payload_kg.is_some() || self.volume_dm3.is_some() || self.line_limit_kg.is_some() {
            return Err(fault("route.vehicles.type", equipment, "alone, without limits of its own"));
        }
        let known = |text: &str| rules.equipment(text).map(|found| found.row.id.clone());
        let equipment = value("route.vehicles.type", equipment, "a type of equipment in the tables", known)?;
        let truck = self.truck()?;
        let days = road_days(common.way, network, common.day);
        let haul = Haul {
            equipment: equipment.clone(),
            plate: None,
            lines: common.line.cloned().into_iter().collect(),
            roads: truck.clone().map(|truck| (days, truck)),
        };
        // Where the tables are silent it is found when they are asked.
        if rules.payload(&haul).is_ok_and(|payload| payload.payload == Grams(0)) {
            let (found, expected) = match self.truck_tare_kg {
                Some(tare) => {
                    (tare.to_string(), "a weight with which the roads of its way leave something to carry")
                }
                None => (haul.equipment.to_string(), "a type that its line leaves something to carry"),
            };
            let field = if self.truck_tare_kg.is_some() { "truck_tare_kg" } else { "type" };
            return Err(fault(&format!("route.vehicles.{field}"), &found, expected));
        }
        let known = |text: &str| rules.axle_geometry(text).map(|found| found.row.id.clone());
        let geometry = self.geometry.as_ref();
        let geometry = geometry
            .map(|text| value("route.vehicles.geometry", text, "a row of `axles` in the tables", known));
        let geometry = geometry.transpose()?;
        Ok(RouteVehicle::Typed(TypedVehicle { equipment, truck, usable_permille, geometry }))
    }

    fn truck(&self) -> Result<Option<Truck>, ConfigError> {
        let (axles, tare) = match (self.axles, self.truck_tare_kg) {
            (Some(axles), Some(tare)) => (axles, tare),
            (None, None) => return Ok(None),
            // With one of them alone no road would be asked, and nobody would know.
            (Some(_), None) => {
                return Err(fault(
                    "route.vehicles.truck_tare_kg",
                    "",
                    "a number where the vehicle has `axles`",
                ));
            }
            (None, Some(_)) => {
                return Err(fault(
                    "route.vehicles.axles",
                    "",
                    "a number where the vehicle has `truck_tare_kg`",
                ));
            }
        };
        Ok(Some(Truck {
            axles: positive("route.vehicles.axles", axles)?,
            is_articulated: self.is_articulated.unwrap_or(true),
            tare: Grams(thousand("route.vehicles.truck_tare_kg", tare)?),
            agreements: self.agreements.iter().cloned().collect(),
        }))
    }
}

/// Returns the countries whose roads a way takes and the days on which it is there, for what leaves on a day: as it is
/// planned with the waits that are known, or were nothing closed where it would not come through.
pub(super) fn road_days(way: Option<&Way>, network: Option<&Network>, leaves: NaiveDate) -> RoadDays {
    let Some((way, network)) = way.zip(network) else { return RoadDays::new() };
    let along = way.along(network, leaves);
    let path = along.as_it_is.or(along.usual).ok();
    let mut days = RoadDays::new();
    for leg in way.legs.iter().map(|leg| &network.legs()[leg]).filter(|leg| leg.carriage.as_str() == "road") {
        let planned =
            path.as_ref().and_then(|path| path.legs.iter().find(|planned| planned.leg == leg.row.id));
        let (from, to) = planned.map_or((leaves, leaves), |planned| (planned.leaves, planned.arrives));
        for day in from.iter_days().take_while(|day| *day <= to) {
            days.extend(leg.countries.iter().map(|country| (*country, day)));
        }
    }
    days
}

impl TypedVehicle {
    /// Returns the vehicle on the way of a route.
    fn haul(&self, route: &Route, roads: &RoadDays) -> Haul {
        Haul {
            equipment: self.equipment.clone(),
            plate: None,
            lines: route.line.clone().into_iter().collect(),
            roads: self.truck.clone().map(|truck| (roads.clone(), truck)),
        }
    }
}

impl Config {
    /// Returns the days on which what leaves a route on a day takes the roads of each country, in the network as things are
    /// said to be.
    pub fn road_days(&self, route: &Route, network: Option<&Network>, leaves: NaiveDate) -> RoadDays {
        road_days(route.way.as_ref(), network.or(self.network.as_ref()), leaves)
    }

    /// Returns one of the vehicles that a route promises, as it is on the days of its way.
    pub fn vehicle(&self, route: &Route, place: usize, roads: &RoadDays) -> Option<VehicleOnDay> {
        match route.vehicles.get(place)? {
            RouteVehicle::Stated(limits) => {
                Some(VehicleOnDay { limits: *limits, tare: Grams(0), equipment: None })
            }
            RouteVehicle::Typed(vehicle) => {
                let rules = self.loading.as_ref()?;
                let haul = vehicle.haul(route, roads);
                let limits = rules.vehicle_limits(&haul, vehicle.usable_permille).ok()?;
                let equipment = rules.equipment(haul.equipment.as_str())?;
                let tare = equipment.tare.unwrap_or_default();
                Some(VehicleOnDay { limits, tare, equipment: Some(haul.equipment.to_string()) })
            }
        }
    }

    /// Returns the vehicle of a type that a container is: the one that it was announced as, wherever it goes now. Of what
    /// came without having been promised it is the first of its type on a route.
    pub fn vehicle_of<'c>(&'c self, container: &Container, route: &'c Route) -> Option<&'c TypedVehicle> {
        let own = container.announced_as.as_ref();
        let own = own.and_then(|own| self.route(&own.route)?.vehicles.get(usize::try_from(own.place).ok()?));
        let is_of_type =
            |vehicle: &&TypedVehicle| container.equipment.as_deref() == Some(vehicle.equipment.as_str());
        typed(own.into_iter()).find(is_of_type).or_else(|| typed(route.vehicles.iter()).find(is_of_type))
    }

    /// Returns what limits the payload of a vehicle of a type on the way of a route, in words of the tables: the plate, a
    /// line, a road.
    pub fn binding(&self, vehicle: &TypedVehicle, route: &Route, roads: &RoadDays) -> Option<String> {
        let payload = self.loading.as_ref()?.payload(&vehicle.haul(route, roads)).ok()?;
        Some(match payload.binding {
            Binding::Plate => "plate".to_owned(),
            Binding::Line(row) => format!("line {row}"),
            Binding::RoadGross(row) => format!("road {row}"),
            Binding::RoadAxles(row) => format!("axles {row}"),
        })
    }

    /// Returns how the load of a box of a type must lie, where its inside is known: with the axles of the vehicle where
    /// somebody has said where they are and a road of the way limits them.
    pub fn stowage(
        &self,
        (equipment, vehicle): (&str, Option<&TypedVehicle>),
        limits: Capacity,
        way: Option<(&Route, &RoadDays)>,
    ) -> Option<Stowage> {
        let rules = self.loading.as_ref()?;
        let found = rules.equipment(equipment)?;
        let axles = vehicle.zip(way).and_then(|(vehicle, (route, roads))| {
            let geometry = rules.axle_geometry(vehicle.geometry.as_ref()?.as_str())?.clone();
            let (most, _) = rules.axle_max(&vehicle.haul(route, roads))?;
            Some(AxleLimit { geometry, most })
        });
        let share = u128::from(limits.volume.0) * 1000 / u128::from(found.volume.0.max(1));
        Some(Stowage {
            inside: found.inside?,
            limits,
            usable_permille: u16::try_from(share.clamp(1, 1000)).unwrap_or(1000),
            rules: self.balance_rules()?.clone(),
            axles,
            lying: Vec::new(),
        })
    }

    /// Returns how the load of a container must lie on the way of a route, where that is known.
    pub fn stowage_of(&self, container: &Container, way: Option<(&Route, &RoadDays)>) -> Option<Stowage> {
        let limits = Capacity { weight: container.payload, volume: container.usable, count: None };
        let vehicle = way.and_then(|(route, _)| self.vehicle_of(container, route));
        self.stowage((container.equipment.as_deref()?, vehicle), limits, way)
    }

    /// Returns a type of equipment of the tables.
    pub fn equipment(&self, id: &str) -> Option<&Equipment> {
        self.loading.as_ref()?.equipment(id)
    }

    /// Returns the most that a container may hold on the way of a route: what the way allows its vehicle, else what the
    /// plate of its type says; `None` for a type that no table knows.
    pub fn payload_on(&self, container: &Container, route: &Route, roads: &RoadDays) -> Option<Grams> {
        let by_way = self.vehicle_of(container, route);
        let by_way = by_way.and_then(|vehicle| {
            self.loading.as_ref()?.payload(&vehicle.haul(route, roads)).ok().map(|payload| payload.payload)
        });
        by_way.or_else(|| Some(self.equipment(container.equipment.as_deref()?)?.payload))
    }

    /// Returns the rules by which the balance of a load is judged.
    pub fn balance_rules(&self) -> Option<&BalanceRules> {
        self.loading.as_ref()?.balance(BALANCE)
    }

    /// Returns how receptacles would lie in a box. The stops are those of the route, in their order; what goes to none of
    /// them comes after the last.
    pub fn load_plan(&self, route: Option<&Route>, stowage: &Stowage, inside: &[&Receptacle]) -> LoadPlan {
        arrange(stowage, &self.pieces(route, inside))
    }

    /// Returns receptacles as they are laid on a route.
    pub fn pieces(&self, route: Option<&Route>, inside: &[&Receptacle]) -> Vec<Piece> {
        let stops = route.map(|route| route.stops.as_slice()).unwrap_or_default();
        let stop_of = |office: Impc| {
            let stop = stops.iter().position(|stop| *stop == office).unwrap_or(stops.len());
            u16::try_from(stop).unwrap_or(u16::MAX)
        };
        let pieces = inside.iter().filter_map(|receptacle| {
            let by_label = || receptacle.s9.map(|s9| s9.dispatch.series().destination);
            let office = receptacle.stream.map(|stream| stream.destination).or_else(by_label)?;
            Some(Piece {
                receptacle: ReceptacleKey(u64::try_from(receptacle.id.0).ok()?),
                weight: receptacle.gross(),
                volume: receptacle.volume,
                stop: stop_of(office),
            })
        });
        pieces.collect()
    }

    /// Returns the greatest weight of all boxes of a train of a route.
    pub fn train_max(&self, route: &Route) -> Option<Grams> {
        Some(self.loading.as_ref()?.rail_line(route.line.as_ref()?.as_str())?.train_gross_max)
    }

    /// Returns when a vehicle for offices leaves although it is not full: the least of their thresholds; `None` where any
    /// of them has none.
    pub fn fill_min(&self, offices: &[Impc]) -> Option<u32> {
        let least = offices
            .iter()
            .map(|office| self.partner(*office).map_or(0, |partner| partner.holding.fill_min_permille));
        least.min().filter(|least| *least > 0)
    }

    /// Returns, by office, after how many days without a dispatch one must leave.
    pub fn every_days(&self) -> BTreeMap<Impc, u32> {
        let rules = self.partners.iter().map(|partner| (partner.office, partner.holding.every_days));
        rules.filter_map(|(office, days)| Some((office, days?))).collect()
    }
}

fn typed<'c>(vehicles: impl Iterator<Item = &'c RouteVehicle>) -> impl Iterator<Item = &'c TypedVehicle> {
    vehicles.filter_map(|vehicle| match vehicle {
        RouteVehicle::Typed(vehicle) => Some(vehicle),
        RouteVehicle::Stated(_) => None,
    })
}
