#![doc = include_str!("../README.md")]

pub mod answer;
mod builder;
pub mod ceb;
mod compare;
mod confirmation;
pub mod csv;
pub mod cusitm;
mod encoding;
pub mod envelope;
pub mod findings;
pub mod format;
pub mod ics2;
pub mod itmatt;
pub mod json;
pub mod layout;
mod limits;
pub mod model;
mod options;
pub mod packed;
mod place;
mod read;
mod recognise;
pub mod signature;
mod suggestion;
mod window;
mod write;
mod writer;
pub mod xlsx;
pub mod xml;

pub use answer::{Answer, AnswerVerdict};
pub use compare::{Losses, losses};
pub use confirmation::{CONFIRMATION, Protected, is_same_addressee, protected_changes};
pub use encoding::Encoding;
pub use findings::MESSAGES;
pub use limits::Limits;
pub use model::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Party, PartyKind, Piece, PrepaidTax,
    Route,
};
pub use options::Options;
pub use read::{Format, Outcome, ReadItem, read, read_with};
pub use write::{Unwritable, WriteError};
pub use writer::{Writer, lost};
