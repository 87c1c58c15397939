//! The search where few items of several dimensions go into a bin: each choice leaves a list of what still fits.
//!
//! Sizes in one number say little about what goes together in several dimensions. The list does: it is short after two
//! or three choices, and what is on it bounds what can still be gained.

use super::{Effort, Search};
use crate::pack::instance::{Vector, fits, take};

/// Where more items than this go into a bin on average, the lists stay long and are not worth making.
const ITEMS_PER_BIN_MAX: u64 = 8;

/// What is left of the bin after some choices.
struct Level<const D: usize> {
    /// What fits, by index, the most profitable for its size first.
    list: Vec<u32>,
    /// How many there are of the first on the list.
    first: u32,
    /// Where on the list the next choice is.
    next: usize,
    room: Vector<D>,
    size_left: u64,
    profit: u64,
}

/// What may still go into the bin together.
enum Last {
    Nothing,
    One(u32),
    Several,
}

/// Returns whether lists are worth making.
pub(super) fn serves<const D: usize>(search: &Search<D>) -> bool {
    let (items, sizes) = search.kinds.iter().fold((0u64, 0u64), |(items, sizes), choice| {
        (items + u64::from(choice.demand), sizes + u64::from(choice.demand) * choice.size)
    });
    D > 1 && items.saturating_mul(search.size_left) <= sizes.saturating_mul(ITEMS_PER_BIN_MAX)
}

impl<const D: usize> Search<D> {
    /// Searches as [`Search::run`] does, and returns what nothing is worth more than.
    ///
    /// A wide search finds the best content for each kind that comes first in it, where that is worth more than `beyond`.
    pub(super) fn run_narrow(&mut self, beyond: u64, effort: Effort, nodes_max: u64) -> u64 {
        let Some(first) = self.kinds.first().map(|choice| choice.demand) else { return self.best_profit };
        let mut levels = vec![Level {
            list: (0..self.kinds.len()).map(super::number).collect(),
            first,
            next: 0,
            room: self.room,
            size_left: self.size_left,
            profit: 0,
        }];
        let mut chosen: Vec<u32> = Vec::new();
        let mut most = beyond;
        while !levels.is_empty() {
            if effort.is_wide && levels.len() == 1 {
                most = most.max(self.best_profit);
                self.best_profit = beyond;
            }
            if self.nodes > nodes_max {
                let rest = levels.iter().map(|level| level.profit + self.bound_of(level).0);
                let rest = rest.max().unwrap_or(0);
                return self.settle(most).max(rest);
            }
            let Some(level) = levels.last_mut() else { break };
            self.nodes += 1;
            let (bound, walked) = self.bound_of(level);
            self.walked += walked;
            if level.profit + bound <= self.best_profit {
                levels.pop();
                chosen.pop();
                continue;
            }
            let index = level.list[level.next];
            let below = self.choose(level);
            level.next += 1;
            chosen.push(index);
            if below.profit > self.best_profit {
                self.keep(&chosen, below.profit, effort);
            }
            self.walked += below.list.len() as u64;
            match self.last(&below) {
                Last::Several => levels.push(below),
                Last::Nothing => {
                    chosen.pop();
                }
                Last::One(last) => {
                    let profit = below.profit + self.profit_of(last);
                    if profit > self.best_profit {
                        chosen.push(last);
                        self.keep(&chosen, profit, effort);
                        chosen.pop();
                    }
                    chosen.pop();
                }
            }
        }
        self.settle(most)
    }

    /// Puts the best last, and returns what it is worth.
    fn settle(&mut self, most: u64) -> u64 {
        self.best_profit = self.best_profit.max(most);
        let kinds = &self.kinds;
        let worth = |content: &Vec<(usize, u32)>| -> u64 {
            content.iter().map(|(index, times)| kinds[*index].profit * u64::from(*times)).sum()
        };
        self.found.sort_by_key(worth);
        self.best_profit
    }

    fn profit_of(&self, index: u32) -> u64 {
        self.kinds[index as usize].profit
    }

    /// Takes one of the next on the list, and lists what still fits then.
    fn choose(&mut self, level: &Level<D>) -> Level<D> {
        let index = level.list[level.next];
        let choice = &self.kinds[index as usize];
        let there = if level.next == 0 { level.first } else { choice.demand };
        let mut below = Level {
            list: Vec::new(),
            first: 0,
            next: 0,
            room: level.room,
            size_left: level.size_left - choice.size,
            profit: level.profit + choice.profit,
        };
        take(&mut below.room, &choice.vector);
        let from = level.next + usize::from(there == 1);
        let rest = &level.list[from..];
        self.nodes += rest.len() as u64 / 4;
        below
            .list
            .extend(rest.iter().filter(|other| fits(&self.kinds[**other as usize].vector, &below.room)));
        below.first = match below.list.first() {
            Some(first) if *first == index => there - 1,
            Some(first) => self.kinds[*first as usize].demand,
            None => 0,
        };
        below
    }

    /// Returns whether two on the list may go into the bin together, and else the best of them.
    fn last(&self, level: &Level<D>) -> Last {
        let mut least = [u64::MAX; D];
        let mut best: Option<u32> = None;
        for index in &level.list {
            let choice = &self.kinds[*index as usize];
            least = std::array::from_fn(|d| least[d].min(choice.vector[d]));
            if best.is_none_or(|best| choice.profit > self.profit_of(best)) {
                best = Some(*index);
            }
        }
        match best {
            None => Last::Nothing,
            Some(best) if (0..D).any(|d| least[d] > level.room[d] - least[d]) => Last::One(best),
            Some(_) => Last::Several,
        }
    }

    /// Returns what the rest of the list may add at most: the last of it is cut so that the size is used up. And how many
    /// kinds were added up for it.
    fn bound_of(&self, level: &Level<D>) -> (u64, u64) {
        let (mut left, mut profit) = (level.size_left, 0);
        for (position, index) in level.list.iter().enumerate().skip(level.next) {
            let choice = &self.kinds[*index as usize];
            let demand = if position == 0 { level.first } else { choice.demand };
            let size = choice.size * u64::from(demand);
            if size > left {
                let walked = position - level.next + 1;
                return (profit + left * choice.profit / choice.size, walked as u64);
            }
            left -= size;
            profit += choice.profit * u64::from(demand);
        }
        (profit, level.list.len().saturating_sub(level.next) as u64)
    }

    fn keep(&mut self, chosen: &[u32], profit: u64, effort: Effort) {
        let mut content: Vec<(usize, u32)> = Vec::new();
        for index in chosen {
            match content.last_mut() {
                Some((last, times)) if *last == *index as usize => *times += 1,
                _ => content.push((*index as usize, 1)),
            }
        }
        self.best_profit = profit;
        let is_same = self.found.last().is_some_and(|last| last[0].0 == content[0].0);
        if effort.is_wide && is_same {
            self.found.pop();
        }
        self.found.push(content);
    }
}
