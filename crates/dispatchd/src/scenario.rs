//! A scenario: a station, its timetable, and everything that reaches it on some days, with the time of each.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use caravan_postal::{Finding, Language};
use caravan_station::operation::{Table, moment};
use caravan_station::{Config, Operation, ReceptacleId};
use chrono::DateTime;
use serde::Deserialize;

use crate::fetch::held;
use crate::texts::CATALOGUE;

/// What is wrong with what a scenario says, every fault of one file on a line of its own.
#[derive(Debug, thiserror::Error)]
#[error("the scenario cannot be replayed\n{0}")]
pub struct ScenarioError(String);

impl ScenarioError {
    fn of(path: &Path, findings: &[Finding]) -> Self {
        let name = path.display();
        let line = |finding: &Finding| {
            format!("{name}: {}: {}", finding.place, CATALOGUE.says(finding, Language::En))
        };
        let lines = findings.iter().map(line);
        Self(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// A scenario, read from its folder.
#[derive(Debug)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// When it begins.
    pub starts_ms: i64,
    /// When it ends: what the timetable asks for by then is done.
    pub ends_ms: i64,
    /// The declaration files with the time at which each arrives, by time and name.
    pub arrivals: Vec<Arrival>,
    /// By receptacle, what its scale shows beyond items and tare, in grams.
    pub scale: BTreeMap<ReceptacleId, i64>,
}

/// A file that arrives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// When.
    pub at_ms: i64,
    /// The file.
    pub path: PathBuf,
    /// The name under which it arrives, with the folder of its correspondent before it.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    name: String,
    starts: String,
    ends: String,
    #[serde(default)]
    scale: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
struct ArrivalRow {
    at: String,
    file: String,
}

/// Reads the settings in a folder: `station.toml` and the rates that it names.
pub fn settings(folder: &Path) -> Result<(Config, String, String)> {
    let path = folder.join("station.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let rates_file = Config::rates_file(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
    let rates_path = folder.join(rates_file);
    let rates =
        fs::read_to_string(&rates_path).with_context(|| format!("cannot read `{}`", rates_path.display()))?;
    let mut config =
        Config::parse(&text, &rates).with_context(|| format!("cannot use `{}`", path.display()))?;
    for held in held::read_all(folder)? {
        config.rates = config.rates.laid_over(&held.rates);
    }
    Ok((config, text, rates))
}

impl Scenario {
    /// Reads the scenario in a folder.
    pub fn read(folder: &Path, config: &Config) -> Result<Self> {
        let path = folder.join("scenario.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let file: Settings =
            toml::from_str(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
        let time = |text: &str| {
            let time = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_millis());
            time.map_err(|_| {
                ScenarioError(format!("{}: `{text}` is no time with its offset", path.display()))
            })
        };
        let mut scale = BTreeMap::new();
        for (tag, excess) in file.scale {
            let number = tag.strip_prefix('B').and_then(|digits| digits.parse().ok());
            let Some(number) = number else {
                bail!(ScenarioError(format!("{}: `{tag}` is no receptacle's tag", path.display())))
            };
            scale.insert(ReceptacleId(number), excess);
        }
        Ok(Self {
            name: file.name,
            starts_ms: time(&file.starts)?,
            ends_ms: time(&file.ends)?,
            arrivals: arrivals(folder, config)?,
            scale,
            folder: folder.to_owned(),
        })
    }
}

fn arrivals(folder: &Path, config: &Config) -> Result<Vec<Arrival>> {
    let path = folder.join("arrivals.csv");
    let mut reader =
        csv::Reader::from_path(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut arrivals = Vec::new();
    for row in reader.deserialize() {
        let row: ArrivalRow = row.with_context(|| format!("cannot read `{}`", path.display()))?;
        let at_ms = moment(&row.at, config);
        let Some(at_ms) = at_ms else {
            bail!(ScenarioError(format!("{}: `{}` is no time", path.display(), row.at)))
        };
        let file = folder.join("declarations").join(&row.file);
        let of_correspondent = config.correspondents.iter().find_map(|correspondent| {
            row.file.strip_prefix(&correspondent.folder)?.strip_prefix('/').filter(|name| !name.contains('/'))
        });
        let name = match of_correspondent {
            Some(_) => row.file,
            None => row.file.rsplit('/').next().unwrap_or(&row.file).to_owned(),
        };
        arrivals.push(Arrival { at_ms, path: file, name });
    }
    arrivals.sort_by(|a, b| (a.at_ms, &a.name).cmp(&(b.at_ms, &b.name)));
    Ok(arrivals)
}

/// The operations of a scenario, read as they are needed.
pub struct Operations<'c> {
    table: Table<'c, File>,
    path: PathBuf,
    next: Option<Operation>,
}

impl<'c> Operations<'c> {
    /// Opens the operations of a scenario; their lines stand in the order of time.
    pub fn open(scenario: &Scenario, config: &'c Config) -> Result<Self> {
        let path = scenario.folder.join("operations.csv");
        let file = File::open(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let table = Table::open(file, config).map_err(|findings| ScenarioError::of(&path, &findings))?;
        let mut operations = Self { table, path, next: None };
        operations.advance()?;
        Ok(operations)
    }

    /// Returns when the next operation is due.
    pub fn next_ms(&self) -> Option<i64> {
        self.next.as_ref().map(|operation| operation.at_ms)
    }

    /// Takes the operations before a moment, and always the next one; no more than `most`.
    pub fn take_before(&mut self, until_ms: i64, most: usize) -> Result<Vec<Operation>> {
        let mut taken = Vec::new();
        while taken.len() < most && self.next_ms().is_some_and(|at_ms| taken.is_empty() || at_ms < until_ms) {
            taken.extend(self.advance()?);
        }
        Ok(taken)
    }

    /// Takes the next operation and reads the one behind it; when that cannot be read, the rest of the table is read for
    /// what else is wrong with it.
    fn advance(&mut self) -> Result<Option<Operation>> {
        let behind = match self.table.next().transpose() {
            Ok(behind) => behind,
            Err(finding) => {
                let mut findings = vec![finding];
                findings.extend(self.table.by_ref().filter_map(Result::err));
                bail!(ScenarioError::of(&self.path, &findings));
            }
        };
        let taken = std::mem::replace(&mut self.next, behind);
        if let (Some(taken), Some(next)) = (&taken, &self.next)
            && next.at_ms < taken.at_ms
        {
            let (place, name) = (self.table.place("at"), next.act.name());
            bail!(ScenarioError(format!(
                "{}: {place}: `{name}` is earlier than the operation before it; put the rows in the order of time",
                self.path.display()
            )));
        }
        Ok(taken)
    }
}
