//! Central Bank of Uzbekistan: a JSON array of objects with `Ccy`, `Nominal`, `Rate` and `Date` (`23.01.2025`), sums, all
//! of them strings.
//!
//! The shape is that which public clients of cbu.uz read, and of the answers that their sources quote.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::gather::{Gather, Written};
use super::text::{Text, error_at, plain};

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(rename = "Ccy")]
    currency: String,
    #[serde(rename = "Nominal", borrow)]
    units: &'a RawValue,
    #[serde(rename = "Rate", borrow)]
    value: &'a RawValue,
    #[serde(rename = "Date")]
    date: String,
}

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    const EXPECTED: &str = "Ccy, Nominal, Rate, Date";
    let rows: Vec<&RawValue> = match serde_json::from_str(&text.text) {
        Ok(rows) => rows,
        Err(error) => return gather.unreadable(error_at(text, &error), EXPECTED),
    };
    for raw in rows {
        let at = text.offset(raw.get());
        let Ok(row) = serde_json::from_str::<Row<'_>>(raw.get()) else {
            gather.entry_wrong(at, EXPECTED);
            continue;
        };
        let Some(on) = gather.date(at, &row.date, "%d.%m.%Y") else { continue };
        gather.rate(Written {
            at,
            currency: &row.currency,
            units: Some(plain(row.units)),
            value: plain(row.value),
            counter: "UZS",
            days: (on, None),
        });
    }
}
