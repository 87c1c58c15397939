//! National Bank of the Kyrgyz Republic: `CurrencyRates[@Date] > Currency[@ISOCode]` with `Nominal` and `Value` (a comma
//! before the decimals), soms. `daily.xml` has four currencies, `weekly.xml` the others.
//!
//! The shape is that which public clients of nbkr.kg read; no description of the bank itself was found.

use super::gather::Gather;
use super::text::Text;
use super::xml::{Daily, Element};

const DAILY: Daily = Daily {
    root: "CurrencyRates",
    rate: "Currency",
    currency: |rate: &Element| rate.attribute("ISOCode"),
    counter: "KGS",
};

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    DAILY.read(text, gather);
}
