//! RESDES, the dispatch response: what the office of destination received of a dispatch.

use std::borrow::Cow;

use caravan_postal::{Finding, Grams, Handling, MailSubclass, Place, ReceptacleKind, S8, S9};
use chrono::NaiveDateTime;

use crate::profile::values::{kilograms, long_time, short_time};
use crate::profile::{Entry, Profile, ProfileWriteError};
use crate::{Message, Writer, codes, receptacles};

/// A dispatch response, as it was read or as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The dispatch; `None` when it is missing or cannot be read.
    pub s8: Option<S8>,
    /// The receptacles whose identifier could be read, in the order of the message.
    pub receptacles: Vec<Receptacle>,
}

/// What a response says of one receptacle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receptacle {
    /// The identifier as the receiver read it. Dispatch and serial identify; flags and weight are what its label said.
    pub s9: S9,
    /// The kind.
    pub kind: Option<ReceptacleKind>,
    /// The subclass.
    pub subclass: Option<MailSubclass>,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The flag of return or condition, whose values are not known.
    pub condition: Option<String>,
    /// The gross weight that the receiver reports.
    pub gross_weight: Option<Grams>,
    /// The status code; [`Receptacle::RECEIVED`] was seen for received receptacles, the list is not known.
    pub status: Option<String>,
    /// When the status took effect, in the receiver's local time.
    pub effective_at: Option<NaiveDateTime>,
    /// Where the receptacle stands in the interchange.
    pub place: Place,
}

/// Why a response cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResponseError {
    /// It names no receptacle.
    #[error("cannot write a response that names no receptacle")]
    Empty,
    /// It names a receptacle twice.
    #[error("cannot answer for receptacle `{0}`: it is named twice")]
    Repeated(S9),
    /// It names a receptacle of another dispatch.
    #[error("cannot answer for receptacle `{0}`: it is of another dispatch than the response")]
    Foreign(S9),
    /// The message cannot be written.
    #[error("cannot write the response")]
    Profile(#[source] ProfileWriteError),
}

/// Reads a message by a layout of RESDES, whatever its version says; what does not fit is among the findings.
pub fn read(profile: &Profile, message: &Message<'_>, findings: &mut Vec<Finding>) -> Response {
    let entries = profile.read(message, findings);
    let mut response = Response { s8: None, receptacles: Vec::new() };
    for entry in &entries {
        if entry.section == "dispatch" {
            let unreadable = |found: String| codes::DISPATCH_UNREADABLE.finding([found]);
            response.s8 = entry.parsed("s8", S8::parse, findings, unreadable);
        } else {
            response.receptacles.extend(Receptacle::read(entry, findings));
        }
    }
    receptacles::check(&places(&response.receptacles), response.s8, findings);
    receptacles::require(&entries, message, findings);
    findings.sort();
    response
}

/// Writes a response by a layout of RESDES, as one message of the open interchange: one dispatch, what was received of
/// it. A receptacle of another dispatch is answered for in that dispatch's response.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    response: &Response,
) -> Result<(), ResponseError> {
    let is_foreign = |receptacle: &&Receptacle| Some(receptacle.s9.dispatch) != response.s8;
    if let Some(foreign) = response.receptacles.iter().find(is_foreign) {
        return Err(ResponseError::Foreign(foreign.s9));
    }
    check(&response.receptacles)?;
    let s8 =
        |field: &str| (field == "s8").then(|| response.s8.map(|s8| Cow::Owned(s8.to_string()))).flatten();
    let sections = |writer: &mut Writer| {
        profile.write(writer, "dispatch", &s8)?;
        for receptacle in &response.receptacles {
            profile.write(writer, "receptacle", &|field| receptacle.value(field))?;
        }
        Ok(())
    };
    profile.write_message(writer, reference, sections).map_err(ResponseError::Profile)
}

/// Returns the receptacles with their places.
pub(crate) fn places(receptacles: &[Receptacle]) -> Vec<(S9, Place)> {
    receptacles.iter().map(|receptacle| (receptacle.s9, receptacle.place)).collect()
}

/// Asserts what the receptacles of a response must keep.
pub(crate) fn check(receptacles: &[Receptacle]) -> Result<(), ResponseError> {
    if receptacles.is_empty() {
        return Err(ResponseError::Empty);
    }
    let repeated = receptacles::repeated(receptacles.iter().map(|receptacle| receptacle.s9));
    repeated.map_or(Ok(()), |s9| Err(ResponseError::Repeated(s9)))
}

impl Receptacle {
    /// The status of a received receptacle, the only one that was seen.
    pub const RECEIVED: &str = "20";

    /// Returns what is answered for a receptacle that was received at a time and weighed, in the local time of the
    /// office.
    pub fn received(s9: S9, kind: ReceptacleKind, gross_weight: Grams, at: NaiveDateTime) -> Self {
        Self {
            s9,
            kind: Some(kind),
            subclass: Some(s9.dispatch.series().subclass),
            handling: None,
            condition: None,
            gross_weight: Some(gross_weight),
            status: Some(Self::RECEIVED.to_owned()),
            effective_at: Some(at),
            place: Place::Whole,
        }
    }

    pub(crate) fn read(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Self> {
        let s9 = entry.s9("s9", findings);
        let kind = entry.code("kind", ReceptacleKind::parse, findings);
        let subclass = entry.code("subclass", MailSubclass::parse, findings);
        let handling = entry.code("handling", Handling::parse, findings);
        let gross_weight = entry.weight("weight_kg", findings);
        let effective_at = entry.time("time", findings);
        let s9 = s9?;
        receptacles::compare_with_label(entry, s9, gross_weight, findings);
        Some(Self {
            s9,
            kind,
            subclass,
            handling,
            condition: entry.text("condition"),
            gross_weight,
            status: entry.text("status"),
            effective_at,
            place: entry.place,
        })
    }

    pub(crate) fn value(&self, field: &str) -> Option<Cow<'_, str>> {
        Some(match field {
            "packages" => "1".into(),
            "kind" => self.kind?.as_str().into(),
            "s9" => self.s9.to_string().into(),
            "subclass" => self.subclass?.to_string().into(),
            "handling" => self.handling?.as_str().into(),
            "condition" => self.condition.as_deref()?.into(),
            "weight_kg" => kilograms(self.gross_weight?.hectograms()).into(),
            "status" => self.status.as_deref()?.into(),
            "time" => short_time(self.effective_at?).into(),
            "time_with_century" => long_time(self.effective_at?).into(),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
