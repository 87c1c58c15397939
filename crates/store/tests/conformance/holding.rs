//! Many steps in one transaction: read by who holds it, committed together, and gone together when one breaks off.

use caravan_store::{Batch, Kept, Store, StoreError};

use crate::database::{Database, run};
use crate::on_both;
use crate::sample::{claimed, done, plain_batch};

on_both!(what_is_held_is_read_and_kept, holding_nothing_commits_nothing);

async fn what_is_held_is_read_and_kept(db: Database) {
    db.store.hold().await.unwrap();
    let file = claimed(&db.store, 1).await.id;
    let batch = Batch { last: Some(done(Vec::new())), ..plain_batch(file, 1, 20) };
    assert_eq!(db.store.keep(&batch).await.unwrap(), Kept { new: 20, again: 0 });
    assert_eq!(db.store.items_of_file(file).await.unwrap(), [20, 0, 0], "its own writes are read");
    db.store.release().await.unwrap();
    let second = db.second().await;
    assert_eq!(second.items_of_file(file).await.unwrap(), [20, 0, 0], "and everyone reads them then");
    db.assert_sound().await;
}

async fn holding_nothing_commits_nothing(mut db: Database) {
    let counts = db.counts().await;
    db.store.release().await.unwrap();
    db.store.hold().await.unwrap();
    db.store.release().await.unwrap();
    claimed(&db.store, 1).await;
    assert_ne!(db.counts().await, counts, "a step behind the release is its own");
}

#[test]
fn what_is_held_goes_with_a_step_that_breaks_off() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("station.db").to_string_lossy().into_owned();
        let store = Store::open(&path).await.unwrap();
        let first = claimed(&store, 1).await.id;
        store.hold().await.unwrap();
        store.keep(&plain_batch(first, 1, 20)).await.unwrap();
        let unknown = caravan_store::FileId(99);
        assert!(matches!(store.keep(&plain_batch(unknown, 1, 1)).await, Err(StoreError::Row { .. })));
        assert!(matches!(store.keep(&plain_batch(first, 1, 20)).await, Err(StoreError::Broken)));
        assert!(matches!(store.items_of_file(first).await, Err(StoreError::Broken)));
        assert!(matches!(store.release().await, Err(StoreError::Broken)));
        assert_eq!(store.items_of_file(first).await.unwrap(), [0, 0, 0], "nothing of it is kept");
    });
}

#[test]
fn what_is_held_and_never_released_is_not_kept() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("station.db").to_string_lossy().into_owned();
        let store = Store::open(&path).await.unwrap();
        let beside = Store::open(&path).await.unwrap();
        let file = claimed(&store, 1).await.id;
        store.hold().await.unwrap();
        store.keep(&plain_batch(file, 1, 20)).await.unwrap();
        assert_eq!(beside.items_of_file(file).await.unwrap(), [0, 0, 0], "nobody else reads it");
        store.close().await;
        assert_eq!(beside.items_of_file(file).await.unwrap(), [0, 0, 0]);
    });
}
