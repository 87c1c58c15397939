//! RESCON, the consignment response: what the office that takes over received of a consignment.

use std::borrow::Cow;

use caravan_postal::Finding;

use crate::profile::Profile;
pub use crate::resdes::{Receptacle, ResponseError};
use crate::{Message, Writer, codes, receptacles, resdes};

/// A consignment response, as it was read or as it is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The consignment, S32; `None` when it is missing.
    pub consignment: Option<String>,
    /// The receptacles whose identifier could be read, in the order of the message; they may be of several dispatches.
    pub receptacles: Vec<Receptacle>,
}

/// Reads a message by a layout of RESCON, whatever its version says; what does not fit is among the findings.
pub fn read(profile: &Profile, message: &Message<'_>, findings: &mut Vec<Finding>) -> Response {
    let entries = profile.read(message, findings);
    let mut response = Response { consignment: None, receptacles: Vec::new() };
    for entry in &entries {
        if entry.section == "consignment" {
            response.consignment = entry.text("consignment");
        } else {
            response.receptacles.extend(Receptacle::read(entry, findings));
        }
    }
    if response.consignment.is_none() {
        findings.push(codes::CONSIGNMENT_MISSING.finding::<&str>([]).at(message.header.place()));
    }
    receptacles::check(&resdes::places(&response.receptacles), None, findings);
    receptacles::require(&entries, message, findings);
    findings.sort();
    response
}

/// Writes a response by a layout of RESCON, as one message of the open interchange.
///
/// After an error the interchange is as it was before.
pub fn write(
    writer: &mut Writer,
    profile: &Profile,
    reference: &str,
    response: &Response,
) -> Result<(), ResponseError> {
    resdes::check(&response.receptacles)?;
    let consignment = |field: &str| {
        (field == "consignment").then(|| response.consignment.as_deref().map(Cow::Borrowed)).flatten()
    };
    let sections = |writer: &mut Writer| {
        profile.write(writer, "consignment", &consignment)?;
        for receptacle in &response.receptacles {
            profile.write(writer, "receptacle", &|field| receptacle.value(field))?;
        }
        Ok(())
    };
    profile.write_message(writer, reference, sections).map_err(ResponseError::Profile)
}

#[cfg(test)]
mod tests;
