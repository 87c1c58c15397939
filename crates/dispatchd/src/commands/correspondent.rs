//! What is said on the command line of where some files come from.

use std::path::PathBuf;

use anyhow::Result;
use caravan_declaration::Encoding;
use caravan_postal::Language;
use clap::Args;

use crate::correspondent::{Correspondent, mappings};

/// What the correspondent's files are like, where their bytes do not tell.
#[derive(Debug, Default, Args)]
pub(super) struct CorrespondentArgs {
    /// The encoding to take where the bytes could have several: utf-8, gb18030, windows-1251, windows-1252.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<Encoding>,
    /// A mapping: what the columns of the correspondent's own tables mean.
    #[arg(long, value_name = "FILE")]
    mapping: Vec<PathBuf>,
    /// The sheet of a workbook; the first when not said.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl CorrespondentArgs {
    /// Reads the mappings; a faulty one is an error that tells every fault in it.
    pub(super) fn known(self, language: Language) -> Result<Correspondent> {
        let mappings = mappings(&self.mapping, language)?;
        Ok(Correspondent { encoding: self.encoding, mappings, sheet: self.sheet, certificates: Vec::new() })
    }
}

fn encoding(name: &str) -> Result<Encoding, String> {
    Encoding::parse(name).ok_or_else(|| {
        let names: Vec<&str> = Encoding::ALL.iter().map(|encoding| encoding.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}
