//! What must not leave, counted upwards: items in receptacles, receptacles in containers; and what customs decides about
//! receptacles and containers as they are, whose items may be unknown here.

use caravan_postal::S9;

use super::Station;
use crate::change::Subject;
use crate::item::{Disposition, ItemName};
use crate::operation::{
    DECIDED_WITHOUT_DATA, DECISION_TOO_LATE, ITEM_UNKNOWN, RECEPTACLE_UNKNOWN, ReceptacleName,
};
use crate::receptacle::{Receptacle, ReceptacleState};
use crate::{ContainerId, ItemId, ReceptacleId};

impl Station {
    /// Takes what customs decided about a receptacle, named by its label, or about a container, or about an item that
    /// nobody has declared or scanned yet: it is kept for the item, because a hold comes as early as customs likes.
    pub(super) fn dispose_unknown(&mut self, name: &ItemName, disposition: Disposition, note: &str) {
        let (text, operation) = (name.to_string(), disposition.as_str());
        if let Some(s9) = S9::parse(&text) {
            match self.state.receptacle_named(&ReceptacleName::S9(s9)) {
                Some(id) => self.dispose_receptacle(id, disposition, note),
                None if disposition.is_hold() => {
                    self.decided_too_late(Subject::Station, disposition, &text, "unknown");
                }
                None => self.found(Subject::Station, RECEPTACLE_UNKNOWN.finding([operation, &text])),
            }
        } else if let Some(id) = self.state.container_named(&text) {
            self.dispose_container(id, disposition, note);
        } else if !disposition.is_hold() {
            self.found(Subject::Station, ITEM_UNKNOWN.finding([operation, &text]));
        } else if matches!(name, ItemName::S10(_)) {
            let id = self.create_row(name);
            self.found(Subject::Item(id), DECIDED_WITHOUT_DATA.finding([&*text, operation]));
            self.dispose(name, disposition, note);
        } else {
            self.decided_too_late(Subject::Station, disposition, &text, "unknown");
        }
    }

    /// Notes that customs keeps something that nobody can stop here.
    pub(super) fn decided_too_late(
        &mut self,
        subject: Subject,
        disposition: Disposition,
        name: &str,
        state: &str,
    ) {
        self.found(subject, DECISION_TOO_LATE.finding([disposition.as_str(), name, state]));
    }

    /// Notes that what customs decided about an item that is no longer here fits nothing; where it keeps the item, somebody
    /// has to know.
    pub(super) fn dispose_gone(&mut self, id: ItemId, disposition: Disposition) {
        if disposition.is_hold() {
            let (name, state) = (self.state.items[&id].name.to_string(), self.place_of(id));
            self.decided_too_late(Subject::Item(id), disposition, &name, state);
        } else {
            self.item_out_of_turn(id, disposition.as_str());
        }
    }

    fn dispose_receptacle(&mut self, id: ReceptacleId, next: Disposition, note: &str) {
        let receptacle = &self.state.receptacles[&id];
        let (name, state, before) = (receptacle.name(), receptacle.state, receptacle.customs);
        let goes_out = !matches!(state, ReceptacleState::Advised | ReceptacleState::Arrived);
        if next.is_hold() && !receptacle.is_here() {
            return self.decided_too_late(Subject::Receptacle(id), next, &name, state.as_str());
        }
        if !goes_out || !is_of_a_whole(next) {
            return self.out_of_turn(Subject::Receptacle(id), next.as_str(), &name, state.as_str());
        }
        if note.is_empty() && next.lifts(before) {
            return self.act_missing(Subject::Receptacle(id), next.as_str(), &name, before.as_str());
        }
        self.receptacle_event(id, "customs", format!("{} {note}", next.as_str()).trim_end().to_owned());
        self.change_stopped(id, |receptacle| receptacle.customs = next);
    }

    fn dispose_container(&mut self, id: ContainerId, next: Disposition, note: &str) {
        let container = &self.state.containers[&id];
        let (number, before) = (container.number.clone(), container.customs);
        if !is_of_a_whole(next) {
            let state = container.state.as_str();
            return self.out_of_turn(Subject::Container(id), next.as_str(), &number, state);
        }
        if note.is_empty() && next.lifts(before) {
            return self.act_missing(Subject::Container(id), next.as_str(), &number, before.as_str());
        }
        self.container_mut(id).customs = next;
        self.container_event(id, "customs", format!("{} {note}", next.as_str()).trim_end().to_owned());
    }

    /// Counts an item of a receptacle that may no longer leave, or may again.
    pub(super) fn count_stopped(&mut self, id: ReceptacleId, is_stopped: bool) {
        let count = |stopped: u32| if is_stopped { stopped + 1 } else { stopped - 1 };
        self.change_stopped(id, |receptacle| receptacle.stopped = count(receptacle.stopped));
    }

    /// Changes what stops a receptacle that is at hand; the container that it is loaded in counts with it.
    fn change_stopped(&mut self, id: ReceptacleId, change: impl FnOnce(&mut Receptacle)) {
        let Some(receptacle) = self.state.receptacles.get_mut(&id) else { return };
        let before = receptacle.is_stopped();
        change(receptacle);
        let after = receptacle.is_stopped();
        let container = receptacle.container;
        self.changes.receptacles.insert(id);
        if before == after {
            return;
        }
        let code = if after { "stopped" } else { "freed" };
        self.receptacle_event(id, code, String::new());
        if let Some(container) = container.and_then(|container| self.state.containers.get_mut(&container)) {
            container.stopped = if after { container.stopped + 1 } else { container.stopped - 1 };
            let container = container.id;
            self.container_event(container, code, String::new());
        }
    }
}

/// Returns whether customs can decide this about a receptacle or a container as a whole.
fn is_of_a_whole(disposition: Disposition) -> bool {
    matches!(
        disposition,
        Disposition::DocumentsWanted
            | Disposition::Inspect
            | Disposition::Held
            | Disposition::Released
            | Disposition::ReturnToSender
            | Disposition::Seized
    )
}
