//! Why a row was looked at and not applied.

use crate::assessment::named;

/// Why a row was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Misfit {
    /// Its first day is still to come.
    NotYet,
    /// Its last day is over.
    Over,
    /// It is announced and nobody switched it on.
    Announced,
    /// It is for another nature of transaction.
    Nature,
    /// It leaves out this commodity code.
    Code,
    /// It is for another mail class.
    Class,
    /// It is for another way of carriage.
    Mode,
    /// It is for gifts from person to person only, or for all but them.
    Gift,
    /// It is for another kind of sender.
    Sender,
    /// It is for another kind of addressee.
    Addressee,
    /// It is for documents only, or for goods only.
    Documents,
    /// It depends on what the route agreed on lithium batteries.
    Lithium,
    /// It is for insured items only, or for all but them.
    Insurance,
    /// It is for items from or to other countries.
    Country,
    /// It depends on a tax that was paid, or was not paid, to the seller.
    Prepaid,
    /// It belongs to the reading that was not chosen.
    Reading,
    /// The value is not above the row's threshold.
    ValueBelow,
    /// The value is above the row's limit.
    ValueAbove,
    /// Another row came first in the order of decision.
    Order,
    /// It was applied and nothing is due.
    NothingDue,
    /// What is due is too little to be collected.
    Waived,
    /// It needs another charge to be due.
    Needs,
    /// A figure that it needs is not known.
    NotComputed,
    /// It is for goods of another origin.
    Origin,
    /// It is for other regions of the country.
    Region,
    /// It is for lighter or for heavier items.
    Weight,
    /// It is for fewer or for more equal units, or for a single article.
    Units,
    /// It needs a paper that is not declared, or none.
    Papers,
    /// It is for another customs procedure.
    Channel,
    /// Its content is not known.
    Unknown,
    /// It stands on a charge that is not known.
    StandsOnUnknown,
}

named!(Misfit {
    NotYet = "not-yet",
    Over = "over",
    Announced = "announced",
    Nature = "nature",
    Code = "code",
    Class = "class",
    Mode = "mode",
    Gift = "gift",
    Sender = "sender",
    Addressee = "addressee",
    Documents = "documents",
    Lithium = "lithium",
    Insurance = "insurance",
    Country = "country",
    Prepaid = "prepaid",
    Reading = "reading",
    ValueBelow = "value-below",
    ValueAbove = "value-above",
    Order = "order",
    NothingDue = "nothing-due",
    Waived = "waived",
    Needs = "needs",
    NotComputed = "not-computed",
    Origin = "origin",
    Region = "region",
    Weight = "weight",
    Units = "units",
    Papers = "papers",
    Channel = "channel",
    Unknown = "unknown",
    StandsOnUnknown = "stands-on-unknown",
});

impl Misfit {
    /// Returns whether the row is one of other days or other countries: it says little about the item at hand.
    pub fn is_elsewhere(self) -> bool {
        matches!(self, Self::NotYet | Self::Over | Self::Country)
    }

    /// Returns whether the row was applied, and nothing is due by it.
    pub fn is_applied(self) -> bool {
        matches!(self, Self::NothingDue | Self::Waived)
    }
}
