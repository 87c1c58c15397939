//! `caravan run`: the daemon.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use caravan_declaration::Limits;
use caravan_store::{Clock, Store};
use caravan_tariff::Engine;
use clap::Args;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::flow::{Flow, Intake, Scale};
use crate::folder::{Durability, Folder, lock};
use crate::inbox::{Inbox, Settle, claim, unfinished};
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
        let folder = Folder::open(&self.station)?;
        let _lock = lock(&folder)?;
        let (config, _, _) = settings(folder.root())?;
        let desk = Arc::new(Desk { config, engine: Engine::builtin(), limits: Limits::standard() });
        let url = self.database.clone().unwrap_or_else(|| folder.database().to_string_lossy().into_owned());
        let store = Store::open(&url).await?;
        let mut flow = Flow::start(folder, desk, store, Clock::Live, Scale::Person).await?;
        let (hint, mut hints) = mpsc::channel(1);
        let _watcher = watch(&flow.folder.inbox(), hint)?;
        let mut stop = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        info!(station.folder = %flow.folder.root().display(), "the station is open");
        resume(&mut flow).await?;
        let mut inbox = Inbox::default();
        loop {
            self.work(&mut flow, &mut inbox).await?;
            let pause = self.pause(&mut flow, &inbox);
            tokio::select! {
                _ = stop.recv() => break,
                _ = interrupt.recv() => break,
                _ = hints.recv() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        flow.store.close().await;
        info!("the station is closed");
        Ok(ExitCode::SUCCESS)
    }

    /// Takes every file that is whole, does what the timetable asks for, and delivers what is due.
    async fn work(&self, flow: &mut Flow, inbox: &mut Inbox) -> Result<()> {
        let settle = if self.renamed { Settle::AtOnce } else { Settle::After(i64::from(self.settle)) };
        for path in inbox.look(&flow.folder, settle, flow.clock.now_ms())? {
            if let Some((path, name)) = claim(&flow.folder, &path)? {
                take(flow, &path, &name).await?;
            }
        }
        flow.tick().await?;
        flow.deliver(Durability::Synced).await?;
        Ok(())
    }

    fn pause(&self, flow: &mut Flow, inbox: &Inbox) -> Duration {
        let sweep = Duration::from_millis(u64::from(self.sweep));
        let now_ms = flow.clock.now_ms();
        let tick = flow.next_tick_ms().map_or(sweep, |tick_ms| {
            Duration::from_millis(u64::try_from(tick_ms - now_ms).unwrap_or_default())
        });
        let rest = if inbox.is_waiting() { RESTING } else { sweep };
        sweep.min(tick).min(rest)
    }
}

/// Goes on with what a process before this one did not finish.
async fn resume(flow: &mut Flow) -> Result<()> {
    for path in unfinished(&flow.folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        take(flow, &path, &name).await?;
    }
    flow.finish_moves().await?;
    flow.take_note_of_versions().await
}

async fn take(flow: &mut Flow, path: &Path, name: &str) -> Result<()> {
    let (desk, on) = (Arc::clone(&flow.desk), flow.desk.config.day(flow.clock.now_ms()));
    let file = path.to_owned();
    let intake = tokio::task::spawn_blocking(move || Intake::of(&file, &desk, on)).await??;
    let bytes = intake.bytes;
    let verdict = flow.take_file(path, name, intake).await?;
    info!(file.name = name, file.bytes = bytes, file.verdict = verdict.as_str(), "took a file");
    Ok(())
}

/// Watches the inbox; whatever happens there, the flow gets one hint to look.
fn watch(inbox: &Path, hint: mpsc::Sender<()>) -> Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Err(error) = event {
            warn!(%error, "the watch of the inbox faltered; the next look finds everything");
        }
        // A full channel means that a hint is waiting already.
        let _ = hint.try_send(());
    })
    .context("cannot watch the inbox")?;
    watcher.watch(inbox, RecursiveMode::NonRecursive).context("cannot watch the inbox")?;
    Ok(watcher)
}
