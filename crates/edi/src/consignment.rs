//! PRECON and CARDIT: what leaves as one consignment, told to the office that takes over and to the carrier.
//!
//! Both say the same of a consignment and differ in their layout only. What a layout cannot do without is required by
//! its profile, so a [`Consignment`] is one type for writing and for reading.

mod read;
mod write;

use std::collections::BTreeSet;

use caravan_postal::{Grams, Handling, Impc, MailCategory, MailClass, Place, ReceptacleKind, S9};
use chrono::NaiveDateTime;

pub use crate::function::Function;
pub use crate::transport::{Leg, Location, Stage, TransportMode};
pub use read::read;
pub use write::{ConsignmentError, write};

/// A consignment: what one carrier takes on one delivery bill, CN 37. Times are local to the place where they happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consignment {
    /// The identifier, S32. Its exact form is not known; it is written as it stands.
    pub id: Option<String>,
    /// What the message does to what was said before about the consignment.
    pub function: Option<Function>,
    /// When it was completed.
    pub completed_at: Option<NaiveDateTime>,
    /// The number of the delivery bill.
    pub bill: Option<String>,
    /// The category; `None` when it holds several.
    pub category: Option<MailCategory>,
    /// The class; `None` when it holds several.
    pub class: Option<MailClass>,
    /// The office that hands over.
    pub origin: Option<Impc>,
    /// The office that takes over.
    pub destination: Option<Impc>,
    /// Where the carrier takes over, when that is not the office itself.
    pub handover: Option<Location>,
    /// The legs of its way, in order.
    pub legs: Vec<Leg>,
    /// The containers and truck bodies that it travels in.
    pub units: Vec<Unit>,
    /// The receptacles whose identifier could be read, in the order of the message.
    pub receptacles: Vec<Receptacle>,
}

/// A container or a truck body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// What it is (UN/EDIFACT data element 8053): [`Unit::CONTAINER`] or [`Unit::TRAILER`], or another code.
    pub equipment: String,
    /// Its number.
    pub number: String,
    /// Size and type by ISO 6346.
    pub size_type: Option<String>,
    /// The net weight.
    pub net_weight: Option<Grams>,
    /// The numbers of its seals.
    pub seals: Vec<String>,
}

/// A receptacle of a consignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receptacle {
    /// The identifier as on the label.
    pub s9: S9,
    /// The kind.
    pub kind: Option<ReceptacleKind>,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The gross weight.
    pub gross_weight: Option<Grams>,
    /// The number of the unit that it is in, where a consignment has several.
    pub unit: Option<String>,
    /// Where the receptacle stands in the interchange.
    pub place: Place,
}

impl Consignment {
    /// Returns the numbers of its units.
    fn unit_numbers(&self) -> BTreeSet<&str> {
        self.units.iter().map(|unit| unit.number.as_str()).collect()
    }
}

impl Unit {
    /// A container.
    pub const CONTAINER: &str = "CN";
    /// A trailer or truck body.
    pub const TRAILER: &str = "TE";
}

#[cfg(test)]
mod tests;
