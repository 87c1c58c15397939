//! What is left in each of many places, bins or vehicles, as a tree in which the first place that takes something is found
//! without looking at all of them.

/// A complete binary tree; each node holds the greatest room below it, one dimension at a time.
///
/// Node 1 is the root, node `n` has the children `2n` and `2n + 1`, the leaves are the places. Leaves that are no places
/// have no room.
pub(crate) struct RoomTree<const D: usize> {
    nodes: Vec<[u64; D]>,
    leaves: usize,
}

impl<const D: usize> RoomTree<D> {
    /// Builds the tree over the rooms.
    pub(crate) fn new(rooms: &[[u64; D]]) -> Self {
        let leaves = rooms.len().next_power_of_two();
        let mut nodes = vec![[0; D]; 2 * leaves];
        nodes[leaves..leaves + rooms.len()].copy_from_slice(rooms);
        for node in (1..leaves).rev() {
            nodes[node] = most(&nodes[2 * node], &nodes[2 * node + 1]);
        }
        Self { nodes, leaves }
    }

    /// Returns the rooms of all leaves.
    pub(crate) fn rooms(&self) -> &[[u64; D]] {
        &self.nodes[self.leaves..]
    }

    /// Returns the first place that takes what is wanted, and how many nodes were looked at; after `visits_max`, one at least, it
    /// ends.
    ///
    /// In one dimension a search never needs more than two nodes a level. In several, a node may promise room that no
    /// single place below it has, one the weight and another the volume; then more than one branch is looked at, at worst
    /// every place. A search that is cut short has found nothing.
    pub(crate) fn first_fit(&self, wanted: &[u64; D], visits_max: u64) -> (Option<usize>, u64) {
        let takes = |node: usize| (0..D).all(|d| wanted[d] <= self.nodes[node][d]);
        let (mut node, mut visits) = (1, 1);
        if !takes(node) {
            return (None, visits);
        }
        while node < self.leaves {
            visits += 1;
            if visits > visits_max {
                return (None, visits);
            }
            if takes(2 * node) {
                node *= 2;
                continue;
            }
            if takes(2 * node + 1) {
                node = 2 * node + 1;
                continue;
            }
            // On to the nearest node to the right that promises room.
            while node > 1 && !(node.is_multiple_of(2) && takes(node + 1)) {
                node /= 2;
            }
            if node <= 1 {
                return (None, visits);
            }
            node += 1;
        }
        (Some(node - self.leaves), visits)
    }

    /// Sets what is left in a place.
    pub(crate) fn set(&mut self, place: usize, room: [u64; D]) {
        let mut node = self.leaves + place;
        self.nodes[node] = room;
        while node > 1 {
            node /= 2;
            let room = most(&self.nodes[2 * node], &self.nodes[2 * node + 1]);
            if self.nodes[node] == room {
                break;
            }
            self.nodes[node] = room;
        }
    }
}

fn most<const D: usize>(one: &[u64; D], other: &[u64; D]) -> [u64; D] {
    std::array::from_fn(|d| one[d].max(other[d]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RoomTree;

    proptest! {
        #[test]
        fn finds_what_looking_at_every_place_finds(
            rooms in proptest::collection::vec([0u64..=10, 0u64..=10], 0..40),
            wanted in proptest::collection::vec([0u64..=10, 1u64..=10], 0..80),
            visits_max in prop_oneof![Just(u64::MAX), 1u64..20],
        ) {
            let mut all = rooms.clone();
            let mut tree = RoomTree::new(&rooms);
            for wanted in wanted {
                let (place, visits) = tree.first_fit(&wanted, visits_max);
                let first = all.iter().position(|room| wanted[0] <= room[0] && wanted[1] <= room[1]);
                if visits > visits_max {
                    prop_assert_eq!(place, None);
                } else {
                    prop_assert_eq!(place, first);
                }
                if let Some(place) = first {
                    all[place] = [all[place][0] - wanted[0], all[place][1] - wanted[1]];
                    tree.set(place, all[place]);
                }
            }
        }
    }
}
