//! Segments, elements and components as slices of the input. Nothing is copied until a component is asked for its text.

use std::borrow::Cow;

use caravan_postal::Place;

use crate::Charset;

/// The service characters of an interchange, as UNA states them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Separators {
    /// Between components.
    pub component: u8,
    /// Between elements.
    pub element: u8,
    /// The decimal mark.
    pub decimal: u8,
    /// Takes its meaning from the character that follows; `None` when UNA has a space in its place.
    pub release: Option<u8>,
    /// Ends a segment.
    pub terminator: u8,
}

/// How the bytes of an interchange are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// The service characters.
    pub separators: Separators,
    /// The character repertoire.
    pub charset: Charset,
}

/// One segment, without its terminator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// Its number within the file, counted from 1 for the first UNB; a second interchange counts on.
    pub number: u32,
    raw: &'a [u8],
    /// The same bytes when they are UTF-8 and this is known already.
    text: Option<&'a str>,
    syntax: Syntax,
}

/// One data element of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Element<'a> {
    segment: u32,
    number: u16,
    raw: &'a [u8],
    syntax: Syntax,
}

/// One component of an element; a simple element has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Component<'a> {
    place: Place,
    raw: &'a [u8],
    syntax: Syntax,
}

impl Separators {
    /// What holds without UNA, and what is written: `:+.? '`.
    pub const DEFAULT: Self =
        Self { component: b':', element: b'+', decimal: b'.', release: Some(b'?'), terminator: b'\'' };

    /// Reads the six characters after `UNA`. `None` when they cannot separate anything: two are the same, one is a
    /// letter, a digit, or no ASCII character, or the release character is white space other than a blank.
    pub fn parse(bytes: [u8; 6]) -> Option<Self> {
        let [component, element, decimal, release, _, terminator] = bytes;
        let release = (release != b' ').then_some(release);
        let mut structural: Vec<u8> = [component, element, terminator].into_iter().chain(release).collect();
        let count = structural.len();
        structural.sort_unstable();
        structural.dedup();
        // White space before a segment is passed over, so it cannot change the meaning of anything.
        if release.is_some_and(|release| release.is_ascii_whitespace()) {
            return None;
        }
        let is_separating = |byte: &u8| byte.is_ascii() && !byte.is_ascii_alphanumeric() && *byte != b' ';
        (structural.len() == count && structural.iter().all(is_separating)).then_some(Self {
            component,
            element,
            decimal,
            release,
            terminator,
        })
    }
}

impl<'a> Segment<'a> {
    #[inline]
    pub(crate) fn new(number: u32, raw: &'a [u8], text: Option<&'a str>, syntax: Syntax) -> Self {
        Self { number, raw, text, syntax }
    }

    /// Returns the tag, or nothing when what stands there is not ASCII.
    pub fn tag(&self) -> &'a str {
        let separators = self.syntax.separators;
        let is_end = |byte: &u8| *byte == separators.element || *byte == separators.component;
        // A tag is so short that a loop is faster than a search.
        let end = self.raw.iter().position(is_end).unwrap_or(self.raw.len());
        std::str::from_utf8(&self.raw[..end]).unwrap_or_default()
    }

    /// Returns the data elements in order; the tag is none of them.
    pub fn elements(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let (segment, syntax) = (self.number, self.syntax);
        let separators = syntax.separators;
        Split { rest: Some(self.raw), separator: separators.element, release: separators.release }
            .zip(0u16..)
            .skip(1)
            .map(move |(raw, number)| Element { segment, number, raw, syntax })
    }

    /// Returns a component by the numbers of element and component, both counted from 1; one that is not there is
    /// empty and has its place all the same.
    pub fn component(&self, element: u16, component: u16) -> Component<'a> {
        debug_assert!(element > 0 && component > 0, "elements and components are counted from 1");
        let place = Place::Segment { segment: self.number, element, component };
        let separators = self.syntax.separators;
        let wanted = (element, component);
        let (mut here, mut start, mut at) = ((0u16, 1u16), 0, 0);
        while let Some(byte) = self.raw.get(at) {
            let is_element = *byte == separators.element;
            if is_element || *byte == separators.component {
                if here == wanted {
                    break;
                }
                here = if is_element {
                    (here.0.saturating_add(1), 1)
                } else {
                    (here.0, here.1.saturating_add(1))
                };
                start = at + 1;
            }
            at += 1 + usize::from(Some(*byte) == separators.release);
        }
        let raw = if here == wanted { &self.raw[start..at.min(self.raw.len())] } else { &[] };
        Component { place, raw, syntax: self.syntax }
    }

    /// Returns the place of the whole segment.
    pub fn place(&self) -> Place {
        Place::Segment { segment: self.number, element: 0, component: 0 }
    }

    /// Returns the segment as it stands in the input.
    #[inline]
    pub fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// Returns the segment as text when it is UTF-8.
    #[inline]
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.text
    }

    /// Returns whether its character repertoire is written as UTF-8.
    #[inline]
    pub fn is_utf8(&self) -> bool {
        self.syntax.charset.is_utf8()
    }

    /// Returns how its bytes are to be read.
    #[inline]
    pub fn syntax(&self) -> Syntax {
        self.syntax
    }

    /// Returns whether it begins with a tag: three capital letters or digits.
    pub fn has_tag(&self) -> bool {
        let tag = self.tag();
        tag.len() == 3 && tag.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }

    /// Returns the tag for a finding; what is none only by its shape, because it may be the rest of a name that has the
    /// terminator in it without a release character.
    pub fn shown_tag(&self) -> Cow<'a, str> {
        let tag = self.tag();
        if self.has_tag() { Cow::Borrowed(tag) } else { Cow::Owned(shape(tag)) }
    }
}

impl<'a> Element<'a> {
    /// Returns the components in order; an empty element has one, which is empty.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + use<'a> {
        let (segment, element, syntax) = (self.segment, self.number, self.syntax);
        let separators = syntax.separators;
        Split { rest: Some(self.raw), separator: separators.component, release: separators.release }
            .zip(1u16..)
            .map(move |(raw, component)| Component {
                place: Place::Segment { segment, element, component },
                raw,
                syntax,
            })
    }
}

impl<'a> Component<'a> {
    /// Returns the text, without release characters; borrowed where nothing had to change.
    pub fn text(&self) -> Cow<'a, str> {
        let charset = self.syntax.charset;
        let released = self.syntax.separators.release.filter(|release| self.raw.contains(release));
        let Some(release) = released else { return charset.decode(self.raw) };
        Cow::Owned(charset.decode(&released_bytes(self.raw, release)).into_owned())
    }

    /// Returns a number with a point as its decimal mark. ISO 9735 lets a comma and a point stand for it, whatever UNA
    /// says.
    pub fn number(&self) -> String {
        let mark = char::from(self.syntax.separators.decimal);
        self.text().chars().map(|sign| if sign == mark || sign == ',' { '.' } else { sign }).collect()
    }

    /// Returns where the component stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Returns whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

/// Returns what a text looks like without what it says: `x` for a letter, `9` for a digit, at most twenty characters.
pub fn shape(text: &str) -> String {
    let shown = |character: char| match character {
        _ if character.is_alphabetic() => 'x',
        _ if character.is_numeric() => '9',
        _ if character.is_ascii_graphic() || character == ' ' => character,
        _ => '.',
    };
    text.chars().take(20).map(shown).collect()
}

/// Returns bytes without their release characters, each of which lets the next byte stand for itself.
pub(crate) fn released_bytes(raw: &[u8], release: u8) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.iter();
    while let Some(byte) = rest.next() {
        if *byte == release {
            bytes.extend(rest.next());
        } else {
            bytes.push(*byte);
        }
    }
    bytes
}

/// Returns where `wanted` first stands without a release character before it. What is split here is so short that a
/// loop is faster than a search.
fn find(bytes: &[u8], wanted: u8, release: Option<u8>) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte == wanted {
            return Some(at);
        }
        at += 1 + usize::from(Some(*byte) == release);
    }
    None
}

struct Split<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
    release: Option<u8>,
}

impl<'a> Iterator for Split<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let bytes = self.rest?;
        let Some(end) = find(bytes, self.separator, self.release) else {
            return self.rest.take();
        };
        self.rest = Some(&bytes[end + 1..]);
        Some(&bytes[..end])
    }
}

#[cfg(test)]
mod tests {
    use caravan_postal::Place;

    use super::{Segment, Separators, Syntax};
    use crate::Charset;

    fn segment(raw: &[u8]) -> Segment<'_> {
        Segment::new(7, raw, None, Syntax { separators: Separators::DEFAULT, charset: Charset::C })
    }

    #[test]
    fn splits_and_releases() {
        let segment = segment(b"FTX+AAI++a?+b:??:?'+:c?:d+");
        assert_eq!(segment.tag(), "FTX");
        let read: Vec<Vec<String>> = segment
            .elements()
            .map(|element| element.components().map(|component| component.text().into_owned()).collect())
            .collect();
        let expected = [vec!["AAI"], vec![""], vec!["a+b", "?", "'"], vec!["", "c:d"], vec![""]];
        assert_eq!(read, expected);
    }

    #[test]
    fn finds_components_by_their_numbers() {
        let segment = segment(b"PCI+++CW:ITMX");
        let component = segment.component(3, 2);
        assert_eq!(component.text(), "ITMX");
        assert_eq!(component.place(), Place::Segment { segment: 7, element: 3, component: 2 });
        for (element, component) in [(3, 3), (1, 2), (9, 1)] {
            let absent = segment.component(element, component);
            assert!(absent.is_empty());
            assert_eq!(absent.place(), Place::Segment { segment: 7, element, component });
        }
    }

    #[test]
    fn reads_numbers_with_either_mark() {
        assert_eq!(segment(b"MEA+145,5").component(1, 1).number(), "145.5");
        assert_eq!(segment(b"MEA+145.5").component(1, 1).number(), "145.5");
    }

    #[test]
    fn refuses_separators_that_cannot_separate() {
        assert_eq!(Separators::parse(*b":+.? '"), Some(Separators::DEFAULT));
        assert_eq!(Separators::parse(*b":+,? \n").map(|separators| separators.terminator), Some(b'\n'));
        assert_eq!(Separators::parse(*b":+.  '").map(|separators| separators.release), Some(None));
        for wrong in [
            *b"++.? '",
            *b":+.? +",
            *b":+.+ '",
            *b"A+.? '",
            *b":+.? 1",
            *b" +.? '",
            *b":\xE9.? '",
            *b":+.\t '",
        ] {
            assert_eq!(Separators::parse(wrong), None, "{wrong:?}");
        }
    }
}
