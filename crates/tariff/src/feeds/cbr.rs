//! Bank of Russia: `ValCurs[@Date] > Valute` with `CharCode`, `Nominal` and `Value` (a comma before the decimals), in
//! windows-1251. `VunitRate`, the same by the unit, is rounded and not read.

use super::gather::Gather;
use super::text::Text;
use super::xml::{Daily, Element};

const DAILY: Daily = Daily {
    root: "ValCurs",
    rate: "Valute",
    currency: |rate: &Element| rate.text_of("CharCode"),
    counter: "RUB",
};

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    DAILY.read(text, gather);
}
