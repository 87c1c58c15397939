//! The last good rates of each feed: one file in `rates/` of the station folder, rates as `rates.toml` has them and a
//! table of when they were fetched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use caravan_tariff::Rates;
use caravan_tariff::feeds::Feed;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// The folder of held rates in a station folder.
pub const FOLDER: &str = "rates";

/// What is held of a feed.
#[derive(Debug, Clone)]
pub struct Held {
    /// Whose feed.
    pub feed: Feed,
    /// When and from where.
    pub fetched: Fetched,
    /// The rates with the days on which they count.
    pub rates: Rates,
}

/// When a feed was last fetched without a fault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetched {
    #[serde(deserialize_with = "moment")]
    at: DateTime<Utc>,
    /// From where.
    pub url: String,
    /// What the publisher calls the file, to ask for newer ones only; empty when it says nothing.
    #[serde(default)]
    pub etag: String,
}

#[derive(Deserialize)]
struct Head {
    fetched: Fetched,
}

fn moment<'de, D: Deserializer<'de>>(text: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(text)?;
    let moment = DateTime::parse_from_rfc3339(&text).map_err(D::Error::custom)?;
    Ok(moment.to_utc())
}

impl Fetched {
    /// Notes a fetch.
    pub fn new(at_ms: i64, url: String, etag: String) -> Self {
        Self { at: DateTime::from_timestamp_millis(at_ms).unwrap_or_default(), url, etag }
    }

    /// Returns the moment in milliseconds UTC.
    pub fn at_ms(&self) -> i64 {
        self.at.timestamp_millis()
    }

    /// Returns the moment as `2026-11-22T03:00:00Z`.
    pub fn at(&self) -> String {
        self.at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }
}

impl Held {
    /// Writes the file.
    pub fn to_toml(&self) -> String {
        let Fetched { url, etag, .. } = &self.fetched;
        let quoted = |text: &str| toml::Value::from(text).to_string();
        format!(
            "# Exchange rates of feed `{}`, as they were fetched last. Each fetch writes this file anew.\n\n\
             [fetched]\nat = {}\nurl = {}\netag = {}\n\n{}",
            self.feed.as_str(),
            quoted(&self.fetched.at()),
            quoted(url),
            quoted(etag),
            self.rates.to_toml()
        )
    }
}

/// Returns where the rates of a feed lie.
pub fn path(station: &Path, feed: Feed) -> PathBuf {
    station.join(FOLDER).join(format!("{}.toml", feed.as_str()))
}

/// Reads the rates of a feed; `None` when none are held.
pub fn read(path: &Path) -> Result<Option<Held>> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let Some(feed) = Feed::parse(stem) else { return Ok(None) };
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        text => text.with_context(|| format!("cannot read `{}`", path.display()))?,
    };
    let head: Head = toml::from_str(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    let rates = Rates::parse(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    Ok(Some(Held { feed, fetched: head.fetched, rates }))
}

/// Reads the rates of every feed of which a station holds any.
pub fn read_all(station: &Path) -> Result<Vec<Held>> {
    let mut all = Vec::new();
    for feed in Feed::ALL {
        all.extend(read(&path(station, feed))?);
    }
    Ok(all)
}
