//! Where each receptacle lies in its box, in the order of loading: the last stop first in, balanced as far as the stops allow.
//!
//! Bags give way, so no shape is kept: each receptacle takes a block of its own volume (with its share of the gaps), and the
//! blocks fill the box wall by wall from the front to the door, in columns from wall to wall, from the floor up. A box
//! that is not full is filled along its whole length, only lower. Within the receptacles of one stop the heavy ones go
//! where they bring the centre of gravity nearest to the middle.

use std::cmp::Reverse;

use caravan_postal::{Grams, Volume};

use super::balance::Balance;
use super::rules::{BalanceRules, Inside};
use crate::{Capacity, Fill, ReceptacleKey, Size};

/// A receptacle that is to be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Piece {
    /// The receptacle.
    pub receptacle: ReceptacleKey,
    /// Its gross weight.
    pub weight: Grams,
    /// Its volume from outside.
    pub volume: Volume,
    /// At which stop it is unloaded, counted from 0; the last stop is loaded first.
    pub stop: u16,
}

/// A receptacle in its place. Lengths are in millimetres from the inner corner at the front wall, left, on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Placed {
    /// The receptacle.
    pub piece: Piece,
    /// From the front wall.
    pub x_mm: u32,
    /// From the left wall, looking to the front.
    pub y_mm: u32,
    /// From the floor.
    pub z_mm: u32,
    /// Along the box.
    pub length_mm: u32,
    /// Across the box.
    pub width_mm: u32,
    /// Upwards.
    pub height_mm: u32,
}

/// One loaded box: what a picture of it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadPlan {
    /// The inside of the box.
    pub inside: Inside,
    /// The receptacles in the order of loading; no two blocks overlap and none leaves the box.
    pub placed: Vec<Placed>,
    /// What they take up together.
    pub content: Size,
    /// How full the box is against what may be in it.
    pub fill: Fill,
    /// Where the centre of gravity lies.
    pub balance: Balance,
}

/// In how many steps the heavy receptacles of a stop are moved to one end of it.
const LEVELS: usize = 16;

/// Arranges the receptacles of one box.
///
/// `usable_permille` of the volume can be filled, as in [`VehicleLimits`](super::VehicleLimits); each block is bigger by
/// that factor. What is more than the box holds is drawn smaller, so that the picture never leaves it: whether it fits is
/// asked before.
pub fn arrange(
    inside: Inside,
    limits: Capacity,
    usable_permille: u16,
    pieces: &[Piece],
    rules: &BalanceRules,
) -> LoadPlan {
    let shape = Shape::of(inside, usable_permille, pieces);
    let mut groups = by_stop(pieces);
    let moment = shape.best_order(&mut groups);
    let walls: Vec<&[Piece]> = groups.iter().flat_map(|group| group.chunks(shape.per_wall())).collect();
    let placed = shape.place(&walls, shape.start_mm(moment));
    let content = pieces.iter().map(|piece| Size::one(piece.weight, piece.volume)).sum();
    let balance = Balance::of(inside, &placed, rules);
    LoadPlan { inside, content, fill: limits.fill(content), balance, placed }
}

/// Returns the receptacles by stop, the last stop first, each from the densest to the lightest for its size.
fn by_stop(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut sorted = pieces.to_vec();
    sorted.sort_unstable_by(|a, b| {
        let density = |piece: &Piece, other: &Piece| u128::from(piece.weight.0) * u128::from(other.volume.0);
        // Compared crosswise, what has no volume would equal everything: it goes by weight among its like.
        let by_density = match (a.volume.0, b.volume.0) {
            (0, 0) => b.weight.cmp(&a.weight),
            (0, _) => std::cmp::Ordering::Less,
            (_, 0) => std::cmp::Ordering::Greater,
            _ => density(b, a).cmp(&density(a, b)),
        };
        b.stop.cmp(&a.stop).then(by_density).then(a.receptacle.cmp(&b.receptacle))
    });
    sorted.chunk_by(|a, b| a.stop == b.stop).map(<[Piece]>::to_vec).collect()
}

/// Orders one stop: the first `moved` of the densest to one end, the rest alternately to both ends with the densest in the
/// middle.
fn order(densest_first: &[Piece], moved: usize, is_to_front: bool) -> Vec<Piece> {
    let (end, rest) = densest_first.split_at(moved.min(densest_first.len()));
    let (mut front, mut back) = (Vec::new(), Vec::new());
    for (index, piece) in rest.iter().rev().enumerate() {
        if index % 2 == 0 { front.push(*piece) } else { back.push(*piece) }
    }
    front.extend(back.into_iter().rev());
    if is_to_front {
        end.iter().copied().chain(front).collect()
    } else {
        front.into_iter().chain(end.iter().rev().copied()).collect()
    }
}

/// How the blocks lie.
struct Shape {
    inside: Inside,
    /// The volume of all receptacles.
    total: u128,
    /// How much of the length is used.
    span_mm: u32,
    /// How much of the height is used.
    height_mm: u32,
    columns: usize,
    tiers: usize,
}

impl Shape {
    fn of(inside: Inside, usable_permille: u16, pieces: &[Piece]) -> Self {
        let total: u128 = pieces.iter().map(|piece| u128::from(piece.volume.0)).sum();
        let space = total.saturating_mul(1_000_000) / u128::from(usable_permille.clamp(1, 1000));
        let space = space.min(inside.cubic_mm());
        let [length, width, height] = [inside.length_mm, inside.width_mm, inside.height_mm].map(u128::from);
        let side = cube_root(space / (pieces.len() as u128).max(1)).clamp(1, height.max(1));
        let floor = (length * width).max(1);
        let used_height = space.div_ceil(floor).clamp(side, height.max(1));
        let span = space.div_ceil((width * used_height).max(1)).min(length);
        let count = |whole: u128| usize::try_from((whole / side).max(1)).unwrap_or(1);
        Self {
            inside,
            total,
            span_mm: u32::try_from(span).unwrap_or(inside.length_mm),
            height_mm: u32::try_from(used_height).unwrap_or(inside.height_mm),
            columns: count(width),
            tiers: count(used_height),
        }
    }

    fn per_wall(&self) -> usize {
        self.columns.saturating_mul(self.tiers).max(1)
    }

    /// Puts every stop into the order that brings the centre of gravity nearest to the middle of what is loaded; returns
    /// the moment about the front of the load and the mass.
    fn best_order(&self, groups: &mut [Vec<Piece>]) -> (u128, u128) {
        let densest_first = groups.to_vec();
        let (mut least, mut found, mut best) = (u128::MAX, Vec::new(), (0, 0));
        for level in 0..=2 * LEVELS {
            // 0, then to the front by one step, to the back by one step, and so on.
            let (steps, is_to_front) = (level.div_ceil(2), level % 2 == 1);
            let ordered: Vec<Vec<Piece>> = densest_first
                .iter()
                .map(|group| order(group, group.len() * steps / LEVELS, is_to_front))
                .collect();
            let (moment, mass) = self.moment(&ordered);
            let off = (2 * moment).abs_diff(mass * u128::from(self.span_mm));
            if off < least {
                (least, found, best) = (off, ordered, (moment, mass));
            }
            // Within 1 % of the length nothing better is looked for.
            if least * 100 <= mass * u128::from(self.inside.length_mm) {
                break;
            }
        }
        groups.clone_from_slice(&found);
        best
    }

    /// Returns mass times distance from the front of the load, and the mass.
    fn moment(&self, groups: &[Vec<Piece>]) -> (u128, u128) {
        let (mut before, mut moment, mut mass) = (0u128, 0u128, 0u128);
        for wall in groups.iter().flat_map(|group| group.chunks(self.per_wall())) {
            let volume = volume_of(wall);
            let weight: u128 = wall.iter().map(|piece| u128::from(piece.weight.0)).sum();
            let middle = u128::from(part(2 * before + volume, 2 * self.total, self.span_mm));
            (moment, mass) = (moment + weight * middle, mass + weight);
            before += volume;
        }
        (moment, mass)
    }

    /// Returns where the load begins: what does not span the box lies with its centre of gravity in the middle.
    fn start_mm(&self, (moment, mass): (u128, u128)) -> u32 {
        let room = self.inside.length_mm - self.span_mm;
        let centre = u32::try_from(moment / mass.max(1)).unwrap_or(0);
        (self.inside.length_mm / 2).saturating_sub(centre).min(room)
    }

    fn place(&self, walls: &[&[Piece]], start_mm: u32) -> Vec<Placed> {
        let mut placed = Vec::new();
        // The mass to the right of the middle times its distance, in grams and half millimetres.
        let (mut before, mut turn) = (0u128, 0i128);
        for wall in walls {
            let volume = volume_of(wall);
            let from = part(before, self.total, self.span_mm);
            let to = part(before + volume, self.total, self.span_mm);
            before += volume;
            let columns = self.columns_of(wall, volume);
            let own = self.turn(&columns);
            let is_mirrored = (turn - own).abs() < (turn + own).abs();
            turn += if is_mirrored { -own } else { own };
            for Column { from_mm, to_mm, pieces } in columns {
                let y_mm = if is_mirrored { self.inside.width_mm - to_mm } else { from_mm };
                let (column, mut below) = (volume_of(&pieces), 0u128);
                for piece in pieces {
                    let z_mm = part(below, column, self.height_mm);
                    below += u128::from(piece.volume.0);
                    placed.push(Placed {
                        piece,
                        x_mm: start_mm + from,
                        y_mm,
                        z_mm,
                        length_mm: to - from,
                        width_mm: to_mm - from_mm,
                        height_mm: part(below, column, self.height_mm) - z_mm,
                    });
                }
            }
        }
        placed
    }

    /// Shares the receptacles of a wall out to its columns, heavy ones at the bottom.
    fn columns_of(&self, wall: &[Piece], volume: u128) -> Vec<Column> {
        let mut sorted = wall.to_vec();
        sorted.sort_unstable_by_key(|piece| (Reverse(piece.weight), piece.receptacle));
        let mut columns = vec![(0u128, Vec::new()); self.columns.min(wall.len())];
        for piece in sorted {
            let least = columns.iter_mut().min_by_key(|(volume, pieces)| (*volume, pieces.len()));
            let Some((column, pieces)) = least else { break };
            *column += u128::from(piece.volume.0);
            pieces.push(piece);
        }
        let mut before = 0;
        let across = |(column, pieces)| {
            let from_mm = part(before, volume, self.inside.width_mm);
            before += column;
            Column { from_mm, to_mm: part(before, volume, self.inside.width_mm), pieces }
        };
        columns.into_iter().map(across).collect()
    }

    fn turn(&self, columns: &[Column]) -> i128 {
        let width = i128::from(self.inside.width_mm);
        let turns = columns.iter().map(|column| {
            let mass: i128 = column.pieces.iter().map(|piece| i128::from(piece.weight.0)).sum();
            mass * (i128::from(column.from_mm) + i128::from(column.to_mm) - width)
        });
        turns.sum()
    }
}

/// Receptacles over one another.
struct Column {
    from_mm: u32,
    to_mm: u32,
    pieces: Vec<Piece>,
}

fn volume_of(pieces: &[Piece]) -> u128 {
    pieces.iter().map(|piece| u128::from(piece.volume.0)).sum()
}

/// Returns `share / whole` of a length; nothing of nothing is nothing.
fn part(share: u128, whole: u128, length_mm: u32) -> u32 {
    let length = share.saturating_mul(u128::from(length_mm)).checked_div(whole).unwrap_or(0);
    u32::try_from(length).unwrap_or(length_mm).min(length_mm)
}

/// Returns the greatest number whose cube is not over `cube`.
fn cube_root(cube: u128) -> u128 {
    let (mut low, mut high) = (0u128, 1u128 << 42);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if middle * middle * middle <= cube { low = middle } else { high = middle - 1 }
    }
    low
}
