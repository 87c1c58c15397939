//! The station's civil time.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Config;

impl Config {
    /// Returns a moment in the station's civil time.
    pub fn local(&self, at_ms: i64) -> NaiveDateTime {
        self.zoned(at_ms).naive_local()
    }

    /// Returns the civil day of a moment.
    pub fn day(&self, at_ms: i64) -> NaiveDate {
        self.local(at_ms).date()
    }

    /// Returns a moment with the station's offset, to the minute: `2026-11-16T18:00+08:00`.
    pub fn stamp(&self, at_ms: i64) -> String {
        self.zoned(at_ms).format("%Y-%m-%dT%H:%M%:z").to_string()
    }

    /// Returns the moment of a civil time; of two (a clock set back) the earlier, of none (set forward) the one that
    /// the same clock would have shown without the change.
    pub fn moment(&self, local: NaiveDateTime) -> i64 {
        // A clock is set forward by an hour or less, but for a few that have crossed the date line.
        let before = (0..=24).find_map(|hours| {
            let gap = chrono::TimeDelta::hours(hours);
            let shown = self.office.zone.from_local_datetime(&local.checked_sub_signed(gap)?).earliest()?;
            shown.checked_add_signed(gap)
        });
        before.map_or(0, |moment| moment.timestamp_millis())
    }

    fn zoned(&self, at_ms: i64) -> DateTime<Tz> {
        let utc = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
        utc.with_timezone(&self.office.zone)
    }
}
