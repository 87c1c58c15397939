//! Sums over what is kept: each is the sum of its parts.

use caravan_station::{Act, Disposition, Item};
use caravan_store::{ChargeSum, CodeCount, FileSum, ItemSum, Verdict};
use caravan_tariff::{ChargeKind, Decision};

use crate::database::Database;
use crate::life::{Life, two_days};
use crate::on_both;
use crate::sample::{
    ALL_WELL, MORNING_MS, NAME_SHORT, WEIGHT_ODD, batch, charge, claimed, item, overwrite, plain_batch, s10,
};

on_both!(
    nothing_sums_to_nothing,
    files_are_counted_by_verdict,
    items_are_counted_and_weighed,
    charges_are_those_of_the_declarations_in_force,
    codes_are_counted_the_most_frequent_first,
    a_day_sums_to_its_items,
);

async fn nothing_sums_to_nothing(db: Database) {
    assert_eq!(db.store.file_sums().await.unwrap(), []);
    assert_eq!(db.store.item_sums().await.unwrap(), []);
    assert_eq!(db.store.charge_sums().await.unwrap(), []);
    assert_eq!(db.store.code_counts().await.unwrap(), []);
    db.assert_sound().await;
}

async fn files_are_counted_by_verdict(db: Database) {
    use Verdict::{Done, Failed, Open, SetAside};
    let verdicts = [Failed, Done, Done, Open, SetAside, Done];
    for (number, verdict) in (1..).zip(verdicts) {
        let file = claimed(&db.store, number).await.id;
        if verdict != Open {
            db.store.settle(file, verdict, "xml", &[], MORNING_MS).await.unwrap();
        }
    }
    let sums = db.store.file_sums().await.unwrap();
    let expected = [(Open, 1), (Done, 3), (Failed, 1), (SetAside, 1)];
    assert_eq!(sums, expected.map(|(verdict, files)| FileSum { verdict, files }));
}

async fn items_are_counted_and_weighed(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 1, 5);
    let [first, second, third, fourth, fifth] = batch.items.as_mut_slice() else { panic!() };
    let weighed = Item { scale: Some(caravan_postal::Grams(1300)), ..first.item.clone() };
    second.item.declared = None;
    third.item.destination = None;
    fourth.item.destination = caravan_postal::Country::parse("KG");
    fifth.item.decision = Decision::Refuse;
    db.store.keep(&batch).await.unwrap();
    overwrite(&db.store, &[weighed]).await;
    let sum = |destination: &str, decision, items, weight_g| ItemSum {
        destination: destination.to_owned(),
        decision,
        custody: 0,
        customs: 0,
        items,
        weight_g,
    };
    let expected = [sum("", 0, 1, 1000), sum("KG", 0, 1, 1000), sum("KZ", 0, 2, 1300), sum("KZ", 2, 1, 1000)];
    assert_eq!(db.store.item_sums().await.unwrap(), expected);
}

async fn charges_are_those_of_the_declarations_in_force(db: Database) {
    use ChargeKind::{Duty, Fee, Tax};
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    let mut declared = plain_batch(first, 1, 3);
    declared.items[0].charges = vec![
        charge(Duty, 300, "EUR", false),
        charge(Duty, 200, "EUR", true),
        charge(Duty, 7, "USD", false),
        charge(Tax, 100, "EUR", false),
    ];
    declared.items[1].charges = vec![charge(Duty, 50, "EUR", false), charge(Fee, 1, "CNY", true)];
    declared.items[2].item.destination = None;
    declared.items[2].charges = vec![charge(Duty, 9_000_000_000, "EUR", true)];
    db.store.keep(&declared).await.unwrap();
    let sum = |destination: &str, kind, currency: &str, minor, items, unverified| ChargeSum {
        destination: destination.to_owned(),
        kind,
        currency: currency.to_owned(),
        minor,
        items,
        unverified,
    };
    let mut expected = vec![
        sum("", 0, "EUR", 9_000_000_000, 1, 1),
        sum("KZ", 0, "EUR", 550, 2, 1),
        sum("KZ", 0, "USD", 7, 1, 0),
        sum("KZ", 1, "EUR", 100, 1, 0),
        sum("KZ", 3, "CNY", 1, 1, 1),
    ];
    assert_eq!(
        db.store.charge_sums().await.unwrap(),
        expected,
        "an item counts once, however many its lines"
    );
    // A version counts from when the station takes note of it, and the one before no longer.
    let mut again = item(second, 1, s10(1));
    again.charges = vec![charge(Duty, 1, "EUR", false)];
    db.store.keep(&batch(second, vec![again])).await.unwrap();
    assert_eq!(db.store.charge_sums().await.unwrap(), expected);
    Life::start(&db.store).await.take_note().await;
    expected = vec![expected[0].clone(), sum("KZ", 0, "EUR", 51, 2, 0), expected[4].clone()];
    assert_eq!(db.store.charge_sums().await.unwrap(), expected);
    db.assert_sound().await;
}

async fn codes_are_counted_the_most_frequent_first(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let mut batch = plain_batch(file, 1, 3);
    let odd = || WEIGHT_ODD.finding(["1", "2"]);
    batch.items[0].findings = vec![odd(), ALL_WELL.finding::<&str>([])];
    batch.items[1].findings = vec![odd(), odd(), NAME_SHORT.finding::<&str>([])];
    db.store.keep(&batch).await.unwrap();
    let count = |code: &str, severity, count| CodeCount { code: code.to_owned(), severity, count };
    let expected = [count("weight-odd", 2, 3), count("all-well", 0, 1), count("name-short", 1, 1)];
    assert_eq!(db.store.code_counts().await.unwrap(), expected);
}

async fn a_day_sums_to_its_items(mut db: Database) {
    let mut life = two_days(&db.store).await;
    life.act(Act::Dispose { item: s10(14), disposition: Disposition::Inspect }).await;
    let sums = db.store.item_sums().await.unwrap();
    let items = sums.iter().map(|sum| sum.items).sum::<u64>();
    let weight = sums.iter().map(|sum| sum.weight_g).sum::<u64>();
    assert_eq!(i64::try_from(items).unwrap(), db.number("SELECT COUNT(*) FROM item").await);
    let weighed = "SELECT CAST(SUM(COALESCE(scale_g, declared_g)) AS BIGINT) FROM item";
    assert_eq!(i64::try_from(weight).unwrap(), db.number(weighed).await);
    assert!(sums.is_sorted_by(|a, b| {
        (&a.destination, a.decision, a.custody, a.customs)
            < (&b.destination, b.decision, b.custody, b.customs)
    }));
    assert!(sums.len() > 5, "{sums:?}");
}
