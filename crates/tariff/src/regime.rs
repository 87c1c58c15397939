//! How the destination takes an item, and what it charges.
//!
//! The regimes of a country are tried in their order; the first that fits the item on the day of acceptance is the
//! one. Its charges are reckoned exactly, each on the payable amounts of those before it, and rounded once. In the
//! mass pass no trace is kept; who asks for one has the same charges reckoned again.

mod base;
mod charges;
mod due;
mod formula;
mod ledger;
mod lines;
mod personal;
mod readings;
mod reckoner;
mod tax;

use std::cell::Cell;

use caravan_postal::{Country, Field, Ratio, Severity};

use crate::book::Book;
use crate::codes::{
    AMOUNT_OUT_OF_REACH, CHARGE_UNVERIFIED, CODE_UNDECIDED, LIMIT_ALONE, PREPAYMENT_MISSING,
    PREPAYMENT_UNSURE, REGIME_MISSING, REGIME_UNKNOWN,
};
use crate::facts::Facts;
use crate::remarks::OldestRate;
use crate::tables::{Misfit, Regime, Standing, Tables, not_on};
use crate::trace::Amount;
use crate::{Flow, RowId};

use ledger::Ledger;
use reckoner::{Reckoner, Trouble};

/// How the destination takes an item.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The row of the regime.
    pub(crate) regime: Option<RowId>,
    /// The row of the set of data by which customs takes it.
    pub(crate) entry: Option<RowId>,
    pub(crate) charges: Vec<crate::Charge>,
}

/// A regime that fits, and how sure it is that it does.
#[derive(Debug, Clone, Copy)]
struct Chosen<'a> {
    regime: &'a Regime,
    standing: Standing,
}

/// Returns the regime, the charges and the entry.
pub(crate) fn judge(tables: &Tables, facts: &Facts<'_>, book: &mut Book) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(destination) = facts.destination else { return outcome };
    let (known, oldest_rate) = (Cell::new(None), OldestRate::default());
    let reckoner = reckoner(tables, facts, destination, (&known, &oldest_rate), book);
    let Some(reckoner) = reckoner else { return outcome };
    outcome.entry = entry(&reckoner, book);
    charge(&reckoner, destination, &mut outcome, book);
    if oldest_rate.tell(book) {
        // An old rate may have chosen the regime or waived a charge: everything that is left stands on it.
        for charge in &mut outcome.charges {
            charge.is_unverified = true;
        }
    }
    outcome
}

/// Chooses the regime and reckons what it charges.
fn charge(reckoner: &Reckoner<'_>, destination: Country, outcome: &mut Outcome, book: &mut Book) {
    let facts = reckoner.facts;
    let chosen = match reckoner.choose(destination, book) {
        Ok(chosen) => chosen,
        Err(trouble) => {
            charges::tell(reckoner, &trouble, None, book);
            return;
        }
    };
    let Some(chosen) = chosen else {
        book.findings.push(REGIME_MISSING.finding([destination.as_str()]));
        return;
    };
    let Chosen { regime, standing } = chosen;
    outcome.regime = Some(regime.row.id.clone());
    if standing == Standing::Unknown {
        book.findings.push(REGIME_UNKNOWN.finding([regime.row.id.as_str()]));
        return;
    }
    if let Some(period) = &regime.limit_per {
        book.findings.push(LIMIT_ALONE.finding([regime.row.id.as_str(), period]));
    }
    if regime.is_free && standing.max(reckoner.standing_of_conversion()) == Standing::Unsure {
        let doubt = if standing == Standing::Unsure { &regime.row } else { &reckoner.conversion.row };
        book.findings.push(CHARGE_UNVERIFIED.finding([doubt.id.as_str()]));
    }
    let mut due = reckoner.under(regime).charges(chosen, Some(book));
    readings::compare(reckoner, destination, chosen, &mut due, book);
    // What is due and not known must be paid before as well.
    if !due.reckoned.is_empty() || due.is_known.contains(&false) {
        ask_prepayment(facts, chosen, book);
    }
    let charge = |one: due::Reckoned<'_>| crate::Charge {
        kind: one.charge.kind,
        amount: one.amount,
        is_estimate: facts.flow != Flow::Import,
        is_unverified: one.is_unverified,
        row: one.charge.row.id.clone(),
        trace: one.trace,
    };
    outcome.charges = due.reckoned.into_iter().map(charge).collect();
}

fn reckoner<'a>(
    tables: &'a Tables,
    facts: &'a Facts<'a>,
    destination: Country,
    (known, oldest_rate): (&'a Cell<Option<Amount>>, &'a OldestRate<'a>),
    book: &mut Book,
) -> Option<Reckoner<'a>> {
    let date = facts.accepted_on;
    if facts.is_documents {
        return None;
    }
    let conversion = tables
        .regimes
        .conversions
        .of_country(Some(destination))
        .find(|conversion| conversion.row.standing(date, facts.options).is_some_and(Standing::acts));
    if conversion.is_none() {
        book.findings.push(REGIME_MISSING.finding([destination.as_str()]));
    }
    if facts.amount.is_none() && facts.value.is_some() {
        book.find(Field::of("total-value"), AMOUNT_OUT_OF_REACH.finding([""; 0]));
    }
    let conversion = conversion?;
    let nothing = Amount { exact: Ratio::ZERO, currency: conversion.currency };
    let value = if facts.is_mixed { nothing } else { facts.amount? };
    let mut reckoner =
        Reckoner { tables, facts, conversion, value, share: None, known, oldest_rate, trial: None };
    if facts.is_mixed {
        match reckoner.sum_of_pieces(&mut Ledger::silent()) {
            Ok(sum) => reckoner.value = sum,
            Err(trouble) => {
                charges::tell(&reckoner, &trouble, None, book);
                return None;
            }
        }
    }
    Some(reckoner)
}

/// Returns the row of the set of data by which customs takes the item; one that cannot be told is none.
fn entry(reckoner: &Reckoner<'_>, book: &mut Book) -> Option<RowId> {
    for entry in reckoner.tables.regimes.entries.of_country(reckoner.facts.destination) {
        if entry.row.standing(reckoner.facts.accepted_on, reckoner.facts.options).is_none() {
            book.pass(&entry.row, not_on(&entry.row, reckoner.facts.accepted_on));
            continue;
        }
        match reckoner.misfit(&entry.when, &mut Ledger::silent()) {
            Ok(None) => return Some(entry.row.id.clone()),
            Ok(Some(why)) => book.pass(&entry.row, why),
            Err(_) => return None,
        }
    }
    None
}

/// Holds an item on which something is due, known or not, where it must be paid before and nothing shows that it was.
fn ask_prepayment(facts: &Facts<'_>, chosen: Chosen<'_>, book: &mut Book) {
    let asked = &chosen.regime.asks_prepayment;
    let is_shown = facts.prepaid.is_some_and(|scheme| {
        let is_other = asked.iter().any(|known| known.strip_prefix('!') == Some(scheme));
        !is_other && asked.iter().any(|known| matches!(&**known, "*") || **known == *scheme)
    });
    if asked.is_empty() || is_shown {
        return;
    }
    let code = if chosen.standing == Standing::Sure { &PREPAYMENT_MISSING } else { &PREPAYMENT_UNSURE };
    book.findings.push(code.finding([chosen.regime.row.id.as_str()]));
}

/// Says once that a commodity code would decide a row; where the code itself is asked for, that has been said.
fn say_undecided(row: &str, book: &mut Book) {
    let is_said = book.findings.iter().any(|finding| {
        finding.code.name == CODE_UNDECIDED.name
            || finding.code.name == crate::codes::HS_MISSING.name && finding.severity() >= Severity::Hold
    });
    if !is_said {
        book.findings.push(CODE_UNDECIDED.finding([row]));
    }
}

impl<'a> Reckoner<'a> {
    /// Returns the first regime that fits, in the order of decision.
    fn choose(&self, destination: Country, book: &mut Book) -> Result<Option<Chosen<'a>>, Trouble> {
        let mut found = None;
        for regime in self.tables.regimes.of_country(destination) {
            if found.is_some() {
                let standing = regime.row.standing(self.facts.accepted_on, self.facts.options);
                let why =
                    standing.map_or_else(|| not_on(&regime.row, self.facts.accepted_on), |_| Misfit::Order);
                book.pass(&regime.row, why);
                continue;
            }
            let Some(fit) = self.fit(regime)? else {
                book.pass(&regime.row, not_on(&regime.row, self.facts.accepted_on));
                continue;
            };
            if matches!(fit, Ok(_) | Err(Misfit::Code)) && regime.when.is_undecided(self.facts) {
                say_undecided(regime.row.id.as_str(), book);
            }
            match fit {
                Ok(chosen) => found = Some(chosen),
                Err(why) => book.pass(&regime.row, why),
            }
            if found.is_some() && !book.is_asking() {
                break;
            }
        }
        Ok(found)
    }

    /// Returns the regime as it fits the item, or why it does not; `None` where it does not stand on the day.
    fn fit(&self, regime: &'a Regime) -> Result<Option<Result<Chosen<'a>, Misfit>>, Trouble> {
        let standing = regime.row.standing(self.facts.accepted_on, self.facts.options);
        let Some(standing) = standing else { return Ok(None) };
        let mut ledger = Ledger::silent();
        let misfit = self.under(regime).misfit(&regime.when, &mut ledger)?;
        let chosen = Chosen { regime, standing: standing.max(ledger.standing) };
        Ok(Some(misfit.map_or(Ok(chosen), Err)))
    }
}
