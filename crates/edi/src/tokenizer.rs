//! Bytes that are all there into segments, and the bounds of reading.

use caravan_postal::Finding;

use crate::scanner::{Scanner, Step};
use crate::{Part, Segment, Syntax, codes};

/// The bounds of one interchange. What goes beyond one ends the reading with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of an interchange that is whole in memory; what is read piece by piece is bounded by its reader.
    pub bytes_max: usize,
    /// Segments of the file, UNB and UNZ included.
    pub segments_max: u32,
    /// Bytes of one segment without its terminator, at most 2^31.
    pub segment_bytes_max: usize,
    /// Data elements of one segment.
    pub elements_max: u16,
    /// Components of one segment, over all its elements, at most 65,534.
    pub components_max: u16,
    /// Findings kept; the last one says that there were more.
    pub findings_max: usize,
}

impl Limits {
    /// Wide enough for a full dispatch (999 receptacles of 1,000 items) many times over.
    pub const USUAL: Self = Self {
        bytes_max: 1 << 30,
        segments_max: 20_000_000,
        segment_bytes_max: 16_384,
        elements_max: 99,
        components_max: 999,
        findings_max: 10_000,
    };
}

/// Reads segment after segment of a file that is whole in memory, up to what cannot be one.
#[derive(Debug)]
pub struct Tokenizer<'a> {
    part: Part<'a>,
    scanner: Scanner,
    finding: Option<Finding>,
    is_over: bool,
}

impl<'a> Tokenizer<'a> {
    /// Makes ready to read. UNA and white space before the first segment are passed over.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        let (part, scanner) = (Part::new(bytes, true), Scanner::new(limits));
        let mut tokenizer = Self { part, scanner, finding: None, is_over: false };
        if bytes.len() > limits.bytes_max {
            let arguments = ["bytes_max".to_owned(), limits.bytes_max.to_string()];
            tokenizer.stop(codes::LIMIT.finding(arguments));
        }
        tokenizer
    }

    /// Returns how the bytes are read: as UNA said, and as UNB said once it has been read.
    pub fn syntax(&self) -> Syntax {
        self.scanner.syntax()
    }

    /// Returns what has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        if self.is_over { &[] } else { self.part.rest() }
    }

    /// Returns, once, what ended the reading before its end.
    pub fn take_finding(&mut self) -> Option<Finding> {
        self.finding.take()
    }

    fn stop(&mut self, finding: Finding) {
        self.finding = Some(finding);
        self.is_over = true;
    }
}

impl<'a> Iterator for Tokenizer<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.is_over {
            return None;
        }
        match self.scanner.next(&mut self.part) {
            Step::Segment(segment) => Some(segment),
            Step::Stop(finding) => {
                self.stop(finding);
                None
            }
            Step::More | Step::End => {
                if self.scanner.number() == 0 {
                    self.stop(codes::EMPTY.finding::<&str>([]));
                }
                None
            }
        }
    }
}
