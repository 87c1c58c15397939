//! Findings as rows, and back.

use std::borrow::Cow;
use std::collections::BTreeMap;

use caravan_postal::{Catalogue, Field, Finding, Place, Severity};
use caravan_station::ItemId;

use crate::backend::{Backend, Tx, read};
use crate::bulk::{self, Column, Conflict, Table};
use crate::file::FileId;
use crate::item::{json_numbers, small};
use crate::keep::VERSIONS;
use crate::{Store, StoreError};

static FINDING: Table = Table::new(
    "finding",
    &[
        "kind",
        "subject",
        "file",
        "ordinal",
        "at_ms",
        "code",
        "severity",
        "place",
        "piece",
        "field",
        "arguments",
    ],
    Conflict::Fail,
);

/// What a kept finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Of {
    /// The number of the kind: that of [`caravan_station::Subject::row`], or 0 for a file.
    pub(crate) kind: i64,
    /// The row.
    pub(crate) subject: i64,
    /// The file that it was found in.
    pub(crate) file: Option<FileId>,
    /// When it was found.
    pub(crate) at_ms: i64,
}

/// A finding as it was kept, with the name of its code: what a row says, whatever the program knows of codes today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    /// The number of the subject's kind.
    pub kind: i64,
    /// The subject's row.
    pub subject: i64,
    /// The item within the file, from 1.
    pub ordinal: Option<u32>,
    /// The finding's code by name.
    pub code: String,
    /// The place.
    pub place: Place,
    /// The content piece, from 1.
    pub piece: Option<u16>,
    /// The field's name.
    pub field: String,
    /// The arguments.
    pub arguments: Vec<String>,
}

type VersionRow = (i64, i64, Option<i64>, String, String, Option<i64>, String, String, i64);
type Row = (i64, i64, Option<i64>, String, String, Option<i64>, String, String);

// What is about the file itself has no ordinal and comes first; the databases disagree where an absent one sorts.
const OF_FILE: &str = "SELECT kind, subject, ordinal, code, place, piece, field, arguments FROM finding \
                       WHERE file = $1 ORDER BY COALESCE(ordinal, 0), id";
const OF_SUBJECT: &str = "SELECT kind, subject, ordinal, code, place, piece, field, arguments FROM finding \
                          WHERE kind = $1 AND subject = $2 ORDER BY id";

/// Selects the findings about the items of declarations.
macro_rules! of_versions {
    ($ids:literal) => {
        concat!(
            "SELECT finding.kind, finding.subject, finding.ordinal, finding.code, finding.place, finding.piece, \
             finding.field, finding.arguments, \
             CAST(CASE WHEN finding.file = declaration.file AND finding.ordinal = declaration.ordinal \
             THEN 1 ELSE 0 END AS BIGINT) \
             FROM declaration JOIN finding ON finding.kind = 1 AND finding.subject = declaration.id / 64 \
             WHERE declaration.id IN (",
            $ids,
            ") ORDER BY finding.id"
        )
    };
}

const MATCHED: &str = "SELECT kind, subject, ordinal, code, place, piece, field, arguments FROM finding \
                       WHERE code LIKE 'match-%' AND ((kind = 3 AND subject = $1) \
                       OR (kind = 2 AND subject IN (SELECT id FROM receptacle WHERE dispatch = $1))) ORDER BY id";

/// Returns what the answers for a dispatch differ in, in the order in which it was found.
pub(crate) async fn matched(backend: &Backend, dispatch: i64) -> Result<Vec<FoundRow>, StoreError> {
    read!(backend, Row, MATCHED, dispatch)?.into_iter().map(found).collect()
}

/// Findings to be written together.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    kind: Vec<i64>,
    subject: Vec<i64>,
    file: Vec<Option<i64>>,
    ordinal: Vec<Option<i64>>,
    at_ms: Vec<i64>,
    code: Vec<&'static str>,
    severity: Vec<i64>,
    place: Vec<String>,
    piece: Vec<Option<i64>>,
    field: Vec<&'static str>,
    arguments: Vec<String>,
}

impl Rows {
    pub(crate) fn push(&mut self, of: Of, finding: &Finding) {
        self.kind.push(of.kind);
        self.subject.push(of.subject);
        self.file.push(of.file.map(|file| file.0));
        self.ordinal.push(finding.item.map(i64::from));
        self.at_ms.push(of.at_ms);
        self.code.push(finding.code.name);
        self.severity.push(severity_number(finding.severity()));
        self.place.push(place_text(finding.place));
        self.piece.push(finding.field.piece.map(i64::from));
        self.field.push(finding.field.name);
        self.arguments.push(serde_json::to_string(&finding.arguments).expect("texts are JSON"));
    }

    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let columns = vec![
            Column::Int(self.kind),
            Column::Int(self.subject),
            Column::OptionalInt(self.file),
            Column::OptionalInt(self.ordinal),
            Column::Int(self.at_ms),
            Column::Text(borrowed(self.code)),
            Column::Int(self.severity),
            Column::Text(owned(self.place)),
            Column::OptionalInt(self.piece),
            Column::Text(borrowed(self.field)),
            Column::Text(owned(self.arguments)),
        ];
        bulk::write(tx, &FINDING, columns).await.map(|_| ())
    }
}

impl Store {
    /// Returns the findings of a file and of its items, in the order of the file.
    pub async fn findings_of_file(&self, file: FileId) -> Result<Vec<FoundRow>, StoreError> {
        read!(&self.backend, Row, OF_FILE, file.0)?.into_iter().map(found).collect()
    }

    /// Returns, by item, the codes of warnings and graver findings about it, each once, in order and joined by blanks.
    pub async fn codes_by_item(&self) -> Result<BTreeMap<ItemId, String>, StoreError> {
        let rows = read!(
            &self.backend,
            (i64, String),
            "SELECT DISTINCT subject, code FROM finding WHERE kind = 1 AND severity >= 1 ORDER BY subject, code",
        )?;
        let mut codes: BTreeMap<ItemId, String> = BTreeMap::new();
        for (item, code) in rows {
            let joined = codes.entry(ItemId(item)).or_default();
            if !joined.is_empty() {
                joined.push(' ');
            }
            joined.push_str(&code);
        }
        Ok(codes)
    }

    /// Returns the findings about items, by item and in the order in which they were made, each with whether it was made
    /// where this version of the item's declaration was read.
    pub async fn findings_of_versions(
        &self,
        versions: &[(ItemId, u32)],
    ) -> Result<BTreeMap<ItemId, Vec<(FoundRow, bool)>>, StoreError> {
        let ids = versions.iter().map(|(item, version)| item.0 * VERSIONS + i64::from(*version));
        let ids = json_numbers(ids);
        let rows = match &self.backend {
            backend @ Backend::Sqlite { .. } => {
                read!(backend, VersionRow, of_versions!("SELECT value FROM json_each($1)"), &ids)
            }
            backend @ Backend::Postgres(_) => read!(
                backend,
                VersionRow,
                of_versions!("SELECT value::bigint FROM json_array_elements_text($1::json)"),
                &ids
            ),
        };
        let mut findings: BTreeMap<ItemId, Vec<(FoundRow, bool)>> = BTreeMap::new();
        for (kind, subject, ordinal, code, place, piece, field, arguments, is_read) in rows? {
            let row = found((kind, subject, ordinal, code, place, piece, field, arguments))?;
            findings.entry(ItemId(subject)).or_default().push((row, is_read != 0));
        }
        Ok(findings)
    }

    /// Returns the findings about one subject, in the order in which they were made.
    pub async fn findings_about(&self, kind: i64, subject: i64) -> Result<Vec<FoundRow>, StoreError> {
        read!(&self.backend, Row, OF_SUBJECT, kind, subject)?.into_iter().map(found).collect()
    }
}

impl FoundRow {
    /// Returns the finding, when the catalogue knows its code in the form in which it was kept.
    pub fn finding(&self, catalogue: &Catalogue) -> Option<Finding> {
        let code = catalogue.code(&self.code)?;
        if code.arguments.len() != self.arguments.len() {
            return None;
        }
        let mut finding = code.finding(self.arguments.iter().map(String::as_str)).at(self.place);
        finding.item = self.ordinal;
        Some(finding.on(Field { piece: self.piece, name: "" }))
    }
}

fn borrowed(texts: Vec<&'static str>) -> Vec<Cow<'static, str>> {
    texts.into_iter().map(Cow::Borrowed).collect()
}

fn owned(texts: Vec<String>) -> Vec<Cow<'static, str>> {
    texts.into_iter().map(Cow::Owned).collect()
}

fn found(row: Row) -> Result<FoundRow, StoreError> {
    let wrong = |what: &str| StoreError::row("finding", format!("{what} of `{}`", row.3));
    Ok(FoundRow {
        kind: row.0,
        subject: row.1,
        ordinal: row.2.map(|ordinal| small(ordinal).ok_or_else(|| wrong("ordinal"))).transpose()?,
        place: place(&row.4).ok_or_else(|| wrong("place"))?,
        piece: row.5.map(|piece| u16::try_from(piece).map_err(|_| wrong("piece"))).transpose()?,
        arguments: serde_json::from_str(&row.7).map_err(|_| wrong("arguments"))?,
        code: row.3,
        field: row.6,
    })
}

fn severity_number(severity: Severity) -> i64 {
    match severity {
        Severity::Remark => 0,
        Severity::Warning => 1,
        Severity::Hold => 2,
        Severity::Refuse => 3,
        Severity::Fatal => 4,
    }
}

/// Writes a place as a row holds it: a letter and numbers.
fn place_text(place: Place) -> String {
    match place {
        Place::Whole => String::new(),
        Place::Text { offset, line, column } => format!("t {offset} {line} {column}"),
        Place::Segment { segment, element, component } => format!("s {segment} {element} {component}"),
        Place::Cell { row, column } => format!("c {row} {column}"),
    }
}

fn place(text: &str) -> Option<Place> {
    let mut parts = text.split(' ');
    let kind = parts.next()?;
    let mut number = || parts.next()?.parse::<u64>().ok();
    let small = |number: u64| u32::try_from(number).ok();
    let tiny = |number: u64| u16::try_from(number).ok();
    let place = match kind {
        "" => Place::Whole,
        "t" => Place::Text { offset: number()?, line: small(number()?)?, column: small(number()?)? },
        "s" => Place::Segment {
            segment: small(number()?)?,
            element: tiny(number()?)?,
            component: tiny(number()?)?,
        },
        "c" => Place::Cell { row: small(number()?)?, column: tiny(number()?)? },
        _ => return None,
    };
    parts.next().is_none().then_some(place)
}

#[cfg(test)]
mod tests {
    use caravan_postal::Place;

    use super::{place, place_text};

    #[test]
    fn keeps_every_kind_of_place() {
        for kept in [
            Place::Whole,
            Place::Text { offset: 5_000_000_000, line: 7, column: 2 },
            Place::Segment { segment: 3, element: 2, component: 0 },
            Place::Cell { row: 4812, column: 9 },
        ] {
            assert_eq!(place(&place_text(kept)), Some(kept));
        }
        for wrong in ["x", " ", "t 1", "t 1 2 3 4", "c", "c 1 a", "c 1 70000", "c 1 2 ", "s -1 0 0"] {
            assert_eq!(place(wrong), None, "{wrong:?}");
        }
    }
}
