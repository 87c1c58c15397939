//! A bound for contents that are complete but for one or two items.

use super::Search;
use crate::pack::instance::{Vector, fits};
use crate::pack::kinds::Kinds;

/// The ends of contents are looked up where no more items than this go into a bin.
const ENDS_ITEMS_MAX: u64 = 10;
/// And where there are no more kinds than this.
const ENDS_KINDS_MAX: usize = 600;
/// Sizes are told apart by so many bits.
const ENDS_BITS: u32 = 12;

/// What the last one or two items of a bin can be worth, for each size that is left.
///
/// Where few items go into a bin, nearly all contents differ in these alone; a look here spares looking at each of them.
pub(super) struct Ends {
    least: u64,
    shift: u32,
    /// The most that one item is worth that is no bigger than what is left, about.
    one: Vec<u64>,
    /// The same of two items.
    two: Vec<u64>,
    pub(super) steps: u64,
}

impl Ends {
    /// Looks at all pairs, or returns nothing where these are too many or bins hold too many items for it to be of use.
    pub(super) fn new<const D: usize>(search: &Search<D>, all: &Kinds<D>) -> Option<Self> {
        let kinds = &search.kinds;
        let least = kinds.iter().map(|choice| choice.size).min()?;
        if least * ENDS_ITEMS_MAX < all.size_of_bin || kinds.len() > ENDS_KINDS_MAX {
            return None;
        }
        let shift = (u64::BITS - all.size_of_bin.leading_zeros()).saturating_sub(ENDS_BITS);
        let slots = usize::try_from(all.size_of_bin >> shift).ok()? + 1;
        let (mut one, mut two) = (vec![0; slots], vec![0; slots]);
        let slot = |size: u64| usize::try_from(size >> shift).unwrap_or(usize::MAX);
        let raise = |table: &mut Vec<u64>, size: u64, profit: u64| {
            if let Some(most) = table.get_mut(slot(size)) {
                *most = profit.max(*most);
            }
        };
        for (index, a) in kinds.iter().enumerate() {
            raise(&mut one, a.size, a.profit);
            let room: Vector<D> = std::array::from_fn(|d| all.capacity[d] - a.vector[d]);
            for b in &kinds[index + usize::from(a.demand < 2)..] {
                if fits(&b.vector, &room) {
                    raise(&mut two, a.size + b.size, a.profit + b.profit);
                }
            }
        }
        let mut most = 0;
        for (one, two) in one.iter_mut().zip(&mut two) {
            most = most.max(*one);
            *one = most;
            *two = most.max(*two);
        }
        let mut most = 0;
        for two in &mut two {
            most = most.max(*two);
            *two = most;
        }
        Some(Self { least, shift, one, two, steps: (kinds.len() * kinds.len()) as u64 / 4 })
    }

    /// Returns what items may add to a bin with so much left, where that is two items at most.
    pub(super) fn bound(&self, left: u64) -> Option<u64> {
        let slot = usize::try_from(left >> self.shift).ok()?;
        match left / self.least.max(1) {
            0 => Some(0),
            1 => Some(self.one[slot]),
            2 => Some(self.two[slot]),
            _ => None,
        }
    }
}
