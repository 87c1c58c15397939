//! Answers looked at again: what has not left is assessed anew when a row or a rate that may apply to it changes.
//!
//! The law of origin is that of the day of filing and stays; the law of the destination is that of the day on which its
//! customs will accept the item, which moves on while the item waits.

use std::sync::Arc;

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_postal::{Country, Finding};
use caravan_station::operation::Reassessment;
use caravan_station::{Act, Item, ItemId, Journey, Operation, sort};
use caravan_store::{FoundRow, InForce, Noted, Reassessed, RevisionId};
use caravan_tariff::trace::Quotation;
use caravan_tariff::{Assessment, Decision, Question};
use chrono::{Days, NaiveDate};

use super::Flow;
use crate::intake::{Desk, Filing, decision};
use crate::texts::CATALOGUE;

/// A declaration whose answer may have changed.
struct Doubtful {
    kept: InForce,
    known: Assessment,
    answer: Assessment,
    accepted_on: NaiveDate,
    /// What keeps it from its stream, whatever its contents.
    no_partner: Option<Finding>,
}

/// The days that answers about waiting items were looked at for.
#[derive(Debug, Clone)]
pub(super) struct Assessed {
    /// The civil day of the station.
    on: NaiveDate,
    /// For each partner in the order of the settings, the day on which its customs accepts what leaves now.
    accepted_on: Vec<NaiveDate>,
}

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
        if self.assessed.as_ref().is_some_and(|assessed| assessed.on == today) {
            return Ok(());
        }
        self.look_at_waiting().await
    }

    /// Reads and assesses from here on by the ways that mail takes as people say that borders are.
    pub(super) fn heed_borders(&mut self) {
        if self.station.state().borders.is_empty() {
            return;
        }
        if let Some(network) = self.station.network() {
            self.desk = Arc::new(self.desk.with_network(network));
        }
    }

    /// Looks at the answers about waiting items again where a row or a rate begins or ends between the days for which they
    /// were looked at and those that count now: because it is another day, or because mail takes another way.
    pub(super) async fn look_at_waiting(&mut self) -> Result<()> {
        let today = self.today();
        let now = Assessed { on: today, accepted_on: self.desk.config.accepted_on(today) };
        let before = self.assessed.replace(now.clone());
        let destinations = match before {
            Some(before) => self.desk.changed_between(&before, &now),
            None => self.desk.engine.destinations().collect(),
        };
        if destinations.is_empty() {
            return Ok(());
        }
        self.flush().await?;
        let desk = Arc::clone(&self.desk);
        let filing = desk.filing(today);
        let mut behind = ItemId(0);
        loop {
            let page = self.store.waiting_declarations_behind(behind, &destinations).await?;
            let Some(last) = page.last() else { return Ok(()) };
            behind = last.item;
            let mut doubtful = Vec::new();
            for kept in page {
                doubtful.extend(look_at(kept, &desk, &filing)?);
            }
            let versions: Vec<_> = doubtful.iter().map(|one| (one.kept.item, one.kept.version)).collect();
            let mut found = self.store.findings_of_versions(&versions).await?;
            let changed = doubtful.into_iter().filter_map(|one| {
                let found = found.remove(&one.kept.item).unwrap_or_default();
                one.decided(&found, self.revision)
            });
            let changed = changed.collect();
            self.take_answers(changed).await?;
        }
    }

    /// Lets the station know of the decisions that differ, and writes them with the new answers in one transaction.
    async fn take_answers(&mut self, changed: Vec<Changed>) -> Result<()> {
        if changed.is_empty() {
            return Ok(());
        }
        let at_ms = self.clock.now_ms();
        let mut reassessed = Vec::with_capacity(changed.len());
        let items = changed.iter().map(|one| one.item);
        let unknown: Vec<ItemId> = items.filter(|id| self.station.state().item(*id).is_none()).collect();
        for item in self.store.items_numbered(&unknown).await? {
            self.station.admit(item);
        }
        for one in changed {
            let item = self.station.state().item(one.item);
            let assessed = sort::assessed_in(&one.answer);
            let is_other = |item: &&Item| {
                let is_due = item.journey == Journey::Import && item.inbound.assessed != assessed;
                let is_decided = item.decision == item.decided(one.answer.decision);
                !is_decided || is_due || item.is_dangerous != one.answer.is_dangerous
            };
            if let Some(item) = item.filter(is_other).map(|item| item.name.clone()) {
                let Assessment { decision, physical, is_dangerous, .. } = one.answer;
                let answer = Reassessment { decision, physical, is_dangerous, assessed };
                let act = Act::Reassess { item, answer };
                self.station.apply(&Operation { at_ms, act, note: String::new() });
                self.answer_weighings(at_ms);
            }
            reassessed.push(one.reassessed);
        }
        self.write(Noted { reassessed, ..Noted::default() }).await
    }
}

/// Assesses a declaration anew; nothing when that alone says what held before.
fn look_at(kept: InForce, desk: &Desk, filing: &Filing<'_>) -> Result<Option<Doubtful>> {
    let declaration = packed::decode(&kept.packed).context("cannot unpack a declaration")?;
    let known = caravan_tariff::packed::decode(&kept.assessment).context("cannot unpack an assessment")?;
    let filed_on = desk.config.day(kept.kept_ms);
    let question = Question { filed_on, ..filing.question(&declaration) };
    let accepted_on = question.accepted_on;
    let answer = desk.engine.assess(&question);
    let no_partner = sort::stream(&declaration, &desk.config).err();
    let is_changed = no_partner.is_some() || !is_same(&answer, &known);
    Ok(is_changed.then_some(Doubtful { kept, known, answer, accepted_on, no_partner }))
}

impl Doubtful {
    /// Lets what reading found of the version in force decide with the new answer, as it did with the first; nothing when
    /// the answer is what it was. What the station has found of the item since is over, or the station itself holds it.
    fn decided(mut self, found: &[(FoundRow, bool)], revision: RevisionId) -> Option<Changed> {
        let read = found.iter().filter(|(row, is_read)| *is_read && !is_found_later(&row.code));
        let read: Vec<_> = read.filter_map(|(row, _)| row.finding(&CATALOGUE)).collect();
        let answer = &mut self.answer;
        answer.decision = decision(read.iter().chain(&answer.findings).chain(&self.no_partner));
        if answer.decision != Decision::Refuse {
            answer.physical = None;
        }
        if is_same(answer, &self.known) {
            return None;
        }
        let is_new = |finding: &&Finding| {
            !found.iter().any(|(known, _)| {
                known.code == finding.code.name
                    && known.arguments.iter().map(String::as_str).eq(finding.arguments.iter().map(|it| &**it))
            })
        };
        let findings = answer.findings.iter().filter(is_new).cloned().collect();
        let mut assessment = Vec::new();
        caravan_tariff::packed::encode(answer, &mut assessment);
        let reassessed = Reassessed {
            item: self.kept.item,
            version: self.kept.version,
            revision,
            accepted_on: self.accepted_on,
            assessment,
            charges: answer.charges.clone(),
            findings,
        };
        Some(Changed { item: self.kept.item, reassessed, answer: self.answer })
    }
}

/// Returns whether a code is none of reading: the new answer says it again, or the station does.
fn is_found_later(code: &str) -> bool {
    let later = [caravan_tariff::MESSAGES, caravan_station::MESSAGES, caravan_store::MESSAGES];
    later.iter().any(|source| source.codes.iter().any(|known| known.name == code))
}

/// Returns whether two answers decide and charge the same, and agree on what is dangerous.
fn is_same(left: &Assessment, right: &Assessment) -> bool {
    let is_as_dangerous = left.is_dangerous == right.is_dangerous;
    left.decision == right.decision
        && is_as_dangerous
        && left.regime == right.regime
        && same_charges(left, right)
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
    fn changed_between(&self, before: &Assessed, now: &Assessed) -> Vec<Country> {
        let days = |rate: &Quotation| [Some(rate.valid_from), self.first_old_day(rate)];
        let rates = self.config.rates.quotations().flat_map(days).flatten();
        let switches = self.config.options.switched_on.iter().map(|switch| switch.from);
        let everywhere: Vec<_> = rates.chain(switches).collect();
        // What comes in is under the law of the day here.
        let home = [self.config.home()];
        let abroad = self.config.partners.iter().map(|partner| partner.countries.as_slice());
        let windows = before.accepted_on.iter().zip(&now.accepted_on);
        let mut changed = Vec::new();
        for (countries, (from, to)) in abroad.zip(windows).chain([(&home[..], (&before.on, &now.on))]) {
            // A border that opens brings mail there sooner.
            let (from, to) = (from.min(to), from.max(to));
            let is_crossed = |border: &NaiveDate| from < border && border <= to;
            let is_changed = |country: &Country| {
                everywhere.iter().any(is_crossed)
                    || self.engine.borders(*country).any(|border| is_crossed(&border))
            };
            changed.extend(countries.iter().copied().filter(is_changed));
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
