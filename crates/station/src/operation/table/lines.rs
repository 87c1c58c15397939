//! Where the lines of a table begin. A record is told of by the line that an editor shows it on, with the blank lines
//! before it and the breaks inside quotes counted; the reader of CSV passes over the former, ends a record before the
//! second half of CR LF, and counts no CR alone.

use std::collections::VecDeque;
use std::io::{self, Read};

/// A text as it is read, with the beginning of each line that is not blank and that nobody has asked beyond.
pub(super) struct Lines<R> {
    input: R,
    /// Byte offset and number of the lines.
    begin: VecDeque<(u64, u32)>,
    offset: u64,
    line: u32,
    is_begun: bool,
    is_after_cr: bool,
}

impl<R> Lines<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, begin: VecDeque::new(), offset: 0, line: 1, is_begun: false, is_after_cr: false }
    }

    /// Returns the number of the first line that begins at an offset or behind it and is not blank, and forgets those
    /// before; `None` when no such line has been read.
    pub(super) fn line_from(&mut self, offset: u64) -> Option<u32> {
        while self.begin.front().is_some_and(|(begin, _)| *begin < offset) {
            self.begin.pop_front();
        }
        self.begin.front().map(|(_, line)| *line)
    }

    fn note(&mut self, byte: u8) {
        match byte {
            b'\n' if self.is_after_cr => {}
            b'\n' | b'\r' => {
                self.line = self.line.saturating_add(1);
                self.is_begun = false;
            }
            _ if self.is_begun => {}
            _ => {
                self.begin.push_back((self.offset, self.line));
                self.is_begun = true;
            }
        }
        self.is_after_cr = byte == b'\r';
        self.offset += 1;
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        for byte in &buffer[..read] {
            self.note(*byte);
        }
        Ok(read)
    }
}
