//! The inbox of a running daemon: what is taken, when, and where it ends with which report.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::time::Duration;

use caravan_store::Stopwatch;
use serde_json::{Value, json};

use crate::mail::{Item, Table, declarations};
use crate::support::{Station, fixture, run, wait_for};

#[test]
fn a_file_ends_in_the_folder_of_its_day_with_its_report() {
    let station = Station::new();
    let daemon = station.start();
    let held = Item::parcel(2, "KZ", 500).with_power_bank();
    let bytes = declarations(&[Item::parcel(1, "KZ", 950), held, Item::letter(3)]);
    station.drop_file("three.xml", &bytes);
    let report = station.report("done", "three.xml");
    let hash = caravan_dispatchd::folder::hash_of(&station.file("done", "three.xml").unwrap()).unwrap();
    assert_eq!(report["sha256"], caravan_dispatchd::folder::hex(&hash));
    assert_eq!(report["bytes"], bytes.len());
    let said = ["file", "verdict", "content", "items", "held", "refused"].map(|name| report[name].clone());
    assert_eq!(json!(said), json!(["three.xml", "done", "xml", 3, 1, 0]));
    let day =
        station.ask("SELECT strftime('%Y/%m/%d', claimed_ms / 1000, 'unixepoch', '+8 hours') FROM file");
    assert!(station.path("done").join(day).join("three.xml").is_file(), "by the station's civil day");
    let mut findings = report["findings"].as_array().unwrap().clone();
    // Whether the rates that come with a new station hold today is not what this is about.
    let is_of_rates = |code: &str| matches!(code, "rate-missing" | "rate-old" | "rate-example");
    findings.retain(|finding| !is_of_rates(finding["code"].as_str().unwrap()));
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let line = bytes[..bytes.find("850760").unwrap()].lines().count();
    let finding = &findings[0];
    assert_eq!(finding["code"], "article-conditional");
    assert_eq!((&finding["item"], &finding["severity"]), (&json!(2), &json!("hold")));
    assert!(finding["place"].as_str().unwrap().starts_with(&format!("{line}:")), "{finding}");
    assert!(!finding["says"].as_str().unwrap().is_empty() && !finding["act"].as_str().unwrap().is_empty());
    assert_eq!(station.files("done"), ["three.xml", "three.xml.report.json"]);
    assert_eq!(daemon.terminate().code(), Some(0));
    for empty in ["inbox", "work", "failed", "tmp"] {
        assert_eq!(station.files(empty), Vec::<String>::new(), "{empty}");
    }
    station.assert_sound();
}

#[test]
fn a_file_that_is_still_written_is_not_taken() {
    let settle = Duration::from_millis(1500);
    let station = Station::new();
    let daemon = station.start_with(&["--settle", "1500", "--sweep", "50"]);
    wait_for("the daemon", || station.log().contains("the station is open").then_some(()));
    let items: Vec<Item> = (1..=40).map(|serial| Item::parcel(serial, "KZ", 700)).collect();
    let bytes = declarations(&items);
    let path = station.path("inbox/slow.xml");
    let mut file = File::create(&path).unwrap();
    let (whole, mut longest) = (Stopwatch::start(), Duration::ZERO);
    for piece in bytes.as_bytes().chunks(bytes.len() / 50) {
        let gap = Stopwatch::start();
        file.write_all(piece).unwrap();
        // This pace is what is tested: always slower than the looks, never as slow as rest.
        std::thread::sleep(Duration::from_millis(50));
        longest = longest.max(gap.elapsed());
        assert!(path.exists() || longest >= settle / 2, "taken in the middle");
    }
    assert!(whole.elapsed() > settle, "it was written for longer than it has to rest");
    let report = station.report("done", "slow.xml");
    assert!(report["items"] == 40 || longest >= settle / 2, "{report}");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn what_is_no_finished_file_stays_where_it_is() {
    let station = Station::new();
    let bytes = declarations(&[Item::parcel(1, "KZ", 950)]);
    let inbox = station.path("inbox");
    let left =
        [".hidden.xml", "._fork.xml", "a.tmp", "a.xml.filepart", "a.xml.part", "b.XML.PART", "~$a.xml"];
    for name in left {
        fs::write(inbox.join(name), &bytes).unwrap();
    }
    fs::write(inbox.join("Thumbs.db"), "x").unwrap();
    fs::create_dir(inbox.join("folder.xml")).unwrap();
    fs::write(inbox.join("folder.xml/inside.xml"), &bytes).unwrap();
    fs::write(station.path("elsewhere.xml"), &bytes).unwrap();
    symlink(station.path("elsewhere.xml"), inbox.join("link.xml")).unwrap();
    symlink("nowhere", inbox.join("broken-link.xml")).unwrap();
    let before = station.files("inbox");
    let daemon = station.start();
    station.drop_file("z.xml", declarations(&[Item::parcel(2, "KZ", 950)]));
    station.report("done", "z.xml");
    assert_eq!(
        station.files("inbox"),
        before,
        "the last file of a look is taken, the others lie as they lay"
    );
    fs::rename(inbox.join("a.xml.part"), inbox.join("a.xml")).unwrap();
    assert_eq!(station.report("done", "a.xml")["items"], 1);
    assert_eq!(station.ask("SELECT group_concat(name) FROM file"), "z.xml,a.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
}

#[test]
fn the_same_bytes_are_known_under_every_name() {
    let station = Station::new();
    let daemon = station.start();
    let bytes = declarations(&[Item::parcel(1, "KZ", 950), Item::letter(2)]);
    station.drop_file("first.xml", &bytes);
    station.report("done", "first.xml");
    for name in ["second.xml", "first.xml", "second.xml"] {
        station.drop_file(name, &bytes);
        let report = station.report("done", &format!("duplicates/{name}"));
        let said = ["file", "verdict", "first", "items"].map(|part| report[part].clone());
        assert_eq!(json!(said), json!([name, "duplicate", "first.xml", 0]));
        wait_for("the inbox", || station.files("inbox").is_empty().then_some(()));
    }
    assert_eq!(daemon.terminate().code(), Some(0));
    let reports = ["duplicates/first.xml", "duplicates/second.xml", "first.xml"];
    let expected: Vec<_> =
        reports.iter().flat_map(|name| [(*name).to_owned(), format!("{name}.report.json")]).collect();
    assert_eq!(station.files("done"), expected);
    assert_eq!(
        station.ask("SELECT COUNT(*), SUM(version = 1) FROM item"),
        "2|2",
        "nothing was declared again"
    );
    station.assert_sound();
}

#[test]
fn another_content_under_the_same_name_overwrites_nothing() {
    let station = Station::new();
    let daemon = station.start();
    let contents: Vec<_> = (1..=3).map(|serial| declarations(&[Item::parcel(serial, "KZ", 950)])).collect();
    for (index, content) in contents.iter().enumerate() {
        station.drop_file("day.xml", content);
        wait_for("the file", || (station.files("done").len() == 2 * (index + 1)).then_some(()));
    }
    assert_eq!(daemon.terminate().code(), Some(0));
    let files = station.files("done");
    let mut kept: Vec<_> = files.iter().filter(|name| !name.ends_with(".report.json")).collect();
    assert_eq!(kept.pop().map(String::as_str), Some("day.xml"));
    for name in &kept {
        let content = fs::read(station.file("done", name).unwrap()).unwrap();
        assert!(contents[1..].iter().any(|expected| expected.as_bytes() == content), "{name}");
        assert!(name.ends_with("~day.xml"), "{name}");
        assert_eq!(station.report("done", name)["items"], 1);
    }
    assert_eq!(fs::read_to_string(station.file("done", "day.xml").unwrap()).unwrap(), contents[0]);
}

/// A file that cannot be read to its end: its name, its bytes, the code and the place of the finding that says so.
fn unreadable_files() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let whole = declarations(&[Item::parcel(1, "KZ", 950), Item::letter(2)]);
    let cut = whole[..whole.find("RR").unwrap()].to_owned();
    let cut_at = format!("{}:", cut.lines().count());
    let cut_at: &'static str = cut_at.leak();
    let doctype = whole.replacen(
        "<declarations",
        "<!DOCTYPE declarations SYSTEM \"file:///etc/passwd\">\n<declarations",
        1,
    );
    let mut broken = whole.clone().into_bytes();
    let at = whole.find("Wang").unwrap();
    broken[at..at + 2].copy_from_slice(&[0x81, 0x8d]);
    let garbage = (0u32..4096).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8 | 1).collect();
    vec![
        ("doctype.xml", doctype.into_bytes(), "xml-doctype", "2:1"),
        ("cut.xml", cut.into_bytes(), "file-cut", cut_at),
        ("broken.xml", broken, "encoding-broken", "10:"),
        ("empty.xml", Vec::new(), "file-empty", ""),
        ("garbage.bin", garbage, "format-unknown", ""),
        (
            "table.csv",
            b"at,operation,weight\n2025-03-03T09:00,scan,7\n".to_vec(),
            "operation-column-missing",
            "",
        ),
    ]
}

#[test]
fn what_cannot_be_read_to_its_end_fails_with_a_report() {
    let station = Station::new();
    let daemon = station.start();
    for (name, bytes, code, place) in unreadable_files() {
        station.drop_file(name, &bytes);
        let report = station.report("failed", name);
        assert_eq!(report["verdict"], "failed", "{name}");
        assert_eq!(report["items"], 0, "{name}: nothing of it counts");
        let fatal: Vec<&Value> =
            report["findings"].as_array().unwrap().iter().filter(|one| one["severity"] == "fatal").collect();
        let [finding] = fatal[..] else { panic!("{name}: one finding ends the reading: {report:#}") };
        assert_eq!(finding["code"], code, "{name}");
        assert!(
            finding.get("place").map_or("", |place| place.as_str().unwrap()).starts_with(place),
            "{name} {finding}"
        );
        assert_eq!(place.is_empty(), finding.get("place").is_none(), "{name} {finding}");
        assert!(finding["says"].as_str().unwrap().ends_with('.'), "{name} {finding}");
    }
    // The good one behind them is taken as if nothing had been.
    station.drop_file("good.xml", declarations(&[Item::parcel(9, "KZ", 950)]));
    assert_eq!(station.report("done", "good.xml")["verdict"], "done");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT COUNT(*) FROM item"), "1");
    station.assert_sound();
}

#[test]
fn a_table_of_operations_is_applied_once() {
    let station = Station::new();
    let daemon = station.start();
    let items = [Item::parcel(1, "KZ", 950), Item::letter(2)];
    station.drop_file("1.xml", declarations(&items));
    let mut table = Table::new();
    for item in &items {
        table.scan_and_release("2025-03-03T09:00", item);
    }
    table.line("2025-03-03T09:01", "scan", "", "7");
    table.line("2099-01-01T09:00", "scan", "CP999999999CN", "7");
    let table = table.text();
    station.drop_file("2.csv", &table);
    let report = station.report("done", "2.csv");
    assert_eq!((&report["content"], &report["verdict"]), (&json!("operations"), &json!("done")));
    let findings = report["findings"].as_array().unwrap().iter();
    let said: Vec<_> = findings.map(|one| (one["code"].as_str().unwrap(), one["place"].as_str())).collect();
    assert_eq!(
        said,
        [("operation-unreadable", Some("row 6, column 3")), ("operation-ahead", Some("row 7, column 1"))],
        "{report:#}"
    );
    let bagged = "SELECT COUNT(*), SUM(custody = 2), SUM(events) FROM item";
    let before = station.ask(bagged);
    assert!(before.starts_with("2|2|"), "{before}");
    station.drop_file("3.csv", &table);
    assert_eq!(station.report("done", "duplicates/3.csv")["first"], "2.csv");
    assert_eq!(station.ask(bagged), before, "nothing was done twice");
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

/// The report names the lines that an editor shows: with blank ones before them, and breaks inside quotes.
#[test]
fn faults_of_a_table_are_told_by_their_lines() {
    let station = Station::new();
    let daemon = station.start();
    let mut table = Table::new();
    // Lines 2 and 3, then two blank ones.
    table.line("2025-03-03T09:00", "scan", "P1", "7,,,\"torn\nand wet\"\n\n");
    table.line("2025-03-03T09:01", "scan", "P2", "heavy");
    table.line("2099-01-01T09:00", "scan", "P3", "7,,,\"wet\ntoo\"");
    table.line("2099-01-01T09:01", "scan", "P4", "7");
    let table = table.text();
    for (file, text) in [("lf.csv", table.clone()), ("crlf.csv", table.replace('\n', "\r\n"))] {
        station.drop_file(file, &text);
        let report = station.report("done", file);
        let findings = report["findings"].as_array().unwrap().iter();
        let said: Vec<_> =
            findings.map(|one| (one["code"].as_str().unwrap(), one["place"].as_str().unwrap())).collect();
        assert_eq!(
            said,
            [
                ("operation-unreadable", "row 6, column 4"),
                ("operation-ahead", "row 7, column 1"),
                ("operation-ahead", "row 9, column 1"),
            ],
            "{report:#}"
        );
    }
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn a_station_has_one_daemon() {
    let station = Station::new();
    let first = station.open();
    run(["run", "--station", station.root().to_str().unwrap()]).check(
        &station.root(),
        "exit 75
--- stdout
--- stderr
error: another process works on `DIR`
hint: only one daemon may run on a station folder",
    );
    first.kill();
    let next = station.start();
    station.drop_file("a.xml", fs::read(fixture("three-items/declarations/three.xml")).unwrap());
    station.report("done", "a.xml");
    assert_eq!(next.terminate().code(), Some(0), "the lock went with the process that was killed");
}

#[test]
fn a_daemon_goes_on_where_the_last_one_stopped() {
    let station = Station::new();
    station.drop_file("1.xml", declarations(&[Item::parcel(1, "KZ", 950)]));
    let daemon = station.start();
    station.report("done", "1.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    station.drop_file("2.xml", declarations(&[Item::parcel(2, "KZ", 950)]));
    let daemon = station.start();
    station.report("done", "2.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT id, name, attempts, is_moved FROM file"), "1|1.xml|1|1\n2|2.xml|1|1");
}

#[test]
fn a_daemon_that_is_asked_to_end_stops_between_two_files() {
    let station = Station::new();
    for file in 0..80 {
        let items: Vec<Item> = (1..=40).map(|item| Item::parcel(file * 100 + item, "KZ", 950)).collect();
        station.drop_file(format!("{file:02}.xml"), declarations(&items));
    }
    let daemon = station.start();
    station.report("done", "00.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert!(!station.files("inbox").is_empty(), "it does not first take all that lies there");
    assert_eq!(station.files("work"), Vec::<String>::new());
    let daemon = station.start();
    station.report("done", "79.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    let sums = "SELECT COUNT(*), SUM(attempts), SUM(is_moved), (SELECT COUNT(*) FROM item) FROM file";
    assert_eq!(station.ask(sums), "80|80|80|3200");
}
