//! Referrals and their answers, as records.

use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::Finding;
use chrono::NaiveDateTime;

use crate::cusitm::{Form, Records, fill, record_entries};
use crate::layout::{Known, Record};
use crate::limits::Limits;
use crate::model::{Declaration, Identifier};
use crate::read::{Outcome, read_records};
use crate::write::WriteError;

/// The elements that the records have fields for.
const REFERRAL_ID: &str = "ReferralId";
const KIND: &str = "ReferralTypeCd";
const REASON_CODE: &str = "ReasonCd";
const REASON: &str = "ReasonNm";
const REFERRED_AT: &str = "ReferralDt";
const RESPOND_BY: &str = "RespondByDt";
const RESULT_CODE: &str = "ResultCd";
const RESULT: &str = "ResultNm";
const ANSWERED_AT: &str = "ResponseDt";

/// What customs of a country of destination wants to be done with an item before it is loaded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Referral<'a> {
    /// The item.
    pub identifier: Option<Identifier<'a>>,
    /// The number that the referral has with who made it.
    pub number: Option<&'a str>,
    /// What is wanted; `None` when the code is not known, which is then among the extras.
    pub kind: Option<ReferralKind>,
    /// The reason, as a code.
    pub code: Option<&'a str>,
    /// The reason in words.
    pub text: Option<&'a str>,
    /// When it was made, as the message has it, without a zone.
    pub at: Option<NaiveDateTime>,
    /// Until when an answer is wanted, in the same way.
    pub respond_by: Option<NaiveDateTime>,
    /// What the format holds and the model does not, by the format's own names.
    pub extras: Vec<(&'a str, &'a str)>,
}

/// What a post answers to a referral.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReferralAnswer<'a> {
    /// The item.
    pub identifier: Option<Identifier<'a>>,
    /// The number of the referral.
    pub number: Option<&'a str>,
    /// What was wanted; `None` when the code is not known, which is then among the extras.
    pub kind: Option<ReferralKind>,
    /// What came of it, as a code.
    pub code: Option<&'a str>,
    /// What came of it in words.
    pub text: Option<&'a str>,
    /// When it was answered, as the message has it, without a zone.
    pub at: Option<NaiveDateTime>,
    /// What the format holds and the model does not, by the format's own names.
    pub extras: Vec<(&'a str, &'a str)>,
}

/// What a referral asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReferralKind {
    /// More information: `RFI`.
    Information,
    /// The item is to be screened: `RFS`.
    Screening,
    /// The item must not be loaded: `DNL`.
    DoNotLoad,
}

impl ReferralKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Information, Self::Screening, Self::DoNotLoad];

    /// Returns the kind of a code.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Returns the code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Information => "RFI",
            Self::Screening => "RFS",
            Self::DoNotLoad => "DNL",
        }
    }
}

/// One referral as it was read. Its texts live as long as the call that hands it over.
#[derive(Debug)]
pub struct ReadReferral<'a> {
    /// Which record of the file it is, counted from 1.
    pub ordinal: u32,
    /// What is wanted.
    pub referral: Referral<'a>,
    /// What is wrong with it, ordered by place and code.
    pub findings: Vec<Finding>,
}

/// One answer to a referral as it was read. Its texts live as long as the call that hands it over.
#[derive(Debug)]
pub struct ReadReferralAnswer<'a> {
    /// Which record of the file it is, counted from 1.
    pub ordinal: u32,
    /// What was answered.
    pub answer: ReferralAnswer<'a>,
    /// What is wrong with it, ordered by place and code.
    pub findings: Vec<Finding>,
}

/// Reads an ITMREF and hands over each referral as soon as it is complete.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read_referrals<R: Read>(
    input: R,
    limits: &Limits,
    mut each: impl FnMut(ReadReferral<'_>) -> ControlFlow<()>,
) -> io::Result<Outcome> {
    read_records(input, limits, &[Known::Itmref], &mut |record, known| {
        let ordinal = record.ordinal;
        let (declaration, findings) = values(record, known);
        let mut values = Values(declaration.extras);
        let referral = Referral {
            identifier: declaration.identifier,
            number: values.take(REFERRAL_ID),
            kind: values.kind(),
            code: values.take(REASON_CODE),
            text: values.take(REASON),
            at: values.time(REFERRED_AT),
            respond_by: values.time(RESPOND_BY),
            extras: values.0,
        };
        Some(each(ReadReferral { ordinal, referral, findings }))
    })
}

/// Reads a REFRSP and hands over each answer as soon as it is complete.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read_referral_answers<R: Read>(
    input: R,
    limits: &Limits,
    mut each: impl FnMut(ReadReferralAnswer<'_>) -> ControlFlow<()>,
) -> io::Result<Outcome> {
    read_records(input, limits, &[Known::Refrsp], &mut |record, known| {
        let ordinal = record.ordinal;
        let (declaration, findings) = values(record, known);
        let mut values = Values(declaration.extras);
        let answer = ReferralAnswer {
            identifier: declaration.identifier,
            number: values.take(REFERRAL_ID),
            kind: values.kind(),
            code: values.take(RESULT_CODE),
            text: values.take(RESULT),
            at: values.time(ANSWERED_AT),
            extras: values.0,
        };
        Some(each(ReadReferralAnswer { ordinal, answer, findings }))
    })
}

fn values(record: Record<'_>, known: Known) -> (Declaration<'_>, Vec<Finding>) {
    let (ordinal, mark, resolver) = (record.ordinal, record.mark, record.resolver);
    let (declaration, findings, _) = fill(record, known.layout(), "").finish(ordinal, mark, resolver);
    (declaration, findings)
}

/// The values of a record by the paths of their elements; those that are taken have a field of their own.
struct Values<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Values<'a> {
    fn take(&mut self, path: &str) -> Option<&'a str> {
        let found = self.0.iter().position(|(name, _)| *name == path)?;
        Some(self.0.remove(found).1)
    }

    fn kind(&mut self) -> Option<ReferralKind> {
        let found = self.0.iter().position(|(name, _)| *name == KIND)?;
        let kind = ReferralKind::parse(self.0[found].1)?;
        self.0.remove(found);
        Some(kind)
    }

    /// Takes a time; one with a zone or parts of a second stays among the extras too.
    fn time(&mut self, path: &str) -> Option<NaiveDateTime> {
        let found = self.0.iter().position(|(name, _)| *name == path)?;
        let text = self.0[found].1;
        let time = time(text)?;
        if text.len() == 19 {
            self.0.remove(found);
        }
        Some(time)
    }
}

fn time(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text.get(..19)?, TIME).ok()
}

const TIME: &str = "%Y-%m-%dT%H:%M:%S";

/// Writes referrals as ITMREF, or answers to them as REFRSP.
#[derive(Debug)]
pub struct ReferralWriter<W: Write>(Records<W>);

impl<W: Write> ReferralWriter<W> {
    /// Begins an ITMREF.
    pub fn itmref(output: W) -> Result<Self, WriteError> {
        Records::new(output, Known::Itmref, Form::Xml).map(Self)
    }

    /// Begins a REFRSP.
    pub fn refrsp(output: W) -> Result<Self, WriteError> {
        Records::new(output, Known::Refrsp, Form::Xml).map(Self)
    }

    /// Writes one referral into an ITMREF, or nothing of it when a value cannot be written.
    pub fn referral(&mut self, referral: &Referral<'_>) -> Result<(), WriteError> {
        let (at, respond_by) = (referral.at.map(shown), referral.respond_by.map(shown));
        let fields = [
            (REFERRAL_ID, referral.number),
            (KIND, referral.kind.map(ReferralKind::as_str)),
            (REASON_CODE, referral.code),
            (REASON, referral.text),
            (REFERRED_AT, at.as_deref()),
            (RESPOND_BY, respond_by.as_deref()),
        ];
        self.record(referral.identifier, &fields, &referral.extras)
    }

    /// Writes one answer into a REFRSP, or nothing of it when a value cannot be written.
    pub fn answer(&mut self, answer: &ReferralAnswer<'_>) -> Result<(), WriteError> {
        let at = answer.at.map(shown);
        let fields = [
            (REFERRAL_ID, answer.number),
            (KIND, answer.kind.map(ReferralKind::as_str)),
            (RESULT_CODE, answer.code),
            (RESULT, answer.text),
            (ANSWERED_AT, at.as_deref()),
        ];
        self.record(answer.identifier, &fields, &answer.extras)
    }

    /// Ends the file and returns the output. A file has at least one record, which the caller has written.
    pub fn finish(self) -> Result<W, WriteError> {
        self.0.finish()
    }

    fn record(
        &mut self,
        identifier: Option<Identifier<'_>>,
        fields: &[(&'static str, Option<&str>)],
        extras: &[(&str, &str)],
    ) -> Result<(), WriteError> {
        let mut all: Vec<(&str, &str)> = Vec::new();
        for (path, text) in fields {
            // A time that is told more exactly among the extras is written as it stands there.
            let is_exact = |(name, exact): &&(&str, &str)| {
                name == path && text.is_some_and(|text| exact.starts_with(text))
            };
            if let Some(text) = text.filter(|_| !extras.iter().any(|extra| is_exact(&extra))) {
                self.0.admits(path, text)?;
                all.push((path, text));
            }
        }
        all.extend(extras);
        let declaration = Declaration { identifier, extras: all, ..Declaration::default() };
        let arena = Bump::new();
        let entries = record_entries(&declaration, self.0.layout(), "", &arena)?;
        self.0.record(&entries)
    }
}

fn shown(time: NaiveDateTime) -> String {
    time.format(TIME).to_string()
}
