//! Events written as one message.

use std::borrow::Cow;

use caravan_postal::S10;

use super::{Event, Report};
use crate::Writer;
use crate::profile::values::{long_time, short_time};
use crate::profile::{Profile, ProfileWriteError};

/// Why events cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// An event that must have a reason has none.
    #[error("cannot write event {event} of item `{item}`: it has no {list}")]
    Reason {
        /// The item.
        item: S10,
        /// The event.
        event: &'static str,
        /// The list that the reason is a code of.
        list: &'static str,
    },
    /// The message cannot be written.
    #[error("cannot write the events")]
    Profile(#[source] ProfileWriteError),
}

/// Writes events by a layout of EMSEVT, as one message of the open interchange.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    report: &Report,
) -> Result<(), EventError> {
    for event in &report.events {
        if let Some(list) = event.kind.reasons().filter(|_| event.reason.is_none()) {
            return Err(EventError::Reason { item: event.item, event: event.kind.as_str(), list });
        }
    }
    let sections = |writer: &mut Writer| {
        profile.write(writer, "report", &|field| report.value(field))?;
        for event in &report.events {
            profile.write(writer, "event", &|field| event.value(field))?;
        }
        Ok(())
    };
    profile.write_message(writer, reference, sections).map_err(EventError::Profile)
}

impl Report {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        match field {
            "prepared_at" => Some(short_time(self.prepared_at?).into()),
            "prepared_at_with_century" => Some(long_time(self.prepared_at?).into()),
            _ => None,
        }
    }
}

impl Event {
    fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        let (location, posted_in) = (self.location.as_ref(), self.posted_in.as_ref());
        Some(match field {
            "item" => self.item.to_string().into(),
            "event" => self.kind.as_str().into(),
            "reason" => self.reason.as_deref()?.into(),
            "measure" => self.measure.as_deref()?.into(),
            "time" => short_time(self.at?).into(),
            "time_with_century" => long_time(self.at?).into(),
            "captured_at" => short_time(self.captured_at?).into(),
            "captured_at_with_century" => long_time(self.captured_at?).into(),
            "place" => location?.code.as_str().into(),
            "place_agency" => location?.agency.as_deref()?.into(),
            "place_name" => location?.name.as_deref()?.into(),
            "next_office" => self.next_office?.to_string().into(),
            "posted_in" => posted_in?.code.as_str().into(),
            "posted_in_agency" => posted_in?.agency.as_deref()?.into(),
            "posted_in_name" => posted_in?.name.as_deref()?.into(),
            "origin_country" => self.origin?.to_string().into(),
            "destination_country" => self.destination?.to_string().into(),
            "class" => self.class?.as_str().into(),
            "dispatch" => self.dispatch?.to_string().into(),
            "s9" => self.receptacle?.to_string().into(),
            "condition" => self.condition.as_deref()?.into(),
            "delivered_to" => self.delivered_to.as_deref()?.into(),
            "signatory" => self.signatory.as_deref()?.into(),
            "delivery_postcode" => self.delivery_postcode.as_deref()?.into(),
            "duty" => self.duty?.decimal().into(),
            "duty_currency" => self.duty?.currency.to_string().into(),
            _ => return None,
        })
    }
}
