//! Files with what is to be found in them: `fixtures/declaration/<case>/input.*` and `expected.txt`; the cases of other
//! formats than our own lie one folder deeper, `fixtures/declaration/<format>/<case>/`. `mapping.toml` is the partner's
//! mapping, `encoding.txt` the encoding and `sheet.txt` the sheet that the partner's settings name.
//!
//! `expected.txt` begins with the reason of the case, then says how the reading ended, then lists the findings; of a
//! format whose layout is a profile it also shows what was read. Where there is a `declarations.xml` or a
//! `values.jsonl` too, it is what was read, in our XML or our JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use caravan_declaration::csv::Mapping;
use caravan_declaration::{Encoding, Format, Limits, MESSAGES, Options, json, packed, xml};
use caravan_postal::Finding;

use super::messages::{model, read_any};
use super::{Readout, is_blessing, project, read_all_with};

#[test]
fn every_fixture_reads_as_expected() {
    let folder = project().join("fixtures/declaration");
    let cases = cases(&folder);
    assert!(cases.len() > 20, "the fixtures are there");
    let seen: BTreeSet<&str> = cases.iter().flat_map(|case| check(case)).collect();
    // Signatures, and bounds that a small file cannot reach, have tests of their own.
    let bounds = [
        "file-too-large",
        "item-too-large",
        "items-too-many",
        "pieces-too-many",
        "documents-too-many",
        "interchanges-too-many",
        "extras-too-many",
        "attributes-too-many",
        "columns-too-many",
        "findings-more",
        "file-findings-more",
        "ceb-lines-too-many",
        "package-too-large",
        "package-parts-too-many",
        "package-text-too-large",
    ];
    // Said by what does not read a file for its declarations.
    let is_elsewhere = |code: &&str| {
        let others = ["ics2-", "signature-", "envelope-"];
        *code == "format-other" || others.iter().any(|other| code.starts_with(other))
    };
    let unseen: Vec<&str> = MESSAGES.codes.iter().map(|code| code.name).collect();
    let unseen: Vec<&str> = unseen
        .into_iter()
        .filter(|code| !seen.contains(code) && !bounds.contains(code) && !is_elsewhere(code))
        .collect();
    assert!(unseen.is_empty(), "codes without a fixture: {unseen:?}");
}

/// Returns every folder below `folder` that holds an expectation.
pub(crate) fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let inner: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        let (cases, groups): (Vec<_>, Vec<_>) =
            inner.into_iter().partition(|path| path.join("expected.txt").exists());
        found.extend(cases);
        folders.extend(groups);
    }
    found.sort();
    found
}

/// What may lie beside the input of a case and its expectation.
const BESIDE: [&str; 5] = ["mapping.toml", "encoding.txt", "sheet.txt", "values.jsonl", "declarations.xml"];

/// Returns the input of a case.
pub(crate) fn input(case: &Path) -> PathBuf {
    let inputs: Vec<PathBuf> = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_input = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "input");
    let files = 2 + BESIDE.iter().filter(|name| case.join(name).exists()).count();
    assert_eq!(inputs.len(), files, "{}: an input and its expectation", case.display());
    inputs.iter().find(is_input).unwrap_or_else(|| panic!("{} has no input", case.display())).clone()
}

/// The one door: reads a case, compares it with its expectation, or writes that anew. Returns the codes that it shows.
fn check(case: &Path) -> Vec<&'static str> {
    let bytes = std::fs::read(input(case)).unwrap();
    let [mapping, encoding, sheet, values, declarations] =
        BESIDE.map(|name| std::fs::read_to_string(case.join(name)).ok());
    let encoding = encoding.map(|name| Encoding::parse(name.trim()).expect("an encoding"));
    let (mapping, faults) = mapping.map_or((None, vec![]), |text| Mapping::parse(&text));
    let mappings: Vec<Mapping> = mapping.into_iter().collect();
    let options = Options { encoding, mappings: &mappings, sheet: sheet.as_deref().map(str::trim) };
    let is_plain = encoding.is_none() && mappings.is_empty() && sheet.is_none();
    let readout =
        if is_plain { read_any(&bytes) } else { read_all_with(&bytes, &Limits::standard(), &options) };
    let path = case.join("expected.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let reason = expected.lines().next().expect("the first line is the reason");
    assert!(reason.len() > 10, "{}: a reason", case.display());
    compare(&path, &expected, &format!("{reason}\n{}", describe(&faults, &readout)));
    if let Some(values) = values {
        compare(&case.join("values.jsonl"), &values, &describe_values(&readout));
    }
    if let Some(declarations) = declarations {
        compare(&case.join("declarations.xml"), &declarations, &in_our_xml(&readout));
    }
    faults.iter().map(|fault| fault.code.name).chain(readout.codes()).collect()
}

fn compare(path: &Path, expected: &str, found: &str) {
    if is_blessing() {
        std::fs::write(path, found).unwrap();
    } else {
        assert!(found == expected, "{}:\n--- expected\n{expected}--- found\n{found}", path.display());
    }
}

/// Returns the items as JSON Lines.
fn describe_values(readout: &Readout) -> String {
    let declarations: Vec<_> =
        readout.items.iter().map(|(bytes, _)| packed::decode(bytes).expect("it was packed")).collect();
    String::from_utf8(json::write(Vec::new(), json::Layout::Lines, &declarations).unwrap()).unwrap()
}

fn in_our_xml(readout: &Readout) -> String {
    let items = readout.items.iter().map(|(packed, _)| packed::decode(packed).unwrap());
    let declarations: Vec<_> = items.collect();
    String::from_utf8(xml::write(Vec::new(), &declarations).unwrap()).unwrap()
}

fn describe(faults: &[Finding], readout: &Readout) -> String {
    let mut text = String::new();
    for fault in faults {
        text.push_str("mapping, ");
        describe_finding(fault, &mut text);
    }
    let outcome = &readout.outcome;
    let format = outcome.format.map_or("unknown", Format::as_str);
    let end = if outcome.is_whole { "whole" } else { "not whole" };
    let encoding = match outcome.encoding {
        None | Some(Encoding::Utf8) => String::new(),
        Some(encoding) => format!(", {}", encoding.as_str()),
    };
    let sheet = outcome.sheet.as_ref().map_or_else(String::new, |sheet| format!(", sheet {sheet}"));
    writeln!(text, "{format}{encoding}{sheet}, items {}, {end}", outcome.items).unwrap();
    for finding in readout.findings() {
        describe_finding(finding, &mut text);
    }
    let by_profile = [Format::Cusitm, Format::Cusrsp, Format::CustomsData, Format::Itmref, Format::Refrsp];
    if outcome.format.is_some_and(|format| by_profile.contains(&format)) {
        text.push_str(&model(readout));
    }
    text
}

fn describe_finding(finding: &Finding, text: &mut String) {
    let item = finding.item.map_or_else(|| "file".to_owned(), |item| format!("item {item}"));
    let Finding { place, code, field, arguments, .. } = finding;
    write!(text, "{item} | {place} | {} | {} | {field} |", code.severity, code.name).unwrap();
    for (name, value) in code.arguments.iter().zip(arguments) {
        write!(text, " {name}={value}").unwrap();
    }
    text.push('\n');
}
