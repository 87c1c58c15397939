//! `caravan assess`: declarations judged on a day, with every charge and the arithmetic behind it.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::{Limits, read};
use caravan_postal::{Language, Severity};
use caravan_station::Config;
use caravan_tariff::{Decision, Engine, view};
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::{FOUND, language};
use crate::flow::FindingView;
use crate::intake::Desk;
use crate::scenario::settings;
use crate::texts::CATALOGUE;

/// Judge declarations and show duty, tax and the arithmetic behind them.
#[derive(Debug, Args)]
pub(super) struct Assess {
    /// The declaration file.
    file: PathBuf,
    /// The day on which the items are filed at the station.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: NaiveDate,
    /// The station folder (or a scenario's) whose settings and exchange rates are used.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Only the item with this identifier.
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// The language: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Print JSON, one object an item.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Judged {
    item: u32,
    identifier: String,
    read: Vec<FindingView>,
    #[serde(flatten)]
    explanation: view::Explanation,
}

impl Assess {
    pub(super) fn run(self) -> Result<ExitCode> {
        let desk = Desk { config: self.config()?, engine: Engine::builtin(), limits: Limits::standard() };
        let input =
            File::open(&self.file).with_context(|| format!("cannot read `{}`", self.file.display()))?;
        let mut is_stopped = false;
        let outcome = read(input, &desk.limits, |item| {
            let identifier =
                item.declaration.identifier.map_or_else(String::new, |identifier| match identifier {
                    caravan_declaration::Identifier::S10(s10) => s10.to_string(),
                    caravan_declaration::Identifier::Other(other) => other.to_owned(),
                });
            if self.item.as_ref().is_some_and(|wanted| *wanted != identifier) {
                return ControlFlow::Continue(());
            }
            let explanation = desk.engine.explain(&desk.question(&item.declaration, self.on));
            let read = item.findings.iter();
            let is_held = read.clone().any(|finding| finding.severity() >= Severity::Hold);
            is_stopped |= is_held || explanation.assessment.decision != Decision::Go;
            let views = read.map(|finding| FindingView::of(finding, &CATALOGUE, self.language)).collect();
            self.print(item.ordinal, identifier, views, &explanation);
            ControlFlow::Continue(())
        })?;
        for finding in &outcome.findings {
            eprintln!(
                "{}",
                FindingView::of(finding, &CATALOGUE, self.language).line(&self.file.display().to_string())
            );
        }
        is_stopped |= !outcome.is_whole;
        Ok(if is_stopped { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }

    /// Returns the settings of the station folder, or those that `caravan init` would write.
    fn config(&self) -> Result<Config> {
        match &self.station {
            Some(folder) => Ok(settings(folder)?.0),
            None => Ok(Config::parse(super::init::STATION, super::init::RATES)?),
        }
    }

    fn print(
        &self,
        ordinal: u32,
        identifier: String,
        read: Vec<FindingView>,
        explanation: &caravan_tariff::Explanation,
    ) {
        if self.json {
            let explanation = view::Explanation::of(explanation, &CATALOGUE, self.language);
            let judged = Judged { item: ordinal, identifier, read, explanation };
            println!("{}", serde_json::to_string(&judged).expect("an assessment is JSON"));
            return;
        }
        println!("{ordinal}  {identifier}");
        for finding in &read {
            println!("  {}", finding.line(""));
        }
        for line in explanation.text(&CATALOGUE, self.language).lines() {
            println!("  {line}");
        }
        println!();
    }
}
