//! What partners and carriers say that cannot be so, and who may say what, on the scenario of two trucks to Almaty.

use std::collections::BTreeSet;
use std::fs;

use crate::answers::{replayed, waiting};
use crate::support::{fixture, run};

/// Replays the trucks to Almaty with further files, each when it comes, where from and what it says; and returns what
/// waits for a person beside what waits without them.
fn waits_beside(files: &[(&str, &str, String)], operations: &str) -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    crate::replay::copy(&fixture("almaty-trucks"), &scenario);
    let append = |file: &str, lines: &str| {
        let path = scenario.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let (head, rows) = text.split_once('\n').unwrap();
        let mut rows: Vec<&str> = rows.lines().chain(lines.lines()).collect();
        rows.sort_by_key(|row| row.split(',').next().map(str::to_owned));
        fs::write(path, format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    };
    for (at, name, text) in files {
        fs::write(scenario.join("declarations").join(name), text).unwrap();
        append("arrivals.csv", &format!("{at},{name}"));
    }
    append("operations.csv", operations);
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let usual = tempfile::tempdir().unwrap();
    replayed(&usual.path().join("station"));
    let known = waiting(&usual.path().join("station"));
    let new = waiting(&station).into_iter().filter(|line| !known.contains(line)).collect();
    (folder, new)
}

fn message(sender: &str, reference: u32, kind: &str, body: &[&str]) -> String {
    let (count, body) = (body.len() + 2, format!("{}'", body.join("'")));
    format!(
        "UNB+UNOA:1+{sender}:UP+CN999:UP+261124:0900+{reference:014}'UNH+1+{kind}:UP'{body}UNT+{count}+1'\
         UNZ+1+{reference:014}'"
    )
}

#[test]
fn what_cannot_be_so_of_an_item_waits_for_a_person() {
    let event = |item: &str, code: &str, at: &str| {
        [
            format!("CNI++{item}"),
            format!("STS++{code}"),
            format!("DTM+7:{at}:203"),
            "LOC+48+KZALAA::139".to_owned(),
        ]
    };
    let events = [
        // Before the item was scanned here; not yet; an event of ours; not let in; as it should be.
        event("CP610000050CN", "EMD", "202611160700"),
        event("CP610000032CN", "EMI", "203611200700"),
        event("CP610000046CN", "EMC", "202611200700"),
        event("EE610000094CN", "EDX", "202611210700"),
        event("LX610000063CN", "EDB", "202611210700"),
    ];
    let body: Vec<&str> = std::iter::once("DTM+137:202611240900:203")
        .chain(events.iter().flatten().map(String::as_str))
        .collect();
    let by_carrier = event("LX610000077CN", "EMI", "202611210700");
    let by_carrier: Vec<&str> =
        std::iter::once("DTM+137:202611240900:203").chain(by_carrier.iter().map(String::as_str)).collect();
    let files = [
        ("2026-11-24T12:00", "almaty/more.edi", message("KZ999", 107, "EMSEVT:3:0", &body)),
        ("2026-11-24T12:01", "carrier/more.edi", message("KZ998", 54, "EMSEVT:3:0", &by_carrier)),
    ];
    let expected = [
        "item CP610000050CN edi-event-order",
        "item CP610000032CN edi-event-future",
        "item CP610000046CN match-sender",
        "item EE610000094CN match-terminated",
        "item LX610000077CN match-sender",
    ];
    let (folder, told) = waits_beside(&files, "");
    let sorted = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), sorted(&expected));
    let station = folder.path().join("station");
    let delivered = "SELECT COUNT(*) FROM history JOIN item ON item.id = history.subject WHERE history.kind = 1 \
                     AND history.code = 'EMI' AND history.detail LIKE '%by KZ998'";
    assert_eq!(crate::replay::ask(&station, delivered), "0", "a carrier delivers no item");

    let resolved = "2026-11-24T13:00,resolve-item,EE610000094CN,,,,told the sender\n\
                    2026-11-24T13:01,resolve-item,CP610000050CN,,,,a wrong clock";
    let (_, told) = waits_beside(&files, resolved);
    let expected = [
        "item CP610000032CN edi-event-future",
        "item CP610000046CN match-sender",
        "item LX610000077CN match-sender",
    ];
    assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), sorted(&expected));
}

#[test]
fn an_answer_counts_from_who_can_know_it() {
    let bag = "CNURCAKZALAACCN60001002000240";
    let (cn37, dispatch) = ("CNA260000001", "CNURCAKZALAACCN60001");
    let (mut answer, pci) = (vec![], format!("PCI+++CW:{bag}"));
    let bgm = format!("BGM++{dispatch}");
    answer.extend([
        bgm.as_str(),
        "GID++1:BG",
        &pci,
        "FTX+AAQ++CN::139",
        "RFF+ACU:20",
        "DTM+7:2611200730:201",
    ]);
    let cni = format!("CNI++{cn37}");
    let given_back = format!("PCI++{bag}");
    let event = |code| {
        ["DTM+137:2611240900:201", &cni, code, "DTM+7:2611201640:201", "LOC+48+KZALAA::139", &given_back]
    };
    let files = [
        ("2026-11-23T12:20", "carrier/resdes.edi", message("KZ998", 54, "RESDES:1:912", &answer)),
        ("2026-11-23T12:21", "almaty/resdit.edi", message("KZ999", 107, "RESDIT:1:1", &event("STS++49"))),
        ("2026-11-23T12:22", "carrier/left.edi", message("KZ998", 55, "RESDIT:1:1", &event("STS++57"))),
    ];
    let (folder, told) = waits_beside(&files, "");
    let told: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    let expected = [
        "container XJF20001 match-sender".to_owned(),
        format!("dispatch {dispatch} match-sender"),
        format!("receptacle {bag} match-not-loaded"),
    ];
    assert_eq!(told, expected.iter().map(String::as_str).collect());
    let state = format!("SELECT state FROM receptacle WHERE s9 = '{bag}'");
    assert_eq!(crate::replay::ask(&folder.path().join("station"), &state), "22", "missing, as without it");
}

#[test]
fn what_a_carrier_gives_back_is_received_again() {
    let bag = "CNURCAKZALAACCN60001002000240";
    let cni = "CNI++CNA260000001";
    let event = [
        "DTM+137:2611170900:201",
        cni,
        "STS++82",
        "DTM+7:2611171640:201",
        "LOC+48+CNURCA::139",
        &format!("PCI++{bag}"),
    ];
    let files = [("2026-11-17T12:20", "carrier/back.edi", message("KZ998", 52, "RESDIT:1:1", &event))];
    let received =
        format!("2026-11-18T09:00,receive-receptacle,{bag},24000,,HS123403,given back at the border");
    let (folder, told) = waits_beside(&files, &received);
    // It is not missing, and so its dispatch is not answered for as a whole.
    let open = "dispatch CNURCAKZALAACCN60001 answer-incomplete".to_owned();
    assert_eq!(told, [format!("receptacle {bag} match-returned"), open]);
    let station = folder.path().join("station");
    let known = waiting(&station);
    assert!(!known.iter().any(|line| line.contains("match-missing")), "{known:?}");
    let states = format!(
        "SELECT group_concat(state) FROM (SELECT state FROM receptacle WHERE s9 = '{bag}' ORDER BY id)"
    );
    assert_eq!(crate::replay::ask(&station, &states), "4,5", "left, and received again");
    let checked = run(["db", "check", "--station", station.to_str().unwrap()]).ok();
    assert!(checked.contains(" 0 violations"), "{checked}");
}

#[test]
fn what_is_answered_before_it_leaves_is_not_missing() {
    let dispatch = "CNURCAKZALAACCN60001";
    let body = ["001000095", "002000240", "003100100"].map(|bag| format!("PCI+++CW:{dispatch}{bag}"));
    let bgm = format!("BGM++{dispatch}");
    let mut segments = vec![bgm.as_str()];
    for bag in &body {
        segments.extend(["GID++1:BG", bag, "FTX+AAQ++CN::139", "RFF+ACU:20", "DTM+7:2611161100:201"]);
    }
    let files = [("2026-11-16T15:20", "almaty/early.edi", message("KZ999", 90, "RESDES:1:912", &segments))];
    let (folder, _) = waits_beside(&files, "");
    let told = waiting(&folder.path().join("station"));
    assert!(
        !told.iter().any(|line| line.contains("match-missing") || line.contains("match-early")),
        "{told:?}"
    );
    let states = "SELECT group_concat(DISTINCT receptacle.state) FROM receptacle \
                  JOIN dispatch ON dispatch.id = receptacle.dispatch WHERE dispatch.s8 = 'CNURCAKZALAACCN60001'";
    assert_eq!(crate::replay::ask(&folder.path().join("station"), states), "21");
}
