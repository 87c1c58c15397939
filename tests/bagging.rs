//! What waits for the cut-off: bagged at once, with a bound, and planned before.

use std::fs;

use serde_json::Value;

use crate::replay::{ask, told_otherwise};
use crate::support::run;

/// The day of two trucks with everything bagged at the cut-off, and with a version that comes while its item waits: behind a
/// file, items are read back from what is kept.
const GATHERED: [(&str, &str, &str); 2] = [
    ("station.toml", "bag_tolerance_g = 300\n", "bag_tolerance_g = 300\nbagging = \"cutoff\"\n"),
    ("arrivals.csv", "2026-11-16T15:10", "2026-11-16T12:00"),
];
/// At 14:00, before the cut-off.
const BEFORE: (&str, &str, &str) =
    ("scenario.toml", "2026-11-25T20:00:00+08:00", "2026-11-16T14:00:00+08:00");

const BAGGED: &str = "SELECT detail FROM history WHERE kind = 5 AND code = 'bagged-at-once'";

#[test]
fn what_waits_is_bagged_at_the_cut_off_and_goes_with_its_truck() {
    let folder = tempfile::tempdir().unwrap();
    let station = told_otherwise(folder.path(), "almaty-trucks", &GATHERED);
    // Four parcels in two bags, two packets, a registered one, one of EMS; the outside piece waited for nothing.
    assert_eq!(ask(&station, BAGGED), "items 8, opened 5, bound 5");
    assert_eq!(ask(&station, "SELECT count(*) FROM receptacle WHERE stream IS NOT NULL"), "6");
    assert_eq!(ask(&station, "SELECT count(*) FROM item WHERE custody <> 2"), "0");
    let root = station.to_str().unwrap();
    let checked = run(["db", "check", "--station", root]).ok();
    assert!(checked.ends_with(" 0 violations\n"), "{checked}");
    // Every item has a place in a bill.
    let bills = ["CN60001", "UN60001", "EN60001"].map(|series| {
        let bill = station.join("outbox/dispatch").join(format!("CNURCAKZALAAC{series}")).join("bill.txt");
        fs::read_to_string(bill).unwrap()
    });
    assert!(bills[0].contains("003"), "{}", bills[0]);
}

#[test]
fn a_plan_counts_what_waits_as_if_the_cut_off_were_now() {
    let folder = tempfile::tempdir().unwrap();
    let changes = [&GATHERED[..], &[BEFORE]].concat();
    let station = told_otherwise(folder.path(), "almaty-trucks", &changes);
    // The outside piece alone has left its place; three through bags have come.
    assert_eq!(ask(&station, "SELECT count(*) FROM receptacle"), "4");
    assert_eq!(ask(&station, "SELECT count(*) FROM item WHERE custody = 1"), "8");
    let root = station.to_str().unwrap();
    let plan = ["plan", "--station", root, "--json", "--at", "2026-11-16T14:00"];
    let shown: Value = serde_json::from_str(&run(plan).ok()).unwrap();
    let lines = shown["departures"].as_array().unwrap();
    let [truck] = &lines[..] else { panic!("{lines:#?}") };
    let stays = truck["stays"].as_array().unwrap().len();
    let receptacles = truck["receptacles"].as_u64().unwrap();
    assert_eq!(receptacles + u64::try_from(stays).unwrap(), 9, "{truck:#}");
    assert!(truck["receptacles_bound"].as_u64().unwrap() <= receptacles, "{truck:#}");
    // Nothing of it is kept.
    assert_eq!(ask(&station, "SELECT count(*) FROM receptacle"), "4");
}
