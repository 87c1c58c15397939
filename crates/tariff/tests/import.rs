//! Official tariffs and what is made of them: `fixtures/tariffs/<kind>-<case>/input.*` and `expected.txt`.
//!
//! `expected.txt` begins with the reason of the case, then lists the findings and shows the table. `CARAVAN_BLESS=1`
//! writes it anew. Every table is loaded by an engine. The rates are made up.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use caravan_postal::HsCode;
use caravan_tariff::import::{ImportHead, ImportKind, Imported, import};
use caravan_tariff::{Engine, MESSAGES, TableText};
use chrono::NaiveDate;
use proptest::prelude::*;

fn head() -> ImportHead {
    ImportHead {
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: NaiveDate::from_ymd_opt(2026, 12, 31),
        source: "Tariff, edition \"2026\"".to_owned(),
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/tariffs");
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Returns the kind that a case is named after, and its input.
fn input(case: &Path) -> (ImportKind, Vec<u8>) {
    let name = case.file_name().unwrap().to_str().unwrap();
    let kind = ImportKind::ALL.into_iter().find(|kind| name.starts_with(&format!("{}-", kind.as_str())));
    let files: Vec<PathBuf> = std::fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 2, "{name}: an input and its expectation");
    let is_input = |path: &&PathBuf| path.file_stem().is_some_and(|stem| stem == "input");
    (
        kind.expect("a case is named after its kind"),
        std::fs::read(files.iter().find(is_input).unwrap()).unwrap(),
    )
}

fn load(imported: &Imported) -> Engine {
    Engine::load(&[TableText { name: "imported.toml", text: &imported.text }])
        .expect("what was imported loads")
}

#[test]
fn makes_tables_of_official_files() {
    let (mut codes, mut kinds) = (BTreeSet::new(), BTreeSet::new());
    for case in cases() {
        let (kind, bytes) = input(&case);
        let imported = import(kind, &bytes, &head());
        codes.extend(imported.findings.iter().map(|finding| finding.code.name));
        if imported.is_good() {
            kinds.insert(kind);
            load(&imported);
        } else {
            assert_eq!((imported.rows, imported.text.as_str()), (0, ""), "{}", case.display());
        }
        let path = case.join("expected.txt");
        let expected = std::fs::read_to_string(&path).unwrap();
        let reason = expected.lines().next().expect("the first line is the reason");
        assert!(reason.len() > 10, "{}: a reason", case.display());
        let mut found = format!("{reason}\n{} rows\n", imported.rows);
        for finding in &imported.findings {
            writeln!(found, "{} | {} {:?}", finding.place, finding.code.name, finding.arguments).unwrap();
        }
        found.push_str(&imported.text);
        if std::env::var_os("CARAVAN_BLESS").is_some_and(|value| value == "1") {
            std::fs::write(&path, found).unwrap();
        } else {
            assert!(found == expected, "{}:\n--- expected\n{expected}--- found\n{found}", path.display());
        }
    }
    assert_eq!(kinds.len(), ImportKind::ALL.len(), "every kind has a case that is good: {kinds:?}");
    let declared = MESSAGES.codes.iter().map(|code| code.name).filter(|name| name.starts_with("import-"));
    // A file of such a length is no fixture.
    let unseen: Vec<&str> =
        declared.filter(|name| !codes.contains(name) && *name != "import-large").collect();
    assert!(unseen.is_empty(), "codes without a case: {unseen:?}");
}

#[test]
fn what_was_imported_is_found_by_code_and_day() {
    let engine = |case: &str| {
        let case = cases().into_iter().find(|path| path.ends_with(case)).unwrap();
        let (kind, bytes) = input(&case);
        load(&import(kind, &bytes, &head()))
    };
    let duty = |engine: &Engine, schedule: &str, hs: &str, day: &str| {
        let found = engine.duty(schedule, HsCode::parse(hs).unwrap(), None, day.parse().unwrap());
        found.map_or("no list".to_owned(), |duty| {
            let rate = duty.rate.unwrap_or("missing".into());
            if duty.is_composite { format!("{rate} (composite)") } else { rate.into_owned() }
        })
    };
    let uk = engine("uk-tariff-measures");
    for (hs, day, expected) in [
        ("6109100010", "2026-06-30", "12%"),
        ("6109100090", "2026-06-30", "10.00 % + 2.00 GBP / 100 kg"),
        ("6109100090", "2026-07-01", "8%"),
        ("610910", "2026-06-30", "10.00 % + 2.00 GBP / 100 kg (composite)"),
        ("610910", "2026-07-01", "12%"),
        ("080510", "2026-07-01", "Entry price, 10.00% (composite)"),
        ("220300", "2026-07-01", "missing"),
        // Before and after its days the list of the program stands.
        ("610910", "2025-12-31", "12%"),
    ] {
        assert_eq!(duty(&uk, "gb", hs, day), expected, "{hs} on {day}");
    }
    let us = engine("us-hts-csv");
    for (hs, expected) in [
        ("0101210010", "0%"),
        ("040900", "1.9¢/kg"),
        ("6109100012", "16.5%"),
        ("910211", "40¢ each + 8.5% on the case (composite)"),
        ("990388", "missing"),
    ] {
        assert_eq!(duty(&us, "us", hs, "2026-12-31"), expected, "{hs}");
    }
    // After its days the row of the program stands, which says that nobody knows.
    assert_eq!(duty(&us, "us", "610910", "2027-01-01"), "missing");
    let hs = engine("hs-edition");
    let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    assert_eq!(hs.has_subheading(HsCode::parse("010121").unwrap(), day), Some(true));
    assert_eq!(hs.has_subheading(HsCode::parse("610910").unwrap(), day), Some(false));
}

proptest! {
    // Each case loads the tables.
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_damage_to_a_file_is_a_panic(
        case in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<bool>(),
    ) {
        let cases = cases();
        let (kind, mut bytes) = input(&cases[case.index(cases.len())]);
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        for kind in [kind, ImportKind::ALL[at % ImportKind::ALL.len()]] {
            let imported = import(kind, &bytes, &head());
            prop_assert_eq!(imported.is_good(), imported.rows > 0);
            // Whatever is taken can be read again as a list or rows of its own.
            if imported.is_good() && kind != ImportKind::Hs {
                let engine = Engine::load(&[TableText { name: "imported.toml", text: &imported.text }]);
                prop_assert!(engine.is_ok(), "{:?}\n{}", engine.err(), imported.text);
            }
        }
    }
}
