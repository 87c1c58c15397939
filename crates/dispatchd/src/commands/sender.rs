//! What is said on the command line of who sent some files.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use caravan_declaration::csv::Mapping;
use caravan_declaration::{Encoding, Options};
use caravan_postal::Language;
use clap::Args;

use crate::flow::FindingView;
use crate::texts::CATALOGUE;

/// What the sender's files are like, where their bytes do not tell.
#[derive(Debug, Default, Args)]
pub(super) struct Sender {
    /// The encoding to take where the bytes could have several: utf-8, gb18030, windows-1251, windows-1252.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Encoding>,
    /// A mapping: what the columns of the sender's own tables mean.
    #[arg(long, value_name = "FILE")]
    mapping: Vec<PathBuf>,
    /// The sheet of a workbook; the first when not said.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

/// The same, with the mappings read.
#[derive(Debug)]
pub(super) struct Known {
    encoding: Option<Encoding>,
    mappings: Vec<Mapping>,
    sheet: Option<String>,
}

impl Sender {
    /// Reads the mappings; a faulty one is an error that tells every fault in it.
    pub(super) fn known(self, language: Language) -> Result<Known> {
        let mut mappings = Vec::new();
        for path in &self.mapping {
            let name = path.display().to_string();
            let text = fs::read_to_string(path).with_context(|| format!("cannot read `{name}`"))?;
            let (mapping, faults) = Mapping::parse(&text);
            let lines = faults.iter().map(|fault| FindingView::of(fault, &CATALOGUE, language).line(&name));
            match mapping {
                Some(mapping) => mappings.push(mapping),
                None => bail!("the mapping cannot be used\n{}", lines.collect::<Vec<_>>().join("\n")),
            }
        }
        Ok(Known { encoding: self.encoding, mappings, sheet: self.sheet })
    }
}

impl Known {
    /// Returns what the readers want to know.
    pub(super) fn options(&self) -> Options<'_> {
        Options { encoding: self.encoding, mappings: &self.mappings, sheet: self.sheet.as_deref() }
    }
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Encoding::ALL.iter().map(|encoding| encoding.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}
