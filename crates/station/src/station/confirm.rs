//! What only the sender may change: a version that changes it without the sender's word stops its item, until the sender
//! confirms it or a version comes that leaves it as it was.

use caravan_declaration::Protected;

use super::Station;
use crate::ItemId;
use crate::change::Subject;
use crate::item::{Item, ItemName, Journey};
use crate::operation::{DECLARATION_CHANGED, SendersWord};

/// Returns the version that an item's sender stands for once a further one is in force; `None` when that is the one.
pub(super) fn confirmed(item: &Item, word: &SendersWord) -> Option<u32> {
    match word {
        // What nobody had declared cannot be changed, and what another post sends is its own to change.
        SendersWord::Changed(_) if item.version == 0 || item.journey != Journey::Export => None,
        SendersWord::Changed(_) => Some(item.told_version()),
        SendersWord::Withheld => item.confirmed,
        SendersWord::Stands | SendersWord::Confirmed(_) => None,
    }
}

impl Station {
    /// Says what waits for the sender's word, or with what reference it came.
    pub(super) fn note_senders_word(&mut self, id: ItemId, word: &SendersWord) {
        match word {
            SendersWord::Changed(changed) if self.state.items[&id].confirmed.is_some() => {
                let version = self.state.items[&id].version.to_string();
                for what in changed {
                    let finding = DECLARATION_CHANGED.finding([term(*what), &version]);
                    self.found(Subject::Item(id), finding);
                }
            }
            // That it was declared again has been told with it.
            SendersWord::Confirmed(reference) => _ = self.append_of_item(id, "confirmed", reference.clone()),
            SendersWord::Changed(_) | SendersWord::Stands | SendersWord::Withheld => {}
        }
    }

    /// Lets the version in force stand: its sender has confirmed it. The reference is kept with the event.
    pub(super) fn confirm(&mut self, name: &ItemName, reference: &str, note: &str) {
        let Some(id) = self.known(name, "confirm") else { return };
        let item = self.item_mut(id);
        if item.confirmed.is_none() {
            return self.item_out_of_turn(id, "confirm");
        }
        item.confirmed = None;
        let (is_stopped, receptacle) = (item.is_stopped(), item.receptacle);
        self.item_event(id, "confirmed", format!("{reference} {note}").trim_end().to_owned());
        match receptacle {
            Some(receptacle) if !is_stopped => self.count_stopped(receptacle, false),
            Some(_) => {}
            None => self.bag_if_free(id),
        }
    }
}

/// Returns the word of the message files for what is changed.
fn term(what: Protected) -> &'static str {
    match what {
        Protected::Value => "@changed-value",
        Protected::Contents => "@changed-contents",
        Protected::Quantity => "@changed-quantity",
        Protected::Addressee => "@changed-addressee",
        Protected::Origin => "@changed-origin",
        Protected::Code => "@changed-code",
    }
}
