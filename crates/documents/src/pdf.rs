//! Forms as PDF: a small layout layer of integer lengths over the crate that writes the format.
//!
//! A form is drawn on a sheet, in boxes whose captions are in French and in the station's language. Text wraps and
//! shrinks inside its box down to a smallest size; what then still does not fit ends with an ellipsis, is printed in
//! full on a sheet behind the form, and is a finding. A character that no font has is a frame with its code point and a
//! finding. Nothing is cut in silence, nothing leaves its box, and the same form is the same bytes.

mod area;
mod caption;
mod code128;
mod font;
pub(crate) mod outline;
mod sheet;
mod table;
mod wrap;
mod write;

pub(crate) use area::{Area, Paper};
pub(crate) use caption::Captions;
pub(crate) use font::Weight;
pub use sheet::Drawn;
pub(crate) use sheet::{Align, Field, Setup, Sheet, Style};
pub(crate) use table::{Cell, Column, Table};
pub(crate) use wrap::Sizes;
pub use write::print;

/// Why forms cannot be written as a PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// A page without width or height.
    #[error("cannot write a page without width or height")]
    Paper,
    /// The format cannot hold it.
    #[error("cannot write the PDF: {0}")]
    Pdf(String),
}

#[cfg(test)]
pub(crate) mod tests;
