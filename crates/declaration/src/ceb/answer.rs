//! What customs answered: receipts in the words of the model.

use std::sync::LazyLock;

use caravan_postal::S10;

use super::codes::rows;
use super::document::{Document, Values};
use super::value::time;
use crate::answer::{Answer, AnswerVerdict};
use crate::model::Identifier;

/// Our own numbers in a receipt, the most telling first.
const REFERENCES: &[&str] =
    &["copNo", "coElNo", "orderNo", "payTransactionId", "payNo", "oriCopMsgId", "guid"];

/// The numbers that customs gives, the latest first.
const NUMBERS: &[&str] = &["entryId", "invtNo", "rkdNo", "sumNo", "preNo"];

/// What a status means in some messages or in every.
struct Status {
    code: &'static str,
    verdict: AnswerVerdict,
    /// The messages; none for every.
    messages: Vec<&'static str>,
}

static STATUSES: LazyLock<Vec<Status>> = LazyLock::new(|| {
    let row = |line: &'static str| {
        let mut words = line.split(' ');
        let (code, verdict, messages) = (words.next()?, verdict(words.next()?)?, words.next()?);
        let messages = messages.split(',').filter(|name| *name != "*").collect();
        Some(Status { code, verdict, messages })
    };
    rows(include_str!("layouts/status.txt")).map(|line| row(line).expect("code, verdict, messages")).collect()
});

static ERRORS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    rows(include_str!("layouts/errors.txt"))
        .map(|line| line.split_once(' ').expect("a code and words"))
        .collect()
});

/// Returns what an error code of the export system says, in the specification's words; nothing for one without.
pub fn error(code: &str) -> Option<&'static str> {
    ERRORS.iter().find(|(known, _)| *known == code).map(|(_, words)| *words)
}

/// Returns what a receipt says: of a status (`returnStatus`), or of the declaration made of a summary (792). Nothing
/// when the document is no receipt.
///
/// The time is that of Beijing. The lines of a summary's result stay in the document.
pub fn answer<'d>(document: &'d Document<'_>) -> Option<Answer<'d>> {
    let values = document.blocks.first()?;
    let message = document.message.name;
    let code_name = ["returnStatus", "decState"].into_iter().find(|name| values.text(name).is_some())?;
    let code = values.text(code_name)?;
    let (reference, reference_name) = first(values, REFERENCES);
    let (number, number_name) = first(values, NUMBERS);
    let time_name = if code_name == "decState" { "opDate" } else { "returnTime" };
    let identifier = values.text("logisticsNo").filter(|text| !text.is_empty());
    let mut answer = Answer {
        identifier: identifier.map(|text| S10::parse(text).map_or(Identifier::Other(text), Identifier::S10)),
        reference,
        number,
        verdict: if code_name == "decState" { None } else { status(message, code) },
        code: Some(code),
        text: values.text("returnInfo").filter(|text| !text.is_empty()),
        at: values.text(time_name).and_then(|text| time(text, 17)),
        extras: Vec::new(),
    };
    let is_time_known = answer.at.is_some();
    let told = [Some(code_name), reference_name, number_name, Some("returnInfo"), Some("logisticsNo")];
    for value in &values.values {
        let name = value.element.name;
        let is_told = told.contains(&Some(name)) || (name == time_name && is_time_known);
        if !is_told && !value.text.is_empty() {
            answer.extras.push((name, &value.text));
        }
    }
    Some(answer)
}

/// Returns the verdict of a status; a number below zero is an error of processing.
fn status(message: &str, code: &str) -> Option<AnswerVerdict> {
    if code.parse::<i64>().is_ok_and(|number| number < 0) {
        return Some(AnswerVerdict::Rejected);
    }
    let fits = |status: &&Status| {
        status.code == code && (status.messages.is_empty() || status.messages.contains(&message))
    };
    STATUSES.iter().find(fits).map(|status| status.verdict)
}

/// Returns the first of some elements that has a text, with its name.
fn first<'d>(
    values: &'d Values<'_>,
    names: &'static [&'static str],
) -> (Option<&'d str>, Option<&'static str>) {
    let found = names
        .iter()
        .find_map(|name| values.text(name).filter(|text| !text.is_empty()).map(|text| (text, *name)));
    (found.map(|(text, _)| text), found.map(|(_, name)| name))
}

fn verdict(name: &str) -> Option<AnswerVerdict> {
    match name {
        "received" => Some(AnswerVerdict::Received),
        "rejected" => Some(AnswerVerdict::Rejected),
        "accepted" => Some(AnswerVerdict::Accepted),
        "held" => Some(AnswerVerdict::Held),
        "released" => Some(AnswerVerdict::Released),
        "refused" => Some(AnswerVerdict::Refused),
        "cancelled" => Some(AnswerVerdict::Cancelled),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{STATUSES, status};
    use crate::answer::AnswerVerdict;

    #[test]
    fn errors_have_words() {
        assert_eq!(super::error("-621005"), Some("over the limit of one list"));
        assert_eq!((super::error("621005"), super::error("-621002"), super::error("")), (None, None, None));
        assert!(super::ERRORS.is_sorted_by_key(|(code, _)| -code.parse::<i64>().unwrap()));
    }

    #[test]
    fn a_status_means_what_its_message_says() {
        assert_eq!(STATUSES.len(), 19);
        assert_eq!(status("CEB604Message", "800"), Some(AnswerVerdict::Released));
        assert_eq!(status("CEB606Message", "399"), Some(AnswerVerdict::Cancelled));
        assert_eq!(status("CEB604Message", "399"), Some(AnswerVerdict::Accepted));
        assert_eq!(status("CEB604Message", "-621005"), Some(AnswerVerdict::Rejected));
        assert_eq!(status("CEB604Message", "7"), None);
        assert_eq!(status("CEB604Message", "released"), None);
    }
}
