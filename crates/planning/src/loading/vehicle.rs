//! What a vehicle may carry, and what is in it.

use std::cmp::Reverse;

use caravan_postal::{Grams, Volume};

use super::{Vehicle, VehicleKey};
use crate::{Capacity, Dimension, Fill, ReceptacleKey, Size};

/// What a vehicle or container may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VehicleLimits {
    /// The payload on its plate.
    pub plate_payload: Grams,
    /// What the line or the road allows, where that is less.
    pub line_limit: Option<Grams>,
    /// The volume inside.
    pub volume: Volume,
    /// How much of the volume can be filled with bags, in per mille: 850 to 950 is usual.
    pub usable_permille: u16,
    /// How many receptacles at most.
    pub count: Option<u32>,
}

/// What goes in one vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VehicleLoad {
    /// The vehicle.
    pub vehicle: VehicleKey,
    /// What the plan puts in, in the order of loading.
    pub receptacles: Vec<ReceptacleKey>,
    /// What is in it then, with what was loaded before.
    pub content: Size,
    /// What it may carry.
    pub capacity: Capacity,
    /// How full it is then.
    pub fill: Fill,
}

impl VehicleLimits {
    /// Returns what may be loaded: the stricter weight limit, and the volume that can be filled.
    pub fn capacity(&self) -> Capacity {
        let usable = u128::from(self.volume.0) * u128::from(self.usable_permille.min(1000)) / 1000;
        Capacity {
            weight: self.line_limit.map_or(self.plate_payload, |line| line.min(self.plate_payload)),
            volume: Volume(u64::try_from(usable).expect("a part of the volume is not more than it")),
            count: self.count,
        }
    }
}

impl VehicleLoad {
    pub(super) fn new(vehicle: &Vehicle) -> Self {
        let capacity = vehicle.limits.capacity();
        let (content, fill) = (vehicle.loaded, Fill::default());
        Self { vehicle: vehicle.key, receptacles: Vec::new(), content, capacity, fill }
    }

    /// Returns how full it is in its fullest dimension, in per mille, cut.
    pub fn fill_permille(&self) -> u32 {
        let fill = self.capacity.fill(self.content);
        let by_count = self.capacity.count.map_or(0, |most| {
            let full = u64::from(self.content.count) * 1000;
            full.checked_div(u64::from(most)).map_or(1000, |share| u32::try_from(share).unwrap_or(u32::MAX))
        });
        fill.weight_permille.max(fill.volume_permille).max(by_count)
    }

    /// Returns the dimension that binds: the fullest, among equals volume before weight.
    pub fn binding(&self) -> Dimension {
        let fill = self.capacity.fill(self.content);
        match self.fill_permille() {
            full if full == fill.volume_permille => Dimension::Volume,
            full if full == fill.weight_permille => Dimension::Weight,
            _ => Dimension::Count,
        }
    }
}

/// Returns what several vehicles may carry together.
pub(super) fn together(capacities: impl Iterator<Item = Capacity>) -> Capacity {
    let nothing = Capacity { weight: Grams(0), volume: Volume(0), count: Some(0) };
    capacities.fold(nothing, |sum, capacity| Capacity {
        weight: Grams(sum.weight.0.saturating_add(capacity.weight.0)),
        volume: Volume(sum.volume.0.saturating_add(capacity.volume.0)),
        count: sum.count.zip(capacity.count).map(|(sum, count)| sum.saturating_add(count)),
    })
}

/// Returns how many vehicles are needed at least: in each dimension the biggest ones that hold the sum.
pub(super) fn vehicles_needed(loads: &[VehicleLoad], content: Size) -> usize {
    let needed = (0..3).map(|d| {
        let mut capacities: Vec<u64> = loads.iter().map(|load| load.capacity.vector()[d]).collect();
        capacities.sort_unstable_by_key(|capacity| Reverse(*capacity));
        let sums = capacities.iter().scan(0u64, |sum, capacity| {
            *sum = sum.saturating_add(*capacity);
            Some(*sum)
        });
        let total = content.vector()[d];
        if total == 0 { 0 } else { sums.take_while(|sum| *sum < total).count() + 1 }
    });
    needed.max().unwrap_or(0).min(loads.len())
}
