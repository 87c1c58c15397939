//! Answers that change while an item waits, and what they are made with.

use caravan_station::{Changes, Item, ItemId};
use caravan_store::{ChargeSum, Noted, Reassessed, Remaining, RevisionId};
use caravan_tariff::ChargeKind;
use chrono::NaiveDate;

use crate::database::Database;
use crate::on_both;
use crate::sample::{MORNING_MS, WEIGHT_ODD, charge, claimed, plain_batch};

on_both!(
    a_revision_is_kept_once_by_its_name,
    a_new_answer_holds_in_place_of_the_first,
    what_has_left_does_not_wait,
    what_remains_of_a_declaration_is_a_version_of_its_own,
);

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

async fn a_revision_is_kept_once_by_its_name(db: Database) {
    let first = db.store.keep_revision("1-a", || b"tables".to_vec()).await.unwrap();
    let second = db.store.keep_revision("1-b", || b"others".to_vec()).await.unwrap();
    assert_ne!(first, second);
    let again = db.store.keep_revision("1-a", || panic!("kept already")).await.unwrap();
    assert_eq!(again, first);
    assert_eq!(db.store.revision(first).await.unwrap(), Some(("1-a".to_owned(), b"tables".to_vec())));
    assert_eq!(db.store.revision(RevisionId(99)).await.unwrap(), None);
    db.assert_sound().await;
}

async fn a_new_answer_holds_in_place_of_the_first(db: Database) {
    let first = db.store.keep_revision("1-a", Vec::new).await.unwrap();
    let other = db.store.keep_revision("1-b", Vec::new).await.unwrap();
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 1, 2);
    batch.revision = first;
    batch.items[0].charges = vec![charge(ChargeKind::Duty, 500, "EUR", false)];
    batch.items[1].charges = vec![charge(ChargeKind::Duty, 300, "EUR", false)];
    db.store.keep(&batch).await.unwrap();
    let item = ItemId::of_file(file.0, 1);
    let kept = db.store.declaration_of(item).await.unwrap().unwrap();
    assert_eq!((&*kept.packed, &*kept.assessment), (&b"declaration 1"[..], &b"assessment 1"[..]));
    assert_eq!((kept.version, kept.assessed), (1, Some((first, day(20)))));
    for (minor, on) in [(700, 21), (800, 22)] {
        let reassessed = Reassessed {
            item,
            version: 1,
            revision: other,
            accepted_on: day(on),
            assessment: format!("on {on}").into_bytes(),
            charges: vec![
                charge(ChargeKind::Duty, minor, "EUR", true),
                charge(ChargeKind::Fee, 10, "EUR", false),
            ],
            findings: vec![WEIGHT_ODD.finding(["1.0", "2.0"])],
        };
        let (version, state) = db.store.snapshot().await.unwrap();
        let noted = Noted { reassessed: vec![reassessed], ..Noted::default() };
        db.store
            .apply(version, &state, &caravan_station::Changes::default(), &[], &noted, MORNING_MS)
            .await
            .unwrap();
    }
    let kept = db.store.declaration_of(item).await.unwrap().unwrap();
    assert_eq!((&*kept.assessment, kept.assessed), (&b"on 22"[..], Some((other, day(22)))));
    let sum = |kind, minor, items, unverified| ChargeSum {
        destination: "KZ".to_owned(),
        kind,
        currency: "EUR".to_owned(),
        minor,
        items,
        unverified,
    };
    let [duty, fee] = [ChargeKind::Duty, ChargeKind::Fee].map(|kind| kind as i64);
    let expected = [sum(duty, 1100, 2, 1), sum(fee, 10, 1, 0)];
    assert_eq!(db.store.charge_sums().await.unwrap(), expected);
    assert_eq!(db.store.findings_about(1, item.0).await.unwrap().len(), 2);
    db.assert_sound().await;
}

async fn what_has_left_does_not_wait(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 1, 5)).await.unwrap();
    let id = |ordinal| ItemId::of_file(file.0, ordinal);
    let receptacle = |id: i64, state: i64| {
        format!(
            "INSERT INTO receptacle (id, kind, state, items, registered, content_g, volume_cm3, tare_g, opened_ms, \
             stopped, events) VALUES ({id}, 'BG', {state}, 1, 0, 1, 1, 1, 1, 0, 1)"
        )
    };
    let put = |ordinal, receptacle: i64| {
        format!("UPDATE item SET custody = 2, receptacle = {receptacle} WHERE id = {}", id(ordinal).0)
    };
    for change in [receptacle(1, 0), receptacle(2, 4), receptacle(3, 7), put(1, 1), put(2, 2), put(3, 3)] {
        assert_eq!(db.change(&change).await, 1);
    }
    assert_eq!(db.change(&format!("UPDATE item SET custody = 3 WHERE id = {}", id(4).0)).await, 1);
    let kz = caravan_postal::Country::parse("KZ").unwrap();
    let waiting = |kept: Vec<caravan_store::InForce>| kept.iter().map(|one| one.item).collect::<Vec<_>>();
    assert_eq!(
        waiting(db.store.waiting_declarations_behind(ItemId(0), &[kz]).await.unwrap()),
        [id(1), id(5)]
    );
    assert_eq!(waiting(db.store.waiting_declarations_behind(id(1), &[kz]).await.unwrap()), [id(5)]);
    let kg = caravan_postal::Country::parse("KG").unwrap();
    assert_eq!(waiting(db.store.waiting_declarations_behind(ItemId(0), &[kg]).await.unwrap()), []);
    assert_eq!(waiting(db.store.declarations_behind(id(1)).await.unwrap()), [2, 3, 4, 5].map(id));
}

async fn what_remains_of_a_declaration_is_a_version_of_its_own(db: Database) {
    let revision = db.store.keep_revision("1-a", Vec::new).await.unwrap();
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 1, 2)).await.unwrap();
    let id = ItemId::of_file(file.0, 1);
    assert_eq!(db.store.next_version(ItemId::of_file(file.0, 9)).await.unwrap(), None);
    for next in 2..=63 {
        assert_eq!(db.store.next_version(id).await.unwrap(), Some(next));
        let remaining = Remaining {
            item: id,
            of: next - 1,
            version: next,
            revision,
            accepted_on: day(20),
            packed: format!("declaration without {next}").into_bytes(),
            assessment: format!("assessment without {next}").into_bytes(),
            charges: vec![charge(ChargeKind::Duty, 500, "EUR", false)],
            findings: vec![WEIGHT_ODD.finding(["1.0", "2.0"])],
        };
        let known = db.store.item(id).await.unwrap().unwrap();
        let (version, mut state) = db.store.snapshot().await.unwrap();
        state.admit(Item { version: next, ..known });
        let changes = Changes { items: [id].into(), ..Changes::default() };
        let noted = Noted { remaining: vec![remaining], ..Noted::default() };
        db.store.apply(version, &state, &changes, &[], &noted, MORNING_MS + 5).await.unwrap();
    }
    let kept = db.store.declaration_of(id).await.unwrap().unwrap();
    assert_eq!(
        (kept.version, &*kept.packed, kept.kept_ms),
        (63, &b"declaration without 63"[..], MORNING_MS + 5)
    );
    assert_eq!(db.store.next_version(id).await.unwrap(), None, "there is no room for another");
    assert_eq!(db.store.findings_about(1, id.0).await.unwrap().len(), 62);
    assert_eq!(db.store.redeclared().await.unwrap(), [], "the station knows it already");
    db.assert_sound().await;
}
