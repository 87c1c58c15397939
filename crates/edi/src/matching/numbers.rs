//! Dispatch numbers of a series: which have not come though later ones have, and which came twice.

use std::collections::BTreeMap;

use caravan_postal::{DispatchSeries, Finding, S8};
use chrono::{Datelike, Days, NaiveDate};

use crate::codes;

/// A dispatch of a series that was announced or arrived, counted once: a replacement of its message is not another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// The number in the series, 1 to 9999.
    pub serial: u32,
    /// When it came, milliseconds UTC.
    pub at_ms: i64,
}

/// When a gap is no longer what may still be on its way; configuration of a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// A gap is told when this many later numbers have come.
    pub later: usize,
    /// A gap is told when the first later number came this long ago.
    pub wait_ms: i64,
}

/// What is wrong with the numbers of a series in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberFault {
    /// Numbers that have not come.
    Gap {
        /// The first of them.
        from: u32,
        /// The last of them.
        to: u32,
    },
    /// A number that came more than once.
    Repeated {
        /// The number.
        serial: u32,
    },
}

/// The years begin at midnight somewhere else first, and clocks differ: a message may be this far ahead of us.
const LEAD_DAYS: u64 = 3;

/// Returns what is wrong with the numbers of one series in one year, by number. `first` is the number to begin with: 1,
/// or the first one that was seen when the records of a series begin in the middle of a year. `arrivals` come in any
/// order.
pub fn number_faults(first: u32, arrivals: &[Arrival], settled: Settled, now_ms: i64) -> Vec<NumberFault> {
    let mut came: BTreeMap<u32, (i64, usize)> = BTreeMap::new();
    for arrival in arrivals {
        let (at_ms, times) = came.entry(arrival.serial).or_insert((arrival.at_ms, 0));
        *at_ms = arrival.at_ms.min(*at_ms);
        *times += 1;
    }
    let mut faults = Vec::new();
    // From the highest number down, so that what is later is known.
    let (mut later, mut first_later_ms) = (0, i64::MAX);
    let mut below = came.iter().rev().peekable();
    while let Some((serial, (at_ms, times))) = below.next() {
        if *times > 1 {
            faults.push(NumberFault::Repeated { serial: *serial });
        }
        later += 1;
        first_later_ms = first_later_ms.min(*at_ms);
        let from = below.peek().map_or(first, |(before, _)| (**before + 1).max(first));
        let is_settled = later >= settled.later || now_ms.saturating_sub(first_later_ms) >= settled.wait_ms;
        if from < *serial && is_settled {
            faults.push(NumberFault::Gap { from, to: serial - 1 });
        }
    }
    faults.sort_by_key(|fault| match fault {
        NumberFault::Gap { from, .. } => *from,
        NumberFault::Repeated { serial } => *serial,
    });
    faults
}

/// Returns the full year of a dispatch that was met on a day: the latest year with its last digit that has begun, or
/// will within three days.
pub fn year_of(s8: S8, on: NaiveDate) -> i32 {
    let latest = on.checked_add_days(Days::new(LEAD_DAYS)).unwrap_or(on).year();
    let back = (latest.rem_euclid(10) - i32::from(s8.year_digit())).rem_euclid(10);
    latest - back
}

impl NumberFault {
    /// Returns it as a finding about a series in a year.
    pub fn finding(self, series: DispatchSeries, year: i32) -> Finding {
        let (series, year) = (series.to_string(), year.to_string());
        let number = |serial: u32| format!("{serial:04}");
        match self {
            Self::Gap { from, to } => {
                codes::MATCH_NUMBER_GAP.finding([series, year, number(from), number(to)])
            }
            Self::Repeated { serial } => codes::MATCH_NUMBER_REPEATED.finding([series, year, number(serial)]),
        }
    }
}

#[cfg(test)]
mod tests;
