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
use super::knapsack::{self, PROFIT_BITS};
use super::master::Master;

/// The search for a better pattern looks at this many nodes.
const NODES_MAX: u64 = 20_000;
/// And at this many, when all that is left is to prove that there is none.
const PROOF_NODES_MAX: u64 = 2_000_000;

/// The program with all patterns generated so far.
#[derive(Clone)]
pub(super) struct Columns {
    pub(super) master: Master,
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
        let mut columns = Self { master: Master::new(&kinds.demand, &most) };
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

    /// Makes patterns of what is demanded until none is missing, the bound reaches `enough`, or the budget is spent.
    ///
    /// Returns a number of bins that no packing of the demand can stay below. It is made at the prices in whole numbers: where no pattern is worth more than `w`, a packing of items that
    /// are worth `v` together has `v / w` bins at least. It is right whatever the prices are.
    pub(super) fn generate<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        demand: &[u32],
        enough: usize,
        steps: &mut Steps,
    ) -> usize {
        let mut bound = 0;
        while steps.left() > 0 {
            self.master.optimise(steps);
            let whole = (1u64 << PROFIT_BITS) as f64;
            let profits: Vec<u64> =
                self.master.prices.iter().map(|price| (price.clamp(0.0, 1.0) * whole) as u64).collect();
            let beyond = (1u64 << PROFIT_BITS) + (1 << 12);
            let mut found = knapsack::fill(kinds, demand, &profits, beyond, NODES_MAX, steps);
            if !found.is_proven && found.pattern.is_empty() {
                found = knapsack::fill(kinds, demand, &profits, beyond, PROOF_NODES_MAX, steps);
            }
            if found.is_proven {
                let worth: u128 =
                    profits.iter().zip(demand).map(|(p, d)| u128::from(*p) * u128::from(*d)).sum();
                let bins = worth.div_ceil(u128::from(found.profit.max(1)));
                bound = bound.max(usize::try_from(bins).unwrap_or(usize::MAX));
            }
            if bound >= enough || found.pattern.is_empty() || found.profit <= beyond {
                return bound;
            }
            self.master.add(found.pattern);
        }
        bound
    }

    /// Returns how many bins the program needs, rounded up.
    pub(super) fn bins(&self) -> usize {
        let bins = self.master.bins() - 1e-6;
        let whole = bins as usize;
        whole + usize::from(bins > whole as f64)
    }
}
