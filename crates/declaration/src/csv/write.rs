//! Writing CSV: comma, every column, one row a content piece.

use std::io::Write;

use caravan_postal::Field;

use super::columns;
use crate::format::{Content, Element, ITEM, Slot};
use crate::model::Declaration;
use crate::write::{Attribute, Unwritable, WriteError, is_list, render, times};

/// Writes a file item by item.
pub struct Writer<W: Write> {
    output: csv::Writer<W>,
    pages: Pages,
}

/// Makes the rows of items.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// The identifier of the item before: the rows of two items must not run into one.
    key: String,
    value: String,
}

/// The rows of one item, and which of their cells belong to the item itself.
struct Page<'p, 'd> {
    declaration: &'p Declaration<'d>,
    value: &'p mut String,
    rows: Vec<Vec<String>>,
    has_item: bool,
}

/// Writes a whole file.
pub fn write<'d, W: Write>(
    output: W,
    declarations: impl IntoIterator<Item = &'d Declaration<'d>>,
) -> Result<W, WriteError> {
    let mut writer = Writer::new(output)?;
    for declaration in declarations {
        writer.item(declaration)?;
    }
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins a file.
    pub fn new(output: W) -> Result<Self, WriteError> {
        let mut output = csv::Writer::from_writer(output);
        let names = columns().into_iter().map(|column| column.name);
        output.write_record(names).map_err(output_error)?;
        Ok(Self { output, pages: Pages::default() })
    }

    /// Writes one item, or nothing of it when a value cannot be written. An item of which nothing but pieces,
    /// documents and extra fields is known, and one with the identifier of the item before it, cannot: its rows would
    /// be taken for that item's.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        for row in &self.pages.rows(declaration)? {
            self.output.write_record(row).map_err(output_error)?;
        }
        Ok(())
    }

    /// Ends the file and returns the output.
    pub fn finish(self) -> Result<W, WriteError> {
        self.output.into_inner().map_err(|error| WriteError::Output(error.into_error()))
    }
}

impl Pages {
    /// Returns the rows of an item, each with every column.
    pub(crate) fn rows(&mut self, declaration: &Declaration<'_>) -> Result<Vec<Vec<String>>, WriteError> {
        let lists = [declaration.pieces.len(), declaration.documents.len(), declaration.extras.len(), 1];
        let count = lists.into_iter().max().unwrap_or(1);
        let mut page =
            Page { declaration, value: &mut self.value, rows: vec![Vec::new(); count], has_item: false };
        page.elements(ITEM, None)?;
        let Page { rows, has_item, .. } = page;
        // The first two columns are the identifier and the local identifier.
        let key = rows[0][..2].concat();
        if !has_item || (!key.is_empty() && key == self.key) {
            return Err(unwritable(Field::of("identifier"), Unwritable::Nothing));
        }
        self.key = key;
        Ok(rows)
    }
}

impl Page<'_, '_> {
    /// Adds the cells of a group of elements to every row; `list` is the element that has an entry a row, if any.
    fn elements(
        &mut self,
        elements: &'static [Element],
        list: Option<&'static Element>,
    ) -> Result<(), WriteError> {
        for element in elements {
            let list = if is_list(element) { Some(element) } else { list };
            match element.content {
                Content::Group(children) => self.elements(children, list)?,
                Content::Value(_) => self.value(element, list)?,
            }
            if element.slot == Slot::Piece {
                self.check_pieces(element)?;
            }
        }
        Ok(())
    }

    fn value(&mut self, element: &'static Element, list: Option<&'static Element>) -> Result<(), WriteError> {
        let is_key = matches!(element.slot, Slot::Identifier | Slot::LocalIdentifier);
        let entries = list.map_or(1, |list| times(self.declaration, list));
        for row in 0..self.rows.len() {
            // The identifier stands in every row of the item, so that the rows find together again.
            let index = if is_key { 0 } else { row };
            let rendered =
                if index < entries { render(self.declaration, element, index, self.value)? } else { None };
            self.has_item |= list.is_none() && rendered.is_some();
            let cells = &mut self.rows[row];
            cells.push(if rendered.is_some() { self.value.clone() } else { String::new() });
            if element.attribute().is_some() {
                cells.push(match rendered {
                    Some(Attribute::Currency(currency)) => currency.to_string(),
                    Some(Attribute::Name(name)) => name.to_owned(),
                    Some(Attribute::None) | None => String::new(),
                });
            }
        }
        Ok(())
    }

    /// A piece without any value would leave an empty row, which reads as no piece.
    fn check_pieces(&self, element: &'static Element) -> Result<(), WriteError> {
        let width = columns().iter().filter(|column| column.name.starts_with("piece-")).count();
        for (index, row) in self.rows.iter().enumerate().take(times(self.declaration, element)) {
            if row[row.len() - width..].iter().all(String::is_empty) {
                return Err(unwritable(Field::of_piece(index, ""), Unwritable::Nothing));
            }
        }
        Ok(())
    }
}

fn unwritable(field: Field, reason: Unwritable) -> WriteError {
    WriteError::Unwritable { field, reason }
}

fn output_error(error: csv::Error) -> WriteError {
    WriteError::Output(error.into())
}
