//! Regimes, charges and what they need, compiled: by country, in the order of decision.

use caravan_postal::{Country, Currency, Grams, Money, Ratio, Rounding};

use super::article::HsPrefix;
use super::nomenclature::Schedule;
use super::row::Row;
use super::scope::{Condition, Countries, Threshold};
use crate::ChargeKind;
use crate::rates::Authority;
use crate::trace::Amount;

/// All regimes and charges.
#[derive(Debug, Default)]
pub(crate) struct Regimes {
    pub(crate) rows: Vec<Regime>,
    /// Regimes of each country, by [`super::ordinal`], in the order of decision.
    pub(crate) by_country: Vec<Vec<u16>>,
    pub(crate) conversions: Vec<Conversion>,
    pub(crate) vat: Vec<Vat>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) personal_articles: Vec<PersonalArticle>,
    pub(crate) pricings: Vec<Pricing>,
}

/// One way in which a destination takes an item.
#[derive(Debug)]
pub(crate) struct Regime {
    pub(crate) row: Row,
    pub(crate) when: Condition,
    /// What it charges: duty and excise first, then tax, then fees.
    pub(crate) charges: Vec<Charge>,
}

/// What a regime charges.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) kind: ChargeKind,
    pub(crate) formula: Formula,
    /// Only lines with such codes are charged.
    pub(crate) only_hs: Vec<HsPrefix>,
    /// Only when a charge of this kind is due.
    pub(crate) needs: Option<ChargeKind>,
    /// Nothing is due up to this amount, it included.
    pub(crate) waived_to: Option<Threshold>,
    /// Nothing is due below this amount.
    pub(crate) waived_below: Option<Threshold>,
    pub(crate) rounding: Rounding,
    pub(crate) when: Condition,
}

/// How a charge is reckoned.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    /// The larger of a rate on the value over a free value, and an amount per kilogram over a free weight.
    Excess(Excess),
    /// A rate on a base, at least an amount per kilogram of gross weight.
    AdValorem { rate: Ratio, base: u8, per_kilogram: Option<Amount> },
    /// The destination's rate of value-added tax on a base.
    Vat { base: u8 },
    /// The rates of duty by commodity code, on the value or on the value and its share of the postage.
    ByCode { schedule: Schedule, base: u8 },
    /// An amount for each line that counts as an item of its own.
    PerItem { amount: Amount, key: LineKey },
    /// An amount for the whole.
    Fixed { amount: Amount },
    /// The table of personal articles.
    Personal,
    /// Something that is due and not known.
    Unknown,
}

/// What is free and what a kilogram costs, of a charge on the excess.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Excess {
    pub(crate) rate: Ratio,
    pub(crate) free: Amount,
    pub(crate) free_weight: Grams,
    pub(crate) per_kilogram: Amount,
    pub(crate) on: PerKilogramOn,
}

/// Parts of a base, as bits.
pub(crate) mod base {
    /// The value of the goods.
    pub(crate) const VALUE: u8 = 1;
    /// Postage paid by the sender.
    pub(crate) const POSTAGE: u8 = 2;
    /// The duty.
    pub(crate) const DUTY: u8 = 4;
}

/// On what an amount per kilogram is reckoned once the weight or the value is over the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PerKilogramOn {
    /// On what lies over the free weight.
    Excess,
    /// On the whole weight.
    Whole,
}

/// What makes two lines one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LineKey {
    pub(crate) classification: bool,
    pub(crate) description: bool,
    pub(crate) origin: bool,
}

/// In which money a country reckons, at whose rates.
#[derive(Debug)]
pub(crate) struct Conversion {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) authority: Authority,
    pub(crate) currency: Currency,
    /// How many decimals a payable amount has.
    pub(crate) decimals: u32,
}

/// A standard rate of value-added tax.
#[derive(Debug)]
pub(crate) struct Vat {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) rate: Ratio,
}

/// A charge that is only collected from an amount on.
#[derive(Debug)]
pub(crate) struct Waiver {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) kind: ChargeKind,
    pub(crate) below: Threshold,
}

/// A rule that can be read in two ways.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) row: Row,
    pub(crate) choices: Vec<Box<str>>,
    pub(crate) default: Box<str>,
}

/// A personal article with its rate, its code being the article of its source; rows are in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct PersonalArticle {
    pub(crate) row: Row,
    pub(crate) country: Country,
    pub(crate) rate: Ratio,
    pub(crate) hs: Vec<HsPrefix>,
    /// Whether it has words in the lexicon; a row with neither codes nor words takes what is left.
    pub(crate) has_words: bool,
    pub(crate) list_price: Option<(Money, PricedPer)>,
    pub(crate) unit_value_from: Option<Money>,
    pub(crate) gram_value_from: Option<Money>,
}

/// What a list price is the price of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PricedPer {
    /// A kilogram.
    Kilogram,
    /// A unit: a bottle, a piece.
    Unit,
}

/// Which price customs taxes.
#[derive(Debug)]
pub(crate) struct Pricing {
    pub(crate) row: Row,
    pub(crate) country: Country,
    pub(crate) price: Price,
}

/// A price of a personal article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Price {
    /// The price that was paid.
    Actual,
    /// The list price, unless the price that was paid is at least double or at most half of it.
    ListUnlessFar,
}
