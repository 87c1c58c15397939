//! The network: places, the legs between them, the crossings that open and close, and what may be carried where.
//!
//! Everything in it is a row of a table, with its sources and how sure it is; the program's rows lie under `data/`, and a
//! station lays its own over them. A [`Journey`] asks for the best way of one kind of mail from a day on; the [`Answer`]
//! says the way, what stood in its place, and what a closed border costs in days.
//!
//! Times are whole hours from the beginning of the day of departure, and a day is a civil day at the crossing: the
//! published figures are days, so zones are not looked at here. Plans count with the longest time of every leg.

mod answer;
mod calendar;
mod journey;
mod permission;
mod raw;
mod read;
mod search;

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Country, Impc};
use chrono::NaiveDate;
use serde::Deserialize;

pub use answer::{Along, Answer, Reroute};
pub use journey::{
    Agreements, End, Journey, JourneyError, MailKind, Path, PathLeg, Refusal, Rejected, Wait, WaitReason,
};

use crate::table::{Confidence, Range, Row, RowId, Season, TableError, TableText};
use crate::{Leads, Weekdays};

/// The program's own tables.
const BUILT_IN: [TableText<'static>; 6] = [
    TableText { name: "sources.toml", text: include_str!("../data/sources.toml") },
    TableText { name: "places.toml", text: include_str!("../data/places.toml") },
    TableText { name: "legs.toml", text: include_str!("../data/legs.toml") },
    TableText { name: "calendar.toml", text: include_str!("../data/calendar.toml") },
    TableText { name: "permissions.toml", text: include_str!("../data/permissions.toml") },
    TableText { name: "routes.toml", text: include_str!("../data/routes.toml") },
];

/// How something moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By rail.
    Rail,
    /// By road.
    Road,
}

/// What a leg is run with: a change of it takes a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Carriage {
    /// By truck.
    #[serde(rename = "road")]
    Road,
    /// On standard gauge, 1,435 mm.
    #[serde(rename = "rail-1435")]
    Rail1435,
    /// On broad gauge, 1,520 mm.
    #[serde(rename = "rail-1520")]
    Rail1520,
    /// On the Spanish gauge, 1,668 mm.
    #[serde(rename = "rail-1668")]
    Rail1668,
}

/// Why a crossing or a leg is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClosureKind {
    /// A holiday.
    Holiday,
    /// A decision of a state or a railway.
    Political,
    /// Works on the line or the road.
    Works,
    /// Snow, floods, slides.
    Weather,
}

/// What about the mail a leg may not permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cargo {
    /// Lithium batteries in equipment.
    LithiumInEquipment,
    /// Lithium batteries alone.
    LithiumAlone,
    /// Other dangerous goods.
    Dangerous,
    /// Sealed receptacles that pass a third operator unopened.
    ClosedTransit,
}

/// What a row of permissions says; the strictest is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// May go.
    Allowed,
    /// May go where it is agreed.
    Agreed,
    /// May not go.
    Barred,
}

/// A point of the network: an office of exchange, a terminal, a border point.
#[derive(Debug, Clone)]
pub struct NetworkPlace {
    /// The row.
    pub row: Row,
    /// Its name in English.
    pub name: String,
    /// Its country.
    pub country: Country,
    /// The offices of exchange that stand there.
    pub offices: BTreeSet<Impc>,
    /// Its UN/LOCODE where that is known.
    pub locode: Option<String>,
}

/// A way across a border.
#[derive(Debug, Clone)]
pub struct Crossing {
    /// The row.
    pub row: Row,
    /// The names of both sides.
    pub name: String,
    /// The countries of both sides.
    pub countries: [Country; 2],
    /// By rail or by road.
    pub mode: Mode,
}

/// A leg between two places. A crossing it has is passed where it begins.
#[derive(Debug, Clone)]
pub struct Leg {
    /// The row.
    pub row: Row,
    /// Where it begins.
    pub from: RowId,
    /// Where it ends.
    pub to: RowId,
    /// What it is run with.
    pub carriage: Carriage,
    /// How many hours it takes.
    pub hours: Range,
    /// The countries that it touches.
    pub countries: BTreeSet<Country>,
    /// The border that it crosses.
    pub crossing: Option<RowId>,
    /// Its length.
    pub km: Option<u32>,
    /// Where the next operator takes over, where that is not the border.
    pub handover: Option<RowId>,
    /// The office abroad that takes the mail over.
    pub partner: Option<Impc>,
}

/// A change of gauge or of carriage at a place.
#[derive(Debug, Clone)]
pub struct Transfer {
    /// The row.
    pub row: Row,
    /// Where.
    pub place: RowId,
    /// From what.
    pub from: Carriage,
    /// To what.
    pub to: Carriage,
    /// How many hours it takes.
    pub hours: Range,
}

/// A published route.
#[derive(Debug, Clone)]
pub struct Route {
    /// The row.
    pub row: Row,
    /// Its legs, in their order.
    pub legs: Vec<RowId>,
    /// How many days it takes as a whole, as published.
    pub days: Range,
    /// Its length as published.
    pub km: Option<u32>,
    /// How many departures a week are published.
    pub per_week: Option<u32>,
    /// Whether the hours of its legs make more than a day more or less than the published days.
    pub legs_differ: bool,
}

#[derive(Debug, Clone)]
struct Opening {
    row: Row,
    crossing: RowId,
    weekdays: Weekdays,
    season: Option<Season>,
}

#[derive(Debug, Clone)]
struct DatedClosure {
    row: Row,
    /// The crossing or the leg.
    at: RowId,
    kind: ClosureKind,
}

#[derive(Debug, Clone)]
struct Delay {
    row: Row,
    crossing: RowId,
    hours: Range,
}

#[derive(Debug, Clone)]
struct Timetable {
    row: Row,
    leg: RowId,
    weekdays: Weekdays,
}

#[derive(Debug, Clone)]
struct Permission {
    row: Row,
    countries: BTreeSet<Country>,
    mode: Option<Mode>,
    cargo: BTreeSet<Cargo>,
    verdict: Verdict,
}

/// The cut-offs that are usual before a departure.
#[derive(Debug, Clone)]
pub struct UsualLeads {
    /// The row.
    pub row: Row,
    /// By rail or by road.
    pub mode: Mode,
    /// The shortest leads.
    pub shortest: Leads,
    /// The longest leads, which are the safe ones.
    pub longest: Leads,
}

/// A crossing closed by a decision of a state, a railway or the weather, as a person tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BorderClosure {
    /// The crossing.
    pub crossing: RowId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, included; `None` until further notice.
    pub until: Option<NaiveDate>,
    /// The reason.
    pub note: String,
}

/// The whole network, checked: every name in it leads somewhere.
#[derive(Debug, Clone)]
pub struct Network {
    places: BTreeMap<RowId, NetworkPlace>,
    crossings: BTreeMap<RowId, Crossing>,
    legs: BTreeMap<RowId, Leg>,
    /// The legs that begin at a place.
    from: BTreeMap<RowId, Vec<RowId>>,
    transfers: BTreeMap<(RowId, Carriage, Carriage), Transfer>,
    openings: Vec<Opening>,
    closures: Vec<DatedClosure>,
    delays: Vec<Delay>,
    timetables: Vec<Timetable>,
    permissions: Vec<Permission>,
    routes: BTreeMap<RowId, Route>,
    leads: Vec<UsualLeads>,
}

impl Network {
    /// Reads the program's tables with the station's laid over them.
    pub fn load(station: &[TableText<'_>]) -> Result<Self, TableError> {
        let mut raw = raw::RawNetwork::default();
        for text in BUILT_IN.iter().chain(station) {
            raw.add(text)?;
        }
        read::network(&raw)
    }

    /// Closes a crossing by a decision that came after the tables were written.
    pub fn close(&mut self, closure: &BorderClosure) -> Result<(), JourneyError> {
        let BorderClosure { crossing, from, until, note } = closure;
        if !self.crossings.contains_key(crossing) {
            return Err(JourneyError::UnknownCrossing(crossing.clone()));
        }
        let row = Row {
            id: RowId::new(&format!("{crossing}-closed-{from}")),
            valid_from: Some(*from),
            valid_to: *until,
            confidence: Confidence::Confirmed,
            sources: Vec::new(),
            note: note.clone(),
            place: "said at the station".to_owned(),
        };
        self.closures.push(DatedClosure { at: crossing.clone(), kind: ClosureKind::Political, row });
        Ok(())
    }

    /// Returns the places by id.
    pub fn places(&self) -> &BTreeMap<RowId, NetworkPlace> {
        &self.places
    }

    /// Returns the crossings by id.
    pub fn crossings(&self) -> &BTreeMap<RowId, Crossing> {
        &self.crossings
    }

    /// Returns the legs by id.
    pub fn legs(&self) -> &BTreeMap<RowId, Leg> {
        &self.legs
    }

    /// Returns the published routes by id.
    pub fn routes(&self) -> &BTreeMap<RowId, Route> {
        &self.routes
    }

    /// Returns the change from one carriage to another at a place.
    pub fn transfer(&self, place: &RowId, from: Carriage, to: Carriage) -> Option<&Transfer> {
        self.transfers.get(&(place.clone(), from, to))
    }

    /// Returns the usual cut-offs by rail or by road.
    pub fn leads(&self, mode: Mode) -> Option<&UsualLeads> {
        self.leads.iter().find(|leads| leads.mode == mode)
    }

    /// Returns the place at which an office of exchange stands.
    pub fn place_of(&self, office: Impc) -> Option<&NetworkPlace> {
        self.places.values().find(|place| place.offices.contains(&office))
    }
}

impl Carriage {
    /// Returns the mode.
    pub fn mode(self) -> Mode {
        match self {
            Self::Road => Mode::Road,
            Self::Rail1435 | Self::Rail1520 | Self::Rail1668 => Mode::Rail,
        }
    }

    /// Returns the word by which the tables name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Road => "road",
            Self::Rail1435 => "rail-1435",
            Self::Rail1520 => "rail-1520",
            Self::Rail1668 => "rail-1668",
        }
    }
}

impl Cargo {
    /// Returns the word by which the tables name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::LithiumInEquipment => "lithium-in-equipment",
            Self::LithiumAlone => "lithium-alone",
            Self::Dangerous => "dangerous",
            Self::ClosedTransit => "closed-transit",
        }
    }
}
