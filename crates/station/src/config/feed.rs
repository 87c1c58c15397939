//! Feeds of exchange rates: where they are, and when they are asked.

use caravan_tariff::feeds::Feed;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// A feed of exchange rates that the daemon fetches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Whose feed it is.
    pub feed: Feed,
    /// Where it is: `http` or `https`, with a day in braces as [`FeedSettings::url_on`] fills it in.
    pub url: String,
    /// How often it is fetched, in hours.
    pub every_hours: u32,
    /// The station's civil time from which the hours are counted; from the last fetch, when not said.
    pub at: Option<NaiveTime>,
}

impl FeedSettings {
    /// Returns the address on a day: `{%d.%m.%Y}` in it becomes `20.11.2026`.
    pub fn url_on(&self, day: NaiveDate) -> String {
        let mut url = String::with_capacity(self.url.len());
        let mut rest = self.url.as_str();
        while let Some((before, (form, behind))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            url.push_str(before);
            url.push_str(&day.format(form).to_string());
            rest = behind;
        }
        url.push_str(rest);
        url
    }

    /// Returns when the feed is to be fetched again after a fetch.
    pub fn next_after(&self, fetched: NaiveDateTime) -> NaiveDateTime {
        let every = TimeDelta::hours(i64::from(self.every_hours));
        let Some(at) = self.at else { return fetched + every };
        let mut next = fetched.date().and_time(at);
        while next <= fetched {
            next += every;
        }
        // The first of the day's times may lie behind the fetch by several steps.
        while next - every > fetched {
            next -= every;
        }
        next
    }
}
