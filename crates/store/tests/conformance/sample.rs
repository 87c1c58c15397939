//! Small things to keep: files, items, batches, charges, findings.

use std::sync::Arc;

use caravan_planning::Stream;
use caravan_postal::{Country, Finding, Grams, Money, codes};
use caravan_station::{Changes, Config, Item, ItemId, ItemName};
use caravan_store::{Batch, Claim, Claimed, FileId, FileRow, NewItem, Noted, Settlement, Store, Verdict};
use caravan_tariff::{Charge, ChargeKind, Decision, RowId};

/// Monday, 2026-11-16, 08:00 at the station.
pub(crate) const MORNING_MS: i64 = 1_794_787_200_000;
pub(crate) const MINUTE_MS: i64 = 60_000;
pub(crate) const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

codes! {
    /// Something to be held for.
    WEIGHT_ODD = "weight-odd", Hold, [declared, scale];
    /// Something to be looked at.
    NAME_SHORT = "name-short", Warning, [];
    /// Something worth knowing.
    ALL_WELL = "all-well", Remark, [];
}

/// Returns the settings of the suite's station.
pub(crate) fn config() -> Arc<Config> {
    Arc::new(Config::parse(include_str!("station.toml"), "").unwrap())
}

/// Returns a claim of a content that no other number gives.
pub(crate) fn claim(number: u8) -> Claim {
    Claim { hash: [number; 32], name: format!("list-{number}.xml"), bytes: 1000, at_ms: MORNING_MS }
}

/// Claims a file that nobody has settled.
pub(crate) async fn claimed(store: &Store, number: u8) -> FileRow {
    match store.claim(&claim(number)).await.unwrap() {
        Claimed::Yours(file) => file,
        Claimed::Known(file) => panic!("{file:?} is settled"),
    }
}

/// Returns an S10 identifier of the suite.
pub(crate) fn s10(serial: u32) -> ItemName {
    ItemName::S10(caravan_postal::S10::new("CC", serial, Country::parse("CN").unwrap()).unwrap())
}

/// Returns a stream by its text: `KZALAA-D-CN-N`.
pub(crate) fn stream(text: &str) -> Stream {
    Stream::parse(text).unwrap_or_else(|| panic!("{text} is no stream"))
}

/// Returns an item that may go to Almaty once it is here and released.
pub(crate) fn item(file: FileId, ordinal: u32, name: ItemName) -> NewItem {
    NewItem {
        item: Item {
            decision: Decision::Go,
            stream: Some(stream(ALMATY)),
            origin: Country::parse("CN"),
            destination: Country::parse("KZ"),
            declared: Some(Grams(1000)),
            version: 1,
            events: 1,
            ..Item::unknown(ItemId::of_file(file.0, ordinal), name)
        },
        ordinal,
        fingerprint: 0,
        packed: format!("declaration {ordinal}").into_bytes(),
        assessment: format!("assessment {ordinal}").into_bytes(),
        accepted_on: chrono::NaiveDate::from_ymd_opt(2026, 11, 20).unwrap(),
        charges: Vec::new(),
        findings: Vec::new(),
        list: None,
    }
}

/// Writes items as a station has them that has worked on them.
pub(crate) async fn overwrite(store: &Store, items: &[Item]) {
    let (version, mut state) = store.snapshot().await.unwrap();
    let mut changes = Changes::default();
    for item in items {
        state.admit(item.clone());
        changes.items.insert(item.id);
    }
    store.apply(version, &state, &changes, &[], &Noted::default(), MORNING_MS).await.unwrap();
}

/// The stream of the suite's parcels to Almaty.
pub(crate) const ALMATY: &str = "KZALAA-D-CN-N";

/// What the suite's items are assessed with.
pub(crate) const REVISION: caravan_store::RevisionId = caravan_store::RevisionId(1);

/// Returns a batch of items; it goes as far as its last.
pub(crate) fn batch(file: FileId, items: Vec<NewItem>) -> Batch {
    let to = items.last().map_or(0, |item| item.ordinal);
    let is_same_addressee: fn(&[u8], &[u8]) -> bool = |_, _| false;
    Batch { file, to, at_ms: MORNING_MS, revision: REVISION, items, is_same_addressee, last: None }
}

/// Returns a batch of items with identifiers from `first` on, and ordinals from 1.
pub(crate) fn plain_batch(file: FileId, first: u32, count: u32) -> Batch {
    batch(file, (0..count).map(|index| item(file, index + 1, s10(first + index))).collect())
}

/// Returns the end of a file that was read through.
pub(crate) fn done(findings: Vec<Finding>) -> Settlement {
    Settlement { verdict: Verdict::Done, format: "xml", findings, interchanges: Vec::new() }
}

/// Returns a charge of a kind in a currency.
pub(crate) fn charge(kind: ChargeKind, minor: i64, currency: &str, is_unverified: bool) -> Charge {
    let currency = caravan_postal::Currency::parse(currency).unwrap();
    Charge {
        kind,
        amount: Money { minor, currency },
        is_estimate: true,
        is_unverified,
        row: RowId::new("a-row"),
        trace: Vec::new(),
    }
}
