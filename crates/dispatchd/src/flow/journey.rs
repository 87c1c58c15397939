//! The way of a consignment as PRECON and CARDIT tell it: by the legs of its route, as far as their ends have a code.

use caravan_edi::consignment::{Leg, Location, Stage, TransportMode};
use caravan_planning::{Carriage, RowId};
use caravan_postal::{Impc, SizeType};
use caravan_station::{Container, Departure};
use chrono::NaiveDate;

use super::Flow;

/// The UN/ECE in UN/EDIFACT data element 3055, whose codes of places are UN/LOCODE.
const UNECE: &str = "6";

impl Flow {
    /// Returns the legs from here to the end of a container's route. One ends where the carriage changes between road and
    /// rail and at every place with a code; where no way is set, or none of its places has one, there is one leg. Of an
    /// arrival no more than the day is known, as borders are said to be. A truck goes the whole way by its plate; the train
    /// and the wagon are those that a container leaves with: what carries it behind a change of gauge nobody tells.
    pub(super) fn journey(&self, container: &Container, end: Impc) -> Vec<Leg> {
        let config = &self.desk.config;
        let departures = &self.station.state().departures;
        let Some(departure) = departures.values().find(|departure| departure.key == container.departure)
        else {
            return Vec::new();
        };
        let Some(route) = config.route(&departure.route) else { return Vec::new() };
        let plate = (!container.is_iso()).then(|| container.number.clone());
        let mut legs: Vec<Leg> = Vec::new();
        for part in self.parts(container, departure) {
            match legs.last_mut().filter(|last| last.mode == Some(part.mode) && last.to.is_none()) {
                Some(last) => (last.to, last.arrives_on) = (part.to, part.arrives_on),
                None => legs.push(Leg {
                    from: part.from,
                    to: part.to,
                    arrives_on: part.arrives_on,
                    ..leg(part.mode)
                }),
            }
        }
        if legs.is_empty() {
            legs.push(leg(match route.mode {
                caravan_tariff::Transport::Rail => TransportMode::Rail,
                caravan_tariff::Transport::Air => TransportMode::Air,
                caravan_tariff::Transport::Road => TransportMode::Road,
            }));
        }
        for leg in &mut legs {
            leg.carrier.clone_from(&route.carrier_code);
            (leg.conveyance, leg.vehicle) = (plate.clone(), plate.clone());
        }
        if let Some(first) = legs.first_mut() {
            first.from = Some(Location::office(config.office.code));
            first.departs_at = Some(config.local(departure.departs_ms));
            first.conveyance = departure.conveyance.clone().or(first.conveyance.take());
            first.vehicle = first.vehicle.take().or_else(|| container.vehicle.clone());
        }
        if let Some(last) = legs.last_mut() {
            last.to = Some(Location::office(end));
        }
        legs
    }

    /// Returns where the carrier takes a container over: as the settings say it, or by rail where its way begins. A truck
    /// comes to the office.
    pub(super) fn taken_over_at(&self, container: &Container) -> Option<Location> {
        let route = self.forms().route_of(&container.departure)?;
        let by_way = || {
            let way = route.way.as_ref().filter(|_| route.mode == caravan_tariff::Transport::Rail)?;
            self.place(&way.ends.0)
        };
        route.taken_over_at.clone().map(unece).or_else(by_way)
    }

    fn place(&self, id: &RowId) -> Option<Location> {
        let place = self.desk.config.network.as_ref()?.places().get(id)?;
        place.locode.clone().map(unece)
    }

    /// Returns the legs of the way that is set for a container's route, with their ends by UN/LOCODE and the days on which
    /// they end.
    fn parts(&self, container: &Container, departure: &Departure) -> Vec<Part> {
        let Some(route) = self.forms().route_of(&container.departure) else { return Vec::new() };
        let Some((network, way)) = self.station.network().zip(route.way.as_ref()) else { return Vec::new() };
        let along = route.along(network, self.desk.config.day(departure.departs_ms));
        let path = along.and_then(|along| along.as_it_is.ok());
        let arrives = |nth: usize| Some(path.as_ref()?.legs.get(nth)?.arrives);
        let legs = way.legs.iter().filter_map(|leg| network.legs().get(leg));
        let part = |(nth, leg): (usize, &caravan_planning::Leg)| {
            let mode = match leg.carriage {
                Carriage::Road => TransportMode::Road,
                Carriage::Rail1435 | Carriage::Rail1520 | Carriage::Rail1668 => TransportMode::Rail,
            };
            Part { mode, from: self.place(&leg.from), to: self.place(&leg.to), arrives_on: arrives(nth) }
        };
        legs.enumerate().map(part).collect()
    }
}

/// One leg of a way through the network.
struct Part {
    mode: TransportMode,
    from: Option<Location>,
    to: Option<Location>,
    arrives_on: Option<NaiveDate>,
}

/// Returns a leg of which no more is known than by what it goes.
fn leg(mode: TransportMode) -> Leg {
    Leg {
        stage: Some(Stage::Main),
        conveyance: None,
        mode: Some(mode),
        carrier: None,
        vehicle: None,
        from: None,
        to: None,
        departs_at: None,
        arrives_at: None,
        arrives_on: None,
    }
}

/// Returns a place by its UN/LOCODE. Its name has letters that the message's characters may lack: the code says enough.
fn unece(code: String) -> Location {
    Location { code, agency: Some(UNECE.to_owned()), name: None }
}

/// Returns the size and type of a container, where its type is one of ISO 6346.
pub(super) fn size_type(container: &Container) -> Option<String> {
    let equipment = container.equipment.as_deref()?;
    SizeType::parse(equipment).map(|size_type| size_type.to_string())
}
