//! `caravan reference rates`: what a station holds of each authority, and how old it is.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use caravan_store::Clock;
use caravan_tariff::feeds::Feed;
use chrono::NaiveDate;
use clap::Args;
use serde_json::json;
use tracing::warn;

use crate::commands::{FOUND, day};
use crate::fetch::{Bounds, Fetcher, held};
use crate::folder::Folder;
use crate::intake::Desk;
use crate::scenario::settings;

/// List the exchange rates that a station holds, and how old they are.
#[derive(Debug, Args)]
pub(super) struct HeldRates {
    /// The station folder.
    #[arg(long, value_name = "DIR")]
    station: PathBuf,
    /// Fetch every feed of the station once, before listing.
    #[arg(long)]
    fetch: bool,
    /// The day that the age is counted to; the station's own, when not said.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    on: Option<NaiveDate>,
    /// Print JSON, one object an authority.
    #[arg(long)]
    json: bool,
}

/// What is held of one authority.
#[derive(Debug)]
struct OfAuthority {
    authority: String,
    rates: usize,
    /// The first day of the latest rate that has begun.
    latest: Option<NaiveDate>,
    /// How many days ago that was.
    days: Option<i64>,
    /// Whether it no longer counts on the day.
    is_old: bool,
    /// The first day of the last rate of all, which may be to come.
    last: Option<NaiveDate>,
    /// Where the latest was published.
    source: String,
    /// How many of them are examples that nobody published.
    examples: usize,
    /// When its feed was fetched.
    fetched: Option<String>,
}

impl HeldRates {
    pub(super) async fn run(self) -> Result<ExitCode> {
        let folder = Folder::open(&self.station)?;
        let desk = Arc::new(Desk::open(settings(folder.root())?.0, folder.root())?);
        let is_whole = !self.fetch || self.fetch_all(&folder, &desk).await?;
        // Read anew: a fetch may have changed what is held.
        let config = settings(folder.root())?.0;
        let on = self.on.unwrap_or_else(|| config.day(Clock::Live.now_ms()));
        let mut fetched: BTreeMap<&str, String> = BTreeMap::new();
        for held in held::read_all(folder.root())? {
            fetched.insert(held.feed.authority(), held.fetched.at());
        }
        let mut authorities: BTreeMap<String, OfAuthority> = BTreeMap::new();
        for rate in config.rates.quotations() {
            let name = rate.authority.to_string();
            let of = authorities.entry(name).or_insert_with_key(|name| OfAuthority {
                authority: name.clone(),
                rates: 0,
                latest: None,
                days: None,
                is_old: false,
                last: None,
                source: String::new(),
                examples: 0,
                fetched: fetched.get(name.as_str()).cloned(),
            });
            of.rates += 1;
            of.examples += usize::from(rate.is_example);
            of.last = of.last.max(Some(rate.valid_from));
            if rate.valid_from <= on && of.latest <= Some(rate.valid_from) {
                of.latest = Some(rate.valid_from);
                of.source = rate.source.to_string();
                of.days = Some((on - rate.valid_from).num_days());
                let authority = desk.engine.authority(&rate.authority);
                of.is_old = authority.is_some_and(|authority| authority.age(rate, on).is_some());
            }
        }
        for authority in authorities.values() {
            println!("{}", if self.json { authority.object() } else { authority.line() });
        }
        Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(FOUND) })
    }

    /// Fetches every feed; returns whether each could be.
    async fn fetch_all(&self, folder: &Folder, desk: &Arc<Desk>) -> Result<bool> {
        // Who waits in front of the screen tries again by hand.
        let bounds = Bounds { attempts: 1, ..Bounds::standard() };
        let fetcher = Fetcher::new(folder, desk, bounds)?;
        let mut is_whole = true;
        for settings in &desk.config.feeds {
            let name = Feed::as_str(settings.feed);
            match fetcher.fetch(settings, Clock::Live.now_ms()).await {
                Ok(news) => eprintln!("{name}: {news}"),
                Err(error) => {
                    is_whole = false;
                    let error = anyhow::Error::from(error);
                    warn!(feed.name = name, error = format!("{error:#}"), "cannot fetch exchange rates");
                }
            }
        }
        Ok(is_whole)
    }
}

impl OfAuthority {
    fn object(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        json!({
            "authority": self.authority,
            "rates": self.rates,
            "latest": day(self.latest),
            "days": self.days,
            "is_old": self.is_old,
            "last": day(self.last),
            "source": self.source,
            "examples": self.examples,
            "fetched": self.fetched,
        })
        .to_string()
    }

    fn line(&self) -> String {
        let age = match (self.latest, self.days) {
            (Some(latest), Some(days)) => {
                let mark = if self.is_old { ", too old" } else { "" };
                format!("of {latest}, {days} days{mark}")
            }
            _ => self.last.map_or_else(String::new, |last| format!("from {last}")),
        };
        let fetched = self.fetched.as_ref().map_or_else(String::new, |at| format!(", fetched {at}"));
        let source = if self.source.is_empty() { String::new() } else { format!(", {}", self.source) };
        let example =
            if self.examples > 0 { format!(", {} are examples", self.examples) } else { String::new() };
        format!("{:<9} {:>6} rates, latest {age}{source}{example}{fetched}", self.authority, self.rates)
    }
}
