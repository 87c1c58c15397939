//! The life of a station over a store: items are declared, scanned and released, the timetable ticks, and what changes
//! is written, in the way of the daemon's flow.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use caravan_postal::{Grams, S8};
use caravan_station::operation::{AnnouncedAs, Consigned, ReceptacleName, Redeclaration, SendersWord};
use caravan_station::{
    Act, Config, Container, ContainerId, Departure, DepartureId, Dispatch, DispatchId, Disposition, Due,
    ItemName, Lithium, Operation, Receptacle, ReceptacleId, Station,
};
use caravan_store::{Batch, FileId, NewItem, Noted, Outbound, Store, StoreError, Version};

use crate::sample::{DAY_MS, MINUTE_MS, MORNING_MS, batch, claimed, config, done, item, stream};

/// A station at work.
pub(crate) struct Life {
    /// The store that it writes to.
    pub(crate) store: Store,
    /// The station.
    pub(crate) station: Station,
    /// Everything that ever was at the station, as it was last written.
    pub(crate) seen: Seen,
    /// What the scale shows beside items and tare, by receptacle.
    pub(crate) excess: BTreeMap<ReceptacleId, i64>,
    /// What time it is.
    pub(crate) now_ms: i64,
    version: Version,
    /// What is due as it stood when it became due, and how many of the due ones that are.
    papers: Vec<Outbound>,
    made: usize,
}

/// Rows by number, as they were last written.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) receptacles: BTreeMap<ReceptacleId, Receptacle>,
    pub(crate) dispatches: BTreeMap<DispatchId, Dispatch>,
    pub(crate) containers: BTreeMap<ContainerId, Container>,
    pub(crate) departures: BTreeMap<DepartureId, Departure>,
}

impl Life {
    /// Takes the lease and begins on what is kept, in the morning.
    pub(crate) async fn start(store: &Store) -> Self {
        Self::start_with(store, config()).await
    }

    /// The same with other settings.
    pub(crate) async fn start_with(store: &Store, config: Arc<Config>) -> Self {
        let (version, state) = store.take_lease("a test", MORNING_MS).await.unwrap();
        let station = Station::new(config, state);
        let (seen, excess) = (Seen::default(), BTreeMap::new());
        let papers = Vec::new();
        Self { store: store.clone(), station, seen, excess, now_ms: MORNING_MS, version, papers, made: 0 }
    }

    /// Keeps a whole file of items with these names.
    pub(crate) async fn declare(
        &mut self,
        number: u8,
        names: &[ItemName],
        mut adapt: impl FnMut(u32, &mut NewItem),
    ) -> FileId {
        let file = claimed(&self.store, number).await.id;
        let items = names.iter().zip(1..).map(|(name, ordinal)| {
            let mut new = item(file, ordinal, name.clone());
            adapt(ordinal, &mut new);
            new
        });
        let items: Vec<NewItem> = items.collect();
        let to = u32::try_from(items.len()).unwrap();
        let batch = Batch { to, at_ms: self.now_ms, last: Some(done(Vec::new())), ..batch(file, items) };
        self.store.keep(&batch).await.unwrap();
        self.store.moved(file).await.unwrap();
        file
    }

    /// Lets an item be scanned.
    pub(crate) async fn scan(&mut self, name: &ItemName, grams: u64) {
        self.operate(&[self.operation(Act::Scan { item: name.clone(), scale: Grams(grams) })]).await;
    }

    /// Lets items be scanned and released.
    pub(crate) async fn bring(&mut self, names: &[ItemName]) {
        let acts = names.iter().flat_map(|name| {
            let disposition = Disposition::Released;
            [
                Act::Scan { item: name.clone(), scale: Grams(1000) },
                Act::Dispose { item: name.clone(), disposition },
            ]
        });
        let operations: Vec<Operation> = acts.map(|act| self.operation(act)).collect();
        self.operate(&operations).await;
    }

    /// Does one act.
    pub(crate) async fn act(&mut self, act: Act) {
        self.operate(&[self.operation(act)]).await;
    }

    /// The same, with what somebody wrote with it.
    pub(crate) async fn note(&mut self, act: Act, note: &str) {
        let operation = Operation { note: note.to_owned(), ..self.operation(act) };
        self.operate(&[operation]).await;
    }

    fn operation(&self, act: Act) -> Operation {
        Operation { at_ms: self.now_ms, act, note: "№ 1".to_owned() }
    }

    /// Applies operations and writes what they change.
    pub(crate) async fn operate(&mut self, operations: &[Operation]) {
        self.admit(operations).await;
        for operation in operations {
            self.apply(operation);
        }
        self.commit().await;
    }

    /// Admits the items that operations name.
    pub(crate) async fn admit(&mut self, operations: &[Operation]) {
        for number in operations.iter().filter_map(|operation| operation.act.container()) {
            let is_here = self.station.state().has_container(number);
            if !is_here && let Some(gone) = self.store.container_gone(number).await.unwrap() {
                self.station.admit_container(gone, Vec::new());
            }
        }
        let mut names = HashSet::new();
        let named = operations.iter().filter_map(|operation| operation.act.item());
        let mut named: Vec<ItemName> = named.filter(|name| names.insert(*name)).cloned().collect();
        let office = self.station.config().office.code;
        let arrivals: Vec<S8> =
            operations.iter().filter_map(|operation| operation.act.arrival(office)).collect();
        for (dispatch, receptacles) in self.store.arrivals(&arrivals).await.unwrap() {
            self.station.admit_arrival(dispatch, receptacles);
        }
        named.extend(operations.iter().flat_map(|operation| self.station.listed_by(operation)));
        for item in self.store.items(&named).await.unwrap() {
            if !self.station.state().knows(&item.name) {
                self.station.admit(item);
            }
        }
    }

    /// Applies one operation, whose item is at hand.
    pub(crate) fn apply(&mut self, operation: &Operation) {
        self.now_ms = self.now_ms.max(operation.at_ms);
        self.station.apply(operation);
        self.weigh(operation.at_ms);
    }

    /// Lets the timetable do what it asks for up to a moment.
    pub(crate) async fn tick_to(&mut self, at_ms: i64) {
        self.now_ms = self.now_ms.max(at_ms);
        while let Some(tick) = self.station.next_tick(at_ms).filter(|tick| tick.at_ms <= at_ms) {
            for item in self.store.items_waiting(&self.station.bagged_at(&tick)).await.unwrap() {
                if self.station.state().item(item.id).is_none() {
                    self.station.admit(item);
                }
            }
            self.station.tick(tick);
            self.weigh(tick.at_ms);
            self.commit().await;
        }
    }

    /// Lets the station take note of further versions of declarations.
    pub(crate) async fn take_note(&mut self) {
        for one in self.store.redeclared().await.unwrap() {
            let known = self.store.item(one.item).await.unwrap().unwrap();
            let mut announced = known.clone();
            announced.version = one.version;
            self.station.admit(known);
            let act = Act::Redeclare(Box::new(Redeclaration { item: announced, word: SendersWord::Stands }));
            self.station.apply(&self.operation(act));
            self.commit_noting(Noted { redeclared: vec![(one.item, one.version)], ..Noted::default() }).await;
        }
    }

    fn weigh(&mut self, at_ms: i64) {
        let mut seen = 0;
        while let Some(due) = self.station.due_since(seen).first().copied() {
            seen += 1;
            let Due::Weighing(id) = due else { continue };
            let waiting = self.station.state().receptacles.get(&id).filter(|found| found.is_weighing());
            let Some(receptacle) = waiting else { continue };
            let shown = (receptacle.content + receptacle.tare).0;
            let scale = Grams(shown.saturating_add_signed(self.excess.get(&id).copied().unwrap_or(0)));
            let act = Act::WeighReceptacle { tag: id.0, scale };
            self.station.apply(&Operation { at_ms, act, note: String::new() });
        }
        let due = self.station.due_since(self.made);
        self.made += due.len();
        let papers: Vec<Outbound> = due.iter().filter_map(|due| self.paper(*due)).collect();
        self.papers.extend(papers);
    }

    /// Writes what has changed.
    pub(crate) async fn commit(&mut self) {
        self.commit_noting(Noted::default()).await;
    }

    /// Writes what has changed, and what else it takes note of.
    pub(crate) async fn commit_noting(&mut self, noted: Noted) {
        self.try_commit(noted).await.unwrap();
    }

    /// Writes what has changed, unless the station has changed elsewhere.
    pub(crate) async fn try_commit(&mut self, noted: Noted) -> Result<(), StoreError> {
        let (state, changes) = (self.station.state(), self.station.changes());
        self.version =
            self.store.apply(self.version, state, changes, &self.papers, &noted, self.now_ms).await?;
        self.papers.clear();
        self.made = 0;
        let state = self.station.state();
        self.seen.receptacles.extend(state.receptacles.clone());
        self.seen.dispatches.extend(state.dispatches.clone());
        self.seen.containers.extend(state.containers.clone());
        self.seen.departures.extend(state.departures.clone());
        self.station.settle_changes();
        Ok(())
    }

    fn paper(&self, due: Due) -> Option<Outbound> {
        let state = self.station.state();
        let (key, body) = match due {
            // What partners are told is made above the store.
            Due::Weighing(_)
            | Due::Redeclared(_)
            | Due::ItemEvent(..)
            | Due::Consignment(_)
            | Due::Departed(_)
            | Due::DispatchReplanned(_)
            | Due::Claim(_)
            | Due::OpeningAct(_)
            | Due::ContainerPapers(_)
            | Due::DepartureFolder(_) => return None,
            Due::Label(id) => (format!("label/{}", id.0), state.receptacles[&id].name()),
            Due::DispatchPapers(id) => (format!("dispatch/{}", id.0), format!("{:?}", state.dispatches[&id])),
            Due::DeliveryBill(id) => (format!("bill/{}", id.0), format!("{:?}", state.containers[&id].cn37)),
            Due::DispatchResponse(id) => (format!("answer/{}", id.0), state.dispatches[&id].s8.to_string()),
            Due::VerificationNote(id) => (format!("note/{}", id.0), state.dispatches[&id].s8.to_string()),
            Due::InlandList(id) => (format!("inland/{}", id.0), String::new()),
            Due::CustomsMessage(id) => (format!("customs/{}", id.0), state.filings[&id].name()),
            Due::ContainerManifest(id) => (format!("left/{}", id.0), state.containers[&id].number.clone()),
            Due::DispatchReplaced(id) | Due::DispatchCancelled(id) => {
                (format!("again/{}", id.0), format!("{:?}", state.dispatches[&id]))
            }
            Due::Verification(id) => {
                let name = state.receptacles[&id].name();
                (format!("verification/{}.txt", &name[..23]), name)
            }
            Due::InspectionAct(id) => (format!("act/{}", id.0), format!("{:?}", state.item(id))),
            Due::DamageReport(id) => (format!("damage/{}", id.0), format!("{:?}", state.item(id))),
        };
        Some(Outbound { key, body: body.into_bytes() })
    }
}

/// The key of the suite's departure on a day of November 2026.
pub(crate) fn departure(day: u32) -> String {
    format!("almaty-road/2026-11-{day:02}T18:00")
}

/// Announces a container for the departure of a day.
pub(crate) fn announce(container: &str, day: u32) -> Act {
    let container = container.to_owned();
    Act::Announce { container, departure: departure(day), as_what: AnnouncedAs::default() }
}

/// Lets two days of a station pass on a store: when they are over there is something in nearly every state, and a
/// container and a through container have left.
pub(crate) async fn two_days(store: &Store) -> Life {
    let mut life = Life::start(store).await;
    let names: Vec<ItemName> = (1..=14).map(crate::sample::s10).collect();
    life.excess = BTreeMap::from([(ReceptacleId(3), 4000)]);
    life.declare(1, &names, |ordinal, new| match ordinal {
        5 | 6 => {
            new.item.handling = caravan_postal::Handling::Registered;
            new.item.stream = Some(stream("KZALAA-D-CN-R"));
        }
        10..=12 => {
            new.item.stream = Some(stream("KGFRUA-D-UN-N"));
            new.item.destination = caravan_postal::Country::parse("KG");
            new.item.volume = Some(caravan_postal::Volume(700));
            new.item.is_dangerous = ordinal == 11;
            new.item.lithium = if ordinal == 10 { Lithium::Alone } else { Lithium::InEquipment };
        }
        13 => new.item.decision = caravan_tariff::Decision::Hold,
        _ => {}
    })
    .await;
    life.bring(&names[..13]).await;
    life.scan(&ItemName::Other("without data".to_owned()), 700).await;
    life.scan(&names[0], 10).await;
    let s9 = |text| caravan_postal::S9::parse(text).unwrap();
    let grams = Grams(14_500);
    life.act(Act::ReceiveReceptacle { s9: s9("CNBJSAKZALAADCN60001001010145"), scale: grams, seal: None })
        .await;
    life.act(Act::ReceiveReceptacle { s9: s9("CNBJSARUMOWADCN60001001000145"), scale: grams, seal: None })
        .await;
    life.act(announce("MSKU3070322", 16)).await;
    life.act(announce("新A-12345", 16)).await;
    life.act(Act::ReceiveContainer {
        container: "TGHU1234567".to_owned(),
        departure: departure(16),
        gross: Grams(7_000_000),
        receptacles: 450,
        seal: "CN0001".to_owned(),
        consigned: Consigned::default(),
    })
    .await;
    life.leave(MORNING_MS, &["MSKU3070322", "TGHU1234567", "新A-12345"]).await;
    // The second day: bags that are closed, open, disputed and emptied, one of them with something that may not leave.
    let more: Vec<ItemName> = (21..=40).map(crate::sample::s10).collect();
    life.declare(2, &more, |_, _| {}).await;
    life.excess.insert(ReceptacleId(10), -900);
    life.bring(&more).await;
    let held = Act::Dispose { item: more[1].clone(), disposition: Disposition::Held };
    life.act(held).await;
    life.act(Act::TakeOut { item: more[4].clone() }).await;
    life.act(Act::HandBack { item: more[4].clone() }).await;
    life.act(announce("MSKU3070322", 17)).await;
    life.tick_to(MORNING_MS + DAY_MS + 7 * HOUR_MS).await;
    let last: Vec<ItemName> = (51..=56).map(crate::sample::s10).collect();
    life.declare(3, &last, |_, _| {}).await;
    life.bring(&last).await;
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    let close =
        |border: &str, from| Act::CloseBorder { border: border.to_owned(), from, until: Some(day(25)) };
    life.act(close("torugart", None)).await;
    life.act(Act::OpenBorder { border: "torugart".to_owned() }).await;
    life.act(close("horgos-nur-zholy", Some(day(20)))).await;
    let container = "MSKU3070322".to_owned();
    let receptacle = ReceptacleName::Tag(life.station.state().receptacles.keys().next_back().unwrap().0);
    life.act(Act::Lock { receptacle, container: container.clone() }).await;
    life.act(Act::LockContainer { container }).await;
    life
}

const HOUR_MS: i64 = 60 * MINUTE_MS;

impl Life {
    /// Lets the departure of a day leave with the containers that stand ready for it.
    pub(crate) async fn leave(&mut self, morning_ms: i64, containers: &[&str]) {
        // Loaded from 15:30, away at 18:00.
        self.tick_to(morning_ms + 8 * HOUR_MS).await;
        for container in containers {
            let container = || (*container).to_owned();
            if !container().starts_with("TGHU") {
                self.act(Act::Seal { container: container(), seal: format!("S-{}", container()) }).await;
            }
            let number = format!("T {}", container());
            self.act(Act::TransferNumber { container: container(), number }).await;
            self.act(Act::Sign { container: container() }).await;
        }
        self.tick_to(morning_ms + 11 * HOUR_MS).await;
    }
}
