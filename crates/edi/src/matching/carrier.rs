//! What a carrier says of the receptacles that it was handed.

use std::collections::BTreeMap;

use caravan_postal::{Place, S8, S9};

use super::{Difference, Kind, Outcome, Told, key, unexpected};
use crate::consignment::Consignment;
use crate::resdit::{Event, EventKind, Report};

/// Compares a consignment that was handed to a carrier with all of the carrier's reports so far.
///
/// Awaited are receptacles that the carrier has not said it has, and those that it has and did not hand over. An event
/// that names no receptacle is one of the whole consignment. Events count by time, then as they were reported; the
/// times are local, so only what happens in one place is surely in order.
pub fn carrier(told: &Consignment, reports: &[Report]) -> Outcome {
    let subject = told.id.as_deref().unwrap_or_default();
    let mut events: Vec<&Event> = reports
        .iter()
        .flat_map(|report| &report.events)
        .filter(|event| event.consignment == told.id)
        .collect();
    events.sort_by_key(|event| event.at);
    let mut outcome = Outcome::default();
    let mut histories: BTreeMap<(S8, u32), History> = BTreeMap::new();
    for receptacle in &told.receptacles {
        let history = History { told: Some(Told::from(receptacle)), ..History::of(receptacle.s9) };
        histories.insert(key(receptacle.s9), history);
    }
    for event in events {
        let Some(kind) = event.kind() else { continue };
        if event.receptacles.is_empty() {
            let handed = histories.values_mut().filter(|history| history.told.is_some());
            handed.for_each(|history| history.take(kind, event.place));
        }
        for (s9, place) in &event.receptacles {
            histories.entry(key(*s9)).or_insert_with(|| History::of(*s9)).take(kind, *place);
        }
    }
    for history in histories.values() {
        let is_told = history.told.is_some();
        let weight = history.told.as_ref().and_then(Told::weight);
        let difference = |kind| Difference::new(kind, subject, history.s9).told(weight).at(history.place);
        if !is_told {
            let handed = told.receptacles.iter().map(|receptacle| receptacle.s9);
            outcome.differences.push(difference(unexpected(history.s9, handed)));
        }
        outcome.differences.extend(history.faults().map(difference));
        outcome.awaited.extend(history.awaited().filter(|_| is_told).map(difference));
    }
    outcome
}

/// What a carrier has said of one receptacle.
struct History {
    s9: S9,
    /// What was told of it; `None` when only the carrier knows it.
    told: Option<Told>,
    has_it: bool,
    is_lost: bool,
    is_left: bool,
    is_returned: bool,
    is_delivered: bool,
    /// Where the last event stands.
    place: Place,
}

impl History {
    fn of(s9: S9) -> Self {
        Self {
            s9,
            told: None,
            has_it: false,
            is_lost: false,
            is_left: false,
            is_returned: false,
            is_delivered: false,
            place: Place::Whole,
        }
    }

    fn take(&mut self, kind: EventKind, place: Place) {
        self.place = place;
        match kind {
            // A booking says nothing of what the carrier holds.
            EventKind::Assigned => return,
            EventKind::NotLoaded => self.is_left = true,
            EventKind::Lost => self.is_lost = true,
            EventKind::Found => self.is_lost = false,
            EventKind::Returned => self.is_returned = true,
            EventKind::Delivered => {
                (self.is_delivered, self.is_left, self.is_lost) = (true, false, false);
            }
            EventKind::Loaded
            | EventKind::Departed
            | EventKind::HandoverOnline
            | EventKind::HandoverOffline
            | EventKind::HandoverReceived
            | EventKind::Arrived
            | EventKind::Completed
            | EventKind::Ready => self.is_left = false,
            EventKind::Received => {}
        }
        self.has_it = true;
    }

    fn faults(&self) -> impl Iterator<Item = Kind> + use<> {
        let faults = [
            (self.is_lost, Kind::Lost),
            (self.is_returned, Kind::Returned),
            (self.is_left && !self.is_returned, Kind::NotLoaded),
        ];
        faults.into_iter().filter(|(is_so, _)| *is_so).map(|(_, kind)| kind)
    }

    fn awaited(&self) -> impl Iterator<Item = Kind> + use<> {
        let is_open = !self.is_delivered && !self.is_lost && !self.is_returned;
        let kind = if self.has_it { Kind::NotDelivered } else { Kind::Missing };
        is_open.then_some(kind).into_iter()
    }
}
