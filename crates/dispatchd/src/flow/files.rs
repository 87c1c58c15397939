//! Files: claimed by content, kept batch by batch, reported, moved.
//!
//! The order makes every step safe to repeat: bytes lie in `work/` and their hash is committed; items and verdict are
//! committed; the report is written; the file is moved; the move is noted.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::ops::ControlFlow;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use caravan_declaration::{Format, Outcome};
use caravan_postal::{Finding, Place};
use caravan_station::operation::{is_table, read_table};
use caravan_station::{ItemId, Operation};
use caravan_store::{Batch, Claim, Claimed, FileId, FileRow, Kept, NewItem, Settlement, Stopwatch, Verdict};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use super::{Flow, confirmation, posts, report};
use crate::cases::{CaseReceipt, case_receipts};
use crate::correspondent::{Correspondent, refuse};
use crate::customs::{Receipt, note_lists, receipts};
use crate::findings::{
    CUSTOMS_ANSWERS_APART, FILE_SET_ASIDE, FILE_UNREADABLE, INTERCHANGE_TOO_LARGE, MESSAGE_TOO_LARGE,
    OPERATION_AHEAD,
};
use crate::folder::{DUPLICATES, REPORT, hash_of};
use crate::intake::Desk;

/// The largest file that is read whole and kept in one transaction; a larger one is first read through to its end, so
/// that nothing of it counts if it breaks off, and then kept in batches.
const WHOLE_BYTES: u64 = 32 << 20;
/// How many items of a large file are kept together.
const BATCH_ITEMS: usize = 2_000;
/// How often work on a file is begun before it is set aside.
const ATTEMPTS: u32 = 3;

/// How far ahead of its claim a table of operations may be: as much as clocks in one house differ.
const AHEAD_MS: i64 = 15 * 60_000;

/// The bytes of a file, known by their hash and not looked at yet.
#[derive(Debug)]
pub struct Content {
    hash: [u8; 32],
    bytes: u64,
    /// The bytes; `None` when they are too many to lie in memory.
    held: Option<Vec<u8>>,
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
    /// The days for which its items were assessed: that of filing, and those of acceptance at each partner.
    assessed_for: (NaiveDate, Vec<NaiveDate>),
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
    /// Messages of partners and carriers.
    Messages(Vec<u8>),
    /// What customs answered.
    Receipts {
        /// Its receipts.
        receipts: Vec<Receipt>,
        /// How the reading ended.
        outcome: Outcome,
    },
    /// What customs answered about the cases of items.
    Cases {
        /// Its answers.
        receipts: Vec<CaseReceipt>,
        /// How the reading ended.
        outcome: Outcome,
    },
    /// A declaration file that is too large to lie in memory.
    Large,
}

impl Content {
    /// Takes the bytes of a file.
    pub fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let bytes = file.metadata()?.len();
        if bytes > WHOLE_BYTES {
            return Ok(Self { hash: hash_of(path)?, bytes, held: None });
        }
        let mut held = Vec::new();
        file.read_to_end(&mut held)?;
        Ok(Self { hash: Sha256::digest(&held).into(), bytes: held.len() as u64, held: Some(held) })
    }

    /// Reads the bytes of a file that a correspondent sent, on a civil day.
    fn read(self, desk: &Desk, correspondent: &Correspondent, on: NaiveDate) -> io::Result<Read> {
        let Some(content) = self.held else { return Ok(Read::Large) };
        if is_table(&content) {
            return Ok(Read::Operations(content));
        }
        if posts::is_messages(&content) {
            return Ok(Read::Messages(content));
        }
        let mut items = Vec::new();
        let mut outcome = desk.read(content.as_slice(), correspondent, on, |item| {
            items.push(item);
            ControlFlow::Continue(())
        })?;
        note_lists(&items, &mut outcome);
        correspondent.check_signature(&content, &desk.limits, &mut outcome)?;
        let may_answer =
            outcome.format == Some(Format::Ceb) && items.is_empty() && desk.config.ceb().is_some();
        if may_answer && let Some(receipts) = receipts(&content, &desk.limits)? {
            return Ok(Read::Receipts { receipts, outcome });
        }
        if matches!(outcome.format, Some(Format::Cusrsp | Format::CustomsData)) {
            let (receipts, answered) = case_receipts(&content, &desk.limits, &desk.config)?;
            if items.is_empty() && (outcome.format == Some(Format::Cusrsp) || !receipts.is_empty()) {
                return Ok(Read::Cases { receipts, outcome: answered });
            }
            if !receipts.is_empty() {
                outcome.findings.push(CUSTOMS_ANSWERS_APART.finding([receipts.len().to_string()]));
                outcome.findings.sort();
            }
        }
        Ok(Read::Declarations { items, outcome })
    }
}

/// Takes the bytes of a file after making sure that they are on the disk, whatever its writer did.
fn kept_content(path: &Path) -> io::Result<Content> {
    File::open(path)?.sync_data()?;
    Content::of(path)
}

impl Intake {
    /// Reads a file on a civil day. `name` is the one that it will have in the inbox.
    pub fn of(path: &Path, name: &str, desk: &Desk, on: NaiveDate) -> Result<Self> {
        let read = || -> io::Result<Self> {
            let content = Content::of(path)?;
            let (hash, bytes) = (content.hash, content.bytes);
            let assessed_for = (on, desk.filing(on).accepted_on().to_vec());
            let read = content.read(desk, desk.correspondents.of(name), on)?;
            Ok(Self { hash, bytes, read, assessed_for })
        };
        read().with_context(|| format!("cannot read `{}`", path.display()))
    }
}

/// A file whose verdict stands, and which is to be put away.
#[derive(Debug)]
pub enum Judged {
    /// Its content came for the first time.
    First(FileRow),
    /// Its content is known.
    Again(FileRow),
    /// Its bytes cannot be had.
    Unreadable(Finding),
}

impl Flow {
    /// Works a file that lies in `work/` through to its last folder. `name` is the one it had in the inbox, `intake`
    /// what was read of it ahead.
    pub async fn take_file(&mut self, path: &Path, name: &str, mut intake: Intake) -> Result<()> {
        let (on, accepted_on) = &intake.assessed_for;
        if self.desk.filing(*on).accepted_on() != accepted_on {
            // A border has been closed or opened since it was read.
            intake = Intake::of(path, name, &self.desk, *on)?;
        }
        let judged = match self.claim(name, intake.hash, intake.bytes).await? {
            Claimed::Known(first) => again(first),
            Claimed::Yours(file) => self.keep_read(file, path, intake.read).await?,
        };
        self.put_away(&judged, path, name).await.map(|_| ())
    }

    /// Judges a file that lies in `work/`: its content is claimed, and the attempt counted, before anything of it is
    /// looked at. Where it lies then, it may lie until it is put away.
    pub async fn judge(&mut self, path: &Path, name: &str) -> Result<Judged> {
        let file = path.to_owned();
        let content = match tokio::task::spawn_blocking(move || kept_content(&file)).await? {
            Ok(content) => content,
            Err(error) => return Ok(Judged::Unreadable(FILE_UNREADABLE.finding([error.kind().to_string()]))),
        };
        let file = match self.claim(name, content.hash, content.bytes).await? {
            Claimed::Known(first) => return Ok(again(first)),
            Claimed::Yours(file) => file,
        };
        if file.attempts > ATTEMPTS {
            let finding = FILE_SET_ASIDE.finding([ATTEMPTS, file.kept_to].map(|number| number.to_string()));
            self.store.settle(file.id, Verdict::SetAside, "", &[finding], self.clock.now_ms()).await?;
            return Ok(Judged::First(file));
        }
        // Begun again after midnight, it is still read as on the day on which it came.
        let (desk, on) = (Arc::clone(&self.desk), self.desk.config.day(file.claimed_ms));
        let correspondent = file.name.clone();
        let read = tokio::task::spawn_blocking(move || {
            content.read(&desk, desk.correspondents.of(&correspondent), on)
        });
        let read = read.await??;
        self.keep_read(file, path, read).await
    }

    async fn claim(&self, name: &str, hash: [u8; 32], bytes: u64) -> Result<Claimed> {
        let claim = Claim { hash, name: name.to_owned(), bytes, at_ms: self.clock.now_ms() };
        Ok(self.store.claim(&claim).await?)
    }

    async fn keep_read(&mut self, file: FileRow, path: &Path, read: Read) -> Result<Judged> {
        match read {
            Read::Declarations { items, outcome } => self.keep_whole(&file, items, outcome).await?,
            Read::Receipts { receipts, outcome } => self.hear_customs(&file, receipts, outcome).await?,
            Read::Cases { receipts, outcome } => self.hear_cases(&file, receipts, outcome).await?,
            Read::Operations(content) => self.apply_table(&file, &content).await?,
            Read::Messages(content) => self.take_messages(&file, &content).await?,
            Read::Large => self.keep_large(&file, path).await?,
        }
        Ok(Judged::First(file))
    }

    async fn keep_whole(
        &mut self,
        file: &FileRow,
        mut items: Vec<NewItem>,
        mut outcome: Outcome,
    ) -> Result<()> {
        let to = outcome.items;
        let counting = self.count_declarations(&mut outcome).await?;
        items.retain(|item| counting.counts(item.ordinal));
        let last = Settlement { interchanges: counting.interchanges, ..settlement(outcome) };
        let items = if last.verdict == Verdict::Failed { Vec::new() } else { items };
        let to = if last.verdict == Verdict::Failed { 0 } else { to };
        let kept = self.keep(file, items, to, Some(last)).await?;
        if kept.again > 0 { self.take_note_of_versions().await } else { Ok(()) }
    }

    async fn keep_large(&mut self, file: &FileRow, path: &Path) -> Result<()> {
        if posts::is_messages_file(path).with_context(|| format!("cannot read `{}`", path.display()))? {
            let finding = INTERCHANGE_TOO_LARGE.finding([WHOLE_BYTES.to_string()]);
            return Ok(self
                .store
                .settle(file.id, Verdict::Failed, "", &[finding], self.clock.now_ms())
                .await?);
        }
        let on = self.desk.config.day(file.claimed_ms);
        let desk = Arc::clone(&self.desk);
        let open =
            |path: PathBuf| File::open(&path).with_context(|| format!("cannot read `{}`", path.display()));
        let first = open(path.to_owned())?;
        let (look, name) = (Arc::clone(&desk), file.name.clone());
        let mut outcome = tokio::task::spawn_blocking(move || {
            look.read(first, look.correspondents.of(&name), on, |_| ControlFlow::Continue(()))
        })
        .await??;
        if outcome.format == Some(Format::Cusrsp) {
            outcome.findings = vec![INTERCHANGE_TOO_LARGE.finding([WHOLE_BYTES.to_string()])];
        }
        if outcome.format == Some(Format::Ceb) && outcome.is_whole {
            refuse(&mut outcome, MESSAGE_TOO_LARGE.finding([WHOLE_BYTES.to_string()]));
        }
        let items = outcome.items;
        let counting = self.count_declarations(&mut outcome).await?;
        let interchanges = counting.interchanges.clone();
        let last = Settlement { interchanges, ..settlement(outcome) };
        if last.verdict == Verdict::Failed {
            self.keep(file, Vec::new(), 0, Some(last)).await?;
            return Ok(());
        }
        let second = open(path.to_owned())?;
        let (sender, mut batches) = tokio::sync::mpsc::channel(2);
        let name = file.name.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::with_capacity(BATCH_ITEMS);
            let outcome = desk.read(second, desk.correspondents.of(&name), on, |item| {
                batch.push(item);
                let is_over =
                    batch.len() == BATCH_ITEMS && sender.blocking_send(std::mem::take(&mut batch)).is_err();
                if is_over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            });
            let _ = sender.blocking_send(batch);
            outcome
        });
        while let Some(mut batch) = batches.recv().await {
            let to = batch.last().map_or(0, |item: &NewItem| item.ordinal);
            batch.retain(|item| counting.counts(item.ordinal));
            self.keep(file, batch, to, None).await?;
        }
        reading.await??;
        self.keep(file, Vec::new(), items, Some(last)).await?;
        self.take_note_of_versions().await
    }

    async fn keep(
        &mut self,
        file: &FileRow,
        mut items: Vec<NewItem>,
        to: u32,
        last: Option<Settlement>,
    ) -> Result<Kept> {
        for item in &mut items {
            item.item.id = ItemId::of_file(file.id.0, item.ordinal);
        }
        let (at_ms, revision) = (self.clock.now_ms(), self.revision);
        let is_same_addressee = confirmation::is_same_addressee;
        let batch = Batch { file: file.id, to, at_ms, revision, items, is_same_addressee, last };
        let watch = Stopwatch::start();
        let kept = self.store.keep(&batch).await?;
        self.timings.keep += watch.elapsed();
        self.unsettled += batch.items.len();
        if kept.again > 0 {
            // A name may have passed from one item to another: nothing at hand is sure of its name any more.
            self.flush().await?;
            self.station.forget_items();
        } else if kept.new == batch.items.len() {
            // Most are scanned within hours: at hand now, they need not be read again.
            for new in batch.items {
                self.station.admit(new.item);
            }
        }
        Ok(kept)
    }

    async fn apply_table(&mut self, file: &FileRow, content: &[u8]) -> Result<()> {
        let (operations, mut findings) = read_table(content, &self.desk.config);
        let operations = self.happened(operations, &mut findings, file.claimed_ms + AHEAD_MS);
        let done = usize::try_from(file.kept_to).unwrap_or(usize::MAX);
        self.operate(&operations, Some(file.id), done).await?;
        let is_failed = findings.iter().any(|finding| finding.severity() == caravan_postal::Severity::Fatal);
        let verdict = if is_failed { Verdict::Failed } else { Verdict::Done };
        self.store.settle(file.id, verdict, "operations", &findings, self.clock.now_ms()).await?;
        Ok(())
    }

    /// Returns the operations of a table up to a moment; each of the others becomes a finding.
    fn happened(
        &self,
        operations: Vec<(u32, Operation)>,
        findings: &mut Vec<Finding>,
        to_ms: i64,
    ) -> Vec<Operation> {
        let mut happened = Vec::with_capacity(operations.len());
        for (row, operation) in operations {
            if operation.at_ms <= to_ms {
                happened.push(operation);
                continue;
            }
            let at = self.desk.config.local(operation.at_ms).format("%Y-%m-%dT%H:%M").to_string();
            findings.push(OPERATION_AHEAD.finding([at]).at(Place::Cell { row, column: 1 }));
        }
        findings.sort();
        happened
    }

    /// Writes the report, moves the file, and returns what became of it in one word; done again after a crash, it
    /// meets the same names and bytes.
    pub async fn put_away(&self, judged: &Judged, path: &Path, name: &str) -> Result<&'static str> {
        match judged {
            Judged::First(file) => self.put_away_first(file.id, path).await,
            Judged::Again(first) => self.put_away_duplicate(path, name, first),
            Judged::Unreadable(finding) => self.put_away_unreadable(path, name, finding),
        }
    }

    async fn put_away_first(&self, file: FileId, path: &Path) -> Result<&'static str> {
        let file = self.store.file(file).await?;
        let day = self.desk.config.day(file.claimed_ms);
        let folder = self.folder.day(report::last_folder(file.verdict), day)?;
        let (folder, name) = self.below(folder, &file.name)?;
        let report = report::of_file(&self.store, &file, self.desk.config.office.language).await?;
        let target = crate::folder::free_name(&folder, name, &file.hash)?;
        self.folder.write(&folder.join(format!("{target}{REPORT}")), &report)?;
        if path.exists() {
            self.folder.move_into(path, &folder, &target)?;
        }
        self.store.moved(file.id).await?;
        Ok(file.verdict.as_str())
    }

    /// Notes the moves of files whose verdict stands and that a crash left in their last folder without that note. A
    /// file that still lies in `work/` is put away when it is met there.
    pub async fn finish_moves_of_gone_files(&self) -> Result<()> {
        for file in self.store.unmoved_files().await? {
            let path = self.folder.work().join(&file.name);
            if file.verdict != Verdict::Open && !path.exists() {
                self.put_away_first(file.id, &path).await?;
            }
        }
        Ok(())
    }

    fn put_away_duplicate(&self, path: &Path, name: &str, first: &FileRow) -> Result<&'static str> {
        let folder = self.folder.day("done", self.today())?;
        self.folder.make_folder(&folder, DUPLICATES)?;
        let (folder, own_name) = self.below(folder.join(DUPLICATES), name)?;
        let report = report::of_duplicate(name, first);
        let target = crate::folder::free_name(&folder, own_name, &first.hash)?;
        self.folder.write(&folder.join(format!("{target}{REPORT}")), &report)?;
        self.folder.move_into(path, &folder, &target)?;
        Ok("duplicate")
    }

    /// A file without bytes is known by its name and its place on the disk.
    fn put_away_unreadable(&self, path: &Path, name: &str, finding: &Finding) -> Result<&'static str> {
        let found = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok("gone"),
            found => found.with_context(|| format!("cannot look at `{}`", path.display()))?,
        };
        let (folder, own_name) = self.below(self.folder.day("failed", self.today())?, name)?;
        let report = report::of_unreadable(name, found.len(), finding, self.desk.config.office.language);
        let mark = Sha256::digest([found.ino().to_be_bytes(), found.mtime().to_be_bytes()].concat()).into();
        let target = crate::folder::free_name(&folder, own_name, &mark)?;
        self.folder.write(&folder.join(format!("{target}{REPORT}")), &report)?;
        self.folder.move_into(path, &folder, &target)?;
        Ok("unreadable")
    }

    /// Returns the folder below another one in which a file of its correspondent lies, which it makes, and the file's own name.
    fn below<'n>(&self, folder: PathBuf, name: &'n str) -> Result<(PathBuf, &'n str)> {
        let Some((correspondent, own_name)) = name.split_once('/') else { return Ok((folder, name)) };
        self.folder.make_folder(&folder, correspondent)?;
        Ok((folder.join(correspondent), own_name))
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.desk.config.day(self.clock.now_ms())
    }
}

/// Judges content that has its verdict: where only the move was missing, this is the same file and not a second one.
fn again(first: FileRow) -> Judged {
    if first.is_moved { Judged::Again(first) } else { Judged::First(first) }
}

/// Returns the verdict on a declaration file that was read, with what was found about the file itself.
fn settlement(outcome: Outcome) -> Settlement {
    let verdict = if outcome.is_whole { Verdict::Done } else { Verdict::Failed };
    let format = outcome.format.map_or("", Format::as_str);
    Settlement { verdict, format, findings: outcome.findings, interchanges: Vec::new() }
}
