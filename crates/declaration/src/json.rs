//! Our own JSON: an array of items, or one item after another as JSON Lines has them.
//!
//! An item is an object with the names of the field table; its groups are objects, what may be there any number of
//! times is an array. An amount is an object of `amount` and `currency`, an extra field one of `name` and `value`.
//! Amounts, weights and codes are texts, counts are numbers, flags are `true` and `false`; a value that is written as
//! another of these is read with a remark. Numbers are taken as they are written: no float is near them.
//!
//! The reader parses complete items, from a buffer over the input. What RFC 8259 forbids ends the reading.

mod item;
mod read;
mod value;
mod write;

pub(crate) use read::read;
pub use write::{Layout, Writer, write};
