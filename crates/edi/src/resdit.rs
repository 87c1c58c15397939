//! RESDIT, the carrier's report: what happened to a consignment and to which of its receptacles.

use std::borrow::Cow;

use caravan_postal::{Finding, Place, S9};
use chrono::NaiveDateTime;

use crate::profile::values::{long_time, short_time};
use crate::profile::{Profile, ProfileWriteError};
pub use crate::transport::{Leg, Location, Stage, TransportMode};
use crate::{Message, Writer, codes, receptacles};

/// A report, as it was read or as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// When it was made, in the carrier's local time.
    pub prepared_at: Option<NaiveDateTime>,
    /// What happened, in the order of the message.
    pub events: Vec<Event>,
}

/// One event of a consignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The consignment, S32; `None` when it is missing.
    pub consignment: Option<String>,
    /// The code; [`Event::kind`] knows those of the list.
    pub code: String,
    /// When it happened, in the local time of the place.
    pub at: Option<NaiveDateTime>,
    /// Where it happened.
    pub location: Option<Location>,
    /// The leg that it belongs to.
    pub leg: Option<Leg>,
    /// The receptacles that it happened to, each with where it stands in the interchange.
    pub receptacles: Vec<(S9, Place)>,
    /// Where the event stands in the interchange.
    pub place: Place,
}

/// What can happen to mail in the hands of a carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// Received from the post.
    Received,
    /// Received from another carrier.
    HandoverReceived,
    /// Booked on a departure.
    Assigned,
    /// Not loaded.
    NotLoaded,
    /// Loaded.
    Loaded,
    /// Departed.
    Departed,
    /// Handed over within the same carrier.
    HandoverOnline,
    /// Handed over to another carrier.
    HandoverOffline,
    /// Arrived.
    Arrived,
    /// The transport is complete.
    Completed,
    /// Ready for delivery.
    Ready,
    /// Delivered to the post of destination.
    Delivered,
    /// Given back.
    Returned,
    /// Lost.
    Lost,
    /// Found.
    Found,
}

impl EventKind {
    /// The list: each kind with its code.
    pub const ALL: [(Self, &str); 15] = [
        (Self::Received, "74"),
        (Self::HandoverReceived, "43"),
        (Self::Assigned, "6"),
        (Self::NotLoaded, "57"),
        (Self::Loaded, "48"),
        (Self::Departed, "24"),
        (Self::HandoverOnline, "41"),
        (Self::HandoverOffline, "42"),
        (Self::Arrived, "40"),
        (Self::Completed, "14"),
        (Self::Ready, "23"),
        (Self::Delivered, "21"),
        (Self::Returned, "82"),
        (Self::Lost, "49"),
        (Self::Found, "37"),
    ];

    /// Returns the kind for its code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, code)| *code == text).map(|(kind, _)| kind)
    }

    /// Returns the code.
    pub fn as_str(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(kind, _)| *kind == self);
        known.map(|(_, code)| code).expect("every kind is in the list")
    }
}

impl Event {
    /// Returns what happened, when the code is one of the list.
    pub fn kind(&self) -> Option<EventKind> {
        EventKind::parse(&self.code)
    }
}

/// Reads a message by a layout of RESDIT, whatever its version says; what does not fit is among the findings.
pub fn read(profile: &Profile, message: &Message<'_>, findings: &mut Vec<Finding>) -> Report {
    let entries = profile.read(message, findings);
    let mut report = Report::default();
    let mut consignment = None;
    for entry in &entries {
        match entry.section {
            "report" => report.prepared_at = entry.time("prepared_at", findings),
            "consignment" => consignment = entry.text("consignment"),
            "event" => {
                if consignment.is_none() {
                    findings.push(codes::CONSIGNMENT_MISSING.finding::<&str>([]).at(entry.place));
                }
                let event = Event {
                    consignment: consignment.clone(),
                    code: entry.text("event").unwrap_or_default(),
                    at: entry.time("time", findings),
                    location: Location::read(entry, ["place", "place_agency", "place_name"]),
                    leg: Leg::read(entry, findings),
                    receptacles: Vec::new(),
                    place: entry.place,
                };
                if event.kind().is_none() {
                    findings.push(codes::EVENT_UNKNOWN.finding([event.code.clone()]).at(event.place));
                }
                if event.at.is_none() {
                    findings.push(codes::EVENT_TIME_MISSING.finding([event.code.clone()]).at(event.place));
                }
                report.events.push(event);
            }
            _ => {
                let s9 = receptacles::identifier(entry, findings);
                if let Some(event) = report.events.last_mut() {
                    event.receptacles.extend(s9.map(|s9| (s9, entry.place)));
                }
            }
        }
    }
    for event in &report.events {
        receptacles::check(&event.receptacles, None, findings);
    }
    findings.sort();
    report
}

/// Writes a report by a layout of RESDIT, as one message of the open interchange.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    report: &Report,
) -> Result<(), ProfileWriteError> {
    profile.write_message(writer, reference, |writer| {
        profile.write(writer, "report", &|field| report.value(field))?;
        let mut before = None;
        for event in &report.events {
            if before != Some(&event.consignment) {
                profile.write(writer, "consignment", &|field| event.value(field))?;
            }
            before = Some(&event.consignment);
            profile.write(writer, "event", &|field| event.value(field))?;
            for (s9, _) in &event.receptacles {
                let s9 = |field: &str| (field == "s9").then(|| Cow::Owned(s9.to_string()));
                profile.write(writer, "receptacle", &s9)?;
            }
        }
        Ok(())
    })
}

impl Report {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        Some(match field {
            "prepared_at" => short_time(self.prepared_at?).into(),
            "prepared_at_with_century" => long_time(self.prepared_at?).into(),
            _ => return None,
        })
    }
}

impl Event {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        let location = self.location.as_ref();
        Some(match field {
            "consignment" => self.consignment.as_deref()?.into(),
            "event" => self.code.as_str().into(),
            "time" => short_time(self.at?).into(),
            "time_with_century" => long_time(self.at?).into(),
            "place" => location?.code.as_str().into(),
            "place_agency" => location?.agency.as_deref()?.into(),
            "place_name" => location?.name.as_deref()?.into(),
            _ => return self.leg.as_ref()?.value(field),
        })
    }
}

#[cfg(test)]
mod tests;
