//! The order of events: what cannot have happened before what.

use std::collections::BTreeMap;

use caravan_postal::{Finding, S10};

use super::{Event, EventKind};
use crate::codes;

/// Says which events lie in the future, and which happened before one that they must follow: EMA, EMB, EXA, EXB or EXC,
/// EMC, EMD, EDB, EME or EDC, EMF, EMG, EMH or EMI.
///
/// `events` are all that are known of any number of items, in any order, each with its time in milliseconds UTC: the
/// times of a message are local to their places, and the caller knows the zones. Of several events of one kind the
/// first counts, so that an item may be delivered, or looked at by customs, once more.
pub fn check_order<'e>(events: impl IntoIterator<Item = (&'e Event, i64)>, now_ms: i64) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut items: BTreeMap<S10, BTreeMap<EventKind, (i64, &Event)>> = BTreeMap::new();
    for (event, at_ms) in events {
        if at_ms > now_ms {
            let arguments = [event.item.to_string(), event.kind.as_str().to_owned()];
            findings.push(codes::EVENT_FUTURE.finding(arguments).at(event.place));
        }
        let first = items.entry(event.item).or_default().entry(event.kind).or_insert((at_ms, event));
        if (at_ms, event.place) < (first.0, first.1.place) {
            *first = (at_ms, event);
        }
    }
    for (item, kinds) in items {
        for (kind, (at_ms, event)) in &kinds {
            let is_broken = |(other, (other_ms, _)): &(&EventKind, &(i64, &Event))| {
                kind.follows(**other) && at_ms < other_ms
            };
            if let Some((before, _)) = kinds.iter().find(is_broken) {
                let arguments = [item.to_string(), kind.as_str().to_owned(), before.as_str().to_owned()];
                findings.push(codes::EVENT_ORDER.finding(arguments).at(event.place));
            }
        }
    }
    findings.sort();
    findings
}

impl EventKind {
    /// Returns whether it cannot happen before another event.
    fn follows(self, other: Self) -> bool {
        self.step().zip(other.step()).is_some_and(|(step, before)| step > before)
    }
}
