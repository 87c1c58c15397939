//! The flow: files become kept items, operations and the timetable become what the station does, and what is due
//! leaves through the outbox.
//!
//! Every step is one transaction, and every step can be done again after a crash without doing anything twice.

mod advised;
mod cases;
mod confirmation;
mod consignments;
mod corrections;
mod damage;
mod files;
mod filing;
mod heard;
mod inland;
mod interchange;
mod journey;
mod messages;
mod operations;
mod order;
mod papers;
mod posts;
mod presentation;
mod printed;
mod reassess;
mod report;
mod response;
mod taken_back;
mod verification;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use caravan_station::{Changes, Due, ItemId, Station};
use caravan_store::{Clock, Noted, Outbound, RevisionId, Stopwatch, Store, Undelivered, Version};

use crate::folder::Folder;
use crate::intake::Desk;
use crate::timings::Timings;

use corrections::Withheld;
use reassess::Assessed;

pub use files::{Content, Intake, Judged};
pub use operations::Scale;
pub use report::{FindingView, place_on};

/// How many operations are applied and written together.
pub(crate) const OPERATIONS: usize = 5_000;

/// A station's flow, as the one process that holds its lease runs it.
#[derive(Debug)]
pub struct Flow {
    /// The station folder.
    pub folder: Folder,
    /// What files are read and assessed with.
    pub desk: Arc<Desk>,
    /// Everything that is kept.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Where the time goes.
    pub timings: Timings,
    station: Station,
    version: Version,
    /// What is assessed with, as it is kept.
    revision: RevisionId,
    /// For which days answers about waiting items were looked at again.
    assessed: Option<Assessed>,
    scale: Scale,
    gather: Gather,
    /// How many items and events are written and not committed yet.
    unsettled: usize,
    /// The papers of what is not written yet, and how many of the due ones they are.
    papers: Vec<Outbound>,
    papers_made: usize,
    /// What customs kept of items, until their acts are drafted.
    withheld: BTreeMap<ItemId, Withheld>,
    /// How many of the due ones the scale has looked at.
    answered: usize,
}

/// When what the station has changed is written. Outputs are the same either way; what differs is what a crash leaves
/// to be done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gather {
    /// After every step: a daemon promises what it has answered.
    Nothing,
    /// When so many items and events have gathered: a replay answers to nobody before its end.
    Rows(usize),
}

impl Flow {
    /// Takes the station's lease and sets the station to work on what is kept.
    pub async fn start(
        folder: Folder,
        desk: Arc<Desk>,
        store: Store,
        clock: Clock,
        scale: Scale,
        gather: Gather,
    ) -> Result<Self> {
        let holder = format!("process {}", std::process::id());
        let (version, state) = store.take_lease(&holder, clock.now_ms()).await?;
        let station = Station::new(Arc::new(desk.config.clone()), state);
        let revision = store.keep_revision(desk.engine.revision(), || desk.overlay.pack()).await?;
        let (timings, papers) = (Timings::default(), Vec::new());
        if gather != Gather::Nothing {
            store.hold().await?;
        }
        let mut flow = Self {
            folder,
            desk,
            store,
            clock,
            timings,
            station,
            version,
            revision,
            assessed: None,
            scale,
            gather,
            unsettled: 0,
            papers,
            papers_made: 0,
            withheld: BTreeMap::new(),
            answered: 0,
        };
        flow.heed_borders();
        Ok(flow)
    }

    /// Reads and assesses with another desk from here on: one of the same tables with newer rates. Answers about waiting
    /// items are looked at again by it.
    pub fn take_desk(&mut self, desk: Arc<Desk>) {
        self.desk = desk;
        self.heed_borders();
        self.assessed = None;
    }

    /// Returns when the timetable next asks for something.
    pub fn next_tick_ms(&mut self) -> Option<i64> {
        self.station.next_tick(self.clock.now_ms()).map(|tick| tick.at_ms)
    }

    /// Does everything that the timetable asks for up to now.
    pub async fn tick(&mut self) -> Result<()> {
        let now_ms = self.clock.now_ms();
        while let Some(tick) = self.station.next_tick(now_ms).filter(|tick| tick.at_ms <= now_ms) {
            let poured_out = self.station.poured_out_at(&tick);
            self.admit_inside(&poured_out).await?;
            self.admit_waiting(&tick).await?;
            let watch = Stopwatch::start();
            self.station.tick(tick);
            self.answer_weighings(tick.at_ms);
            self.timings.station += watch.elapsed();
            self.advance().await?;
        }
        Ok(())
    }

    /// Makes the papers that have become due, while the station stands as it made them due, and writes when it is time.
    async fn advance(&mut self) -> Result<()> {
        self.make_papers().await?;
        match self.gather {
            Gather::Rows(rows) if self.station.changes().events.len() < rows => Ok(()),
            Gather::Rows(_) | Gather::Nothing => self.write(Noted::default()).await,
        }
    }

    /// Writes what has gathered if a scan has created items: a file may be about to declare them.
    pub async fn flush_created(&mut self) -> Result<()> {
        if self.station.changes().created.is_empty() { Ok(()) } else { self.flush().await }
    }

    /// Writes everything that has gathered.
    pub async fn flush(&mut self) -> Result<()> {
        self.write(Noted::default()).await
    }

    /// Commits what is written, if so much has gathered.
    pub async fn settle(&mut self) -> Result<()> {
        match self.gather {
            Gather::Rows(rows) if self.unsettled >= rows => {
                let watch = Stopwatch::start();
                self.store.release().await?;
                self.store.hold().await?;
                self.unsettled = 0;
                self.timings.commit += watch.elapsed();
                Ok(())
            }
            Gather::Rows(_) | Gather::Nothing => Ok(()),
        }
    }

    /// Writes and commits everything; from here on every step is committed on its own.
    pub async fn finish(&mut self) -> Result<()> {
        self.flush().await?;
        self.gather = Gather::Nothing;
        let watch = Stopwatch::start();
        self.store.release().await?;
        self.timings.commit += watch.elapsed();
        Ok(())
    }

    /// Returns whether something has become due since papers were last made that has papers.
    fn is_paper_due(&self) -> bool {
        self.station.due_since(self.papers_made).iter().any(|due| !matches!(due, Due::Weighing(_)))
    }

    async fn make_papers(&mut self) -> Result<()> {
        let watch = Stopwatch::start();
        let papers = self.papers_due().await?;
        self.papers.extend(papers);
        self.papers_made = self.station.changes().due.len();
        self.timings.papers += watch.elapsed();
        Ok(())
    }

    /// Writes what the station has changed, with the papers that are due because of it.
    async fn write(&mut self, noted: Noted) -> Result<()> {
        self.make_papers().await?;
        let watch = Stopwatch::start();
        let changes: &Changes = self.station.changes();
        let at_ms = self.clock.now_ms();
        let state = self.station.state();
        self.version = self.store.apply(self.version, state, changes, &self.papers, &noted, at_ms).await?;
        self.unsettled += changes.events.len();
        self.station.settle_changes();
        self.papers.clear();
        self.papers_made = 0;
        self.withheld.clear();
        self.answered = 0;
        self.timings.apply += watch.elapsed();
        Ok(())
    }

    /// Delivers what waits in the outbox, each under a name made from its key.
    pub async fn deliver(&self) -> Result<usize> {
        let mut delivered = 0;
        loop {
            let waiting = self.store.undelivered().await?;
            if waiting.is_empty() {
                return Ok(delivered);
            }
            for Undelivered { outbound, .. } in &waiting {
                self.folder.write(&self.folder.outbox().join(&outbound.key), &outbound.body)?;
            }
            self.store.delivered(&waiting).await?;
            delivered += waiting.len();
        }
    }
}
