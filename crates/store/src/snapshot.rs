//! Reading the station's open state, and rows of what has left.

use caravan_planning::Stream;
use caravan_postal::{DispatchSeries, Grams, ReceptacleKind, S8, S9, Volume};
use caravan_station::{
    Container, ContainerId, ContainerState, Departure, DepartureId, DepartureState, Dispatch, DispatchId,
    DispatchState, LeftBehind, Receptacle, ReceptacleId, ReceptacleState, State,
};

use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use crate::backend::{Backend, Tx, execute, read, rows};
use crate::filing;
use crate::item::{small, unsigned};
use crate::{Store, StoreError, arrival, border, way};

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

/// The row of a receptacle, which has more columns than a tuple can take.
struct ReceptacleRow {
    id: i64,
    kind: String,
    state: i64,
    stream: Option<String>,
    dispatch: Option<i64>,
    s9: Option<String>,
    items: i64,
    registered: i64,
    listed: i64,
    lithium_in_equipment: i64,
    lithium_alone: i64,
    content_g: i64,
    volume_cm3: i64,
    tare_g: i64,
    seal: Option<String>,
    scale_g: Option<i64>,
    closing_for: Option<String>,
    opened_ms: i64,
    closed_ms: Option<i64>,
    container: Option<i64>,
    locked_to: Option<i64>,
    stopped: i64,
    advice: Option<String>,
    events: i64,
}

impl<'r, R> FromRow<'r, R> for ReceptacleRow
where
    R: Row,
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            kind: row.try_get("kind")?,
            state: row.try_get("state")?,
            stream: row.try_get("stream")?,
            dispatch: row.try_get("dispatch")?,
            s9: row.try_get("s9")?,
            items: row.try_get("items")?,
            registered: row.try_get("registered")?,
            listed: row.try_get("listed")?,
            lithium_in_equipment: row.try_get("lithium_in_equipment")?,
            lithium_alone: row.try_get("lithium_alone")?,
            content_g: row.try_get("content_g")?,
            volume_cm3: row.try_get("volume_cm3")?,
            tare_g: row.try_get("tare_g")?,
            seal: row.try_get("seal")?,
            scale_g: row.try_get("scale_g")?,
            closing_for: row.try_get("closing_for")?,
            opened_ms: row.try_get("opened_ms")?,
            closed_ms: row.try_get("closed_ms")?,
            container: row.try_get("container")?,
            locked_to: row.try_get("locked_to")?,
            stopped: row.try_get("stopped")?,
            advice: row.try_get("advice")?,
            events: row.try_get("events")?,
        })
    }
}

/// The row of a container, which has more columns than a tuple can take.
struct ContainerRow {
    id: i64,
    number: String,
    departure: String,
    is_through: i64,
    equipment: Option<String>,
    tare_g: i64,
    is_closed: i64,
    payload_g: i64,
    usable_cm3: i64,
    gross_g: i64,
    volume_cm3: i64,
    receptacles: i64,
    state: i64,
    seals: String,
    cn37: Option<String>,
    transfer_number: Option<String>,
    is_signed: i64,
    stopped: i64,
    events: i64,
}

impl<'r, R> FromRow<'r, R> for ContainerRow
where
    R: Row,
    &'static str: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            number: row.try_get("number")?,
            departure: row.try_get("departure")?,
            is_through: row.try_get("is_through")?,
            equipment: row.try_get("equipment")?,
            tare_g: row.try_get("tare_g")?,
            is_closed: row.try_get("is_closed")?,
            payload_g: row.try_get("payload_g")?,
            usable_cm3: row.try_get("usable_cm3")?,
            gross_g: row.try_get("gross_g")?,
            volume_cm3: row.try_get("volume_cm3")?,
            receptacles: row.try_get("receptacles")?,
            state: row.try_get("state")?,
            seals: row.try_get("seals")?,
            cn37: row.try_get("cn37")?,
            transfer_number: row.try_get("transfer_number")?,
            is_signed: row.try_get("is_signed")?,
            stopped: row.try_get("stopped")?,
            events: row.try_get("events")?,
        })
    }
}

type DispatchTuple = (i64, String, i64, String, i64, i64, i64, i64, Option<i64>, Option<String>, i64);
type DepartureTuple = (i64, String, String, i64, i64, i64, i64, String, Option<String>, i64);

macro_rules! select_receptacles {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, stream, dispatch, s9, items, registered, listed, lithium_in_equipment, lithium_alone, content_g, volume_cm3, tare_g, seal, \
             scale_g, closing_for, opened_ms, closed_ms, container, locked_to, stopped, advice, events FROM receptacle ",
            $rest
        )
    };
}
macro_rules! select_dispatches {
    ($rest:literal) => {
        concat!(
            "SELECT id, series, year, s8, state, receptacles, gone, opened_ms, closed_ms, departure, events FROM dispatch ",
            $rest
        )
    };
}
macro_rules! select_containers {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, departure, is_through, equipment, tare_g, is_closed, payload_g, usable_cm3, gross_g, volume_cm3, receptacles, state, \
             seals, cn37, transfer_number, is_signed, stopped, events FROM container ",
            $rest
        )
    };
}
macro_rules! select_departures {
    ($rest:literal) => {
        concat!(
            "SELECT id, key, route, departs_ms, dispatch_close_ms, seal_ms, state, left_behind, way, events FROM departure ",
            $rest
        )
    };
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

    /// Returns every dispatch, by number.
    pub async fn dispatches(&self) -> Result<Vec<Dispatch>, StoreError> {
        let rows = read!(&self.backend, DispatchTuple, select_dispatches!("ORDER BY id"))?;
        rows.into_iter().map(dispatch).collect()
    }

    /// Returns the dispatches of other offices for this one whose identifiers a JSON array names, by number.
    pub(crate) async fn arriving(&self, named: &str) -> Result<Vec<Dispatch>, StoreError> {
        let rows = match &self.backend {
            backend @ Backend::Sqlite { .. } => read!(
                backend,
                DispatchTuple,
                select_dispatches!(
                    "WHERE state IN (3, 20) AND s8 IN (SELECT value FROM json_each($1)) ORDER BY id"
                ),
                named,
            ),
            backend @ Backend::Postgres(_) => read!(
                backend,
                DispatchTuple,
                select_dispatches!(
                    "WHERE state IN (3, 20) AND s8 IN (SELECT value FROM json_array_elements_text($1::json)) \
                     ORDER BY id"
                ),
                named,
            ),
        };
        rows?.into_iter().map(dispatch).collect()
    }

    /// Returns every container, in the order in which they came.
    pub async fn containers(&self) -> Result<Vec<Container>, StoreError> {
        let rows = read!(&self.backend, ContainerRow, select_containers!("ORDER BY id"))?;
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
            ReceptacleRow,
            select_receptacles!("WHERE dispatch = $1 ORDER BY substr(s9, 21, 3)"),
            dispatch.0,
        )?;
        rows.into_iter().map(receptacle).collect()
    }

    /// Returns the receptacles in a container, in the order in which they were numbered.
    pub async fn receptacles_in(&self, container: ContainerId) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(
            &self.backend,
            ReceptacleRow,
            select_receptacles!("WHERE container = $1 ORDER BY id"),
            container.0,
        )?;
        rows.into_iter().map(receptacle).collect()
    }

    /// Returns the latest dispatch of this office under a number, with its receptacles.
    pub async fn dispatch_sent(&self, s8: S8) -> Result<Option<(Dispatch, Vec<Receptacle>)>, StoreError> {
        let rows = read!(
            &self.backend,
            DispatchTuple,
            select_dispatches!("WHERE series = $1 AND s8 = $2 ORDER BY id DESC LIMIT 1"),
            s8.series().to_string(),
            s8.to_string(),
        )?;
        let Some(sent) = rows.into_iter().next().map(dispatch).transpose()? else { return Ok(None) };
        let receptacles = self.receptacles_of(sent.id).await?;
        Ok(Some((sent, receptacles)))
    }

    /// Returns the container of a delivery bill CN 37 with its receptacles.
    pub async fn consignment_sent(
        &self,
        cn37: &str,
    ) -> Result<Option<(Container, Vec<Receptacle>)>, StoreError> {
        let rows = read!(&self.backend, ContainerRow, select_containers!("WHERE cn37 = $1"), cn37)?;
        let Some(sent) = rows.into_iter().next().map(container).transpose()? else { return Ok(None) };
        let receptacles = self.receptacles_in(sent.id).await?;
        Ok(Some((sent, receptacles)))
    }

    /// Returns every receptacle, in the order in which they were opened.
    pub async fn receptacles(&self) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(&self.backend, ReceptacleRow, select_receptacles!("ORDER BY id"))?;
        rows.into_iter().map(receptacle).collect()
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

fn receptacle(row: ReceptacleRow) -> Result<Receptacle, StoreError> {
    let wrong = Wrong { table: "receptacle", id: row.id };
    let stream = row.stream.as_deref().map(|text| Stream::parse(text).ok_or_else(|| wrong.at("stream")));
    let s9 = row.s9.as_deref().map(|text| S9::parse(text).ok_or_else(|| wrong.at("s9")));
    let scale = row.scale_g.map(|grams| wrong.unsigned(grams, "scale_g"));
    let advice = row.advice.as_deref().map(|text| arrival::advised(text).ok_or_else(|| wrong.at("advice")));
    Ok(Receptacle {
        id: ReceptacleId(row.id),
        kind: ReceptacleKind::parse(&row.kind).ok_or_else(|| wrong.at("kind"))?,
        state: ReceptacleState::from_number(row.state).ok_or_else(|| wrong.at("state"))?,
        stream: stream.transpose()?,
        dispatch: row.dispatch.map(DispatchId),
        s9: s9.transpose()?,
        items: wrong.small(row.items, "items")?,
        registered: wrong.small(row.registered, "registered")?,
        listed: wrong.small(row.listed, "listed")?,
        lithium_in_equipment: wrong.small(row.lithium_in_equipment, "lithium_in_equipment")?,
        lithium_alone: wrong.small(row.lithium_alone, "lithium_alone")?,
        content: Grams(wrong.unsigned(row.content_g, "content_g")?),
        volume: Volume(wrong.unsigned(row.volume_cm3, "volume_cm3")?),
        tare: Grams(wrong.unsigned(row.tare_g, "tare_g")?),
        seal: row.seal,
        scale: scale.transpose()?.map(Grams),
        closing_for: row.closing_for,
        opened_ms: row.opened_ms,
        closed_ms: row.closed_ms,
        container: row.container.map(ContainerId),
        lock: row.locked_to.map(ContainerId),
        stopped: wrong.small(row.stopped, "stopped")?,
        advice: advice.transpose()?,
        events: wrong.small(row.events, "events")?,
    })
}

fn dispatch(row: DispatchTuple) -> Result<Dispatch, StoreError> {
    let wrong = Wrong { table: "dispatch", id: row.0 };
    let s8 = S8::parse(&row.3).ok_or_else(|| wrong.at("s8"))?;
    let series: DispatchSeries = s8.series();
    if series.to_string() != row.1 {
        return Err(wrong.at("series"));
    }
    Ok(Dispatch {
        id: DispatchId(row.0),
        series,
        year: i32::try_from(row.2).map_err(|_| wrong.at("year"))?,
        s8,
        state: DispatchState::from_number(row.4).ok_or_else(|| wrong.at("state"))?,
        receptacles: wrong.small(row.5, "receptacles")?,
        gone: wrong.small(row.6, "gone")?,
        opened_ms: row.7,
        closed_ms: row.8,
        departure: row.9,
        events: wrong.small(row.10, "events")?,
    })
}

fn container(row: ContainerRow) -> Result<Container, StoreError> {
    let wrong = Wrong { table: "container", id: row.id };
    Ok(Container {
        id: ContainerId(row.id),
        is_through: row.is_through != 0,
        equipment: row.equipment,
        tare: Grams(wrong.unsigned(row.tare_g, "tare_g")?),
        is_closed: row.is_closed != 0,
        payload: Grams(wrong.unsigned(row.payload_g, "payload_g")?),
        usable: Volume(wrong.unsigned(row.usable_cm3, "usable_cm3")?),
        gross: Grams(wrong.unsigned(row.gross_g, "gross_g")?),
        volume: Volume(wrong.unsigned(row.volume_cm3, "volume_cm3")?),
        receptacles: wrong.small(row.receptacles, "receptacles")?,
        state: ContainerState::from_number(row.state).ok_or_else(|| wrong.at("state"))?,
        seals: serde_json::from_str(&row.seals).map_err(|_| wrong.at("seals"))?,
        number: row.number,
        departure: row.departure,
        cn37: row.cn37,
        transfer_number: row.transfer_number,
        is_signed: row.is_signed != 0,
        stopped: wrong.small(row.stopped, "stopped")?,
        events: wrong.small(row.events, "events")?,
    })
}

fn departure(row: DepartureTuple) -> Result<Departure, StoreError> {
    let wrong = Wrong { table: "departure", id: row.0 };
    let left: Vec<(String, String)> = serde_json::from_str(&row.7).map_err(|_| wrong.at("left_behind"))?;
    Ok(Departure {
        id: DepartureId(row.0),
        departs_ms: row.3,
        dispatch_close_ms: row.4,
        seal_ms: row.5,
        state: DepartureState::from_number(row.6).ok_or_else(|| wrong.at("state"))?,
        left_behind: left.into_iter().map(|(subject, reason)| LeftBehind { subject, reason }).collect(),
        outlook: row.8.map(|text| way::read(&text).ok_or_else(|| wrong.at("way"))).transpose()?,
        events: wrong.small(row.9, "events")?,
        key: row.1,
        route: row.2,
    })
}
