//! Opening: a new database is made once, whoever opens it first, and stays as it is when it is opened again.

use caravan_store::{Store, StoreError};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::cluster;
use crate::database::{Database, run};
use crate::on_both;
use crate::sample::{claimed, plain_batch};

on_both!(what_is_kept_stays_when_the_database_is_opened_again, what_was_committed_is_seen_by_every_reader);

async fn what_is_kept_stays_when_the_database_is_opened_again(mut db: Database) {
    let file = claimed(&db.store, 1).await.id;
    db.store.keep(&plain_batch(file, 1, 20)).await.unwrap();
    let counts = db.counts().await;
    db.store.close().await;
    let store = db.second().await;
    assert_eq!(db.counts().await, counts);
    assert_eq!(store.items_of_file(file).await.unwrap(), [20, 0, 0]);
    store.close().await;
}

async fn what_was_committed_is_seen_by_every_reader(db: Database) {
    let file = claimed(&db.store, 1).await.id;
    let second = db.second().await;
    for to in 1..=20 {
        db.store.keep(&plain_batch(file, 1, to)).await.unwrap();
        for store in [&db.store, &second] {
            assert_eq!(store.items_of_file(file).await.unwrap(), [to, 0, 0]);
        }
    }
}

#[test]
fn many_open_a_new_database_at_once() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let sqlite = folder.path().join("new.db").to_string_lossy().into_owned();
        for address in [sqlite, cluster::fresh()] {
            let tasks: Vec<_> = (0..6)
                .map(|_| {
                    let address = address.clone();
                    tokio::spawn(async move { Store::open(&address).await.unwrap() })
                })
                .collect();
            for task in tasks {
                let store = task.await.unwrap();
                store.take_lease("one of many", 0).await.unwrap();
            }
        }
    });
}

#[test]
fn a_station_file_is_durable_and_has_large_pages() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("station.db");
        let store = Store::open(&format!("sqlite:{}", path.display())).await.unwrap();
        claimed(&store, 1).await;
        let mut raw = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
        let page: i64 = sqlx::query_scalar("PRAGMA page_size").fetch_one(&mut raw).await.unwrap();
        let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut raw).await.unwrap();
        assert_eq!((page, &*journal), (8192, "wal"));
        raw.close().await.unwrap();
        store.close().await;
        assert!(!path.with_extension("db-wal").exists(), "all is in the one file that a backup copies");
    });
}

#[test]
fn what_cannot_be_opened_is_an_error() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let no_folder = folder.path().join("missing/station.db").to_string_lossy().into_owned();
        let no_server = format!("postgres:///station?host={}", folder.path().display());
        for address in [no_folder, no_server] {
            let error = Store::open(&address).await.unwrap_err();
            assert!(matches!(error, StoreError::Database { .. }), "{address}: {error:?}");
        }
    });
}
