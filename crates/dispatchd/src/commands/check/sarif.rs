//! Findings as SARIF 2.1.0 (OASIS, 2020), for editors and pipelines that show them beside the file.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caravan_postal::{Finding, Language, Place, Severity};
use serde::Serialize;

use crate::flow::place_on;
use crate::texts::CATALOGUE;

/// A file with what was found in it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) file: String,
    /// The sheet that was read of a workbook.
    pub(super) sheet: Option<String>,
    pub(super) findings: Vec<Finding>,
}

/// A log of one run.
#[derive(Debug, Serialize)]
pub(super) struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    results: Vec<ResultOf>,
    column_kind: &'static str,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
struct Driver {
    name: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    default_configuration: Configuration,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf {
    rule_id: &'static str,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
    logical_locations: Vec<Logical>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    byte_offset: u64,
}

/// What is no line and column: an item, a segment, a cell.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
}

impl Log {
    /// Returns the log of the findings of some files, in their order.
    pub(super) fn of(files: &[Found], language: Language) -> Self {
        let mut rules = BTreeMap::new();
        let mut results = Vec::new();
        for Found { file, sheet, findings } in files {
            for finding in findings {
                let level = level(finding.severity());
                let rule = Rule { id: finding.code.name, default_configuration: Configuration { level } };
                rules.insert(finding.code.name, rule);
                let text =
                    format!("{} {}", CATALOGUE.says(finding, language), CATALOGUE.act(finding, language));
                results.push(ResultOf {
                    rule_id: finding.code.name,
                    level,
                    message: Message { text: text.trim_end().to_owned() },
                    locations: [location(file, sheet.as_deref(), finding)],
                });
            }
        }
        let driver = Driver { name: "caravan", rules: rules.into_values().collect() };
        let run = Run { tool: Tool { driver }, results, column_kind: "unicodeCodePoints" };
        Self {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [run],
        }
    }
}

fn location(file: &str, sheet: Option<&str>, finding: &Finding) -> Location {
    let region = match finding.place {
        Place::Text { offset, line, column } => {
            Some(Region { start_line: line, start_column: column, byte_offset: offset })
        }
        Place::Whole | Place::Segment { .. } | Place::Cell { .. } => None,
    };
    let mut names = Vec::new();
    if let Some(item) = finding.item {
        names.push(format!("item {item}"));
    }
    if region.is_none() && finding.place != Place::Whole {
        names.push(place_on(finding.place, sheet));
    }
    if !finding.field.name.is_empty() {
        names.push(finding.field.to_string());
    }
    let logical_locations = match names.join("/") {
        name if name.is_empty() => Vec::new(),
        fully_qualified_name => vec![Logical { fully_qualified_name }],
    };
    let artifact_location = Artifact { uri: uri(file) };
    Location { physical_location: Physical { artifact_location, region }, logical_locations }
}

/// Returns a path as the reference of a URI (RFC 3986): what is no plain character is written as its bytes.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("writing to a text does not fail");
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Remark => "note",
        Severity::Warning => "warning",
        Severity::Hold | Severity::Refuse | Severity::Fatal => "error",
    }
}
