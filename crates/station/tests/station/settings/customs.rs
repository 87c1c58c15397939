//! `[customs]`: the link to customs.

use caravan_station::{Config, ConfigError};

use crate::{folder, settings_in};

/// Returns what is said of the stories' link to customs with one text put in place of another.
fn customs(instead_of: &str, text: &str) -> String {
    let settings = settings_in(&folder());
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

#[test]
fn reads_how_items_are_presented_and_what_codes_mean() {
    for (instead_of, text, expected) in [
        ("lines_max = 3", "presentation = \"cusitm\"", "reads"),
        (
            "lines_max = 3",
            "presentation = \"fax\"",
            "`fax` cannot be `customs.presentation`: cusitm, or nothing where it is entered",
        ),
        (
            "lines_max = 3",
            "presentation = \"cusitm\"\npresent_items_max = 0",
            "`0` cannot be `customs.present_items_max`: 1 to 99999",
        ),
        (
            "key_name = \"01\"",
            "key_name = \"01\"\n[[customs.decision]]\ncode = \"RL\"\nmeans = \"paid\"",
            "`paid` cannot be `customs.decision.means`: noted, filed, documents-wanted, inspect, held, duty-due, \
             released, return-to-sender, seized, goods-procedure or abandoned",
        ),
        (
            "key_name = \"01\"",
            "key_name = \"01\"\n[[customs.decision]]\ncode = \"R L\"\nmeans = \"held\"",
            "`R L` cannot be `customs.decision.code`: 1 to 17 characters without blanks",
        ),
        (
            "key_name = \"01\"",
            "key_name = \"01\"\n[[customs.decision]]\ncode = \"R\"\nmeans = \"held\"\n\
             [[customs.decision]]\ncode = \"R\"\nmeans = \"noted\"",
            "`R` cannot be `customs.decision.code`: a code and reason that no other row has",
        ),
    ] {
        assert_eq!(customs(instead_of, text), expected, "{text}");
    }
}
