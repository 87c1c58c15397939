//! Blocks in a box: how long, how high and in what order they lie.

use std::cmp::Reverse;

use super::{Piece, Placed, order};
use crate::loading::rules::Inside;

/// In how many steps the heavy receptacles of a stop are moved to one end of it.
const LEVELS: usize = 16;

/// How the blocks lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    inside: Inside,
    /// The volume of all receptacles.
    total: u128,
    /// What their blocks take up together, in cubic millimetres.
    space: u128,
    /// The side of a block of middle size.
    side: u128,
    /// How much of the length is used.
    span_mm: u32,
    /// How much of the height is used.
    height_mm: u32,
    columns: usize,
    tiers: usize,
}

impl Shape {
    pub(super) fn of(inside: Inside, usable_permille: u16, pieces: &[Piece]) -> Self {
        let total: u128 = pieces.iter().map(|piece| u128::from(piece.volume.0)).sum();
        let space = total.saturating_mul(1_000_000) / u128::from(usable_permille.clamp(1, 1000));
        let space = space.min(inside.cubic_mm());
        let height = u128::from(inside.height_mm).max(1);
        let side = cube_root(space / (pieces.len() as u128).max(1)).clamp(1, height);
        Self { inside, total, space, side, span_mm: 0, height_mm: 0, columns: 0, tiers: 0 }
            .within(inside.length_mm)
    }

    /// Returns the shape that is no longer than `span_mm`, where the height of the box allows that: the shorter, the
    /// higher.
    pub(super) fn within(self, span_mm: u32) -> Self {
        let [width, height, longest] =
            [self.inside.width_mm, self.inside.height_mm, span_mm.min(self.inside.length_mm)].map(u128::from);
        let height = height.max(1);
        let used_height = self.space.div_ceil((longest * width).max(1)).clamp(self.side, height);
        let span = self.space.div_ceil((width * used_height).max(1));
        let count = |whole: u128| usize::try_from((whole / self.side).max(1)).unwrap_or(1);
        let most = self.inside.length_mm;
        Self {
            span_mm: u32::try_from(span).unwrap_or(most).min(most),
            height_mm: u32::try_from(used_height).unwrap_or(self.inside.height_mm),
            columns: count(width),
            tiers: count(used_height),
            ..self
        }
    }

    fn per_wall(&self) -> usize {
        self.columns.saturating_mul(self.tiers).max(1)
    }

    /// Puts every stop into the order that brings the centre of gravity nearest to a point of what is loaded, by default its
    /// middle; returns the moment about the front of the load and the mass.
    pub(super) fn best_order(&self, groups: &mut [Vec<Piece>], aim_mm: Option<u32>) -> Moment {
        let aim_twice = aim_mm.map_or(u128::from(self.span_mm), |aim| 2 * u128::from(aim));
        let densest_first = groups.to_vec();
        let (mut least, mut found, mut best) = (u128::MAX, Vec::new(), Moment::default());
        for level in 0..=2 * LEVELS {
            // 0, then to the front by one step, to the back by one step, and so on.
            let (steps, is_to_front) = (level.div_ceil(2), level % 2 == 1);
            let ordered: Vec<Vec<Piece>> = densest_first
                .iter()
                .map(|group| order(group, group.len() * steps / LEVELS, is_to_front))
                .collect();
            let moment = self.moment(&ordered);
            let off = (2 * moment.turn).abs_diff(moment.mass * aim_twice);
            if off < least {
                (least, found, best) = (off, ordered, moment);
            }
            // Within 1 % of the length nothing better is looked for.
            if least * 100 <= moment.mass * u128::from(self.inside.length_mm) {
                break;
            }
        }
        groups.clone_from_slice(&found);
        best
    }

    /// Returns the moment of receptacles in an order.
    pub(super) fn moment(&self, groups: &[Vec<Piece>]) -> Moment {
        let (mut before, mut moment, mut mass) = (0u128, 0u128, 0u128);
        for wall in groups.iter().flat_map(|group| group.chunks(self.per_wall())) {
            let volume = volume_of(wall);
            let weight: u128 = wall.iter().map(|piece| u128::from(piece.weight.0)).sum();
            let middle = u128::from(part(2 * before + volume, 2 * self.total, self.span_mm));
            (moment, mass) = (moment + weight * middle, mass + weight);
            before += volume;
        }
        Moment { turn: moment, mass }
    }

    /// Returns where the load begins for its centre of gravity to be nearest to `centre_mm`.
    pub(super) fn start_mm(&self, moment: Moment, centre_mm: u32) -> u32 {
        let room = self.inside.length_mm - self.span_mm;
        centre_mm.saturating_sub(moment.centre_mm()).min(room)
    }

    /// Returns the shape short enough for the centre of gravity of an order to come to `centre_mm`.
    pub(super) fn for_centre(self, moment: Moment, centre_mm: u32) -> Self {
        let (own, span) = (u64::from(moment.centre_mm()), u64::from(self.span_mm));
        // Before the centre lies `own` of the span, behind it the rest: neither may be more than there is room for.
        let before = (u64::from(centre_mm) * span).checked_div(own);
        let behind = u64::from(self.inside.length_mm.saturating_sub(centre_mm)) * span;
        let behind = behind.checked_div(span.saturating_sub(own));
        let shortest = [before, behind].into_iter().flatten().fold(span, u64::min);
        self.within(u32::try_from(shortest).unwrap_or(self.span_mm))
    }

    pub(super) fn place(&self, groups: &[Vec<Piece>], start_mm: u32) -> Vec<Placed> {
        let walls = groups.iter().flat_map(|group| group.chunks(self.per_wall()));
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

/// Where the weight of a load lies.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Moment {
    /// Mass times distance from the front of the load.
    turn: u128,
    mass: u128,
}

impl Moment {
    /// Returns how far the centre of gravity lies from the front of the load.
    fn centre_mm(self) -> u32 {
        u32::try_from(self.turn / self.mass.max(1)).unwrap_or(0)
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
