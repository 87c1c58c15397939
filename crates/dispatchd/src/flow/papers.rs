//! What is due becomes documents and messages, each an outbound row of the transaction that made it due.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use caravan_documents::manifest::{
    Bill, BillForm, ClassTotals, ContainerFormat, ContainerManifest, Departure, DispatchFormat,
    DispatchManifest, Fill, Item as ManifestItem, LoadedReceptacle, Receptacle as ManifestReceptacle, Totals,
    Transport,
};
use caravan_edi::predes;
use caravan_edi::profile::Known;
use caravan_postal::{Handling, S9};
use caravan_station::{
    CameBack, Container, ContainerId, Dispatch, DispatchId, Due, Item, ItemId, ItemName, Receptacle,
    ReceptacleId, Subject,
};
use caravan_store::Outbound;

use super::Flow;
use super::interchange::Sending;
use crate::forms::{Contents, Loaded, provenance, seals, stated, unit};

impl Flow {
    /// Makes the papers of all that has become due since the last commit.
    pub(super) async fn papers_due(&mut self) -> Result<Vec<Outbound>> {
        let due = self.station.due_since(self.papers_made).to_vec();
        let mut papers = Vec::new();
        for one in due {
            match one {
                Due::Weighing(_) => {}
                Due::Label(id) => papers.extend(self.label(id)?),
                Due::DispatchPapers(id) => papers.extend(self.dispatch_papers(id).await?),
                Due::DispatchReplaced(id) => papers.extend(self.replaced_papers(id).await?),
                Due::DispatchCancelled(id) => papers.extend(self.cancellation(id)?),
                Due::Verification(id) => papers.extend(self.verification(id)),
                Due::InspectionAct(id) => papers.extend(self.inspection_act(id)),
                Due::DeliveryBill(id) => papers.extend(self.delivery_bill(id)),
                Due::DispatchResponse(id) => papers.extend(self.dispatch_response(id)?),
                Due::VerificationNote(id) => papers.extend(self.verification_note(id)),
                Due::InlandList(id) => papers.extend(self.inland_list(id).await?),
                Due::CustomsMessage(id) if self.is_presentation(id) => {
                    papers.extend(self.presentation(id).await?);
                }
                Due::CustomsMessage(id) => papers.extend(self.customs_message(id).await?),
                Due::ContainerManifest(id) => {
                    papers.push(self.container_manifest(id));
                    papers.extend(self.delivery_bill(id));
                }
                Due::Redeclared(id) => papers.extend(self.redeclared(id).await?),
                Due::ItemEvent(id, n) => papers.extend(self.later_event(id, n)?),
                Due::Consignment(id) => papers.extend(self.consignment(id).await?),
                Due::Departed(id) => papers.extend(self.departed(id).await?),
                Due::DispatchReplanned(id) => papers.extend(self.replanned(id).await?),
                Due::Claim(id) => papers.extend(self.claim_note(id).await?),
                Due::DamageReport(id) => papers.extend(self.damage_report(id).await?),
                Due::OpeningAct(subject) => papers.extend(self.opening_act(subject).await?),
                Due::ContainerPapers(id) => papers.extend(self.container_papers(id)),
                Due::DepartureFolder(id) => papers.extend(self.departure_folder(id).await?),
            }
        }
        Ok(papers)
    }

    fn label(&mut self, id: ReceptacleId) -> Result<Vec<Outbound>> {
        let state = self.station.state();
        let receptacle = &state.receptacles[&id];
        let dispatch = receptacle.dispatch.and_then(|dispatch| state.dispatches.get(&dispatch));
        let Some(label) = self.forms().label(receptacle, dispatch, state.departures.values()) else {
            return Ok(Vec::new());
        };
        let zpl = label.zpl(self.desk.config.office.language).context("cannot print a label")?;
        let key = format!("dispatch/{}/label-{:03}", label.s9.dispatch, label.s9.serial());
        let mut papers = vec![outbound(format!("{key}.zpl"), zpl)];
        let drawn = |_: &Self, language| {
            label.draw(language).expect("a label agrees with its S9, or was not printed as ZPL")
        };
        papers.extend(self.printed(Subject::Receptacle(id), format!("{key}.pdf"), drawn));
        Ok(papers)
    }

    async fn dispatch_papers(&mut self, id: DispatchId) -> Result<Vec<Outbound>> {
        let labelled = self.station.state().receptacles.values().filter(|one| one.dispatch == Some(id));
        let receptacles = labelled.cloned().collect();
        self.papers_of(id, receptacles, predes::Function::Original).await
    }

    /// Makes the papers of a dispatch with these of its receptacles. What was declared of its items and has happened to
    /// them goes with the first ones; since then it is told as it happens.
    pub(super) async fn papers_of(
        &mut self,
        id: DispatchId,
        receptacles: Vec<Receptacle>,
        function: predes::Function,
    ) -> Result<Vec<Outbound>> {
        let dispatch = self.station.state().dispatches[&id].clone();
        let inside = self.contents_of(receptacles).await?;
        let manifest = self.dispatch_manifest(&dispatch, &inside);
        let contents = self.contents(dispatch, inside).await?;
        let bill = self.forms().bill(&contents);
        let folder = format!("dispatch/{}", contents.dispatch.s8);
        let mut papers = vec![
            outbound(format!("{folder}/manifest.json"), manifest.to_json()),
            outbound(format!("{folder}/bill.txt"), bill.text()),
        ];
        let drawn = |flow: &Self, language| flow.forms().dispatch_papers(&contents, language);
        papers.extend(self.all_printed(Subject::Dispatch(id), &folder, drawn));
        let Contents { dispatch, inside, .. } = contents;
        let is_first = function == predes::Function::Original;
        if is_first {
            papers.extend(self.declarations(&dispatch, &inside).await?);
        }
        papers.extend(self.pre_advice(&dispatch, &inside, function)?);
        if is_first {
            papers.extend(self.events_so_far(&dispatch, &inside).await?);
        }
        Ok(papers)
    }

    /// Returns receptacles of a dispatch by serial, each with its items by name: as they are kept, overlaid with what
    /// the commands since the last commit have changed.
    pub(super) async fn contents_of(
        &self,
        mut receptacles: Vec<Receptacle>,
    ) -> Result<Vec<(Receptacle, Vec<Item>)>> {
        receptacles.retain(|receptacle| receptacle.items > 0);
        receptacles.sort_by_key(|receptacle| receptacle.s9.map(S9::serial));
        let ids: Vec<ReceptacleId> = receptacles.iter().map(|receptacle| receptacle.id).collect();
        let mut inside = self.items_of(&ids).await?;
        let with_items = |receptacle: Receptacle| {
            let items = inside.remove(&receptacle.id).unwrap_or_default();
            (receptacle, items)
        };
        Ok(receptacles.into_iter().map(with_items).collect())
    }

    /// Returns the items in receptacles by name, as they are kept and changed since. What has left in one and come back
    /// since had still left in it.
    pub(super) async fn items_of(&self, ids: &[ReceptacleId]) -> Result<BTreeMap<ReceptacleId, Vec<Item>>> {
        let state = self.station.state();
        let mut inside: BTreeMap<ReceptacleId, Vec<Item>> = BTreeMap::new();
        let kept = self.store.items_in(ids).await?;
        let changed = &self.station.changes().items;
        let kept = kept.into_iter().filter(|item| !changed.contains(&item.id));
        let overlaid = changed.iter().filter_map(|id| state.item(*id));
        let overlaid = overlaid.filter(|item| item.receptacle.is_some_and(|at| ids.contains(&at))).cloned();
        for item in kept.chain(overlaid) {
            if let Some(receptacle) = item.receptacle {
                inside.entry(receptacle).or_default().push(item);
            }
        }
        for (one, item) in self.came_back(ids).await? {
            let item = Item { receptacle: Some(one.receptacle), scale: Some(one.weight), ..item };
            inside.entry(one.receptacle).or_default().push(item);
        }
        for items in inside.values_mut() {
            items.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(inside)
    }

    /// Returns what has left in receptacles and come back since, and the items as they are now.
    pub(super) async fn came_back(&self, ids: &[ReceptacleId]) -> Result<Vec<(CameBack, Item)>> {
        let mut back = self.store.came_back_of(ids).await?;
        let changed = self.station.changes().came_back.iter();
        back.extend(changed.filter(|one| ids.contains(&one.receptacle)));
        let known = self.store.items_numbered(&back.iter().map(|one| one.item).collect::<Vec<_>>()).await?;
        let known: BTreeMap<ItemId, Item> = known.into_iter().map(|item| (item.id, item)).collect();
        let with_item = |one: CameBack| {
            let item = self.station.state().item(one.item).or_else(|| known.get(&one.item));
            Ok((one, item.context("what has come back is kept")?.clone()))
        };
        back.into_iter().map(with_item).collect()
    }

    fn dispatch_manifest(&self, dispatch: &Dispatch, inside: &[(Receptacle, Vec<Item>)]) -> DispatchManifest {
        let forms = self.forms();
        let series = dispatch.series;
        let receptacles: Vec<ManifestReceptacle> =
            inside.iter().filter_map(|(receptacle, items)| manifest_receptacle(receptacle, items)).collect();
        DispatchManifest {
            format: DispatchFormat::One,
            s8: dispatch.s8,
            s8_printed: caravan_documents::printed::s8(dispatch.s8),
            origin: forms.office(series.origin),
            destination: forms.office(series.destination),
            category: series.category,
            class: series.subclass.class(),
            subclass: series.subclass,
            year: dispatch.year,
            serial: dispatch.s8.serial(),
            closed_at: forms.moment(dispatch.closed_ms.unwrap_or_default()),
            departure: dispatch.departure.as_deref().and_then(|key| self.departure(key, None)),
            bill: Bill {
                form: BillForm::of(series.subclass.class()),
                number: dispatch.s8.serial().to_string(),
            },
            totals: Totals::of(&receptacles),
            receptacles,
            estimated_charges: Vec::new(),
        }
    }

    /// Writes the pre-advice PREDES for a partner that gets it.
    pub(super) fn pre_advice(
        &mut self,
        dispatch: &Dispatch,
        inside: &[(Receptacle, Vec<Item>)],
        function: predes::Function,
    ) -> Result<Option<Outbound>> {
        let Some((recipient, _)) = self.asked(dispatch.series.destination, Known::Predes) else {
            return Ok(None);
        };
        let closed_at = self.desk.config.local(dispatch.closed_ms.unwrap_or_default());
        let departure = dispatch.departure.as_deref().and_then(|key| self.departure(key, None));
        let message = predes::Dispatch {
            s8: dispatch.s8,
            function,
            closed_at,
            departure: departure.map(|departure| predes::Departure {
                departs_at: departure.scheduled_at.local,
                mode: match departure.transport {
                    Transport::Rail => predes::TransportMode::Rail,
                    Transport::Road => predes::TransportMode::Road,
                },
                conveyance: departure.conveyance,
            }),
            receptacles: inside.iter().filter_map(|(receptacle, items)| advised(receptacle, items)).collect(),
        };
        let sending = Sending {
            recipient: &recipient,
            message: Known::Predes,
            name: "PREDES",
            subject: Subject::Dispatch(dispatch.id),
            about: &dispatch.s8.to_string(),
            prepared_at: self.told_at(),
        };
        self.send(&sending, |writer, profile| predes::write(writer, profile, "1", &message))
    }

    fn delivery_bill(&mut self, id: ContainerId) -> Vec<Outbound> {
        let loaded = self.loaded_container(id);
        let bill = self.forms().delivery_bill(&loaded);
        let folder = format!("container/{}", loaded.container.name());
        let mut papers = vec![outbound(format!("{folder}/cn37.txt"), bill.text())];
        let drawn =
            |flow: &Self, language| flow.forms().draw_delivery_bill(&flow.loaded_container(id), language);
        papers.extend(self.printed(Subject::Container(id), format!("{folder}/cn37.pdf"), drawn));
        papers.extend(self.loading_list(id, &folder));
        papers
    }

    fn container_manifest(&self, id: ContainerId) -> Outbound {
        let forms = self.forms();
        let container = &self.station.state().containers[&id];
        let now_ms = self.station.now_ms();
        let departs = self.departure(&container.departure, Some(container));
        let receptacles: Vec<LoadedReceptacle> = self
            .loaded(id)
            .into_iter()
            .filter_map(|receptacle| {
                let s9: S9 = receptacle.s9?;
                let series = s9.dispatch.series();
                let (origin, destination) = (forms.office(series.origin), forms.office(series.destination));
                Some(LoadedReceptacle {
                    gross_weight_g: receptacle.gross().0,
                    volume_cm3: Some(receptacle.volume.0),
                    ..LoadedReceptacle::of(s9, provenance(receptacle), receptacle.kind, origin, destination)
                })
            })
            .collect();
        let manifest = ContainerManifest {
            format: ContainerFormat::One,
            unit: unit(container),
            seals: seals(container),
            cn37_number: container.cn37.clone().unwrap_or_default(),
            customs_transfer_number: container.transfer_number.clone().unwrap_or_default(),
            carrier: forms.carrier(&container.departure),
            origin: forms.own_office(),
            destination: match forms.ends_of(container, &self.loaded(id)).as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            handover: forms.handover(&container.departure),
            closed_at: forms.moment(container.sealed_ms.unwrap_or(now_ms)),
            departure: departs.unwrap_or_else(|| Departure {
                route: container.departure.clone(),
                transport: Transport::Road,
                conveyance: None,
                scheduled_at: forms.moment(now_ms),
            }),
            stated: stated(container),
            fill: Fill::of(&receptacles, container.payload.0, container.usable.0),
            totals: ClassTotals::of(&receptacles),
            receptacles,
        };
        outbound(format!("container/{}/manifest.json", container.name()), manifest.to_json())
    }

    pub(super) fn loaded(&self, id: ContainerId) -> Vec<&Receptacle> {
        let receptacles = self.station.state().receptacles.values();
        let mut loaded: Vec<&Receptacle> =
            receptacles.filter(|receptacle| receptacle.container == Some(id)).collect();
        loaded.sort_by_cached_key(|receptacle| receptacle.s9.map(|s9| s9.to_string()));
        loaded
    }

    /// Returns a departure as manifests and messages tell it.
    fn departure(&self, key: &str, container: Option<&Container>) -> Option<Departure> {
        Some(self.forms().departure(self.departure_of(key)?, container))
    }

    fn departure_of(&self, key: &str) -> Option<&caravan_station::Departure> {
        self.station.state().departures.values().find(|departure| departure.key == key)
    }

    /// Returns a container with all that its papers are made from.
    pub(super) fn loaded_container(&self, id: ContainerId) -> Loaded<'_> {
        let container = &self.station.state().containers[&id];
        let departure = self.departure_of(&container.departure);
        Loaded { container, inside: self.loaded(id), departure, at_ms: self.station.now_ms() }
    }
}

fn manifest_receptacle(receptacle: &Receptacle, items: &[Item]) -> Option<ManifestReceptacle> {
    let item = |item: &Item| ManifestItem {
        identifier: item.name.to_string(),
        gross_weight_g: item.weight().0,
        handling: item.handling,
    };
    Some(ManifestReceptacle {
        tare_g: receptacle.tare.0,
        scale_weight_g: receptacle.scale.map(|scale| scale.0),
        volume_cm3: Some(receptacle.volume.0),
        item_count: receptacle.items,
        registered_count: receptacle.registered,
        items: items.iter().map(item).collect(),
        ..ManifestReceptacle::of(receptacle.s9?, receptacle.kind, receptacle.gross())
    })
}

fn advised(receptacle: &Receptacle, items: &[Item]) -> Option<predes::Receptacle> {
    let item = |item: &Item| match item.name {
        ItemName::S10(s10) => {
            Some(predes::Item { s10, handling: item.handling, gross_weight: item.weight() })
        }
        ItemName::Other(_) => None,
    };
    // What the message's characters cannot say stands on the bag alone.
    let is_writable = |seal: &String| {
        seal.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -./".contains(&byte))
    };
    Some(predes::Receptacle {
        s9: receptacle.s9?,
        kind: receptacle.kind,
        handling: handling(items).unwrap_or(Handling::Normal),
        gross_weight: receptacle.gross(),
        seal: receptacle.seal.clone().filter(is_writable),
        item_count: receptacle.items,
        items: items.iter().filter_map(item).collect(),
    })
}

/// Returns the handling class of a receptacle with these items: that of the item that asks for most.
pub(super) fn handling(items: &[Item]) -> Option<Handling> {
    items.iter().map(|item| item.handling).max()
}

pub(super) fn outbound(key: String, text: String) -> Outbound {
    Outbound { key, body: text.into_bytes() }
}
