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
mod columns;
mod complete;
mod correction;
mod decreasing;
mod dive;
mod dot_product;
mod exchange;
mod improve;
mod instance;
mod kinds;
mod knapsack;
mod master;
mod rooms;
mod search;

use crate::{Capacity, Size};
use instance::{Instance, Solution, Vector};

/// The most dimensions that a packing may have.
pub const DIMENSIONS_MAX: usize = 16;

/// The budget of a search that nobody set one for: about a second for a few hundred items of the classic sets.
pub const DEFAULT_BUDGET_STEPS: u64 = 200_000_000;

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

/// Items of any dimensions packed into bins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrangement {
    /// The items of each bin, as indices into the input, ascending; the bin with the earliest item comes first.
    pub bins: Vec<Vec<usize>>,
    /// Items that are too big for an empty bin, as indices into the input, ascending.
    pub too_big: Vec<usize>,
    /// No packing of the same items has fewer bins than this.
    pub lower_bound: usize,
    /// How many steps were taken: bins, items and nodes of a search looked at.
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
    let arrangement =
        arrange(items.len(), &capacity.vector(), |item, d| items[item].vector()[d], budget_steps);
    let bin = |indices: Vec<usize>| {
        let content = indices.iter().map(|index| items[*index]).sum();
        Bin { items: indices, content }
    };
    Packing {
        bins: arrangement.bins.into_iter().map(bin).collect(),
        too_big: arrangement.too_big,
        lower_bound: arrangement.lower_bound,
        steps: arrangement.steps,
    }
}

/// Packs items of as many dimensions as the capacity has, 1 to [`DIMENSIONS_MAX`], as [`pack`] does.
///
/// `sizes` holds the sizes of the first item, then those of the second, and so on.
///
/// # Panics
///
/// Where the capacity has no dimension or too many, or `sizes` is not a multiple of it.
pub fn pack_vectors(sizes: &[u64], capacity: &[u64], budget_steps: u64) -> Arrangement {
    let dimensions = capacity.len();
    assert!((1..=DIMENSIONS_MAX).contains(&dimensions), "a capacity of {dimensions} dimensions");
    assert!(sizes.len().is_multiple_of(dimensions), "every item has {dimensions} dimensions");
    arrange(sizes.len() / dimensions, capacity, |item, d| sizes[item * dimensions + d], budget_steps)
}

/// Returns a number of bins that no packing of `items` can stay below; items too big for an empty bin do not count.
///
/// It is the bound that is found without a search; a packing may come with a better one.
pub fn lower_bound(items: &[Size], capacity: Capacity) -> usize {
    let fitting: Vec<Vector<3>> =
        items.iter().filter(|item| capacity.takes(**item)).map(|item| item.vector()).collect();
    bound::of_vectors(&fitting, &capacity.vector())
}

/// Leaves out the items that are too big and the dimensions that never bind, and packs the others.
fn arrange(
    items: usize,
    capacity: &[u64],
    size: impl Fn(usize, usize) -> u64,
    budget_steps: u64,
) -> Arrangement {
    let (mut fitting, mut too_big) = (Vec::with_capacity(items), Vec::new());
    for item in 0..items {
        if capacity.iter().enumerate().all(|(d, capacity)| size(item, d) <= *capacity) {
            fitting.push(u32::try_from(item).expect("a batch is below four billion items"));
        } else {
            too_big.push(item);
        }
    }
    let binding = binding(&fitting, capacity, &size);
    let batch = Batch { items, fitting: &fitting, capacity, binding: &binding, size: &size, budget_steps };
    let (bins, lower_bound, steps) = match binding.len() {
        0 | 1 => batch.pack::<1>(),
        2 => batch.pack::<2>(),
        3 => batch.pack::<3>(),
        4 | 5 => batch.pack::<5>(),
        6..=8 => batch.pack::<8>(),
        _ => batch.pack::<DIMENSIONS_MAX>(),
    };
    Arrangement { bins, too_big, lower_bound, steps }
}

/// Returns the dimensions that can keep items out of a bin in which all others have room.
///
/// Not those of which one bin takes everything, and not those of which each item takes a smaller part than of another.
fn binding(fitting: &[u32], capacity: &[u64], size: &impl Fn(usize, usize) -> u64) -> Vec<usize> {
    let total = |d: usize| -> u128 { fitting.iter().map(|item| u128::from(size(*item as usize, d))).sum() };
    let mut left: Vec<usize> = (0..capacity.len()).filter(|d| total(*d) > u128::from(capacity[*d])).collect();
    let is_below = |d: usize, other: usize| {
        fitting.iter().all(|item| {
            let (part, greater) = (size(*item as usize, d), size(*item as usize, other));
            u128::from(part) * u128::from(capacity[other]) <= u128::from(greater) * u128::from(capacity[d])
        })
    };
    let mut index = 0;
    while index < left.len() {
        let d = left[index];
        if left.iter().any(|other| *other != d && is_below(d, *other)) {
            left.remove(index);
        } else {
            index += 1;
        }
    }
    left
}

/// What is to be packed, seen through the dimensions that bind.
struct Batch<'a, F> {
    items: usize,
    fitting: &'a [u32],
    capacity: &'a [u64],
    binding: &'a [usize],
    size: &'a F,
    budget_steps: u64,
}

impl<F: Fn(usize, usize) -> u64> Batch<'_, F> {
    /// Packs in `D` dimensions, of which those beyond the binding ones are nothing.
    fn pack<const D: usize>(&self) -> (Vec<Vec<usize>>, usize, u64) {
        let capacity: Vector<D> =
            std::array::from_fn(|d| self.binding.get(d).map_or(0, |d| self.capacity[*d]));
        let vector = |item: u32| -> Vector<D> {
            std::array::from_fn(|d| self.binding.get(d).map_or(0, |d| (self.size)(item as usize, *d)))
        };
        let vectors = self.fitting.iter().map(|item| (*item, vector(*item))).collect();
        let instance = Instance::new(vectors, capacity);
        let mut steps = Steps::default();
        let (solution, lower_bound) = search::run(&instance, self.budget_steps, &mut steps);
        (gather(self.items, &instance, &solution), lower_bound, steps.taken)
    }
}

/// Turns the solution back into the caller's indices.
fn gather<const D: usize>(items: usize, instance: &Instance<D>, solution: &Solution) -> Vec<Vec<usize>> {
    let mut bin_of_item = vec![None; items];
    for (rank, bin) in solution.bin_of.iter().enumerate() {
        bin_of_item[instance.index_of[rank] as usize] = Some(*bin);
    }
    let mut number_of_bin = vec![None; solution.bins];
    let mut bins: Vec<Vec<usize>> = Vec::with_capacity(solution.bins);
    for (index, bin) in bin_of_item.into_iter().enumerate() {
        let Some(bin) = bin else { continue };
        let number = *number_of_bin[bin as usize].get_or_insert_with(|| {
            bins.push(Vec::new());
            bins.len() - 1
        });
        bins[number].push(index);
    }
    bins
}
