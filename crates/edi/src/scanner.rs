//! Bytes into segments, one at a time, from as much of a file as is in memory.
//!
//! A scanner holds no bytes and is copied freely: a reader that finds its bytes cut off keeps the scanner of the place
//! where it wants to begin again, and fills its buffer.

use caravan_postal::{Finding, Place};

use crate::part::End;
use crate::tokenizer::Limits;
use crate::{Charset, Part, Pattern, Segment, Separators, Syntax, codes};

/// Bytes of the longest segment that any limits allow.
const SEGMENT_BYTES_MOST: usize = 1 << 31;

/// The place in a file up to which it was read, and what holds from there on.
#[derive(Debug, Clone, Copy)]
pub struct Scanner {
    syntax: Syntax,
    limits: Limits,
    /// Segments so far, UNA not counted.
    number: u32,
    /// Whether the last segment ended an interchange, or none was read: only there UNA has a meaning.
    is_between: bool,
    /// Whether the service characters are those that patterns are made with.
    is_usual: bool,
}

/// What the bytes at hand go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'a> {
    /// A segment, whose components are in the cuts of the part.
    Segment(Segment<'a>),
    /// Too few bytes to tell.
    More,
    /// Nothing: the file is read.
    End,
    /// Something that cannot be read beyond.
    Stop(Finding),
}

impl Scanner {
    /// Begins a file. Of the limits, those of a segment and the number of segments are asked.
    pub fn new(limits: &Limits) -> Self {
        let syntax = Syntax { separators: Separators::DEFAULT, charset: Charset::A };
        let limits = Limits {
            // A place in a segment is 32 bits, and the number of a component 16.
            segment_bytes_max: limits.segment_bytes_max.min(SEGMENT_BYTES_MOST),
            components_max: limits.components_max.min(u16::MAX - 1),
            ..*limits
        };
        Self { syntax, limits, number: 0, is_between: true, is_usual: false }
    }

    /// Returns how the bytes are read: as the last UNA and the last UNB said.
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Returns whether no interchange is open.
    pub fn is_between(&self) -> bool {
        self.is_between
    }

    /// Returns how many segments were read, UNA not counted; that of several interchanges goes on.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Goes back to before a segment that is not the first of its interchange.
    pub fn return_to(&mut self, segment: &Segment<'_>) {
        self.number = segment.number - 1;
        self.is_between = false;
    }

    /// Reads the next segment of the bytes at hand and cuts it into its components.
    ///
    /// White space before a segment is passed over, as many systems write one a line; between two interchanges padding
    /// with NUL or SUB too.
    pub fn next<'a>(&mut self, part: &mut Part<'a>) -> Step<'a> {
        let start = part.at + blank(part.rest(), self.is_between);
        if self.is_between {
            return self.first(start, part);
        }
        self.segment(self.syntax, start, part)
    }

    /// Reads a segment between two interchanges, where UNA may stand.
    fn first<'a>(&mut self, mut start: usize, part: &mut Part<'a>) -> Step<'a> {
        let mut syntax = Syntax { separators: Separators::DEFAULT, charset: Charset::A };
        let rest = &part.bytes[start..];
        if rest.starts_with(b"UNA") || (!part.is_last && !rest.is_empty() && b"UNA".starts_with(rest)) {
            let Some(stated) = rest.get(3..9) else {
                return if part.is_last { self.stop_at_separators(&rest[3..]) } else { Step::More };
            };
            let Some(separators) = <[u8; 6]>::try_from(stated).ok().and_then(Separators::parse) else {
                return self.stop_at_separators(stated);
            };
            syntax.separators = separators;
            start += 9;
            start += blank(&part.bytes[start..], false);
        }
        self.segment(syntax, start, part)
    }

    /// Returns the segment that the bytes at hand go on with when it is what the pattern expects, with its values in the
    /// cuts of the part; it is read only when [`Scanner::accept`] follows. Nothing says only that [`Scanner::next`] has
    /// to be asked.
    #[inline]
    pub fn expect<'a>(&self, part: &mut Part<'a>, pattern: &Pattern) -> Option<Segment<'a>> {
        if !self.is_usual || self.is_between {
            return None;
        }
        let mut start = part.at;
        if *part.bytes.get(start)? <= b' ' {
            start += blank(part.rest(), false);
            part.pass_to(start);
        }
        let end = part.expect(start, pattern)?;
        let Limits { segments_max, segment_bytes_max, elements_max, components_max, .. } = self.limits;
        let is_within = end - start <= segment_bytes_max
            && self.number < segments_max
            && pattern.elements <= usize::from(elements_max)
            && pattern.components <= usize::from(components_max);
        let text = part.text(start, end);
        is_within.then(|| Segment::new(self.number + 1, &part.bytes[start..end], text, self.syntax))
    }

    /// Reads the segment that was last expected.
    #[inline]
    pub fn accept(&mut self, part: &mut Part<'_>, segment: &Segment<'_>) {
        self.number = segment.number;
        part.accept();
    }

    fn segment<'a>(&mut self, syntax: Syntax, start: usize, part: &mut Part<'a>) -> Step<'a> {
        if start == part.bytes.len() {
            return if part.is_last { Step::End } else { Step::More };
        }
        let limit = self.limits.segment_bytes_max;
        let (end, elements, components) = match part.cut(start, syntax.separators, self.is_between, limit) {
            End::Terminator { at, elements, components } => (at, elements, components),
            End::Beyond => return self.exceed("segment_bytes_max", limit),
            End::Open if part.is_last => {
                return Step::Stop(codes::SEGMENT_CUT.finding::<&str>([]).at(self.place()));
            }
            End::Open => return Step::More,
        };
        let number = self.number.saturating_add(1);
        let Limits { segments_max, elements_max, components_max, .. } = self.limits;
        if number > segments_max {
            return self.exceed("segments_max", segments_max as usize);
        }
        if elements > usize::from(elements_max) {
            return self.exceed("elements_max", elements_max.into());
        }
        if components > usize::from(components_max) {
            return self.exceed("components_max", components_max.into());
        }
        let (raw, text) = (&part.bytes[start..end], part.text(start, end));
        let mut segment = Segment::new(number, raw, text, syntax);
        if self.is_between {
            self.syntax = syntax;
            // Which mark is the decimal one is no matter of structure.
            let Separators { decimal, .. } = syntax.separators;
            self.is_usual = syntax.separators == Separators { decimal, ..Separators::DEFAULT };
            if segment.tag() == "UNB" {
                let charset = Charset::parse(&segment.component(1, 1).text());
                self.syntax.charset = charset.unwrap_or(Charset::UNKNOWN);
                segment = Segment::new(number, raw, text, self.syntax);
            }
        }
        self.number = number;
        self.is_between = raw.starts_with(b"UNZ") && segment.tag() == "UNZ";
        part.at = end + 1;
        Step::Segment(segment)
    }

    fn exceed(&self, limit: &'static str, allowed: usize) -> Step<'static> {
        Step::Stop(codes::LIMIT.finding([limit.to_owned(), allowed.to_string()]).at(self.place()))
    }

    /// Returns the place of the next segment.
    fn place(&self) -> Place {
        Place::Segment { segment: self.number.saturating_add(1), element: 0, component: 0 }
    }

    fn stop_at_separators(&self, stated: &[u8]) -> Step<'static> {
        let stated = &stated[..stated.len().min(6)];
        let finding = codes::SEPARATORS.finding([String::from_utf8_lossy(stated).into_owned()]);
        // UNA is no segment of its own: the place is that of the segment before which it stands.
        Step::Stop(if self.number == 0 { finding } else { finding.at(self.place()) })
    }
}

/// Returns how many bytes of white space, or of padding too, stand at the beginning.
#[inline]
fn blank(bytes: &[u8], is_padding_too: bool) -> usize {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || (is_padding_too && matches!(byte, 0 | 0x1A));
    if bytes.first().is_some_and(|byte| *byte > b' ') {
        return 0;
    }
    bytes.iter().take_while(|byte| is_blank(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::{Scanner, Step};
    use crate::{Limits, Part};

    const TWO: &[u8] = b"\r\nUNA|*,! ~UNB*UNOC|3*A*B*261122|0900*R~X*it!~s UNA|*,! ~\nUNZ*0*R~\n\0\x1a\nUNB+UNOW:4+A+B+20261122:0900+R'UNZ+0+R'\n";

    /// Reads everything, with only so many bytes more at hand at each step.
    fn read(step: usize) -> Vec<String> {
        let mut scanner = Scanner::new(&Limits::USUAL);
        let (mut from, mut to, mut found) = (0, 0, Vec::new());
        loop {
            let mut part = Part::new(&TWO[from..to], to == TWO.len());
            match scanner.next(&mut part) {
                Step::Segment(segment) => {
                    let charset = scanner.syntax().charset.as_str();
                    found.push(format!(
                        "{} {charset} {}",
                        segment.number,
                        String::from_utf8_lossy(segment.raw())
                    ));
                    from += part.at();
                }
                Step::More => to = (to + step).min(TWO.len()),
                Step::End => return found,
                Step::Stop(finding) => panic!("{finding:?}"),
            }
        }
    }

    #[test]
    fn reads_several_interchanges_whatever_is_at_hand() {
        let expected = [
            "1 UNOC UNB*UNOC|3*A*B*261122|0900*R",
            "2 UNOC X*it!~s UNA|*,! ",
            "3 UNOC UNZ*0*R",
            "4 UNOW UNB+UNOW:4+A+B+20261122:0900+R",
            "5 UNOW UNZ+0+R",
        ];
        for step in [1, 2, 7, 1000] {
            assert_eq!(read(step), expected, "{step} bytes at a time");
        }
    }
}
