//! `caravan replay`: a scenario, on its own clock.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use caravan_store::Stopwatch;
use clap::Args;
use serde::Serialize;

use super::FOUND;
use crate::outputs;
use crate::progress::Progress;
use crate::replay::{Target, replay};
use crate::timings::{Timings, peak_memory_kib};

/// Replay a scenario on its own clock in a fresh station folder.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Replay {
    /// The folder of the scenario.
    scenario: PathBuf,
    /// The station folder to work in; it must be empty or not exist. Without it a new one is made among the system's
    /// temporary files.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// The address of a fresh database of PostgreSQL; without it, `station.db` in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// How many threads read and assess ahead of the one that writes.
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Verify the invariants of the data, and compare the outputs with `expected/` of the scenario, byte for byte.
    #[arg(long, conflicts_with = "bless")]
    check: bool,
    /// Verify the invariants of the data, and write the outputs as the scenario's new `expected/`.
    #[arg(long)]
    bless: bool,
    /// Print where the time went and the peak memory as JSON to the standard error output.
    #[arg(long)]
    timings: bool,
    /// Print the summary as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Measured {
    #[serde(flatten)]
    stages: Timings,
    peak_memory_kib: u64,
}

impl Replay {
    pub(super) async fn run(self) -> Result<ExitCode> {
        super::settings(&self.scenario)?;
        let station = self.station_folder()?;
        let threads =
            self.threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        let target = Target { station: &station, database: self.database.as_deref() };
        let mut replayed = replay(&self.scenario, target, threads, &Progress::on_terminal()).await?;
        let watch = Stopwatch::start();
        let text = outputs::write(&replayed.flow).await?;
        replayed.flow.timings.summary += watch.elapsed();
        let watch = Stopwatch::start();
        // Whoever compares, or states what is right from now on, also wants sound data.
        let is_judged = self.check || self.bless;
        let violations = if is_judged { replayed.flow.store.check().await? } else { Vec::new() };
        replayed.flow.timings.check += watch.elapsed();
        replayed.flow.store.close().await;
        if self.timings {
            let timings = Measured { stages: replayed.flow.timings, peak_memory_kib: peak_memory_kib() };
            eprintln!("{}", serde_json::to_string(&timings)?);
        }
        if self.json {
            print!("{}", std::fs::read_to_string(station.join("summary.json"))?);
        } else {
            println!("{}\n\n{text}", replayed.scenario.name);
            println!("Everything is in {}", station.display());
        }
        if let Some(violation) = violations.first() {
            bail!(
                "the data break an invariant: {} (`{}`), {} in all",
                violation.invariant,
                violation.subject,
                violations.len()
            );
        }
        let expected = replayed.scenario.folder.join("expected");
        if self.bless {
            outputs::bless(&expected, &outputs::collect(&station)?)?;
        }
        if self.check {
            let wanted = outputs::expected(&expected)?;
            let differences = outputs::differences(&wanted, &outputs::collect(&station)?);
            if !differences.is_empty() {
                eprintln!("The outputs differ from `{}`:\n{}", expected.display(), differences.join("\n"));
                return Ok(ExitCode::from(FOUND));
            }
            eprintln!("The outputs equal `{}` ({} files).", expected.display(), wanted.len());
        }
        Ok(ExitCode::SUCCESS)
    }

    fn station_folder(&self) -> Result<PathBuf> {
        let Some(folder) = &self.station else {
            let name = format!("caravan-replay-{}", std::process::id());
            let folder = std::env::temp_dir().join(name);
            std::fs::create_dir(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
            return Ok(folder);
        };
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
        if std::fs::read_dir(folder)?.next().is_some() {
            bail!("`{}` is not empty\nhint: a replay works in a fresh station folder", folder.display());
        }
        Ok(folder.clone())
    }
}
