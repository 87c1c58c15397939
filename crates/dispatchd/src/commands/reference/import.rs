//! `caravan reference import`: an official tariff file becomes a table that a station lays over the program's.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_postal::Language;
use caravan_tariff::import::{IMPORT_BYTES_MAX, ImportHead, ImportKind, import};
use chrono::NaiveDate;
use clap::Args;

use crate::commands::{FOUND, day, language};
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// Make tables of an official tariff file.
///
/// What is read of each kind: `uk-tariff` is the CSV of measures on declarable commodities (`commodity__code`,
/// `measure__type__description`, `measure__duty_expression`, `measure__geographical_area__description`) or
/// `global-uk-tariff.csv` of 2021; `hs` a CSV with `hscode` and `level`; `us-hts` the export of the schedule, CSV with
/// `HTS Number` and `General Rate of Duty` or JSON with `htsno` and `general`; `articles` a CSV with `code`, `name`, `rate`
/// and maybe `price`, `unit`, `hs`, `words`. A list of `us-hts` is column 1 of the United States.
#[derive(Debug, Args)]
pub(super) struct ImportTariff {
    /// The file.
    file: PathBuf,
    /// What it is: uk-tariff, hs, us-hts or articles.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: ImportKind,
    /// The first day on which it counts.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    valid_from: NaiveDate,
    /// The last day; open when not said.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    valid_to: Option<NaiveDate>,
    /// Where it comes from: publisher, edition, address.
    #[arg(long, value_name = "TEXT")]
    source: String,
    /// The table to write, for example `tariff/gb.toml` of a station folder.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// The language of the findings: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
}

fn kind(name: &str) -> Result<ImportKind, String> {
    ImportKind::parse(name).ok_or_else(|| "one of uk-tariff, hs, us-hts and articles".to_owned())
}

impl ImportTariff {
    pub(super) fn run(self) -> Result<ExitCode> {
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            let said = "the last day lies before the first\n";
            clap::Error::raw(clap::error::ErrorKind::ValueValidation, said).exit();
        }
        let reading = || format!("cannot read `{}`", self.file.display());
        let length = fs::metadata(&self.file).with_context(reading)?.len();
        if length > IMPORT_BYTES_MAX as u64 {
            eprintln!("`{}` is longer than {IMPORT_BYTES_MAX} bytes", self.file.display());
            return Ok(ExitCode::from(FOUND));
        }
        let bytes = fs::read(&self.file).with_context(reading)?;
        let head = ImportHead { valid_from: self.valid_from, valid_to: self.valid_to, source: self.source };
        let imported = import(self.kind, &bytes, &head);
        for finding in &imported.findings {
            let view = FindingView::of(finding, &CATALOGUE, self.language);
            eprintln!("{}", view.line(&self.file.display().to_string()));
        }
        if !imported.is_good() {
            return Ok(ExitCode::from(FOUND));
        }
        // A file that is there may be in use: whoever wants it replaced takes it away first.
        let output = fs::File::create_new(&self.output);
        let writing = || format!("cannot write `{}`", self.output.display());
        std::io::Write::write_all(&mut output.with_context(writing)?, imported.text.as_bytes())
            .with_context(writing)?;
        println!("{} rows are in {}.", imported.rows, self.output.display());
        Ok(ExitCode::SUCCESS)
    }
}
