//! What carries mail, where somebody says it: the train or run of a departure, the wagon or truck under a container.
//!
//! Papers and messages name it. Where they have gone out already they are made again: the bill and the papers that go
//! along, and PRECON and CARDIT where the gate stands open. Seals and signature stand: what was sealed is what it was.

use super::Station;
use crate::ContainerId;
use crate::change::{Due, Subject};

impl Station {
    /// Notes which train or run a departure is.
    pub(super) fn conveyance(&mut self, departure: &str, number: &str, note: &str) {
        let Some(id) = self.planned("conveyance", departure) else { return };
        self.departure_mut(id).conveyance = Some(number.to_owned());
        self.departure_event(id, "conveyance", format!("{number} {note}").trim_end().to_owned());
        let here: Vec<ContainerId> = self.containers_of(departure).map(|container| container.id).collect();
        for container in here {
            self.print_of_container(container, "vehicle");
            self.tell_carriage(container);
        }
    }

    /// Notes on which wagon or truck a container stands. A truck's body has no other plate than its own.
    pub(super) fn vehicle(&mut self, number: &str, vehicle: &str, note: &str) {
        let Some(id) = self.container("vehicle", number) else { return };
        let container = self.container_mut(id);
        if !container.is_iso() {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), "vehicle", number, state);
        }
        container.vehicle = Some(vehicle.to_owned());
        self.container_event(id, "vehicle", format!("{vehicle} {note}").trim_end().to_owned());
        self.tell_carriage(id);
    }

    /// Lets the bill of a container be made again, and its consignment be told again.
    fn tell_carriage(&mut self, id: ContainerId) {
        let container = &self.state.containers[&id];
        if container.cn37.is_some() && container.receptacles > 0 {
            self.changes.due.push(Due::DeliveryBill(id));
        }
        self.tell_consignment_again(id);
    }
}
