//! The outbox: what leaves was written by the transaction that caused it, and is delivered until it is noted.

use caravan_station::Changes;
use caravan_store::{Noted, Outbound, Store};

use crate::database::Database;
use crate::on_both;
use crate::sample::MORNING_MS;

on_both!(
    what_is_queued_is_undelivered_by_key,
    a_body_is_found_by_its_key,
    only_what_was_delivered_is_noted,
    a_body_that_was_replaced_is_delivered_anew,
    the_last_of_a_key_in_one_transaction_leaves,
    more_than_one_fetch_is_delivered_in_turns,
);

/// Queues some bodies in one transaction.
async fn queue(store: &Store, bodies: &[(&str, &[u8])]) {
    let (version, state) = store.snapshot().await.unwrap();
    let queued: Vec<Outbound> = bodies.iter().map(|(key, body)| outbound(key, body)).collect();
    let (changes, noted) = (Changes::default(), Noted::default());
    store.apply(version, &state, &changes, &queued, &noted, MORNING_MS).await.unwrap();
}

/// Returns what waits, without the numbers that the store gives.
async fn waiting(store: &Store) -> Vec<Outbound> {
    store.undelivered().await.unwrap().into_iter().map(|one| one.outbound).collect()
}

fn outbound(key: &str, body: &[u8]) -> Outbound {
    Outbound { key: key.to_owned(), body: body.to_vec() }
}

async fn what_is_queued_is_undelivered_by_key(db: Database) {
    let every_byte: Vec<u8> = (0..=255).collect();
    // A language's order would pass over the punctuation and mix the cases.
    let keys = ["a-c", "aB", "a/d", "ab", "A", "_", "é", "清单", "a"];
    queue(&db.store, &keys.map(|key| (key, &*every_byte))).await;
    queue(&db.store, &[("B", b"")]).await;
    let mut expected: Vec<Outbound> = keys.iter().map(|key| outbound(key, &every_byte)).collect();
    expected.push(outbound("B", b""));
    expected.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(waiting(&db.store).await, expected);
    assert_eq!(waiting(&db.second().await).await, expected, "until they are noted");
}

async fn a_body_is_found_by_its_key(db: Database) {
    queue(&db.store, &[("a", b"1"), ("b", b"2")]).await;
    queue(&db.store, &[("a", b"3")]).await;
    let found = ["a", "b", "c"].map(|key| db.store.outbound(key));
    let [a, b, c] = found;
    assert_eq!((a.await.unwrap(), b.await.unwrap()), (Some(b"3".to_vec()), Some(b"2".to_vec())));
    assert_eq!(c.await.unwrap(), None);
}

async fn only_what_was_delivered_is_noted(db: Database) {
    queue(&db.store, &[("a", b"1"), ("b", b"2"), ("c", b"3")]).await;
    let fetched = db.store.undelivered().await.unwrap();
    db.store.delivered(&fetched[1..2]).await.unwrap();
    db.store.delivered(&[]).await.unwrap();
    assert_eq!(waiting(&db.store).await, [outbound("a", b"1"), outbound("c", b"3")]);
    db.store.delivered(&fetched).await.unwrap();
    assert_eq!(waiting(&db.store).await, []);
}

async fn a_body_that_was_replaced_is_delivered_anew(mut db: Database) {
    queue(&db.store, &[("a", b"1"), ("b", b"1"), ("c", b"1")]).await;
    let fetched = db.store.undelivered().await.unwrap();
    queue(&db.store, &[("a", b"2"), ("c", b"1")]).await;
    db.store.delivered(&fetched).await.unwrap();
    let again = db.store.undelivered().await.unwrap();
    assert_eq!(waiting(&db.store).await, [outbound("a", b"2"), outbound("c", b"1")], "what came after");
    db.store.delivered(&again).await.unwrap();
    queue(&db.store, &[("b", b"2")]).await;
    assert_eq!(waiting(&db.store).await, [outbound("b", b"2")], "delivered once, and changed");
    assert_eq!(db.number("SELECT COUNT(*) FROM outbound_body").await, 6, "what left before stays");
    db.assert_sound().await;
}

async fn the_last_of_a_key_in_one_transaction_leaves(db: Database) {
    queue(&db.store, &[("a", b"1"), ("b", b"1"), ("a", b"3"), ("a", b"2")]).await;
    assert_eq!(waiting(&db.store).await, [outbound("a", b"2"), outbound("b", b"1")]);
}

async fn more_than_one_fetch_is_delivered_in_turns(db: Database) {
    let keys: Vec<String> = (0..900).map(|number| format!("label/{number:04}")).collect();
    let bodies: Vec<(&str, &[u8])> = keys.iter().map(|key| (&**key, key.as_bytes())).collect();
    queue(&db.store, &bodies).await;
    let mut delivered = Vec::new();
    let mut turns = 0;
    loop {
        let fetched = db.store.undelivered().await.unwrap();
        if fetched.is_empty() {
            break;
        }
        db.store.delivered(&fetched).await.unwrap();
        delivered.extend(fetched.into_iter().map(|one| one.outbound.key));
        turns += 1;
    }
    assert_eq!(delivered, keys, "each once, in order");
    assert!(turns > 1);
}
