//! Making one bin less, again and again: the least full bin is emptied into the others.

use super::Steps;
use super::decreasing::number;
use super::instance::{Instance, Solution, Vector, fits, give, take};

/// After this many bins that could not be emptied the search ends.
const FAILURES_MAX: usize = 8;

/// The bins as they are being changed.
struct Bins<'a, const D: usize> {
    instance: &'a Instance<D>,
    rooms: Vec<Vector<D>>,
    /// The ranks in each bin.
    ranks: Vec<Vec<u32>>,
    /// The sum of scores in each bin.
    scores: Vec<u64>,
}

/// An exchange that leaves less in the bin to be emptied.
struct Exchange {
    gain: u64,
    bin: usize,
    position: usize,
}

/// Empties bins while the budget lasts and the lower bound is not reached.
///
/// Every step leaves a valid packing in which the bin to be emptied holds less than before, so the search ends and can
/// stop anywhere.
pub(super) fn empty_bins<const D: usize>(
    instance: &Instance<D>,
    solution: &mut Solution,
    lower_bound: usize,
    steps: &mut Steps,
) {
    let mut bins = Bins::new(instance, solution);
    let mut failures: Vec<bool> = vec![false; solution.bins];
    let mut failed = 0;
    while bins.rooms.len() > lower_bound && failed < FAILURES_MAX && steps.left() > 0 {
        let untried = (0..bins.rooms.len()).filter(|bin| !failures[*bin]);
        let Some(least) = untried.min_by_key(|bin| bins.scores[*bin]) else { break };
        steps.take(bins.rooms.len() as u64);
        while steps.left() > 0 && bins.lighten(least, steps) {}
        if bins.ranks[least].is_empty() {
            bins.remove(least);
            failures.swap_remove(least);
        } else {
            failures[least] = true;
            failed += 1;
        }
    }
    bins.write(solution);
}

impl<'a, const D: usize> Bins<'a, D> {
    fn new(instance: &'a Instance<D>, solution: &Solution) -> Self {
        let mut bins = Self {
            instance,
            rooms: vec![instance.capacity; solution.bins],
            ranks: vec![Vec::new(); solution.bins],
            scores: vec![0; solution.bins],
        };
        for (rank, bin) in solution.bin_of.iter().enumerate() {
            bins.put(*bin as usize, number(rank));
        }
        bins
    }

    fn put(&mut self, bin: usize, rank: u32) {
        take(&mut self.rooms[bin], &self.instance.vectors[rank as usize]);
        self.scores[bin] += self.instance.scores[rank as usize];
        self.ranks[bin].push(rank);
    }

    fn pull(&mut self, bin: usize, position: usize) -> u32 {
        let rank = self.ranks[bin].swap_remove(position);
        give(&mut self.rooms[bin], &self.instance.vectors[rank as usize]);
        self.scores[bin] -= self.instance.scores[rank as usize];
        rank
    }

    /// Makes one move that leaves less in the bin, and returns whether there was one.
    fn lighten(&mut self, bin: usize, steps: &mut Steps) -> bool {
        for position in 0..self.ranks[bin].len() {
            let rank = self.ranks[bin][position];
            if let Some(other) = self.fullest_that_takes(rank, bin, steps) {
                self.pull(bin, position);
                self.put(other, rank);
                return true;
            }
        }
        for position in 0..self.ranks[bin].len() {
            if steps.left() == 0 {
                return false;
            }
            let rank = self.ranks[bin][position];
            if let Some(exchange) = self.best_exchange(rank, bin, steps) {
                self.pull(bin, position);
                let smaller = self.pull(exchange.bin, exchange.position);
                self.put(exchange.bin, rank);
                self.put(bin, smaller);
                return true;
            }
        }
        false
    }

    fn fullest_that_takes(&self, rank: u32, except: usize, steps: &mut Steps) -> Option<usize> {
        steps.take(self.rooms.len() as u64);
        let item = &self.instance.vectors[rank as usize];
        let taking = (0..self.rooms.len()).filter(|bin| *bin != except && fits(item, &self.rooms[*bin]));
        taking.rev().max_by_key(|bin| self.scores[*bin])
    }

    /// Returns the exchange of an item against a smaller one elsewhere that takes most out of the bin.
    fn best_exchange(&self, rank: u32, bin: usize, steps: &mut Steps) -> Option<Exchange> {
        let (item, score) = (&self.instance.vectors[rank as usize], self.instance.scores[rank as usize]);
        let mut room_here = self.rooms[bin];
        give(&mut room_here, item);
        let mut best: Option<Exchange> = None;
        for (other, ranks) in self.ranks.iter().enumerate() {
            if other == bin {
                continue;
            }
            if steps.left() == 0 {
                break;
            }
            steps.take(ranks.len() as u64);
            for (position, smaller) in ranks.iter().enumerate() {
                let smaller = *smaller as usize;
                let gain = score.saturating_sub(self.instance.scores[smaller]);
                if gain <= best.as_ref().map_or(0, |best| best.gain) {
                    continue;
                }
                let mut room_there = self.rooms[other];
                give(&mut room_there, &self.instance.vectors[smaller]);
                if fits(item, &room_there) && fits(&self.instance.vectors[smaller], &room_here) {
                    best = Some(Exchange { gain, bin: other, position });
                }
            }
        }
        best
    }

    fn remove(&mut self, bin: usize) {
        self.rooms.swap_remove(bin);
        self.ranks.swap_remove(bin);
        self.scores.swap_remove(bin);
    }

    fn write(self, solution: &mut Solution) {
        solution.bins = self.ranks.len();
        for (bin, ranks) in self.ranks.iter().enumerate() {
            for rank in ranks {
                solution.bin_of[*rank as usize] = number(bin);
            }
        }
    }
}
