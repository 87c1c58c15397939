//! `caravan convert`: declarations from one format into another.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use caravan_declaration::{
    Format, Limits, PLAIN_FORMATS, ReadItem, WriteError, Writer, differences, read, read_with,
};
use caravan_postal::Language;
use clap::Args;

use super::correspondent::CorrespondentArgs;
use super::{FOUND, language};

/// Write declaration files in another format.
///
/// What the format cannot say is named, item by item and field by field. An item that it cannot hold at all is left
/// out; what was wrong with the files is told by `check`.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// The files, of any format; all their items become one file.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format to write: xml, csv, json, cusitm or customs-data.
    #[arg(long, value_name = "FORMAT", value_parser = format)]
    to: Format,
    /// Where to write; the standard output when not said.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The language of the sentences about a mapping: en, ru or zh.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    #[command(flatten)]
    correspondent: CorrespondentArgs,
}

impl Convert {
    pub(super) fn run(mut self) -> Result<ExitCode> {
        let known = std::mem::take(&mut self.correspondent).known(self.language)?;
        self.spare_inputs()?;
        let output: Box<dyn Write> = match &self.output {
            Some(path) => {
                Box::new(File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?)
            }
            None => Box::new(std::io::stdout().lock()),
        };
        let mut writer =
            Writer::new(self.to, BufWriter::new(output))?.context("the format is a plain one")?;
        let mut lost = 0u64;
        for path in &self.files {
            let input = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let mut broken = None;
            let outcome = read_with(input, &Limits::standard(), &known.options(), |item| {
                match self.item(&mut writer, &item) {
                    Ok(losses) => {
                        for loss in &losses {
                            eprintln!("{}: item {}: {loss}", path.display(), item.ordinal);
                        }
                        lost += losses.len() as u64;
                        ControlFlow::Continue(())
                    }
                    Err(error) => {
                        broken = Some(error);
                        ControlFlow::Break(())
                    }
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
        writer.finish()?.flush().context("cannot write the last items")?;
        Ok(if lost > 0 { ExitCode::from(FOUND) } else { ExitCode::SUCCESS })
    }

    /// Makes sure, before anything is written, that every input is there and is not what is written.
    fn spare_inputs(&self) -> Result<()> {
        let written = self.output.as_ref().and_then(|path| fs::metadata(path).ok());
        for path in &self.files {
            let found = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let is_written = |written: &fs::Metadata| {
                written.is_file() && (written.dev(), written.ino()) == (found.dev(), found.ino())
            };
            if written.as_ref().is_some_and(is_written) {
                bail!("`{}` would be written over while it is read\nhint: name another file", path.display());
            }
        }
        Ok(())
    }

    /// Writes an item and returns what of it was lost.
    fn item(&self, writer: &mut Writer<impl Write>, item: &ReadItem<'_>) -> Result<Vec<String>> {
        match writer.item(&item.declaration) {
            Ok(()) => self.losses(item),
            Err(error @ WriteError::Unwritable { .. }) => Ok(vec![format!("not written: {error}")]),
            Err(error) => Err(error.into()),
        }
    }

    /// Returns what reading the written item again does not give back.
    fn losses(&self, item: &ReadItem<'_>) -> Result<Vec<String>> {
        let mut alone = Writer::new(self.to, Vec::new())?.context("the format is a plain one")?;
        alone.item(&item.declaration)?;
        let bytes = alone.finish()?;
        let mut losses = Vec::new();
        let again = read(bytes.as_slice(), &Limits::standard(), |again| {
            let lost = differences(&item.declaration, &again.declaration);
            losses.extend(lost.iter().map(|field| format!("`{field}` is not carried over")));
            ControlFlow::Break(())
        });
        again.context("memory does not fail")?;
        Ok(losses)
    }
}

fn format(name: &str) -> Result<Format, String> {
    let names: Vec<&str> = PLAIN_FORMATS.iter().map(|format| format.as_str()).collect();
    let found = PLAIN_FORMATS.iter().copied().find(|format| format.as_str() == name);
    found.ok_or_else(|| format!("one of {}", names.join(", ")))
}
