//! `caravan reference`: tables are shown, codes proposed, tariffs imported.

use std::fs;

use serde_json::Value;

use crate::mail::{Item, declarations};
use crate::support::{Station, fixture, run};

fn objects(output: &str) -> Vec<Value> {
    output.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn shows_tables_rows_and_one_row() {
    let tables = objects(&run(["reference", "show", "--json"]).ok());
    let of =
        |name: &str| tables.iter().find(|table| table["table"] == name).map(|table| table["rows"].as_u64());
    let regimes = of("regime").flatten().expect("there are regimes");
    let rows = objects(&run(["reference", "show", "regime", "--json"]).ok());
    assert_eq!(rows.len() as u64, regimes);
    assert!(
        rows.iter()
            .all(|row| row["table"] == "regime" && row["file"].as_str().unwrap().starts_with("regimes/"))
    );
    let text = run(["reference", "show", "regime"]).ok();
    assert_eq!(text.lines().count() as u64, regimes);

    run(["reference", "show", "hs-2022"]).check(
        &fixture("none"),
        "exit 0
--- stdout
hs-2022
  table: list
  file: lists/lists.toml:13
  days: 2022-01-01..2027-12-31
  status: in force
  source: World Customs Organization, Harmonized System 2022
  note: HS 2028 applies from 2028-01-01
  kind = \"subheadings\"
  list = \"lists/hs-2022.txt\"
--- stderr",
    );
    let station = tempfile::tempdir().unwrap();
    fs::create_dir(station.path().join("tariff")).unwrap();
    let own = "[sources]\nown = { act = \"Order\" }\n\n[[amount]]\nid = \"own-fee\"\nvalid_from = 2026-01-01\n\
               status = \"in_force\"\nsource = \"own\"\nname = \"own-fee\"\namount = \"5 EUR\"\n";
    fs::write(station.path().join("tariff").join("own.toml"), own).unwrap();
    let folder = station.path().to_str().unwrap();
    let row = &objects(&run(["reference", "show", "own-fee", "--station", folder, "--json"]).ok())[0];
    let place = (row["file"].as_str(), row["line"].as_u64(), row["own"].as_bool());
    assert_eq!((place, &row["fields"]["amount"]), ((Some("own.toml"), Some(4), Some(true)), &"5 EUR".into()));
    let row = &objects(&run(["reference", "show", "ecb", "--json"]).ok())[0];
    assert_eq!(row["own"], false);
    assert_eq!(row["fields"]["rule"], "penultimate-wednesday");
    assert_eq!((&row["valid_to"], row["status"].as_str()), (&Value::Null, Some("in_force")));
    let none = run(["reference", "show", "no-such-row"]);
    assert_eq!(none.code, Some(66), "{none:?}");
    assert!(none.stderr.contains("there is no table and no row `no-such-row`"), "{none:?}");
}

#[test]
fn proposes_codes_in_three_languages() {
    for (language, text) in [("en", "smartphone"), ("ru", "смартфоны"), ("zh", "智能手机")] {
        let arguments = ["reference", "search", text, "--language", language, "--on", "2026-11-22"];
        let printed = run(arguments).ok();
        assert!(printed.starts_with("851713  "), "{printed}");
        let first = &objects(&run(arguments.iter().chain(&["--json", "--count", "1"])).ok())[0];
        assert_eq!((first["hs"].as_str(), first["score"].is_u64()), (Some("851713"), true), "{first}");
    }
    let nothing = run(["reference", "search", "qwrtzpsdf", "--language", "en"]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (Some(1), ""));
    assert!(nothing.stderr.starts_with("nothing is found for `qwrtzpsdf`\nhint: "), "{nothing:?}");
    for (text, code) in [("茶叶", "0902"), ("羊毛衫", "6110"), ("陶瓷杯", "6912"), ("чай", "0902")]
    {
        let language = if text == "чай" { "ru" } else { "zh" };
        let arguments = ["reference", "search", text, "--language", language, "--on", "2026-11-22"];
        let printed = run(arguments).ok();
        assert!(printed.starts_with(code), "{text}: {printed}");
    }
    assert_eq!(run(["reference", "search", "x", "--language", "de"]).code, Some(2));
}

#[test]
fn imports_a_tariff_into_a_table_and_never_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("gb.toml");
    let import = |case: &str, days: &[&str]| {
        let input = fixture("tariffs").join(case).join("input.csv");
        let arguments = [
            "reference",
            "import",
            input.to_str().unwrap(),
            "--kind",
            "uk-tariff",
            "--source",
            "Tariff of 2026",
        ];
        run(arguments.iter().chain(days).chain(&["-o", output.to_str().unwrap()]))
    };
    let from = &["--valid-from", "2026-01-01"][..];
    let wrong = import("uk-tariff-other", from);
    assert_eq!(wrong.code, Some(1), "{wrong:?}");
    assert!(wrong.stderr.contains("The heading has no column `commodity__code`."), "{wrong:?}");
    assert!(!output.exists(), "what cannot be read makes no table");

    let ran = import("uk-tariff-measures", from);
    assert!(ran.stderr.contains("2 rows are no lines of this kind and were left out."), "{ran:?}");
    assert_eq!(ran.ok(), format!("4 rows are in {}.\n", output.display()));
    let text = fs::read_to_string(&output).unwrap();
    assert!(text.contains("schedules = [\"gb\"]") && text.contains("6109100010;12.00%"), "{text}");

    let again = import("uk-tariff-2021", from);
    assert_eq!(again.code, Some(74), "{again:?}");
    assert_eq!(fs::read_to_string(&output).unwrap(), text);
    assert_eq!(
        import("uk-tariff-2021", &["--valid-from", "2026-01-02", "--valid-to", "2026-01-01"]).code,
        Some(2)
    );
}

#[test]
fn an_imported_tariff_of_the_united_states_is_reckoned() {
    let station = Station::new();
    fs::create_dir(station.path("tariff")).unwrap();
    let input = fixture("tariffs/us-hts-csv/input.csv");
    let output = station.path("tariff/us.toml");
    let declared = Item { hs: "6109100000", ..Item::parcel(1, "US", 950) };
    // What is sold is no gift, which would be free.
    let sold = declarations(&[declared]).replace("<nature>31<", "<nature>11<");
    fs::write(station.path("one.xml"), sold).unwrap();
    let dollars = "[[rate]]\nauthority = \"cbp\"\nunits = 1\ncurrency = \"USD\"\nvalue = \"8\"\nin = \"CNY\"\n\
                   valid_from = 2026-10-01\nsource = \"of the test\"\n";
    fs::write(station.path("rates.toml"), dollars).unwrap();
    let (one, root) = (station.path("one.xml"), station.root());
    let charges = || {
        let arguments = ["assess", one.to_str().unwrap(), "--on", "2026-11-22", "--json", "--station"];
        let folder = [root.to_str().unwrap()];
        let ran = run(arguments.iter().chain(&folder));
        let judged = objects(&ran.stdout).remove(0);
        let charges = judged["charges"].as_array().unwrap().iter();
        let shown = |charge: &Value| format!("{} {}", charge["row"]["id"], charge["amount"]);
        charges.map(shown).collect::<Vec<_>>()
    };
    // Twenty yuan are 2.50 dollars, and the list has 16.5 %.
    let forced_labour = "\"us-forced-labour-duty\" \"0.31\"".to_owned();
    assert_eq!(charges(), std::slice::from_ref(&forced_labour));
    let import = ["reference", "import", input.to_str().unwrap(), "--kind", "us-hts", "--source", "HTS 2026"];
    let days = ["--valid-from", "2026-07-24", "-o", output.to_str().unwrap()];
    run(import.iter().chain(&days)).ok();
    assert_eq!(charges(), ["\"us-column-1-duty\" \"0.41\"".to_owned(), forced_labour]);
}
