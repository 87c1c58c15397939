#![doc = include_str!("../README.md")]

mod apply;
mod arrival;
mod backend;
mod border;
mod bulk;
mod check;
mod clock;
mod codes;
mod event;
mod file;
mod filing;
mod finding;
mod held;
mod identity;
mod in_force;
mod interchange;
mod item;
mod keep;
mod migrate;
mod outbound;
mod reassess;
mod remaining;
mod revision;
mod snapshot;
mod summary;
mod told;
mod untold;
mod way;
mod work;

use backend::Backend;

pub use apply::Noted;
pub use check::Violation;
pub use clock::{Clock, Stopwatch};
pub use codes::{MESSAGES, VERSIONS_EXHAUSTED};
pub use file::{Claim, Claimed, FileId, FileRow, Verdict};
pub use finding::FoundRow;
pub use in_force::InForce;
pub use interchange::{AnsweredDispatch, HeardFile, InterchangeRow, Pair, Passed};
pub use keep::{Batch, Kept, KeptList, NewItem, Redeclared, Settlement};
pub use outbound::{Outbound, Undelivered};
pub use reassess::Reassessed;
pub use remaining::Remaining;
pub use revision::RevisionId;
pub use snapshot::Version;
pub use summary::{ChargeSum, CodeCount, FileSum, ItemSum};
pub use told::Happened;
pub use work::Waiting;

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
    /// A step of a transaction that was held broke off, and what was written since the last commit went with it.
    #[error("a step broke off, and what was written since the last commit is not kept")]
    Broken,
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

    /// Lets all that follows be written in one transaction, until [`Self::release`]: for a replay, which begins again
    /// when it is broken off. What is written is read as if it were committed, by this store alone. On PostgreSQL every
    /// step stays a transaction of its own.
    pub async fn hold(&self) -> Result<(), StoreError> {
        self.backend.hold().await
    }

    /// Commits what was written since [`Self::hold`], and lets every step be a transaction of its own again.
    pub async fn release(&self) -> Result<(), StoreError> {
        self.backend.release().await
    }

    /// Closes all connections; what is committed stays.
    pub async fn close(&self) {
        self.backend.close().await;
    }
}
