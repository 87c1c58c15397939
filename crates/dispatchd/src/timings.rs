//! Where the time of a long run goes, stage by stage. Shown to people who tune it; no output depends on it.

use std::time::Duration;

use serde::{Serialize, Serializer};

/// The time spent in each stage by the thread that writes; written as milliseconds.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Timings {
    /// Waiting for files to be read and assessed by the threads that work ahead.
    #[serde(rename = "wait_ms", serialize_with = "milliseconds")]
    pub wait: Duration,
    /// Keeping items.
    #[serde(rename = "keep_ms", serialize_with = "milliseconds")]
    pub keep: Duration,
    /// Claiming, reporting and moving files.
    #[serde(rename = "files_ms", serialize_with = "milliseconds")]
    pub files: Duration,
    /// Finding the items that operations name.
    #[serde(rename = "admit_ms", serialize_with = "milliseconds")]
    pub admit: Duration,
    /// What the station does with operations and the timetable.
    #[serde(rename = "station_ms", serialize_with = "milliseconds")]
    pub station: Duration,
    /// Making documents and messages.
    #[serde(rename = "papers_ms", serialize_with = "milliseconds")]
    pub papers: Duration,
    /// Writing what the station changed.
    #[serde(rename = "apply_ms", serialize_with = "milliseconds")]
    pub apply: Duration,
    /// Committing what many steps have written.
    #[serde(rename = "commit_ms", serialize_with = "milliseconds")]
    pub commit: Duration,
    /// Delivering what is in the outbox.
    #[serde(rename = "deliver_ms", serialize_with = "milliseconds")]
    pub deliver: Duration,
    /// Summing up.
    #[serde(rename = "summary_ms", serialize_with = "milliseconds")]
    pub summary: Duration,
    /// Verifying the invariants.
    #[serde(rename = "check_ms", serialize_with = "milliseconds")]
    pub check: Duration,
}

fn milliseconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// Returns the most memory that this process has held, in KiB; 0 where the system does not tell.
pub fn peak_memory_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
