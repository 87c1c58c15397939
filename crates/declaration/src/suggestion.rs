//! What a value that was left out was probably meant to be: never put in its place, only said.
//!
//! A suggestion is a value that the field would take. It is made of characters that look like those that are there, and
//! only when no other value looks like them too.

use caravan_postal::lookalike::{digits, letters, one_of, only, plain};
use caravan_postal::{Country, Currency, Grams, HsCode, Impc, MailSubclass, Money};

use crate::builder::parse_date;
use crate::format::{Content, Element, Type};

/// A currency with as many decimals as any has: what is no amount of it is none at all.
const MOST_DECIMALS: &str = "KWD";

/// Returns the suggestion for a text that is no value of an element.
pub(crate) fn suggestion(element: &Element, text: &str) -> Option<String> {
    let Content::Value(kind) = element.content else { return None };
    match kind {
        Type::Kilograms | Type::WattHours => number(text, |text| Grams::parse_kg(text).is_ok()),
        // The text may be the amount or its currency: no text looks like both.
        Type::Money => {
            number(text, is_amount).or_else(|| letters_as(text, |text| Currency::parse(text).is_some()))
        }
        Type::Whole(_) => number(text, |text| text.bytes().all(|byte| byte.is_ascii_digit())),
        Type::Date => digits_as(text, |text| parse_date(text).is_some()),
        Type::Hs => digits_as(text, |text| HsCode::parse(text).is_some()),
        Type::Country => letters_as(text, |text| Country::parse(text).is_some()),
        Type::Office => letters_as(text, |text| Impc::parse(text).is_some()),
        Type::Subclass => plain(text).filter(|text| MailSubclass::parse(text).is_some()),
        Type::Code(codes) => one_of(text, codes.iter().map(|(code, _)| *code)).map(str::to_owned),
        Type::Flag => one_of(text, ["true", "false", "1", "0"]).map(str::to_owned),
        Type::Word(_) => plain(text)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())),
        // An identifier has a shape of its own; any text is one.
        Type::Identifier | Type::Text(_) | Type::Lines(_) | Type::Named(_) => None,
    }
}

/// Reads letters as digits, but for one at the end other than `O`: that may be a unit.
fn number(text: &str, is_fit: impl Fn(&str) -> bool) -> Option<String> {
    let has_unit = text.ends_with(|last: char| last.is_ascii_alphabetic() && !matches!(last, 'O' | 'o'));
    let read = if has_unit { None } else { digits(text) };
    read.or_else(|| plain(text)).filter(|text| is_fit(text))
}

fn digits_as(text: &str, is_fit: impl Fn(&str) -> bool) -> Option<String> {
    digits(text).filter(|text| is_fit(text))
}

fn letters_as(text: &str, is_fit: impl Fn(&str) -> bool) -> Option<String> {
    let as_written = plain(text).filter(|text| is_fit(text));
    as_written.or_else(|| only(letters(text).into_iter().filter(|reading| is_fit(reading))))
}

fn is_amount(text: &str) -> bool {
    let money = Currency::parse(MOST_DECIMALS).and_then(|currency| Money::parse(text, currency).ok());
    money.is_some() && !text.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::suggestion;
    use crate::format::element;

    #[test]
    fn suggests_what_the_field_would_take_and_nothing_else() {
        for (field, text, expected) in [
            ("gross-weight", "1O.5", Some("10.5")),
            ("gross-weight", "l.5O", Some("1.50")),
            ("gross-weight", "１,５", None),
            ("gross-weight", "470g", None),
            ("gross-weight", "5.OOO1", None),
            ("postage", "S.00", Some("5.00")),
            ("postage", "U5D", Some("USD")),
            ("postage", "СNY", Some("CNY")),
            ("postage", "-５", None),
            ("postage", "X5X", None),
            ("volume", "2OO", Some("200")),
            ("volume", "10l", None),
            ("posted-on", "2O26-07-0l", Some("2026-07-01")),
            ("posted-on", "2026-l3-01", None),
            ("sender-country", "5E", Some("SE")),
            ("sender-country", "0E", Some("DE")),
            ("sender-country", "cn", None),
            ("origin-office", "CNURC4", None),
            ("origin-office", "DE8ERA", Some("DEBERA")),
            ("form", "CNZ2", Some("CN22")),
            ("form", "CN24", None),
            ("nature", "3I", Some("31")),
            ("return-if-undeliverable", "１", Some("1")),
        ] {
            let element = element(field).expect("a field");
            assert_eq!(suggestion(element, text).as_deref(), expected, "{field} {text}");
        }
    }
}
