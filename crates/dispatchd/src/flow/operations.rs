//! Applying operations: the items that they name are admitted, and receptacles that come off their stands are weighed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use anyhow::{Context, Result};
use caravan_declaration::packed;
use caravan_postal::{Grams, S8};
use caravan_station::operation::Redeclaration;
use caravan_station::{Act, Due, ItemName, Operation, OwnHold, ReceptacleId, Tick, sort};
use caravan_store::{FileId, Noted, Redeclared, Stopwatch};

use super::{Flow, OPERATIONS, confirmation};

/// Who answers when a receptacle must be weighed.
#[derive(Debug, Clone)]
pub enum Scale {
    /// A person, with an operation; until then the receptacle waits.
    Person,
    /// A scripted day: the scale shows items and tare, and by tag what differs from it, in grams.
    Scripted(BTreeMap<ReceptacleId, i64>),
}

impl Flow {
    /// Applies operations in their order, and writes after every few thousand of them. With a file, each transaction
    /// notes how far the file has been applied; `done` lines of it were applied before.
    pub async fn operate(
        &mut self,
        operations: &[Operation],
        file: Option<FileId>,
        done: usize,
    ) -> Result<()> {
        let mut last = done.min(operations.len());
        while let Some(chunk) = next_chunk(&operations[last..]) {
            last += chunk.len();
            let line = u32::try_from(last).unwrap_or(u32::MAX);
            let applied = file.map(|file| (file, line));
            if let [Operation { act: Act::ReleaseInPart { item, withheld, .. }, at_ms, note }] = chunk {
                self.release_in_part(item, withheld, *at_ms, note, applied).await?;
                continue;
            }
            let watch = Stopwatch::start();
            self.admit(chunk).await?;
            self.timings.admit += watch.elapsed();
            let mut watch = Stopwatch::start();
            for operation in chunk {
                self.station.apply(operation);
                self.answer_weighings(operation.at_ms);
                // The next operation may change what papers tell of: they are made at once.
                if self.is_paper_due() {
                    self.timings.station += watch.elapsed();
                    self.make_papers().await?;
                    watch = Stopwatch::start();
                }
            }
            self.timings.station += watch.elapsed();
            match applied {
                Some(_) => self.write(Noted { applied, ..Noted::default() }).await?,
                None => self.advance().await?,
            }
            if chunk.iter().any(is_about_border) {
                self.heed_borders();
                self.look_at_waiting().await?;
            }
        }
        Ok(())
    }

    /// Admits the dispatches for this office that the operations name: what was opened or answered is not at hand.
    async fn admit_arrivals(&mut self, operations: &[Operation]) -> Result<()> {
        let office = self.desk.config.office.code;
        let named = operations.iter().filter_map(|operation| operation.act.arrival(office));
        let named: BTreeSet<S8> = named.collect();
        let named: Vec<S8> = named.into_iter().collect();
        for (dispatch, receptacles) in self.store.arrivals(&named).await? {
            self.station.admit_arrival(dispatch, receptacles);
        }
        Ok(())
    }

    /// Admits the containers that the operations name and that have left: what is said of them comes too late.
    async fn admit_gone(&mut self, operations: &[Operation]) -> Result<()> {
        let named = operations.iter().filter_map(|operation| operation.act.container());
        let unknown = named.filter(|number| !self.station.state().has_container(number));
        let unknown: BTreeSet<String> = unknown.map(str::to_owned).collect();
        for number in unknown {
            if let Some(container) = self.store.container_gone(&number).await? {
                self.station.admit_container(container, Vec::new());
            }
        }
        Ok(())
    }

    /// Admits the items that the operations name and the station does not have at hand.
    pub(super) async fn admit(&mut self, operations: &[Operation]) -> Result<()> {
        self.admit_arrivals(operations).await?;
        self.admit_sent(operations).await?;
        let since_ms =
            operations.iter().filter_map(|operation| self.station.under_way_since(operation)).min();
        if let Some(since_ms) = since_ms {
            let departed = self.store.departed_since(since_ms).await?;
            self.station.admit_departures(departed);
        }
        let poured_out = operations.iter().filter_map(|operation| self.station.poured_out_by(operation));
        self.admit_inside(&poured_out.collect::<Vec<_>>()).await?;
        self.admit_gone(operations).await?;
        let mut seen = HashSet::new();
        let named = operations.iter().filter_map(|operation| operation.act.item());
        let unknown = named.filter(|name| seen.insert(*name) && !self.station.state().knows(name));
        let mut names: Vec<ItemName> = unknown.cloned().collect();
        let listed = operations.iter().flat_map(|operation| self.station.listed_by(operation));
        names.extend(listed.filter(|name| !self.station.state().knows(name)));
        names.sort();
        names.dedup();
        for item in self.store.items(&names).await? {
            self.station.admit(item);
        }
        Ok(())
    }

    /// Admits the items in receptacles that are about to be poured out.
    pub(super) async fn admit_inside(&mut self, receptacles: &[ReceptacleId]) -> Result<()> {
        if receptacles.is_empty() {
            return Ok(());
        }
        for item in self.items_of(receptacles).await?.into_values().flatten() {
            if self.station.state().item(item.id).is_none() {
                self.station.admit(item);
            }
        }
        Ok(())
    }

    /// Admits the items that a step of the timetable bags, as they are kept: those that are at hand are as they are now.
    pub(super) async fn admit_waiting(&mut self, tick: &Tick) -> Result<()> {
        for item in self.store.items_waiting(&self.station.bagged_at(tick)).await? {
            if self.station.state().item(item.id).is_none() {
                self.station.admit(item);
            }
        }
        Ok(())
    }

    /// Lets a scripted scale answer for every receptacle that waits for one.
    pub(super) fn answer_weighings(&mut self, at_ms: i64) {
        let Scale::Scripted(excess) = &self.scale else { return };
        while let Some(due) = self.station.due_since(self.answered).first().copied() {
            self.answered += 1;
            let Due::Weighing(id) = due else { continue };
            // One that was weighed by an earlier answer is no longer waiting.
            let Some(receptacle) =
                self.station.state().receptacles.get(&id).filter(|found| found.is_weighing())
            else {
                continue;
            };
            let shown = (receptacle.content + receptacle.tare).0;
            let scale = Grams(shown.saturating_add_signed(excess.get(&id).copied().unwrap_or(0)));
            let act = Act::WeighReceptacle { tag: id.0, scale };
            self.station.apply(&Operation { at_ms, act, note: String::new() });
        }
    }

    /// Lets the station take note of further versions of declarations.
    pub async fn take_note_of_versions(&mut self) -> Result<()> {
        let redeclared = self.store.redeclared().await?;
        for chunk in redeclared.chunks(OPERATIONS) {
            let items = chunk.iter().map(|one| one.item);
            let unknown: Vec<_> = items.filter(|id| self.station.state().item(*id).is_none()).collect();
            for item in self.store.items_numbered(&unknown).await? {
                self.station.admit(item);
            }
            for one in chunk {
                self.redeclare(one).await?;
                // The next version may change what papers tell of: they are made at once.
                if self.is_paper_due() {
                    self.make_papers().await?;
                }
            }
            let redeclared = chunk.iter().map(|one| (one.item, one.version)).collect();
            self.write(Noted { redeclared, ..Noted::default() }).await?;
        }
        Ok(())
    }

    /// Lets the station take note of a further version of a declaration.
    async fn redeclare(&mut self, one: &Redeclared) -> Result<()> {
        let at_ms = self.clock.now_ms();
        let Some(known) = self.station.state().item(one.item) else { return Ok(()) };
        let name = known.name.clone();
        let declaration = packed::decode(&one.packed).context("cannot unpack a declaration")?;
        let assessment =
            caravan_tariff::packed::decode(&one.assessment).context("cannot unpack an assessment")?;
        let before = self.told_declaration(one.item).await?;
        let word = confirmation::senders_word(before.as_deref(), &declaration, one.is_reused)?;
        let stream = sort::stream(&declaration, &self.desk.config).ok().flatten();
        let mut item = sort::expected(one.item, &declaration, &assessment, stream, self.desk.config.home());
        item.own_hold = one.is_held.then_some(OwnHold::Identifier);
        item.version = one.version;
        item.name = name;
        let act = Act::Redeclare(Box::new(Redeclaration { item, word }));
        self.station.apply(&Operation { at_ms, act, note: String::new() });
        self.answer_weighings(at_ms);
        Ok(())
    }
}

/// Returns whether an operation says something of a border.
fn is_about_border(operation: &Operation) -> bool {
    matches!(operation.act, Act::CloseBorder { .. } | Act::OpenBorder { .. })
}

/// Returns the operations that are applied together: a few thousand, or one that needs what those before it have made of
/// what is kept (a partial release, a merging) or that those behind it are assessed by (a border); `None` when there are
/// no more.
fn next_chunk(operations: &[Operation]) -> Option<&[Operation]> {
    let is_alone = |operation: &Operation| {
        matches!(operation.act, Act::ReleaseInPart { .. } | Act::Merge { .. }) || is_about_border(operation)
    };
    let first = operations.first()?;
    let most = operations.len().min(OPERATIONS);
    let length =
        if is_alone(first) { 1 } else { operations[..most].iter().position(is_alone).unwrap_or(most) };
    Some(&operations[..length])
}
