//! What is due becomes documents and messages, each an outbound row of the transaction that made it due.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use caravan_documents::Office;
use caravan_documents::bill::{BilledItem, BilledReceptacle, CarriedReceptacle, DeliveryBill, DispatchBill};
use caravan_documents::label::ReceptacleLabel;
use caravan_documents::manifest::{
    Bill, BillForm, ClassTotals, ContainerFormat, ContainerManifest, Departure, DispatchFormat,
    DispatchManifest, Fill, Item as ManifestItem, LoadedReceptacle, Moment, Provenance,
    Receptacle as ManifestReceptacle, Seal, SealKind, Stated, Totals, Transport, Unit,
};
use caravan_edi::profile::Known;
use caravan_edi::{Writer, predes};
use caravan_postal::{ContainerNumber, Handling, Impc, S9};
use caravan_station::{
    Config, Container, ContainerId, Dispatch, DispatchId, Due, Item, ItemName, Receptacle, ReceptacleId,
    Subject,
};
use caravan_store::Outbound;
use chrono::DateTime;

use super::Flow;

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
                Due::CustomsMessage(id) => papers.push(self.customs_message(id).await?),
                Due::ContainerManifest(id) => {
                    papers.push(self.container_manifest(id));
                    papers.extend(self.delivery_bill(id));
                }
                Due::Redeclared(id) => papers.extend(self.redeclared(id).await?),
                Due::ItemEvent(id, n) => papers.extend(self.later_event(id, n)?),
                Due::Consignment(id) => papers.extend(self.consignment(id)?),
                Due::Departed(id) => papers.extend(self.departed(id).await?),
                Due::Claim(id) => papers.extend(self.claim_note(id).await?),
            }
        }
        Ok(papers)
    }

    fn label(&mut self, id: ReceptacleId) -> Result<Vec<Outbound>> {
        let receptacle = &self.station.state().receptacles[&id];
        let Some(s9) = receptacle.s9 else { return Ok(Vec::new()) };
        let series = s9.dispatch.series();
        let closed_ms = receptacle.closed_ms.unwrap_or(receptacle.opened_ms);
        let label = ReceptacleLabel {
            s9,
            origin: self.office(series.origin),
            destination: self.office(series.destination),
            dispatched_on: self.desk.config.day(closed_ms),
            gross_weight: receptacle.gross(),
            item_count: Some(receptacle.items),
            transport: None,
        };
        let zpl = label.zpl().context("cannot print a label")?;
        let key = format!("dispatch/{}/label-{:03}", s9.dispatch, s9.serial());
        let mut papers = vec![outbound(format!("{key}.zpl"), zpl)];
        let drawn =
            |language| label.draw(language).expect("a label agrees with its S9, or was not printed as ZPL");
        papers.extend(self.printed(Subject::Receptacle(id), format!("{key}.pdf"), drawn));
        Ok(papers)
    }

    async fn dispatch_papers(&mut self, id: DispatchId) -> Result<Vec<Outbound>> {
        let labelled = self.station.state().receptacles.values().filter(|one| one.dispatch == Some(id));
        let receptacles = labelled.cloned().collect();
        self.papers_of(id, receptacles, predes::Function::Original).await
    }

    /// Makes the papers of a dispatch with these of its receptacles.
    pub(super) async fn papers_of(
        &mut self,
        id: DispatchId,
        receptacles: Vec<Receptacle>,
        function: predes::Function,
    ) -> Result<Vec<Outbound>> {
        let dispatch = self.station.state().dispatches[&id].clone();
        let inside = self.contents_of(receptacles).await?;
        let manifest = self.dispatch_manifest(&dispatch, &inside);
        let bill = self.bill(&dispatch, &inside);
        let folder = format!("dispatch/{}", dispatch.s8);
        let mut papers = vec![
            outbound(format!("{folder}/manifest.json"), manifest.to_json()),
            outbound(format!("{folder}/bill.txt"), bill.text()),
        ];
        let drawn = |language| bill.draw(language);
        papers.extend(self.printed(Subject::Dispatch(id), format!("{folder}/bill.pdf"), drawn));
        papers.extend(self.declarations(&dispatch, &inside).await?);
        papers.extend(self.pre_advice(&dispatch, &inside, function)?);
        papers.extend(self.events_so_far(&dispatch, &inside).await?);
        Ok(papers)
    }

    /// Returns receptacles of a dispatch by serial, each with its items by name: as they are kept, overlaid with what
    /// the commands since the last commit have changed.
    async fn contents_of(&self, mut receptacles: Vec<Receptacle>) -> Result<Vec<(Receptacle, Vec<Item>)>> {
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

    /// Returns the items in receptacles by name, as they are kept and changed since.
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
        for items in inside.values_mut() {
            items.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(inside)
    }

    fn dispatch_manifest(&self, dispatch: &Dispatch, inside: &[(Receptacle, Vec<Item>)]) -> DispatchManifest {
        let series = dispatch.series;
        let receptacles: Vec<ManifestReceptacle> =
            inside.iter().filter_map(|(receptacle, items)| manifest_receptacle(receptacle, items)).collect();
        DispatchManifest {
            format: DispatchFormat::One,
            s8: dispatch.s8,
            s8_printed: caravan_documents::printed::s8(dispatch.s8),
            origin: self.office(series.origin),
            destination: self.office(series.destination),
            category: series.category,
            class: series.subclass.class(),
            subclass: series.subclass,
            year: dispatch.year,
            serial: dispatch.s8.serial(),
            closed_at: moment(&self.desk.config, dispatch.closed_ms.unwrap_or_default()),
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

    fn bill(&self, dispatch: &Dispatch, inside: &[(Receptacle, Vec<Item>)]) -> DispatchBill {
        let receptacles = inside.iter().filter_map(|(receptacle, items)| {
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
            closed_at: self.desk.config.local(dispatch.closed_ms.unwrap_or_default()),
            transport: dispatch.departure.clone(),
            receptacles: receptacles.collect(),
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
        let (reference, header) = self.interchange_to(&recipient, closed_at);
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
        let mut writer = Writer::new(&header).context("cannot begin the pre-advice")?;
        let layouts = self.desk.exchanges.of(&recipient);
        predes::write(&mut writer, layouts.profile(Known::Predes), "1", &message)
            .with_context(|| format!("cannot write the pre-advice of `{}`", dispatch.s8))?;
        let bytes = writer.finish().context("cannot end the pre-advice")?;
        Ok(Some(Outbound {
            key: format!("edi/{recipient}/{reference}-PREDES-{}.edi", dispatch.s8),
            body: bytes,
        }))
    }

    fn delivery_bill(&mut self, id: ContainerId) -> Vec<Outbound> {
        let container = &self.station.state().containers[&id];
        let departure = self.departure(&container.departure, Some(container));
        let carried = self.loaded(id).into_iter().filter_map(|receptacle| {
            Some(CarriedReceptacle {
                s9: receptacle.s9?,
                provenance: provenance(receptacle),
                gross_weight: receptacle.gross(),
            })
        });
        let local = self.desk.config.local(self.clock.now_ms());
        let bill = DeliveryBill {
            number: container.cn37.clone().unwrap_or_default(),
            origin: self.office(self.desk.config.office.code),
            destination: self.terminus(&container.departure),
            handed_over_at: departure.as_ref().map_or(local, |departure| departure.scheduled_at.local),
            carrier: self.carrier(&container.departure),
            route: container.departure.clone(),
            departs_at: departure.map_or(local, |departure| departure.scheduled_at.local),
            unit: unit(container),
            seals: seals(container),
            customs_transfer_number: container.transfer_number.clone(),
            receptacles: carried.collect(),
        };
        let key = format!("container/{}/cn37", container.name());
        let mut papers = vec![outbound(format!("{key}.txt"), bill.text())];
        let drawn = |language| bill.draw(language);
        papers.extend(self.printed(Subject::Container(id), format!("{key}.pdf"), drawn));
        papers
    }

    fn container_manifest(&self, id: ContainerId) -> Outbound {
        let container = &self.station.state().containers[&id];
        let now_ms = self.clock.now_ms();
        let departs = self.departure(&container.departure, Some(container));
        let receptacles: Vec<LoadedReceptacle> = self
            .loaded(id)
            .into_iter()
            .filter_map(|receptacle| {
                let s9: S9 = receptacle.s9?;
                let series = s9.dispatch.series();
                let (origin, destination) = (self.office(series.origin), self.office(series.destination));
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
            carrier: self.carrier(&container.departure),
            origin: self.office(self.desk.config.office.code),
            destination: self.terminus(&container.departure),
            closed_at: moment(&self.desk.config, now_ms),
            departure: departs.unwrap_or_else(|| Departure {
                route: container.departure.clone(),
                transport: Transport::Road,
                conveyance: None,
                scheduled_at: moment(&self.desk.config, now_ms),
            }),
            stated: container.is_through.then_some(Stated {
                receptacle_count: container.receptacles,
                gross_weight_g: container.gross.0,
            }),
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

    fn departure(&self, key: &str, container: Option<&Container>) -> Option<Departure> {
        let departure = self.station.state().departures.values().find(|departure| departure.key == key)?;
        let mode = self.desk.config.route(&departure.route).map(|route| route.mode);
        Some(Departure {
            route: departure.route.clone(),
            transport: match mode {
                Some(caravan_tariff::Transport::Rail) => Transport::Rail,
                Some(caravan_tariff::Transport::Road | caravan_tariff::Transport::Air) | None => {
                    Transport::Road
                }
            },
            conveyance: container.map(|container| container.number.clone()),
            scheduled_at: moment(&self.desk.config, departure.departs_ms),
        })
    }

    fn carrier(&self, departure: &str) -> String {
        self.route_of(departure).map(|route| route.carrier.clone()).unwrap_or_default()
    }

    /// Returns the office where a departure ends: the last that its route serves.
    fn terminus(&self, departure: &str) -> Office {
        let last = self.route_of(departure).and_then(|route| route.offices.last().copied());
        self.office(last.unwrap_or(self.desk.config.office.code))
    }

    pub(super) fn route_of(&self, departure: &str) -> Option<&caravan_station::config::Route> {
        departure.split_once('/').and_then(|(route, _)| self.desk.config.route(route))
    }

    pub(super) fn office(&self, code: Impc) -> Office {
        let own = &self.desk.config.office;
        let (name, is_synthetic) = if code == own.code {
            (own.name.clone(), own.is_synthetic)
        } else {
            (self.desk.config.partner(code).map(|partner| partner.name.clone()).unwrap_or_default(), false)
        };
        Office { code, name, is_synthetic }
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

fn billed_item(item: &Item) -> BilledItem {
    BilledItem { identifier: item.name.to_string(), gross_weight: item.weight() }
}

fn advised(receptacle: &Receptacle, items: &[Item]) -> Option<predes::Receptacle> {
    let item = |item: &Item| match item.name {
        ItemName::S10(s10) => {
            Some(predes::Item { s10, handling: item.handling, gross_weight: item.weight() })
        }
        ItemName::Other(_) => None,
    };
    let handling = items.iter().map(|item| item.handling).max().unwrap_or(Handling::Normal);
    // What the message's characters cannot say stands on the bag alone.
    let is_writable = |seal: &String| {
        seal.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b" -./".contains(&byte))
    };
    Some(predes::Receptacle {
        s9: receptacle.s9?,
        kind: receptacle.kind,
        handling,
        gross_weight: receptacle.gross(),
        seal: receptacle.seal.clone().filter(is_writable),
        item_count: receptacle.items,
        items: items.iter().filter_map(item).collect(),
    })
}

fn provenance(receptacle: &Receptacle) -> Provenance {
    if receptacle.is_through() { Provenance::Through } else { Provenance::Own }
}

fn unit(container: &Container) -> Unit {
    let number = ContainerNumber::parse(&container.number).ok();
    Unit {
        container_number: number,
        vehicle: number.is_none().then(|| container.number.clone()),
        size_type: None,
    }
}

/// Seals as documents list them. Of which class a seal is, nobody told: container seals on mail are bolt seals of
/// class H (ISO 17712).
fn seals(container: &Container) -> Vec<Seal> {
    container
        .seals
        .iter()
        .map(|number| Seal { number: number.clone(), kind: SealKind::HighSecurity })
        .collect()
}

fn moment(config: &Config, at_ms: i64) -> Moment {
    Moment {
        utc: DateTime::from_timestamp_millis(at_ms).unwrap_or_default(),
        local: config.local(at_ms),
        zone: config.office.zone.name().to_owned(),
    }
}

pub(super) fn outbound(key: String, text: String) -> Outbound {
    Outbound { key, body: text.into_bytes() }
}
