//! The linear program over the patterns known: how many bins of each, at least, so that every kind is covered.
//!
//! A revised simplex with an explicit inverse. Its numbers are floats, made by the four basic operations alone, which
//! IEEE 754 fixes to the last bit, so that every machine takes the same way. They only guide: which patterns a packing
//! consists of and what a lower bound rests on is in integers.

use super::Steps;
use super::decreasing::number;
use super::kinds::Pattern;

/// Less than this is nothing.
const NOTHING: f64 = 1e-7;
/// Less than this in the inverse comes of rounding.
const NEGLIGIBLE: f64 = 1e-12;
/// What a demand is stirred by at most.
const STIR_DEMAND: f64 = 1e-4;
/// What a cost is stirred by at most.
pub(super) const STIR_COST: f64 = 1e-6;
/// A pivot is at least this.
const PIVOT_MIN: f64 = 1e-7;
/// And this where a column is not chosen by its gain alone, so that small pivots would follow on each other.
const PIVOT_MIN_DEVEX: f64 = 1e-5;
/// What may stay uncovered when the demand has changed: more than the stirring makes.
const UNCOVERED_MAX: f64 = 1e-3;
/// The dual simplex gives up after this many pivots and one for each kind: it may go in circles.
const PIVOTS_MAX: usize = 100;
/// So many numbers of the inverse cost what one step costs.
const NUMBERS_A_STEP: u64 = 16;
/// And so many where those between are nothing.
const NUMBERS_A_STEP_SPARSE: u64 = 12;

/// The program with its present basis.
#[derive(Clone)]
pub(super) struct Master {
    /// The patterns; how much of each the program uses is unknown to those not in the basis, and nothing.
    pub(super) patterns: Vec<Pattern>,
    /// For each row what is basic in it.
    basis: Vec<Column>,
    is_basic: Vec<bool>,
    inverse: Vec<f64>,
    demand: Vec<f64>,
    /// How much of what is basic in each row.
    amounts: Vec<f64>,
    /// What one more item of each kind would cost, in bins.
    pub(super) prices: Vec<f64>,
    rule: Rule,
}

/// Returns a demand with a little more, another little for each kind.
///
/// Where many kinds are wanted once, many ways to cover them are equally good, and the simplex would go in circles
/// between them. What the program needs is reckoned with the demand itself.
fn stirred(kind: usize, demand: u32) -> f64 {
    f64::from(demand) + scattered(kind) * STIR_DEMAND
}

/// Returns what a pattern costs: a bin, and a little more, for the same reason.
fn cost(pattern: usize) -> f64 {
    1.0 + scattered(pattern) * STIR_COST
}

/// Returns a number between 0 and 1 that has nothing to do with its neighbours'.
fn scattered(index: usize) -> f64 {
    let hash = (number(index) ^ 0x5bd1).wrapping_mul(0x9E37_79B1) >> 12;
    f64::from(hash + 1) / f64::from(1u32 << 20)
}

/// How the column that comes into the basis is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The greatest gain.
    Gain,
    /// The greatest gain for its length in the space of what was not basic at first: Devex (Harris, 1973). In several
    /// dimensions that spares a third of the pivots.
    Devex,
}

/// A pattern, or the surplus of a kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Pattern(u32),
    Surplus(u32),
}

/// How long each column is, about, in the space of what was not basic at first.
struct Weights {
    patterns: Vec<f64>,
    surplus: Vec<f64>,
}

impl Master {
    /// Starts with a pattern of each kind alone, of which `most` fit into a bin.
    pub(super) fn new(demand: &[u32], most: &[u32], rule: Rule) -> Self {
        let kinds = demand.len();
        let mut inverse = vec![0.0; kinds * kinds];
        for kind in 0..kinds {
            inverse[kind * kinds + kind] = 1.0 / f64::from(most[kind]);
        }
        Self {
            patterns: (0..kinds).map(|kind| vec![(number(kind), most[kind])]).collect(),
            basis: (0..kinds).map(|kind| Column::Pattern(number(kind))).collect(),
            is_basic: vec![true; kinds],
            inverse,
            demand: demand.iter().map(|demand| f64::from(*demand)).collect(),
            amounts: (0..kinds).map(|kind| stirred(kind, demand[kind]) / f64::from(most[kind])).collect(),
            prices: most.iter().enumerate().map(|(kind, most)| cost(kind) / f64::from(*most)).collect(),
            rule,
        }
    }

    fn kinds(&self) -> usize {
        self.demand.len()
    }

    /// Adds a pattern.
    pub(super) fn add(&mut self, pattern: Pattern) {
        self.patterns.push(pattern);
        self.is_basic.push(false);
    }

    /// Returns how many bins the program needs: what is demanded, at its prices.
    pub(super) fn bins(&self) -> f64 {
        self.prices.iter().zip(&self.demand).map(|(price, demand)| price * demand).sum()
    }

    /// Returns the patterns in use, each with how much of it.
    pub(super) fn used(&self) -> impl Iterator<Item = (u32, f64)> {
        self.basis.iter().zip(&self.amounts).filter_map(|(column, amount)| match column {
            Column::Pattern(pattern) if *amount > NOTHING => Some((*pattern, *amount)),
            _ => None,
        })
    }

    /// Returns what a pattern's items cost at the prices.
    pub(super) fn worth(&self, pattern: &Pattern) -> f64 {
        pattern.iter().map(|(kind, times)| self.prices[*kind as usize] * f64::from(*times)).sum()
    }

    /// Pivots while a known pattern or a surplus makes the program need fewer bins.
    pub(super) fn optimise(&mut self, steps: &mut Steps) {
        let mut weights =
            Weights { patterns: vec![1.0; self.patterns.len()], surplus: vec![1.0; self.kinds()] };
        while steps.left() > 0 {
            let Some((gain, column)) = self.best_gain(&weights, steps) else { return };
            let direction = self.direction(column);
            let Some(row) = self.leaving(&direction) else { return };
            if self.rule == Rule::Devex {
                self.weigh(&mut weights, row, column, direction[row], steps);
            }
            self.pivot(row, column, &direction, -gain, steps);
        }
    }

    /// Returns the column that makes the program need fewer bins and has the best gain for its weight, with its gain.
    fn best_gain(&self, weights: &Weights, steps: &mut Steps) -> Option<(f64, Column)> {
        steps.take(self.patterns.len() as u64);
        let mut best: Option<(f64, f64, Column)> = None;
        let mut offer = |gain: f64, weight: f64, column: Column| {
            if gain > NOTHING {
                let score = match self.rule {
                    Rule::Gain => gain,
                    Rule::Devex => gain * gain / weight,
                };
                if best.is_none_or(|(most, ..)| score > most) {
                    best = Some((score, gain, column));
                }
            }
        };
        for (index, pattern) in self.patterns.iter().enumerate() {
            if !self.is_basic[index] {
                let gain = self.worth(pattern) - cost(index);
                offer(gain, weights.patterns[index], Column::Pattern(number(index)));
            }
        }
        for (kind, price) in self.prices.iter().enumerate() {
            offer(-price, weights.surplus[kind], Column::Surplus(number(kind)));
        }
        best.map(|(_, gain, column)| (gain, column))
    }

    /// Brings the weights up to the basis in which `column` takes the place of what is basic in `row`.
    fn weigh(&self, weights: &mut Weights, row: usize, column: Column, pivot: f64, steps: &mut Steps) {
        let kinds = self.kinds();
        let values = &self.inverse[row * kinds..][..kinds];
        let entering = match column {
            Column::Pattern(pattern) => weights.patterns[pattern as usize],
            Column::Surplus(kind) => weights.surplus[kind as usize],
        };
        let factor = entering / (pivot * pivot);
        steps.take(self.patterns.len() as u64);
        for (index, pattern) in self.patterns.iter().enumerate() {
            if !self.is_basic[index] {
                let change: f64 =
                    pattern.iter().map(|(kind, times)| values[*kind as usize] * f64::from(*times)).sum();
                let weight = &mut weights.patterns[index];
                *weight = weight.max(change * change * factor);
            }
        }
        for (weight, value) in weights.surplus.iter_mut().zip(values) {
            *weight = weight.max(value * value * factor);
        }
        let leaving = factor.max(1.0);
        match self.basis[row] {
            Column::Pattern(pattern) => weights.patterns[pattern as usize] = leaving,
            Column::Surplus(kind) => weights.surplus[kind as usize] = leaving,
        }
    }

    /// Returns what one of the column takes from what is basic.
    fn direction(&self, column: Column) -> Vec<f64> {
        let kinds = self.kinds();
        match column {
            Column::Pattern(pattern) => {
                let pattern = &self.patterns[pattern as usize];
                let row = |row: &[f64]| -> f64 {
                    pattern.iter().map(|(kind, times)| row[*kind as usize] * f64::from(*times)).sum()
                };
                self.inverse.chunks_exact(kinds).map(row).collect()
            }
            Column::Surplus(kind) => {
                self.inverse.chunks_exact(kinds).map(|row| -row[kind as usize]).collect()
            }
        }
    }

    /// Returns the row that is used up first; among equals the one with the greatest pivot.
    fn leaving(&self, direction: &[f64]) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        let pivot_min = match self.rule {
            Rule::Gain => PIVOT_MIN,
            Rule::Devex => PIVOT_MIN_DEVEX,
        };
        for (row, change) in direction.iter().enumerate() {
            if *change <= pivot_min {
                continue;
            }
            let ratio = self.amounts[row].max(0.0) / change;
            let is_better = best.is_none_or(|(least, other)| {
                ratio < least - 1e-12 || (ratio <= least + 1e-12 && *change > direction[other])
            });
            if is_better {
                best = Some((ratio, row));
            }
        }
        best.map(|(_, row)| row)
    }

    /// Puts the column into the basis in the place of what is basic in the row.
    fn pivot(&mut self, row: usize, column: Column, direction: &[f64], reduced: f64, steps: &mut Steps) {
        let kinds = self.kinds();
        let amount = self.amounts[row] / direction[row];
        let pivot_row = &mut self.inverse[row * kinds..][..kinds];
        // Most of the inverse is nothing: patterns hold few of the kinds.
        let mut pivots: Vec<(u32, f64)> = Vec::new();
        for (kind, value) in pivot_row.iter_mut().enumerate() {
            *value /= direction[row];
            if value.abs() > NEGLIGIBLE {
                pivots.push((number(kind), *value));
            } else {
                *value = 0.0;
            }
        }
        let mut rows = 1;
        for (other, change) in direction.iter().enumerate() {
            if other == row || *change == 0.0 {
                continue;
            }
            rows += 1;
            self.amounts[other] -= change * amount;
            let values = &mut self.inverse[other * kinds..][..kinds];
            for (kind, pivot) in &pivots {
                values[*kind as usize] -= change * pivot;
            }
        }
        for (kind, pivot) in &pivots {
            self.prices[*kind as usize] += reduced * pivot;
        }
        self.amounts[row] = amount;
        if let Column::Pattern(pattern) = self.basis[row] {
            self.is_basic[pattern as usize] = false;
        }
        if let Column::Pattern(pattern) = column {
            self.is_basic[pattern as usize] = true;
        }
        self.basis[row] = column;
        steps.take((kinds + pivots.len() * rows) as u64 / NUMBERS_A_STEP_SPARSE);
    }

    /// Changes the demand and makes the program cover it again.
    ///
    /// The prices stay right while the demand changes, so the dual simplex is at its end after a few pivots. Where it
    /// gives up before, the prices are right all the same, and some amounts are below nothing, which nobody uses.
    pub(super) fn demand(&mut self, demand: &[u32], steps: &mut Steps) {
        let kinds = self.kinds();
        for (to, from) in self.demand.iter_mut().zip(demand) {
            *to = f64::from(*from);
        }
        for (amount, row) in self.amounts.iter_mut().zip(self.inverse.chunks_exact(kinds)) {
            let stirred = demand.iter().enumerate().map(|(kind, demand)| stirred(kind, *demand));
            *amount = row.iter().zip(stirred).map(|(value, demand)| value * demand).sum();
        }
        steps.take((kinds * kinds) as u64 / NUMBERS_A_STEP);
        for _ in 0..PIVOTS_MAX + kinds {
            let least = (0..kinds).min_by(|a, b| self.amounts[*a].total_cmp(&self.amounts[*b]));
            let Some(row) = least.filter(|row| self.amounts[*row] < -UNCOVERED_MAX) else { return };
            let Some((column, reduced)) = self.entering(row, steps) else { return };
            let direction = self.direction(column);
            self.pivot(row, column, &direction, reduced, steps);
            if steps.left() == 0 {
                return;
            }
        }
    }

    /// Returns what comes into the basis where `row` is below nothing, and what one more of it costs.
    fn entering(&self, row: usize, steps: &mut Steps) -> Option<(Column, f64)> {
        let kinds = self.kinds();
        let values = &self.inverse[row * kinds..][..kinds];
        steps.take(self.patterns.len() as u64);
        let mut best: Option<(f64, f64, f64, Column)> = None;
        let mut offer = |column: Column, change: f64, cost: f64| {
            if change < -PIVOT_MIN {
                let cost = cost.max(0.0);
                let ratio = cost / -change;
                let is_better = best.is_none_or(|(least, pivot, ..)| {
                    ratio < least - 1e-9 || (ratio < least + 1e-9 && change < pivot)
                });
                if is_better {
                    best = Some((ratio, change, cost, column));
                }
            }
        };
        for (index, pattern) in self.patterns.iter().enumerate() {
            if !self.is_basic[index] {
                let change =
                    pattern.iter().map(|(kind, times)| values[*kind as usize] * f64::from(*times)).sum();
                offer(Column::Pattern(number(index)), change, cost(index) - self.worth(pattern));
            }
        }
        for (kind, value) in values.iter().enumerate() {
            offer(Column::Surplus(number(kind)), -value, self.prices[kind]);
        }
        best.map(|(_, _, cost, column)| (column, cost))
    }
}
