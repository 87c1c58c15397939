//! Both sides of every boundary: for each dated row that computes there is a case on its first day and on the day before,
//! on its last day and on the day after; for each threshold one case that meets it exactly and one just above.
//!
//! The boundaries are taken from the tables and the items from `tests/cases`. Amounts that no item shows by itself (what is
//! too little to be collected, bounds of a charge, steps by weight or rate) are not among them.

#[path = "boundaries/items.rs"]
mod items;
#[path = "boundaries/rows.rs"]
mod rows;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use items::Item;
use rows::{Row, Threshold};

/// How far above a threshold the nearest case may lie, as a share of it.
const NEAR: (i128, i128) = (1, 100);

/// Returns the days of the two sides of a row's ends.
fn days(row: &Row) -> Vec<NaiveDate> {
    let mut days = vec![row.first, row.first.pred_opt().expect("a day")];
    if let Some(last) = row.last {
        days.extend([last, last.succ_opt().expect("a day")]);
    }
    days
}

fn is_near(measured: caravan_postal::Ratio, bound: caravan_postal::Ratio) -> bool {
    let most = bound.checked_mul(caravan_postal::Ratio::new(NEAR.0 + NEAR.1, NEAR.1)).expect("a figure");
    bound < measured && measured <= most
}

/// Returns what the cases leave out of a threshold: the bound itself, and what is just above it.
fn sides_left_out(row: &Row, threshold: &Threshold, items: &[Item]) -> Vec<&'static str> {
    let on_days = items.iter().filter(|item| row.is_for(item) && row.covers(item.on));
    let measured: Vec<_> = on_days.flat_map(|item| threshold.measure(item)).collect();
    let sides = [
        ("at it", measured.iter().any(|(value, bound)| value == bound)),
        ("just above it", measured.iter().any(|(value, bound)| is_near(*value, *bound))),
    ];
    sides.into_iter().filter(|(_, has)| !has).map(|(side, _)| side).collect()
}

#[test]
fn every_day_and_threshold_has_a_case_on_both_sides() {
    let (rows, items) = (rows::all(), items::all());
    assert!(rows.len() > 200 && items.len() > 500, "{} rows, {} items", rows.len(), items.len());
    let mut left_out = BTreeSet::new();
    for row in &rows {
        for day in days(row) {
            if !items.iter().any(|item| item.on == day && row.is_for(item)) {
                left_out.insert(format!("{} {}: no case on {day}", row.table, row.id));
            }
        }
        for threshold in &row.thresholds {
            for side in sides_left_out(row, threshold, &items) {
                left_out.insert(format!("{} {}: no case {side}: {}", row.table, row.id, threshold.text));
            }
        }
    }
    let left_out: Vec<String> = left_out.into_iter().collect();
    assert!(left_out.is_empty(), "{} boundaries:\n{}", left_out.len(), left_out.join("\n"));
}
