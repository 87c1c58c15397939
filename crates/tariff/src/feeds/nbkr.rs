//! National Bank of the Kyrgyz Republic: `CurrencyRates[@Date] > Currency[@ISOCode]` with `Nominal` and `Value` (a comma
//! before the decimals), soms. `daily.xml` has four currencies, `weekly.xml` the others.
//!
//! The shape is that which public clients of nbkr.kg read; no description of the bank itself was found.

use super::gather::{Gather, Written};
use super::text::Text;
use super::xml;

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    const EXPECTED: &str = "CurrencyRates";
    let root = match xml::parse(&text.text) {
        Ok(root) if root.name == EXPECTED => root,
        Ok(root) => return gather.unreadable(root.at, EXPECTED),
        Err(at) => return gather.unreadable(at, EXPECTED),
    };
    let date = root.attribute("Date").unwrap_or_default();
    let Some(on) = gather.date(root.at, date, "%d.%m.%Y") else { return };
    for rate in root.all("Currency") {
        gather.rate(Written {
            at: rate.at,
            currency: rate.attribute("ISOCode").unwrap_or_default(),
            units: rate.text_of("Nominal"),
            value: rate.text_of("Value").unwrap_or_default(),
            counter: "KGS",
            days: (on, None),
        });
    }
}
