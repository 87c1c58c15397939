//! Times as tables state them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use crate::config::Config;

/// The years in which anything can have happened at a station.
pub(super) const YEARS: RangeInclusive<i32> = 2000..=2199;

/// Reads a civil time of the station, or a time with its own offset; seconds may be left out. A year outside
/// `YEARS` is a slip of the pen.
pub fn moment(text: &str, config: &Config) -> Option<i64> {
    if let Some(local) = plain(text.as_bytes()) {
        return YEARS.contains(&local.year()).then(|| config.moment(local));
    }
    let with_offset =
        DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z"));
    if let Ok(moment) = with_offset {
        return YEARS.contains(&moment.year()).then(|| moment.timestamp_millis());
    }
    let formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())?;
    YEARS.contains(&local.year()).then(|| config.moment(local))
}

/// Reads the one spelling that nearly all tables have: `2026-09-07T08:30`, with seconds or without.
fn plain(text: &[u8]) -> Option<NaiveDateTime> {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    };
    let is_mark = |at: usize, mark: u8| text.get(at) == Some(&mark);
    let second = match text.len() {
        16 => 0,
        19 if is_mark(16, b':') => number(17, 19)?,
        _ => return None,
    };
    if !(is_mark(4, b'-') && is_mark(7, b'-') && is_mark(10, b'T') && is_mark(13, b':')) {
        return None;
    }
    let day = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)?).ok()?, number(5, 7)?, number(8, 10)?)?;
    day.and_hms_opt(number(11, 13)?, number(14, 16)?, second)
}
