#![doc = include_str!("../README.md")]

mod admissibility;
mod answers;
mod assessment;
mod book;
mod calendar;
mod checks;
pub mod codes;
mod engine;
mod explanation;
mod facts;
pub mod feeds;
pub mod hs;
pub mod import;
mod lexicon;
pub mod packed;
mod procedure;
mod question;
mod rates;
mod regime;
mod remarks;
mod settings;
mod tables;
pub mod trace;
pub mod view;

pub use assessment::{Assessment, Channel, Charge, ChargeKind, Decision, PhysicalOutcome, RowId};
pub use book::Considered;
pub use calendar::{Period, RateRule};
pub use codes::MESSAGES;
pub use engine::{Duty, Engine};
pub use explanation::{Explanation, Known, UnknownCharge, choice_text};
pub use question::{Flow, Options, Question, Reading, RouteEnd, Switch, Transport};
pub use rates::{Authority, Rates, RatesError};
pub use settings::OptionsError;
pub use tables::{BUILTIN, Confidence, Layer, Misfit, Row, Status, TableError, TableText};
