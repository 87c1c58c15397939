//! `caravan convert`: declarations from one format into another.

mod envelope;
mod messages;
mod output;

use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_declaration::ceb::{Batch, Job};
use caravan_declaration::envelope::{Envelope, Target};
use caravan_declaration::{Limits, Options, ReadItem, WriteError, Writer, lost, read_with};
use caravan_postal::Language;
use clap::Args;

pub(super) use envelope::ConvertError;
use messages::Messages;
use output::Output;

use super::correspondent::CorrespondentArgs;
use super::{FOUND, language};

/// Write declaration files in another format.
///
/// What the format cannot say is named, item by item and field by field. An item that it cannot hold at all is left
/// out; what was wrong with the files is told by `check`.
///
/// ITMATT in EDIFACT, China's messages and IE3F43 need facts that no declaration has: sender, recipient, numbers, times,
/// codes. They stand in an envelope file, see `fixtures/envelopes`. One message of China's holds 100 documents; when it
/// takes several, `-o lists.xml` writes `lists-1.xml`, `lists-2.xml` and so on, and prints their names.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// The files, of any format; all their items become one file.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format to write: xml, csv, json, xlsx, itmatt, itmatt-xml, cusitm, customs-data, ie3f43, or one of China's
    /// messages: ceb-303, ceb-505, ceb-507, ceb-509, ceb-603, ceb-607, ceb-311, ceb-511, ceb-621, ceb-711.
    #[arg(long, value_name = "FORMAT", value_parser = target)]
    to: Target,
    /// What the message needs beside declarations: a TOML file with a table for the format.
    #[arg(long, value_name = "FILE")]
    envelope: Option<PathBuf>,
    /// Put each of China's messages into a `DxpMsg`, with what the envelope says in `[dxp]`.
    #[arg(long)]
    wrap: bool,
    /// Where to write; the standard output when not said.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The language of the sentences about a mapping or an envelope: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    #[command(flatten)]
    correspondent: CorrespondentArgs,
}

impl Convert {
    pub(super) fn run(mut self) -> Result<ExitCode> {
        let known = std::mem::take(&mut self.correspondent).known(self.language)?;
        let envelope = self.envelope()?;
        let output = Output::new(self.output.as_deref(), &self.files)?;
        let lost = match &envelope {
            Envelope::Ceb(job) => self.messages(job, output, &known.options())?,
            one => self.one_file(one, output, &known.options())?,
        };
        Ok(if lost > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }

    /// Reads the envelope file, when the format needs one.
    fn envelope(&self) -> Result<Envelope> {
        let name = self.to.name();
        let wrong = |call: String| Err(ConvertError::Call(call).into());
        match (self.wrap, self.to) {
            (true, Target::Ceb(message)) if Job::is_signed(message) => {
                return wrong(format!(
                    "`{name}` is signed before it is wrapped\nhint: convert without `--wrap`, then `caravan sign`"
                ));
            }
            (true, Target::Plain(_) | Target::Itmatt | Target::Ie3f43) => {
                return wrong(format!(
                    "only China's messages travel in a `DxpMsg`, not `{name}`\nhint: leave out `--wrap`"
                ));
            }
            _ => {}
        }
        match (self.to.plain(), &self.envelope) {
            (Some(plain), None) => Ok(plain),
            (Some(_), Some(_)) => wrong(format!("`{name}` needs no envelope\nhint: leave out `--envelope`")),
            (None, None) => wrong(format!(
                "`{name}` needs facts that no declaration has\nhint: say them in a file, `--envelope FILE`; \
                 `fixtures/envelopes` has examples"
            )),
            (None, Some(path)) => envelope::read(path, self.to, self.wrap, self.language),
        }
    }

    /// Writes one file; returns how much was lost.
    fn one_file(&self, envelope: &Envelope, mut output: Output<'_>, options: &Options<'_>) -> Result<u64> {
        let mut writer =
            Writer::new(envelope, output.one()?)?.context("China's messages have a writer of their own")?;
        let count = self.each_item(options, |path, item| {
            match writer.item(&item.declaration) {
                Ok(()) => {}
                Err(error @ WriteError::Unwritable { .. }) => {
                    return Ok(not_written(path, item.ordinal, &error));
                }
                Err(error) => return Err(error.into()),
            }
            let lost = lost(envelope, &item.declaration)?.unwrap_or_default();
            Ok(not_carried(path, item.ordinal, &lost))
        })?;
        writer.finish()?.flush().context("cannot write the last items")?;
        Ok(count)
    }

    /// Writes China's messages; returns how much was lost.
    fn messages(&self, job: &Job, output: Output<'_>, options: &Options<'_>) -> Result<u64> {
        let mut batch = Batch::new(job).context("the envelope was read for this message")?;
        let mut messages = Messages::new(output);
        let mut count = self.each_item(options, |path, item| match batch.item(&item.declaration) {
            Ok(taken) => {
                if let Some(message) = taken.message {
                    messages.push(message)?;
                }
                Ok(not_carried(path, item.ordinal, &taken.losses))
            }
            Err(refusal) => Ok(not_written(path, item.ordinal, &self.refused(&refusal))),
        })?;
        match batch.finish() {
            Ok(last) => last.into_iter().try_for_each(|message| messages.push(message))?,
            Err(refusal) => {
                eprintln!("the last message is not written: {}", self.refused(&refusal));
                count += 1;
            }
        }
        if !messages.finish()? {
            eprintln!("no message is written: it has at least one item");
            count += 1;
        }
        Ok(count)
    }

    /// Hands over every item of every file; `each` says how much of it was lost. What was not read to its end is lost,
    /// too.
    fn each_item(
        &self,
        options: &Options<'_>,
        mut each: impl FnMut(&Path, &ReadItem<'_>) -> Result<u64>,
    ) -> Result<u64> {
        let mut lost = 0;
        for path in &self.files {
            let input = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let mut broken = None;
            let outcome = read_with(input, &Limits::standard(), options, |item| match each(path, &item) {
                Ok(count) => {
                    lost += count;
                    ControlFlow::Continue(())
                }
                Err(error) => {
                    broken = Some(error);
                    ControlFlow::Break(())
                }
            });
            if let Some(error) = broken {
                return Err(error);
            }
            let outcome = outcome.with_context(|| format!("cannot read `{}`", path.display()))?;
            if !outcome.is_whole {
                lost += 1;
                eprintln!("{}: not read to its end; `caravan check` tells why", path.display());
            }
        }
        Ok(lost)
    }
}

fn not_written(path: &Path, ordinal: u32, why: &impl std::fmt::Display) -> u64 {
    eprintln!("{}: item {ordinal}: not written: {why}", path.display());
    1
}

fn not_carried(path: &Path, ordinal: u32, losses: &caravan_declaration::Losses<'_>) -> u64 {
    if losses.is_empty() {
        return 0;
    }
    eprintln!("{}: item {ordinal}: not carried over: {losses}", path.display());
    (losses.fields.len() + losses.extras.len()) as u64
}

fn target(name: &str) -> Result<Target, String> {
    Target::named(name).ok_or_else(|| {
        let names: Vec<String> = Target::all().map(Target::name).collect();
        format!("one of {}", names.join(", "))
    })
}
