use caravan_postal::{Finding, Grams, Handling, HighestFlag, Place, ReceptacleKind, S8};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Receptacle, Response, ResponseError, read, write};
use crate::profile::Known;
use crate::sample::{at, disturb, read_all, read_back, s9, written};

/// Two bags of one dispatch, received at Chilly-Mazarin: the segments of a real interchange.
const SAMPLE: &str = include_str!("../../fixtures/resdes/milan-malpensa.edi");

fn response(bytes: &[u8]) -> (Vec<Response>, Vec<Finding>) {
    read_all(bytes, |message, findings| read(Known::Resdes.profile(), message, findings))
}

/// The one door: the sample with a change, and what is found then.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(SAMPLE.contains(from), "{from:?} is in the sample");
    let (_, findings) = response(SAMPLE.replacen(from, to, 1).as_bytes());
    let found: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.place, finding.code.name, finding.arguments.join("|")))
        .map(|line| line.trim().to_owned())
        .collect();
    assert_eq!(found, expected, "{from:?} to {to:?}");
}

#[test]
fn reads_the_real_interchange() {
    let (responses, findings) = response(SAMPLE.as_bytes());
    assert_eq!(findings, []);
    let [response] = responses.as_slice() else { panic!("one message") };
    assert_eq!(response.s8, S8::parse("ITMXPAFRCYMADCN20106"));
    let [first, second] = response.receptacles.as_slice() else { panic!("two receptacles") };
    assert_eq!(first.s9.to_string(), "ITMXPAFRCYMADCN20106001001455");
    assert_eq!(second.s9.to_string(), "ITMXPAFRCYMADCN20106002101775");
    assert_eq!([first.kind, second.kind], [None, Some(ReceptacleKind::Bag)]);
    assert_eq!([first.gross_weight, second.gross_weight], [Some(Grams(145_500)), Some(Grams(177_500))]);
    let received_at = NaiveDate::from_ymd_opt(2012, 3, 1).unwrap().and_hms_opt(8, 38, 0);
    for receptacle in [first, second] {
        assert_eq!(receptacle.status.as_deref(), Some("20"));
        assert_eq!(receptacle.effective_at, received_at);
        assert_eq!(receptacle.subclass.map(|subclass| subclass.to_string()).as_deref(), Some("CN"));
        assert_eq!(receptacle.handling, Some(Handling::Normal));
        assert_eq!(receptacle.condition.as_deref(), Some("N"));
    }
}

#[test]
fn accepts_what_other_posts_may_send() {
    check("FTX+AAQ++CN::139'", "FTX+AAQ++CN'", &[]);
    check("KGM:145.5", "KGM:145,5", &[]);
    check("DTM+7:1203010838:201", "DTM+7:201203010838:203", &[]);
    check("'\n", "'", &[]);
    check(
        "FTX+AAQ++CN::139'",
        "FTX+AAQ++CN:X:139:?'+Y'",
        &[
            "segment 6, element 3, component 2 edi-value-unread FTX",
            "segment 6, element 3, component 4 edi-value-unread FTX",
            "segment 6, element 4, component 1 edi-value-unread FTX",
        ],
    );
    check("RESDES:1:912:UP", "RESDES:1:1:UP", &["segment 2 edi-profile-fallback RESDES:1:1:UP|resdes-1.1"]);
}

#[test]
fn tells_which_values_do_not_fit() {
    check(
        "BGM++ITM",
        "BGM++XX?'",
        &["segment 3, element 2, component 1 edi-dispatch-unreadable XX'XPAFRCYMADCN20106"],
    );
    check(
        "20106'",
        "20107'",
        &[
            "segment 4 edi-receptacle-foreign ITMXPAFRCYMADCN20106001001455|ITMXPAFRCYMADCN20107",
            "segment 12 edi-receptacle-foreign ITMXPAFRCYMADCN20106002101775|ITMXPAFRCYMADCN20107",
        ],
    );
    check(
        "20106001001455",
        "20106000001455",
        &["segment 5, element 3, component 2 edi-receptacle-unreadable ITMXPAFRCYMADCN20106000001455"],
    );
    check(
        "20106002101775",
        "20106001101775",
        &["segment 12 edi-receptacle-repeated ITMXPAFRCYMADCN20106001101775"],
    );
    check("KGM:145.5", "KGM:145.549", &[]);
    check(
        "KGM:145.5",
        "KGM:145.550",
        &["segment 9, element 3, component 2 edi-weight-differs ITMXPAFRCYMADCN20106001001455|145.550|145.5"],
    );
    check("KGM:145.5", "KGM:-1", &["segment 9, element 3, component 2 edi-weight-unreadable -1"]);
    check("KGM:145.5", "LBR:320", &["segment 9, element 3, component 1 edi-value-unexpected MEA|LBR|KGM"]);
    check(
        "AAQ++CN",
        "AAQ++UN",
        &["segment 6, element 3, component 1 edi-subclass-differs ITMXPAFRCYMADCN20106001001455|UN|CN"],
    );
    check("AAQ++CN", "AAQ++XN", &["segment 6, element 3, component 1 edi-code-unknown subclass|XN"]);
    check("INS++N", "INS++Q", &["segment 7, element 3, component 1 edi-code-unknown handling|Q"]);
    check("1:BG", "1:XX", &["segment 12, element 2, component 2 edi-code-unknown kind|XX"]);
    check(
        "1203010838:201",
        "1203012438:201",
        &["segment 11, element 1, component 2 edi-time-unreadable 1203012438"],
    );
    check(
        "1203010838:201",
        "120301:102",
        &["segment 11, element 1, component 3 edi-value-unexpected DTM|102|201"],
    );
}

#[test]
fn tells_which_segments_do_not_fit() {
    check(
        "RFF+ACU:20'",
        "RFF+AAA:20'",
        &["segment 4 edi-segment-missing RFF+ACU", "segment 10 edi-segment-unknown RFF"],
    );
    check("FTX+RET", "FTX+INS", &["segment 8 edi-segment-repeated FTX"]);
    check(
        "PCI+++CW:ITMXPAFRCYMADCN20106001001455",
        "PCI+++CX:A",
        &["segment 4 edi-segment-missing PCI", "segment 5 edi-segment-unknown PCI"],
    );
    check(
        "GID++1'",
        "QTY++1'",
        &[
            "segment 4 edi-segment-unknown QTY",
            "segment 5 edi-segment-unknown PCI",
            "segment 6 edi-segment-unknown FTX",
            "segment 7 edi-segment-unknown FTX",
            "segment 8 edi-segment-unknown FTX",
            "segment 9 edi-segment-unknown MEA",
            "segment 10 edi-segment-unknown RFF",
            "segment 11 edi-segment-unknown DTM",
        ],
    );
    check(
        "BGM++ITMXPAFRCYMADCN20106'",
        "NAD+X'",
        &["segment 2 edi-segment-missing BGM", "segment 3 edi-segment-unknown NAD"],
    );
}

#[test]
fn asks_for_receptacles() {
    let empty =
        "UNB+UNOA:1+A+B+120301:0900+R'UNH+M+RESDES:1:912:UP'BGM++ITMXPAFRCYMADCN20106'UNT+3+M'UNZ+1+R'";
    let (responses, findings) = response(empty.as_bytes());
    assert_eq!(responses[0].receptacles, []);
    assert_eq!(
        findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(),
        ["edi-receptacles-missing"]
    );
}

/// The sample again as what a station of ours would answer.
fn answer() -> Response {
    let (mut responses, _) = response(SAMPLE.as_bytes());
    responses.remove(0)
}

fn written_response(response: &Response) -> Result<Vec<u8>, ResponseError> {
    written(|writer| write(writer, Known::Resdes.profile(), "MESREF1159", response))
}

#[test]
fn writes_the_segments_that_were_seen() {
    let text = String::from_utf8(written_response(&answer()).unwrap()).unwrap();
    let message = |text: &str| {
        let text = text.replace('\n', "");
        text[text.find("BGM").unwrap()..text.find("UNZ").unwrap()].to_owned()
    };
    // The first bag of the sample has no kind, so that its GID is the short one.
    assert_eq!(message(&text), message(SAMPLE));
}

#[test]
fn refuses_to_answer_for_what_the_dispatch_does_not_hold() {
    fn check(change: fn(&mut Response), expected: fn(&ResponseError) -> bool) {
        let mut answer = answer();
        change(&mut answer);
        let error = written_response(&answer).expect_err("a fault");
        assert!(expected(&error), "{error}");
    }
    check(|answer| answer.receptacles.clear(), |error| matches!(error, ResponseError::Empty));
    check(
        |answer| answer.receptacles[1] = answer.receptacles[0].clone(),
        |error| matches!(error, ResponseError::Repeated(_)),
    );
    check(|answer| answer.s8 = None, |error| matches!(error, ResponseError::Foreign(_)));
    check(
        |answer| answer.receptacles[0].effective_at = None,
        |error| matches!(error, ResponseError::Profile(_)),
    );
}

#[test]
fn stands_disturbed_bytes() {
    disturb(SAMPLE.trim_ascii_end().as_bytes(), |message, findings| {
        read(Known::Resdes.profile(), message, findings);
    });
}

fn receptacle() -> impl Strategy<Value = Receptacle> {
    let kind = prop::option::of(prop::sample::select(ReceptacleKind::ALL));
    let handling = prop::option::of(prop::sample::select(Handling::ALL));
    let condition = prop::option::of("[A-Z]");
    (1u32..999, kind, handling, condition, "[0-9]{1,2}", 0u32..60, prop::bool::ANY).prop_map(
        |(serial, kind, handling, condition, status, minute, is_weighed)| {
            let s9 = s9(serial, HighestFlag::Unknown, false, u64::from(serial) * 100);
            Receptacle {
                s9,
                kind,
                subclass: is_weighed.then_some(s9.dispatch.series().subclass),
                handling,
                condition,
                gross_weight: is_weighed.then_some(Grams(u64::from(serial) * 100)),
                status: Some(status),
                effective_at: Some(at(9, minute)),
                place: Place::Whole,
            }
        },
    )
}

proptest! {
    #[test]
    fn reads_what_it_wrote(receptacles in prop::collection::vec(receptacle(), 1..6)) {
        let mut receptacles = receptacles;
        receptacles.sort_by_key(|receptacle| receptacle.s9.serial());
        receptacles.dedup_by_key(|receptacle| receptacle.s9.serial());
        let response = Response { s8: Some(receptacles[0].s9.dispatch), receptacles };
        let bytes = written_response(&response).unwrap();
        let mut read = read_back(&bytes, |message, findings| read(Known::Resdes.profile(), message, findings));
        read.receptacles.iter_mut().for_each(|receptacle| receptacle.place = Place::Whole);
        prop_assert_eq!(read, response);
    }

    #[test]
    fn lines_in_any_order_never_panic(order in Just(SAMPLE.lines().skip(2).take(17).collect::<Vec<_>>()).prop_shuffle()) {
        let (head, tail) = (SAMPLE.lines().take(2).collect::<String>(), SAMPLE.lines().skip(19).collect::<String>());
        let (responses, _) = response(format!("{head}{}{tail}", order.concat()).as_bytes());
        prop_assert!(responses[0].receptacles.len() <= 2);
    }
}
