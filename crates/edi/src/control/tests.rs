use super::{Control, Verdict, check_messages, reference};
use crate::sample::header;
use crate::{Header, Interchange, Limits};

fn control() -> Control {
    let header = header();
    Control::new(header.sender, header.recipient)
}

fn numbered(reference: &str) -> Header {
    Header { reference: reference.to_owned(), ..header() }
}

/// The one door: interchanges one after the other, and what is said of the last.
fn check(before: &[&str], reference: &str, verdict: Verdict, expected: &[&str]) {
    let mut control = control();
    for reference in before {
        let header = numbered(reference);
        assert_eq!(control.check(&header).0, Verdict::Take, "{reference}");
        control.record(&header);
    }
    let kept = control.clone();
    let (found, findings) = control.check(&numbered(reference));
    let shown: Vec<String> = findings
        .iter()
        .map(|finding| format!("{} {}", finding.code.name, finding.arguments.join("|")))
        .collect();
    assert_eq!((found, shown), (verdict, expected.iter().map(|text| (*text).to_owned()).collect()));
    assert_eq!(control, kept, "checking changes nothing");
}

#[test]
fn takes_references_that_rise_by_one() {
    check(&[], "INTREF886", Verdict::Take, &[]);
    check(&["00000000000001"], "00000000000002", Verdict::Take, &[]);
    check(&["INTREF899"], "INTREF900", Verdict::Take, &[]);
    check(&["99"], "100", Verdict::Take, &[]);
}

#[test]
fn tells_gaps_and_steps_back() {
    check(&["7"], "9", Verdict::Take, &["edi-control-gap CN101|8|8"]);
    check(&["A0007"], "A0012", Verdict::Take, &["edi-control-gap CN101|A0008|A0011"]);
    check(&["7", "9"], "8", Verdict::Take, &["edi-control-back CN101|8|9"]);
    // What came late does not make the next one a gap.
    check(&["7", "9", "8"], "10", Verdict::Take, &[]);
}

#[test]
fn says_nothing_of_references_that_are_not_numbered_alike() {
    check(&["A7"], "B9", Verdict::Take, &[]);
    check(&["MONDAY"], "TUESDAY", Verdict::Take, &[]);
    check(&["99999999999999999999999"], "5", Verdict::Take, &[]);
    check(&["18446744073709551615"], "1", Verdict::Take, &["edi-control-back CN101|1|18446744073709551615"]);
    check(&["1"], "18446744073709551615", Verdict::Take, &["edi-control-gap CN101|2|18446744073709551614"]);
}

#[test]
fn takes_a_reference_once() {
    check(&["7", "8"], "7", Verdict::Duplicate, &["edi-control-duplicate CN101|7"]);
    check(&["7", "8"], "8", Verdict::Duplicate, &["edi-control-duplicate CN101|8"]);
    // The last reference is known also where the older ones are not kept.
    let control = Control { last: Some("8".to_owned()), ..control() };
    assert_eq!(control.check(&numbered("8")).0, Verdict::Duplicate);
}

#[test]
fn a_test_changes_nothing_and_uses_up_no_reference() {
    let mut control = control();
    control.record(&numbered("7"));
    for reference in ["8", "7", "99"] {
        let (verdict, findings) = control.check(&Header { is_test: true, ..numbered(reference) });
        assert_eq!(verdict, Verdict::Test);
        assert_eq!(
            findings.iter().map(|finding| finding.code.name).collect::<Vec<_>>(),
            ["edi-control-test"]
        );
    }
    assert_eq!(control.check(&numbered("8")), (Verdict::Take, Vec::new()));
}

#[test]
fn is_of_one_pair_of_addresses() {
    let header = header();
    let swapped =
        Header { sender: header.recipient.clone(), recipient: header.sender.clone(), ..header.clone() };
    assert_eq!(control().check(&swapped).0, Verdict::Foreign);
    let mut qualified = header;
    qualified.sender.qualifier = "DL".to_owned();
    assert_eq!(control().check(&qualified).0, Verdict::Foreign);
}

#[test]
fn numbers_what_goes_out() {
    assert_eq!(reference(1).as_deref(), Some("00000000000001"));
    assert_eq!(reference(99_999_999_999_999).as_deref(), Some("99999999999999"));
    assert_eq!(reference(100_000_000_000_000), None);
}

#[test]
fn tells_message_references_that_stand_twice() {
    let text = "UNB+UNOA:1+A+B+120301:0900+R'UNH+M+X:1:1:UP'UNT+2+M'UNH+N+X:1:1:UP'UNT+2+N'UNH+M+X:1:1:UP'UNT+2+M'UNZ+3+R'";
    let found = check_messages(&Interchange::read(text.as_bytes(), &Limits::USUAL));
    let shown: Vec<String> =
        found.iter().map(|finding| format!("{} {}", finding.place, finding.arguments.join("|"))).collect();
    assert_eq!(shown, ["segment 6, element 1, component 1 M"]);
}
