//! Items: every field kept and read back, found by name, by receptacle, and page by page.

use std::sync::Arc;

use caravan_postal::{Country, Currency, Grams, Handling, Impc, Money, Volume};
use caravan_station::{
    Act, Bagging, Config, Custody, Disposition, FilingId, Inbound, Item, ItemId, ItemName, Journey, Lithium,
    Operation, OwnHold, Presented, ReceptacleId,
};
use caravan_store::{FileId, StoreError};
use caravan_tariff::{Decision, PhysicalOutcome};

use crate::database::Database;
use crate::life::Life;
use crate::on_both;
use crate::sample::{
    MINUTE_MS, MORNING_MS, batch, claimed, config, item, overwrite, plain_batch, s10, stream,
};

on_both!(
    every_field_of_an_item_is_kept,
    items_are_found_by_name,
    items_are_found_by_their_receptacles,
    what_may_wait_for_a_cut_off_is_found_by_its_offices,
    what_waits_is_bagged_by_the_next_process,
    items_come_page_by_page,
    a_text_with_a_zero_is_kept_with_a_mark_in_its_place,
    items_of_a_file_are_counted_by_decision,
    a_row_that_nobody_can_have_written_is_an_error,
);

fn cny(minor: i64) -> Money {
    Money { minor, currency: Currency::parse("CNY").unwrap() }
}

/// Items that between them have every value of every field.
fn every_item(file: FileId) -> Vec<Item> {
    let plain = item(file, 1, s10(1)).item;
    let mut items = vec![plain.clone()];
    let streams = ["KZALAA-D-CN-N", "KGFRUA-C-UN-R", "KZALAA-D-UN-N-P"];
    items.extend(streams.map(|text| Item { stream: Some(stream(text)), ..plain.clone() }));
    items.extend(Decision::ALL.iter().map(|decision| Item { decision: *decision, ..plain.clone() }));
    let outcomes = PhysicalOutcome::ALL.iter();
    items.extend(outcomes.map(|outcome| Item { physical: Some(*outcome), ..plain.clone() }));
    items.extend(Handling::ALL.iter().map(|handling| Item { handling: *handling, ..plain.clone() }));
    items.extend(Custody::ALL.iter().map(|custody| Item { custody: *custody, ..plain.clone() }));
    items.extend(Disposition::ALL.iter().map(|customs| Item { customs: *customs, ..plain.clone() }));
    items.push(Item { is_recalled: true, ..plain.clone() });
    items.extend(OwnHold::ALL.iter().map(|hold| Item { own_hold: Some(*hold), ..plain.clone() }));
    items.push(Item { confirmed: Some(1), version: 2, ..plain.clone() });
    items.push(Item {
        stream: None,
        destination: None,
        declared: None,
        scale: None,
        volume: None,
        lithium: Lithium::No,
        receptacle: None,
        version: 0,
        events: 0,
        ..plain.clone()
    });
    items.push(Item {
        destination: Country::parse("UZ"),
        declared: Some(Grams(0)),
        scale: Some(Grams::MAX),
        volume: Some(Volume(u64::from(u32::MAX) * 5)),
        lithium: Lithium::Alone,
        is_dangerous: true,
        receptacle: Some(ReceptacleId(i64::MAX)),
        inbound: Inbound {
            assessed: Some(cny(0)),
            stated: Some(cny(-1)),
            is_paid: true,
            run: Some("成都-1/2026-11-20".to_owned()),
            presented: Some(Presented { filing: FilingId(i64::MAX), version: 63 }),
        },
        version: 63,
        events: u32::MAX,
        ..plain
    });
    for inbound in [
        Inbound { assessed: Some(cny(2600)), ..Inbound::default() },
        Inbound { stated: Some(cny(i64::MAX)), ..Inbound::default() },
        Inbound { run: Some("van/2026-11-20".to_owned()), ..Inbound::default() },
    ] {
        items.push(Item { inbound, journey: Journey::Import, ..item(file, 1, s10(1)).item });
    }
    for (index, item) in (1..).zip(&mut items) {
        item.id = ItemId::of_file(file.0, index);
        item.name = if index % 2 == 0 { s10(index) } else { ItemName::Other(format!("№ {index} / 袋")) };
    }
    items
}

async fn every_field_of_an_item_is_kept(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let items = every_item(file);
    let new = items.iter().zip(1..).map(|(kept, ordinal)| item(file, ordinal, kept.name.clone()));
    db.store.keep(&batch(file, new.collect())).await.unwrap();
    overwrite(&db.store, &items).await;
    assert_eq!(db.store.items_behind(ItemId(0)).await.unwrap(), items);
    for item in &items {
        assert_eq!(db.store.item(item.id).await.unwrap().as_ref(), Some(item));
    }
    assert_eq!(db.store.item(ItemId(1)).await.unwrap(), None);
}

async fn items_are_found_by_name(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let name = |n: u32| if n.is_multiple_of(3) { ItemName::Other(format!("W-{n}")) } else { s10(n) };
    let items = (1..=1300).map(|n| item(file, n, name(n))).collect();
    db.store.keep(&batch(file, items)).await.unwrap();
    let ids = async |names: &[ItemName]| {
        let found = db.store.items(names).await.unwrap();
        found.into_iter().map(|item| item.id.0 & 0xffff).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]).await, Vec::<i64>::new());
    assert_eq!(ids(&[name(7), name(6), name(2000), name(1)]).await, [1, 6, 7], "by id, and those that exist");
    assert_eq!(ids(&[name(3), name(3), ItemName::Other("w-3".to_owned())]).await, [3], "each once");
    let all: Vec<ItemName> = (1..=1300).rev().map(name).collect();
    assert_eq!(ids(&all).await, (1..=1300).collect::<Vec<_>>(), "more names than one query asks for");
    let twice: Vec<ItemName> = all.iter().chain(&all).cloned().collect();
    assert_eq!(ids(&twice).await, (1..=1300).collect::<Vec<_>>());
}

async fn items_are_found_by_their_receptacles(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let batch = plain_batch(file, 1, 6);
    db.store.keep(&batch).await.unwrap();
    let receptacles = [None, Some(5), Some(6), Some(7), Some(5), None];
    let inside = batch
        .items
        .into_iter()
        .zip(receptacles)
        .map(|(new, receptacle)| Item { receptacle: receptacle.map(ReceptacleId), ..new.item });
    overwrite(&db.store, &inside.collect::<Vec<_>>()).await;
    let ordinals = async |receptacles: &[i64]| {
        let receptacles: Vec<_> = receptacles.iter().copied().map(ReceptacleId).collect();
        let found = db.store.items_in(&receptacles).await.unwrap();
        found.into_iter().map(|item| item.id.0 & 0xffff).collect::<Vec<_>>()
    };
    assert_eq!(ordinals(&[]).await, Vec::<i64>::new());
    assert_eq!(ordinals(&[5]).await, [2, 5]);
    assert_eq!(ordinals(&[7, 5, 8]).await, [2, 4, 5]);
}

async fn what_may_wait_for_a_cut_off_is_found_by_its_offices(db: Database) {
    const MANY: u32 = 4_010;
    let file = claimed(&db.store, 1).await.id;
    let batch = plain_batch(file, 1, MANY);
    db.store.keep(&batch).await.unwrap();
    let items = batch.items.into_iter().zip(1..).map(|(new, ordinal)| {
        let waiting = Item { custody: Custody::Present, scale: Some(Grams(900)), ..new.item };
        match ordinal {
            1 => Item { custody: Custody::Expected, ..waiting },
            2 => Item { scale: None, ..waiting },
            3 => Item { decision: Decision::Hold, ..waiting },
            4 => Item { custody: Custody::Bagged, receptacle: Some(ReceptacleId(1)), ..waiting },
            5 => Item { custody: Custody::Seized, ..waiting },
            6 => Item { stream: None, ..waiting },
            7 => Item { stream: Some(stream("KGFRUA-D-UN-R")), ..waiting },
            8 => Item { stream: Some(stream("UZTASA-D-UN-N")), ..waiting },
            _ => waiting,
        }
    });
    overwrite(&db.store, &items.collect::<Vec<_>>()).await;
    let ordinals = async |offices: &[&str]| {
        let offices: Vec<_> = offices.iter().map(|office| Impc::parse(office).unwrap()).collect();
        let found = db.store.items_waiting(&offices).await.unwrap();
        found.into_iter().map(|item| item.id.0 & 0xffff_ffff).collect::<Vec<_>>()
    };
    assert_eq!(ordinals(&[]).await, Vec::<i64>::new());
    assert_eq!(ordinals(&["KGFRUA", "RUMOWA"]).await, [7]);
    let almaty = 9..=i64::from(MANY);
    assert_eq!(ordinals(&["UZTASA", "KZALAA"]).await, std::iter::once(8).chain(almaty).collect::<Vec<_>>());
}

async fn what_waits_is_bagged_by_the_next_process(db: Database) {
    let mut gathering = Config::clone(&config());
    for rules in gathering.classes.values_mut() {
        rules.bagging = Bagging::CutOff;
    }
    let gathering = Arc::new(gathering);
    let mut first = Life::start_with(&db.store, gathering.clone()).await;
    let names: Vec<ItemName> = (1..=6).map(s10).collect();
    first.declare(1, &names, |_, _| {}).await;
    first.bring(&names).await;
    assert!(first.station.state().receptacles.is_empty(), "they wait");
    let held = Act::Dispose { item: names[2].clone(), disposition: Disposition::Held };
    first.act(held).await;
    let mut second = Life::start_with(&db.second().await, gathering).await;
    second.tick_to(MORNING_MS + 8 * 60 * MINUTE_MS).await;
    let mut inside = Vec::new();
    for item in second.store.items(&names).await.unwrap() {
        inside.push(item.receptacle.map(|receptacle| receptacle.0));
    }
    // Four items fill a receptacle, and the third is held.
    assert_eq!(inside.iter().filter(|receptacle| receptacle.is_none()).count(), 1);
    assert_eq!(inside[2], None, "{inside:?}");
    let kept = second.store.receptacles().await.unwrap();
    assert_eq!(kept.iter().map(|receptacle| receptacle.items).sum::<u32>(), 5, "{kept:?}");
    assert_eq!(kept.len(), 2, "{kept:?}");
    db.assert_sound().await;
}

async fn items_come_page_by_page(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 1, 4100)).await.unwrap();
    let mut seen = Vec::new();
    let mut pages = 0;
    let mut last = ItemId(0);
    loop {
        let page = db.store.items_behind(last).await.unwrap();
        let Some(end) = page.last() else { break };
        last = end.id;
        seen.extend(page.into_iter().map(|item| item.id.0 & 0xffff_ffff));
        pages += 1;
    }
    assert_eq!(seen, (1..=4100).collect::<Vec<_>>());
    assert_eq!(pages, 2);
}

async fn a_text_with_a_zero_is_kept_with_a_mark_in_its_place(mut db: Database) {
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    let name = ItemName::Other("a\0b".to_owned());
    db.store.keep(&batch(first, vec![item(first, 1, name.clone())])).await.unwrap();
    let again = db.store.keep(&batch(second, vec![item(second, 1, name.clone())])).await.unwrap();
    assert_eq!(again.again, 1, "it is the same name");
    let found = db.store.items(std::slice::from_ref(&name)).await.unwrap();
    assert_eq!(found[0].name, ItemName::Other("a\u{FFFD}b".to_owned()));
    let mut life = Life::start(&db.store).await;
    let scan = Act::Scan { item: s10(1), scale: Grams(1) };
    life.operate(&[Operation { at_ms: MORNING_MS, act: scan, note: "\0".to_owned() }]).await;
    let details = db.texts("SELECT detail FROM history WHERE code = 'EMB'").await;
    assert_eq!(details, ["1 g \u{FFFD}"]);
    db.assert_sound().await;
}

async fn items_of_a_file_are_counted_by_decision(db: Database) {
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    let mut batch = plain_batch(first, 1, 6);
    for (new, decision) in batch.items.iter_mut().zip([1, 2, 1, 0, 1, 0]) {
        new.item.decision = Decision::ALL[decision];
    }
    db.store.keep(&batch).await.unwrap();
    db.store.keep(&plain_batch(second, 100, 2)).await.unwrap();
    assert_eq!(db.store.items_of_file(first).await.unwrap(), [2, 3, 1]);
    assert_eq!(db.store.items_of_file(second).await.unwrap(), [2, 0, 0]);
    assert_eq!(db.store.items_of_file(FileId(3)).await.unwrap(), [0, 0, 0]);
}

async fn a_row_that_nobody_can_have_written_is_an_error(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 1, 1)).await.unwrap();
    let id = ItemId::of_file(file.0, 1);
    for (column, wrong, right) in [
        ("key", "-1", "NULL"),
        ("stream", "'KZALAA'", "'KZALAA-D-CN-N'"),
        ("destination", "'Z'", "'KZ'"),
        ("decision", "3", "0"),
        ("physical", "9", "NULL"),
        ("handling", "3", "0"),
        ("declared_g", "-1", "1"),
        ("scale_g", "-1", "1"),
        ("volume_cm3", "-1", "1"),
        ("custody", "99", "0"),
        ("customs", "99", "0"),
        ("version", "-1", "1"),
        ("events", "4294967296", "1"),
    ] {
        db.change(&format!("UPDATE item SET {column} = {wrong}")).await;
        let error = db.store.item(id).await.unwrap_err();
        assert!(matches!(error, StoreError::Row { table: "item", .. }), "{column}: {error:?}");
        db.change(&format!("UPDATE item SET {column} = {right}")).await;
        assert!(db.store.item(id).await.unwrap().is_some(), "{column}");
    }
}
