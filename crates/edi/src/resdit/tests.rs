use std::collections::BTreeSet;

use caravan_postal::{Finding, HighestFlag, Place, S9};
use proptest::prelude::*;

use super::{Event, EventKind, Leg, Location, Report, Stage, TransportMode, read, write};
use crate::Message;
use crate::profile::Known;
use crate::sample::{at, cover, disturb, read_all, read_back, s9, written};

fn place(code: &str) -> Location {
    Location { code: code.to_owned(), agency: Some("6".to_owned()), name: Some("THERE".to_owned()) }
}

fn event(kind: EventKind, minute: u32, receptacles: &[S9]) -> Event {
    Event {
        consignment: Some("CNA000000017".to_owned()),
        code: kind.as_str().to_owned(),
        at: Some(at(9, minute)),
        location: Some(place("CNURC")),
        leg: None,
        receptacles: receptacles.iter().map(|s9| (*s9, Place::Whole)).collect(),
        place: Place::Whole,
    }
}

/// Two bags taken over and sent off.
fn report() -> Report {
    let bags = [s9(1, HighestFlag::No, false, 14_700), s9(2, HighestFlag::Yes, false, 1_300)];
    let leg = Leg {
        stage: Some(Stage::Main),
        conveyance: Some("X8015".to_owned()),
        mode: Some(TransportMode::Rail),
        carrier: Some("CARRIER".to_owned()),
        vehicle: Some("WAGON".to_owned()),
        from: Some(place("CNURC")),
        to: Some(place("KZALA")),
        departs_at: Some(at(10, 0)),
        arrives_at: Some(at(20, 0)),
        arrives_on: None,
    };
    Report {
        prepared_at: Some(at(11, 0)),
        events: vec![
            event(EventKind::Received, 0, &bags),
            Event { leg: Some(leg), ..event(EventKind::Departed, 30, &bags) },
        ],
    }
}

fn written_report(report: &Report) -> Vec<u8> {
    written(|writer| write(writer, Known::Resdit.profile(), "1", report)).unwrap()
}

fn reader(message: &Message<'_>, findings: &mut Vec<Finding>) -> Report {
    let mut report = read(Known::Resdit.profile(), message, findings);
    for event in &mut report.events {
        event.place = Place::Whole;
        event.receptacles.iter_mut().for_each(|(_, place)| *place = Place::Whole);
    }
    report
}

#[test]
fn writes_and_reads_the_sample() {
    let bytes = written_report(&report());
    let text = String::from_utf8(bytes.clone()).unwrap();
    let expected = "UNH+1+RESDIT:1:1:UP'DTM+137:2611221100:201'CNI++CNA000000017'STS++74'DTM+7:2611220900:201'\
                    LOC+48+CNURC::6:THERE'PCI++CNURCAKZALAADUN60001001000147'";
    assert!(text.contains(expected), "{text}");
    assert_eq!(text.matches("CNI++").count(), 1, "both events are of one consignment");
    cover(Known::Resdit.profile(), &bytes);
    assert_eq!(read_back(&bytes, reader), report());
}

#[test]
fn knows_every_code_of_the_list_once() {
    let codes: BTreeSet<&str> = EventKind::ALL.into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes.len(), 15);
    for (kind, code) in EventKind::ALL {
        assert_eq!((EventKind::parse(code), kind.as_str()), (Some(kind), code));
    }
    assert_eq!(EventKind::parse("99"), None);
}

#[test]
fn says_not_loaded_as_its_version_does_and_reads_both() {
    let report = Report { prepared_at: None, events: vec![event(EventKind::NotLoaded, 0, &[])] };
    let text = String::from_utf8(written_report(&report)).unwrap();
    assert!(text.contains("'STS++59'"), "{text}");
    assert_eq!(read_back(text.as_bytes(), reader), report);
    assert_eq!(read_back(text.replace("STS++59", "STS++57").as_bytes(), reader), report);
}

#[test]
fn keeps_what_it_does_not_know_and_says_so() {
    let sample = String::from_utf8(written_report(&report())).unwrap();
    let found = |from: &str, to: &str| {
        assert!(sample.contains(from), "{from:?} is in the sample");
        let (reports, findings) = read_all(sample.replacen(from, to, 1).as_bytes(), reader);
        let shown = findings.iter().map(|finding| {
            format!("{} {} {}", finding.place, finding.code.name, finding.arguments.join("|"))
        });
        (shown.collect::<Vec<_>>(), reports)
    };
    let (findings, reports) = found("STS++74", "STS++99");
    assert_eq!(findings, ["segment 5 edi-event-unknown 99"]);
    assert_eq!((reports[0].events[0].code.as_str(), reports[0].events[0].receptacles.len()), ("99", 2));
    let (findings, _) = found("CNI++CNA000000017'", "");
    assert!(findings.contains(&"segment 4 edi-consignment-missing ".to_owned()), "{findings:?}");
    let (findings, _) = found("DTM+7:2611220900:201'", "DTM+7:26112209:201'");
    assert_eq!(
        findings,
        [
            "segment 5 edi-event-time-missing 74",
            "segment 6, element 1, component 2 edi-time-unreadable 26112209"
        ]
    );
    let (findings, reports) =
        found("PCI++CNURCAKZALAADUN60001001000147", "PCI+++CW:CNURCAKZALAADUN60001001000147");
    assert_eq!((findings, reports), (Vec::new(), vec![report()]));
}

#[test]
fn stands_disturbed_bytes() {
    disturb(&written_report(&report()), |message, findings| {
        reader(message, findings);
    });
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        events in prop::collection::vec(
            (prop::sample::select(EventKind::ALL.to_vec()), 0u32..60, prop::collection::btree_set(1u32..999, 0..5), "[A-B]{1,2}"),
            0..6,
        ),
        is_dated: bool,
    ) {
        let events = events.into_iter().map(|((kind, _), minute, serials, consignment)| {
            let bags: Vec<S9> = serials.into_iter().map(|serial| s9(serial, HighestFlag::Unknown, false, 100)).collect();
            Event { consignment: Some(consignment), ..event(kind, minute, &bags) }
        });
        let events: Vec<Event> = events.collect();
        // A message must hold something.
        prop_assume!(is_dated || !events.is_empty());
        let report = Report { prepared_at: is_dated.then(|| at(12, 0)), events };
        prop_assert_eq!(read_back(&written_report(&report), reader), report);
    }
}
