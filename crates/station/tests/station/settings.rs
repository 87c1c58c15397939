//! Reading `station.toml`: the settings that are handed out read, and each field that cannot be meant is named.

mod faults;
mod feed;
mod times;

use std::path::PathBuf;

use caravan_postal::ReceptacleKind;
use caravan_station::{Bagging, Config, ConfigError};

use crate::{check_settings, folder, loading, settings_in};
use faults::FAULTS;

/// Returns the settings of the stories with their link to customs.
fn linked() -> String {
    let link = std::fs::read_to_string(folder().join("customs.toml")).unwrap();
    format!("{}\n{link}", settings_in(&folder()))
}

fn check(instead_of: &str, text: &str, expected: &str) {
    check_settings(&linked(), instead_of, text, expected);
}

#[test]
fn reads_the_settings_that_are_handed_out() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../dispatchd/settings");
    let text = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    let settings = text("station.toml");
    let rates = Config::rates_file(&settings).unwrap();
    let config = Config::parse(&settings, &text(&rates)).unwrap();
    assert_eq!(config.partners.len(), settings.matches("[[partner]]").count());
    assert_eq!(config.routes.len(), settings.matches("[[route]]").count());
    for route in &config.routes {
        assert!(!route.offices.is_empty() && !route.vehicles.is_empty(), "{}", route.name);
    }
}

#[test]
fn reads_what_may_be_left_out_or_said_otherwise() {
    for (instead_of, text) in [
        ("synthetic = true\n", ""),
        ("outside_piece_max_g = 31500\n", ""),
        ("slots = 1\n", "slots = 255\n"),
        ("slots = 1\n", "kind = \"bag\"\n"),
        ("slots = 1\n", "kind = \"tray\"\n"),
        ("transit_days = 3\n", "transit_days = 3\nedi_address = \"KZ001\"\n"),
        ("transit_days = 3\n", "transit_days = 3\nsubclasses = { U = \"UR\", C = \"C1\" }\n"),
        ("category = \"D\"", "category = \"C\""),
        ("closed = [\"2026-11-18\"]\n", ""),
        ("valid_from = \"2026-01-01\"", "valid_from = \"2026-01-01\"\nvalid_to = \"2026-01-01\""),
        ("payload_kg = 20000,", "payload_kg = 20000, line_limit_kg = 18000,"),
        ("[belt]", "[tariff]\noffices = [\"CNKHGA\"]\nlithium_agreed = [\"KG\", \"KZALAA\"]\n[belt]"),
        ("[belt]", "[tariff]\nswitched_on = { \"some-row\" = \"2026-12-01\" }\n[belt]"),
        ("[belt]", "[[correspondent]]\nfolder = \"yiwu-platform\"\n[belt]"),
        (
            "[belt]",
            "[[feed]]\nname = \"ecb\"\nurl = \"https://a.b/c\"\nevery_hours = 168\nat = \"23:30\"\n[belt]",
        ),
        (
            "[belt]",
            "[[feed]]\nname = \"nbk\"\nurl = \"http://a/?on={%d.%m.%Y}&of={%-m}\"\nevery_hours = 1\n[belt]",
        ),
        (
            "[belt]",
            "[[correspondent]]\nfolder = \"kazpost\"\nencoding = \"windows-1251\"\nmappings = [\"kazpost.toml\"]\n\
             sheet = \"Лист1\"\ncertificates = [\"customs.pem\"]\n[belt]",
        ),
        ("report_after_min = 10\nlines_max = 3\n", "site_code = \"A1\"\n"),
        ("lines_max = 3", "receivers = [\"DXPEDCCEB0000002\"]"),
        ("lines_max = 3", "presentation = \"cusitm\""),
    ] {
        check(instead_of, text, "reads");
    }
}

#[test]
fn four_receptacles_of_a_stream_stand_open_where_the_settings_do_not_say() {
    let settings = settings_in(&folder());
    let slots = |text: &str| {
        let config = Config::parse(text, "").unwrap();
        config.stand_rules().by_class.values().map(|rules| rules.slots.get()).collect::<Vec<_>>()
    };
    assert_eq!(slots(&settings), [1; 4]);
    assert_eq!(slots(&settings.replace("slots = 1\n", "")), [4; 4]);
    assert_eq!(slots(&settings.replacen("slots = 1\n", "slots = 2\n", 1)), [2, 1, 1, 1]);
}

#[test]
fn items_lie_in_bags_unless_the_settings_say_trays() {
    let settings = settings_in(&folder()).replacen("slots = 1\n", "kind = \"tray\"\n", 1);
    let rules = Config::parse(&settings, "").unwrap().stand_rules();
    let kinds: Vec<_> = rules.by_class.values().map(|rules| rules.kind).collect();
    assert_eq!(kinds, [ReceptacleKind::Tray, ReceptacleKind::Bag, ReceptacleKind::Bag, ReceptacleKind::Bag]);
}

#[test]
fn items_are_bagged_as_they_come_unless_the_belt_or_their_class_says_otherwise() {
    use Bagging::{Arrival, CutOff};
    let settings = settings_in(&folder());
    let bagging = |text: &str| {
        let config = Config::parse(text, "").unwrap();
        let by_class: Vec<_> = config.classes.values().map(|rules| rules.bagging).collect();
        assert_eq!(config.bags_at_the_cut_off(), by_class.contains(&CutOff));
        by_class
    };
    assert_eq!(bagging(&settings), [Arrival; 4]);
    let belt = settings.replace("bag_tolerance_g = 300\n", "bag_tolerance_g = 300\nbagging = \"cutoff\"\n");
    assert_eq!(bagging(&belt), [CutOff; 4]);
    let letters = |text: &str, bagging: &str| {
        text.replacen("slots = 1\n", &format!("slots = 1\nbagging = \"{bagging}\"\n"), 1)
    };
    assert_eq!(bagging(&letters(&belt, "arrival")), [Arrival, CutOff, CutOff, CutOff]);
    assert_eq!(bagging(&letters(&settings, "cutoff")), [CutOff, Arrival, Arrival, Arrival]);
}

#[test]
fn names_what_cannot_be_meant() {
    for (instead_of, text, expected) in FAULTS {
        check(instead_of, text, expected);
    }
}

#[test]
fn a_station_may_have_no_link_to_customs_of_its_own() {
    let settings = linked();
    assert!(Config::parse(&settings, "").unwrap().ceb().is_some());
    let elsewhere = settings.replacen("\"ceb\"", "\"declared-elsewhere\"", 1);
    assert!(Config::parse(&elsewhere, "").unwrap().ceb().is_none());
}

/// Of each table the first fault is told, and nothing that only follows from another.
#[test]
fn tells_what_is_wrong_in_every_table() {
    let mut settings = linked();
    let mut expected = vec!["10 faults are in the station's settings".to_owned()];
    for (instead_of, text, told) in [
        (
            "zone = \"Asia/Shanghai\"",
            "zone = \"Urumqi\"",
            "`Urumqi` cannot be `office.zone`: a name of the time-zone database",
        ),
        ("items_max = 4", "items_max = 0", "[[class]] 2: `0` cannot be `class.items_max`: more than nothing"),
        (
            "\"KZALAA\"\n",
            "\"KZ-ALA\"\n",
            "[[partner]] 1: `KZ-ALA` cannot be `partner.office`: six letters, a country first",
        ),
        ("mode = \"road\"", "mode = \"air\"", "[[route]] 1: `air` cannot be `route.mode`: road or rail"),
        (
            "\"CR001\"",
            "\"?\"",
            "[[route]] 2: `?` cannot be `route.carrier_edi_address`: capital letters and digits, as CN001",
        ),
        (
            "[belt]",
            "[[correspondent]]\nfolder = \"A\"\n[belt]",
            "[[correspondent]] 1: `A` cannot be `correspondent.folder`: small letters, digits and hyphens",
        ),
        (
            "[belt]",
            "[[feed]]\nname = \"ecb\"\nurl = \"ftp://a\"\nevery_hours = 1\n[belt]",
            "[[feed]] 1: `ftp://a` cannot be `feed.url`: an address that begins with https:// or http://",
        ),
        ("[belt]", "[tariff]\noffices = [\"CNK\"]\n[belt]", "`CNK` cannot be `tariff.offices`: six letters"),
        ("lines_max = 3", "lines_max = 0", "`0` cannot be `customs.lines_max`: 1 to 99999"),
        (
            "[belt]",
            "[papers]\nnumber_prefix = \"#\"\n[belt]",
            "`#` cannot be `papers.number_prefix`: up to 12 letters, digits, blanks, hyphens, dots and slashes",
        ),
    ] {
        assert!(settings.contains(instead_of), "`{instead_of}` is in the settings");
        settings = settings.replacen(instead_of, text, 1);
        expected.push(format!("  {told}"));
    }
    let told = Config::parse(&settings, "").unwrap_err().to_string();
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_truck_has_all_that_the_roads_ask_for() {
    for (instead_of, text, expected) in [
        (
            "axles = 5, ",
            "",
            "`` cannot be `route.vehicles.axles`: a number where the vehicle has `truck_tare_kg`",
        ),
        (
            "truck_tare_kg = 15000, ",
            "",
            "`` cannot be `route.vehicles.truck_tare_kg`: a number where the vehicle has `axles`",
        ),
        (
            "truck_tare_kg = 15000",
            "truck_tare_kg = 90000",
            "`90000` cannot be `route.vehicles.truck_tare_kg`: a weight with which the roads of its way leave something to \
             carry",
        ),
        ("axles = 5, ", "axles = 5, is_articulated = false, ", "reads"),
    ] {
        check_settings(&settings_in(&loading()), instead_of, text, expected);
    }
}

#[test]
fn says_what_is_missing_misspelt_or_of_the_wrong_kind() {
    for (instead_of, text, expected) in [
        ("rates = \"rates.toml\"\n", "", "missing field `rates`"),
        ("name = \"Horgos\"\n", "", "missing field `name`"),
        ("bag_tolerance_g = 300\n", "", "missing field `bag_tolerance_g`"),
        ("sealed = 30, ", "", "missing field `sealed`"),
        ("density_kg_m3 = 200", "density_kg_m3 = 0", "invalid value: integer `0`, expected a nonzero u32"),
        ("tare_g = 300", "tare_g = -1", "invalid value: integer `-1`, expected u64"),
        ("gate_in = 60", "gate_in = \"an hour\"", "invalid type: string \"an hour\", expected u32"),
        ("usable_permille = 900", "usable_permille = 65536", "invalid value: integer `65536`, expected u16"),
    ] {
        check(instead_of, text, expected);
    }
    // Nothing that is misspelt is passed over.
    for (instead_of, text) in [
        ("bag_tolerance_g", "bag_tolerance_kg"),
        ("[belt]", "[belts]"),
        ("transit_days", "transit"),
        ("gate_in", "gatein"),
        ("usable_permille", "usable_percent"),
        ("dxp_id", "dxpid"),
    ] {
        let settings = linked();
        let error = Config::parse(&settings.replacen(instead_of, text, 1), "").unwrap_err();
        let ConfigError::Toml(error) = error else { panic!("`{text}` is not a matter of TOML") };
        assert!(
            error.to_string().contains(&format!("unknown field `{}`", text.trim_matches(['[', ']']))),
            "{error}"
        );
    }
    for class in ["U", "C", "E", "T"] {
        let settings = settings_in(&folder());
        let from = settings.find(&format!("[[class]]\nclass = \"{class}\"")).unwrap();
        let until = from + 1 + settings[from + 1..].find("[[").unwrap();
        let error = Config::parse(&format!("{}{}", &settings[..from], &settings[until..]), "").unwrap_err();
        let expected = format!("`{class}` cannot be `class`: a [[class]] table for each of U, C, E and T");
        assert_eq!(error.to_string(), expected);
    }
    let settings = settings_in(&folder());
    assert!(matches!(Config::parse(&settings, "rate = 1"), Err(ConfigError::Rates(_))));
    assert_eq!(Config::rates_file(&settings).unwrap(), "rates.toml");
    assert!(Config::rates_file("rates").is_err());
    for elsewhere in ["../rates.toml", "/etc/rates.toml", ".rates", "a/b.toml", ""] {
        let settings = settings.replacen("\"rates.toml\"", &format!("\"{elsewhere}\""), 1);
        assert!(Config::rates_file(&settings).is_err(), "{elsewhere:?}");
    }
}

#[test]
fn takes_extremes_without_harm() {
    // Every number at its greatest: whatever is read must be usable.
    let settings = settings_in(&folder());
    let most = i64::MAX;
    for (instead_of, text) in [
        ("item_tolerance_g = 50", format!("item_tolerance_g = {most}")),
        ("item_tolerance_permille = 100", format!("item_tolerance_permille = {most}")),
        ("bag_tolerance_g = 300", format!("bag_tolerance_g = {most}")),
        ("volume_max_cm3 = 100000", format!("volume_max_cm3 = {most}")),
        ("density_kg_m3 = 200", "density_kg_m3 = 1".to_owned()),
        ("items_max = 4", "items_max = 4294967295".to_owned()),
        ("gate_in = 60", "gate_in = 4294967295".to_owned()),
    ] {
        let config = Config::parse(&settings.replace(instead_of, &text), "").unwrap();
        crate::hostile::live_through(config);
    }
}
