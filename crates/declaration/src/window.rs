//! The part of an input that is in memory: filled from a reader, parsed in place, shifted and filled again.

use std::io::{self, Read};

use caravan_postal::Finding;

use crate::Limits;
use crate::encoding::{Decoder, Encoding};
use crate::place::Anchor;

/// Bytes that the buffer has at first: many files have one item.
const CAPACITY_FIRST: usize = 64 << 10;

/// Bytes that the buffer has for larger files, as long as nothing larger has to be seen whole.
const CAPACITY: usize = 1 << 20;

/// A buffer over a reader. What was consumed is dropped at the next fill; what is left moves to the front.
#[derive(Debug)]
pub(crate) struct Window<R> {
    input: Decoder<R>,
    buffer: Vec<u8>,
    /// Index of the first byte that was not consumed.
    start: usize,
    /// Index behind the last byte that was read.
    end: usize,
    /// The place of `buffer[0]`.
    anchor: Anchor,
    limit: usize,
}

/// An input that ends, at the latest, behind the bytes that one file may have.
#[derive(Debug)]
pub(crate) struct Source<R> {
    input: R,
    limit: u64,
    read: u64,
    /// Whether there was nothing more, or nothing more may be read.
    pub(crate) is_whole: bool,
    is_over: bool,
}

/// What a fill brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// More bytes, or the end of the input.
    Done,
    /// Nothing: as many bytes as may be seen whole are already there.
    Full,
}

impl<R: Read> Window<R> {
    /// Wraps an input.
    pub(crate) fn new(input: R, limits: &Limits) -> Self {
        let input = Source { input, limit: limits.file_bytes, read: 0, is_whole: false, is_over: false };
        let (buffer, anchor) = (Vec::new(), Anchor::start(0));
        Self { input: Decoder::new(input), buffer, start: 0, end: 0, anchor, limit: limits.item_bytes }
    }

    /// Wraps a text that was decoded before.
    pub(crate) fn of_text(input: R, limits: &Limits) -> Self {
        let mut window = Self::new(input, limits);
        window.input.hand_on_all();
        window
    }

    /// Sets the encoding that is taken where the bytes could have several; before the first fill.
    pub(crate) fn prefer(&mut self, encoding: Option<Encoding>) {
        self.input.prefer(encoding);
    }

    /// Returns the bytes that were not consumed.
    pub(crate) fn unread(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Returns everything in memory, with the place of its first byte.
    pub(crate) fn memory(&self) -> (&[u8], Anchor) {
        (&self.buffer[..self.end], self.anchor)
    }

    /// Returns the offset in the text of the first byte that was not consumed.
    pub(crate) fn offset(&self) -> u64 {
        self.anchor.offset + self.start as u64
    }

    /// Returns whether no bytes will follow those in memory.
    pub(crate) fn is_whole(&self) -> bool {
        self.input.is_whole()
    }

    /// Returns whether the input was ended because it is larger than a file may be.
    pub(crate) fn is_over(&self) -> bool {
        self.input.input().is_over
    }

    /// Returns how many bytes were read from the input.
    pub(crate) fn read_bytes(&self) -> u64 {
        self.input.input().read
    }

    /// Returns why the text ended before the input did: its bytes are not in its encoding, or nobody can say in which
    /// they are. The place is the end of the text.
    pub(crate) fn fault(&self) -> Option<Finding> {
        self.input.fault().cloned()
    }

    /// Returns the encoding of what was read so far; nothing of bytes that say themselves what they are.
    pub(crate) fn encoding(&self) -> Option<Encoding> {
        (!self.input.is_handed_on()).then(|| self.input.encoding())
    }

    /// Returns what there is to say about the encoding.
    pub(crate) fn encoding_findings(&self) -> &[Finding] {
        self.input.findings()
    }

    /// Drops the first `count` bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Drops the byte-order mark at the beginning; it is no character of the text.
    pub(crate) fn consume_byte_order_mark(&mut self, length: usize) {
        self.consume(length);
        self.buffer.drain(..self.start);
        self.end -= self.start;
        self.start = 0;
        self.anchor = Anchor::start(length as u64);
        self.anchor.settle(self.input.encoding(), self.input.mark_length());
    }

    /// Reads until the buffer is full or the input ends; makes room by dropping what was consumed and, when nothing
    /// was, by growing up to the limit.
    pub(crate) fn fill(&mut self) -> io::Result<Fill> {
        self.shift();
        if self.end == self.buffer.len() || self.buffer.len() < CAPACITY {
            let larger =
                if self.buffer.is_empty() { CAPACITY_FIRST } else { (self.buffer.len() * 2).max(CAPACITY) };
            // One byte more than the limit, so that something of exactly the limit is seen to end.
            let larger = larger.min(self.limit.saturating_add(1).max(64));
            if larger > self.buffer.len() {
                // New memory is zero already: a small file pays for no more than it fills.
                let mut buffer = vec![0; larger];
                buffer[..self.end].copy_from_slice(&self.buffer[..self.end]);
                self.buffer = buffer;
            }
        }
        if self.end == self.buffer.len() {
            return Ok(if self.is_whole() { Fill::Done } else { Fill::Full });
        }
        while !self.is_whole() && self.end < self.buffer.len() {
            self.end += self.input.read(&mut self.buffer[self.end..])?;
        }
        self.anchor.settle(self.input.encoding(), self.input.mark_length());
        Ok(Fill::Done)
    }

    fn shift(&mut self) {
        if self.start == 0 {
            return;
        }
        self.anchor = self.anchor.advance(&self.buffer[..self.start]);
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
    }
}

impl<R: Read> Read for Window<R> {
    /// Hands over first what is in memory, then the rest of the input.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = self.unread();
        if left.is_empty() {
            return self.input.read(into);
        }
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.start += count;
        Ok(count)
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.is_whole || into.is_empty() {
            return Ok(0);
        }
        let count = loop {
            match self.input.read(into) {
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        let left = self.limit - self.read;
        let kept = usize::try_from(left).map_or(count, |left| count.min(left));
        self.read += kept as u64;
        self.is_over = kept < count;
        self.is_whole = count == 0 || self.is_over;
        Ok(kept)
    }
}
