//! What was heard by EDI: the interchanges that came, so that each counts once.

use std::collections::BTreeSet;

use caravan_postal::{DispatchSeries, Finding};
use caravan_station::{DispatchId, DispatchState};

use crate::backend::{Tx, execute, read};
use crate::file::{self, FileId, Verdict};
use crate::item::small;
use crate::{FoundRow, Store, StoreError, event, finding};

/// Between which two addresses interchanges pass, each an address with its qualifier.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Who sends.
    pub sender: (String, String),
    /// Who receives.
    pub recipient: (String, String),
}

/// An interchange that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterchangeRow {
    /// Between whom.
    pub pair: Pair,
    /// Its reference.
    pub reference: String,
    /// Whether it is a test.
    pub is_test: bool,
    /// Whether its number is below that of one before it.
    pub is_back: bool,
}

/// What is known of the interchanges between two addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passed {
    /// The highest reference so far.
    pub last: Option<String>,
    /// Whether the one that is asked for has come.
    pub is_seen: bool,
}

/// A dispatch, and whether a partner has answered for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredDispatch {
    /// The dispatch.
    pub id: DispatchId,
    /// Its number in its series and year.
    pub serial: u32,
    /// Where it stands.
    pub state: DispatchState,
    /// Whether an answer for it has come.
    pub is_answered: bool,
}

/// A file of messages that was heard, to be settled with what the station changes because of it.
#[derive(Debug, Clone)]
pub struct HeardFile {
    /// The file.
    pub file: FileId,
    /// Its interchanges that count, and its tests.
    pub interchanges: Vec<InterchangeRow>,
    /// What became of it.
    pub verdict: Verdict,
    /// The kinds of its messages.
    pub format: String,
    /// What was found about the file itself.
    pub findings: Vec<Finding>,
}

impl Store {
    /// Returns what is known of the interchanges between two addresses, and whether one of a reference has come.
    pub async fn passed(&self, pair: &Pair, reference: &str) -> Result<Passed, StoreError> {
        let (sender, recipient) = (&pair.sender, &pair.recipient);
        let found = read!(
            &self.backend,
            (String, i64),
            "SELECT reference, is_test FROM interchange WHERE id = (SELECT MAX(id) FROM interchange \
             WHERE sender = $1 AND sender_qualifier = $2 AND recipient = $3 AND recipient_qualifier = $4 \
             AND is_test = 0 AND is_back = 0) \
             UNION ALL SELECT reference, is_test + 1 FROM interchange \
             WHERE sender = $1 AND sender_qualifier = $2 AND recipient = $3 AND recipient_qualifier = $4 \
             AND is_test = 0 AND reference = $5",
            &*sender.0,
            &*sender.1,
            &*recipient.0,
            &*recipient.1,
            reference,
        )?;
        let mut passed = Passed::default();
        for (reference, is_asked) in found {
            if is_asked == 0 {
                passed.last = Some(reference);
            } else {
                passed.is_seen = true;
            }
        }
        Ok(passed)
    }

    /// Returns the dispatches of a series in a year, by number.
    pub async fn answered(
        &self,
        series: DispatchSeries,
        year: i32,
    ) -> Result<Vec<AnsweredDispatch>, StoreError> {
        let found = read!(
            &self.backend,
            (i64, i64, i64),
            "SELECT id, CAST(substr(s8, 17, 4) AS BIGINT), state FROM dispatch \
             WHERE series = $1 AND year = $2 ORDER BY s8",
            series.to_string(),
            i64::from(year),
        )?;
        let events = read!(
            &self.backend,
            (i64, String),
            "SELECT subject, events FROM event WHERE kind = 3 AND subject IN \
             (SELECT id FROM dispatch WHERE series = $1 AND year = $2)",
            series.to_string(),
            i64::from(year),
        )?;
        let mut answered = BTreeSet::new();
        for (dispatch, text) in events {
            let told = event::told(3, dispatch, &text)?;
            if told.iter().any(|(_, code, _)| code == "answered") {
                answered.insert(dispatch);
            }
        }
        let wrong = || StoreError::row("dispatch", format!("dispatches of `{series}`"));
        let told = found.into_iter().map(|(id, serial, state)| {
            Ok(AnsweredDispatch {
                id: DispatchId(id),
                serial: small(serial).ok_or_else(wrong)?,
                state: DispatchState::from_number(state).ok_or_else(wrong)?,
                is_answered: answered.contains(&id),
            })
        });
        told.collect()
    }

    /// Returns what differs of a dispatch by the answers for it: findings about it and its receptacles.
    pub async fn differences_of(&self, dispatch: DispatchId) -> Result<Vec<FoundRow>, StoreError> {
        finding::matched(&self.backend, dispatch.0).await
    }

    /// Returns how many interchanges that count have come.
    pub async fn interchanges(&self) -> Result<u32, StoreError> {
        let found = read!(&self.backend, (i64,), "SELECT COUNT(*) FROM interchange WHERE is_test = 0")?;
        let count = found.first().and_then(|(count,)| small(*count));
        count.ok_or_else(|| StoreError::row("interchange", "number of interchanges"))
    }
}

/// Enters the interchanges of a file and gives it its verdict, unless that stands already.
pub(crate) async fn settle(tx: &mut Tx, heard: &HeardFile, at_ms: i64) -> Result<(), StoreError> {
    if file::lock_open(tx, heard.file).await?.is_none() {
        return Err(StoreError::Stale);
    }
    enter(tx, heard.file, &heard.interchanges, at_ms).await?;
    file::settle_in(tx, heard.file, heard.verdict, &heard.format, &heard.findings, at_ms).await
}

/// Enters the interchanges of a file.
pub(crate) async fn enter(
    tx: &mut Tx,
    file: FileId,
    interchanges: &[InterchangeRow],
    at_ms: i64,
) -> Result<(), StoreError> {
    for one in interchanges {
        let Pair { sender, recipient } = &one.pair;
        execute!(
            &mut *tx,
            "INSERT INTO interchange (id, sender, sender_qualifier, recipient, recipient_qualifier, reference, at_ms, \
             file, is_test, is_back) \
             VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM interchange), $1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &*sender.0,
            &*sender.1,
            &*recipient.0,
            &*recipient.1,
            &*one.reference,
            at_ms,
            file.0,
            i64::from(one.is_test),
            i64::from(one.is_back),
        )?;
    }
    Ok(())
}
