//! Items of whose declaration the office of destination has not been told although it asks for it: what ITMATT could not
//! say. Nothing with one of them leaves (UPU Convention Regulations, articles 08-002 and 17-107: electronic advance data go
//! before the item).
//!
//! There are few, so that each has a sequence of its own, which counts that it was found untold and that it was told, in
//! turn.

use super::Station;
use crate::gate::GateFault;
use crate::{ContainerId, DispatchId, ItemId};

fn sequence(dispatch: DispatchId, item: ItemId) -> String {
    format!("untold/ITMATT/{}/{}", dispatch.0, item.0)
}

impl Station {
    /// Notes whether the office of a dispatch was told of an item in it.
    pub fn note_itmatt(&mut self, dispatch: DispatchId, item: ItemId, is_told: bool) {
        let sequence = sequence(dispatch, item);
        let is_untold = self.state.sequences.get(&sequence).is_some_and(|count| count % 2 == 1);
        if is_untold == is_told {
            self.take_number(&sequence);
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
            let prefix = format!("untold/ITMATT/{}/", dispatch.0);
            let kept = self.state.sequences.range(prefix.clone()..);
            let mut kept = kept.take_while(|(name, _)| name.starts_with(&prefix));
            kept.any(|(_, count)| count % 2 == 1)
        };
        dispatches.iter().any(is_untold).then_some(GateFault::NoItmatt)
    }
}
