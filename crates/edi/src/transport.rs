//! How mail travels, as messages say it: mode and stage of transport, places, legs.

use std::borrow::Cow;

use caravan_postal::{Finding, Impc};
use chrono::{NaiveDate, NaiveDateTime};

use crate::profile::Entry;
use crate::profile::values::{day, long_time, short_time};

/// How a leg goes (UN/EDIFACT data element 8067).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransportMode {
    /// By ship.
    Sea,
    /// By train.
    Rail,
    /// By truck.
    Road,
    /// By aircraft.
    Air,
}

/// Which part of the journey a leg is (UN/EDIFACT data element 8051).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before the main carriage.
    PreCarriage,
    /// The main carriage.
    Main,
    /// After the main carriage.
    OnCarriage,
    /// A leg that the code of the carriers calls special.
    Special,
}

/// A place: an office of exchange, or a place by another list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The code.
    pub code: String,
    /// Whose code it is (UN/EDIFACT data element 3055); 139 is the UPU, whose codes are offices of exchange.
    pub agency: Option<String>,
    /// The name, where the message has one.
    pub name: Option<String>,
}

/// One leg of the way. All times are local to the place where they happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// Which part of the journey.
    pub stage: Option<Stage>,
    /// The number of the train, truck run, voyage or flight.
    pub conveyance: Option<String>,
    /// By what.
    pub mode: Option<TransportMode>,
    /// The carrier's code, at most seventeen characters.
    pub carrier: Option<String>,
    /// The vehicle: the plate of a truck, the number of a wagon.
    pub vehicle: Option<String>,
    /// Where it begins.
    pub from: Option<Location>,
    /// Where it ends.
    pub to: Option<Location>,
    /// When it leaves.
    pub departs_at: Option<NaiveDateTime>,
    /// When it arrives.
    pub arrives_at: Option<NaiveDateTime>,
    /// The day on which it arrives, where no more is known.
    pub arrives_on: Option<NaiveDate>,
}

impl TransportMode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Sea, Self::Rail, Self::Road, Self::Air];

    /// Returns the mode for its code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == text)
    }

    /// Returns the code of UN/EDIFACT data element 8067.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sea => "1",
            Self::Rail => "2",
            Self::Road => "3",
            Self::Air => "4",
        }
    }
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 4] = [Self::PreCarriage, Self::Main, Self::OnCarriage, Self::Special];

    /// Returns the stage for its code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.as_str() == text)
    }

    /// Returns the code of UN/EDIFACT data element 8051; carriers of mail also write `Z90`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreCarriage => "10",
            Self::Main => "20",
            Self::OnCarriage => "30",
            Self::Special => "Z90",
        }
    }
}

impl Location {
    /// The UPU in UN/EDIFACT data element 3055.
    pub const UPU: &'static str = "139";

    /// Returns an office of exchange as a place.
    pub fn office(code: Impc) -> Self {
        Self { code: code.to_string(), agency: Some(Self::UPU.to_owned()), name: None }
    }

    /// Reads the fields `{field}`, `{field}_agency` and `{field}_name`.
    pub(crate) fn read(entry: &Entry<'_, '_>, [code, agency, name]: [&str; 3]) -> Option<Self> {
        Some(Self { code: entry.text(code)?, agency: entry.text(agency), name: entry.text(name) })
    }
}

impl Leg {
    /// Reads the fields of a leg; `None` when none of them is there.
    pub(crate) fn read(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Self> {
        let leg = Self {
            stage: entry.code("stage", Stage::parse, findings),
            conveyance: entry.text("conveyance"),
            mode: entry.code("transport_mode", TransportMode::parse, findings),
            carrier: entry.text("carrier"),
            vehicle: entry.text("vehicle"),
            from: Location::read(entry, ["from", "from_agency", "from_name"]),
            to: Location::read(entry, ["to", "to_agency", "to_name"]),
            departs_at: entry.time("departs_at", findings),
            arrives_at: entry.time("arrives_at", findings),
            arrives_on: entry.day("arrives_on", findings),
        };
        let is_there = ["stage", "conveyance", "transport_mode", "from", "to"]
            .into_iter()
            .any(|field| entry.value(field).is_some());
        is_there.then_some(leg)
    }

    pub(crate) fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        let (from, to) = (self.from.as_ref(), self.to.as_ref());
        Some(match field {
            "stage" => self.stage?.as_str().into(),
            "conveyance" => self.conveyance.as_deref()?.into(),
            "transport_mode" => self.mode?.as_str().into(),
            "carrier" => self.carrier.as_deref()?.into(),
            "vehicle" => self.vehicle.as_deref()?.into(),
            "from" => from?.code.as_str().into(),
            "from_agency" => from?.agency.as_deref()?.into(),
            "from_name" => from?.name.as_deref()?.into(),
            "to" => to?.code.as_str().into(),
            "to_agency" => to?.agency.as_deref()?.into(),
            "to_name" => to?.name.as_deref()?.into(),
            "departs_at" => short_time(self.departs_at?).into(),
            "departs_at_with_century" => long_time(self.departs_at?).into(),
            "arrives_at" => short_time(self.arrives_at?).into(),
            "arrives_at_with_century" => long_time(self.arrives_at?).into(),
            "arrives_on" => day(self.arrives_on?).into(),
            _ => return None,
        })
    }
}
