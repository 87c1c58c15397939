//! `caravan plan`: what would leave on the next departures, and how good that plan is; or any packing problem.

mod instance;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use caravan_station::Station;
use caravan_store::{Clock, Store};
use clap::Args;
use serde::Serialize;

use crate::folder::Folder;
use crate::scenario::settings;

/// Show what would leave on the next departures, or pack the items of a file.
///
/// A file holds what a bin takes and the items, for example {"capacities": {"weight": 30000}, "items": [{"id": "a",
/// "weight": 1200, "quantity": 2, "group": "KZ"}]}; the README of `planning` has all forms. What is printed is the same
/// for the same file and the same steps; the time goes to the error output.
#[derive(Debug, Args)]
pub(super) struct Plan {
    /// The station folder.
    #[arg(long, value_name = "DIR", required_unless_present = "instance")]
    station: Option<PathBuf>,
    /// A packing problem in JSON, instead of a station.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["station", "database", "at", "departures"])]
    instance: Option<PathBuf>,
    /// How many steps the search for a better packing may take; without it, about a second.
    #[arg(long, value_name = "N", requires = "instance", conflicts_with = "station")]
    steps: Option<u64>,
    /// The address of the database; without it, `station.db` in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The moment to plan from, as a civil time of the station; without it, now.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    at: Option<String>,
    /// How many departures.
    #[arg(long, value_name = "N", default_value_t = 6)]
    departures: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line {
    departure: String,
    vehicles: usize,
    vehicles_used: usize,
    vehicles_needed: usize,
    receptacles: usize,
    weight_g: u64,
    fill_weight_permille: u32,
    fill_volume_permille: u32,
    receptacles_bound: usize,
    stays: Vec<(String, String)>,
}

impl Plan {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let Some(station) = &self.station else {
            let path = self.instance.context("neither a station nor an instance was named")?;
            return instance::run(&path, self.steps, self.json);
        };
        let folder = Folder::open(station)?;
        let (config, _, _) = settings(folder.root())?;
        let url = self.database.unwrap_or_else(|| folder.database().to_string_lossy().into_owned());
        let store = Store::open(&url).await?;
        let (_, state) = store.snapshot().await?;
        let now_ms = match &self.at {
            Some(text) => caravan_station::operation::moment(text, &config)
                .ok_or_else(|| anyhow::anyhow!("`{text}` is no time like 2026-11-16T18:00"))?,
            None => Clock::Live.now_ms(),
        };
        store.close().await;
        let mut station = Station::new(Arc::new(config), state);
        let outlook = station.outlook(now_ms, self.departures);
        let lines: Vec<Line> = outlook.iter().map(line).collect();
        let mut output = std::io::stdout().lock();
        if self.json {
            writeln!(output, "{}", serde_json::to_string_pretty(&lines)?)?;
        } else {
            print(&lines, &mut output)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(outlook: &caravan_station::Outlook) -> Line {
    Line {
        departure: outlook.departure.clone(),
        vehicles: outlook.vehicles,
        vehicles_used: outlook.vehicles_used,
        vehicles_needed: outlook.vehicles_needed,
        receptacles: outlook.receptacles.len(),
        weight_g: outlook.content.weight.0,
        fill_weight_permille: outlook.fill.weight_permille,
        fill_volume_permille: outlook.fill.volume_permille,
        receptacles_bound: outlook.receptacles_bound,
        stays: outlook.stays.iter().map(|left| (left.subject.clone(), left.reason.clone())).collect(),
    }
}

fn print(lines: &[Line], output: &mut impl Write) -> std::io::Result<()> {
    for line in lines {
        let (weight, volume) = (line.fill_weight_permille, line.fill_volume_permille);
        writeln!(output, "{}", line.departure)?;
        writeln!(
            output,
            "  {} receptacles ({} at the least), {}.{:03} kg; {} of {} vehicles used ({} at the least); \
             {}.{} % by weight, {}.{} % by volume",
            line.receptacles,
            line.receptacles_bound,
            line.weight_g / 1000,
            line.weight_g % 1000,
            line.vehicles_used,
            line.vehicles,
            line.vehicles_needed,
            weight / 10,
            weight % 10,
            volume / 10,
            volume % 10,
        )?;
        for (subject, reason) in &line.stays {
            writeln!(output, "  stays  {subject:<30} {reason}")?;
        }
    }
    Ok(())
}
