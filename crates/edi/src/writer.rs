//! An interchange written segment by segment.

use crate::interchange::{Header, MessageType};
use crate::{Charset, Separators};

/// Writes one interchange with the default service characters; counts and references of the trailers follow by
/// themselves, and trailing empty elements and components are left out.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    charset: Charset,
    reference: String,
    message_count: usize,
    message: Option<OpenMessage>,
}

#[derive(Debug)]
struct OpenMessage {
    reference: String,
    segment_count: usize,
    /// Where its bytes begin.
    start: usize,
}

/// Why an interchange cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A character that the repertoire of the interchange does not know.
    #[error("cannot write `{character}` in {segment}: the repertoire {charset} does not know it")]
    Character {
        /// The character.
        character: char,
        /// The tag of the segment.
        segment: String,
        /// The syntax identifier.
        charset: &'static str,
    },
    /// A value of the envelope is empty or longer than its field.
    #[error("cannot write `{value}` as {field}: it must have 1 to {length_max} characters")]
    Length {
        /// Which field.
        field: &'static str,
        /// What should have been written.
        value: String,
        /// The longest that the field takes.
        length_max: usize,
    },
}

impl Writer {
    /// Begins an interchange: UNA with the default service characters, and UNB.
    pub fn new(header: &Header) -> Result<Self, WriteError> {
        // Lengths of ISO 9735: data elements 0004 and 0010 an..35, 0020 an..14.
        fits("sender", &header.sender.id, 35)?;
        fits("recipient", &header.recipient.id, 35)?;
        fits("interchange reference", &header.reference, 14)?;
        let mut writer = Self {
            bytes: b"UNA:+.? '".to_vec(),
            charset: header.charset,
            reference: header.reference.clone(),
            message_count: 0,
            message: None,
        };
        let date = header.prepared_at.format(header.version.date_format()).to_string();
        let time = header.prepared_at.format("%H%M").to_string();
        let test = if header.is_test { "1" } else { "" };
        writer.put(
            "UNB",
            &[
                &[header.charset.as_str(), header.version.as_str()],
                &[&header.sender.id, &header.sender.qualifier],
                &[&header.recipient.id, &header.recipient.qualifier],
                &[&date, &time],
                &[&header.reference],
                &[],
                &[],
                &[],
                &[],
                &[],
                &[test],
            ],
        )?;
        Ok(writer)
    }

    /// Begins a message; the one before it must have ended.
    pub fn begin_message(&mut self, reference: &str, message_type: &MessageType) -> Result<(), WriteError> {
        assert!(self.message.is_none(), "a message ends before the next begins");
        fits("message reference", reference, 14)?;
        let MessageType { kind, version, release, agency } = message_type;
        let start = self.bytes.len();
        self.put("UNH", &[&[reference], &[kind, version, release, agency]])?;
        self.message = Some(OpenMessage { reference: reference.to_owned(), segment_count: 1, start });
        Ok(())
    }

    /// Writes a segment of the open message: its elements, each as its components.
    pub fn segment(&mut self, tag: &str, elements: &[&[&str]]) -> Result<(), WriteError> {
        assert!(self.message.is_some(), "a segment is written inside a message");
        self.put(tag, elements)?;
        self.message.iter_mut().for_each(|message| message.segment_count += 1);
        Ok(())
    }

    /// Ends the open message with UNT.
    pub fn end_message(&mut self) -> Result<(), WriteError> {
        let message = self.message.take().expect("a message that ends has begun");
        self.message_count += 1;
        self.put("UNT", &[&[&(message.segment_count + 1).to_string()], &[&message.reference]])
    }

    /// Takes the open message back, as if it had never begun.
    pub fn abandon_message(&mut self) {
        if let Some(message) = self.message.take() {
            self.bytes.truncate(message.start);
        }
    }

    /// Returns what was written since this was last asked, so that an interchange of any length is never in memory
    /// whole; [`Writer::finish`] returns the rest.
    pub fn take_bytes(&mut self) -> Vec<u8> {
        assert!(self.message.is_none(), "a message is taken whole");
        std::mem::take(&mut self.bytes)
    }

    /// Ends the interchange with UNZ and returns its bytes.
    pub fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        assert!(self.message.is_none(), "a message ends before its interchange");
        let reference = std::mem::take(&mut self.reference);
        self.put("UNZ", &[&[&self.message_count.to_string()], &[&reference]])?;
        Ok(self.bytes)
    }

    /// Writes a segment whole, or nothing of it.
    fn put(&mut self, tag: &str, elements: &[&[&str]]) -> Result<(), WriteError> {
        let start = self.bytes.len();
        let written = self.put_segment(tag, elements);
        if written.is_err() {
            self.bytes.truncate(start);
        }
        written
    }

    fn put_segment(&mut self, tag: &str, elements: &[&[&str]]) -> Result<(), WriteError> {
        let is_tag = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        assert!(tag.len() == 3 && tag.bytes().all(is_tag), "`{tag}` is a tag");
        let separators = Separators::DEFAULT;
        self.bytes.extend_from_slice(tag.as_bytes());
        let is_filled = |element: &[&str]| element.iter().any(|component| !component.is_empty());
        let element_count =
            elements.iter().rposition(|element| is_filled(element)).map_or(0, |last| last + 1);
        for element in &elements[..element_count] {
            self.bytes.push(separators.element);
            let count =
                element.iter().rposition(|component| !component.is_empty()).map_or(0, |last| last + 1);
            for (index, component) in element[..count].iter().enumerate() {
                if index > 0 {
                    self.bytes.push(separators.component);
                }
                self.put_text(tag, component)?;
            }
        }
        self.bytes.push(separators.terminator);
        Ok(())
    }

    fn put_text(&mut self, tag: &str, text: &str) -> Result<(), WriteError> {
        for character in text.chars() {
            if matches!(character, ':' | '+' | '?' | '\'') {
                self.bytes.push(b'?');
            }
            if !self.charset.encode(character, &mut self.bytes) {
                let charset = self.charset.as_str();
                return Err(WriteError::Character { character, segment: tag.to_owned(), charset });
            }
        }
        Ok(())
    }
}

fn fits(field: &'static str, value: &str, length_max: usize) -> Result<(), WriteError> {
    let length = value.chars().count();
    if (1..=length_max).contains(&length) {
        return Ok(());
    }
    Err(WriteError::Length { field, value: value.to_owned(), length_max })
}
