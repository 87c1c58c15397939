//! Correspondents: folders of the inbox whose files are read with what the settings say of them.

use std::fs;

use serde_json::Value;

use crate::support::{Station, fixture, project, run, wait_for};

const SOURCES: &str = r#"
[[correspondent]]
folder = "almaty"
encoding = "windows-1251"
mappings = ["almaty.toml"]

[[correspondent]]
folder = "customs"
certificates = ["customs.pem"]

[tariff]
"#;

/// Makes a station with two correspondents, whose files lie beside its settings.
fn station() -> Station {
    let station = Station::with(|settings| {
        settings.replace("language = \"zh\"", "language = \"en\"").replace("\n[tariff]\n", SOURCES)
    });
    fs::copy(fixture("declaration/mapping-russian/mapping.toml"), station.path("almaty.toml")).unwrap();
    let keys = project().join("crates/declaration/tests/signature");
    fs::copy(keys.join("rsa.pem"), station.path("customs.pem")).unwrap();
    station
}

/// Returns what a report says of a file, and the codes of what was found about the file itself.
fn said(report: &Value) -> String {
    let findings = report["findings"].as_array().unwrap().iter().filter(|finding| finding["item"].is_null());
    let mut codes: Vec<&str> = findings.map(|finding| finding["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    codes.dedup();
    let [file, verdict, content] = ["file", "verdict", "content"].map(|name| report[name].as_str().unwrap());
    format!("{file} {verdict} {content} {} {}", report["items"], codes.join(" "))
}

#[test]
fn the_folder_of_a_file_says_how_its_tables_are_read() {
    let station = station();
    let table = fs::read(fixture("declaration/mapping-russian/input.csv")).unwrap();
    let daemon = station.open();
    assert!(station.path("inbox/almaty").is_dir(), "every correspondent has its folder");
    // The same columns mean nothing where nobody has said what they mean.
    station.drop_file("list.csv", [&table[..], b"\n"].concat());
    let report = station.report("failed", "list.csv");
    assert_eq!(said(&report).split(' ').next_back(), Some("format-unknown"), "{report:#}");
    station.drop_file("almaty/list.csv", &table);
    let report = station.report("done", "almaty/list.csv");
    assert!(
        said(&report).starts_with("almaty/list.csv done csv 2 column-missing encoding-detected"),
        "{report:#}"
    );
    station.drop_file("almaty/again.csv", &table);
    let report = station.report("done", "duplicates/almaty/again.csv");
    assert_eq!(report["first"], "almaty/list.csv");
    assert_eq!(daemon.terminate().code(), Some(0));
    for empty in ["inbox", "work", "tmp"] {
        assert_eq!(station.files(empty), Vec::<String>::new(), "{empty}");
    }
    station.assert_sound();
}

#[test]
fn customs_messages_count_only_with_the_signature_that_was_agreed_on() {
    let station = station();
    let keys = project().join("crates/declaration/tests/signature");
    let key = |name: &str| keys.join(name).to_string_lossy().into_owned();
    let plain = fixture("declaration/ceb/export-list/input.xml");
    let signed = |name: &str| {
        let with = ["--key", &key(&format!("{name}-key.pem")), "--certificate", &key(&format!("{name}.pem"))];
        run(["sign", &plain.to_string_lossy(), "--key-name", "01"].iter().chain(&with)).ok()
    };
    let (ours, other) = (signed("rsa"), signed("sm2"));
    let changed = ours.replacen("<ceb:itemNo>", "<ceb:itemNo>9", 1);
    assert_ne!(ours, changed);
    let daemon = station.open();
    for (name, bytes, folder, expected) in [
        ("customs/unsigned.xml", &fs::read_to_string(&plain).unwrap(), "failed", "signature-absent"),
        ("customs/other.xml", &other, "failed", "signature-untrusted"),
        ("customs/changed.xml", &changed, "failed", "signature-digest"),
        ("customs/signed.xml", &ours, "done", ""),
        // Where no certificate is agreed on, a signature shows that nothing was changed.
        ("signed-by-another.xml", &format!("{other}\n"), "done", "signature-of-anyone"),
        ("changed.xml", &format!("{changed}\n"), "failed", "signature-digest"),
    ] {
        station.drop_file(name, bytes);
        let report = station.report(folder, name);
        let codes = said(&report);
        let signatures: Vec<&str> = codes.split(' ').filter(|code| code.starts_with("signature-")).collect();
        assert_eq!(signatures.join(" "), expected, "{name}: {report:#}");
        assert!(folder == "done" || report["items"] == 0, "{name}: {report:#}");
    }
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn a_folder_that_is_no_source_is_told_and_left_alone() {
    let station = station();
    fs::create_dir(station.path("inbox/nobody")).unwrap();
    station.drop_file("nobody/list.csv", "a,b\n");
    let daemon = station.open();
    wait_for("the warning", || station.log().contains("is no correspondent's").then_some(()));
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.files("inbox"), ["nobody/list.csv"]);
}

#[test]
fn what_a_source_needs_must_be_there_and_right() {
    for (name, bytes, code, expected) in [
        ("almaty.toml", Some("columns = 1\n"), 78, "the mapping cannot be used"),
        ("customs.pem", Some("no certificate"), 78, "is no certificate that can be used"),
        ("customs.pem", None, 66, "cannot read"),
    ] {
        let station = station();
        match bytes {
            Some(bytes) => fs::write(station.path(name), bytes).unwrap(),
            None => fs::remove_file(station.path(name)).unwrap(),
        }
        let ran = run(["run", "--station", &station.root().to_string_lossy()]);
        assert_eq!(ran.code, Some(code), "{ran:#?}");
        assert!(ran.stderr.contains(expected) && ran.stderr.contains(name), "{ran:#?}");
    }
}
