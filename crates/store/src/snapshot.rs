//! Reading the station's open state, and rows of what has left.

use caravan_planning::Stream;
use caravan_postal::{DispatchSeries, Grams, ReceptacleKind, S8, S9, Volume};
use caravan_station::{
    Container, ContainerId, ContainerState, Departure, DepartureId, DepartureState, Dispatch, DispatchId,
    DispatchState, LeftBehind, Receptacle, ReceptacleId, ReceptacleState, State,
};

use crate::backend::{execute, read};
use crate::item::{small, unsigned};
use crate::{Store, StoreError};

/// Which state of the station a process has seen, and under which lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    pub(crate) version: i64,
    pub(crate) lease_epoch: i64,
}

impl Version {
    pub(crate) fn next(self) -> Self {
        Self { version: self.version + 1, ..self }
    }
}

type ReceptacleTuple = (
    i64,
    String,
    i64,
    Option<String>,
    Option<i64>,
    Option<String>,
    i64,
    i64,
    i64,
    i64,
    i64,
    Option<i64>,
    Option<String>,
    i64,
    Option<i64>,
    Option<i64>,
);
type ContainerTuple = (
    i64,
    String,
    String,
    i64,
    i64,
    i64,
    i64,
    i64,
    i64,
    i64,
    String,
    Option<String>,
    Option<String>,
    i64,
    i64,
    i64,
);
type DispatchTuple = (i64, String, i64, String, i64, i64, i64, Option<i64>, Option<String>, i64);
type DepartureTuple = (i64, String, String, i64, i64, i64, i64, String, i64);

macro_rules! select_receptacles {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, stream, dispatch, s9, items, registered, content_g, volume_cm3, tare_g, scale_g, \
             closing_for, opened_ms, closed_ms, container FROM receptacle ",
            $rest
        )
    };
}
macro_rules! select_dispatches {
    ($rest:literal) => {
        concat!(
            "SELECT id, series, year, s8, state, receptacles, opened_ms, closed_ms, departure, events FROM dispatch ",
            $rest
        )
    };
}
macro_rules! select_containers {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, departure, is_through, payload_g, usable_cm3, gross_g, volume_cm3, receptacles, state, \
             seals, cn37, transfer_number, is_signed, stopped, events FROM container ",
            $rest
        )
    };
}
macro_rules! select_departures {
    ($rest:literal) => {
        concat!(
            "SELECT id, key, route, departs_ms, dispatch_close_ms, seal_ms, state, left_behind, events FROM departure ",
            $rest
        )
    };
}

impl Store {
    /// Takes the station's lease: whoever held it before writes nothing more.
    pub async fn take_lease(&self, holder: &str, at_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.backend.begin().await?;
        execute!(
            &mut tx,
            "UPDATE station SET lease_epoch = lease_epoch + 1, lease_holder = $1, lease_until_ms = $2 WHERE id = 1",
            holder,
            at_ms,
        )?;
        tx.commit().await
    }

    /// Reads everything that has not left, with the version that it was read at.
    pub async fn snapshot(&self) -> Result<(Version, State), StoreError> {
        let station = read!(
            &self.backend,
            (i64, i64, Option<i64>),
            "SELECT version, lease_epoch, planned_to_ms FROM station WHERE id = 1",
        )?;
        let (version, lease_epoch, planned_to_ms) =
            station.first().copied().ok_or_else(|| StoreError::row("station", "no station"))?;
        let mut state = State::default();
        state.planned_to_ms = planned_to_ms;
        for (name, value) in read!(&self.backend, (String, i64), "SELECT name, value FROM sequence")? {
            state.sequences.insert(name, unsigned(value));
        }
        let here = select_receptacles!("WHERE state NOT IN (4, 7) ORDER BY id");
        for row in read!(&self.backend, ReceptacleTuple, here)? {
            let receptacle = receptacle(row)?;
            state.receptacles.insert(receptacle.id, receptacle);
        }
        let counts = read!(
            &self.backend,
            (i64, i64, i64),
            "SELECT id, stopped, events FROM receptacle WHERE state NOT IN (4, 7)",
        )?;
        for (id, stopped, events) in counts {
            if let Some(receptacle) = state.receptacles.get_mut(&ReceptacleId(id)) {
                (receptacle.stopped, receptacle.events) = (small(stopped), small(events));
            }
        }
        let open = select_dispatches!(
            "WHERE state = 0 OR id IN (SELECT dispatch FROM receptacle WHERE state NOT IN (4, 7)) ORDER BY id"
        );
        for row in read!(&self.backend, DispatchTuple, open)? {
            let dispatch = dispatch(row)?;
            state.dispatches.insert(dispatch.id, dispatch);
        }
        for row in read!(&self.backend, ContainerTuple, select_containers!("WHERE state <> 3 ORDER BY id"))? {
            let container = container(row)?;
            state.containers.insert(container.id, container);
        }
        for row in
            read!(&self.backend, DepartureTuple, select_departures!("WHERE state NOT IN (2, 3) ORDER BY id"))?
        {
            let departure = departure(row)?;
            state.departures.insert(departure.id, departure);
        }
        Ok((Version { version, lease_epoch }, state))
    }

    /// Returns every dispatch, by number.
    pub async fn dispatches(&self) -> Result<Vec<Dispatch>, StoreError> {
        let rows = read!(&self.backend, DispatchTuple, select_dispatches!("ORDER BY id"))?;
        rows.into_iter().map(dispatch).collect()
    }

    /// Returns every container, in the order in which they came.
    pub async fn containers(&self) -> Result<Vec<Container>, StoreError> {
        let rows = read!(&self.backend, ContainerTuple, select_containers!("ORDER BY id"))?;
        rows.into_iter().map(container).collect()
    }

    /// Returns every departure, in the order of the timetable.
    pub async fn departures(&self) -> Result<Vec<Departure>, StoreError> {
        let rows = read!(&self.backend, DepartureTuple, select_departures!("ORDER BY departs_ms, key"))?;
        rows.into_iter().map(departure).collect()
    }

    /// Returns the receptacles of a dispatch, by serial.
    pub async fn receptacles_of(&self, dispatch: DispatchId) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(
            &self.backend,
            ReceptacleTuple,
            select_receptacles!("WHERE dispatch = $1 ORDER BY substr(s9, 21, 3)"),
            dispatch.0,
        )?;
        rows.into_iter().map(receptacle).collect()
    }

    /// Returns the receptacles in a container, in the order in which they were numbered.
    pub async fn receptacles_in(&self, container: ContainerId) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(
            &self.backend,
            ReceptacleTuple,
            select_receptacles!("WHERE container = $1 ORDER BY id"),
            container.0,
        )?;
        rows.into_iter().map(receptacle).collect()
    }

    /// Returns every receptacle, in the order in which they were opened.
    pub async fn receptacles(&self) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(&self.backend, ReceptacleTuple, select_receptacles!("ORDER BY id"))?;
        rows.into_iter().map(receptacle).collect()
    }
}

fn receptacle(row: ReceptacleTuple) -> Result<Receptacle, StoreError> {
    let wrong = |what: &str| StoreError::row("receptacle", format!("{what} of receptacle `{}`", row.0));
    let stream = row.3.as_deref().map(|text| Stream::parse(text).ok_or_else(|| wrong("stream")));
    let s9 = row.5.as_deref().map(|text| S9::parse(text).ok_or_else(|| wrong("s9")));
    Ok(Receptacle {
        id: ReceptacleId(row.0),
        kind: ReceptacleKind::parse(&row.1).ok_or_else(|| wrong("kind"))?,
        state: ReceptacleState::from_number(row.2).ok_or_else(|| wrong("state"))?,
        stream: stream.transpose()?,
        dispatch: row.4.map(DispatchId),
        s9: s9.transpose()?,
        items: small(row.6),
        registered: small(row.7),
        content: Grams(unsigned(row.8)),
        volume: Volume(unsigned(row.9)),
        tare: Grams(unsigned(row.10)),
        scale: row.11.map(|grams| Grams(unsigned(grams))),
        closing_for: row.12,
        opened_ms: row.13,
        closed_ms: row.14,
        container: row.15.map(ContainerId),
        stopped: 0,
        events: 0,
    })
}

fn dispatch(row: DispatchTuple) -> Result<Dispatch, StoreError> {
    let wrong = |what: &str| StoreError::row("dispatch", format!("{what} of dispatch `{}`", row.0));
    let s8 = S8::parse(&row.3).ok_or_else(|| wrong("s8"))?;
    let series: DispatchSeries = s8.series();
    if series.to_string() != row.1 {
        return Err(wrong("series"));
    }
    Ok(Dispatch {
        id: DispatchId(row.0),
        series,
        year: i32::try_from(row.2).map_err(|_| wrong("year"))?,
        s8,
        state: DispatchState::from_number(row.4).ok_or_else(|| wrong("state"))?,
        receptacles: small(row.5),
        opened_ms: row.6,
        closed_ms: row.7,
        departure: row.8,
        events: small(row.9),
    })
}

fn container(row: ContainerTuple) -> Result<Container, StoreError> {
    let wrong = |what: &str| StoreError::row("container", format!("{what} of container `{}`", row.0));
    Ok(Container {
        id: ContainerId(row.0),
        is_through: row.3 != 0,
        payload: Grams(unsigned(row.4)),
        usable: Volume(unsigned(row.5)),
        gross: Grams(unsigned(row.6)),
        volume: Volume(unsigned(row.7)),
        receptacles: small(row.8),
        state: ContainerState::from_number(row.9).ok_or_else(|| wrong("state"))?,
        seals: serde_json::from_str(&row.10).map_err(|_| wrong("seals"))?,
        number: row.1,
        departure: row.2,
        cn37: row.11,
        transfer_number: row.12,
        is_signed: row.13 != 0,
        stopped: small(row.14),
        events: small(row.15),
    })
}

fn departure(row: DepartureTuple) -> Result<Departure, StoreError> {
    let wrong = |what: &str| StoreError::row("departure", format!("{what} of departure `{}`", row.0));
    let left: Vec<(String, String)> = serde_json::from_str(&row.7).map_err(|_| wrong("left_behind"))?;
    Ok(Departure {
        id: DepartureId(row.0),
        departs_ms: row.3,
        dispatch_close_ms: row.4,
        seal_ms: row.5,
        state: DepartureState::from_number(row.6).ok_or_else(|| wrong("state"))?,
        left_behind: left.into_iter().map(|(subject, reason)| LeftBehind { subject, reason }).collect(),
        events: small(row.8),
        key: row.1,
        route: row.2,
    })
}
