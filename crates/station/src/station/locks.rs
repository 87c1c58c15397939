//! Locks: what a dispatcher has decided on loading before the plan is made.

use caravan_planning::{DepartureKey, Lock, VehicleKey};
use caravan_postal::Impc;

use super::{Station, unsigned};
use crate::change::Subject;
use crate::departure::ContainerState;
use crate::operation::{LOCK_NOT_SERVED, ReceptacleName};
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
        let receptacle = &self.state.receptacles[&id];
        if matches!(receptacle.state, ReceptacleState::Advised | ReceptacleState::Arrived) {
            let state = receptacle.state.as_str();
            return self.out_of_turn(Subject::Receptacle(id), "lock", &name.to_string(), state);
        }
        let departure = found.departure.clone();
        let office = self.stream_of(receptacle).map(|stream| stream.destination);
        if let Some(office) = office.filter(|office| !self.serves(&departure, *office)) {
            let finding = LOCK_NOT_SERVED.finding([office.as_str(), &departure]);
            return self.found(Subject::Receptacle(id), finding);
        }
        self.receptacle_mut(id).lock = Some(into);
        self.receptacle_event(id, "locked", format!("{container} {note}").trim_end().to_owned());
    }

    /// Returns whether the route of a departure serves an office.
    fn serves(&self, departure: &str, office: Impc) -> bool {
        self.config.route_of(departure).is_some_and(|route| route.offices.contains(&office))
    }

    /// Lets go of what is locked to a container that does not come any more.
    pub(super) fn unlock_all(&mut self, container: ContainerId) {
        let locked = self.state.receptacles.values().filter(|one| one.lock == Some(container));
        let locked: Vec<ReceptacleId> = locked.map(|receptacle| receptacle.id).collect();
        for id in locked {
            self.receptacle_mut(id).lock = None;
            let number = self.state.containers[&container].number.clone();
            self.receptacle_event(id, "unlocked", format!("{number} withdrawn"));
        }
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
