//! Regimes, charges and what they need, compiled: by country, in the order of decision.

use std::ops::Range;

use caravan_postal::{Country, Currency, Grams, Money, Ratio, Rounding};

use super::article::HsPrefix;
use super::goods::Regions;
use super::ordinal;
use super::row::Row;
use super::rows::Rows;
use super::schedule::Schedules;
use super::scope::{Condition, Countries, Figure, ReadingChoice, Threshold};
use crate::ChargeKind;
use crate::rates::Authority;

/// All regimes and charges.
#[derive(Debug, Default)]
pub(crate) struct Regimes {
    /// Who publishes exchange rates.
    pub(crate) authorities: Vec<Authority>,
    pub(crate) rows: Vec<Regime>,
    /// Regimes of each country, by [`super::ordinal`], in the order of decision.
    pub(crate) by_country: Vec<Vec<u16>>,
    /// Readings under which a regime of a country stands, by [`super::ordinal`] and their place in the table.
    pub(crate) readings_by_country: Vec<Vec<u16>>,
    pub(crate) conversions: Rows<Conversion>,
    /// Rates of tax of each country, by [`super::ordinal`].
    pub(crate) vat: Vec<Vec<Vat>>,
    pub(crate) waivers: Vec<Waiver>,
    pub(crate) amounts: Vec<NamedAmount>,
    pub(crate) schedules: Schedules,
    pub(crate) entries: Rows<Entry>,
    pub(crate) personal_articles: Vec<PersonalArticle>,
    pub(crate) pricings: Vec<Pricing>,
}

impl Regimes {
    /// Returns the regimes of a country, in the order of decision.
    pub(crate) fn of_country(&self, country: Country) -> impl Iterator<Item = &Regime> {
        self.by_country[ordinal(country)].iter().map(|at| &self.rows[usize::from(*at)])
    }
}

/// One way in which a destination takes an item.
#[derive(Debug)]
pub(crate) struct Regime {
    pub(crate) row: Row,
    pub(crate) when: Condition,
    /// What it charges: duty and excise first, then tax, then fees.
    pub(crate) charges: Vec<Charge>,
    /// Whether it is known that it charges nothing.
    pub(crate) is_free: bool,
    /// At which share the goods' value counts, in thresholds and bases.
    pub(crate) value_share: Option<Ratio>,
    /// The word of the trade for the period of which its limit is one, `@per-month`.
    pub(crate) limit_per: Option<Box<str>>,
    /// Readings under which one of its charges stands, by their place in the table.
    pub(crate) readings: Vec<u16>,
    /// By reading: the charges that a choice of it can change, from the first kind of which one stands under it to the
    /// last.
    pub(crate) touched: Vec<Range<usize>>,
    /// Schemes of prepaid tax that show that what is due was paid; empty where nobody asks.
    pub(crate) asks_prepayment: Vec<Box<str>>,
}

/// What a regime charges.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) kind: ChargeKind,
    pub(crate) formula: Formula,
    /// What it stands on, as bits of [`base`].
    pub(crate) base: u8,
    /// Only what lies above it is in the base.
    pub(crate) free: Option<Figure>,
    /// Only these lines are charged.
    pub(crate) lines: Lines,
    /// Only when a charge of one of these kinds is due; empty where it stands by itself.
    pub(crate) needs: Vec<ChargeKind>,
    /// It is at least this.
    pub(crate) least: Option<Figure>,
    /// It is at most this.
    pub(crate) most: Option<Figure>,
    /// Nothing is due up to this amount, it included.
    pub(crate) waived_to: Option<Figure>,
    /// Nothing is due below this amount.
    pub(crate) waived_below: Option<Figure>,
    pub(crate) rounding: Rounding,
    pub(crate) when: Condition,
}

impl Charge {
    /// Returns whether a choice of a reading, by its place in the table, can change the charge.
    pub(crate) fn may_change_by(&self, reading: u16) -> bool {
        matches!(self.formula, Formula::Personal) || self.when.asks_reading(reading)
    }
}

/// Which lines a charge is for; what is empty asks nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) only_hs: Vec<HsPrefix>,
    pub(crate) except_hs: Vec<HsPrefix>,
    pub(crate) only_origins: Option<Countries>,
    pub(crate) except_origins: Option<Countries>,
    /// Only lines of which a single article is worth more: what lies below has a relief of its own.
    pub(crate) article_above: Option<Figure>,
}

/// How a charge is reckoned.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    /// The larger of a rate on the value over a free value, and an amount per kilogram over a free weight.
    Excess(Box<Excess>),
    /// A rate on the base, at least an amount per kilogram of gross weight.
    AdValorem { rate: Ratio, per_kilogram: Option<Figure> },
    /// The destination's rate of a tax on the base.
    Vat { tax: u16 },
    /// The rates of duty of a schedule, on the value or on the value and its share of the postage.
    ByCode { schedule: u16 },
    /// An amount for each line that counts as an item of its own.
    PerItem { amount: Figure, key: LineKey },
    /// An amount for the whole.
    Fixed { amount: Figure },
    /// An amount for each kilogram of gross weight.
    PerKilogram { amount: Figure },
    /// An amount by what something comes to.
    Tiers(Box<Tiers>),
    /// A share of tax and excise together, excise being part of the price: share × (tax + e) / (1 − e).
    Combined { share: Ratio, tax: u16, excise: u16 },
    /// The table of personal articles.
    Personal,
    /// Something that is due and not known.
    Unknown,
}

/// What is free and what a kilogram costs, of a charge on the excess.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Excess {
    pub(crate) rate: Ratio,
    pub(crate) free: Figure,
    pub(crate) free_weight: Grams,
    pub(crate) per_kilogram: Figure,
    pub(crate) on: PerKilogramOn,
}

/// Amounts by steps.
#[derive(Debug, Clone)]
pub(crate) struct Tiers {
    pub(crate) of: TierOf,
    pub(crate) tiers: Vec<Tier>,
}

/// What goes by steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TierOf {
    /// The base.
    Value,
    /// The gross weight.
    Weight,
    /// The highest rate of a schedule for any line.
    Rate(u16),
}

/// One step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tier {
    /// Where it ends, and whether the end belongs to it; the last has none.
    pub(crate) end: Option<(Bound, bool)>,
    pub(crate) amount: Figure,
}

/// The end of a step.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// An amount.
    Money(Figure),
    /// A weight.
    Weight(Grams),
    /// A rate.
    Rate(Ratio),
}

/// Parts of a base, as bits.
pub(crate) mod base {
    /// The value of the goods.
    pub(crate) const VALUE: u8 = 1;
    /// Postage paid by the sender.
    pub(crate) const POSTAGE: u8 = 2;
    /// The duty.
    pub(crate) const DUTY: u8 = 4;
    /// The excise.
    pub(crate) const EXCISE: u8 = 8;
    /// Taxes.
    pub(crate) const TAX: u8 = 16;
    /// What is due already.
    pub(crate) const DUE: u8 = DUTY | EXCISE | TAX;

    /// Reads names of parts. Duty stands for duty and excise, as laws on value-added tax have it.
    pub(crate) fn parse(names: &[String]) -> Result<u8, String> {
        let bit = |name: &String| match name.as_str() {
            "value" => Ok(VALUE),
            "postage" => Ok(POSTAGE),
            "duty" => Ok(DUTY | EXCISE),
            "excise" => Ok(EXCISE),
            "tax" => Ok(TAX),
            other => Err(format!("`{other}` is not part of a base")),
        };
        names.iter().map(bit).try_fold(0, |mask, bit| bit.map(|bit| mask | bit))
    }
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
    /// How many digits of the commodity code count; none where it does not.
    pub(crate) digits: u8,
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
    /// To how many decimals the customs value is rounded before anything is reckoned on it; exact where `None`.
    pub(crate) value_decimals: Option<u32>,
}

/// A rate of value-added tax, or of another tax that goes by the goods.
#[derive(Debug, Clone)]
pub(crate) struct Vat {
    pub(crate) row: Row,
    /// Its place among the names of taxes.
    pub(crate) tax: u16,
    /// The goods of this rate; empty for all others.
    pub(crate) hs: Vec<HsPrefix>,
    pub(crate) except_hs: Vec<HsPrefix>,
    /// The regions of this rate; empty for all others.
    pub(crate) regions: Regions,
    pub(crate) unit_value_from: Option<Money>,
    pub(crate) gram_value_from: Option<Money>,
    /// `None` where the rate is not known.
    pub(crate) rate: Option<Ratio>,
    /// Rates that exist beside it, for goods that the tables do not list.
    pub(crate) others: Vec<Ratio>,
    /// Goods of which some usually have another of the rates: on them this one is not confirmed.
    pub(crate) others_hs: Vec<HsPrefix>,
}

/// Charges of one kind that are only collected from an amount on.
#[derive(Debug)]
pub(crate) struct Waiver {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) kind: ChargeKind,
    pub(crate) end: Figure,
    /// Whether an amount that reaches the end is waived as well.
    pub(crate) is_end_waived: bool,
}

/// An amount that a law names and another sets from day to day.
#[derive(Debug)]
pub(crate) struct NamedAmount {
    pub(crate) name: Box<str>,
    /// One row a period; without an amount where it is not known.
    pub(crate) rows: Vec<(Row, Option<Threshold>)>,
}

/// By which set of data customs takes an item; in the order in which rows are tried.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) row: Row,
    pub(crate) countries: Countries,
    pub(crate) order: u16,
    pub(crate) set: Box<str>,
    pub(crate) when: Condition,
}

/// A rule that can be read in two ways.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) row: Row,
    pub(crate) choices: Vec<Box<str>>,
    pub(crate) default: Box<str>,
    /// It asks for a fact of one item, which an extra field of its declaration may answer.
    pub(crate) is_of_item: bool,
    /// A field of a format that says the same: `tradeMode`.
    pub(crate) answered_by: Option<Box<str>>,
}

/// A personal article with its rate; rows are in the order in which they are tried.
#[derive(Debug)]
pub(crate) struct PersonalArticle {
    pub(crate) row: Row,
    pub(crate) country: Country,
    /// `None` where it is not known.
    pub(crate) rate: Option<Ratio>,
    pub(crate) readings: Vec<ReadingChoice>,
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
