//! Rows of departures.

use caravan_station::{Departure, DepartureId, DepartureState, LeftBehind};

use super::Wrong;
use crate::backend::read;
use crate::{Store, StoreError, way};

pub(super) type DepartureTuple =
    (i64, String, String, i64, i64, i64, i64, String, Option<String>, Option<String>, i64);

macro_rules! select_departures {
    ($rest:literal) => {
        concat!(
            "SELECT id, key, route, departs_ms, dispatch_close_ms, seal_ms, state, left_behind, way, conveyance, events FROM departure ",
            $rest
        )
    };
}
pub(super) use select_departures;

impl Store {
    /// Returns the departures that have left since a moment.
    pub async fn departed_since(&self, since_ms: i64) -> Result<Vec<Departure>, StoreError> {
        let rows = read!(
            &self.backend,
            DepartureTuple,
            select_departures!("WHERE state = 2 AND departs_ms >= $1 ORDER BY id"),
            since_ms,
        )?;
        rows.into_iter().map(departure).collect()
    }

    /// Returns every departure, in the order of the timetable.
    pub async fn departures(&self) -> Result<Vec<Departure>, StoreError> {
        let rows = read!(&self.backend, DepartureTuple, select_departures!("ORDER BY departs_ms, key"))?;
        rows.into_iter().map(departure).collect()
    }
}

pub(super) fn departure(row: DepartureTuple) -> Result<Departure, StoreError> {
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
        conveyance: row.9,
        events: wrong.small(row.10, "events")?,
        key: row.1,
        route: row.2,
    })
}
