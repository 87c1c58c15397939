//! What the vehicles of a departure have left, for the reasons of what stays.

use crate::{Capacity, Size};

/// What the vehicles of a departure have left, sorted, so that a reason is told without looking at each of them.
pub(super) struct Survey {
    /// By dimension, ascending; vehicles over their limit in it do not count.
    left: [Vec<u64>; 3],
}

impl Survey {
    pub(super) fn of(vehicles: impl Iterator<Item = (Capacity, Size)>) -> Self {
        let mut left: [Vec<u64>; 3] = Default::default();
        for (capacity, content) in vehicles {
            for (d, (most, taken)) in capacity.vector().into_iter().zip(content.vector()).enumerate() {
                left[d].extend(most.checked_sub(taken));
            }
        }
        for dimension in &mut left {
            dimension.sort_unstable();
        }
        Self { left }
    }

    /// Returns in how many vehicles there is enough left, by dimension.
    pub(super) fn enough(&self, size: Size) -> [usize; 3] {
        let wanted = size.vector();
        std::array::from_fn(|d| self.left[d].len() - self.left[d].partition_point(|left| *left < wanted[d]))
    }

    /// Returns the most that one vehicle has left, by dimension.
    pub(super) fn most(&self) -> [u64; 3] {
        std::array::from_fn(|d| self.left[d].last().copied().unwrap_or(0))
    }
}
