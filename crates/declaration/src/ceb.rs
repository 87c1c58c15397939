//! The messages of China's cross-border e-commerce platform, edition 202205, and the wrappers of its exchange platform.
//!
//! [`layout`] has the messages as tables; one reader, one writer and one maker of schemas walk them. [`read()`] hands
//! over [`Document`]s of any message; lists (603 and 621) are read by [`crate::read()`] as declarations, and every
//! receipt is an answer ([`answer()`]).
//!
//! What the field sends is read with a remark: a byte-order mark, `gb2312` declared, empty optional elements, doubled
//! blocks behind the documents, a root with another name than its content, GUIDs in lower case. A signature is kept as
//! it stands and not checked.

mod answer;
mod block;
mod codes;
mod document;
mod facts;
pub mod guid;
mod items;
mod job;
pub mod layout;
mod mapping;
mod message;
mod read;
mod root;
pub mod schema;
mod value;
mod wrapper;
mod write;

pub use answer::{answer, error};
pub use codes::CodeList;
pub use document::{Document, Envelope, Value, Values};
pub use facts::Facts;
pub use job::{Batch, Job, Refusal, Taken};
pub use layout::Message;
pub use mapping::{Converted, from_declaration};
pub use read::{ReadDocument, ReadMessage, read, text};
pub use wrapper::{Server, Wrapper, wrap};
pub use write::{DOCUMENTS_MAX, WriteError, split, write};

pub(crate) use facts::placeholders;
pub(crate) use guid::parse as parse_guid;
pub(crate) use items::read_items;
pub(crate) use root::root;
pub(crate) use write::accepted;

/// The namespace of the messages.
pub const NAMESPACE: &str = "http://www.chinaport.gov.cn/ceb";
/// The namespace of the wrappers.
pub const DXP_NAMESPACE: &str = "http://www.chinaport.gov.cn/dxp";
