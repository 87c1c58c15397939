//! Who has an item that is in no receptacle, as people say it: customs, who look into it, nobody any more, or nobody ever
//! again.

use super::Station;
use crate::ItemId;
use crate::item::{Custody, ItemName, Journey};

impl Station {
    /// Hands an item to customs. Of an export that is its presentation (EMSEVT EXA); of mail from abroad that was told when
    /// it came. It is bagged again only when it was scanned.
    pub(super) fn with_customs(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.leaves_hands(name, ("with-customs", note), &[Custody::Present]) else { return };
        let item = self.item_mut(id);
        item.custody = Custody::WithCustoms;
        let code = if item.journey == Journey::Export { "EXA" } else { "with-customs" };
        self.item_event(id, code, note.to_owned());
    }

    /// Takes an item as lost. One that turns up again is scanned like any other.
    pub(super) fn lose(&mut self, name: &ItemName, note: &str) {
        let from = [Custody::Present, Custody::Missing, Custody::WithCustoms];
        let Some(id) = self.leaves_hands(name, ("lost", note), &from) else { return };
        self.item_mut(id).custody = Custody::Lost;
        self.item_event(id, "lost", note.to_owned());
    }

    /// Takes an item as destroyed, by an act of whoever destroyed it.
    pub(super) fn destroy(&mut self, name: &ItemName, note: &str) {
        let from =
            [Custody::Present, Custody::WithCustoms, Custody::Seized, Custody::Disposed, Custody::Back];
        let Some(id) = self.leaves_hands(name, ("destroyed", note), &from) else { return };
        self.item_mut(id).custody = Custody::Destroyed;
        self.item_event(id, "destroyed", note.to_owned());
    }

    /// Returns the item of an operation that needs a note, when it is in one of the custodies that it may be taken from.
    fn leaves_hands(
        &mut self,
        name: &ItemName,
        (operation, note): (&str, &str),
        from: &[Custody],
    ) -> Option<ItemId> {
        let id = self.known(name, operation)?;
        let custody = self.state.items[&id].custody;
        if !from.contains(&custody) {
            self.item_out_of_turn(id, operation);
            return None;
        }
        if note.is_empty() {
            let subject = crate::change::Subject::Item(id);
            self.act_missing(subject, operation, &name.to_string(), custody.as_str());
            return None;
        }
        Some(id)
    }
}
