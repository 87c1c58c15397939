//! The way of a consignment as PRECON and CARDIT tell it: by the legs of its route, as far as their ends have a code.

use caravan_edi::consignment::{Leg, Location, Stage, TransportMode};
use caravan_planning::{Carriage, RowId};
use caravan_postal::{Impc, SizeType};
use caravan_station::Container;

use super::Flow;

/// The UN/ECE in UN/EDIFACT data element 3055, whose codes of places are UN/LOCODE.
const UNECE: &str = "6";

impl Flow {
    /// Returns the legs from here to the end of a container's route. One ends where the carriage changes between road and
    /// rail and at every place with a code; where no way is set, or none of its places has one, there is one leg. The
    /// number of a train is not known here, and of an arrival no more than the day: neither is told.
    pub(super) fn journey(&self, container: &Container, end: Impc) -> Vec<Leg> {
        let config = &self.desk.config;
        let departures = &self.station.state().departures;
        let Some(departure) = departures.values().find(|departure| departure.key == container.departure)
        else {
            return Vec::new();
        };
        let Some(route) = config.route(&departure.route) else { return Vec::new() };
        let plate = (!container.is_iso()).then(|| container.number.clone());
        let leg = |mode| Leg {
            stage: Some(Stage::Main),
            conveyance: plate.clone(),
            mode: Some(mode),
            carrier: None,
            vehicle: plate.clone(),
            from: None,
            to: None,
            departs_at: None,
            arrives_at: None,
        };
        let mut legs: Vec<Leg> = Vec::new();
        for (mode, from, to) in self.parts(container) {
            match legs.last_mut().filter(|last| last.mode == Some(mode) && last.to.is_none()) {
                Some(last) => last.to = to,
                None => legs.push(Leg { from, to, ..leg(mode) }),
            }
        }
        if legs.is_empty() {
            legs.push(leg(match route.mode {
                caravan_tariff::Transport::Rail => TransportMode::Rail,
                caravan_tariff::Transport::Air => TransportMode::Air,
                caravan_tariff::Transport::Road => TransportMode::Road,
            }));
        }
        if let Some(first) = legs.first_mut() {
            first.from = Some(Location::office(config.office.code));
            first.departs_at = Some(config.local(departure.departs_ms));
        }
        if let Some(last) = legs.last_mut() {
            last.to = Some(Location::office(end));
        }
        legs
    }

    /// Returns the legs of the way that is set for a container's route, with their ends by UN/LOCODE.
    fn parts(&self, container: &Container) -> Vec<(TransportMode, Option<Location>, Option<Location>)> {
        let way = self.forms().route_of(&container.departure).and_then(|route| route.way.as_ref());
        let Some((network, way)) = self.desk.config.network.as_ref().zip(way) else { return Vec::new() };
        let place = |id: &RowId| {
            let place = network.places().get(id)?;
            let code = place.locode.as_ref()?.clone();
            // The name of a place has letters that the message's characters may lack: its code says enough.
            Some(Location { code, agency: Some(UNECE.to_owned()), name: None })
        };
        let legs = way.legs.iter().filter_map(|leg| network.legs().get(leg));
        let part = |leg: &caravan_planning::Leg| {
            let mode = match leg.carriage {
                Carriage::Road => TransportMode::Road,
                Carriage::Rail1435 | Carriage::Rail1520 | Carriage::Rail1668 => TransportMode::Rail,
            };
            (mode, place(&leg.from), place(&leg.to))
        };
        legs.map(part).collect()
    }
}

/// Returns the size and type of a container, where its type is one of ISO 6346.
pub(super) fn size_type(container: &Container) -> Option<String> {
    let equipment = container.equipment.as_deref()?;
    SizeType::parse(equipment).map(|size_type| size_type.to_string())
}
