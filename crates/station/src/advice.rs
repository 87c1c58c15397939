//! What another office says of mail that it has sent here, before anyone here has seen it.

use caravan_postal::{Grams, Money, ReceptacleKind, S9, S10, WeightField};

use crate::FilingId;

/// A receptacle as its office of origin advises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdvisedReceptacle {
    /// The identifier as on its label.
    pub s9: S9,
    /// What it is.
    pub kind: ReceptacleKind,
    /// The number of its seal.
    pub seal: Option<String>,
    /// What is said of it and of what lies in it.
    pub advice: Advice,
}

/// What is said of a receptacle and of what lies in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advice {
    /// The gross weight.
    pub gross: Option<Grams>,
    /// How many items, also those without an identifier.
    pub count: Option<u32>,
    /// The items with an identifier.
    pub items: Vec<S10>,
}

/// What only mail from abroad has: what is due on it, and how it went on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inbound {
    /// What the assessment says is due here; `None` when it says nothing is, or could not be reckoned.
    pub assessed: Option<Money>,
    /// What customs says is due.
    pub stated: Option<Money>,
    /// Whether that is paid.
    pub is_paid: bool,
    /// The inland run that it was forwarded on: name and civil day, `chengdu-van/2026-11-20`.
    pub run: Option<String>,
    /// How it was presented to customs last.
    pub presented: Option<Presented>,
}

/// How an item from abroad was presented to customs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presented {
    /// The document.
    pub filing: FilingId,
    /// The version of its declaration.
    pub version: u32,
}

/// An item that had left in a receptacle of this office and is here again: its receptacle left with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameBack {
    /// The item.
    pub item: crate::ItemId,
    /// The receptacle that it had left in.
    pub receptacle: crate::ReceptacleId,
    /// What it weighed then.
    pub weight: Grams,
    /// Whether it counted as registered or insured.
    pub is_registered: bool,
    /// Which lithium batteries it held.
    pub lithium: crate::Lithium,
    /// Whether it counted as dangerous goods.
    pub is_dangerous: bool,
}

impl Inbound {
    /// Returns what has still to be paid, when customs has said that something is due.
    pub fn unpaid(&self) -> Option<Money> {
        self.stated.filter(|stated| stated.minor > 0 && !self.is_paid)
    }
}

impl Advice {
    /// Returns what the receptacle should weigh: as advised, or else as its label says.
    pub fn expected(advice: Option<&Self>, s9: &S9) -> Option<Grams> {
        let label = |weight: WeightField| weight.hectograms().map(|weight| Grams(u64::from(weight) * 100));
        advice.and_then(|advice| advice.gross).or_else(|| label(s9.weight))
    }
}
