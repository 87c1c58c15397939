//! One difference between what was told and what was answered, and what follows from it.

use caravan_postal::{Finding, Grams, Handling, HighestFlag, Place, S8, S9};

use crate::codes;

/// One difference. It orders by receptacle, then kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The receptacle: as it was told where it was told, else as it was read.
    pub receptacle: S9,
    /// What differs.
    pub kind: Kind,
    /// The dispatch or consignment that was compared.
    pub subject: String,
    /// The identifier as the other side read it, when it differs from the one told.
    pub read: Option<S9>,
    /// The weight that was told.
    pub told: Option<Grams>,
    /// The weight that was received.
    pub received: Option<Grams>,
    /// Where it stands in the answer.
    pub place: Place,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Told, and not answered for.
    Missing,
    /// Answered for, and not told.
    Extra,
    /// Answered for, not told, and made up for another office.
    MisSent,
    /// Told twice, or answered for twice and not alike.
    Duplicate,
    /// Another weight.
    Weight,
    /// Another flag of the highest number.
    HighestFlag,
    /// Another flag of registered or insured items.
    RegisteredFlag,
    /// Another handling class.
    Handling {
        /// What was told.
        told: Handling,
        /// What was answered.
        received: Handling,
    },
    /// A status of which it is not known that it means received.
    Status {
        /// The code.
        status: String,
    },
    /// The carrier lost it.
    Lost,
    /// The carrier gave it back.
    Returned,
    /// The carrier left it behind.
    NotLoaded,
    /// The carrier has it and did not hand it over.
    NotDelivered,
}

/// What a verification note, CN 43, says of one receptacle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Irregularity {
    /// What is wrong.
    pub kind: IrregularityKind,
    /// The dispatch of the receptacle.
    pub dispatch: S8,
    /// The receptacle.
    pub receptacle: S9,
    /// The weight that was told.
    pub told: Option<Grams>,
    /// The weight that was received.
    pub received: Option<Grams>,
}

/// What is wrong with a receptacle on a verification note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IrregularityKind {
    /// It did not come.
    Missing,
    /// It came and was not announced.
    Excess,
    /// It came to the wrong office.
    MisSent,
    /// It has another weight.
    Weight,
    /// Registered or insured items are inside and should not be, or the other way round.
    Handling,
}

impl Difference {
    pub(super) fn new(kind: Kind, subject: &str, receptacle: S9) -> Self {
        let subject = subject.to_owned();
        Self { receptacle, kind, subject, read: None, told: None, received: None, place: Place::Whole }
    }

    pub(super) fn told(mut self, weight: Option<Grams>) -> Self {
        self.told = weight;
        self
    }

    pub(super) fn received(mut self, weight: Option<Grams>) -> Self {
        self.received = weight;
        self
    }

    pub(super) fn read_as(mut self, s9: S9) -> Self {
        self.read = (s9 != self.receptacle).then_some(s9);
        self
    }

    pub(super) fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Returns the difference as a finding at its place in the answer; its message says what a person should do.
    pub fn finding(&self) -> Finding {
        let receptacle = || self.receptacle.to_string();
        let subject = || self.subject.clone();
        let kilograms =
            |weight: Option<Grams>| weight.map_or_else(|| "?".to_owned(), |weight| weight.kg().to_string());
        let read = self.read.unwrap_or(self.receptacle);
        let flag = |name: &str, told: &str, received: &str| {
            codes::MATCH_FLAG.finding([receptacle(), name.to_owned(), told.to_owned(), received.to_owned()])
        };
        let finding = match &self.kind {
            Kind::Missing => codes::MATCH_MISSING.finding([receptacle(), subject()]),
            Kind::Extra => codes::MATCH_EXTRA.finding([receptacle(), subject()]),
            Kind::MisSent => {
                let destination = self.receptacle.dispatch.series().destination.to_string();
                codes::MATCH_MIS_SENT.finding([receptacle(), destination, subject()])
            }
            Kind::Duplicate => codes::MATCH_DUPLICATE.finding([receptacle(), subject()]),
            Kind::Weight => {
                let arguments = [receptacle(), kilograms(self.told), kilograms(self.received)];
                codes::MATCH_WEIGHT.finding(arguments)
            }
            Kind::HighestFlag => {
                let (told, received) = (highest(self.receptacle), highest(read));
                flag("@highest-flag", told, received)
            }
            Kind::RegisteredFlag => {
                let (told, received) = (registered(self.receptacle), registered(read));
                flag("@registered-flag", told, received)
            }
            Kind::Handling { told, received } => flag("@handling-class", told.as_str(), received.as_str()),
            Kind::Status { status } => codes::MATCH_STATUS.finding([receptacle(), status.clone()]),
            Kind::Lost => codes::MATCH_LOST.finding([receptacle(), subject()]),
            Kind::Returned => codes::MATCH_RETURNED.finding([receptacle(), subject()]),
            Kind::NotLoaded => codes::MATCH_NOT_LOADED.finding([receptacle(), subject()]),
            Kind::NotDelivered => codes::MATCH_NOT_DELIVERED.finding([receptacle(), subject()]),
        };
        finding.at(self.place)
    }

    /// Returns what a draft of CN 43 says of it, when it is an irregularity between two posts.
    pub fn irregularity(&self) -> Option<Irregularity> {
        let kind = match self.kind {
            Kind::Missing | Kind::Lost => IrregularityKind::Missing,
            Kind::Extra => IrregularityKind::Excess,
            Kind::MisSent => IrregularityKind::MisSent,
            Kind::Weight => IrregularityKind::Weight,
            Kind::RegisteredFlag | Kind::Handling { .. } => IrregularityKind::Handling,
            Kind::Duplicate
            | Kind::HighestFlag
            | Kind::Status { .. }
            | Kind::Returned
            | Kind::NotLoaded
            | Kind::NotDelivered => return None,
        };
        let Self { receptacle, told, received, .. } = *self;
        Some(Irregularity { kind, dispatch: receptacle.dispatch, receptacle, told, received })
    }
}

/// Returns the flag of the highest number as a label prints it.
fn highest(s9: S9) -> &'static str {
    match s9.highest {
        HighestFlag::No => "0",
        HighestFlag::Yes => "1",
        HighestFlag::Unknown => "9",
    }
}

/// Returns the flag of registered or insured items as a label prints it.
fn registered(s9: S9) -> &'static str {
    match s9.is_registered {
        Some(false) => "0",
        Some(true) => "1",
        None => "9",
    }
}
