//! Answers looked at again: tables that change while items wait, and answers shown by the tables that made them.

use std::fs;

use crate::mail::{Item, declarations};
use crate::replay::{ask, told_otherwise};
use crate::support::{Station, draft, fixture, run, wait_for};

/// Returns a row of a draft that stops what the suite's parcels hold: from a day on, by a side, of a country.
fn shirts(valid_from: &str, by: &str, country: &str) -> String {
    format!(
        r#"
[[article]]
id = "draft-shirts"
valid_from = {valid_from}
status = "in_force"
source = "draft"
by = "{by}"
countries = ["{country}"]
class = "endangered"
decision = "conditional"
hs = ["6109"]
"#
    )
}

#[test]
fn what_waits_is_assessed_again_when_the_tables_change() {
    let station = Station::new();
    let parcels = [Item::parcel(1, "KZ", 950), Item::parcel(2, "UZ", 700)];
    let daemon = station.open();
    station.drop_file("two.xml", declarations(&parcels));
    station.report("done", "two.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    let answers = "SELECT decision, (SELECT COUNT(*) FROM charge WHERE declaration / 64 = item.id) FROM item ORDER BY id";
    assert_eq!(station.ask(answers), "0|0\n0|0");
    let [kept, root] = [parcels[0].identifier.clone(), station.root().to_string_lossy().into_owned()];
    let before = run(["assess", "--kept", &kept, "--station", &root]).ok();

    fs::create_dir(station.path("tariff")).unwrap();
    fs::write(station.path("tariff/draft.toml"), draft(1) + &shirts("2024-04-01", "origin", "CN")).unwrap();
    // The answer that is kept is shown by the tables of its own day, not by those of today.
    assert_eq!(run(["assess", "--kept", &kept, "--station", &root]).ok(), before);
    let daemon = station.start();
    wait_for("the new answers", || (station.ask(answers) == "1|1\n1|0").then_some(()));
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT COUNT(*) FROM reassessment"), "2");
    assert_eq!(
        station.ask("SELECT COUNT(*), MIN(code), MIN(detail) FROM history WHERE code = 'reassessed'"),
        "2|reassessed|hold"
    );
    assert_eq!(station.ask("SELECT COUNT(*) FROM finding WHERE code = 'article-conditional'"), "2");
    assert_eq!(station.ask("SELECT COUNT(*) FROM revision"), "2");
    let after = run(["assess", "--kept", &kept, "--station", &root]);
    assert_eq!(after.code, Some(1), "{after:#?}");
    assert!(
        after.stdout.contains("draft-shirts") && after.stdout.contains("Draft of a decision"),
        "{after:#?}"
    );
    assert_eq!(after.stderr, "");
    station.assert_sound();

    // Nothing is written again where nothing changes.
    let daemon = station.open();
    station.drop_file("empty.csv", "a,b\n");
    station.report("failed", "empty.csv");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT COUNT(*) FROM history WHERE code = 'reassessed'"), "2");
    // The draft is dropped: everything is as it was.
    fs::remove_dir_all(station.path("tariff")).unwrap();
    let daemon = station.start();
    wait_for("the old answers", || (station.ask(answers) == "0|0\n0|0").then_some(()));
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn an_item_that_is_not_kept_is_told() {
    let station = Station::new();
    let daemon = station.open();
    assert_eq!(daemon.terminate().code(), Some(0));
    let ran = run(["assess", "--kept", "RR473124829CN", "--station", &station.root().to_string_lossy()]);
    assert!(ran.code == Some(66) && ran.stderr.contains("there is no item `RR473124829CN`"), "{ran:#?}");
    assert_eq!(run(["assess", "--kept", "RR473124829CN"]).code, Some(2));
}

#[test]
fn what_was_found_before_a_declaration_is_over_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let rate = |value: &str, from: &str, to: &str| {
        format!(
            "currency = \"EUR\"\nvalue = \"{value}\"\nin = \"CNY\"\nvalid_from = {from}\nvalid_to = {to}\n"
        )
    };
    let gacc = "authority = \"gacc\"\nunits = 1\n";
    let whole = format!("{gacc}{}", rate("8.2300", "2026-01-01", "2026-12-31"));
    let then = format!(
        "{gacc}{}source = \"made up for the fixtures\"\n\n[[rate]]\n{gacc}{}",
        rate("8.2300", "2026-01-01", "2026-11-17"),
        rate("8.7300", "2026-11-18", "2026-12-31")
    );
    // Scanned on Tuesday before its list comes.
    let heading = "at,operation,subject,value,departure,seal,note\n";
    let scanned = format!("{heading}2026-11-17T14:00,scan,CP700000061DE,800,,,\n");
    let changes = [("rates.toml", whole.as_str(), then.as_str()), ("operations.csv", heading, &scanned)];
    let station = told_otherwise(folder.path(), "chongqing-inbound", &changes);
    assert_ne!(ask(&station, "SELECT COUNT(*) FROM reassessment"), "0");
    let found = "SELECT code FROM finding JOIN item ON item.id = subject AND kind = 1 WHERE item.id = 1";
    assert_eq!(ask(&station, found).lines().next(), Some("present-without-data"));
    let told =
        "SELECT detail FROM history WHERE code IN ('redeclared', 'reassessed') AND kind = 1 AND subject = 1";
    assert_eq!(ask(&station, told), "go\ngo");
}

/// Two parcels for Bishkek, one read before the borders close and one after: by Irkeshtam they would be there on the 20th.
#[test]
fn what_waits_is_assessed_for_the_day_on_which_its_way_ends() {
    let closed = "2026-11-16T10:00,close-border,irkeshtam,2026-11-23,,,landslide\n\
                  2026-11-16T10:00,close-border,torugart,2026-11-23,,,landslide\n";
    let opened = format!("{closed}2026-11-16T11:00,open-border,irkeshtam,,,,cleared\n");
    let elsewhere = "2026-11-16T10:00,close-border,khunjerab-sost,2026-11-23,,,snow\n";
    for (operations, expected, reassessed) in
        [("", "go", "0"), (elsewhere, "go", "0"), (closed, "hold", "1"), (&opened, "go", "3")]
    {
        let folder = tempfile::tempdir().unwrap();
        let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
        fs::create_dir_all(scenario.join("declarations")).unwrap();
        fs::create_dir(scenario.join("tariff")).unwrap();
        for name in ["station.toml", "rates.toml"] {
            fs::copy(fixture("kashgar-pass").join(name), scenario.join(name)).unwrap();
        }
        let write = |name: &str, text: &str| fs::write(scenario.join(name), text).unwrap();
        // Where they come to Kyrgyzstan on the 24th or later.
        let row = shirts("2026-11-24", "destination", "KG");
        write("tariff/draft.toml", &format!("[sources]\ndraft = {{ act = \"Draft of a decision\" }}\n{row}"));
        let times = "starts = \"2026-11-16T08:00:00+08:00\"\nends = \"2026-11-16T12:00:00+08:00\"\n";
        write("scenario.toml", &format!("name = \"borders\"\n{times}"));
        write("arrivals.csv", "at,file\n2026-11-16T09:00,early.xml\n2026-11-16T10:30,late.xml\n");
        write("declarations/early.xml", &declarations(&[Item::parcel(1, "KG", 950)]));
        write("declarations/late.xml", &declarations(&[Item::parcel(2, "KG", 950)]));
        write("operations.csv", &format!("at,operation,subject,value,departure,seal,note\n{operations}"));
        let [from, to] = [&scenario, &station].map(|path| path.to_str().unwrap());
        run(["replay", from, "--station", to]).ok();
        let items = fs::read_to_string(station.join("items.csv")).unwrap();
        let decisions: Vec<&str> = items.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
        assert_eq!(decisions, [expected; 2], "{operations}");
        let again = ask(&station, "SELECT COUNT(*) FROM history WHERE code = 'reassessed'");
        assert_eq!(again, reassessed, "{operations}");
    }
}
