//! `caravan replay`: the same bytes at every degree of parallelism, and exit codes that tell what happened.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cluster;
use crate::support::{Ran, fixture, project, run};

/// Runs a replay in a station folder.
pub(crate) fn replay(scenario: &Path, station: &Path, more: &[&str]) -> Ran {
    let fixed = ["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()];
    run(fixed.iter().chain(more))
}

/// Returns what a replay leaves behind for people and partners, by path.
fn outputs(station: &Path) -> BTreeMap<String, Vec<u8>> {
    caravan_dispatchd::outputs::collect(station).unwrap()
}

/// Copies a scenario, so that its expectation can be changed.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Replays a scenario with other texts in some of its files (file, text, text in its place) and returns the station
/// folder.
#[track_caller]
pub(crate) fn told_otherwise(folder: &Path, name: &str, changes: &[(&str, &str, &str)]) -> PathBuf {
    let (scenario, station) = (folder.join("scenario"), folder.join("station"));
    copy(&fixture(name), &scenario);
    for (file, from, to) in changes {
        let text = fs::read_to_string(scenario.join(file)).unwrap();
        assert!(text.contains(from), "{file} has `{from}`");
        fs::write(scenario.join(file), text.replace(from, to)).unwrap();
    }
    replay(&scenario, &station, &[]).ok();
    station
}

/// Asks the database of a station folder.
pub(crate) fn ask(station: &Path, sql: &str) -> String {
    crate::support::ask(&station.join("station.db"), sql)
}

/// Returns the scenarios of the fixtures.
pub(crate) fn scenarios() -> Vec<PathBuf> {
    let folders = fs::read_dir(project().join("fixtures")).unwrap().map(|entry| entry.unwrap().path());
    let mut scenarios: Vec<_> = folders.filter(|folder| folder.join("scenario.toml").is_file()).collect();
    scenarios.sort();
    assert!(scenarios.contains(&fixture("three-items")), "{scenarios:?}");
    scenarios
}

#[test]
fn every_scenario_gives_the_same_bytes_at_every_number_of_threads() {
    for scenario in scenarios() {
        let folder = tempfile::tempdir().unwrap();
        let is_stated = scenario.join("expected").is_dir();
        let check = if is_stated { &["--check"][..] } else { &[] };
        let mut first = None;
        for threads in ["1", "2", "7"] {
            let station = folder.path().join(threads);
            let ran = replay(&scenario, &station, &[check, &["--threads", threads]].concat());
            assert_eq!(ran.code, Some(0), "{} with {threads} threads\n{}", scenario.display(), ran.stderr);
            let said = ran.stdout.replace(station.to_str().unwrap(), "DIR");
            let found = (said, outputs(&station));
            let first = first.get_or_insert_with(|| found.clone());
            assert!(*first == found, "{} differs with {threads} threads", scenario.display());
        }
    }
}

#[test]
fn every_scenario_gives_the_same_bytes_on_postgresql() {
    for scenario in scenarios().iter().filter(|scenario| scenario.join("expected").is_dir()) {
        let folder = tempfile::tempdir().unwrap();
        let database = cluster::fresh();
        let ran = replay(scenario, &folder.path().join("station"), &["--check", "--database", &database]);
        assert_eq!(ran.code, Some(0), "{}\n{}", scenario.display(), ran.stderr);
        assert!(!folder.path().join("station/station.db").exists(), "{database} was meant");
        let again = replay(scenario, &folder.path().join("again"), &["--database", &database]);
        assert!(again.code != Some(0) && again.stderr.contains("the database is not empty"), "{again:#?}");
    }
}

#[test]
fn a_replay_leaves_every_paper_of_a_departure() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    replay(&fixture("three-items"), &station, &[]).ok();
    let outputs = outputs(&station);
    let names: Vec<_> = outputs.keys().map(String::as_str).collect();
    assert!(names.contains(&"summary.json") && names.contains(&"items.csv"), "{names:?}");
    for kind in
        ["/manifest.json", "/bill.txt", "/label-001.zpl", "/cn37.txt", ".edi", "three.xml.report.json"]
    {
        assert!(names.iter().any(|name| name.ends_with(kind)), "no {kind} in {names:?}");
    }
}

#[test]
fn papers_and_messages_say_that_letters_lie_in_trays() {
    let folder = tempfile::tempdir().unwrap();
    let trays = ("station.toml", "class = \"U\"\n", "class = \"U\"\nkind = \"tray\"\n");
    let station = told_otherwise(folder.path(), "almaty-trucks", &[trays]);
    assert_eq!(
        ask(&station, "SELECT count(*) FROM receptacle WHERE kind = 'PU' AND stream LIKE '%-UN-%'"),
        "2"
    );
    let outbox = |name: &str| fs::read_to_string(station.join("outbox").join(name)).unwrap();
    let bill = outbox("dispatch/CNURCAKZALAACUN60001/bill.txt");
    assert!(bill.contains("001  PU ") && !bill.contains("BG"), "{bill}");
    let precon = outbox("edi/KZ999/00000000000012-PRECON-CNA260000001.edi");
    let of_kind = |kind: &str| precon.matches(&format!("GID++1:{kind}'")).count();
    assert_eq!((of_kind("PU"), of_kind("BG"), of_kind("PC")), (2, 3, 1), "{precon}");
}

#[test]
fn a_difference_is_shown_and_ends_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario");
    copy(&fixture("three-items"), &scenario);
    replay(&scenario, &folder.path().join("blessed"), &["--bless"]).ok();
    replay(&scenario, &folder.path().join("same"), &["--check"]).ok();
    let items = scenario.join("expected/items.csv");
    let text = fs::read_to_string(&items).unwrap();
    let line = text.lines().position(|line| line.starts_with("CP123456785CN")).unwrap() + 1;
    let right = text.lines().nth(line - 1).unwrap().to_owned();
    let wrong = right.replace("CP123456785CN", "CP123456999CN");
    fs::write(&items, text.replace(&right, &wrong)).unwrap();
    fs::rename(scenario.join("expected/summary.txt"), scenario.join("expected/gone.txt")).unwrap();
    let ran = replay(&scenario, &folder.path().join("other"), &["--check"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let expected = scenario.join("expected");
    let differences = [
        format!("The outputs differ from `{}`:", expected.display()),
        "gone.txt: expected, and not there".to_owned(),
        "items.csv: differs".to_owned(),
        format!("  line {line}: - {wrong}"),
        format!("  line {line}: + {right}"),
        "summary.txt: there, and not expected".to_owned(),
    ];
    assert_eq!(ran.stderr.lines().collect::<Vec<_>>(), differences);
}

#[test]
fn every_operation_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario");
    copy(&fixture("three-items"), &scenario);
    let operations = scenario.join("operations.csv");
    let told = |rows: &str, station: &str| {
        fs::write(&operations, format!("at,operation,subject,value,departure,seal,note\n{rows}")).unwrap();
        replay(&scenario, &folder.path().join(station), &[])
    };
    let rows = "noon,scan,CP123456785CN,1,,,\n2026-11-16T10:00:00,scan,CP123456785CN,heavy,,,\n";
    let ran = told(rows, "unread");
    let name = operations.display();
    let says = [
        "error: the scenario cannot be replayed".to_owned(),
        format!(
            "{name}: row 2, column 1: The cell `at` says `noon`, which is none of the values it may have."
        ),
        format!(
            "{name}: row 3, column 4: The cell `value` says `heavy`, which is none of the values it may have."
        ),
    ];
    assert_eq!(
        (ran.code, ran.stderr.lines().collect::<Vec<_>>()),
        (Some(65), says.iter().map(String::as_str).collect())
    );
    let ran = told(
        "2026-11-16T11:00:00,scan,CP123456785CN,900,,,\n2026-11-16T10:00:00,scan,CP123456785CN,900,,,\n",
        "back",
    );
    let order =
        "row 3, column 1: `scan` is earlier than the operation before it; put the rows in the order of time";
    assert!(ran.code == Some(65) && ran.stderr.contains(order), "{ran:#?}");
}

#[test]
fn a_replay_wants_a_fresh_folder() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    fs::create_dir(&station).unwrap();
    fs::write(station.join("mine.txt"), "mine").unwrap();
    let ran = replay(&fixture("three-items"), &station, &[]);
    assert!(ran.code.is_some_and(|code| code > 1), "{ran:#?}");
    assert!(ran.stderr.contains("is not empty\nhint: a replay works in a fresh station folder"), "{ran:#?}");
    assert_eq!(fs::read_dir(&station).unwrap().count(), 1, "nothing was added");
    fs::remove_file(station.join("mine.txt")).unwrap();
    replay(&fixture("three-items"), &station, &[]).ok();
    assert_eq!(replay(Path::new("fixtures/nowhere"), &folder.path().join("new"), &[]).code, Some(66));
}

#[test]
fn without_a_folder_it_makes_one_and_says_where() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = crate::support::caravan();
    command.env("TMPDIR", folder.path()).arg("replay").arg(fixture("three-items"));
    let output = command.output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let place = text.lines().find_map(|line| line.strip_prefix("Everything is in ")).unwrap();
    assert!(
        Path::new(place).starts_with(folder.path()) && Path::new(place).join("station.db").is_file(),
        "{place}"
    );
    run(["db", "check", "--station", place]).ok();
}

#[test]
fn the_summary_speaks_the_language_of_the_station() {
    for (language, told) in
        [("ru", ["Файлы", "Самые частые замечания", "убыло"]), ("zh", ["文件", "最常见的问题", "已发出"])]
    {
        let folder = tempfile::tempdir().unwrap();
        let change = ("station.toml", "language = \"en\"", &*format!("language = \"{language}\""));
        let station = told_otherwise(folder.path(), "three-items", &[change]);
        let text = fs::read_to_string(station.join("summary.txt")).unwrap();
        assert!(told.iter().all(|told| text.contains(told)), "{text}");
        for english in ["Files", "accepted", "receptacles", "Dispatches", " by weight"] {
            assert!(!text.contains(english), "`{english}` in {text}");
        }
    }
}
