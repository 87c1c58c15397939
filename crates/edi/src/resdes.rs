//! RESDES, the dispatch response: what the office of destination received of a dispatch.

use std::collections::BTreeSet;

use caravan_postal::{Finding, Grams, Handling, MailSubclass, Place, ReceptacleKind, S8, S9, WeightField};
use chrono::NaiveDateTime;

use crate::profile::{Entry, Known};
use crate::{Component, Message, codes};

/// A dispatch response as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The dispatch; `None` when it is missing or cannot be read.
    pub s8: Option<S8>,
    /// The receptacles whose identifier could be read, in the order of the message.
    pub receptacles: Vec<Receptacle>,
}

/// What the response says of one receptacle.
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
    /// The status code; 20 was seen for received receptacles, the list is not known.
    pub status: Option<String>,
    /// When the status took effect, in the receiver's local time.
    pub effective_at: Option<NaiveDateTime>,
    /// Where the receptacle stands in the interchange.
    pub place: Place,
}

/// Reads a message by the RESDES profile, whatever its version says; what does not fit is among the findings.
pub fn read(message: &Message<'_>, findings: &mut Vec<Finding>) -> Response {
    let entries = Known::Resdes.profile().read(message, findings);
    let mut response = Response { s8: None, receptacles: Vec::new() };
    let mut seen = BTreeSet::new();
    for entry in &entries {
        if entry.section == "dispatch" {
            let read = |text: &str| S8::parse(text);
            response.s8 =
                parsed(entry, "s8", read, findings, |found| codes::DISPATCH_UNREADABLE.finding([found]));
        } else if let Some(receptacle) = receptacle(entry, findings) {
            if !seen.insert((receptacle.s9.dispatch, receptacle.s9.serial())) {
                let repeated = codes::RECEPTACLE_REPEATED.finding([receptacle.s9.to_string()]);
                findings.push(repeated.at(receptacle.place));
            }
            response.receptacles.push(receptacle);
        }
    }
    let is_foreign = |receptacle: &&Receptacle| response.s8.is_some_and(|s8| receptacle.s9.dispatch != s8);
    for receptacle in response.receptacles.iter().filter(is_foreign) {
        let dispatch = response.s8.map(|s8| s8.to_string()).unwrap_or_default();
        let foreign = codes::RECEPTACLE_FOREIGN.finding([receptacle.s9.to_string(), dispatch]);
        findings.push(foreign.at(receptacle.place));
    }
    if !entries.iter().any(|entry| entry.section == "receptacle") {
        findings.push(codes::RECEPTACLES_MISSING.finding::<&str>([]).at(message.header.place()));
    }
    findings.sort();
    response
}

fn receptacle(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Receptacle> {
    let unknown =
        |field: &'static str| move |found: String| codes::CODE_UNKNOWN.finding([field.to_owned(), found]);
    let s9 = parsed(entry, "s9", S9::parse, findings, |found| codes::RECEPTACLE_UNREADABLE.finding([found]));
    let kind = parsed(entry, "kind", ReceptacleKind::parse, findings, unknown("kind"));
    let subclass = parsed(entry, "subclass", MailSubclass::parse, findings, unknown("subclass"));
    let handling = parsed(entry, "handling", Handling::parse, findings, unknown("handling"));
    let gross_weight = weight(entry, findings);
    let time = if entry.value("time").is_some() { "time" } else { "time_with_century" };
    let effective_at =
        parsed(entry, time, local_time, findings, |found| codes::TIME_UNREADABLE.finding([found]));
    let text = |field| entry.value(field).map(|component: Component<'_>| component.text().into_owned());
    let s9 = s9?;
    compare(entry, s9, gross_weight, subclass, findings);
    Some(Receptacle {
        s9,
        kind,
        subclass,
        handling,
        condition: text("condition"),
        gross_weight,
        status: text("status"),
        effective_at,
        place: entry.place,
    })
}

/// Compares what is reported with what the identifier itself says: they are attributes, a difference is a finding.
fn compare(
    entry: &Entry<'_, '_>,
    s9: S9,
    gross_weight: Option<Grams>,
    subclass: Option<MailSubclass>,
    findings: &mut Vec<Finding>,
) {
    let place = |field| entry.value(field).map_or(entry.place, |component| component.place());
    if let Some(weight) = gross_weight.filter(|weight| WeightField::of(*weight) != s9.weight) {
        let printed = s9.weight.hectograms().map_or_else(
            || "> 999.8".to_owned(),
            |hectograms| format!("{}.{}", hectograms / 10, hectograms % 10),
        );
        let arguments = [s9.to_string(), weight.kg().to_string(), printed];
        findings.push(codes::WEIGHT_DIFFERS.finding(arguments).at(place("weight_kg")));
    }
    let printed = s9.dispatch.series().subclass;
    if let Some(subclass) = subclass.filter(|subclass| *subclass != printed) {
        let arguments = [s9.to_string(), subclass.to_string(), printed.to_string()];
        findings.push(codes::SUBCLASS_DIFFERS.finding(arguments).at(place("subclass")));
    }
}

/// Reads a field; one that is there and cannot be read is a finding.
fn parsed<T>(
    entry: &Entry<'_, '_>,
    field: &str,
    read: impl Fn(&str) -> Option<T>,
    findings: &mut Vec<Finding>,
    fault: impl Fn(String) -> Finding,
) -> Option<T> {
    let component = entry.value(field)?;
    let text = component.text();
    let value = read(&text);
    if value.is_none() {
        findings.push(fault(text.into_owned()).at(component.place()));
    }
    value
}

fn weight(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Grams> {
    let component = entry.value("weight_kg")?;
    let weight = Grams::parse_kg(&component.number());
    if weight.is_err() {
        findings.push(codes::WEIGHT_UNREADABLE.finding([component.text()]).at(component.place()));
    }
    weight.ok()
}

/// Formats 201 and 203 of UN/EDIFACT data element 2379: YYMMDDHHMM and CCYYMMDDHHMM.
fn local_time(text: &str) -> Option<NaiveDateTime> {
    let format = match text.len() {
        10 => "%y%m%d%H%M",
        12 => "%Y%m%d%H%M",
        _ => return None,
    };
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| NaiveDateTime::parse_from_str(text, format).ok()).flatten()
}

#[cfg(test)]
mod tests;
