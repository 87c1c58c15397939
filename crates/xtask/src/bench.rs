//! `cargo xtask bench`: eight months of Horgos, and what they cost beside a fixed yardstick.
//!
//! The yardstick is the `sqlite3` shell importing the same items as three plain tables with `synchronous=FULL`. Times
//! are ratios within one interleaved run: what a machine does in a minute says little about the next.

mod measure;
mod read;
mod yardstick;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::fixtures;
use measure::{Series, Stages, timed};

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many items: eight months of Horgos when not said.
    #[arg(long, default_value_t = 410_000)]
    items: u64,
    /// How many interleaved runs.
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Where scenario and databases are made; below `target/` when not said.
    #[arg(long)]
    dir: Option<PathBuf>,
}

/// Items in one file.
const PER_FILE: u32 = 1000;

/// Makes what is missing, runs everything the asked number of times in turn, and prints medians and ratios.
pub(crate) fn run(arguments: &Arguments, root: &Path) -> Result<()> {
    if cfg!(debug_assertions) {
        return run_optimised(root);
    }
    let folder = arguments.dir.clone().unwrap_or_else(|| root.join("target/bench"));
    let whole = folder.join(format!("scenario-{}", arguments.items));
    if !whole.join("scenario.toml").is_file() {
        fixtures::mass(arguments.items, PER_FILE, &whole)?;
    }
    let arrivals = without_operations(&whole, &folder.join(format!("arrivals-{}", arguments.items)))?;
    let tables = folder.join(format!("yardstick-{}", arguments.items));
    let items = if tables.join("result.csv").is_file() {
        arguments.items
    } else {
        yardstick::write(&whole, &tables)?
    };
    let caravan = build(root)?;
    let mut yardstick = Series::default();
    let (mut keeping, mut replaying) = (Series::default(), Series::default());
    let mut reading = read::Rates::default();
    // A file system makes files slowly for a while where many were deleted: each run has a fresh folder, and all go at
    // the end.
    let runs = folder.join("runs");
    for run in 1..=arguments.runs {
        eprintln!("run {run} of {}", arguments.runs);
        let fresh = runs.join(format!("{}-{run}", std::process::id()));
        std::fs::create_dir_all(&fresh)?;
        yardstick.push(yardstick::import(&tables, &fresh.join("yardstick.db"))?);
        keeping.push(replay(&caravan, &arrivals, &fresh.join("keep"))?);
        replaying.push(replay(&caravan, &whole, &fresh.join("whole"))?);
        reading.push(read::measure(&whole)?);
    }
    std::fs::remove_dir_all(&runs)?;
    print(items, &yardstick, &keeping, &replaying, &reading);
    Ok(())
}

/// Runs the same command again, built for speed: reading is measured in this very process.
fn run_optimised(root: &Path) -> Result<()> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--release", "--package", "caravan-xtask", "--"]);
    cargo.args(std::env::args_os().skip(1)).current_dir(root);
    if !cargo.status().context("cannot run cargo")?.success() {
        bail!("the benchmark did not run through");
    }
    Ok(())
}

/// Makes a scenario of the same files without operations: what parse, assess and keep cost alone.
fn without_operations(whole: &Path, folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for name in ["scenario.toml", "station.toml", "rates.toml", "arrivals.csv"] {
        std::fs::copy(whole.join(name), folder.join(name))
            .with_context(|| format!("cannot copy `{name}`"))?;
    }
    std::fs::write(folder.join("operations.csv"), "at,operation,subject,value,departure,seal,note\n")?;
    let link = folder.join("declarations");
    if !link.exists() {
        std::os::unix::fs::symlink(whole.join("declarations"), &link)?;
    }
    Ok(folder.to_owned())
}

fn build(root: &Path) -> Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--release", "--package", "caravan-dispatchd"]).current_dir(root);
    if !cargo.status().context("cannot run cargo")?.success() {
        bail!("the release build did not pass");
    }
    Ok(root.join("target/release/caravan"))
}

/// Replays a scenario with durable writes in a station folder that is not there yet.
fn replay(caravan: &Path, scenario: &Path, station: &Path) -> Result<Stages> {
    let mut command = Command::new(caravan);
    command.arg("replay").arg(scenario).arg("--station").arg(station).args(["--timings", "--json"]);
    let (output, wall) = timed(|| command.output())?;
    if !output.status.success() {
        bail!("the replay did not pass: {}", String::from_utf8_lossy(&output.stderr));
    }
    let stages = String::from_utf8_lossy(&output.stderr);
    let line = stages.lines().find(|line| line.starts_with('{')).context("the replay printed no timings")?;
    Stages::read(line, wall)
}

fn print(items: u64, yardstick: &Series, keeping: &Series, replaying: &Series, reading: &read::Rates) {
    let base = yardstick.wall();
    println!("{items} items in files of {PER_FILE}, medians of {} interleaved runs", yardstick.len());
    println!();
    println!("| what | wall | ratio to the yardstick | items/s | peak memory |");
    println!("|---|---|---|---|---|");
    for (name, series, wall) in [
        ("yardstick: sqlite3 .import of item, piece and result", yardstick, base),
        ("parse, assess and keep", keeping, keeping.wall_without("summary_ms")),
        ("the whole replay, with events, receptacles, manifests and summary", replaying, replaying.wall()),
    ] {
        let memory = series.memory_mib().map_or_else(|| "-".to_owned(), |mib| format!("{mib} MB"));
        println!(
            "| {name} | {} | {} | {} | {memory} |",
            measure::seconds(wall),
            measure::ratio(wall, base),
            measure::rate(items, wall),
        );
    }
    println!();
    println!("| stage of the whole replay, on the thread that writes | time | items/s |");
    println!("|---|---|---|");
    for (stage, milliseconds) in replaying.stages() {
        let time = std::time::Duration::from_millis(milliseconds);
        let rate = if milliseconds == 0 { "-".to_owned() } else { measure::rate(items, time) };
        println!("| {stage} | {} | {rate} |", measure::seconds(time));
    }
    println!();
    println!("| reading, on one core | items/s | time as a ratio to the bare scan |");
    println!("|---|---|---|");
    for (name, duration) in reading.rows() {
        println!(
            "| {name} | {} | {} |",
            measure::rate(items, duration),
            measure::ratio(duration, reading.bare())
        );
    }
}
