//! The vehicles of the routes: by limits of their own, or by a type of equipment and what line and roads allow.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{
    Balance, BalanceRules, Binding, Capacity, Equipment, Haul, Inside, LoadPlan, LoadingRules, Network,
    Piece, ReceptacleKey, RowId, TableText, Truck, VehicleLimits, arrange,
};
use caravan_postal::{Country, Grams, Impc, Volume};
use chrono::NaiveDate;
use serde::Deserialize;

use super::file::{fault, positive, thousand, value};
use super::{Config, ConfigError, Route, Way};
use crate::receptacle::Receptacle;

/// The rules by which the balance of a load is judged.
const BALANCE: &str = "ctu-code";

/// A vehicle or container that a route promises for each of its departures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RouteVehicle {
    /// With limits that the settings state.
    Stated(VehicleLimits),
    /// Of a type: what it may carry is asked of the tables for the day of departure.
    Typed {
        /// The type and its way; the day is that of the first timetable.
        haul: Haul,
        /// How much of the volume bags can fill, in per mille.
        usable_permille: u16,
        /// Where its axles are, where that is known.
        geometry: Option<RowId>,
    },
}

/// A vehicle on the day of a departure.
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
        let roads = self.truck()?.map(|truck| (countries(common.way, network), truck));
        let lines = common.line.cloned().into_iter().collect();
        let haul = Haul { equipment, plate: None, lines, roads, day: common.day };
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
        Ok(RouteVehicle::Typed { haul, usable_permille, geometry: geometry.transpose()? })
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

/// Returns the countries whose roads a way takes.
fn countries(way: Option<&Way>, network: Option<&Network>) -> BTreeSet<Country> {
    let legs = way.into_iter().flat_map(|way| &way.legs);
    let legs = legs.filter_map(|leg| network?.legs().get(leg));
    legs.filter(|leg| leg.carriage.as_str() == "road").flat_map(|leg| leg.countries.clone()).collect()
}

impl Config {
    /// Returns one of the vehicles that a route promises, as it is on a day.
    pub fn vehicle(&self, route: &Route, place: usize, day: NaiveDate) -> Option<VehicleOnDay> {
        match route.vehicles.get(place)? {
            RouteVehicle::Stated(limits) => {
                Some(VehicleOnDay { limits: *limits, tare: Grams(0), equipment: None })
            }
            RouteVehicle::Typed { haul, usable_permille, .. } => {
                let rules = self.loading.as_ref()?;
                let haul = Haul { day, ..haul.clone() };
                let limits = rules.vehicle_limits(&haul, *usable_permille).ok()?;
                let equipment = rules.equipment(haul.equipment.as_str())?;
                let tare = equipment.tare.unwrap_or_default();
                Some(VehicleOnDay { limits, tare, equipment: Some(haul.equipment.to_string()) })
            }
        }
    }

    /// Returns what limits the payload of a type of vehicle of a route on a day, in words of the tables: the plate, a line,
    /// a road.
    pub fn binding(&self, route: &Route, equipment: &str, day: NaiveDate) -> Option<String> {
        let haul = route.vehicles.iter().find_map(|vehicle| match vehicle {
            RouteVehicle::Typed { haul, .. } if haul.equipment.as_str() == equipment => Some(haul),
            _ => None,
        })?;
        let payload = self.loading.as_ref()?.payload(&Haul { day, ..haul.clone() }).ok()?;
        Some(match payload.binding {
            Binding::Plate => "plate".to_owned(),
            Binding::Line(row) => format!("line {row}"),
            Binding::RoadGross(row) => format!("road {row}"),
            Binding::RoadAxles(row) => format!("axles {row}"),
        })
    }

    /// Returns what the heaviest axle of a type of vehicle of a route bears of a load on a day, and the most that the roads of
    /// its way allow; `None` where nothing says where its axles are, or no road limits them.
    pub fn heaviest_axle(
        &self,
        route: &Route,
        equipment: &str,
        day: NaiveDate,
        balance: &Balance,
    ) -> Option<(Grams, Grams)> {
        let rules = self.loading.as_ref()?;
        let (haul, geometry) = route.vehicles.iter().find_map(|vehicle| match vehicle {
            RouteVehicle::Typed { haul, geometry, .. } if haul.equipment.as_str() == equipment => {
                Some((haul, geometry.as_ref()?))
            }
            _ => None,
        })?;
        let geometry = rules.axle_geometry(geometry.as_str())?;
        let (most, _) = rules.axle_max(&Haul { day, ..haul.clone() })?;
        Some((geometry.heaviest_axle(&geometry.loads(balance.mass, balance.x_mm)), most))
    }

    /// Returns a type of equipment of the tables.
    pub fn equipment(&self, id: &str) -> Option<&Equipment> {
        self.loading.as_ref()?.equipment(id)
    }

    /// Returns the most that a container of a type may hold on a route on a day: what the way allows where the route has
    /// vehicles of the type, else its plate; `None` for a type that no table knows.
    pub fn payload_on(&self, route: &Route, equipment: &str, day: NaiveDate) -> Option<Grams> {
        let places = 0..route.vehicles.len();
        let own = places.filter_map(|place| self.vehicle(route, place, day));
        let of_type = own.filter(|vehicle| vehicle.equipment.as_deref() == Some(equipment));
        let on_way = of_type.map(|vehicle| vehicle.limits.capacity().weight).max();
        on_way.or_else(|| Some(self.equipment(equipment)?.payload))
    }

    /// Returns the inside of a type of equipment and its volume, where the tables have both.
    pub fn inside(&self, equipment: &str) -> Option<(Inside, Volume)> {
        let found = self.loading.as_ref()?.equipment(equipment)?;
        Some((found.inside?, found.volume))
    }

    /// Returns the rules by which the balance of a load is judged.
    pub fn balance_rules(&self) -> Option<&BalanceRules> {
        self.loading.as_ref()?.balance(BALANCE)
    }

    /// Returns how receptacles would lie in a box of a type on a route, where the inside of it is known. The stops are
    /// those of the route, in their order; what goes to none of them comes after the last.
    pub fn load_plan(
        &self,
        route: Option<&Route>,
        equipment: &str,
        limits: Capacity,
        inside: &[&Receptacle],
    ) -> Option<LoadPlan> {
        let (room, volume) = self.inside(equipment)?;
        let rules = self.balance_rules()?;
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
        let pieces: Vec<Piece> = pieces.collect();
        let share = u128::from(limits.volume.0) * 1000 / u128::from(volume.0.max(1));
        let usable_permille = u16::try_from(share.clamp(1, 1000)).unwrap_or(1000);
        Some(arrange(room, limits, usable_permille, &pieces, rules))
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
