//! The envelope: an interchange with its header, its messages, and the counts and references that hold them together.

mod envelope;
mod read;

use caravan_postal::Finding;
use chrono::NaiveDateTime;

use crate::tokenizer::Limits;
use crate::{Charset, Segment, Syntax};

pub use envelope::{Envelope, Role};

/// What UNB says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The character repertoire.
    pub charset: Charset,
    /// The version of the syntax.
    pub version: SyntaxVersion,
    /// Who sends.
    pub sender: Address,
    /// Who receives.
    pub recipient: Address,
    /// When it was prepared, in the local time of the sender's office, to the minute.
    pub prepared_at: NaiveDateTime,
    /// The interchange reference, at most fourteen characters; UNZ repeats it.
    pub reference: String,
    /// Whether it is a test.
    pub is_test: bool,
}

/// An address of electronic data interchange: `FR103` with the qualifier `UP`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub id: String,
    /// The qualifier; empty when there is none. Partners use others than the UPU's `UP`.
    pub qualifier: String,
}

/// The version of the EDIFACT syntax, ISO 9735.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SyntaxVersion {
    /// Of 1988.
    One,
    /// Of 1990.
    Two,
    /// Of 1992.
    Three,
    /// Of 1998, with years of four digits.
    Four,
}

/// What kind of message: type, version, release and controlling agency of UNH.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageType {
    /// The type: `RESDES`.
    pub kind: String,
    /// The version: `1`.
    pub version: String,
    /// The release, a directory number and no second part of the version: `912`.
    pub release: String,
    /// The controlling agency: `UP`.
    pub agency: String,
}

/// One message of an interchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message<'a> {
    /// The message reference; UNT repeats it.
    pub reference: String,
    /// What kind of message.
    pub message_type: MessageType,
    /// UNH.
    pub header: Segment<'a>,
    /// The segments between UNH and UNT.
    pub segments: Vec<Segment<'a>>,
}

/// An interchange as it was read: whatever could be read, and everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interchange<'a> {
    /// The header, when it could be read whole.
    pub header: Option<Header>,
    /// How the bytes were read.
    pub syntax: Syntax,
    /// The messages that are closed by their UNT, in order.
    pub messages: Vec<Message<'a>>,
    /// What is wrong with syntax and envelope. A fatal one means that nothing of the interchange counts.
    pub findings: Vec<Finding>,
}

impl<'a> Interchange<'a> {
    /// Reads the one interchange of a file. Never fails: what is wrong, another interchange behind it too, is among the
    /// findings.
    pub fn read(bytes: &'a [u8], limits: &Limits) -> Self {
        read::read(bytes, limits)
    }

    /// Reads every interchange of a file, at least one; the segments of the second count on from the first, so that a
    /// place is one of the file.
    pub fn read_all(bytes: &'a [u8], limits: &Limits) -> Vec<Self> {
        read::read_all(bytes, limits)
    }

    /// Returns whether the bytes begin as an interchange does, white space passed over.
    pub fn is_recognised(bytes: &[u8]) -> bool {
        match bytes.trim_ascii_start() {
            [b'U', b'N', b'A' | b'B', after, ..] => !after.is_ascii_alphanumeric(),
            _ => false,
        }
    }
}

impl SyntaxVersion {
    /// Every version.
    pub const ALL: [Self; 4] = [Self::One, Self::Two, Self::Three, Self::Four];

    /// Returns the version for its number.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.as_str() == text)
    }

    /// Returns the number.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
            Self::Four => "4",
        }
    }

    /// Returns how UNB writes a date: with two digits of the year before version 4.
    pub fn date_format(self) -> &'static str {
        match self {
            Self::One | Self::Two | Self::Three => "%y%m%d",
            Self::Four => "%Y%m%d",
        }
    }
}

impl MessageType {
    /// Returns what UNH says.
    pub fn of(header: &Segment<'_>) -> Self {
        let part = |component| header.component(2, component).text().into_owned();
        Self { kind: part(1), version: part(2), release: part(3), agency: part(4) }
    }

    /// Returns whether UNH says this.
    pub fn is_of(&self, header: &Segment<'_>) -> bool {
        let parts = [&self.kind, &self.version, &self.release, &self.agency];
        (1..).zip(parts).all(|(component, part)| header.component(2, component).text() == part.as_str())
    }
}

impl std::fmt::Display for MessageType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}:{}", self.kind, self.version, self.release, self.agency)
    }
}

#[cfg(test)]
mod tests;
