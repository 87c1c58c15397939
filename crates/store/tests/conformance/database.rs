//! The door of the suite: a database of one's own, with a way around the store to look at rows and to break them.

use caravan_store::{FileId, Store, Violation};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use crate::cluster;
use crate::sample::REVISION;

/// A database that belongs to one test.
pub(crate) struct Database {
    /// The store, as one process opens it.
    pub(crate) store: Store,
    /// The address that it was opened with.
    pub(crate) address: String,
    raw: Raw,
    _folder: Option<TempDir>,
}

enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Runs a case on SQLite.
pub(crate) fn on_sqlite<Case: Future<Output = ()>>(case: impl FnOnce(Database) -> Case) {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("station.db");
        let address = path.to_string_lossy().into_owned();
        let store = opened(&address).await;
        let raw = SqliteConnectOptions::new().filename(&path).foreign_keys(false).connect().await.unwrap();
        case(Database { store, address, raw: Raw::Sqlite(raw), _folder: Some(folder) }).await;
    });
}

/// Runs a case on PostgreSQL.
pub(crate) fn on_postgres<Case: Future<Output = ()>>(case: impl FnOnce(Database) -> Case) {
    run(async {
        let address = cluster::fresh();
        let store = opened(&address).await;
        let raw = PgConnection::connect(&address).await.unwrap();
        case(Database { store, address, raw: Raw::Postgres(raw), _folder: None }).await;
    });
}

/// Opens a new database and keeps what the suite's items are assessed with.
async fn opened(address: &str) -> Store {
    let store = Store::open(address).await.unwrap();
    assert_eq!(store.keep_revision("suite", Vec::new).await.unwrap(), REVISION);
    store
}

/// Runs to its end what a test does.
pub(crate) fn run(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

impl Database {
    /// Returns another store on the same database, as a second process would open it.
    pub(crate) async fn second(&self) -> Store {
        Store::open(&self.address).await.unwrap()
    }

    /// Changes rows behind the store's back, and returns how many.
    pub(crate) async fn change(&mut self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        let changed = match &mut self.raw {
            Raw::Sqlite(raw) => sqlx::raw_sql(sql).execute(raw).await.map(|done| done.rows_affected()),
            Raw::Postgres(raw) => sqlx::raw_sql(sql).execute(raw).await.map(|done| done.rows_affected()),
        };
        changed.unwrap()
    }

    /// Returns the only number that a query gives.
    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        let number = match &mut self.raw {
            Raw::Sqlite(raw) => sqlx::query_scalar(sql).fetch_one(raw).await,
            Raw::Postgres(raw) => sqlx::query_scalar(sql).fetch_one(raw).await,
        };
        number.unwrap()
    }

    /// Returns the texts that a query gives.
    pub(crate) async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        let texts = match &mut self.raw {
            Raw::Sqlite(raw) => sqlx::query_scalar(sql).fetch_all(raw).await,
            Raw::Postgres(raw) => sqlx::query_scalar(sql).fetch_all(raw).await,
        };
        texts.unwrap()
    }

    /// Returns how many rows each table of the store holds, but for those that change with every step.
    pub(crate) async fn counts(&mut self) -> Vec<(&'static str, i64)> {
        let mut counts = Vec::new();
        for table in TABLES {
            counts.push((table, self.number(&format!("SELECT COUNT(*) FROM {table}")).await));
        }
        counts
    }

    /// Copies the rows of all tables, to be brought back by [`Self::restore`].
    pub(crate) async fn save(&mut self) {
        for table in TABLES {
            self.change(&format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
        }
    }

    /// Brings back the rows that were copied.
    pub(crate) async fn restore(&mut self) {
        // Findings number themselves.
        let tables = TABLES.iter().filter(|table| **table != "finding");
        let statements = tables
            .map(|table| format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table};"));
        let statements: String = statements.collect();
        self.change(&format!("BEGIN; {statements} COMMIT;")).await;
    }

    /// Asserts that no invariant of the data is broken.
    pub(crate) async fn assert_sound(&self) {
        assert_eq!(self.store.check().await.unwrap(), Vec::<Violation>::new());
    }
}

/// The tables of the store.
pub(crate) const TABLES: [&str; 27] = [
    "border",
    "came_back",
    "charge",
    "container",
    "customs_list",
    "declaration",
    "departure",
    "dispatch",
    "event",
    "file",
    "filing",
    "finding",
    "interchange",
    "item",
    "item_key",
    "item_name",
    "last_left",
    "outbound",
    "outbound_body",
    "reassessment",
    "receptacle",
    "redeclaration",
    "resolution",
    "revision",
    "sequence",
    "station",
    "untold",
];

/// Returns the codes of a file's findings, in the order in which they are reported.
pub(crate) async fn codes_of_file(store: &Store, file: FileId) -> Vec<String> {
    store.findings_of_file(file).await.unwrap().into_iter().map(|found| found.code).collect()
}
