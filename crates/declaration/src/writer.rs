//! Writing declarations as one file of a format, whatever the format needs beside them.
//!
//! China's messages are the exception: a conversion may take several, which [`crate::ceb::Batch`] writes.

use std::io::Write;
use std::ops::ControlFlow;

use crate::compare::{Losses, losses};
use crate::envelope::{Envelope, Interchange};
use crate::ics2::FilingWriter;
use crate::limits::Limits;
use crate::model::Declaration;
use crate::read::{Format, read};
use crate::write::WriteError;
use crate::{csv, cusitm, itmatt, json, xlsx, xml};

/// A writer of one file.
pub enum Writer<'e, W: Write> {
    /// Our XML, or the XML form of ITMATT.
    Xml(xml::Writer<W>),
    /// CSV with our column names.
    Csv(Box<csv::Writer<W>>),
    /// Our JSON, an array.
    Json(json::Writer<W>),
    /// A workbook.
    Xlsx(Box<xlsx::Writer<W>>),
    /// CUSITM, or the data of the customs web service.
    Message(Box<cusitm::Writer<W>>),
    /// ITMATT in EDIFACT, with the reference of the next message.
    Itmatt(Box<itmatt::Writer<W>>, u32),
    /// IE3F43, and where it goes.
    Ie3f43(FilingWriter<'e>, W),
}

impl<'e, W: Write> Writer<'e, W> {
    /// Begins a file; nothing for an envelope of China's messages.
    pub fn new(envelope: &'e Envelope, output: W) -> Result<Option<Self>, WriteError> {
        Ok(Some(match envelope {
            Envelope::Plain(Format::Xml) => Self::Xml(xml::Writer::new(output)?),
            Envelope::Plain(Format::ItmattXml) => Self::Xml(xml::Writer::of(&itmatt::DIALECT, output)?),
            Envelope::Plain(Format::Csv) => Self::Csv(Box::new(csv::Writer::new(output)?)),
            Envelope::Plain(Format::Json) => Self::Json(json::Writer::new(output, json::Layout::Array)?),
            Envelope::Plain(Format::Xlsx) => Self::Xlsx(Box::new(xlsx::Writer::new(output)?)),
            Envelope::Plain(Format::Cusitm) => Self::Message(Box::new(cusitm::Writer::cusitm(output)?)),
            Envelope::Plain(Format::CustomsData) => {
                Self::Message(Box::new(cusitm::Writer::customs_data(output)?))
            }
            Envelope::Itmatt(Interchange { header, first_message }) => {
                Self::Itmatt(Box::new(itmatt::Writer::new(output, header)?), *first_message)
            }
            Envelope::Ie3f43(filing) => Self::Ie3f43(FilingWriter::new(filing), output),
            Envelope::Plain(
                Format::Ceb | Format::Itmatt | Format::Cusrsp | Format::Itmref | Format::Refrsp,
            )
            | Envelope::Ceb(_) => return Ok(None),
        }))
    }

    /// Writes one item, or nothing of it when a value cannot be written.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        match self {
            Self::Xml(writer) => writer.item(declaration),
            Self::Csv(writer) => writer.item(declaration),
            Self::Json(writer) => writer.item(declaration),
            Self::Xlsx(writer) => writer.item(declaration),
            Self::Message(writer) => writer.item(declaration),
            Self::Itmatt(writer, reference) => {
                writer.item(&reference.to_string(), declaration)?;
                *reference += 1;
                Ok(())
            }
            Self::Ie3f43(writer, _) => writer.item(declaration),
        }
    }

    /// Ends the file and returns the output.
    pub fn finish(self) -> Result<W, WriteError> {
        match self {
            Self::Xml(writer) => writer.finish(),
            Self::Csv(writer) => writer.finish(),
            Self::Json(writer) => writer.finish(),
            Self::Xlsx(writer) => writer.finish(),
            Self::Message(writer) => writer.finish(),
            Self::Itmatt(writer, _) => writer.finish(),
            Self::Ie3f43(writer, output) => writer.finish(output),
        }
    }
}

/// Writes an item alone, reads it again, and returns what that does not give back. IE3F43 is not read: what its item says
/// is held against the declaration instead. Nothing for an envelope of China's messages, whose writer tells it.
///
/// # Errors
///
/// When the item cannot be written.
pub fn lost<'d>(
    envelope: &Envelope,
    declaration: &Declaration<'d>,
) -> Result<Option<Losses<'d>>, WriteError> {
    if let Envelope::Ie3f43(filing) = envelope {
        let mut alone = FilingWriter::new(filing);
        alone.item(declaration)?;
        return Ok(Some(alone.lost(declaration)));
    }
    let Some(mut alone) = Writer::new(envelope, Vec::new())? else { return Ok(None) };
    alone.item(declaration)?;
    let bytes = alone.finish()?;
    let mut lost = None;
    let again = read(bytes.as_slice(), &Limits::standard(), |again| {
        lost = Some(losses(declaration, &again.declaration));
        ControlFlow::Break(())
    });
    again.expect("memory does not fail");
    // What does not read again at all is lost whole.
    Ok(Some(lost.unwrap_or_else(|| losses(declaration, &Declaration::default()))))
}
