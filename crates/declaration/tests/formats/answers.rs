//! Answers of customs: written and read in both forms, and what cannot be written.

use std::ops::ControlFlow;

use caravan_declaration::cusitm::{AnswerWriter, Decisions, read_answers};
use caravan_declaration::{Answer, AnswerVerdict, Identifier, Limits, WriteError};
use caravan_postal::{Field, S10};

use super::{project, read_all};

/// In JSON a declaration and its answer may stand in one record, and each reader takes its own.
#[test]
fn json_holds_both_a_declaration_and_its_answer() {
    let bytes =
        std::fs::read(project().join("fixtures/declaration/customs-data/complete/input.json")).unwrap();
    assert_eq!(read_all(&bytes, &Limits::standard()).outcome.items, 1);
    let mut answers = Vec::new();
    let outcome = read_answers(&bytes[..], &Limits::standard(), Decisions::india(), |read| {
        answers.push((read.answer.verdict, read.answer.extras.len()));
        ControlFlow::Continue(())
    });
    assert_eq!(outcome.unwrap().items, 1);
    assert_eq!(answers, [(Some(AnswerVerdict::Received), 6)]);
}

fn answer() -> Answer<'static> {
    Answer {
        identifier: S10::parse("RR473124829CN").ok().map(Identifier::S10),
        reference: Some("0f8fad5b-d9cb-469f-a165-70867728950e"),
        number: Some("26KOL0000123"),
        verdict: Some(AnswerVerdict::Released),
        code: Some("4"),
        text: Some("Freigegeben & bezahlt"),
        at: chrono::NaiveDate::from_ymd_opt(2026, 7, 9).and_then(|day| day.and_hms_milli_opt(11, 30, 0, 125)),
        extras: vec![("Response.Dutiable", "true"), ("Response.Taxes[1].Type", "BCD"), ("officer", "17")],
    }
}

#[test]
fn answers_read_back_from_both_forms() {
    let local = Answer { identifier: Some(Identifier::Other("4711")), reference: Some("MSG-17"), ..answer() };
    let empty = Answer { code: Some("17"), verdict: Some(AnswerVerdict::Received), ..Answer::default() };
    for expected in [answer(), local, empty] {
        let decisions = Decisions::edifact();
        for mut writer in [
            AnswerWriter::cusrsp(vec![], decisions).unwrap(),
            AnswerWriter::customs_data(vec![], decisions).unwrap(),
        ] {
            writer.answer(&expected).unwrap();
            let bytes = writer.finish().unwrap();
            let mut count = 0;
            let outcome = read_answers(&bytes[..], &Limits::standard(), decisions, |read| {
                assert_eq!(read.findings, vec![], "{}", String::from_utf8_lossy(&bytes));
                assert_eq!(read.answer, expected, "{}", String::from_utf8_lossy(&bytes));
                count += 1;
                ControlFlow::Continue(())
            });
            assert!(outcome.unwrap().is_whole && count == 1);
        }
    }
}

#[test]
fn answers_that_would_not_read_back_are_refused() {
    let long = "x".repeat(501);
    for (answer, field) in [
        (Answer { verdict: Some(AnswerVerdict::Held), ..answer() }, "verdict"),
        (Answer { code: None, ..answer() }, "verdict"),
        (Answer { code: Some("a code that is much too long"), verdict: None, ..answer() }, "code"),
        (Answer { text: Some(&long), ..answer() }, "text"),
        (Answer { text: Some(" x"), ..answer() }, "text"),
    ] {
        let mut writer = AnswerWriter::cusrsp(vec![], Decisions::edifact()).unwrap();
        match writer.answer(&answer) {
            Err(WriteError::Unwritable { field: found, .. }) => assert_eq!(found, Field::of(field)),
            other => panic!("{field}: {other:?}"),
        }
    }
}
