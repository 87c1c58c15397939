//! Messages whose layout is a profile: they read back, pass their schemas, and take any bytes.

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

use caravan_declaration::cusitm::{AnswerWriter, Decisions, Writer, read_answers};
use caravan_declaration::ics2::{ReferralWriter, read_referral_answers, read_referrals};
use caravan_declaration::layout::{Known, json_schema, schema};
use caravan_declaration::{Declaration, Format, Limits, WriteError, packed, read};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::fixtures::{cases, input};
use super::schema::{difference, keep, mutants, tempfolder, xmllint};
use super::{Readout, arbitrary, is_blessing, packing, project, read_all, sample};

/// Reads a file of any format; what is no declaration is kept as its description.
pub(crate) fn read_any(bytes: &[u8]) -> Readout {
    let limits = Limits::standard();
    let mut items = Vec::new();
    let outcome = match Format::of(bytes) {
        Some(Format::Cusrsp) => read_answers(bytes, &limits, Decisions::edifact(), |read| {
            items.push((format!("{:?}", read.answer).into_bytes(), read.findings));
            ControlFlow::Continue(())
        }),
        Some(Format::Itmref) => read_referrals(bytes, &limits, |read| {
            items.push((format!("{:?}", read.referral).into_bytes(), read.findings));
            ControlFlow::Continue(())
        }),
        Some(Format::Refrsp) => read_referral_answers(bytes, &limits, |read| {
            items.push((format!("{:?}", read.answer).into_bytes(), read.findings));
            ControlFlow::Continue(())
        }),
        _ => return read_all(bytes, &limits),
    };
    Readout { items, outcome: outcome.expect("memory does not fail") }
}

/// Shows what was read, one line an item.
pub(crate) fn model(readout: &Readout) -> String {
    let mut text = String::new();
    for (bytes, _) in &readout.items {
        match readout.outcome.format {
            Some(Format::Cusitm | Format::CustomsData) => {
                write!(text, "{:?}", packed::decode(bytes).unwrap()).unwrap();
            }
            _ => text.push_str(std::str::from_utf8(bytes).unwrap()),
        }
        text.push('\n');
    }
    // What is not there is not shown.
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(": None") {
        let name =
            rest[..at].rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |before| before + 1);
        shown.push_str(&rest[..name]);
        rest = rest[at + ": None".len()..].trim_start_matches(", ");
    }
    shown.push_str(rest);
    shown.replace(", }", " }").replace("{  }", "{ }")
}

/// Reads a file and writes it again in its own format.
fn rewritten(bytes: &[u8]) -> Result<Vec<u8>, WriteError> {
    let limits = Limits::standard();
    let mut result = Ok(());
    let output = match Format::of(bytes) {
        Some(format @ (Format::Cusitm | Format::CustomsData)) => {
            let mut writer =
                if format == Format::Cusitm { Writer::cusitm(vec![]) } else { Writer::customs_data(vec![]) }?;
            read(bytes, &limits, |item| {
                result = writer.item(&item.declaration);
                if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .unwrap();
            writer.finish()?
        }
        Some(Format::Cusrsp) => {
            let mut writer = AnswerWriter::cusrsp(vec![], Decisions::edifact())?;
            read_answers(bytes, &limits, Decisions::edifact(), |read| {
                result = writer.answer(&read.answer);
                if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .unwrap();
            writer.finish()?
        }
        Some(Format::Itmref) => {
            let mut writer = ReferralWriter::itmref(vec![])?;
            read_referrals(bytes, &limits, |read| {
                result = writer.referral(&read.referral);
                ControlFlow::Continue(())
            })
            .unwrap();
            writer.finish()?
        }
        Some(Format::Refrsp) => {
            let mut writer = ReferralWriter::refrsp(vec![])?;
            read_referral_answers(bytes, &limits, |read| {
                result = writer.answer(&read.answer);
                ControlFlow::Continue(())
            })
            .unwrap();
            writer.finish()?
        }
        _ => bytes.to_vec(),
    };
    result.map(|()| output)
}

fn message_cases() -> Vec<PathBuf> {
    let formats = ["cusitm", "cusrsp", "customs-data", "itmref", "refrsp"];
    let folder = project().join("fixtures/declaration");
    formats.iter().flat_map(|format| cases(&folder.join(format))).collect()
}

fn schema_of(format: Format) -> Option<&'static str> {
    match format {
        Format::Cusitm => Some("cusitm-1.xsd"),
        Format::Cusrsp => Some("cusrsp-1.xsd"),
        Format::Itmref => Some("itmref-1.xsd"),
        Format::Refrsp => Some("refrsp-1.xsd"),
        _ => None,
    }
}

#[test]
fn the_committed_schemas_are_fresh() {
    for known in Known::ALL {
        let layout = known.layout();
        let (name, text) = match known {
            Known::CustomsData => (format!("{}.schema.json", layout.name), json_schema(layout)),
            _ => (format!("{}.xsd", layout.name), schema(layout)),
        };
        let path = project().join("schemas").join(&name);
        if is_blessing() {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "schemas/{name} is stale; run the tests with CARAVAN_BLESS=1 and look at the diff"
        );
    }
}

/// Reading, writing and reading again loses nothing, and what is written passes its schema.
#[test]
fn fixtures_read_back_and_pass_their_schemas() {
    let folder = tempfolder("messages");
    for (number, case) in message_cases().iter().enumerate() {
        let bytes = std::fs::read(input(case)).unwrap();
        let first = read_any(&bytes);
        if first.items.is_empty() {
            continue;
        }
        let again = rewritten(&bytes).unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        let second = read_any(&again);
        let written = String::from_utf8_lossy(&again);
        assert!(second.outcome.is_whole, "{}: {:?}\n{written}", case.display(), second.outcome);
        assert_eq!(model(&second), model(&first), "{}:\n{written}", case.display());
        assert_eq!(second.outcome.format, first.outcome.format);
        if let Some(schema) = first.outcome.format.and_then(schema_of) {
            let path = keep(&folder, number, &again);
            assert_eq!(xmllint(schema, &[path]), [true], "{}:\n{written}", case.display());
        } else {
            assert_valid_json(&again);
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

fn assert_valid_json(bytes: &[u8]) {
    let schema = serde_json::from_str(&json_schema(Known::CustomsData.layout())).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = serde_json::from_slice(bytes).unwrap();
    let faults: Vec<String> = validator.iter_errors(&document).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}\n{}", String::from_utf8_lossy(bytes));
}

/// Asserts that declarations read back from both forms, without a finding.
fn check(declarations: &[Declaration<'_>]) -> [Vec<u8>; 2] {
    let writers = [Writer::cusitm(Vec::new()).unwrap(), Writer::customs_data(Vec::new()).unwrap()];
    writers.map(|mut writer| {
        for declaration in declarations {
            writer.item(declaration).unwrap();
        }
        let bytes = writer.finish().unwrap();
        let mut ordinal = 0;
        let outcome = read(&bytes[..], &Limits::standard(), |item| {
            assert_eq!(item.findings, vec![], "{}", String::from_utf8_lossy(&bytes));
            assert_eq!(item.declaration, declarations[ordinal], "{}", String::from_utf8_lossy(&bytes));
            ordinal += 1;
            ControlFlow::Continue(())
        });
        let outcome = outcome.unwrap();
        assert_eq!((ordinal, outcome.is_whole, outcome.findings), (declarations.len(), true, vec![]));
        bytes
    })
}

#[test]
fn what_is_written_passes_the_schemas() {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(arbitrary::declaration(), 1..4);
    let folder = tempfolder("cusitm-written");
    let mut paths = Vec::new();
    for number in 0..40 {
        let declarations = match number {
            0 => vec![packing::complete(), sample::typical(1), sample::typical(2)],
            _ => strategy.new_tree(&mut runner).unwrap().current(),
        };
        let [xml, json] = check(&declarations);
        assert_valid_json(&json);
        paths.push(keep(&folder, number, &xml));
    }
    let verdicts = xmllint("cusitm-1.xsd", &paths);
    let invalid: Vec<_> = paths.iter().zip(verdicts).filter(|(_, is_valid)| !is_valid).collect();
    assert!(invalid.is_empty(), "{invalid:?}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// What `xmllint` rejects has a finding: the reader is lenient, but not silent.
#[test]
fn no_invalid_file_is_read_without_a_finding() {
    let complete = packing::complete();
    // Half of what there is shows every kind of value.
    let pieces = complete.pieces[..1].to_vec();
    let [document, _] = check(&[Declaration { pieces, extras: vec![("flow", "O")], ..complete }]);
    let folder = tempfolder("cusitm-mutated");
    let mutants = mutants(&document, 31);
    let paths: Vec<_> =
        mutants.iter().enumerate().map(|(number, bytes)| keep(&folder, number, bytes)).collect();
    let verdicts = xmllint("cusitm-1.xsd", &paths);
    let mut silent = Vec::new();
    for (bytes, is_valid) in mutants.iter().zip(&verdicts) {
        if !is_valid && read_all(bytes, &Limits::standard()).findings().next().is_none() {
            silent.push(difference(&document, bytes));
        }
    }
    assert!(silent.is_empty(), "{} mutants without a finding:\n{}", silent.len(), silent.join("\n"));
    let rejected = verdicts.iter().filter(|is_valid| !**is_valid).count();
    assert!(rejected * 2 > verdicts.len(), "most mutants are invalid: {rejected} of {}", verdicts.len());
    std::fs::remove_dir_all(folder).unwrap();
}

/// What the JSON Schema rejects has a finding too, and what was read of it is written again and reads back.
#[test]
fn no_invalid_json_is_read_without_a_finding() {
    let bytes =
        std::fs::read(project().join("fixtures/declaration/customs-data/complete/input.json")).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&rewritten(&bytes).unwrap()).unwrap();
    let schema = serde_json::from_str(&json_schema(Known::CustomsData.layout())).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut pointers = Vec::new();
    collect_pointers(&document, String::new(), &mut pointers);
    let long = "x".repeat(61_000);
    let others = [
        serde_json::json!(true),
        serde_json::json!(1),
        serde_json::json!(-1),
        serde_json::json!(1.23456),
        serde_json::json!(""),
        serde_json::json!(" "),
        serde_json::json!("?"),
        serde_json::json!(long),
        serde_json::json!([]),
        serde_json::json!({}),
        serde_json::json!({ "Strange": 1 }),
    ];
    let mut rejected = 0;
    for pointer in pointers.iter().filter(|pointer| !pointer.is_empty()) {
        for other in &others {
            let mut changed = document.clone();
            *changed.pointer_mut(pointer).unwrap() = other.clone();
            let text = changed.to_string();
            let first = read_any(text.as_bytes());
            let is_silent = first.findings().next().is_none();
            let shown: String = other.to_string().chars().take(30).collect();
            if !validator.is_valid(&changed) {
                rejected += 1;
                assert!(!is_silent, "{pointer} = {shown} is taken without a finding");
            }
            // Without a name that it knows, an object is taken for one of our own JSON.
            if !first.items.is_empty() && first.outcome.format == Some(Format::CustomsData) {
                let again =
                    rewritten(text.as_bytes()).unwrap_or_else(|error| panic!("{pointer} = {shown}: {error}"));
                assert!(model(&read_any(&again)) == model(&first), "{pointer} = {shown}");
                assert_valid_json(&again);
            }
        }
    }
    assert!(rejected > 100, "most changes are invalid: {rejected}");
}

fn collect_pointers(value: &serde_json::Value, at: String, into: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                collect_pointers(member, format!("{at}/{name}"), into);
            }
        }
        serde_json::Value::Array(list) => {
            for (index, member) in list.iter().enumerate() {
                collect_pointers(member, format!("{at}/{index}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}

/// Whatever is wrong with a file, what was read of it is written again and reads back.
#[test]
fn faulty_files_read_back_too() {
    for case in message_cases().iter().filter(|case| case.ends_with("complete")) {
        let document = std::fs::read(input(case)).unwrap();
        for changed in mutants(&document, 13) {
            let first = read_any(&changed);
            if !first.outcome.is_whole || first.items.is_empty() {
                continue;
            }
            let again = rewritten(&changed).unwrap_or_else(|error| {
                panic!(
                    "{}: {error}: {:?}",
                    difference(&document, &changed),
                    std::error::Error::source(&error)
                )
            });
            let second = read_any(&again);
            let written = String::from_utf8_lossy(&again);
            let change = difference(&document, &changed);
            let (second, first) = (model(&second), model(&first));
            assert!(second == first, "{}: {change}\n{first}\n{second}\n{written}", case.display());
        }
    }
}

/// The bytes are the same however they arrive, and however little is in memory at a time.
#[test]
fn small_windows_change_nothing() {
    let declarations: Vec<_> = (0..12).map(sample::typical).collect();
    for mut document in check(&declarations) {
        let at = document.windows(9).rposition(|window| window == b"NetWeight").unwrap() + 12;
        document[at] = b'7';
        document[at + 1] = b'-';
        let expected = read_all(&document, &Limits::standard());
        for item_bytes in [5000, 7000, 20_000] {
            let limits = Limits { item_bytes, ..Limits::standard() };
            assert_eq!(read_all(&document, &limits), expected, "{item_bytes}");
        }
    }
}

#[test]
fn every_bound_of_json_is_told() {
    let limits = Limits::standard;
    let codes = |text: &str, limits: &Limits| read_all(text.as_bytes(), limits).codes();
    let one = "{\"MailObject\": {\"Id\": \"RR473124829CN\"}}";
    let text = format!("[{one},{one},{one}]");
    assert_eq!(codes(&text, &limits()), Vec::<&str>::new());
    assert_eq!(codes(&text, &Limits { items: 2, ..limits() }), ["items-too-many"]);
    assert_eq!(codes(&text, &Limits { file_bytes: 60, ..limits() }), ["file-too-large"]);
    assert_eq!(codes(&text, &Limits { depth: 1, ..limits() }), ["nesting-too-deep"]);
    let long = format!("{{\"MailObject\": {{\"Id\": \"{}\"}}}}", "x".repeat(5000));
    assert_eq!(codes(&long, &Limits { item_bytes: 500, ..limits() }), ["item-too-large"]);
    let extras =
        "{\"Declaration\": {\"ExtraFieldNames\": [\"a\",\"b\"], \"ExtraFieldValues\": [\"1\",\"2\"]}}";
    assert_eq!(codes(extras, &Limits { extras: 1, ..limits() }), ["extras-too-many"]);
    let pieces = "{\"Declaration\": {\"ContentPieces\": [{}, {}, {}]}}";
    assert_eq!(codes(pieces, &Limits { pieces: 1, ..limits() }), ["pieces-too-many"]);
}

#[test]
fn answers_and_declarations_are_not_taken_for_each_other() {
    let codes = |bytes: &[u8]| read_all(bytes, &Limits::standard()).codes();
    assert_eq!(codes(b"<CUSRSP xmlns=\"urn:caravan:cusrsp:1\"/>"), ["format-other"]);
    assert_eq!(codes(b"<ITMREF/>"), ["format-other"]);
    for bytes in [&b"<CUSITM/>"[..], b"<declarations/>", b"identifier,form\n"] {
        let outcome = read_answers(bytes, &Limits::standard(), Decisions::edifact(), |_| panic!("no answer"));
        assert_eq!(outcome.unwrap().findings[0].code.name, "format-other");
    }
    for (bytes, code) in [(&b""[..], "file-empty"), (b"?", "format-unknown")] {
        let outcome = read_referrals(bytes, &Limits::standard(), |_| panic!("no referral"));
        assert_eq!(outcome.unwrap().findings[0].code.name, code);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_declaration_reads_back(declarations in proptest::collection::vec(arbitrary::declaration(), 1..4)) {
        check(&declarations);
    }

    #[test]
    fn reading_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), head in 0usize..6) {
        let heads = [
            "<CUSITM>", "<CUSITM><CDSView><Declaration>", "<CUSRSP><CDSView><Response>", "[{\"MailObject\":",
            "{\"Declaration\": {\"ContentPieces\": [", "{\"Declaration\": {\"SenderName\": \"\\",
        ];
        read_any(&[heads[head].as_bytes(), &bytes].concat());
    }
}
