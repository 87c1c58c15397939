//! Filling one bin after another from a window of the items left.
//!
//! Where there are few items the window holds them all. Where there are many it holds a slice with items of every size,
//! and is refilled as the bins take from it, so that the cost grows with the number of items and not with its square.

use super::Steps;
use super::decreasing::number;
use super::instance::{Instance, Solution};

/// Fills bins until all items are packed; gives up when the budget is spent.
///
/// `pick` chooses what goes into the next bin from the waiting ranks, biggest first: positions in ascending order, the
/// first of them always 0, so that big items are not put off to the end.
pub(super) fn fill<const D: usize>(
    instance: &Instance<D>,
    window: usize,
    steps: &mut Steps,
    mut pick: impl FnMut(&[u32], &mut Steps) -> Vec<usize>,
) -> Option<Solution> {
    let items = instance.vectors.len();
    let slices = items.div_ceil(window.max(1));
    let mut next_slice = 0;
    let mut bin_of = vec![0; items];
    let mut waiting: Vec<u32> = Vec::new();
    let mut bins = 0;
    loop {
        if waiting.len() < window && next_slice < slices {
            waiting.extend((next_slice..items).step_by(slices).map(number));
            waiting.sort_unstable();
            next_slice += 1;
        }
        if waiting.is_empty() {
            return Some(Solution { bin_of, bins });
        }
        if steps.left() == 0 {
            return None;
        }
        let picked = pick(&waiting, steps);
        assert_eq!(picked.first(), Some(&0), "the biggest item waiting goes into the next bin");
        for position in &picked {
            bin_of[waiting[*position] as usize] = number(bins);
        }
        let mut picked = picked.into_iter().peekable();
        let mut position = 0;
        steps.take(waiting.len() as u64);
        waiting.retain(|_| {
            position += 1;
            picked.next_if_eq(&(position - 1)).is_none()
        });
        bins += 1;
    }
}
