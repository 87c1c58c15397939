#![doc = include_str!("../README.md")]

pub mod bill;
mod code;
pub mod codes;
pub mod estimate;
pub mod form;
pub mod label;
pub mod manifest;
mod office;
pub mod pdf;
pub mod printed;

pub use codes::MESSAGES;
pub use office::Office;
