//! What a table is to who reads it: rows, one at hand.

use std::io;

use caravan_postal::{Finding, Place};

use crate::place::{Mark, Resolver};

/// What the next row is.
pub(crate) enum Next {
    /// A row, now at hand.
    Row,
    /// There is none.
    End,
    /// The file cannot be read beyond this place.
    Fatal(Finding),
}

/// A table that is read row by row; columns are counted from 0, rows from 1.
pub(crate) trait Table {
    /// Reads the next row that holds something.
    fn next(&mut self) -> io::Result<Next>;

    /// Returns the number of the row at hand.
    fn row(&self) -> u32;

    /// Returns how many cells the row at hand has.
    fn cells(&self) -> usize;

    /// Returns how many bytes of text the row at hand has.
    fn bytes(&self) -> usize;

    /// Returns a cell of the row at hand; empty beyond its end.
    fn cell(&self, column: usize) -> &str;

    /// Returns the day that a cell of the row at hand is, when the table keeps days as numbers.
    fn day(&self, column: usize) -> Option<String>;

    /// Returns whether the table, now at its end, stops in the middle of a row of so many columns.
    fn is_cut(&self, columns: usize) -> bool;

    /// Returns the mark of a cell of the row at hand.
    fn mark(&self, column: usize) -> Mark {
        Mark::cell(self.row(), u16::try_from(column + 1).unwrap_or(u16::MAX))
    }

    /// Returns the place of a cell of the row at hand.
    fn place(&self, column: usize) -> Place {
        Resolver::Cells.place(self.mark(column))
    }
}
