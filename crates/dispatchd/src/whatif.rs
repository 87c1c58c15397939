//! What if: declarations judged as they were and judged otherwise, and what differs between the two answers.

mod text;

use std::collections::{BTreeMap, BTreeSet};

use caravan_declaration::Declaration;
use caravan_postal::{Currency, Money, Severity};
use caravan_tariff::{Assessment, ChargeKind, Decision, Engine, Question};
use chrono::NaiveDate;
use serde::Serialize;

use crate::intake::{Desk, Filing};

/// What is asked: the same declarations with other tables, on another day, or both.
#[derive(Debug)]
pub struct WhatIf<'d> {
    /// The desk as it is.
    desk: &'d Desk,
    /// The engine over the other tables.
    other: Option<Engine>,
    /// The day of filing of the declaration before, as most follow one of the same day.
    before: Filing<'d>,
    /// The other day of filing.
    after: Option<Filing<'d>>,
    /// What was found so far, added up.
    pub sums: Sums,
}

/// What two answers about one declaration do not have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The item's identifier.
    pub item: String,
    /// The country of destination; empty when nobody knows it.
    pub destination: String,
    /// The day on which it was filed.
    pub filed_on: String,
    /// The two decisions, when they differ.
    pub decision: Option<[&'static str; 2]>,
    /// Every charge whose amount differs.
    pub charges: Vec<ChargeDifference>,
    /// Whether something could not be reckoned, before and after: its amounts are not the whole then.
    pub is_incomplete: [bool; 2],
    /// Findings that hold or refuse and are there only now, by code.
    pub added: BTreeSet<&'static str>,
    /// Findings that held or refused and are gone, by code.
    pub gone: BTreeSet<&'static str>,
}

/// The amounts of one kind of charge in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChargeDifference {
    /// The kind.
    pub kind: &'static str,
    /// The currency.
    pub currency: String,
    /// What was due, in major units.
    pub before: String,
    /// What would be due, in major units.
    pub after: String,
    /// The rows that charge it now.
    pub rows: Vec<String>,
}

/// What differs over all declarations.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Sums {
    /// How many declarations were judged.
    pub declarations: u64,
    /// How many of them have another answer.
    pub changed: u64,
    /// Of how many something could not be reckoned, before or after.
    pub incomplete: u64,
    /// How many went from one decision to another.
    pub decisions: BTreeMap<[Decision; 2], u64>,
    /// By destination, kind and currency: what all declarations owe before and after, and how many differ.
    pub charges: BTreeMap<(String, ChargeKind, Currency), Sum>,
}

/// Two sums of charges.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sum {
    /// Before, in minor units.
    pub before: i128,
    /// After, in minor units.
    pub after: i128,
    /// How many declarations differ in it.
    pub items: u64,
}

/// The charges of one answer by kind and currency.
type Due = BTreeMap<(ChargeKind, Currency), Money>;

impl<'d> WhatIf<'d> {
    /// Asks what would be with other tables, on another day, or both.
    pub fn new(desk: &'d Desk, other: Option<Engine>, on: Option<NaiveDate>) -> Self {
        let after = on.map(|on| desk.filing(on));
        Self { desk, other, before: desk.filing(NaiveDate::default()), after, sums: Sums::default() }
    }

    /// Judges a declaration that was filed on a day both ways; nothing when the answers are the same.
    pub fn judge(&mut self, declaration: &Declaration<'_>, filed_on: NaiveDate) -> Option<Difference> {
        if self.before.on() != filed_on {
            self.before = self.desk.filing(filed_on);
        }
        let asked = self.before.question(declaration);
        let before = self.desk.engine.assess(&asked);
        let filing = self.after.as_ref().unwrap_or(&self.before);
        // Another day changes the law and not the money: the rates stay those of the first answer.
        let question = Question { rated_on: Some(asked.accepted_on), ..filing.question(declaration) };
        let after = self.other.as_ref().unwrap_or(&self.desk.engine).assess(&question);
        let destination = declaration.destination().map_or_else(String::new, |country| country.to_string());
        let charges = self.sums.add(&destination, &before, &after);
        let [codes_before, codes_after] = [&before, &after].map(stopping);
        let difference = Difference {
            item: declaration.name(),
            destination,
            filed_on: filed_on.to_string(),
            decision: (before.decision != after.decision)
                .then(|| [before.decision, after.decision].map(Decision::as_str)),
            charges,
            is_incomplete: [&before, &after].map(|answer| !answer.is_reckoned()),
            added: codes_after.difference(&codes_before).copied().collect(),
            gone: codes_before.difference(&codes_after).copied().collect(),
        };
        let is_same = difference.decision.is_none()
            && difference.charges.is_empty()
            && difference.added.is_empty()
            && difference.gone.is_empty();
        self.sums.changed += u64::from(!is_same);
        self.sums.incomplete += u64::from(difference.is_incomplete != [false; 2]);
        (!is_same).then_some(difference)
    }
}

impl Sums {
    /// Adds two answers about one declaration and returns the charges that differ between them.
    fn add(&mut self, destination: &str, before: &Assessment, after: &Assessment) -> Vec<ChargeDifference> {
        self.declarations += 1;
        if before.decision != after.decision {
            *self.decisions.entry([before.decision, after.decision]).or_default() += 1;
        }
        let [due_before, due_after] = [before, after].map(due);
        let keys: BTreeSet<_> = due_before.keys().chain(due_after.keys()).copied().collect();
        let mut differences = Vec::new();
        for (kind, currency) in keys {
            let [old, new] = [&due_before, &due_after]
                .map(|due| due.get(&(kind, currency)).map_or(0, |amount| amount.minor));
            let sum = self.charges.entry((destination.to_owned(), kind, currency)).or_default();
            sum.before += i128::from(old);
            sum.after += i128::from(new);
            if old == new {
                continue;
            }
            sum.items += 1;
            let rows = after.charges.iter().filter(|charge| charge.kind == kind);
            differences.push(ChargeDifference {
                kind: kind.as_str(),
                before: text::major(i128::from(old), currency),
                after: text::major(i128::from(new), currency),
                currency: currency.to_string(),
                rows: rows.map(|charge| charge.row.to_string()).collect(),
            });
        }
        differences
    }
}

/// Returns the charges of an answer by kind and currency.
fn due(assessment: &Assessment) -> Due {
    let mut due = Due::new();
    for charge in &assessment.charges {
        let key = (charge.kind, charge.amount.currency);
        let sum = due.entry(key).or_insert(Money { minor: 0, ..charge.amount });
        sum.minor = sum.minor.saturating_add(charge.amount.minor);
    }
    due
}

/// Returns the codes of what holds or refuses.
fn stopping(assessment: &Assessment) -> BTreeSet<&'static str> {
    let stops = assessment.findings.iter().filter(|finding| finding.severity() >= Severity::Hold);
    stops.map(|finding| finding.code.name).collect()
}
