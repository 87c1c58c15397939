//! `caravan reference`: the tables and lists behind the answers.

mod import;
mod rates;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

/// Look at the tables, search commodity codes, import tariffs, list exchange rates.
#[derive(Debug, Args)]
pub(super) struct Reference {
    #[command(subcommand)]
    command: ReferenceCommand,
}

#[derive(Debug, Subcommand)]
enum ReferenceCommand {
    /// Make tables of an official tariff file.
    Import(import::ImportTariff),
    /// List the exchange rates that a station holds, and how old they are.
    Rates(rates::HeldRates),
}

impl Reference {
    pub(super) async fn run(self) -> Result<ExitCode> {
        match self.command {
            ReferenceCommand::Import(import) => import.run(),
            ReferenceCommand::Rates(rates) => rates.run().await,
        }
    }
}
