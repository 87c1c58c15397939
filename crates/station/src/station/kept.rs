//! What keeps mail here as things stand, for whoever can do something about it.

use caravan_postal::Finding;

use super::Station;
use super::may_leave::is_ready_but_for_papers;
use crate::change::Subject;
use crate::departure::DepartureState;
use crate::gate::Shut;
use crate::operation::{CUSTOMS_HOLDS, GATE_SHUT};
use crate::{ContainerId, DepartureId};

/// Something that stays as things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What.
    pub subject: Subject,
    /// What it is called outside.
    pub name: String,
    /// Why.
    pub finding: Finding,
}

impl Station {
    /// Returns what customs holds as a whole, what may not leave by the departure that it stands for, and, once a departure
    /// is loaded, what the gate is shut for.
    pub fn kept(&self) -> Vec<Kept> {
        let state = &self.state;
        let held = |subject, name: String, case: &str| {
            let finding = CUSTOMS_HOLDS.finding([&*name, case]);
            Kept { subject, name, finding }
        };
        let receptacles = state.receptacles.values().filter(|one| one.is_here() && one.customs.is_hold());
        let receptacles =
            receptacles.map(|one| held(Subject::Receptacle(one.id), one.name(), one.customs.as_str()));
        let containers = state.containers.values().filter(|one| one.is_here() && one.customs.is_hold());
        let containers =
            containers.map(|one| held(Subject::Container(one.id), one.number.clone(), one.customs.as_str()));
        let mut kept: Vec<Kept> = receptacles.chain(containers).collect();
        for departure in state.departures.values().filter(|departure| departure.is_ahead()) {
            for asked in self.gate_of(departure.id, is_ready_but_for_papers) {
                let number = self.number_of(asked.id);
                kept.extend(asked.findings.into_iter().map(|(_, finding)| Kept {
                    subject: Subject::Container(asked.id),
                    name: number.clone(),
                    finding,
                }));
                if departure.state == DepartureState::Loading && !asked.faults.is_empty() {
                    let faults: Vec<&str> = asked.faults.iter().map(|fault| fault.as_str()).collect();
                    let finding = GATE_SHUT.finding([&*number, &departure.key, &faults.join(" ")]);
                    kept.push(Kept { subject: Subject::Container(asked.id), name: number, finding });
                }
            }
        }
        kept
    }

    /// Returns the containers of a departure for which the gate would stay shut as they are.
    pub(super) fn shut_for(&self, departure: DepartureId) -> Vec<Shut> {
        let asked = self.gate_of(departure, is_ready_but_for_papers).into_iter();
        let shut = asked.filter(|asked| !asked.faults.is_empty());
        shut.map(|asked| Shut { container: self.number_of(asked.id), faults: asked.faults }).collect()
    }

    fn number_of(&self, id: ContainerId) -> String {
        self.state.containers[&id].number.clone()
    }
}
