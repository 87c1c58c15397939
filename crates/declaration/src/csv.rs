//! CSV with named columns: one row a content piece, the rows of one item one after another.
//!
//! A column has the name of its field, with `piece-` before it inside a content piece; the currency of an amount and
//! the name of an extra field have a column of their own behind it (`total-value-currency`). The first row of an item
//! holds the item; a row with the same identifier, or with nothing in the columns of the item, adds a piece, a document
//! or an extra field. Comma, semicolon and tab are understood, quotes as in RFC 4180.
//!
//! A partner's own table is read by a [`Mapping`], a file that says which of its columns is which of ours.

mod heading;
mod mapping;
mod read;
mod rows;
mod table;
mod write;

use crate::format::{Content, Element, ITEM, Slot};

pub use mapping::Mapping;
pub(crate) use read::{read, read_table};
pub(crate) use table::{Next, Table};
pub(crate) use write::Pages;
pub use write::{Writer, write};

/// How a CSV file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    /// Bytes of the byte-order mark.
    pub(crate) mark_length: usize,
    /// The byte between two cells.
    pub(crate) delimiter: u8,
    /// Whether lines end with carriage return and line feed.
    pub(crate) has_returns: bool,
}

/// One column of the format.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Column {
    /// The name in the heading row.
    pub name: String,
    /// The name of the field.
    pub field: &'static str,
    /// Whether it belongs to the item and stands in its first row only.
    pub is_of_item: bool,
}

/// Our columns that a file must have two of to be taken for one of ours.
const COLUMNS_MIN: usize = 2;

/// Returns every column, in the order of the field table.
pub fn columns() -> Vec<Column> {
    let mut columns = Vec::new();
    add_columns(ITEM, "", true, &mut columns);
    columns
}

fn add_columns(elements: &'static [Element], prefix: &str, is_of_item: bool, into: &mut Vec<Column>) {
    for element in elements {
        let is_of_item = is_of_item && !crate::write::is_list(element);
        match element.content {
            Content::Group(children) => {
                let prefix = if element.slot == Slot::Piece { "piece-" } else { prefix };
                add_columns(children, prefix, is_of_item, into);
            }
            Content::Value(_) => {
                let name = format!("{prefix}{}", element.field);
                let attribute = element.attribute().map(|attribute| format!("{name}-{attribute}"));
                for name in std::iter::once(name).chain(attribute) {
                    into.push(Column { name, field: element.field, is_of_item });
                }
            }
        }
    }
}

/// Returns the elements whose values or, where it says so, attributes the columns are, in the order of [`columns`].
fn column_elements() -> Vec<(&'static Element, bool)> {
    fn add(elements: &'static [Element], into: &mut Vec<(&'static Element, bool)>) {
        for element in elements {
            match element.content {
                Content::Group(children) => add(children, into),
                Content::Value(_) => {
                    into.push((element, false));
                    into.extend(element.attribute().map(|_| (element, true)));
                }
            }
        }
    }
    let mut all = Vec::new();
    add(ITEM, &mut all);
    all
}

/// Looks at the heading row: that of a mapping has all its columns, and the byte between the cells of ours is the one
/// that shows most of our columns.
pub(crate) fn dialect<'o>(
    text: &[u8],
    mark_length: usize,
    mappings: &'o [Mapping],
) -> Option<(Dialect, Option<&'o Mapping>)> {
    let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let text = &text[blank..];
    let end = memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    let heading = std::str::from_utf8(&text[..end]).ok()?;
    let has_returns = text[end..].starts_with(b"\r\n");
    let split = |delimiter: u8| heading.split(char::from(delimiter)).map(heading_name);
    let fits = mappings.iter().filter_map(|mapping| {
        let fits = |delimiter: u8| Some((delimiter, mapping.fits(&split(delimiter).collect::<Vec<_>>())?));
        let (delimiter, columns) =
            mapping.delimiters().filter_map(fits).max_by_key(|(_, columns)| *columns)?;
        Some((columns, delimiter, mapping))
    });
    // Of two that fit as well, the first.
    if let Some((_, delimiter, mapping)) = fits.reduce(|best, fit| if fit.0 > best.0 { fit } else { best }) {
        return Some((Dialect { mark_length, delimiter, has_returns }, Some(mapping)));
    }
    let columns = columns();
    let known = |delimiter: u8| {
        let cells = split(delimiter);
        cells.filter(|cell| columns.iter().any(|column| column.name == *cell)).count()
    };
    let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(|delimiter| known(*delimiter))?;
    (known(delimiter) >= COLUMNS_MIN).then_some((Dialect { mark_length, delimiter, has_returns }, None))
}

/// Returns the mapping that fits a heading row; nothing at all when neither a mapping does nor our own columns.
#[expect(clippy::option_option, reason = "a known heading may need no mapping")]
pub(crate) fn fit<'o>(names: &[&str], mappings: &'o [Mapping]) -> Option<Option<&'o Mapping>> {
    let fits = mappings.iter().filter_map(|mapping| Some((mapping.fits(names)?, mapping)));
    if let Some((_, mapping)) = fits.reduce(|best, fit| if fit.0 > best.0 { fit } else { best }) {
        return Some(Some(mapping));
    }
    let columns = columns();
    let known = names.iter().filter(|name| columns.iter().any(|column| column.name == **name)).count();
    (known >= COLUMNS_MIN).then_some(None)
}

fn heading_name(cell: &str) -> &str {
    cell.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{columns, dialect};

    #[test]
    fn every_column_has_a_name_of_its_own() {
        let names: Vec<String> = columns().into_iter().map(|column| column.name).collect();
        let distinct: HashSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        for name in ["identifier", "gross-weight", "piece-description", "piece-value-currency", "extra-name"]
        {
            assert!(names.iter().any(|found| found == name), "{name}");
        }
    }

    #[test]
    fn finds_the_byte_between_cells() {
        for (heading, delimiter) in [
            ("identifier,gross-weight\n", Some(b',')),
            ("\"identifier\"; gross-weight ;note\r\n1;2;3", Some(b';')),
            ("identifier\tgross-weight", Some(b'\t')),
            ("identifier|gross-weight\n", None),
            ("identifier\n", None),
            ("name,weight\nidentifier,gross-weight\n", None),
        ] {
            assert_eq!(
                dialect(heading.as_bytes(), 0, &[]).map(|(dialect, _)| dialect.delimiter),
                delimiter,
                "{heading:?}"
            );
        }
    }
}
