//! How the destination takes an item, and what it charges.
//!
//! The regimes of a country are tried in their order; the first that fits the item on the day of acceptance is the
//! one. Its charges are reckoned exactly, each on the payable amounts of those before it, and rounded once. In the
//! mass pass no trace is kept; only when something is due is the charge reckoned again with one.

mod formula;
mod ledger;
mod lines;
mod personal;
mod reckoner;

use caravan_postal::{Country, Field, Money};

use crate::book::Book;
use crate::codes::{
    AMOUNT_OUT_OF_REACH, CHARGE_UNKNOWN, CHARGE_UNVERIFIED, DUTY_COMPOSITE, DUTY_MISSING, POSTAGE_MISSING,
    READING_UNSURE, REGIME_MISSING, REGIME_UNKNOWN,
};
use crate::facts::Facts;
use crate::tables::{Charge, Condition, Misfit, Regime, Standing, Tables, not_on, ordinal};
use crate::{ChargeKind, Flow, RowId, remarks};

use ledger::Ledger;
use reckoner::{Payable, Reckoner, Trouble};

/// Returns the regime and the charges.
pub(crate) fn charge(
    tables: &Tables,
    facts: &Facts<'_>,
    book: &mut Book,
) -> (Option<RowId>, Vec<crate::Charge>) {
    let Some(destination) = facts.destination else { return (None, Vec::new()) };
    let Some(reckoner) = reckoner(tables, facts, destination, book) else { return (None, Vec::new()) };
    let found = match choose(&reckoner, destination, book) {
        Ok(found) => found,
        Err(trouble) => {
            tell(&reckoner, &trouble, None, book);
            return (None, Vec::new());
        }
    };
    let Some((regime, standing)) = found else {
        book.findings.push(REGIME_MISSING.finding([destination.as_str()]));
        return (None, Vec::new());
    };
    let id = Some(regime.row.id.clone());
    match standing {
        Standing::Unknown => {
            book.findings.push(REGIME_UNKNOWN.finding([regime.row.id.as_str()]));
            (id, Vec::new())
        }
        Standing::Sure | Standing::Unsure => (id, charge_by(&reckoner, regime, standing, book)),
    }
}

fn reckoner<'a>(
    tables: &'a Tables,
    facts: &'a Facts<'a>,
    destination: Country,
    book: &mut Book,
) -> Option<Reckoner<'a>> {
    let date = facts.accepted_on;
    if facts.is_documents {
        return None;
    }
    let conversion = tables.regimes.conversions.iter().find(|conversion| {
        conversion.countries.contains(Some(destination))
            && conversion.row.standing(date, facts.options).is_some_and(Standing::acts)
    });
    if conversion.is_none() {
        book.findings.push(REGIME_MISSING.finding([destination.as_str()]));
    }
    if facts.amount.is_none() && facts.value.is_some() {
        book.find(Field::of("total-value"), AMOUNT_OUT_OF_REACH.finding([""; 0]));
    }
    Some(Reckoner { tables, facts, conversion: conversion?, value: facts.amount? })
}

fn choose<'a>(
    reckoner: &Reckoner<'a>,
    destination: Country,
    book: &mut Book,
) -> Result<Option<(&'a Regime, Standing)>, Trouble> {
    let regimes = &reckoner.tables.regimes;
    let mut found = None;
    for index in &regimes.by_country[ordinal(destination)] {
        let regime = &regimes.rows[usize::from(*index)];
        if found.is_some() {
            book.pass(&regime.row, Misfit::Order);
            continue;
        }
        let Some(standing) = regime.row.standing(reckoner.facts.accepted_on, reckoner.facts.options) else {
            book.pass(&regime.row, not_on(&regime.row, reckoner.facts.accepted_on));
            continue;
        };
        match reckoner.misfit(&regime.when)? {
            Some(why) => book.pass(&regime.row, why),
            None => found = Some((regime, standing)),
        }
        if found.is_some() && !book.is_asking() {
            break;
        }
    }
    Ok(found)
}

/// Reckons every charge of a regime, in their order.
fn charge_by(
    reckoner: &Reckoner<'_>,
    regime: &Regime,
    standing: Standing,
    book: &mut Book,
) -> Vec<crate::Charge> {
    let mut due = Due::default();
    let mut charges = Vec::new();
    for charge in &regime.charges {
        let Some(own) = reckoner.standing(charge, book) else { continue };
        if own == Standing::Unknown {
            // Something is due, and how much is not known: whoever reads the charges must not take it for nothing.
            if reckoner.touches(charge) {
                due.is_known[charge.kind as usize] = false;
                book.findings.push(CHARGE_UNKNOWN.finding([charge.row.id.as_str()]));
            }
            continue;
        }
        if let Some(why) = due.lacks(charge) {
            book.pass(&charge.row, why);
            continue;
        }
        match reckoner.payable(charge, &due, &mut Ledger::silent()) {
            Ok(payable) => {
                let standing = standing.max(own).max(payable.standing);
                note(reckoner, charge, &payable, standing, &mut due, &mut charges, book);
            }
            Err(trouble) => {
                due.is_known[charge.kind as usize] = false;
                tell(reckoner, &trouble, Some(charge), book);
            }
        }
    }
    if !charges.is_empty() {
        compare_readings(reckoner, regime, &due, &mut charges, book);
    }
    charges
}

/// Amounts that are already due: what later charges stand on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    amounts: [Option<Money>; 4],
    is_known: [bool; 4],
    is_unverified: [bool; 4],
}

impl Default for Due {
    fn default() -> Self {
        Self { amounts: [None; 4], is_known: [true; 4], is_unverified: [false; 4] }
    }
}

impl Due {
    /// Returns the amount of a kind that is due so far.
    pub(crate) fn amount(&self, kind: ChargeKind) -> Option<Money> {
        self.amounts[kind as usize]
    }

    fn add(&mut self, kind: ChargeKind, amount: Money, is_unverified: bool) {
        self.is_unverified[kind as usize] |= is_unverified;
        let sum = self.amounts[kind as usize].map_or(0, |known| known.minor);
        self.amounts[kind as usize] = Some(Money { minor: sum.saturating_add(amount.minor), ..amount });
    }

    /// Returns why a charge cannot stand on what is due so far.
    fn lacks(&self, charge: &Charge) -> Option<Misfit> {
        let is_unknown = |kind: ChargeKind| !self.is_known[kind as usize];
        if charge.stands_on_duty() && (is_unknown(ChargeKind::Duty) || is_unknown(ChargeKind::Excise)) {
            return Some(Misfit::NotComputed);
        }
        let kind = charge.needs?;
        self.amount(kind).is_none().then_some(Misfit::Needs)
    }
}

/// Notes one reckoned charge, with its trace when anything is due.
fn note(
    reckoner: &Reckoner<'_>,
    charge: &Charge,
    payable: &Payable,
    standing: Standing,
    due: &mut Due,
    charges: &mut Vec<crate::Charge>,
    book: &mut Book,
) {
    if payable.lacks_postage {
        book.find(Field::of("postage"), POSTAGE_MISSING.finding([""; 0]));
    }
    let doubt = payable.doubt.as_ref().unwrap_or(&charge.row.id);
    if payable.is_waived || payable.amount.minor == 0 {
        // Nothing by a row that is not confirmed leaves a doubt on what stands on it.
        if standing == Standing::Unsure {
            due.is_unverified[charge.kind as usize] = true;
            book.findings.push(CHARGE_UNVERIFIED.finding([doubt.as_str()]));
        }
        book.pass(&charge.row, if payable.is_waived { Misfit::Waived } else { Misfit::NothingDue });
        return;
    }
    let mut ledger = Ledger::recording();
    let again = reckoner.payable(charge, due, &mut ledger);
    debug_assert_eq!(again.map(|again| again.amount).ok(), Some(payable.amount), "recording changes nothing");
    let is_doubtful_base = charge.stands_on_duty() && due.is_unverified[ChargeKind::Duty as usize];
    let is_unverified = standing == Standing::Unsure || is_doubtful_base;
    due.add(charge.kind, payable.amount, is_unverified);
    if standing == Standing::Unsure {
        book.findings.push(CHARGE_UNVERIFIED.finding([doubt.as_str()]));
    }
    charges.push(crate::Charge {
        kind: charge.kind,
        amount: payable.amount,
        is_estimate: reckoner.facts.flow == Flow::Export,
        is_unverified,
        row: charge.row.id.clone(),
        trace: ledger.into_steps(),
    });
}

/// Says where the reading that was not chosen would give another amount.
fn compare_readings(
    reckoner: &Reckoner<'_>,
    regime: &Regime,
    due: &Due,
    charges: &mut [crate::Charge],
    book: &mut Book,
) {
    for other in &regime.charges {
        let Some(reading) = &other.when.reading else { continue };
        let is_comparable =
            reckoner.standing_but_reading(other).is_some_and(|standing| standing != Standing::Unknown)
                && reckoner.misfit_but_reading(&other.when) == Ok(None)
                && due.lacks(other).is_none();
        if reckoner.is_chosen(reading) || !is_comparable {
            continue;
        }
        let chosen = charges.iter_mut().find(|charge| {
            let row = regime.charges.iter().find(|row| row.row.id == charge.row);
            row.and_then(|row| row.when.reading.as_ref()).is_some_and(|known| known.id == reading.id)
        });
        let known = chosen.as_ref().map_or(0, |charge| charge.amount.minor);
        let Ok(payable) = reckoner.payable(other, due, &mut Ledger::silent()) else { continue };
        let minor = if payable.is_waived { 0 } else { payable.amount.minor };
        if minor == known {
            continue;
        }
        let amount = Money { minor, ..payable.amount }.to_string();
        let arguments = [format!("{}:{}", reading.id, reading.choice), other.row.id.to_string(), amount];
        book.findings.push(READING_UNSURE.finding(arguments));
        if let Some(charge) = chosen {
            charge.is_unverified = true;
        }
    }
}

/// Turns what stood in the way into a remark.
fn tell(reckoner: &Reckoner<'_>, trouble: &Trouble, charge: Option<&Charge>, book: &mut Book) {
    let date = reckoner.facts.accepted_on;
    match trouble {
        Trouble::Rate(reason, currency) => {
            remarks::no_rate(*reason, *currency, &reckoner.conversion.authority, date, book);
        }
        Trouble::NoDuty(index, hs) => {
            let shown = hs.map_or_else(|| "-".to_owned(), |hs| hs.to_string());
            book.find(Field::of_piece(*index, "hs"), DUTY_MISSING.finding([shown]));
        }
        Trouble::Composite(index, hs, expression) => {
            let finding = DUTY_COMPOSITE.finding([hs.to_string(), expression.to_string()]);
            book.find(Field::of_piece(*index, "hs"), finding);
        }
        Trouble::OutOfReach => book.find(Field::of("total-value"), AMOUNT_OUT_OF_REACH.finding([""; 0])),
        // A missing figure of the declaration is already held by the check of mandatory data.
        Trouble::Figure => {}
    }
    if let Some(charge) = charge {
        book.pass(&charge.row, Misfit::NotComputed);
    }
}

impl Reckoner<'_> {
    /// Returns how a charge stands on the day; rows that do not apply are noted.
    fn standing(&self, charge: &Charge, book: &mut Book) -> Option<Standing> {
        if !charge.countries.contains(self.facts.destination) {
            return None;
        }
        let Some(standing) = charge.row.standing(self.facts.accepted_on, self.facts.options) else {
            book.pass(&charge.row, not_on(&charge.row, self.facts.accepted_on));
            return None;
        };
        match self.misfit(&charge.when) {
            Ok(None) => Some(standing),
            Ok(Some(why)) => {
                book.pass(&charge.row, why);
                None
            }
            Err(trouble) => {
                tell(self, &trouble, Some(charge), book);
                None
            }
        }
    }

    fn standing_but_reading(&self, charge: &Charge) -> Option<Standing> {
        let is_concerned = charge.countries.contains(self.facts.destination);
        charge.row.standing(self.facts.accepted_on, self.facts.options).filter(|_| is_concerned)
    }

    /// Returns why a condition does not fit, its reading and its thresholds included.
    fn misfit(&self, when: &Condition) -> Result<Option<Misfit>, Trouble> {
        if when.reading.as_ref().is_some_and(|reading| !self.is_chosen(reading)) {
            return Ok(Some(Misfit::Reading));
        }
        self.misfit_but_reading(when)
    }

    fn misfit_but_reading(&self, when: &Condition) -> Result<Option<Misfit>, Trouble> {
        if let Some(why) = when.misfit(self.facts) {
            return Ok(Some(why));
        }
        for (limit, is_above) in [(when.value_above, true), (when.value_to, false)] {
            let Some(limit) = limit else { continue };
            let value = self.value_in(limit.currency(), &mut Ledger::silent())?;
            match (value.exact > limit.exact, is_above) {
                (false, true) => return Ok(Some(Misfit::ValueBelow)),
                (true, false) => return Ok(Some(Misfit::ValueAbove)),
                _ => {}
            }
        }
        Ok(None)
    }
}
