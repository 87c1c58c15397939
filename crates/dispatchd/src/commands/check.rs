//! `caravan check`: all findings of files, and nothing kept.

mod sarif;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::cusitm::{Decisions, read_answers};
use caravan_declaration::ics2::{read_referral_answers, read_referrals};
use caravan_declaration::{Encoding, Format, Limits, Options, Outcome, read_with};
use caravan_postal::{Finding, Language, Severity};
use clap::Args;
use serde::Serialize;

use super::correspondent::CorrespondentArgs;
use super::{FOUND, language};
use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// List all findings of files: declarations, answers of customs and referrals, in any format that is read.
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
    #[command(flatten)]
    correspondent: CorrespondentArgs,
}

#[derive(Serialize)]
struct Checked {
    file: String,
    format: &'static str,
    encoding: &'static str,
    /// The sheet that was read of a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    items: u32,
    is_whole: bool,
    findings: Vec<FindingView>,
}

impl Check {
    pub(super) fn run(self) -> Result<ExitCode> {
        let mut output = BufWriter::new(std::io::stdout().lock());
        let mut worst = Severity::Remark;
        let mut all = Vec::new();
        let known = self.correspondent.known(self.language)?;
        for path in &self.files {
            let mut findings: Vec<Finding> = Vec::new();
            let outcome = read_any(path, &known.options(), &mut findings);
            let outcome = outcome.with_context(|| format!("cannot read `{}`", path.display()))?;
            findings.extend(outcome.findings);
            worst = findings.iter().map(Finding::severity).max().unwrap_or(worst).max(worst);
            let file = path.display().to_string();
            if self.sarif {
                all.push(sarif::Found { file, sheet: outcome.sheet, findings });
                continue;
            }
            let sheet = outcome.sheet.as_deref();
            let view = |finding| FindingView::of_sheet(finding, sheet, &CATALOGUE, self.language);
            let views = findings.iter().map(view).collect();
            let checked = Checked {
                file,
                format: outcome.format.map_or("", Format::as_str),
                encoding: outcome.encoding.map_or("", Encoding::as_str),
                sheet: outcome.sheet,
                items: outcome.items,
                is_whole: outcome.is_whole,
                findings: views,
            };
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

/// Bytes at the beginning of a file that tell its format.
const HEAD: u64 = 64 << 10;

/// Reads a file of any format and puts the findings of what is in it into `findings`.
fn read_any(path: &Path, options: &Options<'_>, findings: &mut Vec<Finding>) -> io::Result<Outcome> {
    // Read once: a pipe gives its bytes to nobody a second time.
    let (mut head, mut rest) = (Vec::new(), File::open(path)?);
    (&mut rest).take(HEAD).read_to_end(&mut head)?;
    let (format, limits) = (Format::of(&head), Limits::standard());
    let input = io::Cursor::new(head).chain(rest);
    let mut found = |more: Vec<Finding>| {
        findings.extend(more);
        ControlFlow::Continue(())
    };
    match format {
        Some(Format::Cusrsp) => {
            read_answers(input, &limits, Decisions::edifact(), |read| found(read.findings))
        }
        Some(Format::Itmref) => read_referrals(input, &limits, |read| found(read.findings)),
        Some(Format::Refrsp) => read_referral_answers(input, &limits, |read| found(read.findings)),
        _ => read_with(input, &limits, options, |item| found(item.findings)),
    }
}

impl Checked {
    fn print(&self, output: &mut impl Write) -> std::io::Result<()> {
        for finding in &self.findings {
            writeln!(output, "{}", finding.line(&self.file))?;
        }
        let whole = if self.is_whole { "" } else { ", not read to its end" };
        let Self { file, format, encoding, items, findings, .. } = self;
        let what = match (format.is_empty(), encoding.is_empty()) {
            (true, _) => String::new(),
            (false, true) => format!("{format}, "),
            (false, false) => format!("{format} in {encoding}, "),
        };
        writeln!(output, "{file}: {what}{items} items, {} findings{whole}", findings.len())
    }
}
