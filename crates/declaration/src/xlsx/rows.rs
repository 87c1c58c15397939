//! The rows of a sheet, and the texts that its cells share.

use std::io;

use caravan_postal::{Finding, Place};
use quick_xml::events::{BytesStart, Event};

use super::number::{day, decimal};
use super::package::{Package, Part, Stop, Workbook, attribute, next};
use crate::csv::{Next, Table};
use crate::findings::{COLUMNS_TOO_MANY, ITEM_TOO_LARGE, PACKAGE_TEXT_TOO_LARGE};
use crate::limits::Limits;

/// The rows of a sheet that hold something.
pub(super) struct Rows<'p, 't> {
    part: Part<'p>,
    texts: &'t [Box<str>],
    has_epoch_1904: bool,
    limits: &'t Limits,
    buffer: Vec<u8>,
    /// The number of the row at hand, from 1.
    row: u32,
    cells: Vec<Cell>,
    /// How many cells the first row has.
    width: usize,
}

#[derive(Debug, Clone, Default)]
struct Cell {
    text: String,
    is_number: bool,
}

/// What a text that is kept takes beside its bytes.
const TEXT_OVERHEAD: usize = 32;

/// Reads the texts that cells share; all of them are kept, within the bytes that a workbook may have.
pub(super) fn shared_texts(
    package: &mut Package,
    workbook: &Workbook,
    limits: &Limits,
) -> Result<Vec<Box<str>>, Finding> {
    let mut texts = Vec::new();
    let Some(name) = &workbook.texts else { return Ok(texts) };
    let mut part = package.part(name)?;
    let mut buffer = Vec::new();
    let mut left = limits.package_bytes;
    loop {
        let is_text = match next(&mut part, &mut buffer) {
            Ok(Event::Start(element)) => element.local_name().into_inner() == "si",
            Ok(Event::Eof) => return Ok(texts),
            Ok(_) => false,
            Err(stop) => return Err(stop.finding(&part)),
        };
        if !is_text {
            continue;
        }
        let text = inner_text(&mut part, "si", limits).map_err(|stop| stop.finding(&part))?;
        let Some(rest) = left.checked_sub(text.len() + TEXT_OVERHEAD) else {
            return Err(PACKAGE_TEXT_TOO_LARGE.finding([limits.package_bytes.to_string()]));
        };
        left = rest;
        texts.push(text.into_boxed_str());
    }
}

/// Returns the text of `t` and `v` elements up to the end of an element, the readings of East Asian texts left out.
fn inner_text(part: &mut Part<'_>, end: &str, limits: &Limits) -> Result<String, Stop> {
    let mut text = String::new();
    let mut buffer = Vec::new();
    let (mut is_text, mut in_reading) = (false, false);
    loop {
        if text.len() > limits.item_bytes {
            return Err(Stop::Fatal(ITEM_TOO_LARGE.finding([limits.item_bytes.to_string()])));
        }
        match next(part, &mut buffer)? {
            Event::Start(element) => match element.local_name().into_inner() {
                "rPh" => in_reading = true,
                "t" | "v" => is_text = !in_reading,
                _ => {}
            },
            Event::End(element) => match element.local_name().into_inner() {
                name if name == end => return Ok(text),
                "rPh" => in_reading = false,
                "t" | "v" => is_text = false,
                _ => {}
            },
            Event::Text(part) if is_text => text.push_str(&part),
            Event::CData(part) if is_text => text.push_str(&part),
            Event::GeneralRef(reference) if is_text => {
                text.push(crate::xml::character(&reference).ok_or(Stop::Broken)?);
            }
            Event::Eof => return Err(Stop::Broken),
            _ => {}
        }
    }
}

impl<'p, 't> Rows<'p, 't> {
    pub(super) fn new(
        part: Part<'p>,
        texts: &'t [Box<str>],
        has_epoch_1904: bool,
        limits: &'t Limits,
    ) -> Self {
        let (buffer, cells) = (Vec::new(), Vec::new());
        Self { part, texts, has_epoch_1904, limits, buffer, row: 0, cells, width: 0 }
    }

    /// Reads the first row that holds something; its cells.
    pub(super) fn heading(&mut self) -> io::Result<Result<Vec<String>, Finding>> {
        Ok(match self.next()? {
            Next::Row => {
                self.width = self.cells.len();
                Ok(self.cells.iter().map(|cell| cell.text.trim().to_owned()).collect())
            }
            Next::End => Ok(Vec::new()),
            Next::Fatal(finding) => Err(finding),
        })
    }

    /// Reads up to the end of the next row that holds something; returns whether there is one.
    fn advance(&mut self) -> Result<bool, Stop> {
        self.cells.clear();
        loop {
            match next(&mut self.part, &mut self.buffer)? {
                Event::Start(element) => match element.local_name().into_inner() {
                    "row" => {
                        let number = attribute(&element, "r").and_then(|number| number.parse().ok());
                        let next = self.row.saturating_add(1);
                        self.row = number.unwrap_or(next).max(next);
                    }
                    "c" => {
                        let cell = CellHead::of(&element, self.cells.len());
                        self.cell(&cell)?;
                    }
                    _ => {}
                },
                Event::End(element) => match element.local_name().into_inner() {
                    "row" if self.cells.iter().any(|cell| !cell.text.trim().is_empty()) => return Ok(true),
                    "row" => self.cells.clear(),
                    "sheetData" => return Ok(false),
                    _ => {}
                },
                Event::Eof => return Err(Stop::Broken),
                _ => {}
            }
        }
    }

    /// Reads the cell whose start tag was the last event.
    fn cell(&mut self, head: &CellHead) -> Result<(), Stop> {
        let text = inner_text(&mut self.part, "c", self.limits)?;
        let cell = match head.kind.as_deref() {
            Some("s") => {
                let shared = text.parse::<usize>().ok().and_then(|index| self.texts.get(index));
                Cell { text: shared.ok_or(Stop::Broken)?.to_string(), is_number: false }
            }
            None | Some("n") => match decimal(&text) {
                Some(number) => Cell { text: number, is_number: true },
                None => Cell { text, is_number: false },
            },
            Some("b") => {
                let text = if text == "1" { "true".to_owned() } else { "false".to_owned() };
                Cell { text, is_number: false }
            }
            Some(_) => Cell { text, is_number: false },
        };
        if cell.text.is_empty() {
            return Ok(());
        }
        if head.column >= usize::from(self.limits.attributes) {
            let finding = COLUMNS_TOO_MANY.finding([self.limits.attributes.to_string()]);
            return Err(Stop::Fatal(finding.at(self.place(head.column))));
        }
        if self.bytes() + cell.text.len() > self.limits.item_bytes {
            let finding = ITEM_TOO_LARGE.finding([self.limits.item_bytes.to_string()]);
            return Err(Stop::Fatal(finding.at(self.place(head.column))));
        }
        if self.cells.len() <= head.column {
            self.cells.resize_with(head.column + 1, Cell::default);
        }
        self.cells[head.column] = cell;
        Ok(())
    }
}

/// What the start tag of a cell says.
struct CellHead {
    column: usize,
    kind: Option<String>,
}

impl CellHead {
    /// Reads a start tag; a cell without a reference stands behind the one before.
    fn of(element: &BytesStart<'_>, next: usize) -> Self {
        let column = attribute(element, "r").and_then(|reference| column(&reference)).unwrap_or(next);
        Self { column, kind: attribute(element, "t") }
    }
}

/// Returns the column of a reference, counted from 0: that of `AB12` is 27.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase);
    let number = letters.take(4).fold(0usize, |number, letter| number * 26 + usize::from(letter - b'A') + 1);
    number.checked_sub(1)
}

impl Table for Rows<'_, '_> {
    fn next(&mut self) -> io::Result<Next> {
        Ok(match self.advance() {
            Ok(true) => Next::Row,
            Ok(false) => Next::End,
            Err(stop) => {
                let finding = stop.finding(&self.part);
                let is_placed = finding.place != Place::Whole;
                Next::Fatal(if is_placed { finding } else { finding.at(self.place(0)) })
            }
        })
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn cells(&self) -> usize {
        // A sheet has no cells where nothing was written.
        self.cells.len().max(self.width)
    }

    fn bytes(&self) -> usize {
        self.cells.iter().map(|cell| cell.text.len()).sum()
    }

    fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| &cell.text)
    }

    fn day(&self, column: usize) -> Option<String> {
        let cell = self.cells.get(column).filter(|cell| cell.is_number)?;
        day(&cell.text, self.has_epoch_1904)
    }

    fn is_cut(&self, _columns: usize) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::column;

    #[test]
    fn references_are_columns() {
        for (reference, expected) in [
            ("A1", Some(0)),
            ("Z9", Some(25)),
            ("AA1", Some(26)),
            ("XFD1", Some(16_383)),
            ("1", None),
            ("", None),
        ] {
            assert_eq!(column(reference), expected, "{reference}");
        }
    }
}
