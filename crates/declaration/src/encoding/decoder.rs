//! A reader that hands on UTF-8, whatever encoding its input has.

use std::io::{self, Read};

use caravan_postal::Finding;
use encoding_rs::{Decoder as Table, DecoderResult};

use super::Encoding;
use super::detect::{Head, declared, differs, head, weigh};
use crate::findings;
use crate::window::Source;

/// Bytes that are decoded at a time, and weighed when the encoding is not yet known.
const CHUNK: usize = 64 << 10;

/// Bytes of a chunk before that are kept: no character is longer.
const KEPT: usize = 4;

/// An input as UTF-8. It ends early, with a fault, where the input cannot be decoded.
#[derive(Debug)]
pub(crate) struct Decoder<R> {
    input: Source<R>,
    state: State,
    encoding: Encoding,
    declared: Option<Encoding>,
    preferred: Option<Encoding>,
    /// Whether the bytes are handed on as they are, because who reads them says what they are.
    is_handed_on: bool,
    /// Bytes of the mark that was dropped.
    mark_length: usize,
    /// Bytes that were read and not decoded.
    raw: Vec<u8>,
    /// The last bytes that were decoded before `raw`.
    kept: Vec<u8>,
    /// Text that was decoded; what is before `at` was handed on.
    text: Vec<u8>,
    at: usize,
    findings: Vec<Finding>,
    fault: Option<Finding>,
}

enum State {
    /// Nothing was read.
    New,
    /// Every byte so far was ASCII.
    Ascii,
    /// UTF-8, or bytes that are no text: nothing is decoded, and who reads it checks it.
    Plain,
    /// Another encoding.
    Decoding(Box<Table>),
    /// Nothing more will come.
    Done,
}

impl<R: Read> Decoder<R> {
    /// Wraps an input.
    pub(crate) fn new(input: Source<R>) -> Self {
        Self {
            input,
            state: State::New,
            encoding: Encoding::Utf8,
            declared: None,
            preferred: None,
            is_handed_on: false,
            mark_length: 0,
            raw: Vec::new(),
            kept: Vec::new(),
            text: Vec::new(),
            at: 0,
            findings: Vec::new(),
            fault: None,
        }
    }

    /// Lets everything be handed on as it is: it was decoded before.
    pub(crate) fn hand_on_all(&mut self) {
        self.is_handed_on = true;
        self.state = State::Plain;
    }

    /// Sets the encoding that is taken where several are possible.
    pub(crate) fn prefer(&mut self, encoding: Option<Encoding>) {
        self.preferred = encoding;
    }

    /// Returns the input.
    pub(crate) fn input(&self) -> &Source<R> {
        &self.input
    }

    /// Returns the encoding, which is UTF-8 as long as there was nothing but ASCII.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns whether the bytes are handed on as they are, because who reads them says what they are.
    pub(crate) fn is_handed_on(&self) -> bool {
        self.is_handed_on
    }

    /// Returns how many bytes of the input, a mark, are no part of the text.
    pub(crate) fn mark_length(&self) -> usize {
        self.mark_length
    }

    /// Returns whether nothing more will come.
    pub(crate) fn is_whole(&self) -> bool {
        self.at == self.text.len()
            && match self.state {
                State::Plain => self.input.is_whole,
                State::Done => true,
                State::New | State::Ascii | State::Decoding(_) => false,
            }
    }

    /// Returns why the text ended before the input did. The place is the end of the text.
    pub(crate) fn fault(&self) -> Option<&Finding> {
        self.fault.as_ref()
    }

    /// Returns what there is to say about the encoding.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Makes some text, or comes to a state in which there will be.
    fn advance(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        self.top_up()?;
        match std::mem::replace(&mut self.state, State::Done) {
            State::New => self.begin(),
            State::Ascii => self.pass(),
            State::Decoding(table) => self.decode(table),
            state @ (State::Plain | State::Done) => self.state = state,
        }
        Ok(())
    }

    /// Reads until a chunk is there or the input ends.
    fn top_up(&mut self) -> io::Result<()> {
        let room = CHUNK.saturating_sub(self.raw.len());
        self.raw.reserve_exact(room);
        self.input.by_ref().take(room as u64).read_to_end(&mut self.raw)?;
        Ok(())
    }

    fn begin(&mut self) {
        let found = head(&self.raw);
        self.declared = if found == Head::Bytes { None } else { declared(&self.raw) };
        match found {
            Head::Bytes => {
                self.is_handed_on = true;
                self.hand_on();
            }
            Head::Known(encoding, mark_length) => {
                let is_wide = |encoding: Encoding| matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
                // "UTF-16" names both orders.
                let is_declared =
                    |declared: Encoding| declared == encoding || (is_wide(declared) && is_wide(encoding));
                if let Some(declared) = self.declared.filter(|declared| !is_declared(*declared)) {
                    self.findings.push(differs(declared, encoding));
                }
                if encoding != Encoding::Utf8 {
                    // The mark of UTF-8 is part of what is handed on.
                    self.raw.drain(..mark_length);
                    self.mark_length = mark_length;
                    self.findings.push(findings::ENCODING_DETECTED.finding([encoding.as_str()]));
                }
                self.decode_as(encoding);
            }
            Head::Open => {
                let is_wide = matches!(self.declared, Some(Encoding::Utf16Le | Encoding::Utf16Be));
                if let Some(declared) = self.declared.take_if(|_| is_wide) {
                    self.findings.push(differs(declared, Encoding::Utf8));
                }
                self.state = State::Ascii;
            }
        }
    }

    /// Hands on ASCII, up to the byte that decides.
    fn pass(&mut self) {
        let ascii = encoding_rs::Encoding::ascii_valid_up_to(&self.raw);
        if ascii == self.raw.len() {
            std::mem::swap(&mut self.raw, &mut self.text);
            if !self.text.is_empty() {
                self.state = State::Ascii;
            }
            return;
        }
        if ascii > 0 {
            // The byte that decides becomes the first, so that a whole chunk behind it can be weighed.
            self.text.extend(self.raw.drain(..ascii));
            self.state = State::Ascii;
            return;
        }
        match weigh(&self.raw, self.declared, self.preferred) {
            Ok((encoding, findings)) => {
                self.findings.extend(findings);
                self.decode_as(encoding);
            }
            Err(finding) => self.fault = Some(finding),
        }
    }

    fn decode_as(&mut self, encoding: Encoding) {
        self.encoding = encoding;
        if encoding == Encoding::Utf8 {
            return self.hand_on();
        }
        self.state = State::Decoding(Box::new(encoding.table().new_decoder_without_bom_handling()));
    }

    fn hand_on(&mut self) {
        std::mem::swap(&mut self.raw, &mut self.text);
        self.raw = Vec::new();
        self.state = State::Plain;
    }

    /// Decodes the chunk at hand.
    fn decode(&mut self, mut table: Box<Table>) {
        let unassigned = self.encoding.unassigned();
        let odd = self.raw.iter().position(|byte| unassigned.contains(byte));
        let whole = odd.unwrap_or(self.raw.len());
        let is_last = odd.is_none() && self.input.is_whole;
        let room = table.max_utf8_buffer_length_without_replacement(whole);
        self.text.resize(room.expect("a chunk is short"), 0);
        let (result, read, written) =
            table.decode_to_utf8_without_replacement(&self.raw[..whole], &mut self.text, is_last);
        self.text.truncate(written);
        let broken = match result {
            DecoderResult::InputEmpty => odd.map(|at| self.kept.len() + at),
            DecoderResult::Malformed(length, behind) => {
                let behind = usize::from(length) + usize::from(behind);
                Some((self.kept.len() + read).saturating_sub(behind))
            }
            DecoderResult::OutputFull => unreachable!("there was room for all of it"),
        };
        self.kept.extend_from_slice(&self.raw);
        if let Some(at) = broken {
            let byte = self.kept.get(at).map_or_else(String::new, |byte| format!("0x{byte:02X}"));
            self.fault = Some(findings::ENCODING_BROKEN.finding([byte]));
            return;
        }
        self.kept.drain(..self.kept.len().saturating_sub(KEPT));
        self.raw.clear();
        if !is_last {
            self.state = State::Decoding(table);
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            match self.state {
                State::Plain => return self.input.read(into),
                State::Done => return Ok(0),
                State::New | State::Ascii | State::Decoding(_) => self.advance()?,
            }
        }
        let left = &self.text[self.at..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.at += count;
        Ok(count)
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New => "New",
            Self::Ascii => "Ascii",
            Self::Plain => "Plain",
            Self::Decoding(_) => "Decoding",
            Self::Done => "Done",
        })
    }
}
