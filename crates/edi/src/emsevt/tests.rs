use std::collections::BTreeSet;

use caravan_postal::{Country, Currency, Finding, HighestFlag, Impc, MailClass, Money, Place, S10};
use proptest::prelude::*;

use super::{
    Event, EventError, EventKind, ListError, Lists, Location, Report, Side, Status, check_order, read, write,
};
use crate::Message;
use crate::profile::Known;
use crate::sample::{at, cover, disturb, read_all, read_back, s9, written};

/// The event codes that version 3 has.
const CODES: [&str; 25] = [
    "EMA", "EMB", "EXA", "EXB", "EXC", "EXD", "EXX", "EMC", "EMJ", "EMK", "EMD", "EDA", "EDB", "EME", "EDC",
    "EMF", "EDD", "EDE", "EMG", "EDF", "EDG", "EDH", "EMH", "EMI", "EDX",
];

fn item() -> S10 {
    S10::parse("RR473124829CN").unwrap()
}

fn office() -> Location {
    Location::office(Impc::parse("CNURCA").unwrap())
}

/// An event of a kind that says no more than it must.
fn event(kind: EventKind) -> Event {
    let reason = kind.reasons().map(|_| "12".to_owned());
    Event { reason, ..Event::new(item(), kind, at(9, 30), office()) }
}

/// An event that says everything.
fn full() -> Event {
    let bag = s9(1, HighestFlag::No, true, 14_700);
    let text = |text: &str| Some(text.to_owned());
    Event {
        captured_at: Some(at(1, 31)),
        location: Some(Location { name: text("ALMATY"), ..office() }),
        next_office: Impc::parse("KZALAA"),
        posted_in: Some(Location { code: "830000".to_owned(), agency: text("86"), name: text("URUMQI") }),
        origin: Country::parse("CN"),
        destination: Country::parse("KZ"),
        class: Some(MailClass::Letters),
        dispatch: Some(bag.dispatch),
        receptacle: Some(bag),
        condition: text("30"),
        reason: text("12"),
        measure: text("B"),
        delivered_to: text("NEIGHBOUR"),
        signatory: text("A. B. O'C."),
        delivery_postcode: text("050000"),
        duty: Money::parse("12.50", Currency::parse("EUR").unwrap()).ok(),
        ..event(EventKind::NotDelivered)
    }
}

fn report(events: Vec<Event>) -> Report {
    Report { prepared_at: Some(at(10, 0)), events }
}

fn written_report(report: &Report) -> Result<Vec<u8>, EventError> {
    written(|writer| write(writer, Known::Emsevt.profile(), "1", report))
}

fn read_with(lists: &Lists, message: &Message<'_>, findings: &mut Vec<Finding>) -> Report {
    let mut report = read(Known::Emsevt.profile(), lists, message, findings);
    report.events.iter_mut().for_each(|event| event.place = Place::Whole);
    report
}

fn reader(message: &Message<'_>, findings: &mut Vec<Finding>) -> Report {
    read_with(Lists::built_in(), message, findings)
}

#[test]
fn has_every_event() {
    let codes: Vec<&str> = EventKind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(codes, CODES);
    assert!(CODES.iter().all(|code| EventKind::parse(code).is_some_and(|kind| kind.as_str() == *code)));
    assert_eq!(EventKind::parse("EMZ"), None);
    let of = |side| EventKind::ALL.iter().filter(|kind| kind.side() == side).count();
    assert_eq!([of(Side::Origin), of(Side::Transit), of(Side::Destination)], [8, 2, 15]);
    let with_reason: BTreeSet<&str> =
        EventKind::ALL.iter().filter(|kind| kind.reasons().is_some()).map(|kind| kind.as_str()).collect();
    assert_eq!(with_reason, BTreeSet::from(["EDA", "EMH", "EME", "EXB", "EXD"]));
}

#[test]
fn writes_and_reads_every_event() {
    let all = report(EventKind::ALL.iter().map(|kind| event(*kind)).collect());
    assert_eq!(read_back(&written_report(&all).unwrap(), reader), all);
}

#[test]
fn writes_and_reads_all_of_an_event() {
    let whole = report(vec![full()]);
    let bytes = written_report(&whole).unwrap();
    cover(Known::Emsevt.profile(), &bytes);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        text.contains("UNH+1+EMSEVT:3:0:UP'DTM+137:202611221000:203'CNI++RR473124829CN'STS++EMH+12+B'"),
        "{text}"
    );
    assert_eq!(read_back(&bytes, reader), whole);
}

#[test]
fn asks_for_reasons() {
    for kind in EventKind::ALL.iter().filter(|kind| kind.reasons().is_some()) {
        let without = Event { reason: None, ..event(*kind) };
        let error = written_report(&report(vec![without])).expect_err("no reason");
        assert!(matches!(error, EventError::Reason { .. }), "{error}");
        let text = String::from_utf8(written_report(&report(vec![event(*kind)])).unwrap()).unwrap();
        let (_, findings) = read_all(text.replace("+12'", "'").as_bytes(), reader);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.name).collect();
        assert_eq!(codes, ["edi-reason-missing"], "{}", kind.as_str());
    }
}

#[test]
fn knows_of_its_lists_how_much_it_knows() {
    let lists = Lists::built_in();
    for name in Lists::NAMES {
        let list = lists.get(name).unwrap();
        assert_eq!(
            list.status,
            if name == "condition" { Status::Partial } else { Status::Unknown },
            "{name}"
        );
        assert!(list.allows("any code"));
    }
    assert_eq!(lists.get("condition").unwrap().rows["30"], "good condition");
    assert_eq!(lists.get("other"), None);
}

#[test]
fn holds_reasons_against_a_whole_list() {
    let text = include_str!("../../lists/emsevt.toml");
    let (head, tail) = text.split_once("[non-delivery-reason]").unwrap();
    let whole = |rows: &str| {
        let tail = tail.replacen("status = \"unknown\"", &format!("status = \"whole\"\n{rows}"), 1);
        Lists::parse(&format!("{head}[non-delivery-reason]{tail}"))
    };
    let lists = whole("rows = { \"12\" = \"made up for this test\" }").unwrap();
    let bytes =
        written_report(&report(vec![full(), Event { reason: Some("13".to_owned()), ..full() }])).unwrap();
    let (_, findings) = read_all(&bytes, |message, findings| read_with(&lists, message, findings));
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!(finding.code.name, "edi-reason-unknown");
    assert_eq!(*finding.arguments, ["EMH".into(), "@non-delivery-reason".into(), "13".into()]);
    assert!(matches!(whole(""), Err(ListError::Status("non-delivery-reason"))));
    assert!(matches!(Lists::parse(""), Err(ListError::Toml(_))));
}

#[test]
fn tells_what_it_cannot_read() {
    let sample = String::from_utf8(written_report(&report(vec![full()])).unwrap()).unwrap();
    let codes = |from: &str, to: &str| {
        assert!(sample.contains(from), "{from:?} is in the sample");
        let (_, findings) = read_all(sample.replacen(from, to, 1).as_bytes(), reader);
        findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>()
    };
    assert_eq!(codes("RR473124829CN", "RR473124820CN"), ["edi-item-unreadable"]);
    assert_eq!(codes("STS++EMH", "STS++EMZ"), ["edi-event-unknown"]);
    assert_eq!(codes("12.50", "12.505"), ["edi-amount-unreadable"]);
    assert_eq!(codes("LOC+27+CN", "LOC+27+ZZ"), ["edi-code-unknown"]);
    assert_eq!(
        codes("DTM+7:202611220930", "DTM+7:202611229930"),
        ["edi-event-time-missing", "edi-time-unreadable"]
    );
}

#[test]
fn tells_what_happened_too_early() {
    let timed = |events: &[(&str, i64)]| {
        let events: Vec<(Event, i64)> =
            events.iter().map(|(code, at_ms)| (event(EventKind::parse(code).unwrap()), *at_ms)).collect();
        check_order(events.iter().map(|(event, at_ms)| (event, *at_ms)), 99)
            .iter()
            .map(|finding| finding.arguments[1..].join(" before "))
            .collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(
        timed(&[("EMA", 1), ("EMB", 2), ("EXA", 2), ("EXC", 3), ("EMC", 4), ("EMD", 9), ("EMI", 12)]),
        none
    );
    assert_eq!(timed(&[("EMI", 12), ("EMA", 1)]), none);
    assert_eq!(timed(&[("EMC", 3), ("EXA", 4)]), ["EMC before EXA"]);
    assert_eq!(timed(&[("EMD", 3), ("EMC", 4)]), ["EMD before EMC"]);
    // Customs may hold and return in any order, and a second delivery is none before its arrival.
    assert_eq!(timed(&[("EXC", 3), ("EXB", 4)]), none);
    assert_eq!(timed(&[("EMG", 3), ("EMH", 4), ("EMG", 5), ("EMI", 6)]), none);
    assert_eq!(timed(&[("EDA", 9), ("EMJ", 1), ("EMA", 5)]), none);
    assert_eq!(timed(&[("EMA", 99)]), none);
    assert_eq!(timed(&[("EMA", 100), ("EMB", 101)]), ["EMA", "EMB"]);
}

#[test]
fn stands_disturbed_bytes() {
    disturb(&written_report(&report(vec![full()])).unwrap(), |message, findings| {
        reader(message, findings);
    });
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        events in prop::collection::vec((prop::sample::select(EventKind::ALL.to_vec()), 0u32..60, any::<[bool; 4]>(), "[A-Z0-9:+?' ]{0,8}[A-Z]"), 1..6),
    ) {
        let events = events.into_iter().map(|(kind, minute, [a, b, c, d], text)| {
            let full = full();
            let text = || Some(text.clone());
            Event {
                at: Some(at(8, minute)),
                captured_at: full.captured_at.filter(|_| a),
                next_office: full.next_office.filter(|_| b),
                posted_in: full.posted_in.filter(|_| c),
                origin: full.origin.filter(|_| d),
                destination: full.destination.filter(|_| a),
                class: full.class.filter(|_| b),
                dispatch: full.dispatch.filter(|_| c),
                receptacle: full.receptacle.filter(|_| d),
                condition: text().filter(|_| a),
                measure: text().filter(|_| b),
                delivered_to: text().filter(|_| c),
                signatory: text().filter(|_| d),
                delivery_postcode: text().filter(|_| a && c),
                duty: full.duty.filter(|_| b && d),
                ..event(kind)
            }
        });
        let report = report(events.collect());
        prop_assert_eq!(read_back(&written_report(&report).unwrap(), reader), report);
    }
}
