//! Declarations and whole scenarios that look like mail, made from a seed.
//!
//! The same arguments make the same bytes on every machine. Persons, businesses, telephone numbers and exchange rates
//! are invented; weights, products and destinations follow published figures (see [`mix`]).

mod draw;
mod fault;
mod folder;
mod item;
mod mix;
mod operations;
mod page;
mod people;
mod scenario;
#[cfg(test)]
mod tests;
mod world;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use scenario::Scenario;

/// What to make.
#[derive(Debug, Args)]
#[command(after_help = "Without arguments every committed scenario is made again.")]
pub(crate) struct Arguments {
    /// A committed scenario to make again.
    #[arg(long, conflicts_with = "items")]
    scenario: Option<Committed>,
    /// Make a scenario of Horgos with so many items.
    #[arg(long, requires = "out", value_parser = clap::value_parser!(u64).range(1..=50_000_000))]
    items: Option<u64>,
    /// Items in one file.
    #[arg(long, default_value_t = 1000, requires = "items", value_parser = clap::value_parser!(u32).range(1..))]
    per_file: u32,
    /// The seed that everything is drawn from.
    #[arg(long, default_value_t = 1, requires = "items")]
    seed: u64,
    /// Days over which the items arrive; 1,700 items a day when not said.
    #[arg(long, requires = "items", value_parser = clap::value_parser!(u32).range(1..=730))]
    days: Option<u32>,
    /// The folder to write; that of the fixtures when not said.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The scenarios that are kept in the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Committed {
    /// A day of Horgos on top of two days' stock.
    HorgosDay,
    /// A week of Kashgar.
    KashgarWeek,
}

/// Items a day at Horgos: 410,000 in eight months.
const ITEMS_A_DAY: u64 = 1700;

/// Makes what was asked for and says what it was.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    if let (Some(items), Some(out)) = (arguments.items, &arguments.out) {
        let days = arguments.days.unwrap_or_else(|| days_of(items));
        return make(&scenario::mass(items, arguments.per_file, arguments.seed, days), out);
    }
    let wanted = arguments.scenario.map_or_else(|| Committed::value_variants().to_vec(), |one| vec![one]);
    for committed in wanted {
        let scenario = committed.scenario();
        let place = arguments.out.clone().unwrap_or_else(fixtures);
        make(&scenario, &place.join(&scenario.name))?;
    }
    Ok(())
}

/// Makes a scenario of Horgos of any size, from the first seed.
pub(crate) fn mass(items: u64, per_file: u32, folder: &Path) -> Result<()> {
    make(&scenario::mass(items, per_file, 1, days_of(items)), folder)
}

fn make(scenario: &Scenario, folder: &Path) -> Result<()> {
    let made = folder::write(scenario, folder)?;
    println!(
        "{}: {} items in {} files, {} g on average, {} at fault; {} operations",
        folder.display(),
        made.items,
        made.files,
        made.grams / made.items.max(1),
        made.faulty,
        made.operations,
    );
    Ok(())
}

fn days_of(items: u64) -> u32 {
    u32::try_from(items.div_ceil(ITEMS_A_DAY)).unwrap_or(u32::MAX).min(730)
}

/// Returns the folder of the committed fixtures.
fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

impl Committed {
    fn scenario(self) -> Scenario {
        match self {
            Self::HorgosDay => scenario::horgos_day(),
            Self::KashgarWeek => scenario::kashgar_week(),
        }
    }
}
