//! The most profitable content of one bin.

use super::Steps;
use super::decreasing::number;
use super::instance::{Vector, fits, give, take};
use super::kinds::{Kinds, Pattern};

/// The bits of a profit, at most; the product with a size then fits into 64 bits.
pub(super) const PROFIT_BITS: u32 = 32;
/// A table takes this many cells at most.
const CELLS_MAX: u64 = 4_000_000;
/// So many cells of a table cost what one step costs.
const CELLS_A_STEP: u64 = 4;

/// What a search found.
pub(super) struct Found {
    /// The best content, empty when none is worth more than was asked for.
    pub(super) pattern: Pattern,
    /// What it is worth.
    pub(super) profit: u64,
    /// Whether nothing is worth more.
    pub(super) is_proven: bool,
}

/// Searches for the content that is worth most, and more than `beyond`.
///
/// Depth first by profit per size with the bound of Dantzig, through `nodes_max` nodes; after that, in one dimension and
/// where it is small enough, by a table.
pub(super) fn fill<const D: usize>(
    kinds: &Kinds<D>,
    demand: &[u32],
    profits: &[u64],
    beyond: u64,
    nodes_max: u64,
    steps: &mut Steps,
) -> Found {
    let mut search = Search::new(kinds, demand, profits, beyond);
    let is_proven = search.run(nodes_max.min(steps.left()));
    steps.take(search.nodes + search.kinds.len() as u64);
    if !is_proven && D == 1 {
        let table = Table::new(&search, kinds.capacity[0]);
        if table.cells() <= CELLS_MAX && table.cells() / CELLS_A_STEP <= steps.left() {
            steps.take(table.cells() / CELLS_A_STEP);
            return table.fill(&search);
        }
    }
    Found { pattern: search.pattern(&search.best), profit: search.best_profit, is_proven }
}

/// The kinds that may be chosen, the most profitable for their size first.
struct Search<const D: usize> {
    kinds: Vec<Choice<D>>,
    room: Vector<D>,
    size_left: u64,
    profit: u64,
    chosen: Vec<(usize, u32)>,
    best: Vec<(usize, u32)>,
    best_profit: u64,
    nodes: u64,
}

struct Choice<const D: usize> {
    kind: u32,
    profit: u64,
    size: u64,
    demand: u32,
    vector: Vector<D>,
    /// The least that this kind or one after it takes up.
    least: Vector<D>,
}

impl<const D: usize> Search<D> {
    fn new(all: &Kinds<D>, demand: &[u32], profits: &[u64], beyond: u64) -> Self {
        let worth = (0..demand.len()).filter(|kind| demand[*kind] > 0 && profits[*kind] > 0);
        let mut kinds: Vec<Choice<D>> = worth
            .map(|kind| Choice {
                kind: number(kind),
                profit: profits[kind],
                size: all.sizes[kind],
                demand: demand[kind],
                vector: all.vectors[kind],
                least: all.vectors[kind],
            })
            .collect();
        kinds.sort_unstable_by(|a, b| {
            (b.profit * a.size).cmp(&(a.profit * b.size)).then_with(|| a.kind.cmp(&b.kind))
        });
        for index in (1..kinds.len()).rev() {
            let after = kinds[index].least;
            let least = &mut kinds[index - 1].least;
            *least = std::array::from_fn(|d| least[d].min(after[d]));
        }
        Self {
            kinds,
            room: all.capacity,
            size_left: all.size_of_bin,
            profit: 0,
            chosen: Vec::new(),
            best: Vec::new(),
            best_profit: beyond,
            nodes: 0,
        }
    }

    /// Returns whether all was looked at.
    fn run(&mut self, nodes_max: u64) -> bool {
        let mut from = 0;
        loop {
            self.descend(from);
            if self.profit > self.best_profit {
                self.best_profit = self.profit;
                self.best.clone_from(&self.chosen);
            }
            loop {
                if self.nodes > nodes_max {
                    return false;
                }
                let Some(next) = self.undo() else { return true };
                from = next;
                if self.profit + self.bound(from) > self.best_profit {
                    break;
                }
            }
        }
    }

    /// Takes as much as fits, in order, while more than the best can come of it.
    fn descend(&mut self, from: usize) {
        for index in from..self.kinds.len() {
            self.nodes += 1;
            let choice = &self.kinds[index];
            // A size of nothing bounds nothing.
            let at_most = (self.size_left * choice.profit).checked_div(choice.size).unwrap_or(u64::MAX / 2);
            if self.profit + at_most <= self.best_profit || !fits(&choice.least, &self.room) {
                return;
            }
            let mut times = 0;
            while times < choice.demand && fits(&choice.vector, &self.room) {
                take(&mut self.room, &choice.vector);
                times += 1;
            }
            if times > 0 {
                self.size_left -= choice.size * u64::from(times);
                self.profit += choice.profit * u64::from(times);
                self.chosen.push((index, times));
                if self.profit + self.bound(index + 1) <= self.best_profit {
                    return;
                }
            }
        }
    }

    /// Takes one item of the last choice back and returns the kind after it.
    fn undo(&mut self) -> Option<usize> {
        let (index, times) = self.chosen.pop()?;
        let choice = &self.kinds[index];
        give(&mut self.room, &choice.vector);
        self.size_left += choice.size;
        self.profit -= choice.profit;
        if times > 1 {
            self.chosen.push((index, times - 1));
        }
        self.nodes += 1;
        Some(index + 1)
    }

    /// Returns what the kinds from `from` may add at most: the last of them is cut so that the size is used up.
    fn bound(&self, from: usize) -> u64 {
        let (mut left, mut profit) = (self.size_left, 0);
        for choice in &self.kinds[from..] {
            let size = choice.size * u64::from(choice.demand);
            if size > left {
                return profit + left * choice.profit / choice.size;
            }
            left -= size;
            profit += choice.profit * u64::from(choice.demand);
        }
        profit
    }

    fn pattern(&self, chosen: &[(usize, u32)]) -> Pattern {
        let mut pattern: Pattern =
            chosen.iter().map(|(index, times)| (self.kinds[*index].kind, *times)).collect();
        pattern.sort_unstable();
        pattern
    }
}

/// The knapsack in one dimension by dynamic programming: a row for each lot of items, a column for each size of a bin.
struct Table {
    /// Index of the kind, and how many of it.
    lots: Vec<(usize, u32)>,
    columns: usize,
}

impl Table {
    /// Divides the demands into lots of 1, 2, 4 and so on, which add up to every number that is wanted.
    fn new<const D: usize>(search: &Search<D>, capacity: u64) -> Self {
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

    fn fill<const D: usize>(&self, search: &Search<D>) -> Found {
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
        Found { pattern: search.pattern(&chosen), profit, is_proven: true }
    }

    fn lot<const D: usize>(&self, search: &Search<D>, index: usize, lot: u32) -> (usize, u64) {
        let choice = &search.kinds[index];
        let size = usize::try_from(choice.vector[0] * u64::from(lot)).unwrap_or(self.columns);
        (size, choice.profit * u64::from(lot))
    }
}
