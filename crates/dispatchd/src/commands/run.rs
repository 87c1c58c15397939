//! `caravan run`: the daemon.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Result;
use caravan_store::{Clock, Store, StoreError};
use clap::Args;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::fetch::{Bounds, Fetcher, held};
use crate::flow::{Flow, Gather, Scale};
use crate::folder::{Folder, lock};
use crate::inbox::{Inbox, Settle, claim, name_below, unfinished};
use crate::intake::Desk;
use crate::scenario::settings;

/// Run the daemon on a station folder.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The station folder.
    #[arg(long, value_name = "DIR")]
    station: PathBuf,
    /// The address of the database; without it, `station.db` in the station folder.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// For how long a file must not change before it counts as whole, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 2_000)]
    settle: u32,
    /// Files appear in the inbox only by being renamed into place, and are taken at once.
    #[arg(long, conflicts_with = "settle")]
    renamed: bool,
    /// How often the whole inbox is looked at without a hint, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 60_000)]
    sweep: u32,
}

/// How soon the inbox is looked at again while a file in it is coming to rest.
const RESTING: Duration = Duration::from_millis(250);

impl Run {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let (hint, mut hints) = mpsc::channel(1);
        let stop = stop_on_signals(hint.clone())?;
        let folder = Folder::open(&self.station)?;
        let _lock = lock(&folder)?;
        let (config, _, _) = settings(folder.root())?;
        let desk = Arc::new(Desk::open(config, folder.root())?);
        let examples = desk.config.rates.quotations().filter(|rate| rate.is_example).count();
        if examples > 0 {
            warn!(
                rates.examples = examples,
                "{examples} exchange rates are examples: sums by them are not confirmed"
            );
        }
        let url = folder.database(self.database.as_deref());
        let store = Store::open(&url).await?;
        let inbox = Inbox::open(&folder, &desk.correspondents)?;
        let flow = Flow::start(folder, desk, store, Clock::Live, Scale::Person, Gather::Nothing).await?;
        let feed_hint = hint.clone();
        let _watcher = watch(&inbox, hint);
        for name in inbox.strangers()? {
            warn!(folder.name = name, "a folder of the inbox is no correspondent's: its files are not taken");
        }
        info!(station.folder = %flow.folder.root().display(), "the station is open");
        let news = Arc::new(AtomicBool::new(false));
        let fetching = Fetcher::new(&flow.folder, &flow.desk, Bounds::standard())?.start(
            flow.clock.clone(),
            Arc::clone(&news),
            feed_hint,
        );
        let mut daemon = Daemon { flow, inbox, stop, news, is_behind: true };
        daemon.flow.take_note_of_versions().await?;
        daemon.flow.finish_moves_of_gone_files().await?;
        while !daemon.is_stopped() {
            daemon.work(self.settle()).await?;
            if daemon.is_stopped() {
                break;
            }
            let pause = self.pause(&mut daemon);
            tokio::select! {
                _ = hints.recv() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        fetching.abort();
        daemon.flow.store.close().await;
        info!("the station is closed");
        Ok(ExitCode::SUCCESS)
    }

    fn settle(&self) -> Settle {
        if self.renamed { Settle::AtOnce } else { Settle::After(i64::from(self.settle)) }
    }

    fn pause(&self, daemon: &mut Daemon) -> Duration {
        let sweep = Duration::from_millis(u64::from(self.sweep));
        let now_ms = daemon.flow.clock.now_ms();
        let tick = daemon.flow.next_tick_ms().map_or(sweep, |tick_ms| {
            Duration::from_millis(u64::try_from(tick_ms - now_ms).unwrap_or_default())
        });
        let rest = if daemon.inbox.is_waiting() { RESTING } else { sweep };
        sweep.min(tick).min(rest)
    }
}

/// A station's flow with what it takes its work from.
#[derive(Debug)]
struct Daemon {
    flow: Flow,
    inbox: Inbox,
    stop: Arc<AtomicBool>,
    /// Whether newer rates lie in `rates/`.
    news: Arc<AtomicBool>,
    /// Whether files may lie in `work/` that are to be gone on with.
    is_behind: bool,
}

impl Daemon {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Assesses by newer exchange rates from here on, if there are any.
    fn take_rates(&mut self) {
        if !self.news.swap(false, Ordering::SeqCst) {
            return;
        }
        match held::read_all(self.flow.folder.root()) {
            Ok(all) => {
                let mut desk = (*self.flow.desk).clone();
                for held in &all {
                    desk = desk.with_rates(&held.rates);
                }
                self.flow.take_desk(Arc::new(desk));
            }
            Err(error) => warn!(error = format!("{error:#}"), "newer exchange rates are not used for now"),
        }
    }

    /// Takes every file that is whole, does what the timetable asks for, and delivers what is due; stops between two
    /// files when it is told to.
    async fn work(&mut self, settle: Settle) -> Result<()> {
        if self.is_behind {
            self.is_behind = false;
            for path in unfinished(&self.flow.folder)? {
                let name = name_below(&self.flow.folder.work(), &path);
                self.take(&path, &name).await?;
            }
        }
        for path in self.inbox.look(settle, self.flow.clock.now_ms())? {
            if self.is_stopped() {
                return Ok(());
            }
            match claim(&self.flow.folder, &path) {
                Ok(Some((path, name))) => self.take(&path, &name).await?,
                Ok(None) => {}
                Err(error) => warn!(error = format!("{error:#}"), "a file stays in the inbox for now"),
            }
        }
        self.take_rates();
        self.flow.look_again().await?;
        self.flow.tick().await?;
        if let Err(error) = self.flow.deliver().await {
            cope(error, "what is due stays in the database for now")?;
        }
        Ok(())
    }

    /// Works a file through. One that cannot be moved although its verdict stands is tried again at the next look,
    /// and not read again for that.
    async fn take(&mut self, path: &Path, name: &str) -> Result<()> {
        self.take_rates();
        let judged = self.flow.judge(path, name).await?;
        match self.flow.put_away(&judged, path, name).await {
            Ok(verdict) => info!(file.name = name, file.verdict = verdict, "took a file"),
            Err(error) => {
                cope(error, "a file stays in `work` for now")?;
                self.is_behind = true;
            }
        }
        Ok(())
    }
}

/// Shows trouble with files and goes on; trouble with the database ends the process.
fn cope(error: anyhow::Error, what: &'static str) -> Result<()> {
    if error.chain().any(<dyn std::error::Error>::is::<StoreError>) {
        return Err(error);
    }
    warn!(error = format!("{error:#}"), "{what}");
    Ok(())
}

/// Returns what tells that the process is asked to end; it also gives a hint then.
fn stop_on_signals(hint: mpsc::Sender<()>) -> Result<Arc<AtomicBool>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        told.store(true, Ordering::SeqCst);
        // A full channel means that a hint is waiting already.
        let _ = hint.try_send(());
    });
    Ok(stop)
}

/// Watches the inbox and the folders of its correspondents; whatever happens there, the flow gets one hint to look.
/// Without a watch, the regular looks find everything, only later.
fn watch(inbox: &Inbox, hint: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Err(error) = event {
            warn!(%error, "the watch of the inbox faltered; the next look finds everything");
        }
        // A full channel means that a hint is waiting already.
        let _ = hint.try_send(());
    });
    let watching = watcher.and_then(|mut watcher| {
        for place in inbox.places() {
            watcher.watch(place, RecursiveMode::NonRecursive)?;
        }
        Ok(watcher)
    });
    watching
        .inspect_err(|error| warn!(%error, "cannot watch the inbox; it is looked at from time to time"))
        .ok()
}
