//! The encoding of a message: UTF-8, or the Chinese encodings that receipts declare.
//!
//! A file that declares `gb2312`, `gbk` or `gb18030` is decoded as GB 18030, of which the others are parts, unless its
//! bytes say that it is UTF-8 all the same: some senders write the declaration of one system and the bytes of another.

use std::io::{self, Read};

use caravan_postal::Finding;
use encoding_rs::{Decoder, DecoderResult, GB18030};

use crate::builder::clip;
use crate::findings;

/// Bytes that are taken from the input at a time.
const CHUNK: usize = 16 << 10;

/// How the bytes of a message become text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// They are UTF-8; the finding says what was declared when that was something else.
    Utf8(Option<Finding>),
    /// They are GB 18030, declared by this name.
    Gb18030(Finding),
    /// They are in an encoding that is not read.
    Unreadable(Finding),
}

/// Returns the encoding of a message that begins with these bytes, behind a byte-order mark of `mark_length` bytes.
pub(super) fn encoding(bytes: &[u8], mark_length: usize) -> Encoding {
    let Some(name) = declared(&bytes[mark_length..]) else { return Encoding::Utf8(None) };
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("utf-8") || is("utf8") || is("us-ascii") {
        return Encoding::Utf8(None);
    }
    let remark = findings::ENCODING_DECLARED.finding([clip(&name)]);
    if !(is("gb2312") || is("gbk") || is("gb18030")) {
        return Encoding::Unreadable(findings::ENCODING_UNSUPPORTED.finding([clip(&name)]));
    }
    if mark_length > 0 || is_surely_utf8(bytes) {
        Encoding::Utf8(Some(remark))
    } else {
        Encoding::Gb18030(remark)
    }
}

/// Returns the encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let declaration = &declaration[..memchr::memmem::find(declaration, b"?>")?];
    let text = std::str::from_utf8(declaration).ok()?;
    let value = text.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(value[1..].split_once(quote)?.0.to_owned())
}

/// Returns whether bytes cannot be GB 18030 meant as such: they are UTF-8 and have a character of three bytes. Short
/// words of GB 18030 are by chance UTF-8 with characters of two bytes.
fn is_surely_utf8(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        // The last character may be cut by the end of what is in memory.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    text.bytes().any(|byte| byte >= 0xE0)
}

/// An input in GB 18030, read as UTF-8. Bytes that are no GB 18030 come through as a byte that is no UTF-8, so that the
/// reader reports them in their place.
pub(super) struct Transcoder<'i> {
    input: &'i mut dyn Read,
    decoder: Decoder,
    /// Bytes of the input that were not decoded yet.
    raw: Vec<u8>,
    /// Text that was not handed over yet.
    text: Vec<u8>,
    /// How much of it was.
    taken: usize,
    is_ended: bool,
}

impl<'i> Transcoder<'i> {
    pub(super) fn new(input: &'i mut dyn Read) -> Self {
        let decoder = GB18030.new_decoder_without_bom_handling();
        Self { input, decoder, raw: Vec::new(), text: Vec::new(), taken: 0, is_ended: false }
    }

    /// Decodes the next bytes of the input.
    fn advance(&mut self) -> io::Result<()> {
        self.raw.resize(CHUNK, 0);
        let count = self.input.read(&mut self.raw)?;
        self.is_ended = count == 0;
        let mut rest = &self.raw[..count];
        self.text.clear();
        self.taken = 0;
        loop {
            let from = self.text.len();
            // One byte of input is at most three of text, and the decoder keeps up to four of them back.
            self.text.resize(from + rest.len() * 3 + 16, 0);
            let (result, read, written) =
                self.decoder.decode_to_utf8_without_replacement(rest, &mut self.text[from..], self.is_ended);
            self.text.truncate(from + written);
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => return Ok(()),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.text.push(0xFF),
            }
        }
    }
}

impl Read for Transcoder<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.text.len() && !self.is_ended {
            self.advance()?;
        }
        let left = &self.text[self.taken..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Encoding, Transcoder, encoding};

    fn decode(bytes: &[u8]) -> Vec<u8> {
        let mut input = bytes;
        let mut text = Vec::new();
        Transcoder::new(&mut input).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn decodes_across_any_border() {
        let text = "报关 <a>退单原因</a> 㐀\u{20000}".repeat(3000);
        let (bytes, _, _) = encoding_rs::GB18030.encode(&text);
        assert_eq!(decode(&bytes), text.as_bytes());
        assert_eq!(decode(b"a\xFFb"), b"a\xFFb");
        assert_eq!(decode(b"a\x81"), b"a\xFF");
        assert_eq!(decode(b""), b"");
    }

    #[test]
    fn believes_the_bytes_where_they_are_sure() {
        let with = |name: &str, body: &[u8]| {
            let head = format!("<?xml version='1.0' encoding = '{name}'?><a>");
            [head.as_bytes(), body].concat()
        };
        let is_gb = |bytes: &[u8]| matches!(encoding(bytes, 0), Encoding::Gb18030(_));
        let is_marked = |bytes: &[u8]| matches!(encoding(bytes, 0), Encoding::Utf8(Some(_)));
        assert!(is_gb(&with("gb2312", b"\xB1\xA8\xB9\xD8")) && is_gb(&with("GBK", b"abc")));
        // Two characters of GB 2312 whose bytes are UTF-8 by chance.
        assert!(is_gb(&with("gb2312", b"\xC1\xAA\xCD\xA8")));
        assert!(
            is_marked(&with("gb2312", "报关".as_bytes()))
                && is_marked(&with("gb2312", &"报关".as_bytes()[..5]))
        );
        assert_eq!(encoding(&with("UTF-8", b""), 0), Encoding::Utf8(None));
        assert_eq!(encoding(b"<a/>", 0), Encoding::Utf8(None));
        assert!(matches!(encoding(&with("Shift_JIS", b""), 0), Encoding::Unreadable(_)));
    }
}
