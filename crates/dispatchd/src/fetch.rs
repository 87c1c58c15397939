//! Feeds of exchange rates: fetched over HTTP, read by `tariff`, and kept in the station folder as the last good ones.
//!
//! Nothing waits for a feed: a task of its own fetches, and tells the daemon when newer rates lie in `rates/`. What
//! cannot be fetched leaves what is held as it is; how old that is shows in every assessment that uses it.

pub mod held;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use caravan_postal::Language;
use caravan_station::FeedSettings;
use caravan_store::Clock;
use caravan_tariff::feeds::{self, FeedLimits};
use reqwest::header::{ETAG, IF_NONE_MATCH};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::flow::FindingView;
use crate::folder::Folder;
use crate::intake::Desk;
use crate::texts::CATALOGUE;
use held::{Fetched, Held};

/// What a fetch may take.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// To reach the publisher.
    pub connect: Duration,
    /// For the whole answer.
    pub answer: Duration,
    /// The longest answer, in bytes.
    pub bytes_max: usize,
    /// How often one fetch is tried.
    pub attempts: u32,
    /// How long after the first failure the second attempt waits; each further one waits four times as long.
    pub backoff: Duration,
    /// The most redirections.
    pub redirects_max: usize,
}

/// Why there are no newer rates.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The publisher was not reached, or fell silent.
    #[error("cannot reach the publisher")]
    Transport(#[source] reqwest::Error),
    /// It answers with something else than a file.
    #[error("the publisher answers with status {0}")]
    Status(u16),
    /// The answer is longer than any file of its kind.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
    /// The answer is no feed of its kind.
    #[error("the answer cannot be used: {0}")]
    Unreadable(String),
    /// What was fetched cannot be kept.
    #[error("cannot keep the rates: {0:#}")]
    Kept(anyhow::Error),
}

/// What a fetch has brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Rates were read and laid over what was held.
    Rates {
        /// How many rates the file had.
        read: usize,
        /// How many the station holds of the feed now.
        held: usize,
    },
    /// The publisher has nothing newer.
    Same,
}

/// Fetches the feeds of a station.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    bounds: Bounds,
    folder: Folder,
    desk: Arc<Desk>,
}

/// Some publishers (CFETS) answer browsers only.
const USER_AGENT: &str = concat!("Mozilla/5.0 (compatible; caravan/", env!("CARGO_PKG_VERSION"), ")");
/// How long after a fetch that failed the next one begins, at the most.
const AGAIN_HOURS_MAX: u32 = 1;
/// How many rates of one feed are held; the oldest go first.
const HELD_MAX: usize = 100_000;

impl Bounds {
    /// Returns what the daemon allows.
    pub fn standard() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_mins(1),
            bytes_max: FeedLimits::standard().bytes_max,
            attempts: 4,
            backoff: Duration::from_secs(2),
            redirects_max: 5,
        }
    }
}

impl FetchError {
    /// Returns whether the same request may succeed a little later.
    fn is_passing(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Status(status) => *status >= 500 || matches!(status, 408 | 429),
            Self::TooLarge(_) | Self::Unreadable(_) | Self::Kept(_) => false,
        }
    }
}

impl fmt::Display for News {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rates { read, held } => write!(f, "{read} rates read, {held} held"),
            Self::Same => f.write_str("nothing newer"),
        }
    }
}

impl Fetcher {
    /// Sets a fetcher up for a station's feeds.
    pub fn new(folder: &Folder, desk: &Arc<Desk>, bounds: Bounds) -> Result<Self> {
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(bounds.connect)
            .timeout(bounds.answer)
            .redirect(redirect::Policy::limited(bounds.redirects_max))
            .build()
            .context("cannot set up what fetches exchange rates")?;
        Ok(Self { client, bounds, folder: folder.clone(), desk: Arc::clone(desk) })
    }

    /// Fetches each feed when it is due, until the task is aborted; `news` is set and a hint given when there are newer
    /// rates. Aborting is safe at any place: a file of rates is whole or not there.
    pub fn start(self, clock: Clock, news: Arc<AtomicBool>, hint: mpsc::Sender<()>) -> JoinHandle<()> {
        tokio::spawn(async move {
            let config = &self.desk.config;
            let mut due: Vec<(i64, &FeedSettings)> =
                config.feeds.iter().map(|settings| (self.first_due_ms(settings), settings)).collect();
            loop {
                due.sort_by_key(|(due_ms, _)| *due_ms);
                let Some((due_ms, settings)) = due.first_mut() else { return };
                let wait_ms = u64::try_from(*due_ms - clock.now_ms()).unwrap_or_default();
                tokio::time::sleep(Duration::from_millis(wait_ms)).await;
                let now_ms = clock.now_ms();
                let name = settings.feed.as_str();
                let hours = match self.fetch(settings, now_ms).await {
                    Ok(got) => {
                        if got != News::Same {
                            news.store(true, Ordering::SeqCst);
                        }
                        info!(feed.name = name, "fetched exchange rates: {got}");
                        if got != News::Same {
                            // A full channel means that a hint is waiting already.
                            let _ = hint.try_send(());
                        }
                        settings.every_hours
                    }
                    Err(error) => {
                        let error = anyhow::Error::from(error);
                        warn!(
                            feed.name = name,
                            error = format!("{error:#}"),
                            "cannot fetch exchange rates; the last good ones stay"
                        );
                        settings.every_hours.min(AGAIN_HOURS_MAX)
                    }
                };
                let again = FeedSettings { every_hours: hours, ..settings.clone() };
                *due_ms = config.moment(again.next_after(config.local(now_ms)));
            }
        })
    }

    /// A feed that was never fetched is due at once.
    fn first_due_ms(&self, settings: &FeedSettings) -> i64 {
        let config = &self.desk.config;
        let held = held::read(&held::path(self.folder.root(), settings.feed)).ok().flatten();
        held.map_or(0, |held| config.moment(settings.next_after(config.local(held.fetched.at_ms()))))
    }

    /// Fetches a feed now: several attempts, and what was read is laid over what is held.
    pub async fn fetch(&self, settings: &FeedSettings, now_ms: i64) -> Result<News, FetchError> {
        let path = held::path(self.folder.root(), settings.feed);
        let url = settings.url_on(self.desk.config.day(now_ms));
        // What cannot be read is fetched anew as a whole.
        let held = held::read(&path).ok().flatten();
        let known =
            held.as_ref().filter(|held| held.fetched.url == url).map(|held| held.fetched.etag.clone());
        let mut pause = self.bounds.backoff;
        let mut attempt = 1;
        let answer = loop {
            match self.ask(&url, known.as_deref().filter(|etag| !etag.is_empty())).await {
                Err(error) if error.is_passing() && attempt < self.bounds.attempts => {
                    tokio::time::sleep(pause).await;
                    pause *= 4;
                    attempt += 1;
                }
                answer => break answer?,
            }
        };
        let fetched = |etag: String| Fetched::new(now_ms, url.clone(), etag);
        match (answer, held) {
            (None, Some(held)) => {
                let held = Held { fetched: fetched(held.fetched.etag), ..held };
                self.keep(&path, &held).map(|()| News::Same)
            }
            // Nobody asked whether there is something newer.
            (None, None) => Err(FetchError::Status(StatusCode::NOT_MODIFIED.as_u16())),
            (Some((bytes, etag)), held) => self.take(settings, path, bytes, fetched(etag), held).await,
        }
    }

    /// Asks once; `None` when nothing is newer than what `etag` names.
    async fn ask(&self, url: &str, etag: Option<&str>) -> Result<Option<(Vec<u8>, String)>, FetchError> {
        let mut request = self.client.get(url);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let response = request.send().await.map_err(FetchError::Transport)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED => return Ok(None),
            other => return Err(FetchError::Status(other.as_u16())),
        }
        let etag =
            response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).unwrap_or_default().to_owned();
        Ok(Some((self.body(response).await?, etag)))
    }

    async fn body(&self, mut response: Response) -> Result<Vec<u8>, FetchError> {
        let max = self.bounds.bytes_max;
        if response.content_length().is_some_and(|length| length > max as u64) {
            return Err(FetchError::TooLarge(max));
        }
        let mut bytes = Vec::new();
        while let Some(part) = response.chunk().await.map_err(FetchError::Transport)? {
            if bytes.len() + part.len() > max {
                return Err(FetchError::TooLarge(max));
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    }

    /// Reads what was fetched, away from the threads that answer, and keeps it.
    async fn take(
        &self,
        settings: &FeedSettings,
        path: PathBuf,
        bytes: Vec<u8>,
        fetched: Fetched,
        held: Option<Held>,
    ) -> Result<News, FetchError> {
        let (feed, desk) = (settings.feed, Arc::clone(&self.desk));
        let work = tokio::task::spawn_blocking(move || {
            let reading = feeds::read(feed, &bytes, &FeedLimits::standard());
            if !reading.is_good() {
                return Err(FetchError::Unreadable(first_finding(&reading)));
            }
            for finding in &reading.findings {
                let line = FindingView::of(finding, &CATALOGUE, Language::En).line(feed.as_str());
                info!(feed.name = feed.as_str(), "{line}");
            }
            let authority = desk.engine.authority(feed.authority());
            let authority =
                authority.context("the tables do not know the authority").map_err(FetchError::Kept)?;
            let laid = feeds::lay(&reading.rates, feed, authority);
            let rates = held.map_or_else(|| laid.clone(), |held| held.rates.laid_over(&laid));
            Ok((reading.rates.len(), Held { feed, fetched, rates: rates.latest(HELD_MAX) }))
        });
        let (read, held) = work.await.map_err(|error| FetchError::Kept(error.into()))??;
        let count = held.rates.quotations().count();
        self.keep(&path, &held).map(|()| News::Rates { read, held: count })
    }

    fn keep(&self, path: &Path, held: &Held) -> Result<(), FetchError> {
        self.folder.write(path, held.to_toml().as_bytes()).map_err(FetchError::Kept)
    }
}

fn first_finding(reading: &feeds::Reading) -> String {
    let worst = reading.findings.iter().max_by_key(|finding| finding.severity());
    worst
        .map_or_else(String::new, |finding| FindingView::of(finding, &CATALOGUE, Language::En).line("answer"))
}
