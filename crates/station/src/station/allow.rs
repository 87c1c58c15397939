//! What a supervisor allows at the gate, for one departure and with a reason.

use super::Station;
use crate::ContainerId;
use crate::change::Subject;
use crate::gate::{Allowed, GateFault};

impl Station {
    pub(super) fn allow(&mut self, number: &str, fault: GateFault, note: &str) {
        let Some(id) = self.container("allow", number) else { return };
        let container = self.container_mut(id);
        if !fault.is_allowable() || container.allows(fault) {
            return self.out_of_turn(Subject::Container(id), "allow", number, fault.as_str());
        }
        if note.is_empty() {
            return self.act_missing(Subject::Container(id), "allow", number, fault.as_str());
        }
        let departure = container.departure.clone();
        container.allowed.push(Allowed { fault, departure });
        self.container_event(id, "allowed", format!("{} {note}", fault.as_str()));
    }

    /// Forgets what was allowed of another load.
    pub(super) fn forget_allowed(&mut self, id: ContainerId) {
        let container = self.container_mut(id);
        if !std::mem::take(&mut container.allowed).is_empty() {
            self.container_event(id, "allowance-void", String::new());
        }
    }
}
