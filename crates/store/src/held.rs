//! Many steps in one transaction of SQLite: for who answers to nobody before the end, and can begin again.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::StoreError;

/// The place of a transaction that is held; empty when every step has its own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<Mutex<Slot>>);

#[derive(Debug, Default)]
enum Slot {
    #[default]
    Empty,
    Open(Transaction<'static, Sqlite>),
    /// A step broke off, and everything since the last commit went with it.
    Broken,
}

/// One step of the transaction that is held.
#[derive(Debug)]
pub(crate) struct Step {
    slot: OwnedMutexGuard<Slot>,
    pub(crate) is_done: bool,
}

/// A transaction of SQLite: its own, or a step of the one that is held.
#[derive(Debug)]
pub(crate) enum SqliteTx {
    Own(Transaction<'static, Sqlite>),
    Held(Step),
}

impl Held {
    /// Returns a step, if a transaction is held.
    pub(crate) async fn step(&self) -> Result<Option<Step>, StoreError> {
        let slot = Arc::clone(&self.0).lock_owned().await;
        match *slot {
            Slot::Empty => Ok(None),
            Slot::Open(_) => Ok(Some(Step { slot, is_done: false })),
            Slot::Broken => Err(StoreError::Broken),
        }
    }

    pub(crate) async fn set(&self, tx: Transaction<'static, Sqlite>) {
        *self.0.lock().await = Slot::Open(tx);
    }

    /// Takes the transaction out; from here on every step has its own.
    pub(crate) async fn take(&self) -> Result<Option<Transaction<'static, Sqlite>>, StoreError> {
        match std::mem::take(&mut *self.0.lock().await) {
            Slot::Empty => Ok(None),
            Slot::Open(tx) => Ok(Some(tx)),
            Slot::Broken => Err(StoreError::Broken),
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        // What a step has half done cannot be taken back alone.
        if !self.is_done {
            *self.slot = Slot::Broken;
        }
    }
}

impl Deref for Step {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match &*self.slot {
            Slot::Open(tx) => tx,
            Slot::Empty | Slot::Broken => unreachable!("a step belongs to an open transaction"),
        }
    }
}

impl DerefMut for Step {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match &mut *self.slot {
            Slot::Open(tx) => tx,
            Slot::Empty | Slot::Broken => unreachable!("a step belongs to an open transaction"),
        }
    }
}

impl SqliteTx {
    pub(crate) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Own(tx) => tx.commit().await,
            Self::Held(mut step) => {
                step.is_done = true;
                Ok(())
            }
        }
    }
}

impl Deref for SqliteTx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        match self {
            Self::Own(tx) => tx,
            Self::Held(step) => step,
        }
    }
}

impl DerefMut for SqliteTx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        match self {
            Self::Own(tx) => tx,
            Self::Held(step) => step,
        }
    }
}
