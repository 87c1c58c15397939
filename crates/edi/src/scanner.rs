//! Bytes into segments, one at a time, from as much of a file as is in memory.
//!
//! A scanner holds no bytes and is copied freely: a reader that finds its bytes cut off keeps the scanner of the place
//! where it wants to begin again, and fills its buffer.

use caravan_postal::{Finding, Place};

use crate::segment::find;
use crate::tokenizer::Limits;
use crate::{Charset, Segment, Separators, Syntax, codes};

/// The place in a file up to which it was read, and what holds from there on.
#[derive(Debug, Clone, Copy)]
pub struct Scanner {
    syntax: Syntax,
    limits: Limits,
    /// Segments so far, UNA not counted.
    number: u32,
    /// Whether the last segment ended an interchange, or none was read: only there UNA has a meaning.
    is_between: bool,
}

/// What the bytes at hand begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step<'a> {
    /// A segment.
    Segment {
        /// The segment.
        segment: Segment<'a>,
        /// Bytes from the first of those at hand to behind its terminator.
        length: usize,
    },
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
        Self { syntax, limits: *limits, number: 0, is_between: true }
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

    /// Reads the segment that `bytes` begin with; `is_last` says that the file has nothing behind them.
    ///
    /// White space before a segment is passed over, as many systems write one a line; between two interchanges padding
    /// with NUL or SUB too.
    pub fn next<'a>(&mut self, bytes: &'a [u8], is_last: bool) -> Step<'a> {
        let mut start = blank(bytes, self.is_between);
        let mut syntax = self.syntax;
        if self.is_between {
            syntax = Syntax { separators: Separators::DEFAULT, charset: Charset::A };
            let rest = &bytes[start..];
            if rest.starts_with(b"UNA") || (!is_last && !rest.is_empty() && b"UNA".starts_with(rest)) {
                let Some(stated) = rest.get(3..9) else {
                    return if is_last { self.stop_at_separators(&rest[3..]) } else { Step::More };
                };
                let Some(separators) = <[u8; 6]>::try_from(stated).ok().and_then(Separators::parse) else {
                    return self.stop_at_separators(stated);
                };
                syntax.separators = separators;
                start += 9;
                start += blank(&bytes[start..], false);
            }
        }
        let rest = &bytes[start..];
        if rest.is_empty() {
            return if is_last { Step::End } else { Step::More };
        }
        self.segment(syntax, start, rest, is_last)
    }

    fn segment<'a>(&mut self, syntax: Syntax, start: usize, rest: &'a [u8], is_last: bool) -> Step<'a> {
        let limit = self.limits.segment_bytes_max;
        let window = &rest[..rest.len().min(limit.saturating_add(1))];
        let Some(end) = find(window, syntax.separators.terminator, syntax.separators.release) else {
            if window.len() > limit {
                return self.exceed("segment_bytes_max", limit);
            }
            let place = Place::Segment { segment: self.number + 1, element: 0, component: 0 };
            return if is_last {
                Step::Stop(codes::SEGMENT_CUT.finding::<&str>([]).at(place))
            } else {
                Step::More
            };
        };
        let mut segment = Segment::new(self.number.saturating_add(1), &rest[..end], syntax);
        if let Some((name, allowed)) = self.exceeded(&segment) {
            return self.exceed(name, allowed);
        }
        if self.is_between && segment.tag() == "UNB" {
            let charset = Charset::parse(&segment.component(1, 1).text());
            let syntax = Syntax { charset: charset.unwrap_or(Charset::UNKNOWN), ..syntax };
            segment = Segment::new(segment.number, segment.raw(), syntax);
        }
        self.syntax = segment.syntax();
        self.number = segment.number;
        self.is_between = segment.raw().starts_with(b"UNZ") && segment.tag() == "UNZ";
        Step::Segment { segment, length: start + end + 1 }
    }

    /// Returns the bound that a segment passes, with its name.
    fn exceeded(&self, segment: &Segment<'_>) -> Option<(&'static str, usize)> {
        let Limits { segments_max, elements_max, components_max, .. } = self.limits;
        let (elements_max, components_max) = (usize::from(elements_max), usize::from(components_max));
        if segment.number > segments_max {
            return Some(("segments_max", segments_max as usize));
        }
        // Most segments have fewer bytes than they may have separators.
        if segment.raw().len() <= elements_max.min(components_max) {
            return None;
        }
        let separators = segment.syntax().separators;
        let count = |separator| memchr::memchr_iter(separator, segment.raw()).count();
        if count(separators.element) > elements_max {
            return Some(("elements_max", elements_max));
        }
        (count(separators.component) > components_max).then_some(("components_max", components_max))
    }

    fn exceed(&self, limit: &'static str, allowed: usize) -> Step<'static> {
        let place = Place::Segment { segment: self.number.saturating_add(1), element: 0, component: 0 };
        Step::Stop(codes::LIMIT.finding([limit.to_owned(), allowed.to_string()]).at(place))
    }

    fn stop_at_separators(&self, stated: &[u8]) -> Step<'static> {
        let stated = &stated[..stated.len().min(6)];
        let finding = codes::SEPARATORS.finding([String::from_utf8_lossy(stated).into_owned()]);
        // UNA is no segment of its own: the place is that of the segment before which it stands.
        let place = Place::Segment { segment: self.number.saturating_add(1), element: 0, component: 0 };
        Step::Stop(if self.number == 0 { finding } else { finding.at(place) })
    }
}

/// Returns how many bytes of white space, or of padding too, stand at the beginning.
fn blank(bytes: &[u8], is_padding_too: bool) -> usize {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace() || (is_padding_too && matches!(byte, 0 | 0x1A));
    bytes.iter().take_while(|byte| is_blank(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::{Scanner, Step};
    use crate::Limits;

    const TWO: &[u8] = b"\r\nUNA|*,! ~UNB*UNOC|3*A*B*261122|0900*R~X*it!~s UNA|*,! ~\nUNZ*0*R~\n\0\x1a\nUNB+UNOW:4+A+B+20261122:0900+R'UNZ+0+R'\n";

    /// Reads everything, with only so many bytes more at hand at each step.
    fn read(step: usize) -> Vec<String> {
        let mut scanner = Scanner::new(&Limits::USUAL);
        let (mut from, mut to, mut found) = (0, 0, Vec::new());
        loop {
            match scanner.next(&TWO[from..to], to == TWO.len()) {
                Step::Segment { segment, length } => {
                    let charset = scanner.syntax().charset.as_str();
                    found.push(format!(
                        "{} {charset} {}",
                        segment.number,
                        String::from_utf8_lossy(segment.raw())
                    ));
                    from += length;
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
