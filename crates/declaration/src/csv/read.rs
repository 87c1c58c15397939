//! Reading rows into items.

use std::io::{self, Read};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Field;

use super::heading::{Heading, Mapped};
use super::rows::Rows;
use super::table::{Next, Table};
use super::{Dialect, Mapping};
use crate::builder::{Builder, Raw, clip, is_blank};
use crate::findings;
use crate::format::{Content, Element, ITEM, Occurs, Slot, Type};
use crate::limits::Limits;
use crate::place::{Mark, Resolver, Spot};
use crate::read::{FileReport, ReadItem};
use crate::window::Window;
use crate::write::is_list;

/// Reads a file.
pub(crate) fn read<R: Read>(
    window: &mut Window<R>,
    dialect: Dialect,
    mapping: Option<&Mapping>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut rows = Rows::new(window, dialect, limits);
    match rows.next()? {
        Next::Row => read_table(&mut rows, mapping, limits, report, each),
        Next::End => Ok(()),
        Next::Fatal(finding) => {
            report.stop(finding);
            Ok(())
        }
    }
}

/// Reads a table whose heading row is at hand.
pub(crate) fn read_table<T: Table>(
    rows: &mut T,
    mapping: Option<&Mapping>,
    limits: &Limits,
    report: &mut FileReport,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> io::Result<()> {
    let heading = match Heading::read(rows, mapping, limits, report) {
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
        next = match item.read(rows, &arena, &mut spots, report, each)? {
            ControlFlow::Continue(next) => next,
            ControlFlow::Break(()) => return Ok(()),
        };
    }
    if let Next::Fatal(finding) = next {
        report.stop(finding);
    }
    Ok(())
}

/// The rows of one item.
struct ItemRows<'h> {
    heading: &'h Heading<'h>,
    limits: &'h Limits,
    ordinal: u32,
}

impl ItemRows<'_> {
    /// Reads the item whose first row is at hand and hands it over; returns what follows it.
    fn read<T: Table>(
        &self,
        rows: &mut T,
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
        let mut row = Row { rows, heading: self.heading, column: 0 };
        row.elements(ITEM, &mut builder, true);
        row.extras(&mut builder);
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
    fn continues<T: Table>(&self, rows: &T, first: &[&str]) -> bool {
        let mut has_key = false;
        let mut is_same = true;
        let mut is_empty = true;
        for ((field, at), first) in self.heading.of_item().zip(first) {
            let cell = rows.cell(at).trim();
            is_empty &= cell.is_empty();
            if matches!(field, "identifier" | "local-identifier") {
                has_key |= !cell.is_empty();
                is_same &= cell == *first;
            }
        }
        is_empty || (has_key && is_same)
    }

    /// Reports what a later row says otherwise about the item.
    fn compare<T: Table>(&self, rows: &T, first: &[&str], builder: &mut Builder<'_>) {
        for ((field, at), first) in self.heading.of_item().zip(first) {
            let cell = rows.cell(at).trim();
            if !cell.is_empty() && cell != *first {
                let finding = findings::CELL_DIFFERS.finding::<&str>([]);
                builder.push(rows.mark(at), finding.on(Field::of(field)));
            }
        }
    }

    fn check_width<T: Table>(&self, rows: &T, builder: &mut Builder<'_>) {
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
struct Row<'r, T> {
    rows: &'r T,
    heading: &'r Heading<'r>,
    /// The column that comes next.
    column: usize,
}

impl<T: Table> Row<'_, T> {
    /// Takes the cells of a group of elements; of the item's own ones only in its first row.
    fn elements(&mut self, elements: &'static [Element], builder: &mut Builder<'_>, is_first: bool) -> u64 {
        let mut seen = 0;
        for (index, element) in elements.iter().enumerate() {
            let is_wanted = is_first || is_list(element);
            let begin = self.column;
            self.column += width(element);
            let found = self.first(element, begin).or_else(|| self.constant(element, begin));
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

    /// Returns the mark that an element has when the mapping says what it holds: a list has an entry only where a cell
    /// says so, and a group without which its parts mean nothing only when all of those are said.
    fn constant(&self, element: &'static Element, column: usize) -> Option<Mark> {
        let is_constant = |column: usize| self.heading.mapped[column].constant.is_some();
        let mut at = column;
        let mut children = element.children().iter().map(|child| {
            at += width(child);
            (child.occurs == Occurs::Required, is_constant(at - width(child)))
        });
        let is_there = match element.content {
            Content::Value(_) => is_constant(column),
            Content::Group(group) if group.iter().any(|child| child.occurs == Occurs::Required) => {
                children.all(|(is_required, is_constant)| is_constant || !is_required)
            }
            Content::Group(_) => children.any(|(_, is_constant)| is_constant),
        };
        (is_there && !is_list(element)).then(|| self.rows.mark(0))
    }

    fn value(&self, element: &'static Element, builder: &mut Builder<'_>) {
        let Some((text, mark)) = self.text(self.column, builder) else { return };
        let attribute = element.attribute().and_then(|_| self.text(self.column + 1, builder));
        let attribute = attribute.map(|(text, _)| text);
        builder.set(element, Raw { text, attribute, mark });
    }

    /// Returns what a column holds, in the words of the format.
    fn text<'a>(&self, column: usize, builder: &mut Builder<'a>) -> Option<(&'a str, Mark)> {
        let Mapped { header, constant } = self.heading.mapped[column];
        let Some(mark) = self.filled(column) else {
            return Some((builder.arena().alloc_str(constant?), self.rows.mark(0)));
        };
        let (element, is_attribute) = self.heading.elements[column];
        let kind = element.value_type().filter(|_| !is_attribute);
        if let (Some(Type::Date), Some(at)) = (kind, self.heading.positions[column])
            && let Some(day) = self.rows.day(at)
        {
            return Some((builder.arena().alloc_str(&day), mark));
        }
        let cell = self.cell(column);
        let (Some(mapping), Some(header)) = (self.heading.mapping, header) else {
            return Some((builder.arena().alloc_str(cell), mark));
        };
        match mapping.translate(header, kind, cell) {
            Ok(text) => Some((builder.arena().alloc_str(&text), mark)),
            Err(code) => {
                builder.report(element, mark, code.finding([clip(cell)]));
                None
            }
        }
    }

    /// Takes the columns that are kept as extra fields.
    fn extras(&self, builder: &mut Builder<'_>) {
        let Some(element) = ITEM.iter().find(|element| element.slot == Slot::Extra) else { return };
        for (position, name) in &self.heading.extras {
            let cell = self.rows.cell(*position);
            if !is_blank(cell) {
                let arena = builder.arena();
                let (text, name) = (arena.alloc_str(cell), arena.alloc_str(name));
                let mark = self.rows.mark(*position);
                builder.set(element, Raw { text, attribute: Some(name), mark });
            }
        }
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
