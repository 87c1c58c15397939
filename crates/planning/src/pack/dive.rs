//! Rounding the linear program to a packing: patterns it uses wholly are taken, then the one it uses most, and what is
//! left is solved again.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "amounts are far below 2^32"
)]

use super::Steps;
use super::columns::Columns;
use super::correction::{Correction, draw};
use super::kinds::{Kinds, Pattern};

/// An amount this little below a whole number is that number.
const SLACK: f64 = 1e-4;
/// So many rounds of value correction try to finish a dive each time something was taken.
const FINISH_ROUNDS: usize = 3;

/// Dives once and returns a packing with at most `bins_max` bins, if it comes to one.
pub(super) fn dive<const D: usize>(
    kinds: &Kinds<D>,
    root: &Columns,
    bins_max: usize,
    noise: u64,
    steps: &mut Steps,
) -> Option<Vec<Pattern>> {
    let mut columns = root.clone();
    let mut random = noise;
    let mut demand = kinds.demand.clone();
    let mut bins: Vec<Pattern> = Vec::new();
    loop {
        let taken = take_used(&columns, &mut demand, &mut bins, noise, &mut random);
        if demand.iter().all(|demand| *demand == 0) {
            return (bins.len() <= bins_max).then_some(bins);
        }
        if taken == 0 || bins.len() >= bins_max || steps.left() == 0 {
            return None;
        }
        if !columns.master.demand(&demand, steps) {
            return None;
        }
        columns.generate(kinds, &demand, usize::MAX, steps);
        if bins.len() + columns.bins() > bins_max {
            return None;
        }
        let mut correction = Correction::new(kinds, random);
        for _ in 0..FINISH_ROUNDS {
            if let Some(rest) = correction.round(kinds, &demand, bins_max - bins.len(), steps) {
                bins.extend(rest);
                return Some(bins);
            }
        }
    }
}

/// Takes what the program uses wholly, or else the pattern it uses most; returns how many bins that were.
fn take_used(
    columns: &Columns,
    demand: &mut [u32],
    bins: &mut Vec<Pattern>,
    noise: u64,
    random: &mut u64,
) -> usize {
    let before = bins.len();
    let mut best: Option<(f64, u32)> = None;
    for (pattern, amount) in columns.master.used() {
        let whole = (amount + SLACK) as u32;
        for _ in 0..whole {
            take_pattern(&columns.master.patterns[pattern as usize], demand, bins);
        }
        // The first dive takes what is used most; later ones are led astray, each in its own way.
        let fraction = amount - f64::from(whole);
        let astray = if noise == 0 { 0.0 } else { (draw(random) >> 44) as f64 / (1u64 << 20) as f64 };
        let score = fraction + astray * 0.5;
        if fraction > SLACK && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, pattern));
        }
    }
    if bins.len() == before
        && let Some((_, pattern)) = best
    {
        take_pattern(&columns.master.patterns[pattern as usize], demand, bins);
    }
    bins.len() - before
}

/// Makes a bin of the pattern with what is still there of it.
fn take_pattern(pattern: &Pattern, demand: &mut [u32], bins: &mut Vec<Pattern>) {
    let there: Pattern = pattern
        .iter()
        .map(|(kind, times)| (*kind, (*times).min(demand[*kind as usize])))
        .filter(|(_, times)| *times > 0)
        .collect();
    for (kind, times) in &there {
        demand[*kind as usize] -= times;
    }
    if !there.is_empty() {
        bins.push(there);
    }
}
