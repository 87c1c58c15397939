//! Rows of dispatches.

use caravan_postal::{DispatchSeries, S8};
use caravan_station::{Dispatch, DispatchId, DispatchState, Receptacle};

use super::Wrong;
use crate::backend::{Backend, read};
use crate::{Store, StoreError};

pub(super) type DispatchTuple =
    (i64, String, i64, String, i64, i64, i64, i64, Option<i64>, Option<String>, i64);

macro_rules! select_dispatches {
    ($rest:literal) => {
        concat!(
            "SELECT id, series, year, s8, state, receptacles, gone, opened_ms, closed_ms, departure, events FROM dispatch ",
            $rest
        )
    };
}
pub(super) use select_dispatches;

impl Store {
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
}

pub(super) fn dispatch(row: DispatchTuple) -> Result<Dispatch, StoreError> {
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
