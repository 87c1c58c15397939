//! Times, medians and ratios.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Measures how long something takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub(crate) fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(T, Duration), E> {
    let start = Instant::now();
    let done = work()?;
    Ok((done, start.elapsed()))
}

/// What one run took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stages {
    pub(crate) wall: Duration,
    milliseconds: BTreeMap<String, u64>,
    memory_kib: Option<u64>,
}

/// The same thing run several times.
#[derive(Debug, Default)]
pub(crate) struct Series(Vec<Stages>);

impl Stages {
    /// Returns a run of which only the wall time is known.
    pub(crate) fn of(wall: Duration) -> Self {
        Self { wall, ..Self::default() }
    }

    /// Reads the line of timings that a replay prints.
    pub(crate) fn read(line: &str, wall: Duration) -> Result<Self> {
        let mut milliseconds: BTreeMap<String, u64> =
            serde_json::from_str(line).with_context(|| format!("cannot read the timings `{line}`"))?;
        let memory_kib = milliseconds.remove("peak_memory_kib");
        Ok(Self { wall, milliseconds, memory_kib })
    }
}

impl Stages {
    fn stage(&self, name: &str) -> u64 {
        self.milliseconds.get(name).copied().unwrap_or(0)
    }
}

impl Series {
    pub(crate) fn push(&mut self, run: Stages) {
        self.0.push(run);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn wall(&self) -> Duration {
        median(self.0.iter().map(|run| run.wall).collect()).unwrap_or_default()
    }

    /// Returns the wall time less that of a stage that does not belong to what is measured.
    pub(crate) fn wall_without(&self, stage: &str) -> Duration {
        let of = |run: &Stages| run.wall.saturating_sub(Duration::from_millis(run.stage(stage)));
        median(self.0.iter().map(of).collect()).unwrap_or_default()
    }

    /// Returns the most memory of all runs, in MB.
    pub(crate) fn memory_mib(&self) -> Option<u64> {
        self.0.iter().filter_map(|run| run.memory_kib).max().map(|kib| kib / 1000)
    }

    pub(crate) fn stages(&self) -> Vec<(String, u64)> {
        let names = self.0.first().map(|run| run.milliseconds.keys().cloned().collect::<Vec<_>>());
        let stage = |name: String| {
            let times = self.0.iter().filter_map(|run| run.milliseconds.get(&name).copied()).collect();
            let time = median(times).unwrap_or(0);
            (name, time)
        };
        let mut stages: Vec<_> = names.unwrap_or_default().into_iter().map(stage).collect();
        stages.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
        stages
    }
}

/// Returns the middle of some values.
pub(crate) fn median<T: Ord + Copy>(mut values: Vec<T>) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

/// Returns a time in seconds with two decimals.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{}.{:02} s", time.as_secs(), time.subsec_millis() / 10)
}

/// Returns how much of the base a time is.
pub(crate) fn ratio(time: Duration, base: Duration) -> String {
    let hundredths = time.as_micros() * 100 / base.as_micros().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Returns how many items a second that is.
pub(crate) fn rate(items: u64, time: Duration) -> String {
    (u128::from(items) * 1_000_000 / time.as_micros().max(1)).to_string()
}
