//! How the way of a departure goes, as the JSON text of its row.

use caravan_postal::Impc;
use caravan_station::{ClosedBorder, Detour, WayOutlook};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Row {
    arrives: Option<String>,
    /// The border, the row of the calendar, the days waited.
    closed: Option<(String, String, Option<u32>)>,
    /// The office, the departure that takes its mail, the days lost.
    detours: Vec<(String, Option<String>, Option<i64>)>,
}

pub(crate) fn text(outlook: &WayOutlook) -> String {
    let closed = outlook.closed.as_ref();
    let detour = |detour: &Detour| (detour.office.to_string(), detour.to.clone(), detour.days);
    let row = Row {
        arrives: outlook.arrives.map(|day| day.to_string()),
        closed: closed.map(|closed| (closed.border.clone(), closed.row.clone(), closed.days)),
        detours: outlook.detours.iter().map(detour).collect(),
    };
    serde_json::to_string(&row).expect("texts and numbers are JSON")
}

pub(crate) fn read(text: &str) -> Option<WayOutlook> {
    let row: Row = serde_json::from_str(text).ok()?;
    let detour = |(office, to, days): (String, Option<String>, Option<i64>)| {
        Some(Detour { office: Impc::parse(&office)?, to, days })
    };
    Some(WayOutlook {
        arrives: row.arrives.map(|day| day.parse().ok()).map_or(Some(None), |day| day.map(Some))?,
        closed: row.closed.map(|(border, row, days)| ClosedBorder { border, row, days }),
        detours: row.detours.into_iter().map(detour).collect::<Option<_>>()?,
    })
}
