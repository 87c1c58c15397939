//! The rows of the tables as they are written: where each stands, and every field that it has.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caravan_postal::Language;
use caravan_tariff::{BUILTIN, Engine, Layer, Row, choice_text};
use serde_json::{Value, json};

use crate::overlay::Overlay;
use crate::texts::CATALOGUE;

/// A row with where it is written.
#[derive(Debug)]
pub struct Written<'a> {
    /// The row.
    pub row: &'a Row,
    /// The table in which it stands.
    pub table: String,
    fields: toml::Table,
}

/// How much of a list in a row is shown.
const SHOWN: usize = 200;

/// Returns every row of the program's tables and of a station's, by id.
pub fn written<'a>(engine: &'a Engine, overlay: &Overlay) -> Vec<Written<'a>> {
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

    /// Returns the row on one line.
    pub fn line(&self, language: Language) -> String {
        let Row { id, source, file, line, .. } = self.row;
        let status = self.status(language);
        format!("{id:<32} {:<24} {status:<10} {source} ({file}:{line})", self.days())
    }

    fn status(&self, language: Language) -> String {
        let name = format!("@status-{}", self.row.status.as_str().replace('_', "-"));
        CATALOGUE.term(&name, language).to_owned()
    }

    /// Returns the row with all its fields, a line each. Sources, notes and the names of fields are as the table has them.
    pub fn page(&self, language: Language) -> String {
        let Row { id, source, note, file, line, .. } = self.row;
        let (days, place, status) = (self.days(), format!("{file}:{line}"), self.status(language));
        let mut page = format!("{id}\n");
        let head = [
            ("@label-table", &*self.table),
            ("@label-file", &place),
            ("@label-days", &days),
            ("@label-status", &status),
            ("@label-source", source),
            ("@label-note", note),
        ];
        for (label, value) in head.into_iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(page, "  {}: {value}", CATALOGUE.term(label, language))
                .expect("writing into a text does not fail");
        }
        if let Some(choices) = self.choices(language) {
            writeln!(page, "  {}: {choices}", CATALOGUE.term("@label-choices", language))
                .expect("writing into a text does not fail");
        }
        for (name, value) in self.own() {
            let value: String = value.to_string().chars().take(SHOWN).collect();
            writeln!(page, "  {name} = {value}").expect("writing into a text does not fail");
        }
        page
    }

    /// Returns the choices of a reading with their names: `item: each item shows its payer`.
    fn choices(&self, language: Language) -> Option<String> {
        let choices = self.fields.get("choices").filter(|_| self.table == "reading")?.as_array()?;
        let named = choices
            .iter()
            .filter_map(toml::Value::as_str)
            .map(|choice| format!("{choice} ({})", choice_text(&self.row.id, choice, &CATALOGUE, language)));
        Some(named.collect::<Vec<_>>().join("; "))
    }

    /// Returns the fields that only rows of this table have.
    fn own(&self) -> impl Iterator<Item = (&String, &toml::Value)> {
        const HEAD: [&str; 7] = ["id", "valid_from", "valid_to", "status", "source", "article", "note"];
        self.fields.iter().filter(|(name, _)| !HEAD.contains(&name.as_str()))
    }

    /// Returns the same as JSON.
    pub fn object(&self) -> Value {
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
