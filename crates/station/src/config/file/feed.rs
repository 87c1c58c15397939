//! `[[feed]]`: where newer exchange rates are fetched from.

use std::fmt::Write as _;

use caravan_tariff::feeds::Feed;
use chrono::format::StrftimeItems;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::{fault, value};
use crate::config::{ConfigError, FeedSettings};

/// How long the address of a feed may be.
const URL_BYTES: usize = 500;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedTable {
    name: String,
    url: String,
    every_hours: u32,
    at: Option<String>,
}

pub(super) fn feed(table: &FeedTable) -> Result<FeedSettings, ConfigError> {
    let url = value("feed.url", &table.url, "an address that begins with https:// or http://", |url| {
        let (scheme, rest) = url.split_once("://")?;
        let is_plain = matches!(scheme, "http" | "https")
            && !rest.is_empty()
            && url.bytes().all(|byte| byte.is_ascii_graphic())
            && url.len() <= URL_BYTES;
        is_plain.then(|| url.to_owned())
    })?;
    let mut rest = url.as_str();
    while let Some((_, behind)) = rest.split_once('{') {
        let form = behind.split_once('}').map(|(form, behind)| (StrftimeItems::new(form).parse(), behind));
        // A time of day would be none of the station's: a feed is asked for a day.
        let Some((Ok(items), behind)) = form else {
            return Err(fault("feed.url", &url, "an address with a day in braces like {%d.%m.%Y}"));
        };
        let day = NaiveDate::default();
        if write!(String::new(), "{}", day.format_with_items(items.iter())).is_err() {
            return Err(fault("feed.url", &url, "an address with a day in braces like {%d.%m.%Y}"));
        }
        rest = behind;
    }
    let hours = table.every_hours.to_string();
    let every_hours = value("feed.every_hours", &hours, "1 to 168 hours", |_| {
        (1..=168).contains(&table.every_hours).then_some(table.every_hours)
    })?;
    let at = |text: &String| {
        value("feed.at", text, "a time like 16:30", |text| NaiveTime::parse_from_str(text, "%H:%M").ok())
    };
    Ok(FeedSettings {
        feed: value("feed.name", &table.name, "ecb, nbk, cbr, hmrc, cfets, nbkr, cbu or nbp", Feed::parse)?,
        url,
        every_hours,
        at: table.at.as_ref().map(at).transpose()?,
    })
}
