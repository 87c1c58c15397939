//! Bytes into segments.

use caravan_postal::{Finding, Place};

use crate::segment::find;
use crate::{Charset, Segment, Separators, Syntax, codes};

/// The bounds of one interchange. What goes beyond one ends the reading with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the interchange.
    pub bytes_max: usize,
    /// Segments of the interchange, UNB and UNZ included.
    pub segments_max: u32,
    /// Bytes of one segment without its terminator.
    pub segment_bytes_max: usize,
    /// Data elements of one segment.
    pub elements_max: u16,
    /// Components of one segment, over all its elements.
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

/// Reads segment after segment; what cannot be one is a finding, and reading goes on as long as it can.
#[derive(Debug)]
pub struct Tokenizer<'a> {
    rest: &'a [u8],
    syntax: Syntax,
    number: u32,
    limits: Limits,
    findings: Vec<Finding>,
}

impl<'a> Tokenizer<'a> {
    /// Looks for UNA and makes ready to read. White space before the first segment is passed over.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Self {
        let syntax = Syntax { separators: Separators::DEFAULT, charset: Charset::C };
        let mut tokenizer =
            Self { rest: bytes.trim_ascii_start(), syntax, number: 0, limits: *limits, findings: Vec::new() };
        if bytes.len() > limits.bytes_max {
            tokenizer.exceed("bytes_max", limits.bytes_max, Place::Whole);
        } else if tokenizer.rest.is_empty() {
            tokenizer.fault(codes::EMPTY.finding::<&str>([]));
        } else if let Some(after) = tokenizer.rest.strip_prefix(b"UNA") {
            tokenizer.read_separators(after);
        }
        tokenizer
    }

    /// Returns how the bytes are read: as UNA said, and as UNB said once it has been read.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Returns what has not been read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the findings, at the end of reading.
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    fn read_separators(&mut self, after: &'a [u8]) {
        let (head, rest) = after.split_at(after.len().min(6));
        let separators = <[u8; 6]>::try_from(head).ok().and_then(Separators::parse);
        if let Some(separators) = separators {
            self.syntax.separators = separators;
            self.rest = rest.trim_ascii_start();
        } else {
            self.rest = &[];
            self.fault(codes::SEPARATORS.finding([String::from_utf8_lossy(head).into_owned()]));
        }
    }

    fn fault(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Ends the reading at a bound.
    fn exceed(&mut self, limit: &'static str, allowed: usize, place: Place) {
        self.rest = &[];
        self.fault(codes::LIMIT.finding([limit.to_owned(), allowed.to_string()]).at(place));
    }

    /// Checks a segment against the bounds and the form of a tag; returns whether reading may go on.
    fn admit(&mut self, segment: &Segment<'a>) -> bool {
        let separators = self.syntax.separators;
        let count = |separator| memchr::memchr_iter(separator, segment.raw()).count();
        let bounds = [
            ("segments_max", segment.number as usize, self.limits.segments_max as usize),
            ("segment_bytes_max", segment.raw().len(), self.limits.segment_bytes_max),
            ("elements_max", count(separators.element), usize::from(self.limits.elements_max)),
            ("components_max", count(separators.component), usize::from(self.limits.components_max)),
        ];
        for (name, found, allowed) in bounds {
            if found > allowed {
                self.exceed(name, allowed, segment.place());
                return false;
            }
        }
        let tag = segment.tag();
        if tag.len() != 3 || !tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            let found: String = tag.chars().take(20).collect();
            self.fault(codes::TAG.finding([found]).at(segment.place()));
        }
        true
    }

    /// Takes the repertoire from UNB. One that is not known here is read as ASCII with everything else replaced.
    fn read_charset(&mut self, header: &Segment<'a>) {
        let name = header.component(1, 1);
        let charset = Charset::parse(&name.text());
        if charset.is_none() {
            self.fault(codes::CHARSET.finding([name.text()]).at(name.place()));
        }
        self.syntax.charset = charset.unwrap_or(Charset::A);
    }
}

impl<'a> Iterator for Tokenizer<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        if self.rest.is_empty() || self.findings.len() > self.limits.findings_max {
            return None;
        }
        self.number += 1;
        let separators = self.syntax.separators;
        let window = &self.rest[..self.rest.len().min(self.limits.segment_bytes_max.saturating_add(1))];
        let Some(end) = find(window, separators.terminator, separators.release) else {
            let place = Place::Segment { segment: self.number, element: 0, component: 0 };
            if window.len() > self.limits.segment_bytes_max {
                self.exceed("segment_bytes_max", self.limits.segment_bytes_max, place);
            } else {
                self.rest = &[];
                self.fault(codes::SEGMENT_CUT.finding::<&str>([]).at(place));
            }
            return None;
        };
        let segment = Segment::new(self.number, &self.rest[..end], self.syntax);
        // Line breaks after a segment are no data; many systems write one a line.
        self.rest = self.rest[end + 1..].trim_ascii_start();
        if !self.admit(&segment) {
            return None;
        }
        if self.number == 1 && segment.tag() == "UNB" {
            self.read_charset(&segment);
            return Some(Segment::new(self.number, segment.raw(), self.syntax));
        }
        Some(segment)
    }
}
