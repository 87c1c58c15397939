//! Reading: columns by their names, rows into items.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::{Field, Finding, Place};

use super::rows::{Next, Rows};
use super::{Column, Dialect, columns, heading_name};
use crate::builder::{Builder, Raw, clip, is_blank};
use crate::findings;
use crate::format::{Content, Element, ITEM};
use crate::limits::Limits;
use crate::place::{Mark, Resolver, Spot};
use crate::read::{FileReport, ReadItem};
use crate::window::Window;
use crate::write::is_list;

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
struct Heading {
    /// Every column of the format, in the order of the field table.
    columns: Vec<Column>,
    /// Where each of them stands in a row; `None` for those that the file lacks.
    positions: Vec<Option<usize>>,
    /// How many columns the file has.
    width: usize,
}

/// Reads a file.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    dialect: Dialect,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut rows = Rows::new(window, dialect, limits);
    let heading = match rows.next()? {
        Next::Row => Heading::read(&rows, limits, report),
        Next::End => return Ok(()),
        Next::Fatal(finding) => Err(finding),
    };
    let heading = match heading {
        Ok(heading) => heading,
        Err(finding) => {
            report.stop(finding);
            return Ok(());
        }
    };
    let mut arena = Bump::new();
    let mut spots = Vec::new();
    let mut next = rows.next()?;
    while let Next::Row = next {
        if report.items >= limits.items {
            let finding = findings::ITEMS_TOO_MANY.finding([limits.items.to_string()]);
            report.stop(finding.at(rows.place(0)));
            return Ok(());
        }
        arena.reset();
        let item = ItemRows { heading: &heading, limits, ordinal: report.items + 1 };
        next = match item.read(&mut rows, &arena, &mut spots, report, each)? {
            ControlFlow::Continue(next) => next,
            ControlFlow::Break(()) => return Ok(()),
        };
    }
    if let Next::Fatal(finding) = next {
        report.stop(finding);
    }
    Ok(())
}

impl Heading {
    /// Reads the heading row, which is at hand.
    fn read<R: Read>(rows: &Rows<'_, R>, limits: &Limits, report: &mut FileReport) -> Result<Self, Finding> {
        if rows.cells() > usize::from(limits.attributes) {
            return Err(findings::COLUMNS_TOO_MANY
                .finding([limits.attributes.to_string()])
                .at(rows.place(0)));
        }
        let columns = columns();
        let mut positions = vec![None; columns.len()];
        for position in 0..rows.cells() {
            let name = heading_name(rows.cell(position));
            let code = match columns.iter().position(|column| column.name == name) {
                Some(column) if positions[column].is_none() => {
                    positions[column] = Some(position);
                    continue;
                }
                Some(_) => &findings::COLUMN_DUPLICATE,
                None => &findings::COLUMN_UNKNOWN,
            };
            report.push(code.finding([clip(name)]).at(rows.place(position)));
        }
        let heading = Self { columns, positions, width: rows.cells() };
        for names in EXPECTED {
            if !names.iter().any(|name| heading.has(name)) {
                report.push(findings::COLUMN_MISSING.finding([names[0]]).at(Place::Whole));
            }
        }
        Ok(heading)
    }

    fn has(&self, name: &str) -> bool {
        self.columns
            .iter()
            .zip(&self.positions)
            .any(|(column, position)| column.name == name && position.is_some())
    }

    /// Returns the positions of the columns of the item.
    fn of_item(&self) -> impl Iterator<Item = (&Column, usize)> {
        let columns = self.columns.iter().zip(&self.positions);
        columns
            .filter(|(column, _)| column.is_of_item)
            .filter_map(|(column, position)| Some((column, (*position)?)))
    }
}

/// The rows of one item.
struct ItemRows<'h> {
    heading: &'h Heading,
    limits: &'h Limits,
    ordinal: u32,
}

impl ItemRows<'_> {
    /// Reads the item whose first row is at hand and hands it over; returns what follows it.
    fn read<R: Read>(
        &self,
        rows: &mut Rows<'_, R>,
        arena: &Bump,
        spots: &mut Vec<Spot>,
        report: &mut FileReport,
        each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
    ) -> io::Result<ControlFlow<(), Next>> {
        let start = rows.mark(0);
        let mut builder = Builder::new(arena, self.limits, spots);
        let first: Vec<&str> =
            self.heading.of_item().map(|(_, at)| &*arena.alloc_str(rows.cell(at).trim())).collect();
        self.check_width(rows, &mut builder);
        Row { rows, heading: self.heading, column: 0 }.elements(ITEM, &mut builder, true);
        let mut bytes = rows.bytes();
        let next = loop {
            let next = rows.next()?;
            if !matches!(next, Next::Row) || !self.continues(rows, &first) {
                break next;
            }
            bytes += rows.bytes();
            if bytes > self.limits.item_bytes {
                let finding = findings::ITEM_TOO_LARGE.finding([self.limits.item_bytes.to_string()]);
                break Next::Fatal(finding.at(rows.place(0)));
            }
            self.check_width(rows, &mut builder);
            self.compare(rows, &first, &mut builder);
            Row { rows, heading: self.heading, column: 0 }.elements(ITEM, &mut builder, false);
        };
        let (declaration, findings, spots) = builder.finish(self.ordinal, start, Resolver::Cells);
        let is_last = matches!(next, Next::End);
        let fatal = match next {
            Next::Row => None,
            Next::End if !rows.is_cut(self.heading.width) => None,
            Next::End => Some(findings::FILE_CUT.finding::<&str>([]).at(rows.place(0)).of(self.ordinal)),
            Next::Fatal(finding) => Some(finding),
        };
        if let Some(fatal) = fatal {
            for finding in findings {
                report.push(finding);
            }
            report.stop(fatal);
            return Ok(ControlFlow::Break(()));
        }
        let (ordinal, resolver) = (self.ordinal, Resolver::Cells);
        let item = ReadItem { ordinal, declaration, findings, spots, start, resolver };
        Ok(match report.hand_over(item, each) {
            ControlFlow::Continue(()) => ControlFlow::Continue(if is_last { Next::End } else { Next::Row }),
            ControlFlow::Break(()) => ControlFlow::Break(()),
        })
    }

    /// Returns whether the row at hand belongs to the item that began with `first`.
    fn continues<R: Read>(&self, rows: &Rows<'_, R>, first: &[&str]) -> bool {
        let mut has_key = false;
        let mut is_same = true;
        let mut is_empty = true;
        for ((column, at), first) in self.heading.of_item().zip(first) {
            let cell = rows.cell(at).trim();
            is_empty &= cell.is_empty();
            if matches!(column.field, "identifier" | "local-identifier") {
                has_key |= !cell.is_empty();
                is_same &= cell == *first;
            }
        }
        is_empty || (has_key && is_same)
    }

    /// Reports what a later row says otherwise about the item.
    fn compare<R: Read>(&self, rows: &Rows<'_, R>, first: &[&str], builder: &mut Builder<'_>) {
        for ((column, at), first) in self.heading.of_item().zip(first) {
            let cell = rows.cell(at).trim();
            if !cell.is_empty() && cell != *first {
                let finding = findings::CELL_DIFFERS.finding::<&str>([]);
                builder.push(rows.mark(at), finding.on(Field::of(column.field)));
            }
        }
    }

    fn check_width<R: Read>(&self, rows: &Rows<'_, R>, builder: &mut Builder<'_>) {
        let (found, expected) = (rows.cells(), self.heading.width);
        let arguments = [found.to_string(), expected.to_string()];
        if found < expected {
            builder.push(rows.mark(found.saturating_sub(1)), findings::CELLS_MISSING.finding(arguments));
        } else if (expected..found).any(|at| !is_blank(rows.cell(at))) {
            builder.push(rows.mark(expected), findings::CELLS_EXTRA.finding(arguments));
        }
    }
}

/// One row against the field table: the columns are in the order of its elements.
struct Row<'r, 'w, R> {
    rows: &'r Rows<'w, R>,
    heading: &'r Heading,
    /// The column that comes next.
    column: usize,
}

impl<R: Read> Row<'_, '_, R> {
    /// Takes the cells of a group of elements; of the item's own ones only in its first row.
    fn elements(&mut self, elements: &'static [Element], builder: &mut Builder<'_>, is_first: bool) -> u64 {
        let mut seen = 0;
        for (index, element) in elements.iter().enumerate() {
            let is_wanted = is_first || is_list(element);
            let begin = self.column;
            self.column += width(element);
            let found = self.first(element, begin);
            let Some(at) = found.filter(|_| is_wanted) else { continue };
            let after = self.column;
            self.column = begin;
            match element.content {
                Content::Group(children) => {
                    builder.open(element, at);
                    let seen = self.elements(children, builder, true);
                    builder.close(element, seen, at);
                }
                Content::Value(_) => self.value(element, builder),
            }
            seen |= 1 << index;
            self.column = after;
        }
        seen
    }

    /// Returns the first cell of an element, whose columns begin at `column`, that holds something. A currency without
    /// an amount does not count: some fill its column in every row.
    fn first(&self, element: &'static Element, column: usize) -> Option<Mark> {
        let mut column = column;
        match element.content {
            Content::Value(_) => self.filled(column),
            Content::Group(children) => children.iter().find_map(|child| {
                let begin = column;
                column += width(child);
                self.first(child, begin)
            }),
        }
    }

    fn value<'a>(&self, element: &'static Element, builder: &mut Builder<'a>) {
        let Some(mark) = self.filled(self.column) else { return };
        let arena = builder.arena();
        let text: &'a str = arena.alloc_str(self.cell(self.column));
        let attribute =
            element.attribute().map(|_| self.cell(self.column + 1)).filter(|cell| !is_blank(cell));
        let attribute = attribute.map(|cell| &*arena.alloc_str(cell));
        builder.set(element, Raw { text, attribute, mark });
    }

    fn cell(&self, column: usize) -> &str {
        self.heading.positions[column].map_or("", |at| self.rows.cell(at))
    }

    /// Returns the mark of a cell that holds something.
    fn filled(&self, column: usize) -> Option<Mark> {
        let at = self.heading.positions[column]?;
        (!is_blank(self.rows.cell(at))).then(|| self.rows.mark(at))
    }
}

/// Returns how many columns an element takes.
fn width(element: &Element) -> usize {
    match element.content {
        Content::Value(_) => 1 + usize::from(element.attribute().is_some()),
        Content::Group(children) => children.iter().map(width).sum(),
    }
}
