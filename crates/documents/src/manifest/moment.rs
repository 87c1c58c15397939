//! Times: the instant, and what the clock of the station showed.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// A moment, to the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// The instant: `2026-11-22T05:17:00Z`.
    #[serde(with = "instant")]
    pub utc: DateTime<Utc>,
    /// What the clock of the station showed: `2026-11-22T13:17:00`.
    #[serde(with = "clock")]
    pub local: NaiveDateTime,
    /// The zone of the station: `Asia/Shanghai`.
    pub zone: String,
}

/// A planned run of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Departure {
    /// The name of the route.
    pub route: String,
    /// By rail or by road.
    pub transport: Transport,
    /// The number of the train or the truck, when it is known.
    pub conveyance: Option<String>,
    /// When it leaves by the timetable.
    pub scheduled_at: Moment,
}

/// How a departure goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// By train.
    Rail,
    /// By truck.
    Road,
}

impl Transport {
    /// Returns the stable name: `rail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rail => "rail",
            Self::Road => "road",
        }
    }
}

/// Declares how a time is text in one format.
macro_rules! time_format {
    ($name:ident, $time:ty, $format:literal, $parsed:expr) => {
        mod $name {
            use serde::{Deserialize, Deserializer, Serializer, de::Error};

            pub(super) fn serialize<S: Serializer>(time: &$time, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&time.format($format))
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$time, D::Error> {
                let text = String::deserialize(deserializer)?;
                let time = chrono::NaiveDateTime::parse_from_str(&text, $format).map_err(D::Error::custom)?;
                Ok($parsed(time))
            }
        }
    };
}
time_format!(instant, chrono::DateTime<chrono::Utc>, "%Y-%m-%dT%H:%M:%SZ", |time: chrono::NaiveDateTime| {
    time.and_utc()
});
time_format!(clock, chrono::NaiveDateTime, "%Y-%m-%dT%H:%M:%S", |time| time);
