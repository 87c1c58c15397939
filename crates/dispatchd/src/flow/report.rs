//! The report beside every file: what became of it, and what was found, for people and for programs.

use anyhow::Result;
use caravan_postal::{Catalogue, Finding, Language, Place};
use caravan_store::{FileRow, FoundRow, Store, Verdict};
use serde::Serialize;

use crate::folder::hex;
use crate::texts::CATALOGUE;

/// A report as it is written beside its file.
#[derive(Debug, Serialize)]
struct Report<'a> {
    format: &'static str,
    file: &'a str,
    sha256: String,
    bytes: u64,
    verdict: &'static str,
    /// The name under which the same content first came, for a duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<&'a str>,
    content: &'a str,
    items: u32,
    held: u32,
    refused: u32,
    findings: Vec<FindingView>,
}

/// A finding as reports and `check` show it.
#[derive(Debug, Serialize)]
pub struct FindingView {
    code: String,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    item: Option<u32>,
    #[serde(skip_serializing_if = "String::is_empty")]
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "String::is_empty")]
    field: String,
    arguments: Vec<String>,
    says: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    act: String,
}

/// Returns the report of a file whose verdict stands.
pub(super) async fn of_file(store: &Store, file: &FileRow, language: Language) -> Result<Vec<u8>> {
    let [go, held, refused] = store.items_of_file(file.id).await?;
    let findings = store.findings_of_file(file.id).await?;
    let report = Report {
        format: "caravan-report-1",
        file: &file.name,
        sha256: hex(&file.hash),
        bytes: file.bytes,
        verdict: file.verdict.as_str(),
        first: None,
        content: &file.format,
        items: go + held + refused,
        held,
        refused,
        findings: findings.iter().map(|found| of_row(found, &CATALOGUE, language)).collect(),
    };
    Ok(json(&report))
}

/// Returns the report of a file whose content is known under another name.
pub(super) fn of_duplicate(name: &str, first: &FileRow) -> Vec<u8> {
    let report = Report {
        format: "caravan-report-1",
        file: name,
        sha256: hex(&first.hash),
        bytes: first.bytes,
        verdict: "duplicate",
        first: Some(&first.name),
        content: &first.format,
        items: 0,
        held: 0,
        refused: 0,
        findings: Vec::new(),
    };
    json(&report)
}

/// Returns the report of a file whose bytes cannot be had.
pub(super) fn of_unreadable(name: &str, bytes: u64, finding: &Finding, language: Language) -> Vec<u8> {
    let report = Report {
        format: "caravan-report-1",
        file: name,
        sha256: String::new(),
        bytes,
        verdict: Verdict::Failed.as_str(),
        first: None,
        content: "",
        items: 0,
        held: 0,
        refused: 0,
        findings: vec![FindingView::of(finding, &CATALOGUE, language)],
    };
    json(&report)
}

impl FindingView {
    /// Returns a finding as it is shown in a language.
    pub fn of(finding: &Finding, catalogue: &Catalogue, language: Language) -> Self {
        Self::of_sheet(finding, None, catalogue, language)
    }

    /// Returns its code.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Returns a finding of a workbook, of which one sheet was read.
    pub fn of_sheet(
        finding: &Finding,
        sheet: Option<&str>,
        catalogue: &Catalogue,
        language: Language,
    ) -> Self {
        Self {
            code: finding.code.name.to_owned(),
            severity: finding.severity().as_str(),
            item: finding.item,
            place: place_on(finding.place, sheet),
            offset: offset(finding.place),
            field: finding.field.to_string(),
            arguments: finding.arguments.iter().map(ToString::to_string).collect(),
            says: catalogue.says(finding, language),
            act: catalogue.act(finding, language),
        }
    }
}

impl FindingView {
    /// Returns the finding on one line, after the name of its file.
    pub fn line(&self, file: &str) -> String {
        let mut line = String::new();
        for part in [file, &self.place] {
            if !part.is_empty() {
                line.push_str(part);
                line.push_str(": ");
            }
        }
        let item = self.item.map_or_else(String::new, |item| format!(" item {item}"));
        let field = if self.field.is_empty() { String::new() } else { format!(" {}", self.field) };
        format!("{line}{}[{}]{item}{field}: {} {}", self.severity, self.code, self.says, self.act)
            .trim_end()
            .to_owned()
    }
}

fn of_row(row: &FoundRow, catalogue: &Catalogue, language: Language) -> FindingView {
    let field =
        row.piece.map_or_else(|| row.field.clone(), |piece| format!("content[{piece}].{}", row.field));
    match row.finding(catalogue) {
        Some(finding) => FindingView { field, ..FindingView::of(&finding, catalogue, language) },
        // A code of another version of the program: the facts stay readable without its sentence.
        None => FindingView {
            code: row.code.clone(),
            severity: "",
            item: row.ordinal,
            place: row.place.to_string(),
            offset: offset(row.place),
            field,
            arguments: row.arguments.clone(),
            says: String::new(),
            act: String::new(),
        },
    }
}

/// Returns a place as it is shown: a cell with the sheet that it is in, when there are sheets.
pub fn place_on(place: Place, sheet: Option<&str>) -> String {
    match (place, sheet) {
        (Place::Cell { .. }, Some(sheet)) => format!("sheet {sheet}, {place}"),
        _ => place.to_string(),
    }
}

fn offset(place: Place) -> Option<u64> {
    match place {
        Place::Text { offset, .. } => Some(offset),
        Place::Whole | Place::Segment { .. } | Place::Cell { .. } => None,
    }
}

fn json(report: &Report<'_>) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(report).expect("a report is JSON");
    bytes.push(b'\n');
    bytes
}

/// Returns the folder below the station's in which a file of a verdict ends.
pub(super) fn last_folder(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Open | Verdict::Done => "done",
        Verdict::Failed | Verdict::SetAside => "failed",
    }
}
