//! When a leg can begin.

use chrono::{Datelike, Days, NaiveDate};

use super::journey::{Refusal, Wait, WaitReason};
use super::{Leg, Network};
use crate::table::{Range, Row, RowId};

/// The longest wait in days at one place, whatever is asked for.
const WAIT_DAYS_MAX: u32 = 400;

/// Which calendar a way is reckoned by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Calendar {
    /// With everything that the tables know.
    AsItIs,
    /// Without closures by date and queues: the usual way, that a detour is compared with.
    Usual,
}

/// When a leg begins.
pub(super) struct Start<'a> {
    /// The day.
    pub(super) day: NaiveDate,
    /// What was waited for, in the order of the days.
    pub(super) waits: Vec<Wait>,
    /// The queue, when the border is open.
    pub(super) queue: Option<(&'a Row, Range)>,
    /// The rows that the answer rests on.
    pub(super) rows: Vec<&'a Row>,
}

impl Network {
    /// Returns the first day from `day` on at which the leg runs and its border is open.
    pub(super) fn start(
        &self,
        leg: &Leg,
        day: NaiveDate,
        wait_days_max: u32,
        calendar: Calendar,
    ) -> Result<Start<'_>, Refusal> {
        let mut start = Start { day, waits: Vec::new(), queue: None, rows: Vec::new() };
        let mut waited = 0;
        while let Some((row, reason)) = self.blocker(leg, start.day, calendar)? {
            let next = start
                .day
                .checked_add_days(Days::new(1))
                .filter(|_| waited < wait_days_max.min(WAIT_DAYS_MAX));
            let Some(next) = next else { return Err(Refusal::Closed(row.id.clone(), reason)) };
            waited += 1;
            start.day = next;
            start.rows.push(row);
            match start.waits.last_mut().filter(|wait| wait.row == row.id) {
                Some(wait) => wait.hours += 24,
                None => start.waits.push(Wait { row: row.id.clone(), reason, hours: 24 }),
            }
        }
        if calendar == Calendar::AsItIs {
            let covers = |row: &Row| row.covers(start.day);
            let queues = self.delays.iter().filter(|delay| leg.crossing.as_ref() == Some(&delay.crossing));
            let longest = queues.filter(|delay| covers(&delay.row)).max_by_key(|delay| delay.hours.longest);
            start.queue = longest.map(|delay| (&delay.row, delay.hours));
        }
        Ok(start)
    }

    /// Returns what keeps the leg from beginning on a day.
    fn blocker(
        &self,
        leg: &Leg,
        day: NaiveDate,
        calendar: Calendar,
    ) -> Result<Option<(&Row, WaitReason)>, Refusal> {
        let crossing = leg.crossing.as_ref().map(|id| &self.crossings[id]);
        if !leg.row.covers(day) || crossing.is_some_and(|crossing| !crossing.row.covers(day)) {
            return Err(Refusal::NotInForce);
        }
        let is_here = |at: &RowId| *at == leg.row.id || leg.crossing.as_ref() == Some(at);
        let closures = self.closures.iter().filter(|_| calendar == Calendar::AsItIs);
        if let Some(closure) =
            closures.into_iter().find(|closure| is_here(&closure.at) && closure.row.covers(day))
        {
            return Ok(Some((&closure.row, WaitReason::Closed(closure.kind))));
        }
        let openings =
            self.openings.iter().filter(|opening| leg.crossing.as_ref() == Some(&opening.crossing));
        let openings: Vec<_> = openings.filter(|opening| opening.row.covers(day)).collect();
        let is_open = openings.iter().any(|opening| {
            opening.weekdays.contains(day.weekday()) && opening.season.is_none_or(|season| season.covers(day))
        });
        if let Some(opening) = openings.first().filter(|_| !is_open) {
            return Ok(Some((&opening.row, WaitReason::NotOpen)));
        }
        let runs = self.timetables.iter().filter(|run| run.leg == leg.row.id && run.row.covers(day));
        let runs: Vec<_> = runs.collect();
        let leaves = runs.iter().any(|run| run.weekdays.contains(day.weekday()));
        Ok(runs.first().filter(|_| !leaves).map(|run| (&run.row, WaitReason::Timetable)))
    }
}
