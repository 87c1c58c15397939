//! European Central Bank: euro foreign exchange reference rates.
//!
//! XML: `Cube > Cube[@time] > Cube[@currency][@rate]`, one euro being `rate` units; history files have many days.
//! CSV: a heading row of currencies behind `Date`, and `N/A` where there is none; the daily file writes its day as
//! `18 November 2026`, the history as `2026-11-18`.

use super::gather::{Gather, Written};
use super::text::Text;
use super::xml::{self, Element};

const EXPECTED: &str = "eurofxref";

pub(super) fn read(text: &Text, gather: &mut Gather<'_>) {
    if text.text.trim_start().starts_with('<') { read_xml(text, gather) } else { read_csv(text, gather) }
}

fn read_xml(text: &Text, gather: &mut Gather<'_>) {
    match xml::parse(&text.text) {
        Ok(root) if root.name == "Envelope" => {
            let days = root.all("Cube").flat_map(|outer| outer.all("Cube"));
            days.for_each(|day| read_day(day, gather));
        }
        Ok(root) => gather.unreadable(root.at, EXPECTED),
        Err(at) => gather.unreadable(at, EXPECTED),
    }
}

fn read_day(day: &Element, gather: &mut Gather<'_>) {
    let Some(on) = gather.date(day.at, day.attribute("time").unwrap_or_default(), "%Y-%m-%d") else { return };
    for rate in day.all("Cube") {
        gather.rate(Written {
            at: rate.at,
            currency: "EUR",
            units: None,
            value: rate.attribute("rate").unwrap_or_default(),
            counter: rate.attribute("currency").unwrap_or_default(),
            days: (on, None),
        });
    }
}

fn read_csv(text: &Text, gather: &mut Gather<'_>) {
    let mut lines = text.text.lines();
    let heading: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
    if heading[0] != "Date" {
        return gather.unreadable(0, EXPECTED);
    }
    for line in lines.filter(|line| !line.trim().is_empty()) {
        let at = text.offset(line);
        let mut cells = line.split(',').map(str::trim);
        let day = cells.next().unwrap_or_default();
        let form = if day.contains(' ') { "%d %B %Y" } else { "%Y-%m-%d" };
        let Some(on) = gather.date(at, day, form) else { continue };
        for (cell, counter) in cells.zip(&heading[1..]).filter(|(cell, _)| !matches!(*cell, "" | "N/A")) {
            let written = Written {
                at: text.offset(cell),
                currency: "EUR",
                units: None,
                value: cell,
                counter,
                days: (on, None),
            };
            gather.rate(written);
        }
    }
}
