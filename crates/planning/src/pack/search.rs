//! Which ways are tried, and in which order.

use super::columns::Columns;
use super::correction::Correction;
use super::instance::{Instance, Solution};
use super::kinds::{Kinds, Pattern};
use super::{Steps, bound, complete, decreasing, dive, dot_product, exchange, improve};

/// The linear program is solved where there are at most this many kinds of items.
const KINDS_MAX: usize = 1000;
/// Patterns are looked for where there are at most this many items,
const ITEMS_MAX: usize = 20_000;
/// or, of few kinds, this many.
const ITEMS_OF_FEW_KINDS_MAX: usize = 1_000_000;
/// So many kinds are few.
const KINDS_FEW: usize = 50;
/// The first rounds of value correction, before patterns are made.
const ROUNDS_FIRST: usize = 20;
/// The rounds of value correction after each dive.
const ROUNDS_BETWEEN: usize = 20;

/// Packs the items, and returns the packing with a lower bound.
pub(super) fn run<const D: usize>(
    instance: &Instance<D>,
    budget_steps: u64,
    steps: &mut Steps,
) -> (Solution, usize) {
    let mut lower_bound = bound::of_vectors(&instance.vectors, &instance.capacity);
    let mut best = decreasing::first_fit(instance, steps);
    steps.budget = steps.taken.saturating_add(budget_steps);
    for way in [decreasing::best_fit, decreasing::sliced_first_fit, dot_product::fill, complete::fill] {
        if best.bins > lower_bound
            && steps.left() > 0
            && let Some(other) = way(instance, steps)
            && other.bins < best.bins
        {
            best = other;
        }
    }
    if best.bins > lower_bound && steps.left() > 0 {
        improve::empty_bins(instance, &mut best, lower_bound, steps);
    }
    if best.bins > lower_bound
        && let Some(kinds) = Kinds::new(instance, kinds_max(instance.vectors.len()))
    {
        let mut search = Search {
            kinds: &kinds,
            best: kinds.patterns(&best),
            lower_bound,
            correction: Correction::new(&kinds, 1),
        };
        search.run(steps);
        lower_bound = search.lower_bound;
        if search.best.len() < best.bins {
            best = kinds.solution(&search.best);
        }
    }
    assert!(best.bins >= lower_bound, "{} bins are fewer than the lower bound of {lower_bound}", best.bins);
    (best, lower_bound)
}

/// Returns of how many kinds so many items may be for patterns to be looked for.
fn kinds_max(items: usize) -> usize {
    if items <= ITEMS_MAX {
        ITEMS_MAX
    } else if items <= ITEMS_OF_FEW_KINDS_MAX {
        KINDS_FEW
    } else {
        0
    }
}

/// Of so many parts of the budget left,
const PARTS: u64 = 4;
/// so many may go into the bound.
const PARTS_TO_BOUND: u64 = 3;

/// Of so many parts of the budget left one may go into one exchange in one dimension.
const PARTS_OF_EXCHANGE: u64 = 3;
/// And in several, where a bound and patterns take longer.
const PARTS_OF_EXCHANGE_VECTORS: u64 = 8;

/// The search over patterns.
struct Search<'a, const D: usize> {
    kinds: &'a Kinds<D>,
    best: Vec<Pattern>,
    lower_bound: usize,
    correction: Correction,
}

impl<const D: usize> Search<'_, D> {
    fn is_over(&self, steps: &Steps) -> bool {
        self.best.len() <= self.lower_bound || steps.left() == 0
    }

    fn run(&mut self, steps: &mut Steps) {
        let mut patterns = self.correct(ROUNDS_FIRST, steps);
        if self.is_over(steps) {
            return;
        }
        self.exchange(0, steps);
        if self.kinds.demand.len() > KINDS_MAX {
            return self.run_without_program(steps);
        }
        if self.is_over(steps) {
            return;
        }
        if D == 1 {
            // In one dimension patterns are made faster than those of packings are looked through.
            patterns.clear();
        }
        patterns.extend_from_slice(&self.best);
        let mut columns = Columns::new(self.kinds, patterns);
        let to_bound = steps.taken + steps.left() / PARTS * PARTS_TO_BOUND;
        let budget = std::mem::replace(&mut steps.budget, to_bound);
        let bound = columns.generate(self.kinds, self.lower_bound, self.best.len(), steps);
        steps.budget = budget;
        self.lower_bound = self.lower_bound.max(bound);
        let mut noise = 0;
        while !self.is_over(steps) {
            while let Some(bins) = dive::dive(self.kinds, &columns, self.best.len() - 1, noise, steps) {
                self.best = bins;
                if self.is_over(steps) {
                    return;
                }
            }
            noise += 1;
            self.exchange(noise, steps);
            self.correct(ROUNDS_BETWEEN, steps);
        }
    }

    /// Searches on where the linear program would be too big.
    fn run_without_program(&mut self, steps: &mut Steps) {
        let mut seed = 0;
        while !self.is_over(steps) {
            seed += 1;
            self.correct(ROUNDS_BETWEEN, steps);
            self.exchange(seed, steps);
        }
    }

    /// Makes bins less by exchange, for a part of the steps that are left.
    fn exchange(&mut self, seed: u64, steps: &mut Steps) {
        let parts = if D == 1 { PARTS_OF_EXCHANGE } else { PARTS_OF_EXCHANGE_VECTORS };
        let to_exchange = steps.taken + steps.left() / parts;
        let budget = std::mem::replace(&mut steps.budget, to_exchange);
        while !self.is_over(steps)
            && let Some(bins) = exchange::run(self.kinds, &self.best, &self.kinds.sizes, seed, steps)
        {
            self.best = bins;
        }
        steps.budget = budget;
    }

    /// Runs rounds of value correction, and returns the patterns they made.
    fn correct(&mut self, rounds: usize, steps: &mut Steps) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for _ in 0..rounds {
            if self.is_over(steps) {
                break;
            }
            let Some(bins) = self.correction.round(self.kinds, &self.kinds.demand, steps) else { break };
            patterns.extend_from_slice(&bins);
            if bins.len() < self.best.len() {
                self.best = bins;
            }
        }
        patterns
    }
}
