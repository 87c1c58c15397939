//! `caravan reference show`: the rows of the tables.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use caravan_tariff::{BUILTIN, Engine, Layer, Row};
use clap::Args;
use serde_json::{Value, json};

use crate::overlay::{FOLDER, Overlay};

/// Show the rows of the tables: all tables, one table, or one row.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The name of a table, or the id of a row; without it, the tables.
    #[arg(value_name = "TABLE|ID")]
    what: Option<String>,
    /// A station folder, whose own tables are laid over the program's.
    #[arg(long, value_name = "DIR")]
    station: Option<PathBuf>,
    /// Print JSON, one object a row or a table.
    #[arg(long)]
    json: bool,
}

/// A row with where it is written.
struct Written<'a> {
    row: &'a Row,
    table: String,
    fields: toml::Table,
}

/// How much of a list in a row is shown.
const SHOWN: usize = 200;

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
                    writeln!(output, "{table:<17} {count:>4} rows")?;
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
                (false, true) => writeln!(output, "{}", row.line())?,
                (false, false) => write!(output, "{}", row.page())?,
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns every row of the program's tables and of a station's, by id.
fn written<'a>(engine: &'a Engine, overlay: &Overlay) -> Vec<Written<'a>> {
    let mut found: BTreeMap<String, (String, toml::Table)> = BTreeMap::new();
    let own = overlay.texts().iter().map(|(_, text)| text.as_str());
    for text in BUILTIN.iter().map(|table| table.text).chain(own) {
        // Lists are no TOML; their heads are.
        let Ok(tables) = toml::from_str::<toml::Table>(text) else { continue };
        for (table, rows) in tables {
            for row in rows.as_array().into_iter().flatten().filter_map(toml::Value::as_table) {
                if let Some(id) = row.get("id").and_then(toml::Value::as_str) {
                    found.insert(id.to_owned(), (table.clone(), row.clone()));
                }
            }
        }
    }
    let rows = engine.rows().filter_map(|row| {
        let (table, fields) = found.remove(row.id.as_str())?;
        Some(Written { row, table, fields })
    });
    rows.collect()
}

impl Written<'_> {
    fn days(&self) -> String {
        self.row.valid_to.map_or_else(
            || format!("{}..", self.row.valid_from),
            |to| format!("{}..{to}", self.row.valid_from),
        )
    }

    fn line(&self) -> String {
        let Row { id, status, source, file, line, .. } = self.row;
        format!("{id:<32} {:<24} {status:<10} {source} ({file}:{line})", self.days())
    }

    fn page(&self) -> String {
        let Row { id, status, source, note, file, line, .. } = self.row;
        let mut page = format!(
            "{id}\n  table   {}\n  file    {file}:{line}\n  days    {}\n  status  {status}\n  source  {source}\n",
            self.table,
            self.days()
        );
        if !note.is_empty() {
            writeln!(page, "  note    {note}").expect("writing into a text does not fail");
        }
        for (name, value) in self.own() {
            let value: String = value.to_string().chars().take(SHOWN).collect();
            writeln!(page, "  {name} = {value}").expect("writing into a text does not fail");
        }
        page
    }

    /// Returns the fields that only rows of this table have.
    fn own(&self) -> impl Iterator<Item = (&String, &toml::Value)> {
        const HEAD: [&str; 7] = ["id", "valid_from", "valid_to", "status", "source", "article", "note"];
        self.fields.iter().filter(|(name, _)| !HEAD.contains(&name.as_str()))
    }

    fn object(&self) -> Value {
        let fields: BTreeMap<&String, &toml::Value> = self.own().collect();
        json!({
            "id": self.row.id.as_str(),
            "table": self.table,
            "file": &*self.row.file,
            "line": self.row.line,
            "own": self.row.layer == Layer::Station,
            "valid_from": self.row.valid_from.to_string(),
            "valid_to": self.row.valid_to.map(|day| day.to_string()),
            "status": self.row.status.as_str(),
            "source": &*self.row.source,
            "note": &*self.row.note,
            "fields": fields,
        })
    }
}
