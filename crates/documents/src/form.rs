//! The forms of the trade, drawn for print.
//!
//! Which boxes a form has follows the UPU Regulations as far as they could be read. No official drawn layout was at
//! hand: each form says at its foot that its layout is not checked against the official one.

mod customs;
mod delivery;
mod dispatch;
mod label;
mod special;

pub use customs::CustomsForm;
pub use special::{ListedItem, SpecialList};

#[cfg(test)]
mod tests;
