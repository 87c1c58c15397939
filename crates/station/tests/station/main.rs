//! The station crate from outside, one module a subsystem.
#![expect(
    clippy::unwrap_used,
    reason = "cases are written by hand: one that cannot be read is a fault of the test"
)]

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
mod transit;

use std::path::{Path, PathBuf};

use caravan_station::{Config, MESSAGES};

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
    Config::parse(&std::fs::read_to_string(folder.join("station.toml")).unwrap(), "").unwrap()
}

#[test]
fn every_code_speaks_three_languages() {
    assert_eq!(caravan_postal::Catalogue::new(&[MESSAGES]).faults(), Vec::<String>::new());
}
