//! The most profitable content of one bin.

mod ends;
mod narrow;
mod table;

use ends::Ends;
use table::Table;

use super::Steps;
use super::decreasing::number;
use super::instance::{Vector, fits, give, take};
use super::kinds::{Kinds, Pattern};

/// The bits of a profit, at most; the product with a size then fits into 64 bits.
pub(super) const PROFIT_BITS: u32 = 32;
/// A table may take so many times the steps that the nodes of the search may.
const TABLE_TIMES: u64 = 16;
/// So many kinds cost what one step costs to look which of them are there, and to add them up for a bound.
const KINDS_A_STEP: u64 = 4;

/// How long a search may take.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    /// How many nodes are looked at.
    pub(super) nodes: u64,
    /// Whether a table may answer what the nodes did not.
    pub(super) has_table: bool,
    /// Whether more than one good content is wanted.
    pub(super) is_wide: bool,
}

/// What a search found.
pub(super) struct Found {
    /// The contents found, each better than the one before; none when none is worth more than was asked for.
    pub(super) patterns: Vec<Pattern>,
    /// What it is worth.
    pub(super) profit: u64,
    /// Nothing is worth more than this.
    pub(super) most: u64,
    /// Whether nothing is worth more than what was found.
    pub(super) is_proven: bool,
}

/// Searches for the content that is worth most, and more than `beyond`.
///
/// Depth first by profit per size with the bound of Dantzig; after that, in one dimension and where it is small enough,
/// by a table.
pub(super) fn fill<const D: usize>(
    kinds: &Kinds<D>,
    demand: &[u32],
    profits: &[u64],
    beyond: u64,
    effort: Effort,
    steps: &mut Steps,
) -> Found {
    let mut search = Search::new(kinds, demand, profits, beyond);
    let table = (D == 1 && effort.has_table).then(|| Table::new(&search, kinds.capacity[0]));
    let table_steps = effort.nodes.saturating_mul(TABLE_TIMES).min(steps.left());
    let table = table.filter(|table| table.steps() <= table_steps);
    let nodes = table.as_ref().map_or(effort.nodes, |table| effort.nodes.min(table.steps()));
    let is_narrow = narrow::serves(&search);
    if effort.has_table && !is_narrow {
        search.ends = Ends::new(&search, kinds);
        steps.take(search.ends.as_ref().map_or(0, |ends| ends.steps));
    }
    let nodes = nodes.min(steps.left());
    let most = if is_narrow { search.run_narrow(beyond, effort, nodes) } else { search.run(nodes) };
    let is_proven = most <= search.best_profit;
    steps.take(search.nodes + sorting(search.kinds.len()));
    steps.take((demand.len() as u64 + search.walked) / KINDS_A_STEP);
    if !is_proven && let Some(table) = table {
        steps.take(table.steps());
        let (chosen, profit) = table.fill(&search);
        if profit > search.best_profit {
            search.best_profit = profit;
            search.found.push(chosen);
        }
        let most = search.best_profit;
        return search.end(most);
    }
    search.end(most)
}

/// Returns what it costs to sort so many kinds.
fn sorting(kinds: usize) -> u64 {
    kinds as u64 * u64::from(kinds.checked_ilog2().unwrap_or(0) + 1)
}

/// The kinds that may be chosen, the most profitable for their size first.
struct Search<const D: usize> {
    kinds: Vec<Choice<D>>,
    room: Vector<D>,
    size_left: u64,
    profit: u64,
    chosen: Vec<(usize, u32)>,
    found: Vec<Vec<(usize, u32)>>,
    best_profit: u64,
    nodes: u64,
    /// How many kinds were added up for bounds.
    walked: u64,
    ends: Option<Ends>,
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
            found: Vec::new(),
            best_profit: beyond,
            nodes: 0,
            walked: 0,
            ends: None,
        }
    }

    /// Returns what nothing is worth more than: the best found, where all was looked at.
    fn run(&mut self, nodes_max: u64) -> u64 {
        let mut from = 0;
        loop {
            self.descend(from);
            if self.profit > self.best_profit {
                self.best_profit = self.profit;
                self.found.push(self.chosen.clone());
            }
            loop {
                if self.nodes > nodes_max {
                    return self.most_of_the_rest();
                }
                let Some(next) = self.undo() else { return self.best_profit };
                from = next;
                if self.profit + self.bound(from) > self.best_profit {
                    break;
                }
            }
        }
    }

    /// Returns what nothing is worth more than, by the bounds of all that was not looked at.
    fn most_of_the_rest(&mut self) -> u64 {
        let mut most = self.best_profit;
        while let Some(next) = self.undo() {
            most = most.max(self.profit + self.bound(next));
        }
        most
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
    fn bound(&mut self, from: usize) -> u64 {
        if let Some(most) = self.ends.as_ref().and_then(|ends| ends.bound(self.size_left)) {
            return most;
        }
        let (mut left, mut profit) = (self.size_left, 0);
        for choice in &self.kinds[from..] {
            self.walked += 1;
            let size = choice.size * u64::from(choice.demand);
            if size > left {
                return profit + left * choice.profit / choice.size;
            }
            left -= size;
            profit += choice.profit * u64::from(choice.demand);
        }
        profit
    }

    fn end(self, most: u64) -> Found {
        let patterns = self.found.iter().map(|chosen| self.pattern(chosen)).collect();
        Found { patterns, profit: self.best_profit, most, is_proven: most <= self.best_profit }
    }

    fn pattern(&self, chosen: &[(usize, u32)]) -> Pattern {
        let mut pattern: Pattern =
            chosen.iter().map(|(index, times)| (self.kinds[*index].kind, *times)).collect();
        pattern.sort_unstable();
        pattern
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Effort, fill};
    use crate::pack::Steps;
    use crate::pack::instance::{Instance, Vector, fits, give, take};
    use crate::pack::kinds::Kinds;

    /// Returns the most that a bin can be worth, by trying everything.
    fn most<const D: usize>(kinds: &Kinds<D>, profits: &[u64], kind: usize, room: &mut Vector<D>) -> u64 {
        if kind == profits.len() {
            return 0;
        }
        let (mut best, mut times) = (most(kinds, profits, kind + 1, room), 0);
        while times < kinds.demand[kind] && fits(&kinds.vectors[kind], room) {
            take(room, &kinds.vectors[kind]);
            times += 1;
            best = best.max(u64::from(times) * profits[kind] + most(kinds, profits, kind + 1, room));
        }
        for _ in 0..times {
            give(room, &kinds.vectors[kind]);
        }
        best
    }

    fn check<const D: usize>(vectors: Vec<Vector<D>>, capacity: Vector<D>, profits: &[u64], effort: Effort) {
        let items =
            vectors.into_iter().enumerate().map(|(index, vector)| (u32::try_from(index).unwrap(), vector));
        let kinds = Kinds::new(&Instance::new(items.collect(), capacity), 100).unwrap();
        let profits: Vec<u64> = profits[..kinds.demand.len()].to_vec();
        let mut steps = Steps { taken: 0, budget: u64::MAX };
        let found = fill(&kinds, &kinds.demand, &profits, 0, effort, &mut steps);
        let best = most(&kinds, &profits, 0, &mut kinds.capacity.clone());
        assert!(
            found.profit <= best && best <= found.most && (!found.is_proven || found.profit == best),
            "{} of {best}, no more than {}",
            found.profit,
            found.most
        );
        assert!(found.is_proven || effort.nodes < 100, "a small search looks at all");
        if let Some(pattern) = found.patterns.last() {
            let mut room = kinds.capacity;
            let mut profit = 0;
            for (kind, times) in pattern {
                assert!(*times <= kinds.demand[*kind as usize]);
                for _ in 0..*times {
                    assert!(fits(&kinds.vectors[*kind as usize], &room));
                    take(&mut room, &kinds.vectors[*kind as usize]);
                    profit += profits[*kind as usize];
                }
            }
            assert_eq!(profit, found.profit);
        }
    }

    proptest! {
        #[test]
        fn finds_what_trying_everything_finds(
            items in proptest::collection::vec((0u64..30, 0u64..30), 0..12),
            profits in proptest::collection::vec(0u64..1000, 12),
            nodes in prop_oneof![Just(3u64), Just(100_000)],
            has_table in any::<bool>(),
            is_wide in any::<bool>(),
        ) {
            let effort = Effort { nodes, has_table, is_wide };
            check(items.iter().map(|item| [item.0]).collect(), [40], &profits, effort);
            check(items.iter().map(|item| [item.0, item.1]).collect(), [40, 35], &profits, effort);
        }
    }
}
