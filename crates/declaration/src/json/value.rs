//! One item as RFC 8259 has it: values with the marks of where they stand.

use bumpalo::Bump;
use bumpalo::collections::{String as ArenaString, Vec};
use caravan_postal::Finding;

use crate::findings::{JSON_SYNTAX, NESTING_TOO_DEEP};
use crate::place::Mark;

/// A value; numbers as they are written, texts with their escapes resolved.
#[derive(Debug)]
pub(super) enum Value<'a> {
    Null,
    Flag(bool),
    Number(&'a str),
    Text(&'a str),
    /// A text with an escape that stands for no character, this one.
    Unknown(&'a str),
    Array(Vec<'a, Entry<'a>>),
    Object(Vec<'a, Member<'a>>),
}

/// A value with its place.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) value: Value<'a>,
    pub(super) mark: Mark,
}

/// A member of an object with the place of its name.
#[derive(Debug)]
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) value: Value<'a>,
    pub(super) mark: Mark,
}

/// What cannot be read, and where.
pub(super) type Fault = (Mark, Finding);

/// Values that enclose each other at most, whatever the limits say: each takes some of the stack.
const DEPTH_MAX: u16 = 128;

/// Returns the length of the object that begins the bytes, or of as much of it as shows that it is broken; nothing when
/// more bytes are needed to tell.
pub(super) fn extent(bytes: &[u8], depth_limit: u16) -> Option<usize> {
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = text_end(bytes, at + 1)?;
                if bytes[at] != b'"' {
                    return Some(at);
                }
            }
            b'{' | b'[' if depth >= depth_limit.min(DEPTH_MAX) => return Some(at + 1),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + 1),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the index of the quote that closes a text, or of the line break that shows that none does.
fn text_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
        if bytes[at] != b'\\' {
            return Some(at);
        }
        at += 2;
    }
}

/// Returns whether JSON allows a byte between values.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Reads values from a text.
pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The mark of the first byte.
    start: Mark,
    arena: &'a Bump,
    depth: u16,
    depth_limit: u16,
}

impl<'a> Parser<'a> {
    /// Begins at the first byte of `text`, which has the mark `start`.
    pub(super) fn new(text: &'a str, start: Mark, arena: &'a Bump, depth_limit: u16) -> Self {
        Self { text, at: 0, start, arena, depth: 0, depth_limit }
    }

    /// Reads the value at hand.
    pub(super) fn value(&mut self) -> Result<Entry<'a>, Fault> {
        self.pass_space();
        let mark = self.mark();
        let value = match self.peek() {
            Some(b'{') => self.object()?,
            Some(b'[') => self.array()?,
            Some(b'"') => self.text()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Entry { value, mark })
    }

    fn object(&mut self) -> Result<Value<'a>, Fault> {
        self.enter()?;
        let mut members = Vec::new_in(self.arena);
        self.pass_space();
        if self.take(b'}') {
            self.depth -= 1;
            return Ok(Value::Object(members));
        }
        loop {
            self.pass_space();
            let mark = self.mark();
            if self.peek() != Some(b'"') {
                return Err(self.expected("\""));
            }
            let name = match self.text()? {
                Value::Text(name) | Value::Unknown(name) => name,
                _ => "",
            };
            self.pass_space();
            if !self.take(b':') {
                return Err(self.expected(":"));
            }
            let value = self.value()?.value;
            members.push(Member { name, value, mark });
            self.pass_space();
            if self.take(b'}') {
                self.depth -= 1;
                return Ok(Value::Object(members));
            }
            if !self.take(b',') {
                return Err(self.expected(", }"));
            }
        }
    }

    fn array(&mut self) -> Result<Value<'a>, Fault> {
        self.enter()?;
        let mut entries = Vec::new_in(self.arena);
        self.pass_space();
        if self.take(b']') {
            self.depth -= 1;
            return Ok(Value::Array(entries));
        }
        loop {
            let entry = self.value()?;
            entries.push(entry);
            self.pass_space();
            if self.take(b']') {
                self.depth -= 1;
                return Ok(Value::Array(entries));
            }
            if !self.take(b',') {
                return Err(self.expected(", ]"));
            }
        }
    }

    fn enter(&mut self) -> Result<(), Fault> {
        let limit = self.depth_limit.min(DEPTH_MAX);
        if self.depth >= limit {
            return Err((self.mark(), NESTING_TOO_DEEP.finding([limit.to_string()])));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Reads a text, borrowed from the input when nothing in it is escaped.
    fn text(&mut self) -> Result<Value<'a>, Fault> {
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
                return Ok(unknown.map_or(Value::Text(text), Value::Unknown));
            }
            if self.peek() != Some(b'\\') {
                return Err(self.expected("\""));
            }
            let arena = self.arena;
            let text = joined.get_or_insert_with(|| ArenaString::new_in(arena));
            text.push_str(plain);
            let from = self.at;
            match self.escape()? {
                Some(character) => {
                    if let Some(text) = joined.as_mut() {
                        text.push(character);
                    }
                }
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
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        let Some(unit) = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) else {
            return Err(self.expected("0-9 a-f"));
        };
        self.at += 4;
        Ok(unit)
    }

    /// Reads a number as it is written: `-`, an integer without zeros before it, a fraction, an exponent.
    fn number(&mut self) -> Result<Value<'a>, Fault> {
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
        Ok(Value::Number(&self.text[from..self.at]))
    }

    fn digits(&mut self) -> Result<usize, Fault> {
        let length = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err(self.expected("0-9"));
        }
        self.at += length;
        Ok(length)
    }

    fn word(&mut self) -> Result<Value<'a>, Fault> {
        let words = [("true", Value::Flag(true)), ("false", Value::Flag(false)), ("null", Value::Null)];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
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

    fn mark(&self) -> Mark {
        Mark(self.start.0 + self.at as u64)
    }

    fn expected(&self, what: &'static str) -> Fault {
        (self.mark(), JSON_SYNTAX.finding([what]))
    }
}

#[cfg(test)]
mod tests {
    use bumpalo::Bump;

    use super::{Parser, extent};
    use crate::place::Mark;

    /// Returns what a text reads as, in the words of Rust, or what was expected where.
    fn read(text: &str) -> String {
        let arena = Bump::new();
        match Parser::new(text, Mark(0), &arena, 3).value() {
            Ok(entry) => format!("{:?}", entry.value),
            Err((mark, finding)) => format!("{} {}", mark.0, finding.arguments[0]),
        }
    }

    #[test]
    fn reads_what_the_grammar_has_and_not_its_nearest_neighbours() {
        for (text, expected) in [
            ("null", "Null"),
            (" true", "Flag(true)"),
            ("-0.50e+3", "Number(\"-0.50e+3\")"),
            ("\"a\\u6c49\\n\\ud83d\\ude00\"", "Text(\"a汉\\n😀\")"),
            ("\"a\\ud83dx\"", "Unknown(\"\\\\ud83d\")"),
            ("\"\\ude00\"", "Unknown(\"\\\\ude00\")"),
            ("\"\\ud83d\\u0041\"", "Unknown(\"\\\\ud83d\")"),
            ("[ ]", "Array([])"),
            ("nul", "0 @json-any"),
            ("01", "0 1-9"),
            ("1.", "2 0-9"),
            (".5", "0 @json-any"),
            ("-", "1 0-9"),
            ("\"a", "2 \""),
            ("\"a\tb\"", "2 \""),
            ("\"\\x\"", "2 \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"),
            ("\"\\u12g4\"", "3 0-9 a-f"),
            ("[1,]", "3 @json-any"),
            ("[1 2]", "3 , ]"),
            ("{\"a\" 1}", "5 :"),
            ("{\"a\":1,}", "7 \""),
            ("{a:1}", "1 \""),
            ("[[[[1]]]]", "3 3"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn finds_the_end_of_an_item() {
        for (text, length) in [
            ("{} {", Some(2)),
            ("{\"a\":[{\"b\":\"}\\\"\"}]},", Some(19)),
            ("{\"a\":[", None),
            ("{\"a", None),
            ("{\"a\\", None),
            ("{\"a\\\"", None),
            ("{\"a\nb\":1}", Some(3)),
            ("{[{[", Some(4)),
        ] {
            assert_eq!(extent(text.as_bytes(), 3), length, "{text}");
        }
    }
}
