#![doc = include_str!("../README.md")]

mod bench;
mod fixtures;
mod test;

use std::path::Path;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// The project's own chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Make the fixtures: the committed scenarios again, or a scenario of any size.
    Fixtures(fixtures::Arguments),
    /// Pass every test: formatting, lints, all tests, documentation.
    Test,
    /// Measure eight months of Horgos beside a fixed yardstick.
    Bench(bench::Arguments),
}

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let root = root.as_path();
    match CommandLine::parse().chore {
        Chore::Fixtures(arguments) => fixtures::run(&arguments),
        Chore::Test => test::run(root),
        Chore::Bench(arguments) => bench::run(&arguments, root),
    }
}
