//! Reading alone: the typed reader, and tariff behind it, beside a bare scan of the same bytes.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use caravan_declaration::{Declaration, Limits, read};
use caravan_station::Config;
use caravan_tariff::{Engine, Flow, Question, Transport};
use chrono::NaiveDate;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::measure::{median, timed};

/// How long each way of reading took, run by run.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    bare: Vec<Duration>,
    typed: Vec<Duration>,
    assessed: Vec<Duration>,
}

/// One run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    bare: Duration,
    typed: Duration,
    assessed: Duration,
}

impl Rates {
    pub(crate) fn push(&mut self, run: Run) {
        self.bare.push(run.bare);
        self.typed.push(run.typed);
        self.assessed.push(run.assessed);
    }

    pub(crate) fn bare(&self) -> Duration {
        median(self.bare.clone()).unwrap_or_default()
    }

    pub(crate) fn rows(&self) -> [(&'static str, Duration); 3] {
        let middle = |times: &Vec<Duration>| median(times.clone()).unwrap_or_default();
        [
            ("bare quick-xml scan (`Reader::from_str`, defaults)", self.bare()),
            ("typed parse", middle(&self.typed)),
            ("typed parse and assess", middle(&self.assessed)),
        ]
    }
}

/// Reads every file of a scenario in each of the ways, file by file in turn.
pub(crate) fn measure(scenario: &Path) -> Result<Run> {
    let settings = fs::read_to_string(scenario.join("station.toml"))?;
    let rates = fs::read_to_string(scenario.join(Config::rates_file(&settings)?))?;
    let config = Config::parse(&settings, &rates)?;
    let engine = Engine::builtin();
    let limits = Limits::standard();
    let on = NaiveDate::from_ymd_opt(2026, 11, 16).context("a day of the calendar")?;
    let mut run = Run::default();
    for path in declarations(scenario)? {
        let bytes = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        run.bare += timed(|| scan(text))?.1;
        run.typed += timed(|| read(bytes.as_slice(), &limits, |_| ControlFlow::Continue(())))?.1;
        let assess = |declaration: &Declaration<'_>| {
            let question = question(declaration, &config, on);
            std::hint::black_box(engine.assess(&question));
        };
        let each = |item: caravan_declaration::ReadItem<'_>| {
            assess(&item.declaration);
            ControlFlow::Continue(())
        };
        run.assessed += timed(|| read(bytes.as_slice(), &limits, each))?.1;
    }
    Ok(run)
}

/// Returns what the engine is asked about a declaration: one way and one day for all, so that runs compare.
pub(crate) fn question<'a>(
    declaration: &'a Declaration<'a>,
    config: &'a Config,
    on: NaiveDate,
) -> Question<'a> {
    Question {
        declaration,
        flow: Flow::Export,
        filed_on: on,
        accepted_on: on,
        rated_on: None,
        mode: Transport::Road,
        rates: &config.rates,
        options: &config.options,
    }
}

/// Goes through the events of a text and does nothing with them.
fn scan(text: &str) -> Result<usize> {
    let mut reader = Reader::from_str(text);
    let mut events = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return Ok(std::hint::black_box(events)),
            Ok(_) => events += 1,
            // A file that was cut on purpose ends here for both.
            Err(_) => return Ok(events),
        }
    }
}

/// Returns the XML files of a scenario, by name.
pub(crate) fn declarations(scenario: &Path) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(scenario.join("declarations"))? {
        paths.push(entry?.path());
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
    paths.sort();
    Ok(paths)
}
