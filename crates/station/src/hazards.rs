//! What of an item needs permission on a leg, and how a receptacle counts it.

use crate::item::{Item, Lithium};
use crate::receptacle::Receptacle;

/// What of an item needs permission on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hazards {
    lithium: Lithium,
    is_dangerous: bool,
}

impl Hazards {
    /// Returns whether more needs permission than did before.
    pub(crate) fn exceed(self, before: Self) -> bool {
        self.lithium > before.lithium || self.is_dangerous && !before.is_dangerous
    }
}

impl Item {
    /// Returns what of it needs permission on a leg.
    pub(crate) fn hazards(&self) -> Hazards {
        Hazards { lithium: self.lithium, is_dangerous: self.is_dangerous }
    }
}

impl Receptacle {
    /// Counts an item that has come in, or (`by` less than zero) gone out, by what of it needs permission on a leg.
    pub(crate) fn count_hazards(&mut self, hazards: Hazards, by: i32) {
        if hazards.is_dangerous {
            self.dangerous = self.dangerous.saturating_add_signed(by);
        }
        let count = match hazards.lithium {
            Lithium::No => return,
            Lithium::InEquipment => &mut self.lithium_in_equipment,
            Lithium::Alone => &mut self.lithium_alone,
        };
        *count = count.saturating_add_signed(by);
    }
}
