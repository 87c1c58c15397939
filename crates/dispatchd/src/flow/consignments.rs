//! PRECON and CARDIT: what leaves as one consignment, told when the gate of its container opens.

use std::collections::BTreeMap;

use anyhow::Result;
use caravan_edi::consignment;
use caravan_edi::profile::Known;
use caravan_postal::{Handling, Impc, Place};
use caravan_station::{
    Container, ContainerId, ContainerState, Receptacle, ReceptacleId, Subject, told_sequences,
};
use caravan_store::Outbound;

use super::Flow;
use super::interchange::Sending;
use super::papers::handling;

impl Flow {
    /// Tells the office at the end of its way, and the carrier, of a consignment whose gate has opened: for the first
    /// time, or in place of what was said before. Whoever was told and is neither of them any more is told that it does not
    /// come.
    pub(super) async fn consignment(&mut self, id: ContainerId) -> Result<Vec<Outbound>> {
        let container = self.station.state().containers[&id].clone();
        let cn37 = container.cn37.clone().unwrap_or_default();
        let handling = self.handling_in(id).await?;
        let mut told = Vec::new();
        for (message, name) in [(Known::Precon, "PRECON"), (Known::Cardit, "CARDIT")] {
            let now = self.told_of(&container, message);
            for (recipient, end) in self.told_before(name, &cn37) {
                if now.as_ref().is_some_and(|(address, _)| *address == recipient) {
                    continue;
                }
                let end = end.unwrap_or(self.desk.config.office.code);
                let gone = consignment::Consignment {
                    function: Some(consignment::Function::Cancellation),
                    legs: Vec::new(),
                    units: Vec::new(),
                    receptacles: Vec::new(),
                    ..self.consigned(&container, &cn37, end, &handling)
                };
                let (_, untold) = told_sequences(name, &cn37, &recipient);
                told.extend(self.send_consignment(id, &gone, (message, name), &recipient)?);
                self.station.take_number(&untold);
            }
            let Some((recipient, end)) = now else { continue };
            let is_known = self.told_before(name, &cn37).iter().any(|(known, _)| *known == recipient);
            let function =
                if is_known { consignment::Function::Replacement } else { consignment::Function::Original };
            let consignment = self.consigned(&container, &cn37, end, &handling);
            let consignment = consignment::Consignment { function: Some(function), ..consignment };
            let sent = self.send_consignment(id, &consignment, (message, name), &recipient)?;
            if sent.is_some() && !is_known {
                let (begun, _) = told_sequences(name, &cn37, &recipient);
                self.station.take_number(&begun);
            }
            told.extend(sent);
        }
        Ok(told)
    }

    /// Returns who gets a message about a container, with the office at the end of its way.
    fn told_of(&self, container: &Container, message: Known) -> Option<(String, Impc)> {
        if container.state == ContainerState::Withdrawn {
            return None;
        }
        let forms = self.forms();
        let route = forms.route_of(&container.departure)?;
        let end = route.end()?;
        let (partner, _) = self.asked(end, message)?;
        let recipient = if message == Known::Cardit { route.carrier_edi_address.clone()? } else { partner };
        Some((recipient, end))
    }

    /// Returns who was told of a consignment and not told that it does not come, with the office that they were told it
    /// goes to.
    fn told_before(&self, name: &str, cn37: &str) -> Vec<(String, Option<Impc>)> {
        let sequences = &self.station.state().sequences;
        let (prefix, _) = told_sequences(name, cn37, "");
        let begun = sequences.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
        let open = begun.filter_map(|(key, count)| {
            let recipient = &key[prefix.len()..];
            let (_, untold) = told_sequences(name, cn37, recipient);
            (sequences.get(&untold).copied().unwrap_or_default() < *count).then(|| recipient.to_owned())
        });
        let config = &self.desk.config;
        let end = |recipient: &str| {
            let partner = config.partners.iter().find(|one| one.edi_address.as_deref() == Some(recipient));
            let carried = |route: &&caravan_station::config::Route| {
                route.carrier_edi_address.as_deref() == Some(recipient)
            };
            let route = || config.routes.iter().find(carried).and_then(caravan_station::config::Route::end);
            partner.map(|partner| partner.office).or_else(route)
        };
        open.map(|recipient| (end(&recipient), recipient)).map(|(end, recipient)| (recipient, end)).collect()
    }

    /// Writes one message; what cannot be written is a finding about the container.
    fn send_consignment(
        &mut self,
        id: ContainerId,
        consignment: &consignment::Consignment,
        (message, name): (Known, &str),
        recipient: &str,
    ) -> Result<Option<Outbound>> {
        let sending = Sending {
            recipient,
            message,
            name,
            subject: Subject::Container(id),
            about: consignment.id.as_deref().unwrap_or_default(),
            prepared_at: self.told_at(),
        };
        self.send(&sending, |writer, profile| consignment::write(writer, profile, "1", consignment))
    }

    /// Returns the handling class of the receptacles of this office in a container, as the pre-advice states it.
    async fn handling_in(&self, id: ContainerId) -> Result<BTreeMap<ReceptacleId, Handling>> {
        let own = self.loaded(id).into_iter().filter(|one| !one.is_through() && one.registered > 0);
        let own: Vec<ReceptacleId> = own.map(|receptacle| receptacle.id).collect();
        let inside = self.items_of(&own).await?.into_iter();
        Ok(inside.filter_map(|(id, items)| Some((id, handling(&items)?))).collect())
    }

    fn consigned(
        &self,
        container: &Container,
        cn37: &str,
        end: Impc,
        handling: &BTreeMap<ReceptacleId, Handling>,
    ) -> consignment::Consignment {
        let config = &self.desk.config;
        let loaded = self.loaded(container.id);
        let series = || loaded.iter().filter_map(|one| one.s9).map(|s9| s9.dispatch.series());
        let receptacle = |receptacle: &&Receptacle| {
            let s9 = receptacle.s9?;
            Some(consignment::Receptacle {
                s9,
                kind: Some(receptacle.kind),
                // Of another office's, the flag says that something is registered or insured, and not which.
                handling: (s9.is_registered == Some(false))
                    .then_some(Handling::Normal)
                    .or_else(|| handling.get(&receptacle.id).copied()),
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
            handover: self.taken_over_at(container),
            legs: self.journey(container, end),
            units: vec![consignment::Unit {
                equipment: if container.is_iso() {
                    consignment::Unit::CONTAINER
                } else {
                    consignment::Unit::TRAILER
                }
                .to_owned(),
                number: container.number.clone(),
                size_type: super::journey::size_type(container),
                net_weight: Some(container.gross),
                seals: container.seals.clone(),
            }],
            receptacles: loaded.iter().filter_map(receptacle).collect(),
        }
    }
}

/// Returns what all have, when it is the same.
fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|one| one == first).then_some(first)
}
