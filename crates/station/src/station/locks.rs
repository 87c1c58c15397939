//! Locks: what a dispatcher has decided on loading before the plan is made.

use caravan_planning::{DepartureKey, Lock, VehicleKey};

use super::{Station, unsigned};
use crate::change::Subject;
use crate::departure::ContainerState;
use crate::operation::ReceptacleName;
use crate::receptacle::ReceptacleState;
use crate::{ContainerId, ReceptacleId};

impl Station {
    pub(super) fn lock(&mut self, name: &ReceptacleName, container: &str, note: &str) {
        let Some(id) = self.lockable("lock", name) else { return };
        let Some(into) = self.container("lock", container) else { return };
        let found = &self.state.containers[&into];
        if found.is_through || found.state == ContainerState::Sealed {
            let state = found.state.as_str();
            return self.out_of_turn(Subject::Container(into), "lock", container, state);
        }
        self.receptacle_mut(id).lock = Some(into);
        self.receptacle_event(id, "locked", format!("{container} {note}").trim_end().to_owned());
    }

    pub(super) fn unlock(&mut self, name: &ReceptacleName, note: &str) {
        let Some(id) = self.lockable("unlock", name) else { return };
        if self.receptacle_mut(id).lock.take().is_none() {
            let name = name.to_string();
            return self.out_of_turn(Subject::Receptacle(id), "unlock", &name, "unlocked");
        }
        self.receptacle_event(id, "unlocked", note.to_owned());
    }

    pub(super) fn lock_container(&mut self, number: &str, is_closed: bool, note: &str) {
        let operation = if is_closed { "lock" } else { "unlock" };
        let Some(id) = self.container(operation, number) else { return };
        let container = self.container_mut(id);
        if container.is_through
            || container.state == ContainerState::Sealed
            || container.is_closed == is_closed
        {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), operation, number, state);
        }
        container.is_closed = is_closed;
        self.container_event(id, if is_closed { "locked" } else { "unlocked" }, note.to_owned());
    }

    /// Returns a receptacle that has not been loaded, or notes what the operation named.
    fn lockable(&mut self, operation: &str, name: &ReceptacleName) -> Option<ReceptacleId> {
        let id = self.receptacle(operation, name)?;
        let state = self.state.receptacles[&id].state;
        if state == ReceptacleState::Loaded {
            self.out_of_turn(Subject::Receptacle(id), operation, &name.to_string(), state.as_str());
            return None;
        }
        Some(id)
    }

    /// Returns a lock as the plan takes it; a container that has left or does not come is on no departure.
    pub(super) fn lock_of(&self, container: ContainerId) -> Lock {
        let found = self.state.containers.get(&container);
        let found = found.filter(|found| found.is_here());
        let departure = found.and_then(|found| self.state.departure_named(&found.departure));
        Lock {
            departure: DepartureKey(departure.map_or(0, |departure| unsigned(departure.0))),
            vehicle: VehicleKey(unsigned(container.0)),
        }
    }
}
