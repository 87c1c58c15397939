//! Files with what is to be found in them: `fixtures/declaration/<case>/input.*` and `expected.txt`; the cases of other
//! formats than our own lie one folder deeper, `fixtures/declaration/<format>/<case>/`.
//!
//! `expected.txt` begins with the reason of the case, then says how the reading ended, then lists the findings; of a
//! format whose layout is a profile it also shows what was read. Where there is a `declarations.xml` too, it is what
//! was read, in our XML.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use caravan_declaration::{Format, MESSAGES, packed, xml};
use caravan_postal::Finding;

use super::messages::{model, read_any};
use super::{Readout, is_blessing, project};

#[test]
fn every_fixture_reads_as_expected() {
    let folder = project().join("fixtures/declaration");
    let cases = cases(&folder);
    assert!(cases.len() > 20, "the fixtures are there");
    let seen: BTreeSet<&str> = cases.iter().flat_map(|case| check(case).codes()).collect();
    // Signatures, and bounds that a small file cannot reach, have tests of their own.
    let bounds = [
        "file-too-large",
        "item-too-large",
        "items-too-many",
        "pieces-too-many",
        "documents-too-many",
        "extras-too-many",
        "attributes-too-many",
        "columns-too-many",
        "findings-more",
        "file-findings-more",
        "ceb-lines-too-many",
    ];
    // Said by what does not read a file for its declarations.
    let is_elsewhere =
        |code: &&str| *code == "format-other" || code.starts_with("ics2-") || code.starts_with("signature-");
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

/// Returns the input of a case.
pub(crate) fn input(case: &Path) -> PathBuf {
    let inputs: Vec<PathBuf> = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    let is_input = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "input");
    let files = 2 + usize::from(case.join("declarations.xml").exists());
    assert_eq!(inputs.len(), files, "{}: an input and its expectation", case.display());
    inputs.iter().find(is_input).unwrap_or_else(|| panic!("{} has no input", case.display())).clone()
}

/// The one door: reads a case, compares it with its expectation, or writes that anew.
fn check(case: &Path) -> Readout {
    let readout = read_any(&std::fs::read(input(case)).unwrap());
    let declarations = case.join("declarations.xml");
    if declarations.exists() {
        compare(&declarations, &in_our_xml(&readout));
    }
    let path = case.join("expected.txt");
    let expected = std::fs::read_to_string(&path).unwrap();
    let reason = expected.lines().next().expect("the first line is the reason");
    assert!(reason.len() > 10, "{}: a reason", case.display());
    compare(&path, &format!("{reason}\n{}", describe(&readout)));
    readout
}

/// Compares what was found with what stands in a file, or writes that anew.
fn compare(path: &Path, found: &str) {
    if is_blessing() {
        std::fs::write(path, found).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap();
    assert!(found == expected, "{}:\n--- expected\n{expected}--- found\n{found}", path.display());
}

fn in_our_xml(readout: &Readout) -> String {
    let items = readout.items.iter().map(|(packed, _)| packed::decode(packed).unwrap());
    let declarations: Vec<_> = items.collect();
    String::from_utf8(xml::write(Vec::new(), &declarations).unwrap()).unwrap()
}

fn describe(readout: &Readout) -> String {
    let outcome = &readout.outcome;
    let format = outcome.format.map_or("unknown", Format::as_str);
    let end = if outcome.is_whole { "whole" } else { "not whole" };
    let mut text = format!("{format}, items {}, {end}\n", outcome.items);
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
