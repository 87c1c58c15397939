//! Single values: what a text must be to be the value of its element.
//!
//! The reader reports what is found here, and the writer refuses it: the rule is in one place.

use std::borrow::Cow;

use caravan_postal::Finding;
use chrono::NaiveDateTime;

use super::layout::{Element, Former, Kind};
use super::write::is_content;
use crate::builder::{clip, is_control};
use crate::findings;

/// What became of a text.
#[derive(Debug)]
pub(super) struct Checked<'a> {
    /// The value, when the text can be one.
    pub(super) text: Option<Cow<'a, str>>,
    /// What is wrong with it, or worth a remark.
    pub(super) findings: Vec<Finding>,
}

/// Makes a text the value of its element, in a block of the name `block`.
pub(super) fn check<'a>(element: &Element, block: &str, text: Cow<'a, str>) -> Checked<'a> {
    let mut checked = Checked { text: None, findings: Vec::new() };
    if element.kind == Kind::Any {
        if is_content(&text) {
            checked.text = Some(text);
        } else {
            checked.findings.push(findings::CEB_EXTENSION.finding::<&str>([]));
        }
        return checked;
    }
    if let Some(control) = text.chars().find(|character| is_control(*character)) {
        checked.findings.push(findings::TEXT_CONTROL.finding([format!("U+{:04X}", u32::from(control))]));
        return checked;
    }
    let text = trimmed(element, text, &mut checked.findings);
    if text.is_empty() {
        if !element.is_required {
            checked.findings.push(findings::ELEMENT_EMPTY.finding([element.name]));
        } else if element.kind.admits_empty() {
            checked.findings.push(findings::CEB_REQUIRED_EMPTY.finding([element.name]));
            checked.text = Some(text);
        } else {
            checked.findings.push(findings::CEB_VALUE_MISSING.finding([element.name, block]));
        }
        return checked;
    }
    let fault = fault(element.kind, &text).or_else(|| not_fixed(element, &text));
    match fault {
        None => {}
        Some(fault) if is_former(element, &text) => {
            drop(fault);
            checked.findings.push(findings::CEB_EDITION.finding([element.name]));
        }
        Some(fault) => {
            checked.findings.push(fault);
            return checked;
        }
    }
    checked.findings.extend(doubt(element, &text));
    let is_lower = element.kind == Kind::Guid && text.bytes().any(|byte| byte.is_ascii_lowercase());
    if is_lower {
        checked.findings.push(findings::CEB_GUID_CASE.finding::<&str>([]));
    }
    checked.text = Some(if is_lower { Cow::Owned(text.to_ascii_uppercase()) } else { text });
    checked
}

/// Returns the text without white space around it, and with single spaces where the element collapses them.
fn trimmed<'a>(element: &Element, text: Cow<'a, str>, findings: &mut Vec<Finding>) -> Cow<'a, str> {
    let is_space = |character: char| matches!(character, ' ' | '\n' | '\t' | '\r');
    let is_wide = |text: &str| text.contains(['\n', '\t', '\r']) || text.contains("  ");
    let cut = text.trim_matches(is_space);
    let is_text = matches!(element.kind, Kind::Text { .. } | Kind::Guid | Kind::Time(_));
    if element.is_collapsed && is_wide(cut) {
        findings.push(findings::TEXT_JOINED.finding::<&str>([]));
        return Cow::Owned(cut.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    }
    if cut.len() == text.len() {
        return text;
    }
    // White space around a number is none of it, and collapses by the schema; in an empty element it is nothing.
    if is_text && !element.is_collapsed && !cut.is_empty() {
        findings.push(findings::TEXT_TRIMMED.finding::<&str>([]));
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_space)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_space).to_owned()),
    }
}

/// Returns what makes a text no value of its type.
fn fault(kind: Kind, text: &str) -> Option<Finding> {
    match kind {
        Kind::Text { least, most } => length_fault(text, least, most),
        Kind::Guid => length_fault(text, 36, Some(36)),
        Kind::Time(digits) => length_fault(text, digits.into(), Some(digits.into())),
        Kind::Decimal { digits, decimals } => decimal_fault(text, digits, decimals),
        Kind::Whole(digits) => whole_fault(text, digits),
        Kind::Any => None,
    }
}

fn length_fault(text: &str, least: u32, most: Option<u32>) -> Option<Finding> {
    // Characters, not bytes (XML Schema part 2, 4.3.1).
    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    if let Some(most) = most.filter(|most| length > *most) {
        return Some(findings::TEXT_TOO_LONG.finding([length.to_string(), most.to_string()]));
    }
    (length < least).then(|| findings::TEXT_TOO_SHORT.finding([length.to_string(), least.to_string()]))
}

fn decimal_fault(text: &str, digits: u32, decimals: u32) -> Option<Finding> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = unsigned.bytes().any(|byte| byte.is_ascii_digit())
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number {
        return Some(findings::NUMBER_SHAPE.finding([clip(text)]));
    }
    // Zeros before the first digit and behind the last are no digits of the number (XML Schema part 2, 4.3.11).
    let (whole, fraction) = (whole.trim_start_matches('0').len(), fraction.trim_end_matches('0').len());
    if fraction > decimals as usize {
        return Some(findings::NUMBER_DECIMALS.finding([clip(text)]));
    }
    (whole + fraction > digits as usize).then(|| findings::NUMBER_TOO_LARGE.finding([clip(text)]))
}

fn whole_fault(text: &str, digits: Option<u32>) -> Option<Finding> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(findings::NUMBER_SHAPE.finding([clip(text)]));
    }
    let significant = unsigned.trim_start_matches('0').len();
    let is_large = text.parse::<i32>().is_err() || digits.is_some_and(|digits| significant > digits as usize);
    is_large.then(|| findings::NUMBER_TOO_LARGE.finding([clip(text)]))
}

fn not_fixed(element: &Element, text: &str) -> Option<Finding> {
    let fixed = element.fixed.filter(|fixed| *fixed != text)?;
    Some(findings::CODE_UNKNOWN.finding([clip(text), fixed.to_owned()]))
}

/// Returns whether the edition of 2018 took the text as a value.
fn is_former(element: &Element, text: &str) -> bool {
    match element.former {
        Some(Former::Kind(kind)) => fault(kind, text).is_none(),
        Some(Former::Absent) | None => false,
    }
}

/// Returns what the specification says against a value that the schema admits.
fn doubt(element: &Element, text: &str) -> Option<Finding> {
    if let Kind::Time(digits) = element.kind
        && time(text, digits).is_none()
    {
        return Some(findings::CEB_TIME_SHAPE.finding([clip(text), pattern(digits).to_owned()]));
    }
    let codes = element.codes.filter(|codes| !codes.has(text))?;
    Some(findings::CEB_CODE_UNKNOWN.finding([clip(text), codes.joined()]))
}

/// Returns how a time of so many digits is written.
fn pattern(digits: u8) -> &'static str {
    match digits {
        8 => "YYYYMMDD",
        14 => "YYYYMMDDhhmmss",
        _ => "YYYYMMDDhhmmssSSS",
    }
}

/// Reads a day, a second or a millisecond written in so many digits; a day begins at midnight.
pub(super) fn time(text: &str, digits: u8) -> Option<NaiveDateTime> {
    if text.len() != usize::from(digits) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to).map_or(Some(0), |part| part.parse::<u32>().ok());
    let year = text[..4].parse().ok().filter(|year| *year > 0)?;
    let day = chrono::NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)?;
    day.and_hms_milli_opt(number(8, 10)?, number(10, 12)?, number(12, 14)?, number(14, 17)?)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::check;
    use crate::ceb::layout::{Element, Kind};

    fn codes(kind: Kind, is_required: bool, text: &str) -> (Option<String>, Vec<&'static str>) {
        let element = Element {
            name: "a",
            kind,
            is_required,
            is_collapsed: false,
            fixed: None,
            codes: None,
            former: None,
        };
        let checked = check(&element, "b", Cow::Borrowed(text));
        let codes = checked.findings.iter().map(|finding| finding.code.name).collect();
        (checked.text.map(Cow::into_owned), codes)
    }

    #[test]
    fn decimals_are_those_of_the_schema() {
        let kind = Kind::Decimal { digits: 19, decimals: 5 };
        for good in
            ["0", "+1", "-1", ".5", "5.", "12345678912345.12345", "000.10000000", " 7 ", "99999999999999"]
        {
            assert_eq!(codes(kind, true, good).1, Vec::<&str>::new(), "{good}");
        }
        for (bad, code) in [
            (".", "number-shape"),
            ("1,5", "number-shape"),
            ("1e3", "number-shape"),
            ("+-1", "number-shape"),
            ("1.123456", "number-decimals"),
            ("123456789012345.12345", "number-too-large"),
        ] {
            assert_eq!(codes(kind, true, bad), (None, vec![code]), "{bad}");
        }
    }

    #[test]
    fn whole_numbers_have_thirty_two_bits() {
        for (text, code) in [
            ("99999", None),
            ("0099999", None),
            ("-7", None),
            ("100000", Some("number-too-large")),
            ("1.0", Some("number-shape")),
            ("", Some("ceb-value-missing")),
        ] {
            assert_eq!(codes(Kind::Whole(Some(5)), true, text).1.first().copied(), code, "{text}");
        }
        assert_eq!(codes(Kind::Whole(None), true, "2147483648").1, ["number-too-large"]);
    }

    #[test]
    fn texts_have_their_length_in_characters() {
        let kind = Kind::Text { least: 2, most: Some(3) };
        for (text, code) in [
            ("汉字", None),
            ("汉字写", None),
            ("汉字写法", Some("text-too-long")),
            ("a", Some("text-too-short")),
            ("\u{1}ab", Some("text-control")),
            (" ab", Some("text-trimmed")),
        ] {
            assert_eq!(codes(kind, true, text).1.first().copied(), code, "{text}");
        }
        let optional = Kind::Text { least: 0, most: Some(3) };
        assert_eq!(codes(optional, false, " "), (None, vec!["element-empty"]));
        assert_eq!(codes(optional, true, ""), (Some(String::new()), vec!["ceb-required-empty"]));
    }

    #[test]
    fn times_are_of_the_calendar() {
        for (text, digits, is_time) in [
            ("20260229", 8, false),
            ("20240229", 8, true),
            ("20261122235959", 14, true),
            ("20261122240000", 14, false),
            ("20261122235959999", 17, true),
            ("2026112223595999a", 17, false),
            ("00000101", 8, false),
        ] {
            assert_eq!(super::time(text, digits).is_some(), is_time, "{text}");
        }
        assert_eq!(codes(Kind::Time(8), true, "20260229").1, ["ceb-time-shape"]);
        assert_eq!(codes(Kind::Guid, true, &"a".repeat(36)).1, ["ceb-guid-case"]);
    }
}
