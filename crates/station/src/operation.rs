//! What people, scales and customs tell the station, one line each, whichever way it comes in.

mod act;
mod codes;
mod table;
mod time;

use caravan_declaration::Protected;
use caravan_postal::{Finding, Money, S9};
use caravan_tariff::{Decision, PhysicalOutcome};

use crate::item::Item;

pub use act::{Act, AnnouncedAs, Consigned};
pub use codes::*;
pub use table::{Table, is_table, read_table};
pub use time::moment;

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

/// What names a receptacle in an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceptacleName {
    /// The number on its tag.
    Tag(i64),
    /// The identifier on its label; weight and flags are attributes and may differ.
    S9(S9),
}

impl std::fmt::Display for ReceptacleName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tag(tag) => write!(f, "B{tag:06}"),
            Self::S9(s9) => s9.fmt(f),
        }
    }
}

/// What a partial release leaves of a declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remains {
    /// Nobody has looked yet: the item stays held.
    Untold,
    /// Nothing that can go: no such piece, or none left.
    Faulty(Finding),
    /// A further version without the pieces, to be kept with what the station changes.
    Kept(Box<Redeclaration>),
}

/// What a further version of a declaration says of its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redeclaration {
    /// The item as the new version announces it, under the row that it has.
    pub item: Item,
    /// Whether its sender stands for it.
    pub word: SendersWord,
}

/// What another answer about a declaration that is known says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reassessment {
    /// What validation and tariff say now.
    pub decision: Decision,
    /// Where a refused item goes.
    pub physical: Option<PhysicalOutcome>,
    /// Whether its goods are known as dangerous, lithium batteries aside.
    pub is_dangerous: bool,
    /// What is due here, of mail from abroad.
    pub assessed: Option<Money>,
}

/// Whether the sender of an item stands for a further version of its declaration. Of mail from other posts, what its post
/// of origin says is the sender's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendersWord {
    /// What only the sender may change is as the sender said.
    Stands,
    /// It changes these, and nobody says that the sender knows.
    Changed(Vec<Protected>),
    /// It changes something, and carries the reference of the sender's confirmation.
    Confirmed(String),
    /// Customs took something out: what waits for the sender's word waits on.
    Withheld,
}
