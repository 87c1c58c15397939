//! Batches are invisible: however many operations are written together, the same facts come out of them.

use std::collections::BTreeMap;

use caravan_postal::{Grams, Handling};
use caravan_station::operation::{AnnouncedAs, Consigned, ReceptacleName, Remains};
use caravan_station::{Act, Disposition, Item, ItemId, ItemName, Operation, ReceptacleId};
use caravan_store::{FoundRow, Outbound, Store};

use crate::database::run;
use crate::life::{Life, departure};
use crate::sample::{DAY_MS, MINUTE_MS, MORNING_MS, s10, stream};

/// How many sequences of operations are tried.
const SEEDS: u64 = 8;
/// How many operations one sequence has.
const OPERATIONS: usize = 400;
/// How many items are declared, in two files; operations name a few more.
const ITEMS: u32 = 60;

/// Numbers from a seed, the same on every machine (SplitMix64), and the item that was drawn last.
struct Draw {
    state: u64,
    last: ItemName,
}

impl Draw {
    fn of(seed: u64) -> Self {
        Self { state: seed, last: s10(1) }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn small(&mut self, bound: u32) -> u32 {
        u32::try_from(self.below(u64::from(bound))).unwrap()
    }

    /// An item: often the one before, so that it gets somewhere.
    fn item(&mut self) -> ItemName {
        self.last = match self.below(24) {
            0 => ItemName::Other(format!("W-{}", self.below(4))),
            1..14 => s10(1 + self.small(ITEMS + 3)),
            _ => return self.last.clone(),
        };
        self.last.clone()
    }

    /// An act of the belt, of customs, of the dispatcher; some of them make no sense when their turn comes.
    fn act(&mut self) -> Act {
        let containers = ["MSKU3070322", "TGHU1234567", "新A-12345"];
        let container = containers[usize::try_from(self.below(3)).unwrap()].to_owned();
        let tag = i64::try_from(1 + self.below(25)).unwrap();
        match self.below(112) {
            // Too heavy for a bag: it travels as its own receptacle.
            0..6 => Act::Scan { item: self.item(), scale: Grams(9000) },
            6..30 => Act::Scan { item: self.item(), scale: Grams(900 + self.below(250)) },
            30..60 => Act::Dispose { item: self.item(), disposition: Disposition::Released },
            60..66 => {
                let other = usize::try_from(self.below(7)).unwrap();
                Act::Dispose { item: self.item(), disposition: Disposition::ALL[other] }
            }
            66..75 => Act::TakeOut { item: self.item() },
            75..77 => Act::HandBack { item: self.item() },
            77..80 => Act::SettleReceptacle { tag },
            80..82 => Act::WeighReceptacle { tag, scale: Grams(4000) },
            82..86 => Act::Announce {
                container,
                departure: departure(16 + self.small(3)),
                as_what: AnnouncedAs::default(),
            },
            86..87 => {
                let serial = 1 + self.below(900);
                let s9 = format!("CNBJSAKZALAADCN60001{serial:03}010145");
                let s9 = caravan_postal::S9::parse(&s9).unwrap();
                Act::ReceiveReceptacle { s9, scale: Grams(14_500), seal: None }
            }
            87..88 => Act::ReceiveContainer {
                container,
                departure: departure(16 + self.small(3)),
                gross: Grams(7_000_000),
                receptacles: 450,
                seal: "CN0001".to_owned(),
                consigned: Consigned::default(),
            },
            88..92 => Act::Seal { container, seal: format!("S{}", self.below(100)) },
            92..96 => Act::TransferNumber { container, number: format!("T{}", self.below(100)) },
            96..100 => Act::Sign { container },
            100..104 => Act::CustomsOpening {
                receptacle: ReceptacleName::Tag(tag),
                scale: Grams(900 + self.below(4000)),
                seal: format!("B{tag}"),
            },
            104..106 => Act::OpenContainer { container },
            106..108 => Act::Recall { item: self.item() },
            108..110 => Act::Cut { container, departure: None },
            110 => Act::Withdraw { container },
            _ => Act::ReleaseInPart { item: self.item(), withheld: vec![1], remains: Remains::Untold },
        }
    }

    /// The operations of three days, in the order of time.
    fn operations(&mut self) -> Vec<Operation> {
        let mut at_ms = MORNING_MS;
        let gap_ms = 3 * u64::try_from(DAY_MS).unwrap() / u64::try_from(OPERATIONS).unwrap();
        let operation = |_| {
            at_ms += i64::try_from(self.below(2 * gap_ms)).unwrap();
            Operation { at_ms, act: self.act(), note: format!("№ {}", self.below(9)) }
        };
        (0..OPERATIONS).map(operation).collect()
    }
}

/// Everything that a life leaves behind.
#[derive(Debug, PartialEq)]
struct Facts {
    sequences: BTreeMap<String, u64>,
    items: Vec<Item>,
    rows: Vec<String>,
    findings: BTreeMap<(i64, i64), Vec<FoundRow>>,
    outbox: Vec<Outbound>,
}

impl Facts {
    async fn of(store: &Store) -> Self {
        let (_, state) = store.snapshot().await.unwrap();
        let mut items = Vec::new();
        loop {
            let page =
                store.items_behind(items.last().map_or(ItemId(0), |item: &Item| item.id)).await.unwrap();
            if page.is_empty() {
                break;
            }
            items.extend(page);
        }
        let mut rows = vec![format!("{:?} {:?}", state.planned_to_ms, state.receptacles.keys())];
        rows.extend(store.receptacles().await.unwrap().iter().map(|row| format!("{row:?}")));
        rows.extend(store.dispatches().await.unwrap().iter().map(|row| format!("{row:?}")));
        rows.extend(store.containers().await.unwrap().iter().map(|row| format!("{row:?}")));
        rows.extend(store.departures().await.unwrap().iter().map(|row| format!("{row:?}")));
        let mut findings = BTreeMap::new();
        let subjects = items.iter().map(|item| (1, item.id.0)).chain((0..60).map(|id| (2, id)));
        for subject in subjects.chain([(3, 1), (4, 1), (4, 2), (5, 1), (6, 0)]) {
            findings.insert(subject, store.findings_about(subject.0, subject.1).await.unwrap());
        }
        let mut outbox = Vec::new();
        loop {
            let fetched = store.undelivered().await.unwrap();
            if fetched.is_empty() {
                break;
            }
            store.delivered(&fetched).await.unwrap();
            outbox.extend(fetched.into_iter().map(|one| one.outbound));
        }
        Self { sequences: state.sequences, items, rows, findings, outbox }
    }
}

/// Lets the operations happen, each time as many written together as `chunk` says, and returns what is left behind.
async fn live(operations: &[Operation], mut chunk: impl FnMut() -> usize) -> Facts {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("life.db").to_string_lossy()).await.unwrap();
    store.keep_revision("suite", Vec::new).await.unwrap();
    let mut life = Life::start(&store).await;
    life.excess = (1..40).map(|tag| (ReceptacleId(tag), if tag % 7 == 0 { 5000 } else { 0 })).collect();
    let names: Vec<ItemName> = (1..=ITEMS).map(s10).collect();
    let (early, late) = names.split_at(names.len() / 2);
    declare(&mut life, 1, early).await;
    let mut is_late = true;
    let mut rest = operations;
    while let Some(first) = rest.first() {
        // The second file corrects some items of the first; it comes between two operations at noon of the second day.
        if is_late && first.at_ms > MORNING_MS + DAY_MS + 4 * 60 * MINUTE_MS {
            is_late = false;
            let corrected: Vec<ItemName> = late.iter().chain(&early[..10]).cloned().collect();
            declare(&mut life, 2, &corrected).await;
            life.now_ms = first.at_ms;
            life.take_note().await;
        }
        life.tick_to(first.at_ms).await;
        // Nothing of the timetable falls between the operations that are written together.
        let next = life.station.next_tick(first.at_ms).map_or(i64::MAX, |tick| tick.at_ms);
        let noon = if is_late { MORNING_MS + DAY_MS + 4 * 60 * MINUTE_MS } else { i64::MAX };
        let count = rest.partition_point(|operation| operation.at_ms < next && operation.at_ms <= noon);
        let (now, later) = rest.split_at(count.clamp(1, chunk().max(1)));
        life.operate(now).await;
        rest = later;
    }
    life.tick_to(MORNING_MS + 4 * DAY_MS).await;
    assert_eq!(store.check().await.unwrap(), []);
    let facts = Facts::of(&store).await;
    store.close().await;
    facts
}

async fn declare(life: &mut Life, number: u8, names: &[ItemName]) {
    life.declare(number, names, |ordinal, new| {
        if ordinal.is_multiple_of(5) {
            new.item.handling = Handling::Registered;
            new.item.stream = Some(stream("KZALAA-D-CN-R"));
        }
        if ordinal.is_multiple_of(4) {
            new.item.stream = Some(stream("KGFRUA-D-UN-N"));
        }
    })
    .await;
}

#[test]
fn batches_are_invisible() {
    run(async {
        for seed in 0..SEEDS {
            let operations = Draw::of(seed).operations();
            let single = live(&operations, || 1).await;
            let mut sizes = Draw::of(seed + 1000);
            let random = live(&operations, || usize::try_from(1 + sizes.below(40)).unwrap()).await;
            assert_eq!(single, random, "seed {seed}: one by one, and in batches of every size");
            let whole = live(&operations, || usize::MAX).await;
            assert_eq!(single, whole, "seed {seed}: one by one, and as many as may be");
        }
    });
}

#[test]
fn the_operations_reach_far() {
    run(async {
        let mut facts = Vec::new();
        for seed in 0..SEEDS {
            facts.push(live(&Draw::of(seed).operations(), || 50).await);
        }
        let any = |text: &str| facts.iter().any(|facts| facts.rows.iter().any(|row| row.contains(text)));
        for word in ["Departed", "Disputed", "Voided", "Sealed", "Missed", "Closed", "left_behind: [L"] {
            assert!(any(word), "no life of these seeds meets {word}");
        }
        assert!(facts.iter().any(|facts| facts.items.iter().any(|item| item.version == 2)));
    });
}

#[test]
fn a_receptacle_that_was_emptied_is_gone_at_once() {
    run(async {
        let item = s10(1);
        let scale = Grams(9000);
        let acts = [
            // As its own receptacle it is labelled at once, and when it is taken out its number is void.
            Act::Scan { item: item.clone(), scale },
            Act::Dispose { item: item.clone(), disposition: Disposition::Released },
            Act::TakeOut { item: item.clone() },
            Act::SettleReceptacle { tag: 1 },
            Act::WeighReceptacle { tag: 1, scale },
            Act::Scan { item: item.clone(), scale },
            Act::Dispose { item, disposition: Disposition::Released },
        ];
        let operation = |act| Operation { at_ms: MORNING_MS + 1, act, note: "act 1".to_owned() };
        let operations = acts.map(operation);
        let single = live(&operations, || 1).await;
        assert!(single.rows.iter().any(|row| row.contains("Voided")), "{:?}", single.rows);
        assert_eq!(single, live(&operations, || usize::MAX).await);
    });
}
