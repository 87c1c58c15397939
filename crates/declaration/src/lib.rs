#![doc = include_str!("../README.md")]

pub mod answer;
mod builder;
pub mod ceb;
mod compare;
pub mod csv;
pub mod cusitm;
pub mod findings;
pub mod format;
pub mod ics2;
pub mod itmatt;
pub mod layout;
mod limits;
pub mod model;
pub mod packed;
mod place;
mod read;
mod recognise;
pub mod signature;
mod window;
mod write;
mod writer;
pub mod xml;

pub use answer::{Answer, AnswerVerdict};
pub use compare::differences;
pub use findings::MESSAGES;
pub use limits::Limits;
pub use model::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Party, PartyKind, Piece, PrepaidTax,
    Route,
};
pub use read::{Format, Outcome, ReadItem, read};
pub use write::{Unwritable, WriteError};
pub use writer::{PLAIN_FORMATS, Writer};
