//! Messages to partners and carriers, each an interchange of its own with the next reference of its recipient.
//!
//! A partner gets what its settings name. What a message cannot say is a finding about what it would have told, and the
//! rest is told without it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use caravan_declaration::{CONFIRMATION, itmatt, packed};
use caravan_edi::profile::Known;
use caravan_edi::{Address, Charset, Header, SyntaxVersion, emsevt};
use caravan_postal::Impc;
use caravan_station::config::{Exchange, Partner};
use caravan_station::{
    ContainerId, DepartureId, Dispatch, DispatchId, Item, ItemId, ItemName, Journey, Receptacle,
    ReceptacleId, Subject,
};
use caravan_store::{Happened, Outbound};
use chrono::NaiveDateTime;

use super::Flow;
use super::interchange::Sending;
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
        let versions: Vec<(ItemId, u32)> = items.map(|item| (item.id, item.told_version())).collect();
        self.itmatt(&recipient, &versions, dispatch, None).await
    }

    /// Sends the declaration of an item again that has changed since its dispatch closed.
    pub(super) async fn redeclared(&mut self, id: ItemId) -> Result<Option<Outbound>> {
        let Some((item, dispatch)) = self.at_hand(id) else { return Ok(None) };
        let Some((recipient, _)) = self.asked(dispatch.series.destination, Known::Itmatt) else {
            return Ok(None);
        };
        let about = item.name.to_string();
        self.itmatt(&recipient, &[(id, item.told_version())], &dispatch, Some(&about)).await
    }

    /// Writes ITMATT of versions of declarations: a message each, of what was declared at all. What cannot be written keeps
    /// its item's container at the gate. `again` names an item that was told of before.
    async fn itmatt(
        &mut self,
        recipient: &str,
        versions: &[(ItemId, u32)],
        dispatch: &Dispatch,
        again: Option<&str>,
    ) -> Result<Option<Outbound>> {
        let declared: Vec<(ItemId, u32)> =
            versions.iter().copied().filter(|(_, version)| *version > 0).collect();
        if declared.is_empty() {
            return Ok(None);
        }
        let kept = self.store.declarations_of(&declared).await?;
        let declared = self.writable(&declared, &kept, dispatch.id)?;
        if declared.is_empty() {
            return Ok(None);
        }
        let (reference, header) = self.interchange_to(recipient, self.told_at());
        let header = Header { charset: Charset::W, version: SyntaxVersion::Four, ..header };
        let mut writer = itmatt::Writer::new(Vec::new(), &header).context("cannot begin ITMATT")?;
        for (bytes, number) in declared.into_iter().zip(1u32..) {
            let mut declaration = packed::decode(bytes).context("cannot unpack a declaration")?;
            // The reference of the sender's word is between the sender and this post.
            declaration.extras.retain(|(name, _)| ![REPLACEMENT.0, CONFIRMATION].contains(name));
            if again.is_some() {
                declaration.extras.push(REPLACEMENT);
            }
            // The reference is also the number of the message, which none other to this recipient has.
            let message = format!("{}-{number}", reference.trim_start_matches('0'));
            writer.item(&message, &declaration).context("cannot write ITMATT")?;
        }
        let body = writer.finish().context("cannot end ITMATT")?;
        let s8 = dispatch.s8.to_string();
        Ok(Some(Outbound { key: key(recipient, &reference, "ITMATT", again.unwrap_or(&s8)), body }))
    }

    /// Returns the packed declarations that can be written; each of the others becomes a finding. No reference is taken for
    /// what is not sent.
    fn writable<'k>(
        &mut self,
        declared: &[(ItemId, u32)],
        kept: &'k BTreeMap<ItemId, Vec<u8>>,
        dispatch: DispatchId,
    ) -> Result<Vec<&'k [u8]>> {
        let trial = Header { charset: Charset::W, version: SyntaxVersion::Four, ..self.trial() };
        let mut writer = itmatt::Writer::new(std::io::sink(), &trial).context("cannot try ITMATT")?;
        let mut writable = Vec::new();
        for (item, _) in declared {
            let Some(bytes) = kept.get(item) else { continue };
            let declaration = packed::decode(bytes).context("cannot unpack a declaration")?;
            let written = writer.item("1", &declaration);
            self.station.note_itmatt(dispatch, *item, written.is_ok());
            match written {
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
                if caravan_station::is_told(&happened.code) {
                    events.extend(self.event(item, &happened.code, happened.at_ms, &exchange));
                }
            }
        }
        self.emsevt(&recipient, events, &dispatch.s8.to_string(), Subject::Dispatch(dispatch.id))
    }

    /// Sends one event of an item: to its post of origin, or to where its dispatch goes that is closed.
    pub(super) fn later_event(&mut self, id: ItemId, n: u32) -> Result<Option<Outbound>> {
        let is_it = |event: &&caravan_station::Event| event.subject == Subject::Item(id) && event.n == n;
        let Some(happened) = self.station.changes().events.iter().rfind(is_it) else { return Ok(None) };
        let told = if caravan_station::is_told_back(happened.code) {
            let item = self.station.state().item(id).cloned();
            let partner = |item: &Item| item.origin.and_then(|origin| self.desk.config.partner_for(origin));
            item.and_then(|item| Some((partner(&item)?.office, item)))
        } else {
            self.at_hand(id).map(|(item, dispatch)| (dispatch.series.destination, item))
        };
        let Some((office, item)) = told else { return Ok(None) };
        let Some((recipient, exchange)) = self.asked(office, Known::Emsevt) else { return Ok(None) };
        let event = self.event(&item, happened.code, happened.at_ms, &exchange);
        self.emsevt(&recipient, event.into_iter().collect(), &item.name.to_string(), Subject::Item(id))
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
                    let kind = match item.journey {
                        Journey::Transit => emsevt::EventKind::TransitDeparture,
                        Journey::Export | Journey::Import | Journey::Return => {
                            emsevt::EventKind::OutwardDeparture
                        }
                    };
                    let event = self.new_event(&item, kind, departure.departs_ms);
                    events.extend(event.map(|event| emsevt::Event {
                        dispatch: receptacle.s9.map(|s9| s9.dispatch),
                        receptacle: receptacle.s9,
                        next_office: Some(office),
                        ..event
                    }));
                }
            }
            told.extend(self.emsevt(&recipient, events, &departure.route, Subject::Departure(id))?);
        }
        Ok(told)
    }

    fn emsevt(
        &mut self,
        recipient: &str,
        events: Vec<emsevt::Event>,
        about: &str,
        subject: Subject,
    ) -> Result<Option<Outbound>> {
        if events.is_empty() {
            return Ok(None);
        }
        let prepared_at = self.told_at();
        let report = emsevt::Report { prepared_at: Some(prepared_at), events };
        let message = Known::Emsevt;
        let sending = Sending { recipient, message, name: "EMSEVT", subject, about, prepared_at };
        self.send(&sending, |writer, profile| emsevt::write(writer, profile, "1", &report))
    }

    /// Returns an event as a partner is told of it; nothing of what is not told, or needs a reason that is not agreed.
    fn event(&self, item: &Item, code: &str, at_ms: i64, exchange: &Exchange) -> Option<emsevt::Event> {
        let kind = emsevt::EventKind::parse(code)?;
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

    /// Returns the header of an interchange that goes nowhere.
    pub(super) fn trial(&self) -> Header {
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

    /// Returns an item with the dispatch that it lies in.
    fn at_hand(&self, id: ItemId) -> Option<(Item, Dispatch)> {
        let state = self.station.state();
        let item = state.item(id)?.clone();
        let receptacle: Option<ReceptacleId> = item.receptacle;
        let dispatch: DispatchId = state.receptacles.get(&receptacle?)?.dispatch?;
        Some((item, state.dispatches.get(&dispatch)?.clone()))
    }

    /// Returns the moment at which messages are made: that of what made them due.
    pub(super) fn told_at(&self) -> NaiveDateTime {
        self.desk.config.local(self.station.now_ms())
    }

    pub(super) fn not_written(&mut self, subject: Subject, message: &str, error: &dyn std::error::Error) {
        let reason = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        self.station.find(subject, MESSAGE_UNWRITABLE.finding([message.to_owned(), reason]));
    }
}

/// Returns the name under which an interchange leaves.
pub(super) fn key(recipient: &str, reference: &str, message: &str, about: &str) -> String {
    format!("edi/{recipient}/{reference}-{message}-{about}.edi")
}
