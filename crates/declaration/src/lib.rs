#![doc = include_str!("../README.md")]

pub mod model;

pub use model::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Party, PartyKind, Piece, PrepaidTax, Route,
};
