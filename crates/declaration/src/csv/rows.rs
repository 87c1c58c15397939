//! Rows of a CSV file with their numbers, and no more memory than one of them may have.

use std::io::{self, Read};

use csv::ByteRecord;

use super::Dialect;
use super::table::{Next, Table};
use crate::findings;
use crate::limits::Limits;
use crate::read::text_end;
use crate::window::Window;

/// Bytes that are read at a time.
const CHUNK: usize = 64 << 10;

/// The rows of a file.
pub(super) struct Rows<'w, R> {
    reader: csv::Reader<Gate<'w, R>>,
    record: ByteRecord,
    dialect: Dialect,
    limits: Limits,
    /// The number of the row at hand, as a spreadsheet counts: from 1, empty lines too.
    row: u32,
    /// Line breaks inside quotes so far.
    inner_breaks: u64,
    /// How many cells the last row has had.
    last_cells: usize,
    /// Whether there is a line break in the last cell of the last row.
    ends_in_break: bool,
}

/// Lets through as many bytes as a row may have, and notes what tells a cut file from a whole one.
struct Gate<'w, R> {
    window: &'w mut Window<R>,
    left: usize,
    is_exhausted: bool,
    quotes: usize,
    /// Bytes let through.
    passed: u64,
    /// The last of them.
    last: u8,
}

impl<'w, R: Read> Rows<'w, R> {
    pub(super) fn new(window: &'w mut Window<R>, dialect: Dialect, limits: &Limits) -> Self {
        let gate =
            Gate { window, left: limits.item_bytes, is_exhausted: false, quotes: 0, passed: 0, last: b'\n' };
        let (last_cells, ends_in_break) = (0, false);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(dialect.delimiter)
            .buffer_capacity(CHUNK)
            .from_reader(gate);
        Self {
            reader,
            record: ByteRecord::new(),
            dialect,
            limits: limits.clone(),
            row: 0,
            inner_breaks: 0,
            last_cells,
            ends_in_break,
        }
    }

    /// Counts rows by lines, because empty ones are passed over without a word.
    fn count_row(&mut self) {
        self.last_cells = self.record.len();
        let last = self.record.iter().next_back().unwrap_or_default();
        self.ends_in_break = last.contains(&b'\n');
        let breaks = memchr::memchr_iter(b'\n', self.record.as_slice()).count() as u64;
        let gate = self.reader.get_ref();
        let is_open_ended = gate.last != b'\n' && gate.passed == self.reader.position().byte();
        // The line feed behind a carriage return is read with the next row, and the last row may have none.
        let terminator = u64::from(!self.dialect.has_returns && !is_open_ended);
        let line = self.reader.position().line().saturating_sub(breaks + terminator);
        let row = line.saturating_sub(self.inner_breaks);
        self.inner_breaks += breaks;
        let next = self.row.saturating_add(1);
        self.row = u32::try_from(row).unwrap_or(u32::MAX).max(next);
    }
}

impl<R: Read> Table for Rows<'_, R> {
    fn next(&mut self) -> io::Result<Next> {
        self.reader.get_mut().left = self.limits.item_bytes;
        match self.reader.read_byte_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => {
                let end = text_end(self.reader.get_ref().window, &self.limits);
                let place = self.place(self.last_cells.saturating_sub(1));
                return Ok(end.map_or(Next::End, |finding| Next::Fatal(finding.at(place))));
            }
            Err(error) => {
                if self.reader.get_ref().is_exhausted {
                    let limit = self.limits.item_bytes.to_string();
                    return Ok(Next::Fatal(findings::ITEM_TOO_LARGE.finding([limit]).at(self.place(0))));
                }
                return Err(error.into());
            }
        }
        self.count_row();
        for (column, cell) in self.record.iter().enumerate() {
            if let Err(error) = std::str::from_utf8(cell) {
                let byte = format!("0x{:02X}", cell[error.valid_up_to()]);
                return Ok(Next::Fatal(findings::ENCODING_BROKEN.finding([byte]).at(self.place(column))));
            }
        }
        Ok(Next::Row)
    }

    fn row(&self) -> u32 {
        self.row
    }

    fn cells(&self) -> usize {
        self.record.len()
    }

    fn bytes(&self) -> usize {
        self.record.as_slice().len()
    }

    fn cell(&self, column: usize) -> &str {
        let cell = self.record.get(column).unwrap_or_default();
        std::str::from_utf8(cell).expect("every cell was checked when its row was read")
    }

    fn day(&self, _column: usize) -> Option<String> {
        None
    }

    /// It is cut inside quotes, or without all cells and without a line end.
    fn is_cut(&self, columns: usize) -> bool {
        let gate = self.reader.get_ref();
        let is_open_ended = !matches!(gate.last, b'\n' | b'\r');
        let is_quote_open = gate.quotes % 2 == 1;
        let is_short = self.last_cells < columns;
        (is_open_ended && (is_short || is_quote_open)) || (is_quote_open && self.ends_in_break)
    }
}

impl<R: Read> Read for Gate<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            self.is_exhausted = true;
            return Err(io::Error::other("a row is longer than an item may be"));
        }
        let length = into.len().min(self.left);
        let count = self.window.read(&mut into[..length])?;
        self.left -= count;
        let read = &into[..count];
        self.passed += count as u64;
        self.quotes += memchr::memchr_iter(b'"', read).count();
        self.last = read.last().copied().unwrap_or(self.last);
        Ok(count)
    }
}
