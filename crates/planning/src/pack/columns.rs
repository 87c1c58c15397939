//! Column generation (Gilmore and Gomory, 1961): patterns are made where they are worth making, which gives a bound that
//! is hardly ever missed by more than one bin, and patterns that a good packing consists of.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "prices lie between 0 and 1, bins are far below 2^52"
)]

use super::Steps;
use super::instance::{fits, take};
use super::kinds::{Kinds, Pattern};
use super::knapsack::{self, Effort, PROFIT_BITS};
use super::master::{Master, Rule, STIR_COST};

/// How long a better pattern is searched for.
const EFFORT: Effort = Effort { nodes: 4000, has_table: true, is_wide: true };
/// How long, when none was found so.
const MORE_EFFORT: Effort = Effort { nodes: 30_000, has_table: true, is_wide: true };
/// How long a pattern is searched for beside one that was found, among the other items.
const BESIDE: Effort = Effort { nodes: 1000, has_table: false, is_wide: false };
/// So many patterns are searched for beside one.
const BESIDE_MAX: usize = 10;
/// And how long, when all that is left is to prove that there is none.
const PROOF: Effort = Effort { nodes: 2_000_000, has_table: true, is_wide: true };
/// How much of the prices that gave the best bound is in those that patterns are searched at.
const STEADINESS: f64 = 0.6;
/// While a packing is made, the program is to need so much less than the bins that are left.
const ROOM: f64 = 0.5;
/// So many patterns are kept of one search.
const PATTERNS_MAX: usize = 5;
/// And of one in several dimensions.
const PATTERNS_WIDE_MAX: usize = 100;
/// The profit of a full price.
const ONE: f64 = (1u64 << PROFIT_BITS) as f64;
/// A pattern is worth making when it is worth a little more than a bin.
const WORTH_MIN: u64 = (1 << PROFIT_BITS) + (1 << 14);

/// The program with all patterns generated so far.
#[derive(Clone)]
pub(super) struct Columns {
    pub(super) master: Master,
    /// The prices that gave the best bound.
    steady: Option<(f64, Vec<f64>)>,
}

/// What a search for patterns came to.
struct Priced {
    /// A number of bins that no packing of the demand can stay below.
    bound: usize,
    /// Whether there are new patterns.
    is_found: bool,
    /// Whether the search looked at all.
    is_proven: bool,
}

impl Columns {
    /// Starts with a pattern of each kind alone and those of a packing.
    pub(super) fn new<const D: usize>(kinds: &Kinds<D>, bins: Vec<Pattern>) -> Self {
        let most: Vec<u32> = kinds
            .vectors
            .iter()
            .zip(&kinds.demand)
            .map(|(vector, demand)| {
                let (mut room, mut times) = (kinds.capacity, 0);
                while times < *demand && fits(vector, &room) {
                    take(&mut room, vector);
                    times += 1;
                }
                times
            })
            .collect();
        let rule = if D == 1 { Rule::Gain } else { Rule::Devex };
        let mut columns = Self { master: Master::new(&kinds.demand, &most, rule), steady: None };
        columns.learn(bins);
        columns
    }

    /// Adds the patterns of a packing.
    pub(super) fn learn(&mut self, mut bins: Vec<Pattern>) {
        bins.sort_unstable();
        bins.dedup();
        for pattern in bins {
            if pattern.len() > 1 {
                self.master.add(pattern);
            }
        }
    }

    /// Makes patterns until the program needs no more bins than the bound, the bound reaches `enough`, none is missing, or
    /// the budget is spent.
    ///
    /// Returns a number of bins that no packing can stay below; `known` is such a number before. It is made at prices in
    /// whole numbers: where no pattern is worth more than `w`, a packing of items that are worth `v` together has `v / w`
    /// bins at least. That is right whatever the prices are.
    pub(super) fn generate<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        known: usize,
        enough: usize,
        steps: &mut Steps,
    ) -> usize {
        let mut bound = known;
        let mut is_steady = true;
        let mut first = if D > 1 { PROOF } else { EFFORT };
        while steps.left() > 0 && bound < enough {
            self.master.optimise(steps);
            if self.bins() <= bound {
                break;
            }
            let mut priced = self.price(kinds, &kinds.demand, is_steady, first, steps);
            for effort in [MORE_EFFORT, PROOF] {
                if !is_steady && !priced.is_found && !priced.is_proven {
                    priced = self.price(kinds, &kinds.demand, false, effort, steps);
                }
            }
            if D > 1 {
                // Where a search comes to its end that is cheap beside the pivots that poorer patterns come to.
                first = if priced.is_proven { PROOF } else { EFFORT };
            }
            bound = bound.max(priced.bound);
            if !priced.is_found && !is_steady {
                break;
            }
            is_steady = priced.is_found;
        }
        bound
    }

    /// Makes patterns of what is demanded until the program needs clearly less than `bins_max` bins, no more are found,
    /// or the budget is spent.
    pub(super) fn improve<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        demand: &[u32],
        bins_max: usize,
        steps: &mut Steps,
    ) {
        // Room is kept for the patterns that are taken next, which are no best ones, unless there is none to be had.
        let sizes =
            kinds.sizes.iter().zip(demand).map(|(size, demand)| size * u64::from(*demand)).sum::<u64>();
        let least = sizes as f64 / kinds.size_of_bin.max(1) as f64 * (1.0 + 2.0 * STIR_COST) + 1e-6;
        let enough = (bins_max as f64 - ROOM).max(least);
        self.steady = None;
        let mut is_steady = true;
        while steps.left() > 0 {
            self.master.optimise(steps);
            if self.master.bins() <= enough {
                return;
            }
            let mut priced = self.price(kinds, demand, is_steady, EFFORT, steps);
            if !is_steady && !priced.is_found && !priced.is_proven {
                priced = self.price(kinds, demand, false, MORE_EFFORT, steps);
            }
            if !priced.is_found && !is_steady {
                return;
            }
            is_steady = priced.is_found;
        }
    }

    /// Searches for patterns that are worth more than a bin at the present prices, or at steadier ones, and adds them.
    fn price<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        demand: &[u32],
        is_steady: bool,
        effort: Effort,
        steps: &mut Steps,
    ) -> Priced {
        let profits = self.profits(is_steady);
        let found = knapsack::fill(kinds, demand, &profits, WORTH_MIN, effort, steps);
        let worth: u128 = profits.iter().zip(demand).map(|(p, d)| u128::from(*p) * u128::from(*d)).sum();
        let bound = usize::try_from(worth.div_ceil(u128::from(found.most.max(1)))).unwrap_or(0);
        // In several dimensions a search often ends before it is proven, and what it found then makes a ratio that is no bound.
        let ratio = worth as f64 / if D > 1 { found.most.max(1) } else { found.profit } as f64;
        if self.steady.as_ref().is_none_or(|(best, _)| ratio > *best) {
            self.steady = Some((ratio, profits.iter().map(|profit| *profit as f64 / ONE).collect()));
        }
        let before = self.master.patterns.len();
        if D > 1 && found.patterns.len() < PATTERNS_WIDE_MAX {
            self.beside(kinds, demand, &profits, found.patterns.last(), steps);
        }
        let patterns_max = if D > 1 { PATTERNS_WIDE_MAX } else { PATTERNS_MAX };
        for pattern in found.patterns.into_iter().rev().take(patterns_max) {
            self.add_if_worth(pattern);
        }
        Priced { bound, is_found: self.master.patterns.len() > before, is_proven: found.is_proven }
    }

    fn add_if_worth(&mut self, pattern: Pattern) {
        if self.master.worth(&pattern) > WORTH_MIN as f64 / ONE {
            self.master.add(pattern);
        }
    }

    /// Searches for more patterns, each among the items that the ones before left: a packing consists of such.
    fn beside<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        demand: &[u32],
        profits: &[u64],
        first: Option<&Pattern>,
        steps: &mut Steps,
    ) {
        let mut demand = demand.to_vec();
        let mut last = first.cloned();
        for _ in 0..BESIDE_MAX {
            let Some(pattern) = last else { return };
            for (kind, times) in &pattern {
                demand[*kind as usize] -= times;
            }
            last = knapsack::fill(kinds, &demand, profits, WORTH_MIN, BESIDE, steps).patterns.pop();
            if let Some(pattern) = &last {
                self.add_if_worth(pattern.clone());
            }
        }
    }

    /// Returns the prices in whole numbers, drawn to those that gave the best bound.
    fn profits(&self, is_steady: bool) -> Vec<u64> {
        let profit = |price: f64| (price.clamp(0.0, 1.0) * ONE) as u64;
        match &self.steady {
            Some((_, steady)) if is_steady => {
                let prices = self.master.prices.iter().zip(steady);
                prices
                    .map(|(price, steady)| profit(STEADINESS * steady + (1.0 - STEADINESS) * price))
                    .collect()
            }
            _ => self.master.prices.iter().map(|price| profit(*price)).collect(),
        }
    }

    /// Returns how many bins the program needs, rounded up.
    pub(super) fn bins(&self) -> usize {
        let bins = self.master.bins() * (1.0 - 2.0 * STIR_COST) - 1e-6;
        let whole = bins as usize;
        whole + usize::from(bins > whole as f64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Columns;
    use crate::pack::instance::{Instance, Vector, fits, give, take};
    use crate::pack::kinds::Kinds;
    use crate::pack::{Steps, dive};

    /// Returns the fewest bins by trying everything.
    fn fewest<const D: usize>(
        items: &[Vector<D>],
        capacity: &Vector<D>,
        rooms: &mut Vec<Vector<D>>,
    ) -> usize {
        let Some((item, rest)) = items.split_first() else { return rooms.len() };
        let mut least = usize::MAX;
        for bin in 0..rooms.len() {
            if fits(item, &rooms[bin]) {
                take(&mut rooms[bin], item);
                least = least.min(fewest(rest, capacity, rooms));
                give(&mut rooms[bin], item);
            }
        }
        rooms.push(*capacity);
        take(rooms.last_mut().unwrap(), item);
        least = least.min(fewest(rest, capacity, rooms));
        rooms.pop();
        least
    }

    fn check<const D: usize>(vectors: Vec<Vector<D>>, capacity: Vector<D>, budget: u64) {
        let optimum = fewest(&vectors, &capacity, &mut Vec::new());
        let items =
            vectors.into_iter().enumerate().map(|(index, vector)| (u32::try_from(index).unwrap(), vector));
        let kinds = Kinds::new(&Instance::new(items.collect(), capacity), 100).unwrap();
        let mut steps = Steps { taken: 0, budget };
        let mut columns = Columns::new(&kinds, Vec::new());
        let bound = columns.generate(&kinds, 0, usize::MAX, &mut steps);
        assert!(bound <= optimum, "bound {bound}, optimum {optimum}");
        if budget == u64::MAX {
            // The program is never more than this below the optimum on so few items.
            assert!(bound + 1 >= optimum, "bound {bound}, optimum {optimum}");
        }
        if let Some(bins) = dive::dive(&kinds, &columns, optimum, 0, &mut steps) {
            assert_eq!(kinds.solution(&bins).bins, optimum);
        }
    }

    proptest! {
        #[test]
        fn the_bound_never_passes_the_optimum(
            items in proptest::collection::vec((1u64..=20, 1u64..=20), 1..9),
            budget in prop_oneof![Just(u64::MAX), 0u64..2000],
        ) {
            check(items.iter().map(|item| [item.0]).collect(), [20], budget);
            check(items.iter().map(|item| [item.0, item.1]).collect(), [20, 25], budget);
        }
    }
}
