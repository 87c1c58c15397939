//! Files of the inbox: known by their content, claimed once, with a verdict at the end.

use crate::backend::{Tx, execute, read, rows, rows_of_either};
use crate::finding::{Of, Rows};
use crate::item::{signed, small, unsigned};
use crate::{Store, StoreError};
use caravan_postal::Finding;

/// The row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub i64);

/// A file that someone wants to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// The name under which it lay in the inbox.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// When.
    pub at_ms: i64,
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// The content is new, or its work was broken off: go on behind `kept_to`.
    Yours(FileRow),
    /// The content is known and its verdict stands.
    Known(FileRow),
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    /// Its row.
    pub id: FileId,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// The name under which it first came.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// When it was first claimed.
    pub claimed_ms: i64,
    /// How often work on it was begun since something of it was last kept.
    pub attempts: u32,
    /// Up to which item it is kept.
    pub kept_to: u32,
    /// What became of it.
    pub verdict: Verdict,
    /// Its format by name; empty before it was recognised.
    pub format: String,
    /// Whether it lies in its last folder.
    pub is_moved: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Being worked on.
    Open,
    /// Read to its end; its items stand, faulty ones with their findings.
    Done,
    /// Not readable to its end: nothing in it counts.
    Failed,
    /// It broke off the process too often, and is set aside.
    SetAside,
}

type Row = (i64, Vec<u8>, String, i64, i64, i64, i64, i64, String, i64);

macro_rules! select_files {
    ($rest:literal) => {
        concat!(
            "SELECT id, hash, name, bytes, claimed_ms, attempts, kept_to, verdict, format, is_moved FROM file ",
            $rest
        )
    };
}

impl Store {
    /// Claims a file by its content, and counts the attempt before anything of it is looked at.
    pub async fn claim(&self, claim: &Claim) -> Result<Claimed, StoreError> {
        let mut tx = self.backend.begin().await?;
        tx.lock_claims().await?;
        let hash = claim.hash.as_slice();
        let found = rows!(&mut tx, Row, select_files!("WHERE hash = $1"), hash)?;
        let known = match found.into_iter().next() {
            Some(row) => Some(file(row)?),
            None => None,
        };
        let claimed = match known {
            None => Claimed::Yours(enter(&mut tx, claim).await?),
            Some(known) if known.verdict == Verdict::Open => {
                execute!(&mut tx, "UPDATE file SET attempts = attempts + 1 WHERE id = $1", known.id.0)?;
                Claimed::Yours(FileRow { attempts: known.attempts + 1, ..known })
            }
            Some(known) => Claimed::Known(known),
        };
        tx.commit().await?;
        Ok(claimed)
    }

    /// Gives a file its verdict, with what was found about the file itself. A verdict that stands is not changed.
    pub async fn settle(
        &self,
        file: FileId,
        verdict: Verdict,
        format: &str,
        findings: &[Finding],
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let mut tx = self.backend.begin().await?;
        if lock_open(&mut tx, file).await?.is_some() {
            settle_in(&mut tx, file, verdict, format, findings, at_ms).await?;
        }
        tx.commit().await
    }

    /// Returns a file by its row.
    pub async fn file(&self, id: FileId) -> Result<FileRow, StoreError> {
        let found = read!(&self.backend, Row, select_files!("WHERE id = $1"), id.0)?;
        found.into_iter().next().map(file).transpose()?.ok_or_else(|| StoreError::row("file", "unknown file"))
    }

    /// Notes that a file lies in its last folder, with its report beside it.
    pub async fn moved(&self, file: FileId) -> Result<(), StoreError> {
        let mut tx = self.backend.begin().await?;
        execute!(&mut tx, "UPDATE file SET is_moved = 1 WHERE id = $1", file.0)?;
        tx.commit().await
    }

    /// Returns the files whose work is not over: to be gone on with after a start.
    pub async fn unmoved_files(&self) -> Result<Vec<FileRow>, StoreError> {
        let found = read!(&self.backend, Row, select_files!("WHERE is_moved = 0 ORDER BY id"))?;
        found.into_iter().map(file).collect()
    }
}

/// Enters a file that was never seen, with its first attempt.
async fn enter(tx: &mut Tx, claim: &Claim) -> Result<FileRow, StoreError> {
    let entered = rows!(
        tx,
        Row,
        "INSERT INTO file (id, hash, name, bytes, claimed_ms, attempts, kept_to, verdict, format, is_moved) \
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM file), $1, $2, $3, $4, 1, 0, 0, '', 0) \
         RETURNING id, hash, name, bytes, claimed_ms, attempts, kept_to, verdict, format, is_moved",
        claim.hash.as_slice(),
        &claim.name,
        signed(claim.bytes),
        claim.at_ms,
    )?;
    entered.into_iter().next().map(file).transpose()?.ok_or_else(|| StoreError::row("file", "entered file"))
}

/// Locks the row of a file that has no verdict yet, and returns up to which item it is kept; `None` when the verdict
/// stands. Two processes that work on one file write one after the other, and the second sees what the first has done.
pub(crate) async fn lock_open(tx: &mut Tx, file: FileId) -> Result<Option<u32>, StoreError> {
    let found = rows_of_either!(
        tx,
        (i64, i64),
        sqlite: "SELECT kept_to, verdict FROM file WHERE id = $1",
        postgres: "SELECT kept_to, verdict FROM file WHERE id = $1 FOR UPDATE",
        file.0,
    )?;
    let (kept_to, verdict) = found.first().copied().ok_or_else(|| StoreError::row("file", "unknown file"))?;
    let kept_to = small(kept_to).ok_or_else(|| StoreError::row("file", "kept_to"))?;
    Ok((verdict == verdict_number(Verdict::Open)).then_some(kept_to))
}

/// Notes up to which item, or line of a table of operations, a file is kept. Attempts count from there: only what breaks
/// the process off again and again at one place is set aside, however long the file is.
pub(crate) async fn keep_to(tx: &mut Tx, file: FileId, to: u32) -> Result<(), StoreError> {
    let sql = "UPDATE file SET kept_to = $2, attempts = 1 WHERE id = $1 AND kept_to < $2";
    execute!(tx, sql, file.0, i64::from(to)).map(|_| ())
}

/// Gives a file that is locked and has none its verdict.
pub(crate) async fn settle_in(
    tx: &mut Tx,
    file: FileId,
    verdict: Verdict,
    format: &str,
    findings: &[Finding],
    at_ms: i64,
) -> Result<(), StoreError> {
    let sql = "UPDATE file SET verdict = $2, format = $3 WHERE id = $1";
    execute!(tx, sql, file.0, verdict_number(verdict), format)?;
    let mut rows = Rows::default();
    for finding in findings {
        rows.push(Of { kind: 0, subject: file.0, file: Some(file), at_ms }, finding);
    }
    rows.write(tx).await
}

fn file(row: Row) -> Result<FileRow, StoreError> {
    let wrong = |what: &str| StoreError::row("file", format!("{what} of file `{}`", row.0));
    Ok(FileRow {
        id: FileId(row.0),
        hash: row.1.as_slice().try_into().map_err(|_| wrong("hash"))?,
        bytes: unsigned(row.3).ok_or_else(|| wrong("bytes"))?,
        claimed_ms: row.4,
        attempts: small(row.5).ok_or_else(|| wrong("attempts"))?,
        kept_to: small(row.6).ok_or_else(|| wrong("kept_to"))?,
        verdict: Verdict::from_number(row.7).ok_or_else(|| wrong("verdict"))?,
        is_moved: row.9 != 0,
        name: row.2,
        format: row.8,
    })
}

pub(crate) fn verdict_number(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Open => 0,
        Verdict::Done => 1,
        Verdict::Failed => 2,
        Verdict::SetAside => 3,
    }
}

impl Verdict {
    /// Returns the stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::SetAside => "set-aside",
        }
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [Self::Open, Self::Done, Self::Failed, Self::SetAside]
            .into_iter()
            .find(|verdict| verdict_number(*verdict) == number)
    }
}
