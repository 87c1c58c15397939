#![doc = include_str!("../README.md")]

pub mod bill;
mod code;
pub mod estimate;
pub mod label;
pub mod manifest;
mod office;
pub mod printed;

pub use estimate::MESSAGES;
pub use office::Office;
