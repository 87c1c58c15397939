//! Writing any format that needs nothing but declarations: no sender, no recipient, no numbers of messages.

use std::io::Write;

use crate::model::Declaration;
use crate::read::Format;
use crate::write::WriteError;
use crate::{csv, cusitm, json, xml};

/// The formats that need nothing but declarations.
pub const PLAIN_FORMATS: &[Format] =
    &[Format::Xml, Format::Csv, Format::Json, Format::Cusitm, Format::CustomsData];

/// A writer of one of the plain formats.
pub enum Writer<W: Write> {
    /// Our XML.
    Xml(xml::Writer<W>),
    /// CSV with our column names.
    Csv(Box<csv::Writer<W>>),
    /// Our JSON, an array.
    Json(json::Writer<W>),
    /// CUSITM, or the data of the customs web service.
    Message(Box<cusitm::Writer<W>>),
}

impl<W: Write> Writer<W> {
    /// Begins a file; `None` for a format that is not one of [`PLAIN_FORMATS`].
    pub fn new(format: Format, output: W) -> Result<Option<Self>, WriteError> {
        Ok(match format {
            Format::Xml => Some(Self::Xml(xml::Writer::new(output)?)),
            Format::Csv => Some(Self::Csv(Box::new(csv::Writer::new(output)?))),
            Format::Json => Some(Self::Json(json::Writer::new(output, json::Layout::Array)?)),
            Format::Cusitm => Some(Self::Message(Box::new(cusitm::Writer::cusitm(output)?))),
            Format::CustomsData => Some(Self::Message(Box::new(cusitm::Writer::customs_data(output)?))),
            Format::Xlsx
            | Format::Ceb
            | Format::Itmatt
            | Format::ItmattXml
            | Format::Cusrsp
            | Format::Itmref
            | Format::Refrsp => None,
        })
    }

    /// Writes one item, or nothing of it when a value cannot be written.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        match self {
            Self::Xml(writer) => writer.item(declaration),
            Self::Csv(writer) => writer.item(declaration),
            Self::Json(writer) => writer.item(declaration),
            Self::Message(writer) => writer.item(declaration),
        }
    }

    /// Ends the file and returns the output.
    pub fn finish(self) -> Result<W, WriteError> {
        match self {
            Self::Xml(writer) => writer.finish(),
            Self::Csv(writer) => writer.finish(),
            Self::Json(writer) => writer.finish(),
            Self::Message(writer) => writer.finish(),
        }
    }
}
