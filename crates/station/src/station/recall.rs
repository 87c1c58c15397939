//! What is taken back after it was handed in: the sender asks for an item, or customs keeps a part of its contents.

use super::Station;
use super::inbound::{self, may_follow};
use crate::change::{Due, Subject};
use crate::item::{Custody, Disposition, ItemName, Journey};
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
        // What customs sends back goes where its sender wants it: that stops nothing.
        let is_stopped_now = !was_stopped && item.is_stopped();
        let receptacle = item.receptacle.filter(|_| is_stopped_now);
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
        let item = &self.state.items[&id];
        if item.custody != Custody::Present {
            return self.item_out_of_turn(id, operation);
        }
        let is_foreign = matches!(item.journey, Journey::Import | Journey::Return);
        if is_foreign && !may_follow(item, Disposition::ReleasedInPart, self.config.home()) {
            return self.inbound_out_of_turn(id, operation);
        }
        let pieces: Vec<String> = withheld.iter().map(u16::to_string).collect();
        let pieces = pieces.join(" ");
        match remains {
            Remains::Faulty(finding) => self.found(Subject::Item(id), finding.clone()),
            Remains::Untold => {
                let item = self.item_mut(id);
                item.customs = Disposition::ReleasedInPart;
                let code = if item.journey == Journey::Import { inbound::code(item.customs) } else { "EXB" };
                self.item_event(id, code, format!("{operation} {note}"));
                self.item_event(id, "withheld", pieces);
            }
            Remains::Kept(redeclaration) => {
                let item = self.item_mut(id);
                // What is left goes once the duty that customs has asked for is paid.
                let is_unpaid = item.inbound.unpaid().is_some();
                item.customs = if is_unpaid { Disposition::DutyDue } else { Disposition::Released };
                item.scale = None;
                let code = match item.journey {
                    Journey::Import => inbound::code(item.customs),
                    Journey::Export | Journey::Transit | Journey::Return => "EXC",
                };
                self.item_event(id, code, format!("{operation} {note}"));
                self.item_event(id, "withheld", pieces);
                self.changes.due.push(Due::InspectionAct(id));
                self.redeclare(redeclaration);
            }
        }
    }
}
