//! The envelope of what leaves as EDIFACT.

use anyhow::{Context, Result};
use caravan_edi::profile::{Known, Profile};
use caravan_edi::{Address, Charset, Header, SyntaxVersion, Writer};
use caravan_station::Subject;
use caravan_store::Outbound;
use chrono::NaiveDateTime;

use super::Flow;
use super::messages::key;

/// A message that leaves in an interchange of its own.
pub(super) struct Sending<'s> {
    /// The EDI address that it goes to.
    pub recipient: &'s str,
    /// Which message.
    pub message: Known,
    /// What it is called in the names of files and in findings.
    pub name: &'s str,
    /// What a finding is about, where it cannot be written.
    pub subject: Subject,
    /// What it tells of, as its file is named.
    pub about: &'s str,
    /// When it was made.
    pub prepared_at: NaiveDateTime,
}

impl Flow {
    /// Writes a message in the layout of its recipient. What cannot be written is a finding, and no reference is taken for
    /// it.
    pub(super) fn send<E: std::error::Error>(
        &mut self,
        sending: &Sending<'_>,
        write: impl FnOnce(&mut Writer, &Profile) -> Result<(), E>,
    ) -> Result<Option<Outbound>> {
        let Sending { recipient, name, .. } = *sending;
        let header = self.next_header(recipient, sending.prepared_at);
        let mut writer = Writer::new(&header).with_context(|| format!("cannot begin {name}"))?;
        let profile = self.desk.exchanges.of(recipient).profile(sending.message);
        if let Err(error) = write(&mut writer, profile) {
            self.not_written(sending.subject, name, &error);
            return Ok(None);
        }
        let body = writer.finish().with_context(|| format!("cannot end {name}"))?;
        self.station.take_number(&sequence(recipient));
        Ok(Some(Outbound { key: key(recipient, &header.reference, name, sending.about), body }))
    }

    /// Takes the next interchange reference for a recipient, and returns it with the header that bears it.
    pub(super) fn interchange_to(&mut self, recipient: &str, prepared_at: NaiveDateTime) -> (String, Header) {
        let header = self.next_header(recipient, prepared_at);
        self.station.take_number(&sequence(recipient));
        (header.reference.clone(), header)
    }

    /// Returns the header with the next reference for a recipient, which is not taken yet.
    fn next_header(&self, recipient: &str, prepared_at: NaiveDateTime) -> Header {
        let last = self.station.state().sequences.get(&sequence(recipient)).copied().unwrap_or_default();
        let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
        let office = &self.station.config().office;
        Header {
            charset: Charset::A,
            version: SyntaxVersion::One,
            sender: address(&office.edi_address),
            recipient: address(recipient),
            prepared_at,
            reference: format!("{:014}", last + 1),
            is_test: office.is_synthetic,
        }
    }
}

/// Returns the name of the sequence that numbers the interchanges to a recipient.
fn sequence(recipient: &str) -> String {
    format!("interchange/{recipient}")
}
