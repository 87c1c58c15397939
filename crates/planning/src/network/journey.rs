//! What is asked of the network, and the way that answers it.

use std::collections::BTreeSet;

use caravan_postal::{Country, Finding, Impc, MailCategory};
use chrono::NaiveDate;

use super::{Cargo, Carriage, ClosureKind};
use crate::codes;
use crate::table::{Confidence, Range, RowId};

/// Where a way begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// At an office of exchange.
    Office(Impc),
    /// At a place of the network: where a train stands when its way is planned anew.
    Place(RowId),
}

/// What is asked: the best way for one kind of mail from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Where it begins.
    pub from: End,
    /// Where it ends.
    pub to: End,
    /// The day of departure.
    pub leaves: NaiveDate,
    /// What is carried.
    pub mail: MailKind,
    /// What has been agreed beside the tables.
    pub agreements: Agreements,
    /// For how many days a closed border or a timetable is waited for at most, at one place; over 400 counts as 400.
    pub wait_days_max: u32,
}

/// What matters about mail on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailKind {
    /// The mail category.
    pub category: MailCategory,
    /// What in it needs permission, and whether it passes a third operator unopened.
    pub cargo: BTreeSet<Cargo>,
}

/// Where what the tables permit by agreement is agreed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreements {
    /// Legs by id.
    pub legs: BTreeSet<RowId>,
    /// Whole countries.
    pub countries: BTreeSet<Country>,
}

/// A way, leg by leg, counted with the longest time of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The legs.
    pub legs: Vec<PathLeg>,
    /// The day of departure.
    pub leaves: NaiveDate,
    /// The day of arrival.
    pub arrives: NaiveDate,
    /// The day of arrival if every leg takes its shortest time.
    pub arrives_earliest: NaiveDate,
    /// The days from departure to arrival.
    pub days: u32,
    /// How sure the least sure row is that the way rests on.
    pub confidence: Confidence,
    /// The published route that has the same legs, with the days published for it.
    pub published: Option<(RowId, Range)>,
}

/// One leg of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathLeg {
    /// The leg.
    pub leg: RowId,
    /// Where it begins.
    pub from: RowId,
    /// Where it ends.
    pub to: RowId,
    /// What it is run with.
    pub carriage: Carriage,
    /// The border that it crosses where it begins.
    pub crossing: Option<RowId>,
    /// Where the next operator takes over.
    pub handover: Option<RowId>,
    /// The office abroad that takes the mail over.
    pub partner: Option<Impc>,
    /// The day on which it begins, after change and waiting.
    pub leaves: NaiveDate,
    /// The day on which it ends.
    pub arrives: NaiveDate,
    /// The hours of the change of gauge or carriage before it.
    pub transfer_hours: u32,
    /// What is waited for before it.
    pub waits: Vec<Wait>,
    /// The rows that permit what is carried.
    pub permitted_by: Vec<RowId>,
    /// Hours from the beginning of the day of departure to its end.
    pub(super) end_hours: u32,
    /// How sure its least sure row is.
    pub confidence: Confidence,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The row that says so.
    pub row: RowId,
    /// Why.
    pub reason: WaitReason,
    /// For how many hours.
    pub hours: u32,
}

/// Why there is a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitReason {
    /// Closed on these days.
    Closed(ClosureKind),
    /// Not open on this day of the week or in this season.
    NotOpen,
    /// The next run is another day.
    Timetable,
    /// Queues.
    Queue,
}

/// A leg that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The leg.
    pub leg: RowId,
    /// Why not.
    pub refusal: Refusal,
}

/// Why a leg cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Mail of the category goes by air.
    AirMail(MailCategory),
    /// A country does not let it through.
    Barred(Cargo, Country, RowId),
    /// A country lets it through only where it is agreed.
    NotAgreed(Cargo, Country, RowId),
    /// Nothing is known about it in a country.
    NotKnown(Cargo, Country),
    /// Closed for longer than may be waited.
    Closed(RowId, WaitReason),
    /// Neither on this day nor later.
    NotInForce,
    /// Nothing is known of a change of carriage at its beginning.
    NoTransfer(RowId, Carriage, Carriage),
}

/// Why nothing can be asked about a way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JourneyError {
    /// The office stands at no place of the network.
    #[error("office `{0}` stands at no place of the network")]
    UnknownOffice(Impc),
    /// The network has no such place.
    #[error("the network has no place `{0}`")]
    UnknownPlace(RowId),
    /// The network has no such leg.
    #[error("the network has no leg `{0}`")]
    UnknownLeg(RowId),
    /// The network has no such crossing.
    #[error("the network has no crossing `{0}`")]
    UnknownCrossing(RowId),
}

impl Rejected {
    /// Returns the finding that tells people.
    pub fn finding(&self) -> Finding {
        let leg = self.leg.as_str();
        match &self.refusal {
            Refusal::AirMail(category) => codes::LEG_AIR_MAIL.finding([leg, category.as_str()]),
            Refusal::Barred(cargo, country, row) => {
                codes::LEG_BARRED.finding([leg, cargo.as_str(), country.as_str(), row.as_str()])
            }
            Refusal::NotAgreed(cargo, country, row) => {
                codes::LEG_NOT_AGREED.finding([leg, cargo.as_str(), country.as_str(), row.as_str()])
            }
            Refusal::NotKnown(cargo, country) => {
                codes::LEG_NOT_KNOWN.finding([leg, cargo.as_str(), country.as_str()])
            }
            Refusal::Closed(row, _) => codes::LEG_CLOSED.finding([leg, row.as_str()]),
            Refusal::NotInForce => codes::LEG_NOT_IN_FORCE.finding([leg]),
            Refusal::NoTransfer(place, from, to) => {
                codes::LEG_NO_TRANSFER.finding([leg, place.as_str(), from.as_str(), to.as_str()])
            }
        }
    }
}

impl Path {
    /// Returns the ids of its legs.
    pub fn leg_ids(&self) -> impl Iterator<Item = &RowId> {
        self.legs.iter().map(|leg| &leg.leg)
    }

    /// Returns how many hours are spent waiting.
    pub fn wait_hours(&self) -> u32 {
        let waits = self.legs.iter().flat_map(|leg| &leg.waits);
        waits.fold(0, |sum, wait| sum.saturating_add(wait.hours))
    }

    /// Returns one finding for each wait.
    pub fn findings(&self) -> Vec<Finding> {
        let waits = self.legs.iter().flat_map(|leg| leg.waits.iter().map(move |wait| (leg, wait)));
        waits
            .map(|(leg, wait)| {
                codes::LEG_WAIT.finding([leg.leg.as_str(), &wait.hours.to_string(), wait.row.as_str()])
            })
            .collect()
    }
}
