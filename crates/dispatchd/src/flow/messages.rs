//! Messages to partners and carriers, each an interchange of its own with the next reference of its recipient.
//!
//! A partner gets what its settings name. What a message cannot say is a finding about what it would have told, and the
//! rest is told without it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use caravan_declaration::{itmatt, packed};
use caravan_edi::profile::Known;
use caravan_edi::{Address, Charset, Header, SyntaxVersion, Writer, consignment, emsevt};
use caravan_postal::{Handling, Impc, Place};
use caravan_station::config::{Exchange, Partner};
use caravan_station::{
    Container, ContainerId, DepartureId, Dispatch, DispatchId, Item, ItemId, ItemName, Receptacle,
    ReceptacleId, Subject,
};
use caravan_store::{Happened, Outbound};
use chrono::NaiveDateTime;

use super::Flow;
use crate::findings::MESSAGE_UNWRITABLE;

/// The function of an ITMATT that stands in place of one before it (UN/EDIFACT data element 1225), under the name by which
/// the reader of ITMATT keeps it.
const REPLACEMENT: (&str, &str) = ("message-function", "5");

/// Items with the receptacle that each lies in.
pub(super) type Inside = [(Receptacle, Vec<Item>)];

impl Flow {
    /// Returns the EDI address of an office's partner and what is exchanged with it, when it gets a message.
    pub(super) fn asked(&self, office: Impc, message: Known) -> Option<(String, Exchange)> {
        let partner: &Partner = self.desk.config.partner(office)?;
        let address = partner.edi_address.clone()?;
        partner.exchange.wants(message).then(|| (address, partner.exchange.clone()))
    }

    /// Sends the declarations in force of the items of a dispatch that closes.
    pub(super) async fn declarations(
        &mut self,
        dispatch: &Dispatch,
        inside: &Inside,
    ) -> Result<Option<Outbound>> {
        let Some((recipient, _)) = self.asked(dispatch.series.destination, Known::Itmatt) else {
            return Ok(None);
        };
        let items = inside.iter().flat_map(|(_, items)| items);
        let versions: Vec<(ItemId, u32)> = items.map(|item| (item.id, item.version)).collect();
        self.itmatt(&recipient, &versions, false, &dispatch.s8.to_string()).await
    }

    /// Sends the declaration of an item again that has changed since its dispatch closed.
    pub(super) async fn redeclared(&mut self, id: ItemId) -> Result<Option<Outbound>> {
        let Some((item, dispatch)) = self.at_hand(id) else { return Ok(None) };
        let Some((recipient, _)) = self.asked(dispatch.series.destination, Known::Itmatt) else {
            return Ok(None);
        };
        self.itmatt(&recipient, &[(id, item.version)], true, &item.name.to_string()).await
    }

    /// Writes ITMATT of versions of declarations: a message each, of what was declared at all.
    async fn itmatt(
        &mut self,
        recipient: &str,
        versions: &[(ItemId, u32)],
        is_again: bool,
        about: &str,
    ) -> Result<Option<Outbound>> {
        let declared: Vec<(ItemId, u32)> =
            versions.iter().copied().filter(|(_, version)| *version > 0).collect();
        if declared.is_empty() {
            return Ok(None);
        }
        let kept = self.store.declarations_of(&declared).await?;
        let declared = self.writable(&declared, &kept)?;
        if declared.is_empty() {
            return Ok(None);
        }
        let (reference, header) = self.interchange_to(recipient, self.told_at());
        let header = Header { charset: Charset::W, version: SyntaxVersion::Four, ..header };
        let mut writer = itmatt::Writer::new(Vec::new(), &header).context("cannot begin ITMATT")?;
        for (bytes, number) in declared.into_iter().zip(1u32..) {
            let mut declaration = packed::decode(bytes).context("cannot unpack a declaration")?;
            declaration.extras.retain(|(name, _)| *name != REPLACEMENT.0);
            if is_again {
                declaration.extras.push(REPLACEMENT);
            }
            // The reference is also the number of the message, which none other to this recipient has.
            let message = format!("{}-{number}", reference.trim_start_matches('0'));
            writer.item(&message, &declaration).context("cannot write ITMATT")?;
        }
        let body = writer.finish().context("cannot end ITMATT")?;
        Ok(Some(Outbound { key: key(recipient, &reference, "ITMATT", about), body }))
    }

    /// Returns the packed declarations that can be written; each of the others becomes a finding. No reference is taken for
    /// what is not sent.
    fn writable<'k>(
        &mut self,
        declared: &[(ItemId, u32)],
        kept: &'k BTreeMap<ItemId, Vec<u8>>,
    ) -> Result<Vec<&'k [u8]>> {
        let trial = Header { charset: Charset::W, version: SyntaxVersion::Four, ..self.trial() };
        let mut writer = itmatt::Writer::new(std::io::sink(), &trial).context("cannot try ITMATT")?;
        let mut writable = Vec::new();
        for (item, _) in declared {
            let Some(bytes) = kept.get(item) else { continue };
            let declaration = packed::decode(bytes).context("cannot unpack a declaration")?;
            match writer.item("1", &declaration) {
                Ok(()) => writable.push(bytes.as_slice()),
                Err(error) => self.not_written(Subject::Item(*item), "ITMATT", &error),
            }
        }
        Ok(writable)
    }

    /// Sends all that has happened to the items of a dispatch up to its close.
    pub(super) async fn events_so_far(
        &mut self,
        dispatch: &Dispatch,
        inside: &Inside,
    ) -> Result<Option<Outbound>> {
        let Some((recipient, exchange)) = self.asked(dispatch.series.destination, Known::Emsevt) else {
            return Ok(None);
        };
        let ids: Vec<ItemId> = inside.iter().flat_map(|(_, items)| items).map(|item| item.id).collect();
        let mut kept = self.store.events_of(&ids).await?;
        let ids: BTreeSet<ItemId> = ids.into_iter().collect();
        for event in &self.station.changes().events {
            let Subject::Item(id) = event.subject else { continue };
            if !ids.contains(&id) {
                continue;
            }
            kept.entry(id).or_default().push(Happened {
                n: event.n,
                at_ms: event.at_ms,
                code: event.code.to_owned(),
                detail: event.detail.clone(),
            });
        }
        let mut events = Vec::new();
        for item in inside.iter().flat_map(|(_, items)| items) {
            for happened in kept.get(&item.id).into_iter().flatten() {
                events.extend(self.event(item, &happened.code, happened.at_ms, &exchange));
            }
        }
        self.emsevt(&recipient, events, &dispatch.s8.to_string())
    }

    /// Sends one event of an item whose dispatch is closed.
    pub(super) fn later_event(&mut self, id: ItemId, n: u32) -> Result<Option<Outbound>> {
        let Some((item, dispatch)) = self.at_hand(id) else { return Ok(None) };
        let Some((recipient, exchange)) = self.asked(dispatch.series.destination, Known::Emsevt) else {
            return Ok(None);
        };
        let is_it = |event: &&caravan_station::Event| event.subject == Subject::Item(id) && event.n == n;
        let happened = self.station.changes().events.iter().rfind(is_it);
        let event = happened.and_then(|event| self.event(&item, event.code, event.at_ms, &exchange));
        self.emsevt(&recipient, event.into_iter().collect(), &item.name.to_string())
    }

    /// Tells each partner of a departure which items have left for it.
    pub(super) async fn departed(&mut self, id: DepartureId) -> Result<Vec<Outbound>> {
        let departure = self.station.state().departures[&id].clone();
        let state = self.station.state();
        let gone: Vec<ContainerId> = (state.containers.values())
            .filter(|container| container.departure == departure.key)
            .filter(|container| container.state == caravan_station::ContainerState::Departed)
            .map(|container| container.id)
            .collect();
        let offices = self.desk.config.route(&departure.route).map(|route| route.offices.clone());
        let mut told = Vec::new();
        for office in offices.unwrap_or_default() {
            let Some((recipient, _)) = self.asked(office, Known::Emsevt) else { continue };
            let loaded: Vec<Receptacle> = (self.station.state().receptacles.values())
                .filter(|one| one.container.is_some_and(|container| gone.contains(&container)))
                .filter(|one| one.stream.is_some_and(|stream| stream.destination == office))
                .cloned()
                .collect();
            let mut items = self.items_of(&loaded.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
            let mut events = Vec::new();
            for receptacle in &loaded {
                for item in items.remove(&receptacle.id).unwrap_or_default() {
                    let event =
                        self.new_event(&item, emsevt::EventKind::OutwardDeparture, departure.departs_ms);
                    events.extend(event.map(|event| emsevt::Event {
                        dispatch: receptacle.s9.map(|s9| s9.dispatch),
                        receptacle: receptacle.s9,
                        next_office: Some(office),
                        ..event
                    }));
                }
            }
            told.extend(self.emsevt(&recipient, events, &departure.route)?);
        }
        Ok(told)
    }

    fn emsevt(
        &mut self,
        recipient: &str,
        events: Vec<emsevt::Event>,
        about: &str,
    ) -> Result<Option<Outbound>> {
        if events.is_empty() {
            return Ok(None);
        }
        let prepared_at = self.told_at();
        let (reference, header) = self.interchange_to(recipient, prepared_at);
        let report = emsevt::Report { prepared_at: Some(prepared_at), events };
        let mut writer = Writer::new(&header).context("cannot begin EMSEVT")?;
        let layouts = self.desk.exchanges.of(recipient);
        emsevt::write(&mut writer, layouts.profile(Known::Emsevt), "1", &report)
            .context("cannot write EMSEVT")?;
        let body = writer.finish().context("cannot end EMSEVT")?;
        Ok(Some(Outbound { key: key(recipient, &reference, "EMSEVT", about), body }))
    }

    /// Returns an event as a partner is told of it; nothing of what is not told, or needs a reason that is not agreed.
    fn event(&self, item: &Item, code: &str, at_ms: i64, exchange: &Exchange) -> Option<emsevt::Event> {
        let kind = emsevt::EventKind::parse(code).filter(|_| caravan_station::is_told(code))?;
        let reason = exchange.retention.get(code).cloned();
        if kind.reasons().is_some() && reason.is_none() {
            return None;
        }
        Some(emsevt::Event { reason, ..self.new_event(item, kind, at_ms)? })
    }

    /// Returns an event at this office of an item that has an identifier.
    fn new_event(&self, item: &Item, kind: emsevt::EventKind, at_ms: i64) -> Option<emsevt::Event> {
        let ItemName::S10(s10) = item.name else { return None };
        let config = &self.desk.config;
        let office = emsevt::Location::office(config.office.code);
        Some(emsevt::Event {
            origin: item.origin,
            destination: item.destination,
            class: item.stream.map(caravan_planning::Stream::class),
            ..emsevt::Event::new(s10, kind, config.local(at_ms), office)
        })
    }

    /// Tells the office at the end of its way, and the carrier, of a consignment whose gate has opened: for the first
    /// time, or in place of what was said before.
    pub(super) fn consignment(&mut self, id: ContainerId) -> Result<Vec<Outbound>> {
        let container = self.station.state().containers[&id].clone();
        let Some(route) = self.route_of(&container.departure).cloned() else { return Ok(Vec::new()) };
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

    /// Returns the header of an interchange that goes nowhere.
    fn trial(&self) -> Header {
        let office =
            Address { id: self.station.config().office.edi_address.clone(), qualifier: String::new() };
        Header {
            charset: Charset::A,
            version: SyntaxVersion::One,
            sender: office.clone(),
            recipient: office,
            prepared_at: self.told_at(),
            reference: "1".to_owned(),
            is_test: true,
        }
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

    /// Returns an item with the dispatch that it lies in.
    fn at_hand(&self, id: ItemId) -> Option<(Item, Dispatch)> {
        let state = self.station.state();
        let item = state.item(id)?.clone();
        let receptacle: Option<ReceptacleId> = item.receptacle;
        let dispatch: DispatchId = state.receptacles.get(&receptacle?)?.dispatch?;
        Some((item, state.dispatches.get(&dispatch)?.clone()))
    }

    /// Returns the moment at which messages are made: that of what made them due.
    fn told_at(&self) -> NaiveDateTime {
        self.desk.config.local(self.station.now_ms())
    }

    fn not_written(&mut self, subject: Subject, message: &str, error: &dyn std::error::Error) {
        let reason = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        self.station.find(subject, MESSAGE_UNWRITABLE.finding([message.to_owned(), reason]));
    }
}

/// Returns the name under which an interchange leaves.
fn key(recipient: &str, reference: &str, message: &str, about: &str) -> String {
    format!("edi/{recipient}/{reference}-{message}-{about}.edi")
}

/// Returns what all have, when it is the same.
fn only<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|one| one == first).then_some(first)
}
