//! What customs answered, whatever format the answer came in.

use chrono::NaiveDateTime;

use crate::model::Identifier;

/// One answer of customs about one message, document or item. Text is borrowed from the reader that produced it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer<'a> {
    /// The item, when the answer is about one.
    pub identifier: Option<Identifier<'a>>,
    /// Our own number of the message or document that is answered: its GUID, its `copNo`, its interchange reference.
    pub reference: Option<&'a str>,
    /// The number that customs gave.
    pub number: Option<&'a str>,
    /// What it means for the item; `None` when the code is not known.
    pub verdict: Option<AnswerVerdict>,
    /// The code as the format has it.
    pub code: Option<&'a str>,
    /// The words that came with it.
    pub text: Option<&'a str>,
    /// When, in the local time of who answered, unless the format names a zone.
    pub at: Option<NaiveDateTime>,
    /// What the format holds and the model does not, by the format's own names.
    pub extras: Vec<(&'a str, &'a str)>,
}

/// What an answer means for the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerVerdict {
    /// It came in and was stored; nothing is decided.
    Received,
    /// It was turned down as a message: to be mended and sent again.
    Rejected,
    /// It was taken on; the goods are not released yet.
    Accepted,
    /// More data or papers are wanted.
    Queried,
    /// The goods are held for a check.
    Held,
    /// The goods may go on.
    Released,
    /// The goods may not go on: returned or refused.
    Refused,
    /// The goods were seized.
    Seized,
    /// The declaration was withdrawn or cancelled.
    Cancelled,
}
