//! The forms of the trade, drawn for print.
//!
//! Which boxes a form has follows the UPU Regulations as far as they could be read. No official drawn layout was at
//! hand: each form says at its foot that its layout is not checked against the official one.

mod customs;
mod delivery;
mod dispatch;
mod empty;
mod insured;
mod label;
mod special;
mod substitute;
mod transit;
mod unit;

pub use customs::CustomsForm;
pub use empty::{EmptyBill, EmptyReceptacles};
pub use insured::{InsuredItem, InsuredList};
pub use special::{ListedItem, SpecialList};
pub use substitute::SubstituteBill;
pub use transit::{TransitBill, TransitParcel};

#[cfg(test)]
mod tests;
