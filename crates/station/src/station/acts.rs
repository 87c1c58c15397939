//! What nobody may do without a word of customs or of a supervisor, whose number or name the note has.
//!
//! Customs' own messages bring theirs with them: their line is the note.

use super::Station;
use crate::ItemId;
use crate::change::Subject;
use crate::item::{Custody, Disposition, ItemName};
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

    /// Takes an item as never there that only a scan or a decision of customs has created: its identifier was misread. What
    /// created it stays in its events.
    pub(super) fn void_item(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "void") else { return };
        let item = self.item_mut(id);
        let is_scan = item.custody == Custody::Present && item.customs == Disposition::NotFiled;
        let is_decision = item.custody == Custody::Expected && item.customs.is_hold();
        if item.version != 0 || !(is_scan || is_decision) {
            return self.item_out_of_turn(id, "void");
        }
        if note.is_empty() {
            let (name, state) = (item.name.to_string(), item.custody.as_str());
            return self.act_missing(Subject::Item(id), "void", &name, state);
        }
        item.custody = Custody::Voided;
        item.customs = Disposition::NotFiled;
        item.scale = None;
        self.item_event(id, "voided", note.to_owned());
    }

    /// Notes that an operation needs an act or a reason in its note.
    pub(super) fn act_missing(&mut self, subject: Subject, operation: &str, name: &str, state: &str) {
        self.found(subject, ACT_MISSING.finding([operation, name, state]));
    }
}
