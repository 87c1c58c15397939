//! The commands, one module each.

mod assess;
mod check;
mod convert;
mod correspondent;
mod db;
mod init;
mod plan;
mod print;
mod reference;
mod replay;
mod run;
mod signature;
mod whatif;
mod work;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};
use caravan_postal::Language;
use caravan_station::Config;
use caravan_store::StoreError;
use caravan_tariff::{OptionsError, TableError};
use chrono::NaiveDate;
use clap::{Parser, Subcommand};

use crate::correspondent::CorrespondentError;
use crate::folder::FolderError;
use crate::scenario::ScenarioError;

/// Something is held or refused, or a replay differs from what was expected.
const FOUND: u8 = 1;

/// Declarations in, sealed containers out: the customs declaration processor of a mail exchange station.
#[derive(Debug, Parser)]
#[command(name = "caravan", version, about)]
pub struct Caravan {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a station folder with commented settings.
    Init(init::Init),
    /// Run the daemon on a station folder.
    Run(run::Run),
    /// Replay a scenario on its own clock in a fresh station folder.
    Replay(replay::Replay),
    /// List all findings of declaration files.
    Check(check::Check),
    /// Write declaration files in another format.
    Convert(convert::Convert),
    /// Sign a customs message.
    Sign(signature::Sign),
    /// Verify the signatures of customs messages.
    Verify(signature::Verify),
    /// Judge declarations and show duty, tax and the arithmetic behind them.
    Assess(assess::Assess),
    /// Judge past declarations by another date or other tables, and show what changes.
    Whatif(whatif::Whatif),
    /// Show what would leave on the next departures.
    Plan(plan::Plan),
    /// Print any paper of what a station keeps.
    Print(print::Print),
    /// List what waits for a person.
    Work(work::Work),
    /// Look at the tables, search commodity codes, import tariffs, list exchange rates.
    Reference(reference::Reference),
    /// Look after a station's database.
    Db(db::Db),
}

impl Caravan {
    /// Runs the command and returns how the process ends.
    pub async fn run(self) -> Result<ExitCode> {
        match self.command {
            Command::Init(init) => init.run(),
            Command::Run(run) => run.run().await,
            Command::Replay(replay) => replay.run().await,
            Command::Check(check) => check.run(),
            Command::Convert(convert) => convert.run(),
            Command::Sign(sign) => sign.run(),
            Command::Verify(verify) => verify.run(),
            Command::Assess(assess) => assess.run().await,
            Command::Whatif(whatif) => whatif.run().await,
            Command::Plan(plan) => plan.run().await,
            Command::Print(print) => print.run().await,
            Command::Work(work) => work.run().await,
            Command::Reference(reference) => reference.run().await,
            Command::Db(db) => db.run().await,
        }
    }
}

/// Returns how the process ends after an error, in the numbers of sysexits.
pub fn exit_code(error: &anyhow::Error) -> u8 {
    let mut code = 70;
    for cause in error.chain() {
        if let Some(error) = cause.downcast_ref::<FolderError>() {
            return match error {
                FolderError::NoStation(_) => 66,
                FolderError::IsStation(_) => 73,
                FolderError::Locked(_) => 75,
                FolderError::Divided { .. } => 78,
            };
        } else if let Some(error) = cause.downcast_ref::<io::Error>() {
            code = if error.kind() == io::ErrorKind::NotFound { 66 } else { 74 };
        } else if let Some(error) = cause.downcast_ref::<convert::ConvertError>() {
            return error.exit_code();
        } else if let Some(error) = cause.downcast_ref::<print::PrintError>() {
            return error.exit_code();
        } else if cause.is::<ScenarioError>() {
            return 65;
        } else if cause.is::<caravan_station::ConfigError>()
            || cause.is::<toml::de::Error>()
            || cause.is::<CorrespondentError>()
            || cause.is::<TableError>()
            || cause.is::<OptionsError>()
        {
            return 78;
        } else if let Some(error) = cause.downcast_ref::<StoreError>() {
            code = if matches!(error, StoreError::Stale) { 75 } else { 69 };
        }
    }
    code
}

/// Returns whether an error is only that nobody reads on what the command prints.
pub fn is_unread(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Reads a day on the command line.
fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "a day as YYYY-MM-DD: 2026-11-22".to_owned())
}

/// Reads the settings of a station folder or a scenario that a command names.
fn settings(folder: &Path) -> Result<Config> {
    if !folder.join("station.toml").is_file() {
        bail!(FolderError::NoStation(folder.to_owned()));
    }
    Ok(crate::scenario::settings(folder)?.0)
}

/// Reads a language on the command line.
fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "one of en, ru and zh".to_owned())
}
