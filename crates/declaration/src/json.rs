//! Our own JSON: an array of items, or one item after another as JSON Lines has them.
//!
//! An item is an object with the names of the field table; its groups are objects, what may be there any number of
//! times is an array. An amount is an object of `amount` and `currency`, an extra field one of `name` and `value`.
//! Amounts, weights and codes are texts, counts are numbers, flags are `true` and `false`; a value that is written as
//! another of these is read with a remark. Numbers are taken as they are written: no float is near them.
//!
//! The reader parses complete items, from a buffer over the input. What RFC 8259 forbids ends the reading. Messages of
//! customs in JSON are read by the same parser, with their own layouts.

mod document;
mod extent;
mod item;
mod parser;
mod read;
mod value;
mod write;

pub(crate) use document::{Bare, read as read_document};
pub(crate) use extent::text_end;
pub(crate) use parser::{Fault, Head, Parser, Scalar, is_space};
pub(crate) use read::read;
pub(crate) use write::quote;
pub use write::{Layout, Writer, write};
