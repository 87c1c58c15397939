//! What is taken back after it was handed in: the sender asks for an item, or customs keeps a part of its contents.

use super::Station;
use crate::change::{Due, Subject};
use crate::item::{Custody, Disposition, ItemName};
use crate::operation::{RECALLED_TOO_LATE, Remains};

impl Station {
    /// Keeps an item for its sender, who wants it back: it is handed back, or stops its receptacle until it is taken
    /// out. Once it has left, a request for withdrawal (CN 17) has to go to the post of destination.
    pub(super) fn recall(&mut self, name: &ItemName, note: &str) {
        let Some(id) = self.known(name, "recall") else { return };
        let item = &self.state.items[&id];
        if self.has_left(id) {
            let office = item.stream.map_or_else(String::new, |stream| stream.destination.to_string());
            return self.found(Subject::Item(id), RECALLED_TOO_LATE.finding([name.to_string(), office]));
        }
        let is_here = matches!(item.custody, Custody::Expected | Custody::Present | Custody::Bagged);
        if !is_here || item.is_recalled {
            return self.item_out_of_turn(id, "recall");
        }
        let item = self.item_mut(id);
        let was_stopped = item.is_stopped();
        item.is_recalled = true;
        let receptacle = item.receptacle.filter(|_| !was_stopped);
        self.item_event(id, "recalled", note.to_owned());
        if let Some(receptacle) = receptacle {
            self.count_stopped(receptacle, true);
        }
    }

    /// Lets an item go on without the pieces that customs keeps. It is lighter now: it waits for another scan.
    pub(super) fn release_in_part(
        &mut self,
        name: &ItemName,
        withheld: &[u16],
        remains: &Remains,
        note: &str,
    ) {
        let operation = Disposition::ReleasedInPart.as_str();
        let Some(id) = self.known(name, operation) else { return };
        if self.state.items[&id].custody != Custody::Present {
            return self.item_out_of_turn(id, operation);
        }
        let pieces: Vec<String> = withheld.iter().map(u16::to_string).collect();
        let pieces = pieces.join(" ");
        match remains {
            Remains::Faulty(finding) => self.found(Subject::Item(id), finding.clone()),
            Remains::Untold => {
                self.item_mut(id).customs = Disposition::ReleasedInPart;
                self.item_event(id, "EXB", format!("{operation} {note}"));
                self.item_event(id, "withheld", pieces);
            }
            Remains::Kept(redeclaration) => {
                let item = self.item_mut(id);
                item.customs = Disposition::Released;
                item.scale = None;
                self.item_event(id, "EXC", format!("{operation} {note}"));
                self.item_event(id, "withheld", pieces);
                self.changes.due.push(Due::InspectionAct(id));
                self.redeclare(redeclaration);
            }
        }
    }
}
