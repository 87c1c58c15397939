//! The committed schema and documentation are those of the field table, and the schema is held against `xmllint`.

use std::path::{Path, PathBuf};
use std::process::Command;

use caravan_declaration::format::{documentation, json_schema, schema};
use caravan_declaration::{Limits, itmatt, xml};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::{arbitrary, is_blessing, packing, project, read_all, sample};

#[test]
fn the_committed_files_are_fresh() {
    for (name, text) in [
        ("declaration-1.xsd", schema::schema()),
        ("declaration-1.md", documentation::documentation()),
        ("itmatt-1.xsd", itmatt::schema()),
        ("declaration-1.schema.json", json_schema::json_schema()),
    ] {
        let path = project().join("schemas").join(name);
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

#[test]
fn what_is_written_passes_the_schema() {
    let mut runner = TestRunner::deterministic();
    let strategy = proptest::collection::vec(arbitrary::declaration(), 1..6);
    let folder = tempfolder("written");
    let (mut paths, mut itmatt_paths) = (Vec::new(), Vec::new());
    for number in 0..60 {
        let declarations = match number {
            0 => vec![packing::complete(), sample::typical(1)],
            _ => strategy.new_tree(&mut runner).unwrap().current(),
        };
        let bytes = xml::write(Vec::new(), &declarations).unwrap();
        paths.push(keep(&folder, number, &bytes));
        let bytes = itmatt::write_xml(Vec::new(), &declarations).unwrap();
        itmatt_paths.push(keep(&folder, 1000 + number, &bytes));
    }
    for (schema, paths) in [("declaration-1.xsd", &paths), ("itmatt-1.xsd", &itmatt_paths)] {
        let verdicts = xmllint(schema, paths);
        let invalid: Vec<_> = paths.iter().zip(verdicts).filter(|(_, is_valid)| !is_valid).collect();
        assert!(invalid.is_empty(), "{schema}: {invalid:?}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// What `xmllint` rejects has a finding: the reader is lenient, but not silent.
#[test]
fn no_invalid_file_is_read_without_a_finding() {
    let document = xml::write(Vec::new(), &[packing::complete()]).unwrap();
    let folder = tempfolder("mutated");
    let mutants = mutants(&document, 3);
    let paths: Vec<_> =
        mutants.iter().enumerate().map(|(number, bytes)| keep(&folder, number, bytes)).collect();
    let verdicts = xmllint(SCHEMA, &paths);
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

/// Every fixture that `xmllint` rejects has a finding too.
#[test]
fn fixtures_agree_with_the_schema() {
    let folder = project().join("fixtures/declaration");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.join("input.xml").exists());
    paths.sort();
    let paths: Vec<PathBuf> = paths.into_iter().map(|path| path.join("input.xml")).collect();
    for (path, is_valid) in paths.iter().zip(xmllint(SCHEMA, &paths)) {
        let readout = read_all(&std::fs::read(path).unwrap(), &Limits::standard());
        assert!(is_valid || readout.findings().next().is_some(), "{}", path.display());
    }
}

/// Changes of one place: every tag renamed, doubled and left out, every value replaced by what it must not be, and
/// single bytes, one in every `step`.
pub(crate) fn mutants(document: &[u8], step: usize) -> Vec<Vec<u8>> {
    let text = std::str::from_utf8(document).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut mutants = Vec::new();
    let mut change = |number: usize, line: &str| {
        let mut changed = lines.clone();
        changed[number] = line;
        mutants.push(changed.join("\n").into_bytes());
    };
    for (number, line) in lines.iter().enumerate() {
        change(number, "");
        change(number, &format!("{line}{line}"));
        change(number, &format!("{line}stray"));
        change(number, &line.replacen("</", "<", 1));
        change(number, &line.replacen('>', " a=\"1\">", 1));
        change(number, &line.replacen('>', " currency=\"EURO\">", 1));
        change(number, &line.replace("currency=\"", "currency=\"<"));
        change(number, &line.replace("currency", "money"));
        change(number, &line.replace(" currency=\"USD\"", ""));
        let Some((open, rest)) = line.split_once('>') else { continue };
        let Some((value, close)) = rest.split_once('<') else { continue };
        let long = "x".repeat(2000);
        for other in [
            "",
            " ",
            "?",
            "-1",
            "1.0001",
            "&nbsp;",
            "a & b",
            "]]>",
            "<b/>",
            "2026-13-01",
            "ZZ9",
            &long,
            "\u{1}",
            "&#0;",
        ] {
            change(number, &format!("{open}>{other}<{close}"));
        }
        change(number, &format!("{open}>{}<{close}", value.to_lowercase() + "_"));
        change(number, &format!("{open}><!-- a -- b -->{value}<{close}"));
        change(number, &format!("{open}><?xml version=\"1.0\"?>{value}<{close}"));
    }
    for at in (0..document.len()).step_by(step) {
        for byte in [b'<', b'>', b'"', b'&', b'x', 0, 0xFF] {
            let mut mutant = document.to_vec();
            mutant[at] = byte;
            mutants.push(mutant);
        }
    }
    mutants
}

pub(crate) fn difference(document: &[u8], mutant: &[u8]) -> String {
    let same = document.iter().zip(mutant).take_while(|(a, b)| a == b).count();
    let excerpt = |bytes: &[u8]| {
        let range = same.saturating_sub(30)..(same + 40).min(bytes.len());
        String::from_utf8_lossy(bytes.get(range).unwrap_or_default()).replace('\n', "\\n")
    };
    format!("{} | was {}", excerpt(mutant), excerpt(document))
}

/// The schema of our own format.
const SCHEMA: &str = "declaration-1.xsd";

/// Returns for each file whether it is valid.
pub(crate) fn xmllint(schema: &str, paths: &[PathBuf]) -> Vec<bool> {
    let schema = project().join("schemas").join(schema);
    let mut verdicts = Vec::new();
    for paths in paths.chunks(200) {
        let output = Command::new("xmllint").arg("--noout").arg("--schema").arg(&schema).args(paths).output();
        let output = output.expect("`xmllint` runs; Debian's package is libxml2-utils");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!said.contains("failed to compile"), "{said}");
        let valid: std::collections::HashSet<&str> =
            said.lines().filter_map(|line| line.strip_suffix(" validates")).collect();
        verdicts.extend(paths.iter().map(|path| valid.contains(path.to_str().expect("a plain path"))));
    }
    verdicts
}

pub(crate) fn tempfolder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("declaration-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn keep(folder: &Path, number: usize, bytes: &[u8]) -> PathBuf {
    let path = folder.join(format!("{number}.xml"));
    std::fs::write(&path, bytes).unwrap();
    path
}
