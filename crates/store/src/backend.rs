//! The two databases, and how one statement is put to either.
//!
//! Plain statements are written once, with `$1`, which both take. What differs (bulk writes, claims) is in its own
//! module.

use std::path::Path;
use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::StoreError;

/// How many readers a SQLite database has beside its one writer.
const READERS: u32 = 4;
/// How many connections one process holds to PostgreSQL.
const CONNECTIONS: u32 = 8;

#[derive(Debug, Clone)]
pub(crate) enum Backend {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

/// A transaction that writes.
#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
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
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory")
            .optimize_on_close(true, None);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await;
        let writer = writer.map_err(StoreError::at("open the database"))?;
        let readers = SqlitePoolOptions::new().max_connections(READERS);
        let readers = readers.connect_with(options.read_only(true).create_if_missing(false)).await;
        Ok(Self::Sqlite { writer, readers: readers.map_err(StoreError::at("open the database to read"))? })
    }

    /// Begins a transaction that may write; on SQLite it waits for the one writer.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        let tx = match self {
            Self::Sqlite { writer, .. } => writer.begin_with("BEGIN IMMEDIATE").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        };
        tx.map_err(StoreError::at("begin a transaction"))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
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

/// Runs a plain query outside any transaction and gives its rows as tuples.
macro_rules! read {
    ($backend:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {
        match $backend {
            $crate::backend::Backend::Sqlite { readers, .. } => {
                sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(readers).await
            }
            $crate::backend::Backend::Postgres(pool) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($value))*.fetch_all(pool).await
            }
        }
        .map_err($crate::StoreError::at($sql))
    };
}
pub(crate) use read;
