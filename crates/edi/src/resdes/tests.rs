use caravan_postal::{Finding, Grams, Handling, ReceptacleKind, S8};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Response, read};
use crate::{Interchange, Limits};

/// Two bags of one dispatch, received at Chilly-Mazarin: the segments of a real interchange.
const SAMPLE: &str = include_str!("../../fixtures/resdes/milan-malpensa.edi");

fn response(bytes: &[u8]) -> (Vec<Response>, Vec<Finding>) {
    let interchange = Interchange::read(bytes, &Limits::USUAL);
    let mut findings = interchange.findings;
    let responses = interchange.messages.iter().map(|message| read(message, &mut findings)).collect();
    (responses, findings)
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
    check("RESDES:1:912:UP", "RESDES:1:1:UP", &["segment 2 edi-profile-fallback RESDES:1:1:UP|resdes-1.1"]);
}

#[test]
fn tells_which_values_do_not_fit() {
    check(
        "BGM++ITM",
        "BGM++XX?'",
        &["segment 3, element 2, component 1 resdes-dispatch-unreadable XX'XPAFRCYMADCN20106"],
    );
    check(
        "20106'",
        "20107'",
        &[
            "segment 4 resdes-receptacle-foreign ITMXPAFRCYMADCN20106001001455|ITMXPAFRCYMADCN20107",
            "segment 12 resdes-receptacle-foreign ITMXPAFRCYMADCN20106002101775|ITMXPAFRCYMADCN20107",
        ],
    );
    check(
        "20106001001455",
        "20106000001455",
        &["segment 5, element 3, component 2 resdes-receptacle-unreadable ITMXPAFRCYMADCN20106000001455"],
    );
    check(
        "20106002101775",
        "20106001101775",
        &["segment 12 resdes-receptacle-repeated ITMXPAFRCYMADCN20106001101775"],
    );
    check("KGM:145.5", "KGM:145.549", &[]);
    check(
        "KGM:145.5",
        "KGM:145.550",
        &[
            "segment 9, element 3, component 2 resdes-weight-differs ITMXPAFRCYMADCN20106001001455|145.550|145.5",
        ],
    );
    check("KGM:145.5", "KGM:-1", &["segment 9, element 3, component 2 resdes-weight-unreadable -1"]);
    check("KGM:145.5", "LBR:320", &["segment 9, element 3, component 1 edi-value-unexpected MEA|LBR|KGM"]);
    check(
        "AAQ++CN",
        "AAQ++UN",
        &["segment 6, element 3, component 1 resdes-subclass-differs ITMXPAFRCYMADCN20106001001455|UN|CN"],
    );
    check("AAQ++CN", "AAQ++XN", &["segment 6, element 3, component 1 resdes-code-unknown subclass|XN"]);
    check("INS++N", "INS++Q", &["segment 7, element 3, component 1 resdes-code-unknown handling|Q"]);
    check("1:BG", "1:XX", &["segment 12, element 2, component 2 resdes-code-unknown kind|XX"]);
    check(
        "1203010838:201",
        "1203012438:201",
        &["segment 11, element 1, component 2 resdes-time-unreadable 1203012438"],
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
        ["resdes-receptacles-missing"]
    );
}

proptest! {
    #[test]
    fn a_cut_or_flipped_byte_never_panics(at in 0..SAMPLE.len(), byte: u8, is_cut: bool) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        if is_cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        let (_, findings) = response(&bytes);
        let is_whole = bytes.trim_ascii_end() == SAMPLE.trim_ascii_end().as_bytes();
        prop_assert!(!is_cut || is_whole || !findings.is_empty(), "a cut is noticed");
    }

    #[test]
    fn lines_in_any_order_never_panic(order in Just(SAMPLE.lines().skip(2).take(17).collect::<Vec<_>>()).prop_shuffle()) {
        let (head, tail) = (SAMPLE.lines().take(2).collect::<String>(), SAMPLE.lines().skip(19).collect::<String>());
        let (responses, _) = response(format!("{head}{}{tail}", order.concat()).as_bytes());
        prop_assert!(responses[0].receptacles.len() <= 2);
    }
}
