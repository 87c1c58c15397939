//! Dispatches that do not go as a whole.

use std::collections::BTreeMap;

use super::{DeparturePlan, DispatchKey, Lock, Waiting};
use crate::ReceptacleKey;

/// A dispatch whose receptacles go different ways; each receptacle goes as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitDispatch {
    /// The dispatch.
    pub dispatch: DispatchKey,
    /// How many of its receptacles go with which vehicle of which departure.
    pub parts: BTreeMap<Lock, u32>,
    /// How many go with none.
    pub left: u32,
}

/// Returns the dispatches that are in more than one place, by key.
pub(super) fn dispatches(waiting: &[Waiting], planned: &[DeparturePlan]) -> Vec<SplitDispatch> {
    let loads = planned.iter().flat_map(|plan| plan.loads.iter().map(move |load| (plan.departure, load)));
    let places: BTreeMap<ReceptacleKey, Lock> = loads
        .flat_map(|(departure, load)| {
            let place = Lock { departure, vehicle: load.vehicle };
            load.receptacles.iter().map(move |receptacle| (*receptacle, place))
        })
        .collect();
    let mut found: BTreeMap<DispatchKey, SplitDispatch> = BTreeMap::new();
    for one in waiting {
        let nothing = SplitDispatch { dispatch: one.dispatch, parts: BTreeMap::new(), left: 0 };
        let split = found.entry(one.dispatch).or_insert(nothing);
        match places.get(&one.receptacle) {
            Some(place) => *split.parts.entry(*place).or_default() += 1,
            None => split.left += 1,
        }
    }
    let is_split = |split: &SplitDispatch| split.parts.len() + usize::from(split.left > 0) > 1;
    found.into_values().filter(is_split).collect()
}
