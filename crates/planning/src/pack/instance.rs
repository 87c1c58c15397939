//! A packing problem in the form in which it is solved: items as vectors, biggest first.

use crate::size::{WHOLE, share};

/// What an item takes up, or a bin takes, in each dimension.
pub(super) type Vector<const D: usize> = [u64; D];

/// The items that fit into an empty bin, sorted by score, and what is needed to choose among them.
///
/// A rank is a position in that order; ranks depend on sizes alone.
pub(super) struct Instance<const D: usize> {
    /// What a bin takes.
    pub(super) capacity: Vector<D>,
    /// The items by rank.
    pub(super) vectors: Vec<Vector<D>>,
    /// The score of each item by rank: how much of a bin it takes, scarce dimensions counting more.
    pub(super) scores: Vec<u64>,
    /// The score of a full bin: at least the sum of the scores of whatever fits.
    pub(super) score_of_bin: u64,
    /// How scarce each dimension is, the scarcest being [`SCARCEST`].
    pub(super) scarcity: Vector<D>,
    /// The index in the input of each rank.
    pub(super) index_of: Vec<u32>,
}

/// Which bin each rank is in.
pub(super) struct Solution {
    /// The bin of each rank.
    pub(super) bin_of: Vec<u32>,
    /// How many bins there are.
    pub(super) bins: usize,
}

/// The scarcity of the scarcest dimension.
const SCARCEST: u64 = 1 << 10;

impl<const D: usize> Instance<D> {
    /// Sorts items, each with its index in the input; each of them fits into an empty bin.
    pub(super) fn new(items: Vec<(u32, Vector<D>)>, capacity: Vector<D>) -> Self {
        let scarcity = scarcity(&items, &capacity);
        let score = |vector: &Vector<D>| -> u64 {
            (0..D).filter(|d| scarcity[*d] > 0).map(|d| scarcity[d] * share(vector[d], capacity[d])).sum()
        };
        let mut ranked: Vec<(u64, u32, Vector<D>)> =
            items.into_iter().map(|(index, vector)| (score(&vector), index, vector)).collect();
        ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| b.2.cmp(&a.2)).then_with(|| a.1.cmp(&b.1)));
        Self {
            capacity,
            scores: ranked.iter().map(|ranked| ranked.0).collect(),
            vectors: ranked.iter().map(|ranked| ranked.2).collect(),
            index_of: ranked.iter().map(|ranked| ranked.1).collect(),
            score_of_bin: scarcity.iter().sum::<u64>() * WHOLE,
            scarcity,
        }
    }

    /// Returns about how many items go into a bin, rather too many than too few.
    pub(super) fn items_per_bin(&self) -> usize {
        let total: u128 = self.scores.iter().map(|score| u128::from(*score)).sum();
        let items = self.scores.len();
        let per_bin = items as u128 * u128::from(self.score_of_bin) / total.max(1);
        usize::try_from(per_bin).map_or(items, |per_bin| per_bin.min(items))
    }

    /// Returns the scarcest dimension.
    pub(super) fn scarcest(&self) -> usize {
        (0..D).rev().max_by_key(|d| self.scarcity[*d]).unwrap_or(0)
    }

    /// Returns the least that any item takes up in each dimension.
    pub(super) fn smallest(&self) -> Vector<D> {
        self.vectors
            .iter()
            .fold([u64::MAX; D], |least, vector| std::array::from_fn(|d| least[d].min(vector[d])))
    }
}

/// Returns how many bins each dimension would fill by itself, the greatest of them being [`SCARCEST`].
fn scarcity<const D: usize>(items: &[(u32, Vector<D>)], capacity: &Vector<D>) -> Vector<D> {
    let mut totals = [0u128; D];
    for (_, vector) in items {
        for d in 0..D {
            totals[d] += u128::from(vector[d]);
        }
    }
    let bins = std::array::from_fn::<u128, D, _>(|d| {
        totals[d].saturating_mul(1 << 20) / u128::from(capacity[d].max(1))
    });
    let most = bins.iter().copied().max().unwrap_or(0).max(1);
    bins.map(|bins| {
        let shift = (128 - most.leading_zeros()).saturating_sub(64);
        let scaled = (bins >> shift) * u128::from(SCARCEST) / (most >> shift).max(1);
        u64::try_from(scaled).expect("no dimension is scarcer than the scarcest")
    })
}

/// Returns whether an item fits into what is left of a bin.
pub(super) fn fits<const D: usize>(item: &Vector<D>, room: &Vector<D>) -> bool {
    (0..D).all(|d| item[d] <= room[d])
}

/// Takes an item's size from what is left of a bin.
pub(super) fn take<const D: usize>(room: &mut Vector<D>, item: &Vector<D>) {
    for d in 0..D {
        room[d] -= item[d];
    }
}

/// Gives an item's size back.
pub(super) fn give<const D: usize>(room: &mut Vector<D>, item: &Vector<D>) {
    for d in 0..D {
        room[d] += item[d];
    }
}
