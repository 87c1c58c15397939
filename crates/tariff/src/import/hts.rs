//! The US Harmonized Tariff Schedule, as its export has it: `htsno`, `general`; the other columns (special programmes,
//! column 2) ask for proof of origin and are left out.
//!
//! A statistical line of ten digits has its rate at the line of eight above it, and so is found there. Chapters 98 and 99
//! are no classes of goods but provisions on them: they are left out and counted.

use caravan_postal::Place;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::csv_file::Table;
use super::{Imported, Making};
use crate::codes::IMPORT_UNREADABLE;

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    htsno: Option<String>,
    #[serde(default)]
    general: Option<String>,
}

pub(super) fn import(text: &str, mut making: Making<'_>) -> Imported {
    if text.trim_start().starts_with('[') {
        let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(text) else {
            making.find(Place::Whole, IMPORT_UNREADABLE.finding(["JSON"]));
            return making.finish("");
        };
        for (index, raw) in rows.into_iter().enumerate() {
            let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
            match serde_json::from_str::<Row>(raw.get()) {
                Ok(row) => {
                    let (htsno, general) = (row.htsno.unwrap_or_default(), row.general.unwrap_or_default());
                    take(number, &htsno, &general, &mut making);
                }
                Err(_) => making.wrong(number, "htsno, general"),
            }
        }
        return making.list("us-duty", "duty", &["us"]);
    }
    let mut table = Table::open(text);
    let columns = [
        table.must(&["hts number", "htsno"], &mut making),
        table.must(&["general rate of duty", "general"], &mut making),
    ];
    let [Some(htsno), Some(general)] = columns else { return making.finish("") };
    table.each(&mut making, |cells, making| take(cells.row, cells.of(htsno), cells.of(general), making));
    making.list("us-duty", "duty", &["us"])
}

fn take(row: u32, htsno: &str, general: &str, making: &mut Making<'_>) {
    let digits = htsno.bytes().filter(u8::is_ascii_digit).count();
    let is_provision = htsno.starts_with("98") || htsno.starts_with("99");
    // Superior texts have no number; headings and statistical lines have no rate.
    if general.trim().is_empty() || digits < 6 || is_provision {
        making.left_out += 1;
        return;
    }
    if let Some(code) = making.code(row, htsno) {
        making.line(row, &[&code.to_string(), general], &[]);
    }
}
