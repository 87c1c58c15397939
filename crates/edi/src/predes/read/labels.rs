//! What the labels of an announced dispatch must say together.

use std::collections::BTreeMap;

use caravan_postal::{Finding, Handling, HighestFlag};

use super::{Advice, AdvisedReceptacle};
use crate::codes;

/// Says which numbers are left out, where the flag of the highest number is wrong, and which labels do not agree with
/// their items about registered and insured ones. Receptacles of another dispatch are passed over.
pub(super) fn check(advice: &Advice, findings: &mut Vec<Finding>) {
    let Some(s8) = advice.s8 else { return };
    let own = advice.receptacles.iter().filter(|receptacle| receptacle.s9.dispatch == s8);
    let by_serial: BTreeMap<u32, &AdvisedReceptacle> =
        own.map(|receptacle| (receptacle.s9.serial(), receptacle)).collect();
    let last = by_serial.keys().next_back().copied();
    let mut expected = 1;
    for (serial, receptacle) in by_serial {
        let (s9, place) = (receptacle.s9, receptacle.place);
        if serial > expected {
            let (from, to) = (format!("{expected:03}"), format!("{:03}", serial - 1));
            findings.push(codes::SERIAL_GAP.finding([s8.to_string(), from, to]).at(place));
        }
        expected = serial + 1;
        let is_last = Some(serial) == last;
        let is_wrong = match s9.highest {
            HighestFlag::Yes => !is_last,
            HighestFlag::No => is_last,
            // A label that was printed before the dispatch closed.
            HighestFlag::Unknown => false,
        };
        if is_wrong {
            findings.push(codes::HIGHEST_FLAG.finding([s9.to_string()]).at(place));
        }
        if s9.is_registered.is_some_and(|flag| receptacle.contradicts(flag)) {
            findings.push(codes::REGISTERED_FLAG.finding([s9.to_string()]).at(place));
        }
    }
}

impl AdvisedReceptacle {
    /// Returns whether what is said of the receptacle and its items contradicts the flag of its label. A flag without
    /// such an item is contradicted only where every item is named.
    fn contradicts(&self, is_registered: bool) -> bool {
        let is_special =
            |handling: Option<Handling>| handling.is_some_and(|handling| handling != Handling::Normal);
        let has_special =
            is_special(self.handling) || self.items.iter().any(|item| is_special(item.handling));
        let is_complete = self.item_count.is_some_and(|count| count as usize == self.items.len())
            && self.items.iter().all(|item| item.handling.is_some());
        if is_registered { !has_special && is_complete && self.handling.is_some() } else { has_special }
    }
}
