//! The centre of gravity of a load, and what the axles of a truck bear of it. Integers only: grams and millimetres.
//!
//! The bounds are those of the CTU Code: the centre within 5 % of the length and of the width (10 % along in special
//! cases), and at most 60 % of the mass in one half of the length; the Chinese rule of loading adds 100 mm across.

use caravan_postal::{Finding, Grams};

use super::arrange::Placed;
use super::rules::{AxleGeometry, BalanceRules, Inside};
use crate::codes;

/// Where the centre of gravity lies, and whether that is within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Balance {
    /// The mass.
    pub mass: Grams,
    /// From the front wall, cut to the millimetre.
    pub x_mm: u32,
    /// From the left wall.
    pub y_mm: u32,
    /// From the floor.
    pub z_mm: u32,
    /// How far the centre lies from the middle of the length, in per mille of it, rounded up; below zero to the front.
    pub along_permille: i32,
    /// How far it lies from the middle of the width in millimetres, rounded up; below zero to the left.
    pub across_mm: i32,
    /// The share of the mass in the heavier half of the length, rounded up.
    pub half_permille: u32,
    /// Along the box.
    pub along: Verdict,
    /// Across the box.
    pub across: Verdict,
    /// Both halves.
    pub halves: Verdict,
}

/// Whether a figure is within its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Verdict {
    /// Within the bound.
    #[default]
    Within,
    /// Over the bound, within that of special cases.
    Special,
    /// Over any bound.
    Over,
}

/// What the axles of an articulated vehicle bear. Below zero the load lifts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxleLoads {
    /// The front axle, in grams.
    pub front_g: i128,
    /// All drive axles together.
    pub drive_g: i128,
    /// All axles of the trailer together.
    pub trailer_g: i128,
}

/// What the axles of a vehicle may bear on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxleLimit {
    /// Where its axles are.
    pub geometry: AxleGeometry,
    /// The most that a single axle may bear.
    pub most: Grams,
}

impl Balance {
    /// Returns the balance of what is placed in a box; nothing is in balance.
    pub(super) fn of(inside: Inside, placed: &[Placed], rules: &BalanceRules) -> Self {
        let mass: i128 = placed.iter().map(|one| i128::from(one.piece.weight.0)).sum();
        if mass == 0 {
            return Self::default();
        }
        // Twice the moment: middles of blocks may lie on half millimetres.
        let moment = |from: fn(&Placed) -> u32, size: fn(&Placed) -> u32| -> i128 {
            let one = |one: &Placed| {
                i128::from(one.piece.weight.0) * (2 * i128::from(from(one)) + i128::from(size(one)))
            };
            placed.iter().map(one).sum()
        };
        let x = moment(|one| one.x_mm, |one| one.length_mm);
        let y = moment(|one| one.y_mm, |one| one.width_mm);
        let z = moment(|one| one.z_mm, |one| one.height_mm);
        let (length, width) = (i128::from(inside.length_mm), i128::from(inside.width_mm));
        let (off_x, off_y) = (x - mass * length, y - mass * width);
        let front = mass_in_front(placed, inside.length_mm);
        let half = front.max(mass - front);
        let across_limit =
            (width * i128::from(rules.across_permille)).min(i128::from(rules.across_mm) * 1000);
        Self {
            mass: Grams(u64::try_from(mass).unwrap_or(u64::MAX)),
            x_mm: whole(x, 2 * mass),
            y_mm: whole(y, 2 * mass),
            z_mm: whole(z, 2 * mass),
            along_permille: away(off_x * 1000, 2 * mass * length),
            across_mm: away(off_y, 2 * mass),
            half_permille: u32::try_from((half * 1000 + mass - 1) / mass).unwrap_or(1000),
            along: verdict(
                off_x.abs() * 1000,
                2 * mass * length * i128::from(rules.along_permille),
                2 * mass * length * i128::from(rules.along_most_permille),
            ),
            across: verdict(off_y.abs() * 1000, 2 * mass * across_limit, 2 * mass * across_limit),
            halves: verdict(
                half * 1000,
                mass * i128::from(rules.half_permille),
                mass * i128::from(rules.half_permille),
            ),
        }
    }

    /// Returns whether every figure is within its bound.
    pub fn is_within(&self) -> bool {
        self.count(Verdict::Within) == 3
    }

    /// Returns whether no figure is over a bound that special securing does not make good.
    pub fn may_go(&self) -> bool {
        self.count(Verdict::Over) == 0
    }

    /// Returns how many figures have a verdict.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        [self.along, self.across, self.halves].iter().filter(|own| **own == verdict).count()
    }

    /// Returns one finding for each figure that is over its bound.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        match self.along {
            Verdict::Within => {}
            Verdict::Special => {
                findings.push(codes::LOAD_OFF_ALONG.finding([self.along_permille.to_string()]));
            }
            Verdict::Over => {
                findings.push(codes::LOAD_FAR_OFF_ALONG.finding([self.along_permille.to_string()]));
            }
        }
        if self.across != Verdict::Within {
            findings.push(codes::LOAD_OFF_ACROSS.finding([self.across_mm.to_string()]));
        }
        if self.halves != Verdict::Within {
            findings.push(codes::LOAD_HEAVY_HALF.finding([self.half_permille.to_string()]));
        }
        findings
    }
}

fn verdict(figure: i128, bound: i128, special: i128) -> Verdict {
    if figure <= bound {
        Verdict::Within
    } else if figure <= special {
        Verdict::Special
    } else {
        Verdict::Over
    }
}

/// Returns the mass before the middle of the length; a block over the middle is shared by its length.
fn mass_in_front(placed: &[Placed], length_mm: u32) -> i128 {
    let masses = placed.iter().map(|one| {
        // Doubled, because the middle may lie on half a millimetre.
        let (from, size) = (2 * i128::from(one.x_mm), 2 * i128::from(one.length_mm));
        let before = (i128::from(length_mm) - from).clamp(0, size.max(1));
        i128::from(one.piece.weight.0) * before / size.max(1)
    });
    masses.sum()
}

fn whole(moment: i128, mass: i128) -> u32 {
    u32::try_from(moment / mass).unwrap_or(u32::MAX)
}

/// Divides away from zero, so that what is over a bound never looks as if it were on it.
fn away(part: i128, whole: i128) -> i32 {
    let size = (part.abs() + whole - 1) / whole;
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    if part < 0 { -size } else { size }
}

impl AxleGeometry {
    /// Returns what the axles bear of a load with its centre of gravity `x_mm` behind the front wall, by the lever.
    pub fn loads(&self, mass: Grams, x_mm: u32) -> AxleLoads {
        let mass = i128::from(mass.0);
        let between = (i128::from(self.bogie_mm) - i128::from(self.kingpin_mm)).max(1);
        let on_bogie = mass * (i128::from(x_mm) - i128::from(self.kingpin_mm)) / between;
        let on_kingpin = mass - on_bogie;
        let on_front = on_kingpin * i128::from(self.fifth_wheel_mm) / i128::from(self.wheelbase_mm.max(1));
        AxleLoads {
            front_g: i128::from(self.front_tare.0) + on_front,
            drive_g: i128::from(self.drive_tare.0) + on_kingpin - on_front,
            trailer_g: i128::from(self.trailer_tare.0) + on_bogie,
        }
    }

    /// Returns the greatest load of a single axle, each group shared alike.
    pub fn heaviest_axle(&self, loads: &AxleLoads) -> Grams {
        let of_group = |load: i128, axles: u32| {
            let axles = i128::from(axles.max(1));
            (load + axles - 1) / axles
        };
        let axles = [
            loads.front_g,
            of_group(loads.drive_g, self.drive_axles),
            of_group(loads.trailer_g, self.trailer_axles),
        ];
        let heaviest = axles.into_iter().max().unwrap_or(0).max(0);
        Grams(u64::try_from(heaviest).unwrap_or(u64::MAX))
    }
}

impl AxleLimit {
    /// Returns the greatest load of a single axle under a load in balance or not.
    pub(super) fn heaviest(&self, balance: &Balance) -> Grams {
        self.geometry.heaviest_axle(&self.geometry.loads(balance.mass, balance.x_mm))
    }

    /// Returns how far behind the front wall the centre of gravity of a mass may lie, from and to, for no axle to bear too
    /// much; `None` where there is no such place.
    pub(super) fn centres_mm(&self, mass: Grams) -> Option<(i128, i128)> {
        let geometry = &self.geometry;
        let [mass, most] = [mass, self.most].map(|grams| i128::from(grams.0));
        let [front, drive, trailer] =
            [geometry.front_tare, geometry.drive_tare, geometry.trailer_tare].map(|tare| i128::from(tare.0));
        let [fifth_wheel, wheelbase] =
            [geometry.fifth_wheel_mm, geometry.wheelbase_mm].map(|length| i128::from(length.max(1)));
        // What may rest on the king pin, for the axles of the tractor and for those of the trailer.
        let by_front = (most - front) * wheelbase / fifth_wheel;
        let drives = i128::from(geometry.drive_axles.max(1));
        let by_drive = (most * drives - drive) * wheelbase / (wheelbase - fifth_wheel).max(1);
        let trailers = i128::from(geometry.trailer_axles.max(1));
        let at_least = (trailer + mass - most * trailers).max(0);
        let at_most = by_front.min(by_drive).min(mass);
        if mass == 0 || at_least > at_most {
            return None;
        }
        let between = i128::from(geometry.bogie_mm) - i128::from(geometry.kingpin_mm);
        let behind = |on_kingpin: i128| i128::from(geometry.bogie_mm) - on_kingpin * between / mass;
        // One millimetre of rounding on both sides.
        let (from, to) = (behind(at_most) + 1, behind(at_least) - 1);
        (from <= to).then_some((from, to))
    }
}
