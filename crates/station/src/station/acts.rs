//! What nobody may do without a word of customs or of a supervisor, whose number or name the note has.
//!
//! Customs' own messages bring theirs with them: their line is the note.

use super::Station;
use crate::ItemId;
use crate::change::Subject;
use crate::item::Disposition;
use crate::operation::ACT_MISSING;

impl Station {
    /// Returns whether a decision about an item lacks its act, and notes it: one that lifts a hold, that gives back what was
    /// seized, or that releases what is on a list whose release customs tells by message.
    pub(super) fn lacks_act(&mut self, id: ItemId, next: Disposition, note: &str) -> bool {
        let item = &self.state.items[&id];
        let before = item.customs;
        let is_told = item.arrival.is_some() && before != next && next == Disposition::Released;
        if !note.is_empty() || !(is_told || next.lifts(before)) {
            return false;
        }
        let name = item.name.to_string();
        self.act_missing(Subject::Item(id), next.as_str(), &name, before.as_str());
        true
    }

    /// Notes that an operation needs an act or a reason in its note.
    pub(super) fn act_missing(&mut self, subject: Subject, operation: &str, name: &str, state: &str) {
        self.found(subject, ACT_MISSING.finding([operation, name, state]));
    }
}
