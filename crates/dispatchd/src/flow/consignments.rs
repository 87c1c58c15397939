//! PRECON and CARDIT: what leaves as one consignment, told when the gate of its container opens.

use anyhow::{Context, Result};
use caravan_edi::profile::Known;
use caravan_edi::{Writer, consignment};
use caravan_postal::{Handling, Impc, Place};
use caravan_station::{Container, ContainerId, Receptacle, Subject};
use caravan_store::Outbound;

use super::Flow;
use super::messages::key;

impl Flow {
    /// Tells the office at the end of its way, and the carrier, of a consignment whose gate has opened: for the first
    /// time, or in place of what was said before.
    pub(super) fn consignment(&mut self, id: ContainerId) -> Result<Vec<Outbound>> {
        let container = self.station.state().containers[&id].clone();
        let Some(route) = self.forms().route_of(&container.departure).cloned() else { return Ok(Vec::new()) };
        let Some(end) = route.offices.last().copied() else { return Ok(Vec::new()) };
        let cn37 = container.cn37.clone().unwrap_or_default();
        let consignment = self.consigned(&container, &cn37, end);
        let precon = self.asked(end, Known::Precon).map(|(partner, _)| (partner, Known::Precon, "PRECON"));
        let cardit = self.asked(end, Known::Cardit).and(route.carrier_edi_address);
        let cardit = cardit.map(|carrier| (carrier, Known::Cardit, "CARDIT"));
        let mut told = Vec::new();
        for (recipient, message, name) in precon.into_iter().chain(cardit) {
            if let Err(error) = self.try_consignment(&consignment, message, &recipient) {
                self.not_written(Subject::Container(id), name, &error);
                continue;
            }
            let is_first = self.station.take_number(&format!("told/{name}/{cn37}")) == 1;
            let function =
                if is_first { consignment::Function::Original } else { consignment::Function::Replacement };
            let consignment = consignment::Consignment { function: Some(function), ..consignment.clone() };
            let (reference, header) = self.interchange_to(&recipient, self.told_at());
            let mut writer = Writer::new(&header).with_context(|| format!("cannot begin {name}"))?;
            let layouts = self.desk.exchanges.of(&recipient);
            consignment::write(&mut writer, layouts.profile(message), "1", &consignment)
                .with_context(|| format!("cannot write {name}"))?;
            let body = writer.finish().with_context(|| format!("cannot end {name}"))?;
            told.push(Outbound { key: key(&recipient, &reference, name, &cn37), body });
        }
        Ok(told)
    }

    /// Writes a consignment for nobody, before a reference is taken for it.
    fn try_consignment(
        &self,
        consignment: &consignment::Consignment,
        message: Known,
        recipient: &str,
    ) -> Result<(), consignment::ConsignmentError> {
        let mut writer = Writer::new(&self.trial()).expect("an office's own address fits a header");
        let function = Some(consignment::Function::Original);
        let consignment = consignment::Consignment { function, ..consignment.clone() };
        consignment::write(&mut writer, self.desk.exchanges.of(recipient).profile(message), "1", &consignment)
    }

    fn consigned(&self, container: &Container, cn37: &str, end: Impc) -> consignment::Consignment {
        let config = &self.desk.config;
        let loaded = self.loaded(container.id);
        let series = || loaded.iter().filter_map(|one| one.s9).map(|s9| s9.dispatch.series());
        let receptacle = |receptacle: &&Receptacle| {
            let s9 = receptacle.s9?;
            Some(consignment::Receptacle {
                s9,
                kind: Some(receptacle.kind),
                // The flag says that something is registered or insured, and not which.
                handling: (s9.is_registered == Some(false)).then_some(Handling::Normal),
                gross_weight: Some(receptacle.gross()),
                unit: Some(container.number.clone()),
                place: Place::Whole,
            })
        };
        consignment::Consignment {
            id: Some(cn37.to_owned()),
            function: None,
            completed_at: Some(self.told_at()),
            bill: Some(cn37.to_owned()),
            category: only(series().map(|series| series.category)),
            class: only(series().map(|series| series.subclass.class())),
            origin: Some(config.office.code),
            destination: Some(end),
            handover: None,
            legs: self.leg(container, end).into_iter().collect(),
            units: vec![consignment::Unit {
                equipment: if container.is_iso() {
                    consignment::Unit::CONTAINER
                } else {
                    consignment::Unit::TRAILER
                }
                .to_owned(),
                number: container.number.clone(),
                size_type: None,
                net_weight: Some(container.gross),
                seals: container.seals.clone(),
            }],
            receptacles: loaded.iter().filter_map(receptacle).collect(),
        }
    }

    /// Returns the one leg that is known: from here to the end of the route. When it arrives is not.
    fn leg(&self, container: &Container, end: Impc) -> Option<consignment::Leg> {
        let departures = &self.station.state().departures;
        let departure = departures.values().find(|departure| departure.key == container.departure)?;
        let mode = self.desk.config.route(&departure.route)?.mode;
        let config = &self.desk.config;
        Some(consignment::Leg {
            stage: Some(consignment::Stage::Main),
            conveyance: None,
            mode: Some(match mode {
                caravan_tariff::Transport::Rail => consignment::TransportMode::Rail,
                caravan_tariff::Transport::Air => consignment::TransportMode::Air,
                caravan_tariff::Transport::Road => consignment::TransportMode::Road,
            }),
            carrier: None,
            vehicle: (!container.is_iso()).then(|| container.number.clone()),
            from: Some(consignment::Location::office(config.office.code)),
            to: Some(consignment::Location::office(end)),
            departs_at: Some(config.local(departure.departs_ms)),
            arrives_at: None,
        })
    }
}

/// Returns what all have, when it is the same.
fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|one| one == first).then_some(first)
}
