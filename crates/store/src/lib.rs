#![doc = include_str!("../README.md")]

mod apply;
mod backend;
mod bulk;
mod check;
mod clock;
mod codes;
mod event;
mod file;
mod finding;
mod identity;
mod item;
mod keep;
mod migrate;
mod outbound;
mod snapshot;
mod summary;

use backend::Backend;

pub use apply::Noted;
pub use check::Violation;
pub use clock::{Clock, Stopwatch};
pub use codes::MESSAGES;
pub use file::{Claim, Claimed, FileId, FileRow, Verdict};
pub use finding::FoundRow;
pub use keep::{Batch, Kept, NewItem, Redeclared, Settlement};
pub use outbound::{Outbound, Undelivered};
pub use snapshot::Version;
pub use summary::{ChargeSum, CodeCount, FileSum, ItemSum};

/// Everything that is kept.
#[derive(Debug, Clone)]
pub struct Store {
    backend: Backend,
}

/// What can go wrong between the program and its database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not do what was asked.
    #[error("the database could not do: {step}")]
    Database {
        /// What was asked: a statement or a step.
        step: &'static str,
        /// Why not.
        source: sqlx::Error,
    },
    /// The schema could not be brought up to date.
    #[error("cannot bring the database's schema up to date")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A row holds what this program cannot have written.
    #[error("table `{table}` holds a row that cannot be read: {what}")]
    Row {
        /// The table.
        table: &'static str,
        /// What cannot be read.
        what: String,
    },
    /// Another process has changed the station since this one looked at it.
    #[error("the station has changed since it was read")]
    Stale,
}

impl StoreError {
    /// Returns how to wrap a driver's error with the step that failed.
    pub(crate) fn at(step: &'static str) -> impl FnOnce(sqlx::Error) -> Self {
        move |source| Self::Database { step, source }
    }

    pub(crate) fn row(table: &'static str, what: impl Into<String>) -> Self {
        Self::Row { table, what: what.into() }
    }
}

impl Store {
    /// Opens the database at `url`, a path of SQLite or an address of PostgreSQL, and brings its schema up to date.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let backend = Backend::open(url).await?;
        migrate::run(&backend).await?;
        Ok(Self { backend })
    }

    /// Closes all connections; what is committed stays.
    pub async fn close(&self) {
        self.backend.close().await;
    }
}
