//! `caravan init`: a station folder with commented settings.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use crate::folder::{Durability, Folder, FolderError};

/// The settings that a new station begins with.
pub(super) const STATION: &str = include_str!("../../settings/station.toml");
/// The exchange rates that a new station begins with.
pub(super) const RATES: &str = include_str!("../../settings/rates.toml");

/// Make a station folder with commented settings.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to make.
    folder: PathBuf,
}

impl Init {
    pub(super) fn run(self) -> Result<ExitCode> {
        if self.folder.join("station.toml").exists() {
            bail!(FolderError::IsStation(self.folder));
        }
        let folder = Folder::create(&self.folder, Durability::Synced)?;
        folder.write(&folder.root().join("rates.toml"), RATES.as_bytes())?;
        folder.write(&folder.settings(), STATION.as_bytes())?;
        println!("A station is in {}.", self.folder.display());
        println!("Look through its station.toml, then run: caravan run --station {}", self.folder.display());
        Ok(ExitCode::SUCCESS)
    }
}
