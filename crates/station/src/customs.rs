//! What the station itself tells customs: the parcels that arrived at its supervised site, the bags that they left in,
//! and that they have left.
//!
//! Messages and element names: message specification of the cross-border e-commerce unified version, edition 202205.

mod case;

use caravan_declaration::AnswerVerdict;

use crate::item::states;
use crate::{ContainerId, FilingId};

pub use case::CaseAnswer;

/// One message to customs: a document with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filing {
    /// Its row.
    pub id: FilingId,
    /// What it tells.
    pub form: FilingForm,
    /// Our number of the document (`copNo`): `507260000001`. The parts of a document that was split share it.
    pub number: String,
    /// Which part of the document it is, from 1 (`msgSeqNo`).
    pub part: u32,
    /// How many parts the document has (`msgCount`).
    pub parts: u32,
    /// The container that it is about; of an arrival none.
    pub container: Option<ContainerId>,
    /// The number under which customs lets the container go to the exit, as it was when this was filed (`voyageNo`).
    pub voyage: Option<String>,
    /// What it does to what customs was told under its number before.
    pub action: FilingAction,
    /// Where it stands.
    pub state: FilingState,
    /// How many lines it has.
    pub lines: u32,
    /// When its first line came.
    pub opened_ms: i64,
    /// When it was filed last.
    pub filed_ms: Option<i64>,
    /// How often it was filed.
    pub attempts: u32,
    /// The last answer that counts.
    pub answer: Option<Answered>,
    /// How many events it has.
    pub events: u32,
}

states! {
    /// What a message does to what customs was told under its number before (`appType`).
    FilingAction {
        /// Nothing: it is new, or what was told was turned down.
        Add = 0, "add";
        /// It stands in its place.
        Change = 1, "change";
        /// It takes it back.
        Delete = 2, "delete";
    }
}

states! {
    /// What a filing tells customs.
    FilingForm {
        /// Parcels have arrived at the supervised site (CEB507).
        Arrival = 507, "507";
        /// Lists belong to bags and a vehicle (CEB607).
        BagContents = 607, "607";
        /// Parcels have left (CEB509).
        Departure = 509, "509";
        /// Items from abroad are presented with their declarations (CUSITM, UPU M43).
        Presentation = 43, "M43";
    }
}

states! {
    /// Where a filing stands. States that are done have the numbers 20 and above.
    FilingState {
        /// Taking lines.
        Gathering = 0, "gathering";
        /// Filed, and not answered with a decision.
        Filed = 1, "filed";
        /// Turned down: to be mended and filed again.
        Rejected = 2, "rejected";
        /// Taken by customs.
        Accepted = 20, "accepted";
        /// Another was filed in its place, because what it told has changed.
        Replaced = 21, "replaced";
        /// Filed, and answered item by item.
        Presented = 22, "presented";
    }
}

/// An answer that counts: a later one takes its place, an older one does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// When customs gave it.
    pub at_ms: i64,
    /// Its status code.
    pub code: String,
    /// The number that customs gave the list.
    pub number: Option<String>,
}

/// An answer of customs about a list or a filing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomsAnswer {
    /// The number of the message that it came in: `604`.
    pub message: String,
    /// When customs gave it.
    pub at_ms: i64,
    /// Its status code.
    pub code: String,
    /// What the code means; `None` when that is not known.
    pub verdict: Option<AnswerVerdict>,
    /// The words that came with it.
    pub text: String,
    /// The number that customs gave the list.
    pub number: Option<String>,
}

impl Filing {
    /// Returns what the filing is called outside: `507260000001/1`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.number, self.part)
    }

    /// Returns whether an answer is to the message as it was before it was filed last: it says so, or customs gave it
    /// before. Customs tells the time in seconds.
    pub fn is_answered_before(&self, attempt: Option<u32>, answer: &CustomsAnswer) -> bool {
        let second = |at_ms: i64| at_ms.div_euclid(1000);
        let filed_ms = self.filed_ms.filter(|_| attempt.is_none());
        attempt.is_some_and(|attempt| attempt != self.attempts)
            || filed_ms.is_some_and(|filed_ms| second(answer.at_ms) < second(filed_ms))
    }

    /// Returns whether something has still to happen to it.
    pub fn is_pending(&self) -> bool {
        self.state.number() < FilingState::Accepted.number()
    }
}

impl Answered {
    /// Reads an answer as rows hold it.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.splitn(3, ' ');
        let at_ms = words.next()?.parse().ok()?;
        let code = words.next()?.to_owned();
        Some(Self { at_ms, code, number: words.next().map(str::to_owned) })
    }
}

impl std::fmt::Display for Answered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.at_ms, self.code)?;
        self.number.as_ref().map_or(Ok(()), |number| write!(f, " {number}"))
    }
}

impl CustomsAnswer {
    /// Returns what is kept of the answer; a number that customs gave before stays.
    pub(crate) fn answered(&self, before: Option<&Answered>) -> Answered {
        let known = || before.and_then(|before| before.number.clone());
        Answered { at_ms: self.at_ms, code: self.code.clone(), number: self.number.clone().or_else(known) }
    }

    /// Returns how the answer stands to the last one that counts.
    pub(crate) fn standing(&self, last: Option<&Answered>) -> Standing {
        match last {
            Some(last) if self.at_ms < last.at_ms => Standing::Late,
            Some(last) if self.at_ms == last.at_ms && self.code == last.code => Standing::Again,
            _ => Standing::Counts,
        }
    }

    /// Returns the answer on one line: message, code, words.
    pub(crate) fn line(&self) -> String {
        format!("{} {} {}", self.message, self.code, self.text).trim_end().to_owned()
    }
}

/// How an answer stands to those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is the latest.
    Counts,
    /// Customs gave it before the one that counts.
    Late,
    /// It is the one that counts, once more.
    Again,
}
