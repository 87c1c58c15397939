//! The way with the earliest arrival.
//!
//! Setting out later never means arriving earlier (borders and trains are only waited for), so that the shortest-path
//! search of Dijkstra (1959) holds with times that depend on the calendar.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use chrono::{Days, NaiveDate};

use super::calendar::Calendar;
use super::journey::{Journey, Path, PathLeg, Refusal, Rejected, Wait, WaitReason};
use super::{Carriage, Leg, Network};
use crate::table::{Confidence, Range, RowId};

/// Where a search stands: the place, and what it was reached with.
type State = (RowId, Option<Carriage>);

/// What a search found.
pub(super) struct Found {
    pub(super) path: Option<Path>,
    /// The legs that were looked at and could not be taken at all.
    pub(super) rejected: Vec<Rejected>,
}

/// A state that was reached, and how.
struct Label {
    state: State,
    before: Option<(usize, PathLeg)>,
}

impl Network {
    /// Searches the best way between two places.
    pub(super) fn search(&self, journey: &Journey, from: &RowId, to: &RowId, calendar: Calendar) -> Found {
        let mut labels = vec![Label { state: (from.clone(), None), before: None }];
        // Among equal times the way of fewer legs goes first, then the surer one.
        let mut queue = BinaryHeap::from([Reverse((0u32, 0usize, Confidence::Confirmed, 0usize))]);
        let mut settled: BTreeSet<State> = BTreeSet::new();
        let mut rejected: BTreeMap<RowId, Refusal> = BTreeMap::new();
        let mut taken: BTreeSet<RowId> = BTreeSet::new();
        let mut goal = None;
        while let Some(Reverse((hours, legs, confidence, index))) = queue.pop() {
            let state = labels[index].state.clone();
            if state.0 == *to {
                goal = Some(index);
                break;
            }
            if !settled.insert(state.clone()) {
                continue;
            }
            for id in self.from.get(&state.0).into_iter().flatten() {
                match self.step(journey, &self.legs[id], state.1, hours, Range::longest_of, calendar) {
                    Ok(leg) => {
                        taken.insert(id.clone());
                        let (hours, state) = (leg.end_hours, (leg.to.clone(), Some(leg.carriage)));
                        let confidence = confidence.max(leg.confidence);
                        queue.push(Reverse((hours, legs + 1, confidence, labels.len())));
                        labels.push(Label { state, before: Some((index, leg)) });
                    }
                    Err(refusal) => drop(rejected.entry(id.clone()).or_insert(refusal)),
                }
            }
        }
        rejected.retain(|leg, _| !taken.contains(leg));
        let rejected = rejected.into_iter().map(|(leg, refusal)| Rejected { leg, refusal }).collect();
        let path = goal.map(|goal| self.path(journey, legs_to(labels, goal), calendar));
        Found { path, rejected }
    }

    /// Walks given legs in their order.
    pub(super) fn walk(
        &self,
        journey: &Journey,
        legs: &[RowId],
        calendar: Calendar,
    ) -> Result<Path, Rejected> {
        let walked = self.walk_counting(journey, legs, Range::longest_of, calendar)?;
        Ok(self.path(journey, walked, calendar))
    }

    fn walk_counting(
        &self,
        journey: &Journey,
        legs: &[RowId],
        of: fn(Range) -> u32,
        calendar: Calendar,
    ) -> Result<Vec<PathLeg>, Rejected> {
        let (mut walked, mut carriage, mut hours) = (Vec::with_capacity(legs.len()), None, 0);
        for id in legs {
            let leg = self
                .step(journey, &self.legs[id], carriage, hours, of, calendar)
                .map_err(|refusal| Rejected { leg: id.clone(), refusal })?;
            (carriage, hours) = (Some(leg.carriage), leg.end_hours);
            walked.push(leg);
        }
        Ok(walked)
    }

    /// Takes one leg from `hours` on, or says why not.
    fn step(
        &self,
        journey: &Journey,
        leg: &Leg,
        before: Option<Carriage>,
        hours: u32,
        of: fn(Range) -> u32,
        calendar: Calendar,
    ) -> Result<PathLeg, Refusal> {
        let mut confidence = leg.row.confidence;
        let transfer = match before.filter(|before| *before != leg.carriage) {
            None => None,
            Some(before) => Some(
                self.transfer(&leg.from, before, leg.carriage)
                    .ok_or_else(|| Refusal::NoTransfer(leg.from.clone(), before, leg.carriage))?,
            ),
        };
        let transfer_hours = transfer.map_or(0, |transfer| of(transfer.hours));
        let ready = hours.saturating_add(transfer_hours);
        let ready_day = day_at(journey.leaves, ready)?;
        let start = self.start(leg, ready_day, journey.wait_days_max, calendar)?;
        let permitted = self.permit(leg, &journey.mail, &journey.agreements, start.day)?;
        let crossing = leg.crossing.as_ref().map(|id| &self.crossings[id].row);
        let rows = (start.rows.iter().chain(&permitted).copied())
            .chain(crossing)
            .chain(transfer.map(|transfer| &transfer.row))
            .chain(start.queue.map(|(row, _)| row));
        for row in rows {
            confidence = confidence.max(row.confidence);
        }
        let mut waits = start.waits;
        let mut begin = if start.day == ready_day { ready } else { hours_at(journey.leaves, start.day) };
        // The days waited are whole ones; of the first the part before the arrival is not waited for.
        if let Some(first) = waits.first_mut() {
            first.hours -= ready % 24;
        }
        if let Some((row, queue)) = start.queue.filter(|(_, queue)| of(*queue) > 0) {
            waits.push(Wait { row: row.id.clone(), reason: WaitReason::Queue, hours: of(queue) });
            begin = begin.saturating_add(of(queue));
        }
        let end_hours = begin.saturating_add(of(leg.hours));
        Ok(PathLeg {
            leg: leg.row.id.clone(),
            from: leg.from.clone(),
            to: leg.to.clone(),
            carriage: leg.carriage,
            crossing: leg.crossing.clone(),
            handover: leg.handover.clone(),
            partner: leg.partner,
            leaves: day_at(journey.leaves, begin)?,
            arrives: day_at(journey.leaves, end_hours)?,
            transfer_hours,
            waits,
            permitted_by: permitted.into_iter().map(|row| row.id.clone()).collect(),
            end_hours,
            confidence,
        })
    }

    fn path(&self, journey: &Journey, legs: Vec<PathLeg>, calendar: Calendar) -> Path {
        let ids: Vec<RowId> = legs.iter().map(|leg| leg.leg.clone()).collect();
        let arrives = legs.last().map_or(journey.leaves, |leg| leg.arrives);
        // With shorter legs a closed day may be met that the longer ones pass by; then the plan's own day stands.
        let shortest = self.walk_counting(journey, &ids, Range::shortest_of, calendar).ok();
        let arrives_earliest =
            shortest.and_then(|legs| legs.last().map(|leg| leg.arrives)).unwrap_or(arrives).min(arrives);
        let published = self.routes.values().find(|route| route.legs == ids);
        Path {
            leaves: journey.leaves,
            arrives,
            arrives_earliest,
            days: u32::try_from((arrives - journey.leaves).num_days()).unwrap_or(0),
            confidence: legs.iter().map(|leg| leg.confidence).max().unwrap_or(Confidence::Confirmed),
            published: published.map(|route| (route.row.id.clone(), route.days)),
            legs,
        }
    }
}

/// Returns the legs that lead to a label.
fn legs_to(mut labels: Vec<Label>, goal: usize) -> Vec<PathLeg> {
    let (mut legs, mut at) = (Vec::new(), goal);
    while let Some((before, leg)) = labels[at].before.take() {
        legs.push(leg);
        at = before;
    }
    legs.reverse();
    legs
}

/// Returns the day on which an hour after the departure falls; past the end of the calendar nothing is in force.
fn day_at(leaves: NaiveDate, hours: u32) -> Result<NaiveDate, Refusal> {
    leaves.checked_add_days(Days::new(u64::from(hours / 24))).ok_or(Refusal::NotInForce)
}

/// Returns the hours from the departure to the beginning of a later day.
fn hours_at(leaves: NaiveDate, day: NaiveDate) -> u32 {
    u32::try_from((day - leaves).num_hours()).unwrap_or(u32::MAX)
}

impl Range {
    fn longest_of(self) -> u32 {
        self.longest
    }

    fn shortest_of(self) -> u32 {
        self.shortest
    }
}
