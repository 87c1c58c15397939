//! Hold or go: whether a vehicle that is not full leaves, or waits with its mail for the next departure.

use std::collections::BTreeMap;

use caravan_postal::Impc;

use super::{Departure, Waiting};

/// When a vehicle of a departure is held back.
///
/// A vehicle under the least fill leaves only if something in it must: its target would be missed at the next departure, or
/// its office would go without a dispatch for too long, or no next departure is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoldRules {
    /// How full a vehicle must be in its fullest dimension, in per mille.
    pub min_fill_permille: u32,
    /// From the departure to the delivery.
    pub transit_ms: i64,
    /// Until when the next dispatch for an office must leave, milliseconds UTC; see [`HoldRules::leave_by_ms`].
    pub leave_by_ms: BTreeMap<Impc, i64>,
}

impl HoldRules {
    /// Returns until when the next dispatch must leave where there is to be one at least every so many days.
    pub fn leave_by_ms(last_left_ms: i64, every_days: u32) -> i64 {
        last_left_ms.saturating_add(i64::from(every_days) * 86_400_000)
    }

    /// Returns whether the receptacle must go now, for all that is planned after.
    pub(super) fn must_go(&self, waiting: &Waiting, later: &[&Departure]) -> bool {
        let office = waiting.stream.destination;
        let serves = |departure: &&&Departure| {
            departure.destinations.contains(&office)
                && departure.vehicles.iter().any(|vehicle| !vehicle.is_closed)
        };
        let Some(next) = later.iter().find(serves) else { return true };
        let transit_ms = next.hold.as_ref().map_or(self.transit_ms, |hold| hold.transit_ms);
        let would_arrive_ms = next.leaves_ms.saturating_add(transit_ms);
        let is_too_seldom = self.leave_by_ms.get(&office).is_some_and(|by_ms| *by_ms < next.leaves_ms);
        is_too_seldom || waiting.due_ms.is_some_and(|due_ms| due_ms < would_arrive_ms)
    }
}
