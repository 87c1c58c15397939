//! `caravan check`: all findings of declaration files, and nothing kept.

mod sarif;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::{Limits, read};
use caravan_postal::{Finding, Language, Severity};
use clap::Args;
use serde::Serialize;

use super::{FOUND, language};
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// List all findings of declaration files.
///
/// This reads the files and says what is wrong with them as files; whether an item is admissible is said by `assess`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The language of the sentences: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Print JSON, one object a file.
    #[arg(long, conflicts_with = "sarif")]
    json: bool,
    /// Print SARIF 2.1.0, one log for all files.
    #[arg(long)]
    sarif: bool,
}

#[derive(Serialize)]
struct Checked {
    file: String,
    items: u32,
    is_whole: bool,
    findings: Vec<FindingView>,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode> {
        let mut output = BufWriter::new(std::io::stdout().lock());
        let mut worst = Severity::Remark;
        let mut all = Vec::new();
        for path in &self.files {
            let input = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let mut findings: Vec<Finding> = Vec::new();
            let outcome = read(input, &Limits::standard(), |item| {
                findings.extend(item.findings);
                ControlFlow::Continue(())
            });
            let outcome = outcome.with_context(|| format!("cannot read `{}`", path.display()))?;
            findings.extend(outcome.findings);
            worst = findings.iter().map(Finding::severity).max().unwrap_or(worst).max(worst);
            let file = path.display().to_string();
            if self.sarif {
                all.push((file, findings));
                continue;
            }
            let views =
                findings.iter().map(|finding| FindingView::of(finding, &CATALOGUE, self.language)).collect();
            let checked = Checked { file, items: outcome.items, is_whole: outcome.is_whole, findings: views };
            if self.json {
                writeln!(output, "{}", serde_json::to_string(&checked)?)?;
            } else {
                checked.print(&mut output)?;
            }
        }
        if self.sarif {
            serde_json::to_writer_pretty(&mut output, &sarif::Log::of(&all, self.language))?;
            writeln!(output)?;
        }
        output.flush()?;
        Ok(if worst >= Severity::Hold { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }
}

impl Checked {
    fn print(&self, output: &mut impl Write) -> std::io::Result<()> {
        for finding in &self.findings {
            writeln!(output, "{}", finding.line(&self.file))?;
        }
        let whole = if self.is_whole { "" } else { ", not read to its end" };
        writeln!(output, "{}: {} items, {} findings{whole}", self.file, self.items, self.findings.len())
    }
}
