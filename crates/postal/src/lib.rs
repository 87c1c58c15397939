#![doc = include_str!("../README.md")]

mod ascii;
pub mod container;
mod country;
mod currency;
mod dispatch;
pub mod finding;
mod hs;
mod impc;
pub mod lookalike;
mod mail;
mod measure;
mod money;
mod nature;
mod ratio;
mod s10;
pub mod text;

pub use container::{ContainerNumber, SizeType};
pub use country::Country;
pub use currency::Currency;
pub use dispatch::{DispatchSeries, HighestFlag, S8, S9, SerialError, WeightField};
pub use finding::{Code, Field, Finding, Place, Severity};
pub use hs::HsCode;
pub use impc::Impc;
pub use mail::{Handling, MailCategory, MailClass, MailSubclass, ReceptacleKind};
pub use measure::{Grams, Volume};
pub use money::{Money, NumberError};
pub use nature::Nature;
pub use ratio::{Ratio, Rounding};
pub use s10::{Indicator, S10, S10Error};
pub use text::{Catalogue, Language};
