//! Worked examples: every file of `tests/cases` holds items with the answer that the law gives, reckoned by hand.
//!
//! A case says only what matters to it; the rest is an ordinary private parcel from China with a net weight of 500 g.

#[path = "cases/item.rs"]
mod item;

use std::path::{Path, PathBuf};

use caravan_postal::{Catalogue, Finding, Language, Severity};
use caravan_tariff::{Assessment, Engine, Flow, MESSAGES, Question, Rates, TableText, Transport, packed};
use serde::Deserialize;

use item::{Case, date, declaration, options};

/// What the cases of a folder are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Matter {
    /// Whether an item is admitted; every finding is named.
    Admission,
    /// What the destination charges; of the findings in [`BESIDE`] those are named that matter to a case.
    Charges,
}

/// Codes that come with a day or a country, whatever is charged.
const BESIDE: [&str; 6] =
    ["hs-edition", "data-wanted", "hs-wanted", "value-unlikely", "unit-weight", "limit-doubtful"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    /// Rows of a made-up country, laid over the program's own. `@` alone on a line stands for a head: in force since
    /// 2020-01-01 by source `own`.
    tables: Option<String>,
    case: Vec<Case>,
}

fn matches(expected: &str, finding: &Finding) -> bool {
    let (code, argument) =
        expected.split_once(' ').map_or((expected, None), |(code, rest)| (code, Some(rest)));
    code == finding.code.name
        && argument.is_none_or(|wanted| finding.arguments.iter().any(|one| &**one == wanted))
}

/// Returns the findings that a case is about.
fn findings_of<'a>(answer: &'a Assessment, matter: Matter, case: &Case) -> Vec<&'a Finding> {
    let is_named = |finding: &Finding| case.findings.iter().any(|expected| matches(expected, finding));
    let is_beside = |finding: &Finding| {
        matter == Matter::Charges && BESIDE.contains(&finding.code.name) && !is_named(finding)
    };
    let is_matter = |finding: &&Finding| {
        (!case.is_admission_only || finding.severity() > Severity::Remark) && !is_beside(finding)
    };
    answer.findings.iter().filter(is_matter).collect()
}

fn flow(case: &Case) -> Flow {
    match (case.is_import, case.is_transit) {
        (true, _) => Flow::Import,
        (false, true) => Flow::Transit,
        (false, false) => Flow::Export,
    }
}

/// Asks the engine and compares every part of the answer; returns what differs.
fn check(
    engine: &Engine,
    rates: &Rates,
    catalogue: &Catalogue,
    matter: Matter,
    case: &Case,
    on: &str,
) -> Vec<String> {
    let declaration = declaration(case);
    let options = options(case);
    let accepted_on = date(on);
    let mode = Transport::ALL.into_iter().find(|mode| mode.as_str() == case.mode).expect("a way of carriage");
    let question = Question {
        declaration: &declaration,
        flow: flow(case),
        filed_on: case.filed.as_deref().map_or(accepted_on, date),
        accepted_on,
        rated_on: None,
        mode,
        rates,
        options: &options,
    };
    let answer = engine.assess(&question);
    let mut faults = Vec::new();
    let mut compare = |part: &str, found: String, expected: String| {
        if found != expected {
            faults.push(format!("{part}: `{found}`, expected `{expected}`"));
        }
    };
    compare("decision", answer.decision.as_str().to_owned(), case.decision.clone());
    let physical = answer.physical.map(|physical| physical.as_str().to_owned());
    compare("physical", physical.unwrap_or_default(), case.physical.clone().unwrap_or_default());
    if let Some(is_dangerous) = case.is_dangerous {
        compare("is_dangerous", answer.is_dangerous.to_string(), is_dangerous.to_string());
    }
    compare("channel", answer.channel.as_str().to_owned(), case.channel.clone());
    if case.regime.is_some() {
        let regime = answer.regime.as_ref().map(ToString::to_string);
        compare("regime", regime.unwrap_or_default(), case.regime.clone().unwrap_or_default());
    }
    if case.entry.is_some() {
        let entry = answer.entry.as_ref().map(ToString::to_string);
        compare("entry", entry.unwrap_or_default(), case.entry.clone().unwrap_or_default());
    }
    let charge = |charge: &caravan_tariff::Charge| {
        format!("{} {}{}", charge.kind.as_str(), charge.amount, if charge.is_unverified { "?" } else { "" })
    };
    let charges: Vec<String> = answer.charges.iter().map(charge).collect();
    if !case.is_admission_only {
        compare("charges", charges.join(", "), case.charges.join(", "));
    }
    let findings = findings_of(&answer, matter, case);
    let told: Vec<String> =
        findings.iter().map(|finding| format!("{} {:?}", finding.code.name, finding.arguments)).collect();
    let is_told = case.findings.len() == findings.len()
        && case.findings.iter().all(|expected| findings.iter().any(|finding| matches(expected, finding)));
    compare("findings", if is_told { String::new() } else { told.join(", ") }, {
        if is_told { String::new() } else { case.findings.join(", ") }
    });
    let explanation = engine.explain(&question);
    let mut told = explanation.assessment.clone();
    told.charges.iter_mut().for_each(|charge| charge.trace.clear());
    compare("explained", format!("{told:?}"), format!("{answer:?}"));
    for language in Language::ALL {
        let text = explanation.text(catalogue, language);
        compare("untold", text.split(['{', '@']).nth(1).unwrap_or_default().to_owned(), String::new());
    }
    let mut bytes = Vec::new();
    packed::encode(&answer, &mut bytes);
    let mut stored = answer;
    stored.findings.clear();
    compare(
        "packed",
        format!("{:?}", packed::decode(&bytes)),
        format!("{:?}", Ok::<_, packed::PackedError>(stored)),
    );
    faults
}

/// Returns the files of a folder of this suite with their texts, in the order of their names.
fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let entries = std::fs::read_dir(folder).expect("it is a folder of this suite");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("the folder is readable").path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        (file, text)
    };
    files.into_iter().map(read).collect()
}

/// Returns the first text in TOML under a heading of the README.
fn readme(heading: &str) -> &'static str {
    let text = include_str!("../README.md");
    let (_, section) = text.split_once(heading).expect("the README has the heading");
    let (_, block) = section.split_once("```toml\n").expect("the section has a text");
    block.split_once("```").expect("the text ends").0
}

/// Returns the engine over the rows that a file of cases lays over the program's own.
fn engine_over(tables: &str) -> Engine {
    const HEAD: &str = "valid_from = 2020-01-01\nstatus = \"in_force\"\nsource = \"own\"";
    let lines = tables.lines().map(|line| if line == "@" { HEAD } else { line });
    let text = format!("[sources]\nown = {{ act = \"Act\" }}\n{}", lines.collect::<Vec<_>>().join("\n"));
    Engine::load(&[TableText { name: "own.toml", text: &text }])
        .unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Checks every case of a folder, and returns how many there are.
fn check_folder(folder: &str, matter: Matter) -> usize {
    let builtin = Engine::builtin();
    let rates: String = texts("rates").into_iter().map(|(_, text)| text).collect();
    let rates = Rates::parse(&rates).expect("the rates are right");
    let catalogue = Catalogue::new(&[MESSAGES]);
    let (mut count, mut faults) = (0, Vec::new());
    for (file, text) in texts(folder) {
        let cases: Cases =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let own = cases.tables.as_deref().map(engine_over);
        for case in &cases.case {
            let of_case = case.own.as_deref().map(engine_over);
            let engine = of_case.as_ref().or(own.as_ref()).unwrap_or(&builtin);
            engine.check(&options(case)).unwrap_or_else(|error| panic!("{}: {error}", case.name));
            for on in &case.on {
                count += 1;
                for fault in check(engine, &rates, &catalogue, matter, case, on) {
                    faults.push(format!(
                        "{} `{}` on {on}\n    {fault}",
                        file.file_name().expect("it is a file").display(),
                        case.name
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} of {count} cases:\n{}", faults.len(), faults.join("\n"));
    count
}

#[test]
fn answers_as_reckoned_by_hand() {
    assert!(check_folder("cases/admission", Matter::Admission) > 100, "there are cases");
    assert!(check_folder("cases/charges", Matter::Charges) > 500, "there are cases");
}

/// Every field of a row, on a country that is made up: what the fields mean, whatever any law says.
#[test]
fn rows_mean_what_they_say() {
    assert!(check_folder("grammar", Matter::Charges) > 0, "there are cases");
}

/// A country by text alone: the README shows it, and it charges what it says.
#[test]
fn the_country_of_the_readme_charges_what_it_says() {
    let text = readme("## Adding a country");
    let engine = Engine::load(&[TableText { name: "fiji.toml", text }]).expect("the README is right");
    let rates: String = texts("rates").into_iter().map(|(_, text)| text).collect();
    let rates = Rates::parse(&rates).expect("the rates are right");
    let catalogue = Catalogue::new(&[MESSAGES]);
    let cases: Cases = toml::from_str(include_str!("country.toml")).expect("the cases are right");
    assert!(cases.case.len() > 3, "there are cases");
    for case in &cases.case {
        for on in &case.on {
            let faults = check(&engine, &rates, &catalogue, Matter::Charges, case, on);
            assert!(faults.is_empty(), "{}: {}", case.name, faults.join("; "));
        }
    }
}
