use caravan_postal::S8;
use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Arrival, NumberFault, Settled, number_faults, year_of};

/// Numbers that came one a minute in this order, held against two later ones or an hour.
fn faults(first: u32, serials: &[u32], now_minute: i64) -> Vec<NumberFault> {
    let arrivals = serials
        .iter()
        .zip(0..)
        .map(|(serial, minute): (_, i64)| Arrival { serial: *serial, at_ms: minute * 60_000 });
    let settled = Settled { later: 2, wait_ms: 3_600_000 };
    number_faults(first, &arrivals.collect::<Vec<_>>(), settled, now_minute * 60_000)
}

#[test]
fn finds_gaps_of_numbers_once_they_are_settled() {
    let gap = |from, to| NumberFault::Gap { from, to };
    assert_eq!(faults(1, &[], 10), []);
    assert_eq!(faults(1, &[1, 2, 3], 10), []);
    assert_eq!(faults(1, &[3, 1, 2], 10), []);
    assert_eq!(faults(1, &[1, 3], 10), [], "2 may still come");
    assert_eq!(faults(1, &[1, 3], 60), []);
    assert_eq!(faults(1, &[1, 3], 61), [gap(2, 2)], "3 came an hour ago");
    assert_eq!(faults(1, &[1, 3, 4], 10), [gap(2, 2)], "two later ones came");
    assert_eq!(faults(1, &[1, 4, 9, 7], 10), [gap(2, 3), gap(5, 6)], "8 may still come");
    assert_eq!(faults(1, &[5, 6], 10), [gap(1, 4)]);
    assert_eq!(faults(5, &[5, 6], 10), []);
    assert_eq!(faults(5, &[3, 7, 8], 10), [gap(5, 6)]);
    assert_eq!(faults(1, &[9_998, 9_999], 10), [gap(1, 9_997)]);
    assert_eq!(faults(1, &[1, 2, 2], 10), [NumberFault::Repeated { serial: 2 }]);
    let finding = gap(2, 30).finding(S8::parse("CNURCAKZALAADUN60001").unwrap().series(), 2026);
    assert_eq!(finding.arguments.join("|"), "CNURCAKZALAADUN|2026|0002|0030");
}

#[test]
fn knows_the_year_of_a_number() {
    let of = |digit: u32, year: i32, month: u32, day: u32| {
        let s8 = S8::parse(&format!("CNURCAKZALAADUN{digit}0001")).unwrap();
        year_of(s8, NaiveDate::from_ymd_opt(year, month, day).unwrap())
    };
    assert_eq!(of(6, 2026, 11, 22), 2026);
    assert_eq!(of(5, 2026, 11, 22), 2025);
    assert_eq!(of(7, 2026, 11, 22), 2017);
    assert_eq!(of(7, 2026, 12, 28), 2017);
    assert_eq!(of(7, 2026, 12, 29), 2027);
    assert_eq!(of(0, 2030, 1, 1), 2030);
    assert_eq!(of(9, 2030, 1, 1), 2029);
}

proptest! {
    /// Settled at once, the numbers that came and the gaps are all numbers up to the highest.
    #[test]
    fn numbers_and_gaps_are_everything(serials in prop::collection::btree_set(1u32..=9_999, 0..40)) {
        let arrivals: Vec<Arrival> = serials.iter().map(|serial| Arrival { serial: *serial, at_ms: 0 }).collect();
        let faults = number_faults(1, &arrivals, Settled { later: 0, wait_ms: 0 }, 0);
        let missing: u32 = faults.iter().map(|fault| match fault {
            NumberFault::Gap { from, to } => to - from + 1,
            NumberFault::Repeated { .. } => 0,
        }).sum();
        prop_assert_eq!(missing as usize + serials.len(), serials.last().copied().unwrap_or(0) as usize);
    }
}
