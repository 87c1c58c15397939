//! JSON as RFC 8259 has it, read a step at a time: the caller asks for what comes next, and nothing is kept.
//!
//! Texts and numbers are slices of the input; only a text with an escape is put together anew, in the arena. A number
//! is never a binary fraction.

use std::mem;

use bumpalo::Bump;
use bumpalo::collections::String as ArenaString;
use caravan_postal::Finding;

use super::document::Object;
use crate::findings::{FILE_CUT, JSON_SYNTAX, NESTING_TOO_DEEP};
use crate::place::Mark;

/// A value that holds no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Null,
    Flag(bool),
    /// A number as it is written.
    Number(&'a str),
    /// A text with its escapes resolved.
    Text(&'a str),
    /// A text with an escape that stands for no character, this one.
    Unknown(&'a str),
}

/// What begins at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    Object,
    Array,
    Scalar,
}

/// What cannot be read, and where.
pub(crate) type Fault = (Mark, Finding);

/// Values that enclose each other at most, whatever the limits say: each takes some of the stack.
const DEPTH_MAX: u16 = 128;

/// Returns how many values may enclose each other when the limits allow `limit`.
pub(super) fn depth_limit(limit: u16) -> u16 {
    limit.min(DEPTH_MAX)
}

/// Returns whether JSON allows a byte between values.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Reads one object.
#[derive(Debug)]
pub(crate) struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The mark of the first byte.
    start: Mark,
    /// Whether the file ends where the text does, although the object does not.
    is_cut: bool,
    arena: &'a Bump,
    /// Objects and arrays that are open, and how many may be.
    depth: u16,
    depth_limit: u16,
    /// Whether nothing was read of the object or array that was opened last.
    is_first: bool,
}

impl<'a> Parser<'a> {
    /// Begins at the first byte of an object; `depth` values may enclose each other.
    pub(crate) fn new(object: Object<'a>, arena: &'a Bump, depth: u16) -> Self {
        let Object { text, mark: start, is_cut } = object;
        let depth_limit = depth_limit(depth);
        Self { text, at: 0, start, is_cut, arena, depth: 0, depth_limit, is_first: false }
    }

    /// Returns the mark of the next byte.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.start.0 + self.at as u64)
    }

    /// Returns what begins at the next byte.
    pub(crate) fn head(&self) -> Head {
        match self.peek() {
            Some(b'{') => Head::Object,
            Some(b'[') => Head::Array,
            _ => Head::Scalar,
        }
    }

    /// Goes into the object or array that begins at the next byte.
    pub(crate) fn open(&mut self) -> Result<(), Fault> {
        if self.depth >= self.depth_limit {
            return Err((self.mark(), NESTING_TOO_DEEP.finding([self.depth_limit.to_string()])));
        }
        self.depth += 1;
        self.at += 1;
        self.is_first = true;
        Ok(())
    }

    /// Goes to the value of the next member of the open object; returns the name and its mark, and nothing when the
    /// object is over.
    pub(crate) fn member(&mut self) -> Result<Option<(&'a str, Mark)>, Fault> {
        if !self.goes_on(b'}', ", }")? {
            return Ok(None);
        }
        let mark = self.mark();
        if self.peek() != Some(b'"') {
            return Err(self.expected("\""));
        }
        let (Ok(name) | Err(name)) = self.text()?;
        self.pass_space();
        if !self.take(b':') {
            return Err(self.expected(":"));
        }
        self.pass_space();
        Ok(Some((name, mark)))
    }

    /// Goes to the next entry of the open array; returns whether there is one.
    pub(crate) fn entry(&mut self) -> Result<bool, Fault> {
        self.goes_on(b']', ", ]")
    }

    /// Reads a value that holds no others.
    pub(crate) fn scalar(&mut self) -> Result<Scalar<'a>, Fault> {
        match self.peek() {
            Some(b'"') => self.text().map(|text| text.map_or_else(Scalar::Unknown, Scalar::Text)),
            Some(b'-' | b'0'..=b'9') => self.number().map(Scalar::Number),
            _ => self.word(),
        }
    }

    /// Passes over a value.
    pub(crate) fn skip(&mut self) -> Result<(), Fault> {
        match self.head() {
            Head::Object => {
                self.open()?;
                while self.member()?.is_some() {
                    self.skip()?;
                }
            }
            Head::Array => {
                self.open()?;
                while self.entry()? {
                    self.skip()?;
                }
            }
            Head::Scalar => {
                self.scalar()?;
            }
        }
        Ok(())
    }

    /// Goes behind the comma, or the bracket that closes what is open; returns whether it was not the bracket.
    fn goes_on(&mut self, bracket: u8, expected: &'static str) -> Result<bool, Fault> {
        let is_first = mem::take(&mut self.is_first);
        self.pass_space();
        if self.take(bracket) {
            self.depth -= 1;
            return Ok(false);
        }
        if !is_first && !self.take(b',') {
            return Err(self.expected(expected));
        }
        self.pass_space();
        Ok(true)
    }

    /// Reads a text, borrowed from the input when nothing in it is escaped; the first escape that stands for no
    /// character when there is one.
    fn text(&mut self) -> Result<Result<&'a str, &'a str>, Fault> {
        self.at += 1;
        let mut joined: Option<ArenaString<'a>> = None;
        let mut unknown = None;
        loop {
            let rest = self.rest();
            let is_end = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
            let length = rest.bytes().position(|byte| is_end(&byte)).unwrap_or(rest.len());
            let plain = &rest[..length];
            self.at += length;
            if self.take(b'"') {
                let text = match joined {
                    None => plain,
                    Some(mut text) => {
                        text.push_str(plain);
                        text.into_bump_str()
                    }
                };
                return Ok(unknown.map_or(Ok(text), Err));
            }
            if self.peek() != Some(b'\\') {
                return Err(self.expected("\""));
            }
            let arena = self.arena;
            let text = joined.get_or_insert_with(|| ArenaString::new_in(arena));
            text.push_str(plain);
            let from = self.at;
            match self.escape()? {
                Some(character) => text.push(character),
                None => unknown = unknown.or(self.text.get(from..self.at)),
            }
        }
    }

    /// Reads an escape; nothing for half of a pair of UTF-16, which is no character.
    fn escape(&mut self) -> Result<Option<char>, Fault> {
        self.at += 1;
        let character = match self.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.expected("\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")),
        };
        self.at += 1;
        Ok(Some(character))
    }

    fn unicode(&mut self) -> Result<Option<char>, Fault> {
        self.at += 1;
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first));
        }
        if !self.rest().starts_with("\\u") {
            return Ok(None);
        }
        let behind = self.at;
        self.at += 2;
        let second = self.unit()?;
        if !(0xDC00..0xE000).contains(&second) {
            // Not its other half: it is read for itself.
            self.at = behind;
            return Ok(None);
        }
        Ok(char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)))
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.rest().bytes().take(4).take_while(u8::is_ascii_hexdigit).count();
        let Some(unit) = self
            .rest()
            .get(..4)
            .filter(|_| digits == 4)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
        else {
            self.end_with(digits);
            return Err(self.expected("0-9 a-f"));
        };
        self.at += 4;
        Ok(unit)
    }

    /// Reads a number as it is written: `-`, an integer without zeros before it, a fraction, an exponent.
    fn number(&mut self) -> Result<&'a str, Fault> {
        let from = self.at;
        self.take(b'-');
        let leading_zero = self.peek() == Some(b'0');
        let integer = self.digits()?;
        if leading_zero && integer > 1 {
            self.at = from;
            return Err(self.expected("1-9"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(&self.text[from..self.at])
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let length = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err(self.expected("0-9"));
        }
        self.at += length;
        Ok(length)
    }

    fn word(&mut self) -> Result<Scalar<'a>, Fault> {
        let words = [("true", Scalar::Flag(true)), ("false", Scalar::Flag(false)), ("null", Scalar::Null)];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
            if word.starts_with(self.rest()) {
                self.end_with(self.rest().len());
            }
        }
        Err(self.expected("@json-any"))
    }

    fn pass_space(&mut self) {
        self.at += self.rest().bytes().take_while(|byte| is_space(*byte)).count();
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Goes to the end of a file that was cut behind so many more bytes, which are right as far as they go.
    fn end_with(&mut self, length: usize) {
        if self.is_cut && self.at + length == self.text.len() {
            self.at = self.text.len();
        }
    }

    /// Ends the reading where something else should be; where the file ends too, it was cut.
    fn expected(&self, what: &'static str) -> Fault {
        let is_cut = self.is_cut && self.at >= self.text.len();
        (self.mark(), if is_cut { FILE_CUT.finding::<&str>([]) } else { JSON_SYNTAX.finding([what]) })
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use bumpalo::Bump;

    use super::{Fault, Head, Parser, Scalar};
    use crate::json::document::Object;
    use crate::place::Mark;

    /// Writes what a value reads as, in the words of Rust.
    fn show(parser: &mut Parser<'_>, into: &mut String) -> Result<(), Fault> {
        match parser.head() {
            Head::Object => {
                parser.open()?;
                into.push('{');
                while let Some((name, _)) = parser.member()? {
                    into.extend([name, ":"]);
                    show(parser, into)?;
                    into.push(' ');
                }
                into.push('}');
            }
            Head::Array => {
                parser.open()?;
                into.push('[');
                while parser.entry()? {
                    show(parser, into)?;
                    into.push(' ');
                }
                into.push(']');
            }
            Head::Scalar => {
                let scalar: Scalar<'_> = parser.scalar()?;
                write!(into, "{scalar:?}").expect("writing to a string");
            }
        }
        Ok(())
    }

    /// Returns what a text reads as, or what was found where; passing over it finds the same.
    fn read(text: &str, is_cut: bool) -> String {
        let arena = Bump::new();
        let parser = || Parser::new(Object { text, mark: Mark(0), is_cut }, &arena, 3);
        let describe = |(mark, finding): Fault| {
            let expected = finding.arguments.first().map_or("", |first| first);
            format!("{} {} {expected}", mark.0, finding.code.name)
        };
        let mut written = String::new();
        let read = show(&mut parser(), &mut written).map_err(describe);
        assert_eq!(parser().skip().map_err(describe), read, "{text}");
        read.map_or_else(|fault| fault, |()| written)
    }

    #[test]
    fn reads_what_the_grammar_has_and_not_its_nearest_neighbours() {
        for (text, expected) in [
            ("null", "Null"),
            ("true", "Flag(true)"),
            ("-0.50e+3", "Number(\"-0.50e+3\")"),
            ("0", "Number(\"0\")"),
            ("\"a\\u6c49\\n\\ud83d\\ude00\\u00e9\"", "Text(\"a汉\\n😀é\")"),
            ("\"a\\ud83dx\"", "Unknown(\"\\\\ud83d\")"),
            ("\"\\ude00\"", "Unknown(\"\\\\ude00\")"),
            ("\"\\ud83d\\u0041\"", "Unknown(\"\\\\ud83d\")"),
            ("[ ]", "[]"),
            ("{ }", "{}"),
            (
                "[ 1 , [ ] , { \"a\" : null , \"b\":[2] } ]",
                "[Number(\"1\") [] {a:Null b:[Number(\"2\") ] } ]",
            ),
            ("nul", "0 json-syntax @json-any"),
            ("01", "0 json-syntax 1-9"),
            ("1.", "2 json-syntax 0-9"),
            (".5", "0 json-syntax @json-any"),
            ("-", "1 json-syntax 0-9"),
            ("+1", "0 json-syntax @json-any"),
            ("1e+", "3 json-syntax 0-9"),
            ("\"a", "2 json-syntax \""),
            ("\"a\tb\"", "2 json-syntax \""),
            ("\"\\x\"", "2 json-syntax \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
            ("\"\\u12g4\"", "3 json-syntax 0-9 a-f"),
            ("\"\\u+123\"", "3 json-syntax 0-9 a-f"),
            ("\"\\u12\"", "3 json-syntax 0-9 a-f"),
            ("[1,]", "3 json-syntax @json-any"),
            ("[,1]", "1 json-syntax @json-any"),
            ("[1 2]", "3 json-syntax , ]"),
            ("[1}", "2 json-syntax , ]"),
            ("{\"a\" 1}", "5 json-syntax :"),
            ("{\"a\":1,}", "7 json-syntax \""),
            ("{\"a\":1 \"b\":2}", "7 json-syntax , }"),
            ("{a:1}", "1 json-syntax \""),
            ("[[[[1]]]]", "3 nesting-too-deep 3"),
        ] {
            assert_eq!(read(text, false), expected, "{text}");
        }
    }

    #[test]
    fn tells_a_cut_from_what_is_wrong_before_it() {
        for (text, expected) in [
            ("{", "1 file-cut "),
            ("{\"a", "3 file-cut "),
            ("{\"a\"", "4 file-cut "),
            ("{\"a\":", "5 file-cut "),
            ("{\"a\":nu", "7 file-cut "),
            ("{\"a\":no", "5 json-syntax @json-any"),
            ("{\"a\":1.", "7 file-cut "),
            ("{\"a\":1", "6 file-cut "),
            ("{\"a\":1,", "7 file-cut "),
            ("{\"a\":[", "6 file-cut "),
            ("{\"a\":\"\\", "7 file-cut "),
            ("{\"a\":\"\\u6", "9 file-cut "),
            ("{\"a\":\"\\u6c49", "12 file-cut "),
            ("{\"a\":\"\\ux", "8 json-syntax 0-9 a-f"),
            ("{\"a\" 1", "5 json-syntax :"),
        ] {
            assert_eq!(read(text, true), expected, "{text}");
        }
    }
}
