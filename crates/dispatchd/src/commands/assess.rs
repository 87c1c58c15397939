//! `caravan assess`: declarations judged on a day, with every charge and the arithmetic behind it.

mod kept;
mod rule;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use caravan_declaration::{Outcome, read_with};
use caravan_documents::estimate::{Estimate, Page, html};
use caravan_postal::Language;
use caravan_station::Config;
use caravan_tariff::{Decision, Transport, view};
use chrono::NaiveDate;
use clap::Args;
use serde::Serialize;

use super::correspondent::CorrespondentArgs;
use super::{FOUND, day, language, settings};
use crate::flow::FindingView;
use crate::intake::Desk;
use crate::texts::CATALOGUE;

/// How many pages one file has at the most.
const PAGES_MAX: usize = 1_000;

/// Judge declarations and show duty, tax and the arithmetic behind them.
#[derive(Debug, Args)]
pub(super) struct Assess {
    /// The declaration file.
    #[arg(required_unless_present_any = ["kept", "explain"], requires = "on")]
    file: Option<PathBuf>,
    /// The day on which the items are filed at the station.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<NaiveDate>,
    /// The item with this identifier as a station keeps it, by the tables that its answer was made with.
    #[arg(long, value_name = "ID", requires = "station", conflicts_with_all = ["file", "on", "item", "page"])]
    kept: Option<String>,
    /// Tell what a rule is: a row of the tables, a reading, or the code of a finding.
    #[arg(long, value_name = "RULE", conflicts_with_all = ["file", "on", "item", "page", "kept"])]
    explain: Option<String>,
    /// The address of the station's database, where it is not in its folder.
    #[arg(long, value_name = "URL", requires = "kept")]
    database: Option<String>,
    /// The station folder (or a scenario's) whose settings and exchange rates are used.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Only the item with this identifier.
    #[arg(long, value_name = "ID")]
    item: Option<String>,
    /// How the items are carried abroad, whatever the station's routes are: road, rail or air.
    #[arg(long, value_name = "MODE", value_parser = transport, conflicts_with_all = ["kept", "explain"])]
    mode: Option<Transport>,
    /// The language: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Show rows of other days and other countries as well among those that were considered; JSON has them always.
    #[arg(long, conflicts_with_all = ["json", "page", "explain"])]
    all: bool,
    /// Print JSON, one object an item, and a last one of the file where something is wrong with it as a whole.
    #[arg(long)]
    json: bool,
    /// Write pages to hand to customers, one an item, as an HTML file that prints on A4.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    page: Option<PathBuf>,
    #[command(flatten)]
    correspondent: CorrespondentArgs,
}

#[derive(Serialize)]
struct Judged {
    item: u32,
    identifier: String,
    read: Vec<FindingView>,
    #[serde(flatten)]
    explanation: view::Explanation,
}

/// What is wrong with the file as a whole, and not with one of its items.
#[derive(Serialize)]
struct WholeFile<'a> {
    file: &'a str,
    is_whole: bool,
    findings: Vec<FindingView>,
}

impl Assess {
    pub(super) async fn run(self) -> Result<ExitCode> {
        if let Some(rule) = &self.explain {
            return self.rule(rule);
        }
        match (&self.kept, &self.file, self.on) {
            (Some(kept), _, _) => self.kept(kept).await,
            (None, Some(file), Some(on)) => {
                let (file, on) = (file.clone(), on);
                self.file(&file, on)
            }
            _ => bail!("neither a file and a day nor a kept item is named"),
        }
    }

    fn file(mut self, file: &Path, on: NaiveDate) -> Result<ExitCode> {
        let known = std::mem::take(&mut self.correspondent).known(self.language)?;
        let desk = self.desk()?;
        let filing = desk.filing(on);
        let input = File::open(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let mut output = BufWriter::new(io::stdout().lock());
        let (mut is_found, mut is_stopped, mut printed, mut pages) = (false, false, Ok(()), Vec::new());
        let outcome = read_with(input, &desk.limits, &known.options(), |item| {
            let identifier = item.declaration.name();
            if self.item.as_ref().is_some_and(|wanted| *wanted != identifier) {
                return ControlFlow::Continue(());
            }
            let mut question = filing.question(&item.declaration);
            question.mode = self.mode.unwrap_or(question.mode);
            let mut explanation = desk.engine.explain(&question);
            desk.conclude(&item, &mut explanation.assessment);
            is_found = true;
            is_stopped |= explanation.assessment.decision != Decision::Go;
            if self.page.is_some() {
                let estimate = Estimate {
                    declaration: &item.declaration,
                    read: &item.findings,
                    explanation: &explanation,
                    filed_on: question.filed_on,
                    accepted_on: question.accepted_on,
                };
                pages.push(Page::of(&estimate, &CATALOGUE, self.language));
                let is_full = pages.len() == PAGES_MAX;
                return if is_full { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
            }
            let read = item.findings.iter();
            let views = read.map(|finding| FindingView::of(finding, &CATALOGUE, self.language)).collect();
            printed = self.print(&mut output, item.ordinal, identifier, views, &explanation);
            if printed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        printed.and_then(|()| self.tell_of_file(&mut output, file, &outcome))?;
        if let Some(path) = &self.page {
            let text = html(&pages, &CATALOGUE, self.language);
            fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
            if pages.len() == PAGES_MAX {
                eprintln!(
                    "a file has at most {PAGES_MAX} pages; name an item with --item to get another one"
                );
            }
        }
        if let Some(wanted) = self.item.filter(|_| !is_found && outcome.is_whole) {
            let error = io::Error::new(io::ErrorKind::NotFound, format!("there is no item `{wanted}`"));
            return Err(error).with_context(|| format!("cannot assess `{}`", file.display()));
        }
        is_stopped |= !outcome.is_whole;
        Ok(if is_stopped { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }

    /// Says what is wrong with the file as a whole: in the JSON where that is asked for, else beside the answers.
    fn tell_of_file(&self, output: &mut impl Write, file: &Path, outcome: &Outcome) -> io::Result<()> {
        let file = file.display().to_string();
        let findings = outcome.findings.iter();
        let findings: Vec<FindingView> =
            findings.map(|finding| FindingView::of(finding, &CATALOGUE, self.language)).collect();
        if !self.json {
            for finding in &findings {
                eprintln!("{}", finding.line(&file));
            }
        } else if !findings.is_empty() {
            let whole = WholeFile { file: &file, is_whole: outcome.is_whole, findings };
            writeln!(output, "{}", serde_json::to_string(&whole).expect("findings are JSON"))?;
        }
        output.flush()
    }

    /// Sets up the desk of the station folder, or of one that `caravan init` would make.
    fn desk(&self) -> Result<Desk> {
        match &self.station {
            Some(folder) => Desk::open(settings(folder)?, folder),
            None => Ok(Desk::without_folder(Config::parse(super::init::STATION, super::init::RATES)?)),
        }
    }

    fn print(
        &self,
        output: &mut impl Write,
        ordinal: u32,
        identifier: String,
        read: Vec<FindingView>,
        explanation: &caravan_tariff::Explanation,
    ) -> io::Result<()> {
        if self.json {
            let explanation = view::Explanation::of(explanation, &CATALOGUE, self.language);
            let judged = Judged { item: ordinal, identifier, read, explanation };
            return writeln!(output, "{}", serde_json::to_string(&judged).expect("an assessment is JSON"));
        }
        writeln!(output, "{ordinal}  {identifier}")?;
        for finding in &read {
            writeln!(output, "  {}", finding.line(""))?;
        }
        let mut shown = explanation.clone();
        shown.considered.retain(|one| self.all || !one.why.is_elsewhere());
        for line in shown.text(&CATALOGUE, self.language).lines() {
            writeln!(output, "  {line}")?;
        }
        writeln!(output)
    }
}

/// Reads a way of carriage on the command line.
fn transport(text: &str) -> Result<Transport, String> {
    let known = Transport::ALL.into_iter().find(|mode| mode.as_str() == text);
    known.ok_or_else(|| "one of road, rail and air".to_owned())
}
