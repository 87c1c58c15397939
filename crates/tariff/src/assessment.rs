//! What the engine answers: decision, findings, charges, and the arithmetic behind each charge.

use std::fmt;
use std::sync::Arc;

use caravan_postal::{Finding, Money};

use crate::codes;
use crate::trace::Step;

/// The outcome of validation and tariff for one declaration on its dates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Assessment {
    /// Whether the item goes.
    pub decision: Decision,
    /// Where the item itself is put; only for a refusal.
    pub physical: Option<PhysicalOutcome>,
    /// Whether a row that knows its goods as dangerous (outcome `dangerous-goods-cage`) applies to it, lithium batteries
    /// aside: where it goes all the same, each leg of its way says whether it takes such goods.
    pub is_dangerous: bool,
    /// The customs procedure that the item goes by.
    pub channel: Channel,
    /// What was found, each with its field and without a place: the caller knows where a field was read.
    pub findings: Vec<Finding>,
    /// What is due, or will be at the destination.
    pub charges: Vec<Charge>,
    /// The row of the regime under which the charges stand, also when nothing is due.
    pub regime: Option<RowId>,
    /// The row that says by which set of data customs of the destination takes the item.
    pub entry: Option<RowId>,
}

impl Assessment {
    /// Returns whether every charge of the regime was reckoned: nothing that it stands on was missing or unknown.
    pub fn is_reckoned(&self) -> bool {
        !self.findings.iter().any(|finding| codes::UNRECKONED.contains(&finding.code))
    }
}

/// Whether an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Decision {
    /// It goes.
    #[default]
    Go,
    /// It waits until someone has done what a finding asks.
    Hold,
    /// It does not go.
    Refuse,
}

/// Where a refused item is put; ordered from the mildest to the strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhysicalOutcome {
    /// Back to the sender.
    BackToSender,
    /// Into the dangerous-goods cage.
    DangerousGoodsCage,
    /// To the police, or to customs where it guards the border.
    Police,
}

/// The one customs procedure that an item goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Channel {
    /// A postal article, on CN 22 or CN 23.
    #[default]
    PostalArticle,
    /// Retail export or import of cross-border e-commerce, supervision code 9610.
    Ecommerce9610,
    /// Direct export between businesses, supervision code 9710.
    BusinessExport9710,
    /// Export to a warehouse abroad, supervision code 9810.
    OverseasWarehouse9810,
    /// Bonded retail, supervision code 1210.
    Bonded1210,
    /// General trade: a goods declaration.
    GeneralTrade,
}

/// One amount due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// What kind of charge.
    pub kind: ChargeKind,
    /// How much, in the currency in which it is paid.
    pub amount: Money,
    /// Whether it is an estimate of what another country will charge.
    pub is_estimate: bool,
    /// Whether a row, a rate or a reading behind it is not confirmed.
    pub is_unverified: bool,
    /// The row that charges it.
    pub row: RowId,
    /// How the amount came about, from the declared figures to the last rounding; empty unless it was asked for by
    /// [`crate::Engine::explain`] or [`crate::Engine::trace`].
    pub trace: Vec<Step>,
}

/// The kinds of charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeKind {
    /// Customs duty.
    Duty,
    /// Value-added tax, or the single tax on personal articles.
    Tax,
    /// Excise.
    Excise,
    /// A fee for handling or clearing.
    Fee,
}

/// The id of a table row; cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(Arc<str>);

/// Gives an enum its stable names, in the order of the variants.
macro_rules! named {
    ($name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the stable name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Returns the value for its stable name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use named;

named!(Decision { Go = "go", Hold = "hold", Refuse = "refuse" });
named!(PhysicalOutcome { BackToSender = "back-to-sender", DangerousGoodsCage = "dangerous-goods-cage", Police = "police" });
named!(Channel {
    PostalArticle = "postal-article",
    Ecommerce9610 = "9610",
    BusinessExport9710 = "9710",
    OverseasWarehouse9810 = "9810",
    Bonded1210 = "1210",
    GeneralTrade = "general-trade",
});
named!(ChargeKind { Duty = "duty", Tax = "tax", Excise = "excise", Fee = "fee" });

impl RowId {
    /// Returns the id of a text.
    pub fn new(text: &str) -> Self {
        Self(Arc::from(text))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &*self.0)
    }
}
