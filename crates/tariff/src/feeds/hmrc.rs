//! HM Revenue and Customs: `exchangeRateMonthList[@Period] > exchangeRate` with `currencyCode` and `rateNew`, units to the
//! pound. The file says for which days; a currency stands once for every country that has it.

use super::gather::{Gather, Written};
use super::text::Text;
use super::xml;

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    const EXPECTED: &str = "exchangeRateMonthList";
    let root = match xml::parse(&text.text) {
        Ok(root) if root.name == EXPECTED => root,
        Ok(root) => return gather.unreadable(root.at, EXPECTED),
        Err(at) => return gather.unreadable(at, EXPECTED),
    };
    let period = root.attribute("Period").unwrap_or_default();
    let (first, last) = period.split_once(" to ").unwrap_or((period, ""));
    let days = [first, last].map(|day| gather.date(root.at, day, "%d/%b/%Y"));
    let [Some(on), Some(to)] = days else { return };
    if to < on {
        return gather.unreadable(root.at, EXPECTED);
    }
    for rate in root.all("exchangeRate") {
        gather.rate(Written {
            at: rate.at,
            currency: "GBP",
            units: None,
            value: rate.text_of("rateNew").unwrap_or_default(),
            counter: rate.text_of("currencyCode").unwrap_or_default(),
            days: (on, Some(to)),
        });
    }
}
