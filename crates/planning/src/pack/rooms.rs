//! What is left in each bin, as a tree in which the first bin that takes an item is found without looking at all.

use super::instance::{Vector, fits, take};

/// A complete binary tree over bins; each node holds the greatest room below it, one dimension at a time.
///
/// Bins not yet opened are leaves with the whole capacity, so that a search always ends at one.
pub(super) struct Rooms<const D: usize> {
    capacity: Vector<D>,
    /// Node 1 is the root, node `n` has the children `2n` and `2n + 1`.
    nodes: Vec<Vector<D>>,
    leaves: usize,
    opened: usize,
}

/// A search looks at this many nodes at most, then a new bin is opened.
///
/// In one dimension a search never needs more than two nodes a level. In several, a node may promise room that no
/// single bin below it has; without the limit such input would cost a look at every bin for every item.
const VISITS_MAX: u64 = 512;

impl<const D: usize> Rooms<D> {
    pub(super) fn new(capacity: Vector<D>) -> Self {
        Self { capacity, nodes: vec![capacity; 128], leaves: 64, opened: 0 }
    }

    /// Returns how many bins are open.
    pub(super) fn opened(&self) -> usize {
        self.opened
    }

    /// Returns the first bin that takes the item, which may be the next new one, and how many nodes were looked at.
    pub(super) fn first_fit(&self, item: &Vector<D>) -> (usize, u64) {
        let (mut node, mut visits) = (1, 1);
        while node < self.leaves {
            visits += 1;
            if visits > VISITS_MAX {
                return (self.opened, visits);
            }
            if fits(item, &self.nodes[2 * node]) {
                node *= 2;
            } else if fits(item, &self.nodes[2 * node + 1]) {
                node = 2 * node + 1;
            } else {
                node = self.next_right(node, item);
            }
        }
        (node - self.leaves, visits)
    }

    /// Returns the nearest node to the right of `node`'s subtree that promises room.
    fn next_right(&self, mut node: usize, item: &Vector<D>) -> usize {
        while node > 1 {
            if node.is_multiple_of(2) && fits(item, &self.nodes[node + 1]) {
                return node + 1;
            }
            node /= 2;
        }
        self.leaves + self.opened
    }

    /// Puts an item into a bin; a bin that was not open is the next new one.
    pub(super) fn put(&mut self, bin: usize, item: &Vector<D>) {
        if bin == self.opened {
            self.opened += 1;
        }
        let mut node = self.leaves + bin;
        take(&mut self.nodes[node], item);
        while node > 1 {
            node /= 2;
            let (left, right) = (self.nodes[2 * node], self.nodes[2 * node + 1]);
            let room = std::array::from_fn(|d| left[d].max(right[d]));
            if self.nodes[node] == room {
                break;
            }
            self.nodes[node] = room;
        }
        if self.opened == self.leaves {
            self.grow();
        }
    }

    /// Doubles the number of leaves, so that one is always unopened.
    fn grow(&mut self) {
        let leaves = self.leaves * 2;
        let mut nodes = vec![self.capacity; leaves * 2];
        nodes[leaves..leaves + self.leaves].copy_from_slice(&self.nodes[self.leaves..]);
        for node in (1..leaves).rev() {
            let (left, right): (Vector<D>, Vector<D>) = (nodes[2 * node], nodes[2 * node + 1]);
            nodes[node] = std::array::from_fn(|d| left[d].max(right[d]));
        }
        (self.nodes, self.leaves) = (nodes, leaves);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Rooms, Vector, fits, take};

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
