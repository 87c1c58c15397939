//! How the way of a departure goes: its legs, the day of arrival, and what a closed border does to it.

use std::io::Write;

use caravan_planning::{Network, RowId};
use caravan_station::{Config, Detour, Outlook, WayOutlook};
use serde::Serialize;

use crate::findings::{
    PLAN_ARRIVES, PLAN_CLOSED, PLAN_DETOUR, PLAN_DETOUR_DAYS, PLAN_LEG, PLAN_LEG_BORDER, PLAN_LEG_CHANGED,
    PLAN_LEG_HANDOVER, PLAN_NO_ARRIVAL, PLAN_NO_DETOUR, PLAN_WAITS,
};
use crate::texts::Words;

/// How the way goes: its legs, the day of arrival, the border that is closed, and where mail goes instead.
#[derive(Serialize)]
pub(super) struct Way {
    legs: Vec<Leg>,
    arrives: Option<String>,
    days: Option<i64>,
    closed_border: Option<String>,
    closed_by: Option<String>,
    wait_days: Option<u32>,
    detours: Vec<Instead>,
}

/// A leg, with what is done where it begins and at its border.
#[derive(Serialize)]
struct Leg {
    from: String,
    to: String,
    by: &'static str,
    /// From what the load is changed where the leg begins: another gauge, or the road.
    changed_from: Option<&'static str>,
    border: Option<String>,
    handover: Option<String>,
}

#[derive(Serialize)]
struct Instead {
    office: String,
    departure: Option<String>,
    days_later: Option<i64>,
}

impl Way {
    pub(super) fn of(way: &WayOutlook, outlook: &Outlook, config: &Config) -> Self {
        let instead = |detour: &Detour| Instead {
            office: detour.office.to_string(),
            departure: detour.to.clone(),
            days_later: detour.days,
        };
        let leaves = config.day(outlook.departs_ms);
        Self {
            legs: legs(&outlook.departure, config),
            arrives: way.arrives.map(|day| day.to_string()),
            days: way.arrives.map(|day| (day - leaves).num_days()),
            closed_border: way.closed.as_ref().map(|closed| closed.border.clone()),
            closed_by: way.closed.as_ref().map(|closed| closed.row.clone()),
            wait_days: way.closed.as_ref().and_then(|closed| closed.days),
            detours: way.detours.iter().map(instead).collect(),
        }
    }

    pub(super) fn print(&self, words: Words, output: &mut impl Write) -> std::io::Result<()> {
        for leg in &self.legs {
            let by = |carriage: &str| format!("@plan-by-{carriage}");
            let mut told = words.say(&PLAN_LEG, [leg.from.clone(), leg.to.clone(), by(leg.by)]);
            if let Some(before) = leg.changed_from {
                told = format!("{told} {}", words.say(&PLAN_LEG_CHANGED, [by(before)]));
            }
            if let Some(border) = &leg.border {
                told = format!("{told}, {}", words.say(&PLAN_LEG_BORDER, [border.clone()]));
            }
            if let Some(handover) = &leg.handover {
                told = format!("{told}, {}", words.say(&PLAN_LEG_HANDOVER, [handover.clone()]));
            }
            writeln!(output, "  {:<8} {told}", words.term("@plan-leg-is"))?;
        }
        let mut told = match (&self.arrives, self.days) {
            (Some(day), Some(days)) => words.say(&PLAN_ARRIVES, [day.clone(), days.to_string()]),
            _ => words.say(&PLAN_NO_ARRIVAL, []),
        };
        if let (Some(border), Some(row)) = (&self.closed_border, &self.closed_by) {
            told = format!("{told}; {}", words.say(&PLAN_CLOSED, [border.clone(), row.clone()]));
            if let Some(days) = self.wait_days {
                told = format!("{told}, {}", words.say(&PLAN_WAITS, [days.to_string()]));
            }
        }
        writeln!(output, "  {told}")?;
        for Instead { office, departure, days_later } in &self.detours {
            let mut told = match departure {
                Some(departure) => words.say(&PLAN_DETOUR, [office.clone(), departure.clone()]),
                None => words.say(&PLAN_NO_DETOUR, [office.clone()]),
            };
            if let Some(days) = days_later {
                told = format!("{told}, {}", words.say(&PLAN_DETOUR_DAYS, [format!("{days:+}")]));
            }
            writeln!(output, "  {told}")?;
        }
        Ok(())
    }
}

/// Returns the legs of the way that is set for the route of a departure.
fn legs(departure: &str, config: &Config) -> Vec<Leg> {
    let route = config.route_of(departure);
    let Some((network, way)) = config.network.as_ref().zip(route.and_then(|route| route.way.as_ref())) else {
        return Vec::new();
    };
    let mut before = None;
    let leg = |leg: &caravan_planning::Leg| {
        let changed_from = before.replace(leg.carriage).filter(|before| *before != leg.carriage);
        Leg {
            from: name(network, &leg.from),
            to: name(network, &leg.to),
            by: leg.carriage.as_str(),
            changed_from: changed_from.map(caravan_planning::Carriage::as_str),
            border: leg.crossing.as_ref().map(ToString::to_string),
            handover: leg.handover.as_ref().map(|place| name(network, place)),
        }
    };
    way.legs.iter().filter_map(|id| network.legs().get(id)).map(leg).collect()
}

fn name(network: &Network, place: &RowId) -> String {
    network.places().get(place).map_or_else(|| place.to_string(), |place| place.name.clone())
}
