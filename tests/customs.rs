//! Customs by messages of the unified version: what a station files passes the schemas, and what it hears counts once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::replay::{ask, copy, told_otherwise};
use crate::support::{Station, fixture, project, run, wait_for};

/// Replays the day of lists and returns the station folder.
fn day(folder: &Path) -> PathBuf {
    let station = folder.join("station");
    let scenario = fixture("kashgar-9610");
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap(), "--check"]).ok();
    station
}

/// Returns the messages to customs in an outbox, by path.
fn messages(station: &Path) -> Vec<PathBuf> {
    let folders = [station.join("outbox/customs"), station.join("outbox/customs/unsigned")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let mut files: Vec<_> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Returns the messages to customs that the scenarios expect, signed ones and unsigned ones.
fn expected() -> Vec<PathBuf> {
    let scenarios = fs::read_dir(project().join("fixtures")).unwrap();
    let expected = scenarios.map(|entry| entry.unwrap().path().join("expected"));
    expected
        .filter(|folder| folder.join("outbox/customs").is_dir())
        .flat_map(|folder| messages(&folder))
        .collect()
}

/// Returns what `xmllint` says against the messages by a schema; nothing when all are valid.
fn judge(schema: &Path, messages: &[PathBuf]) -> String {
    let lint =
        Command::new("xmllint").args(["--nonet", "--noout", "--schema"]).arg(schema).args(messages).output();
    let said = String::from_utf8_lossy(&lint.expect("`xmllint` runs").stderr).into_owned();
    let invalid = said.lines().filter(|line| !line.ends_with(" validates"));
    invalid.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_filed_passes_the_schemas() {
    let folder = tempfile::tempdir().unwrap();
    let messages = messages(&day(folder.path()));
    assert_eq!(messages.len(), 9, "{messages:?}");
    let own = project().join("schemas/ceb-export-202205.xsd");
    assert_eq!(judge(&own, &messages), "");
    let expected = expected();
    assert!(expected.len() >= messages.len(), "{expected:?}");
    assert_eq!(judge(&own, &expected), "");
    let Some(samples) = std::env::var_os("CARAVAN_SAMPLES") else {
        eprintln!("the official schema is skipped: CARAVAN_SAMPLES is not set");
        return;
    };
    let official = folder.path().join("official");
    fs::create_dir_all(&official).unwrap();
    for entry in fs::read_dir(PathBuf::from(samples).join("ceb/xsd-202205")).unwrap() {
        let path = entry.unwrap().path();
        let mut text = fs::read_to_string(&path).unwrap();
        // The schema of signatures has a DOCTYPE, and one includes another under a name that it has not here.
        if let Some(start) = text.find("<!DOCTYPE") {
            let end = start + text[start..].find("]>").unwrap() + 2;
            text.replace_range(start..end, "");
        }
        let text = text.replace("终端节点报文.xsd", "terminal-node.xsd");
        fs::write(official.join(path.file_name().unwrap()), text).unwrap();
    }
    assert_eq!(judge(&official.join("export-business.xsd"), &messages), "");
    assert_eq!(judge(&official.join("export-business.xsd"), &expected), "");
}

#[test]
fn what_the_station_signs_holds() {
    let folder = tempfile::tempdir().unwrap();
    let station = day(folder.path());
    let certificate = station.join("station.pem");
    for message in messages(&station) {
        let path = message.to_str().unwrap();
        let ran = run(["verify", path, "--certificate", certificate.to_str().unwrap()]);
        let is_unsigned = path.contains("/unsigned/");
        assert_eq!(ran.code == Some(0), !is_unsigned, "{path}\n{}", ran.stdout);
        assert_eq!(ran.stdout.contains("signature-absent"), is_unsigned, "{}", ran.stdout);
    }
}

#[test]
fn what_has_receivers_is_signed_and_then_wrapped() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    copy(&fixture("kashgar-9610"), &scenario);
    let settings = fs::read_to_string(scenario.join("station.toml")).unwrap();
    let settings = settings.replace("lines_max", "receivers = [\"DXPEDCCEB0000002\"]\nlines_max");
    fs::write(scenario.join("station.toml"), settings).unwrap();
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let (unsigned, signed): (Vec<_>, Vec<_>) =
        messages(&station).into_iter().partition(|path| path.to_str().unwrap().contains("/unsigned/"));
    assert_eq!((unsigned.len(), signed.len()), (3, 6));
    assert_eq!(judge(&project().join("schemas/dxp.xsd"), &signed), "");
    assert_eq!(judge(&project().join("schemas/ceb-export-202205.xsd"), &unsigned), "");
    for message in signed {
        let certificate = station.join("station.pem");
        run(["verify", message.to_str().unwrap(), "--certificate", certificate.to_str().unwrap()]).ok();
    }
}

/// The line of the day of lists before which the truck is opened again.
const SIGNED: &str = "2026-11-16T14:30:00,sign,";

/// Returns the values of an element in a message.
fn values(message: &Path, element: &str) -> Vec<String> {
    let text = fs::read_to_string(message).unwrap();
    let begin = format!("<ceb:{element}>");
    text.split(&*begin).skip(1).map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[test]
fn a_bag_that_is_taken_down_is_on_no_list() {
    let folder = tempfile::tempdir().unwrap();
    let opened = format!(
        "2026-11-16T14:27:00,open-container,KG-B1234A,,,,act 77\n\
         2026-11-16T14:27:10,held,CP710000066CN,,,,act 77\n\
         2026-11-16T14:27:20,take-out,CP710000052CN,,,,act 77\n\
         2026-11-16T14:29:00,seal,KG-B1234A,,,CN9610009,\n{SIGNED}"
    );
    let changes = [
        ("station.toml", "items_max = 100", "items_max = 12"),
        ("operations.csv", SIGNED, opened.as_str()),
        ("operations.csv", "2026-11-16T14:10:00,file-again,607260000001/2,,,,sent again by the broker\n", ""),
    ];
    let station = told_otherwise(folder.path(), "kashgar-9610", &changes);
    let inside = "SELECT item.key FROM item JOIN receptacle ON receptacle.id = item.receptacle \
                  WHERE receptacle.container IS NOT NULL AND item.arrival IS NOT NULL";
    let count = ask(&station, inside).lines().count();
    let filed = messages(&station);
    let again = filed.iter().find(|path| path.to_str().unwrap().ends_with("607260000001-1-2.xml")).unwrap();
    let bags = ask(&station, "SELECT s9 FROM receptacle WHERE container IS NOT NULL");
    assert_eq!(values(again, "totalPackageNo"), vec![bags.clone(); count]);
    let numbers: Vec<String> = (1..=count).map(|number| number.to_string()).collect();
    assert_eq!((values(again, "gnum"), count > 5), (numbers, true));
    let left = filed.iter().filter(|path| path.to_str().unwrap().contains("CEB509"));
    let left: Vec<String> = left.flat_map(|path| values(path, "totalPackageNo")).collect();
    assert_eq!(left, vec![bags; left.len()]);
}

#[test]
fn a_message_that_cannot_be_written_waits_to_be_mended() {
    let folder = tempfile::tempdir().unwrap();
    let number = ",KG-B1234A,T261116000001,";
    // What customs calls the transfer has a character that no message may have.
    let wrong = number.replace("T26", "T26\u{FFFE}");
    // Customs answers nothing about what it does not get.
    let changes = [
        ("operations.csv", number, wrong.as_str()),
        ("arrivals.csv", "2026-11-16T14:05,customs/bags.xml\n", ""),
        ("arrivals.csv", "2026-11-16T14:25,customs/bags-2.xml\n", ""),
    ];
    let station = told_otherwise(folder.path(), "kashgar-9610", &changes);
    let found = "SELECT DISTINCT code, json_extract(arguments, '$[0]') FROM finding WHERE code = 'message-unwritable'";
    assert_eq!(ask(&station, found), "message-unwritable|CEB607");
    assert_eq!(ask(&station, "SELECT DISTINCT state FROM filing WHERE form = 607"), "2");
    assert!(!station.join("outbox/customs/unsigned").exists(), "nothing else is unsigned");
    let left = "SELECT COUNT(*) FROM departure WHERE state = 3 AND left_behind LIKE '%bag-list-rejected%'";
    assert_eq!(ask(&station, left), "1");

    let folder = tempfile::tempdir().unwrap();
    let blanks = number.replace("T26", "T26  ");
    let station = told_otherwise(folder.path(), "kashgar-9610", &[("operations.csv", number, &blanks)]);
    let told = station.join("outbox/customs/unsigned/CEB607Message-607260000001-1.xml");
    assert_eq!(values(&told, "voyageNo"), ["T26 1116000001"]);
}

#[test]
fn what_has_come_back_since_had_still_left() {
    let folder = tempfile::tempdir().unwrap();
    let again = "2026-11-16T16:40:00,file-again,";
    let back = format!("2026-11-16T16:35:00,scan,CP710000211CN,650,,,\n{again}");
    let station = told_otherwise(folder.path(), "kashgar-9610", &[("operations.csv", again, &back)]);
    assert_eq!(ask(&station, "SELECT COUNT(*) FROM came_back"), "1");
    let [first, second] =
        ["", "-2"].map(|end| station.join(format!("outbox/customs/CEB509Message-509260000001-2{end}.xml")));
    assert!(values(&first, "logisticsNo").contains(&"CP710000211CN".to_owned()));
    for element in ["logisticsNo", "totalPackageNo", "grossWeight"] {
        assert_eq!(values(&first, element), values(&second, element));
    }
}

#[test]
fn what_is_taken_out_is_taken_back_from_customs() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    copy(&fixture("kashgar-9610"), &scenario);
    let table = fs::read_to_string(scenario.join("operations.csv")).unwrap();
    let before = table.lines().take_while(|line| !line.starts_with("2026-11-16T14:10"));
    let mut lines: Vec<String> = before.map(str::to_owned).collect();
    lines.push("2026-11-16T14:00,open-container,KG-B1234A,,,,act 9".to_owned());
    let scanned = table.lines().filter_map(|line| line.split_once(",scan,"));
    let names: Vec<&str> = scanned.map(|(_, rest)| &rest[..13]).collect();
    // These two are declared between the head offices.
    let listed = |name: &&&str| !["CP710000239CN", "CP710000242CN"].contains(*name);
    for (at, operation) in [("14:01", "held"), ("14:02", "take-out")] {
        let each = names.iter().filter(listed);
        lines.extend(each.map(|name| format!("2026-11-16T{at},{operation},{name},,,,act 9")));
    }
    lines.push("2026-11-16T14:05,seal,KG-B1234A,,,CN9610002,\n".to_owned());
    fs::write(scenario.join("operations.csv"), lines.join("\n")).unwrap();
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let told: Vec<(String, String)> = messages(&station)
        .into_iter()
        .filter(|path| path.to_str().unwrap().contains("CEB607"))
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(path).unwrap())
        })
        .collect();
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    let lines_of = |text: &str| -> Vec<String> {
        let lines = text.split("<ceb:logisticsNo>").skip(1);
        lines.map(|line| line[..13].to_owned()).collect()
    };
    let of =
        |name: &str| &told.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{names:?}")).1;
    let (first, back) = (of("CEB607Message-607260000001-1"), of("CEB607Message-607260000001-1-2"));
    assert!(first.contains("<ceb:appType>1<"), "{first}");
    assert!(back.contains("<ceb:appType>3<"), "{back}");
    assert_eq!(lines_of(first), lines_of(back));
    assert!(!lines_of(back).is_empty());
    assert!(back.contains("<ceb:voyageNo>T261116000001<"), "{back}");
    // The other part customs had turned down: there is nothing to take back.
    assert!(!names.contains(&"CEB607Message-607260000001-2-2"), "{names:?}");
    let own = project().join("schemas/ceb-export-202205.xsd");
    assert_eq!(judge(&own, &messages(&station)), "");
    run(["db", "check", "--station", station.to_str().unwrap()]).ok();
}

/// Returns a station with the settings and files of the day of lists.
fn station() -> Station {
    let folder = fixture("kashgar-9610");
    let settings = fs::read_to_string(folder.join("station.toml")).unwrap();
    let station = Station::with(|_| settings.clone());
    for name in ["rates.toml", "station-key.pem", "station.pem", "customs.pem"] {
        fs::copy(folder.join(name), station.path(name)).unwrap();
    }
    station
}

/// Returns a file of the day of lists.
fn declared(name: &str) -> String {
    fs::read_to_string(fixture("kashgar-9610").join("declarations").join(name)).unwrap()
}

#[test]
fn a_daemon_takes_every_answer_once() {
    let station = station();
    let daemon = station.open();
    for name in ["platform/items.xml", "platform/lists-a.xml"] {
        station.drop_file(name, declared(name));
        station.report("done", name);
    }
    // Long ago: the report of arrivals is due as soon as they are known.
    station.drop_file(
        "scans.csv",
        "at,operation,subject,value\n2025-03-03T09:00,scan,CP710000018CN,170\n2025-03-03T09:01,scan,CP710000052CN,950\n",
    );
    station.report("done", "scans.csv");
    let message = station.path("outbox/customs/CEB507Message-507250000001-1.xml");
    wait_for("the report of arrivals", || message.is_file().then_some(()));
    let text = fs::read_to_string(&message).unwrap();
    assert!(text.contains("<ceb:appTime>20250303091000</ceb:appTime>"), "{text}");
    assert_eq!(text.matches("<ceb:ArrivalList>").count(), 2);

    station.drop_file("customs/lists-1.xml", declared("customs/lists-1.xml"));
    let report = station.report("done", "customs/lists-1.xml");
    let codes: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    // Ten of the lists never came to this station.
    assert_eq!(codes.iter().filter(|code| *code == "customs-answer-unmatched").count(), 10, "{report}");
    assert!(codes.contains(&"customs-answers-taken".into()), "{report}");
    station.drop_file("customs/again.xml", declared("customs/lists-1.xml"));
    station.report("done", "duplicates/customs/again.xml");
    daemon.kill();

    let daemon = station.open();
    let released = declared("customs/lists-2.xml");
    station.drop_file("customs/changed.xml", released.replace("<returnStatus>500<", "<returnStatus>800<"));
    let report = station.report("failed", "customs/changed.xml");
    assert!(report["findings"].to_string().contains("signature-digest"), "{report}");
    station.drop_file("customs/lists-2.xml", released);
    station.report("done", "customs/lists-2.xml");
    assert_eq!(daemon.terminate().code(), Some(0));
    let asked = "SELECT item.customs, history.code, history.detail FROM history JOIN item ON item.id = subject \
                 WHERE kind = 1 AND item.arrival IS NOT NULL AND detail LIKE '%604%' ORDER BY item.id, n";
    let expected = "4|customs-answer|604 120 海关入库\n4|EXC|released 604 800 放行\n\
                    2|customs-answer|604 120 海关入库\n2|EXB|inspect 604 500 查验";
    assert_eq!(station.ask(asked), expected);
    station.assert_sound();
}
