//! `caravan reference show`: the rows of the tables.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_postal::Language;
use clap::Args;
use serde_json::json;

use super::super::language;
use crate::overlay::{FOLDER, Overlay};
use crate::texts::CATALOGUE;
use crate::written::written;

/// Show the rows of the tables: all tables, one table, or one row.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The name of a table, or the id of a row; without it, the tables.
    #[arg(value_name = "TABLE|ID")]
    what: Option<String>,
    /// A station folder, whose own tables are laid over the program's.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// The language: en, ru or zh. Sources and notes are as the tables have them.
    #[arg(long, value_name = "LANG", default_value = "en", value_parser = language)]
    language: Language,
    /// Print JSON, one object a row or a table.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(self) -> Result<ExitCode> {
        let folder = self.station.as_ref().map(|station| station.join(FOLDER));
        let overlay = folder.map(|folder| Overlay::read(&folder)).transpose()?.unwrap_or_default();
        let engine = overlay.engine()?;
        let rows = written(&engine, &overlay);
        let mut output = io::stdout().lock();
        let Some(what) = &self.what else {
            let mut tables: BTreeMap<&str, usize> = BTreeMap::new();
            for row in &rows {
                *tables.entry(&row.table).or_default() += 1;
            }
            for (table, count) in tables {
                if self.json {
                    writeln!(output, "{}", json!({ "table": table, "rows": count }))?;
                } else {
                    let rows = CATALOGUE.term("@label-rows", self.language);
                    writeln!(output, "{table:<17} {count:>4} {rows}")?;
                }
            }
            return Ok(ExitCode::SUCCESS);
        };
        let is_table = rows.iter().any(|row| row.table == *what);
        let mut shown =
            rows.iter().filter(|row| row.table == *what || row.row.id.as_str() == what).peekable();
        if shown.peek().is_none() {
            let error =
                io::Error::new(io::ErrorKind::NotFound, format!("there is no table and no row `{what}`"));
            return Err(error).context("cannot show it");
        }
        for row in shown {
            match (self.json, is_table) {
                (true, _) => writeln!(output, "{}", row.object())?,
                (false, true) => writeln!(output, "{}", row.line(self.language))?,
                (false, false) => write!(output, "{}", row.page(self.language))?,
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
