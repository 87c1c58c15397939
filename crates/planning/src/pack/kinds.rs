//! Items of the same size as one kind with a demand, and bins as patterns of kinds.

use super::decreasing::number;
use super::instance::{Instance, Solution, Vector};

/// The kinds of an instance, in the order of its ranks.
pub(super) struct Kinds<const D: usize> {
    /// What a bin takes.
    pub(super) capacity: Vector<D>,
    /// What one item of each kind takes up.
    pub(super) vectors: Vec<Vector<D>>,
    /// One number for what an item of each kind takes up: what fits into a bin never has more of it than a bin.
    pub(super) sizes: Vec<u64>,
    /// That number for a full bin.
    pub(super) size_of_bin: u64,
    /// How many items there are of each kind.
    pub(super) demand: Vec<u32>,
    /// The first rank of each kind.
    first_rank: Vec<u32>,
}

/// What lies in one bin: kinds, each with how many items, none twice.
pub(super) type Pattern = Vec<(u32, u32)>;

/// The bits of the size of a full bin, at most; the product with a profit then fits into 64 bits.
pub(super) const SIZE_BITS: u32 = 24;

impl<const D: usize> Kinds<D> {
    /// Groups the items, or gives up where there are more kinds than `most`.
    pub(super) fn new(instance: &Instance<D>, most: usize) -> Option<Self> {
        let mut kinds = Self {
            capacity: instance.capacity,
            vectors: Vec::new(),
            sizes: Vec::new(),
            size_of_bin: 1 << SIZE_BITS,
            demand: Vec::new(),
            first_rank: Vec::new(),
        };
        let is_exact = D == 1 && instance.capacity[0] < 1 << SIZE_BITS;
        if is_exact {
            kinds.size_of_bin = instance.capacity[0];
        }
        for (rank, vector) in instance.vectors.iter().enumerate() {
            if kinds.vectors.last() == Some(vector) {
                *kinds.demand.last_mut()? += 1;
                continue;
            }
            if kinds.vectors.len() == most {
                return None;
            }
            // Cut, not rounded: the sum over a bin stays below the whole.
            let part = u128::from(instance.scores[rank]) << SIZE_BITS;
            let part = part / u128::from(instance.score_of_bin.max(1));
            let size = u64::try_from(part).expect("a part is no bigger than the whole");
            kinds.sizes.push(if is_exact { vector[0] } else { size });
            kinds.vectors.push(*vector);
            kinds.demand.push(1);
            kinds.first_rank.push(number(rank));
        }
        Some(kinds)
    }

    /// Returns which bin each rank is in, when the patterns hold exactly the items there are.
    pub(super) fn solution(&self, bins: &[Pattern]) -> Solution {
        let items: u32 = self.demand.iter().sum();
        let mut bin_of = vec![u32::MAX; items as usize];
        let mut next = self.first_rank.clone();
        for (bin, pattern) in bins.iter().enumerate() {
            for (kind, times) in pattern {
                for _ in 0..*times {
                    bin_of[next[*kind as usize] as usize] = number(bin);
                    next[*kind as usize] += 1;
                }
            }
        }
        assert!(!bin_of.contains(&u32::MAX), "each item is in a bin");
        Solution { bin_of, bins: bins.len() }
    }

    /// Returns the patterns of a solution.
    pub(super) fn patterns(&self, solution: &Solution) -> Vec<Pattern> {
        let mut bins: Vec<Pattern> = vec![Vec::new(); solution.bins];
        for (kind, (first, demand)) in self.first_rank.iter().zip(&self.demand).enumerate() {
            for rank in *first..first + demand {
                let pattern = &mut bins[solution.bin_of[rank as usize] as usize];
                match pattern.last_mut() {
                    Some((last, times)) if *last as usize == kind => *times += 1,
                    _ => pattern.push((number(kind), 1)),
                }
            }
        }
        bins
    }

    /// Returns what a pattern leaves of a bin's size.
    pub(super) fn waste(&self, pattern: &Pattern) -> u64 {
        let sizes = pattern.iter().map(|(kind, times)| self.sizes[*kind as usize] * u64::from(*times));
        self.size_of_bin - sizes.sum::<u64>()
    }
}
