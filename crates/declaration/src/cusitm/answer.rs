//! A record into an answer of customs, and back.

use bumpalo::Bump;
use caravan_postal::Field;
use chrono::NaiveDateTime;

use super::ReadAnswer;
use super::decisions::Decisions;
use super::read::fill;
use super::write::{self, RESPONSE};
use crate::answer::Answer;
use crate::layout::{Entry, Layout, Record};
use crate::model::Declaration;
use crate::write::{Unwritable, WriteError};

/// The elements that the model of an answer has fields for.
const REFERENCE: &str = "Response.MailObjectPId";
const CODE: &str = "Response.DecisionCd";
const TEXT: &str = "Response.DecisionReasonNm";
const AT: &str = "Response.ClearanceDt";

/// The extra fields that carry what the format has no element for.
const CARRIED_NUMBER: &str = "answer:number";
const CARRIED_REFERENCE: &str = "answer:reference";

/// Returns the answer of a record; nothing when it holds none.
pub(super) fn read<'a>(
    mut record: Record<'a>,
    layout: &'static Layout,
    decisions: &Decisions,
) -> Option<ReadAnswer<'a>> {
    if !record.entries.iter().any(|entry| entry.node.name == RESPONSE) {
        return None;
    }
    // What stands beside the answer is read by who reads declarations.
    record.entries.retain(|entry| entry.node.name != write::DECLARATION);
    let (ordinal, mark, resolver) = (record.ordinal, record.mark, record.resolver);
    let (declaration, findings, _) = fill(record, layout, RESPONSE).finish(ordinal, mark, resolver);
    let mut answer = Answer { identifier: declaration.identifier, ..Answer::default() };
    for (name, text) in declaration.extras {
        let place = match name {
            REFERENCE | CARRIED_REFERENCE => &mut answer.reference,
            CARRIED_NUMBER => &mut answer.number,
            CODE => &mut answer.code,
            TEXT => &mut answer.text,
            AT => {
                let (at, has_zone) = local_time(text);
                answer.at = at;
                if has_zone {
                    answer.extras.push((name, text));
                }
                continue;
            }
            _ => {
                answer.extras.push((name, text));
                continue;
            }
        };
        *place = Some(text);
    }
    answer.verdict = answer.code.and_then(|code| decisions.verdict(code));
    Some(ReadAnswer { ordinal, answer, findings })
}

/// Returns the entries of the record of an answer.
pub(super) fn entries<'a>(
    answer: &Answer<'_>,
    layout: &'static Layout,
    decisions: &Decisions,
    arena: &'a Bump,
) -> Result<Vec<Entry<'a>>, WriteError> {
    let refused = |field, reason| Err(WriteError::Unwritable { field: Field::of(field), reason });
    if answer.verdict != answer.code.and_then(|code| decisions.verdict(code)) {
        return refused("verdict", Unwritable::Code);
    }
    let at = match answer.at {
        None => None,
        // A zone that was there is among the extras.
        Some(at)
            if answer.extras.iter().any(|(name, text)| *name == AT && local_time(text).0 == Some(at)) =>
        {
            None
        }
        Some(at) => Some(at.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
    };
    let reference = answer.reference.map(|text| {
        let is_key = layout.fault(REFERENCE, text).is_none();
        (if is_key { REFERENCE } else { CARRIED_REFERENCE }, text)
    });
    let fields = [(CODE, answer.code, "code"), (TEXT, answer.text, "text"), (AT, at.as_deref(), "at")];
    let mut extras: Vec<(&str, &str)> = Vec::new();
    for (path, text, field) in fields {
        let Some(text) = text else { continue };
        if let Some(reason) = layout.fault(path, text) {
            return refused(field, reason);
        }
        extras.push((path, text));
    }
    extras.extend(reference);
    extras.extend(answer.number.map(|number| (CARRIED_NUMBER, number)));
    extras.extend(&answer.extras);
    let declaration = Declaration { identifier: answer.identifier, extras, ..Declaration::default() };
    write::entries(&declaration, layout, RESPONSE, arena)
}

/// Reads a date and time; its zone is left out, and told.
fn local_time(text: &str) -> (Option<NaiveDateTime>, bool) {
    let zone = text.get(19..).and_then(|rest| rest.find(['Z', '+', '-']));
    let local = zone.map_or(text, |zone| &text[..19 + zone]);
    (NaiveDateTime::parse_from_str(local, "%Y-%m-%dT%H:%M:%S%.f").ok(), zone.is_some())
}
