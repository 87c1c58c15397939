//! What a station decides is held against the tables: each kind of name that they do not have.

use caravan_tariff::{Engine, Options, OptionsError, Reading, Switch};

fn checked(reading: Option<(&str, &str)>, row: Option<&str>) -> Result<(), OptionsError> {
    let from = "2026-12-01".parse().expect("a date");
    let reading = reading.map(|(id, choice)| Reading { id: id.to_owned(), choice: choice.to_owned() });
    let options = Options {
        switched_on: row.into_iter().map(|row| Switch { row: row.to_owned(), from }).collect(),
        readings: reading.into_iter().collect(),
        ..Options::default()
    };
    Engine::builtin().check(&options)
}

#[test]
fn names_that_the_tables_do_not_have_are_refused_and_those_they_have_are_listed() {
    assert_eq!(checked(Some(("us-payer", "carrier")), Some("eaeu-ecommerce")), Ok(()));
    for (reading, row, expected) in [
        (
            Some(("us-payer", "carier")),
            None,
            "reading `us-payer` has no choice `carier`; it has `item`, `carrier`",
        ),
        (Some(("us-payers", "carrier")), None, "there is no reading `us-payers`; there are `"),
        (
            None,
            Some("eaeu-e-commerce"),
            "there is no row `eaeu-e-commerce` to be switched on; announced are `",
        ),
        (None, Some("us-flat"), "row `us-flat` is in_force and cannot be switched on; announced are `"),
    ] {
        let told = checked(reading, row).expect_err("the tables do not have it").to_string();
        assert!(told.starts_with(expected), "{told}");
    }
    let told = checked(Some(("eu-item-key", "with_origin")), None).expect_err("a choice by another name");
    assert!(matches!(told, OptionsError::NoChoice { .. }), "{told}");
}
