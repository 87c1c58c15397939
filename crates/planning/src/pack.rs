//! Packing a whole batch at once, with a proof of how good it is.
//!
//! The items lie before us, so several ways are tried and the best kept:
//!
//! - first-fit and best-fit decreasing;
//! - first fit by slices of items of every size, which shares small items out: for many items a bin;
//! - filling bin by bin along the scarce dimension, the dot product of Panigrahy, Talwar, Uyeda and Wieder (2011): for
//!   limits that bind by turns;
//! - filling bin by bin with least slack: for few items a bin;
//! - and last, emptying the least full bins into the others.
//!
//! All of them work on the items sorted by size, so that the order in which the items came changes nothing but which of
//! two equal items goes where.

mod bound;
mod by_bin;
mod complete;
mod decreasing;
mod dot_product;
mod improve;
mod instance;
mod rooms;

pub use bound::lower_bound;

use crate::{Capacity, Size};
use instance::{Instance, Solution};

/// One bin and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bin {
    /// The items, as indices into the input, ascending.
    pub items: Vec<usize>,
    /// What they take up together.
    pub content: Size,
}

/// Items packed into bins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packing {
    /// The bins; the one with the earliest item of the input comes first.
    pub bins: Vec<Bin>,
    /// Items that are too big for an empty bin, as indices into the input, ascending.
    pub too_big: Vec<usize>,
    /// No packing of the same items has fewer bins than this.
    pub lower_bound: usize,
    /// How many steps were taken: bins and items looked at.
    pub steps: u64,
}

/// The steps taken, and how many may be.
#[derive(Debug, Clone, Copy, Default)]
struct Steps {
    taken: u64,
    budget: u64,
}

impl Steps {
    fn take(&mut self, steps: u64) {
        self.taken = self.taken.saturating_add(steps);
    }

    fn left(&self) -> u64 {
        self.budget.saturating_sub(self.taken)
    }
}

/// Packs `items` into bins of `capacity`.
///
/// First-fit decreasing always runs to its end. The other ways run while the lower bound is not reached, and together
/// they take `budget_steps` steps; they look at the budget often, so that it is passed by no more than one look at every
/// item. Fifty steps an item are enough for mail, and 0 is first-fit decreasing alone.
pub fn pack(items: &[Size], capacity: Capacity, budget_steps: u64) -> Packing {
    let instance = Instance::new(items, capacity);
    let lower_bound = bound::of_vectors(&instance.vectors, &instance.capacity);
    let mut steps = Steps::default();
    let mut best = decreasing::first_fit(&instance, &mut steps);
    steps.budget = steps.taken.saturating_add(budget_steps);
    for way in [decreasing::best_fit, decreasing::sliced_first_fit, dot_product::fill, complete::fill] {
        if best.bins > lower_bound
            && steps.left() > 0
            && let Some(other) = way(&instance, &mut steps)
            && other.bins < best.bins
        {
            best = other;
        }
    }
    if best.bins > lower_bound && steps.left() > 0 {
        improve::empty_bins(&instance, &mut best, lower_bound, &mut steps);
    }
    assert!(best.bins >= lower_bound, "{} bins are fewer than the lower bound of {lower_bound}", best.bins);
    Packing {
        bins: gather(items, &instance, &best),
        too_big: instance.too_big,
        lower_bound,
        steps: steps.taken,
    }
}

/// Turns the solution back into the caller's indices.
fn gather(items: &[Size], instance: &Instance, solution: &Solution) -> Vec<Bin> {
    let mut bin_of_item = vec![None; items.len()];
    for (rank, bin) in solution.bin_of.iter().enumerate() {
        bin_of_item[instance.index_of[rank] as usize] = Some(*bin);
    }
    let mut number_of_bin = vec![None; solution.bins];
    let mut bins: Vec<Bin> = Vec::with_capacity(solution.bins);
    for (index, bin) in bin_of_item.into_iter().enumerate() {
        let Some(bin) = bin else { continue };
        let number = *number_of_bin[bin as usize].get_or_insert_with(|| {
            bins.push(Bin::default());
            bins.len() - 1
        });
        bins[number].items.push(index);
        bins[number].content += items[index];
    }
    bins
}
