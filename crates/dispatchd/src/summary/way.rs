//! How the ways of departures go, as a summary tells it.

use std::fmt::{self, Write};

use caravan_station::{ClosedBorder, Detour, WayOutlook};
use serde::Serialize;

use crate::findings::{SUMMARY_CLOSED, SUMMARY_DAYS, SUMMARY_DETOUR};
use crate::texts::Words;

/// How the way of a departure goes, where its route has one through the network.
#[derive(Debug, Serialize)]
pub(super) struct WayLine {
    arrives: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<ClosedLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    detours: Vec<DetourLine>,
}

#[derive(Debug, Serialize)]
struct ClosedLine {
    border: String,
    row: String,
    days: Option<u32>,
}

#[derive(Debug, Serialize)]
struct DetourLine {
    office: String,
    to: Option<String>,
    days: Option<i64>,
}

impl WayLine {
    pub(super) fn of(outlook: WayOutlook) -> Self {
        let detour = |detour: Detour| DetourLine {
            office: detour.office.to_string(),
            to: detour.to,
            days: detour.days,
        };
        Self {
            arrives: outlook.arrives.map(|day| day.to_string()),
            closed: outlook.closed.map(|ClosedBorder { border, row, days }| ClosedLine { border, row, days }),
            detours: outlook.detours.into_iter().map(detour).collect(),
        }
    }

    /// Writes what a closed border does to a departure, and where its mail goes instead.
    pub(super) fn write(&self, words: Words, page: &mut String) -> fmt::Result {
        let Some(closed) = &self.closed else { return Ok(()) };
        let days = closed.days.map_or_else(
            || words.term("@summary-too-long").to_owned(),
            |days| words.say(&SUMMARY_DAYS, [days.to_string()]),
        );
        let arrives = self.arrives.as_deref().unwrap_or_else(|| words.term("@summary-never"));
        let told = [closed.border.clone(), closed.row.clone(), days, arrives.to_owned()];
        writeln!(page, "      {}", words.say(&SUMMARY_CLOSED, told))?;
        for detour in &self.detours {
            let to = detour.to.as_deref().unwrap_or_else(|| words.term("@summary-no-departure"));
            let to = words.say(&SUMMARY_DETOUR, [to.to_owned()]);
            let days = |days: i64| format!(", {}", words.say(&SUMMARY_DAYS, [format!("{days:+}")]));
            let days = detour.days.map_or_else(String::new, days);
            writeln!(page, "      {:<30} {to}{days}", detour.office)?;
        }
        Ok(())
    }
}
