//! What leaves as EDIFACT says all that left, and one message that cannot be written keeps no other from leaving.

use std::fs;
use std::path::{Path, PathBuf};

use crate::replay::{ask, copy, replay};
use crate::support::{fixture, project, run};

/// Three letters, one of them registered, are bagged and one truck goes to Almaty.
const BAGGED: &str = "\
    at,operation,subject,value,departure,seal,note\n\
    2026-11-16T09:15,scan,LX610000063CN,402,,,\n\
    2026-11-16T09:16,scan,LX610000077CN,300,,,\n\
    2026-11-16T09:17,scan,RR610000085CN,350,,,\n\
    2026-11-16T10:05,released,LX610000063CN,,,,\n\
    2026-11-16T10:06,released,LX610000077CN,,,,\n\
    2026-11-16T10:07,released,RR610000085CN,,,,\n\
    2026-11-16T11:00,announce,XJF20001,,almaty-road/2026-11-16T18:00,,\n\
    2026-11-16T15:40,seal,XJF20001,,,HS123401,\n\
    2026-11-16T15:50,transfer-number,XJF20001,ZG2026111600001,,,\n\
    2026-11-16T16:30,sign,XJF20001,,,,\n";

/// Replays a day and a half of the trucks to Almaty with other operations, and returns the station folder.
fn live(folder: &Path, operations: &str, settings: impl Fn(String) -> String) -> PathBuf {
    let (scenario, station) = (folder.join("scenario"), folder.join("station"));
    copy(&fixture("almaty-trucks"), &scenario);
    fs::write(scenario.join("operations.csv"), operations).unwrap();
    fs::write(scenario.join("arrivals.csv"), "at,file\n2026-11-16T09:00,counter.xml\n").unwrap();
    for (file, from, to) in [
        ("scenario.toml", "2026-11-25T20:00:00", "2026-11-17T20:00:00"),
        ("station.toml", "valid_to = \"2026-11-16\"", "valid_to = \"2026-11-30\""),
    ] {
        let text = fs::read_to_string(scenario.join(file)).unwrap();
        assert!(text.contains(from), "{file} has `{from}`");
        fs::write(scenario.join(file), text.replace(from, to)).unwrap();
    }
    let text = fs::read_to_string(scenario.join("station.toml")).unwrap();
    fs::write(scenario.join("station.toml"), settings(text)).unwrap();
    let profile = fs::read_to_string(project().join("crates/edi/profiles/predes-2.1.toml")).unwrap();
    let with_run = profile.replace(
        "\"TDT+20+{conveyance?}+{transport_mode}\"",
        "\"TDT+20+{conveyance}+{transport_mode}\"\nrequired = true",
    );
    assert_ne!(profile, with_run, "the layout has a run that may be missing");
    fs::write(scenario.join("predes-run.toml"), with_run).unwrap();
    replay(&scenario, &station, &[]).ok();
    let checked = run(["db", "check", "--station", station.to_str().unwrap()]).ok();
    assert!(checked.ends_with(" 0 violations\n"), "{checked}");
    station
}

/// Returns the messages of a kind to Almaty, in their order, each as its segments.
fn sent(station: &Path, name: &str) -> Vec<Vec<String>> {
    let folder = fs::read_dir(station.join("outbox/edi/KZ999")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.to_str().unwrap().contains(name));
    files.sort();
    let segments = |path: PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        text.split('\'').map(str::to_owned).collect()
    };
    files.into_iter().map(segments).collect()
}

#[test]
fn what_has_left_and_come_back_still_stands_in_what_is_told_again() {
    // Customs holds one letter, so that its bag stays; of the registered bag, which leaves, the item comes back.
    let held =
        BAGGED.replace("2026-11-16T15:40", "2026-11-16T14:50,held,LX610000063CN,,,,act 1\n2026-11-16T15:40");
    let registered = format!(
        "{held}2026-11-17T09:00,scan,RR610000085CN,350,,,carrier gave it back\n\
         2026-11-17T09:30,take-out,LX610000063CN,,,,act 1\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let station = live(folder.path(), &registered, |settings| settings);
    let told = sent(&station, "PREDES");
    let again = told.last().unwrap();
    assert!(told.len() > 1 && again.contains(&"BGM++CNURCAKZALAACUN60001+5".to_owned()), "{told:#?}");
    let items: Vec<&str> = again.iter().filter_map(|segment| segment.strip_prefix("LIN+++")).collect();
    assert_eq!(items, ["LX610000077CN", "RR610000085CN"]);
    let counts: Vec<&str> = again.iter().filter_map(|segment| segment.strip_prefix("QTY+1:")).collect();
    assert_eq!(counts, ["1", "1"]);
    assert!(again.contains(&"CNT+2:2".to_owned()), "{again:#?}");
}

#[test]
fn what_cannot_be_written_is_found_and_takes_no_reference() {
    let folder = tempfile::tempdir().unwrap();
    let asked = "weight_tolerance_g = 300\n";
    let station = live(folder.path(), BAGGED, |settings| {
        settings.replace(asked, &format!("{asked}layouts = [\"predes-run.toml\"]\n"))
    });
    assert!(sent(&station, "PREDES").is_empty());
    let found = "SELECT json_extract(arguments, '$[0]') || ' ' || kind FROM finding WHERE code = 'message-unwritable'";
    assert_eq!(ask(&station, found), "PREDES 3");
    let references = sent(&station, "");
    let references: Vec<&str> = references.iter().map(|one| one[1].split('+').nth(5).unwrap()).collect();
    let numbered: Vec<String> = (1..=references.len()).map(|number| format!("{number:014}")).collect();
    assert_eq!(references, numbered, "without a gap");
}
