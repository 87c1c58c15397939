//! When departures leave: weekly rules with closed and added days, laid onto the calendar.
//!
//! Rules speak of civil days and times of their own office. How these become instants is handed in, because only the
//! caller has a database of time zones.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// A set of weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weekdays(u8);

/// A service that leaves every week on the same days at the same local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// The weekdays on which it leaves.
    pub weekdays: Weekdays,
    /// The local time at which it leaves.
    pub time: NaiveTime,
    /// The first day of the timetable.
    pub valid_from: NaiveDate,
    /// The last day of the timetable, included; `None` while no end is known.
    pub valid_to: Option<NaiveDate>,
    /// When it does not leave: holidays, closed borders.
    pub closed: Vec<Closure>,
    /// Days within the timetable on which it leaves although they are none of the weekdays; a closure wins over them.
    pub added: BTreeSet<NaiveDate>,
}

/// Days on which nothing leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Closure {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included; `None` until further notice.
    pub to: Option<NaiveDate>,
}

/// One departure of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run {
    /// When it leaves, milliseconds UTC.
    pub leaves_ms: i64,
    /// The service, as an index into the services handed in.
    pub service: usize,
    /// When it leaves by the clock of its office.
    pub local: NaiveDateTime,
}

/// A period for which no timetable can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PeriodError {
    /// The calendar does not reach as far.
    #[error("time `{0}` is outside the calendar")]
    OutsideCalendar(i64),
    /// More days than [`runs_between`] looks at.
    #[error("period of {0} days is longer than {DAYS_MAX} days")]
    TooLong(i64),
}

/// The longest period in days.
const DAYS_MAX: i64 = 1000;

impl Weekdays {
    /// Every day.
    pub const DAILY: Self = Self(0b111_1111);

    /// Returns whether the day is in the set.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }
}

impl FromIterator<Weekday> for Weekdays {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |set, day| set | bit(day)))
    }
}

fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl Service {
    /// Returns whether the service leaves on a civil day of its office.
    pub fn leaves_on(&self, day: NaiveDate) -> bool {
        let is_valid = self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last);
        let is_planned = self.weekdays.contains(day.weekday()) || self.added.contains(&day);
        is_valid && is_planned && !self.closed.iter().any(|closure| closure.covers(day))
    }
}

impl Closure {
    /// Returns whether nothing leaves on the day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|last| day <= last)
    }
}

/// Returns every departure from `from_ms` on and before `until_ms`, in the order in which they leave.
///
/// `to_utc_ms` returns the instant of a local time of a service (its index is given); where a clock skips that hour or
/// repeats it, the choice is the caller's.
pub fn runs_between(
    services: &[Service],
    from_ms: i64,
    until_ms: i64,
    to_utc_ms: impl Fn(usize, NaiveDateTime) -> i64,
) -> Result<Vec<Run>, PeriodError> {
    // No office is more than a day off UTC, so a day more on both sides holds every candidate.
    let first = civil_day(from_ms)?.pred_opt().ok_or(PeriodError::OutsideCalendar(from_ms))?;
    let last = civil_day(until_ms)?.succ_opt().ok_or(PeriodError::OutsideCalendar(until_ms))?;
    let days = (last - first).num_days();
    if days > DAYS_MAX {
        return Err(PeriodError::TooLong(days));
    }
    let mut runs = Vec::new();
    for (index, service) in services.iter().enumerate() {
        for day in
            (0..=u64::try_from(days).unwrap_or(0)).filter_map(|days| first.checked_add_days(Days::new(days)))
        {
            if !service.leaves_on(day) {
                continue;
            }
            let local = day.and_time(service.time);
            let leaves_ms = to_utc_ms(index, local);
            if (from_ms..until_ms).contains(&leaves_ms) {
                runs.push(Run { leaves_ms, service: index, local });
            }
        }
    }
    runs.sort_unstable();
    Ok(runs)
}

fn civil_day(time_ms: i64) -> Result<NaiveDate, PeriodError> {
    let time = DateTime::from_timestamp_millis(time_ms).ok_or(PeriodError::OutsideCalendar(time_ms))?;
    Ok(time.date_naive())
}
