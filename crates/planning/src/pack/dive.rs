//! Rounding the linear program to a packing: patterns it uses wholly are taken, then the one it uses most, and what is
//! left is solved again.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "amounts are far below 2^32"
)]

use std::collections::VecDeque;

use super::Steps;
use super::columns::Columns;
use super::correction::{Correction, draw};
use super::kinds::{Kinds, Pattern};

/// An amount this little below a whole number is that number.
const SLACK: f64 = 1e-4;
/// Value correction tries to finish a dive when this many bins are left, and the more often the fewer they are.
const FINISH_BINS: usize = 16;
/// A finish is tried this many times at most.
const FINISH_ROUNDS_MAX: usize = 3;
/// So many of the last choices can be taken back.
const CHOICES_KEPT: usize = 12;
/// At one place this many patterns are tried.
const CHOICES_MAX: usize = 3;
/// A dive goes back this often.
const RETURNS_MAX: usize = 24;

/// In several dimensions, where a program takes longer, one pattern more is taken at once for so many bins that are left,
const BINS_A_CHOICE: usize = 20;
/// where the program uses so much of it.
const SCORE_MIN: f64 = 0.5;

/// A packing in the making.
struct Dive<'a, const D: usize> {
    kinds: &'a Kinds<D>,
    columns: Columns,
    demand: Vec<u32>,
    bins: Vec<Pattern>,
    /// The last choices, the latest last.
    choices: VecDeque<Choice>,
    noise: u64,
    random: u64,
}

/// How things stood before a pattern was chosen, and which patterns were.
struct Choice {
    columns: Columns,
    demand: Vec<u32>,
    bins: usize,
    chosen: Vec<u32>,
}

/// Dives once and returns a packing with at most `bins_max` bins, if it comes to one.
///
/// Where the program shows that no such packing comes of what was taken, the last choices are made otherwise.
pub(super) fn dive<const D: usize>(
    kinds: &Kinds<D>,
    root: &Columns,
    bins_max: usize,
    noise: u64,
    steps: &mut Steps,
) -> Option<Vec<Pattern>> {
    let mut dive = Dive {
        kinds,
        columns: root.clone(),
        demand: kinds.demand.clone(),
        bins: Vec::new(),
        choices: VecDeque::new(),
        noise,
        random: noise,
    };
    let mut chosen = Vec::new();
    let mut returns = 0;
    loop {
        if dive.take_used(&chosen) {
            if dive.demand.iter().all(|demand| *demand == 0) && dive.bins.len() <= bins_max {
                return Some(dive.bins);
            }
            if let Some(left) = dive.solve(bins_max, steps) {
                chosen.clear();
                if let Some(rest) = dive.finish(bins_max, left, steps) {
                    dive.bins.extend(rest);
                    return Some(dive.bins);
                }
                continue;
            }
        }
        returns += 1;
        if returns > RETURNS_MAX || steps.left() == 0 {
            return None;
        }
        chosen = dive.go_back()?;
    }
}

impl<const D: usize> Dive<'_, D> {
    /// Takes what the program uses wholly, or else the pattern it uses most beside those `chosen` before.
    fn take_used(&mut self, chosen: &[u32]) -> bool {
        let mut scores: Vec<(f64, u32)> = Vec::new();
        let before = self.bins.len();
        let used: Vec<(u32, f64)> = self.columns.master.used().collect();
        for (pattern, amount) in used {
            let whole = (amount + SLACK) as u32;
            for _ in 0..whole {
                if !self.take_pattern(pattern) {
                    break;
                }
            }
            // The first dive takes what is used most; later ones are led astray, each in its own way.
            let fraction = amount - f64::from(whole);
            let astray = if self.noise == 0 {
                0.0
            } else {
                (draw(&mut self.random) >> 44) as f64 / (1u64 << 20) as f64
            };
            let score = fraction + astray * 0.5;
            if fraction > SLACK && !chosen.contains(&pattern) {
                scores.push((score, pattern));
            }
        }
        if self.bins.len() > before {
            return true;
        }
        // Of equals the one that came first.
        scores.sort_by(|a, b| b.0.total_cmp(&a.0));
        let Some((_, pattern)) = scores.first().copied() else { return false };
        if self.choices.len() == CHOICES_KEPT {
            self.choices.pop_front();
        }
        let (columns, demand) = (self.columns.clone(), self.demand.clone());
        let chosen = chosen.iter().copied().chain([pattern]).collect();
        self.choices.push_back(Choice { columns, demand, bins: before, chosen });
        self.take_pattern(pattern);
        if D > 1 {
            let more = self.columns.bins() / BINS_A_CHOICE;
            for (_, pattern) in
                scores.into_iter().skip(1).take_while(|(score, _)| *score > SCORE_MIN).take(more)
            {
                if self.is_there(pattern) {
                    self.take_pattern(pattern);
                }
            }
        }
        self.bins.len() > before
    }

    /// Returns whether all of a pattern is still demanded.
    fn is_there(&self, pattern: u32) -> bool {
        let mut kinds = self.columns.master.patterns[pattern as usize].iter();
        kinds.all(|(kind, times)| self.demand[*kind as usize] >= *times)
    }

    /// Solves the program for what is left; returns how many bins that needs, unless it is too many.
    fn solve(&mut self, bins_max: usize, steps: &mut Steps) -> Option<usize> {
        self.columns.master.demand(&self.demand, steps);
        let bins_left = bins_max.checked_sub(self.bins.len())?;
        self.columns.improve(self.kinds, &self.demand, bins_left, steps);
        let left = self.columns.bins();
        (left <= bins_left).then_some(left)
    }

    /// Tries to pack what is left by value correction.
    fn finish(&mut self, bins_max: usize, left: usize, steps: &mut Steps) -> Option<Vec<Pattern>> {
        let rounds = FINISH_ROUNDS_MAX.min(FINISH_BINS / left.max(1));
        let mut correction = Correction::new(self.kinds, self.random);
        let bins_left = bins_max - self.bins.len();
        let mut round =
            || correction.round(self.kinds, &self.demand, steps).filter(|bins| bins.len() <= bins_left);
        (0..rounds).find_map(|_| round())
    }

    /// Goes back to the last choice at which something else is left to try; returns what was tried there.
    fn go_back(&mut self) -> Option<Vec<u32>> {
        loop {
            let choice = self.choices.pop_back()?;
            if choice.chosen.len() < CHOICES_MAX {
                (self.columns, self.demand) = (choice.columns, choice.demand);
                self.bins.truncate(choice.bins);
                return Some(choice.chosen);
            }
        }
    }

    /// Makes a bin of the pattern with what is still there of it, and returns whether there was anything.
    fn take_pattern(&mut self, pattern: u32) -> bool {
        let there: Pattern = self.columns.master.patterns[pattern as usize]
            .iter()
            .map(|(kind, times)| (*kind, (*times).min(self.demand[*kind as usize])))
            .filter(|(_, times)| *times > 0)
            .collect();
        for (kind, times) in &there {
            self.demand[*kind as usize] -= times;
        }
        let is_any = !there.is_empty();
        if is_any {
            self.bins.push(there);
        }
        is_any
    }
}
