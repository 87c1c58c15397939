//! `caravan work`: what waits for a person.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use caravan_postal::Language;
use caravan_station::{Config, Kept, Station};
use caravan_store::{Store, Waiting};
use clap::Args;
use serde::Serialize;

use super::language;
use crate::folder::Folder;
use crate::scenario::settings;
use crate::texts::CATALOGUE;

/// List what waits for a person, oldest first: findings that stop an item, a receptacle, a dispatch or a container, and
/// drafts of verification notes; then what customs holds as a whole and what the gate is shut for, as things stand.
#[derive(Debug, Args)]
pub(super) struct Work {
    /// The station folder.
    #[arg(long, value_name = "DIR")]
    station: PathBuf,
    /// The address of the database; without it, `station.db` in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The language of the sentences: en, ru or zh; without it, that of the station.
    #[arg(long, value_name = "LANG", value_parser = language)]
    language: Option<Language>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// One thing that waits.
#[derive(Debug, Serialize)]
struct Line {
    /// Nothing where it is so as things stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    about: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    code: String,
    arguments: Vec<String>,
    says: String,
    act: String,
}

impl Work {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let folder = Folder::open(&self.station)?;
        let (config, _, _) = settings(folder.root())?;
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let waiting = store.waiting().await?;
        let (_, state) = store.snapshot().await?;
        store.close().await;
        let language = self.language.unwrap_or(config.office.language);
        let mut lines: Vec<Line> = waiting.into_iter().map(|one| line(one, &config, language)).collect();
        let kept = Station::new(Arc::new(config), state).kept();
        lines.extend(kept.into_iter().map(|one| line_of(one, language)));
        let mut output = std::io::stdout().lock();
        if self.json {
            writeln!(output, "{}", serde_json::to_string_pretty(&lines)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        if lines.is_empty() {
            writeln!(output, "{}", CATALOGUE.term("@work-nothing", language))?;
        }
        for line in &lines {
            let about = [line.about, &line.name].join(" ");
            writeln!(output, "{} {}", line.since.as_deref().unwrap_or("now"), about.trim_end())?;
            let code = if line.code.is_empty() { String::new() } else { format!("[{}] ", line.code) };
            writeln!(output, "  {code}{} {}", line.says, line.act)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn line(waiting: Waiting, config: &Config, language: Language) -> Line {
    let Waiting { at_ms, kind, name, code, arguments } = waiting;
    let (says, act) = match CATALOGUE.code(&code).filter(|known| known.arguments.len() == arguments.len()) {
        Some(known) => {
            let finding = known.finding(arguments.iter().map(String::as_str));
            (CATALOGUE.says(&finding, language), CATALOGUE.act(&finding, language))
        }
        // A code of another version of the program.
        None => (code.clone(), String::new()),
    };
    Line { since: Some(config.stamp(at_ms)), about: about(kind), name, code, arguments, says, act }
}

fn line_of(kept: Kept, language: Language) -> Line {
    let Kept { subject, name, finding } = kept;
    Line {
        since: None,
        about: about(subject.row().0),
        name,
        code: finding.code.name.to_owned(),
        says: CATALOGUE.says(&finding, language),
        act: CATALOGUE.act(&finding, language),
        arguments: finding.arguments.into_iter().map(String::from).collect(),
    }
}

fn about(kind: i64) -> &'static str {
    match kind {
        0 => "file",
        1 => "item",
        2 => "receptacle",
        3 => "dispatch",
        4 => "container",
        5 => "departure",
        7 => "customs message",
        10 => "border",
        _ => "station",
    }
}
