//! Laying what was chosen for a vehicle, so that it can leave: what would bring it out of balance or be too much for an
//! axle goes with another vehicle of the departure, or stays.

use caravan_postal::Grams;

use super::{Filling, Rank, Reason, Waiting, plus};
use crate::Size;
use crate::loading::{Piece, Stowage, arrange};

/// How many receptacles are tried one by one in what a vehicle has left, once it had to take less.
const TRIES_MAX: usize = 64;

/// What stays once every vehicle is laid.
pub(super) struct Laid {
    /// What cannot lie in a vehicle that has room for it.
    pub(super) stays: Vec<(Rank, Reason)>,
    /// What finds no room.
    pub(super) without_room: Vec<Rank>,
}

impl Filling<'_> {
    /// Lays the vehicles of which it is known how their loads must lie, in their order. What is locked to a vehicle goes in
    /// it whatever comes of it: somebody has decided that, and the gate asks again.
    pub(super) fn lay(&mut self, ranked: &[&Waiting], without_room: Vec<Rank>) -> Laid {
        let departure = self.departure;
        let mut laid = Laid { stays: Vec::new(), without_room };
        // Vehicles that have room and take nothing more, each with the reason that was told last.
        let mut shut: Vec<(usize, Reason)> = Vec::new();
        for (index, vehicle) in departure.vehicles.iter().enumerate() {
            let Some(stowage) = departure.stowage.get(&vehicle.key) else { continue };
            let chosen = self.chosen[index].clone();
            if chosen.iter().all(|rank| ranked[*rank].lock.is_some()) {
                continue;
            }
            let Err(reason) = self.lies(stowage, ranked, &chosen) else { continue };
            let (kept, reason) = self.most_that_lies(stowage, ranked, &chosen, reason);
            let mut offered = self.chosen[index].split_off(kept);
            for rank in &offered {
                self.take_out(index, ranked[*rank]);
            }
            offered.append(&mut laid.without_room);
            shut.push((index, reason));
            for (rank, reason) in self.try_again(stowage, ranked, index, (&offered, reason)) {
                match reason {
                    None => laid.without_room.push(rank),
                    Some(reason) if !self.goes_behind(ranked, index, rank) => {
                        laid.stays.push((rank, reason));
                    }
                    Some(_) => {}
                }
            }
        }
        laid.without_room.retain(|rank| {
            let size = ranked[*rank].size();
            let has_room = |(index, _): &&(usize, Reason)| self.has_room(*index, size);
            let found = shut.iter().find(has_room);
            laid.stays.extend(found.map(|(_, reason)| (*rank, *reason)));
            found.is_none()
        });
        laid
    }

    fn has_room(&self, index: usize, size: Size) -> bool {
        let load = &self.loads[index];
        !self.departure.vehicles[index].is_closed && load.capacity.takes_beside(load.content, size)
    }

    /// Returns how many of what was chosen for a vehicle lie so that it may leave, from the first on, and why the next does
    /// not. That more bears heavier makes halving enough.
    fn most_that_lies(
        &mut self,
        stowage: &Stowage,
        ranked: &[&Waiting],
        chosen: &[Rank],
        mut reason: Reason,
    ) -> (usize, Reason) {
        let locked = chosen.iter().take_while(|rank| ranked[**rank].lock.is_some()).count();
        let (mut lies, mut too_many) = (locked, chosen.len());
        while too_many - lies > 1 {
            let middle = lies.midpoint(too_many);
            match self.lies(stowage, ranked, &chosen[..middle]) {
                Ok(()) => lies = middle,
                Err(why) => (too_many, reason) = (middle, why),
            }
        }
        (lies, reason)
    }

    /// Tries receptacles in what a vehicle has left, and returns those that stay out, each with the reason where there would
    /// be room.
    fn try_again(
        &mut self,
        stowage: &Stowage,
        ranked: &[&Waiting],
        index: usize,
        (offered, mut reason): (&[Rank], Reason),
    ) -> Vec<(Rank, Option<Reason>)> {
        let (mut refused, mut tries) = (Vec::new(), 0);
        for rank in offered {
            if !self.has_room(index, ranked[*rank].size()) {
                refused.push((*rank, None));
                continue;
            }
            tries += 1;
            if tries <= TRIES_MAX {
                let mut with = self.chosen[index].clone();
                with.push(*rank);
                let lies = self.lies(stowage, ranked, &with);
                match lies.and_then(|()| self.put(index, *rank, ranked[*rank])) {
                    Ok(()) => continue,
                    Err(why) => reason = why,
                }
            }
            refused.push((*rank, Some(reason)));
        }
        refused
    }

    /// Puts what one vehicle cannot take into the first behind it that has room, and returns whether there is one; it is
    /// laid later.
    fn goes_behind(&mut self, ranked: &[&Waiting], index: usize, rank: Rank) -> bool {
        let size = ranked[rank].size();
        let mut behind = index + 1..self.loads.len();
        self.steps += behind.len() as u64;
        let vehicle = behind.find(|vehicle| self.has_room(*vehicle, size));
        vehicle.is_some_and(|vehicle| self.put(vehicle, rank, ranked[rank]).is_ok())
    }

    /// Returns why receptacles beside what is in a vehicle do not lie so that it may leave.
    fn lies(&mut self, stowage: &Stowage, ranked: &[&Waiting], ranks: &[Rank]) -> Result<(), Reason> {
        let pieces = ranks.iter().map(|rank| {
            let waiting = ranked[*rank];
            Piece {
                receptacle: waiting.receptacle,
                weight: waiting.gross_weight,
                volume: waiting.volume,
                stop: self.departure.stop_of(waiting.stream.destination),
            }
        });
        let plan = arrange(stowage, &pieces.collect::<Vec<_>>());
        self.steps = self.steps.saturating_add(plan.placed.len() as u64);
        if plan.may_leave() { Ok(()) } else { Err(Reason::badly_laid(&plan)) }
    }

    fn take_out(&mut self, index: usize, waiting: &Waiting) {
        let size = waiting.size();
        let load = &mut self.loads[index];
        load.content = Size {
            weight: load.content.weight - size.weight,
            volume: load.content.volume - size.volume,
            count: load.content.count - size.count,
        };
        let tare = if load.content.is_nothing() { self.departure.vehicles[index].tare } else { Grams(0) };
        self.gross_left = self.gross_left.map(|free| plus(free, plus(size.weight, tare)));
        if !self.departure.vehicles[index].is_closed {
            self.rooms.set(index, super::room(load.capacity, load.content));
        }
    }
}
