//! Reading the station's open state.

mod container;
mod departure;
mod dispatch;
mod receptacle;

use caravan_station::State;

use crate::backend::{Tx, execute, read, rows};
use crate::item::{small, unsigned};
use crate::{Store, StoreError, border, filing, untold};
use container::{ContainerRow, container, select_containers};
use departure::{DepartureTuple, departure, select_departures};
use dispatch::{DispatchTuple, dispatch, select_dispatches};
use receptacle::{ReceptacleRow, receptacle, select_receptacles};

/// Which state of the station a process has seen, and under which lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub(crate) version: i64,
    pub(crate) lease_epoch: i64,
}

impl Version {
    /// Returns whether no process has held the lease yet: nothing can have been written.
    pub fn is_first(self) -> bool {
        self.lease_epoch == 0
    }

    pub(crate) fn next(self) -> Self {
        Self { version: self.version + 1, ..self }
    }
}

impl Store {
    /// Takes the station's lease, and reads everything that has not left as it stands at that moment. Whoever held the
    /// lease before writes nothing more.
    pub async fn take_lease(&self, holder: &str, at_ms: i64) -> Result<(Version, State), StoreError> {
        let mut tx = self.backend.begin().await?;
        execute!(
            &mut tx,
            "UPDATE station SET lease_epoch = lease_epoch + 1, lease_holder = $1, lease_taken_ms = $2 WHERE id = 1",
            holder,
            at_ms,
        )?;
        let taken = read_state(&mut tx).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Reads everything that has not left, at one moment, with the version that it was read at.
    pub async fn snapshot(&self) -> Result<(Version, State), StoreError> {
        let mut tx = self.backend.begin_read().await?;
        let read = read_state(&mut tx).await?;
        tx.commit().await?;
        Ok(read)
    }
}

impl Store {
    /// Returns the last number of a sequence, where one was taken.
    pub async fn sequence(&self, name: &str) -> Result<Option<u64>, StoreError> {
        let found = read!(&self.backend, (i64,), "SELECT value FROM sequence WHERE name = $1", name)?;
        let value = |(value,): &(i64,)| {
            unsigned(*value).ok_or_else(|| StoreError::row("sequence", format!("value of `{name}`")))
        };
        found.first().map(value).transpose()
    }
}

async fn read_state(tx: &mut Tx) -> Result<(Version, State), StoreError> {
    let station = rows!(
        tx,
        (i64, i64, Option<i64>),
        "SELECT version, lease_epoch, planned_to_ms FROM station WHERE id = 1",
    )?;
    let (version, lease_epoch, planned_to_ms) =
        station.first().copied().ok_or_else(|| StoreError::row("station", "no station"))?;
    let mut state = State::default();
    state.planned_to_ms = planned_to_ms;
    for (name, value) in rows!(tx, (String, i64), "SELECT name, value FROM sequence")? {
        let value =
            unsigned(value).ok_or_else(|| StoreError::row("sequence", format!("value of `{name}`")))?;
        state.sequences.insert(name, value);
    }
    for row in rows!(tx, ReceptacleRow, select_receptacles!("WHERE state NOT IN (4, 7) AND state < 20"))? {
        let receptacle = receptacle(row)?;
        state.receptacles.insert(receptacle.id, receptacle);
    }
    let open = select_dispatches!(
        "WHERE state IN (0, 3) OR id IN (SELECT dispatch FROM receptacle WHERE state NOT IN (4, 7) AND state < 20)"
    );
    for row in rows!(tx, DispatchTuple, open)? {
        let dispatch = dispatch(row)?;
        state.dispatches.insert(dispatch.id, dispatch);
    }
    for row in rows!(tx, ContainerRow, select_containers!("WHERE state NOT IN (3, 4)"))? {
        let container = container(row)?;
        state.containers.insert(container.id, container);
    }
    filing::read_open(tx, &mut state).await?;
    for row in rows!(tx, DepartureTuple, select_departures!("WHERE state NOT IN (2, 3)"))? {
        let departure = departure(row)?;
        state.departures.insert(departure.id, departure);
    }
    border::read(tx, &mut state).await?;
    untold::read(tx, &mut state).await?;
    Ok((Version { version, lease_epoch }, state))
}

/// What cannot be read of a row.
struct Wrong {
    table: &'static str,
    id: i64,
}

impl Wrong {
    fn at(&self, what: &str) -> StoreError {
        StoreError::row(self.table, format!("{what} of {} `{}`", self.table, self.id))
    }

    fn unsigned(&self, number: i64, what: &str) -> Result<u64, StoreError> {
        unsigned(number).ok_or_else(|| self.at(what))
    }

    fn small(&self, number: i64, what: &str) -> Result<u32, StoreError> {
        small(number).ok_or_else(|| self.at(what))
    }
}
