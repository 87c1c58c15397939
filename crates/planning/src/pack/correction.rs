//! Filling bin by bin by the value of the items, and correcting the values after each bin.
//!
//! Sequential value correction (Mukhacheva; Belov and Scheithauer, 2007): an item that ended in a bin with much waste is
//! hard to place, so it is worth more in the next round and goes into a bin earlier, while there is still choice.

use super::Steps;
use super::kinds::{Kinds, Pattern};
use super::knapsack::{self, Effort};

/// How long the content of one bin is searched for.
const EFFORT: Effort = Effort { nodes: 3000, has_table: false, is_wide: false };
/// The bits of a value: below those of a profit, so that values can rise.
const VALUE_BITS: u32 = 24;
/// Values stay below this.
const VALUE_MAX: u64 = 1 << 30;

/// The values of the kinds, which outlive a round.
pub(super) struct Correction {
    values: Vec<u64>,
    draw: u64,
}

impl Correction {
    /// Starts with the sizes as values; a bigger kind is worth slightly more than its size.
    pub(super) fn new<const D: usize>(kinds: &Kinds<D>, seed: u64) -> Self {
        let whole = kinds.size_of_bin.max(1);
        let value = |size: &u64| {
            let share = (size << VALUE_BITS) / whole;
            // To the power of 1.02 about: the bigger of two ways to fill a bin comes first.
            share + share * share / (50 << VALUE_BITS) + 1
        };
        Self { values: kinds.sizes.iter().map(value).collect(), draw: seed }
    }

    /// Packs what is demanded in one round, or gives up when the budget is spent.
    pub(super) fn round<const D: usize>(
        &mut self,
        kinds: &Kinds<D>,
        demand: &[u32],
        steps: &mut Steps,
    ) -> Option<Vec<Pattern>> {
        let mut demand = demand.to_vec();
        let mut left: usize = demand.iter().map(|demand| *demand as usize).sum();
        let mut bins = Vec::new();
        while left > 0 {
            if steps.left() == 0 {
                return None;
            }
            let found = knapsack::fill(kinds, &demand, &self.values, 0, EFFORT, steps);
            let pattern = found.patterns.last()?;
            self.correct(kinds, pattern);
            let times = self.times(&demand, pattern);
            for (kind, count) in pattern {
                demand[*kind as usize] -= count * times;
                left -= (count * times) as usize;
            }
            bins.extend(std::iter::repeat_n(pattern.clone(), times as usize));
        }
        Some(bins)
    }

    /// Returns how many bins get the same content: all but one of as many as the demand allows, or fewer.
    fn times(&mut self, demand: &[u32], pattern: &Pattern) -> u32 {
        let most = pattern.iter().map(|(kind, count)| demand[*kind as usize] / count).min().unwrap_or(1);
        if most <= 2 { 1 } else { 1 + u32::try_from(self.next() % u64::from(most - 1)).unwrap_or(0) }
    }

    fn correct<const D: usize>(&mut self, kinds: &Kinds<D>, pattern: &Pattern) {
        let used = (kinds.size_of_bin - kinds.waste(pattern)).max(1);
        // The new value weighs between a half and an eighth.
        let weight = 1 + self.next() % 7;
        for (kind, _) in pattern {
            let kind = *kind as usize;
            let size = u128::from(kinds.sizes[kind]) << VALUE_BITS;
            let corrected = u64::try_from(size / u128::from(used)).unwrap_or(VALUE_MAX);
            let corrected = corrected + corrected * corrected / (50 << VALUE_BITS) + 1;
            self.values[kind] = ((weight * self.values[kind] + corrected) / (weight + 1)).clamp(1, VALUE_MAX);
        }
    }

    /// Draws a number that is the same for the same seed: SplitMix64 (Steele, Lea, Flood, 2014).
    fn next(&mut self) -> u64 {
        draw(&mut self.draw)
    }
}

/// Draws the next number of a sequence that is the same for the same seed: SplitMix64 (Steele, Lea, Flood, 2014).
pub(super) fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
