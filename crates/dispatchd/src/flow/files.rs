//! Files: claimed by content, kept batch by batch, reported, moved.
//!
//! The order makes every step safe to repeat: bytes lie in `work/` and their hash is committed; items and verdict are
//! committed; the report is written; the file is moved; the move is noted.

use std::fs::{self, File};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use caravan_declaration::{Format, Outcome};
use caravan_postal::codes;
use caravan_station::ItemId;
use caravan_station::operation::{is_table, read_table};
use caravan_store::{Batch, Claim, Claimed, FileRow, NewItem, Settlement, Verdict};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{Flow, report};
use crate::folder::{Durability, hash_of, move_into};
use crate::intake::Desk;

/// The largest file that is read whole and kept in one transaction; a larger one is first read through to its end, so
/// that nothing of it counts if it breaks off, and then kept in batches.
const WHOLE_BYTES: u64 = 32 << 20;
/// How many items of a large file are kept together.
const BATCH_ITEMS: usize = 2_000;
/// How often work on a file is begun before it is set aside.
const ATTEMPTS: u32 = 3;

codes! {
    /// Work on the file broke the process off too often.
    FILE_SET_ASIDE = "file-set-aside", Fatal, [attempts];
}

/// A file of the inbox, read as far as that can be done without the database.
#[derive(Debug)]
pub struct Intake {
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// How many bytes.
    pub bytes: u64,
    /// What was read.
    pub read: Read,
}

/// What reading a file gave.
#[derive(Debug)]
pub enum Read {
    /// A declaration file, with all its items in memory.
    Declarations {
        /// The items, without their rows' numbers.
        items: Vec<NewItem>,
        /// How the reading ended.
        outcome: Outcome,
    },
    /// A table of operations.
    Operations(Vec<u8>),
    /// A declaration file that is too large to lie in memory.
    Large,
}

impl Intake {
    /// Reads a file on a civil day.
    pub fn of(path: &Path, desk: &Desk, on: NaiveDate) -> Result<Self> {
        let bytes = fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?.len();
        if bytes > WHOLE_BYTES {
            return Ok(Self { hash: hash_of(path)?, bytes, read: Read::Large });
        }
        let content = fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        let hash = Sha256::digest(&content).into();
        if is_table(&content) {
            return Ok(Self { hash, bytes, read: Read::Operations(content) });
        }
        let mut items = Vec::new();
        let outcome = desk.read(content.as_slice(), on, |item| {
            items.push(item);
            ControlFlow::Continue(())
        })?;
        Ok(Self { hash, bytes, read: Read::Declarations { items, outcome } })
    }
}

impl Flow {
    /// Works a file that lies in `work/` through to its last folder. `name` is the one it had in the inbox.
    pub async fn take_file(&mut self, path: &Path, name: &str, intake: Intake) -> Result<Verdict> {
        let at_ms = self.clock.now_ms();
        let claim = Claim { hash: intake.hash, name: name.to_owned(), bytes: intake.bytes, at_ms };
        let file = match self.store.claim(&claim).await? {
            // Its verdict stands and only the move was missing: this is the same file, not a second one.
            Claimed::Known(first) if !first.is_moved => return self.put_away(&first, path).await,
            Claimed::Known(first) => {
                return self.put_away_duplicate(path, name, &first).map(|()| first.verdict);
            }
            Claimed::Yours(file) => file,
        };
        if file.attempts > ATTEMPTS {
            let finding = FILE_SET_ASIDE.finding([ATTEMPTS.to_string()]);
            self.store.settle(file.id, Verdict::SetAside, "", &[finding], at_ms).await?;
        } else {
            match intake.read {
                Read::Declarations { items, outcome } => self.keep_whole(&file, items, outcome).await?,
                Read::Operations(content) => self.apply_table(&file, &content).await?,
                Read::Large => self.keep_large(&file, path).await?,
            }
        }
        self.put_away(&file, path).await
    }

    async fn keep_whole(&mut self, file: &FileRow, items: Vec<NewItem>, outcome: Outcome) -> Result<()> {
        let to = outcome.items;
        let last = settlement(outcome);
        let items = if last.verdict == Verdict::Failed { Vec::new() } else { items };
        let to = if last.verdict == Verdict::Failed { 0 } else { to };
        self.keep(file, items, to, Some(last)).await?;
        self.take_note_of_versions().await
    }

    async fn keep_large(&mut self, file: &FileRow, path: &Path) -> Result<()> {
        let on = self.desk.config.day(file.claimed_ms);
        let desk = Arc::clone(&self.desk);
        let open =
            |path: PathBuf| File::open(&path).with_context(|| format!("cannot read `{}`", path.display()));
        let first = open(path.to_owned())?;
        let look = Arc::clone(&desk);
        let outcome =
            tokio::task::spawn_blocking(move || look.read(first, on, |_| ControlFlow::Continue(())))
                .await??;
        let (items, last) = (outcome.items, settlement(outcome));
        if last.verdict == Verdict::Failed {
            return self.keep(file, Vec::new(), 0, Some(last)).await;
        }
        let second = open(path.to_owned())?;
        let (sender, mut batches) = tokio::sync::mpsc::channel(2);
        let reading = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::with_capacity(BATCH_ITEMS);
            let outcome = desk.read(second, on, |item| {
                batch.push(item);
                let is_over =
                    batch.len() == BATCH_ITEMS && sender.blocking_send(std::mem::take(&mut batch)).is_err();
                if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            let _ = sender.blocking_send(batch);
            outcome
        });
        while let Some(batch) = batches.recv().await {
            let to = batch.last().map_or(0, |item: &NewItem| item.ordinal);
            self.keep(file, batch, to, None).await?;
        }
        reading.await??;
        self.keep(file, Vec::new(), items, Some(last)).await?;
        self.take_note_of_versions().await
    }

    async fn keep(
        &self,
        file: &FileRow,
        mut items: Vec<NewItem>,
        to: u32,
        last: Option<Settlement>,
    ) -> Result<()> {
        for item in &mut items {
            item.item.id = ItemId::of_file(file.id.0, item.ordinal);
        }
        let batch = Batch { file: file.id, to, at_ms: self.clock.now_ms(), items, last };
        self.store.keep(&batch).await?;
        Ok(())
    }

    async fn apply_table(&mut self, file: &FileRow, content: &[u8]) -> Result<()> {
        let (operations, findings) = read_table(content, &self.desk.config);
        let done = usize::try_from(file.kept_to).unwrap_or(usize::MAX);
        self.operate(&operations, Some(file.id), done).await?;
        let is_failed = findings.iter().any(|finding| finding.severity() == caravan_postal::Severity::Fatal);
        let verdict = if is_failed { Verdict::Failed } else { Verdict::Done };
        self.store.settle(file.id, verdict, "operations", &findings, self.clock.now_ms()).await?;
        Ok(())
    }

    /// Writes the report and moves the file; done again after a crash, it meets the same names and bytes.
    pub async fn put_away(&self, file: &FileRow, path: &Path) -> Result<Verdict> {
        let file = self.store.file(file.id).await?;
        let day = self.desk.config.day(file.claimed_ms);
        let folder = self.folder.day(report::last_folder(file.verdict), day)?;
        let report = report::of_file(&self.store, &file, self.desk.config.office.language).await?;
        let target = crate::folder::free_name(&folder, &file.name, &file.hash)?;
        self.folder.write(&folder.join(format!("{target}.report.json")), &report, Durability::Synced)?;
        if path.exists() {
            move_into(path, &folder, &target)?;
        }
        self.store.moved(file.id).await?;
        Ok(file.verdict)
    }

    /// Moves the files whose verdict stands and whose move a crash prevented; what is no longer in `work/` was moved.
    pub async fn finish_moves(&self) -> Result<()> {
        for file in self.store.unmoved_files().await? {
            if file.verdict != Verdict::Open {
                self.put_away(&file, &self.folder.work().join(&file.name)).await?;
            }
        }
        Ok(())
    }

    fn put_away_duplicate(&self, path: &Path, name: &str, first: &FileRow) -> Result<()> {
        let day = self.desk.config.day(self.clock.now_ms());
        let folder = self.folder.day("done", day)?.join("duplicates");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        let report = report::of_duplicate(name, first);
        let target = crate::folder::free_name(&folder, name, &first.hash)?;
        self.folder.write(&folder.join(format!("{target}.report.json")), &report, Durability::Synced)?;
        move_into(path, &folder, &target)
    }
}

/// Returns the verdict on a declaration file that was read, with what was found about the file itself.
fn settlement(outcome: Outcome) -> Settlement {
    let verdict = if outcome.is_whole { Verdict::Done } else { Verdict::Failed };
    let format = match outcome.format {
        Some(Format::Xml) => "xml",
        Some(Format::Csv) => "csv",
        None => "",
    };
    Settlement { verdict, format, findings: outcome.findings }
}
