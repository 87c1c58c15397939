//! Official tariffs as their publishers hand them out, made into dated rows of our own tables.
//!
//! What comes out is one TOML text that a station lays over the program's tables. Every line that is left out is counted
//! or reported; no rate is made up, and one that cannot be reckoned is kept as it is printed.

mod articles;
mod csv_file;
mod hts;
mod nomenclature;
mod uk;

use std::fmt::Write as _;

use caravan_postal::{Finding, HsCode, Place, Severity};
use chrono::NaiveDate;

use crate::codes::{
    IMPORT_CODE_WRONG, IMPORT_COLUMN_MISSING, IMPORT_EMPTY, IMPORT_LARGE, IMPORT_LEFT_OUT, IMPORT_ROW_WRONG,
    IMPORT_UNREADABLE,
};

/// A kind of file that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ImportKind {
    /// The UK tariff: `measures-on-declarable-commodities` of the data service, or `global-uk-tariff.csv` of 2021, which
    /// has the rates of the European Union too.
    UkTariff,
    /// Codes of the Harmonized System with their `level`, as the data set harmonized-system has them.
    Hs,
    /// The US Harmonized Tariff Schedule, CSV or JSON of its export.
    UsHts,
    /// A table of articles with rate and list price, as China's personal articles.
    Articles,
}

/// What the file itself does not say.
#[derive(Debug, Clone)]
pub struct ImportHead {
    /// The first day of the rows.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: Option<NaiveDate>,
    /// Where the file comes from, for people.
    pub source: String,
}

/// What was made of a file.
#[derive(Debug)]
pub struct Imported {
    /// The table; empty when nothing could be read.
    pub text: String,
    /// How many lines or rows it has.
    pub rows: usize,
    /// What is to be said about the file, by place.
    pub findings: Vec<Finding>,
}

/// The longest file, in bytes: the UK's has some 60 million.
pub const IMPORT_BYTES_MAX: usize = 256 << 20;
/// The most findings that are kept.
const FINDINGS_MAX: usize = 100;

impl ImportKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::UkTariff, Self::Hs, Self::UsHts, Self::Articles];

    /// Returns the kind of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Returns the name: `uk-tariff`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UkTariff => "uk-tariff",
            Self::Hs => "hs",
            Self::UsHts => "us-hts",
            Self::Articles => "articles",
        }
    }
}

impl Imported {
    /// Returns whether there is anything to be used.
    pub fn is_good(&self) -> bool {
        self.rows > 0 && self.findings.iter().all(|finding| finding.severity() < Severity::Fatal)
    }
}

/// Makes a table of a file.
pub fn import(kind: ImportKind, bytes: &[u8], head: &ImportHead) -> Imported {
    let mut making = Making { head, lines: Vec::new(), findings: Vec::new(), left_out: 0 };
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    match text {
        _ if bytes.len() > IMPORT_BYTES_MAX => {
            making.find(Place::Whole, IMPORT_LARGE.finding([IMPORT_BYTES_MAX.to_string()]));
        }
        Err(_) => making.find(Place::Whole, IMPORT_UNREADABLE.finding(["UTF-8"])),
        Ok(text) => match kind {
            ImportKind::UkTariff => return uk::import(text, making),
            ImportKind::Hs => return nomenclature::import(text, making),
            ImportKind::UsHts => return hts::import(text, making),
            ImportKind::Articles => return articles::import(text, making),
        },
    }
    making.finish("")
}

/// A table in the making.
struct Making<'a> {
    head: &'a ImportHead,
    lines: Vec<String>,
    findings: Vec<Finding>,
    left_out: usize,
}

impl Making<'_> {
    fn find(&mut self, place: Place, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding.at(place));
        }
    }

    /// Reports a column that the heading lacks.
    fn lacks(&mut self, column: &str) {
        self.find(Place::Cell { row: 1, column: 1 }, IMPORT_COLUMN_MISSING.finding([column]));
    }

    /// Reports a row that is not of the shape of its file.
    fn wrong(&mut self, row: u32, expected: &str) {
        self.find(Place::Cell { row, column: 1 }, IMPORT_ROW_WRONG.finding([expected]));
    }

    /// Reads a code; a broken one is reported.
    fn code(&mut self, row: u32, text: &str) -> Option<HsCode> {
        let code = HsCode::parse(text);
        if code.is_none() {
            let shown: String = text.chars().take(16).collect();
            self.find(Place::Cell { row, column: 1 }, IMPORT_CODE_WRONG.finding([shown]));
        }
        code
    }

    /// Adds a line of a list, or reports its row where a cell that must say something is empty. What separates cells has
    /// no place in one and is replaced.
    fn line(&mut self, row: u32, must: &[&str], may: &[&str]) {
        let clean = |cell: &&str| -> String {
            let plain = cell.replace(|letter: char| letter.is_control(), " ");
            let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            plain.replace(';', ",").replace('\'', "’")
        };
        let cells: Vec<String> = must.iter().map(clean).collect();
        if cells.iter().any(String::is_empty) {
            return self.wrong(row, "rate");
        }
        let more: Vec<String> = may.iter().map(clean).collect();
        let line = [cells, more].concat().join(";");
        self.lines.push(line.trim_end_matches(';').to_owned());
    }

    /// Ends a list of lines.
    fn list(mut self, id: &str, kind: &str, schedules: &[&str]) -> Imported {
        self.lines.sort_unstable();
        self.lines.dedup();
        let schedules = schedules.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        let row = self.row_head("list", &format!("{id}-{}", self.head.valid_from));
        let text = format!(
            "{row}kind = {kind:?}\nschedules = [{schedules}]\nlines = '''\n{}\n'''\n",
            self.lines.join("\n")
        );
        self.finish(&text)
    }

    /// Writes the head of a row.
    fn row_head(&self, table: &str, id: &str) -> String {
        let mut text = format!("[[{table}]]\nid = {id:?}\nvalid_from = {}\n", self.head.valid_from);
        if let Some(last) = self.head.valid_to {
            writeln!(text, "valid_to = {last}").expect("writing into a text does not fail");
        }
        text.push_str("status = \"in_force\"\nsource = \"imported\"\n");
        text
    }

    fn finish(mut self, rows: &str) -> Imported {
        if self.left_out > 0 {
            let finding = IMPORT_LEFT_OUT.finding([self.left_out.to_string()]);
            self.findings.push(finding);
        }
        let is_fatal = self.findings.iter().any(|finding| finding.severity() == Severity::Fatal);
        if self.lines.is_empty() && !is_fatal {
            self.findings.push(IMPORT_EMPTY.finding([""; 0]));
        }
        self.findings.sort();
        if self.lines.is_empty() || is_fatal {
            return Imported { text: String::new(), rows: 0, findings: self.findings };
        }
        let source = toml::Value::from(self.head.source.as_str());
        let text = format!("[sources]\nimported = {{ act = {source} }}\n\n{rows}");
        Imported { text, rows: self.lines.len(), findings: self.findings }
    }
}
