//! Batches: kept once and whole, whatever breaks off in between and however the file was cut.

use caravan_postal::Finding;
use caravan_store::{Batch, Claimed, FileId, Kept, Redeclared, Settlement, Store, Verdict};
use caravan_tariff::ChargeKind;

use crate::database::{Database, codes_of_file};
use crate::on_both;
use crate::sample::{
    ALL_WELL, MORNING_MS, NAME_SHORT, WEIGHT_ODD, batch, charge, claim, claimed, done, item, plain_batch, s10,
};

on_both!(
    a_batch_that_is_kept_again_changes_nothing,
    a_batch_that_is_cut_elsewhere_is_kept_behind_what_is_kept,
    a_file_goes_on_after_a_crash_between_batches,
    a_file_goes_on_after_a_crash_between_keeping_and_settling,
    attempts_count_from_what_is_kept,
    items_and_verdict_are_one_transaction,
    a_failed_file_leaves_nothing,
    a_batch_that_cannot_be_written_leaves_nothing,
    several_keep_the_same_batch_at_once,
    several_keep_the_same_items_in_another_order_at_once,
    declarations_and_assessments_are_kept_as_they_were_packed,
);

/// A batch with something of everything.
fn rich_batch(file: FileId) -> Batch {
    let mut items = plain_batch(file, 100, 3).items;
    items[0].charges =
        vec![charge(ChargeKind::Duty, 500, "EUR", false), charge(ChargeKind::Tax, 120, "EUR", true)];
    items[1].findings = vec![WEIGHT_ODD.finding(["1.0", "2.0"]).of(2), NAME_SHORT.finding::<&str>([]).of(2)];
    items[2] = item(file, 3, caravan_station::ItemName::Other("no S10".to_owned()));
    batch(file, items)
}

async fn a_batch_that_is_kept_again_changes_nothing(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    assert_eq!(db.store.keep(&rich_batch(file)).await.unwrap(), Kept { new: 3, again: 0 });
    let counts = db.counts().await;
    for store in [db.store.clone(), db.second().await] {
        assert_eq!(store.keep(&rich_batch(file)).await.unwrap(), Kept::default());
    }
    assert_eq!(db.counts().await, counts);
    assert_eq!(db.store.file(file).await.unwrap().kept_to, 3);
    db.assert_sound().await;
}

async fn a_batch_that_is_cut_elsewhere_is_kept_behind_what_is_kept(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 100, 3)).await.unwrap();
    // A run with larger batches comes after one with smaller ones.
    assert_eq!(db.store.keep(&plain_batch(file, 100, 5)).await.unwrap(), Kept { new: 2, again: 0 });
    assert_eq!(db.store.keep(&plain_batch(file, 100, 4)).await.unwrap(), Kept::default());
    assert_eq!(db.store.file(file).await.unwrap().kept_to, 5);
    assert_eq!(db.store.items_of_file(file).await.unwrap(), [5, 0, 0]);
    assert_eq!(db.store.redeclared().await.unwrap(), Vec::<Redeclared>::new());
    db.assert_sound().await;
}

async fn a_file_goes_on_after_a_crash_between_batches(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let cut = |from: u32, to: u32| {
        let items = plain_batch(file, 100, 6).items;
        batch(file, items.into_iter().filter(|new| (from..=to).contains(&new.ordinal)).collect())
    };
    db.store.keep(&cut(1, 2)).await.unwrap();
    db.store.close().await;
    let store = db.second().await;
    let again = claimed(&store, 1).await;
    assert_eq!((again.attempts, again.kept_to), (2, 2));
    for (from, to, new) in [(1, 2, 0), (3, 4, 2), (5, 6, 2)] {
        assert_eq!(store.keep(&cut(from, to)).await.unwrap(), Kept { new, again: 0 }, "{from} to {to}");
    }
    assert_eq!(store.items_of_file(file).await.unwrap(), [6, 0, 0]);
    assert_eq!(store.check().await.unwrap(), []);
}

async fn a_file_goes_on_after_a_crash_between_keeping_and_settling(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&rich_batch(file)).await.unwrap();
    db.store.close().await;
    let counts = db.counts().await;
    let store = db.second().await;
    let again = claimed(&store, 1).await;
    assert_eq!((again.id, again.attempts, again.kept_to, again.verdict), (file, 2, 3, Verdict::Open));
    let last = Some(done(vec![ALL_WELL.finding::<&str>([])]));
    store.keep(&Batch { last, ..rich_batch(file) }).await.unwrap();
    let mut expected = counts;
    expected.iter_mut().find(|(table, _)| *table == "finding").unwrap().1 += 1;
    assert_eq!(db.counts().await, expected, "nothing but what was found about the file");
    assert!(
        matches!(store.claim(&claim(1)).await.unwrap(), Claimed::Known(row) if row.verdict == Verdict::Done)
    );
    assert_eq!(codes_of_file(&store, file).await, ["all-well", "weight-odd", "name-short"]);
    assert_eq!(store.check().await.unwrap(), []);
}

async fn attempts_count_from_what_is_kept(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    // Killed again and again, and a little further each time: the file is long, and not at fault.
    for to in 1..=5 {
        let items = plain_batch(file, 100, 6).items;
        db.store.keep(&batch(file, items.into_iter().take(to).collect())).await.unwrap();
        assert_eq!(claimed(&db.store, 1).await.attempts, 2, "killed behind {to}");
    }
    // Killed at one place.
    for attempts in 3..=5 {
        db.store.keep(&plain_batch(file, 100, 5)).await.unwrap();
        assert_eq!(claimed(&db.store, 1).await.attempts, attempts, "nothing new was kept");
    }
    db.assert_sound().await;
}

async fn items_and_verdict_are_one_transaction(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let last = Some(done(vec![ALL_WELL.finding::<&str>([])]));
    let kept = db.store.keep(&Batch { last, ..rich_batch(file) }).await.unwrap();
    assert_eq!(kept, Kept { new: 3, again: 0 });
    let row = db.store.file(file).await.unwrap();
    assert_eq!((row.verdict, &*row.format, row.kept_to), (Verdict::Done, "xml", 3));
    db.assert_sound().await;
}

async fn a_failed_file_leaves_nothing(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let failed = Settlement { verdict: Verdict::Failed, ..done(vec![ALL_WELL.finding::<&str>([])]) };
    let kept = db.store.keep(&Batch { last: Some(failed), ..rich_batch(file) }).await.unwrap();
    assert_eq!(kept, Kept::default());
    let row = db.store.file(file).await.unwrap();
    assert_eq!((row.verdict, row.kept_to), (Verdict::Failed, 0));
    let left: Vec<_> = db.counts().await.into_iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(left, [("file", 1), ("finding", 1), ("revision", 1), ("station", 1)]);
    // Its identifiers are free.
    let other = claimed(&db.store, 2).await.id;
    assert_eq!(db.store.keep(&rich_batch(other)).await.unwrap(), Kept { new: 3, again: 0 });
    db.assert_sound().await;
}

async fn a_batch_that_cannot_be_written_leaves_nothing(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let item = caravan_station::ItemId::of_file(file.0, 2).0;
    let declaration = item * 64 + 1;
    let last = || Some(done(Vec::new()));
    for (table, in_the_way) in [
        ("charge", format!("INSERT INTO charge VALUES ({}, 2, 0, 'EUR', 1, 0)", declaration - 64)),
        (
            "declaration",
            format!(
                "INSERT INTO declaration (id, file, ordinal, kept_ms, packed, assessment) \
                 VALUES ({declaration}, 1, 2, 0, 'a', 'b')"
            ),
        ),
        (
            "item",
            format!(
                "INSERT INTO item (id, decision, handling, custody, customs, version, events) \
                 VALUES ({item}, 0, 0, 1, 4, 1, 1)"
            ),
        ),
    ] {
        assert_eq!(db.change(&in_the_way).await, 1);
        let counts = db.counts().await;
        db.store.keep(&Batch { last: last(), ..rich_batch(file) }).await.unwrap_err();
        assert_eq!(db.counts().await, counts, "{table}");
        let row = db.store.file(file).await.unwrap();
        assert_eq!((row.verdict, row.kept_to), (Verdict::Open, 0));
        assert_eq!(db.change(&format!("DELETE FROM {table}")).await, 1);
    }
    let kept = db.store.keep(&Batch { last: last(), ..rich_batch(file) }).await.unwrap();
    assert_eq!(kept, Kept { new: 3, again: 0 });
    db.assert_sound().await;
}

async fn several_keep_the_same_batch_at_once(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let kept = at_once(&db, move |_| Batch { last: Some(done(Vec::new())), ..rich_batch(file) }).await;
    assert_eq!(kept.iter().map(|kept| kept.new).sum::<usize>(), 3, "{kept:?}");
    assert_eq!(db.number("SELECT COUNT(*) FROM item").await, 3);
    db.assert_sound().await;
}

async fn several_keep_the_same_items_in_another_order_at_once(db: Database) {
    const ITEMS: u32 = 300;
    let mut files = Vec::new();
    for number in 0..6 {
        files.push(claimed(&db.store, number).await.id);
    }
    let kept = at_once(&db, move |task| {
        let file = files[task];
        let serial = |index: u32| if task % 2 == 0 { index } else { ITEMS - 1 - index };
        batch(file, (0..ITEMS).map(|index| item(file, index + 1, s10(serial(index)))).collect())
    })
    .await;
    let all = usize::try_from(ITEMS).unwrap();
    assert_eq!(kept.iter().map(|kept| kept.new).sum::<usize>(), all, "each item is new once: {kept:?}");
    assert_eq!(kept.iter().map(|kept| kept.again).sum::<usize>(), 5 * all);
    assert_eq!(db.store.redeclared().await.unwrap().len(), 5 * all, "every version is kept");
    db.assert_sound().await;
}

/// Lets six tasks of two processes keep a batch each.
async fn at_once(db: &Database, of_task: impl Fn(usize) -> Batch) -> Vec<Kept> {
    let stores: [Store; 2] = [db.store.clone(), db.second().await];
    let tasks: Vec<_> = (0..6)
        .map(|task| {
            let (store, batch) = (stores[task % 2].clone(), of_task(task));
            tokio::spawn(async move { store.keep(&batch).await.unwrap() })
        })
        .collect();
    let mut kept = Vec::new();
    for task in tasks {
        kept.push(task.await.unwrap());
    }
    kept
}

async fn declarations_and_assessments_are_kept_as_they_were_packed(db: Database) {
    let (first, second) = (claimed(&db.store, 1).await.id, claimed(&db.store, 2).await.id);
    db.store.keep(&plain_batch(first, 100, 1)).await.unwrap();
    let mut again = item(second, 1, s10(100));
    again.packed = (0..=255).collect();
    again.assessment = Vec::new();
    db.store.keep(&batch(second, vec![again])).await.unwrap();
    let redeclared = db.store.redeclared().await.unwrap();
    let [redeclared] = redeclared.as_slice() else { panic!("{redeclared:?}") };
    assert_eq!(redeclared.packed, (0..=255).collect::<Vec<u8>>());
    assert_eq!(redeclared.assessment, Vec::<u8>::new());
    let none: [Finding; 0] = [];
    db.store.settle(second, Verdict::Done, "xml", &none, MORNING_MS).await.unwrap();
}
