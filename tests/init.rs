//! `caravan init`: a folder that a daemon accepts, and never one over another.

use std::fs;

use crate::support::{Station, fixture, run};

#[test]
fn makes_a_folder_that_a_daemon_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("a/station");
    run(["init", station.to_str().unwrap()]).check(
        &station,
        "exit 0
--- stdout
A station is in DIR.
Look through its station.toml, then run: caravan run --station DIR
--- stderr",
    );
    let mut names: Vec<_> = fs::read_dir(&station)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["done", "failed", "inbox", "outbox", "rates.toml", "station.toml", "tmp", "work"]);

    let station = Station::new();
    let daemon = station.open();
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn leaves_a_station_that_is_there_alone() {
    let station = Station::new();
    let before = fs::read(station.path("station.toml")).unwrap();
    run(["init", station.root().to_str().unwrap()]).check(
        &station.root(),
        "exit 73
--- stdout
--- stderr
error: `DIR` is a station folder already
hint: name a folder that does not exist yet",
    );
    assert_eq!(fs::read(station.path("station.toml")).unwrap(), before);
}

#[test]
fn a_folder_without_a_station_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().to_str().unwrap();
    for arguments in
        [&["run", "--station", root][..], &["db", "check", "--station", root], &["plan", "--station", root]]
    {
        run(arguments).check(
            folder.path(),
            "exit 66
--- stdout
--- stderr
error: `DIR` is no station folder: it has no station.toml
hint: make one with `caravan init`",
        );
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made there");
}

#[test]
fn wrong_settings_are_named() {
    let station =
        Station::with(|settings| settings.replace("zone = \"Asia/Shanghai\"", "zone = \"Asia/Horgos\""));
    let ran = run(["run", "--station", station.root().to_str().unwrap()]);
    assert_eq!(ran.code, Some(78), "{ran:#?}");
    assert!(ran.stderr.contains("office.zone"), "{ran:#?}");
    for (written, expected) in [
        ("readings = { us-payer = \"carier\" }", "reading `us-payer` has no choice `carier`"),
        ("readings = { us-payers = \"carrier\" }", "there is no reading `us-payers`"),
        ("switched_on = { us-flat = \"2026-12-01\" }", "row `us-flat` is in_force and cannot be switched on"),
        ("switched_on = { us-flatt = \"2026-12-01\" }", "there is no row `us-flatt`"),
    ] {
        let name = written.split_once(' ').unwrap().0;
        let station = Station::with(|settings| {
            let lines = settings.lines().map(|line| if line.starts_with(name) { written } else { line });
            lines.collect::<Vec<_>>().join("\n")
        });
        let root = station.root();
        let root = root.to_str().unwrap();
        let file = fixture("three-items").join("inbox");
        let file = file.to_str().unwrap();
        for arguments in [
            &["run", "--station", root][..],
            &["assess", file, "--on", "2026-11-22", "--station", root],
            &["whatif", root, "--on", "2026-12-01"],
        ] {
            let ran = run(arguments);
            assert_eq!(ran.code, Some(78), "{written}: {ran:#?}");
            assert!(ran.stderr.contains(expected), "{written}: {ran:#?}");
        }
    }
}
