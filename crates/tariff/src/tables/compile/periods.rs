//! Which rows follow each other: no two on one day, and no day without a row between the first and the last.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Compiler, of_row};
use crate::tables::raw::{Head, RawRow};
use crate::tables::regime::Charge;
use crate::tables::row::{Row, Status};
use crate::tables::{TableError, date};

/// A row on its days, under the key of which there may be one a day.
struct Period {
    key: String,
    id: String,
    first: NaiveDate,
    last: Option<NaiveDate>,
}

impl Compiler<'_> {
    /// Checks every key of every table.
    pub(super) fn check_periods(&self) -> Result<(), TableError> {
        let raw = self.raw;
        let mut periods: Vec<Period> = Vec::new();
        for row in &raw.vat {
            let tax = row.tax.as_deref().unwrap_or("vat");
            let of = (&row.regions, &row.hs, &row.unit_value_from, &row.gram_value_from);
            for country in of_row(&row.id, self.country_list(&row.countries))? {
                periods.extend(period(&row.head(), format!("vat {country} {tax} {of:?}")));
            }
        }
        for row in &raw.conversion {
            for country in of_row(&row.id, self.country_list(&row.countries))? {
                periods.extend(period(&row.head(), format!("conversion {country}")));
            }
        }
        for row in &raw.amount {
            periods.extend(period(&row.head(), format!("amount {}", row.name)));
        }
        for row in &raw.pricing {
            periods.extend(period(&row.head(), format!("pricing {}", row.country)));
        }
        for row in &raw.duty_line {
            let of = (&row.hs, &row.origins, &row.not_origins);
            periods.extend(period(&row.head(), format!("duty_line {} {of:?}", row.schedule)));
        }
        let mut table = 0;
        raw.each_table(|heads| {
            for head in heads {
                let series = head.series.unwrap_or_default();
                periods.extend(period(head, format!("series {table} {series}")));
            }
            table += 1;
        });
        follow(periods, true)?;
        let mut regimes = Vec::new();
        for row in &raw.regime {
            let reading = row.when.reading.0.join(" ");
            for country in of_row(&row.id, self.country_list(&row.countries))? {
                regimes.extend(period(&row.head(), format!("regime {country} {} {reading}", row.order)));
            }
        }
        // A day without a row of one order is a matter of the next.
        follow(regimes, false)
    }
}

/// Returns the days of a row; one that is announced takes nobody's place.
fn period(head: &Head<'_>, key: String) -> Option<Period> {
    if head.status == Status::Announced {
        return None;
    }
    let last = head.valid_to.and_then(date);
    Some(Period { key, id: head.id.to_owned(), first: date(head.valid_from)?, last })
}

fn follow(periods: Vec<Period>, must_be_full: bool) -> Result<(), TableError> {
    let mut by_key: BTreeMap<String, Vec<Period>> = BTreeMap::new();
    for period in periods {
        by_key.entry(period.key.clone()).or_default().push(period);
    }
    for rows in by_key.values_mut() {
        rows.sort_by_key(|row| row.first);
        for pair in rows.windows(2) {
            let (earlier, later) = (&pair[0], &pair[1]);
            let next = earlier.last.and_then(|last| last.succ_opt());
            let fault = match next {
                Some(next) if next == later.first => continue,
                Some(next) if next < later.first && !must_be_full => continue,
                Some(next) if next < later.first => {
                    format!("no row from {next} on, where `{}` ends; write an `unknown` one", earlier.id)
                }
                _ => format!("on {} there is `{}` as well", later.first, earlier.id),
            };
            return of_row(&later.id, Err(fault));
        }
    }
    Ok(())
}

/// Checks that a regime says on each of its days what it charges, or that it charges nothing.
pub(super) fn check_charges(regime: &Row, stated: Option<&str>, charges: &[Charge]) -> Result<(), String> {
    match stated {
        Some("none") if charges.is_empty() => return Ok(()),
        Some("none") => {
            return Err(format!(
                "it says `charges = \"none\"`, and `{}` is a charge of it",
                charges[0].row.id
            ));
        }
        Some(other) => return Err(format!("`charges` is `{other}`, not `none`")),
        None if regime.status == Status::Unknown => return Ok(()),
        None => {}
    }
    let mut rows: Vec<&Row> =
        charges.iter().map(|charge| &charge.row).filter(|row| row.status != Status::Announced).collect();
    rows.sort_by_key(|row| row.valid_from);
    let mut open = regime.valid_from;
    for row in rows {
        if row.valid_from > open {
            break;
        }
        match row.valid_to.and_then(|last| last.succ_opt()) {
            Some(next) => open = open.max(next),
            None => return Ok(()),
        }
    }
    if regime.valid_to.is_some_and(|last| open > last) {
        return Ok(());
    }
    Err(format!("on {open} it has no charge, and does not say `charges = \"none\"`"))
}
