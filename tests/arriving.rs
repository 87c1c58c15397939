//! Mail from abroad through the inbox of a daemon: taken line by line, and the daemon started anew between, it comes to
//! the same as in one piece.

use std::fs;

use crate::support::{Station, fixture, run, wait_for};

/// What a station knows and says, without the files that it knows it from and the times at which those came.
const FACTS: [&str; 5] = [
    "SELECT key, name, decision, journey, origin, destination, stream, declared_g, scale_g, custody, customs, \
     receptacle, duty, run, version, events FROM item ORDER BY id",
    "SELECT kind, subject, n, code, detail FROM history ORDER BY kind, subject, n",
    "SELECT id, kind, state, dispatch, s9, items, scale_g, volume_cm3, seal, advice, events FROM receptacle ORDER BY id",
    "SELECT id, year, s8, state, receptacles, closed_ms, events FROM dispatch ORDER BY id",
    "SELECT key, hex(outbound_body.body) FROM outbound JOIN outbound_body ON outbound_body.id = outbound.body ORDER BY key",
];

/// Returns a station with the settings of the scenario, but without a timetable and without what is presented by itself:
/// both would go by today.
fn station() -> Station {
    let text = fs::read_to_string(fixture("chongqing-inbound").join("station.toml")).unwrap();
    let (settings, rest) = text.split_once("[[route]]").unwrap();
    let (_, customs) = rest.split_once("[customs]").unwrap();
    let customs: Vec<&str> = customs.lines().filter(|line| !line.starts_with("present")).collect();
    let station = Station::with(|_| format!("{settings}\n[customs]{}\n", customs.join("\n")));
    fs::copy(fixture("chongqing-inbound").join("rates.toml"), station.path("rates.toml")).unwrap();
    station
}

/// Returns the files of the scenario in their order, with so many operations in each table.
fn files(lines: usize) -> Vec<(String, String)> {
    let read = |name: &str| fs::read_to_string(fixture("chongqing-inbound").join(name)).unwrap();
    let declarations = ["parcels.edi", "letters.edi", "predes.edi"];
    let mut files: Vec<(String, String)> =
        declarations.iter().map(|name| ((*name).to_owned(), read(&format!("declarations/{name}")))).collect();
    let table = read("operations.csv");
    let (heading, operations) = table.split_once('\n').unwrap();
    let operations: Vec<&str> = operations.lines().collect();
    let tables = |operations: &[&str]| -> Vec<(String, String)> {
        let tables = operations.chunks(lines).map(|lines| format!("{heading}\n{}\n", lines.join("\n")));
        tables.map(|text| ("operations.csv".to_owned(), text)).collect()
    };
    // What comes between the operations: answers of customs, and a declaration that was captured from a label.
    let mut rest = &operations[..];
    for (at, name) in [
        ("2026-11-19T11:00", "answers-1.xml"),
        ("2026-11-19T13:30", "captured.xml"),
        ("2026-11-19T14:00", "answers-2.xml"),
        ("2026-11-20T10:06", "answers-3.xml"),
    ] {
        let (before, after) = rest.split_at(rest.iter().position(|line| *line >= at).unwrap());
        files.extend(tables(before));
        files.push((name.to_owned(), read(&format!("declarations/{name}"))));
        rest = after;
    }
    files.extend(tables(rest));
    files.into_iter().zip(10_000..).map(|((name, text), n)| (format!("{n}-{name}"), text)).collect()
}

/// The one door: lets a station take the files, with a new daemon for each part of so many, and returns its facts.
fn told(lines: usize, files_a_daemon: usize) -> Vec<String> {
    let station = station();
    let mut done = 0;
    for part in files(lines).chunks(files_a_daemon) {
        for (name, text) in part {
            station.drop_file(name, text);
        }
        let daemon = station.open();
        done += part.len();
        let is_done = || {
            let waiting = "SELECT (SELECT COUNT(*) FROM file WHERE is_moved = 0) \
                           + (SELECT COUNT(*) FROM outbound WHERE is_delivered = 0)";
            let moved = station.ask("SELECT COUNT(*) FROM file WHERE is_moved = 1");
            (moved == done.to_string() && station.ask(waiting) == "0").then_some(())
        };
        wait_for("the end of all files", is_done);
        assert_eq!(daemon.terminate().code(), Some(0), "{}", station.log());
    }
    assert_eq!(station.files("failed"), Vec::<String>::new());
    station.assert_sound();
    let note = fs::read_to_string(station.path("outbox/verification/DEFRAACNCKGACCN60042.txt")).unwrap();
    assert!(note.contains("item missing") && note.contains("receptacle missing"), "{note}");
    let listed = run(["work", "--station", station.root().to_str().unwrap(), "--json"]).ok();
    assert!(listed.contains("verification-drafted") && listed.contains("DEFRAACNCKGACCN60042"), "{listed}");
    FACTS.iter().map(|sql| station.ask(sql)).collect()
}

#[test]
fn a_train_comes_to_the_same_in_one_piece_and_line_by_line() {
    let whole = told(1000, 1000);
    assert!(whole.iter().all(|facts| !facts.is_empty()));
    let lines = |facts: &[String]| -> Vec<String> {
        facts.iter().flat_map(|facts| facts.lines()).map(str::to_owned).collect()
    };
    let (by_line, whole) = (lines(&told(1, 25)), lines(&whole));
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|line| !those.contains(line)).cloned().collect()
    };
    assert_eq!(only(&by_line, &whole), only(&whole, &by_line), "line by line, and in one piece");
    assert_eq!(by_line, whole);
}
