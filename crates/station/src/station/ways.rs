//! The ways of departures: what a closed border keeps from going, and by which departure its mail goes instead.
//!
//! A dispatch that is closed keeps its office and its category, whatever way it goes: what changes is only the departure
//! that takes its receptacles.

use std::collections::BTreeMap;
use std::sync::Arc;

use caravan_planning::{Along, Cargo, Network, Path, Refusal, Rejected, RowId};
use caravan_postal::{Finding, Impc, MailCategory};
use chrono::{Days, NaiveDate};

use super::Station;
use crate::border::Border;
use crate::change::Subject;
use crate::config::{Config, Route, way};
use crate::departure::{ClosedBorder, Departure, Detour, WayOutlook};
use crate::operation::{BORDER_CLOSED, BORDER_CLOSED_LONG, MAIL_REROUTED, MAIL_WITHOUT_WAY};
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::state::State;
use crate::{DepartureId, DispatchId};

/// A departure ahead, as a way for mail.
struct Going<'a> {
    departure: &'a Departure,
    route: &'a Route,
    leaves: NaiveDate,
    /// How its way goes; `None` where its route has none through the network.
    along: Option<Along>,
}

impl Going<'_> {
    /// Returns when mail for an office arrives with it, and how many hours it waits on the way.
    fn arrives(&self, config: &Config, office: Impc) -> Option<(NaiveDate, u32)> {
        if let Some(along) = &self.along {
            return along.as_it_is.as_ref().ok().map(|path| (path.arrives, path.wait_hours()));
        }
        let days = config.partner(office)?.transit_days;
        Some((self.leaves.checked_add_days(Days::new(days.into()))?, 0))
    }
}

/// Returns the network of the settings with what people have said of its borders.
pub(super) fn network(config: &Config, state: &State) -> Option<Arc<Network>> {
    let mut network = config.network.clone()?;
    for closure in state.borders.values().filter_map(Border::closure) {
        // A border that the settings no longer know closes nothing.
        drop(network.close(&closure));
    }
    Some(Arc::new(network))
}

impl Station {
    /// Looks at the ways of all departures ahead, and tells what is not as it was told last.
    pub(super) fn look_at_ways(&mut self) {
        let Some(network) = self.network.clone() else { return };
        let config = self.config.clone();
        let changed = {
            let going = self.going(&config, &network);
            let outlooks = going.iter().filter_map(|one| {
                let outlook = outlook(&config, &network, one, &going)?;
                let is_new = one.departure.outlook.as_ref() != Some(&outlook);
                is_new.then_some((one.departure.id, outlook))
            });
            outlooks.collect::<Vec<_>>()
        };
        for (id, outlook) in changed {
            self.tell(id, outlook);
        }
    }

    fn going<'a>(&'a self, config: &'a Config, network: &Network) -> Vec<Going<'a>> {
        let ahead = self.state.departures.values().filter(|departure| departure.is_ahead());
        let going = ahead.filter_map(|departure| {
            let route = config.route(&departure.route)?;
            let leaves = config.day(departure.departs_ms);
            Some(Going { departure, route, leaves, along: route.along(network, leaves) })
        });
        going.collect()
    }

    fn tell(&mut self, id: DepartureId, outlook: WayOutlook) {
        let mut findings: Vec<Finding> = outlook.closed.iter().map(closed_finding).collect();
        findings.extend(outlook.detours.iter().map(detour_finding));
        let departure = self.departure_mut(id);
        let before = departure.outlook.replace(outlook);
        let is_closed = !findings.is_empty();
        let was_closed = before.is_some_and(|before| before.closed.is_some());
        self.changes.departures.insert(id);
        if is_closed || was_closed {
            let code = if is_closed { "way-closed" } else { "way-open" };
            let outlook = self.state.departures[&id].outlook.as_ref();
            let detail = outlook.and_then(|outlook| outlook.arrives).map(|day| day.to_string());
            self.departure_event(id, code, detail.unwrap_or_default());
        }
        for finding in findings {
            self.found(Subject::Departure(id), finding);
        }
    }

    /// Returns why a receptacle may not go the way of a departure: every leg is asked for what is in it, on its day.
    pub(super) fn barred(&self, departure: DepartureId, receptacle: &Receptacle) -> Option<Finding> {
        let cargo: Vec<_> = receptacle.cargo().collect();
        let category = self.stream_of(receptacle)?.category;
        self.barred_cargo(departure, category, cargo)
    }

    /// Returns why mail of a category with something in it that needs permission may not go the way of a departure.
    pub(super) fn barred_cargo(
        &self,
        departure: DepartureId,
        category: MailCategory,
        cargo: Vec<Cargo>,
    ) -> Option<Finding> {
        let departure = &self.state.departures[&departure];
        let network = self.network.as_ref()?;
        let way = self.config.route(&departure.route)?.way.as_ref()?;
        if cargo.is_empty() || !category.is_surface() {
            return None;
        }
        let journey = way.journey(self.config.day(departure.departs_ms), category, cargo);
        let rejected = network.along(&journey, &way.legs).ok()?.as_it_is.err()?;
        // A closed border is not about what is in the receptacle.
        (!matches!(rejected.refusal, Refusal::Closed(..))).then(|| rejected.finding())
    }

    /// Notes the receptacles that would have gone with a departure and go another way, because a border is closed.
    pub(super) fn note_rerouted(&mut self, id: DepartureId) {
        let departure = &self.state.departures[&id];
        let there = self.state.receptacles.values().filter(|receptacle| {
            matches!(receptacle.state, ReceptacleState::Closed | ReceptacleState::Received)
        });
        let left = there.filter_map(|receptacle| {
            let office = self.stream_of(receptacle)?.destination;
            let mut detours = departure.outlook.iter().flat_map(|outlook| &outlook.detours);
            let detour = detours.find(|detour| detour.office == office)?;
            let reason = if detour.to.is_some() { &MAIL_REROUTED } else { &MAIL_WITHOUT_WAY };
            Some((receptacle.name(), reason.name, receptacle.dispatch.zip(detour.to.clone())))
        });
        let left: Vec<_> = left.collect();
        let mut rerouted: BTreeMap<DispatchId, String> = BTreeMap::new();
        for (name, reason, dispatch) in left {
            self.leave_behind(id, name, reason.to_owned());
            rerouted.extend(dispatch);
        }
        for (dispatch, to) in rerouted {
            self.dispatch_event(dispatch, "rerouted", to);
        }
    }
}

/// Returns how a departure goes, and which mail goes with another one instead.
fn outlook(config: &Config, network: &Network, one: &Going<'_>, all: &[Going<'_>]) -> Option<WayOutlook> {
    let along = one.along.as_ref()?;
    let closed = closed_on(network, &along.as_it_is);
    let offices = one.route.offices.iter().filter(|_| closed.is_some());
    let detours = offices.filter_map(|office| detour(config, one, all, *office)).collect();
    let arrives = along.as_it_is.as_ref().ok().map(|path| path.arrives);
    Some(WayOutlook { arrives, closed, detours })
}

/// Returns where mail for an office goes in place of a departure that meets a closed border; `None` where nothing is
/// there sooner. Among departures that are there on the same day the one that waits least on the way is taken: mail waits
/// better at the station than at a border.
fn detour(config: &Config, one: &Going<'_>, all: &[Going<'_>], office: Impc) -> Option<Detour> {
    let serves = |other: &&Going<'_>| {
        other.route.offices.contains(&office)
            && other.departure.dispatch_close_ms >= one.departure.dispatch_close_ms
    };
    let arrivals = all.iter().filter(serves).filter_map(|other| {
        let (arrives, wait_hours) = other.arrives(config, office)?;
        Some(((arrives, wait_hours, other.departure.departs_ms, other.departure.id), other))
    });
    let Some(((arrives, ..), best)) = arrivals.min_by_key(|(rank, _)| *rank) else {
        return Some(Detour { office, to: None, days: None });
    };
    let planned = one.along.as_ref().and_then(|along| along.usual.as_ref().ok());
    let days = planned.map(|planned| (arrives - planned.arrives).num_days());
    let to = Some(best.departure.key.clone());
    (best.departure.id != one.departure.id).then_some(Detour { office, to, days })
}

/// Returns the first border that a way finds closed, and the days that it waits at all of them.
pub(super) fn closed_on(network: &Network, way: &Result<Path, Rejected>) -> Option<ClosedBorder> {
    let path = match way {
        Ok(path) => path,
        Err(rejected) => {
            let leg = &network.legs()[&rejected.leg];
            let row = match &rejected.refusal {
                Refusal::Closed(row, _) => row.to_string(),
                _ => rejected.finding().code.name.to_owned(),
            };
            let border = border(leg.crossing.as_ref(), &rejected.leg);
            return Some(ClosedBorder { border, row, days: None });
        }
    };
    let closed: Vec<_> = way::closed_on(path).collect();
    let (leg, first) = closed.first()?;
    let hours = closed.iter().fold(0u32, |sum, (_, wait)| sum.saturating_add(wait.hours));
    Some(ClosedBorder {
        border: border(leg.crossing.as_ref(), &leg.leg),
        row: first.row.to_string(),
        days: Some(hours.div_ceil(24)),
    })
}

/// Returns what a closed place is called: the crossing, or the leg where it has none.
fn border(crossing: Option<&RowId>, leg: &RowId) -> String {
    crossing.unwrap_or(leg).to_string()
}

fn closed_finding(closed: &ClosedBorder) -> Finding {
    let (border, row) = (closed.border.as_str(), closed.row.as_str());
    match closed.days {
        Some(days) => BORDER_CLOSED.finding([border, row, &days.to_string()]),
        None => BORDER_CLOSED_LONG.finding([border, row]),
    }
}

fn detour_finding(detour: &Detour) -> Finding {
    let office = detour.office.as_str();
    match &detour.to {
        Some(to) => {
            let days = detour.days.map_or_else(|| "?".to_owned(), |days| days.to_string());
            MAIL_REROUTED.finding([office, to, &days])
        }
        None => MAIL_WITHOUT_WAY.finding([office]),
    }
}
