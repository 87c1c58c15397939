//! What is left in each vehicle, as a tree in which the first vehicle that takes a receptacle is found without looking at
//! all of them.

use crate::{Capacity, Size};

/// What is left in a vehicle, or the most that any vehicle below a node has left; `None` where nothing more may go in.
type Room = Option<[u64; 3]>;

/// A complete binary tree over vehicles; node 1 is the root, node `n` has the children `2n` and `2n + 1`.
pub(super) struct Rooms {
    nodes: Vec<Room>,
    leaves: usize,
}

impl Rooms {
    /// Builds the tree; a vehicle without room is `None`.
    pub(super) fn new(rooms: &[Option<(Capacity, Size)>]) -> Self {
        let leaves = rooms.len().next_power_of_two();
        let mut nodes = vec![None; 2 * leaves];
        for (vehicle, room) in rooms.iter().enumerate() {
            nodes[leaves + vehicle] = room.and_then(|(capacity, content)| left(capacity, content));
        }
        for node in (1..leaves).rev() {
            nodes[node] = most(nodes[2 * node], nodes[2 * node + 1]);
        }
        Self { nodes, leaves }
    }

    /// Returns the first vehicle that takes the size, and how many nodes were looked at.
    ///
    /// A node may promise room that no single vehicle below it has, one the weight and another the volume; then more than
    /// one branch is looked at, at worst every vehicle.
    pub(super) fn first_fit(&self, size: Size) -> (Option<usize>, u64) {
        let (wanted, mut stack, mut visits) = (size.vector(), vec![1], 0);
        while let Some(node) = stack.pop() {
            visits += 1;
            let takes = self.nodes[node].is_some_and(|room| (0..3).all(|d| wanted[d] <= room[d]));
            if takes && node >= self.leaves {
                return (Some(node - self.leaves), visits);
            }
            if takes {
                stack.extend([2 * node + 1, 2 * node]);
            }
        }
        (None, visits)
    }

    /// Notes what is in a vehicle now.
    pub(super) fn set(&mut self, vehicle: usize, capacity: Capacity, content: Size) {
        let mut node = self.leaves + vehicle;
        self.nodes[node] = left(capacity, content);
        while node > 1 {
            node /= 2;
            self.nodes[node] = most(self.nodes[2 * node], self.nodes[2 * node + 1]);
        }
    }
}

fn left(capacity: Capacity, content: Size) -> Room {
    capacity.takes(content).then(|| {
        let room = capacity.beside(content);
        [room.weight.0, room.volume.0, room.count.map_or(u64::MAX, u64::from)]
    })
}

fn most(one: Room, other: Room) -> Room {
    match (one, other) {
        (Some(one), Some(other)) => Some(std::array::from_fn(|d| one[d].max(other[d]))),
        (room, None) | (None, room) => room,
    }
}

/// What the vehicles of a departure have left, sorted, so that a reason is told without looking at each of them.
pub(super) struct Survey {
    /// By dimension, ascending; vehicles over their limit in it do not count.
    left: [Vec<u64>; 3],
}

impl Survey {
    pub(super) fn of(vehicles: impl Iterator<Item = (Capacity, Size)>) -> Self {
        let mut left: [Vec<u64>; 3] = Default::default();
        for (capacity, content) in vehicles {
            for (d, (most, taken)) in capacity.vector().into_iter().zip(content.vector()).enumerate() {
                left[d].extend(most.checked_sub(taken));
            }
        }
        for dimension in &mut left {
            dimension.sort_unstable();
        }
        Self { left }
    }

    /// Returns in how many vehicles there is enough left, by dimension.
    pub(super) fn enough(&self, size: Size) -> [usize; 3] {
        let wanted = size.vector();
        std::array::from_fn(|d| self.left[d].len() - self.left[d].partition_point(|left| *left < wanted[d]))
    }

    /// Returns the most that one vehicle has left, by dimension.
    pub(super) fn most(&self) -> [u64; 3] {
        std::array::from_fn(|d| self.left[d].last().copied().unwrap_or(0))
    }
}
