//! `caravan reference`: the tables and lists behind the answers.

mod import;
mod rates;
mod search;
mod show;

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
    /// Show the rows of the tables: all tables, one table, or one row.
    Show(show::Show),
    /// Propose commodity codes for what goods are called.
    Search(search::SearchCodes),
    /// Make tables of an official tariff file.
    Import(import::ImportTariff),
    /// List the exchange rates that a station holds, and how old they are.
    Rates(rates::HeldRates),
}

impl Reference {
    pub(super) async fn run(self) -> Result<ExitCode> {
        match self.command {
            ReferenceCommand::Show(show) => show.run(),
            ReferenceCommand::Search(search) => search.run(),
            ReferenceCommand::Import(import) => import.run(),
            ReferenceCommand::Rates(rates) => rates.run().await,
        }
    }
}
