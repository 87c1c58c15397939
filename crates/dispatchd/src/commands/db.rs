//! `caravan db`: looking after a station's database.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use caravan_store::Store;
use clap::{Args, Subcommand};

use super::FOUND;
use crate::folder::Folder;

/// Look after a station's database.
#[derive(Debug, Args)]
pub(super) struct Db {
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Debug, Subcommand)]
enum DbCommand {
    /// Verify the invariants of the data: every item in one place, no number unexplained, no hold inside what left,
    /// sums equal to their parts.
    Check {
        /// The station folder.
        #[arg(long, value_name = "DIR")]
        station: PathBuf,
        /// The address of the database, where it is not in the station folder.
        #[arg(long, value_name = "URL")]
        database: Option<String>,
    },
}

impl Db {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let DbCommand::Check { station, database } = self.command;
        let folder = Folder::open(&station)?;
        let url = folder.database(database.as_deref());
        let store = Store::open(&url).await?;
        let violations = store.check().await?;
        store.close().await;
        for violation in &violations {
            println!("{}: {}", violation.invariant, violation.subject);
        }
        println!("{} invariants, {} violations", Store::invariants().count(), violations.len());
        Ok(if violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
    }
}
