//! The knapsack as a table.

use super::Search;

/// A table takes this many cells at most.
const CELLS_MAX: u64 = 4_000_000;
/// So many cells of a table cost what one step costs.
const CELLS_A_STEP: u64 = 4;

/// The knapsack in one dimension by dynamic programming: a row for each lot of items, a column for each size of a bin.
pub(super) struct Table {
    /// Index of the kind, and how many of it.
    lots: Vec<(usize, u32)>,
    columns: usize,
}

impl Table {
    /// Divides the demands into lots of 1, 2, 4 and so on, which add up to every number that is wanted.
    pub(super) fn new<const D: usize>(search: &Search<D>, capacity: u64) -> Self {
        let mut lots = Vec::new();
        for (index, choice) in search.kinds.iter().enumerate() {
            let at_most = capacity
                .checked_div(choice.vector[0])
                .map_or(u32::MAX, |times| u32::try_from(times).unwrap_or(u32::MAX));
            let (mut left, mut lot) = (choice.demand.min(at_most), 1);
            while left > 0 {
                lots.push((index, lot.min(left)));
                left -= lot.min(left);
                lot *= 2;
            }
        }
        Self {
            lots,
            columns: usize::try_from(capacity).map_or(usize::MAX, |capacity| capacity.saturating_add(1)),
        }
    }

    fn cells(&self) -> u64 {
        (self.lots.len() as u64).saturating_mul(self.columns as u64)
    }

    /// Returns what filling costs; a table that is too big costs more than anybody has.
    pub(super) fn steps(&self) -> u64 {
        if self.cells() > CELLS_MAX { u64::MAX } else { self.cells() / CELLS_A_STEP }
    }

    /// Returns the best content, and what it is worth.
    pub(super) fn fill<const D: usize>(&self, search: &Search<D>) -> (Vec<(usize, u32)>, u64) {
        let mut profits = vec![0u64; self.columns];
        let mut is_taken = vec![false; self.columns * self.lots.len()];
        for (row, (index, lot)) in self.lots.iter().enumerate() {
            let (size, profit) = self.lot(search, *index, *lot);
            let row = &mut is_taken[row * self.columns..][..self.columns];
            for room in (size..self.columns).rev() {
                let with = profits[room - size] + profit;
                if with > profits[room] {
                    profits[room] = with;
                    row[room] = true;
                }
            }
        }
        let profit = profits[self.columns - 1];
        let (mut room, mut chosen) = (self.columns - 1, Vec::<(usize, u32)>::new());
        for (row, (index, lot)) in self.lots.iter().enumerate().rev() {
            if is_taken[row * self.columns + room] {
                room -= self.lot(search, *index, *lot).0;
                match chosen.last_mut() {
                    Some((last, times)) if last == index => *times += lot,
                    _ => chosen.push((*index, *lot)),
                }
            }
        }
        (chosen, profit)
    }

    fn lot<const D: usize>(&self, search: &Search<D>, index: usize, lot: u32) -> (usize, u64) {
        let choice = &search.kinds[index];
        let size = usize::try_from(choice.vector[0] * u64::from(lot)).unwrap_or(self.columns);
        (size, choice.profit * u64::from(lot))
    }
}
