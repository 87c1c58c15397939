//! What bounds the loading of a departure beside its containers: trains, thresholds, balance, pairs.

use std::collections::{BTreeMap, BTreeSet};

use caravan_planning::{
    Balance, DepartureKey, HoldRules, Stream, TwentyFoot, Unpaired, VehicleKey, pair_boxes,
};
use caravan_postal::{Finding, Grams, Impc};

use super::{Station, unsigned};
use crate::change::Subject;
use crate::departure::{Container, ContainerState, Departure};
use crate::operation::{AXLE_OVERLOADED, BOX_UNPAIRED};
use crate::receptacle::Receptacle;
use crate::{ContainerId, DepartureId, ReceptacleId};

const DAY_MS: i64 = 24 * 3_600_000;
/// The length in feet of boxes that may have to share a wagon.
const PAIRED_FEET: u32 = 20;

impl Station {
    /// Returns a departure as the plan sees it; where its vehicles may be held back, with those after it, which tell
    /// whether anything in them must go now.
    pub(super) fn with_later(&self, id: DepartureId) -> Vec<caravan_planning::Departure> {
        let mut planned = vec![self.as_planned(id)];
        if planned[0].hold.is_none() {
            return planned;
        }
        let departs_ms = self.state.departures[&id].departs_ms;
        let later = self.state.departures.values().filter(|departure| {
            departure.is_ahead() && (departure.departs_ms, departure.id) > (departs_ms, id)
        });
        planned.extend(later.map(|departure| self.as_promised(departure.id)));
        planned
    }

    /// Returns the most that own boxes of a departure may weigh together: what the line allows, without the containers
    /// that come through and those that are sealed: nothing is loaded into them.
    pub(super) fn gross_max(&self, departure: &Departure) -> Option<Grams> {
        let most = self.config.train_max(self.config.route(&departure.route)?)?;
        let is_full =
            |container: &&Container| container.is_through || container.state == ContainerState::Sealed;
        let full = self.containers_of(&departure.key).filter(is_full);
        Some(full.fold(most, |left, container| left - container.weight()))
    }

    /// Returns when the vehicles of a departure are held back; `None` where its partners set no threshold.
    pub(super) fn hold_rules(&self, departure: &Departure) -> Option<HoldRules> {
        let route = self.config.route(&departure.route)?;
        let min_fill_permille = self.config.fill_min(&route.offices)?;
        let leaves = self.config.day(departure.departs_ms);
        let by_way = departure.outlook.as_ref().and_then(|outlook| outlook.arrives);
        let partners = route.offices.iter().filter_map(|office| self.config.partner(*office));
        let by_settings = partners.map(|partner| i64::from(partner.transit_days)).max().unwrap_or(0);
        let days = by_way.map_or(by_settings, |arrives| (arrives - leaves).num_days());
        let every_days = self.config.every_days();
        let leave_by = route.offices.iter().filter_map(|office| {
            let days = every_days.get(office)?;
            let left_ms = self.state.left.get(office).copied().or_else(|| self.waits_since(*office))?;
            Some((*office, HoldRules::leave_by_ms(left_ms, *days)))
        });
        Some(HoldRules {
            min_fill_permille,
            transit_ms: days.saturating_mul(DAY_MS),
            leave_by_ms: leave_by.collect::<BTreeMap<Impc, i64>>(),
        })
    }

    /// Returns since when the oldest receptacle for an office waits here.
    fn waits_since(&self, office: Impc) -> Option<i64> {
        let is_for = |one: &&Receptacle| {
            (one.items > 0 || one.is_through())
                && self.stream_of(one).is_some_and(|stream| stream.destination == office)
        };
        let here = self.state.receptacles.values().filter(|one| one.is_here()).filter(is_for);
        here.map(|one| one.opened_ms).min()
    }

    /// Returns until when what lies in a receptacle should be delivered, where its partner sets a target.
    pub(super) fn due_ms(&self, receptacle: &Receptacle, stream: Stream) -> Option<i64> {
        let days = self.config.partner(stream.destination)?.holding.target_days?;
        Some(receptacle.opened_ms.saturating_add(i64::from(days) * DAY_MS))
    }

    /// Keeps in mind when something last left for the offices that must not wait too long.
    pub(super) fn note_left(&mut self, receptacles: &[ReceptacleId]) {
        let every_days = self.config.every_days();
        let offices = receptacles.iter().filter_map(|id| {
            let office = self.stream_of(&self.state.receptacles[id])?.destination;
            every_days.contains_key(&office).then_some(office)
        });
        let offices: BTreeSet<Impc> = offices.collect();
        for office in offices {
            self.state.left.insert(office, self.now_ms);
            self.changes.left.insert(office);
        }
    }

    /// Looks at how what was loaded lies in its boxes, and which 20-ft boxes share a wagon.
    pub(super) fn look_at_loads(&mut self, departure: DepartureId, filled: &BTreeSet<ContainerId>) {
        for id in filled {
            let (balance, axle) = self.lies(&self.state.containers[id], &self.state.departures[&departure]);
            for finding in balance.map(|balance| balance.findings()).unwrap_or_default() {
                self.found(Subject::Container(*id), finding);
            }
            if let Some(finding) = axle {
                self.found(Subject::Container(*id), finding);
            }
        }
        let all: Vec<ContainerId> =
            self.containers_of(&self.state.departures[&departure].key).map(|found| found.id).collect();
        for (id, finding) in self.unpaired(departure, &all) {
            self.found(Subject::Container(id), finding);
        }
    }

    /// Returns how the load of a container lies on a departure, where that can be told, and what is found of its axles.
    pub(super) fn lies(
        &self,
        container: &Container,
        departure: &Departure,
    ) -> (Option<Balance>, Option<Finding>) {
        let Some(plan) = self.laid(container, departure) else { return (None, None) };
        let axle = plan.axle.filter(|(found, limit)| found > limit);
        let axle = axle
            .map(|(found, limit)| AXLE_OVERLOADED.finding([found.kg().to_string(), limit.kg().to_string()]));
        (Some(plan.balance), axle)
    }

    /// Returns the laden 20-ft boxes among those of a departure that its line takes only in pairs and that have no partner.
    pub(super) fn unpaired(&self, id: DepartureId, among: &[ContainerId]) -> Vec<(ContainerId, Finding)> {
        let departure = &self.state.departures[&id];
        let route = self.config.route(&departure.route);
        let Some((rules, line)) =
            self.config.loading.as_ref().zip(route.and_then(|route| route.line.as_ref()))
        else {
            return Vec::new();
        };
        let Some(line) = rules.rail_line(line.as_str()).filter(|line| line.is_paired_20) else {
            return Vec::new();
        };
        let boxes = among.iter().map(|id| &self.state.containers[id]);
        let boxes = boxes.filter(|container| container.receptacles > 0);
        let boxes = boxes.filter_map(|container| {
            let equipment = rules.equipment(container.equipment.as_deref()?)?;
            (equipment.feet == Some(PAIRED_FEET)).then(|| TwentyFoot {
                vehicle: VehicleKey(unsigned(container.id.0)),
                route: line.row.id.clone(),
                gross: container.gross + container.tare,
            })
        });
        let pairing = pair_boxes(&boxes.collect::<Vec<_>>(), line);
        let alone = pairing.alone.into_iter().map(|(key, why)| {
            let id = ContainerId(i64::try_from(key.0).expect("vehicles are containers"));
            let why = match why {
                Unpaired::TooHeavy => "too-heavy",
                Unpaired::NoOther => "no-other",
                Unpaired::TooDifferent => "too-different",
            };
            (id, BOX_UNPAIRED.finding([why]))
        });
        alone.collect()
    }

    /// Returns a departure's key as plans name it.
    pub(super) fn key_of(id: DepartureId) -> DepartureKey {
        DepartureKey(unsigned(id.0))
    }
}
