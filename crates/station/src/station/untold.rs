//! Items of whose declaration the office of destination has not been told although it asks for it: what ITMATT could not
//! say. Nothing with one of them leaves (UPU Convention Regulations, articles 08-002 and 17-107: electronic advance data go
//! before the item).

use super::Station;
use crate::gate::GateFault;
use crate::{ContainerId, DispatchId, ItemId};

impl Station {
    /// Notes whether the office of a dispatch was told of an item in it.
    pub fn note_itmatt(&mut self, dispatch: DispatchId, item: ItemId, is_told: bool) {
        let is_news = if is_told {
            self.state.untold.remove(&(dispatch, item))
        } else {
            self.state.untold.insert((dispatch, item))
        };
        if is_news {
            self.changes.untold.insert((dispatch, item));
        }
    }

    /// Notes that an item is in its dispatch no more.
    pub(super) fn forget_untold(&mut self, dispatch: Option<DispatchId>, item: ItemId) {
        if let Some(dispatch) = dispatch {
            self.note_itmatt(dispatch, item, true);
        }
    }

    /// Returns whether an item lies in a container of which nobody was told. Which receptacle of its dispatch it lies in is
    /// not asked: the others can go without it once it is taken out.
    pub(super) fn itmatt_fault(&self, id: ContainerId) -> Option<GateFault> {
        let inside = self.state.receptacles.values().filter(|one| one.container == Some(id));
        let mut dispatches: Vec<DispatchId> = inside.filter_map(|one| one.dispatch).collect();
        dispatches.dedup();
        let is_untold = |dispatch: &DispatchId| {
            let all_items = (*dispatch, ItemId(i64::MIN))..=(*dispatch, ItemId(i64::MAX));
            self.state.untold.range(all_items).next().is_some()
        };
        dispatches.iter().any(is_untold).then_some(GateFault::NoItmatt)
    }
}
