//! Bank of Russia: `ValCurs[@Date] > Valute` with `CharCode`, `Nominal` and `Value` (a comma before the decimals), in
//! windows-1251. `VunitRate`, the same by the unit, is rounded and not read.

use super::gather::{Gather, Written};
use super::text::Text;
use super::xml;

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    const EXPECTED: &str = "ValCurs";
    let root = match xml::parse(&text.text) {
        Ok(root) if root.name == EXPECTED => root,
        Ok(root) => return gather.unreadable(root.at, EXPECTED),
        Err(at) => return gather.unreadable(at, EXPECTED),
    };
    let date = root.attribute("Date").unwrap_or_default();
    let Some(on) = gather.date(root.at, date, "%d.%m.%Y") else { return };
    for rate in root.all("Valute") {
        gather.rate(Written {
            at: rate.at,
            currency: rate.text_of("CharCode").unwrap_or_default(),
            units: rate.text_of("Nominal"),
            value: rate.text_of("Value").unwrap_or_default(),
            counter: "RUB",
            days: (on, None),
        });
    }
}
