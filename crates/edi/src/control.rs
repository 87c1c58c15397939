//! Interchange control: what the header of an interchange means after those that came before it.
//!
//! Counts and references inside of an interchange are checked by [`Envelope`](crate::Envelope). Here is what lies between
//! interchanges: a reference (UNB 0020) comes once between two addresses and rises by one, and a test (UNB 0035) changes
//! nothing.
//!
//! # For whoever keeps the state
//!
//! There is one [`Control`] for each pair of sender and recipient. In the transaction that takes an interchange whose
//! envelope has no fatal finding: load it, [`Control::check`] the header, act on the [`Verdict`], and on [`Verdict::Take`]
//! alone [`Control::record`] it. An interchange that is given up as a whole is never recorded, so that it may come again
//! corrected under its reference. A file that is the same byte by byte is known by its content before it comes here.
//! `seen` may hold the references of a period only, or only the one that is asked for: it is a unique key of a table, and
//! `last` a column beside it. Outgoing references are numbers of a sequence of the pair, written by [`reference()`].

use std::collections::BTreeSet;

use caravan_postal::Finding;

use crate::codes;
use crate::interchange::{Address, Header, Interchange};

/// What is known of the interchanges from one address to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Who sends.
    pub sender: Address,
    /// Who receives.
    pub recipient: Address,
    /// The highest reference so far. When the sender has started its numbers again, a person sets it back.
    pub last: Option<String>,
    /// The references that have come.
    pub seen: BTreeSet<String>,
}

/// What is to be done with an interchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is read and recorded.
    Take,
    /// It is read and shown; nothing of it counts and it is not recorded.
    Test,
    /// Nothing of it counts: another one came with its reference.
    Duplicate,
    /// It is of other addresses than these; nothing of it counts here.
    Foreign,
}

impl Control {
    /// Returns the state before the first interchange.
    pub fn new(sender: Address, recipient: Address) -> Self {
        Self { sender, recipient, last: None, seen: BTreeSet::new() }
    }

    /// Returns what is to be done with an interchange, and what is odd about it: findings about the interchange as a
    /// whole, which name its reference. The state stays as it is.
    pub fn check(&self, header: &Header) -> (Verdict, Vec<Finding>) {
        if (&header.sender, &header.recipient) != (&self.sender, &self.recipient) {
            let foreign = codes::CONTROL_FOREIGN.finding([&*header.sender.id, &*header.recipient.id]);
            return (Verdict::Foreign, vec![foreign]);
        }
        let reference = header.reference.as_str();
        if header.is_test {
            return (Verdict::Test, vec![codes::CONTROL_TEST.finding([reference])]);
        }
        let sender = header.sender.id.as_str();
        if self.seen.contains(reference) || self.last.as_deref() == Some(reference) {
            let duplicate = codes::CONTROL_DUPLICATE.finding([sender, reference]);
            return (Verdict::Duplicate, vec![duplicate]);
        }
        (Verdict::Take, self.check_order(sender, reference).into_iter().collect())
    }

    /// Notes that an interchange was taken.
    pub fn record(&mut self, header: &Header) {
        self.seen.insert(header.reference.clone());
        let is_back = self
            .last
            .as_deref()
            .and_then(|last| Numbered::of(last).compare(&Numbered::of(&header.reference)))
            .is_some_and(|(last, number)| number < last);
        if !is_back {
            self.last = Some(header.reference.clone());
        }
    }

    /// Compares the number at the end of a reference with that of the last one; nothing is said of references that are
    /// not numbered, or are numbered in another way than the last.
    fn check_order(&self, sender: &str, reference: &str) -> Option<Finding> {
        let last = self.last.as_deref()?;
        let (before, found) = (Numbered::of(last), Numbered::of(reference));
        let (before_number, number) = before.compare(&found)?;
        if number <= before_number {
            return Some(codes::CONTROL_BACK.finding([sender, reference, last]));
        }
        let (from, to) = (before_number + 1, number - 1);
        (from <= to).then(|| {
            let arguments = [sender.to_owned(), before.with(from), before.with(to)];
            codes::CONTROL_GAP.finding(arguments)
        })
    }
}

/// Returns the reference of an outgoing interchange for its number in the sequence of its pair of addresses: fourteen
/// digits, the length of data element 0020. `None` when the number has more.
pub fn reference(number: u64) -> Option<String> {
    (number < 10u64.pow(14)).then(|| format!("{number:014}"))
}

/// Says which message references stand twice in an interchange.
pub fn check_messages(interchange: &Interchange<'_>) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let repeated = interchange.messages.iter().filter(|message| !seen.insert(message.reference.as_str()));
    let told = repeated.map(|message| {
        let place = message.header.component(1, 1).place();
        codes::MESSAGE_REFERENCE_REPEATED.finding([message.reference.as_str()]).at(place)
    });
    told.collect()
}

/// A reference as what stands before its number, and the number with its digits.
struct Numbered<'r> {
    prefix: &'r str,
    digits: &'r str,
}

impl<'r> Numbered<'r> {
    fn of(reference: &'r str) -> Self {
        let prefix = reference.trim_end_matches(|character: char| character.is_ascii_digit());
        Self { prefix, digits: &reference[prefix.len()..] }
    }

    /// Returns both numbers when the references are numbered alike: after the same prefix.
    fn compare(&self, other: &Self) -> Option<(u64, u64)> {
        let numbers = || Some((self.digits.parse().ok()?, other.digits.parse().ok()?));
        (self.prefix == other.prefix).then(numbers).flatten()
    }

    /// Returns the reference with another number.
    fn with(&self, number: u64) -> String {
        format!("{}{number:0width$}", self.prefix, width = self.digits.len())
    }
}

#[cfg(test)]
mod tests;
