//! Bills as plain text: CN 31 and CP 87 for a dispatch, CN 37 for what a carrier takes.
//!
//! The same bill is the same bytes: lines end with a line feed, columns are as wide as their widest cell. Weights are
//! those of the labels, in kilograms with one decimal, and their sum is the sum of what is printed.

mod delivery;
mod dispatch;
mod table;

pub(crate) use delivery::Sum;
pub use delivery::{CarriedReceptacle, DeliveryBill};
pub(crate) use dispatch::remarks;
pub use dispatch::{BilledItem, BilledReceptacle, DispatchBill};

#[cfg(test)]
mod tests;
