//! The station crate from outside, one module a subsystem.
#![expect(
    clippy::unwrap_used,
    reason = "cases are written by hand: one that cannot be read is a fault of the test"
)]

mod advised;
mod facts;
mod hearing;
mod hostile;
mod laws;
mod life;
mod network;
mod operations;
mod outlook;
mod settings;
mod sorting;
mod stories;
mod story;
mod tale;
mod told;
mod transit;

use std::path::{Path, PathBuf};

use caravan_station::{Config, ConfigError, MESSAGES};

/// Returns the folder of the stories.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stories")
}

/// Returns the settings of the station of the stories.
fn config() -> Config {
    config_in(&folder())
}

/// Returns the folder of the stories of a station whose routes know their ways.
fn ways() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/ways")
}

/// Returns the folder of the stories of a station that names its equipment.
fn loading() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/loading")
}

fn config_in(folder: &Path) -> Config {
    Config::parse(&settings_in(folder), "").unwrap()
}

/// Returns the text of the settings in a folder.
fn settings_in(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("station.toml")).unwrap()
}

/// The one door of settings: reads them with one text put in place of another, and compares what is told.
fn check_settings(settings: &str, instead_of: &str, text: &str, expected: &str) {
    assert!(settings.contains(instead_of), "`{instead_of}` is in the settings");
    let told = match Config::parse(&settings.replacen(instead_of, text, 1), "") {
        Ok(_) => "reads".to_owned(),
        // What TOML itself says is its own; the last line says what.
        Err(ConfigError::Toml(error)) => error.to_string().lines().last().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    };
    assert_eq!(told, expected, "`{text}` instead of `{instead_of}`");
}

#[test]
fn every_code_speaks_three_languages() {
    assert_eq!(caravan_postal::Catalogue::new(&[MESSAGES]).faults(), Vec::<String>::new());
}
