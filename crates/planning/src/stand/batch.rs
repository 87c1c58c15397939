//! The batch at the cut-off: what still waits is bagged at once, while the open receptacles stay as they are.

use std::collections::BTreeMap;

use super::{Line, Placement, ReceptacleKey, Stand, TooBig};
use crate::{Capacity, Size, Stream, pack};

/// Items placed all at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where each item goes, in the order of the items.
    pub placements: Vec<Result<Placement, TooBig>>,
    /// How many bags or trays were opened; outside pieces do not count.
    pub opened: usize,
    /// Fewer could not have been opened beside the open ones.
    pub lower_bound: usize,
}

impl Batch {
    /// Returns how many more were opened than the bound: 0 is proven best.
    pub fn gap(&self) -> usize {
        self.opened - self.lower_bound
    }
}

impl Stand {
    /// Places items all at once: into the open receptacles first, the big ones before the small ones, then into new ones
    /// by [`pack`] with `budget_steps` steps a stream.
    ///
    /// Nothing that lies in an open receptacle is moved, none is closed, and the slots are not looked at: the stream is
    /// about to be closed.
    pub fn place_all(&mut self, items: &[(Stream, Size)], budget_steps: u64) -> Batch {
        let mut by_stream: BTreeMap<Stream, Vec<usize>> = BTreeMap::new();
        for (index, (stream, _)) in items.iter().enumerate() {
            by_stream.entry(*stream).or_default().push(index);
        }
        let mut placements = vec![None; items.len()];
        let (mut opened, mut lower_bound) = (0, 0);
        for (stream, indices) in by_stream {
            let rules = &self.rules;
            let line = self.lines.entry(stream).or_insert_with(|| Line::new(*rules.of(stream)));
            let (mut fitting, mut pieces) = (Vec::new(), Vec::new());
            for index in indices {
                let is_fitting = line.capacity.takes(items[index].1);
                if is_fitting { fitting.push(index) } else { pieces.push(index) }
            }
            lower_bound += line.new_at_least(fitting.iter().map(|index| items[*index].1));
            let rest = line.fill_open(items, fitting, &mut placements);
            opened += line.open_new(items, &rest, budget_steps, &mut self.next, &mut placements);
            for index in pieces {
                placements[index] = Some(line.outside_piece(items[index].1).map(|kind| {
                    let receptacle = ReceptacleKey(self.next);
                    self.next += 1;
                    Placement { receptacle, kind, is_opened: true, closed: None }
                }));
            }
        }
        let placements = placements.into_iter().map(|placed| placed.expect("each item is placed or too big"));
        Batch { placements: placements.collect(), opened, lower_bound }
    }
}

type Placements = [Option<Result<Placement, TooBig>>];

impl Line {
    /// Puts what fits into the open receptacles, the biggest first, each into the fullest that takes it; returns the rest.
    fn fill_open(
        &mut self,
        items: &[(Stream, Size)],
        mut fitting: Vec<usize>,
        placements: &mut Placements,
    ) -> Vec<usize> {
        let capacity = self.capacity;
        fitting.sort_by_key(|index| std::cmp::Reverse((capacity.fullness(items[*index].1), items[*index].1)));
        fitting.retain(|index| {
            let item = items[*index].1;
            let Some(open) = self.best_fit(item) else { return true };
            let (receptacle, content) = &mut self.open[open];
            *content += item;
            let placed =
                Placement { receptacle: *receptacle, kind: self.rules.kind, is_opened: false, closed: None };
            placements[*index] = Some(Ok(placed));
            false
        });
        fitting.sort_unstable();
        fitting
    }

    /// Packs the rest into new receptacles; returns how many.
    fn open_new(
        &mut self,
        items: &[(Stream, Size)],
        rest: &[usize],
        budget_steps: u64,
        next: &mut u64,
        placements: &mut Placements,
    ) -> usize {
        let sizes: Vec<Size> = rest.iter().map(|index| items[*index].1).collect();
        let packing = pack(&sizes, self.capacity, budget_steps);
        for bin in &packing.bins {
            let receptacle = ReceptacleKey(*next);
            *next += 1;
            self.open.push((receptacle, bin.content));
            for (place, item) in bin.items.iter().enumerate() {
                let (kind, is_opened) = (self.rules.kind, place == 0);
                placements[rest[*item]] = Some(Ok(Placement { receptacle, kind, is_opened, closed: None }));
            }
        }
        packing.bins.len()
    }

    /// Returns how many must be opened at least: what the open ones have no room for, over what one takes, in each dimension.
    fn new_at_least(&self, items: impl Iterator<Item = Size>) -> usize {
        let mut needed = [0u128; 3];
        for item in items {
            for (sum, size) in needed.iter_mut().zip(item.vector()) {
                *sum += u128::from(size);
            }
        }
        let mut room = [0u128; 3];
        for (_, content) in &self.open {
            let left = self.capacity.beside(*content).vector();
            for (sum, left) in room.iter_mut().zip(left) {
                *sum += u128::from(left);
            }
        }
        let bound = |d: usize| {
            let beyond = needed[d].saturating_sub(room[d]);
            let whole = u128::from(Capacity::vector(self.capacity)[d]).max(1);
            usize::try_from(beyond.div_ceil(whole)).unwrap_or(usize::MAX)
        };
        (0..3).map(bound).max().unwrap_or(0)
    }
}
