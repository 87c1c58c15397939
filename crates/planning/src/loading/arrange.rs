//! Where each receptacle lies in its box, in the order of loading: the last stop first in, balanced as far as the stops
//! allow.
//!
//! Bags give way, so no shape is kept: each receptacle takes a block of its own volume (with its share of the gaps), and the
//! blocks fill the box wall by wall from the front to the door, in columns from wall to wall, from the floor up. A box
//! that is not full is filled along its whole length, only lower. Within the receptacles of one stop the heavy ones go
//! where they bring the centre of gravity nearest to the middle.
//!
//! Where that does not do, because the stops keep the weight at one end or an axle would bear too much, the load is laid
//! shorter and higher and moved along the box, within the bounds of the centre of gravity.

mod shape;

use caravan_postal::{Grams, Volume};

use super::balance::{AxleLimit, Balance, Verdict};
use super::rules::{BalanceRules, Inside};
use crate::{Capacity, Fill, ReceptacleKey, Size};
use shape::Shape;

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

/// A box or a body that is to be loaded, and how its load may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stowage {
    /// The inside of the box.
    pub inside: Inside,
    /// What may be in it.
    pub limits: Capacity,
    /// How much of the volume can be filled, in per mille, as in [`VehicleLimits`](super::VehicleLimits): each block is
    /// bigger by that factor.
    pub usable_permille: u16,
    /// How far from the middle the centre of gravity may lie.
    pub rules: BalanceRules,
    /// What its axles may bear, where that is known.
    pub axles: Option<AxleLimit>,
    /// What lies in it already, and is laid anew with what comes.
    pub lying: Vec<Piece>,
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
    /// What the heaviest axle bears and the most that it may, where that is known.
    pub axle: Option<(Grams, Grams)>,
}

/// Arranges the receptacles of one box, with what lies in it already.
///
/// What is more than the box holds is drawn smaller, so that the picture never leaves it: whether it fits is asked before.
/// What lies in no way so that it may leave is laid as it would be without any bound.
pub fn arrange(stowage: &Stowage, pieces: &[Piece]) -> LoadPlan {
    let pieces: Vec<Piece> = stowage.lying.iter().chain(pieces).copied().collect();
    let shape = Shape::of(stowage.inside, stowage.usable_permille, &pieces);
    let mut groups = by_stop(&pieces);
    let moment = shape.best_order(&mut groups, None);
    let middle_mm = stowage.inside.length_mm / 2;
    let plan = |shape: &Shape, groups: &[Vec<Piece>], start_mm: u32| {
        LoadPlan::of(stowage, shape.place(groups, start_mm))
    };
    let usual = plan(&shape, &groups, shape.start_mm(moment, middle_mm));
    if usual.badness() == Badness::default() {
        return usual;
    }
    let mut best = usual;
    for centre_mm in stowage.centres_mm(best.content.weight) {
        let shorter = shape.for_centre(moment, centre_mm);
        let start_mm = shorter.start_mm(shorter.moment(&groups), centre_mm);
        let moved = plan(&shorter, &groups, start_mm);
        // A box that is full has no room to move in: its heavy receptacles go to one end instead.
        let mut turned = groups.clone();
        let turned_moment = shape.best_order(&mut turned, Some(centre_mm));
        let turned = plan(&shape, &turned, shape.start_mm(turned_moment, centre_mm));
        for other in [moved, turned] {
            if other.badness() < best.badness() {
                best = other;
            }
        }
    }
    best
}

/// How far a load is from one that may leave: figures over any bound, grams over that of an axle, figures for which the
/// load needs special securing.
type Badness = (usize, u64, usize);

impl LoadPlan {
    fn of(stowage: &Stowage, placed: Vec<Placed>) -> Self {
        let content = placed.iter().map(|one| Size::one(one.piece.weight, one.piece.volume)).sum();
        let balance = Balance::of(stowage.inside, &placed, &stowage.rules);
        let axle = stowage.axles.as_ref().filter(|_| !placed.is_empty());
        let axle = axle.map(|axles| (axles.heaviest(&balance), axles.most));
        let fill = stowage.limits.fill(content);
        Self { inside: stowage.inside, content, fill, balance, axle, placed }
    }

    /// Returns whether the load lies so that it may leave: no figure of the balance is over a bound that special securing
    /// does not make good, and no axle bears too much.
    pub fn may_leave(&self) -> bool {
        self.balance.may_go() && self.axle.is_none_or(|(found, most)| found <= most)
    }

    fn badness(&self) -> Badness {
        let over_g = self.axle.map_or(0, |(found, most)| (found - most).0);
        (self.balance.count(Verdict::Over), over_g, self.balance.count(Verdict::Special))
    }
}

impl Stowage {
    /// Returns where the centre of gravity might lie for a load of a mass to leave: the middle, and the nearest points to
    /// it at which the axles bear no more than they may.
    fn centres_mm(&self, mass: Grams) -> Vec<u32> {
        let length = i128::from(self.inside.length_mm);
        let middle = length / 2;
        let most = length * i128::from(self.rules.along_most_permille) / 1000;
        let mut centres = vec![middle];
        if let Some((from, to)) = self.axles.as_ref().and_then(|axles| axles.centres_mm(mass)) {
            // A little further in, so that cut millimetres do not matter, and to the very edge where that is too far.
            let spare = (length / 200).min((to - from) / 2);
            centres.push(middle.clamp(from + spare, to - spare));
            centres.push(middle.clamp(from, to));
        }
        centres.dedup();
        centres.retain(|centre| (centre - middle).abs() <= most);
        centres.into_iter().filter_map(|centre| u32::try_from(centre).ok()).collect()
    }
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
