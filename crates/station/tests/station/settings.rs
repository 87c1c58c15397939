//! Reading `station.toml`: the settings that are handed out read, and each field that cannot be meant is named.

use std::path::PathBuf;

use caravan_station::{Config, ConfigError, FeedSettings};
use chrono::{DateTime, NaiveDateTime};

use crate::{config, folder};

/// The one door: reads the settings of the stories with one text put in place of another, and compares what is told.
fn check(instead_of: &str, text: &str, expected: &str) {
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
    assert!(settings.contains(instead_of), "`{instead_of}` is in the settings");
    let told = match Config::parse(&settings.replacen(instead_of, text, 1), "") {
        Ok(_) => "reads".to_owned(),
        Err(error @ ConfigError::Value { .. }) => error.to_string(),
        // What TOML itself says is its own; the last line says what.
        Err(ConfigError::Toml(error)) => error.to_string().lines().last().unwrap_or_default().to_owned(),
        Err(ConfigError::Rates(error)) => error.to_string(),
        Err(ConfigError::Table(error)) => error.to_string(),
    };
    assert_eq!(told, expected, "`{text}` instead of `{instead_of}`");
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
    ] {
        check(instead_of, text, "reads");
    }
}

/// Returns the settings with a feed whose lines are given.
fn feed(lines: &str) -> Result<FeedSettings, String> {
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
    let config = Config::parse(&format!("{settings}\n[[feed]]\n{lines}\n"), "");
    config.map(|config| config.feeds[0].clone()).map_err(|error| error.to_string())
}

#[test]
fn names_what_is_wrong_with_a_feed() {
    let right = "name = \"ecb\"\nurl = \"https://a.b/c\"\nevery_hours = 24";
    assert!(feed(right).is_ok());
    let in_braces = "an address with a day in braces like {%d.%m.%Y}";
    let address = "an address that begins with https:// or http://";
    for (instead_of, text, expected) in [
        (
            "ecb",
            "boe",
            "`boe` cannot be `feed.name`: ecb, nbk, cbr, hmrc, cfets, nbkr, cbu or nbp".to_owned(),
        ),
        ("https://a.b/c", "ftp://a.b/c", format!("`ftp://a.b/c` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://", format!("`https://` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://a b", format!("`https://a b` cannot be `feed.url`: {address}")),
        ("https://a.b/c", "https://a/{%d", format!("`https://a/{{%d` cannot be `feed.url`: {in_braces}")),
        ("https://a.b/c", "https://a/{%Q}", format!("`https://a/{{%Q}}` cannot be `feed.url`: {in_braces}")),
        ("https://a.b/c", "https://a/{%H}", format!("`https://a/{{%H}}` cannot be `feed.url`: {in_braces}")),
        ("24", "0", "`0` cannot be `feed.every_hours`: 1 to 168 hours".to_owned()),
        ("24", "169", "`169` cannot be `feed.every_hours`: 1 to 168 hours".to_owned()),
        ("24", "24\nat = \"24:00\"", "`24:00` cannot be `feed.at`: a time like 16:30".to_owned()),
        (
            right,
            &format!("{right}\n[[feed]]\n{right}"),
            "`ecb` cannot be `feed.name`: a name that no other [[feed]] has".to_owned(),
        ),
    ] {
        assert_eq!(feed(&right.replacen(instead_of, text, 1)), Err(expected));
    }
}

#[test]
fn a_feed_knows_its_address_and_its_next_time() {
    let time = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    for (at, every, fetched, expected) in [
        ("", 6, "2026-11-22 10:05", "2026-11-22 16:05"),
        ("at = \"16:30\"", 24, "2026-11-22 16:29", "2026-11-22 16:30"),
        ("at = \"16:30\"", 24, "2026-11-22 16:30", "2026-11-23 16:30"),
        ("at = \"23:30\"", 6, "2026-11-22 10:05", "2026-11-22 11:30"),
        ("at = \"00:00\"", 168, "2026-11-22 10:05", "2026-11-29 00:00"),
    ] {
        let url = "http://a/{%d.%m.%Y}/{%-m}?x";
        let feed = feed(&format!("name = \"nbk\"\nurl = \"{url}\"\nevery_hours = {every}\n{at}")).unwrap();
        assert_eq!(feed.next_after(time(fetched)), time(expected), "{at} every {every} h after {fetched}");
        assert_eq!(feed.url_on(time(fetched).date()), "http://a/22.11.2026/11?x");
    }
}

/// What stands in the settings, what is put there, and what is said of it.
const FAULTS: &[(&str, &str, &str)] = &[
    ("\"CNURCA\"", "\"CNURC\"", "`CNURC` cannot be `office.code`: six letters, a country first"),
    ("\"CNURCA\"", "\"ZZURCA\"", "`ZZURCA` cannot be `office.code`: six letters, a country first"),
    ("\"CNA\"", "\"CN\"", "`CN` cannot be `office.operator`: three capital letters or digits"),
    ("\"CNA\"", "\"../\"", "`../` cannot be `office.operator`: three capital letters or digits"),
    ("\"CNA\"", "\"cna\"", "`cna` cannot be `office.operator`: three capital letters or digits"),
    ("\"CN001\"", "\"\"", "`` cannot be `office.edi_address`: capital letters and digits, as CN001"),
    ("\"CN001\"", "\"CN/1\"", "`CN/1` cannot be `office.edi_address`: capital letters and digits, as CN001"),
    (
        "transit_days = 3\n",
        "transit_days = 3\nzone = \"Almaty\"\n",
        "`Almaty` cannot be `partner.zone`: a name of the time-zone database",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nedi_address = \"../KZ\"\n",
        "`../KZ` cannot be `partner.edi_address`: capital letters and digits, as CN001",
    ),
    (
        "\"emsevt-3.0\"",
        "\"resdes\"",
        "`resdes` cannot be `partner.messages`: predes, itmatt, precon, cardit or emsevt, or the name of such a profile",
    ),
    (
        "\"emsevt-3.0\"",
        "\"emsevt-2.0\"",
        "`emsevt-2.0` cannot be `partner.messages`: predes, itmatt, precon, cardit or emsevt, or the name of such a profile",
    ),
    (
        "edi_address = \"PL001\"\n",
        "",
        "`predes` cannot be `partner.messages`: nothing, where there is no edi_address",
    ),
    (
        "weight_tolerance_g = 200\n",
        "retention = { EXB = \"a\" }\n",
        "`EXB = a` cannot be `partner.retention`: EXB or EXD with a code of one to three capital letters and digits",
    ),
    (
        "weight_tolerance_g = 200\n",
        "retention = { EMB = \"1\" }\n",
        "`EMB = 1` cannot be `partner.retention`: EXB or EXD with a code of one to three capital letters and digits",
    ),
    (
        "carrier_edi_address = \"CR001\"\n",
        "",
        "`warsaw-rail` cannot be `route.carrier_edi_address`: a route with a carrier_edi_address, because the partner at \
         its end asks for cardit",
    ),
    (
        "\"Asia/Shanghai\"",
        "\"Asia/Horgos\"",
        "`Asia/Horgos` cannot be `office.zone`: a name of the time-zone database",
    ),
    ("language = \"en\"", "language = \"kk\"", "`kk` cannot be `office.language`: en, ru or zh"),
    ("class = \"U\"", "class = \"X\"", "`X` cannot be `class.class`: one of U, C, E and T"),
    ("class = \"E\"", "class = \"C\"", "`C` cannot be `class.class`: a class that no other [[class]] has"),
    ("gross_max_g = 3000", "gross_max_g = 0", "`0` cannot be `class.gross_max_g`: more than nothing"),
    (
        "volume_max_cm3 = 90000",
        "volume_max_cm3 = 0",
        "`0` cannot be `class.volume_max_cm3`: more than nothing",
    ),
    ("items_max = 5", "items_max = 0", "`0` cannot be `class.items_max`: more than nothing"),
    ("tare_g = 300", "tare_g = 3000", "`3000` cannot be `class.tare_g`: less than gross_max_g"),
    (
        "office = \"KZALAA\"",
        "office = \"KZ-ALA\"",
        "`KZ-ALA` cannot be `partner.office`: six letters, a country first",
    ),
    ("[\"KZ\"]", "[\"KZ\", \"XK9\"]", "`XK9` cannot be `partner.countries`: two letters of ISO 3166-1"),
    ("category = \"D\"", "category = \"A\"", "`A` cannot be `partner.category`: C or D: surface mail"),
    ("category = \"D\"", "category = \"E\"", "`E` cannot be `partner.category`: C or D: surface mail"),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { L = \"UN\" }\n",
        "`L` cannot be `partner.subclasses`: one of U, C, E and T",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { U = \"U\" }\n",
        "`U` cannot be `partner.subclasses`: two characters, the class first",
    ),
    (
        "transit_days = 3\n",
        "transit_days = 3\nsubclasses = { U = \"CN\" }\n",
        "`CN` cannot be `partner.subclasses`: a subclass of its own class",
    ),
    (
        "\"almaty-road\"",
        "\"almaty/road\"",
        "`almaty/road` cannot be `route.name`: letters, digits and hyphens",
    ),
    ("\"almaty-road\"", "\"\"", "`` cannot be `route.name`: letters, digits and hyphens"),
    (
        "\"almaty-road\"",
        "\"warsaw-rail\"",
        "`warsaw-rail` cannot be `route.name`: a name that no other route has",
    ),
    ("mode = \"road\"", "mode = \"air\"", "`air` cannot be `route.mode`: road or rail"),
    (
        "[\"KZALAA\", \"UZTASA\"]",
        "[\"KZALAA\", \"KGFRUA\"]",
        "`KGFRUA` cannot be `route.offices`: the office of a [[partner]]",
    ),
    (
        "[\"wed\", \"sat\"]",
        "[\"wed\", \"someday\"]",
        "`someday` cannot be `route.weekdays`: mon, tue, wed, thu, fri, sat or sun",
    ),
    ("\"18:00\"", "\"6 pm\"", "`6 pm` cannot be `route.departs`: a time like 18:00"),
    ("\"18:00\"", "\"24:00\"", "`24:00` cannot be `route.departs`: a time like 18:00"),
    ("\"2026-11-18\"", "\"18.11.2026\"", "`18.11.2026` cannot be `route.closed`: a date like 2026-10-01"),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-02-29\"",
        "`2026-02-29` cannot be `route.valid_from`: a date like 2026-10-01",
    ),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-01-01\"\nvalid_to = \"never\"",
        "`never` cannot be `route.valid_to`: a date like 2026-10-01",
    ),
    (
        "valid_from = \"2026-01-01\"",
        "valid_from = \"2026-01-01\"\nvalid_to = \"2025-12-31\"",
        "`2025-12-31` cannot be `route.valid_to`: a day not before valid_from",
    ),
    ("payload_kg = 20000", "payload_kg = 0", "`0` cannot be `route.vehicles.payload_kg`: more than nothing"),
    (
        "payload_kg = 20000",
        "payload_kg = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.payload_kg`: something that can be meant",
    ),
    (
        "payload_kg = 20000",
        "payload_kg = 20000, line_limit_kg = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.line_limit_kg`: something that can be meant",
    ),
    ("volume_dm3 = 45000", "volume_dm3 = 0", "`0` cannot be `route.vehicles.volume_dm3`: more than nothing"),
    (
        "volume_dm3 = 45000",
        "volume_dm3 = 9223372036854775807",
        "`9223372036854775807` cannot be `route.vehicles.volume_dm3`: something that can be meant",
    ),
    (
        "usable_permille = 900",
        "usable_permille = 0",
        "`0` cannot be `route.vehicles.usable_permille`: a share from 1 to 1000",
    ),
    (
        "usable_permille = 900",
        "usable_permille = 1001",
        "`1001` cannot be `route.vehicles.usable_permille`: a share from 1 to 1000",
    ),
    (
        "[{ payload_kg = 20000, volume_dm3 = 45000, usable_permille = 900 }]",
        "[]",
        "`almaty-road` cannot be `route.vehicles`: a route with at least one vehicle",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"../kazpost\"\n[belt]",
        "`../kazpost` cannot be `correspondent.folder`: small letters, digits and hyphens",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"duplicates\"\n[belt]",
        "`duplicates` cannot be `correspondent.folder`: a name that `done/` does not use itself",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\n[[correspondent]]\nfolder = \"a\"\n[belt]",
        "`a` cannot be `correspondent.folder`: a folder that no other correspondent has",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\nencoding = \"koi8-r\"\n[belt]",
        "`koi8-r` cannot be `correspondent.encoding`: utf-8, gb18030, windows-1251 or windows-1252",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\nmappings = [\"/etc/passwd\"]\n[belt]",
        "`/etc/passwd` cannot be `correspondent.mappings`: the name of a file beside this one",
    ),
    (
        "[belt]",
        "[[correspondent]]\nfolder = \"a\"\ncertificates = [\"../key.pem\"]\n[belt]",
        "`../key.pem` cannot be `correspondent.certificates`: the name of a file beside this one",
    ),
    ("[belt]", "[tariff]\noffices = [\"CNK\"]\n[belt]", "`CNK` cannot be `tariff.offices`: six letters"),
    (
        "[belt]",
        "[tariff]\nlithium_agreed = [\"Kazakhstan\"]\n[belt]",
        "`Kazakhstan` cannot be `tariff.lithium_agreed`: a country as KZ or an office as KZALAA",
    ),
    (
        "[belt]",
        "[tariff]\nswitched_on = { \"some-row\" = \"soon\" }\n[belt]",
        "`soon` cannot be `tariff.switched_on`: a date like 2026-12-01",
    ),
];

#[test]
fn names_what_cannot_be_meant() {
    for (instead_of, text, expected) in FAULTS {
        check(instead_of, text, expected);
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
    ] {
        let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
        let error = Config::parse(&settings.replacen(instead_of, text, 1), "").unwrap_err();
        let ConfigError::Toml(error) = error else { panic!("`{text}` is not a matter of TOML") };
        assert!(
            error.to_string().contains(&format!("unknown field `{}`", text.trim_matches(['[', ']']))),
            "{error}"
        );
    }
    for class in ["U", "C", "E", "T"] {
        let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
        let from = settings.find(&format!("[[class]]\nclass = \"{class}\"")).unwrap();
        let until = from + 1 + settings[from + 1..].find("[[").unwrap();
        let error = Config::parse(&format!("{}{}", &settings[..from], &settings[until..]), "").unwrap_err();
        let expected = format!("`{class}` cannot be `class`: a [[class]] table for each of U, C, E and T");
        assert_eq!(error.to_string(), expected);
    }
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
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
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
    let most = i64::MAX;
    for (instead_of, text) in [
        ("item_tolerance_g = 50", format!("item_tolerance_g = {most}")),
        ("item_tolerance_permille = 100", format!("item_tolerance_permille = {most}")),
        ("bag_tolerance_g = 300", format!("bag_tolerance_g = {most}")),
        ("gross_max_g = 10000", format!("gross_max_g = {most}")),
        ("volume_max_cm3 = 100000", format!("volume_max_cm3 = {most}")),
        ("outside_piece_max_g = 31500", format!("outside_piece_max_g = {most}")),
        ("density_kg_m3 = 200", "density_kg_m3 = 1".to_owned()),
        ("items_max = 4", "items_max = 4294967295".to_owned()),
        ("gate_in = 60", "gate_in = 4294967295".to_owned()),
    ] {
        let config = Config::parse(&settings.replace(instead_of, &text), "").unwrap();
        crate::hostile::live_through(config);
    }
}

#[test]
fn an_item_is_accepted_after_its_departure_in_the_zone_of_the_destination() {
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
    // The stories' truck to Almaty leaves at 18:00 on week days, 10:00 UTC, and takes three days.
    for (zone, departs, filed, expected) in [
        ("Asia/Almaty", "18:00", "2026-11-16", "2026-11-19"),
        // 23:30 in China is 20:30 in Almaty, and 02:30 of the next day in Auckland.
        ("Asia/Almaty", "23:30", "2026-11-16", "2026-11-19"),
        ("Pacific/Auckland", "23:30", "2026-11-16", "2026-11-20"),
        // 02:00 in China is still the day before in Almaty.
        ("Asia/Almaty", "02:00", "2026-11-16", "2026-11-18"),
        // Closed on the 18th, and a Saturday waits for Monday.
        ("Asia/Almaty", "18:00", "2026-11-18", "2026-11-22"),
        ("Asia/Almaty", "18:00", "2026-11-21", "2026-11-26"),
    ] {
        let changed = settings
            .replacen("transit_days = 3\n", &format!("transit_days = 3\nzone = \"{zone}\"\n"), 1)
            .replacen("departs = \"18:00\"", &format!("departs = \"{departs}\""), 1);
        let config = Config::parse(&changed, "").unwrap();
        let almaty = config.partners.iter().position(|partner| partner.office.as_str() == "KZALAA").unwrap();
        let found = config.accepted_on(filed.parse().unwrap())[almaty];
        assert_eq!(found.to_string(), expected, "{departs} of {filed} in {zone}");
    }
}

#[test]
fn turns_civil_times_into_moments() {
    let in_zone = |zone: &str| {
        let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
        Config::parse(&settings.replace("Asia/Shanghai", zone), "").unwrap()
    };
    for (zone, local, utc) in [
        ("Asia/Shanghai", "2026-11-16T18:00:00", "2026-11-16T10:00:00"),
        // Clocks in Warsaw are set forward at 02:00 on 2026-03-29 and back at 03:00 on 2026-10-25.
        ("Europe/Warsaw", "2026-03-29T01:59:59", "2026-03-29T00:59:59"),
        ("Europe/Warsaw", "2026-03-29T02:00:00", "2026-03-29T01:00:00"),
        ("Europe/Warsaw", "2026-03-29T02:30:00", "2026-03-29T01:30:00"),
        ("Europe/Warsaw", "2026-03-29T03:00:00", "2026-03-29T01:00:00"),
        ("Europe/Warsaw", "2026-10-25T01:59:59", "2026-10-24T23:59:59"),
        ("Europe/Warsaw", "2026-10-25T02:00:00", "2026-10-25T00:00:00"),
        ("Europe/Warsaw", "2026-10-25T02:59:59", "2026-10-25T00:59:59"),
        ("Europe/Warsaw", "2026-10-25T03:00:00", "2026-10-25T02:00:00"),
        // Kazakhstan has one time since 2024-03-01: in Almaty that midnight came twice.
        ("Asia/Almaty", "2024-02-29T22:59:59", "2024-02-29T16:59:59"),
        ("Asia/Almaty", "2024-02-29T23:30:00", "2024-02-29T17:30:00"),
        ("Asia/Almaty", "2024-03-01T00:00:00", "2024-02-29T19:00:00"),
        // Half an hour forward, two hours forward, and a day that Samoa left out.
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00"),
        ("Antarctica/Troll", "2026-03-29T02:30:00", "2026-03-29T02:30:00"),
        ("Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T22:00:00"),
    ] {
        let config = in_zone(zone);
        let local: NaiveDateTime = local.parse().unwrap();
        let found = DateTime::from_timestamp_millis(config.moment(local)).unwrap().naive_utc();
        assert_eq!(found.format("%FT%T").to_string(), utc, "{local} in {zone}");
    }
    // However far off, a civil time has a moment, and a moment a civil time.
    for config in [config(), in_zone("Pacific/Kiritimati"), in_zone("Pacific/Pago_Pago")] {
        for local in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            config.moment(local);
        }
        for at_ms in [i64::MIN, -1, 0, i64::MAX] {
            config.local(at_ms);
            config.stamp(at_ms);
        }
    }
}

/// Returns what is said of the stories' link to customs with one text put in place of another.
fn customs(instead_of: &str, text: &str) -> String {
    let settings = std::fs::read_to_string(folder().join("station.toml")).unwrap();
    let link = std::fs::read_to_string(folder().join("customs.toml")).unwrap();
    assert!(link.contains(instead_of), "`{instead_of}` is in the settings of the link");
    match Config::parse(&format!("{settings}\n{}", link.replacen(instead_of, text, 1)), "") {
        Ok(config) => config.ceb().map_or("declared elsewhere", |_| "reads").to_owned(),
        Err(error @ ConfigError::Value { .. }) => error.to_string(),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn reads_the_link_to_customs_and_names_what_cannot_be_meant_in_it() {
    let long = "x".repeat(19);
    for (instead_of, text, expected) in [
        ("report_after_min = 10\nlines_max = 3\n", "site_code = \"A1\"\n", "reads"),
        ("\"ceb\"", "\"declared-elsewhere\"", "declared elsewhere"),
        ("\"ceb\"", "\"fax\"", "`fax` cannot be `customs.link`: declared-elsewhere or ceb"),
        (
            "7d444840-9dc0",
            "7d444840+9dc0",
            "`7d444840+9dc0-11d1-b245-5ffdce74fad2` cannot be `customs.guid`: a GUID of 36 characters",
        ),
        ("customs_code = \"9400\"\n", "", "`` cannot be `customs.customs_code`: four digits"),
        ("\"9400\"", "\"94000\"", "`94000` cannot be `customs.customs_code`: four digits"),
        (
            "transport = \"4\"",
            "transport = \"44\"",
            "`44` cannot be `customs.transport`: one of 0 to 9: 3 by rail, 4 by road",
        ),
        ("lines_max = 3", "lines_max = 0", "`0` cannot be `customs.lines_max`: 1 to 99999"),
        ("after_min = 10", "after_min = 1441", "`1441` cannot be `customs.report_after_min`: 1 to 1440"),
        (
            "DXPENT0000000001",
            "DXPENT00000000012",
            "`DXPENT00000000012` cannot be `customs.dxp_id`: 1 to 16 characters",
        ),
        ("lines_max = 3", "receivers = [\"DXPEDCCEB0000002\"]", "reads"),
        ("lines_max = 3", "receivers = [\"\"]", "`` cannot be `customs.receivers`: 1 to 16 characters"),
        (
            "lines_max = 3",
            "receivers = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\"]",
            "`6` cannot be `customs.receivers`: at most 5 receivers",
        ),
        ("6501000003", &long, "`xxxxxxxxxxxxxxxxxxx` cannot be `customs.agent.code`: 1 to 18 characters"),
        ("示例报关公司", " ", "` ` cannot be `customs.agent.name`: 1 to 100 characters"),
        (
            "\"logistics\"]",
            "\"operator\"]",
            "`operator` cannot be `customs.signer.roles`: operator, agent or logistics, each with one signer",
        ),
        (
            "customs-key.pem",
            "../key.pem",
            "`../key.pem` cannot be `customs.signer.key`: the name of a file beside this one",
        ),
    ] {
        assert_eq!(customs(instead_of, text), expected, "`{text}` instead of `{instead_of}`");
    }
    assert!(customs("dxp_id", "dxpid").contains("unknown field `dxpid`"));
}
