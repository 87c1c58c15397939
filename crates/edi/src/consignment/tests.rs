use caravan_postal::{
    Finding, Grams, Handling, HighestFlag, Impc, MailCategory, MailClass, Place, ReceptacleKind,
};
use proptest::prelude::*;

use super::{
    Consignment, ConsignmentError, Function, Leg, Location, Receptacle, Stage, TransportMode, Unit, read,
    write,
};
use crate::Message;
use crate::profile::Known;
use crate::sample::{at, cover, disturb, read_all, read_back, s9, written};

const LAYOUTS: [Known; 2] = [Known::Precon, Known::Cardit];

fn office(code: &str) -> Impc {
    Impc::parse(code).unwrap()
}

fn receptacle(serial: u32, grams: u64) -> Receptacle {
    Receptacle {
        s9: s9(serial, HighestFlag::Unknown, false, grams),
        kind: Some(ReceptacleKind::Bag),
        handling: Some(Handling::Normal),
        gross_weight: Some(Grams(grams)),
        unit: Some("HJCU1000008".to_owned()),
        place: Place::Whole,
    }
}

/// A truck from Urumqi to Zharkent, and on to Almaty.
fn consignment() -> Consignment {
    let named =
        Location { code: "KZALA".to_owned(), agency: Some("6".to_owned()), name: Some("ALMATY".to_owned()) };
    Consignment {
        id: Some("CNA000000017".to_owned()),
        function: Some(Function::Original),
        completed_at: Some(at(14, 10)),
        bill: Some("17".to_owned()),
        category: Some(MailCategory::D),
        class: Some(MailClass::Letters),
        origin: Some(office("CNURCA")),
        destination: Some(office("KZALAA")),
        handover: Some(named.clone()),
        legs: vec![
            Leg {
                stage: Some(Stage::Main),
                conveyance: Some("X8015".to_owned()),
                mode: Some(TransportMode::Road),
                carrier: Some("CARRIER".to_owned()),
                vehicle: Some("A12345".to_owned()),
                from: Some(Location {
                    name: Some("URUMQI".to_owned()),
                    ..Location::office(office("CNURCA"))
                }),
                to: Some(Location::office(office("KZZRKA"))),
                departs_at: Some(at(16, 0)),
                arrives_at: Some(at(23, 30)),
                arrives_on: None,
            },
            Leg {
                stage: Some(Stage::OnCarriage),
                conveyance: None,
                mode: Some(TransportMode::Rail),
                carrier: None,
                vehicle: None,
                from: Some(Location::office(office("KZZRKA"))),
                to: Some(named),
                departs_at: None,
                arrives_at: None,
                arrives_on: Some(at(0, 0).date()),
            },
        ],
        units: vec![Unit {
            equipment: Unit::CONTAINER.to_owned(),
            number: "HJCU1000008".to_owned(),
            size_type: Some("45G1".to_owned()),
            net_weight: Some(Grams(16_000)),
            seals: vec!["CN0042".to_owned(), "CN0043".to_owned()],
        }],
        receptacles: vec![receptacle(1, 14_660), receptacle(2, 1_300)],
    }
}

fn written_by(known: Known, consignment: &Consignment) -> Result<Vec<u8>, ConsignmentError> {
    written(|writer| write(writer, known.profile(), "1", consignment))
}

fn reader(known: Known) -> impl Fn(&Message<'_>, &mut Vec<Finding>) -> Consignment {
    move |message, findings| read(known.profile(), message, findings)
}

/// What a message says of a consignment: weights to a tenth of a kilogram, and no class in PRECON.
fn said(known: Known, consignment: &Consignment) -> Consignment {
    let mut said = consignment.clone();
    let rounded = |weight: Grams| Grams(weight.hectograms() * 100);
    for receptacle in &mut said.receptacles {
        receptacle.gross_weight = receptacle.gross_weight.map(rounded);
    }
    for unit in &mut said.units {
        unit.net_weight = unit.net_weight.map(rounded);
    }
    if known == Known::Precon {
        (said.class, said.handover) = (None, None);
    }
    said
}

fn without_places(mut consignment: Consignment) -> Consignment {
    consignment.receptacles.iter_mut().for_each(|receptacle| receptacle.place = Place::Whole);
    consignment
}

#[test]
fn writes_the_sample_for_the_carrier() {
    let text = String::from_utf8(written_by(Known::Cardit, &consignment()).unwrap()).unwrap();
    let expected = "UNA:+.? '
UNB+UNOA:3+CN101:UP+KZ101:UP+261122:1305+7'
UNH+1+CARDIT:2:1:UP'
BGM++CNA000000017+9'
DTM+137:2611221410:201'
TSR++++U::139'
FTX+ABK++D::139'
LOC+5+CNURCA::139'
LOC+8+KZALAA::139'
EQN+2'
QTY+1:16.0:KGM'
DOC+::17'
LOC+84+KZALA::6:ALMATY'
TDT+20+X8015+3++CARRIER+++A12345'
LOC+5+CNURCA::139:URUMQI'
LOC+8+KZZRKA::139'
DTM+189:2611221600:201'
DTM+232:2611222330:201'
TDT+30++2'
LOC+5+KZZRKA::139'
LOC+8+KZALA::6:ALMATY'
DTM+232:261122:101'
EQD+CN+HJCU1000008+45G1'
MEA+WT+AAA+KGM:16.0'
SEL+CN0042'
SEL+CN0043'
GID++1:BG'
PCI++CNURCAKZALAADUN60001001900147'
FTX+AAQ++UN::139'
FTX+INS++N::139'
MEA+WT+AAB+KGM:14.7'
SGP+HJCU1000008'
GID++1:BG'
PCI++CNURCAKZALAADUN60001002900013'
FTX+AAQ++UN::139'
FTX+INS++N::139'
MEA+WT+AAB+KGM:1.3'
SGP+HJCU1000008'
UNT+37+1'
UNZ+1+7'
";
    assert_eq!(text.replace('\'', "'\n"), expected);
}

#[test]
fn writes_the_sample_for_the_office_that_takes_over() {
    let text = String::from_utf8(written_by(Known::Precon, &consignment()).unwrap()).unwrap();
    for part in [
        "UNH+1+PRECON:1:1:UP'BGM++CNA000000017+9'DTM+137:2611221410:201'",
        "LOC+8+KZALAA::139'RFF+AAS:17'TDT+20+X8015+3++CARRIER+++A12345'",
        "SEL+CN0043'GID++1:BG'PCI+++CW:CNURCAKZALAADUN60001001900147'FTX+AAQ++UN::139'",
        "SGP+HJCU1000008'CNT+11:2'CNT+7:16.0:KGM'UNT+",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn both_layouts_hold_all_of_a_consignment() {
    for known in LAYOUTS {
        let bytes = written_by(known, &consignment()).unwrap();
        cover(known.profile(), &bytes);
        let read = read_back(&bytes, reader(known));
        assert_eq!(without_places(read), said(known, &consignment()));
    }
}

#[test]
fn reads_the_identifier_of_a_receptacle_wherever_a_carrier_has_it() {
    let sample = String::from_utf8(written_by(Known::Cardit, &consignment()).unwrap()).unwrap();
    let marked = sample.replace("PCI++", "PCI+++CW:");
    let (read, findings) = read_all(marked.as_bytes(), reader(Known::Cardit));
    assert_eq!(findings, []);
    assert_eq!(without_places(read.into_iter().next().unwrap()), said(Known::Cardit, &consignment()));
}

/// The one door of reading: a sample with a change, and what is found then.
fn check(known: Known, from: &str, to: &str, expected: &[&str]) {
    let sample = String::from_utf8(written_by(known, &consignment()).unwrap()).unwrap();
    assert!(sample.contains(from), "{from:?} is in the sample");
    let (_, findings) = read_all(sample.replacen(from, to, 1).as_bytes(), reader(known));
    let found: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.place, finding.code.name, finding.arguments.join("|")))
        .collect();
    assert_eq!(found, expected, "{from:?} to {to:?}");
}

#[test]
fn tells_what_does_not_agree() {
    let whole = ["segment 9, element 1, component 1 edi-field-differs receptacle_count|3|2"];
    check(Known::Cardit, "EQN+2", "EQN+3", &whole);
    check(
        Known::Cardit,
        "QTY+1:16.0",
        "QTY+1:17.0",
        &["segment 10, element 1, component 2 edi-field-differs total_weight_kg|17.0|16.0"],
    );
    check(
        Known::Cardit,
        "SGP+HJCU1000008",
        "SGP+HJCU1000009",
        &["segment 26 edi-unit-unknown CNURCAKZALAADUN60001001900147|HJCU1000009"],
    );
    check(
        Known::Cardit,
        "KGM:14.7",
        "KGM:14.9",
        &[
            "segment 10, element 1, component 2 edi-field-differs total_weight_kg|16.0|16.2",
            "segment 30, element 3, component 2 edi-weight-differs CNURCAKZALAADUN60001001900147|14.900|14.7",
        ],
    );
    check(
        Known::Cardit,
        "BGM++CNA000000017",
        "BGM++",
        &[
            "segment 2 edi-consignment-missing ",
            "segment 3, element 2, component 1 edi-value-missing BGM|consignment",
        ],
    );
    check(
        Known::Cardit,
        "PCI++CNURCAKZALAADUN60001001900147",
        "PCI",
        &[
            "segment 9, element 1, component 1 edi-field-differs receptacle_count|2|1",
            "segment 10, element 1, component 2 edi-field-differs total_weight_kg|16.0|1.3",
            "segment 26 edi-receptacle-unreadable ",
        ],
    );
    check(
        Known::Precon,
        "60001002900013",
        "60001001900013",
        &["segment 28 edi-receptacle-repeated CNURCAKZALAADUN60001001900013"],
    );
    check(
        Known::Precon,
        "CNT+11:2",
        "CNT+11:1",
        &["segment 34, element 1, component 2 edi-field-differs receptacle_count|1|2"],
    );
    check(
        Known::Precon,
        "TDT+20",
        "TDT+21",
        &["segment 9, element 1, component 1 edi-code-unknown stage|21"],
    );
}

#[test]
fn refuses_what_contradicts_itself() {
    fn check(change: fn(&mut Consignment), fault: fn(&ConsignmentError) -> bool) {
        let mut consignment = consignment();
        change(&mut consignment);
        for known in LAYOUTS {
            let error = written_by(known, &consignment).expect_err("a fault");
            assert!(fault(&error), "{error}");
        }
    }
    check(|all| all.receptacles.clear(), |error| matches!(error, ConsignmentError::Empty(_)));
    check(
        |all| all.receptacles[1] = all.receptacles[0].clone(),
        |error| matches!(error, ConsignmentError::Repeated(_)),
    );
    check(
        |all| all.receptacles[1].gross_weight = Some(Grams(9_000)),
        |error| matches!(error, ConsignmentError::Weight { grams: 9_000, .. }),
    );
    check(
        |all| all.receptacles[1].gross_weight = None,
        |error| matches!(error, ConsignmentError::Unweighed(_)),
    );
    check(|all| all.units.clear(), |error| matches!(error, ConsignmentError::Unit { .. }));
    check(|all| all.id = None, |error| matches!(error, ConsignmentError::Profile { .. }));
    check(|all| all.destination = None, |error| matches!(error, ConsignmentError::Profile { .. }));
    let cancelled =
        Consignment { function: Some(Function::Cancellation), receptacles: Vec::new(), ..consignment() };
    for known in LAYOUTS {
        assert_eq!(
            read_back(&written_by(known, &cancelled).unwrap(), reader(known)),
            said(known, &cancelled)
        );
    }
}

#[test]
fn says_the_new_weight_of_another_offices_bag_that_was_opened() {
    let mut consignment = consignment();
    consignment.origin = Some(office("CNKHGA"));
    consignment.receptacles[1].gross_weight = Some(Grams(1_100));
    let bytes = written_by(Known::Cardit, &consignment).unwrap();
    let (read, findings) = read_all(&bytes, reader(Known::Cardit));
    assert_eq!(read[0].receptacles[1].gross_weight, Some(Grams(1_100)));
    assert_eq!(findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(), ["edi-weight-differs"]);
}

#[test]
fn stands_disturbed_bytes() {
    for known in LAYOUTS {
        disturb(&written_by(known, &consignment()).unwrap(), |message, findings| {
            read(known.profile(), message, findings);
        });
    }
}

fn location() -> impl Strategy<Value = Location> {
    let agency = prop::option::of("[0-9]{1,3}");
    ("[A-Z0-9]{3,6}", agency, prop::option::of("[A-Z ?'+:]{0,6}[A-Z]"))
        .prop_map(|(code, agency, name)| Location { code, agency, name })
}

fn leg() -> impl Strategy<Value = Leg> {
    let text = || prop::option::of("[A-Z0-9:+?']{1,9}");
    let place = || prop::option::of(location());
    let minute = || prop::option::of(0u32..60);
    let mode = prop::option::of(prop::sample::select(TransportMode::ALL.to_vec()));
    let stage = prop::sample::select(Stage::ALL.to_vec());
    (stage, text(), mode, text(), text(), place(), place(), minute(), minute(), any::<bool>()).prop_map(
        |(stage, conveyance, mode, carrier, vehicle, from, to, departs, arrives, is_day)| Leg {
            stage: Some(stage),
            conveyance,
            mode,
            carrier,
            vehicle,
            from,
            to,
            departs_at: departs.map(|minute| at(9, minute)),
            arrives_at: arrives.map(|minute| at(19, minute)),
            arrives_on: is_day.then(|| at(19, 0).date()),
        },
    )
}

fn unit() -> impl Strategy<Value = Unit> {
    let equipment = prop::sample::select(vec![Unit::CONTAINER, Unit::TRAILER]);
    let seals = prop::collection::vec("[A-Z0-9:+?']{1,9}", 0..4);
    (
        equipment,
        "[A-Z]{4}[0-9]{7}",
        prop::option::of("[0-9]{2}[A-Z][0-9]"),
        prop::option::of(0u64..30_000),
        seals,
    )
        .prop_map(|(equipment, number, size_type, net, seals)| Unit {
            equipment: equipment.to_owned(),
            number,
            size_type,
            net_weight: net.map(|kilograms| Grams(kilograms * 100)),
            seals,
        })
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        legs in prop::collection::vec(leg(), 0..4),
        units in prop::collection::vec(unit(), 0..3),
        weights in prop::collection::vec(0u64..2_000_000, 1..9),
        function in prop::sample::select(Function::ALL.to_vec()),
        handover in prop::option::of(location()),
        known in prop::sample::select(LAYOUTS.to_vec()),
    ) {
        let receptacles = (1..).zip(&weights).map(|(serial, grams)| {
            let unit = units.get(serial as usize).map(|unit| unit.number.clone());
            Receptacle { unit, ..receptacle(serial, *grams) }
        });
        let receptacles = receptacles.collect();
        let whole = Consignment { legs, units, receptacles, handover, function: Some(function), ..consignment() };
        let read = read_back(&written_by(known, &whole).unwrap(), reader(known));
        prop_assert_eq!(without_places(read), said(known, &whole));
    }
}
