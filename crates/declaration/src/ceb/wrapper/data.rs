//! The content of `Data`: Base64 with any white space, decoded as it is read.

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::window::{Fill, Window};

/// Characters that are decoded at a time; a multiple of four.
const CHUNK: usize = 16 << 10;

/// An input that ends where the next tag begins.
pub(super) struct DataReader<'w, 'i> {
    window: &'w mut Window<&'i mut dyn Read>,
    /// Characters that do not make four yet.
    rest: Vec<u8>,
    bytes: Vec<u8>,
    taken: usize,
    is_padded: bool,
    is_broken: bool,
    is_ended: bool,
    /// Bytes that were decoded so far.
    decoded: u64,
}

impl<'w, 'i> DataReader<'w, 'i> {
    pub(super) fn new(window: &'w mut Window<&'i mut dyn Read>) -> Self {
        Self {
            window,
            rest: Vec::new(),
            bytes: Vec::new(),
            taken: 0,
            is_padded: false,
            is_broken: false,
            is_ended: false,
            decoded: 0,
        }
    }

    /// Returns whether something other than Base64 was met, or nothing.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken || (self.is_ended && self.decoded == 0)
    }

    fn advance(&mut self) -> io::Result<()> {
        if self.window.unread().is_empty() && (self.window.is_whole() || self.window.fill()? == Fill::Full) {
            self.end();
            return Ok(());
        }
        let unread = self.window.unread();
        if unread.is_empty() {
            return Ok(());
        }
        let chunk = &unread[..unread.len().min(CHUNK)];
        let length = memchr::memchr(b'<', chunk).unwrap_or(chunk.len());
        self.rest.extend(chunk[..length].iter().filter(|byte| !byte.is_ascii_whitespace()));
        let is_last = length < chunk.len();
        self.window.consume(length);
        self.decode();
        if is_last {
            self.end();
        }
        Ok(())
    }

    fn decode(&mut self) {
        let whole = self.rest.len() / 4 * 4;
        self.bytes.clear();
        self.taken = 0;
        if whole == 0 {
            return;
        }
        let chunk: Vec<u8> = self.rest.drain(..whole).collect();
        // Padding ends the data: nothing may come behind it.
        let is_fine = !self.is_padded && STANDARD.decode_vec(&chunk, &mut self.bytes).is_ok();
        self.is_padded = chunk.ends_with(b"=");
        self.decoded += self.bytes.len() as u64;
        if !is_fine {
            self.is_broken = true;
            self.is_ended = true;
            self.bytes.clear();
        }
    }

    fn end(&mut self) {
        self.is_ended = true;
        self.is_broken |= !self.rest.is_empty();
    }
}

impl Read for DataReader<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.bytes.len() && !self.is_ended {
            self.advance()?;
        }
        let left = &self.bytes[self.taken..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::DataReader;
    use crate::limits::Limits;
    use crate::window::Window;

    fn read(text: &str) -> (Vec<u8>, bool, usize) {
        let mut input = text.as_bytes();
        let mut window: Window<&mut dyn Read> = Window::new(&mut input, &Limits::standard());
        let mut reader = DataReader::new(&mut window);
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).unwrap();
        let is_broken = reader.is_broken();
        (bytes, is_broken, window.unread().len())
    }

    #[test]
    fn decodes_up_to_the_next_tag() {
        for (text, bytes, is_broken, left) in [
            ("YWJj</a>", "abc", false, 4),
            ("\n YW\tJj\r\nZA= =\n</a>", "abcd", false, 4),
            ("</a>", "", true, 4),
            ("YWJj", "abc", false, 0),
            ("YWJ</a>", "", true, 4),
            ("ZA==YWJj</a>", "d", true, 4),
            ("Y-Jj</a>", "", true, 4),
        ] {
            let (found, broken, rest) = read(text);
            assert_eq!((broken, rest), (is_broken, left), "{text}");
            assert!(is_broken || found == bytes.as_bytes(), "{text}");
        }
        let long = "YWJj".repeat(50_000);
        assert_eq!(read(&format!("{long}<")).0, "abc".repeat(50_000).as_bytes());
    }
}
