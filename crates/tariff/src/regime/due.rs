//! Amounts that are already due: what later charges stand on.

use caravan_postal::Money;

use crate::ChargeKind;
use crate::tables::{Charge, Misfit, base};
use crate::trace::Step;

/// The charges of one item so far.
#[derive(Debug)]
pub(crate) struct Due<'a> {
    pub(super) reckoned: Vec<Reckoned<'a>>,
    /// By kind, whether everything of it could be reckoned.
    pub(super) is_known: [bool; 4],
    /// By kind, whether something of it is not confirmed.
    pub(super) is_unverified: [bool; 4],
}

/// One charge.
#[derive(Debug)]
pub(crate) struct Reckoned<'a> {
    pub(super) charge: &'a Charge,
    pub(super) amount: Money,
    pub(super) is_unverified: bool,
    pub(super) trace: Vec<Step>,
}

impl Default for Due<'_> {
    fn default() -> Self {
        Self { reckoned: Vec::new(), is_known: [true; 4], is_unverified: [false; 4] }
    }
}

impl Due<'_> {
    /// Returns the sum of a kind.
    pub(super) fn amount(&self, kind: ChargeKind) -> Option<Money> {
        let of_kind = self.reckoned.iter().filter(|one| one.charge.kind == kind).map(|one| one.amount);
        of_kind.reduce(add)
    }

    /// Returns the sum of all.
    pub(super) fn total(&self) -> Option<Money> {
        self.reckoned.iter().map(|one| one.amount).reduce(add)
    }

    /// Returns whether a charge stands on something that is not confirmed.
    pub(super) fn is_doubtful_under(&self, charge: &Charge) -> bool {
        kinds_under(charge).any(|kind| self.is_unverified[kind as usize])
    }

    /// Returns why a charge cannot stand on what is due so far.
    pub(super) fn lacks(&self, charge: &Charge) -> Option<Misfit> {
        if kinds_under(charge).any(|kind| !self.is_known[kind as usize]) {
            return Some(Misfit::StandsOnUnknown);
        }
        self.needs_more(charge).then_some(Misfit::Needs)
    }

    /// Returns whether a charge needs another that is not due.
    pub(super) fn needs_more(&self, charge: &Charge) -> bool {
        !charge.needs.is_empty() && charge.needs.iter().all(|kind| self.amount(*kind).is_none())
    }
}

impl Charge {
    /// Returns whether a kind of charges is in the base.
    pub(super) fn stands_on(&self, kind: ChargeKind) -> bool {
        kinds_under(self).any(|known| known == kind)
    }

    /// Returns whether no other charge matters to it.
    pub(super) fn stands_alone(&self) -> bool {
        self.base & base::DUE == 0 && self.needs.is_empty()
    }
}

fn add(sum: Money, one: Money) -> Money {
    Money { minor: sum.minor.saturating_add(one.minor), ..sum }
}

/// Returns the kinds of charges in the base of a charge.
fn kinds_under(charge: &Charge) -> impl Iterator<Item = ChargeKind> {
    let bits =
        [(base::DUTY, ChargeKind::Duty), (base::EXCISE, ChargeKind::Excise), (base::TAX, ChargeKind::Tax)];
    let mask = charge.base;
    bits.into_iter().filter(move |(bit, _)| mask & bit != 0).map(|(_, kind)| kind)
}
