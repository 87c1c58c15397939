//! A database of an earlier schema is brought up to the newest when it is opened, and says the same.

use std::borrow::Cow;

use caravan_station::{ItemId, OwnHold};
use caravan_store::Store;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::cluster;
use crate::database::run;

const SQLITE: &str = include_str!("../../migrations/sqlite/0001.sql");
const POSTGRES: &str = include_str!("../../migrations/postgres/0001.sql");

/// What a station of the first schema has kept: a declared item that was scanned and seized, one that a scan created,
/// with an identifier that was used before, a departure, two bodies of which one has left, and containers: sealed twice and
/// signed for, another office's, and one whose seal is void.
const ROWS: &str = "
    INSERT INTO file VALUES (1, 'h', 'a.xml', 9, 1000, 1, 1, 1, 'xml', 1);
    INSERT INTO item (id, name, decision, handling, custody, customs, version, events)
        VALUES (4294967297, '', 0, 0, 1, 0, 1, 3), (1, '', 1, 0, 1, 0, 0, 1);
    INSERT INTO declaration VALUES (274877907009, 1, 1, 1000, 'p', 'a');
    INSERT INTO event VALUES (1, 4294967297, 1, 1000, 'declared', ''), (1, 4294967297, 2, 2000, 'EMB', '1200 g'),
        (1, 4294967297, 3, 3000, 'EXD', 'a \"quoted\" note'), (1, 1, 1, 2500, 'created', ''),
        (5, 1, 1, 900, 'planned', ''), (4, 1, 1, 1100, 'sealed', 'CN1'), (4, 1, 2, 1200, 'sealed', 'CN2'),
        (4, 1, 3, 1300, 'signed', ''), (4, 2, 1, 1150, 'received', 'almaty-road/'), (4, 3, 1, 1250, 'sealed', 'CN3'),
        (4, 3, 2, 1350, 'seals-void', 'CN3');
    INSERT INTO container VALUES (1, 'XJF10001', 'almaty-road/', 0, 0, 0, 0, 0, 1, 2, '[\"CN1\",\"CN2\"]', NULL, NULL, 1, 0, 3),
        (2, 'TBJU0024184', 'almaty-road/', 1, 0, 0, 0, 0, 1, 2, '[\"DE1\"]', NULL, NULL, 0, 0, 1),
        (3, 'XJF10002', 'almaty-road/', 0, 0, 0, 0, 0, 1, 1, '[]', NULL, NULL, 0, 0, 2);
    INSERT INTO finding (kind, subject, file, ordinal, at_ms, code, severity, place, piece, field, arguments)
        VALUES (1, 1, 1, 1, 2600, 'identifier-reused', 2, '', NULL, '', '[\"\"]'),
        (1, 4294967297, 1, 1, 2600, 'identifier-reused', 2, '', NULL, '', '[\"\"]');
    INSERT INTO outbound VALUES ('label/2', 3000, 1, 'second'), ('label/1', 3100, 0, 'first');
";

const HISTORY: &[(i64, i64, i64, i64, &str, &str)] = &[
    (1, 1, 1, 2500, "created", ""),
    (1, 4_294_967_297, 1, 1000, "declared", ""),
    (1, 4_294_967_297, 2, 2000, "EMB", "1200 g"),
    (1, 4_294_967_297, 3, 3000, "EXD", "a \"quoted\" note"),
    (4, 1, 1, 1100, "sealed", "CN1"),
    (4, 1, 2, 1200, "sealed", "CN2"),
    (4, 1, 3, 1300, "signed", ""),
    (4, 2, 1, 1150, "received", "almaty-road/"),
    (4, 3, 1, 1250, "sealed", "CN3"),
    (4, 3, 2, 1350, "seals-void", "CN3"),
    (5, 1, 1, 900, "planned", ""),
];

type Told = (i64, i64, i64, i64, String, String);

const TELL: &str = "SELECT kind, subject, n, at_ms, code, detail FROM history ORDER BY kind, subject, n";

fn first_schema(sql: &'static str) -> Migrator {
    let description = Cow::Borrowed("first schema");
    let sql = sqlx::SqlSafeStr::into_sql_str(sql);
    Migrator::with_migrations(vec![Migration::new(1, description, MigrationType::Simple, sql, false)])
}

async fn assert_upgraded(address: &str, told: Vec<Told>) {
    let expected = HISTORY.iter().map(|(kind, subject, n, at_ms, code, detail)| {
        (*kind, *subject, *n, *at_ms, (*code).to_owned(), (*detail).to_owned())
    });
    assert_eq!(told, expected.collect::<Vec<_>>());
    let store = Store::open(address).await.unwrap();
    let waiting = store.undelivered().await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((&*waiting[0].outbound.key, &*waiting[0].outbound.body), ("label/1", &b"first"[..]));
    store.delivered(&waiting).await.unwrap();
    assert_eq!(store.undelivered().await.unwrap(), []);
    // What was held for its identifier is held by the station itself; what goes is not.
    let held = store.items_numbered(&[ItemId(1), ItemId(4_294_967_297)]).await.unwrap();
    let held: Vec<_> = held.into_iter().map(|item| item.own_hold).collect();
    assert_eq!(held, [Some(OwnHold::Identifier), None]);
    // What holds of a container has the moment from which it does.
    let containers = store.containers().await.unwrap();
    let since: Vec<_> =
        containers.iter().map(|container| (container.sealed_ms, container.signed_ms)).collect();
    assert_eq!(since, [(Some(1200), Some(1300)), (Some(1150), None), (None, None)]);
}

#[test]
fn a_sqlite_file_of_the_first_schema_says_the_same() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("station.db");
        let mut raw =
            SqliteConnectOptions::new().filename(&path).create_if_missing(true).connect().await.unwrap();
        first_schema(SQLITE).run_direct(None, &mut raw, false).await.unwrap();
        // Blobs are told from texts in this database.
        let rows = ROWS.replace("'h'", "x'68'").replace("'second'", "x'7365636f6e64'");
        let rows = rows.replace("'first'", "x'6669727374'").replace("'p', 'a'", "x'70', x'61'");
        sqlx::raw_sql(AssertSqlSafe(rows)).execute(&mut raw).await.unwrap();
        let address = path.to_string_lossy().into_owned();
        Store::open(&address).await.unwrap().close().await;
        let told = sqlx::query_as(TELL).fetch_all(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        assert_upgraded(&address, told).await;
    });
}

#[test]
fn a_postgres_database_of_the_first_schema_says_the_same() {
    run(async {
        let address = cluster::fresh();
        let mut raw = PgConnection::connect(&address).await.unwrap();
        first_schema(POSTGRES).run_direct(None, &mut raw, false).await.unwrap();
        sqlx::raw_sql(ROWS).execute(&mut raw).await.unwrap();
        Store::open(&address).await.unwrap().close().await;
        let told = sqlx::query_as(TELL).fetch_all(&mut raw).await.unwrap();
        assert_upgraded(&address, told).await;
    });
}
