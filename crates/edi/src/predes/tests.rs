use std::collections::BTreeSet;

use caravan_postal::{Finding, Grams, Handling, HighestFlag, Place, ReceptacleKind, S8, S9, S10};
use proptest::prelude::*;

use super::{
    Advice, Departure, Dispatch, Function, Item, PredesError, Receptacle, TransportMode, read, write,
};
use crate::Message;
use crate::profile::Known;
use crate::sample::{self, at, disturb, read_all, read_back};

fn item(s10: &str, grams: u64) -> Item {
    let s10 = S10::parse(s10).unwrap();
    Item { s10, handling: s10.handling(), gross_weight: Grams(grams) }
}

fn receptacle(serial: u32, is_last: bool, grams: u64, items: Vec<Item>) -> Receptacle {
    let s8 = S8::parse("CNURCAKZALAADUN60001").unwrap();
    let highest = if is_last { HighestFlag::Yes } else { HighestFlag::No };
    let handling = items.iter().map(|item| item.handling).max().unwrap_or(Handling::Normal);
    let s9 = S9::new(s8, serial, highest, Some(handling != Handling::Normal), Grams(grams)).unwrap();
    let item_count = u32::try_from(items.len()).unwrap();
    Receptacle {
        s9,
        kind: ReceptacleKind::Bag,
        handling,
        gross_weight: Grams(grams),
        seal: None,
        item_count,
        items,
    }
}

fn dispatch() -> Dispatch {
    let mut second = receptacle(2, true, 1_250, vec![item("RR473124829CN", 250)]);
    second.seal = Some("CN0042".to_owned());
    second.item_count = 3;
    Dispatch {
        s8: second.s9.dispatch,
        function: Function::Original,
        closed_at: at(13, 5),
        departure: Some(Departure { departs_at: at(20, 5), mode: TransportMode::Road, conveyance: None }),
        receptacles: vec![
            receptacle(1, false, 14_660, vec![item("LX000000120CN", 1_995), item("UA000000195KZ", 20)]),
            second,
        ],
    }
}

fn written(dispatch: &Dispatch) -> Result<Vec<u8>, PredesError> {
    sample::written(|writer| write(writer, Known::Predes.profile(), "1", dispatch))
}

fn advice(message: &Message<'_>, findings: &mut Vec<Finding>) -> Advice {
    read(Known::Predes.profile(), message, findings)
}

#[test]
fn writes_the_sample() {
    let text = String::from_utf8(written(&dispatch()).unwrap()).unwrap();
    let expected = "UNA:+.? '
UNB+UNOA:3+CN101:UP+KZ101:UP+261122:1305+7'
UNH+1+PREDES:2:1:UP'
BGM++CNURCAKZALAADUN60001+9'
DTM+137:2611221305:201'
FTX+ABK++D::139'
FTX+AAQ++UN::139'
TDT+20++3'
LOC+5+CNURCA::139'
LOC+8+KZALAA::139'
DTM+189:2611222005:201'
GID++1:BG'
PCI+++CW:CNURCAKZALAADUN60001001000147'
FTX+AAQ++UN::139'
FTX+INS++N::139'
MEA+WT+AAB+KGM:14.7'
QTY+1:2'
LIN+++LX000000120CN'
FTX+INS++N::139'
MEA+WT+AAB+KGM:1.995'
LIN+++UA000000195KZ'
FTX+INS++N::139'
MEA+WT+AAB+KGM:0.020'
GID++1:BG'
PCI+++CW:CNURCAKZALAADUN60001002110013'
FTX+AAQ++UN::139'
FTX+INS++R::139'
MEA+WT+AAB+KGM:1.3'
QTY+1:3'
RFF+SN:CN0042'
LIN+++RR473124829CN'
FTX+INS++R::139'
MEA+WT+AAB+KGM:0.250'
CNT+11:2'
CNT+2:5'
CNT+7:16.0:KGM'
UNT+35+1'
UNZ+1+7'
";
    assert_eq!(text.replace('\'', "'\n"), expected);
}

#[test]
fn leaves_out_a_departure_that_is_not_planned() {
    let text = String::from_utf8(written(&Dispatch { departure: None, ..dispatch() }).unwrap()).unwrap();
    assert!(!text.contains("TDT") && !text.contains("DTM+189"), "{text}");
    let departure =
        Departure { departs_at: at(20, 5), mode: TransportMode::Rail, conveyance: Some("X8015".to_owned()) };
    let text =
        String::from_utf8(written(&Dispatch { departure: Some(departure), ..dispatch() }).unwrap()).unwrap();
    assert!(text.contains("'TDT+20+X8015+2'"), "{text}");
}

#[test]
fn accepts_labels_printed_before_the_last_number_was_known() {
    let mut dispatch = dispatch();
    dispatch.receptacles[0].s9.highest = HighestFlag::Unknown;
    assert!(written(&dispatch).is_ok());
}

#[test]
fn says_what_comes_in_place_of_what_was_said() {
    let mut replacement = Dispatch { function: Function::Replacement, ..dispatch() };
    let text = String::from_utf8(written(&replacement).unwrap()).unwrap();
    assert!(text.contains("BGM++CNURCAKZALAADUN60001+5'"), "{text}");
    replacement.receptacles[1].s9.highest = HighestFlag::No;
    assert!(written(&replacement).is_ok(), "what bore the flag is void, and this label was out of reach");
    replacement.receptacles[0].s9.highest = HighestFlag::Yes;
    assert!(matches!(written(&replacement), Err(PredesError::HighestFlag(_))), "never on another");
    replacement.receptacles.clear();
    assert!(matches!(written(&replacement), Err(PredesError::Empty(_))));
    let cancellation = Dispatch { function: Function::Cancellation, receptacles: Vec::new(), ..dispatch() };
    let text = String::from_utf8(written(&cancellation).unwrap()).unwrap();
    assert!(text.contains("BGM++CNURCAKZALAADUN60001+1'") && text.contains("CNT+11:0'"), "{text}");
}

#[test]
fn refuses_what_the_labels_do_not_say() {
    fn check(change: fn(&mut Dispatch), fault: fn(&PredesError) -> bool) {
        let mut dispatch = dispatch();
        change(&mut dispatch);
        let error = written(&dispatch).expect_err("a fault");
        assert!(fault(&error), "{error}");
    }
    check(|dispatch| dispatch.receptacles.clear(), |error| matches!(error, PredesError::Empty(_)));
    check(
        |dispatch| dispatch.function = Function::Change,
        |error| matches!(error, PredesError::Function { function: "4", .. }),
    );
    check(
        |dispatch| dispatch.s8 = S8::parse("CNURCAKZALAADUN60002").unwrap(),
        |error| matches!(error, PredesError::Foreign { .. }),
    );
    check(
        |dispatch| dispatch.receptacles.swap(0, 1),
        |error| matches!(error, PredesError::HighestFlag(_) | PredesError::Order(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0] = receptacle(2, false, 1, vec![]),
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1] = receptacle(1, true, 1, vec![]),
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles.insert(0, receptacle(1, false, 1, vec![])),
        |error| matches!(error, PredesError::Order(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].s9.highest = HighestFlag::No,
        |error| matches!(error, PredesError::HighestFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].gross_weight = Grams(1_350),
        |error| matches!(error, PredesError::Weight { grams: 1_350, .. }),
    );
    check(
        |dispatch| dispatch.receptacles[1].s9.is_registered = Some(false),
        |error| matches!(error, PredesError::RegisteredFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0].s9.is_registered = None,
        |error| matches!(error, PredesError::RegisteredFlag(_)),
    );
    check(
        |dispatch| dispatch.receptacles[0].item_count = 1,
        |error| matches!(error, PredesError::ItemCount(_)),
    );
    check(
        |dispatch| dispatch.receptacles[1].seal = Some("пломба".to_owned()),
        |error| matches!(error, PredesError::Profile { .. }),
    );
}

#[test]
fn every_field_of_the_profile_has_a_value() {
    let profile = Known::Predes.profile();
    let mut whole = dispatch();
    whole.departure.as_mut().unwrap().conveyance = Some("X8015".to_owned());
    let receptacle = &whole.receptacles[1];
    let all = |section| profile.fields(section).collect::<BTreeSet<_>>();
    assert!(all("dispatch").iter().all(|field| whole.value(field).is_some()));
    assert!(all("receptacle").iter().all(|field| receptacle.value(field).is_some()));
    assert!(all("item").iter().all(|field| receptacle.items[0].value(field).is_some()));
    assert!(all("total").iter().all(|field| whole.total(field).is_some()));
    assert_eq!(
        [all("dispatch").len(), all("receptacle").len(), all("item").len(), all("total").len()],
        [12, 7, 3, 3]
    );
}

/// The one door of reading: the sample with a change, and what is found then.
fn check(from: &str, to: &str, expected: &[&str]) {
    let sample = String::from_utf8(written(&dispatch()).unwrap()).unwrap();
    assert!(sample.contains(from), "{from:?} is in the sample");
    let (_, findings) = read_all(sample.replacen(from, to, 1).as_bytes(), advice);
    let found: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.place, finding.code.name, finding.arguments.join("|")))
        .collect();
    assert_eq!(found, expected, "{from:?} to {to:?}");
}

#[test]
fn reads_what_partners_may_send() {
    check("DTM+137:2611221305:201", "DTM+137:202611221305:203", &[]);
    check("KGM:14.7", "KGM:14,7", &[]);
    check("+D::139'FTX", "+D'FTX", &[]);
    check("PREDES:2:1:UP", "PREDES:1:0:UP", &["segment 2 edi-profile-fallback PREDES:1:0:UP|predes-2.1"]);
}

#[test]
fn tells_what_a_partner_said_wrongly() {
    check(
        "LOC+8+KZALAA",
        "LOC+8+KZALAB",
        &["segment 9, element 2, component 1 edi-field-differs destination|KZALAB|KZALAA"],
    );
    check(
        "CNT+11:2",
        "CNT+11:3",
        &["segment 33, element 1, component 2 edi-field-differs receptacle_count|3|2"],
    );
    check("CNT+2:5", "CNT+2:x", &["segment 34, element 1, component 2 edi-count-unreadable x"]);
    check(
        "CNT+7:16.0",
        "CNT+7:17.0",
        &["segment 35, element 1, component 2 edi-field-differs weight_kg|17.0|16.0"],
    );
    check("CNT+7:16.0", "CNT+7:16.1", &[]);
    check(
        "LIN+++LX000000120CN",
        "LIN+++LX000000121CN",
        &["segment 17, element 3, component 1 edi-item-unreadable LX000000121CN"],
    );
    check(
        "QTY+1:2'",
        "QTY+1:1'",
        &[
            "segment 11 edi-field-differs item_count|1|2",
            "segment 34, element 1, component 2 edi-field-differs item_count|5|4",
        ],
    );
    check(
        "60001002110013",
        "60001001110013",
        &["segment 23 edi-receptacle-repeated CNURCAKZALAADUN60001001110013"],
    );
    check(
        "BGM++CNURCAKZALAADUN60001+9",
        "BGM++CNURCAKZALAADUN60001+8",
        &["segment 3, element 3, component 1 edi-code-unknown function|8"],
    );
    check("+1:BG'", "+1'", &["segment 11, element 2, component 2 edi-value-missing GID|kind"]);
}

#[test]
fn tells_which_labels_do_not_agree() {
    check("60001001000147", "60001001100147", &["segment 11 edi-highest-flag CNURCAKZALAADUN60001001100147"]);
    check("60001002110013", "60001002010013", &["segment 23 edi-highest-flag CNURCAKZALAADUN60001002010013"]);
    check("60001002110013", "60001002910013", &[]);
    check("60001002110013", "60001004110013", &["segment 23 edi-serial-gap CNURCAKZALAADUN60001|002|003"]);
    check(
        "60001002110013",
        "60001002100013",
        &["segment 23 edi-registered-flag CNURCAKZALAADUN60001002100013"],
    );
    check(
        "60001001000147",
        "60001001010147",
        &["segment 11 edi-registered-flag CNURCAKZALAADUN60001001010147"],
    );
    check("60001001000147", "60001001090147", &[]);
}

#[test]
fn a_cancellation_needs_no_receptacles() {
    let cancelled = Dispatch { function: Function::Cancellation, receptacles: Vec::new(), ..dispatch() };
    assert_eq!(read_back(&written(&cancelled).unwrap(), advice), Advice::from(&cancelled));
    let text = "UNB+UNOA:3+A+B+261122:1305+7'UNH+1+PREDES:2:1:UP'BGM++CNURCAKZALAADUN60001+1'DTM+137:2611221305:201'\
                FTX+ABK++D'FTX+AAQ++UN'LOC+5+CNURCA'LOC+8+KZALAA'CNT+11:0'CNT+2:0'CNT+7:0:KGM'UNT+11+1'UNZ+1+7'";
    let advice = read_back(text.as_bytes(), advice);
    assert_eq!((advice.function, advice.receptacles), (Some(Function::Cancellation), vec![]));
}

#[test]
fn stands_disturbed_bytes() {
    disturb(&written(&dispatch()).unwrap(), |message, findings| {
        advice(message, findings);
    });
}

#[test]
fn leaves_nothing_behind_when_it_fails() {
    let mut dispatch = dispatch();
    dispatch.receptacles[1].seal = Some("пломба".to_owned());
    let bytes = sample::written(|writer| {
        write(writer, Known::Predes.profile(), "1", &dispatch).expect_err("a fault");
        dispatch.receptacles[1].seal = None;
        write(writer, Known::Predes.profile(), "2", &dispatch)
    });
    assert_eq!(read_back(&bytes.unwrap(), advice).receptacles.len(), 2);
}

proptest! {
    #[test]
    fn reads_what_it_wrote(
        weights in prop::collection::vec(1u64..30_000, 1..8),
        items in 0usize..4,
        seal in prop::option::of("[A-Z0-9:+?']{1,9}"),
        departs in prop::option::of(0u32..24),
    ) {
        let mut whole = dispatch();
        let last = weights.len();
        whole.departure = departs.map(|hour| Departure {
            departs_at: at(hour, 0),
            mode: TransportMode::ALL[hour as usize % 4],
            conveyance: seal.clone(),
        });
        whole.receptacles = (1..).zip(&weights).map(|(serial, grams)| {
            let items = (0..items).map(|_| item("LX000000120CN", 10)).collect();
            Receptacle { seal: seal.clone(), ..receptacle(serial, serial as usize == last, *grams, items) }
        }).collect();
        let mut read = read_back(&written(&whole).unwrap(), advice);
        for receptacle in &mut read.receptacles {
            receptacle.place = Place::Whole;
            receptacle.items.iter_mut().for_each(|item| item.place = Place::Whole);
        }
        prop_assert_eq!(read, Advice::from(&whole));
    }
}
