//! What is left in each bin, of which there is always one more.

use super::instance::{Vector, take};
use crate::rooms::RoomTree;

/// The rooms of the bins that are open, and behind them of some that are not.
///
/// Bins not yet opened have the whole capacity, so that a search always ends at one.
pub(super) struct Rooms<const D: usize> {
    capacity: Vector<D>,
    tree: RoomTree<D>,
    opened: usize,
}

/// A search looks at this many nodes at most, then a new bin is opened.
///
/// In several dimensions some input would else cost a look at every bin for every item.
const VISITS_MAX: u64 = 512;
/// So many bins the tree begins with.
const BINS: usize = 64;

impl<const D: usize> Rooms<D> {
    pub(super) fn new(capacity: Vector<D>) -> Self {
        Self { capacity, tree: RoomTree::new(&[capacity; BINS]), opened: 0 }
    }

    /// Returns how many bins are open.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    /// Returns the first bin that takes the item, which may be the next new one, and how many nodes were looked at.
    pub(super) fn first_fit(&self, item: &Vector<D>) -> (usize, u64) {
        let (bin, visits) = self.tree.first_fit(item, VISITS_MAX);
        (bin.unwrap_or(self.opened), visits)
    }

    /// Puts an item into a bin; a bin that was not open is the next new one.
    pub(super) fn put(&mut self, bin: usize, item: &Vector<D>) {
        let mut room = self.tree.rooms()[bin];
        take(&mut room, item);
        self.tree.set(bin, room);
        if bin == self.opened {
            self.opened += 1;
        }
        let bins = self.tree.rooms().len();
        if self.opened == bins {
            // Twice as many, so that one is always unopened.
            let mut rooms = self.tree.rooms().to_vec();
            rooms.resize(2 * bins, self.capacity);
            self.tree = RoomTree::new(&rooms);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Rooms, Vector, take};
    use crate::pack::instance::fits;

    /// Looks at every bin.
    fn naive(rooms: &mut Vec<Vector<3>>, capacity: Vector<3>, item: &Vector<3>) -> usize {
        let bin = rooms.iter().position(|room| fits(item, room)).unwrap_or_else(|| {
            rooms.push(capacity);
            rooms.len() - 1
        });
        take(&mut rooms[bin], item);
        bin
    }

    proptest! {
        #[test]
        fn finds_what_looking_at_every_bin_finds(
            items in proptest::collection::vec([0u64..=10, 0u64..=10, 0u64..=1], 0..400),
        ) {
            let capacity = [10, 10, 5];
            let (mut tree, mut all) = (Rooms::new(capacity), Vec::new());
            for item in &items {
                let (bin, visits) = tree.first_fit(item);
                // Where the search was cut short, a new bin is right as well.
                if visits <= super::VISITS_MAX {
                    prop_assert_eq!(bin, naive(&mut all, capacity, item));
                } else {
                    prop_assert_eq!(bin, all.len());
                    all.push(capacity);
                    take(&mut all[bin], item);
                }
                tree.put(bin, item);
                prop_assert_eq!(tree.opened(), all.len());
            }
        }
    }

    #[test]
    fn opens_a_new_bin_rather_than_look_at_every_one() {
        // Each bin has room in one dimension only, so that every node promises room in both.
        let mut rooms = Rooms::new([10, 10, 1000]);
        for bin in 0..4000 {
            rooms.put(bin, if bin % 2 == 0 { &[9, 1, 1] } else { &[1, 9, 1] });
        }
        let (bin, visits) = rooms.first_fit(&[5, 5, 1]);
        assert_eq!((bin, visits), (4000, super::VISITS_MAX + 1));
        assert_eq!(rooms.first_fit(&[1, 9, 1]).0, 0);
    }
}
