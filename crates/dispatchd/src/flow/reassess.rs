//! Answers looked at again: what has not left is assessed anew when a row or a rate that may apply to it changes.
//!
//! The law of origin is that of the day of filing and stays; the law of the destination is that of the day on which its
//! customs will accept the item, which moves on while the item waits.

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_postal::Country;
use caravan_station::{Act, Item, ItemId, Journey, Operation, sort};
use caravan_store::{InForce, Noted, Reassessed};
use caravan_tariff::trace::Quotation;
use caravan_tariff::{Assessment, Decision, Question};
use chrono::{Days, NaiveDate};

use super::Flow;
use crate::intake::{Desk, Filing, decision};
use crate::texts::CATALOGUE;

/// A new answer, with what the station has to know of it.
struct Changed {
    item: ItemId,
    reassessed: Reassessed,
    answer: Assessment,
}

impl Flow {
    /// Looks at the answers about waiting items again, once a civil day: on the first one of this process because tables
    /// or rates may have changed in between, on later ones if one of them begins or ends for what leaves now.
    pub async fn look_again(&mut self) -> Result<()> {
        let today = self.today();
        if self.assessed_on == Some(today) {
            return Ok(());
        }
        let before = self.assessed_on.replace(today);
        let destinations = match before {
            Some(before) => self.desk.changed_between(before, today),
            None => self.desk.engine.destinations().collect(),
        };
        if destinations.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        let desk = std::sync::Arc::clone(&self.desk);
        let filing = desk.filing(today);
        let mut behind = ItemId(0);
        loop {
            let page = self.store.waiting_declarations_behind(behind, &destinations).await?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = last.item;
            let mut changed = Vec::new();
            for kept in page {
                changed.extend(self.look_at(&kept, &desk, &filing).await?);
            }
            self.take_answers(changed).await?;
        }
    }

    /// Assesses a declaration anew; nothing when the answer is what it was.
    async fn look_at(&self, kept: &InForce, desk: &Desk, filing: &Filing<'_>) -> Result<Option<Changed>> {
        let declaration = packed::decode(&kept.packed).context("cannot unpack a declaration")?;
        let known =
            caravan_tariff::packed::decode(&kept.assessment).context("cannot unpack an assessment")?;
        let filed_on = desk.config.day(kept.kept_ms);
        let question = Question { filed_on, ..filing.question(&declaration) };
        let mut answer = desk.engine.assess(&question);
        let is_same = |answer: &Assessment| {
            answer.decision == known.decision && answer.regime == known.regime && same_charges(answer, &known)
        };
        if is_same(&answer) {
            return Ok(None);
        }
        // What reading found, and what the station found, decides with it as it did at first.
        let found = self.store.findings_about(1, kept.item.0).await?;
        let tariff = |code: &str| caravan_tariff::codes::CODES.iter().any(|known| known.name == code);
        let others = found.iter().filter(|found| !tariff(&found.code));
        let others: Vec<_> = others.filter_map(|found| found.finding(&CATALOGUE)).collect();
        answer.decision = decision(others.iter().chain(&answer.findings));
        if answer.decision != Decision::Refuse {
            answer.physical = None;
        }
        if is_same(&answer) {
            return Ok(None);
        }
        let is_new = |finding: &&caravan_postal::Finding| {
            !found.iter().any(|known| {
                known.code == finding.code.name
                    && known.arguments.iter().map(String::as_str).eq(finding.arguments.iter().map(|it| &**it))
            })
        };
        let findings = answer.findings.iter().filter(is_new).cloned().collect();
        let mut assessment = Vec::new();
        caravan_tariff::packed::encode(&answer, &mut assessment);
        let reassessed = Reassessed {
            item: kept.item,
            version: kept.version,
            revision: self.revision,
            accepted_on: question.accepted_on,
            assessment,
            charges: answer.charges.clone(),
            findings,
        };
        Ok(Some(Changed { item: kept.item, reassessed, answer }))
    }

    /// Lets the station know of the decisions that differ, and writes them with the new answers in one transaction.
    async fn take_answers(&mut self, changed: Vec<Changed>) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let at_ms = self.clock.now_ms();
        let mut reassessed = Vec::with_capacity(changed.len());
        for one in changed {
            if self.station.state().item(one.item).is_none() {
                let Some(known) = self.store.item(one.item).await? else { continue };
                self.station.admit(known);
            }
            let item = self.station.state().item(one.item);
            let assessed = sort::assessed_in(&one.answer);
            let is_other = |item: &&Item| {
                let is_due = item.journey == Journey::Import && item.inbound.assessed != assessed;
                item.decision != one.answer.decision || is_due
            };
            if let Some(item) = item.filter(is_other).map(|item| item.name.clone()) {
                let Assessment { decision, physical, .. } = one.answer;
                let act = Act::Reassess { item, decision, physical, assessed };
                self.station.apply(&Operation { at_ms, act, note: String::new() });
                self.answer_weighings(at_ms);
            }
            reassessed.push(one.reassessed);
        }
        self.write(Noted { reassessed, ..Noted::default() }).await
    }
}

/// Returns whether two answers charge the same by the same rows, equally sure.
fn same_charges(left: &Assessment, right: &Assessment) -> bool {
    let charges = |answer: &Assessment| -> Vec<_> {
        let told = answer.charges.iter();
        told.map(|one| (one.kind, one.amount, one.row.clone(), one.is_unverified)).collect()
    };
    charges(left) == charges(right)
}

impl Desk {
    /// Returns the destinations for which a row or a rate begins or ends for what leaves between two days, and this country
    /// where one does for what comes in.
    fn changed_between(&self, before: NaiveDate, today: NaiveDate) -> Vec<Country> {
        let days = |rate: &Quotation| [Some(rate.valid_from), self.first_old_day(rate)];
        let rates = self.config.rates.quotations().flat_map(days).flatten();
        let switches = self.config.options.switched_on.iter().map(|switch| switch.from);
        let everywhere: Vec<_> = rates.chain(switches).collect();
        // What comes in is under the law of the day here.
        let home = [self.config.home()];
        let abroad = self.config.partners.iter().map(|partner| partner.countries.as_slice());
        let windows = self.config.accepted_on(before).into_iter().zip(self.config.accepted_on(today));
        let mut changed = Vec::new();
        for (countries, (from, to)) in abroad.zip(windows).chain([(&home[..], (before, today))]) {
            let is_crossed = |border: &NaiveDate| from < *border && *border <= to;
            let is_changed = |country: &Country| {
                everywhere.iter().any(is_crossed)
                    || self.engine.borders(*country).any(|border| is_crossed(&border))
            };
            changed.extend(countries.iter().copied().filter(is_changed));
        }
        // What waits to come in is judged by the law of each day here.
        let home = self.config.home();
        let is_crossed = |border: NaiveDate| before < border && border <= today;
        if everywhere.iter().copied().any(is_crossed) || self.engine.borders(home).any(is_crossed) {
            changed.push(home);
        }
        changed
    }

    /// Returns the first day on which a rate no longer counts, and leaves what stands on it unverified.
    fn first_old_day(&self, rate: &Quotation) -> Option<NaiveDate> {
        let lasting = || {
            let days = self.engine.authority(&rate.authority)?.days_max;
            rate.valid_from.checked_add_days(Days::new(days.into()))
        };
        rate.valid_to.or_else(lasting)?.succ_opt()
    }
}
