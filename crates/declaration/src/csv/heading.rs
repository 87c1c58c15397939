//! The heading row: which column of the file is which of the format.

use caravan_postal::{Code, Finding, Place};

use super::mapping::{Header, Target};
use super::table::Table;
use super::{Column, Mapping, column_elements, columns, heading_name};
use crate::builder::clip;
use crate::findings;
use crate::format::Element;
use crate::limits::Limits;
use crate::read::FileReport;

/// Columns that most declarations need, each with what may stand for it.
const EXPECTED: &[&[&str]] = &[
    &["identifier", "local-identifier"],
    &["nature"],
    &["gross-weight"],
    &["sender-name", "sender-business"],
    &["sender-country"],
    &["addressee-name", "addressee-business"],
    &["addressee-country"],
    &["piece-description"],
    &["piece-units"],
    &["piece-net-weight"],
    &["piece-value"],
    &["piece-value-currency"],
];

/// The columns of a file.
pub(super) struct Heading<'m> {
    /// Every column of the format, in the order of the field table.
    pub(super) columns: Vec<Column>,
    /// Where each of them stands in a row; `None` for those that the file lacks.
    pub(super) positions: Vec<Option<usize>>,
    /// What the mapping says about each of them, and what it says they hold where the file has nothing.
    pub(super) mapped: Vec<Mapped<'m>>,
    pub(super) mapping: Option<&'m Mapping>,
    /// The element of each of them, and whether it is its attribute.
    pub(super) elements: Vec<(&'static Element, bool)>,
    /// Where columns stand that are kept as extra fields, and under which name.
    pub(super) extras: Vec<(usize, &'m str)>,
    /// How many columns the file has.
    pub(super) width: usize,
}

/// What a mapping says about a column of the format.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mapped<'m> {
    pub(super) header: Option<&'m Header>,
    pub(super) constant: Option<&'m str>,
}

impl<'m> Heading<'m> {
    /// Reads the heading row, which is at hand.
    pub(super) fn read<T: Table>(
        rows: &T,
        mapping: Option<&'m Mapping>,
        limits: &Limits,
        report: &mut FileReport,
    ) -> Result<Self, Finding> {
        if rows.cells() > usize::from(limits.attributes) {
            return Err(findings::COLUMNS_TOO_MANY
                .finding([limits.attributes.to_string()])
                .at(rows.place(0)));
        }
        let columns = columns();
        let elements = column_elements();
        let (positions, mapped) = (vec![None; columns.len()], vec![Mapped::default(); columns.len()]);
        let mut heading =
            Self { columns, positions, mapped, mapping, elements, extras: Vec::new(), width: rows.cells() };
        for (column, constant) in mapping.into_iter().flat_map(Mapping::constants) {
            heading.mapped[column].constant = Some(constant);
        }
        for position in 0..rows.cells() {
            let name = heading_name(rows.cell(position));
            if let Some(code) = heading.take(name, position) {
                report.push(code.finding([clip(name)]).at(rows.place(position)));
            }
        }
        for names in EXPECTED {
            if !names.iter().any(|name| heading.has(name)) {
                report.push(findings::COLUMN_MISSING.finding([names[0]]).at(Place::Whole));
            }
        }
        Ok(heading)
    }

    /// Takes the column that stands at a position; returns what is wrong with it.
    fn take(&mut self, name: &str, position: usize) -> Option<&'static Code> {
        let column = match self.mapping {
            None => self.columns.iter().position(|column| column.name == name),
            Some(mapping) => match mapping.header(name) {
                Some(header) => match &header.target {
                    Target::Column(column) => {
                        self.mapped[*column].header = Some(header);
                        Some(*column)
                    }
                    Target::Extra(name) if self.extras.iter().any(|(_, known)| known == name) => {
                        return Some(&findings::COLUMN_DUPLICATE);
                    }
                    Target::Extra(name) => {
                        self.extras.push((position, name));
                        return None;
                    }
                    Target::Nothing => return None,
                },
                None => None,
            },
        };
        match column {
            Some(column) if self.positions[column].is_none() => {
                self.positions[column] = Some(position);
                None
            }
            Some(_) => Some(&findings::COLUMN_DUPLICATE),
            None => Some(&findings::COLUMN_UNKNOWN),
        }
    }

    fn has(&self, name: &str) -> bool {
        let known = self.columns.iter().zip(self.positions.iter().zip(&self.mapped));
        known
            .filter(|(column, _)| column.name == name)
            .any(|(_, (position, mapped))| position.is_some() || mapped.constant.is_some())
    }

    /// Returns the positions of the columns of the item, with the fields that they are.
    pub(super) fn of_item(&self) -> impl Iterator<Item = (&'static str, usize)> {
        let columns = self.columns.iter().zip(&self.positions);
        columns
            .filter(|(column, _)| column.is_of_item)
            .filter_map(|(column, position)| Some((column.field, (*position)?)))
            .chain(self.extras.iter().map(|(position, _)| ("extra", *position)))
    }
}
