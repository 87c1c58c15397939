//! The planning crate from outside, one module a subsystem; `mail` makes the mail.
#![expect(
    clippy::unwrap_used,
    reason = "cases are written by hand: one that cannot be read is a fault of the test"
)]

mod classes;
mod extremes;
mod instance;
mod loading;
mod mail;
mod network;
mod pack;
mod rivals;
mod stand;
mod timetable;
