//! Items from abroad, presented to customs here with their declarations (CUSITM, UPU M43).
//!
//! What is here and has nothing of the station's own against it goes into the document that is gathering; a document leaves
//! when it is full, or some minutes after its first item. The case of an item opens as it is taken in. A later version of
//! its declaration is presented again, as long as customs has not decided.

use caravan_tariff::Decision;

use super::{Station, Step, Tick};
use crate::ItemId;
use crate::advice::Presented;
use crate::customs::FilingForm;
use crate::item::{Custody, Disposition, Item, Journey};

impl Station {
    /// Puts an item that is to be presented into the document that is gathering, once for each version.
    pub(super) fn present(&mut self, id: ItemId) {
        let Some(items_max) = self.config.presentation.map(|settings| settings.items_max) else { return };
        let item = &self.state.items[&id];
        if !is_to_present(item) {
            return;
        }
        let (version, before) = (item.version, item.inbound.presented);
        if let Some(before) = before.filter(|before| Some(before.filing) == self.presenting) {
            // It is in the document already, which tells what is in force when it leaves.
            self.item_mut(id).inbound.presented = Some(Presented { version, ..before });
            self.changes.items.insert(id);
            return;
        }
        let filing = self.presenting.unwrap_or_else(|| {
            let number = self.filing_number(FilingForm::Presentation);
            self.open_filing(FilingForm::Presentation, &number, (1, 1), None)
        });
        self.presenting = Some(filing);
        let found = self.filing_mut(filing);
        found.lines += 1;
        let (number, is_full) = (found.number.clone(), found.lines >= items_max);
        self.changes.filings.insert(filing);
        let item = self.item_mut(id);
        item.inbound.presented = Some(Presented { filing, version });
        match item.customs {
            Disposition::NotFiled | Disposition::DocumentsWanted => {
                self.decide(id, Disposition::Filed, format!("filed {number}"));
            }
            _ => self.item_event(id, "presented-again", number),
        }
        if is_full {
            self.file(filing);
        }
    }

    /// Returns when what was gathered is to be presented.
    pub(super) fn presentation_tick(&self) -> Option<Tick> {
        let gathering = &self.state.filings[&self.presenting?];
        // What was gathered before the settings changed leaves all the same: its cases are open.
        let after_ms = self.config.presentation.map_or(0, |settings| settings.after_ms);
        let at_ms = gathering.opened_ms.saturating_add(after_ms);
        Some(Tick { at_ms, step: Step::Present(gathering.id) })
    }
}

/// Returns whether an item is here and declared, nothing but customs keeps it, and customs does not know this of it: nothing
/// at all, or not the version in force while its case is open.
fn is_to_present(item: &Item) -> bool {
    let is_here = item.journey == Journey::Import && item.custody == Custody::Present;
    let is_kept = item.decision != Decision::Go || item.is_recalled || item.confirmed.is_some();
    if !is_here || is_kept || item.version == 0 || item.name.is_nothing() {
        return false;
    }
    match item.inbound.presented {
        None => item.customs == Disposition::NotFiled,
        Some(presented) => presented.version != item.version && item.customs.is_open(),
    }
}
