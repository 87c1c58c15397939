use chrono::{NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::{Address, Header, Interchange, MessageType, SyntaxVersion};
use crate::{Charset, Limits, WriteError, Writer};

const WHOLE: &str =
    "UNB+UNOA:1+FR103:UP+IT102:DL+120301:0900+REF1'UNH+M1+RESDES:1:912:UP'BGM++S8'UNT+3+M1'UNZ+1+REF1'";

/// The one door: bytes in, the codes and places of the findings out.
fn check_within(bytes: &[u8], limits: &Limits, expected: &[&str]) {
    let read = Interchange::read(bytes, limits);
    let found: Vec<String> = read
        .findings
        .iter()
        .map(|finding| format!("{} {} {}", finding.place, finding.code.name, finding.arguments.join("|")))
        .map(|line| line.trim().to_owned())
        .collect();
    assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(bytes));
}

fn check(text: &str, expected: &[&str]) {
    check_within(text.as_bytes(), &Limits::USUAL, expected);
}

fn moment(hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, minute, 0).unwrap()
}

fn header() -> Header {
    Header {
        charset: Charset::A,
        version: SyntaxVersion::One,
        sender: Address { id: "CN101".to_owned(), qualifier: "UP".to_owned() },
        recipient: Address { id: "KZ101".to_owned(), qualifier: String::new() },
        prepared_at: moment(23, 59),
        reference: "26112200001".to_owned(),
        is_test: false,
    }
}

fn message_type(kind: &str) -> MessageType {
    let [version, release, agency] = ["1", "912", "UP"].map(str::to_owned);
    MessageType { kind: kind.to_owned(), version, release, agency }
}

#[test]
fn reads_what_the_field_sends() {
    check(WHOLE, &[]);
    check(&WHOLE.replace('\'', "'\r\n"), &[]);
    check(&format!("\r\n{WHOLE}\0\u{1a}\n"), &[]);
    check(&format!("UNA:+.? '{WHOLE}"), &[]);
    check(&format!("UNA|*,! ~\n{}", WHOLE.replace(':', "|").replace('+', "*").replace('\'', "~")), &[]);
    check(&format!("UNA:+.? \n{}", WHOLE.replace('\'', "\n")), &[]);
    check(&WHOLE.replace("UNH", "UNG+RESDES+A+B+120301:0900+G1'UNH").replace("UNZ", "UNE+1+G1'UNZ"), &[]);
    check("UNB+UNOC:4+A+B+20261122:0900+R'UNZ+0+R'", &[]);
}

#[test]
fn reads_every_interchange_of_a_file() {
    let second = format!("UNA|*,! ~{}", WHOLE.replace(':', "|").replace('+', "*").replace('\'', "~"));
    let file = format!("{WHOLE}\r\n{second}\n\0{}", WHOLE.replace("UNZ+1", "UNZ+2"));
    let read = Interchange::read_all(file.as_bytes(), &Limits::USUAL);
    let found: Vec<_> = read.iter().map(|one| (one.messages.len(), one.findings.len())).collect();
    assert_eq!(found, [(1, 0), (1, 0), (1, 1)]);
    assert_eq!(read[2].findings[0].place.to_string(), "segment 15, element 1, component 1");
    for (text, findings) in [("", 1), (WHOLE, 0), (&WHOLE[..40], 1)] {
        let read = Interchange::read_all(text.as_bytes(), &Limits::USUAL);
        assert_eq!((read.len(), read[0].findings.len()), (1, findings), "{text}");
    }
    let cut = format!("{WHOLE}UNB+UNOA:1");
    let read = Interchange::read_all(cut.as_bytes(), &Limits::USUAL);
    assert_eq!((read.len(), read[1].findings[0].code.name), (2, "edi-segment-cut"));
}

#[test]
fn tells_what_is_wrong_with_the_envelope() {
    check("", &["edi-empty"]);
    check(" \n ", &["edi-empty"]);
    check("UNA:+.? ", &["edi-separators :+.?"]);
    check("UNA:+.?", &["edi-separators :+.?"]);
    check("UNA:+.? +UNB", &["edi-separators :+.? +"]);
    check("hello", &["segment 1 edi-segment-cut"]);
    check(
        "HELLO'",
        &[
            "edi-trailer-missing UNZ",
            "segment 1 edi-header-missing xxxxx",
            "segment 1 edi-segment-stray xxxxx",
            "segment 1 edi-tag xxxxx",
        ],
    );
    check(&WHOLE.replace("UNT+3", "UNT+4"), &["segment 4, element 1, component 1 edi-count UNT|4|3"]);
    check(
        &WHOLE.replace("UNT+3+M1", "UNT+3+M2"),
        &["segment 4, element 2, component 1 edi-reference UNT|M2|M1"],
    );
    check(&WHOLE.replace("UNZ+1", "UNZ+2"), &["segment 5, element 1, component 1 edi-count UNZ|2|1"]);
    check(
        &WHOLE.replace("UNZ+1+REF1", "UNZ+1+REF2"),
        &["segment 5, element 2, component 1 edi-reference UNZ|REF2|REF1"],
    );
    check(
        &WHOLE.replace("UNT+3+M1'", ""),
        &["segment 4 edi-message-open M1", "segment 4, element 1, component 1 edi-count UNZ|1|0"],
    );
    check(&WHOLE.replace("UNZ+1+REF1'", ""), &["edi-trailer-missing UNZ"]);
    check(&WHOLE.replace("UNT+3+M1'UNZ+1+REF1'", ""), &["edi-trailer-missing UNT"]);
    check(&WHOLE.replace("UNH+", "GID++1'UNH+"), &["segment 2 edi-segment-stray GID"]);
    check(
        &WHOLE.replace("BGM", "UNB"),
        &["segment 3 edi-segment-stray UNB", "segment 4, element 1, component 1 edi-count UNT|3|2"],
    );
    check(&format!("{WHOLE}{WHOLE}"), &["edi-after-end 97"]);
    check(&WHOLE.replace("BGM", "bgm"), &["segment 3 edi-tag xxx"]);
}

#[test]
fn tells_what_is_wrong_with_the_header() {
    check(&WHOLE.replace("FR103", ""), &["segment 1, element 2, component 1 edi-header-field sender"]);
    check(&WHOLE.replace("IT102:DL", ""), &["segment 1, element 3, component 1 edi-header-field recipient"]);
    check(&WHOLE.replace("REF1", ""), &["segment 1, element 5, component 1 edi-header-field reference"]);
    for time in ["", "120301", "121301:0900", "120301:2400", "1203011:0900", "120301: 900", "Ж20301:0900"] {
        let fault = format!(
            "segment 1, element 4, component 1 edi-header-time {}",
            if time.contains(':') { time.replace('Ж', "\u{fffd}\u{fffd}") } else { format!("{time}:") }
        );
        check(&WHOLE.replace("120301:0900", time), &[&fault]);
    }
    check(&WHOLE.replace("UNOA", "UNOZ"), &["segment 1, element 1, component 1 edi-charset UNOZ"]);
    check(&WHOLE.replace("UNOA:1", "UNOA:9"), &["segment 1, element 1, component 2 edi-syntax-version 9"]);
}

#[test]
fn stops_at_every_limit_and_names_it() {
    let within = |change: fn(&mut Limits), expected: &[&str]| {
        let mut limits = Limits::USUAL;
        change(&mut limits);
        check_within(WHOLE.as_bytes(), &limits, expected);
    };
    within(|limits| limits.bytes_max = 97, &[]);
    within(|limits| limits.bytes_max = 96, &["edi-limit bytes_max|96"]);
    within(|limits| limits.segments_max = 5, &[]);
    within(
        |limits| limits.segments_max = 4,
        &["edi-trailer-missing UNZ", "segment 5 edi-limit segments_max|4"],
    );
    within(|limits| limits.segment_bytes_max = 45, &[]);
    within(|limits| limits.segment_bytes_max = 44, &["segment 1 edi-limit segment_bytes_max|44"]);
    within(|limits| limits.elements_max = 5, &[]);
    within(|limits| limits.elements_max = 4, &["segment 1 edi-limit elements_max|4"]);
    within(|limits| limits.components_max = 4, &[]);
    within(|limits| limits.components_max = 3, &["segment 1 edi-limit components_max|3"]);
    let many = WHOLE.replace("UNH", &"X'".repeat(50));
    check_within(many.as_bytes(), &Limits { findings_max: 0, ..Limits::USUAL }, &["edi-findings-cut 0"]);
    let read = Interchange::read(many.as_bytes(), &Limits { findings_max: 10, ..Limits::USUAL });
    assert_eq!(read.findings.len(), 11);
}

#[test]
fn writes_the_envelope_exactly() {
    let mut writer = Writer::new(&Header { is_test: true, ..header() }).unwrap();
    writer.begin_message("1", &message_type("RESDES")).unwrap();
    writer.segment("FTX", &[&["A", "", ""], &[], &["IT'S 1+1:2?"], &["", ""]]).unwrap();
    writer.end_message().unwrap();
    let expected = "UNA:+.? 'UNB+UNOA:1+CN101:UP+KZ101+261122:2359+26112200001++++++1'\
        UNH+1+RESDES:1:912:UP'FTX+A++IT?'S 1?+1?:2??'UNT+3+1'UNZ+1+26112200001'";
    assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), expected);
    let four = Header { version: SyntaxVersion::Four, charset: Charset::W, ..header() };
    let bytes = Writer::new(&four).unwrap().finish().unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "UNA:+.? 'UNB+UNOW:4+CN101:UP+KZ101+20261122:2359+26112200001'UNZ+0+26112200001'"
    );
}

#[test]
fn a_message_may_be_taken_back_and_bytes_taken_early() {
    let mut writer = Writer::new(&header()).unwrap();
    let mut bytes = Vec::new();
    for reference in ["1", "2", "3"] {
        writer.begin_message(reference, &message_type("RESDES")).unwrap();
        writer.segment("BGM", &[&["A"]]).unwrap();
        if reference == "2" {
            writer.abandon_message();
        } else {
            writer.end_message().unwrap();
        }
        bytes.extend(writer.take_bytes());
    }
    bytes.extend(writer.finish().unwrap());
    let expected = "UNA:+.? 'UNB+UNOA:1+CN101:UP+KZ101+261122:2359+26112200001'UNH+1+RESDES:1:912:UP'BGM+A'UNT+3+1'\
        UNH+3+RESDES:1:912:UP'BGM+A'UNT+3+3'UNZ+2+26112200001'";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn refuses_what_the_envelope_cannot_hold() {
    let length = |field, value: &str, length_max| {
        Some(WriteError::Length { field, value: value.to_owned(), length_max })
    };
    let reference = |text: &str| Writer::new(&Header { reference: text.to_owned(), ..header() }).err();
    assert_eq!(reference("12345678901234"), None);
    assert_eq!(reference("123456789012345"), length("interchange reference", "123456789012345", 14));
    assert_eq!(reference(""), length("interchange reference", "", 14));
    let mut writer = Writer::new(&header()).unwrap();
    assert_eq!(writer.begin_message("", &message_type("RESDES")).err(), length("message reference", "", 14));
    writer.begin_message("1", &message_type("RESDES")).unwrap();
    let unknown = WriteError::Character { character: 'a', segment: "FTX".to_owned(), charset: "UNOA" };
    assert_eq!(writer.segment("FTX", &[&["Bag"]]), Err(unknown));
    writer.end_message().unwrap();
    check_within(&writer.finish().unwrap(), &Limits::USUAL, &[]);
}

/// Elements without trailing empty ones, as the writer leaves them.
fn trimmed(elements: &[Vec<String>]) -> Vec<Vec<String>> {
    let cut = |components: &Vec<String>| {
        let count = components.iter().rposition(|text| !text.is_empty()).map_or(1, |last| last + 1);
        components.iter().take(count).cloned().chain(components.is_empty().then(String::new)).collect()
    };
    let mut elements: Vec<Vec<String>> = elements.iter().map(cut).collect();
    while elements.last().is_some_and(|components| components.iter().all(String::is_empty)) {
        elements.pop();
    }
    elements
}

fn segments() -> impl Strategy<Value = Vec<(String, Vec<Vec<String>>)>> {
    let text = "[A-Za-z0-9:+?' éЖ汉\n&&[^\n]]{0,6}";
    let elements = prop::collection::vec(prop::collection::vec(text, 0..4), 0..5);
    prop::collection::vec(("[A-T][A-Z0-9]{2}", elements), 0..8)
}

proptest! {
    #[test]
    fn what_is_written_reads_back(segments in segments(), is_test: bool, version in 0usize..4) {
        let header = Header { charset: Charset::W, version: SyntaxVersion::ALL[version], is_test, ..header() };
        let mut writer = Writer::new(&header).unwrap();
        writer.begin_message("M'1", &message_type("TEST")).unwrap();
        for (tag, elements) in &segments {
            let components: Vec<Vec<&str>> = elements.iter().map(|element| element.iter().map(String::as_str).collect()).collect();
            writer.segment(tag, &components.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
        }
        writer.end_message().unwrap();
        let bytes = writer.finish().unwrap();
        let read = Interchange::read(&bytes, &Limits::USUAL);
        prop_assert_eq!(&read.findings, &[]);
        prop_assert_eq!(read.header.as_ref(), Some(&header));
        prop_assert_eq!(&read.messages[0].reference, "M'1");
        prop_assert_eq!(&read.messages[0].message_type, &message_type("TEST"));
        let found: Vec<(String, Vec<Vec<String>>)> = read.messages[0].segments.iter().map(|segment| {
            let elements = segment.elements().map(|element| element.components().map(|text| text.text().into_owned()).collect()).collect();
            (segment.tag().to_owned(), elements)
        }).collect();
        let written: Vec<_> = segments.iter().map(|(tag, elements)| (tag.clone(), trimmed(elements))).collect();
        prop_assert_eq!(found, written);
    }

    #[test]
    fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let read = Interchange::read(&bytes, &Limits::USUAL);
        prop_assert!(!read.findings.is_empty(), "random bytes are no interchange");
    }

    #[test]
    fn a_cut_is_always_fatal(at in 0..WHOLE.len()) {
        let read = Interchange::read(&WHOLE.as_bytes()[..at], &Limits::USUAL);
        prop_assert!(read.findings.iter().any(|finding| finding.severity() == caravan_postal::Severity::Fatal));
    }
}
