//! The papers of a container or truck: CN 37, loading list, customs transfer sheet, the data of the carrier's note, CN 47.

use std::collections::BTreeMap;

use caravan_documents::bill::{CarriedReceptacle, DeliveryBill};
use caravan_documents::form::{
    EmptyBill, EmptyReceptacles, LoadingList, NoteLoad, RailNote, RoadNote, TransferLine, TransferSheet,
};
use caravan_documents::manifest::{Seal, Stated, Unit};
use caravan_documents::pdf::Drawn;
use caravan_planning::{BalanceRules, Capacity, LoadPlan, NetworkPlace, ReceptacleKey};
use caravan_postal::{ContainerNumber, Grams, Impc, Language, MailClass, S9, SizeType};
use caravan_station::{Container, ContainerState, Departure, Receptacle};
use caravan_tariff::Transport;

use super::{Forms, provenance};
use caravan_documents::Office;

/// A container with what is in it and the departure that it stands for.
#[derive(Debug)]
pub(crate) struct Loaded<'k> {
    pub(crate) container: &'k Container,
    /// In the order of their identifiers; of another office's sealed container what its papers list.
    pub(crate) inside: Vec<&'k Receptacle>,
    pub(crate) departure: Option<&'k Departure>,
    /// When its papers are made.
    pub(crate) at_ms: i64,
}

/// A loading list with all that it is drawn from.
#[derive(Debug)]
pub(crate) struct Loading<'c> {
    number: String,
    office: Office,
    departure: String,
    unit: Unit,
    seals: Vec<Seal>,
    plan: LoadPlan,
    limits: Capacity,
    rules: &'c BalanceRules,
    stops: Vec<String>,
    identifiers: BTreeMap<ReceptacleKey, S9>,
}

impl Loading<'_> {
    /// Returns the list as it is drawn, also as SVG.
    pub(crate) fn list(&self) -> LoadingList<'_> {
        LoadingList {
            number: self.number.clone(),
            office: self.office.clone(),
            departure: self.departure.clone(),
            unit: &self.unit,
            seals: &self.seals,
            plan: &self.plan,
            limits: self.limits,
            rules: self.rules,
            stops: &self.stops,
            identifiers: &self.identifiers,
        }
    }
}

impl Loaded<'_> {
    fn number(&self) -> String {
        self.container.cn37.clone().unwrap_or_default()
    }

    /// Returns the gross weight as the bill prints it: each receptacle rounded for itself.
    fn printed_weight(&self) -> Grams {
        if self.container.is_through { self.container.gross } else { printed_weight(&self.inside) }
    }
}

impl<'c> Forms<'c> {
    pub(crate) fn delivery_bill(self, loaded: &Loaded<'_>) -> DeliveryBill {
        let container = loaded.container;
        let departs_at = self.local(loaded.departure.map_or(loaded.at_ms, |departure| departure.departs_ms));
        let carried = loaded.inside.iter().filter_map(|receptacle| {
            Some(CarriedReceptacle {
                s9: receptacle.s9?,
                provenance: provenance(receptacle),
                gross_weight: receptacle.gross(),
            })
        });
        DeliveryBill {
            number: loaded.number(),
            origin: self.own_office(),
            destinations: self.ends_of(container, &loaded.inside),
            handover: self.handover(&container.departure),
            handed_over_at: container.signed_ms.map(|signed_ms| self.local(signed_ms)),
            carrier: self.carrier(&container.departure),
            route: container.departure.clone(),
            conveyance: loaded.departure.and_then(|departure| departure.conveyance.clone()),
            departs_at,
            unit: unit(container),
            seals: seals(container),
            customs_transfer_number: container.transfer_number.clone(),
            receptacles: carried.collect(),
            stated: unlisted(loaded),
            is_void: is_void(container),
        }
    }

    /// Draws CN 37. In print the type of the container stands on it too, where that is known.
    pub(crate) fn draw_delivery_bill(self, loaded: &Loaded<'_>, language: Language) -> Drawn {
        let bill = self.delivery_bill(loaded);
        DeliveryBill { unit: typed_unit(loaded.container), ..bill }.draw(language)
    }

    /// Draws what goes along with a container once seals, CN 37 and transfer number are known, each with the name of its
    /// file: the customs transfer sheet, and what the carrier's note is filled in from.
    pub(crate) fn container_papers(
        self,
        loaded: &Loaded<'_>,
        language: Language,
    ) -> [(&'static str, Drawn); 2] {
        let transfer = self.draw_transfer_sheet(loaded, language);
        let is_rail =
            self.route_of(&loaded.container.departure).map(|route| route.mode) == Some(Transport::Rail);
        let note = if is_rail {
            ("cim-smgs", self.draw_rail_note(loaded, language))
        } else {
            ("cmr", self.draw_road_note(loaded, language))
        };
        [("transfer", transfer), note]
    }

    /// Returns the loading list, where the inside of the container is known and somebody here has loaded it.
    pub(crate) fn loading(self, loaded: &Loaded<'_>) -> Option<Loading<'c>> {
        let container = loaded.container;
        if loaded.inside.is_empty() || container.is_through {
            return None;
        }
        let route = self.route_of(&container.departure);
        let leaves = loaded.departure.map(|departure| self.config.day(departure.departs_ms));
        let way = route.zip(leaves);
        let way = way.map(|(route, leaves)| (route, self.config.road_days(route, None, leaves)));
        let way = way.as_ref().map(|(route, roads)| (*route, roads));
        let stowage = self.config.stowage_of(container, way)?;
        let plan = self.config.load_plan(route, &stowage, &loaded.inside);
        let stops = route.map(|route| route.stops.as_slice()).unwrap_or_default();
        let others = route.map(|route| route.offices.as_slice()).unwrap_or_default();
        let others = others.iter().filter(|office| !stops.contains(office));
        let others: Vec<String> = others.map(|office| self.office(*office).printed()).collect();
        let named = |receptacle: &&Receptacle| {
            Some((ReceptacleKey(u64::try_from(receptacle.id.0).ok()?), receptacle.s9?))
        };
        Some(Loading {
            number: loaded.number(),
            office: self.own_office(),
            departure: container.departure.clone(),
            unit: typed_unit(container),
            seals: seals(container),
            plan,
            limits: stowage.limits,
            rules: self.config.balance_rules()?,
            stops: stops
                .iter()
                .map(|office| self.office(*office).printed())
                .chain([others.join(", ")])
                .collect(),
            identifiers: loaded.inside.iter().filter_map(named).collect(),
        })
    }

    pub(crate) fn draw_transfer_sheet(self, loaded: &Loaded<'_>, language: Language) -> Drawn {
        in_force(loaded.container, self.transfer_sheet(loaded).draw(language))
    }

    pub(crate) fn draw_rail_note(self, loaded: &Loaded<'_>, language: Language) -> Drawn {
        in_force(loaded.container, self.rail_note(loaded).draw(language))
    }

    pub(crate) fn draw_road_note(self, loaded: &Loaded<'_>, language: Language) -> Drawn {
        in_force(loaded.container, self.road_note(loaded).draw(language))
    }

    fn transfer_sheet(self, loaded: &Loaded<'_>) -> TransferSheet {
        let container = loaded.container;
        let bill = format!("CN 37 {}", loaded.number());
        let mut sums: BTreeMap<(Impc, &'static str), (MailClass, Vec<&Receptacle>)> = BTreeMap::new();
        for receptacle in &loaded.inside {
            let Some(s9) = receptacle.s9 else { continue };
            let series = s9.dispatch.series();
            let class = series.subclass.class();
            let sum = sums.entry((series.destination, class.as_str())).or_insert((class, Vec::new()));
            sum.1.push(receptacle);
        }
        let line = |((destination, _), (class, receptacles)): ((Impc, _), (MailClass, Vec<&Receptacle>))| {
            TransferLine {
                bill: bill.clone(),
                class: Some(class),
                destination: self.office(destination).printed(),
                receptacle_count: u32::try_from(receptacles.len()).unwrap_or(u32::MAX),
                gross_weight: printed_weight(&receptacles),
                remark: String::new(),
            }
        };
        let mut lines: Vec<TransferLine> = sums.into_iter().map(line).collect();
        if let Some(unlisted) = unlisted(loaded) {
            lines.push(TransferLine {
                bill: bill.clone(),
                class: None,
                destination: self.consignee(loaded),
                receptacle_count: unlisted.receptacle_count,
                gross_weight: Grams(unlisted.gross_weight_g),
                remark: String::new(),
            });
        }
        TransferSheet {
            number: container.transfer_number.clone().unwrap_or_default(),
            office: self.own_office(),
            departure_customs: self.customs(),
            exit_customs: String::new(),
            receiver: String::new(),
            printed_at: self.local(loaded.at_ms),
            valid_until: None,
            road_bill: String::new(),
            carrier: self.carrier(&container.departure),
            driver: String::new(),
            unit: typed_unit(container),
            seals: seals(container),
            lines,
        }
    }

    fn rail_note(self, loaded: &Loaded<'_>) -> RailNote {
        RailNote {
            load: self.note_load(loaded),
            transit_customs: Vec::new(),
            station_code: String::new(),
            commodity: String::new(),
        }
    }

    fn road_note(self, loaded: &Loaded<'_>) -> RoadNote {
        let departure = &loaded.container.departure;
        let network = self.config.network.as_ref();
        let way = self.route_of(departure).and_then(|route| route.way.as_ref());
        let legs = way.into_iter().flat_map(|way| &way.legs);
        let crossings = legs.filter_map(|leg| {
            let network = network?;
            Some(network.crossings().get(network.legs().get(leg)?.crossing.as_ref()?)?.name.clone())
        });
        RoadNote {
            load: self.note_load(loaded),
            carriers: [self.carrier(departure)].into_iter().filter(|carrier| !carrier.is_empty()).collect(),
            trailer: String::new(),
            tir_carnet: String::new(),
            permits: Vec::new(),
            border_points: crossings.collect(),
        }
    }

    fn note_load(self, loaded: &Loaded<'_>) -> NoteLoad {
        let container = loaded.container;
        let office = self.own_office();
        let way = self.route_of(&container.departure).and_then(|route| route.way.as_ref());
        let place = |end: Option<&caravan_planning::RowId>| {
            let (network, end) = self.config.network.as_ref().zip(end)?;
            let place = network.places().get(end)?;
            Some(format!("{} ({})", place.name, place.country))
        };
        let acceptance = place(way.map(|way| &way.ends.0)).unwrap_or_else(|| city(&office));
        NoteLoad {
            number: String::new(),
            consignor: format!("{}\n{}", self.config.office.operator, office.printed()),
            consignee: self.consignee(loaded),
            bills: container.cn37.iter().cloned().collect(),
            customs_transfer: container.transfer_number.clone(),
            attached: Vec::new(),
            acceptance,
            delivery: self.delivery(loaded),
            unit: typed_unit(container),
            seals: seals(container),
            receptacle_count: container.receptacles,
            gross_weight: loaded.printed_weight(),
            made_out_in: office.name.clone(),
            made_out_on: self.config.day(loaded.at_ms),
            office,
        }
    }

    /// Returns who a carrier hands a container to.
    fn consignee(self, loaded: &Loaded<'_>) -> String {
        let ends = self.ends_of(loaded.container, &loaded.inside);
        ends.iter().map(Office::printed).collect::<Vec<_>>().join(", ")
    }

    /// Returns where a carrier's way ends: where the next operator takes over, else at the end of the route's way, else in
    /// the city of the office that the container goes to. Of several nobody told which.
    fn delivery(self, loaded: &Loaded<'_>) -> String {
        let route = self.route_of(&loaded.container.departure);
        let places = || self.config.network.iter().flat_map(|network| network.places().values());
        let known = |place: &NetworkPlace| format!("{} ({})", place.name, place.country);
        if let Some(name) = route.and_then(|route| self.config.handover(route)) {
            return places().find(|place| place.name == name).map_or_else(|| name.to_owned(), known);
        }
        let end = route.and_then(|route| route.way.as_ref()).map(|way| &way.ends.1);
        let network = self.config.network.as_ref().zip(end);
        if let Some(place) = network.and_then(|(network, end)| network.places().get(end)) {
            return known(place);
        }
        match self.ends_of(loaded.container, &loaded.inside).as_slice() {
            [only] => city(only),
            _ => String::new(),
        }
    }

    /// Returns CN 47, where empty receptacles are among the load. It has the number of CN 37: the station counts none of
    /// its own.
    pub(crate) fn empty_bill(self, loaded: &Loaded<'_>) -> Option<EmptyBill> {
        let bill = self.delivery_bill(loaded);
        let empty = bill
            .receptacles
            .iter()
            .filter(|one| one.s9.dispatch.series().subclass.class() == MailClass::Empty);
        let empty = empty.map(|one| EmptyReceptacles {
            s9: one.s9,
            bag_count: None,
            tray_count: None,
            gross_weight: one.gross_weight,
        });
        let receptacles: Vec<EmptyReceptacles> = empty.collect();
        (!receptacles.is_empty()).then(|| EmptyBill {
            number: bill.number,
            origin: bill.origin,
            destinations: bill.destinations,
            owner: String::new(),
            handed_over_at: bill.handed_over_at,
            carrier: bill.carrier,
            route: bill.route,
            departs_at: bill.departs_at,
            unit: typed_unit(loaded.container),
            seals: bill.seals,
            receptacles,
        })
    }

    /// Returns the customs office of the station as far as it is known: its code.
    pub(super) fn customs(self) -> String {
        self.config.ceb().map(|link| link.customs_code.clone()).unwrap_or_default()
    }
}

/// Returns whether the papers of a container stand for nothing: it was taken back.
pub(crate) fn is_void(container: &Container) -> bool {
    container.state == ContainerState::Withdrawn
}

/// Returns a paper of a container, void where that was taken back.
pub(crate) fn in_force(container: &Container, drawn: Drawn) -> Drawn {
    if is_void(container) { drawn.void() } else { drawn }
}

fn city(office: &Office) -> String {
    format!("{} ({})", office.name, office.code.country())
}

/// Returns the sum of weights as they are printed: hectograms, each rounded for itself.
fn printed_weight(receptacles: &[&Receptacle]) -> Grams {
    Grams(receptacles.iter().map(|receptacle| receptacle.gross().hectograms() * 100).sum())
}

/// Returns what its papers state of another office's sealed container.
pub(crate) fn stated(container: &Container) -> Option<Stated> {
    container
        .is_through
        .then_some(Stated { receptacle_count: container.receptacles, gross_weight_g: container.gross.0 })
}

/// Returns what the papers of another office's sealed container state of the receptacles that they do not list; nothing
/// where they list all.
fn unlisted(loaded: &Loaded<'_>) -> Option<Stated> {
    let stated = stated(loaded.container)?;
    let listed = u32::try_from(loaded.inside.len()).unwrap_or(u32::MAX);
    let receptacle_count = stated.receptacle_count.saturating_sub(listed);
    let gross_weight_g = stated.gross_weight_g.saturating_sub(printed_weight(&loaded.inside).0);
    (receptacle_count > 0).then_some(Stated { receptacle_count, gross_weight_g })
}

pub(crate) fn unit(container: &Container) -> Unit {
    let number = ContainerNumber::parse(&container.number).ok();
    Unit {
        container_number: number,
        vehicle: container.vehicle.clone().or_else(|| number.is_none().then(|| container.number.clone())),
        size_type: None,
    }
}

/// Returns the container with its type, where that is one of ISO 6346.
fn typed_unit(container: &Container) -> Unit {
    let size_type = container.equipment.as_deref().and_then(SizeType::parse);
    Unit { size_type, ..unit(container) }
}

/// Seals as documents list them. Of which class a seal is, nobody tells.
pub(crate) fn seals(container: &Container) -> Vec<Seal> {
    let seal = |number: &String| Seal { number: number.clone(), kind: None };
    container.seals.iter().map(seal).collect()
}
