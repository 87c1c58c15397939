//! National Bank of Poland: average rates of tables A and B, zlotys for one unit. JSON: an array of tables with
//! `effectiveDate` and `rates` of `code` and `mid`; XML: `ArrayOfExchangeRatesTable > ExchangeRatesTable` with
//! `EffectiveDate` and `Rates > Rate` of `Code` and `Mid`.
//!
//! The shape is that of the web service's own page (api.nbp.pl) as public clients describe it. Table C, of bids and
//! asks, is none of the rates that customs take.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::gather::{Gather, Written};
use super::text::{Text, error_at, plain};
use super::xml;

const EXPECTED: &str = "effectiveDate, rates, code, mid";

#[derive(Deserialize)]
struct Table<'a> {
    #[serde(rename = "effectiveDate")]
    date: String,
    #[serde(borrow)]
    rates: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Row<'a> {
    code: String,
    #[serde(borrow)]
    mid: &'a RawValue,
}

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    if text.text.trim_start().starts_with('<') { read_xml(text, gather) } else { read_json(text, gather) }
}

fn read_json(text: &Text, gather: &mut Gather<'_>) {
    let tables: Vec<Table<'_>> = match serde_json::from_str(&text.text) {
        Ok(tables) => tables,
        Err(error) => return gather.unreadable(error_at(text, &error), EXPECTED),
    };
    for table in tables {
        for raw in table.rates {
            let at = text.offset(raw.get());
            let Some(on) = gather.date(at, &table.date, "%Y-%m-%d") else { break };
            let Ok(row) = serde_json::from_str::<Row<'_>>(raw.get()) else {
                gather.entry_wrong(at, EXPECTED);
                continue;
            };
            gather.rate(Written {
                at,
                currency: &row.code,
                units: None,
                value: plain(row.mid),
                counter: "PLN",
                days: (on, None),
            });
        }
    }
}

fn read_xml(text: &Text, gather: &mut Gather<'_>) {
    let root = match xml::parse(&text.text) {
        Ok(root) if root.name == "ArrayOfExchangeRatesTable" => root,
        Ok(root) => return gather.unreadable(root.at, EXPECTED),
        Err(at) => return gather.unreadable(at, EXPECTED),
    };
    for table in root.all("ExchangeRatesTable") {
        let date = table.text_of("EffectiveDate").unwrap_or_default();
        let Some(on) = gather.date(table.at, date, "%Y-%m-%d") else { continue };
        for rate in table.all("Rates").flat_map(|rates| rates.all("Rate")) {
            gather.rate(Written {
                at: rate.at,
                currency: rate.text_of("Code").unwrap_or_default(),
                units: None,
                value: rate.text_of("Mid").unwrap_or_default(),
                counter: "PLN",
                days: (on, None),
            });
        }
    }
}
