//! Reading tables of operations: the forms that are accepted, and their nearest wrong neighbours, each in its place.

mod faults;
mod listed;

use caravan_postal::{Finding, Place};
use caravan_station::operation::{AnnouncedAs, Consigned, Remains, is_table, moment, read_table};
use caravan_station::{Act, ItemName, Operation};
use chrono::{DateTime, NaiveDate};

use crate::config;

const COLUMNS: &str = "at,operation,subject,value,departure,seal,note";

/// The one door: reads a table and tells, line by line, what is read of it and then what is found.
fn check(table: &[u8], expected: &[&str]) {
    let (operations, findings) = read_table(table, &config());
    let mut told: Vec<String> = operations.iter().map(|(_, operation)| tell(operation)).collect();
    told.extend(findings.iter().map(tell_finding));
    assert_eq!(told, expected, "{}", String::from_utf8_lossy(table));
}

/// Checks one line under the full heading.
fn check_line(line: &str, expected: &str) {
    check(format!("{COLUMNS}\n{line}\n").as_bytes(), &[expected]);
}

/// Returns what is said of a border.
fn closed(border: &str, from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let told = |day: Option<NaiveDate>, other: &str| day.map_or(other.to_owned(), |day| day.to_string());
    format!("{border} from {} until {}", told(from, "now"), told(until, "further notice"))
}

fn announced(container: &str, departure: &str, as_what: &AnnouncedAs) -> String {
    let extra = if as_what.is_extra { " extra" } else { "" };
    let equipment = as_what.equipment.iter().map(|name| format!(" {name}"));
    format!("{container} for {departure}{extra}{}", equipment.collect::<String>())
}

fn tell(operation: &Operation) -> String {
    let at = DateTime::from_timestamp_millis(operation.at_ms).unwrap().format("%FT%TZ");
    let act = match &operation.act {
        Act::Scan { item: name, scale } => format!("{}, {} g", item(name), scale.0),
        Act::Dispose { item: name, .. }
        | Act::TakeOut { item: name }
        | Act::HandBack { item: name }
        | Act::Recall { item: name }
        | Act::DamageReport { item: name }
        | Act::WithCustoms { item: name }
        | Act::Lose { item: name }
        | Act::Destroy { item: name }
        | Act::Refuse { item: name } => item(name),
        Act::OpenReceptacle { s9 } => s9.to_string(),
        Act::DutyDue { item: name, amount } => format!("{}, {amount}", item(name)),
        Act::Confirm { item: name, reference } => format!("{}, reference {reference}", item(name)),
        Act::Pay { item: name, receipt } => format!("{}, receipt {receipt}", item(name)),
        Act::Forward { item: name, run } => format!("{} on {run}", item(name)),
        Act::Redeclare(_) | Act::Reassess { .. } | Act::Advise { .. } => panic!("no table changes an answer"),
        Act::WeighReceptacle { tag, scale } => format!("{tag}, {} g", scale.0),
        Act::SettleReceptacle { tag } => tag.to_string(),
        Act::ReceiveReceptacle { s9, scale, seal } => {
            let seal = seal.as_ref().map_or_else(String::new, |seal| format!(", seal {seal}"));
            format!("{s9}, {} g{seal}", scale.0)
        }
        Act::VoidItem { item } | Act::ResolveItem { item } => item.to_string(),
        Act::Announce { container, departure, as_what } => announced(container, departure, as_what),
        Act::ReceiveContainer { container, departure, gross, receptacles, seal, consigned } => {
            let received =
                format!("{container} for {departure}, {} g, {receptacles} receptacles, seal {seal}", gross.0);
            received + &told(consigned)
        }
        Act::ListReceptacle { s9, kind, container } => format!("{} {s9} in {container}", kind.as_str()),
        Act::Allow { container, fault } => format!("{container}, {}", fault.as_str()),
        Act::Seal { container: name, seal: value }
        | Act::TransferNumber { container: name, number: value }
        | Act::Conveyance { departure: name, number: value }
        | Act::Vehicle { container: name, vehicle: value } => format!("{name}, {value}"),
        Act::Sign { container }
        | Act::OpenContainer { container }
        | Act::Withdraw { container }
        | Act::LockContainer { container }
        | Act::UnlockContainer { container } => container.clone(),
        Act::FileAgain { filing: name }
        | Act::ResolveConsignment { consignment: name }
        | Act::ResolveOperation { name }
        | Act::OpenBorder { border: name } => name.clone(),
        Act::CustomsOpening { receptacle, scale, seal } => {
            format!("{receptacle}, {} g, seal {seal}", scale.0)
        }
        Act::ReleaseInPart { item: name, withheld, remains } => {
            assert_eq!(*remains, Remains::Untold, "a table says what is withheld, not what that leaves");
            format!("{}, without {withheld:?}", item(name))
        }
        Act::Cut { container, departure } => format!("{container} for {departure:?}"),
        Act::Hear(_) => panic!("no table says what a partner says"),
        Act::CloseArrival { dispatch }
        | Act::SettleDispatch { dispatch }
        | Act::ResolveDispatch { dispatch } => dispatch.to_string(),
        Act::AnswerList { .. } | Act::AnswerCase { .. } | Act::AnswerFiling { .. } => String::new(),
        Act::CloseBorder { border, from, until } => closed(border, *from, *until),
        Act::Reroute { container, departure } => format!("{container} by {departure}"),
        Act::Lock { receptacle, container } => format!("{receptacle} in {container}"),
        Act::Unlock { receptacle } => receptacle.to_string(),
        Act::Merge { from, into } => format!("{from} into {into}"),
    };
    let note = &operation.note;
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    format!("{at} {}: {act}{note}", operation.act.name())
}

fn tell_finding(finding: &Finding) -> String {
    format!("{}: {} {}", finding.place, finding.code.name, finding.arguments.join("="))
}

fn item(item: &ItemName) -> String {
    match item {
        ItemName::S10(s10) => format!("S10 {s10}"),
        ItemName::Other(name) => format!("other {name}"),
    }
}

fn told(consigned: &Consigned) -> String {
    if *consigned == Consigned::default() { String::new() } else { format!(", {consigned:?}") }
}

/// A line of every operation, and how it is read.
const READ: &[(&str, &str)] = &[
    ("scan,CP600000015CN,1252,,,", "scan: S10 CP600000015CN, 1252 g"),
    ("scan,CP600000015CN,1,,,", "scan: S10 CP600000015CN, 1 g"),
    ("allow,X1,way-closed,,,why", "allow: X1, way-closed (why)"),
    ("void,FOO1,,,,misread", "void: FOO1 (misread)"),
    ("scan,CP600000015CN,100000000,,,", "scan: S10 CP600000015CN, 100000000 g"),
    ("scan,CP600000015CN,007", "scan: S10 CP600000015CN, 7 g"),
    ("scan, CP600000015CN , 7 ", "scan: S10 CP600000015CN, 7 g"),
    // Not an identifier of S10: the text that stands on the item names it as it is.
    ("scan,CP600000016CN,1", "scan: other CP600000016CN, 1 g"),
    ("scan,cp600000015cn,1", "scan: other cp600000015cn, 1 g"),
    ("scan,顺丰-0001,1", "scan: other 顺丰-0001, 1 g"),
    ("released,CP600000015CN", "released: S10 CP600000015CN"),
    ("held,P1,,,,act 7", "held: other P1 (act 7)"),
    ("inspect,P1,,,,\"act 7, page 2\"", "inspect: other P1 (act 7, page 2)"),
    ("documents-wanted,P1", "documents-wanted: other P1"),
    ("return-to-sender,P1", "return-to-sender: other P1"),
    ("seized,P1", "seized: other P1"),
    ("take-out,P1", "take-out: other P1"),
    ("confirm,P1,letter 4,,,by telephone", "confirm: other P1, reference letter 4 (by telephone)"),
    ("close-border,irkeshtam,2026-11-20,,,snow", "close-border: irkeshtam from now until 2026-11-20 (snow)"),
    ("resolve-operation,irkeshtan", "resolve-operation: irkeshtan"),
    ("close-border,irkeshtam", "close-border: irkeshtam from now until further notice"),
    ("close-border,irkeshtam,2026-11-18/", "close-border: irkeshtam from 2026-11-18 until further notice"),
    (
        "close-border,irkeshtam,2026-11-18/2026-11-20",
        "close-border: irkeshtam from 2026-11-18 until 2026-11-20",
    ),
    ("open-border,irkeshtam", "open-border: irkeshtam"),
    ("lock,B000042,TCNU1234565", "lock: B000042 in TCNU1234565"),
    ("lock,CNURCAKZALAADCN60001001000015,TCNU1234565", "lock: CNURCAKZALAADCN60001001000015 in TCNU1234565"),
    ("lock,TCNU1234565", "lock: TCNU1234565"),
    ("unlock,B42", "unlock: B000042"),
    ("unlock,TCNU1234565", "unlock: TCNU1234565"),
    ("reroute,TCNU1234565,,osh-road/1", "reroute: TCNU1234565 by osh-road/1"),
    ("conveyance,osh-road/1,X8015,,,as loaded", "conveyance: osh-road/1, X8015 (as loaded)"),
    ("with-customs,P1,,,,act 9", "with-customs: other P1 (act 9)"),
    ("lost,P1,,,,inquiry 4", "lost: other P1 (inquiry 4)"),
    ("destroyed,P1,,,,act 10", "destroyed: other P1 (act 10)"),
    ("damage-report,P1,,,,wet", "damage-report: other P1 (wet)"),
    ("vehicle,TCNU1234565,5291823", "vehicle: TCNU1234565, 5291823"),
    ("merge,B000042,B7", "merge: B000042 into B000007"),
    (
        "merge,CNURCAKZALAADCN60001001000015,B000042,,,act 7",
        "merge: CNURCAKZALAADCN60001001000015 into B000042 (act 7)",
    ),
    ("hand-back,P1", "hand-back: other P1"),
    ("weigh-receptacle,B000042,14660", "weigh-receptacle: 42, 14660 g"),
    ("weigh-receptacle,B42,1", "weigh-receptacle: 42, 1 g"),
    ("settle-receptacle,B1000000", "settle-receptacle: 1000000"),
    (
        "receive-receptacle,CNBJSAKZALAACCN60042003000120,12000",
        "receive-receptacle: CNBJSAKZALAACCN60042003000120, 12000 g",
    ),
    ("open-receptacle,DEFRAACNURCAACN60042003000120", "open-receptacle: DEFRAACNURCAACN60042003000120"),
    ("close-arrival,DEFRAACNURCAACN60042", "close-arrival: DEFRAACNURCAACN60042"),
    ("duty-due,P1,26.00 CNY", "duty-due: other P1, 26.00 CNY"),
    ("duty-due,P1,0 CNY", "duty-due: other P1, 0.00 CNY"),
    ("paid,P1,A 4411", "paid: other P1, receipt A 4411"),
    ("forward,P1,chengdu-van", "forward: other P1 on chengdu-van"),
    ("refused,P1,,,,moved away", "refused: other P1 (moved away)"),
    ("announce,XJF10001,,a/b", "announce: XJF10001 for a/b"),
    ("announce,新F-10001,,a/b", "announce: 新F-10001 for a/b"),
    (
        "receive-container,TBJU0024184,9000000,a/b,DE 123,450",
        "receive-container: TBJU0024184 for a/b, 9000000 g, 450 receptacles, seal DE 123 (450)",
    ),
    ("seal,TBJU0024184,,,CN4400001", "seal: TBJU0024184, CN4400001"),
    ("transfer-number,TBJU0024184,T26-001001", "transfer-number: TBJU0024184, T26-001001"),
    ("transfer-number,TBJU0024184,T26  001　001", "transfer-number: TBJU0024184, T26 001 001"),
    ("sign,TBJU0024184", "sign: TBJU0024184"),
    ("customs-opening,B000042,1500,,CN7,act 7", "customs-opening: B000042, 1500 g, seal CN7 (act 7)"),
    (
        "customs-opening,CNBJSAKZALAACCN60042003000120,11800,,CN7,act 7",
        "customs-opening: CNBJSAKZALAACCN60042003000120, 11800 g, seal CN7 (act 7)",
    ),
    ("open-container,XJF10001,,,,act 7", "open-container: XJF10001 (act 7)"),
    ("released-in-part,P1,3 2 3,,,act 7", "released-in-part: other P1, without [2, 3] (act 7)"),
    // Which pieces nobody has said yet: customs has decided, and the item waits.
    ("released-in-part,P1,,,,act 7", "released-in-part: other P1 (act 7)"),
    ("cut,XJF10001,,a/b", "cut: XJF10001 for Some(\"a/b\")"),
    ("cut,XJF10001", "cut: XJF10001 for None"),
    ("withdraw,XJF10001", "withdraw: XJF10001"),
    ("recall,P1,,,,letter of 31 December", "recall: other P1 (letter of 31 December)"),
    (
        "settle-dispatch,CNURCAKZALAADCN60001,,,,asked twice",
        "settle-dispatch: CNURCAKZALAADCN60001 (asked twice)",
    ),
    ("resolve-dispatch,CNURCAKZALAADCN60001", "resolve-dispatch: CNURCAKZALAADCN60001"),
    ("resolve-item,CP600000015CN,,,,told the sender", "resolve-item: CP600000015CN (told the sender)"),
    ("resolve-consignment,CNA260000001,,,,all found", "resolve-consignment: CNA260000001 (all found)"),
    ("file-again,507260000001/1,,,,mended", "file-again: 507260000001/1 (mended)"),
];

#[test]
fn reads_every_operation() {
    for (line, expected) in READ {
        check_line(&format!("2026-11-16T10:00:05,{line}"), &format!("2026-11-16T02:00:05Z {expected}"));
    }
}

#[test]
fn reads_civil_times_and_times_with_an_offset() {
    let ten = Some("2026-11-16T02:00:00Z");
    for (text, expected) in [
        ("2026-11-16T10:00", ten),
        ("2026-11-16T10:00:00", ten),
        ("2026-11-16 10:00", ten),
        ("2026-11-16 10:00:00", ten),
        ("2026-11-16T02:00:00Z", ten),
        ("2026-11-16T10:00:00+08:00", ten),
        ("2026-11-16T10:00+08:00", ten),
        ("2026-11-15T21:00:00-05:00", ten),
        ("2000-01-01T08:00", Some("2000-01-01T00:00:00Z")),
        ("", None),
        ("2026-11-16", None),
        ("10:00", None),
        ("2026-11-16T24:00", None),
        ("2026-02-29T10:00", None),
        ("16.11.2026 10:00", None),
        ("2026-11-16T10:00 ", None),
        ("2026-11-16T10:00:00 CST", None),
        ("1999-12-31T10:00", None),
        ("0026-11-16T10:00", None),
        ("2200-01-01T10:00", None),
        ("20261-11-16T10:00", None),
        ("-262143-01-01T00:00", None),
        ("+262142-12-31T23:59:59", None),
        ("9999-12-31T23:59:59Z", None),
    ] {
        let found = moment(text, &config());
        let found =
            found.map(|at_ms| DateTime::from_timestamp_millis(at_ms).unwrap().format("%FT%TZ").to_string());
        assert_eq!(found.as_deref(), expected, "{text:?}");
    }
    // What the station itself prints is read back.
    let at_ms = moment("2026-11-16T10:00", &config()).unwrap();
    assert_eq!(moment(&config().stamp(at_ms), &config()), Some(at_ms));
}

#[test]
fn reads_headings_in_any_order_and_asks_for_three() {
    let scan = "2026-11-16T02:00:00Z scan: other P1, 5 g";
    for table in [
        "at,operation,subject,value\n2026-11-16T10:00,scan,P1,5\n",
        "at,operation,subject,value\r\n2026-11-16T10:00,scan,P1,5\r\n",
        "at,operation,subject,value\n2026-11-16T10:00,scan,P1,5",
        "\u{feff}at,operation,subject,value\n2026-11-16T10:00,scan,P1,5\n",
        "value,subject,operation,at\n5,P1,scan,2026-11-16T10:00\n",
        "at,operation,subject,value,weather\n2026-11-16T10:00,scan,P1,5,rain\n",
        "at,operation,subject,value\n2026-11-16T10:00,scan,P1,5,surplus\n",
        "\"at\",\"operation\",\"subject\",\"value\"\n2026-11-16T10:00,scan,\"P1\",5\n",
        "at,operation,subject,value\n\n2026-11-16T10:00,scan,P1,5\n\n",
    ] {
        check(table.as_bytes(), &[scan]);
    }
    for (table, missing) in [
        ("", &["at", "operation", "subject"][..]),
        ("at;operation;subject\n2026-11-16T10:00;scan;P1\n", &["at", "operation", "subject"]),
        ("At,operation,subject\n", &["at"]),
        ("at,subject\n2026-11-16T10:00,P1\n", &["operation"]),
        ("at,operation,subjects\n", &["subject"]),
    ] {
        let expected: Vec<String> =
            missing.iter().map(|column| format!(": operation-column-missing {column}")).collect();
        check(table.as_bytes(), &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
    // A column that nothing has asked for may be missing until something does.
    check(
        b"at,operation,subject\n2026-11-16T10:00,released,P1\n2026-11-16T10:00,scan,P1\n",
        &["2026-11-16T02:00:00Z released: other P1", "row 3, column 0: operation-unreadable value="],
    );
    check(b"at,operation,subject\n", &[]);
}

#[test]
fn goes_on_behind_a_line_that_cannot_be_read() {
    let table = "\u{feff}at,operation,subject,value\n\
        yesterday,scan,P1,5\n\
        \n\
        2026-11-16T10:00,scan,P2,heavy\n\
        2026-11-16T10:00,scan,\"P\n3\",5\n\
        2026-11-16T10:00,scan,P4,light\n\
        2026-11-16T10:00,scan\n\
        2026-11-16T10:00,scan,P5,5\n";
    check(
        table.as_bytes(),
        &[
            "2026-11-16T02:00:00Z scan: other P\n3, 5 g",
            "2026-11-16T02:00:00Z scan: other P5, 5 g",
            "row 2, column 1: operation-unreadable at=yesterday",
            // A row is the line that an editor shows: a blank one counts, and so does a break inside quotes.
            "row 4, column 4: operation-unreadable value=heavy",
            "row 7, column 4: operation-unreadable value=light",
            "row 8, column 3: operation-unreadable subject=",
        ],
    );
    check(
        b"at,operation,subject,value\n2026-11-16T10:00,scan,P\xff1,5\n2026-11-16T10:00,scan,P2,5\n",
        &["2026-11-16T02:00:00Z scan: other P2, 5 g", "row 2, column 3: operation-unreadable subject="],
    );
    check(
        b"at,operation,subject,weather\n2026-11-16T10:00,released,P1,r\xffin\n",
        &["row 2, column 0: operation-unreadable ="],
    );
    // A quote that nobody closes takes the rest of the table with it, and says so.
    check(
        b"at,operation,subject,value\n2026-11-16T10:00,scan,\"P1,5\n2026-11-16T10:00,scan,P2,5\n",
        &["row 2, column 4: operation-unreadable value="],
    );
}

/// Each line but the heading ends in a number: the line that it begins on, the heading being line 1.
#[test]
fn rows_are_the_lines_that_an_editor_shows() {
    let plain = "at,operation,subject,value,note\n\
        2026-11-16T10:00,scan,P1,5,2\n\
        2026-11-16T10:00,scan,P1,heavy,3\n\
        \n\
        \n\
        2026-11-16T10:00,scan,P1,5,6\n\
        2026-11-16T10:00,scan,P1,heavy,7\n\
        2026-11-16T10:00,scan,\"P\n\n1\",5,8\n\
        2026-11-16T10:00,scan,P1,heavy,11\n\
        \n\
        2026-11-16T10:00,scan,P1,5,13";
    // Longer than what is read at once.
    let blank = "\n".repeat(10_000);
    let long = format!(
        "at,operation,subject,value,note\n{blank}2026-11-16T10:00,scan,P1,5,10002\n{blank}\n2026-11-16T10:00,scan,P1,x,20004"
    );
    let short = "at,operation,subject,value,note\n2026-11-16T10:00,scan,P1,x,2\na\n2026-11-16T10:00,scan,P1,x,4\n\n2026-11-16T10:00,scan,P1,5,6";
    let cases = [
        (plain, [2, 6, 8, 13].as_slice(), [3, 7, 11].as_slice()),
        (&long, &[10_002], &[20_004]),
        (short, &[6], &[2, 3, 4]),
    ];
    for (text, read, faulty) in cases {
        for ends in ["\n", "\r\n", "\r"] {
            for mark in ["", "\u{feff}"] {
                let table = format!("{mark}{}", text.replace('\n', ends));
                let (operations, findings) = read_table(table.as_bytes(), &config());
                let told: Vec<u32> = operations.iter().map(|(row, _)| *row).collect();
                assert_eq!(told, read, "{table:?}");
                let noted = operations.iter().map(|(_, operation)| operation.note.parse::<u32>().unwrap());
                assert!(noted.eq(read.iter().copied()), "{table:?}");
                let rows = findings.iter().map(|finding| match finding.place {
                    Place::Cell { row, .. } => row,
                    place => panic!("{place} is no cell"),
                });
                assert!(rows.eq(faulty.iter().copied()), "{findings:?} {table:?}");
            }
        }
    }
}

#[test]
fn recognises_a_table_by_its_first_bytes() {
    for (text, is) in [
        ("at,operation,subject", true),
        ("\u{feff}at,operation,subject", true),
        ("at,operation", false),
        ("at,operations,subject", false),
        ("At,operation,subject", false),
        (" at,operation,subject", false),
        ("item,at,operation", false),
        ("", false),
    ] {
        assert_eq!(is_table(text.as_bytes()), is, "{text:?}");
    }
}
