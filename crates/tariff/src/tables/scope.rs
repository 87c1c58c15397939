//! Where and when a row applies: sets of countries, and conditions on the item.

use caravan_postal::{Country, MailClass, Money, Nature};

use super::raw::RawCondition;
use crate::Transport;
use crate::assessment::named;
use crate::facts::Facts;

/// A set of countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Countries {
    /// Every country, also an unknown one.
    Any,
    /// Those whose bit is set, by [`Country::ordinal`].
    Some([u64; 11]),
}

/// What an item must be like for a row to apply; an empty mask admits all.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    natures: u8,
    classes: u8,
    modes: u8,
    is_gift: Option<bool>,
    is_business_sender: Option<bool>,
    is_business_addressee: Option<bool>,
    is_documents: Option<bool>,
    is_lithium_agreed: Option<bool>,
    from: Countries,
    to: Countries,
    not_from: Option<Countries>,
    not_to: Option<Countries>,
    is_insured: Option<bool>,
    prepaid: Option<Box<str>>,
    not_prepaid: Option<Box<str>>,
    pub(crate) reading: Option<ReadingChoice>,
    pub(crate) value_above: Option<Money>,
    pub(crate) value_to: Option<Money>,
}

/// The reading under which a row applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadingChoice {
    pub(crate) id: Box<str>,
    pub(crate) choice: Box<str>,
    pub(crate) is_default: bool,
}

/// Why a row that is in force was not applied.
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
});

impl Countries {
    /// Returns the set of the countries.
    pub(crate) fn of(countries: &[Country]) -> Self {
        let mut bits = [0u64; 11];
        for country in countries {
            let ordinal = usize::from(country.ordinal());
            bits[ordinal / 64] |= 1 << (ordinal % 64);
        }
        Self::Some(bits)
    }

    /// Returns whether the country is in the set.
    pub(crate) fn contains(&self, country: Option<Country>) -> bool {
        match (self, country) {
            (Self::Any, _) => true,
            (Self::Some(_), None) => false,
            (Self::Some(bits), Some(country)) => {
                let ordinal = usize::from(country.ordinal());
                bits[ordinal / 64] >> (ordinal % 64) & 1 == 1
            }
        }
    }
}

impl Condition {
    /// Compiles what a row says about the item.
    pub(crate) fn compile(
        raw: &RawCondition,
        mut countries: impl FnMut(&[String]) -> Result<Countries, String>,
        reading: Option<ReadingChoice>,
    ) -> Result<Self, String> {
        let natures = mask(&raw.natures, |text| natures().position(|nature| nature_name(nature) == text))?;
        let classes = mask(&raw.classes, |text| MailClass::parse(text).map(|class| class as usize))?;
        let modes = mask(&raw.modes, |text| Transport::ALL.iter().position(|mode| mode.as_str() == text))?;
        Ok(Self {
            natures,
            classes,
            modes,
            is_gift: raw.is_gift,
            is_business_sender: raw.is_business_sender,
            is_business_addressee: raw.is_business_addressee,
            is_documents: raw.is_documents,
            is_lithium_agreed: raw.is_lithium_agreed,
            from: countries(&raw.from)?,
            to: countries(&raw.to)?,
            not_from: excluded(&raw.not_from, &mut countries)?,
            not_to: excluded(&raw.not_to, &mut countries)?,
            is_insured: raw.is_insured,
            prepaid: raw.prepaid.as_deref().map(Box::from),
            not_prepaid: raw.not_prepaid.as_deref().map(Box::from),
            reading,
            value_above: raw.value_above.as_deref().map(super::money).transpose()?,
            value_to: raw.value_to.as_deref().map(super::money).transpose()?,
        })
    }

    /// Returns what does not fit; thresholds of value and readings are the caller's.
    pub(crate) fn misfit(&self, facts: &Facts<'_>) -> Option<Misfit> {
        let differs = |wanted: Option<bool>, is: bool| wanted.is_some_and(|wanted| wanted != is);
        let lacks = |mask: u8, bit: Option<usize>| mask != 0 && bit.is_none_or(|bit| mask >> bit & 1 == 0);
        let nature = facts.declaration.nature.map(|nature| nature as usize);
        if lacks(self.natures, nature) {
            Some(Misfit::Nature)
        } else if lacks(self.classes, facts.class.map(|class| class as usize)) {
            Some(Misfit::Class)
        } else if lacks(self.modes, Some(facts.mode as usize)) {
            Some(Misfit::Mode)
        } else if differs(self.is_gift, facts.is_gift) {
            Some(Misfit::Gift)
        } else if differs(self.is_business_sender, facts.is_business_sender) {
            Some(Misfit::Sender)
        } else if differs(self.is_business_addressee, facts.is_business_addressee) {
            Some(Misfit::Addressee)
        } else if differs(self.is_documents, facts.is_documents) {
            Some(Misfit::Documents)
        } else if differs(self.is_lithium_agreed, facts.options.is_lithium_agreed) {
            Some(Misfit::Lithium)
        } else if differs(self.is_insured, facts.is_insured) {
            Some(Misfit::Insurance)
        } else if self.is_elsewhere(facts) {
            Some(Misfit::Country)
        } else {
            self.misfit_of_prepaid_tax(facts)
        }
    }

    fn is_elsewhere(&self, facts: &Facts<'_>) -> bool {
        let excludes =
            |excluded: Option<Countries>, country| excluded.is_some_and(|set| set.contains(country));
        !self.from.contains(facts.origin)
            || !self.to.contains(facts.destination)
            || excludes(self.not_from, facts.origin)
            || excludes(self.not_to, facts.destination)
    }

    fn misfit_of_prepaid_tax(&self, facts: &Facts<'_>) -> Option<Misfit> {
        let scheme = facts.declaration.prepaid_tax.map(|tax| tax.scheme);
        let lacks = self.prepaid.as_deref().is_some_and(|wanted| scheme != Some(wanted));
        let has = self.not_prepaid.as_deref().is_some_and(|unwanted| scheme == Some(unwanted));
        (lacks || has).then_some(Misfit::Prepaid)
    }
}

/// No name excludes nothing, where elsewhere it means every country.
fn excluded(
    names: &[String],
    countries: &mut impl FnMut(&[String]) -> Result<Countries, String>,
) -> Result<Option<Countries>, String> {
    if names.is_empty() { Ok(None) } else { countries(names).map(Some) }
}

fn natures() -> impl Iterator<Item = Nature> {
    Nature::ALL.iter().copied()
}

fn nature_name(nature: Nature) -> &'static str {
    match nature {
        Nature::Sale => "sale",
        Nature::Returned => "returned",
        Nature::Gift => "gift",
        Nature::Sample => "sample",
        Nature::Documents => "documents",
        Nature::Other => "other",
    }
}

fn mask(names: &[String], position: impl Fn(&str) -> Option<usize>) -> Result<u8, String> {
    let mut mask = 0;
    for name in names {
        mask |= 1 << position(name).ok_or_else(|| format!("`{name}` is not known here"))?;
    }
    Ok(mask)
}
