//! What people, scales and customs tell the station, one line each, whichever way it comes in.

mod codes;
mod table;

use caravan_postal::{Grams, S9};
use caravan_tariff::{Decision, PhysicalOutcome};

use crate::item::{Disposition, Item, ItemName};

pub use codes::*;
pub use table::{Table, is_table, moment, read_table};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// When it happened.
    pub at_ms: i64,
    /// What happened.
    pub act: Act,
    /// What a person wrote with it: an act number, a reason, a name.
    pub note: String,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// An item was scanned and weighed on the belt.
    Scan {
        /// The item.
        item: ItemName,
        /// What the scale showed.
        scale: Grams,
    },
    /// Customs decided about an item.
    Dispose {
        /// The item.
        item: ItemName,
        /// What customs decided.
        disposition: Disposition,
    },
    /// A supervisor took an item out of its receptacle, whose dispatch is still open.
    TakeOut {
        /// The item.
        item: ItemName,
    },
    /// A further version of an item's declaration was kept.
    Redeclare(Box<Redeclaration>),
    /// The answer about a declaration that is known has changed.
    Reassess {
        /// The item.
        item: ItemName,
        /// What validation and tariff say now.
        decision: Decision,
        /// Where a refused item goes.
        physical: Option<PhysicalOutcome>,
    },
    /// An item was handed back to its sender.
    HandBack {
        /// The item.
        item: ItemName,
    },
    /// A receptacle that was waiting for the scale was weighed.
    WeighReceptacle {
        /// The number on its tag.
        tag: i64,
        /// What the scale showed.
        scale: Grams,
    },
    /// A supervisor looked into a disputed receptacle and stands for the scale's weight.
    SettleReceptacle {
        /// The number on its tag.
        tag: i64,
    },
    /// Another office's receptacle arrived to pass through.
    ReceiveReceptacle {
        /// Its identifier.
        s9: S9,
        /// What the scale showed.
        scale: Grams,
    },
    /// A container or truck stands ready for a departure.
    Announce {
        /// Its number or plate.
        container: String,
        /// The departure.
        departure: String,
    },
    /// Another office's sealed container arrived to pass through.
    ReceiveContainer {
        /// Its number.
        container: String,
        /// The departure that it is to leave on.
        departure: String,
        /// Its gross weight of mail.
        gross: Grams,
        /// How many receptacles its papers state.
        receptacles: u32,
        /// The seal that it arrived with.
        seal: String,
    },
    /// A seal was put on a container.
    Seal {
        /// The container.
        container: String,
        /// The seal's number.
        seal: String,
    },
    /// Customs gave the number under which a container goes to the exit.
    TransferNumber {
        /// The container.
        container: String,
        /// The number.
        number: String,
    },
    /// The carrier signed for a container.
    Sign {
        /// The container.
        container: String,
    },
}

/// What a further version of a declaration says of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeclaration {
    /// The item as the new version announces it, under the row that it has.
    pub item: Item,
}

impl Act {
    /// Returns the name that tables and findings call the act by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scan { .. } => "scan",
            Self::Dispose { disposition, .. } => disposition.as_str(),
            Self::TakeOut { .. } => "take-out",
            Self::Redeclare(_) => "redeclare",
            Self::Reassess { .. } => "reassess",
            Self::HandBack { .. } => "hand-back",
            Self::WeighReceptacle { .. } => "weigh-receptacle",
            Self::SettleReceptacle { .. } => "settle-receptacle",
            Self::ReceiveReceptacle { .. } => "receive-receptacle",
            Self::Announce { .. } => "announce",
            Self::ReceiveContainer { .. } => "receive-container",
            Self::Seal { .. } => "seal",
            Self::TransferNumber { .. } => "transfer-number",
            Self::Sign { .. } => "sign",
        }
    }

    /// Returns the item that the act is about, when it is about one.
    pub fn item(&self) -> Option<&ItemName> {
        match self {
            Self::Scan { item, .. }
            | Self::Dispose { item, .. }
            | Self::TakeOut { item }
            | Self::Reassess { item, .. }
            | Self::HandBack { item } => Some(item),
            Self::Redeclare(redeclaration) => Some(&redeclaration.item.name),
            _ => None,
        }
    }
}
