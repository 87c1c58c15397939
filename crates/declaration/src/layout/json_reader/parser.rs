//! One object of JSON against its layout (RFC 8259).

use caravan_postal::Finding;

use crate::builder::{Builder, clip};
use crate::findings;
use crate::layout::{Entry, Gathering, Holds, Misfit, Node, Type};
use crate::limits::Limits;
use crate::place::Mark;

/// The end of reading, with its place.
#[derive(Debug)]
pub(super) struct Stop(pub(super) Mark, pub(super) Finding);

/// Reads the one object that a text is.
pub(super) struct Parser<'a> {
    text: &'a str,
    /// The next byte.
    at: usize,
    /// The offset of the text in the file.
    offset: u64,
    pub(super) builder: Builder<'a>,
    limits: &'a Limits,
    /// Objects and lists that are open.
    depth: u16,
}

/// A value that is no object and no list.
enum Scalar<'a> {
    Text(&'a str),
    Null,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str, offset: u64, builder: Builder<'a>, limits: &'a Limits) -> Self {
        Self { text, at: 0, offset, builder, limits, depth: 0 }
    }

    /// Reads the object, behind which nothing may follow.
    pub(super) fn record(&mut self, node: &'static Node) -> Result<Vec<Entry<'a>>, Stop> {
        let entries = self.object(node)?;
        if self.at < self.text.len() {
            return Err(self.expected("EOF"));
        }
        Ok(entries)
    }

    fn object(&mut self, parent: &'static Node) -> Result<Vec<Entry<'a>>, Stop> {
        let mark = self.mark();
        let mut gathering = Gathering::new(parent);
        self.open(b'{')?;
        if !self.closes(b'}') {
            loop {
                self.member(&mut gathering)?;
                if !self.goes_on(b'}', "} ,")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(gathering.finish(mark, &mut self.builder))
    }

    fn member(&mut self, gathering: &mut Gathering<'a>) -> Result<(), Stop> {
        self.space();
        let mark = self.mark();
        if self.peek() != Some(b'"') {
            return Err(self.expected("\""));
        }
        let name = self.string()?;
        self.space();
        self.take(b':', ":")?;
        self.space();
        let parent = gathering.parent();
        let node = match gathering.find(name).or_else(|misfit| self.like(name, gathering, mark).ok_or(misfit))
        {
            Ok(node) => node,
            Err(Misfit::Unknown) => {
                let arguments = [clip(name), parent.name.clone()];
                self.builder.push(mark, findings::ELEMENT_UNKNOWN.finding(arguments));
                return self.skip();
            }
            Err(Misfit::Surplus(node)) => {
                self.builder.push(mark, findings::ELEMENT_DUPLICATE.finding([node.name.as_str()]));
                return self.skip();
            }
        };
        if !node.is_repeated() {
            return self.value(node, mark, gathering);
        }
        if self.peek() != Some(b'[') {
            return self.scalar_or_report(node, mark, "[]");
        }
        self.open(b'[')?;
        if !self.closes(b']') {
            loop {
                self.space();
                let mark = self.mark();
                self.value(node, mark, gathering)?;
                if !self.goes_on(b']', "] ,")? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Finds a child whose name is written in other capitals.
    fn like(&mut self, name: &str, gathering: &Gathering<'a>, mark: Mark) -> Option<&'static Node> {
        let mut children = gathering.parent().children().iter();
        let node = children.find(|child| child.name.eq_ignore_ascii_case(name) && child.name != name)?;
        let node = gathering.find(&node.name).ok()?;
        self.builder.push(mark, findings::NAME_CASE.finding([clip(name), node.name.clone()]));
        Some(node)
    }

    /// Reads one value of a node.
    fn value(&mut self, node: &'static Node, mark: Mark, gathering: &mut Gathering<'a>) -> Result<(), Stop> {
        match (&node.content, self.peek()) {
            (Holds::Group(_), Some(b'{')) => {
                let entries = self.object(node)?;
                gathering.push(Entry::group(node, mark, entries));
            }
            (Holds::Group(_), _) => self.scalar_or_report(node, mark, "{}")?,
            (Holds::Value(_), Some(b'{' | b'[')) => {
                self.kind(node, mark, "\"\"");
                self.skip()?;
            }
            (Holds::Value(value), first) => match self.scalar()? {
                Scalar::Text(text) => {
                    self.spelling(node, *value, first, mark);
                    gathering.push(Entry::value(node, mark, text));
                }
                // In a list a value holds the place of those behind it.
                Scalar::Null if node.is_repeated() => gathering.push(Entry::value(node, mark, "")),
                Scalar::Null => {}
            },
        }
        Ok(())
    }

    /// Tells of a number in quotes, of a text without them, and the like; each is read all the same.
    fn spelling(&mut self, node: &'static Node, value: Type, first: Option<u8>, mark: Mark) {
        let (expected, is_expected) = match value {
            Type::Decimal { .. } | Type::Int => ("0", matches!(first, Some(b'-' | b'0'..=b'9'))),
            Type::Boolean => ("true", matches!(first, Some(b't' | b'f'))),
            _ => ("\"\"", first == Some(b'"')),
        };
        if !is_expected {
            let finding = findings::JSON_SPELLING.finding([node.name.as_str(), expected]);
            match node.element {
                Some(element) => self.builder.report(element, mark, finding),
                None => self.builder.push(mark, finding),
            }
        }
    }

    /// Passes over a value where a list or an object should be; `null` is fine there.
    fn scalar_or_report(&mut self, node: &'static Node, mark: Mark, expected: &str) -> Result<(), Stop> {
        if matches!(self.peek(), Some(b'{' | b'[')) {
            self.kind(node, mark, expected);
            return self.skip();
        }
        if let Scalar::Text(_) = self.scalar()? {
            self.kind(node, mark, expected);
        }
        Ok(())
    }

    fn kind(&mut self, node: &'static Node, mark: Mark, expected: &str) {
        let finding = findings::JSON_KIND.finding([node.name.as_str(), expected]);
        match node.element {
            Some(element) => self.builder.report(element, mark, finding),
            None => self.builder.push(mark, finding),
        }
    }

    /// Passes over any value.
    fn skip(&mut self) -> Result<(), Stop> {
        let (close, expected) = match self.peek() {
            Some(b'{') => (b'}', "} ,"),
            Some(b'[') => (b']', "] ,"),
            _ => return self.scalar().map(drop),
        };
        self.open(if close == b'}' { b'{' } else { b'[' })?;
        if !self.closes(close) {
            loop {
                self.space();
                if close == b'}' {
                    if self.peek() != Some(b'"') {
                        return Err(self.expected("\""));
                    }
                    self.string()?;
                    self.space();
                    self.take(b':', ":")?;
                    self.space();
                }
                self.skip()?;
                if !self.goes_on(close, expected)? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<Scalar<'a>, Stop> {
        if self.peek() == Some(b'"') {
            return self.string().map(Scalar::Text);
        }
        let rest = &self.text[self.at..];
        let length =
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
        let word = &rest[..length];
        if !matches!(word, "true" | "false" | "null") && !is_number(word) {
            return Err(self.expected("\" 0-9 true false null { ["));
        }
        self.at += length;
        Ok(if word == "null" { Scalar::Null } else { Scalar::Text(word) })
    }

    /// Reads the string that begins here.
    fn string(&mut self) -> Result<&'a str, Stop> {
        let text = self.text;
        self.at += 1;
        let begin = self.at;
        let mut decoded: Option<String> = None;
        let mut copied = begin;
        loop {
            let Some(byte) = text.as_bytes().get(self.at) else { return Err(self.expected("\"")) };
            match byte {
                b'"' => break,
                b'\\' => {
                    let decoded = decoded.get_or_insert_default();
                    decoded.push_str(&text[copied..self.at]);
                    let character = self.escape()?;
                    decoded.push(character);
                    copied = self.at;
                }
                0..0x20 => return Err(self.expected("\\u0020")),
                _ => self.at += 1,
            }
        }
        let last = &text[copied..self.at];
        self.at += 1;
        Ok(match decoded {
            None => last,
            Some(mut decoded) => {
                decoded.push_str(last);
                self.builder.arena().alloc_str(&decoded)
            }
        })
    }

    /// Reads an escape sequence, which begins with the backslash here.
    fn escape(&mut self) -> Result<char, Stop> {
        let begin = self.at;
        let rest = &self.text.as_bytes()[begin..];
        let simple = match rest.get(1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some((character, length)) = unicode(rest) else { return Err(self.expected("\\u0000")) };
                self.at += length;
                return Ok(character);
            }
            _ => return Err(self.expected("\\n \\t \\\" \\\\ \\u0000")),
        };
        self.at += 2;
        Ok(simple)
    }

    fn open(&mut self, bracket: u8) -> Result<(), Stop> {
        if self.depth >= self.limits.depth {
            let finding = findings::NESTING_TOO_DEEP.finding([self.limits.depth.to_string()]);
            return Err(Stop(self.mark(), finding));
        }
        self.depth += 1;
        let expected = if bracket == b'{' { "{" } else { "[" };
        self.take(bracket, expected)
    }

    /// Takes the bracket that closes an empty object or list, when it is there.
    fn closes(&mut self, bracket: u8) -> bool {
        self.space();
        let is_closed = self.peek() == Some(bracket);
        self.at += usize::from(is_closed);
        is_closed
    }

    /// Takes a comma, or the bracket that closes an object or a list; returns whether it was the comma.
    fn goes_on(&mut self, bracket: u8, expected: &str) -> Result<bool, Stop> {
        self.space();
        let next = self.peek();
        if next != Some(b',') && next != Some(bracket) {
            return Err(self.expected(expected));
        }
        self.at += 1;
        Ok(next == Some(b','))
    }

    fn take(&mut self, byte: u8, expected: &str) -> Result<(), Stop> {
        if self.peek() != Some(byte) {
            return Err(self.expected(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn space(&mut self) {
        self.at += self.text.as_bytes()[self.at..].iter().take_while(|byte| super::is_space(**byte)).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn mark(&self) -> Mark {
        Mark(self.offset + self.at as u64)
    }

    /// Ends the reading where something else should be; at the end of the text the file was cut.
    fn expected(&self, expected: &str) -> Stop {
        let finding = if self.at >= self.text.len() {
            findings::FILE_CUT.finding::<&str>([])
        } else {
            findings::JSON_SYNTAX.finding([expected])
        };
        Stop(self.mark(), finding)
    }
}

/// Returns the character of `\u` and four hexadecimal digits, or of two of them that are surrogates, and its length.
fn unicode(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
        u32::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| is_hex)?, 16).ok()
    };
    let first = unit(0)?;
    if let Some(character) = char::from_u32(first) {
        return Some((character, 6));
    }
    let (high, low) = (first.checked_sub(0xD800)?, unit(6)?.checked_sub(0xDC00)?);
    if high >= 0x400 || low >= 0x400 {
        return None;
    }
    Some((char::from_u32(0x1_0000 + (high << 10) + low)?, 12))
}

/// Returns whether RFC 8259, section 6, has a number of this form.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = digits.split_once(['e', 'E']).map_or((digits, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(is_digits)
        && exponent.is_none_or(|exponent| is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::{is_number, unicode};

    #[test]
    fn knows_numbers_from_their_nearest_wrong_neighbours() {
        for good in ["0", "-0", "12", "0.470", "1e3", "1.5E-7", "-12.25e+10"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "01", ".5", "1.", "+1", "1e", "1e+", "0x1", "1.2.3", "NaN"] {
            assert!(!is_number(bad), "{bad}");
        }
    }

    #[test]
    fn puts_surrogates_together_and_takes_none_alone() {
        for (text, expected) in [
            ("\\u6c49x", Some(('汉', 6))),
            ("\\uD800\\uDF48", Some(('𐍈', 12))),
            ("\\uD800", None),
            ("\\uD800\\u0041", None),
            ("\\uDF48\\uD800", None),
            ("\\u00g1", None),
            ("\\u+123", None),
            ("\\u12", None),
        ] {
            assert_eq!(unicode(text.as_bytes()), expected, "{text}");
        }
    }
}
