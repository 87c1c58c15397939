//! The flow: files become kept items, operations and the timetable become what the station does, and what is due
//! leaves through the outbox.
//!
//! Every step is one transaction, and every step can be done again after a crash without doing anything twice.

mod files;
mod operations;
mod papers;
mod report;

use std::sync::Arc;

use anyhow::Result;
use caravan_station::{Changes, Station};
use caravan_store::{Clock, Noted, Outbound, Stopwatch, Store, Undelivered, Version};

use crate::folder::{Durability, Folder};
use crate::intake::Desk;
use crate::timings::Timings;

pub use files::{CODES, Content, Intake, Judged};
pub use operations::Scale;
pub use report::FindingView;

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
    scale: Scale,
    gather: Gather,
    /// The papers of what is not written yet, and how many of the due ones they are.
    papers: Vec<Outbound>,
    papers_made: usize,
}

/// When what the station has changed is written. Outputs are the same either way; what differs is what a crash leaves
/// to be done again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gather {
    /// After every step: a daemon promises what it has answered.
    Nothing,
    /// When so many events have gathered: a replay answers to nobody before its end.
    Events(usize),
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
        let (timings, papers) = (Timings::default(), Vec::new());
        Ok(Self {
            folder,
            desk,
            store,
            clock,
            timings,
            station,
            version,
            scale,
            gather,
            papers,
            papers_made: 0,
        })
    }

    /// Returns when the timetable next asks for something.
    pub fn next_tick_ms(&mut self) -> Option<i64> {
        self.station.next_tick(self.clock.now_ms()).map(|tick| tick.at_ms)
    }

    /// Does everything that the timetable asks for up to now.
    pub async fn tick(&mut self) -> Result<()> {
        let now_ms = self.clock.now_ms();
        while let Some(tick) = self.station.next_tick(now_ms).filter(|tick| tick.at_ms <= now_ms) {
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
            Gather::Events(events) if self.station.changes().events.len() < events => Ok(()),
            Gather::Events(_) | Gather::Nothing => self.commit(Noted::default()).await,
        }
    }

    /// Writes what has gathered if a scan has created items: a file may be about to declare them.
    pub async fn flush_created(&mut self) -> Result<()> {
        if self.station.changes().created.is_empty() { Ok(()) } else { self.flush().await }
    }

    /// Writes everything that has gathered.
    pub async fn flush(&mut self) -> Result<()> {
        self.commit(Noted::default()).await
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
    async fn commit(&mut self, noted: Noted) -> Result<()> {
        self.make_papers().await?;
        let watch = Stopwatch::start();
        let changes: &Changes = self.station.changes();
        let at_ms = self.clock.now_ms();
        let state = self.station.state();
        self.version = self.store.apply(self.version, state, changes, &self.papers, &noted, at_ms).await?;
        self.station.settle_changes();
        self.papers.clear();
        self.papers_made = 0;
        self.timings.apply += watch.elapsed();
        Ok(())
    }

    /// Delivers what waits in the outbox, each under a name made from its key.
    pub async fn deliver(&self, durability: Durability) -> Result<usize> {
        let mut delivered = 0;
        loop {
            let waiting = self.store.undelivered().await?;
            if waiting.is_empty() {
                return Ok(delivered);
            }
            for Undelivered { outbound, .. } in &waiting {
                self.folder.write(&self.folder.outbox().join(&outbound.key), &outbound.body, durability)?;
            }
            self.store.delivered(&waiting).await?;
            delivered += waiting.len();
        }
    }
}
