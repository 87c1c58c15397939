//! The two databases, and how one statement is put to either.
//!
//! Plain statements are written once, with `$1`, which both take. What differs (bulk writes, claims) is in its own
//! module.

use std::path::Path;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, SqlitePool, Transaction};

use crate::StoreError;
use crate::held::{Held, SqliteTx};

/// How many readers a SQLite database has beside its one writer.
const READERS: u32 = 4;
/// How much of the database the writer may hold in memory, in kibibytes (negative, as SQLite wants it).
const WRITER_CACHE: &str = "-65536";
/// The same for each reader: they scan, and what they scan is in the system's cache as well.
const READER_CACHE: &str = "-8192";
/// How many pages the log may hold before they go into the file: a page that is written every few minutes of a busy
/// day then reaches the file once. 64 MiB.
const LOG_PAGES: &str = "8192";
/// How many rows the database's thread may be ahead of the one that reads them: each hand-over costs more than a row.
const ROWS: usize = 2_048;
/// How many prepared statements a connection keeps: all of bulk writing and what else a day asks.
const STATEMENTS: usize = 400;
/// How many connections one process holds to PostgreSQL.
const CONNECTIONS: u32 = 8;

#[derive(Debug, Clone)]
pub(crate) enum Backend {
    Sqlite { writer: SqlitePool, readers: SqlitePool, held: Held },
    Postgres(PgPool),
}

/// A transaction.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(SqliteTx),
    Postgres(Transaction<'static, Postgres>),
}

impl Backend {
    pub(crate) async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options =
                PgConnectOptions::from_str(url).map_err(StoreError::at("read the database's address"))?;
            let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect_with(options).await;
            return Ok(Self::Postgres(pool.map_err(StoreError::at("connect to the database"))?));
        }
        let path = Path::new(url.strip_prefix("sqlite:").unwrap_or(url));
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .page_size(8192)
            .foreign_keys(false)
            .busy_timeout(std::time::Duration::from_secs(10))
            .row_buffer_size(ROWS)
            .statement_cache_capacity(STATEMENTS)
            .pragma("temp_store", "memory")
            .pragma("wal_autocheckpoint", LOG_PAGES)
            .optimize_on_close(true, None);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
            .await;
        let writer = writer.map_err(StoreError::at("open the database"))?;
        let readers = SqlitePoolOptions::new().max_connections(READERS);
        let readers = readers
            .connect_with(options.pragma("cache_size", READER_CACHE).read_only(true).create_if_missing(false))
            .await;
        let readers = readers.map_err(StoreError::at("open the database to read"))?;
        Ok(Self::Sqlite { writer, readers, held: Held::default() })
    }

    /// Begins a transaction that may write; on SQLite it waits for the one writer. Where a transaction is held, it is
    /// a step of that one.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        let tx = match self {
            Self::Sqlite { writer, held, .. } => match held.step().await? {
                Some(step) => Ok(SqliteTx::Held(step)),
                None => writer.begin_with("BEGIN IMMEDIATE").await.map(SqliteTx::Own),
            }
            .map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        };
        tx.map_err(StoreError::at("begin a transaction"))
    }

    /// Begins a transaction that only reads, and sees one state of the database from its first statement on.
    pub(crate) async fn begin_read(&self) -> Result<Tx, StoreError> {
        let tx = match self {
            Self::Sqlite { readers, held, .. } => match held.step().await? {
                Some(step) => Ok(SqliteTx::Held(step)),
                None => readers.begin().await.map(SqliteTx::Own),
            }
            .map(Tx::Sqlite),
            Self::Postgres(pool) => {
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Tx::Postgres)
            }
        };
        tx.map_err(StoreError::at("begin to read"))
    }

    /// Begins a transaction that all steps belong to until it is released. On PostgreSQL every step stays its own.
    pub(crate) async fn hold(&self) -> Result<(), StoreError> {
        let Self::Sqlite { writer, held, .. } = self else { return Ok(()) };
        let tx = writer.begin_with("BEGIN IMMEDIATE").await;
        held.set(tx.map_err(StoreError::at("begin a transaction"))?).await;
        Ok(())
    }

    /// Commits what is held.
    pub(crate) async fn release(&self) -> Result<(), StoreError> {
        let Self::Sqlite { held, .. } = self else { return Ok(()) };
        match held.take().await? {
            Some(tx) => tx.commit().await.map_err(StoreError::at("commit")),
            None => Ok(()),
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, held } => {
                // A transaction that nobody released is rolled back, as after a crash.
                drop(held.take().await);
                readers.close().await;
                // What is in the log goes into the file, so that a copy of the file alone is whole. Where that fails,
                // the log stays and nothing is lost.
                let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The number of the lock under which claims wait for each other on PostgreSQL.
const CLAIMS: i64 = 1;

impl Tx {
    /// Lets one claim after the other take the next number of a file. On SQLite the one writer sees to that.
    pub(crate) async fn lock_claims(&mut self) -> Result<(), StoreError> {
        let Self::Postgres(tx) = self else { return Ok(()) };
        let locked = sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(CLAIMS).execute(&mut **tx).await;
        locked.map_err(StoreError::at("wait for other claims")).map(|_| ())
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        };
        done.map_err(StoreError::at("commit"))
    }
}

/// Runs a plain statement in a transaction and gives the number of rows it changed.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        match $tx {
            $crate::backend::Tx::Sqlite(tx) => {
                sqlx::query($sql)$(.bind($value))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
            $crate::backend::Tx::Postgres(tx) => {
                sqlx::query($sql)$(.bind($value))*.execute(&mut **tx).await.map(|done| done.rows_affected())
            }
        }
        .map_err($crate::StoreError::at($sql))
    };
}
pub(crate) use execute;

/// Runs a plain query in a transaction and gives its rows as tuples.
macro_rules! rows {
    ($tx:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        match $tx {
            $crate::backend::Tx::Sqlite(tx) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(&mut **tx).await
            }
            $crate::backend::Tx::Postgres(tx) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(&mut **tx).await
            }
        }
        .map_err($crate::StoreError::at($sql))
    };
}
pub(crate) use rows;

/// Runs a query that the two databases say differently, in a transaction, and gives its rows as tuples.
macro_rules! rows_of_either {
    ($tx:expr, $row:ty, sqlite: $sqlite:expr, postgres: $postgres:expr $(, $value:expr)* $(,)?) => {
        match $tx {
            $crate::backend::Tx::Sqlite(tx) => {
                sqlx::query_as::<_, $row>($sqlite)$(.bind($value))*.fetch_all(&mut **tx).await
                    .map_err($crate::StoreError::at($sqlite))
            }
            $crate::backend::Tx::Postgres(tx) => {
                sqlx::query_as::<_, $row>($postgres)$(.bind($value))*.fetch_all(&mut **tx).await
                    .map_err($crate::StoreError::at($postgres))
            }
        }
    };
}
pub(crate) use rows_of_either;

/// Runs a plain query outside any transaction and gives its rows as tuples.
macro_rules! read {
    ($backend:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        match $backend {
            $crate::backend::Backend::Sqlite { readers, held, .. } => match held.step().await? {
                Some(mut step) => {
                    let found = sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(&mut *step).await;
                    step.is_done = true;
                    found
                }
                None => sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(readers).await,
            },
            $crate::backend::Backend::Postgres(pool) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(pool).await
            }
        }
        .map_err($crate::StoreError::at($sql))
    };
}
pub(crate) use read;
