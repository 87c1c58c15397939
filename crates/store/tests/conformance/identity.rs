//! Identifiers: an item is known by its name for twelve months, and only so long.

use caravan_station::{ItemId, ItemName};
use caravan_store::{Batch, FileId, Kept, Noted, Redeclared};

use crate::database::{Database, codes_of_file};
use crate::life::Life;
use crate::on_both;
use crate::sample::{DAY_MS, MORNING_MS, batch, claimed, item, s10};

on_both!(
    an_item_that_is_declared_again_gets_a_further_version,
    versions_wait_until_the_station_takes_note_of_them,
    an_identifier_repeated_in_one_file_holds_its_item,
    an_identifier_repeated_in_a_later_batch_holds_its_item,
    an_identifier_repeated_in_a_file_of_known_items_holds_its_item,
    another_addressee_is_a_reuse,
    an_addressee_that_nobody_knows_is_no_reuse,
    an_addressee_that_becomes_known_is_compared_from_then_on,
    after_twelve_months_a_name_is_a_new_items,
    what_has_no_name_is_never_the_same,
    names_that_are_no_s10_are_identifiers_too,
    versions_beyond_the_room_are_reported_and_hold_the_item,
);

/// Keeps one item with a name and a fingerprint, alone in a file, some days after the morning.
async fn declare(db: &Database, number: u8, name: &ItemName, fingerprint: i64, days: i64) -> (FileId, Kept) {
    let file = claimed(&db.store, number).await.id;
    let mut new = item(file, 1, name.clone());
    new.fingerprint = fingerprint;
    let batch = Batch { at_ms: MORNING_MS + days * DAY_MS, ..batch(file, vec![new]) };
    (file, db.store.keep(&batch).await.unwrap())
}

const NEW: Kept = Kept { new: 1, again: 0 };
const AGAIN: Kept = Kept { new: 0, again: 1 };

/// What waits for the station: item, version, whether it is to be held.
async fn waiting(db: &Database) -> Vec<(ItemId, u32, bool)> {
    let redeclared = db.store.redeclared().await.unwrap();
    redeclared.into_iter().map(|one| (one.item, one.version, one.is_reused || one.is_held)).collect()
}

async fn an_item_that_is_declared_again_gets_a_further_version(db: Database) {
    for (name, first) in [(s10(1), 1), (ItemName::Other("K-77 上".to_owned()), 4)] {
        let (file, kept) = declare(&db, first, &name, 5, 0).await;
        assert_eq!(kept, NEW);
        let id = ItemId::of_file(file.0, 1);
        let declared = db.store.item(id).await.unwrap().unwrap();
        let before = db.store.redeclared().await.unwrap();
        let (second, kept) = declare(&db, first + 1, &name, 5, 1).await;
        assert_eq!(kept, AGAIN);
        let (third, kept) = declare(&db, first + 2, &name, 5, 2).await;
        assert_eq!(kept, AGAIN);
        let expected = |version| Redeclared {
            item: id,
            version,
            is_reused: false,
            is_held: false,
            packed: b"declaration 1".to_vec(),
            assessment: b"assessment 1".to_vec(),
        };
        let new = db.store.redeclared().await.unwrap().split_off(before.len());
        assert_eq!(new, [expected(2), expected(3)]);
        assert_eq!(db.store.items(&[name]).await.unwrap(), [declared], "the item is as it was");
        for file in [file, second, third] {
            assert_eq!(codes_of_file(&db.store, file).await, Vec::<String>::new());
        }
    }
    db.assert_sound().await;
}

async fn versions_wait_until_the_station_takes_note_of_them(db: Database) {
    for number in 1..=3 {
        declare(&db, number, &s10(1), 5, 0).await;
    }
    let item = ItemId::of_file(1, 1);
    assert_eq!(waiting(&db).await, [(item, 2, false), (item, 3, false)]);
    let mut life = Life::start(&db.store).await;
    life.commit_noting(Noted { redeclared: vec![(item, 2)], ..Noted::default() }).await;
    assert_eq!(waiting(&db).await, [(item, 3, false)]);
    life.take_note().await;
    assert_eq!(waiting(&db).await, []);
    assert_eq!(db.store.item(item).await.unwrap().unwrap().version, 3);
    db.assert_sound().await;
}

async fn an_identifier_repeated_in_one_file_holds_its_item(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let items = vec![item(file, 1, s10(1)), item(file, 2, s10(2)), item(file, 3, s10(1))];
    assert_eq!(db.store.keep(&batch(file, items)).await.unwrap(), Kept { new: 2, again: 1 });
    assert_eq!(waiting(&db).await, [(ItemId::of_file(file.0, 1), 2, true)]);
    assert_repeated(&db, file, 3, &s10(1)).await;
}

async fn an_identifier_repeated_in_a_later_batch_holds_its_item(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&batch(file, vec![item(file, 1, s10(1))])).await.unwrap();
    assert_eq!(db.store.keep(&batch(file, vec![item(file, 2, s10(1))])).await.unwrap(), AGAIN);
    assert_eq!(waiting(&db).await, [(ItemId::of_file(file.0, 1), 2, true)]);
    assert_repeated(&db, file, 2, &s10(1)).await;
}

async fn an_identifier_repeated_in_a_file_of_known_items_holds_its_item(db: Database) {
    let (first, _) = declare(&db, 1, &s10(1), 5, 0).await;
    let id = ItemId::of_file(first.0, 1);
    let file = claimed(&db.store, 2).await.id;
    db.store.keep(&batch(file, vec![item(file, 1, s10(1)), item(file, 2, s10(1))])).await.unwrap();
    db.store.keep(&batch(file, vec![item(file, 3, s10(1))])).await.unwrap();
    assert_eq!(waiting(&db).await, [(id, 2, false), (id, 3, true), (id, 4, true)]);
    let repeated = db.store.findings_of_file(file).await.unwrap();
    let repeated: Vec<_> = repeated.iter().map(|found| (&*found.code, found.ordinal)).collect();
    assert_eq!(repeated, [("identifier-repeated", Some(2)), ("identifier-repeated", Some(3))]);
    assert_eq!(codes_of_file(&db.store, first).await, Vec::<String>::new());
    db.assert_sound().await;
}

async fn assert_repeated(db: &Database, file: FileId, ordinal: u32, name: &ItemName) {
    let found = db.store.findings_of_file(file).await.unwrap();
    let [found] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&*found.code, found.ordinal), ("identifier-repeated", Some(ordinal)));
    assert_eq!(found.arguments, [name.to_string()]);
    assert_eq!((found.kind, found.subject), (1, ItemId::of_file(file.0, 1).0), "it is about the first item");
    db.assert_sound().await;
}

async fn another_addressee_is_a_reuse(db: Database) {
    let (first, _) = declare(&db, 1, &s10(1), 5, 0).await;
    let (second, kept) = declare(&db, 2, &s10(1), 6, 0).await;
    assert_eq!(kept, AGAIN, "the other item cannot have the number");
    assert_eq!(waiting(&db).await, [(ItemId::of_file(first.0, 1), 2, true)]);
    assert_eq!(codes_of_file(&db.store, second).await, ["identifier-reused"]);
    let (third, _) = declare(&db, 3, &s10(1), 5, 0).await;
    assert_eq!(codes_of_file(&db.store, third).await, Vec::<String>::new(), "the first addressee again");
    // Written otherwise, but the same: the names alone do not tell.
    let file = claimed(&db.store, 4).await.id;
    let mut new = item(file, 1, s10(1));
    new.fingerprint = 7;
    let batch = Batch { is_same_addressee: |before, after| before == after, ..batch(file, vec![new]) };
    assert_eq!(db.store.keep(&batch).await.unwrap(), AGAIN);
    assert_eq!(codes_of_file(&db.store, file).await, Vec::<String>::new());
    let waiting = db.store.redeclared().await.unwrap();
    let doubts: Vec<_> = waiting.iter().map(|one| (one.version, one.is_reused, one.is_held)).collect();
    assert_eq!(doubts, [(2, true, false), (3, false, false), (4, false, false)]);
}

async fn an_addressee_that_nobody_knows_is_no_reuse(db: Database) {
    for (number, fingerprint) in [(1, 5), (2, 0), (3, 5)] {
        let (file, _) = declare(&db, number, &s10(1), fingerprint, 0).await;
        assert_eq!(codes_of_file(&db.store, file).await, Vec::<String>::new());
    }
    assert!(waiting(&db).await.iter().all(|(_, _, is_reused)| !is_reused));
}

async fn an_addressee_that_becomes_known_is_compared_from_then_on(db: Database) {
    // Scanned before anyone declared them, and declared without an addressee.
    let mut life = Life::start(&db.store).await;
    life.scan(&ItemName::Other("K-78".to_owned()), 900).await;
    life.scan(&s10(2), 900).await;
    declare(&db, 1, &s10(1), 0, 0).await;
    let names = [s10(1), s10(2), ItemName::Other("K-78".to_owned())];
    for (name, first) in names.iter().zip([10, 20, 30]) {
        let (declared, kept) = declare(&db, first, name, 5, 0).await;
        assert_eq!(kept, AGAIN);
        let (other, _) = declare(&db, first + 1, name, 6, 0).await;
        assert_eq!(codes_of_file(&db.store, declared).await, Vec::<String>::new());
        assert_eq!(codes_of_file(&db.store, other).await, ["identifier-reused"], "{name}");
    }
    db.assert_sound().await;
}

async fn after_twelve_months_a_name_is_a_new_items(db: Database) {
    for (name, first) in [(s10(1), 1), (ItemName::Other("K-79".to_owned()), 11)] {
        let (old, _) = declare(&db, first, &name, 5, 0).await;
        assert_eq!(declare(&db, first + 1, &name, 6, 366).await.1, AGAIN, "the last day of the old item");
        let (new, kept) = declare(&db, first + 2, &name, 6, 367).await;
        assert_eq!(kept, NEW);
        let found = db.store.items(std::slice::from_ref(&name)).await.unwrap();
        assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), [ItemId::of_file(new.0, 1)]);
        assert!(db.store.item(ItemId::of_file(old.0, 1)).await.unwrap().is_some(), "the old item stays");
        // The twelve months count anew, and so does the addressee; a repetition in the same file is one.
        let (again, kept) = declare(&db, first + 3, &name, 6, 367 + 366).await;
        assert_eq!((kept, codes_of_file(&db.store, again).await), (AGAIN, Vec::new()));
        let file = claimed(&db.store, first + 4).await.id;
        let twice = vec![item(file, 1, name.clone()), item(file, 2, name.clone())];
        let late = Batch { at_ms: MORNING_MS + 3 * 367 * DAY_MS, ..batch(file, twice) };
        assert_eq!(db.store.keep(&late).await.unwrap(), Kept { new: 1, again: 1 });
        assert_eq!(codes_of_file(&db.store, file).await, ["identifier-repeated"]);
    }
    db.assert_sound().await;
}

async fn what_has_no_name_is_never_the_same(db: Database) {
    let nameless = || ItemName::Other(String::new());
    let file = claimed(&db.store, 1).await.id;
    let items = vec![item(file, 1, nameless()), item(file, 2, nameless()), item(file, 3, s10(1))];
    assert_eq!(db.store.keep(&batch(file, items)).await.unwrap(), Kept { new: 3, again: 0 });
    let (_, kept) = declare(&db, 2, &nameless(), 0, 0).await;
    assert_eq!(kept, NEW);
    assert_eq!(db.store.items(&[nameless()]).await.unwrap(), []);
    db.assert_sound().await;
}

async fn names_that_are_no_s10_are_identifiers_too(db: Database) {
    let names = ["a", "A", "a ", "ａ", "é", "e\u{301}", "\"'\\", "CC000000015CN "];
    let file = claimed(&db.store, 1).await.id;
    let items: Vec<_> =
        names.iter().zip(1..).map(|(name, n)| item(file, n, ItemName::Other((*name).to_owned()))).collect();
    let kept = db.store.keep(&batch(file, items)).await.unwrap();
    assert_eq!(kept, Kept { new: names.len(), again: 0 }, "names are compared byte by byte");
    for (name, ordinal) in names.iter().zip(1..) {
        let found = db.store.items(&[ItemName::Other((*name).to_owned())]).await.unwrap();
        assert_eq!(found.iter().map(|item| item.id).collect::<Vec<_>>(), [ItemId::of_file(file.0, ordinal)]);
    }
    db.assert_sound().await;
}

async fn versions_beyond_the_room_are_reported_and_hold_the_item(db: Database) {
    let (first, _) = declare(&db, 0, &s10(1), 5, 0).await;
    let id = ItemId::of_file(first.0, 1);
    for number in 1..=62 {
        let (file, _) = declare(&db, number, &s10(1), 5, 0).await;
        assert_eq!(codes_of_file(&db.store, file).await, Vec::<String>::new());
    }
    assert_eq!(waiting(&db).await.last(), Some(&(id, 63, false)));
    for number in 63..=64 {
        let (file, kept) = declare(&db, number, &s10(1), 5, 0).await;
        assert_eq!(
            (kept, codes_of_file(&db.store, file).await),
            (AGAIN, vec!["versions-exhausted".to_owned()])
        );
    }
    assert_eq!(waiting(&db).await.last(), Some(&(id, 63, true)), "the version in force holds the item");
    assert_eq!(waiting(&db).await.len(), 62);
    db.assert_sound().await;
}
