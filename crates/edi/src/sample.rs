//! What the tests of every message share: an interchange to write into, and the readings that each must stand.

use caravan_postal::{Finding, Grams, HighestFlag, S8, S9};
use chrono::{NaiveDate, NaiveDateTime};
use edifact_parser::{EdifactHandler, EdifactStreamParser, ParseError};
use edifact_primitives::{Control, RawSegment};

use crate::profile::Profile;
use crate::{Address, Charset, Header, Interchange, Limits, Message, SyntaxVersion, Writer};

/// A minute of the day before the samples leave.
pub(crate) fn at(hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap().and_hms_opt(hour, minute, 0).unwrap()
}

pub(crate) fn header() -> Header {
    let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
    Header {
        charset: Charset::A,
        version: SyntaxVersion::Three,
        sender: address("CN101"),
        recipient: address("KZ101"),
        prepared_at: at(13, 5),
        reference: "7".to_owned(),
        is_test: false,
    }
}

/// A receptacle of a dispatch to Almaty.
pub(crate) fn s9(serial: u32, highest: HighestFlag, is_registered: bool, grams: u64) -> S9 {
    let s8 = S8::parse("CNURCAKZALAADUN60001").unwrap();
    S9::new(s8, serial, highest, Some(is_registered), Grams(grams)).unwrap()
}

/// Writes one message into an interchange of its own.
pub(crate) fn written<E>(write: impl FnOnce(&mut Writer) -> Result<(), E>) -> Result<Vec<u8>, E> {
    let mut writer = Writer::new(&header()).unwrap();
    write(&mut writer)?;
    Ok(writer.finish().unwrap())
}

/// Reads the messages of an interchange, with everything that is found on the way.
pub(crate) fn read_all<T>(
    bytes: &[u8],
    read: impl Fn(&Message<'_>, &mut Vec<Finding>) -> T,
) -> (Vec<T>, Vec<Finding>) {
    let interchange = Interchange::read(bytes, &Limits::USUAL);
    let mut findings = interchange.findings;
    let messages = interchange.messages.iter().map(|message| read(message, &mut findings)).collect();
    (messages, findings)
}

/// Reads the one message of an interchange that was written here: nothing is odd about it, and a parser that is not of
/// this project reads the same segments.
pub(crate) fn read_back<T>(bytes: &[u8], read: impl Fn(&Message<'_>, &mut Vec<Finding>) -> T) -> T {
    let (mut messages, findings) = read_all(bytes, read);
    assert_eq!(findings, [], "{}", String::from_utf8_lossy(bytes));
    assert_eq!(messages.len(), 1);
    read_elsewhere(bytes);
    messages.remove(0)
}

/// Reads an interchange with `edifact-parser` and holds its segments against ours.
pub(crate) fn read_elsewhere(bytes: &[u8]) {
    let mut theirs = Theirs(Vec::new());
    EdifactStreamParser::parse(bytes, &mut theirs).expect("another parser reads what is written here");
    let interchange = Interchange::read(bytes, &Limits::USUAL);
    let ours = interchange.messages.iter().flat_map(|message| &message.segments).map(|segment| {
        let elements = segment.elements().map(|element| {
            element.components().map(|component| component.text().into_owned()).collect::<Vec<_>>()
        });
        (segment.tag().to_owned(), elements.collect::<Vec<_>>())
    });
    let ours: Vec<Written> = ours.collect();
    assert!(!ours.is_empty());
    assert_eq!(theirs.0.len(), ours.len());
    for (theirs, ours) in theirs.0.iter().zip(&ours) {
        assert_eq!(theirs, ours);
    }
}

/// Asserts that a message holds every field of its layout, but for those that only others write.
pub(crate) fn cover(profile: &Profile, bytes: &[u8]) {
    let interchange = Interchange::read(bytes, &Limits::USUAL);
    let entries = profile.read(&interchange.messages[0], &mut Vec::new());
    for section in profile.sections() {
        for field in profile.fields(&section.name) {
            let is_others = field.ends_with("_with_century")
                && profile
                    .fields(&section.name)
                    .any(|other| field.strip_suffix("_with_century") == Some(other));
            let is_there =
                entries.iter().any(|entry| entry.section == section.name && entry.value(field).is_some());
            let is_others = is_others || ["marking", "s9_marked"].contains(&field);
            assert_eq!(is_there, !is_others, "{} of {}", field, section.name);
        }
    }
}

/// Reads the bytes cut at every place and with every byte replaced by others that mean something; `read` must not panic,
/// and what was cut off is noticed.
pub(crate) fn disturb(bytes: &[u8], read: impl Fn(&Message<'_>, &mut Vec<Finding>)) {
    for end in 0..bytes.len() {
        let (_, findings) = read_all(&bytes[..end], &read);
        assert!(!findings.is_empty(), "a cut at {end} is noticed");
    }
    let mut changed = bytes.to_vec();
    for at in 0..bytes.len() {
        for byte in [b'\'', b'+', b'?', b'Z', 0xFF] {
            changed[at] = byte;
            read_all(&changed, &read);
        }
        changed[at] = bytes[at];
    }
}

/// A segment: its tag, its elements, their components.
type Written = (String, Vec<Vec<String>>);

struct Theirs(Vec<Written>);

impl EdifactHandler for Theirs {
    fn on_segment(&mut self, segment: &RawSegment<'_>) -> Control {
        if matches!(segment.id, "UNB" | "UNH" | "UNT" | "UNZ") {
            return Control::Continue;
        }
        let released = |component: &&str| {
            let mut text = String::new();
            let mut characters = component.chars();
            while let Some(character) = characters.next() {
                text.extend(if character == '?' { characters.next() } else { Some(character) });
            }
            text
        };
        let elements =
            segment.elements.iter().map(|element| element.iter().map(released).collect()).collect();
        self.0.push((segment.id.to_owned(), elements));
        Control::Continue
    }

    fn on_error(&mut self, error: ParseError) -> Control {
        panic!("another parser reads what is written here: {error}");
    }
}
