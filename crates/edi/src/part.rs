//! The part of a file that is in memory: its marks, its text, and how far it was read.

use crate::index::Index;
use crate::{Cut, Pattern, Separators};

/// Bytes that are held against UTF-8 together.
const STRETCH: usize = 32 << 10;

/// The bytes of a file that are at hand. A [`crate::Scanner`] reads them segment by segment.
#[derive(Debug)]
pub struct Part<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) is_last: bool,
    /// Where the next segment begins, but for white space.
    pub(crate) at: usize,
    index: Index,
    /// Whether the index was begun.
    is_begun: bool,
    cuts: Vec<Cut>,
    /// The marks of the segment that was last expected, and where its terminator stands.
    passed: usize,
    end: usize,
    /// Bytes that are UTF-8, and how many stand before them.
    text: &'a str,
    text_start: usize,
}

/// How a segment ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// With the terminator at this index, after so many separators of elements and of components.
    Terminator { at: usize, elements: usize, components: usize },
    /// Not within the bytes that a segment may have.
    Beyond,
    /// Not within the bytes at hand.
    Open,
}

impl<'a> Part<'a> {
    /// Takes bytes; `is_last` says that the file has nothing behind them.
    pub fn new(bytes: &'a [u8], is_last: bool) -> Self {
        Self {
            bytes,
            is_last,
            at: 0,
            index: Index::default(),
            is_begun: false,
            cuts: Vec::new(),
            passed: 0,
            end: 0,
            text: "",
            text_start: 0,
        }
    }

    /// Returns how many bytes were read: up to behind the terminator of the last segment.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Returns what was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// Returns the components of the last segment that are not empty, in order.
    #[inline]
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Cuts the segment that begins at a byte. `is_new` says that the marks before it have no meaning for it.
    pub(crate) fn cut(&mut self, start: usize, separators: Separators, is_new: bool, limit: usize) -> End {
        if is_new || !self.is_begun {
            self.index.restart(start);
            self.is_begun = true;
        }
        self.index.pass_to(start);
        self.cuts.clear();
        let (bytes, cuts) = (self.bytes, &mut self.cuts);
        let mut key = Cut::key_of(0, 1);
        let mut from = 0;
        let (mut is_released, mut has_control) = (false, false);
        let (mut elements, mut all) = (0, 0);
        loop {
            let base = self.index.base();
            for (number, &mark) in self.index.marks().iter().enumerate() {
                let mark = base + mark as usize;
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "the bound of a segment is below 32 bits"
                )]
                let end = (mark - start) as u32;
                let byte = bytes[mark];
                let is_element = byte == separators.element;
                let is_terminator = byte == separators.terminator;
                if !is_element && !is_terminator && byte != separators.component {
                    let is_release = Some(byte) == separators.release;
                    is_released |= is_release;
                    has_control |= !is_release;
                    continue;
                }
                if from < end && key >= Cut::key_of(1, 0) {
                    cuts.push(Cut { key, start: from, end, is_released, has_control });
                }
                if is_terminator {
                    if mark - start > limit {
                        return End::Beyond;
                    }
                    self.index.pass(number + 1);
                    return End::Terminator { at: mark, elements, components: all - elements };
                }
                // The bounds of a segment keep both numbers small.
                key = if is_element { (key | 0xFFFF).wrapping_add(2) } else { key.wrapping_add(1) };
                from = end + 1;
                (is_released, has_control) = (false, false);
                elements += usize::from(is_element);
                all += 1;
            }
            if self.index.seen() - start > limit {
                return End::Beyond;
            }
            if self.index.seen() == bytes.len() {
                return End::Open;
            }
            self.index.look_on(bytes, separators);
        }
    }

    /// Passes white space before a segment, whose marks have no meaning for it.
    pub(crate) fn pass_to(&mut self, start: usize) {
        self.index.pass_to(start);
    }

    /// Cuts the segment that begins at a byte when it is what the pattern expects, and returns where its terminator
    /// stands; nothing is read by it yet. The separators are those that patterns are made with.
    #[inline]
    pub(crate) fn expect(&mut self, start: usize, pattern: &Pattern) -> Option<usize> {
        let (base, marks) = (self.index.base(), self.index.marks());
        let bytes = self.bytes.get(base..)?;
        let begin = start.checked_sub(base)?;
        let head = u128::from_le_bytes(*bytes.get(begin..)?.first_chunk()?);
        if head & pattern.head_mask != pattern.head {
            return None;
        }
        self.cuts.clear();
        let (mut from, mut passed, mut next) = (begin + pattern.head_length, pattern.head_marks, 0);
        while let Some(gap) = pattern.gaps.get(next) {
            let (mut is_released, mut has_control) = (false, false);
            let (end, way) = loop {
                let end = *marks.get(passed)? as usize;
                let word = u64::from_le_bytes(*bytes.get(end..)?.first_chunk()?);
                if word & gap.whole.mask == gap.whole.tail {
                    break (end, gap.whole);
                }
                if let Some(way) = gap.shorter.iter().find(|way| word & way.mask == way.tail) {
                    break (end, *way);
                }
                let byte = bytes[end];
                let is_release = Some(byte) == Separators::DEFAULT.release;
                if !is_release && byte >= b' ' {
                    return None;
                }
                is_released |= is_release;
                has_control |= !is_release;
                passed += 1;
            };
            if from < end {
                #[expect(clippy::cast_possible_truncation, reason = "a look has few bytes")]
                let (start, end) = ((from - begin) as u32, (end - begin) as u32);
                self.cuts.push(Cut { key: gap.key, start, end, is_released, has_control });
            }
            (from, passed, next) = (end + way.length, passed + way.marks, way.next);
        }
        let end = base + from - 1;
        (self.passed, self.end) = (passed, end);
        Some(end)
    }

    /// Reads the segment that was last expected, up to behind its terminator.
    #[inline]
    pub(crate) fn accept(&mut self) {
        self.index.pass(self.passed);
        self.at = self.end + 1;
    }

    /// Returns the bytes of a segment as text when they are UTF-8.
    #[inline]
    pub(crate) fn text(&mut self, start: usize, end: usize) -> Option<&'a str> {
        if start < self.text_start || end > self.text_start + self.text.len() {
            self.read_on(start, end);
        }
        self.text.get(start - self.text_start..end - self.text_start)
    }

    /// Holds the next stretch against UTF-8, at least up to `end`.
    #[cold]
    fn read_on(&mut self, start: usize, end: usize) {
        let stretch = &self.bytes[start..end.max(self.bytes.len().min(start + STRETCH))];
        self.text = std::str::from_utf8(stretch)
            .unwrap_or_else(|error| std::str::from_utf8(&stretch[..error.valid_up_to()]).unwrap_or_default());
        self.text_start = start;
    }
}

#[cfg(test)]
mod tests {
    use caravan_postal::Place;

    use super::Part;
    use crate::{Limits, Scanner, Step};

    /// The components of a segment, as the walk over its elements and as the cuts have them.
    fn check(raw: &[u8]) {
        let bytes = [raw, b"'"].concat();
        let mut part = Part::new(&bytes, true);
        let Step::Segment(segment) = Scanner::new(&Limits::USUAL).next(&mut part) else { panic!("{raw:?}") };
        let found: Vec<_> =
            part.cuts().iter().map(|cut| (cut.at(), cut.bytes(&segment).into_owned())).collect();
        let components = segment.elements().flat_map(|element| element.components());
        let filled = components.filter(|component| !component.is_empty());
        let expected: Vec<_> = filled
            .map(|filled| match filled.place() {
                Place::Segment { element, component, .. } => {
                    ((element, component), filled.text().into_owned().into_bytes())
                }
                place => panic!("{place:?}"),
            })
            .collect();
        assert_eq!(found, expected, "{raw:?}");
        for cut in part.cuts() {
            assert_eq!(cut.text(&segment).map(str::as_bytes), Some(cut.raw(&segment)), "{raw:?}");
        }
    }

    #[test]
    fn cuts_what_the_elements_are() {
        for raw in [&b"FTX+AAI++a?+b:??:?'+:c?:d+"[..], b"FTX", b"FTX+", b"+:a:+b??", b"A:b+c", b"X+?'"] {
            check(raw);
        }
        check(&[&b"FTX+"[..], &b"a?+b:??+".repeat(90), &b"c".repeat(5000)].concat());
    }

    #[test]
    fn only_segments_that_are_utf_8_have_text() {
        let long = b"D+".repeat(30_000);
        let bytes = ["A+é'B+".as_bytes(), b"\xE9'", "C+汉'".as_bytes(), &long, "+Ж'E+e'".as_bytes()].concat();
        let limits = Limits { segment_bytes_max: 100_000, elements_max: u16::MAX, ..Limits::USUAL };
        let (mut part, mut scanner) = (Part::new(&bytes, true), Scanner::new(&limits));
        let mut found = Vec::new();
        while let Step::Segment(segment) = scanner.next(&mut part) {
            found.push(part.cuts().last().and_then(|cut| cut.text(&segment)));
        }
        assert_eq!(found, [Some("é"), None, Some("汉"), Some("Ж"), Some("e")]);
    }
}
