//! The published heuristics for vectors, each as its authors give it, to be compared with.
//!
//! First-fit decreasing by four sizes, the dot product and the norm bin by bin: Panigrahy, Talwar, Uyeda and Wieder
//! (2011). Permutation pack: Leinberger, Karypis and Kumar (1999). Balancing: Gabay and Zaourar (2016).

use std::cmp::Reverse;

use crate::classes::Problem;

/// A heuristic by name, and how many bins it takes.
pub(crate) type Rival = (&'static str, fn(&Items) -> usize);

/// All that are compared with.
pub(crate) const RIVALS: &[Rival] = &[
    ("FFDSum", |items| first_fit(items, &by_weights(items.average()))),
    ("FFDExpSum", |items| first_fit(items, &by_weights(items.exponential()))),
    ("FFDProd", |items| first_fit(items, &|item| item.iter().product())),
    ("FFDL2", |items| first_fit(items, &|item| item.iter().map(|part| part * part).sum())),
    ("FFDMax", |items| first_fit(items, &|item| item.iter().copied().fold(0.0, f64::max))),
    ("dot product", |items| by_bin(items, dot(items.average()))),
    ("dot product, exponential", |items| by_bin(items, dot(items.exponential()))),
    ("norm", |items| by_bin(items, norm(items.average()))),
    ("norm, exponential", |items| by_bin(items, norm(items.exponential()))),
    ("permutation pack", |items| by_bin(items, permutation)),
    ("balancing", balancing),
];

/// What is left unused of a bin by rounding alone.
const ROUNDING: f64 = 1e-9;
/// The factor in the exponent of the exponential weights, for sizes of which a bin takes a hundred.
const EXPONENT: f64 = 0.01 * 100.0;

/// The items of a problem as parts of a bin.
pub(crate) struct Items(Vec<Vec<f64>>);

impl Items {
    #[expect(clippy::cast_precision_loss, reason = "a rival reckons in floats")]
    pub(crate) fn new(problem: &Problem) -> Self {
        let part = |(size, capacity): (&u64, &u64)| *size as f64 / (*capacity).max(1) as f64;
        let item = |sizes: &[u64]| sizes.iter().zip(&problem.capacity).map(part).collect();
        Self(problem.sizes.chunks_exact(problem.capacity.len()).map(item).collect())
    }

    fn dimensions(&self) -> usize {
        self.0.first().map_or(0, Vec::len)
    }

    /// Returns the mean of the items in each dimension.
    #[expect(clippy::cast_precision_loss, reason = "a rival reckons in floats")]
    fn average(&self) -> Vec<f64> {
        let items = self.0.len() as f64;
        (0..self.dimensions()).map(|d| self.0.iter().map(|item| item[d]).sum::<f64>() / items).collect()
    }

    fn exponential(&self) -> Vec<f64> {
        self.average().into_iter().map(|average| (EXPONENT * average).exp()).collect()
    }

    /// Returns the items, the biggest by `size` first.
    fn decreasing(&self, size: &impl Fn(&[f64]) -> f64) -> Vec<&[f64]> {
        let mut items: Vec<(f64, &[f64])> = self.0.iter().map(|item| (size(item), item.as_slice())).collect();
        items.sort_by(|a, b| b.0.total_cmp(&a.0));
        items.into_iter().map(|item| item.1).collect()
    }
}

/// Returns the size of an item as a sum of its parts, each with its weight.
fn by_weights(weights: Vec<f64>) -> impl Fn(&[f64]) -> f64 {
    move |item| item.iter().zip(&weights).map(|(part, weight)| part * weight).sum()
}

fn fits(item: &[f64], room: &[f64]) -> bool {
    item.iter().zip(room).all(|(part, room)| *part <= room + ROUNDING)
}

fn take(room: &mut [f64], item: &[f64]) {
    for (room, part) in room.iter_mut().zip(item) {
        *room -= part;
    }
}

fn first_fit(items: &Items, size: &impl Fn(&[f64]) -> f64) -> usize {
    let mut rooms: Vec<Vec<f64>> = Vec::new();
    for item in items.decreasing(size) {
        let bin = rooms.iter().position(|room| fits(item, room)).unwrap_or_else(|| {
            rooms.push(vec![1.0; items.dimensions()]);
            rooms.len() - 1
        });
        take(&mut rooms[bin], item);
    }
    rooms.len()
}

/// Fills bin after bin, always with the item of the greatest score that fits; among equals the biggest.
fn by_bin<S: PartialOrd>(items: &Items, score: impl Fn(&[f64], &[f64]) -> S) -> usize {
    let mut left = items.decreasing(&|item: &[f64]| item.iter().sum());
    let mut bins = 0;
    while !left.is_empty() {
        bins += 1;
        let mut room = vec![1.0; items.dimensions()];
        loop {
            let mut best: Option<(S, usize)> = None;
            for (position, item) in left.iter().enumerate().filter(|(_, item)| fits(item, &room)) {
                let score = score(item, &room);
                if best.as_ref().is_none_or(|(most, _)| score > *most) {
                    best = Some((score, position));
                }
            }
            let Some((_, position)) = best else { break };
            take(&mut room, left.remove(position));
        }
    }
    bins
}

fn dot(weights: Vec<f64>) -> impl Fn(&[f64], &[f64]) -> f64 {
    move |item, room| {
        item.iter().zip(room).zip(&weights).map(|((part, room), weight)| part * room * weight).sum()
    }
}

fn norm(weights: Vec<f64>) -> impl Fn(&[f64], &[f64]) -> f64 {
    move |item, room| {
        let parts = item.iter().zip(room).zip(&weights);
        -parts.map(|((part, room), weight)| weight * (room - part) * (room - part)).sum::<f64>()
    }
}

/// Scores how well the order of an item's dimensions, the greatest first, is that of the room.
fn permutation(item: &[f64], room: &[f64]) -> Vec<Reverse<usize>> {
    let of_room = order(room);
    let mut rank_in_room = vec![0; room.len()];
    for (rank, d) in of_room.into_iter().enumerate() {
        rank_in_room[d] = rank;
    }
    order(item).into_iter().map(|d| Reverse(rank_in_room[d])).collect()
}

fn order(vector: &[f64]) -> Vec<usize> {
    let mut dimensions: Vec<usize> = (0..vector.len()).collect();
    dimensions.sort_by(|a, b| vector[*b].total_cmp(&vector[*a]));
    dimensions
}

/// Puts each item, the biggest first, into the emptiest of a fixed number of bins, one more until all fit.
fn balancing(items: &Items) -> usize {
    let sum = |d: usize| items.0.iter().map(|item| item[d]).sum::<f64>();
    let sorted = items.decreasing(&by_weights(items.average()));
    let is_enough = |bins: usize| {
        let mut rooms = vec![vec![1.0; items.dimensions()]; bins];
        sorted.iter().all(|item| {
            let free = |room: &&mut Vec<f64>| room.iter().sum::<f64>();
            let taking = rooms.iter_mut().filter(|room| fits(item, room));
            let emptiest = taking.max_by(|a, b| free(a).total_cmp(&free(b)));
            emptiest.is_some_and(|room| {
                take(room, item);
                true
            })
        })
    };
    let least = (0..items.dimensions()).map(sum).fold(0.0, f64::max);
    (0..=sorted.len())
        .find(|bins| {
            let bins = *bins;
            f64::from(u32::try_from(bins).unwrap()) + 1.0 > least && is_enough(bins)
        })
        .unwrap_or(sorted.len())
}
