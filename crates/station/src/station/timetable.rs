//! The timetable becomes departures, some days ahead of the clock.

use caravan_planning::runs_between;

use super::Station;
use crate::DepartureId;
use crate::departure::{Container, Departure, DepartureState, route_name};

/// How far ahead the timetable is turned into departures: longer than a week, so that every weekly route has one.
const HORIZON_MS: i64 = 9 * DAY_MS;
const DAY_MS: i64 = 24 * 3_600_000;

impl Station {
    /// Turns the timetable into departures up to the horizon.
    pub(super) fn plan_departures(&mut self) {
        let until_ms = self.now_ms.saturating_add(HORIZON_MS);
        // A day at a time is often enough, and keeps the work away from every single scan.
        let is_enough = |planned: i64| until_ms.saturating_sub(planned) < DAY_MS;
        if self.state.planned_to_ms.is_some_and(is_enough) {
            return;
        }
        // What is over is not planned any more, however long the station has slept.
        let from_ms = self.state.planned_to_ms.map_or(self.now_ms, |planned| planned.max(self.now_ms));
        self.plan_runs(from_ms, until_ms);
    }

    /// Plans again from now on when an operation with a wrong time has sent the timetable far ahead of the clock: the
    /// days between would have no departures.
    pub(super) fn plan_again(&mut self) {
        let until_ms = self.now_ms.saturating_add(HORIZON_MS);
        if self.state.planned_to_ms.is_some_and(|planned| planned.saturating_sub(until_ms) > DAY_MS) {
            self.plan_runs(self.now_ms, until_ms);
        }
    }

    fn plan_runs(&mut self, from_ms: i64, until_ms: i64) {
        let config = self.config.clone();
        let services: Vec<_> = config.routes.iter().map(|route| route.service.clone()).collect();
        let runs =
            runs_between(&services, from_ms, until_ms, |_, local| config.moment(local)).unwrap_or_default();
        self.state.planned_to_ms = Some(until_ms);
        for run in runs {
            let route = &config.routes[run.service];
            let cut_offs = route.leads.before(run.leaves_ms);
            if cut_offs.dispatch_close_ms < self.now_ms {
                continue;
            }
            let key = format!("{}/{}", route.name, run.local.format("%Y-%m-%dT%H:%M"));
            if self.state.departure_named(&key).is_some() {
                continue;
            }
            let id = DepartureId(i64::try_from(self.take_number("departure")).expect("departures fit an id"));
            let departure = Departure {
                id,
                key,
                route: route.name.clone(),
                departs_ms: run.leaves_ms,
                dispatch_close_ms: cut_offs.dispatch_close_ms,
                seal_ms: cut_offs.sealed_ms,
                state: DepartureState::Planned,
                left_behind: Vec::new(),
                conveyance: None,
                outlook: None,
                events: 0,
            };
            self.state.departures.insert(id, departure);
            self.departure_event(id, "planned", String::new());
        }
        self.take_up_stranded();
        self.look_at_ways();
    }

    /// Gives containers whose departure went without them, when none was ahead on its route, to one that now is.
    fn take_up_stranded(&mut self) {
        let stranded = self.state.containers.values().filter(|container| self.is_stranded(container));
        let found: Vec<_> = stranded.map(|container| (container.id, container.departure.clone())).collect();
        for (id, departure) in found {
            self.move_on(id, route_name(&departure), self.now_ms);
        }
    }
    /// Returns whether a container stands for no departure that there is.
    pub(super) fn is_stranded(&self, container: &Container) -> bool {
        container.is_here() && self.state.departure_named(&container.departure).is_none()
    }
}
