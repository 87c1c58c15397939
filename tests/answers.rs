//! What is told to partners and carriers and heard of them, on the scenario of two trucks to Almaty.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use caravan_edi::{Interchange, Limits};
use edifact_parser::{EdifactHandler, EdifactStreamParser, ParseError};
use edifact_primitives::{Control, RawSegment};

use crate::replay::{ask, told_otherwise};
use crate::support::{Station, fixture, project, run};

/// The segments between UNH and UNT as another parser hands them over: tag and elements with their components.
#[derive(Default)]
struct Theirs(Vec<(String, Vec<Vec<String>>)>);

impl EdifactHandler for Theirs {
    fn on_segment(&mut self, segment: &RawSegment<'_>) -> Control {
        if !segment.id.starts_with("UN") {
            let elements = segment.elements.iter().map(|element| {
                element.iter().map(|component| component.replace("?+", "+")).collect::<Vec<_>>()
            });
            self.0.push((segment.id.to_owned(), elements.collect()));
        }
        Control::Continue
    }

    fn on_error(&mut self, error: ParseError) -> Control {
        panic!("another parser does not read it: {error}")
    }
}

/// Replays the scenario into a folder.
pub(crate) fn replayed(station: &Path) {
    let scenario = fixture("almaty-trucks");
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
}

/// Returns the interchanges below a folder.
fn interchanges(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(interchanges(&path));
        } else if path.extension().is_some_and(|extension| extension == "edi") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Reads an interchange with both parsers, which agree on it, and returns ours.
#[track_caller]
fn read_by_both<'b>(path: &Path, bytes: &'b [u8]) -> Interchange<'b> {
    let ours = Interchange::read(bytes, &Limits::USUAL);
    assert_eq!(ours.findings, [], "{}", path.display());
    let mut theirs = Theirs::default();
    EdifactStreamParser::parse(bytes, &mut theirs).unwrap();
    let segments: Vec<_> = ours.messages.iter().flat_map(|message| &message.segments).collect();
    assert_eq!(theirs.0.len(), segments.len(), "{}", path.display());
    for (theirs, ours) in theirs.0.iter().zip(segments) {
        let elements = ours.elements().map(|element| {
            element.components().map(|component| component.text().into_owned()).collect::<Vec<_>>()
        });
        let ours = (ours.tag().to_owned(), elements.collect::<Vec<_>>());
        assert_eq!(*theirs, ours, "{}", path.display());
    }
    ours
}

#[test]
fn every_interchange_is_read_by_another_parser() {
    let mut kinds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for scenario in crate::replay::scenarios() {
        let edi = scenario.join("expected/outbox/edi");
        let Ok(recipients) = fs::read_dir(&edi) else { continue };
        for recipient in recipients.map(|entry| entry.unwrap().path()) {
            for (path, number) in interchanges(&recipient).iter().zip(1..) {
                let bytes = fs::read(path).unwrap();
                let ours = read_by_both(path, &bytes);
                let header = ours.header.unwrap();
                assert_eq!(
                    header.reference,
                    format!("{number:014}"),
                    "references rise by one: {}",
                    path.display()
                );
                assert_eq!(header.recipient.id, recipient.file_name().unwrap().to_str().unwrap());
                let name = scenario.file_name().unwrap().to_string_lossy().into_owned();
                let told = ours.messages.iter().map(|message| message.message_type.kind.clone());
                kinds.entry(name).or_default().extend(told);
            }
        }
    }
    let of = |name: &str| kinds[name].iter().map(String::as_str).collect::<Vec<_>>();
    let whole = ["CARDIT", "EMSEVT", "ITMATT", "PRECON", "PREDES"];
    for name in ["almaty-trucks", "kashgar-9610", "kashgar-pass", "malaszewicze-2026"] {
        assert_eq!(of(name), whole, "{name}");
    }
    assert!(of("chongqing-inbound").contains(&"RESDES"));
}

#[test]
fn what_waits_for_a_person_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let station = folder.path().join("station");
    replayed(&station);
    let root = station.to_str().unwrap();
    let listed = run(["work", "--station", root, "--json"]);
    let lines: serde_json::Value = serde_json::from_str(&listed.ok()).unwrap();
    let told: Vec<String> = lines
        .as_array()
        .unwrap()
        .iter()
        .map(|line| ["since", "about", "name", "code"].map(|field| line[field].as_str().unwrap()).join(" "))
        .collect();
    assert_eq!(
        told,
        [
            "2026-11-20T12:10+08:00 receptacle CNCKGAKZALAACCN60012002100098 match-weight",
            "2026-11-20T12:10+08:00 container XJF20002 match-extra",
            "2026-11-20T12:20+08:00 receptacle CNURCAKZALAACCN60001003100100 match-weight",
            "2026-11-23T12:10+08:00 item RR610000085CN edi-event-order",
            "2026-11-24T10:00+08:00 receptacle CNURCAKZALAACCN60001002000240 match-missing",
            "2026-11-24T10:00+08:00 dispatch CNURCAKZALAACCN60001 verification-drafted",
        ]
    );
    for (language, word) in [("en", "was told and not received"), ("ru", "Ёмкость"), ("zh", "容器")]
    {
        let text = run(["work", "--station", root, "--language", language]).ok();
        assert_eq!(text.lines().count(), 2 * told.len(), "{text}");
        assert!(text.contains(word), "{text}");
    }
}

/// Returns what waits for a person: what it is about and its code.
pub(crate) fn waiting(station: &Path) -> Vec<String> {
    let listed = run(["work", "--station", station.to_str().unwrap(), "--json"]);
    let lines: serde_json::Value = serde_json::from_str(&listed.ok()).unwrap();
    let told = lines.as_array().unwrap().iter().map(|line| {
        let told = ["about", "name", "code"].map(|field| line[field].as_str().unwrap_or_default());
        told.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    told.collect()
}

#[test]
fn what_is_settled_waits_for_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let last = "2026-11-25T10:00,resolve-dispatch,";
    let cn37 = "CNA260000002";
    let settled = format!("2026-11-25T09:00,resolve-consignment,{cn37},,,,found\n{last}");
    let changes = [("operations.csv", last, settled.as_str())];
    let station = told_otherwise(folder.path(), "almaty-trucks", &changes);
    let told = waiting(&station);
    assert!(!told.is_empty() && told.iter().all(|line| !line.starts_with("container")), "{told:?}");

    let folder = tempfile::tempdir().unwrap();
    let again = "2026-11-16T14:10:00,file-again,607260000001/2,,,,sent again by the broker";
    let recalled = "2026-11-16T14:10:00,recall,CP710000083CN,,,,R-1";
    let answered = "2026-11-16T14:25,customs/bags-2.xml\n";
    let changes = [("operations.csv", again, recalled), ("arrivals.csv", answered, "")];
    let told = waiting(&told_otherwise(folder.path(), "kashgar-9610", &changes));
    for expected in ["customs message 607260000001/2 customs-rejected", "item CP710000083CN item-recalled"] {
        assert!(told.iter().any(|line| line == expected), "{expected}: {told:?}");
    }
}

#[test]
fn a_partner_has_layouts_and_reasons_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("scenario");
    crate::replay::copy(&fixture("almaty-trucks"), &scenario);
    let profiles = project().join("crates/edi/profiles");
    for name in ["predes-2.1.toml", "resdes-1.1.toml"] {
        let text = fs::read_to_string(profiles.join(name)).unwrap();
        fs::write(scenario.join(name), text.replace("BGM++{s8}", "BGM+351+{s8}")).unwrap();
    }
    let settings = scenario.join("station.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let asked = "weight_tolerance_g = 300\n";
    let named = format!(
        "{asked}layouts = [\"predes-2.1.toml\", \"resdes-1.1.toml\"]\nretention = {{ EXB = \"ZZ\" }}\n"
    );
    fs::write(&settings, text.replace(asked, &named)).unwrap();
    let answer = scenario.join("declarations/almaty/resdes-parcels.edi");
    let text = fs::read_to_string(&answer).unwrap();
    fs::write(&answer, text.replace("BGM++", "BGM+351+")).unwrap();

    let station = folder.path().join("station");
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let outbox = station.join("outbox/edi/KZ999");
    let written = fs::read(outbox.join("00000000000002-PREDES-CNURCAKZALAACCN60001.edi")).unwrap();
    assert!(String::from_utf8(written).unwrap().contains("BGM+351+CNURCAKZALAACCN60001+9'"));
    let held = fs::read(outbox.join("00000000000010-EMSEVT-CP610000015CN.edi")).unwrap();
    assert!(
        String::from_utf8(held).unwrap().contains("CNI++CP610000015CN'STS++EXB+ZZ'"),
        "told with its reason"
    );
    let report = fs::read(station.join("done/2026/11/20/almaty/resdes-parcels.edi.report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let codes: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["edi-weight-differs"], "read by the partner's layout");

    let itmatt = fs::read_to_string(profiles.join("itmatt-1.5.toml")).unwrap();
    fs::write(scenario.join("predes-2.1.toml"), itmatt).unwrap();
    let other = folder.path().join("other");
    let ran = run(["replay", scenario.to_str().unwrap(), "--station", other.to_str().unwrap()]);
    assert_eq!(ran.code, Some(78), "{ran:#?}");
}

#[test]
fn what_is_broken_or_too_large_counts_for_nothing() {
    let station = Station::new();
    let daemon = station.open();
    let whole = "UNB+UNOA:1+KZ001:UP+CN001:UP+261120:0900+00000000000001'UNH+1+RESDES:1:912:UP'\
                 BGM++CNURCAKZALAADCN60001'GID++1:BG'PCI+++CW:CNURCAKZALAADCN60001001100095'MEA+WT+AAB+KGM:9.5'\
                 RFF+ACU:20'DTM+7:2611200730:201'UNT+8+1'UNZ+1+00000000000001'";
    for cut in [90, 130, 200, whole.len() - 30, whole.len() - 1] {
        let name = format!("cut-{cut}.edi");
        station.drop_file(&name, &whole[..cut]);
        assert_eq!(station.report("failed", &name)["verdict"], "failed");
    }
    station.drop_file("wrong-count.edi", whole.replace("UNT+8", "UNT+9"));
    station.report("failed", "wrong-count.edi");
    station.drop_file("for-another.edi", whole.replace("CN001", "CN002"));
    let report = station.report("failed", "for-another.edi");
    assert_eq!(report["findings"][0]["code"], "edi-control-foreign");
    let large = whole.replace("UNT+8", &format!("{}UNT+8", " ".repeat(33 << 20)));
    station.drop_file("large.edi", large);
    assert_eq!(station.report("failed", "large.edi")["findings"][0]["code"], "interchange-too-large");
    let known = "SELECT (SELECT COUNT(*) FROM interchange), (SELECT COUNT(*) FROM finding WHERE kind > 0)";
    assert_eq!(station.ask(known), "0|0");

    // Given up as a whole, it may come again corrected under its reference; then it has come.
    station.drop_file("whole.edi", whole);
    assert_eq!(station.report("done", "whole.edi")["verdict"], "done");
    station.drop_file("again.edi", format!("{whole}\n"));
    let report = station.report("done", "again.edi");
    assert_eq!(report["findings"][0]["code"], "edi-control-duplicate");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(station.ask(known), "1|1");
    assert_eq!(station.ask("SELECT code FROM finding WHERE kind = 6"), "dispatch-not-sent");
    let root = station.root();
    assert_eq!(waiting(&root), ["station dispatch-not-sent"]);
    let daemon = station.open();
    // The finding is of the moment at which it came in, and so is what ends it at the earliest.
    let at = "SELECT strftime('%Y-%m-%dT%H:%M:%S+00:00', 1 + MAX(at_ms) / 1000, 'unixepoch') FROM finding WHERE kind = 6";
    let at = station.ask(at);
    let resolved = |at: &str| format!("at,operation,subject\n{at},resolve-dispatch,CNURCAKZALAADCN60001\n");
    station.drop_file("resolved.csv", resolved(&at));
    station.report("done", "resolved.csv");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!(waiting(&root), Vec::<String>::new());
    station.assert_sound();
}

#[test]
fn a_file_of_several_answers_counts_once_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let changes = [
        "2026-11-20T12:20,almaty/resdes-parcels.edi\n",
        "2026-11-20T12:30,almaty/resdes-letters.edi\n",
        "2026-11-20T13:00,almaty/resdes-letters-again.edi\n",
    ];
    let changes = changes.map(|line| ("arrivals.csv", line, ""));
    told_otherwise(folder.path(), "almaty-trucks", &changes);
    let station = Station::replayed(folder);
    let [parcels, letters] = ["parcels", "letters"].map(|name| {
        let path = fixture("almaty-trucks").join(format!("declarations/almaty/resdes-{name}.edi"));
        fs::read_to_string(path).unwrap()
    });
    let answered = "SELECT COUNT(*) FROM history WHERE kind = 3 AND code = 'answered'";
    let before = station.ask(answered);

    station.change(
        "CREATE TRIGGER broken BEFORE INSERT ON interchange BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    let daemon = station.open();
    station.drop_file("several.edi", format!("{parcels}{letters}"));
    assert_ne!(daemon.wait().code(), Some(0));
    assert_eq!(station.ask(answered), before, "nothing of the file is written");
    station.change("DROP TRIGGER broken");

    let daemon = station.open();
    station.report("done", "several.edi");
    assert_eq!(daemon.terminate().code(), Some(0));
    assert_eq!((before.as_str(), station.ask(answered).as_str()), ("0", "3"));
    station.assert_sound();
}

#[test]
fn what_is_told_of_items_is_told_once() {
    let folder = tempfile::tempdir().unwrap();
    let (seal, last) = ("2026-11-16T15:40,seal,XJF20001,", "2026-11-24T10:00,settle-dispatch,");
    let held = format!("2026-11-16T15:12,held,CP610000032CN,,,,act 1\n{seal}");
    let opened = format!(
        "2026-11-16T19:00,released,CP610000032CN,,,,act 1\n\
         2026-11-20T12:00,customs-opening,B000002,60000,,CUS77,act 5\n\
         2026-11-20T14:00,settle-receptacle,B000002,,,,officer agrees\n{last}"
    );
    let changes = [("operations.csv", seal, held.as_str()), ("operations.csv", last, &opened)];
    let station = told_otherwise(folder.path(), "almaty-trucks", &changes);
    let count = |message: &str| {
        let named = format!("-{message}-CNURCAKZALAACCN60001.edi");
        let names = fs::read_dir(station.join("outbox/edi/KZ999")).unwrap();
        names.filter(|name| name.as_ref().unwrap().path().to_str().unwrap().ends_with(&named)).count()
    };
    assert_eq!((count("PREDES"), count("ITMATT"), count("EMSEVT")), (2, 1, 1));
}

#[test]
fn every_interchange_of_a_partner_counts_once_and_in_its_order() {
    let station = Station::new();
    let daemon = station.open();
    let envelope = |number: u32, test: &str, message: &str| {
        format!("UNB+UNOC:3+KZ001:UP+CN001:UP+261120:0900+{number:014}{test}'{message}UNZ+1+{number:014}'")
    };
    let predes = |serial: u32| {
        let s8 = format!("KZALAACNURCAACN6{serial:04}");
        format!(
            "UNH+1+PREDES:2:1:UP'BGM++{s8}+9'DTM+137:2611191900:201'FTX+ABK++A::139'FTX+AAQ++CN::139'\
             LOC+5+KZALAA::139'LOC+8+CNURCA::139'GID++1:BG'PCI+++CW:{s8}001100120'FTX+AAQ++CN::139'FTX+INS++N::139'\
             MEA+WT+AAB+KGM:12.0'QTY+1:1'CNT+11:1'CNT+2:1'CNT+7:12.0:KGM'UNT+17+1'"
        )
    };
    let itmatt =
        |item: &str| format!("UNH+1+ITMATT:1:500:UP'BGM++1+9'CNI+1+{item}'MEA+WT+AAB+KGM:0.250'UNT+5+1'");
    let codes = |report: &serde_json::Value| -> String {
        let found = report["findings"].as_array().unwrap();
        let codes = found.iter().map(|one| one["code"].as_str().unwrap());
        codes
            .filter(|code| code.starts_with("edi-control") || code.starts_with("edi-message"))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let two = envelope(7, "", &(predes(5) + &predes(6))).replace("UNZ+1", "UNZ+2");
    let counts = "SELECT (SELECT COUNT(*) FROM dispatch), (SELECT COUNT(*) FROM item), \
                  (SELECT COUNT(*) FROM interchange WHERE is_test = 0), (SELECT COUNT(*) FROM interchange)";
    let test = "++++++1";
    for (name, text, found, expected) in [
        ("1-predes.edi", envelope(1, "", &predes(1)), "", "1|0|1|1"),
        ("2-itmatt.edi", envelope(2, "", &itmatt("CP000000014KZ")), "", "1|1|2|2"),
        // The numbers are those of all interchanges of the pair, whatever these hold.
        ("3-itmatt.edi", envelope(2, "", &itmatt("CP000000028KZ")), "edi-control-duplicate", "1|1|2|2"),
        ("4-predes.edi", envelope(1, "", &predes(2)), "edi-control-duplicate", "1|1|2|2"),
        ("5-itmatt.edi", envelope(3, test, &itmatt("CP000000031KZ")), "edi-control-test", "1|1|2|3"),
        ("6-predes.edi", envelope(3, test, &predes(3)), "edi-control-test", "1|1|2|4"),
        ("7-predes.edi", envelope(5, "", &predes(4)), "edi-control-gap", "2|1|3|5"),
        ("8-itmatt.edi", envelope(4, "", &itmatt("CP000000045KZ")), "edi-control-back", "2|2|4|6"),
        // Two of one file, of which the first has come before.
        (
            "9-itmatt.edi",
            envelope(4, "", &itmatt("CP000000059KZ")) + &envelope(6, "", &itmatt("CP000000062KZ")),
            "edi-control-duplicate",
            "2|3|5|7",
        ),
        // From a system of the post's own to another address: a file like any other.
        ("a-itmatt.edi", envelope(6, "", &itmatt("CP000000076KZ")).replace("CN001", "CN002"), "", "2|4|5|7"),
        ("b-predes.edi", two, "edi-message-reference-repeated", "4|4|6|8"),
    ] {
        station.drop_file(name, text);
        assert_eq!(codes(&station.report("done", name)), found, "{name}");
        assert_eq!(station.ask(counts), expected, "{name}");
    }
    // Of a dispatch of another post the partner can know nothing.
    let other = envelope(8, "", &predes(7).replace("KZALAA", "DEFRAA"));
    station.drop_file("c-predes.edi", other);
    station.report("done", "c-predes.edi");
    let found =
        "SELECT json_extract(arguments, '$[0]', '$[1]', '$[2]') FROM finding WHERE code = 'match-sender'";
    assert_eq!(station.ask(found), "[\"predes\",\"DEFRAACNURCAACN60007\",\"KZ001\"]");
    let stranger = envelope(9, "", &predes(9)).replace("KZ001", "XX001");
    station.drop_file("stranger.edi", stranger);
    assert_eq!(station.report("failed", "stranger.edi")["findings"][0]["code"], "sender-unknown");
    assert_eq!(station.ask(counts), "4|4|7|9");
    let ordinals = "SELECT group_concat(ordinal) FROM (SELECT ordinal FROM declaration ORDER BY file)";
    assert_eq!(station.ask(ordinals), "1,1,2,1", "of the file with two, the second");
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn what_a_partners_numbers_leave_out_is_work_for_a_person() {
    let station = Station::new();
    let daemon = station.open();
    let predes = |number: u32, serial: u32, receptacles: &[u32]| {
        let s8 = format!("KZALAACNURCAACN6{serial:04}");
        let last = receptacles.last().unwrap();
        let bag = |bag: &u32| {
            let (name, flag) = (format!("{s8}{bag:03}"), u8::from(bag == last));
            format!(
                "GID++1:BG'PCI+++CW:{name}{flag}00120'FTX+AAQ++CN::139'FTX+INS++N::139'MEA+WT+AAB+KGM:12.0'QTY+1:1'"
            )
        };
        let bags = receptacles.iter().map(bag).collect::<Vec<_>>().concat();
        let (bags_count, weight) = (receptacles.len(), 12 * receptacles.len());
        format!(
            "UNB+UNOC:3+KZ001:UP+CN001:UP+261120:0900+{number:014}'UNH+1+PREDES:2:1:UP'BGM++{s8}+9'\
             DTM+137:2611191900:201'FTX+ABK++A::139'FTX+AAQ++CN::139'LOC+5+KZALAA::139'LOC+8+CNURCA::139'{bags}\
             CNT+11:{bags_count}'CNT+2:{bags_count}'CNT+7:{weight}.0:KGM'UNT+{}+1'UNZ+1+{number:014}'",
            11 + 6 * receptacles.len()
        )
    };
    // The series was begun before this station heard of it; 44 and 45 do not come.
    for (number, serial, bags) in [
        (1, 43, &[1, 2][..]),
        (2, 46, &[1]),
        (3, 47, &[2, 5]),
        (4, 48, &[1]),
        (5, 44, &[1]),
        (6, 47, &[2, 4, 5]),
    ] {
        let name = format!("{number}.edi");
        station.drop_file(&name, predes(number, serial, bags));
        station.report("done", &name);
    }
    let found = "SELECT group_concat(code || ' ' || arguments, char(10)) FROM (SELECT code, arguments FROM finding \
                 WHERE code LIKE 'match-%' ORDER BY id)";
    assert_eq!(
        station.ask(found),
        "match-serial-gap [\"KZALAACNURCAACN60047\",\"001\",\"001\"]\n\
         match-serial-gap [\"KZALAACNURCAACN60047\",\"003\",\"004\"]\n\
         match-number-gap [\"KZALAACNURCAACN\",\"2026\",\"0044\",\"0045\"]\n\
         match-number-gap [\"KZALAACNURCAACN\",\"2026\",\"0045\",\"0045\"]\n\
         match-serial-gap [\"KZALAACNURCAACN60047\",\"003\",\"003\"]"
    );
    // One that is made up for another office.
    station.drop_file(
        "7.edi",
        predes(7, 1, &[1]).replace("KZALAACNURCA", "KZALAACNKHGA").replace("LOC+8+CNURCA", "LOC+8+CNKHGA"),
    );
    station.report("done", "7.edi");
    let listed = run(["work", "--station", station.root().to_str().unwrap(), "--language", "en"]).ok();
    assert!(listed.contains("was announced without its receptacles 003 to 003"), "{listed}");
    assert!(listed.contains("KZALAACNKHGAACN60001"), "{listed}");
    assert_eq!(daemon.terminate().code(), Some(0));
    station.assert_sound();
}

#[test]
fn what_came_to_the_wrong_office_is_told_in_the_note() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    crate::replay::copy(&fixture("almaty-trucks"), &scenario);
    let answer = scenario.join("declarations/almaty/resdes-parcels.edi");
    let text = fs::read_to_string(&answer).unwrap();
    let strange = "GID++1:BG'\nPCI+++CW:CNURCAUZTASACCN60001001100050'\nRFF+ACU:20'\nDTM+7:2611200730:201'\n";
    let trailer = text.find("UNT+").unwrap();
    let count: usize = text[trailer + 4..].split('+').next().unwrap().parse().unwrap();
    let changed = text.replace(&format!("UNT+{count}"), &format!("{strange}UNT+{}", count + 4));
    fs::write(&answer, changed).unwrap();
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let note = fs::read_to_string(station.join("outbox/verification/CNURCAKZALAACCN60001.txt")).unwrap();
    assert!(note.contains("receptacle mis-sent") && note.contains("is for UZTASA"), "{note}");
    assert!(note.contains("receptacle missing") && note.contains("weight differs"), "{note}");
    let listed = run(["work", "--station", station.to_str().unwrap(), "--json"]).ok();
    assert!(listed.contains("match-mis-sent"), "{listed}");
}

#[test]
fn a_container_that_goes_another_way_is_told_of_again() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    crate::replay::copy(&fixture("almaty-trucks"), &scenario);
    let settings = fs::read_to_string(scenario.join("station.toml")).unwrap();
    let route =
        &settings[settings.find("[[route]]").unwrap()..settings.find("# Files of the partner").unwrap()];
    let night = route
        .replace("almaty-road", "almaty-night")
        .replace("\"mon\"", "\"tue\"")
        .replace("18:00", "02:00")
        .replace("2026-11-16", "2026-11-17")
        .replace("KZ998", "KZ997");
    fs::write(scenario.join("station.toml"), settings.replacen(route, &format!("{route}{night}"), 1))
        .unwrap();
    let table = fs::read_to_string(scenario.join("operations.csv")).unwrap();
    let cut = "2026-11-16T17:20,cut,XJF20001,,almaty-night/2026-11-17T02:00,,road closed\n2026-11-24";
    fs::write(scenario.join("operations.csv"), table.replacen("2026-11-24", cut, 1)).unwrap();
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let told = |recipient: &str, words: &[&str]| -> Vec<String> {
        let mut paths: Vec<_> = fs::read_dir(station.join("outbox/edi").join(recipient))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| words.iter().all(|word| path.to_str().unwrap().contains(word)))
            .collect();
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    };
    let (first, second) = ("CNA260000001", "CNA260000002");
    let functions = |recipient: &str, words: &[&str], about: &str| -> String {
        let function = |text: &String| {
            let begin = text.split(&format!("{about}+")).nth(1).unwrap();
            begin.chars().next().unwrap()
        };
        told(recipient, words).iter().map(function).collect()
    };
    assert_eq!(functions("KZ999", &["PRECON", first], first), "955", "told, held and freed, cut");
    assert_eq!(functions("KZ998", &["CARDIT", first], first), "951", "its first carrier does not get it");
    assert_eq!(functions("KZ997", &["CARDIT", first], first), "9", "the other one does");
    assert_eq!(functions("KZ998", &["CARDIT", second], second), "9", "nothing changes of the other truck");
    let last = told("KZ999", &["PRECON", first]).pop().unwrap();
    assert!(last.contains("DTM+189:2611170200:201'") && last.contains("SEL+HS123401'"), "{last}");
    for dispatch in ["CNURCAKZALAACCN60001", "CNURCAKZALAACEN60001", "CNURCAKZALAACUN60001"] {
        assert_eq!(functions("KZ999", &["PREDES", dispatch], dispatch), "95");
        let again = told("KZ999", &["PREDES", dispatch]).pop().unwrap();
        assert!(again.contains("DTM+189:2611170200:201'"), "{again}");
    }
}

#[test]
fn the_post_of_origin_is_told_what_happens_to_its_items() {
    let folder = tempfile::tempdir().unwrap();
    let (scenario, station) = (folder.path().join("scenario"), folder.path().join("station"));
    crate::replay::copy(&fixture("chongqing-inbound"), &scenario);
    let settings = fs::read_to_string(scenario.join("station.toml")).unwrap();
    let asked = "edi_address = \"DE001\"\n";
    let asks = format!("{asked}messages = [\"emsevt\"]\nretention = {{ EME = \"Q1\" }}\n");
    fs::write(scenario.join("station.toml"), settings.replacen(asked, &asks, 1)).unwrap();
    run(["replay", scenario.to_str().unwrap(), "--station", station.to_str().unwrap()]).ok();
    let mut kinds = BTreeSet::new();
    for entry in fs::read_dir(station.join("outbox/edi/DE001")).unwrap() {
        let path = entry.unwrap().path();
        if path.to_str().unwrap().contains("EMSEVT") {
            let bytes = fs::read(&path).unwrap();
            assert_eq!(Interchange::read(&bytes, &Limits::USUAL).findings, [], "{}", path.display());
            let text = String::from_utf8(bytes).unwrap();
            kinds.extend(text.split("STS++").skip(1).map(|rest| rest[..rest.find('\'').unwrap()].to_owned()));
        }
    }
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    // Where customs holds, the reason is agreed; where the office holds, none is, and it is not told. What goes back leaves
    // for its post.
    assert_eq!(kinds, ["EDB", "EDC", "EDX", "EMC", "EMD", "EME+Q1", "EMF", "EMJ"]);
}

#[test]
fn nothing_leaves_of_which_the_office_that_asks_was_not_told() {
    let folder = tempfile::tempdir().unwrap();
    // An address of more lines than ITMATT has.
    let (street, lines) = ("Абай даңғылы, 52-үй", "Абай даңғылы\n52-үй\nкв. 7\nподъезд 2\nэтаж 3");
    let changes = [("declarations/counter.xml", street, lines)];
    let station = told_otherwise(folder.path(), "almaty-trucks", &changes);
    let found = "SELECT DISTINCT code, json_extract(arguments, '$[0]') FROM finding WHERE code = 'message-unwritable'";
    assert_eq!(ask(&station, found), "message-unwritable|ITMATT");
    let left = "SELECT left_behind FROM departure WHERE left_behind LIKE '%no-itmatt%'";
    assert_eq!(ask(&station, left), "[[\"XJF20001\",\"no-itmatt\"]]");
}
