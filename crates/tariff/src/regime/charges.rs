//! The charges of one regime, each on those before it.

use caravan_postal::Field;

use super::due::{Due, Reckoned};
use super::ledger::Ledger;
use super::reckoner::{Payable, Reckoner, Trouble};
use super::{Chosen, say_undecided};
use crate::book::Book;
use crate::codes::{
    AMOUNT_MISSING, AMOUNT_OUT_OF_REACH, CHARGE_UNKNOWN, CHARGE_UNVERIFIED, DUTY_COMPOSITE, DUTY_MISSING,
    POSTAGE_MISSING, TAX_RATE_MISSING, TAX_REDUCED, TAX_REGION_MISSING,
};
use crate::tables::{Charge, Misfit, Standing, not_on};
use crate::{ChargeKind, remarks};

impl<'a> Reckoner<'a> {
    /// Reckons every charge of a regime, in their order; a trial has no book and says nothing.
    pub(super) fn charges(&self, chosen: Chosen<'a>, book: Option<&mut Book>) -> Due<'a> {
        self.charges_from(&chosen.regime.charges, Due::default(), chosen, book)
    }

    /// Reckons the last charges of a regime, what stands before them being due already.
    pub(super) fn charges_from(
        &self,
        charges: &'a [Charge],
        mut due: Due<'a>,
        chosen: Chosen<'a>,
        mut book: Option<&mut Book>,
    ) -> Due<'a> {
        let mut kind = None;
        for charge in charges.iter().filter(|charge| self.is_of_country(charge)) {
            if kind != Some(charge.kind) {
                self.waive(kind, &mut due, book.as_deref_mut());
                kind = Some(charge.kind);
            }
            self.charge(charge, chosen.standing, &mut due, book.as_deref_mut());
        }
        self.waive(kind, &mut due, book);
        due
    }

    fn charge(&self, charge: &'a Charge, regime: Standing, due: &mut Due<'a>, mut book: Option<&mut Book>) {
        let Some(own) = self.standing(charge, book.as_deref_mut()) else { return };
        let is_asked = book.as_ref().is_some_and(|book| book.is_asking());
        let mut ledger = if is_asked { Ledger::recording() } else { Ledger::silent() };
        match self.is_for(charge, &mut ledger, book.as_deref_mut()) {
            Ok(true) => {}
            Ok(false) => return,
            Err(trouble) => return self.fail(charge, &trouble, due, book),
        }
        if own == Standing::Unknown {
            // Something is due, and how much is not known: whoever reads the charges must not take it for nothing.
            if due.needs_more(charge) {
                if let Some(book) = book {
                    book.pass(&charge.row, Misfit::Needs);
                }
            } else if self.touches(charge) {
                self.fail(charge, &Trouble::Unknown(charge.row.id.clone()), due, book);
            }
            return;
        }
        if let Some(why) = due.lacks(charge) {
            if let Some(book) = book {
                book.pass(&charge.row, why);
            }
            return;
        }
        match self.payable(charge, due, &mut ledger) {
            Ok(payable) => note(charge, payable, regime.max(own), ledger, due, book),
            Err(trouble) => self.fail(charge, &trouble, due, book),
        }
    }

    /// Returns whether a charge comes to nothing beside all that is due, and it is known that it does; one that stands on
    /// others is not looked at so closely.
    pub(super) fn is_nothing(&self, charge: &Charge, due: &Due<'_>) -> bool {
        if !self.is_of_country(charge) {
            return true;
        }
        let Some(standing) = self.standing(charge, None) else { return true };
        let mut ledger = Ledger::silent();
        match self.misfit(&charge.when, &mut ledger) {
            Ok(None) => {}
            fit => return fit.is_ok(),
        }
        // What is due of its own kind may be waived only after it.
        if due.needs_more(charge) && !charge.needs.contains(&charge.kind) {
            return true;
        }
        if !standing.acts() || !charge.stands_alone() {
            return false;
        }
        let payable = self.payable(charge, due, &mut ledger);
        payable.is_ok_and(|payable| payable.is_waived || payable.amount.minor == 0)
    }

    /// Returns whether a charge is one of the destination: a regime of many countries has charges of single ones.
    #[inline]
    fn is_of_country(&self, charge: &Charge) -> bool {
        charge.countries.contains(self.facts.destination)
    }

    /// Returns how a charge stands on the day; one that does not is noted.
    #[inline]
    fn standing(&self, charge: &Charge, book: Option<&mut Book>) -> Option<Standing> {
        let standing = charge.row.standing(self.facts.accepted_on, self.facts.options);
        if let (None, Some(book)) = (standing, book) {
            book.pass(&charge.row, not_on(&charge.row, self.facts.accepted_on));
        }
        standing
    }

    /// Returns whether the item is one that a charge is for; a charge that is not is noted.
    fn is_for(
        &self,
        charge: &Charge,
        ledger: &mut Ledger<'a>,
        mut book: Option<&mut Book>,
    ) -> Result<bool, Trouble> {
        let misfit = self.misfit(&charge.when, ledger)?;
        if let Some(book) = &mut book
            && matches!(misfit, None | Some(Misfit::Code))
            && (charge.when.is_undecided(self.facts)
                || charge.lines.ask_codes() && self.facts.lacks_code() && misfit.is_none())
        {
            say_undecided(charge.row.id.as_str(), book);
        }
        if let (Some(why), Some(book)) = (misfit, book) {
            book.pass(&charge.row, why);
        }
        Ok(misfit.is_none())
    }

    /// Notes that a charge cannot be reckoned: nothing of its kind is known, and nothing that stands on it.
    fn fail(&self, charge: &Charge, trouble: &Trouble, due: &mut Due<'a>, book: Option<&mut Book>) {
        due.is_known[charge.kind as usize] = false;
        if let Some(book) = book {
            tell(self, trouble, Some(charge), book);
        }
    }

    /// Drops the charges of a kind whose sum is too little to be collected.
    fn waive(&self, kind: Option<ChargeKind>, due: &mut Due<'a>, book: Option<&mut Book>) {
        let Some((kind, sum)) = kind.and_then(|kind| Some((kind, due.amount(kind)?))) else { return };
        let is_waived = self.tables.regimes.waivers.iter().any(|waiver| {
            let applies = waiver.kind == kind
                && waiver.countries.contains(self.facts.destination)
                && waiver
                    .row
                    .standing(self.facts.accepted_on, self.facts.options)
                    .is_some_and(Standing::acts);
            applies
                && self
                    .compare(sum, &waiver.end, &mut Ledger::silent())
                    .is_ok_and(|order| order.is_lt() || waiver.is_end_waived && order.is_eq())
        });
        if !is_waived {
            return;
        }
        if let Some(book) = book {
            for one in due.reckoned.iter().filter(|one| one.charge.kind == kind) {
                book.pass(&one.charge.row, Misfit::Waived);
            }
        }
        due.reckoned.retain(|one| one.charge.kind != kind);
    }
}

/// Notes one reckoned charge.
fn note<'a>(
    charge: &'a Charge,
    payable: Payable,
    standing: Standing,
    ledger: Ledger<'a>,
    due: &mut Due<'a>,
    book: Option<&mut Book>,
) {
    let standing = standing.max(ledger.standing);
    let is_nothing = payable.is_waived || payable.amount.minor == 0;
    if let Some(book) = book {
        if ledger.lacks_postage {
            let finding = POSTAGE_MISSING.finding([""; 0]).on(Field::of("postage"));
            if !book.findings.contains(&finding) {
                book.findings.push(finding);
            }
        }
        if let Some(row) = ledger.lacks_region {
            book.find(Field::of("addressee-region"), TAX_REGION_MISSING.finding([row.as_str()]));
        }
        if let Some(row) = ledger.lacks_code {
            say_undecided(row.as_str(), book);
        }
        if let Some(row) = &ledger.reduced {
            book.findings.push(TAX_REDUCED.finding([row.as_str()]));
        }
        if standing == Standing::Unsure {
            let doubt = ledger.doubt.unwrap_or(&charge.row.id);
            book.findings.push(CHARGE_UNVERIFIED.finding([doubt.as_str()]));
        }
        if is_nothing {
            book.pass(&charge.row, if payable.is_waived { Misfit::Waived } else { Misfit::NothingDue });
        }
    }
    // Nothing by a row that is not confirmed leaves a doubt on what stands on it.
    let is_unsure = standing == Standing::Unsure || ledger.reduced.is_some();
    let is_unverified = is_unsure || !is_nothing && due.is_doubtful_under(charge);
    due.is_unverified[charge.kind as usize] |= is_unverified;
    if !is_nothing {
        due.reckoned.push(Reckoned {
            charge,
            amount: payable.amount,
            is_unverified,
            trace: ledger.into_steps(),
        });
    }
}

/// Turns what stood in the way into a remark.
pub(super) fn tell(reckoner: &Reckoner<'_>, trouble: &Trouble, charge: Option<&Charge>, book: &mut Book) {
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
        Trouble::NoTaxRate => {
            let country = reckoner.facts.destination.map_or_else(String::new, |country| country.to_string());
            book.findings.push(TAX_RATE_MISSING.finding([country, date.to_string()]));
        }
        Trouble::NoAmount(name) => {
            book.findings.push(AMOUNT_MISSING.finding([name.to_string(), date.to_string()]));
        }
        Trouble::Unknown(row) => {
            // Two charges may stand on one row.
            let finding = CHARGE_UNKNOWN.finding([row.as_str()]);
            if !book.findings.contains(&finding) {
                book.findings.push(finding);
            }
        }
        Trouble::OutOfReach => book.find(Field::of("total-value"), AMOUNT_OUT_OF_REACH.finding([""; 0])),
        // A missing figure of the declaration is already held by the check of mandatory data.
        Trouble::Figure => {}
    }
    if let Some(charge) = charge {
        book.pass(&charge.row, Misfit::NotComputed);
    }
}
