//! Rows of receptacles.

use caravan_planning::Stream;
use caravan_postal::{Grams, ReceptacleKind, S9, Volume};
use caravan_station::{
    ContainerId, DispatchId, Disposition, EarlyAnswer, Receptacle, ReceptacleId, ReceptacleState,
};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

use super::Wrong;
use crate::backend::read;
use crate::{Store, StoreError, arrival};

/// The row of a receptacle, which has more columns than a tuple can take.
pub(super) struct ReceptacleRow {
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
    dangerous: i64,
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
    is_answered: i64,
    answered_g: Option<i64>,
    stopped: i64,
    customs: i64,
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
            dangerous: row.try_get("dangerous")?,
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
            is_answered: row.try_get("is_answered")?,
            answered_g: row.try_get("answered_g")?,
            stopped: row.try_get("stopped")?,
            customs: row.try_get("customs")?,
            advice: row.try_get("advice")?,
            events: row.try_get("events")?,
        })
    }
}

macro_rules! select_receptacles {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, state, stream, dispatch, s9, items, registered, listed, lithium_in_equipment, lithium_alone, \
             dangerous, content_g, volume_cm3, tare_g, seal, scale_g, closing_for, opened_ms, closed_ms, container, locked_to, is_answered, answered_g, stopped, customs, advice, events FROM receptacle ",
            $rest
        )
    };
}
pub(super) use select_receptacles;

impl Store {
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

    /// Returns every receptacle, in the order in which they were opened.
    pub async fn receptacles(&self) -> Result<Vec<Receptacle>, StoreError> {
        let rows = read!(&self.backend, ReceptacleRow, select_receptacles!("ORDER BY id"))?;
        rows.into_iter().map(receptacle).collect()
    }
}

pub(super) fn receptacle(row: ReceptacleRow) -> Result<Receptacle, StoreError> {
    let wrong = Wrong { table: "receptacle", id: row.id };
    let stream = row.stream.as_deref().map(|text| Stream::parse(text).ok_or_else(|| wrong.at("stream")));
    let s9 = row.s9.as_deref().map(|text| S9::parse(text).ok_or_else(|| wrong.at("s9")));
    let scale = row.scale_g.map(|grams| wrong.unsigned(grams, "scale_g"));
    let answered = row.answered_g.map(|grams| wrong.unsigned(grams, "answered_g")).transpose()?.map(Grams);
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
        dangerous: wrong.small(row.dangerous, "dangerous")?,
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
        answered: (row.is_answered != 0).then_some(EarlyAnswer { weight: answered }),
        stopped: wrong.small(row.stopped, "stopped")?,
        customs: Disposition::from_number(row.customs).ok_or_else(|| wrong.at("customs"))?,
        advice: advice.transpose()?,
        events: wrong.small(row.events, "events")?,
    })
}
