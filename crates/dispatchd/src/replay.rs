//! Replaying a scenario: the same flow as the daemon's, on a clock of its own.
//!
//! At each moment files come first, then operations, then the timetable. Threads read and assess files ahead of the
//! one that writes; what they hand over is taken in the order of arrival, so their number changes nothing.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, anyhow, bail};
use caravan_store::{Clock, Stopwatch, Store};

use crate::flow::{Flow, Gather, Intake, OPERATIONS, Scale};
use crate::folder::{Durability, Folder};
use crate::inbox::{Inbox, Settle, claim};
use crate::intake::Desk;
use crate::overlay::{self, Overlay};
use crate::progress::Progress;
use crate::scenario::{Arrival, Operations, Scenario, settings};

/// How many items and events are written together: enough that the pages of the database are written once and not for
/// every hour of the day.
const GATHER: Gather = Gather::Rows(60_000);

/// A replay that ran through.
#[derive(Debug)]
pub struct Replayed {
    /// The flow, with everything that it kept.
    pub flow: Flow,
    /// The scenario.
    pub scenario: Scenario,
}

/// Where a replay works: both are fresh.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The station folder.
    pub station: &'a Path,
    /// The address of a database, where it is not to be in the station folder.
    pub database: Option<&'a str>,
}

/// Replays the scenario in a folder, with so many threads to read ahead.
pub async fn replay(
    folder: &Path,
    target: Target<'_>,
    threads: usize,
    progress: &Progress,
) -> Result<Replayed> {
    let (config, settings_text, rates_text) = settings(folder)?;
    let scenario = Scenario::read(folder, &config)?;
    let database = target.database;
    let target = Folder::create(target.station, Durability::Cached)?;
    let store = fresh(&target.database(database)).await?;
    target.write(&target.settings(), settings_text.as_bytes())?;
    let rates_file = caravan_station::Config::rates_file(&settings_text)?;
    target.write(&target.root().join(rates_file), rates_text.as_bytes())?;
    for name in config.files() {
        let bytes = fs::read(folder.join(name)).with_context(|| format!("cannot read `{name}`"))?;
        target.write(&target.root().join(name), &bytes)?;
    }
    for (name, text) in Overlay::read(&folder.join(overlay::FOLDER))?.texts() {
        target.write(&target.root().join(overlay::FOLDER).join(name), text.as_bytes())?;
    }
    let desk = Arc::new(Desk::open(config, folder)?);
    let clock = Clock::replay(scenario.starts_ms);
    let scale = Scale::Scripted(scenario.scale.clone());
    let mut flow = Flow::start(target, Arc::clone(&desk), store, clock.clone(), scale, GATHER).await?;
    let mut ahead = ReadAhead::start(&scenario.arrivals, &desk, threads);
    let mut inbox = Inbox::open(&flow.folder, &desk.correspondents)?;
    let mut arrivals = scenario.arrivals.as_slice();
    let mut operations = Operations::open(&scenario, &desk.config)?;
    progress.begin(arrivals.len());
    loop {
        let next_file = arrivals.first().map(|arrival| arrival.at_ms);
        let next_operation = operations.next_ms();
        let next_tick = flow.next_tick_ms();
        let next = [next_file, next_operation, next_tick].into_iter().flatten().min();
        let Some(now_ms) = next.filter(|next| *next <= scenario.ends_ms) else { break };
        clock.advance(now_ms);
        flow.look_again().await?;
        if next_file == Some(now_ms) {
            let (arrival, rest) = arrivals.split_first().expect("a file is next");
            let watch = Stopwatch::start();
            let intake = ahead.next()?;
            flow.timings.wait += watch.elapsed();
            take(&mut flow, &mut inbox, arrival, intake).await?;
            arrivals = rest;
            progress.file(&arrival.name);
        } else if next_operation == Some(now_ms) {
            let until_ms = next_file.into_iter().chain(next_tick).min().unwrap_or(i64::MAX);
            let now = operations.take_before(until_ms.min(scenario.ends_ms + 1), OPERATIONS)?;
            flow.operate(&now, None, 0).await?;
        } else {
            flow.tick().await?;
        }
        flow.settle().await?;
    }
    clock.advance(scenario.ends_ms);
    flow.finish().await?;
    let watch = Stopwatch::start();
    flow.deliver().await?;
    flow.timings.deliver += watch.elapsed();
    progress.end();
    Ok(Replayed { flow, scenario })
}

/// Opens a database in which no station has worked yet.
async fn fresh(address: &str) -> Result<Store> {
    let store = Store::open(address).await?;
    if !store.snapshot().await?.0.is_first() {
        bail!("the database is not empty\nhint: a replay works in a fresh database");
    }
    Ok(store)
}

/// Lets a file arrive in the inbox and works it through, as a daemon would.
async fn take(flow: &mut Flow, inbox: &mut Inbox, arrival: &Arrival, intake: Intake) -> Result<()> {
    flow.flush_created().await?;
    let place = flow.folder.inbox().join(&arrival.name);
    // A second name for the same bytes is as good as a copy, and nothing here ever writes into an inbox file.
    if fs::hard_link(&arrival.path, &place).is_err() {
        fs::copy(&arrival.path, &place)
            .with_context(|| format!("cannot copy `{}`", arrival.path.display()))?;
    }
    let mut intake = Some(intake);
    for path in inbox.look(Settle::AtOnce, flow.clock.now_ms())? {
        if let Some((path, name)) = claim(&flow.folder, &path)? {
            let intake = intake.take().ok_or_else(|| anyhow!("`{name}` was not expected in the inbox"))?;
            let watch = Stopwatch::start();
            flow.take_file(&path, &name, intake).await?;
            flow.timings.files += watch.elapsed();
        }
    }
    Ok(())
}

/// Files being read and assessed ahead, handed over in the order of arrival. As many are in memory as there are
/// places; one is free again when its file is handed over.
#[derive(Debug)]
struct ReadAhead {
    results: VecDeque<Receiver<Result<Intake>>>,
    places: Receiver<()>,
}

#[derive(Debug)]
struct Job {
    path: PathBuf,
    name: String,
    on: chrono::NaiveDate,
    done: SyncSender<Result<Intake>>,
}

/// How many files each thread may be ahead: enough to keep it busy, few enough to hold in memory.
const AHEAD: usize = 4;

impl ReadAhead {
    fn start(arrivals: &[Arrival], desk: &Arc<Desk>, threads: usize) -> Self {
        let (queue, jobs) = sync_channel::<Job>(0);
        let (take_place, places) = sync_channel(threads * AHEAD);
        let jobs = Arc::new(Mutex::new(jobs));
        for _ in 0..threads {
            let (jobs, desk) = (Arc::clone(&jobs), Arc::clone(desk));
            std::thread::spawn(move || {
                while let Some(job) = next_job(&jobs) {
                    // A replay that has stopped wants no more results.
                    let _ = job.done.send(Intake::of(&job.path, &job.name, &desk, job.on));
                }
            });
        }
        let mut results = VecDeque::with_capacity(arrivals.len());
        let mut waiting = Vec::with_capacity(arrivals.len());
        for arrival in arrivals {
            let (done, result) = sync_channel(1);
            results.push_back(result);
            let on = desk.config.day(arrival.at_ms);
            waiting.push(Job { path: arrival.path.clone(), name: arrival.name.clone(), on, done });
        }
        std::thread::spawn(move || {
            for job in waiting {
                if take_place.send(()).is_err() || queue.send(job).is_err() {
                    return;
                }
            }
        });
        Self { results, places }
    }

    fn next(&mut self) -> Result<Intake> {
        let result = self.results.pop_front().ok_or_else(|| anyhow!("more files than arrivals"))?;
        let intake = result.recv().context("a thread that reads ahead has ended")?;
        self.places.recv().context("the thread that hands out files has ended")?;
        intake
    }
}

fn next_job(jobs: &Mutex<Receiver<Job>>) -> Option<Job> {
    jobs.lock().ok()?.recv().ok()
}
