//! ITMATT in both of its forms: laws of writing and reading, refusals, bounds, streaming.

use std::io::Read;
use std::ops::ControlFlow;

use caravan_declaration::{
    Declaration, Format, Limits, Outcome, Party, Piece, Unwritable, WriteError, itmatt, packed, read,
};
use caravan_edi::{Address, Charset, Header, SyntaxVersion, WriteError as EdiError};
use caravan_postal::{Field, Place};
use chrono::NaiveDate;
use proptest::prelude::*;

use super::arbitrary::declaration;
use super::fixtures::cases;
use super::{Readout, project, read_all, sample};

fn header(charset: Charset) -> Header {
    let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
    Header {
        charset,
        version: SyntaxVersion::Four,
        sender: address("CN101"),
        recipient: address("KZ101"),
        prepared_at: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(9, 0, 0).unwrap(),
        reference: "26112200001".to_owned(),
        is_test: false,
    }
}

/// Writes every declaration as a message with the number of its place in the list.
pub(crate) fn write(charset: Charset, declarations: &[Declaration<'_>]) -> Result<Vec<u8>, WriteError> {
    let references: Vec<String> = (1..=declarations.len()).map(|number| number.to_string()).collect();
    let list = references.iter().map(String::as_str).zip(declarations);
    itmatt::write(Vec::new(), &header(charset), list)
}

/// Asserts that a written file reads to the declarations that were written, without a finding.
fn check(format: Format, bytes: &[u8], written: &[Declaration<'_>]) {
    let mut ordinal = 0;
    let outcome = read(bytes, &Limits::standard(), |item| {
        assert_eq!(item.findings, vec![]);
        assert_eq!(item.declaration, written[ordinal]);
        ordinal += 1;
        ControlFlow::Continue(())
    });
    let outcome = outcome.unwrap();
    assert_eq!((outcome.format, outcome.is_whole, ordinal), (Some(format), true, written.len()));
    assert_eq!((outcome.findings, outcome.bytes), (vec![], bytes.len() as u64));
}

fn small() -> Vec<u8> {
    write(Charset::W, &[sample::typical(0), sample::typical(1)]).unwrap()
}

#[test]
fn samples_read_back_in_both_forms() {
    let declarations: Vec<_> = (0..50).map(sample::typical).collect();
    check(Format::Itmatt, &write(Charset::Y, &declarations).unwrap(), &declarations);
    let xml = itmatt::write_xml(Vec::new(), &declarations).unwrap();
    check(Format::ItmattXml, &xml, &declarations);
}

#[test]
fn a_message_is_written_exactly() {
    let declaration = Declaration {
        extras: vec![("transport-mode", "2"), ("piece[1].revised-hs", "610910"), ("note", "A+B")],
        pieces: vec![Piece { description: Some("CUP"), ..Piece::default() }],
        sender: Party { street: Some("1 ROAD\nUNIT 2"), ..Party::default() },
        ..Declaration::default()
    };
    let bytes = write(Charset::B, &[declaration]).unwrap();
    let expected = "UNA:+.? 'UNB+UNOB:4+CN101:UP+KZ101:UP+20261122:0900+26112200001'UNH+1+ITMATT:1:500:UP'\
        BGM++1+9'DTM+137:202611220900:203'CNI+1'TDT+20++2'NAD+CZ++++1 ROAD:UNIT 2'LIN+1'FTX+AAA+++CUP'\
        PIA+1+610910:HS'FTX+ZZZ+++note:A?+B'UNT+11+1'UNZ+1+26112200001'";
    assert_eq!(String::from_utf8(bytes).unwrap(), expected);
}

#[test]
fn what_cannot_be_said_is_refused_and_leaves_nothing() {
    let refused =
        |charset, declaration: &Declaration<'static>| match write(charset, std::slice::from_ref(declaration))
        {
            Err(WriteError::Unwritable { field, reason }) => (field, reason),
            other => panic!("{other:?}"),
        };
    let named = |name| Declaration {
        addressee: Party { name: Some(name), ..Party::default() },
        ..Declaration::default()
    };
    let field = Field::of("addressee-name");
    assert_eq!(refused(Charset::A, &named("aida")), (field, Unwritable::Character('a')));
    assert_eq!(refused(Charset::C, &named("刘伟")), (field, Unwritable::Character('刘')));
    assert_eq!(refused(Charset::E, &named("Łucja")), (field, Unwritable::Character('Ł')));
    assert_eq!(refused(Charset::X, &named("Айда")), (field, Unwritable::Character('А')));
    assert_eq!(refused(Charset::W, &named(" AIDA")), (field, Unwritable::Blank));
    let comments = Declaration { comments: Some("1\n2\n3\n4\n5\n6"), ..Declaration::default() };
    assert_eq!(refused(Charset::W, &comments), (Field::of("comments"), Unwritable::Lines));
    let extra = Declaration { extras: vec![("NOTE", "é")], ..Declaration::default() };
    assert_eq!(refused(Charset::A, &extra), (Field::of("extra"), Unwritable::Character('é')));

    let mut writer = itmatt::Writer::new(Vec::new(), &header(Charset::E)).unwrap();
    writer.item("1", &named("刘伟")).unwrap_err();
    writer.item("1", &named("Айда")).unwrap();
    let bytes = writer.finish().unwrap();
    check(Format::Itmatt, &bytes, &[named("Айда")]);

    let long = header(Charset::A);
    let long = Header { reference: "123456789012345".to_owned(), ..long };
    assert!(matches!(
        itmatt::Writer::new(Vec::new(), &long),
        Err(WriteError::Envelope(EdiError::Length { field: "interchange reference", .. }))
    ));
    let mut writer = itmatt::Writer::new(Vec::new(), &header(Charset::A)).unwrap();
    assert!(matches!(
        writer.item("", &Declaration::default()),
        Err(WriteError::Envelope(EdiError::Length { field: "message reference", .. }))
    ));
}

/// Extra fields that say they are segments, but would be read as something else, travel under their names.
#[test]
fn extra_fields_never_become_anything_else() {
    let extras = vec![
        ("item.CNI", "+2+RR000000014CN"),
        ("item.MOA+43", "+43:5:EUR"),
        ("item.XYZ", "+A:+B"),
        ("item.XYZ", "A"),
        ("item.XYZ+A", "+A'UNT+1+1"),
        ("item.UNT", "+1+1"),
        ("piece[9].XYZ", "+A"),
        ("sender[2].COM", "+1:TE"),
        ("item.MOA+43/1.2", "5"),
        ("item.MOA+43/0.7", "5"),
        ("item.MOA+43/1.9999", "5"),
        ("head.BGM/3.1", "X"),
        ("transport-mode", "2"),
        ("transport-mode", "3"),
        ("xyz", "a:b+c?d'e"),
    ];
    let written = Declaration { extras, ..Declaration::default() };
    let bytes = write(Charset::W, std::slice::from_ref(&written)).unwrap();
    let readout = read_all(&bytes, &Limits::standard());
    assert_eq!(readout.items.len(), 1, "{}", String::from_utf8_lossy(&bytes));
    let again = packed::decode(&readout.items[0].0).unwrap();
    assert_eq!(sorted(again), sorted(written), "{}", String::from_utf8_lossy(&bytes));
}

/// Returns a declaration with its extra fields in an order that does not depend on where they stood.
fn sorted(mut declaration: Declaration<'_>) -> Declaration<'_> {
    declaration.extras.sort_unstable();
    declaration
}

/// What was read of a fixture and is written again reads to the same model, extra fields included.
#[test]
fn reading_then_writing_loses_nothing() {
    let mut count = 0;
    for case in cases(&project().join("fixtures/declaration/itmatt")) {
        let readout = read_all(&std::fs::read(case.join("input.edi")).unwrap(), &Limits::standard());
        let declarations = |readout: &Readout| -> Vec<Vec<u8>> {
            readout
                .items
                .iter()
                .map(|(bytes, _)| {
                    let mut into = Vec::new();
                    packed::encode(&sorted(packed::decode(bytes).unwrap()), &mut into);
                    into
                })
                .collect()
        };
        let list: Vec<_> = readout.items.iter().map(|(bytes, _)| packed::decode(bytes).unwrap()).collect();
        let edifact = write(Charset::W, &list).unwrap();
        let again = read_all(&edifact, &Limits::standard());
        assert_eq!(
            declarations(&again),
            declarations(&readout),
            "{}\n{}",
            case.display(),
            String::from_utf8_lossy(&edifact)
        );
        let xml = itmatt::write_xml(Vec::new(), &list).unwrap();
        assert_eq!(
            declarations(&read_all(&xml, &Limits::standard())),
            declarations(&readout),
            "{}",
            case.display()
        );
        count += list.len();
    }
    assert!(count > 30, "the fixtures have items");
}

#[test]
fn a_cut_file_is_never_whole_and_keeps_the_items_before_the_cut() {
    let document = small();
    let whole = read_all(&document, &Limits::standard());
    for cut in 0..document.len() {
        let part = read_all(&document[..cut], &Limits::standard());
        assert!(!part.outcome.is_whole, "cut at {cut}");
        assert_eq!(part.items[..], whole.items[..part.items.len()], "cut at {cut}");
    }
}

#[test]
fn any_byte_may_be_flipped() {
    let document = write(Charset::W, &[sample::typical(0)]).unwrap();
    for at in 0..document.len() {
        for change in [0x01, 0x20, 0x80, 0xFF] {
            let mut changed = document.clone();
            changed[at] ^= change;
            let readout = read_all(&changed, &Limits::standard());
            assert!(readout.items.len() <= 2, "flipped at {at}");
        }
    }
}

#[test]
fn small_windows_and_slow_inputs_change_nothing() {
    struct Slow<'b>(&'b [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let document = [&small()[..], b"\r\n", &small(), b"\n\x1a"].concat();
    let document = String::from_utf8(document).unwrap().replacen("MEA+WT+AAA+KGM:", "MEA+WT+AAA+KGM:x", 3);
    let expected = read_all(document.as_bytes(), &Limits::standard());
    assert_eq!(expected.codes(), ["number-shape"; 3]);
    for (step, item_bytes) in [(1, 3000), (7, 2600), (1000, 4000), (usize::MAX, 2600)] {
        let limits = Limits { item_bytes, ..Limits::standard() };
        let mut items = Vec::new();
        let outcome = read(Slow(document.as_bytes(), step), &limits, |item| {
            let mut into = Vec::new();
            packed::encode(&item.declaration, &mut into);
            items.push((into, item.findings));
            ControlFlow::Continue(())
        });
        assert_eq!(outcome.unwrap(), expected.outcome, "{step} bytes at a time");
        assert_eq!(items, expected.items, "{step} bytes at a time");
    }
}

/// A file many times longer than anything that may be in memory at once.
#[test]
fn a_long_file_needs_no_more_memory_than_its_longest_item() {
    let message =
        |number: u32| format!("UNH+{number}+ITMATT:1:500:UP'BGM++1+9'CNI+1+RR473124829CN'UNT+4+{number}'");
    let count = 40_000;
    let head = "UNB+UNOC:3+A+B+261122:0900+R'".to_owned();
    let tail = format!("UNZ+{count}+R'");
    let mut parts = std::iter::once(head).chain((1..=count).map(message)).chain([tail]);
    let mut part: std::collections::VecDeque<u8> = std::collections::VecDeque::new();
    let input = std::io::BufReader::new(FromFn(|into: &mut [u8]| {
        while part.is_empty() {
            match parts.next() {
                Some(text) => part.extend(text.into_bytes()),
                None => return 0,
            }
        }
        let length = part.len().min(into.len());
        part.drain(..length).zip(into).for_each(|(byte, into)| *into = byte);
        length
    }));
    let limits = Limits { item_bytes: 512, ..Limits::standard() };
    let outcome = read(input, &limits, |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((outcome.items, outcome.is_whole, outcome.findings), (count, true, vec![]));
}

struct FromFn<F>(F);

impl<F: FnMut(&mut [u8]) -> usize> Read for FromFn<F> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        Ok((self.0)(into))
    }
}

const BOUNDED: &str = "UNB+UNOC:3+CN101:UP+KZ101:UP+261122:0900+R'UNH+1+ITMATT:1:500:UP'BGM++1+9'CNI+1+RR473124829CN'\
    NAD+CZ+++A:B:C:D+E'CNI+2+RR000000014CN'UNT+6+1'UNZ+1+R'";

/// Asserts what ends the reading within some limits: code, place and arguments; nothing when it does not end early.
fn check_bound(change: impl Fn(&mut Limits), expected: Option<(&str, &str, &[&str])>) -> Outcome {
    let mut limits = Limits::standard();
    change(&mut limits);
    let readout = read_all(BOUNDED.as_bytes(), &limits);
    match (expected, readout.outcome.findings.last()) {
        (None, None) => assert!(readout.outcome.is_whole),
        (Some((code, place, arguments)), Some(found)) => {
            assert_eq!((found.code.name, found.place.to_string().as_str()), (code, place));
            assert_eq!(found.arguments.iter().map(|argument| &**argument).collect::<Vec<_>>(), arguments);
            assert!(!readout.outcome.is_whole);
        }
        (expected, found) => panic!("{expected:?}, but {found:?}"),
    }
    readout.outcome
}

#[test]
fn every_bound_has_its_finding() {
    check_bound(|_| {}, None);
    check_bound(|limits| limits.segment_bytes = 42, None);
    check_bound(
        |limits| limits.segment_bytes = 41,
        Some(("edi-limit", "segment 1", &["segment_bytes_max", "41"])),
    );
    check_bound(|limits| limits.segment_elements = 5, None);
    let elements = Some(("edi-limit", "segment 1", &["elements_max", "4"][..]));
    check_bound(|limits| limits.segment_elements = 4, elements);
    check_bound(|limits| limits.segment_components = 4, None);
    let components = Some(("edi-limit", "segment 1", &["components_max", "3"][..]));
    check_bound(|limits| limits.segment_components = 3, components);
    check_bound(|limits| limits.items = 2, None);
    let outcome = check_bound(|limits| limits.items = 1, Some(("items-too-many", "segment 6", &["1"])));
    assert_eq!(outcome.items, 1);
    check_bound(|limits| limits.interchanges = 1, None);
    check_bound(|limits| limits.interchanges = 0, Some(("interchanges-too-many", "segment 1", &["0"])));
    // Ends between two segments and inside one.
    for missing in [8, 1, 70] {
        let bytes = (BOUNDED.len() - missing) as u64;
        let argument = bytes.to_string();
        check_bound(|limits| limits.file_bytes = bytes, Some(("file-too-large", "", &[&argument])));
    }
    let long = format!("UNB+UNOC:3+A+B+261122:0900+R'UNH+1+ITMATT:1:500:UP'CNI+1{}", "'LIN+1".repeat(200));
    let readout = read_all(long.as_bytes(), &Limits { item_bytes: 300, ..Limits::standard() });
    let found = readout.outcome.findings.last().unwrap();
    assert_eq!((found.code.name, found.place.to_string().as_str()), ("item-too-large", "segment 3"));
    let extras = "UNB+UNOC:3+A+B+261122:0900+R'UNH+1+ITMATT:1:500:UP'XYZ'XYZ'XYZ'CNI+1'UNT+6+1'UNZ+1+R'";
    let readout = read_all(extras.as_bytes(), &Limits { extras: 2, ..Limits::standard() });
    assert_eq!(readout.codes().iter().filter(|code| **code == "extras-too-many").count(), 1);
}

#[test]
fn tells_which_items_are_of_which_interchange() {
    let again = BOUNDED.replace("+R'", "+R2'").replace("UNOC:3+CN101", "UNOC:3+CN102");
    let readout = read_all(format!("{BOUNDED}{again}").as_bytes(), &Limits::standard());
    let told = readout.outcome.interchanges.iter();
    let told: Vec<_> = told.map(|(header, first)| (&*header.sender.id, &*header.reference, *first)).collect();
    assert_eq!(told, [("CN101", "R", 1), ("CN102", "R2", 3)]);
    assert_eq!(readout.outcome.items, 4);
}

#[test]
fn fields_have_segment_element_and_component() {
    let text = "UNB+UNOC:3+A+B+261122:0900+R'UNH+1+ITMATT:1:500:UP'CNI+1+RR473124829CN'NAD+CN+++AIDA++ALMATY'\
        LIN+1'MOA+40:5:EUR'LIN+2'MOA+40:6:EUR'UNT+8+1'UNZ+1+R'";
    let expected = [
        (Field::of("identifier"), "segment 3, element 2, component 1"),
        (Field::of("addressee-name"), "segment 4, element 4, component 1"),
        (Field::of_piece(1, "value"), "segment 8, element 1, component 2"),
        // What is not there is looked for where it should have been.
        (Field::of("addressee-country"), "segment 4"),
        (Field::of_piece(1, "hs"), "segment 7"),
        (Field::of("gross-weight"), "segment 3"),
    ];
    let outcome = read(text.as_bytes(), &Limits::standard(), |item| {
        assert_eq!(item.findings, vec![]);
        assert_eq!(item.place(), Place::Segment { segment: 3, element: 0, component: 0 });
        for (field, place) in expected {
            assert_eq!(item.place_of(field).to_string(), place, "{field}");
        }
        ControlFlow::Continue(())
    });
    assert_eq!(outcome.unwrap().findings, vec![]);
}

#[test]
fn the_caller_may_stop() {
    let outcome = read(&small()[..], &Limits::standard(), |_| ControlFlow::Break(())).unwrap();
    assert_eq!((outcome.items, outcome.is_whole, outcome.findings.len()), (1, false, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn edifact_reads_back(declarations in proptest::collection::vec(declaration(), 1..4)) {
        let lines = |text: Option<&str>| text.map_or(0, |text| text.split('\n').count());
        for declaration in &declarations {
            prop_assume!(lines(declaration.comments) <= 5);
            prop_assume!(lines(declaration.sender.street) <= 4 && lines(declaration.addressee.street) <= 4);
        }
        check(Format::Itmatt, &write(Charset::W, &declarations).unwrap(), &declarations);
    }

    #[test]
    fn the_xml_form_reads_back(declarations in proptest::collection::vec(declaration(), 1..4)) {
        let bytes = itmatt::write_xml(Vec::new(), &declarations).unwrap();
        check(Format::ItmattXml, &bytes, &declarations);
    }

    #[test]
    fn reading_takes_any_change(at in any::<prop::sample::Index>(), bytes in proptest::collection::vec(any::<u8>(), 0..6), length in 0usize..6) {
        let mut document = small();
        let at = at.index(document.len());
        let end = (at + length).min(document.len());
        document.splice(at..end, bytes);
        read_all(&document, &Limits::standard());
    }

    #[test]
    fn reading_takes_any_segments(segments in proptest::collection::vec("(CNI|NAD|LIN|DOC|FTX|MOA|UNT|UNZ|UNH|UNB|UNA|[A-Z]{3})[+:A-Z0-9?' é]{0,20}'", 0..12)) {
        let text = format!("UNB+UNOC:3+A+B+261122:0900+R'UNH+1+ITMATT:1:500:UP'{}", segments.concat());
        read_all(text.as_bytes(), &Limits::standard());
    }
}
