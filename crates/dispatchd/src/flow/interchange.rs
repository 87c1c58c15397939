//! The envelope of what leaves as EDIFACT.

use caravan_edi::{Address, Charset, Header, SyntaxVersion};
use chrono::NaiveDateTime;

use super::Flow;

impl Flow {
    /// Takes the next interchange reference for a recipient, and returns it with the header that bears it.
    pub(super) fn interchange_to(&mut self, recipient: &str, prepared_at: NaiveDateTime) -> (String, Header) {
        let reference = format!("{:014}", self.station.take_number(&format!("interchange/{recipient}")));
        let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
        let office = &self.station.config().office;
        let header = Header {
            charset: Charset::A,
            version: SyntaxVersion::One,
            sender: address(&office.edi_address),
            recipient: address(recipient),
            prepared_at,
            reference: reference.clone(),
            is_test: office.is_synthetic,
        };
        (reference, header)
    }
}
