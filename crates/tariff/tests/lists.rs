//! Lists that a station lays over the program's: schedules of duty by name and day, and editions of the nomenclature.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_postal::{Country, HsCode};
use caravan_tariff::{Engine, TableText};

const HEAD: &str = "[sources]\nown = { act = \"Tariff\", date = 2026-01-01 }\n";

/// Returns a list as it stands in a file of a station.
fn list(id: &str, days: &str, status: &str, schedules: &str, lines: &str) -> String {
    format!(
        "[[list]]\nid = \"{id}\"\n{days}\nstatus = \"{status}\"\nsource = \"own\"\nkind = \"duty\"\nschedules = {schedules}\n\
         lines = '''\n{lines}\n'''\n"
    )
}

fn load(text: &str) -> Result<Engine, String> {
    let text = format!("{HEAD}{text}");
    Engine::load(&[TableText { name: "tariff.toml", text: &text }]).map_err(|error| error.to_string())
}

fn duty(engine: &Engine, schedule: &str, hs: &str, origin: &str, day: &str) -> String {
    let hs = HsCode::parse(hs).unwrap();
    match engine.duty(schedule, hs, Country::parse(origin), day.parse().unwrap()) {
        None => "no list".to_owned(),
        Some(duty) => {
            let rate = duty.rate.unwrap_or("missing".into());
            format!("{rate} by {}{}", duty.row.id, if duty.is_composite { ", composite" } else { "" })
        }
    }
}

#[test]
fn the_latest_list_that_stands_is_the_schedule() {
    let text = [
        list(
            "gb-2026",
            "valid_from = 2026-01-01\nvalid_to = 2026-12-31",
            "in_force",
            "[\"gb\"]",
            "61091000;9%\n61099020;1 GBP / kg",
        ),
        list("gb-2025", "valid_from = 2025-01-01", "in_force", "[\"gb\"]", "61091000;11%"),
        list("gb-2028", "valid_from = 2026-06-01", "announced", "[\"gb\"]", "61091000;1%"),
        list("pair", "valid_from = 2026-01-01", "in_force", "[\"xx\", \"yy\"]", "610910;3%;4%"),
        list("unknown", "valid_from = 2026-01-01", "unknown", "[\"zz\"]", "610910;3%"),
    ];
    let engine = load(&text.concat()).unwrap();
    for (schedule, hs, day, expected) in [
        ("gb", "610910", "2020-12-31", "no list"),
        ("gb", "610910", "2021-01-01", "12% by duty-2021"),
        ("gb", "610910", "2024-12-31", "12% by duty-2021"),
        ("gb", "610910", "2025-01-01", "11% by gb-2025"),
        // What the newer list does not have has no rate, whatever the older one says.
        ("gb", "640399", "2025-01-01", "missing by gb-2025"),
        ("gb", "6109100090", "2026-01-01", "9% by gb-2026"),
        ("gb", "610990", "2026-12-31", "1 GBP / kg by gb-2026"),
        ("gb", "610910", "2026-12-31", "9% by gb-2026"),
        ("gb", "610910", "2027-01-01", "11% by gb-2025"),
        // The other column of the list of 2021 is as it was.
        ("eu", "610910", "2026-01-01", "12% by duty-2021"),
        ("xx", "610910", "2026-01-01", "3% by pair"),
        ("yy", "610910", "2026-01-01", "4% by pair"),
        ("zz", "610910", "2026-01-01", "missing by unknown"),
        ("none", "610910", "2026-01-01", "no list"),
    ] {
        assert_eq!(duty(&engine, schedule, hs, "", day), expected, "{schedule} {hs} on {day}");
    }
}

#[test]
fn rows_and_lists_of_one_schedule_are_looked_up_as_one() {
    let row = |id: &str, fields: &str| {
        format!(
            "[[duty_line]]\nid = \"{id}\"\nvalid_from = 2026-01-01\nvalid_to = 2026-12-31\nstatus = \"in_force\"\n\
             source = \"own\"\nschedule = \"xx\"\n{fields}\n"
        )
    };
    let text = [
        row("toys", "hs = [\"95\"]\nrate = \"1%\""),
        row("others", "rate = \"2%\""),
        row("others-kr", "origins = [\"KR\"]\nrate = \"3%\""),
        list(
            "own",
            "valid_from = 2026-01-01",
            "in_force",
            "[\"xx\"]",
            "61091000;12%\n95030000;9%\n62019000;5% + EA",
        ),
    ];
    let engine = load(&text.concat()).unwrap();
    for (hs, origin, day, expected) in [
        // A row that names the goods goes before the list, a row for all others behind it.
        ("950300", "CN", "2026-06-01", "1% by toys"),
        ("610910", "CN", "2026-06-01", "12% by own"),
        ("610910", "KR", "2026-06-01", "12% by own"),
        ("620190", "CN", "2026-06-01", "5% + EA by own, composite"),
        ("640399", "CN", "2026-06-01", "2% by others"),
        ("640399", "KR", "2026-06-01", "3% by others-kr"),
        // Without rows that stand, the list is all there is.
        ("950300", "CN", "2027-01-01", "9% by own"),
        ("640399", "KR", "2027-01-01", "missing by own"),
        ("640399", "KR", "2025-12-31", "no list"),
    ] {
        assert_eq!(duty(&engine, "xx", hs, origin, day), expected, "{hs} from {origin} on {day}");
    }
}

#[test]
fn lines_may_be_for_an_origin_and_for_days() {
    let lines = "61091000;12%\n61091000;0%;KR\n61091000;5%;VN;2026-03-01;2026-03-31\n64039900;8%;;2026-02-01\n\
                 62011000;2%;;;2026-01-31\n62019000;5% + EA";
    let engine = load(&list("own", "valid_from = 2026-01-01", "in_force", "[\"xx\"]", lines)).unwrap();
    for (hs, origin, day, expected) in [
        ("610910", "", "2026-01-01", "12% by own"),
        ("610910", "CN", "2026-01-01", "12% by own"),
        ("610910", "KR", "2026-01-01", "0% by own"),
        ("610910", "VN", "2026-02-28", "12% by own"),
        ("610910", "VN", "2026-03-01", "5% by own"),
        ("610910", "VN", "2026-03-31", "5% by own"),
        ("610910", "VN", "2026-04-01", "12% by own"),
        ("640399", "", "2026-01-31", "missing by own"),
        ("640399", "", "2026-02-01", "8% by own"),
        ("620110", "", "2026-01-31", "2% by own"),
        ("620110", "", "2026-02-01", "missing by own"),
        ("620190", "", "2026-02-01", "5% + EA by own, composite"),
    ] {
        assert_eq!(duty(&engine, "xx", hs, origin, day), expected, "{hs} from {origin} on {day}");
    }
}

#[test]
fn names_what_is_wrong_with_a_list() {
    let days = "valid_from = 2026-01-01";
    let right = list("own", days, "in_force", "[\"xx\"]", "61091000;12%");
    assert!(load(&right).is_ok());
    for (from, to, expected) in [
        ("61091000;12%", "6109;12%", "list `own`: line 1: not a code and its rates, 1 in number"),
        ("61091000;12%", "61091000", "list `own`: line 1: not a code and its rates, 1 in number"),
        ("61091000;12%", "61091000;12%;XX", "list `own`: line 1: `XX` is not a country"),
        ("61091000;12%", "61091000;12%;;2026-02-30", "list `own`: line 1: `2026-02-30` is not a day"),
        ("61091000;12%", "61091000;12%;;;;x", "list `own`: line 1: more than code, rates, origin and days"),
        ("\"duty\"", "\"duties\"", "list `own`: `duties` is not a kind of list"),
        ("lines = '''\n61091000;12%\n'''", "list = \"lists/own.csv\"", "list `lists/own.csv`: is not given"),
    ] {
        let text = right.replacen(from, to, 1);
        assert_ne!(text, right);
        assert_eq!(load(&text).map(|_| ()), Err(expected.to_owned()), "{to}");
    }
    let stray = TableText { name: "lists/stray.csv", text: "61091000;1%" };
    let error = Engine::load(&[stray]).map(|_| ()).unwrap_err().to_string();
    assert_eq!(error, "list `lists/stray.csv`: has no row in table `list`");
}

#[test]
fn the_next_edition_of_the_nomenclature_is_a_list_by_its_days() {
    let text = "[[list]]\nid = \"hs-2028\"\nvalid_from = 2028-01-01\nstatus = \"in_force\"\nsource = \"own\"\nkind = \"subheadings\"\n\
                lines = '''\n210710\n'''\n";
    let engine = load(text).unwrap();
    let exists =
        |hs: &str, day: &str| engine.has_subheading(HsCode::parse(hs).unwrap(), day.parse().unwrap());
    assert_eq!(exists("210710", "2027-12-31"), Some(false));
    assert_eq!(exists("210710", "2028-01-01"), Some(true));
    assert_eq!(exists("610910", "2027-12-31"), Some(true));
    assert_eq!(exists("610910", "2028-01-01"), Some(false));
    let own = Engine::builtin();
    assert_eq!(own.has_subheading(HsCode::parse("610910").unwrap(), "2028-01-01".parse().unwrap()), None);
}
