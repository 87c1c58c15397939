//! EMSEVT, the events of items: what every office that an item passes tells the others.

mod kind;
mod lists;
mod order;
mod read;
mod write;

use caravan_postal::{Country, Impc, MailClass, Money, Place, S8, S9, S10};
use chrono::NaiveDateTime;

pub use crate::transport::Location;
pub use kind::{EventKind, Side};
pub use lists::{List, ListError, Lists, Status};
pub use order::check_order;
pub use read::read;
pub use write::{EventError, write};

/// A report of events, as it was read or as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// When it was made, in the local time of the sender.
    pub prepared_at: Option<NaiveDateTime>,
    /// The events whose item and code could be read, in the order of the message.
    pub events: Vec<Event>,
}

/// One event of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The item.
    pub item: S10,
    /// What happened.
    pub kind: EventKind,
    /// When it happened, in the local time of the place.
    pub at: Option<NaiveDateTime>,
    /// When it was recorded, UTC.
    pub captured_at: Option<NaiveDateTime>,
    /// Where it happened: an office of exchange, or another place.
    pub location: Option<Location>,
    /// The office that the item goes to next.
    pub next_office: Option<Impc>,
    /// Where the item was posted.
    pub posted_in: Option<Location>,
    /// The country of origin.
    pub origin: Option<Country>,
    /// The country of destination.
    pub destination: Option<Country>,
    /// The class.
    pub class: Option<MailClass>,
    /// The dispatch that the item is in.
    pub dispatch: Option<S8>,
    /// The receptacle that the item is in.
    pub receptacle: Option<S9>,
    /// Its condition, a code of [`Lists`].
    pub condition: Option<String>,
    /// Why it is held or was not delivered, a code of [`Lists`]: of which list [`EventKind::reasons`] says.
    pub reason: Option<String>,
    /// What is done with an item that was not delivered, a code of [`Lists`].
    pub measure: Option<String>,
    /// Where it was delivered: to a person, a box, a neighbour.
    pub delivered_to: Option<String>,
    /// Who signed for it: a name of a person.
    pub signatory: Option<String>,
    /// The postcode where it was delivered.
    pub delivery_postcode: Option<String>,
    /// Duty and taxes to collect.
    pub duty: Option<Money>,
    /// Where the event stands in the interchange.
    pub place: Place,
}

impl Event {
    /// Returns an event that says no more than it must.
    pub fn new(item: S10, kind: EventKind, at: NaiveDateTime, location: Location) -> Self {
        Self {
            item,
            kind,
            at: Some(at),
            captured_at: None,
            location: Some(location),
            next_office: None,
            posted_in: None,
            origin: None,
            destination: None,
            class: None,
            dispatch: None,
            receptacle: None,
            condition: None,
            reason: None,
            measure: None,
            delivered_to: None,
            signatory: None,
            delivery_postcode: None,
            duty: None,
            place: Place::Whole,
        }
    }
}

#[cfg(test)]
mod tests;
