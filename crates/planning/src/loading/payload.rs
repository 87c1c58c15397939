//! How much a box or a truck may carry on its way: the strictest of plate, line and road, by name.

use std::collections::BTreeSet;

use caravan_postal::{Country, Grams};
use chrono::NaiveDate;

use super::VehicleLimits;
use super::rules::{Equipment, LoadingRules, RailLine, RoadLimit};
use crate::table::{Confidence, RowId};

/// What a box or body is, and by what it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Haul {
    /// Its type.
    pub equipment: RowId,
    /// What its own plate says, where somebody has read it.
    pub plate: Option<Plate>,
    /// The rail lines that it passes.
    pub lines: BTreeSet<RowId>,
    /// The countries whose roads it passes, each with the days on which it is there, and with what truck.
    pub roads: Option<(RoadDays, Truck)>,
}

/// On which days roads are travelled, by country: limits differ by season, so that each is asked for its own days.
pub type RoadDays = BTreeSet<(Country, NaiveDate)>;

/// What the plate of a box says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plate {
    /// The tare.
    pub tare: Grams,
    /// The greatest gross weight.
    pub gross_max: Grams,
}

/// A truck on the road.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truck {
    /// The axles of the whole vehicle, trailer included.
    pub axles: u32,
    /// Whether it is a tractor with a semi-trailer.
    pub is_articulated: bool,
    /// What it weighs without the payload; a box on it counts.
    pub tare: Grams,
    /// The agreements under which it travels.
    pub agreements: BTreeSet<String>,
}

/// What limits a payload.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binding {
    /// The plate of the box, or the row of its type.
    Plate,
    /// The gross weight of a box on a line.
    Line(RowId),
    /// The gross weight of a truck in a country.
    RoadGross(RowId),
    /// The axles of a truck in a country, were all of them loaded alike.
    RoadAxles(RowId),
}

/// The payload and what limits it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The greatest payload.
    pub payload: Grams,
    /// The limit that binds; among equals the first of plate, line, road.
    pub binding: Binding,
    /// Every limit that was asked, the strictest first.
    pub limits: Vec<(Grams, Binding)>,
    /// Conditions under which a limit holds, for people to judge; the plan keeps to it in any case.
    pub conditions: Vec<String>,
    /// Countries for whose roads no row says anything on one of the days.
    pub unknown_roads: BTreeSet<Country>,
    /// How sure the row that binds is.
    pub confidence: Confidence,
}

/// Why no payload can be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// No row describes the type.
    #[error("equipment `{0}` is not in the tables")]
    UnknownEquipment(RowId),
    /// No row describes the line.
    #[error("rail line `{0}` is not in the tables")]
    UnknownLine(RowId),
}

impl LoadingRules {
    /// Returns the payload of a haul.
    pub fn payload(&self, haul: &Haul) -> Result<Payload, PayloadError> {
        let unknown = || PayloadError::UnknownEquipment(haul.equipment.clone());
        let equipment = self.equipment.get(&haul.equipment).ok_or_else(unknown)?;
        let by_plate = haul.plate.map_or(equipment.payload, |plate| plate.gross_max - plate.tare);
        let mut limits = vec![(by_plate, Binding::Plate, equipment.row.confidence)];
        for id in &haul.lines {
            let line = self.rail.get(id).ok_or_else(|| PayloadError::UnknownLine(id.clone()))?;
            let tare = haul.plate.map(|plate| plate.tare).or(equipment.tare).unwrap_or_default();
            if let Some(gross) = line.box_max(equipment) {
                limits.push((gross - tare, Binding::Line(id.clone()), line.row.confidence));
            }
        }
        let (mut conditions, mut unknown_roads) = (Vec::new(), BTreeSet::new());
        if let Some((days, truck)) = &haul.roads {
            for (country, day) in days {
                let rows = self.road.values().filter(|row| row.holds(*country, truck, *day));
                let rows: Vec<&RoadLimit> = rows.collect();
                if rows.is_empty() {
                    unknown_roads.insert(*country);
                }
                conditions.extend(rows.iter().filter_map(|row| row.condition.clone()));
                limits.extend(rows.iter().flat_map(|row| row.payloads(truck)));
            }
        }
        conditions.sort_unstable();
        conditions.dedup();
        limits.sort();
        limits.dedup();
        let (payload, binding, confidence) = limits[0].clone();
        let limits = limits.into_iter().map(|(payload, binding, _)| (payload, binding)).collect();
        Ok(Payload { payload, binding, limits, conditions, unknown_roads, confidence })
    }

    /// Returns the greatest load of a single axle on the roads of a haul, and the row that says so; `None` where no row does.
    ///
    /// What the axles bear of a load tells [`AxleGeometry::loads`](super::AxleGeometry::loads).
    pub fn axle_max(&self, haul: &Haul) -> Option<(Grams, RowId)> {
        let (days, truck) = haul.roads.as_ref()?;
        let holds = |row: &&RoadLimit| days.iter().any(|(country, day)| row.holds(*country, truck, *day));
        let rows = self.road.values().filter(holds);
        rows.filter_map(|row| Some((row.axle_max?, row.row.id.clone()))).min()
    }

    /// Returns the limits of a vehicle of a type for a plan.
    pub fn vehicle_limits(&self, haul: &Haul, usable_permille: u16) -> Result<VehicleLimits, PayloadError> {
        let payload = self.payload(haul)?;
        let equipment = &self.equipment[&haul.equipment];
        let by_plate = payload.limits.iter().find(|(_, binding)| *binding == Binding::Plate);
        Ok(VehicleLimits {
            plate_payload: by_plate.map_or(payload.payload, |(payload, _)| *payload),
            line_limit: (payload.binding != Binding::Plate).then_some(payload.payload),
            volume: equipment.volume,
            usable_permille,
            count: None,
        })
    }
}

impl RailLine {
    /// Returns the greatest gross weight of a box; anything longer than 20 ft counts as a 40-ft box, alone on its wagon.
    fn box_max(&self, equipment: &Equipment) -> Option<Grams> {
        let limit = if equipment.feet? == 20 { self.box_20_max } else { self.box_40_max };
        Some(limit.min(self.wagon_gross_max))
    }
}

impl RoadLimit {
    fn holds(&self, country: Country, truck: &Truck, day: NaiveDate) -> bool {
        self.row.covers(day)
            && self.countries.contains(&country)
            && (!self.is_articulated_only || truck.is_articulated)
            && self.season.is_none_or(|season| season.covers(day))
            && self.agreement.as_ref().is_none_or(|agreement| truck.agreements.contains(agreement))
    }

    fn payloads(&self, truck: &Truck) -> impl Iterator<Item = (Grams, Binding, Confidence)> {
        let by_axles = self.gross_by_axles.range(..=truck.axles).next_back().map(|(_, gross)| *gross);
        let gross = [self.gross_max, by_axles].into_iter().flatten().min();
        let gross = gross.map(|gross| (gross - truck.tare, Binding::RoadGross(self.row.id.clone())));
        let axles = self.axle_max.map(|axle| {
            let gross = Grams(axle.0.saturating_mul(u64::from(truck.axles)));
            (gross - truck.tare, Binding::RoadAxles(self.row.id.clone()))
        });
        let confidence = self.row.confidence;
        gross.into_iter().chain(axles).map(move |(payload, binding)| (payload, binding, confidence))
    }
}
