//! What customs says of the cases of items: answers (CUSRSP) read from the bytes of a file.

use std::ops::ControlFlow;

use caravan_declaration::answer::Answer;
use caravan_declaration::cusitm::{Decisions, read_answers};
use caravan_declaration::model::Identifier;
use caravan_declaration::{Limits, Outcome};
use caravan_postal::{Currency, Money};
use caravan_station::operation::moment;
use caravan_station::{CaseAnswer, Config, ItemName};

/// One answer of customs about an item.
#[derive(Debug)]
pub struct CaseReceipt {
    /// Which of the file it is, from 1.
    pub ordinal: u32,
    /// The item; nothing where the answer names none.
    pub item: Option<ItemName>,
    /// What it says; its time is nothing where the answer states none that can be read.
    pub answer: CaseAnswer,
    /// Whether the time of the answer was stated.
    pub is_timed: bool,
}

/// Reads the answers in a file, and how the reading ended. A time without a zone is civil time of the station.
pub fn case_receipts(
    bytes: &[u8],
    limits: &Limits,
    config: &Config,
) -> std::io::Result<(Vec<CaseReceipt>, Outcome)> {
    let (mut receipts, mut findings) = (Vec::new(), Vec::new());
    // What a code means is a table of the station's settings; the reader's own is not asked.
    let mut outcome = read_answers(bytes, limits, Decisions::edifact(), |read| {
        receipts.push(receipt(read.ordinal, &read.answer, config));
        findings.extend(read.findings.into_iter().map(|finding| finding.of(read.ordinal)));
        ControlFlow::Continue(())
    })?;
    outcome.findings.extend(findings);
    outcome.findings.sort();
    Ok((receipts, outcome))
}

fn receipt(ordinal: u32, answer: &Answer<'_>, config: &Config) -> CaseReceipt {
    let extra = |path: &str| answer.extras.iter().find(|(name, _)| *name == path).map(|(_, text)| *text);
    let at_ms = match extra(AT).and_then(|text| moment(text, config)) {
        // The whole text stays among the extras where it names a zone.
        Some(at_ms) => Some(at_ms),
        None => answer.at.map(|local| config.moment(local)),
    };
    CaseReceipt {
        ordinal,
        item: answer.identifier.map(|identifier| match identifier {
            Identifier::S10(s10) => ItemName::S10(s10),
            Identifier::Other(name) => ItemName::parse(name),
        }),
        answer: CaseAnswer {
            at_ms: at_ms.unwrap_or_default(),
            code: joined(answer.code.unwrap_or_default()),
            reason: extra(REASON).map(joined).filter(|reason| !reason.is_empty()),
            text: clip(answer.text.unwrap_or_default()),
            number: answer.number.filter(|number| is_number(number)).map(str::to_owned),
            due: due(answer),
        },
        is_timed: at_ms.is_some(),
    }
}

/// The elements of an answer that its model has no fields for.
const AT: &str = "Response.ClearanceDt";
const REASON: &str = "Response.DecisionReasonCd";
const TOTAL: &str = "Response.TotalFee";
const TOTAL_CURRENCY: &str = "Response.TotalFeeCurrencyCd";

/// Returns what is due: the total, or else the sum of the taxes where all are in one currency. An amount with more decimals
/// than its currency has counts when they are zeros.
fn due(answer: &Answer<'_>) -> Option<Money> {
    let extra = |path: &str| answer.extras.iter().find(|(name, _)| *name == path).map(|(_, text)| *text);
    let of = |amount: Option<&str>, currency: Option<&str>| money(amount?, currency?);
    if let Some(total) = extra(TOTAL) {
        return of(Some(total), extra(TOTAL_CURRENCY));
    }
    let mut sum: Option<Money> = None;
    for number in 1.. {
        let path = |element: &str| format!("Response.Taxes[{number}].{element}");
        let Some(amount) = extra(&path("Amount")) else { break };
        let tax = of(Some(amount), extra(&path("CurrencyCd")).or_else(|| extra(TOTAL_CURRENCY)))?;
        let before = sum.unwrap_or(Money::zero(tax.currency));
        if before.currency != tax.currency {
            return None;
        }
        sum = Some(Money { minor: before.minor.checked_add(tax.minor)?, ..before });
    }
    sum
}

fn money(amount: &str, currency: &str) -> Option<Money> {
    let amount = match amount.split_once('.') {
        Some((_, decimals)) if !decimals.is_empty() => amount.trim_end_matches('0').trim_end_matches('.'),
        _ => amount,
    };
    let money = Money::parse(amount, Currency::parse(currency)?).ok()?;
    (money.minor >= 0).then_some(money)
}

/// How long a number of customs may be.
const NUMBER_CHARS: usize = 35;
/// How many characters of the words of customs are kept with an event.
const WORDS: usize = 200;

fn is_number(number: &str) -> bool {
    (1..=NUMBER_CHARS).contains(&number.chars().count()) && !number.contains(char::is_whitespace)
}

/// Returns a code without its blanks: it is kept as one word.
fn joined(code: &str) -> String {
    code.split_whitespace().collect()
}

fn clip(text: &str) -> String {
    text.chars().map(|one| if one.is_control() { ' ' } else { one }).take(WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (amount, currency, expected) in [
            ("197.52", "CNY", Some(19752)),
            ("197.520", "CNY", Some(19752)),
            ("197", "CNY", Some(19700)),
            ("200", "CNY", Some(20000)),
            ("0.000", "CNY", Some(0)),
            ("1000.0", "JPY", Some(1000)),
            ("197.525", "CNY", None),
            ("-1", "CNY", None),
            ("197.52", "yuan", None),
        ] {
            assert_eq!(money(amount, currency).map(|money| money.minor), expected, "{amount} {currency}");
        }
    }
}
