//! A station whose daemon is killed again and again ends with the same facts as one that was left in peace.
//!
//! Both get the same files. In March 2025 they scan and release what was declared; receptacles fill and are weighed,
//! a dispatch closes, a container from another office leaves. A second table then weighs what the cut-off closed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use caravan_store::Stopwatch;

use crate::mail::{Item, Table, declarations};
use crate::support::{Station, wait_for};

/// How often the daemon is killed at the least.
const KILLS: u32 = 12;
/// What the killing is drawn from, unless `CARAVAN_TEST_SEED` says otherwise.
const SEED: u64 = 20_250_303;
/// The parcels to Kazakhstan in each of the files, all of one weight.
const PARCELS: u32 = 360;
const FILES: u32 = 7;

/// A route with two departures, both long gone: whatever they ask for is due as soon as they are known.
const ROUTE: &str = r#"
[[route]]
name = "road"
mode = "road"
offices = ["KZALAA", "UZTASA"]
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
departs = "18:00"
valid_from = "2025-03-03"
valid_to = "2025-03-04"
carrier = "Kazpost"
carrier_edi_address = "KZ001"
handed_to = "KZALAA"
leads_min = { gate_in = 60, customs = 60, sealed = 30, dispatch_close = 60, last_bag = 30, item = 90 }
vehicles = [{ payload_kg = 20000, volume_dm3 = 90000, usable_permille = 900 }]

"#;

fn station() -> Station {
    Station::with(|settings| {
        let (before, rest) = settings.split_once("# The routes with their timetables.").unwrap();
        let (_, after) = rest.split_once("# What the station has decided").unwrap();
        let asked = "edi_address = \"KZ001\"\nmessages = [\"predes\", \"itmatt\", \"precon\", \"emsevt\"]";
        let before = before.replace("edi_address = \"KZ001\"", asked);
        format!("{before}{ROUTE}# What the station has decided{after}")
    })
}

/// The files of the first part, in the order of their names, which is the order in which they are taken; at the end of
/// their operations `full` is weighed.
fn first_files(full: &str) -> BTreeMap<String, String> {
    let mut first = Table::new();
    // The first thing that happens there: from then on there is a timetable.
    first.line("2025-03-03T08:00", "scan", "CP777777774CN", "400");
    let mut files = BTreeMap::from([("00-first.csv".to_owned(), first.text())]);
    let mut all = Vec::new();
    for file in 0..FILES {
        let serials = file * PARCELS + 1..=(file + 1) * PARCELS;
        let mut items: Vec<Item> = serials.map(|serial| Item::parcel(serial, "KZ", 1000)).collect();
        // The last of each file is held, and so is nothing that anyone bags.
        let last = items.pop().unwrap().with_power_bank();
        all.extend(items.iter().cloned());
        items.push(last);
        files.insert(format!("1{file}-parcels.xml"), declarations(&items));
    }
    let letters: Vec<Item> = (1..=60).map(Item::letter).collect();
    // Too large for a receptacle: each is one by itself, and nothing of its dispatch stays on a stand.
    let pieces: Vec<Item> = (9001..=9003).map(|serial| Item::parcel(serial, "UZ", 25_000)).collect();
    let express: Vec<Item> = (9001..=9002).map(Item::express).collect();
    let pieces = [pieces, express].concat();
    files.insert("20-letters.xml".to_owned(), declarations(&[&letters[..], &pieces].concat()));
    // Further versions of what is known, one of them for someone else.
    let mut again: Vec<Item> = all[..20].to_vec();
    for item in &mut again {
        item.description = "Knitted cotton vest";
    }
    again[7].country = "KG";
    files.insert("30-again.xml".to_owned(), declarations(&again));
    files.insert("40-copy.xml".to_owned(), files["11-parcels.xml"].clone());
    let cut = files["12-parcels.xml"].replace("CP0", "CP1");
    files.insert("50-cut.xml".to_owned(), cut[..cut.len() / 2].to_owned());
    files.insert("60-operations.csv".to_owned(), operations(&[all, letters, pieces].concat(), full));
    files
}

/// More lines than are written in one transaction, so that a kill can fall between two.
fn operations(items: &[Item], full: &str) -> String {
    let mut table = Table::new();
    for item in items {
        table.scan_and_release("2025-03-03T09:00", item);
    }
    weigh(&mut table, "2025-03-03T10:00", full);
    table.line("2025-03-03T10:30", "receive-receptacle", "CNCKGAKZALAACCN50012001100145", "14500,,,");
    table.line("2025-03-03T11:00", "announce", "TCNU1234565", ",road/2025-03-03T18:00,,");
    table.line(
        "2025-03-03T11:10",
        "receive-container",
        "MSKU1234565",
        "9000000,road/2025-03-03T18:00,ML0001,440",
    );
    table.line("2025-03-03T11:20", "transfer-number", "MSKU1234565", "ZG2025030300001,,,");
    table.line("2025-03-03T11:30", "sign", "MSKU1234565", ",,,");
    table.text()
}

/// Weighs receptacles, given one a line by tag and weight.
fn weigh(table: &mut Table, at: &str, receptacles: &str) {
    for line in receptacles.lines() {
        let (tag, grams) = line.split_once('|').unwrap();
        table.line(at, "weigh-receptacle", tag, grams);
    }
}

/// Returns the receptacles that wait for the scale.
fn waiting(station: &Station) -> String {
    station.ask("SELECT printf('B%06d', id), content_g + tare_g FROM receptacle WHERE state = 6 ORDER BY id")
}

/// The files of the second part: what the cut-off took from its stand is weighed.
fn second_files(station: &Station) -> BTreeMap<String, String> {
    let last = waiting(station);
    assert!(last.lines().count() >= 2, "the last of the parcels and that of the letters: {last}");
    let mut table = Table::new();
    weigh(&mut table, "2025-03-04T10:00", &last);
    let table = table.text();
    BTreeMap::from([
        ("70-weighed.csv".to_owned(), table.clone()),
        ("80-weighed-again.csv".to_owned(), table),
        ("90-answers.edi".to_owned(), answers(station)),
    ])
}

/// What a partner says in one interchange of the container that has left, of the dispatches that closed, and of items.
fn answers(station: &Station) -> String {
    let cn37 = station.ask("SELECT cn37 FROM container WHERE state = 3");
    let mut messages = vec![(
        "RESDIT:1:1",
        vec![format!("CNI++{}", cn37.trim()), "STS++74".to_owned(), "DTM+7:2503031800:201".to_owned()],
    )];
    let labelled = station.ask(
        "SELECT dispatch.s8, receptacle.s9 FROM receptacle JOIN dispatch ON dispatch.id = receptacle.dispatch ORDER BY receptacle.s9",
    );
    for line in labelled.lines() {
        let (s8, s9) = line.split_once('|').unwrap();
        let segments = [
            format!("BGM++{s8}"),
            "GID++1:BG".to_owned(),
            format!("PCI+++CW:{s9}"),
            "MEA+WT+AAB+KGM:99.9".to_owned(),
            "RFF+ACU:20".to_owned(),
            "DTM+7:2503051200:201".to_owned(),
        ];
        messages.push(("RESDES:1:912", segments.to_vec()));
    }
    let mut events = Vec::new();
    for serial in 1..=PARCELS {
        for event in ["EMD", "EDB", "EDC"] {
            let item = format!("CNI++{}", Item::parcel(serial, "KZ", 1000).identifier);
            let time = "DTM+7:202503051200:203".to_owned();
            events.extend([item, format!("STS++{event}"), time, "LOC+48+KZALAA::139".to_owned()]);
        }
    }
    messages.push(("EMSEVT:3:0", events));
    let mut text = "UNB+UNOA:1+KZ001:UP+CN001:UP+250305:1200+00000000000007'\n".to_owned();
    for ((kind, segments), number) in messages.iter().zip(1..) {
        let count = segments.len() + 2;
        let segments = segments.join("'\n");
        writeln!(text, "UNH+{number}+{kind}:UP'\n{segments}'\nUNT+{count}+{number}'").unwrap();
    }
    writeln!(text, "UNZ+{}+00000000000007'", messages.len()).unwrap();
    text
}

/// Returns how many files have come to their end.
fn ended(station: &Station) -> usize {
    let files = ["done", "failed"].map(|part| station.files(part)).concat();
    files.iter().filter(|name| !name.ends_with(".report.json")).count()
}

/// Returns whether everything is done: no file waits, and nothing is due that has not left.
fn is_quiet(station: &Station) -> bool {
    let is_empty = ["inbox", "work"].iter().all(|part| station.files(part).is_empty());
    is_empty
        && station.ask(
            "SELECT (SELECT COUNT(*) FROM file WHERE is_moved = 0) + (SELECT COUNT(*) FROM departure WHERE state NOT IN (2, 3)) \
             + (SELECT COUNT(*) FROM outbound WHERE is_delivered = 0)",
        ) == "0"
}

fn drop_all(station: &Station, files: &BTreeMap<String, String>) {
    for (name, text) in files {
        station.drop_file(name, text);
    }
}

/// Lets one daemon do everything, and returns how long that took.
fn in_peace(station: &Station, files: &BTreeMap<String, String>) -> Duration {
    drop_all(station, files);
    let watch = Stopwatch::start();
    let daemon = station.start();
    wait_for("the end of all files", || is_quiet(station).then_some(()));
    let taken = watch.elapsed();
    assert_eq!(daemon.terminate().code(), Some(0));
    taken
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Kills one daemon after the other at drawn moments, until everything is done, and returns how many died so. In peace
/// it takes as long as `peace`.
fn under_fire(station: &Station, files: &BTreeMap<String, String>, peace: Duration, draw: &mut Draw) -> u32 {
    drop_all(station, files);
    let peace_us = u64::try_from(peace.as_micros()).unwrap();
    let mut wait_below = |bound_us: u64| std::thread::sleep(Duration::from_micros(draw.below(bound_us)));
    let (mut kills, mut idle) = (0, 0);
    while !(station.path("station.db").exists() && is_quiet(station)) {
        assert!(kills < 300, "it comes to an end\n{}", station.log());
        let before = ended(station);
        let daemon = station.start();
        // A file is begun three times. Twice in a row the kill may fall before any file has come to its end; then one
        // file is waited for. Otherwise the moment is some time after the start or after the next file's end.
        if idle == 2 || kills % 2 == 0 {
            wait_for("a file's end", || (ended(station) > before || is_quiet(station)).then_some(()));
            wait_below(peace_us / 30);
        } else {
            wait_below(peace_us / 8);
        }
        daemon.kill();
        kills += 1;
        idle = if ended(station) > before { 0 } else { idle + 1 };
    }
    kills
}

/// What a station knows, without the times at which it came to know it.
fn facts(station: &Station) -> String {
    let tables = [
        ("file", "id, hex(hash), name, bytes, kept_to, verdict, format, is_moved"),
        ("item", "*"),
        ("item_key", "key, item, fingerprint"),
        ("item_name", "name, item, fingerprint"),
        ("declaration", "id, file, ordinal, hex(packed), hex(assessment)"),
        ("redeclaration", "*"),
        ("charge", "*"),
        ("finding", "kind, subject, file, ordinal, code, severity, place, piece, field, arguments"),
        ("history", "kind, subject, n, code, detail"),
        ("receptacle", "*"),
        ("dispatch", "*"),
        ("departure", "*"),
        ("container", "*"),
        ("interchange", "id, sender, reference, file, is_test, is_back"),
        ("sequence", "*"),
        // A container's manifest says when it was written, and a note's draft when its answer was heard.
        (
            "outbound JOIN outbound_body ON outbound_body.id = outbound.body",
            "key, is_delivered, CASE WHEN key LIKE 'container/%/manifest.json' OR key LIKE 'verification/%' THEN '' \
             ELSE hex(outbound_body.body) END",
        ),
    ];
    let mut facts = String::new();
    for (table, columns) in tables {
        let mut rows: Vec<_> =
            station.ask(&format!("SELECT {columns} FROM {table}")).lines().map(str::to_owned).collect();
        rows.sort();
        writeln!(facts, "== {table}: {} rows\n{}", rows.len(), rows.join("\n")).unwrap();
    }
    facts
}

/// Returns the files of a part with their bytes, by path without the day.
fn tree(station: &Station, part: &str) -> BTreeMap<String, Vec<u8>> {
    let names = station.files(part).into_iter();
    names
        .map(|name| (fs::read(station.file(part, &name).unwrap()).unwrap(), name))
        .map(|(bytes, name)| (name, bytes))
        .collect()
}

/// Asserts that every file is in its last folder once, as it was, with one report.
fn assert_each_once(station: &Station, dropped: &BTreeMap<String, String>) {
    let (done, failed) = (tree(station, "done"), tree(station, "failed"));
    for (name, text) in dropped {
        let (tree, name) = match name.as_str() {
            "40-copy.xml" | "80-weighed-again.csv" => (&done, format!("duplicates/{name}")),
            "50-cut.xml" => (&failed, name.clone()),
            _ => (&done, name.clone()),
        };
        assert_eq!(tree.get(&name).map(Vec::as_slice), Some(text.as_bytes()), "{name} as it was dropped");
        assert!(tree.contains_key(&format!("{name}.report.json")), "{name} has its report");
    }
    assert_eq!(done.len() + failed.len(), 2 * dropped.len(), "and nothing else is there");
}

#[test]
fn a_killed_station_ends_with_the_same_facts() {
    let (peace, fire) = (station(), station());
    // Which receptacles are full when everything is scanned is learnt from a station without a timetable.
    let rehearsal = station();
    let mut files = first_files("");
    files.remove("00-first.csv");
    in_peace(&rehearsal, &files);
    let full = waiting(&rehearsal);
    assert!(full.lines().count() > 100, "most receptacles are full: {full}");
    let mut dropped = first_files(&full);
    let taken = in_peace(&peace, &dropped);
    let mut draw = Draw(std::env::var("CARAVAN_TEST_SEED").map_or(SEED, |seed| seed.parse().unwrap()));
    let mut kills = under_fire(&fire, &dropped, taken, &mut draw);
    let second = second_files(&peace);
    let taken = in_peace(&peace, &second);
    kills += under_fire(&fire, &second, taken, &mut draw);
    dropped.extend(second);
    println!("{kills} kills");
    assert!(kills >= KILLS, "only {kills} kills");
    assert_eq!(fire.open().terminate().code(), Some(0));

    fire.assert_sound();
    let items = FILES * PARCELS + 60 + 5 + 1;
    assert_eq!(
        peace.ask("SELECT COUNT(*) FROM item"),
        items.to_string(),
        "declared, and one that was only scanned"
    );
    assert_eq!(
        peace.ask("SELECT COUNT(*) FROM dispatch"),
        "4",
        "parcels, letters, outside pieces by two classes"
    );
    assert_eq!(
        peace.ask("SELECT COUNT(*) FROM dispatch WHERE state = 1"),
        "2",
        "the outside pieces' are closed"
    );
    assert_eq!(peace.ask("SELECT COUNT(*) FROM container WHERE state = 3"), "1", "a container has left");
    assert_eq!(fire.ask("SELECT reference, COUNT(*) FROM interchange"), "00000000000007|1");
    let told = "SELECT COUNT(*) FROM history WHERE kind = 1 AND code = 'EMD'";
    // One was declared again for Kyrgyzstan, of which Kazakhstan's post cannot tell.
    assert_eq!(fire.ask(told), (PARCELS - 1).to_string(), "each item has heard of its arrival once");
    assert_each_once(&fire, &dropped);
    for empty in ["inbox", "work", "tmp"] {
        assert_eq!(fire.files(empty), Vec::<String>::new(), "{empty}");
    }
    let (left, right) = (facts(&peace), facts(&fire));
    for (left, right) in left.lines().zip(right.lines()) {
        assert_eq!(left, right, "the first fact that differs, with {kills} kills");
    }
    assert_eq!(left.len(), right.len());
    for part in ["done", "failed"] {
        assert_eq!(tree(&peace, part), tree(&fire, part), "reports and files in {part}");
    }
    let names = |station: &Station| station.files("outbox");
    assert_eq!(names(&peace), names(&fire));
    assert!(names(&fire).iter().any(|name| name.starts_with("edi/KZ001/")), "{:?}", names(&fire));
}

#[test]
fn a_large_file_is_kept_in_batches_each_once() {
    let items: Vec<Item> = (1..=4500).map(|serial| Item::parcel(serial, "KZ", 1000)).collect();
    let text = declarations(&items);
    // Blanks make it larger than what is held in memory, and cost little to read.
    let blanks = " ".repeat(64 << 10);
    let padding = format!("{blanks}\n").repeat(520);
    let text = text.replacen("  <item>", &format!("{padding}  <item>"), 1);
    assert!(text.len() > 32 << 20);
    let station = Station::new();
    station.drop_file("large.xml", &text);
    let daemon = station.open();
    wait_for("the first batch", || {
        let kept = station.ask("SELECT COALESCE(MAX(kept_to), 0) FROM file").parse::<u32>().unwrap();
        (kept > 0).then_some(())
    });
    daemon.kill();
    let daemon = station.open();
    assert_eq!(station.report("done", "large.xml")["items"], 4500);
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask("SELECT COUNT(*), COUNT(DISTINCT key), SUM(version) FROM item"), "4500|4500|4500");
    assert_eq!(station.ask("SELECT kept_to, verdict, attempts < 3 FROM file"), "4500|1|1");
    station.assert_sound();
}

#[test]
fn a_long_table_is_applied_line_by_line_once() {
    let items: Vec<Item> = (1..=20_000).map(|serial| Item::parcel(serial, "KZ", 1000)).collect();
    let mut table = Table::new();
    for item in &items {
        table.line("2025-03-03T09:00", "scan", &item.identifier, "1000");
    }
    let station = Station::new();
    let daemon = station.open();
    station.drop_file("long.csv", table.text());
    let kept = || station.ask("SELECT COALESCE(MAX(kept_to), 0), COALESCE(MAX(verdict), 0) FROM file");
    wait_for("the first transaction", || (kept() != "0|0").then_some(()));
    daemon.kill();
    assert_ne!(kept(), "20000|1", "it was killed in the middle");
    let daemon = station.open();
    assert_eq!(station.report("done", "long.csv")["verdict"], "done");
    assert_eq!(daemon.terminate().code(), Some(0));
    // Created, scanned and held: a line that is applied again would weigh it again.
    assert_eq!(station.ask("SELECT COUNT(*), MIN(events), MAX(events) FROM item"), "20000|3|3");
    assert_eq!(kept(), "20000|1");
    station.assert_sound();
}
