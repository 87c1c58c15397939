//! A segment as a reader expects it, so that it is read by comparing a few machine words.

use crate::{Cut, Separators};

/// The fixed bytes of a segment, and the places between them where a value may stand.
///
/// A pattern fits many a segment of its kind, not all: what does not fit is to be read as any other segment is.
#[derive(Debug, Clone)]
pub struct Pattern {
    pub(crate) head: u128,
    pub(crate) head_mask: u128,
    pub(crate) head_length: usize,
    /// Service characters in the head.
    pub(crate) head_marks: usize,
    pub(crate) gaps: Vec<Gap>,
    /// Separators of elements and of components that it has at most.
    pub(crate) elements: usize,
    pub(crate) components: usize,
}

/// Bytes of the longest beginning that is fixed.
pub(crate) const HEAD: usize = 16;

/// Bytes of the longest fixed run behind a value.
pub(crate) const TAIL: usize = 8;

/// A place for a value.
#[derive(Debug, Clone)]
pub(crate) struct Gap {
    pub(crate) key: u32,
    /// How the segment goes on when everything is there.
    pub(crate) whole: Way,
    /// How it goes on without what may be absent.
    pub(crate) shorter: Vec<Way>,
}

/// Fixed bytes behind a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    pub(crate) tail: u64,
    pub(crate) mask: u64,
    pub(crate) length: usize,
    /// Service characters in the tail.
    pub(crate) marks: usize,
    /// The gap behind it; as many as there are gaps when it ends the segment.
    pub(crate) next: usize,
}

/// What stands at one place of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected<'t> {
    /// A value, or nothing.
    Value,
    /// A fixed value.
    Fixed(&'t str),
    /// A fixed value, or nothing.
    Optional(&'t str),
}

/// One place with its key.
type Place<'t> = (u32, Expected<'t>);

impl Pattern {
    /// Makes the pattern of a tag and of what stands behind it, ordered by the keys of [`Cut::key_of`]. `None` when its
    /// fixed parts are longer than a pattern has room for, or when it has no value.
    pub fn new(tag: &str, places: &[Place<'_>]) -> Option<Self> {
        let numbers: Vec<usize> = (0..places.len()).filter(|at| places[*at].1 == Expected::Value).collect();
        let first = *numbers.first()?;
        let mut head = tag.as_bytes().to_vec();
        write(&mut head, Cut::key_of(0, 1), places.get(..=first)?);
        let mut gaps = Vec::new();
        for at in numbers.iter().copied() {
            let mut ways = Vec::new();
            for behind in at + 1..=places.len() {
                let is_optional =
                    places[at + 1..behind].iter().all(|(_, part)| !matches!(part, Expected::Fixed(_)));
                // What is absent takes the rest of its element, or of the segment, with it.
                let is_end = places.get(behind).is_none_or(|(key, _)| key & 0xFFFF == 1);
                if behind == at + 1 || (is_optional && is_end) {
                    ways.push(way(places, at, behind, &numbers)?);
                }
            }
            let whole = ways.remove(0);
            gaps.push(Gap { key: places[at].0, whole, shorter: ways });
        }
        let elements = places.last().map_or(0, |(key, _)| (key >> 16) as usize);
        let lasts = places.chunk_by(|(one, _), (other, _)| one >> 16 == other >> 16).filter_map(<[_]>::last);
        let components = lasts.map(|(key, _)| (key & 0xFFFF) as usize - 1).sum();
        let mut padded = [0; HEAD];
        padded.get_mut(..head.len())?.copy_from_slice(&head);
        Some(Self {
            head: u128::from_le_bytes(padded),
            head_mask: u128::MAX >> (8 * (HEAD - head.len())),
            head_length: head.len(),
            head_marks: marks(&head),
            gaps,
            elements,
            components,
        })
    }
}

/// Returns what stands from behind a value up to the value at or behind `next`.
fn way(places: &[Place<'_>], at: usize, next: usize, numbers: &[usize]) -> Option<Way> {
    let number = numbers.iter().position(|number| *number >= next);
    let last = number.map_or(places.len(), |number| numbers[number] + 1);
    let mut tail = Vec::new();
    write(&mut tail, places[at].0, &places[next..last]);
    if number.is_none() {
        tail.push(Separators::DEFAULT.terminator);
    }
    let mut padded = [0; TAIL];
    padded.get_mut(..tail.len())?.copy_from_slice(&tail);
    Some(Way {
        tail: u64::from_le_bytes(padded),
        mask: u64::MAX >> (8 * (TAIL - tail.len())),
        length: tail.len(),
        marks: marks(&tail),
        next: number.unwrap_or(numbers.len()),
    })
}

/// Writes the separators up to each place, and what is fixed there.
fn write(into: &mut Vec<u8>, mut key: u32, places: &[Place<'_>]) {
    let Separators { component, element, .. } = Separators::DEFAULT;
    for (place, part) in places {
        let elements = (place >> 16) - (key >> 16);
        let from = if elements > 0 { 1 } else { key & 0xFFFF };
        into.extend(std::iter::repeat_n(element, elements as usize));
        into.extend(std::iter::repeat_n(component, ((place & 0xFFFF) - from) as usize));
        key = *place;
        match part {
            Expected::Value => {}
            Expected::Fixed(text) | Expected::Optional(text) => into.extend_from_slice(text.as_bytes()),
        }
    }
}

/// Counts service characters.
fn marks(bytes: &[u8]) -> usize {
    let Separators { component, element, terminator, .. } = Separators::DEFAULT;
    bytes.iter().filter(|byte| [component, element, terminator].contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Expected::{Fixed, Optional, Value};
    use super::{Expected, Pattern};
    use crate::{Cut, Limits, Part, Scanner, Step};

    const UNB: &str = "UNB+UNOW:4+A+B+20261122:0900+1'";

    /// Returns the values that a pattern finds in a segment, each with its place, after they were compared with the
    /// components that stand there; nothing when the segment is not the expected one.
    fn check(tag: &str, places: &[(u16, u16, Expected<'_>)], raw: &str) -> Option<Vec<String>> {
        let places: Vec<_> = places
            .iter()
            .map(|(element, component, part)| (Cut::key_of(*element, *component), *part))
            .collect();
        let pattern = Pattern::new(tag, &places).expect("it has room");
        let bytes = format!("{UNB}X+1'{raw}'UNT+3+1'UNZ+1+1'").into_bytes();
        let (mut part, mut scanner) = (Part::new(&bytes, true), Scanner::new(&Limits::USUAL));
        for _ in 0..2 {
            assert_eq!(scanner.expect(&mut part, &pattern), None, "it is another segment");
            assert!(matches!(scanner.next(&mut part), Step::Segment(_)));
        }
        let (ahead, at) = (scanner, part.at());
        let Some(segment) = ahead.expect(&mut part, &pattern) else {
            assert_eq!(part.at(), at);
            return None;
        };
        let found = part.cuts().to_vec();
        let Step::Segment(general) = scanner.next(&mut part) else { panic!("{raw}") };
        assert_eq!(segment, general, "{raw}");
        let is_value = |cut: &&Cut| places.iter().any(|place| *place == (cut.key(), Value));
        assert_eq!(found, part.cuts().iter().filter(is_value).copied().collect::<Vec<_>>(), "{raw}");
        let shown =
            found.iter().map(|cut| format!("{:?} {}", cut.at(), cut.text(&segment).unwrap_or_default()));
        Some(shown.collect())
    }

    #[test]
    fn finds_what_the_general_reading_finds() {
        let moa = [(1, 1, Fixed("43")), (1, 2, Value), (1, 3, Value)];
        assert_eq!(check("MOA", &moa, "MOA+43:1.5:USD").unwrap(), ["(1, 2) 1.5", "(1, 3) USD"]);
        assert_eq!(check("MOA", &moa, "MOA+43:?+?':?:").unwrap(), ["(1, 2) ?+?'", "(1, 3) ?:"]);
        assert_eq!(check("MOA", &moa, "\r\n MOA+43:1\n:").unwrap(), ["(1, 2) 1\n"]);
        assert_eq!(check("MOA", &moa, "MOA+43:1").unwrap(), ["(1, 2) 1"]);
        for other in
            ["MOA+64:1:USD", "MOA+43:1:USD:x", "MOA+43:1+x", "MOA+43", "moa+43:1:USD", "MOA+4?3:1:USD"]
        {
            assert_eq!(check("MOA", &moa, other), None, "{other}");
        }
        let loc = [(1, 1, Fixed("5")), (2, 1, Value), (2, 4, Optional("139"))];
        for same in ["LOC+5+CNURCA:::139", "LOC+5+CNURCA"] {
            assert_eq!(check("LOC", &loc, same).unwrap(), ["(2, 1) CNURCA"], "{same}");
        }
        for other in ["LOC+5+CNURCA:::1399", "LOC+5+CNURCA:::138", "LOC+5+CNURCA:"] {
            assert_eq!(check("LOC", &loc, other), None, "{other}");
        }
        let nad =
            [(1, 1, Fixed("CZ")), (3, 1, Value), (3, 2, Value), (4, 1, Value), (4, 2, Value), (6, 1, Value)];
        for (raw, values) in [
            ("NAD+CZ++N:B+S:T++6", ["(3, 1) N", "(3, 2) B", "(4, 1) S", "(4, 2) T", "(6, 1) 6"].as_slice()),
            ("NAD+CZ++:B+S++6", &["(3, 2) B", "(4, 1) S", "(6, 1) 6"]),
            ("NAD+CZ++N+S", &["(3, 1) N", "(4, 1) S"]),
            ("NAD+CZ++N", &["(3, 1) N"]),
        ] {
            assert_eq!(check("NAD", &nad, raw).unwrap(), values, "{raw}");
        }
        for other in ["NAD+CZ++N:B:C+S", "NAD+CZ++N+S+C+6", "NAD+CZ++N+S++6+7"] {
            assert_eq!(check("NAD", &nad, other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_general_reading(behind in "[a?+:'\n]{0,12}", more in "[a:+]{0,8}") {
            let moa = [(1, 1, Fixed("43")), (1, 2, Value), (1, 3, Value)];
            check("MOA", &moa, &format!("MOA+43:{behind}"));
            let nad = [(1, 1, Fixed("CZ")), (3, 1, Value), (3, 2, Value), (4, 1, Value), (6, 1, Optional("a"))];
            check("NAD", &nad, &format!("NAD+CZ++{more}"));
        }
    }
}
