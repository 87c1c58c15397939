//! `caravan reference search`: commodity codes for what goods are called.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use caravan_postal::Language;
use caravan_store::Clock;
use chrono::{DateTime, NaiveDate};
use clap::Args;
use serde_json::json;

use crate::commands::{FOUND, day, language};
use crate::overlay::{FOLDER, Overlay};

/// Propose commodity codes for what goods are called. It ends with 1 when there is nothing to propose.
#[derive(Debug, Args)]
pub(super) struct SearchCodes {
    /// What they are called.
    text: String,
    /// The language of the text: zh, ru or en.
    #[arg(long, value_name = "LANG", value_parser = language)]
    language: Language,
    /// The most proposals.
    #[arg(long, value_name = "N", default_value_t = 10)]
    count: usize,
    /// The day whose edition of the Harmonized System is looked through; today, when not said.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<NaiveDate>,
    /// A station folder, whose own tables are laid over the program's.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Print JSON, one object a proposal.
    #[arg(long)]
    json: bool,
}

impl SearchCodes {
    pub(super) fn run(self) -> Result<ExitCode> {
        let today = || DateTime::from_timestamp_millis(Clock::Live.now_ms()).unwrap_or_default().date_naive();
        let folder = self.station.as_ref().map(|station| station.join(FOLDER));
        let engine = folder.map(|folder| Overlay::read(&folder)).transpose()?.unwrap_or_default().engine()?;
        let search = engine.search(self.language, self.on.unwrap_or_else(today));
        let proposals = search.propose(&self.text, self.language, self.count);
        let mut output = io::stdout().lock();
        for proposal in &proposals {
            let code = proposal.code.to_string();
            if self.json {
                let object = json!({ "hs": code, "score": proposal.score, "name": proposal.name });
                writeln!(output, "{object}")?;
            } else {
                writeln!(output, "{code}  {:>4}  {}", proposal.score, proposal.name)?;
            }
        }
        if proposals.is_empty() {
            eprintln!(
                "nothing is found for `{}`\nhint: name the goods alone, or in English, whose names of all subheadings are searched",
                self.text
            );
        }
        Ok(if proposals.is_empty() { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }
}
