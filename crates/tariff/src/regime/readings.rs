//! Rules that can be read in two ways: where the reading that was not chosen gives something else, it is said.

use std::ops::Range;

use caravan_postal::{Country, Money};

use super::Chosen;
use super::due::{Due, Reckoned};
use super::reckoner::{Reckoner, Trouble};
use crate::ChargeKind;
use crate::book::Book;
use crate::codes::READING_UNSURE;
use crate::tables::{Charge, Reading, Standing, ordinal};

/// What the other reading comes to.
struct Difference {
    /// `None` where it is another regime's.
    kind: Option<ChargeKind>,
    row: String,
    /// `None` where it cannot be reckoned.
    amount: Option<Money>,
}

/// Tries every choice that was not made, of every reading that bears on the item.
pub(super) fn compare<'a>(
    reckoner: &Reckoner<'a>,
    destination: Country,
    chosen: Chosen<'a>,
    due: &mut Due<'a>,
    book: &mut Book,
) {
    let of_regimes = &reckoner.tables.regimes.readings_by_country[ordinal(destination)];
    let of_charges = chosen.regime.readings.iter().map(|reading| (*reading, false));
    for (index, may_move) in of_regimes.iter().map(|reading| (*reading, true)).chain(of_charges) {
        let reading = &reckoner.tables.readings[usize::from(index)];
        // A reading in force is a choice that the station makes, and leaves no doubt.
        let standing = reading.row.standing(reckoner.facts.accepted_on, reckoner.facts.options);
        if standing.is_none_or(|standing| standing == Standing::Sure) {
            continue;
        }
        let used = used(reckoner, reading);
        for choice in reading.choices.iter().filter(|choice| ***choice != *used) {
            let trial = Reckoner { trial: Some((index, choice)), ..*reckoner };
            let Some(difference) = differs(&trial, destination, chosen, due, may_move) else { continue };
            let Difference { kind, row, amount } = difference;
            let shown = amount.map_or_else(|| "?".to_owned(), |amount| amount.to_string());
            book.findings.push(READING_UNSURE.finding([format!("{}:{choice}", reading.row.id), row, shown]));
            // What stands on a doubtful amount is doubtful too.
            for one in &mut due.reckoned {
                one.is_unverified |=
                    kind.is_none_or(|kind| one.charge.kind == kind || one.charge.stands_on(kind));
            }
        }
    }
}

/// Returns the choice in use.
fn used<'a>(reckoner: &Reckoner<'a>, reading: &'a Reading) -> &'a str {
    let chosen = reckoner.facts.options.readings.iter().find(|chosen| chosen.id == reading.row.id.as_str());
    chosen.map_or(&*reading.default, |chosen| &chosen.choice)
}

fn differs<'a>(
    trial: &Reckoner<'a>,
    destination: Country,
    chosen: Chosen<'a>,
    due: &Due<'a>,
    may_move: bool,
) -> Option<Difference> {
    let other = if may_move { choose(trial, destination, chosen).ok()?? } else { chosen };
    let of_regime = |amount| Difference { kind: None, row: other.regime.row.id.to_string(), amount };
    if other.standing == Standing::Unknown {
        return Some(of_regime(None));
    }
    let is_moved = !std::ptr::eq(other.regime, chosen.regime);
    let nothing = Money::zero(trial.conversion.currency);
    let other_due =
        if is_moved { trial.under(other.regime).charges(other, None) } else { again(trial, chosen, due)? };
    if is_moved {
        // Another regime charges other kinds: what can be held against each other is the whole.
        let is_same = other_due.total() == due.total() && other_due.is_known == due.is_known;
        let is_known = other_due.is_known.iter().all(|is_known| *is_known);
        let total = other_due.total().unwrap_or(nothing);
        return (!is_same).then(|| of_regime(is_known.then_some(total)));
    }
    for kind in [ChargeKind::Duty, ChargeKind::Excise, ChargeKind::Tax, ChargeKind::Fee] {
        let (own, others) = (due.amount(kind), other_due.amount(kind));
        let (is_known, is_other_known) = (due.is_known[kind as usize], other_due.is_known[kind as usize]);
        if own == others && is_known == is_other_known {
            continue;
        }
        let of_kind = || other_due.reckoned.iter().filter(|one| one.charge.kind == kind);
        let by_reading = of_kind().find(|one| !one.charge.when.readings.is_empty());
        let charge = by_reading.or_else(|| of_kind().next()).map(|one| &one.charge.row.id);
        let row = charge.unwrap_or(&other.regime.row.id).to_string();
        let amount = is_other_known.then(|| others.unwrap_or(nothing));
        return Some(Difference { kind: Some(kind), row, amount });
    }
    None
}

/// Returns the first regime that fits under the reading on trial. Of those before the one that was chosen, none fits now
/// that says nothing of the reading.
fn choose<'a>(
    trial: &Reckoner<'a>,
    destination: Country,
    chosen: Chosen<'a>,
) -> Result<Option<Chosen<'a>>, Trouble> {
    let mut is_behind = false;
    for regime in trial.tables.regimes.of_country(destination) {
        let is_read = trial.trial.is_some_and(|(tried, _)| regime.when.asks_reading(tried));
        let is_chosen = std::ptr::eq(regime, chosen.regime);
        if is_chosen && !is_read {
            return Ok(Some(chosen));
        }
        if (is_behind || is_read)
            && let Some(Ok(other)) = trial.fit(regime)?
        {
            return Ok(Some(other));
        }
        is_behind |= is_chosen;
    }
    Ok(None)
}

/// Reckons again the charges of a regime that the reading on trial can change, from the first kind on of which one stands
/// under it; `None` where nothing can come of it.
fn again<'a>(trial: &Reckoner<'a>, chosen: Chosen<'a>, due: &Due<'a>) -> Option<Due<'a>> {
    let charges = &chosen.regime.charges;
    let (tried, _) = trial.trial?;
    let Range { start, end } = chosen.regime.touched[usize::from(tried)].clone();
    let touched = &charges[start..end];
    let reckoner = trial.under(chosen.regime);
    if touched
        .iter()
        .filter(|charge| charge.may_change_by(tried))
        .all(|charge| is_idle(&reckoner, charge, due))
    {
        return None;
    }
    let others = reckoner.charges_from(touched, before(&charges[..start], due), chosen, None);
    // Where nothing is due either way, all that follows stands on the same.
    let is_settled = touched.iter().all(|charge| {
        let is_known = [due, &others].map(|due| due.is_known[charge.kind as usize]);
        let is_due = [due, &others].map(|due| due.amount(charge.kind).is_some());
        is_known[0] == is_known[1] && is_due == [false; 2]
    });
    (!is_settled).then(|| reckoner.charges_from(&charges[end..], others, chosen, None))
}

/// Returns whether a charge that the reading on trial can change came to nothing, and comes to nothing under it: where all
/// such charges do, the others are what they were.
fn is_idle(trial: &Reckoner<'_>, charge: &Charge, due: &Due<'_>) -> bool {
    due.is_known[charge.kind as usize]
        && !due.reckoned.iter().any(|one| std::ptr::eq(one.charge, charge))
        && trial.is_nothing(charge, due)
}

/// Returns what is due by the first charges of a regime.
fn before<'a>(charges: &[Charge], due: &Due<'a>) -> Due<'a> {
    let mut before = Due::default();
    for charge in charges {
        before.is_known[charge.kind as usize] = due.is_known[charge.kind as usize];
        before.is_unverified[charge.kind as usize] = due.is_unverified[charge.kind as usize];
    }
    let is_before = |one: &&Reckoned<'a>| charges.iter().any(|charge| charge.kind == one.charge.kind);
    let keep = |one: &Reckoned<'a>| Reckoned { trace: Vec::new(), ..*one };
    before.reckoned = due.reckoned.iter().filter(is_before).map(keep).collect();
    before
}
