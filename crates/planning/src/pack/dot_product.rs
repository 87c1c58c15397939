//! Choosing always the item that goes best with what is left in the bin, scarce dimensions counting more.

use super::instance::{Instance, Solution, Vector, fits, take};
use super::{Steps, by_bin};
use crate::size::share;

/// A window of the items of fewer bins than this is too poor a choice to fill a bin well.
const WINDOW_MIN_BINS: usize = 4;

/// Fills the bins one by one; does not begin where the budget would not last.
pub(super) fn fill<const D: usize>(instance: &Instance<D>, steps: &mut Steps) -> Option<Solution> {
    let items = instance.vectors.len();
    // A choice looks at one and a half windows on average, and each item is chosen once.
    let affordable = steps.left() / (3 * items as u64).max(1);
    let window = usize::try_from(affordable).unwrap_or(usize::MAX).min(items);
    if window < items.min(WINDOW_MIN_BINS * instance.items_per_bin()) {
        return None;
    }
    let shares: Vec<Vector<D>> =
        instance.vectors.iter().map(|vector| shares(vector, &instance.capacity)).collect();
    by_bin::fill(instance, window, steps, |waiting, steps| pick(instance, &shares, waiting, steps))
}

fn pick<const D: usize>(
    instance: &Instance<D>,
    shares_of: &[Vector<D>],
    waiting: &[u32],
    steps: &mut Steps,
) -> Vec<usize> {
    let mut room = instance.capacity;
    let mut left: Vec<usize> = (0..waiting.len()).collect();
    let mut picked = Vec::new();
    let mut choice = Some(0);
    while let Some(index) = choice {
        let position = left.remove(index);
        take(&mut room, &instance.vectors[waiting[position] as usize]);
        picked.push(position);
        // What does not fit now will not fit later.
        left.retain(|position| fits(&instance.vectors[waiting[*position] as usize], &room));
        steps.take(left.len() as u64 + 1);
        choice = if steps.left() == 0 { None } else { best(instance, shares_of, waiting, &left, &room) };
    }
    picked.sort_unstable();
    picked
}

/// Returns which of the items left goes best with the room; among equals the biggest.
fn best<const D: usize>(
    instance: &Instance<D>,
    shares_of: &[Vector<D>],
    waiting: &[u32],
    left: &[usize],
    room: &Vector<D>,
) -> Option<usize> {
    let wanted = shares(room, &instance.capacity);
    let wanted: Vector<D> = std::array::from_fn(|d| wanted[d] * instance.scarcity[d]);
    // Shares have 20 bits and scarcities 10, so that sixteen products stay below 2^54.
    let product = |position: usize| -> u64 {
        let shares = &shares_of[waiting[position] as usize];
        (0..D).map(|d| wanted[d] * shares[d]).sum()
    };
    (0..left.len()).rev().max_by_key(|index| product(left[*index]))
}

fn shares<const D: usize>(vector: &Vector<D>, capacity: &Vector<D>) -> Vector<D> {
    std::array::from_fn(|d| share(vector[d], capacity[d]))
}
