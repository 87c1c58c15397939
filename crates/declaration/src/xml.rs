//! Our own XML: read leniently, written strictly.
//!
//! The reader parses complete items in place, from a buffer over the input; an item that the buffer ends in is begun
//! again when the buffer was filled. What XML itself forbids ends the reading with a fatal finding, because nothing
//! behind it can be trusted; everything else is a finding of its item.

pub(crate) mod attributes;
pub(crate) mod events;
pub(crate) mod item;
mod read;
mod write;

pub(crate) use read::read;
pub use write::{Writer, write};
