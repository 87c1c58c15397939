//! What a carrier says of the receptacles that it was handed.

use std::collections::BTreeMap;

use caravan_postal::{Place, S8, S9};

use super::{Difference, Kind, Outcome, Told, destinations, key, unexpected};
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
    let destinations = destinations(told.receptacles.iter().map(|receptacle| receptacle.s9));
    for history in histories.values() {
        let is_told = history.told.is_some();
        let weight = history.told.as_ref().and_then(Told::weight);
        let difference = |kind| Difference::new(kind, subject, history.s9).told(weight).at(history.place);
        if !is_told {
            outcome.differences.push(difference(unexpected(history.s9, &destinations)));
        }
        outcome.differences.extend(history.fault().map(difference));
        outcome.awaited.extend(history.awaited().filter(|_| is_told).map(difference));
    }
    outcome
}

/// What a carrier has said of one receptacle.
struct History {
    s9: S9,
    /// What was told of it; `None` when only the carrier knows it.
    told: Option<Told>,
    state: State,
    /// Where the last event stands.
    place: Place,
}

/// Where the carrier has a receptacle, by its last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It has said nothing.
    Unknown,
    /// It has it.
    Held,
    /// It has it and left it behind.
    Left,
    /// It lost it.
    Lost,
    /// It gave it back.
    Returned,
    /// It handed it over.
    Delivered,
}

impl History {
    fn of(s9: S9) -> Self {
        Self { s9, told: None, state: State::Unknown, place: Place::Whole }
    }

    fn take(&mut self, kind: EventKind, place: Place) {
        self.place = place;
        // A delivery is not taken back by what is reported late.
        let held = if self.state == State::Delivered { State::Delivered } else { State::Held };
        self.state = match kind {
            // A booking says nothing of what the carrier holds.
            EventKind::Assigned => self.state,
            EventKind::NotLoaded => State::Left,
            EventKind::Lost => State::Lost,
            EventKind::Returned => State::Returned,
            EventKind::Delivered => State::Delivered,
            EventKind::Received
            | EventKind::HandoverReceived
            | EventKind::Loaded
            | EventKind::Departed
            | EventKind::HandoverOnline
            | EventKind::HandoverOffline
            | EventKind::Arrived
            | EventKind::Completed
            | EventKind::Ready
            | EventKind::Found => held,
        };
    }

    fn fault(&self) -> Option<Kind> {
        match self.state {
            State::Left => Some(Kind::NotLoaded),
            State::Lost => Some(Kind::Lost),
            State::Returned => Some(Kind::Returned),
            State::Unknown | State::Held | State::Delivered => None,
        }
    }

    fn awaited(&self) -> Option<Kind> {
        match self.state {
            State::Unknown => Some(Kind::Missing),
            State::Held | State::Left => Some(Kind::NotDelivered),
            State::Lost | State::Returned | State::Delivered => None,
        }
    }
}
