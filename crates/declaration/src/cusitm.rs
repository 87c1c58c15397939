//! CUSITM and CUSRSP, the messages between a post and its customs (UPU M43 and M44), and the same data as JSON.
//!
//! The layouts are profiles made after the data of the web service of the UPU's Customs Declaration System; they are
//! not checked against the official text. A record has the element `MailObject` and beside it a `Declaration`, a
//! `Response`, or in JSON both. A CUSITM reads to the one model and is written from it; a CUSRSP reads to
//! [`Answer`]s.
//!
//! Nothing gets lost on the way. What the format holds and the model does not becomes an extra by the path of its
//! element, `Declaration.ContentPieces[2].RevisedHS`, and is written there again; so does a value that the model cannot
//! take, beside its finding. What the model holds and the format
//! does not is carried in the format's own extra fields as `declaration:` and the name of our field, so that every
//! declaration can be written. An extra field whose name is itself such a path is kept as `Declaration.ExtraFields.`
//! and its name.

mod answer;
mod decisions;
mod extras;
mod read;
mod write;

use std::io::{self, Read, Write};
use std::ops::ControlFlow;

use bumpalo::Bump;
use caravan_postal::{Field, Finding};

use crate::answer::Answer;
use crate::layout::{Entry, Known, Layout, Record, check, write_foot, write_head, write_json, write_record};
use crate::limits::Limits;
use crate::model::Declaration;
use crate::read::{Outcome, ReadItem, read_records};
use crate::write::WriteError;

pub(crate) use read::fill;
pub(crate) use write::entries as record_entries;

pub use decisions::{Decision, Decisions, DecisionsError};

/// One answer as it was read. Its texts live as long as the call that hands it over.
#[derive(Debug)]
pub struct ReadAnswer<'a> {
    /// Which record of the file it is, counted from 1.
    pub ordinal: u32,
    /// What customs answered.
    pub answer: Answer<'a>,
    /// What is wrong with it, ordered by place and code.
    pub findings: Vec<Finding>,
}

/// Turns a record of a message into a declaration and hands it over; one that only holds an answer is passed by.
pub(crate) fn hand_over(
    record: Record<'_>,
    known: Known,
    each: &mut impl FnMut(ReadItem<'_>) -> ControlFlow<()>,
) -> Option<ControlFlow<()>> {
    let is_of = |name: &str| record.entries.iter().any(|entry| entry.node.name == name);
    let is_answer = is_of("Response") && !is_of("Declaration");
    (!is_answer).then(|| each(read::item(record, known.layout())))
}

/// Reads the answers in a CUSRSP, or in JSON with `Response` data, and hands over each as soon as it is complete.
///
/// A decision is understood by `decisions`; its codes differ from country to country. A declaration that stands beside
/// an answer is left to [`crate::read()`], and a record without an answer is passed by.
///
/// # Errors
///
/// Only what the input itself returns.
pub fn read_answers<R: Read>(
    input: R,
    limits: &Limits,
    decisions: &Decisions,
    mut each: impl FnMut(ReadAnswer<'_>) -> ControlFlow<()>,
) -> io::Result<Outcome> {
    read_records(input, limits, &[Known::Cusrsp, Known::CustomsData], &mut |record, known| {
        answer::read(record, known.layout(), decisions).map(&mut each)
    })
}

/// In which form records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Xml,
    Json,
}

/// Writes records of one layout one by one.
#[derive(Debug)]
pub(crate) struct Records<W: Write> {
    output: W,
    known: Known,
    form: Form,
    /// Records that were written.
    count: u64,
    page: String,
}

impl<W: Write> Records<W> {
    /// Begins a file.
    pub(crate) fn new(output: W, known: Known, form: Form) -> Result<Self, WriteError> {
        let mut records = Self { output, known, form, count: 0, page: String::new() };
        match form {
            Form::Xml => write_head(known.layout(), &mut records.page),
            Form::Json => records.page.push('['),
        }
        records.flush()?;
        Ok(records)
    }

    /// Writes a record, or nothing of it when it does not fit its layout.
    pub(crate) fn record(&mut self, entries: &[Entry<'_>]) -> Result<(), WriteError> {
        let layout = self.known.layout();
        check(&layout.record, entries)?;
        match self.form {
            Form::Xml => write_record(layout, entries, &mut self.page),
            Form::Json => {
                self.page.push_str(if self.count == 0 { "\n" } else { ",\n" });
                write_json(&layout.record, entries, 1, &mut self.page);
            }
        }
        self.count += 1;
        self.flush()
    }

    /// Ends the file and returns the output.
    pub(crate) fn finish(mut self) -> Result<W, WriteError> {
        match self.form {
            Form::Xml => write_foot(self.known.layout(), &mut self.page),
            Form::Json => self.page.push_str("\n]\n"),
        }
        self.flush()?;
        self.output.flush().map_err(WriteError::Output)?;
        Ok(self.output)
    }

    /// Returns the layout of the records.
    pub(crate) fn layout(&self) -> &'static Layout {
        self.known.layout()
    }

    /// Refuses a text that cannot be the value of the element at a path.
    pub(crate) fn admits(&self, path: &'static str, text: &str) -> Result<(), WriteError> {
        match self.layout().fault(path, text) {
            None => Ok(()),
            Some(reason) => Err(WriteError::Unwritable { field: Field::of(path), reason }),
        }
    }

    fn flush(&mut self) -> Result<(), WriteError> {
        let page = std::mem::take(&mut self.page);
        self.output.write_all(page.as_bytes()).map_err(WriteError::Output)
    }
}

/// Writes declarations as CUSITM or as JSON, item by item.
#[derive(Debug)]
pub struct Writer<W: Write>(Records<W>);

impl<W: Write> Writer<W> {
    /// Begins a CUSITM.
    pub fn cusitm(output: W) -> Result<Self, WriteError> {
        Records::new(output, Known::Cusitm, Form::Xml).map(Self)
    }

    /// Begins a list of the data of the customs web service, JSON.
    pub fn customs_data(output: W) -> Result<Self, WriteError> {
        Records::new(output, Known::CustomsData, Form::Json).map(Self)
    }

    /// Writes one item, or nothing of it when a value cannot be written.
    pub fn item(&mut self, declaration: &Declaration<'_>) -> Result<(), WriteError> {
        let arena = Bump::new();
        let entries = write::entries(declaration, self.0.known.layout(), write::DECLARATION, &arena)?;
        self.0.record(&entries)
    }

    /// Ends the file and returns the output. A file has at least one item, which the caller has written.
    pub fn finish(self) -> Result<W, WriteError> {
        self.0.finish()
    }
}

/// Writes answers as CUSRSP or as JSON, one by one.
#[derive(Debug)]
pub struct AnswerWriter<'t, W: Write> {
    records: Records<W>,
    decisions: &'t Decisions,
}

impl<'t, W: Write> AnswerWriter<'t, W> {
    /// Begins a CUSRSP whose codes are those of `decisions`.
    pub fn cusrsp(output: W, decisions: &'t Decisions) -> Result<Self, WriteError> {
        Ok(Self { records: Records::new(output, Known::Cusrsp, Form::Xml)?, decisions })
    }

    /// Begins a list of the data of the customs web service, JSON, whose codes are those of `decisions`.
    pub fn customs_data(output: W, decisions: &'t Decisions) -> Result<Self, WriteError> {
        Ok(Self { records: Records::new(output, Known::CustomsData, Form::Json)?, decisions })
    }

    /// Writes one answer, or nothing of it when a value cannot be written.
    pub fn answer(&mut self, answer: &Answer<'_>) -> Result<(), WriteError> {
        let arena = Bump::new();
        let entries = answer::entries(answer, self.records.known.layout(), self.decisions, &arena)?;
        self.records.record(&entries)
    }

    /// Ends the file and returns the output. A file has at least one answer, which the caller has written.
    pub fn finish(self) -> Result<W, WriteError> {
        self.records.finish()
    }
}
