//! What no table says but a caller can: the station answers with findings, never with a panic.

use std::sync::Arc;

use caravan_planning::Stream;
use caravan_postal::{Grams, ReceptacleKind, S9, Volume};
use caravan_station::operation::{AnnouncedAs, Consigned, ReceptacleName};
use caravan_station::{Act, Config, Disposition, Item, ItemId, ItemName, Operation, State, Station};
use caravan_tariff::Decision;
use chrono::NaiveDate;

use crate::life::{Between, Life};
use crate::{config, config_in, loading, ways};

const MORNING_MS: i64 = 1_794_790_800_000;

fn other(name: &str) -> ItemName {
    ItemName::Other(name.to_owned())
}

fn item(ordinal: u32, name: &str, stream: &str) -> Item {
    let stream = Stream::parse(stream).unwrap();
    Item {
        decision: Decision::Go,
        stream: Some(stream),
        destination: Some(stream.destination.country()),
        declared: Some(Grams(1000)),
        version: 1,
        events: 1,
        ..Item::unknown(ItemId::of_file(1, ordinal), other(name))
    }
}

fn operation(at_ms: i64, act: Act) -> Operation {
    Operation { at_ms, act, note: "note".to_owned() }
}

/// Every act about something that is there, with the numbers given.
fn acts(number: u64, tag: i64, text: &str) -> Vec<Act> {
    let (container, departure) = (text.to_owned(), "almaty-road/2026-11-16T18:00".to_owned());
    let (border, next) = ("horgos-altynkol".to_owned(), "almaty-rail/2026-11-19T21:00");
    let s9 = S9::parse("CNBJSAKZALAACCN60042003000120").unwrap();
    let mut acts = vec![
        Act::Scan { item: other("P1"), scale: Grams(number) },
        Act::Scan { item: other("V1"), scale: Grams(number) },
        Act::Scan { item: other(text), scale: Grams(number) },
        Act::TakeOut { item: other(text) },
        Act::Confirm { item: other(text), reference: text.to_owned() },
        Act::Confirm { item: other("P1"), reference: text.to_owned() },
        Act::HandBack { item: other(text) },
        Act::WeighReceptacle { tag, scale: Grams(number) },
        Act::SettleReceptacle { tag },
        Act::ReceiveReceptacle { s9, scale: Grams(number), seal: Some(text.to_owned()) },
        Act::VoidItem { item: other(text) },
        Act::Announce {
            container: container.clone(),
            departure: departure.clone(),
            as_what: AnnouncedAs::default(),
        },
        Act::ReceiveContainer {
            container: format!("{text}2"),
            departure,
            gross: Grams(number),
            receptacles: u32::MAX,
            seal: text.to_owned(),
            consigned: Consigned::default(),
        },
        Act::ListReceptacle { s9, kind: ReceptacleKind::Tray, container: format!("{text}2") },
        Act::Seal { container: container.clone(), seal: text.to_owned() },
        Act::TransferNumber { container: container.clone(), number: text.to_owned() },
        Act::Sign { container: container.clone() },
        Act::CloseBorder { border: text.to_owned(), from: None, until: Some(NaiveDate::MAX) },
        Act::CloseBorder { border: border.clone(), from: Some(NaiveDate::MIN), until: Some(NaiveDate::MAX) },
        Act::OpenBorder { border: border.clone() },
        Act::CloseBorder { border: border.clone(), from: Some(NaiveDate::MAX), until: Some(NaiveDate::MIN) },
        Act::CloseBorder { border, from: None, until: Some(NaiveDate::MAX) },
        Act::Reroute { container: container.clone(), departure: next.to_owned() },
        Act::Reroute { container: container.clone(), departure: text.to_owned() },
        Act::DamageReport { item: other(text) },
        Act::DamageReport { item: other("P1") },
        Act::WithCustoms { item: other("P1") },
        Act::Lose { item: other("P1") },
        Act::Destroy { item: other(text) },
        Act::Conveyance { departure: next.to_owned(), number: text.to_owned() },
        Act::Conveyance { departure: text.to_owned(), number: text.to_owned() },
        Act::Vehicle { container: container.clone(), vehicle: text.to_owned() },
        Act::Lock { receptacle: ReceptacleName::Tag(tag), container: container.clone() },
        Act::Lock { receptacle: ReceptacleName::S9(s9), container: container.clone() },
        Act::Unlock { receptacle: ReceptacleName::Tag(tag) },
        Act::LockContainer { container: container.clone() },
        Act::UnlockContainer { container },
        Act::Merge { from: ReceptacleName::Tag(tag), into: ReceptacleName::Tag(tag.saturating_add(1)) },
        Act::Merge { from: ReceptacleName::Tag(tag.saturating_add(1)), into: ReceptacleName::Tag(tag) },
        Act::TakeOut { item: other("P1") },
    ];
    for disposition in Disposition::ALL {
        acts.push(Act::Dispose { item: other("P1"), disposition: *disposition });
        acts.push(Act::Dispose { item: other("V1"), disposition: *disposition });
        acts.push(Act::Dispose { item: other(text), disposition: *disposition });
    }
    acts
}

/// Lets a station of these settings live through a week of extremes.
pub(crate) fn live_through(config: Config) {
    let mut life = Life::new(Arc::new(config), State::default(), MORNING_MS);
    for (ordinal, name) in (1..).zip(["P1", "P2", "P3", "P4", "P5"]) {
        life.admit(item(ordinal, name, "KZALAA-D-CN-N"));
    }
    life.admit(Item { volume: Some(Volume(u64::MAX)), ..item(6, "V1", "KZALAA-D-CN-N") });
    for name in ["P1", "P2", "P3", "P4", "P5", "V1"] {
        let disposition = Disposition::Released;
        life.apply(&operation(MORNING_MS, Act::Dispose { item: other(name), disposition }));
    }
    for (number, tag, text) in [
        (0, 0, ""),
        (1000, 1, "XJF10001"),
        (Grams::MAX.0, i64::MAX, "\u{0}/../\u{202e}"),
        (Grams::MAX.0, i64::MIN, "TBJU0024184"),
        (Grams::MAX.0, 2, "TBJÜ0024184"),
        (31_500, 3, &"X".repeat(10_000)),
    ] {
        for act in acts(number, tag, text) {
            life.apply(&operation(MORNING_MS, act));
        }
        life.between(Between::Restart);
    }
    for name in ["P1", "P2", "P3", "P4", "P5"] {
        life.apply(&operation(MORNING_MS, Act::Scan { item: other(name), scale: Grams(1000) }));
    }
    for hours in 0..200 {
        life.tick_to(MORNING_MS + hours * 3_600_000);
        life.station.outlook(MORNING_MS + hours * 3_600_000, 5);
        life.between(Between::Settle);
    }
    life.end();
}

#[test]
fn lives_through_extremes() {
    live_through(config());
}

#[test]
fn lives_through_extremes_where_routes_know_their_ways() {
    live_through(config_in(&ways()));
    live_through(config_in(&loading()));
}

#[test]
fn lives_through_extreme_times() {
    for at_ms in [i64::MIN, -1, 0, MORNING_MS, i64::MAX] {
        let mut station = Station::new(Arc::new(config()), State::default());
        station.admit(item(1, "P1", "KZALAA-D-CN-N"));
        station.next_tick(MORNING_MS);
        for act in acts(1000, 1, "XJF10001") {
            station.apply(&operation(at_ms, act));
        }
        station.outlook(at_ms, 3);
        // The timetable goes on by the clock.
        let tick = station.next_tick(MORNING_MS).unwrap();
        assert!(tick.at_ms >= MORNING_MS && tick.at_ms < MORNING_MS + 86_400_000, "after {at_ms}");
    }
}

#[test]
fn plans_on_after_a_long_sleep() {
    let mut station = Station::new(Arc::new(config()), State::default());
    station.next_tick(MORNING_MS);
    // Years later, with everything that was ahead still open: it is over one step after the other, and there is more.
    let later_ms = MORNING_MS + 5 * 365 * 86_400_000;
    let mut last_ms = 0;
    while let Some(tick) = station.next_tick(later_ms).filter(|tick| tick.at_ms <= later_ms) {
        assert!(tick.at_ms >= last_ms, "in the order of time");
        last_ms = tick.at_ms;
        station.tick(tick);
    }
    station.settle_changes();
    let ahead = station.state().departures.values();
    assert!(ahead.clone().count() > 5);
    assert!(ahead.clone().all(|departure| departure.dispatch_close_ms > later_ms));
}

#[test]
fn takes_no_name_for_no_item() {
    let mut station = Station::new(Arc::new(config()), State::default());
    station.admit(item(1, "", "KZALAA-D-CN-N"));
    station.admit(item(2, "", "UZTASA-D-CN-N"));
    assert!(!station.state().knows(&other("")));
    let nothing = || other("");
    for act in [
        Act::Scan { item: nothing(), scale: Grams(1000) },
        Act::Dispose { item: nothing(), disposition: Disposition::Released },
        Act::TakeOut { item: nothing() },
        Act::HandBack { item: nothing() },
    ] {
        station.apply(&operation(MORNING_MS, act));
    }
    assert_eq!(station.changes().items.len(), 0);
    let codes: Vec<&str> = station.changes().findings.iter().map(|found| found.finding.code.name).collect();
    assert_eq!(codes, ["item-unknown"; 4]);
}

#[test]
fn no_one_takes_a_filing_back() {
    // An item in a receptacle that is no longer released must not leave: the act is refused, not followed.
    let mut life = Life::new(Arc::new(config()), State::default(), MORNING_MS);
    life.admit(item(1, "P1", "KZALAA-D-CN-N"));
    life.apply(&operation(MORNING_MS, Act::Scan { item: other("P1"), scale: Grams(1000) }));
    for disposition in [Disposition::Released, Disposition::NotFiled] {
        life.apply(&operation(MORNING_MS, Act::Dispose { item: other("P1"), disposition }));
    }
    let record = life.end();
    assert_eq!(record.items[&ItemId::of_file(1, 1)].customs, Disposition::Released);
    assert_eq!(record.findings[0].finding.code.name, "operation-out-of-turn");
}
