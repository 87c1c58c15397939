//! XML events with the one decision that streaming needs: is it wrong, or only not yet all there?

use std::io::BufRead;

use caravan_postal::Finding;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::builder::clip;
use crate::findings;
use crate::format::Element;
use crate::place::Mark;

/// Why parsing does not go on here.
#[derive(Debug)]
pub(crate) enum Stop {
    /// What is in memory ends in the middle of something.
    More,
    /// The file cannot be read beyond this place.
    Fatal(Mark, Finding),
}

/// The events of the part of a file that is in memory.
pub(crate) struct Events<'w> {
    reader: Reader<&'w [u8]>,
    bytes: &'w [u8],
    /// The offset of the first byte in the file.
    offset: u64,
    /// Whether the file has nothing behind these bytes.
    is_last: bool,
    /// Whether the reader stands at text or markup and has taken nothing of it: only then may bytes be passed by.
    is_between: bool,
}

/// An element that stands in the input as plainly as it can: `<name>text</name>`, or with one `currency` attribute,
/// without references, comments or anything else inside.
#[derive(Debug)]
pub(crate) struct Plain<'w> {
    /// Which of the elements asked for it is.
    pub(crate) index: usize,
    pub(crate) currency: Option<&'w str>,
    pub(crate) text: &'w str,
    pub(crate) mark: Mark,
    /// Bytes up to its end, white space before it included.
    length: usize,
}

impl<'w> Events<'w> {
    /// Begins at the first of `bytes`, which stands at `offset` in the file.
    pub(crate) fn new(bytes: &'w [u8], offset: u64, is_last: bool) -> Self {
        let bytes = if is_last { bytes } else { &bytes[..bytes.len() - incomplete_tail(bytes)] };
        let mut reader = Reader::from_reader(bytes);
        let config = reader.config_mut();
        // The root may have been opened in an earlier part; ends are matched with starts by who reads them.
        config.allow_unmatched_ends = true;
        Self { reader, bytes, offset, is_last, is_between: false }
    }

    /// Returns the next event, which is never the end of the input.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Event<'w>, Stop> {
        let before = self.position();
        match self.reader.read_event() {
            Ok(Event::Eof) => Err(self.end()),
            Ok(event) => {
                self.is_between = !matches!(event, Event::Text(_));
                Ok(event)
            }
            Err(error) => Err(self.explain(before, &error)),
        }
    }

    /// Returns the next element when it is plain and one of `elements`; nothing is taken. Nearly all are, and this is
    /// several times faster than their three events and the white space before them. What is not plain comes as events.
    #[inline]
    pub(crate) fn plain(&self, elements: &[Element]) -> Option<Plain<'w>> {
        if !self.is_between {
            return None;
        }
        let rest: &'w [u8] = self.reader.get_ref();
        let space = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\t' | b'\r'))?;
        let tag = rest[space..].strip_prefix(b"<")?;
        let first = *tag.first()?;
        let is_it = |element: &Element| {
            let name = element.name.as_bytes();
            name[0] == first
                && tag.strip_prefix(name).is_some_and(|rest| matches!(rest.first(), Some(b'>' | b' ')))
        };
        let index = elements.iter().position(is_it)?;
        let name = elements[index].name.as_bytes();
        let behind = &tag[name.len()..];
        let (currency, content) = match behind.strip_prefix(b" currency=\"") {
            None => (None, behind.strip_prefix(b">")?),
            Some(value) => {
                let (code, behind) = value.split_at_checked(3)?;
                let is_code = code.iter().all(u8::is_ascii_uppercase);
                (Some(std::str::from_utf8(code).ok().filter(|_| is_code)?), behind.strip_prefix(b"\">")?)
            }
        };
        let (text, end) = content.split_at(memchr::memchr3(b'<', b'&', b']', content)?);
        let left = end.strip_prefix(b"</")?.strip_prefix(name)?.strip_prefix(b">")?;
        let text = std::str::from_utf8(text).ok()?;
        let mark = Mark(self.mark().0 + space as u64);
        Some(Plain { index, currency, text, mark, length: rest.len() - left.len() })
    }

    /// Takes a plain element, the last that [`Events::plain`] returned.
    #[inline]
    pub(crate) fn take(&mut self, plain: &Plain<'w>) {
        self.reader.stream().consume(plain.length);
    }

    /// Returns how many bytes the events so far have taken.
    pub(crate) fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).expect("a position in memory")
    }

    /// Returns the mark of the next event.
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.offset + self.reader.buffer_position())
    }

    /// Returns whether the file has nothing behind the bytes in memory.
    pub(crate) fn is_last(&self) -> bool {
        self.is_last
    }

    /// Returns whether every byte in memory was taken.
    pub(crate) fn is_at_end(&self) -> bool {
        self.position() == self.bytes.len()
    }

    fn end(&self) -> Stop {
        if !self.is_last {
            return Stop::More;
        }
        let end = Mark(self.offset + self.bytes.len() as u64);
        Stop::Fatal(end, findings::FILE_CUT.finding::<&str>([]))
    }

    #[cold]
    fn explain(&self, before: usize, error: &Error) -> Stop {
        let at = |index: usize| Mark(self.offset + index as u64);
        match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                // `<!` and the letter that tells what it is may be cut apart.
                let is_cut = before + 3 > self.bytes.len();
                if is_cut {
                    self.end()
                } else {
                    Stop::Fatal(at(before), findings::XML_MARKUP.finding::<&str>([]))
                }
            }
            Error::Syntax(_) => self.end_of_open(before),
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                if self.is_at_end() && !self.is_last {
                    return Stop::More;
                }
                let index = usize::try_from(self.reader.error_position()).unwrap_or(before);
                Stop::Fatal(at(index), findings::XML_AMPERSAND.finding::<&str>([]))
            }
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                let finding = findings::XML_END_MISMATCH.finding([clip(expected), clip(found)]);
                Stop::Fatal(at(before), finding)
            }
            Error::Encoding(_) => self.broken_encoding(before),
            Error::IllFormed(_)
            | Error::InvalidAttr(_)
            | Error::Escape(_)
            | Error::Namespace(_)
            | Error::Io(_) => Stop::Fatal(at(before), findings::XML_MARKUP.finding::<&str>([])),
        }
    }

    /// Something was opened at `before` and nothing closes it. At the end of a file that is a cut, and the place to
    /// look at is where it was opened.
    fn end_of_open(&self, before: usize) -> Stop {
        match self.end() {
            Stop::More => Stop::More,
            Stop::Fatal(_, finding) => Stop::Fatal(Mark(self.offset + before as u64), finding),
        }
    }

    fn broken_encoding(&self, before: usize) -> Stop {
        let rest = &self.bytes[before..];
        let index = before + std::str::from_utf8(rest).map_or_else(|error| error.valid_up_to(), str::len);
        let byte = self.bytes.get(index).map_or_else(String::new, |byte| format!("0x{byte:02X}"));
        Stop::Fatal(Mark(self.offset + index as u64), findings::ENCODING_BROKEN.finding([byte]))
    }
}

/// Returns how many bytes at the end begin a character of UTF-8 that is not all there.
fn incomplete_tail(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let lead = bytes[tail..].iter().rposition(|byte| byte & 0xC0 != 0x80);
    let Some(lead) = lead.map(|index| tail + index) else { return 0 };
    let length = match bytes[lead] {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => 1,
    };
    if lead + length > bytes.len() { bytes.len() - lead } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::incomplete_tail;

    #[test]
    fn cuts_only_what_is_not_all_there() {
        for (bytes, tail) in [
            (&b""[..], 0),
            (b"ab", 0),
            ("汉".as_bytes(), 0),
            (&"汉".as_bytes()[..2], 2),
            (&"a汉".as_bytes()[..2], 1),
            (&"𐍈".as_bytes()[..3], 3),
            ("𐍈".as_bytes(), 0),
            (&"при".as_bytes()[..5], 1),
            (b"\x80\x80\x80\x80", 0),
        ] {
            assert_eq!(incomplete_tail(bytes), tail, "{bytes:?}");
        }
    }
}
