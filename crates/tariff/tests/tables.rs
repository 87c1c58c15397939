//! The tables and the messages: complete, replaceable by a station, and told apart when they are wrong.

use caravan_postal::{Catalogue, Language};
use caravan_tariff::{BUILTIN, Engine, MESSAGES, TableError, TableText};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

#[test]
fn says_everything_in_every_language() {
    let catalogue = Catalogue::new(&[MESSAGES]);
    assert_eq!(catalogue.faults(), Vec::<String>::new());
}

#[derive(Deserialize)]
struct Classes {
    #[serde(default)]
    article: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    class: String,
}

#[test]
fn every_class_of_articles_has_a_word() {
    let catalogue = Catalogue::new(&[MESSAGES]);
    let is_table = |name: &str| name.rsplit_once('.').is_some_and(|(_, kind)| kind == "toml");
    for table in BUILTIN.iter().filter(|table| is_table(table.name)) {
        let classes: Classes = toml::from_str(table.text).expect("the tables are right");
        for class in classes.article {
            let term = format!("@{}", class.class);
            assert_ne!(catalogue.term(&term, Language::Zh), term, "in {}", table.name);
        }
    }
}

#[test]
fn every_file_of_the_folder_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut files = BTreeSet::new();
    collect(&folder, &folder, &mut files);
    assert_eq!(files, BUILTIN.iter().map(|table| table.name.to_owned()).collect());
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("the tables are a folder") {
        let path = entry.expect("the folder is readable").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            files.insert(
                path.strip_prefix(root).expect("it lies below").to_str().expect("a plain name").to_owned(),
            );
        }
    }
}

#[test]
fn a_station_replaces_rows_by_id_and_adds_its_own() {
    let text = r#"
        [sources]
        own = { act = "Letter of the customs office", date = 2026-10-01 }

        [[limit]]
        id = "limit-letters"
        valid_from = 2026-01-01
        status = "in_force"
        source = "own"
        article = "point 2"
        weight_max_kg = "1.5"
        when = { classes = ["U"] }

        [[limit]]
        id = "limit-own"
        valid_from = 2026-01-01
        status = "unverified"
        source = "own"
        countries = ["KG"]
        weight_max_kg = "20"
        when = { classes = ["C"] }
    "#;
    let engine = Engine::load(&[TableText { name: "own.toml", text }]).expect("the text is right");
    let row = engine.row("limit-letters").expect("the row is there");
    assert_eq!(&*row.source, "Letter of the customs office of 2026-10-01, point 2");
    assert_eq!(Some(row.valid_from), NaiveDate::from_ymd_opt(2026, 1, 1));
    assert!(engine.row("limit-own").is_some() && engine.row("limit-parcels").is_some());
    assert_ne!(engine.revision(), Engine::builtin().revision(), "other tables are another revision");
    assert_eq!(Engine::builtin().revision(), Engine::builtin().revision());
}

/// A complete row of a table with one line changed.
fn limit(line: &str) -> String {
    let mut fields = BTreeMap::from([
        ("id", "\"own\""),
        ("valid_from", "2026-01-01"),
        ("status", "\"in_force\""),
        ("source", "\"upu-limits\""),
        ("weight_max_kg", "\"2\""),
    ]);
    let (name, value) = line.split_once(" = ").expect("a field");
    fields.insert(name, value);
    let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    format!("[[limit]]\n{}\n", fields.join("\n"))
}

#[test]
fn names_what_is_wrong_with_a_table() {
    let check = |text: &str| {
        let error = Engine::load(&[TableText { name: "own.toml", text }]).map(|_| ()).expect_err(text);
        match error {
            TableError::Syntax { source, .. } => source.message().to_owned(),
            other => other.to_string(),
        }
    };
    assert!(Engine::load(&[TableText { name: "own.toml", text: &limit("note = \"x\"") }]).is_ok());
    for (line, expected) in [
        ("id = \"Own\"", "the id is not lower-case words joined by hyphens"),
        ("id = \"eu-gift\"", "another row has the same id"),
        ("valid_to = 2025-12-31", "`valid_to` is before `valid_from`"),
        ("valid_from = 2026-01-01T00:00:00", "`valid_from` is not a date"),
        ("source = \"none\"", "its source is not listed"),
        ("countries = [\"XX\"]", "`XX` is not a country"),
        ("countries = [\"@xx\"]", "group `@xx` is not listed"),
        ("weight_max_kg = \"heavy\"", "not a decimal number"),
        ("when = { classes = [\"Q\"] }", "`Q` is not known here"),
        ("when = { value_to = \"5 EUR\" }", "thresholds of value belong to regimes, charges and entries"),
        (
            "when = { reading = \"eu-item-key:with-origin\" }",
            "readings belong to the procedure, regimes, charges and entries",
        ),
        ("status = \"sure\"", "unknown variant `sure`"),
        ("colour = \"red\"", "unknown field `colour`"),
    ] {
        let told = check(&limit(line));
        assert!(told.contains(expected), "{line}: {told}");
    }
    let twice = format!("{}{}", limit("note = \"x\""), limit("note = \"y\""));
    assert!(check(&twice).contains("table `own.toml` has row `own` twice"));
    for (name, text, expected) in [
        (
            "lists/hs-2022.txt",
            "610910\n61091",
            "list `lists/hs-2022.txt`: line 2: `61091` is not a subheading",
        ),
        (
            "lists/duty-2021.csv",
            "01012100;0.0%",
            "list `lists/duty-2021.csv`: line 1: not a code and two rates",
        ),
        (
            "lists/offices-2020.txt",
            "# list\nCNPEK",
            "list `lists/offices-2020.txt`: line 2: `CNPEK` is not an office",
        ),
    ] {
        let error = Engine::load(&[TableText { name, text }]).map(|_| ()).expect_err(name);
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn names_what_is_wrong_with_a_charge() {
    let charge = |lines: &str| {
        let text = format!(
            "[[charge]]\nid = \"own\"\nvalid_from = 2026-01-01\nstatus = \"in_force\"\nsource = \"reg-2658\"\n{lines}\n"
        );
        Engine::load(&[TableText { name: "own.toml", text: &text }])
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    let right = "regimes = [\"eu-normal\"]\nkind = \"duty\"\nformula = \"ad-valorem\"\nrate = \"2%\"\nbase = [\"value\"]";
    assert_eq!(charge(right), Ok(()));
    for (from, to, expected) in [
        ("\"eu-normal\"", "\"none\"", "regime `none` is not listed"),
        ("\"duty\"", "\"toll\"", "`toll` is not known here"),
        ("\"ad-valorem\"", "\"guess\"", "`guess` is not a formula"),
        ("\"2%\"", "\"2\"", "`2` is not a percentage"),
        ("\"2%\"", "\"-2%\"", "`-2%` is not a percentage"),
        ("base =", "when = { reading = \"a:b\" }\nbase =", "`a:b` is not a reading and one of its choices"),
        ("base = [\"value\"]", "", "its `base` is empty"),
        ("[\"value\"]", "[\"value\", \"hope\"]", "`hope` is not part of a base"),
        ("\"ad-valorem\"", "\"fixed\"", "it has no `amount`"),
        ("\"ad-valorem\"", "\"by-code\"", "it has no `schedule`"),
        ("\"ad-valorem\"", "\"by-code\"\nschedule = \"moon\"", "schedule `moon` has neither rows nor a list"),
        (
            "\"ad-valorem\"\nrate = \"2%\"\nbase = [\"value\"]",
            "\"by-code\"\nschedule = \"eu\"\nbase = [\"postage\"]",
            "its `base` is without `value`",
        ),
        ("\"ad-valorem\"", "\"excess\"", "`per_kg_on` is neither `excess` nor `whole`"),
    ] {
        let told = charge(&right.replace(from, to)).expect_err(to);
        assert_eq!(told, format!("own.toml:1: row `own`: {expected}"));
    }
}
