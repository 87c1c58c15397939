//! What a thing takes up, and how much may be taken up: weight, volume and count together.
//!
//! Mail fills a container by volume long before it fills it by weight, so no plan here looks at one of them alone.

use std::iter::Sum;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign, Sub};

use caravan_postal::{Grams, Volume};

/// What an item, a receptacle or a sum of them takes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Size {
    /// The weight.
    pub weight: Grams,
    /// The volume.
    pub volume: Volume,
    /// How many pieces it counts as.
    pub count: u32,
}

/// How much may be taken up. A limit may be reached, not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capacity {
    /// The greatest weight.
    pub weight: Grams,
    /// The greatest volume.
    pub volume: Volume,
    /// The greatest count; `None` where pieces are not counted.
    pub count: Option<u32>,
}

/// What a limit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Weight.
    Weight,
    /// Volume.
    Volume,
    /// Count.
    Count,
}

/// How full something is, in per mille of its capacity, cut not rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fill {
    /// By weight.
    pub weight_permille: u32,
    /// By volume.
    pub volume_permille: u32,
}

/// A density in kilograms a cubic metre, to estimate the volume of what nobody has measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Density(pub NonZeroU32);

impl Size {
    /// Returns the size of one piece.
    pub fn one(weight: Grams, volume: Volume) -> Self {
        Self { weight, volume, count: 1 }
    }

    /// Returns whether nothing is taken up.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }

    pub(crate) fn vector(self) -> [u64; 3] {
        [self.weight.0, self.volume.0, u64::from(self.count)]
    }
}

impl Capacity {
    /// Returns the first dimension in which `size` is more than the capacity, or `None` when it fits.
    pub fn shortage(self, size: Size) -> Option<Dimension> {
        if size.weight > self.weight {
            Some(Dimension::Weight)
        } else if size.volume > self.volume {
            Some(Dimension::Volume)
        } else if self.count.is_some_and(|count| size.count > count) {
            Some(Dimension::Count)
        } else {
            None
        }
    }

    /// Returns whether `size` fits.
    pub fn takes(self, size: Size) -> bool {
        self.shortage(size).is_none()
    }

    /// Returns whether `size` still fits beside `content`; nothing fits where the content is already over a limit.
    pub fn takes_beside(self, content: Size, size: Size) -> bool {
        self.takes(content) && self.beside(content).takes(size)
    }

    /// Returns what is left beside `content`; nothing is left where the content is already over the limit.
    #[must_use]
    pub fn beside(self, content: Size) -> Self {
        Self {
            weight: self.weight - content.weight,
            volume: self.volume - content.volume,
            count: self.count.map(|count| count.saturating_sub(content.count)),
        }
    }

    /// Returns how full `content` makes it.
    pub fn fill(self, content: Size) -> Fill {
        Fill {
            weight_permille: permille(content.weight.0, self.weight.0),
            volume_permille: permille(content.volume.0, self.volume.0),
        }
    }

    /// Returns the fullest dimension of `content`, as a share of the limit in units of [`WHOLE`].
    pub(crate) fn fullness(self, content: Size) -> u64 {
        let by_count = self.count.map_or(0, |count| share(u64::from(content.count), u64::from(count)));
        share(content.weight.0, self.weight.0).max(share(content.volume.0, self.volume.0)).max(by_count)
    }

    pub(crate) fn vector(self) -> [u64; 3] {
        [self.weight.0, self.volume.0, self.count.map_or(u64::MAX, u64::from)]
    }
}

impl Density {
    /// Returns the volume that the weight takes at this density, rounded up to the cubic centimetre.
    pub fn volume_of(self, weight: Grams) -> Volume {
        Volume(weight.0.saturating_mul(1000).div_ceil(u64::from(self.0.get())))
    }
}

/// The whole of a limit, as [`share`] counts.
pub(crate) const WHOLE: u64 = 1 << 20;

/// Returns `part / whole` in units of [`WHOLE`], cut; a part over the whole counts as the whole.
///
/// Only orders and choices rest on shares: whether something fits is always asked of the limits themselves.
pub(crate) fn share(part: u64, whole: u64) -> u64 {
    if part >= whole {
        return if part == 0 { 0 } else { WHOLE };
    }
    let spare_bits = u64::BITS - whole.leading_zeros();
    let shift = spare_bits.saturating_sub(43);
    ((part >> shift) * WHOLE) / (whole >> shift)
}

fn permille(part: u64, whole: u64) -> u32 {
    let permille = (u128::from(part) * 1000).checked_div(u128::from(whole));
    permille.map_or(if part == 0 { 0 } else { 1000 }, |permille| u32::try_from(permille).unwrap_or(u32::MAX))
}

impl Add for Size {
    type Output = Self;
    /// Adds up to the greatest number.
    fn add(self, other: Self) -> Self {
        Self {
            weight: Grams(self.weight.0.saturating_add(other.weight.0)),
            volume: Volume(self.volume.0.saturating_add(other.volume.0)),
            count: self.count.saturating_add(other.count),
        }
    }
}

impl AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Size {
    type Output = Self;
    /// Subtracts down to nothing.
    fn sub(self, other: Self) -> Self {
        Self {
            weight: self.weight - other.weight,
            volume: self.volume - other.volume,
            count: self.count.saturating_sub(other.count),
        }
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use caravan_postal::{Grams, Volume};

    use super::{Capacity, Density, Dimension, Fill, Size, WHOLE, share};

    #[test]
    fn names_what_is_short() {
        let capacity = Capacity { weight: Grams(30_000), volume: Volume(90_000), count: Some(2) };
        let size = |weight, volume, count| Size { weight: Grams(weight), volume: Volume(volume), count };
        for (size, short) in [
            (size(30_000, 90_000, 2), None),
            (size(30_001, 90_001, 3), Some(Dimension::Weight)),
            (size(30_000, 90_001, 3), Some(Dimension::Volume)),
            (size(30_000, 90_000, 3), Some(Dimension::Count)),
        ] {
            assert_eq!(capacity.shortage(size), short, "{size:?}");
        }
        assert!(Capacity { count: None, ..capacity }.takes(size(0, 0, u32::MAX)));
    }

    #[test]
    fn cuts_the_fill() {
        let capacity = Capacity { weight: Grams(3), volume: Volume(0), count: None };
        let fill = |weight, volume| capacity.fill(Size::one(Grams(weight), Volume(volume)));
        assert_eq!(fill(2, 0), Fill { weight_permille: 666, volume_permille: 0 });
        assert_eq!(fill(6, 1), Fill { weight_permille: 2000, volume_permille: 1000 });
    }

    #[test]
    fn shares_never_pass_the_whole() {
        let half = u64::MAX / 2;
        for (part, whole, expected) in [
            (0, 0, 0),
            (1, 0, WHOLE),
            (1, 2, WHOLE / 2),
            (9, 3, WHOLE),
            (half, u64::MAX, WHOLE / 2 - 1),
            (1, u64::MAX, 0),
        ] {
            assert_eq!(share(part, whole), expected, "{part} of {whole}");
        }
    }

    #[test]
    fn estimates_volume_up() {
        let density = Density(NonZeroU32::new(150).unwrap());
        for (grams, volume) in [(0, 0), (150, 1000), (1, 7), (15_000, 100_000)] {
            assert_eq!(density.volume_of(Grams(grams)), Volume(volume), "{grams} g");
        }
    }
}
