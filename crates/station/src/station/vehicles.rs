//! The vehicles of a departure: which of those that its route promises stand there, and how their loads must lie on its way.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{LoadPlan, RoadDays, Stowage, VehicleKey};
use caravan_postal::Grams;

use super::{Station, unsigned};
use crate::ContainerId;
use crate::config::{Route, RouteVehicle};
use crate::departure::{Container, ContainerState, Departure};
use crate::operation::AnnouncedAs;
use crate::receptacle::Receptacle;

impl Station {
    /// Returns on which days the way of a departure takes the roads of each country, as things are said to be.
    pub(super) fn roads_of(&self, departure: &Departure) -> RoadDays {
        let leaves = self.config.day(departure.departs_ms);
        let route = self.config.route(&departure.route);
        route.map(|route| self.config.road_days(route, self.network.as_deref(), leaves)).unwrap_or_default()
    }

    /// Returns the places of the vehicles that the route of a departure promises and nobody has announced.
    pub(super) fn free_places(&self, departure: &Departure, route: &Route) -> Vec<usize> {
        let own = self.containers_of(&departure.key).filter(|container| !container.is_through);
        let (mut taken, mut unnamed) = (BTreeSet::new(), 0);
        for container in own {
            match container.announced_as.as_ref().filter(|own| own.route == route.name) {
                Some(own) => drop(taken.insert(own.place)),
                None => unnamed += 1,
            }
        }
        let is_free = |place: &usize| u32::try_from(*place).is_ok_and(|place| !taken.contains(&place));
        (0..route.vehicles.len()).filter(is_free).skip(unnamed).collect()
    }

    /// Returns as which of the vehicles of a route a container is announced: the first that is free, of its type where one
    /// is named; one more is like the first of its type.
    pub(super) fn place_for(
        &self,
        departure: &Departure,
        route: &Route,
        as_what: &AnnouncedAs,
    ) -> Option<usize> {
        let is_such = |place: &usize| match (&as_what.equipment, route.vehicles.get(*place)) {
            (None, vehicle) => vehicle.is_some(),
            (Some(wanted), Some(RouteVehicle::Typed(vehicle))) => vehicle.equipment.as_str() == wanted,
            (Some(_), Some(RouteVehicle::Stated(_)) | None) => false,
        };
        let free = self.free_places(departure, route).into_iter().find(is_such);
        free.or_else(|| (0..route.vehicles.len()).find(is_such).filter(|_| as_what.is_extra))
    }

    /// Returns the most that a container may hold on the way of a departure; `None` for another office's whose type no table
    /// knows.
    pub(super) fn payload_of(
        &self,
        container: &Container,
        departure: &Departure,
        roads: &RoadDays,
    ) -> Option<Grams> {
        let route = self.config.route(&departure.route)?;
        let by_type = self.config.payload_on(container, route, roads);
        by_type.or_else(|| (!container.is_through).then_some(container.payload))
    }

    /// Returns how the load of a container lies on the way of a departure, where that can be told: how another office has
    /// loaded its sealed box is not known.
    pub(super) fn laid(&self, container: &Container, departure: &Departure) -> Option<LoadPlan> {
        let inside: Vec<&Receptacle> = (self.state.receptacles.values())
            .filter(|found| !container.is_through && found.container == Some(container.id))
            .collect();
        if inside.is_empty() {
            return None;
        }
        let route = self.config.route(&departure.route);
        let roads = self.roads_of(departure);
        let stowage = self.config.stowage_of(container, route.map(|route| (route, &roads)))?;
        Some(self.config.load_plan(route, &stowage, &inside))
    }

    /// Returns how the loads of a departure's own containers must lie, with what lies in them.
    pub(super) fn stowage_on(
        &self,
        departure: &Departure,
        roads: &RoadDays,
    ) -> BTreeMap<VehicleKey, Stowage> {
        let route = self.config.route(&departure.route);
        let way = route.map(|route| (route, roads));
        let open = self
            .containers_of(&departure.key)
            .filter(|container| !container.is_through && container.state != ContainerState::Sealed);
        let mut stowage: BTreeMap<ContainerId, Stowage> = open
            .filter_map(|container| Some((container.id, self.config.stowage_of(container, way)?)))
            .collect();
        if stowage.is_empty() {
            return BTreeMap::new();
        }
        for receptacle in self.state.receptacles.values() {
            let into = receptacle.container.and_then(|container| stowage.get_mut(&container));
            if let Some(into) = into {
                into.lying.extend(self.config.pieces(route, &[receptacle]));
            }
        }
        let keyed = stowage.into_iter().map(|(id, stowage)| (VehicleKey(unsigned(id.0)), stowage));
        keyed.collect()
    }
}
