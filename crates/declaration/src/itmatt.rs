//! ITMATT, the attributes of items that the post of origin sends (UPU M33): EDIFACT, and an XML form of the same data.
//!
//! The layout is the profile `itmatt-1.5` of `caravan-edi`: **not checked against the official text**, which was not at
//! hand; to correct it, correct that file. Both readers stream item by item into the one model; what the layout has and
//! the model does not becomes an extra field, so that writing again loses nothing:
//!
//! | extra field | what it holds |
//! |---|---|
//! | `transport-mode`, `sender-fax` | a field of the layout, by its name |
//! | `piece[2].revised-hs` | the same, of the second content piece; of a document in the same way |
//! | `item.MOA+99` | a segment that the layout does not have, that differs in a fixed value, or that stands again: everything behind its tag, with the default service characters |
//! | `item.MOA+43/1.5` | a component that the layout does not have: its element and component |
//!
//! The number and the time of a message are control data of one transmission and are not kept, and running numbers are
//! made anew; its function is kept as `message-function`, and a cancellation holds its items. Lengths of single data
//! elements are not asked on either side, because those of M33 are not known.
//!
//! The XML form has the elements of our own XML in the order of the layout, in a namespace of its own; extra fields
//! stand in it as `extra` elements.

mod dialect;
mod head;
mod item;
mod layout;
mod page;
mod read;
mod text;
mod write;

pub(crate) use dialect::DIALECT;
pub use dialect::{schema, write as write_xml};
pub(crate) use read::read;
pub use write::{Writer, write};
