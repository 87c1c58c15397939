//! Writing ITMATT in EDIFACT: one message an item, strict, with the control references of the caller.

use std::io::Write;

use caravan_edi::{Header, WriteError as EdiError};

use super::layout::LAYOUT;
use super::page::Page;
use crate::model::Declaration;
use crate::write::WriteError;

/// Writes an interchange item by item.
#[derive(Debug)]
pub struct Writer<W: Write> {
    output: W,
    interchange: caravan_edi::Writer,
    header: Header,
}

/// Writes a whole interchange: each declaration with the reference of its message, at most fourteen characters.
pub fn write<'d, W: Write>(
    output: W,
    header: &Header,
    declarations: impl IntoIterator<Item = (&'d str, &'d Declaration<'d>)>,
) -> Result<W, WriteError> {
    let mut writer = Writer::new(output, header)?;
    for (reference, declaration) in declarations {
        writer.item(reference, declaration)?;
    }
    writer.finish()
}

impl<W: Write> Writer<W> {
    /// Begins an interchange; its header says the character set, and a text that cannot be said in it is refused.
    pub fn new(output: W, header: &Header) -> Result<Self, WriteError> {
        let interchange = caravan_edi::Writer::new(header).map_err(WriteError::Envelope)?;
        Ok(Self { output, interchange, header: header.clone() })
    }

    /// Writes one item as a message of its own, or nothing of it when a value cannot be written.
    pub fn item(&mut self, reference: &str, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        let message_type = &LAYOUT.profile.message_type;
        self.interchange.begin_message(reference, message_type).map_err(WriteError::Envelope)?;
        let page = Page::new(declaration, &self.header, reference);
        let written = page.segments().and_then(|segments| self.segments(&segments));
        if written.is_err() {
            self.interchange.abandon_message();
            return written;
        }
        self.interchange.end_message().map_err(WriteError::Envelope)?;
        self.output.write_all(&self.interchange.take_bytes()).map_err(WriteError::Output)
    }

    /// Ends the interchange and returns the output.
    pub fn finish(mut self) -> Result<W, WriteError> {
        let bytes = self.interchange.finish().map_err(WriteError::Envelope)?;
        self.output.write_all(&bytes).and_then(|()| self.output.flush()).map_err(WriteError::Output)?;
        Ok(self.output)
    }

    fn segments(&mut self, segments: &[super::page::Written]) -> Result<(), WriteError> {
        for segment in segments {
            let components: Vec<Vec<&str>> =
                segment.elements.iter().map(|element| element.iter().map(String::as_str).collect()).collect();
            let elements: Vec<&[&str]> = components.iter().map(Vec::as_slice).collect();
            // Every text was held against the character set, so only the envelope's own bounds are left to fail.
            let written: Result<(), EdiError> = self.interchange.segment(&segment.tag, &elements);
            written.map_err(WriteError::Envelope)?;
        }
        Ok(())
    }
}
