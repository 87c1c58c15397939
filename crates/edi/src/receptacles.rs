//! What the lists of receptacles of every message must keep, and what stands in a message twice and must agree.

use std::collections::BTreeSet;

use caravan_postal::{Finding, Grams, MailSubclass, Place, S8, S9, WeightField};

use crate::profile::Entry;
use crate::profile::values::kilograms;
use crate::{Message, codes};

/// Says which receptacles are named twice, and which are of another dispatch than the message is about.
pub(crate) fn check(receptacles: &[(S9, Place)], s8: Option<S8>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (s9, place) in receptacles {
        if !seen.insert((s9.dispatch, s9.serial())) {
            findings.push(codes::RECEPTACLE_REPEATED.finding([s9.to_string()]).at(*place));
        }
        if let Some(s8) = s8.filter(|s8| s9.dispatch != *s8) {
            let foreign = codes::RECEPTACLE_FOREIGN.finding([s9.to_string(), s8.to_string()]);
            findings.push(foreign.at(*place));
        }
    }
}

/// Returns the first receptacle that is named again, by dispatch and serial.
pub(crate) fn repeated(receptacles: impl IntoIterator<Item = S9>) -> Option<S9> {
    let mut seen = BTreeSet::new();
    receptacles.into_iter().find(|s9| !seen.insert((s9.dispatch, s9.serial())))
}

/// Says that a message names no receptacle at all.
pub(crate) fn require(entries: &[Entry<'_, '_>], message: &Message<'_>, findings: &mut Vec<Finding>) {
    if !entries.iter().any(|entry| entry.section == "receptacle") {
        findings.push(codes::RECEPTACLES_MISSING.finding::<&str>([]).at(message.header.place()));
    }
}

/// Compares weight and subclass of a receptacle with its own identifier: they are attributes, a difference is a
/// finding.
pub(crate) fn compare_with_label(
    entry: &Entry<'_, '_>,
    s9: S9,
    gross_weight: Option<Grams>,
    findings: &mut Vec<Finding>,
) {
    let place = |field| entry.value(field).map_or(entry.place, |component| component.place());
    if let Some(weight) = gross_weight.filter(|weight| WeightField::of(*weight) != s9.weight) {
        let printed =
            s9.weight.hectograms().map_or_else(|| "> 999.8".to_owned(), |weight| kilograms(weight.into()));
        let arguments = [s9.to_string(), weight.kg().to_string(), printed];
        findings.push(codes::WEIGHT_DIFFERS.finding(arguments).at(place("weight_kg")));
    }
    let printed = s9.dispatch.series().subclass;
    let stated = entry.value("subclass").and_then(|component| MailSubclass::parse(&component.text()));
    if let Some(subclass) = stated.filter(|subclass| *subclass != printed) {
        let arguments = [s9.to_string(), subclass.to_string(), printed.to_string()];
        findings.push(codes::SUBCLASS_DIFFERS.finding(arguments).at(place("subclass")));
    }
}

/// Compares a field, when it is there, with what follows from the rest of the message.
pub(crate) fn compare(
    entry: &Entry<'_, '_>,
    field: &'static str,
    expected: &str,
    findings: &mut Vec<Finding>,
) {
    if let Some(found) = entry.value(field).filter(|found| found.text() != expected) {
        let arguments = [field.to_owned(), found.text().into_owned(), expected.to_owned()];
        findings.push(codes::FIELD_DIFFERS.finding(arguments).at(found.place()));
    }
}

/// Compares a count, when it is there and can be read, with what the message lists.
pub(crate) fn compare_count(
    entry: &Entry<'_, '_>,
    field: &'static str,
    listed: usize,
    findings: &mut Vec<Finding>,
) {
    if entry.count(field, findings).is_some_and(|count| count as usize != listed) {
        compare(entry, field, &listed.to_string(), findings);
    }
}

/// Compares a total weight, when it is there and can be read, with the weights of the receptacles; nothing is said when
/// one of them has none, or when rounding each to a tenth of a kilogram explains the difference.
pub(crate) fn compare_weight(
    entry: &Entry<'_, '_>,
    field: &'static str,
    weights: impl IntoIterator<Item = Option<Grams>>,
    findings: &mut Vec<Finding>,
) {
    let Some(stated) = entry.weight(field, findings) else { return };
    let Some(weights) = weights.into_iter().collect::<Option<Vec<_>>>() else { return };
    let tolerance = 50 * (weights.len() as u64 + 1);
    let sum: Grams = weights.into_iter().sum();
    if stated.0.abs_diff(sum.0) > tolerance {
        compare(entry, field, &kilograms(sum.hectograms()), findings);
    }
}

/// Reads the identifier of a receptacle from wherever the layout of a carrier has it; that there is none is a finding.
pub(crate) fn identifier(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<S9> {
    let field = if entry.value("s9").is_some() { "s9" } else { "s9_marked" };
    if entry.value(field).is_none() {
        findings.push(codes::RECEPTACLE_UNREADABLE.finding([""]).at(entry.place));
    }
    entry.s9(field, findings)
}
