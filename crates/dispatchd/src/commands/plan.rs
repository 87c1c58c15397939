//! `caravan plan`: what would leave on the next departures, and how good that plan is; or any packing problem.

mod instance;
mod text;
mod way;

use std::io::Write;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use caravan_planning::{CutOffs, Dimension};
use caravan_postal::Language;
use caravan_station::{Config, LoadOutlook, Outlook, Shut, Station, Stays};
use caravan_store::{Clock, Store};
use clap::Args;
use serde::Serialize;

use self::way::Way;
use super::language;
use crate::folder::Folder;
use crate::scenario::settings;
use crate::texts::Words;

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
    #[arg(long, value_name = "N", default_value = "6")]
    departures: NonZeroUsize,
    /// The language of the text: en, ru or zh; without it, that of the station.
    #[arg(long, value_name = "LANG", value_parser = language, conflicts_with = "instance")]
    language: Option<Language>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// All that is shown.
#[derive(Serialize)]
struct Shown {
    departures: Vec<Line>,
    /// What no departure that is planned would take.
    stranded: Vec<Stay>,
}

#[derive(Serialize)]
struct Line {
    departure: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cut_offs: Option<Until>,
    vehicles: usize,
    vehicles_used: usize,
    vehicles_needed: usize,
    receptacles: usize,
    weight_g: u64,
    fill_weight_permille: u32,
    fill_volume_permille: u32,
    receptacles_bound: usize,
    gap: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    way: Option<Way>,
    loads: Vec<Load>,
    stays: Vec<Stay>,
    gate: Vec<Gate>,
}

/// Until when each step before a departure must be done, in civil time of the station.
#[derive(Serialize)]
struct Until {
    item: String,
    last_bag: String,
    dispatch_close: String,
    sealed: String,
    customs: String,
    gate_in: String,
}

/// A container that stands for the departure and could not leave as it is.
#[derive(Serialize)]
struct Gate {
    container: String,
    faults: Vec<&'static str>,
}

#[derive(Serialize)]
struct Load {
    vehicle: Option<String>,
    equipment: Option<String>,
    payload_g: u64,
    limited_by: Option<String>,
    receptacles: u32,
    fill_permille: u32,
    binding: &'static str,
    is_held_back: bool,
    is_closed: bool,
    centre_along_permille: Option<i32>,
    centre_across_mm: Option<i32>,
    heavier_half_permille: Option<u32>,
    balance: Vec<&'static str>,
    axle_g: Option<u64>,
    axle_max_g: Option<u64>,
}

#[derive(Serialize)]
struct Stay {
    subject: String,
    reason: &'static str,
    arguments: Vec<String>,
}

impl Plan {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let Some(station) = &self.station else {
            let path = self.instance.context("neither a station nor an instance was named")?;
            return instance::run(&path, self.steps, self.json);
        };
        let folder = Folder::open(station)?;
        let (config, _, _) = settings(folder.root())?;
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let (_, state) = store.snapshot().await?;
        let now_ms = match &self.at {
            Some(text) => caravan_station::operation::moment(text, &config)
                .ok_or_else(|| anyhow::anyhow!("`{text}` is no time like 2026-11-16T18:00"))?,
            None => Clock::Live.now_ms(),
        };
        let mut station = Station::new(Arc::new(config), state);
        if station.config().bags_at_the_cut_off() {
            let offices: Vec<_> = station.config().partners.iter().map(|partner| partner.office).collect();
            for item in store.items_waiting(&offices).await? {
                station.admit(item);
            }
            station.bag_all_that_waits(now_ms);
        }
        store.close().await;
        let outlook = station.outlook(now_ms, self.departures.get());
        let shown = Shown {
            departures: outlook.iter().map(|outlook| line(outlook, station.config())).collect(),
            stranded: station.stranded().iter().map(stay).collect(),
        };
        let mut output = std::io::stdout().lock();
        if self.json {
            writeln!(output, "{}", serde_json::to_string_pretty(&shown)?)?;
        } else {
            let language = self.language.unwrap_or(station.config().office.language);
            text::print(&shown, Words(language), &mut output)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(outlook: &Outlook, config: &Config) -> Line {
    Line {
        departure: outlook.departure.clone(),
        cut_offs: outlook.cut_offs.as_ref().map(|cut_offs| until(cut_offs, config)),
        vehicles: outlook.vehicles,
        vehicles_used: outlook.vehicles_used,
        vehicles_needed: outlook.vehicles_needed,
        receptacles: outlook.receptacles.len(),
        weight_g: outlook.content.weight.0,
        fill_weight_permille: outlook.fill.weight_permille,
        fill_volume_permille: outlook.fill.volume_permille,
        receptacles_bound: outlook.receptacles_bound,
        gap: outlook.vehicles_used.saturating_sub(outlook.vehicles_needed),
        way: outlook.way.as_ref().map(|way| Way::of(way, outlook, config)),
        loads: outlook.loads.iter().map(load).collect(),
        stays: outlook.stays.iter().map(stay).collect(),
        gate: outlook.gate.iter().map(gate).collect(),
    }
}

fn until(cut_offs: &CutOffs, config: &Config) -> Until {
    let shown = |at_ms: i64| config.local(at_ms).format("%Y-%m-%dT%H:%M").to_string();
    Until {
        item: shown(cut_offs.item_ms),
        last_bag: shown(cut_offs.last_bag_ms),
        dispatch_close: shown(cut_offs.dispatch_close_ms),
        sealed: shown(cut_offs.sealed_ms),
        customs: shown(cut_offs.customs_ms),
        gate_in: shown(cut_offs.gate_in_ms),
    }
}

fn load(load: &LoadOutlook) -> Load {
    let findings = load.balance.map(|balance| balance.findings()).unwrap_or_default();
    Load {
        vehicle: load.vehicle.clone(),
        equipment: load.equipment.clone(),
        payload_g: load.payload.0,
        limited_by: load.limit.clone(),
        receptacles: load.receptacles,
        fill_permille: load.fill_permille,
        binding: match load.binding {
            Dimension::Weight => "weight",
            Dimension::Volume => "volume",
            Dimension::Count => "count",
        },
        is_held_back: load.is_held_back,
        is_closed: load.is_closed,
        centre_along_permille: load.balance.map(|balance| balance.along_permille),
        centre_across_mm: load.balance.map(|balance| balance.across_mm),
        heavier_half_permille: load.balance.map(|balance| balance.half_permille),
        balance: findings.iter().map(|finding| finding.code.name).collect(),
        axle_g: load.axle.map(|(axle, _)| axle.0),
        axle_max_g: load.axle.map(|(_, most)| most.0),
    }
}

fn stay(stays: &Stays) -> Stay {
    let (subject, arguments) = (stays.subject.clone(), stays.arguments.clone());
    Stay { subject, reason: stays.reason, arguments }
}

fn gate(shut: &Shut) -> Gate {
    let faults = shut.faults.iter().map(|fault| fault.as_str());
    Gate { container: shut.container.clone(), faults: faults.collect() }
}
