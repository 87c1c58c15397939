//! Choosing for each bin the items that leave least of it empty, by a bounded search.
//!
//! The biggest item waiting is fixed, and subsets of the others are tried depth first: the minimum bin slack of Gupta
//! and Ho (1999) as Fleszar and Hindi (2002) changed it, with scores in the place of sizes so that it also serves
//! several dimensions.

use super::instance::{Instance, Solution, Vector, fits, give, take};
use super::{Steps, by_bin};

/// The items that one search chooses from.
const WINDOW: usize = 1000;
/// The search for one bin ends after this many steps.
const SEARCH_MAX: u64 = 4000;
/// A bin is full when it leaves less than this part of itself.
const FULL: u64 = 4096;

/// Where more items than this go into a bin, there are too many subsets for a search to be worth its steps.
const ITEMS_PER_BIN_MAX: usize = 16;

/// Fills the bins one by one; gives up when the budget is spent, and does not begin with many items a bin.
pub(super) fn fill<const D: usize>(instance: &Instance<D>, steps: &mut Steps) -> Option<Solution> {
    if instance.items_per_bin() > ITEMS_PER_BIN_MAX {
        return None;
    }
    by_bin::fill(instance, WINDOW, steps, |waiting, steps| Search::new(instance, waiting).run(steps))
}

struct Search<'a, const D: usize> {
    instance: &'a Instance<D>,
    waiting: &'a [u32],
    room: Vector<D>,
    score_left: u64,
    chosen: Vec<usize>,
}

impl<'a, const D: usize> Search<'a, D> {
    fn new(instance: &'a Instance<D>, waiting: &'a [u32]) -> Self {
        let (room, score_left) = (instance.capacity, instance.score_of_bin);
        Self { instance, waiting, room, score_left, chosen: Vec::new() }
    }

    /// Returns the positions of the best content found.
    fn run(mut self, steps: &mut Steps) -> Vec<usize> {
        let last = steps.taken.saturating_add(SEARCH_MAX);
        let (mut best, mut best_left) = (Vec::new(), u64::MAX);
        self.choose(0);
        let mut from = 1;
        loop {
            if let Some(position) = self.next_that_fits(from, steps) {
                self.choose(position);
                from = position + 1;
                continue;
            }
            if self.score_left < best_left {
                (best, best_left) = (self.chosen.clone(), self.score_left);
            }
            let is_enough = best_left < self.instance.score_of_bin / FULL;
            if is_enough || self.chosen.len() == 1 || steps.taken > last || steps.left() == 0 {
                return best;
            }
            from = self.undo();
        }
    }

    fn vector(&self, position: usize) -> &'a Vector<D> {
        &self.instance.vectors[self.waiting[position] as usize]
    }

    fn score(&self, position: usize) -> u64 {
        self.instance.scores[self.waiting[position] as usize]
    }

    /// Returns the first position from `from` whose item fits; items with a greater score than the room has cannot.
    fn next_that_fits(&self, from: usize, steps: &mut Steps) -> Option<usize> {
        let rest = self.waiting.get(from..)?;
        let too_big = rest.partition_point(|rank| self.instance.scores[*rank as usize] > self.score_left);
        let found =
            (from + too_big..self.waiting.len()).find(|position| fits(self.vector(*position), &self.room));
        steps.take((found.unwrap_or(self.waiting.len()) - from - too_big + 1) as u64);
        found
    }

    fn choose(&mut self, position: usize) {
        let vector = self.vector(position);
        take(&mut self.room, vector);
        self.score_left -= self.score(position);
        self.chosen.push(position);
    }

    /// Takes the last choice back and returns the next position that is worth trying in its place.
    fn undo(&mut self) -> usize {
        let position = self.chosen.pop().expect("the fixed item is never taken back");
        let vector = self.vector(position);
        give(&mut self.room, vector);
        self.score_left += self.score(position);
        let equals = (position..self.waiting.len()).take_while(|other| self.vector(*other) == vector).count();
        position + equals
    }
}
