//! A scenario: a station, its timetable, and everything that reaches it on some days, with the time of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use caravan_station::operation::{moment, read_table};
use caravan_station::{Config, Operation, ReceptacleId};
use chrono::DateTime;
use serde::Deserialize;

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
    /// What people, scales and customs tell, by time.
    pub operations: Vec<Operation>,
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
    /// The name under which it arrives.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
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
    let config = Config::parse(&text, &rates).with_context(|| format!("cannot use `{}`", path.display()))?;
    Ok((config, text, rates))
}

impl Scenario {
    /// Reads the scenario in a folder.
    pub fn read(folder: &Path, config: &Config) -> Result<Self> {
        let path = folder.join("scenario.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("cannot use `{}`", path.display()))?;
        let time = |text: &str| {
            let time = DateTime::parse_from_rfc3339(text).with_context(|| format!("`{text}` is no time"));
            time.map(|time| time.timestamp_millis())
        };
        let mut scale = BTreeMap::new();
        for (tag, excess) in file.scale {
            let number = tag.strip_prefix('B').and_then(|digits| digits.parse().ok());
            let Some(number) = number else {
                bail!("`{tag}` in `{}` is no receptacle's tag", path.display())
            };
            scale.insert(ReceptacleId(number), excess);
        }
        Ok(Self {
            name: file.name,
            starts_ms: time(&file.starts)?,
            ends_ms: time(&file.ends)?,
            arrivals: arrivals(folder, config)?,
            operations: operations(folder, config)?,
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
        let Some(at_ms) = at_ms else { bail!("`{}` in `{}` is no time", row.at, path.display()) };
        let file = folder.join("declarations").join(&row.file);
        let name = row.file.rsplit('/').next().unwrap_or(&row.file).to_owned();
        arrivals.push(Arrival { at_ms, path: file, name });
    }
    arrivals.sort_by(|a, b| (a.at_ms, &a.name).cmp(&(b.at_ms, &b.name)));
    Ok(arrivals)
}

fn operations(folder: &Path, config: &Config) -> Result<Vec<Operation>> {
    let path = folder.join("operations.csv");
    let text = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let (mut operations, findings) = read_table(&text, config);
    if let Some(finding) = findings.first() {
        bail!("`{}`, {}: {} {:?}", path.display(), finding.place, finding.code.name, finding.arguments);
    }
    operations.sort_by_key(|operation| operation.at_ms);
    Ok(operations)
}
