//! The arithmetic behind a charge, as data: what was taken, converted, reckoned and rounded, in order.
//!
//! A trace holds figures and names, never a sentence; [`crate::Explanation`] turns it into text.

use std::sync::Arc;

use caravan_postal::{Currency, Grams, Money, Ratio, Rounding};
use chrono::NaiveDate;

use crate::RowId;
use crate::assessment::named;

/// One step on the way to an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A figure of the declaration or of a table row.
    Take {
        /// What the figure is.
        what: What,
        /// The content piece it belongs to, counted from 1.
        piece: Option<u16>,
        /// The figure.
        quantity: Quantity,
    },
    /// Another row that the amount stands on: a rate of tax, a list of duties, a personal article.
    Stand {
        /// The content piece it is for, counted from 1.
        piece: Option<u16>,
        /// The row.
        row: RowId,
    },
    /// How a rule was read that can be read in two ways.
    Read {
        /// The reading.
        reading: RowId,
        /// The choice that was made.
        choice: Box<str>,
    },
    /// An amount in another currency.
    Convert {
        /// The amount before.
        from: Amount,
        /// The amount after, exact.
        to: Amount,
        /// The published rate.
        rate: Quotation,
    },
    /// Two figures become one.
    Reckon {
        /// What the result is.
        what: What,
        /// How.
        operation: Operation,
        /// The first figure.
        left: Quantity,
        /// The second figure.
        right: Quantity,
        /// The result, exact.
        result: Quantity,
    },
    /// The exact amount becomes a payable one.
    Round {
        /// The exact amount.
        from: Amount,
        /// The payable amount.
        to: Money,
        /// In which direction.
        rounding: Rounding,
    },
}

/// An exact amount in major units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The amount in major units.
    pub exact: Ratio,
    /// The currency.
    pub currency: Currency,
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// An amount of money.
    Money(Amount),
    /// A weight.
    Weight(Grams),
    /// A number of things.
    Count(u32),
    /// A rate: 15 % is 3/20.
    Rate(Ratio),
}

/// What two figures do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Left plus right.
    Add,
    /// Left minus right, down to zero.
    Subtract,
    /// Left times right; a weight counts in kilograms.
    Multiply,
    /// The larger of both.
    Larger,
    /// The smaller of both.
    Smaller,
}

/// What a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The declared value of a piece.
    PieceValue,
    /// The declared value of all pieces.
    Value,
    /// Postage and fees paid.
    Postage,
    /// The gross weight.
    GrossWeight,
    /// The net weight of a piece.
    NetWeight,
    /// The units of a piece.
    Units,
    /// The value that is free of charge.
    FreeValue,
    /// The weight that is free of charge.
    FreeWeight,
    /// What lies over the free value.
    ExcessValue,
    /// What lies over the free weight.
    ExcessWeight,
    /// The part that falls on a piece.
    Share,
    /// The sum on which a rate is applied.
    Base,
    /// The rate of duty of a piece.
    DutyRate,
    /// The rate of tax.
    TaxRate,
    /// The rate of the row.
    Rate,
    /// An amount per kilogram.
    PerKilogram,
    /// An amount per item.
    PerItem,
    /// How many lines count as an item of their own.
    Items,
    /// The duty reckoned by value.
    ByValue,
    /// The duty reckoned by weight.
    ByWeight,
    /// The price that customs lists for the article.
    ListPrice,
    /// The price on which customs taxes the article.
    TaxablePrice,
    /// The duty.
    Duty,
    /// The tax.
    Tax,
    /// The fee.
    Fee,
    /// The excise.
    Excise,
    /// The sum so far.
    Sum,
    /// A rate that exists beside the one applied, for goods that the tables do not list.
    OtherRate,
    /// A share of an amount that another row sets.
    NamedAmount,
}

/// A published exchange rate: `units` of `currency` are `value` of `counter`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotation {
    /// Who published it, by the short name of the rate file: `ecb`.
    pub authority: Arc<str>,
    /// The quoted currency.
    pub currency: Currency,
    /// How many units of it are quoted.
    pub units: u32,
    /// What they are worth.
    pub value: Ratio,
    /// In which currency.
    pub counter: Currency,
    /// The first day on which the rate holds.
    pub valid_from: NaiveDate,
    /// The last day on which the rate holds, when it is known.
    pub valid_to: Option<NaiveDate>,
    /// Where it was published.
    pub source: Arc<str>,
    /// Whether nobody published it, so that the program can be tried: what stands on it is not confirmed.
    pub is_example: bool,
}

named!(Operation { Add = "add", Subtract = "subtract", Multiply = "multiply", Larger = "larger", Smaller = "smaller" });
named!(What {
    PieceValue = "piece-value",
    Value = "value",
    Postage = "postage",
    GrossWeight = "gross-weight",
    NetWeight = "net-weight",
    Units = "units",
    FreeValue = "free-value",
    FreeWeight = "free-weight",
    ExcessValue = "excess-value",
    ExcessWeight = "excess-weight",
    Share = "share",
    Base = "base",
    DutyRate = "duty-rate",
    TaxRate = "tax-rate",
    Rate = "rate",
    PerKilogram = "per-kilogram",
    PerItem = "per-item",
    Items = "items",
    ByValue = "by-value",
    ByWeight = "by-weight",
    ListPrice = "list-price",
    TaxablePrice = "taxable-price",
    Duty = "duty",
    Tax = "tax",
    Fee = "fee",
    Excise = "excise",
    Sum = "sum",
    OtherRate = "other-rate",
    NamedAmount = "named-amount",
});

impl Amount {
    /// Returns the exact amount of money.
    pub fn of(money: Money) -> Self {
        Self { exact: money.major(), currency: money.currency }
    }
}
