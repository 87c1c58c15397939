//! What the engine is asked: one declaration, two dates, a way of carriage, rates and options.

use caravan_declaration::Declaration;
use caravan_postal::{Country, Impc};
use chrono::NaiveDate;

use crate::Rates;

/// One declaration to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The declaration as the reader handed it over.
    pub declaration: &'a Declaration<'a>,
    /// Which way the item goes, seen from the station.
    pub flow: Flow,
    /// The day on which the declaration is filed at the station: the date of the rules of the country of dispatch, of
    /// the UPU and of the carrier.
    pub filed_on: NaiveDate,
    /// The day on which customs of the destination is expected to accept the item, in its own zone: the date of the
    /// rules, rates and regimes of the destination.
    pub accepted_on: NaiveDate,
    /// The day whose exchange rates count, where it is not the day that decides: a question of what if keeps the rates
    /// of today.
    pub rated_on: Option<NaiveDate>,
    /// How the item is carried abroad.
    pub mode: Transport,
    /// The exchange rates.
    pub rates: &'a Rates,
    /// What the station has switched on and configured.
    pub options: &'a Options,
}

/// Which way an item goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// Declared here and sent abroad: what the destination will charge is an estimate.
    Export,
    /// Come from abroad: what is due is due here.
    Import,
    /// Come open from another post and sent on to a third country: the law of the country of dispatch was its own post's
    /// to keep, and neither a procedure nor a limit of this station's country applies. The rules of the posts, of the
    /// carriage and of the destination do, as for an export.
    Transit,
}

/// How an item is carried across the border.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// By truck.
    Road,
    /// By train.
    Rail,
    /// By aeroplane.
    Air,
}

/// What a station decides for itself; the default is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Announced rows that the station applies, each from a day on.
    pub switched_on: Vec<Switch>,
    /// Readings of an unclear law that differ from the default of the table.
    pub readings: Vec<Reading>,
    /// Offices of exchange that the station knows although they are not in the list of January 2020.
    pub offices: Vec<Impc>,
    /// The partners to which the posts and carriers along the route have agreed to carry lithium batteries in equipment.
    pub lithium_agreed: Vec<RouteEnd>,
}

/// To whom a route leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RouteEnd {
    /// The office of exchange that receives the item, by its six letters; the rest of the country is not meant.
    Office(Impc),
    /// Every office of the country of destination.
    Country(Country),
}

/// An announced row that is applied from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switch {
    /// The id of the row.
    pub row: String,
    /// The first day on which it is applied.
    pub from: NaiveDate,
}

/// One way to read a rule that can be read in two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The id of the reading: `eaeu-minimum-per-kg`.
    pub id: String,
    /// The choice, one of those that the table names: `whole`.
    pub choice: String,
}

impl RouteEnd {
    /// Reads `KGFRUA` as an office and `KG` as a country.
    pub fn parse(text: &str) -> Option<Self> {
        Country::parse(text).map(Self::Country).or_else(|| Impc::parse(text).map(Self::Office))
    }
}

impl Options {
    /// Returns whether lithium batteries in equipment are agreed on the way to an office or a country.
    pub(crate) fn is_lithium_agreed(&self, office: Option<Impc>, country: Option<Country>) -> bool {
        self.lithium_agreed.iter().any(|partner| match *partner {
            RouteEnd::Office(agreed) => office == Some(agreed),
            RouteEnd::Country(agreed) => country == Some(agreed),
        })
    }

    /// Returns whether an announced row is applied on a day.
    pub(crate) fn is_on(&self, row: &str, date: NaiveDate) -> bool {
        self.switched_on.iter().any(|switch| switch.row == row && switch.from <= date)
    }
}

impl Flow {
    /// Every flow.
    pub const ALL: [Self; 3] = [Self::Export, Self::Import, Self::Transit];

    /// Returns the stable name: `export`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Export => "export",
            Self::Import => "import",
            Self::Transit => "transit",
        }
    }
}

impl Transport {
    /// Every way of carriage.
    pub const ALL: [Self; 3] = [Self::Road, Self::Rail, Self::Air];

    /// Returns the stable name: `rail`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Road => "road",
            Self::Rail => "rail",
            Self::Air => "air",
        }
    }
}
