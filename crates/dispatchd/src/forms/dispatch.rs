//! The papers of a dispatch: label, bill, and the lists of its registered, insured and transit items.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_documents::bill::{BilledItem, BilledReceptacle, DispatchBill};
use caravan_documents::form::{
    Cancellation, InsuredItem, InsuredList, ListedItem, SpecialList, TransitBill, TransitParcel,
};
use caravan_documents::label::ReceptacleLabel;
use caravan_documents::manifest::Provenance;
use caravan_documents::pdf::Drawn;
use caravan_postal::{Grams, Handling, Language, MailClass, Money};
use caravan_station::{
    Departure, DepartureState, Dispatch, DispatchState, Item, ItemId, Journey, Receptacle,
};
use caravan_store::Store;

use super::Forms;

/// A dispatch with its receptacles by serial, each with its items by name.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) dispatch: Dispatch,
    pub(crate) inside: Vec<(Receptacle, Vec<Item>)>,
    /// For how much items are insured.
    pub(crate) insured: BTreeMap<ItemId, Money>,
}

/// The number of a list of which a dispatch has one.
const ONLY: &str = "1";

impl Contents {
    /// Returns the items that a list is of, with the serial of the receptacle that holds each.
    fn listed<'k>(
        &'k self,
        mut is_listed: impl FnMut(&Item) -> bool + 'k,
    ) -> impl Iterator<Item = (u32, &'k Receptacle, &'k Item)> {
        let items = self.inside.iter().flat_map(|(receptacle, items)| {
            items.iter().filter_map(move |item| Some((receptacle.s9?.serial(), receptacle, item)))
        });
        items.filter(move |(_, _, item)| is_listed(item))
    }

    /// Returns for how much items are insured, by the versions of their declarations that are in force.
    pub(crate) async fn insured(store: &Store, items: &[(ItemId, u32)]) -> Result<BTreeMap<ItemId, Money>> {
        let mut insured = BTreeMap::new();
        if items.is_empty() {
            return Ok(insured);
        }
        for (item, bytes) in store.declarations_of(items).await? {
            let declaration = packed::decode(&bytes).context("cannot unpack a declaration")?;
            insured.extend(declaration.insured_value.map(|value| (item, value)));
        }
        Ok(insured)
    }

    fn class(&self) -> MailClass {
        self.dispatch.series.subclass.class()
    }
}

impl Forms<'_> {
    /// Returns the label of a receptacle of this office that has its number, with the planned departure: that which its
    /// dispatch was closed for, or while it is open, the next one whose cut-off is ahead of it. What it leaves by may be
    /// another (PREDES says it).
    pub(crate) fn label<'k>(
        self,
        receptacle: &Receptacle,
        dispatch: Option<&Dispatch>,
        departures: impl Iterator<Item = &'k Departure>,
    ) -> Option<ReceptacleLabel> {
        let s9 = receptacle.s9?;
        let series = s9.dispatch.series();
        let takes_it = |departure: &&Departure, dispatch: &Dispatch| {
            let is_served = self
                .config
                .route(&departure.route)
                .is_some_and(|route| route.offices.contains(&series.destination));
            let is_before = matches!(departure.state, DepartureState::Planned | DepartureState::Closing);
            is_served
                && is_before
                && departure.dispatch_close_ms > dispatch.opened_ms
                && !departure.is_without(series.destination)
        };
        let planned = |dispatch: &Dispatch| {
            let next = departures.filter(|departure| takes_it(departure, dispatch));
            let next = next.min_by_key(|departure| (departure.departs_ms, departure.id));
            next.map(|departure| departure.key.clone())
        };
        // Another office's label stays as it is, whatever the receptacle weighs now: a verification note tells of that.
        let labelled = s9.weight.hectograms().filter(|_| receptacle.is_through());
        let labelled = labelled.map(|hectograms| Grams(u64::from(hectograms) * 100));
        let transport =
            dispatch.and_then(|dispatch| dispatch.departure.clone().or_else(|| planned(dispatch)));
        Some(ReceptacleLabel {
            s9,
            origin: self.office(series.origin),
            destination: self.office(series.destination),
            dispatched_on: self.config.day(receptacle.closed_ms.unwrap_or(receptacle.opened_ms)),
            gross_weight: labelled.unwrap_or_else(|| receptacle.gross()),
            item_count: (!receptacle.is_through()).then_some(receptacle.items),
            transport,
        })
    }

    pub(crate) fn bill(self, contents: &Contents) -> DispatchBill {
        let dispatch = &contents.dispatch;
        let receptacles = contents.inside.iter().filter_map(|(receptacle, items)| {
            Some(BilledReceptacle {
                s9: receptacle.s9?,
                kind: receptacle.kind,
                gross_weight: receptacle.gross(),
                item_count: receptacle.items,
                registered_count: receptacle.registered,
                items: items.iter().map(billed_item).collect(),
            })
        });
        DispatchBill {
            number: dispatch.s8.serial().to_string(),
            s8: dispatch.s8,
            origin: self.office(dispatch.series.origin),
            destination: self.office(dispatch.series.destination),
            closed_at: self.local(dispatch.closed_ms.unwrap_or_default()),
            transport: dispatch.departure.clone(),
            receptacles: receptacles.collect(),
            is_void: dispatch.state == DispatchState::Cancelled,
        }
    }

    /// Returns that a dispatch is cancelled, as its partner is told.
    pub(crate) fn cancellation(self, dispatch: &Dispatch, reason: String) -> Cancellation {
        Cancellation {
            s8: dispatch.s8,
            origin: self.office(dispatch.series.origin),
            destination: self.office(dispatch.series.destination),
            cancelled_at: self.local(dispatch.closed_ms.unwrap_or_default()),
            reason,
        }
    }

    /// Draws all papers of a dispatch, each with the name of its file: the bill; CN 33 where letters among it are
    /// registered, CN 16 where letters are insured, CP 88 where parcels came open and go on.
    pub(crate) fn dispatch_papers(
        self,
        contents: &Contents,
        language: Language,
    ) -> Vec<(&'static str, Drawn)> {
        let mut papers = vec![("bill", self.bill(contents).draw(language))];
        papers.extend(self.special(contents).map(|list| ("special", list.draw(language))));
        let insured = self.insured(contents).filter(|_| contents.class() == MailClass::Letters);
        papers.extend(insured.map(|list| ("insured", list.draw(language))));
        papers.extend(self.transit(contents).map(|list| ("transit", list.draw(language))));
        papers
    }

    /// Returns CN 33, where letters are registered.
    pub(crate) fn special(self, contents: &Contents) -> Option<SpecialList> {
        let is_letters = contents.class() == MailClass::Letters;
        let items = contents.listed(move |item| is_letters && item.handling == Handling::Registered);
        let items = items.map(|(receptacle, _, item)| ListedItem {
            identifier: item.name.to_string(),
            receptacle,
            place: destination(item),
            handling: item.handling,
            gross_weight: item.weight(),
            remark: String::new(),
        });
        let items: Vec<ListedItem> = items.collect();
        let dispatch = &contents.dispatch;
        (!items.is_empty()).then(|| SpecialList {
            number: ONLY.to_owned(),
            s8: dispatch.s8,
            origin: self.office(dispatch.series.origin),
            destination: self.office(dispatch.series.destination),
            closed_at: self.local(dispatch.closed_ms.unwrap_or_default()),
            items,
        })
    }

    /// Returns CN 16, where items are insured: a form of the letter post, of parcels made only when it is asked for.
    pub(crate) fn insured(self, contents: &Contents) -> Option<InsuredList> {
        let is_insured = |item: &Item| item.handling == Handling::Insured;
        let seal = contents.listed(is_insured).find_map(|(_, receptacle, _)| receptacle.seal.clone());
        let items = contents.listed(is_insured).map(|(receptacle, _, item)| InsuredItem {
            identifier: item.name.to_string(),
            receptacle,
            place: destination(item),
            gross_weight: item.weight(),
            insured_value: contents.insured.get(&item.id).copied(),
            remark: String::new(),
        });
        let items: Vec<InsuredItem> = items.collect();
        let dispatch = &contents.dispatch;
        (!items.is_empty()).then(|| InsuredList {
            number: ONLY.to_owned(),
            s8: dispatch.s8,
            origin: self.office(dispatch.series.origin),
            destination: self.office(dispatch.series.destination),
            closed_at: self.local(dispatch.closed_ms.unwrap_or_default()),
            seal: seal.unwrap_or_default(),
            items,
        })
    }

    /// Returns CP 88, where parcels came open from another office and go on.
    pub(crate) fn transit(self, contents: &Contents) -> Option<TransitBill> {
        let is_parcels = contents.class() == MailClass::Parcels;
        let parcels = contents.listed(move |item| is_parcels && item.journey == Journey::Transit);
        let parcels = parcels.map(|(receptacle, _, item)| TransitParcel {
            identifier: item.name.to_string(),
            received_in: None,
            country: item.destination,
            receptacle,
            gross_weight: item.weight(),
            remark: String::new(),
        });
        let parcels: Vec<TransitParcel> = parcels.collect();
        let dispatch = &contents.dispatch;
        (!parcels.is_empty()).then(|| TransitBill {
            number: ONLY.to_owned(),
            s8: dispatch.s8,
            origin: self.office(dispatch.series.origin),
            destination: self.office(dispatch.series.destination),
            closed_at: self.local(dispatch.closed_ms.unwrap_or_default()),
            parcels,
        })
    }
}

fn billed_item(item: &Item) -> BilledItem {
    BilledItem { identifier: item.name.to_string(), gross_weight: item.weight() }
}

fn destination(item: &Item) -> String {
    item.destination.map_or_else(String::new, |country| country.to_string())
}

pub(crate) fn provenance(receptacle: &Receptacle) -> Provenance {
    if receptacle.is_through() { Provenance::Through } else { Provenance::Own }
}
