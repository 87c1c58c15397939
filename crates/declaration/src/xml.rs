//! Our own XML: read leniently, written strictly.
//!
//! The reader parses complete items in place, from a buffer over the input; an item that the buffer ends in is begun
//! again when the buffer was filled. What XML itself forbids ends the reading with a fatal finding, because nothing
//! behind it can be trusted; everything else is a finding of its item.

pub(crate) mod attributes;
pub(crate) mod events;
pub(crate) mod item;
mod read;
mod records;
pub(crate) mod root;
mod write;

pub(crate) use item::resolve as character;
pub(crate) use read::read;
pub(crate) use records::read_message;
pub(crate) use write::escape;
pub use write::{Writer, write};

use crate::format::{Element, ITEM, NAMESPACE, ROOT};

/// What tells one XML of declarations from another: the names around the items, and the elements of an item.
#[derive(Debug)]
pub(crate) struct Dialect {
    pub(crate) root: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) item: fn() -> &'static [Element],
}

/// Our own.
pub(crate) static DIALECT: Dialect = Dialect { root: ROOT, namespace: NAMESPACE, item: || ITEM };
