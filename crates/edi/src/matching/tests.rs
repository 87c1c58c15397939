use caravan_postal::{Grams, Handling, HighestFlag, Place, S8, S9};
use proptest::prelude::*;

use super::{Difference, IrregularityKind, Kind, Outcome, Received, Rules, Told, carrier, compare, dispatch};
use crate::consignment::{self, Consignment};
use crate::predes::{Advice, AdvisedReceptacle};
use crate::resdit::{Event, EventKind, Report};
use crate::sample::{at, s9};
use crate::{rescon, resdes};

const SUBJECT: &str = "CNURCAKZALAADUN60001";

fn rules() -> Rules {
    Rules { weight_tolerance: Grams(200) }
}

fn bag(serial: u32) -> S9 {
    s9(serial, HighestFlag::No, false, 10_000)
}

/// Bags told, each with what is read on arrival.
fn pair(serials: &[u32]) -> (Vec<Told>, Vec<Received>) {
    let told = |serial: &u32| Told {
        s9: bag(*serial),
        gross_weight: Some(Grams(10_000)),
        handling: Some(Handling::Normal),
    };
    let received = |serial: &u32| Received {
        s9: bag(*serial),
        gross_weight: Some(Grams(10_000)),
        handling: Some(Handling::Normal),
        status: Some("20".to_owned()),
        place: Place::Whole,
    };
    (serials.iter().map(told).collect(), serials.iter().map(received).collect())
}

/// Shows differences as a person sees them: the serial, the code, the arguments behind the receptacle.
fn shown(differences: &[Difference]) -> Vec<String> {
    let line = |difference: &Difference| {
        let finding = difference.finding();
        let arguments = finding.arguments[1..].join("|").replace(SUBJECT, "S8");
        format!("{:03} {} {arguments}", difference.receptacle.serial(), finding.code.name)
    };
    differences.iter().map(line).collect()
}

/// The one door: three bags with a change, and what differs then once nothing more is waited for.
fn check(change: impl Fn(&mut Vec<Told>, &mut Vec<Received>), expected: &[&str]) -> Vec<Difference> {
    let (mut told, mut received) = pair(&[1, 2, 3]);
    change(&mut told, &mut received);
    let all = compare(SUBJECT, &told, &received, rules()).settle();
    assert_eq!(shown(&all), expected);
    all
}

#[test]
fn finds_nothing_where_nothing_differs() {
    check(|_, _| {}, &[]);
    check(|_, received| received.reverse(), &[]);
    // The same said again is no second receptacle.
    check(|_, received| received.push(Received { place: at_segment(40), ..received[0].clone() }), &[]);
    // A weight that neither side has cannot differ, and a flag that is not known does not.
    check(
        |told, received| {
            told[0].s9 = s9(1, HighestFlag::Unknown, false, 2_000_000);
            told[0].gross_weight = None;
            received[0].s9.is_registered = None;
            received[1].handling = None;
        },
        &[],
    );
}

fn at_segment(segment: u32) -> Place {
    Place::Segment { segment, element: 0, component: 0 }
}

#[test]
fn finds_what_is_missing_and_what_is_in_excess() {
    let missing = check(|_, received| received.retain(|one| one.s9 != bag(2)), &["002 match-missing S8"]);
    let draft = missing[0].irregularity().unwrap();
    assert_eq!(
        (draft.kind, draft.told, draft.received),
        (IrregularityKind::Missing, Some(Grams(10_000)), None)
    );
    assert_eq!((draft.dispatch.to_string().as_str(), draft.receptacle), (SUBJECT, bag(2)));
    let extra = check(|told, _| told.retain(|one| one.s9 != bag(2)), &["002 match-extra S8"]);
    let draft = extra[0].irregularity().unwrap();
    assert_eq!(
        (draft.kind, draft.told, draft.received),
        (IrregularityKind::Excess, None, Some(Grams(10_000)))
    );
    check(|told, _| told.clear(), &["001 match-extra S8", "002 match-extra S8", "003 match-extra S8"]);
}

#[test]
fn finds_what_went_to_the_wrong_office() {
    let wrong = S9::parse("CNURCAKGFRUADUN60009004100033").unwrap();
    let found = check(
        |_, received| {
            received.push(Received {
                s9: wrong,
                gross_weight: None,
                place: at_segment(9),
                ..received[0].clone()
            });
        },
        &["004 match-mis-sent KGFRUA|S8"],
    );
    assert_eq!(found[0].place, at_segment(9));
    let draft = found[0].irregularity().unwrap();
    assert_eq!((draft.kind, draft.received), (IrregularityKind::MisSent, Some(Grams(3_300))));
    assert_eq!(draft.dispatch.to_string(), "CNURCAKGFRUADUN60009");
    // Another dispatch for the same office is in excess.
    let other = S9::parse("CNURCAKZALAADUN60002004100033").unwrap();
    check(
        |_, received| received.push(Received { s9: other, ..received[0].clone() }),
        &["004 match-extra S8"],
    );
}

#[test]
fn finds_other_weights_beyond_the_tolerance() {
    check(|_, received| received[0].gross_weight = Some(Grams(10_200)), &[]);
    check(|_, received| received[0].gross_weight = Some(Grams(9_800)), &[]);
    let found = check(
        |_, received| received[0].gross_weight = Some(Grams(9_799)),
        &["001 match-weight 10.000|9.799"],
    );
    let draft = found[0].irregularity().unwrap();
    assert_eq!((draft.told, draft.received), (Some(Grams(10_000)), Some(Grams(9_799))));
    // Without a weight of its own, that of the label counts.
    check(
        |told, received| {
            (told[0].gross_weight, received[0].gross_weight) = (None, None);
            received[0].s9 = s9(1, HighestFlag::No, false, 12_000);
        },
        &["001 match-weight 10.000|12.000"],
    );
}

#[test]
fn finds_other_flags() {
    check(
        |_, received| {
            received[2].s9 = s9(3, HighestFlag::Yes, true, 10_000);
            received[1].handling = Some(Handling::Registered);
            received[0].status = Some("21".to_owned());
        },
        &[
            "001 match-status 21",
            "002 match-flag @handling-class|N|R",
            "003 match-flag @highest-flag|0|1",
            "003 match-flag @registered-flag|0|1",
        ],
    );
    let found = check(|_, received| received[0].status = None, &[]);
    assert_eq!(found, []);
}

#[test]
fn finds_what_is_there_twice() {
    check(
        |told, _| told.push(Told { gross_weight: Some(Grams(10_050)), ..told[0] }),
        &["001 match-duplicate S8"],
    );
    // The last word counts.
    check(
        |_, received| received.push(Received { gross_weight: Some(Grams(5_000)), ..received[0].clone() }),
        &["001 match-duplicate S8", "001 match-weight 10.000|5.000"],
    );
}

#[test]
fn waits_until_it_is_settled() {
    let (told, received) = pair(&[1, 2, 3]);
    let outcome = compare(SUBJECT, &told, &received[..1], rules());
    assert_eq!(outcome.differences, []);
    assert_eq!(shown(&outcome.awaited), ["002 match-missing S8", "003 match-missing S8"]);
}

fn answer(serial: u32) -> resdes::Receptacle {
    resdes::Receptacle {
        s9: bag(serial),
        kind: None,
        subclass: None,
        handling: None,
        condition: None,
        gross_weight: None,
        status: Some("20".to_owned()),
        effective_at: None,
        place: Place::Whole,
    }
}

fn advised() -> Advice {
    let receptacle = |serial| AdvisedReceptacle {
        s9: bag(serial),
        kind: None,
        handling: None,
        gross_weight: None,
        seal: None,
        item_count: None,
        items: Vec::new(),
        place: Place::Whole,
    };
    Advice {
        s8: S8::parse(SUBJECT),
        function: None,
        closed_at: None,
        departs_at: None,
        mode: None,
        conveyance: None,
        receptacles: vec![receptacle(1), receptacle(2)],
    }
}

fn handed() -> Consignment {
    let receptacle = |serial| consignment::Receptacle {
        s9: bag(serial),
        kind: None,
        handling: None,
        gross_weight: Some(Grams(10_000)),
        unit: None,
        place: Place::Whole,
    };
    Consignment {
        id: Some("C1".to_owned()),
        receptacles: vec![receptacle(1), receptacle(2)],
        ..Consignment::default()
    }
}

#[test]
fn takes_a_dispatch_and_its_responses_in_any_number() {
    let response = |serials: &[u32]| resdes::Response {
        s8: S8::parse(SUBJECT),
        receptacles: serials.iter().map(|serial| answer(*serial)).collect(),
    };
    assert_eq!(dispatch(&advised(), &[response(&[2]), response(&[1])], rules()), Outcome::default());
    let outcome = dispatch(&advised(), &[response(&[2, 7])], rules());
    assert_eq!(shown(&outcome.settle()), ["001 match-missing S8", "007 match-extra S8"]);
}

#[test]
fn takes_a_consignment_and_its_responses() {
    let response = |serials: &[u32]| rescon::Response {
        consignment: Some("C1".to_owned()),
        receptacles: serials.iter().map(|serial| answer(*serial)).collect(),
    };
    let outcome = super::consignment(&handed(), &[response(&[2, 7])], rules());
    assert_eq!(shown(&outcome.settle()), ["001 match-missing C1", "007 match-extra C1"]);
}

/// Events of the consignment, each with its minute and its bags; a bag above 2 was not handed over.
fn told_by_carrier(events: &[(EventKind, u32, &[u32])]) -> Outcome {
    let event = |(kind, minute, serials): &(EventKind, u32, &[u32])| Event {
        consignment: Some("C1".to_owned()),
        code: kind.as_str().to_owned(),
        at: Some(at(9, *minute)),
        location: None,
        leg: None,
        receptacles: serials.iter().map(|serial| (bag(*serial), at_segment(*serial))).collect(),
        place: Place::Whole,
    };
    let report = Report { prepared_at: None, events: events.iter().map(event).collect() };
    let foreign = Event { consignment: Some("C2".to_owned()), ..event(&(EventKind::Lost, 59, &[1, 2])) };
    carrier(&handed(), &[report, Report { prepared_at: None, events: vec![foreign] }])
}

#[test]
fn takes_what_the_carrier_says() {
    use EventKind::{
        Assigned, Delivered, Departed, Found, Loaded, Lost, NotLoaded, Received as Taken, Returned,
    };
    let check = |events: &[(EventKind, u32, &[u32])], differences: &[&str], awaited: &[&str]| {
        let outcome = told_by_carrier(events);
        assert_eq!(shown(&outcome.differences), differences);
        assert_eq!(shown(&outcome.awaited), awaited);
    };
    check(&[], &[], &["001 match-missing C1", "002 match-missing C1"]);
    check(&[(Assigned, 0, &[1, 2])], &[], &["001 match-missing C1", "002 match-missing C1"]);
    check(&[(Taken, 0, &[1])], &[], &["001 match-not-delivered C1", "002 match-missing C1"]);
    check(&[(Taken, 0, &[1, 2]), (Departed, 1, &[1, 2]), (Delivered, 2, &[1, 2])], &[], &[]);
    check(&[(Taken, 0, &[]), (Delivered, 2, &[])], &[], &[]);
    check(&[(Delivered, 2, &[1, 2]), (Lost, 1, &[2])], &[], &[]);
    check(&[(Taken, 0, &[1, 2]), (Lost, 1, &[2]), (Delivered, 2, &[1])], &["002 match-lost C1"], &[]);
    check(&[(Lost, 1, &[2]), (Found, 2, &[2]), (Delivered, 3, &[1])], &[], &["002 match-not-delivered C1"]);
    check(
        &[(Returned, 1, &[2]), (NotLoaded, 0, &[2]), (Delivered, 3, &[1])],
        &["002 match-returned C1"],
        &[],
    );
    check(
        &[(NotLoaded, 1, &[1, 2]), (Loaded, 2, &[1]), (Delivered, 3, &[1])],
        &["002 match-not-loaded C1"],
        &["002 match-not-delivered C1"],
    );
    check(&[(Delivered, 3, &[1, 2, 7])], &["007 match-extra C1"], &[]);
    let lost = told_by_carrier(&[(Lost, 1, &[2])]).differences;
    assert_eq!(lost[0].place, at_segment(2));
    assert_eq!(lost[0].irregularity().map(|draft| draft.kind), Some(IrregularityKind::Missing));
}

#[test]
fn drafts_a_note_for_what_is_between_two_posts() {
    let s9 = bag(1);
    let draft = |kind| Difference::new(kind, SUBJECT, s9).irregularity().map(|draft| draft.kind);
    let handling = Kind::Handling { told: Handling::Normal, received: Handling::Registered };
    assert_eq!(draft(handling), Some(IrregularityKind::Handling));
    assert_eq!(draft(Kind::RegisteredFlag), Some(IrregularityKind::Handling));
    for kind in [
        Kind::Duplicate,
        Kind::HighestFlag,
        Kind::Status { status: String::new() },
        Kind::Returned,
        Kind::NotLoaded,
        Kind::NotDelivered,
    ] {
        assert_eq!(draft(kind), None);
    }
}

proptest! {
    /// Whatever is taken away, added or changed is told, and nothing else.
    #[test]
    fn tells_what_was_done(
        serials in prop::collection::btree_set(1u32..999, 1..30),
        fates in prop::collection::vec(0u8..5, 30),
        seed in any::<usize>(),
    ) {
        let serials: Vec<u32> = serials.into_iter().collect();
        let (mut told, mut received) = pair(&serials);
        let mut expected = Vec::new();
        for (index, fate) in fates.iter().enumerate().take(serials.len()) {
            let serial = serials[index];
            match fate {
                0 => {
                    received.retain(|one| one.s9.serial() != serial);
                    expected.push((bag(serial), Kind::Missing));
                }
                1 if serials.len() > 1 && told.len() > 1 => {
                    told.retain(|one| one.s9.serial() != serial);
                    expected.push((bag(serial), Kind::Extra));
                }
                2 => {
                    let one = received.iter_mut().find(|one| one.s9.serial() == serial).unwrap();
                    one.gross_weight = Some(Grams(10_201));
                    expected.push((bag(serial), Kind::Weight));
                }
                _ => {}
            }
        }
        let turn = seed % received.len().max(1);
        if !received.is_empty() { received.rotate_left(turn); }
        told.reverse();
        let found: Vec<(S9, Kind)> = compare(SUBJECT, &told, &received, rules()).settle()
            .into_iter().map(|difference| (difference.receptacle, difference.kind)).collect();
        prop_assert_eq!(found, expected);
    }
}
