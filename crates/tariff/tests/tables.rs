//! The tables and the messages: complete, replaceable by a station, and told apart when they are wrong.

use caravan_postal::{Catalogue, Language};
use caravan_tariff::{BUILTIN, Confidence, Engine, Layer, MESSAGES, TableError, TableText};
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
fn no_row_of_the_program_stands_twice() {
    // A station's row replaces ours by its id; two of ours would hide one another in silence.
    let mut seen = BTreeMap::new();
    let is_table = |name: &str| name.rsplit_once('.').is_some_and(|(_, kind)| kind == "toml");
    for table in BUILTIN.iter().filter(|table| is_table(table.name)) {
        let text: toml::Table = toml::from_str(table.text).expect("the tables are right");
        let rows = text.values().filter_map(toml::Value::as_array).flatten();
        for id in rows.filter_map(|row| row.get("id")?.as_str()) {
            let before = seen.insert(id.to_owned(), table.name);
            assert_eq!(before, None, "`{id}` stands in {} as well", table.name);
        }
    }
    assert!(seen.len() > 500);
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
    assert_eq!((&*row.file, row.line, row.layer), ("own.toml", 5, Layer::Station));
    let other = engine.row("limit-parcels").expect("the row is there");
    assert_eq!((&*other.file, other.layer), ("checks/limits.toml", Layer::Program));
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
            "list `lists/duty-2021.csv`: line 1: not a code and its rates, 2 in number",
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

#[test]
fn a_row_says_how_sure_it_is_or_its_source_does() {
    let text = r#"
        [sources]
        own = { act = "Letter", confidence = "general", checked = 2026-11-22, url = "letters/7" }

        [[limit]]
        id = "limit-own"
        valid_from = 2026-01-01
        status = "in_force"
        source = "own"
        weight_max_kg = "20"

        [[limit]]
        id = "limit-other"
        valid_from = 2026-01-01
        status = "in_force"
        source = "own"
        confidence = "unsure"
        checked = 2026-01-02
        weight_max_kg = "20"
    "#;
    let engine = Engine::load(&[TableText { name: "own.toml", text }]).expect("the text is right");
    let of = |id: &str| {
        let row = engine.row(id).expect("the row is there");
        (row.confidence, row.checked)
    };
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    assert_eq!(of("limit-own"), (Some(Confidence::General), day(11, 22)));
    assert_eq!(of("limit-other"), (Some(Confidence::Unsure), day(1, 2)));
}

#[test]
fn every_row_of_the_program_says_how_sure_it_is_and_when_it_was_compared() {
    let engine = Engine::builtin();
    let silent = engine.rows().filter(|row| row.confidence.is_none() || row.checked.is_none());
    let silent: Vec<&str> = silent.map(|row| row.id.as_str()).collect();
    assert!(silent.is_empty(), "{}", silent.join(", "));
}

/// Rows of one table, each with its days: a text of lines `table id from to status`, and what else each has.
fn rows(written: &[(&str, &str, &str, &str, &str, &str)]) -> String {
    let row = |(table, id, from, to, status, rest): &(&str, &str, &str, &str, &str, &str)| {
        let to = if to.is_empty() { String::new() } else { format!("valid_to = {to}\n") };
        format!(
            "[[{table}]]\nid = \"{id}\"\nvalid_from = {from}\n{to}status = \"{status}\"\nsource = \"reg-2658\"\n{rest}\n"
        )
    };
    written.iter().map(row).collect()
}

#[test]
fn names_days_with_two_rows_and_days_with_none() {
    let check = |text: &str| {
        Engine::load(&[TableText { name: "own.toml", text }]).map(|_| ()).map_err(|error| error.to_string())
    };
    let (first, last, next) = ("2020-01-01", "2020-12-31", "2021-01-01");
    for (table, rest) in [
        ("vat", "countries = [\"FJ\"]\nrate = \"15%\""),
        (
            "vat",
            "countries = [\"FJ\"]\ntax = \"luxury\"\nhs = [\"33\"]\nregions = [\"Suva\"]\nrate = \"15%\"",
        ),
        ("conversion", "countries = [\"FJ\"]\nauthority = \"ecb\"\ncurrency = \"EUR\""),
        ("amount", "name = \"fj-wage\"\namount = \"5 EUR\""),
        ("pricing", "country = \"FJ\"\nprice = \"actual\""),
        ("duty_line", "schedule = \"fj\"\norigins = [\"KE\"]\nrate = \"5%\""),
        ("limit", "series = \"fj-limit\"\ncountries = [\"FJ\"]\nweight_max_kg = \"2\""),
    ] {
        let pair = |to: &str, from: &str, status: &str| {
            check(&rows(&[
                (table, "one", first, to, "in_force", rest),
                (table, "two", from, "", status, rest),
            ]))
        };
        assert_eq!(pair(last, next, "unknown"), Ok(()), "{table}");
        let told = pair(last, "2020-12-31", "in_force").expect_err(table);
        assert!(told.ends_with("row `two`: on 2020-12-31 there is `one` as well"), "{told}");
        let told = pair(last, "2021-01-02", "in_force").expect_err(table);
        assert!(
            told.ends_with("row `two`: no row from 2021-01-01 on, where `one` ends; write an `unknown` one"),
            "{told}"
        );
        if table == "amount" {
            assert_eq!(pair("", next, "announced"), Ok(()), "an announcement takes nobody's place");
            let told = pair("", next, "in_force").expect_err(table);
            assert!(told.ends_with("row `two`: on 2021-01-01 there is `one` as well"), "{told}");
        }
    }
    let free = "countries = [\"FJ\"]\norder = 1\ncharges = \"none\"";
    let told = check(&rows(&[
        ("regime", "one", first, "", "in_force", free),
        ("regime", "two", next, "", "in_force", free),
    ]));
    let line = 9;
    assert_eq!(told, Err(format!("own.toml:{line}: row `two`: on 2021-01-01 there is `one` as well")));
}

#[test]
fn names_days_on_which_a_regime_says_nothing() {
    let check = |regime: &str, charges: &[(&str, &str)]| {
        let mut written = vec![("regime", "fj-one", "2020-01-01", "2021-12-31", "in_force", regime)];
        let ids = ["a", "b"];
        let rest = "regimes = [\"fj-one\"]\nkind = \"fee\"\nformula = \"fixed\"\namount = \"1 EUR\"";
        for ((from, to), id) in charges.iter().zip(ids) {
            written.push(("charge", id, from, to, "in_force", rest));
        }
        let error = Engine::load(&[TableText { name: "own.toml", text: &rows(&written) }]).map(|_| ());
        error.map_err(|error| error.to_string())
    };
    let open = "countries = [\"FJ\"]\norder = 1";
    let free = "countries = [\"FJ\"]\norder = 1\ncharges = \"none\"";
    assert_eq!(check(free, &[]), Ok(()));
    assert_eq!(check(open, &[("2019-01-01", "")]), Ok(()));
    assert_eq!(check(open, &[("2020-12-31", "2022-01-01"), ("2020-01-01", "2020-12-30")]), Ok(()));
    let says = |fault: &str| Err(format!("own.toml:1: row `fj-one`: {fault}"));
    let nothing_on = |day| says(&format!("on {day} it has no charge, and does not say `charges = \"none\"`"));
    assert_eq!(check(open, &[]), nothing_on("2020-01-01"));
    assert_eq!(check(open, &[("2020-01-02", "")]), nothing_on("2020-01-01"));
    assert_eq!(check(open, &[("2020-01-01", "2020-06-30"), ("2020-07-02", "")]), nothing_on("2020-07-01"));
    assert_eq!(check(open, &[("2020-01-01", "2021-12-30")]), nothing_on("2021-12-31"));
    assert_eq!(
        check(free, &[("2020-01-01", "")]),
        says("it says `charges = \"none\"`, and `a` is a charge of it")
    );
    assert_eq!(
        check(&open.replace("order", "charges = \"some\"\norder"), &[]),
        says("`charges` is `some`, not `none`")
    );
}

#[test]
fn names_what_is_wrong_with_a_schedule_and_a_named_amount() {
    let check = |text: &str| {
        let error = Engine::load(&[TableText { name: "own.toml", text }]).map(|_| ()).expect_err(text);
        error.to_string()
    };
    let day = "2020-01-01";
    let line = |rest: &'static str| ("duty_line", "one", day, "", "in_force", rest);
    for (row, expected) in [
        (line("schedule = \"fj\""), "it has no `rate`"),
        (
            line("schedule = \"fj\"\nrate = \"5%\"\nincludes = \"moon\""),
            "schedule `moon` has neither rows nor a list",
        ),
        (
            line("schedule = \"fj\"\nrate = \"5%\"\nincludes = \"fj\""),
            "schedule `fj` includes another itself, in `one`",
        ),
        (
            line("schedule = \"fj\"\nrate = \"5%\"\nhs = [\"97-28\"]"),
            "`97-28` is not a run of two to ten digits",
        ),
        (
            ("amount", "one", day, "", "in_force", "name = \"Wage\"\namount = \"1 EUR\""),
            "`name` is not lower-case words",
        ),
        (("amount", "one", day, "", "in_force", "name = \"wage\""), "is not an amount such as `150 EUR`"),
        (
            ("waiver", "one", day, "", "in_force", "kind = \"tax\"\nbelow = \"-1 x wage\""),
            "is not an amount such as `150 EUR`",
        ),
        (("waiver", "one", day, "", "in_force", "kind = \"tax\""), "it has not one of `below` and `to`"),
        (("vat", "one", day, "", "in_force", "countries = [\"FJ\"]"), "it has no `rate`"),
        (("entry", "one", day, "", "in_force", "countries = [\"FJ\"]"), "it has no `set`"),
    ] {
        let told = check(&rows(&[row]));
        assert!(told.starts_with("own.toml:1: row `one`: ") && told.contains(expected), "{told}");
    }
}
