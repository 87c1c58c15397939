//! First fit and best fit: item by item, each into a bin that is already open if one takes it.

use std::collections::BTreeSet;

use super::Steps;
use super::instance::{Instance, Solution, fits, take};
use super::rooms::Rooms;

/// Puts each item into the first bin that takes it, the biggest first, whatever the budget.
pub(super) fn first_fit<const D: usize>(instance: &Instance<D>, steps: &mut Steps) -> Solution {
    let mut without_end = Steps { taken: 0, budget: u64::MAX };
    let solution = first_fit_in_order(instance, 0..instance.vectors.len(), &mut without_end);
    steps.take(without_end.taken);
    solution.expect("only a budget stops first fit")
}

/// A slice holds about the items of so many bins.
const SLICE_BINS: usize = 4;

/// Puts each item into the first bin that takes it, slice by slice, each slice with items of every size.
///
/// Biggest first, the smallest items are left to the last bins, which then run out of count with much volume unused;
/// slices give every bin its share of them. Gives up when the budget is spent, and where there is only one slice.
pub(super) fn sliced_first_fit<const D: usize>(
    instance: &Instance<D>,
    steps: &mut Steps,
) -> Option<Solution> {
    let items = instance.vectors.len();
    let slices = items / (SLICE_BINS * instance.items_per_bin()).max(1);
    if slices < 2 {
        return None;
    }
    let ranks = (0..slices).flat_map(|slice| (slice..items).step_by(slices));
    first_fit_in_order(instance, ranks, steps)
}

fn first_fit_in_order<const D: usize>(
    instance: &Instance<D>,
    ranks: impl Iterator<Item = usize>,
    steps: &mut Steps,
) -> Option<Solution> {
    let mut rooms = Rooms::new(instance.capacity);
    let mut bin_of = vec![0; instance.vectors.len()];
    for rank in ranks {
        if steps.left() == 0 {
            return None;
        }
        let item = &instance.vectors[rank];
        let (bin, visits) = rooms.first_fit(item);
        steps.take(visits);
        rooms.put(bin, item);
        bin_of[rank] = number(bin);
    }
    Some(Solution { bin_of, bins: rooms.opened() })
}

/// Best fit looks at this many bins for one item, then opens a new one.
const PROBES_MAX: usize = 32;

/// Puts each item into the bin that takes it with least room in the scarcest dimension; gives up when the budget is
/// spent.
///
/// Bins that would not take the smallest item in some dimension are put away, or they would fill all the probes.
pub(super) fn best_fit<const D: usize>(instance: &Instance<D>, steps: &mut Steps) -> Option<Solution> {
    let scarcest = instance.scarcest();
    let smallest = instance.smallest();
    let mut by_room: BTreeSet<(u64, u32)> = BTreeSet::new();
    let mut rooms = Vec::new();
    let mut bin_of = Vec::with_capacity(instance.vectors.len());
    for item in &instance.vectors {
        if steps.left() == 0 {
            return None;
        }
        let mut probes = 0;
        let found = by_room.range((item[scarcest], 0)..).take(PROBES_MAX).find(|(_, bin)| {
            probes += 1;
            fits(item, &rooms[*bin as usize])
        });
        let (room, bin) = found.copied().unwrap_or_else(|| {
            rooms.push(instance.capacity);
            (instance.capacity[scarcest], number(rooms.len() - 1))
        });
        steps.take(probes + 1);
        by_room.remove(&(room, bin));
        let left = &mut rooms[bin as usize];
        take(left, item);
        if fits(&smallest, left) {
            by_room.insert((left[scarcest], bin));
        }
        bin_of.push(bin);
    }
    Some(Solution { bin_of, bins: rooms.len() })
}

pub(super) fn number(bin: usize) -> u32 {
    u32::try_from(bin).expect("there are no more bins than items")
}
