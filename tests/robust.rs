//! Trouble that must not stop a station: odd names, files without rights, folders in the way, files that kill.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::json;

use crate::mail::{Item, declarations};
use crate::support::{Station, caravan, run, wait_for};

#[test]
fn odd_names_hurt_nothing() {
    let station = Station::new();
    let daemon = station.start();
    let long = format!("{}.xml", "霍尔果斯".repeat(20));
    let names = ["duplicates", "a.xml.report.json", "a.xml", "-", "* ?\n.xml", &long];
    for (serial, name) in (1..).zip(names) {
        station.drop_file(name, declarations(&[Item::parcel(serial, "KZ", 950)]));
        wait_for(&format!("{name}\n{}", station.log()), || {
            (station.files("done").len() == 2 * serial as usize).then_some(())
        });
    }
    station.drop_file(OsStr::from_bytes(b"\xff\xfe.xml"), declarations(&[Item::parcel(90, "KZ", 950)]));
    wait_for("a name that is no text", || (station.files("done").len() == 2 * names.len() + 2).then_some(()));
    // A duplicate of each meets the folder that is called so.
    station.drop_file("again.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
    station.report("done", "duplicates/again.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT COUNT(*), SUM(is_moved), SUM(verdict = 1) FROM file"), "7|7|7");
    assert_eq!(station.ask("SELECT COUNT(*) FROM item"), "7");
    for report in station.files("done").iter().filter(|name| name.ends_with(".report.json")) {
        let bytes = fs::read(station.file("done", report).unwrap()).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(read["format"], "caravan-report-1", "{report} is a report");
        let file = report.strip_suffix(".report.json").unwrap();
        assert!(station.file("done", file).is_some(), "{report} lies beside its file");
    }
}

#[test]
fn a_file_without_rights_fails_with_a_report() {
    let station = Station::new();
    let path = station.path("beside.xml");
    fs::write(&path, declarations(&[Item::parcel(1, "KZ", 950)])).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    // The rights of root do not count here: they are taken away.
    let mut command = caravan();
    if fs::read(&path).is_ok() {
        command = Command::new("setpriv");
        command.args(["--bounding-set", "-dac_override,-dac_read_search"]).arg(env!("CARGO_BIN_EXE_caravan"));
    }
    command.args(["run", "--renamed", "--sweep", "200", "--station"]).arg(station.root());
    let daemon = station.spawn(command);
    fs::rename(&path, station.path("inbox/secret.xml")).unwrap();
    let report = station.report("failed", "secret.xml");
    assert_eq!(
        (&report["verdict"], &report["findings"][0]["code"]),
        (&json!("failed"), &json!("file-unreadable"))
    );
    station.drop_file("open.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
    station.report("done", "open.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT group_concat(name) FROM file"), "open.xml");
}

#[test]
fn a_file_that_cannot_be_moved_waits_and_is_not_read_again() {
    let station = Station::new();
    fs::remove_dir(station.path("done")).unwrap();
    fs::create_dir(station.path("done")).unwrap();
    let mut daemon = station.open();
    let year = station.ask("SELECT strftime('%Y', 'now', '+8 hours')");
    fs::write(station.path("done").join(&year), "in the way").unwrap();
    station.drop_file("1.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
    wait_for("the warning", || station.log().contains("a file stays in `work` for now").then_some(()));
    let bad = declarations(&[Item::parcel(2, "KZ", 950)]);
    station.drop_file("2.xml", &bad[..bad.len() - 9]);
    station.report("failed", "2.xml");
    assert!(daemon.is_alive(), "one folder in the way does not stop the others");
    assert_eq!(station.files("work"), ["1.xml"]);
    fs::remove_file(station.path("done").join(&year)).unwrap();
    assert_eq!(station.report("done", "1.xml")["items"], 1);
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT attempts, is_moved FROM file WHERE name = '1.xml'"), "1|1", "read once");
    station.assert_sound();
}

#[test]
fn a_file_that_kills_the_process_is_set_aside() {
    for (attempts, part, verdict) in [(2, "done", "done"), (3, "failed", "set-aside")] {
        let station = Station::new();
        run(["db", "check", "--station", station.root().to_str().unwrap()]).ok();
        let path = station.path("work/deadly.xml");
        fs::write(&path, declarations(&[Item::parcel(1, "KZ", 950)])).unwrap();
        let hash = caravan_dispatchd::folder::hex(&caravan_dispatchd::folder::hash_of(&path).unwrap());
        let now = "CAST(strftime('%s') AS INTEGER) * 1000";
        station.change(&format!(
            "INSERT INTO file (id, hash, name, bytes, claimed_ms, attempts, kept_to, verdict, format, is_moved) \
             VALUES (1, x'{hash}', 'deadly.xml', 1, {now}, {attempts}, 0, 0, '', 0)"
        ));
        let daemon = station.start();
        let report = station.report(part, "deadly.xml");
        assert_eq!(report["verdict"], verdict, "begun {attempts} times before");
        let findings = report["findings"].as_array().unwrap();
        let is_named = findings
            .iter()
            .any(|one| one["code"] == "file-set-aside" && one["arguments"] == json!(["3", "0"]));
        assert_eq!(is_named, verdict == "set-aside", "{report:#}");
        assert_eq!(station.ask("SELECT COUNT(*) FROM item"), if verdict == "done" { "1" } else { "0" });
        // It stays aside, under whatever name it comes again.
        station.drop_file("again.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
        assert_eq!(station.report("done", "duplicates/again.xml")["first"], "deadly.xml");
        assert_eq!(daemon.terminate().code(), Some(0));
        station.assert_sound();
    }
}
