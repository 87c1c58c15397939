//! The UK tariff.
//!
//! Of the measures only the third-country duty (type 103) for all origins (area 1011, ERGA OMNES) is a rate that applies
//! without proof; preferences, quotas, suspensions and trade remedies are left out and counted. The file of 2021 is one
//! line a code, with the rates of the European Union and of the United Kingdom.

use chrono::NaiveDate;

use super::csv_file::Table;
use super::{Imported, Making};

pub(super) fn import(text: &str, mut making: Making<'_>) -> Imported {
    let mut table = Table::open(text);
    if let (Some(code), Some(eu), Some(gb)) =
        (table.find(&["commodity"]), table.find(&["cet_duty_rate"]), table.find(&["ukgt_duty_rate"]))
    {
        table.each(&mut making, |cells, making| {
            if let Some(code) = making.code(cells.row, cells.of(code)) {
                making.line(cells.row, &[&code.to_string(), cells.of(eu), cells.of(gb)], &[]);
            }
        });
        return making.list("duty", "duty", &["eu", "gb"]);
    }
    let columns = [
        table.must(&["commodity__code"], &mut making),
        table.must(&["measure__duty_expression"], &mut making),
        table.must(&["measure__type__id", "measure__type__description"], &mut making),
        table.must(
            &["measure__geographical_area__id", "measure__geographical_area__description"],
            &mut making,
        ),
    ];
    let [Some(code), Some(duty), Some(kind), Some(area)] = columns else {
        return making.finish("");
    };
    let from = table.find(&["measure__effective_start_date"]);
    let to = table.find(&["measure__effective_end_date"]);
    let additional = table.find(&["measure__additional_code__code"]);
    table.each(&mut making, |cells, making| {
        let is_duty =
            matches!(cells.of(kind), "103") || cells.of(kind).eq_ignore_ascii_case("third country duty");
        let is_for_all =
            matches!(cells.of(area), "1011") || cells.of(area).eq_ignore_ascii_case("erga omnes");
        if !is_duty || !is_for_all || !cells.maybe(additional).is_empty() || cells.of(duty).is_empty() {
            making.left_out += 1;
            return;
        }
        let Some(code) = making.code(cells.row, cells.of(code)) else { return };
        let days = [cells.maybe(from), cells.maybe(to)];
        if !days.iter().all(|day| day.is_empty() || day.parse::<NaiveDate>().is_ok()) {
            return making.wrong(cells.row, "measure__effective_start_date");
        }
        making.line(cells.row, &[&code.to_string(), cells.of(duty)], &["", days[0], days[1]]);
    });
    making.list("gb-duty", "duty", &["gb"])
}
