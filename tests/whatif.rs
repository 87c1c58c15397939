//! `whatif`: past declarations by another date or other tables, from a scenario and from a station's database.

use std::fs;
use std::path::Path;

use crate::support::{draft, fixture, run};

// By the scenario's rates 120 CNY are 8,808 KZT, 90 CNY are 6,606 KZT and EUR 10 are 6,054 KZT: 15 % of 2,754 and of
// 552 above them, to whole tenge. The third item, of 20 CNY, stays below.
const CHANGED: &str = "\
CP123456785CN KZ 2026-11-16
  Duty: 0.00 → 413.00 KZT (eaeu-personal-2024-duty)

CP123456799CN KZ 2026-11-16
  Duty: 0.00 → 83.00 KZT (eaeu-personal-2024-duty)

declarations judged: 3; with another answer: 2
  KZ Duty: 0.00 → 496.00 KZT (+496.00; with another answer: 2)
";

/// Makes a folder of tables with a draft that lets the first EUR 10 go free.
fn tables(folder: &Path) -> String {
    fs::create_dir(folder.join("draft")).unwrap();
    fs::write(folder.join("draft/eaeu.toml"), draft(10)).unwrap();
    folder.join("draft").to_string_lossy().into_owned()
}

#[test]
fn other_tables_show_what_changes_and_add_it_up() {
    let folder = tempfile::tempdir().unwrap();
    let tables = tables(folder.path());
    let scenario = fixture("three-items").to_string_lossy().into_owned();
    let expected = format!("exit 1\n--- stdout\n{CHANGED}--- stderr");
    run(["whatif", &scenario, "--tables", &tables]).check(folder.path(), &expected);
    // The same declarations, kept by a station.
    let station = folder.path().join("station").to_string_lossy().into_owned();
    run(["replay", &scenario, "--station", &station]).ok();
    run(["whatif", &station, "--tables", &tables]).check(folder.path(), &expected);
    let ran = run(["whatif", &station, "--tables", &tables, "--sums", "--json"]);
    let sums: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &sums["changed"]), (Some(1), &serde_json::json!(2)));
    assert_eq!(sums["charges"][0]["difference"], "496.00");
    // What a station lays over the tables already is no change any more.
    fs::create_dir(Path::new(&station).join("tariff")).unwrap();
    fs::write(Path::new(&station).join("tariff/own.toml"), draft(10)).unwrap();
    let ran = run(["whatif", &station, "--tables", &tables]);
    assert_eq!(ran.ok(), "declarations judged: 3; with another answer: 0\n");
}

#[test]
fn another_day_changes_the_law_and_not_the_rates() {
    // The scenario's rates end with 2026; the Union's three euros an item begin on 2026-07-01.
    let later = fixture("horgos-hour").to_string_lossy().into_owned();
    let ran = run(["whatif", &later, "--on", "2027-01-05"]).ok();
    assert!(ran.starts_with("declarations judged: 20; with another answer: 0\n"), "{ran}");
    let earlier = fixture("horgos-day").to_string_lossy().into_owned();
    let ran = run(["whatif", &earlier, "--on", "2026-06-01", "--sums", "--json"]);
    let sums: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let duty = sums["charges"].as_array().unwrap().iter().find(|sum| {
        (&sum["destination"], &sum["kind"]) == (&serde_json::json!("DE"), &serde_json::json!("duty"))
    });
    let duty = duty.unwrap_or_else(|| panic!("{sums:#}"));
    let cents = |name: &str| duty[name].as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let (before, after, items) = (cents("before"), cents("after"), duty["items"].as_i64().unwrap());
    assert!(before - after >= 300 * items && after > 0, "{duty:#}");
}

#[test]
fn faults_in_the_question_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let tables = tables(folder.path());
    let scenario = fixture("three-items").to_string_lossy().into_owned();
    assert_eq!(run(["whatif", &scenario]).code, Some(2), "nothing is asked");
    fs::write(
        folder.path().join("draft/eaeu.toml"),
        draft(10).replace("[\"eaeu-personal-2024\"]", "[\"none\"]"),
    )
    .unwrap();
    let ran = run(["whatif", &scenario, "--tables", &tables]);
    assert_eq!(ran.code, Some(78), "{ran:#?}");
    assert!(ran.stderr.contains("regime `none` is not listed"), "{ran:#?}");
    let ran = run(["whatif", &scenario, "--tables", "/nowhere"]);
    assert!(ran.code == Some(66) && ran.stderr.contains("no folder of tables"), "{ran:#?}");
}
