//! The forms of what the station keeps, made from its settings and rows: the same whether a step of the flow prints them
//! or a person asks for one. What nobody told the station stays empty, to be filled in by hand.

mod act;
mod container;
mod difference;
mod dispatch;
mod folder;
mod item;

use std::collections::BTreeSet;

use caravan_documents::Office;
use caravan_documents::manifest::{Departure, Moment, Transport};
use caravan_postal::Impc;
use caravan_station::config::Route;
use caravan_station::{Config, Container, Receptacle};
use chrono::{DateTime, NaiveDateTime};

pub(crate) use act::measure;
pub(crate) use container::{Loaded, Loading, in_force, seals, stated, unit};
pub(crate) use difference::{Difference, Note, differences, differing, form};
pub(crate) use dispatch::{Contents, provenance};
pub(crate) use folder::name as folder_name;

/// Makes forms by the settings of a station.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forms<'c> {
    config: &'c Config,
}

impl<'c> Forms<'c> {
    pub(crate) fn of(config: &'c Config) -> Self {
        Self { config }
    }

    /// Returns the station's own office.
    pub(crate) fn own_office(self) -> Office {
        self.office(self.config.office.code)
    }

    pub(crate) fn office(self, code: Impc) -> Office {
        let own = &self.config.office;
        let (name, is_synthetic) = if code == own.code {
            (own.name.clone(), own.is_synthetic)
        } else {
            (self.config.partner(code).map(|partner| partner.name.clone()).unwrap_or_default(), false)
        };
        Office { code, name, is_synthetic }
    }

    /// Returns the route of the key of a departure.
    pub(crate) fn route_of(self, departure: &str) -> Option<&'c Route> {
        self.config.route_of(departure)
    }

    pub(crate) fn carrier(self, departure: &str) -> String {
        self.route_of(departure).map(|route| route.carrier.clone()).unwrap_or_default()
    }

    /// Returns the office that a container goes to: another office's by its papers, one of ours to the office that takes
    /// over what its route carries. Where no one office does, these are the offices that its mail is for.
    pub(crate) fn ends_of(self, container: &Container, inside: &[&Receptacle]) -> Vec<Office> {
        let route = self.route_of(&container.departure);
        let ends: BTreeSet<Impc> = match container.destination.or_else(|| route?.end()) {
            Some(end) => BTreeSet::from([end]),
            None => inside.iter().filter_map(|one| Some(one.s9?.dispatch.series().destination)).collect(),
        };
        ends.into_iter().map(|office| self.office(office)).collect()
    }

    /// Returns where on the way of a departure the next operator takes over.
    pub(crate) fn handover(self, departure: &str) -> Option<String> {
        let route = self.route_of(departure)?;
        self.config.handover(route).map(str::to_owned)
    }

    /// Returns a departure as manifests tell it, by the container that goes with it.
    pub(crate) fn departure(
        self,
        departure: &caravan_station::Departure,
        container: Option<&Container>,
    ) -> Departure {
        let mode = self.config.route(&departure.route).map(|route| route.mode);
        Departure {
            route: departure.route.clone(),
            transport: match mode {
                Some(caravan_tariff::Transport::Rail) => Transport::Rail,
                Some(caravan_tariff::Transport::Road | caravan_tariff::Transport::Air) | None => {
                    Transport::Road
                }
            },
            // A truck is its own conveyance, where its run has no number.
            conveyance: departure.conveyance.clone().or_else(|| {
                container.filter(|container| !container.is_iso()).map(|container| container.number.clone())
            }),
            scheduled_at: self.moment(departure.departs_ms),
        }
    }

    pub(crate) fn moment(self, at_ms: i64) -> Moment {
        Moment {
            utc: DateTime::from_timestamp_millis(at_ms).unwrap_or_default(),
            local: self.local(at_ms),
            zone: self.config.office.zone.name().to_owned(),
        }
    }

    fn local(self, at_ms: i64) -> NaiveDateTime {
        self.config.local(at_ms)
    }
}
