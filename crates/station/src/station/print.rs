//! What becomes due only where papers are printed (`[papers] pdf`): acts of what customs opened, the papers that go along
//! with a container, and the folder of a departure.

use super::Station;
use crate::change::{Due, Subject};
use crate::opening::Opening;
use crate::{ContainerId, DepartureId, ReceptacleId};

/// The events after which a container's papers may be complete, or say something else than before.
pub const CONTAINER_TELLING: [&str; 7] =
    ["sealed", "transfer-number", "cn37", "cut", "rerouted", "moved-on", "vehicle"];

/// The events after which its delivery bill says more or less than before: of a seal, the transfer number, the signature.
const BILL_TELLING: [&str; 4] = ["sealed", "transfer-number", "signed", "signature-void"];

impl Station {
    /// Lets the delivery bill of a container be made again when something else is to be read on it: who signs reads it first.
    pub(super) fn bill_of_container(&mut self, id: ContainerId, code: &str) {
        let container = &self.state.containers[&id];
        if BILL_TELLING.contains(&code) && container.cn37.is_some() && container.is_here() {
            self.changes.due.push(Due::DeliveryBill(id));
        }
    }

    /// Lets the papers of a container be printed when all that they name is known: seals, CN 37 and transfer number.
    pub(super) fn print_of_container(&mut self, id: ContainerId, code: &str) {
        let container = &self.state.containers[&id];
        let is_complete =
            !container.seals.is_empty() && container.cn37.is_some() && container.transfer_number.is_some();
        if self.config.papers.pdf && CONTAINER_TELLING.contains(&code) && is_complete && container.is_here() {
            self.changes.due.push(Due::ContainerPapers(id));
        }
    }

    /// Lets all papers of a departure that has left be printed in one.
    pub(super) fn print_folder(&mut self, id: DepartureId) {
        if self.config.papers.pdf {
            self.changes.due.push(Due::DepartureFolder(id));
        }
    }

    /// Returns what an act says of a receptacle before it is opened.
    pub(super) fn before_opening(&self, id: ReceptacleId, act: &str) -> Opening {
        let receptacle = &self.state.receptacles[&id];
        let container = receptacle.container.and_then(|container| self.state.containers.get(&container));
        Opening {
            name: receptacle.name(),
            n: 0,
            at_ms: self.now_ms,
            act: act.to_owned(),
            found_in: container.map(|container| container.number.clone()),
            seals_before: receptacle.seal.iter().cloned().collect(),
            seals_after: Vec::new(),
            weight_before: Some(receptacle.gross()),
            weight_after: None,
            taken: None,
        }
    }

    /// Lets the act be drawn up of what customs opened; the last event of the subject tells of it.
    pub(super) fn print_opening(&mut self, subject: Subject, opening: Opening) {
        if !self.config.papers.pdf {
            return;
        }
        let n = match subject {
            Subject::Receptacle(id) => self.state.receptacles[&id].events,
            Subject::Container(id) => self.state.containers[&id].events,
            _ => 0,
        };
        self.changes.openings.insert(subject, Opening { n, ..opening });
        self.changes.due.push(Due::OpeningAct(subject));
    }
}
