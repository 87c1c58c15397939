//! Where and when a row applies: sets of countries, and conditions on the item.

use caravan_postal::{Country, Currency, MailClass, Money, Nature, Ratio};

use super::goods::Goods;
use super::misfit::Misfit;
use super::raw::RawCondition;
use super::regime::base;
use crate::facts::Facts;
use crate::{Options, Transport};

/// A set of countries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Countries {
    /// Every country, also an unknown one.
    Any,
    /// Those whose bit is set, by [`Country::ordinal`].
    Some([u64; 11]),
}

/// What an item must be like for a row to apply.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    /// The traits that an item may not have.
    unwanted: Traits,
    /// Whether it asks for anything but traits, of what an item must be like by itself.
    asks_more: bool,
    /// `None` where every country will do.
    places: Option<Box<Places>>,
    prepaid: Option<Box<str>>,
    not_prepaid: Option<Box<str>>,
    /// `None` where any goods, weight, region and papers will do.
    goods: Option<Box<Goods>>,
    /// The readings under which the row applies, all of them.
    pub(crate) readings: Vec<ReadingChoice>,
    /// What the caller holds against amounts.
    pub(crate) thresholds: Vec<Limit>,
}

/// An amount that something is held against.
#[derive(Debug, Clone)]
pub(crate) struct Limit {
    pub(crate) of: Measured,
    /// Whether what is measured must be above the amount; else it may at most reach it.
    pub(crate) is_above: bool,
    pub(crate) figure: Figure,
}

/// What is held against an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measured {
    /// The item: parts of a base, as bits.
    Item(u8),
    /// Every single article.
    Article,
}

/// An amount of a row: its own, or a share of one that another row sets from day to day.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Figure {
    /// Its own.
    Fixed(Threshold),
    /// A factor of a named amount, by its place among the names.
    Named { name: u16, factor: Ratio },
}

/// An amount that values are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Threshold {
    /// As it is shown.
    pub(crate) money: Money,
    /// As it is compared, in major units.
    pub(crate) exact: Ratio,
}

/// From and to where an item must go.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Places {
    from: Countries,
    to: Countries,
    not_from: Option<Countries>,
    not_to: Option<Countries>,
}

/// A set of traits, as bits. An item has one trait of each group; a condition asks for all groups at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Traits(u32);

/// The traits of one thing that conditions ask about.
struct Group {
    /// Its lowest bit; the groups stand in the order in which a misfit is told.
    at: u32,
    width: u32,
    why: Misfit,
}

/// One bit each, and one for an item that does not say.
const NATURES: Group = Group { at: 0, width: 7, why: Misfit::Nature };
/// One bit each, and one for an item that does not say.
const CLASSES: Group = Group { at: 7, width: 5, why: Misfit::Class };
const MODES: Group = Group { at: 12, width: 3, why: Misfit::Mode };
/// Two bits from here on: is not, is.
const GIFT: Group = Group { at: 15, width: 2, why: Misfit::Gift };
const SENDER: Group = Group { at: 17, width: 2, why: Misfit::Sender };
const ADDRESSEE: Group = Group { at: 19, width: 2, why: Misfit::Addressee };
const DOCUMENTS: Group = Group { at: 21, width: 2, why: Misfit::Documents };
const LITHIUM: Group = Group { at: 23, width: 2, why: Misfit::Lithium };
const INSURANCE: Group = Group { at: 25, width: 2, why: Misfit::Insurance };
const GROUPS: [Group; 9] = [NATURES, CLASSES, MODES, GIFT, SENDER, ADDRESSEE, DOCUMENTS, LITHIUM, INSURANCE];

/// Why an item with an unwanted trait does not fit, by the bit of the trait.
const REASONS: [Misfit; u32::BITS as usize] = {
    let mut reasons = [Misfit::Insurance; u32::BITS as usize];
    let mut group = 0;
    while group < GROUPS.len() {
        let mut bit = 0;
        while bit < GROUPS[group].width {
            reasons[(GROUPS[group].at + bit) as usize] = GROUPS[group].why;
            bit += 1;
        }
        group += 1;
    }
    reasons
};

const _: () = assert!(
    Nature::ALL.len() < NATURES.width as usize
        && MailClass::ALL.len() < CLASSES.width as usize
        && Transport::ALL.len() <= MODES.width as usize,
    "every trait has its bit"
);

/// The reading under which a row applies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadingChoice {
    /// Its place in the table.
    pub(crate) reading: u16,
    pub(crate) id: Box<str>,
    pub(crate) choice: Box<str>,
    pub(crate) is_default: bool,
}

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
            (Self::Some(_), Some(country)) => self.holds(usize::from(country.ordinal())),
        }
    }

    /// Returns whether the country of an ordinal is in the set.
    pub(super) fn holds(&self, ordinal: usize) -> bool {
        match self {
            Self::Any => true,
            Self::Some(bits) => bits[ordinal / 64] >> (ordinal % 64) & 1 == 1,
        }
    }
}

impl Condition {
    /// Compiles what a row says about the item.
    pub(crate) fn compile(
        raw: &RawCondition,
        mut countries: impl FnMut(&[String]) -> Result<Countries, String>,
        figure: impl Fn(&str) -> Result<Figure, String>,
        readings: Vec<ReadingChoice>,
    ) -> Result<Self, String> {
        let natures = mask(&raw.natures, |text| natures().position(|nature| nature_name(nature) == text))?;
        let classes = mask(&raw.classes, |text| MailClass::parse(text).map(|class| class as usize))?;
        let modes = mask(&raw.modes, |text| Transport::ALL.iter().position(|mode| mode.as_str() == text))?;
        let unwanted = [
            NATURES.all_but(natures),
            CLASSES.all_but(classes),
            MODES.all_but(modes),
            GIFT.all_but(wanted(raw.is_gift)),
            SENDER.all_but(wanted(raw.is_business_sender)),
            ADDRESSEE.all_but(wanted(raw.is_business_addressee)),
            DOCUMENTS.all_but(wanted(raw.is_documents)),
            LITHIUM.all_but(wanted(raw.is_lithium_agreed)),
            INSURANCE.all_but(wanted(raw.is_insured)),
        ];
        let places = Places {
            from: countries(&raw.from)?,
            to: countries(&raw.to)?,
            not_from: excluded(&raw.not_from, &mut countries)?,
            not_to: excluded(&raw.not_to, &mut countries)?,
        };
        let places = (places != Places::ANY).then(|| Box::new(places));
        let goods = Goods::compile(raw, &mut countries)?.map(Box::new);
        let asks_prepaid_tax = raw.prepaid.is_some() || raw.not_prepaid.is_some();
        Ok(Self {
            unwanted: Traits(unwanted.into_iter().fold(0, std::ops::BitOr::bitor)),
            asks_more: places.is_some() || goods.is_some() || asks_prepaid_tax,
            places,
            prepaid: raw.prepaid.as_deref().map(Box::from),
            not_prepaid: raw.not_prepaid.as_deref().map(Box::from),
            goods,
            readings,
            thresholds: thresholds(raw, figure)?,
        })
    }

    /// Returns whether a code would decide where a piece has none.
    pub(crate) fn is_undecided(&self, facts: &Facts<'_>) -> bool {
        self.goods.as_ref().is_some_and(|goods| goods.asks_codes()) && facts.lacks_code()
    }

    /// Returns whether the row applies under some choice of a reading only, by the reading's place in the table.
    pub(crate) fn asks_reading(&self, reading: u16) -> bool {
        self.readings.iter().any(|choice| choice.reading == reading)
    }

    /// Returns what does not fit; thresholds of value and readings are the caller's.
    #[inline]
    pub(crate) fn misfit(&self, facts: &Facts<'_>) -> Option<Misfit> {
        let unwanted = facts.traits.0 & self.unwanted.0;
        if unwanted == 0 && !self.asks_more { None } else { self.misfit_of(unwanted, facts) }
    }

    /// Returns the first unwanted trait, or else what does not fit beside traits.
    fn misfit_of(&self, unwanted: u32, facts: &Facts<'_>) -> Option<Misfit> {
        if unwanted != 0 {
            return Some(REASONS[unwanted.trailing_zeros() as usize]);
        }
        if self.places.as_ref().is_some_and(|places| !places.hold(facts)) {
            return Some(Misfit::Country);
        }
        self.misfit_of_prepaid_tax(facts).or_else(|| self.goods.as_ref()?.misfit(facts))
    }

    fn misfit_of_prepaid_tax(&self, facts: &Facts<'_>) -> Option<Misfit> {
        let scheme = facts.prepaid;
        let lacks = self.prepaid.as_deref().is_some_and(|wanted| scheme != Some(wanted));
        let has = self.not_prepaid.as_deref().is_some_and(|unwanted| scheme == Some(unwanted));
        (lacks || has).then_some(Misfit::Prepaid)
    }
}

impl ReadingChoice {
    /// Returns whether it is the reading in use: the station's, or else the table's default.
    pub(crate) fn is_chosen(&self, options: &Options) -> bool {
        let chosen = options.readings.iter().find(|chosen| chosen.id == *self.id);
        chosen.map_or(self.is_default, |chosen| chosen.choice == *self.choice)
    }
}

impl Threshold {
    pub(crate) fn of(money: Money) -> Self {
        Self { money, exact: money.major() }
    }

    pub(crate) fn currency(self) -> Currency {
        self.money.currency
    }
}

impl Places {
    const ANY: Self = Self { from: Countries::Any, to: Countries::Any, not_from: None, not_to: None };

    fn hold(&self, facts: &Facts<'_>) -> bool {
        let excludes = |excluded: &Option<Countries>, country| {
            excluded.as_ref().is_some_and(|set| set.contains(country))
        };
        self.from.contains(facts.origin)
            && self.to.contains(facts.destination)
            && !excludes(&self.not_from, facts.origin)
            && !excludes(&self.not_to, facts.destination)
    }
}

impl Traits {
    /// Returns the traits of an item.
    pub(crate) fn of(facts: &Facts<'_>) -> Self {
        let nature = facts.declaration.nature.map_or(Nature::ALL.len(), |nature| nature as usize);
        let class = facts.class.map_or(MailClass::ALL.len(), |class| class as usize);
        Self(
            NATURES.bit(nature)
                | CLASSES.bit(class)
                | MODES.bit(facts.mode as usize)
                | GIFT.bit(facts.is_gift.into())
                | SENDER.bit(facts.is_business_sender.into())
                | ADDRESSEE.bit(facts.is_business_addressee.into())
                | DOCUMENTS.bit(facts.is_documents.into())
                | LITHIUM.bit(facts.is_lithium_agreed.into())
                | INSURANCE.bit(facts.is_insured.into()),
        )
    }
}

impl Group {
    const fn bits(&self) -> u32 {
        ((1 << self.width) - 1) << self.at
    }

    /// Returns the bit of one trait of the group.
    const fn bit(&self, index: usize) -> u32 {
        1 << self.at << index & self.bits()
    }

    /// Returns the traits that are not wanted; where none is named, every one is.
    fn all_but(&self, wanted: u8) -> u32 {
        if wanted == 0 { 0 } else { self.bits() & !(u32::from(wanted) << self.at) }
    }
}

fn thresholds(
    raw: &RawCondition,
    figure: impl Fn(&str) -> Result<Figure, String>,
) -> Result<Vec<Limit>, String> {
    let counts = if raw.counts.is_empty() { base::VALUE } else { base::parse(&raw.counts)? };
    if counts & !(base::VALUE | base::POSTAGE) != 0 {
        return Err("`counts` takes `value` and `postage` only".to_owned());
    }
    let mut limits = Vec::new();
    for (text, of, is_above) in [
        (&raw.value_above, Measured::Item(counts), true),
        (&raw.value_to, Measured::Item(counts), false),
        (&raw.article_above, Measured::Article, true),
        (&raw.article_to, Measured::Article, false),
    ] {
        let Some(text) = text else { continue };
        limits.push(Limit { of, is_above, figure: figure(text)? });
    }
    if !raw.counts.is_empty() && !limits.iter().any(|limit| limit.of == Measured::Item(counts)) {
        return Err("`counts` without `value_to` or `value_above`".to_owned());
    }
    Ok(limits)
}

/// Returns the bit of what a condition wants to be or not to be.
fn wanted(is: Option<bool>) -> u8 {
    is.map_or(0, |is| 1 << u8::from(is))
}

/// No name excludes nothing, where elsewhere it means every country.
pub(super) fn excluded(
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
