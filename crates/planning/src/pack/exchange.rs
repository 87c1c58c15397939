//! One bin less by exchange: all bins but two are filled again and again from what lies outside, until what is left
//! outside goes into two bins.
//!
//! A partial packing in whose place sets of items come and go is the consistent neighbourhood of Buljubašić and Vasquez
//! (2016). Here the best content of a bin is searched among its own items and those outside.

use super::Steps;
use super::correction::draw;
use super::instance::{Vector, fits, give, take};
use super::kinds::{Kinds, Pattern};
use super::knapsack::{self, Effort};

/// So many bins are open: what is outside has to go into them.
const OPEN: usize = 2;
/// How long the content of one bin is searched for.
const EFFORT: Effort = Effort { nodes: 2000, has_table: false, is_wide: false };
/// How long a way to put what is outside into the open bins is searched for.
const CLOSING_MAX: u64 = 4000;
/// So many bins are emptied at most where nothing is better any more.
const EMPTIED_MAX: u64 = 3;
/// Of so many parts of its value an item may lose one while emptied bins are filled.
const STRAY_PARTS: u64 = 8;
/// So much of a bin may be outside more than before, in parts of a bin, before what was changed is taken back.
const WORSE_PARTS: u64 = 16;
/// Copying a bin costs so many steps.
const COPY: u64 = 8;

/// A packing that lacks the last bins.
struct Exchange<'a, const D: usize> {
    kinds: &'a Kinds<D>,
    values: &'a [u64],
    bins: Vec<Pattern>,
    outside: Vec<u32>,
    random: u64,
}

/// Searches for a packing with one bin less than `bins`; `values` say what is better inside than outside.
pub(super) fn run<const D: usize>(
    kinds: &Kinds<D>,
    bins: &[Pattern],
    values: &[u64],
    seed: u64,
    steps: &mut Steps,
) -> Option<Vec<Pattern>> {
    let mut exchange = Exchange::new(kinds, bins, values, seed);
    let mut kept = (exchange.bins.clone(), exchange.outside.clone());
    let mut outside = exchange.worth_outside();
    while steps.left() > 0 {
        if let Some(rest) = exchange.settle(steps) {
            exchange.bins.extend(rest);
            return Some(exchange.bins);
        }
        if exchange.bins.is_empty() {
            return None;
        }
        let now = exchange.worth_outside();
        if now <= outside + exchange.worse() {
            outside = now;
            kept = (exchange.bins.clone(), exchange.outside.clone());
        } else {
            (exchange.bins, exchange.outside) = kept.clone();
        }
        steps.take(COPY * exchange.bins.len() as u64);
        exchange.stir(steps);
    }
    None
}

impl<'a, const D: usize> Exchange<'a, D> {
    fn new(kinds: &'a Kinds<D>, bins: &[Pattern], values: &'a [u64], seed: u64) -> Self {
        let mut bins = bins.to_vec();
        bins.sort_by_key(|pattern| std::cmp::Reverse(worth(values, pattern)));
        let kept = bins.len().saturating_sub(OPEN + 1);
        let mut outside = vec![0; kinds.demand.len()];
        for (kind, times) in bins.drain(kept..).flatten() {
            outside[kind as usize] += times;
        }
        Self { kinds, values, bins, outside, random: seed }
    }

    fn worth_outside(&self) -> u64 {
        self.outside.iter().zip(self.values).map(|(times, value)| u64::from(*times) * value).sum()
    }

    /// Returns by how much more may be outside.
    fn worse(&self) -> u64 {
        let all: u64 = self.kinds.demand.iter().zip(self.values).map(|(d, v)| u64::from(*d) * v).sum();
        all / (self.bins.len() + OPEN) as u64 / WORSE_PARTS
    }

    /// Fills bins better until none can be, and returns what the open bins hold if that goes into them.
    fn settle(&mut self, steps: &mut Steps) -> Option<Vec<Pattern>> {
        let mut unchanged = 0;
        let first = self.below(self.bins.len());
        let mut bin = first;
        loop {
            if let Some(rest) = self.close(steps) {
                return Some(rest);
            }
            while !self.fill(bin, steps) {
                unchanged += 1;
                if unchanged >= self.bins.len() || steps.left() == 0 {
                    return None;
                }
                bin = (bin + 1) % self.bins.len();
            }
            unchanged = 0;
        }
    }

    /// Fills a bin better, and returns whether there was a way.
    fn fill(&mut self, bin: usize, steps: &mut Steps) -> bool {
        let Some(pattern) = self.bins.get(bin) else { return false };
        let before = worth(self.values, pattern);
        self.put_outside(bin);
        let found = knapsack::fill(self.kinds, &self.outside, self.values, before, EFFORT, steps);
        let is_better = !found.patterns.is_empty();
        if let Some(better) = found.patterns.into_iter().next_back() {
            self.bins[bin] = better;
        }
        self.take_outside(bin);
        is_better
    }

    fn put_outside(&mut self, bin: usize) {
        for (kind, times) in &self.bins[bin] {
            self.outside[*kind as usize] += times;
        }
    }

    fn take_outside(&mut self, bin: usize) {
        for (kind, times) in &self.bins[bin] {
            self.outside[*kind as usize] -= times;
        }
    }

    /// Empties some bins and fills them by values that stray.
    fn stir(&mut self, steps: &mut Steps) {
        let emptied = 1 + draw(&mut self.random) % EMPTIED_MAX;
        let chosen: Vec<usize> = (0..emptied).map(|_| self.below(self.bins.len())).collect();
        for bin in &chosen {
            self.put_outside(*bin);
            self.bins[*bin].clear();
        }
        let stray = |random: &mut u64, value: u64| {
            let lost = (u128::from(value / STRAY_PARTS) * u128::from(draw(random) >> 32)) >> 32;
            value - u64::try_from(lost).unwrap_or(0)
        };
        let random = &mut self.random;
        let values: Vec<u64> = self.values.iter().map(|value| stray(random, *value)).collect();
        for bin in chosen {
            self.put_outside(bin);
            let found = knapsack::fill(self.kinds, &self.outside, &values, 0, EFFORT, steps);
            self.bins[bin] = found.patterns.into_iter().next_back().unwrap_or_default();
            self.take_outside(bin);
        }
    }

    /// Draws a number below `most`, or nothing where there is none.
    fn below(&mut self, most: usize) -> usize {
        let drawn = draw(&mut self.random) % (most as u64).max(1);
        usize::try_from(drawn).unwrap_or(0)
    }

    /// Puts what is outside into the open bins, if a short search finds a way.
    fn close(&self, steps: &mut Steps) -> Option<Vec<Pattern>> {
        let kinds = self.kinds;
        let open = OPEN as u128;
        let mut totals = [0u128; D];
        for (times, vector) in self.outside.iter().zip(&kinds.vectors) {
            for d in 0..D {
                totals[d] += u128::from(*times) * u128::from(vector[d]);
            }
        }
        steps.take(kinds.demand.len() as u64 / 8 + 1);
        if (0..D).any(|d| totals[d] > open * u128::from(kinds.capacity[d])) {
            return None;
        }
        let items = self.outside.iter().enumerate();
        let items = items.flat_map(|(kind, times)| std::iter::repeat_n(kind, *times as usize)).collect();
        Closing { kinds, items, rooms: [kinds.capacity; OPEN], bin_of: Vec::new() }.run(steps)
    }
}

fn worth(values: &[u64], pattern: &Pattern) -> u64 {
    pattern.iter().map(|(kind, times)| values[*kind as usize] * u64::from(*times)).sum()
}

/// Items put into the open bins one by one, the biggest first.
struct Closing<'a, const D: usize> {
    kinds: &'a Kinds<D>,
    items: Vec<usize>,
    rooms: [Vector<D>; OPEN],
    bin_of: Vec<usize>,
}

impl<const D: usize> Closing<'_, D> {
    fn run(mut self, steps: &mut Steps) -> Option<Vec<Pattern>> {
        let mut from = 0;
        for _ in 0..CLOSING_MAX {
            steps.take(1);
            let Some(item) = self.items.get(self.bin_of.len()) else { return Some(self.patterns()) };
            let vector = &self.kinds.vectors[*item];
            // Among bins with the same room one is as good as the other.
            let untried = |bin: &usize| self.rooms[..*bin].iter().all(|room| *room != self.rooms[*bin]);
            let bin = (from..OPEN).filter(untried).find(|bin| fits(vector, &self.rooms[*bin]));
            if let Some(bin) = bin {
                take(&mut self.rooms[bin], vector);
                self.bin_of.push(bin);
                from = 0;
            } else {
                let bin = self.bin_of.pop()?;
                let vector = &self.kinds.vectors[self.items[self.bin_of.len()]];
                give(&mut self.rooms[bin], vector);
                from = bin + 1;
            }
        }
        None
    }

    fn patterns(&self) -> Vec<Pattern> {
        let mut patterns: Vec<Pattern> = vec![Vec::new(); OPEN];
        for (item, bin) in self.items.iter().zip(&self.bin_of) {
            let kind = super::decreasing::number(*item);
            match patterns[*bin].last_mut() {
                Some((last, times)) if *last == kind => *times += 1,
                _ => patterns[*bin].push((kind, 1)),
            }
        }
        patterns.retain(|pattern| !pattern.is_empty());
        patterns
    }
}
