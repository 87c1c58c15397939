//! Numbers and days as workbooks keep them.

use chrono::{Datelike, Days, NaiveDate};

/// Digits that a spreadsheet shows and computes with; the file may have more, which no one has typed.
const DIGITS: usize = 15;

/// Returns a number as a decimal without an exponent, rounded half up to the digits that a spreadsheet shows; nothing
/// when it is none.
pub(super) fn decimal(text: &str) -> Option<String> {
    let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_number = mantissa.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number
        || whole.is_empty()
        || decimals.contains('.')
        || mantissa.len() > 400
        || exponent.abs() > 400
    {
        return None;
    }
    let digits: Vec<u8> = whole.bytes().chain(decimals.bytes()).map(|digit| digit - b'0').collect();
    let zeros = digits.iter().take_while(|digit| **digit == 0).count();
    // How many digits stand before the point.
    let mut point = i32::try_from(whole.len()).ok()? + exponent - i32::try_from(zeros).ok()?;
    let mut digits = digits[zeros..].to_vec();
    if digits.len() > DIGITS {
        let is_up = digits[DIGITS] >= 5;
        digits.truncate(DIGITS);
        if is_up {
            point += i32::from(increase(&mut digits));
        }
    }
    while digits.last() == Some(&0) {
        digits.pop();
    }
    if digits.is_empty() {
        return Some("0".to_owned());
    }
    let digit = |at: i32| {
        usize::try_from(at).ok().and_then(|at| digits.get(at)).map_or('0', |d| char::from(b'0' + d))
    };
    let whole: String = if point > 0 { (0..point).map(digit).collect() } else { "0".to_owned() };
    let end = i32::try_from(digits.len()).ok()?;
    let decimals: String = (point.min(0)..0).map(|_| '0').chain((point.max(0)..end).map(digit)).collect();
    let sign = if is_negative { "-" } else { "" };
    Some(if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{decimals}") })
}

/// Adds one to the last digit; returns whether there is a digit more before the point.
fn increase(digits: &mut Vec<u8>) -> bool {
    for digit in digits.iter_mut().rev() {
        *digit = (*digit + 1) % 10;
        if *digit > 0 {
            return false;
        }
    }
    digits.insert(0, 1);
    true
}

/// Returns the day of a serial number (ECMA-376 part 1, 18.17.4): days since the last of 1899, with a 29 February 1900
/// that never was, or since 1 January 1904. With a time of day behind the point it is more than a day.
pub(super) fn day(serial: &str, has_epoch_1904: bool) -> Option<String> {
    let days: u64 = serial.parse().ok()?;
    let (year, month, first) = match (has_epoch_1904, days) {
        (true, _) => (1904, 1, 1),
        (false, 61..) => (1899, 12, 30),
        (false, 1..=59) => (1899, 12, 31),
        (false, _) => return None,
    };
    let date = NaiveDate::from_ymd_opt(year, month, first)?.checked_add_days(Days::new(days))?;
    (date.year() <= 9999).then(|| date.format("%Y-%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::{day, decimal};

    #[test]
    fn numbers_are_those_that_were_typed() {
        for (text, expected) in [
            ("1", Some("1")),
            ("0.1", Some("0.1")),
            ("12.300000000000001", Some("12.3")),
            ("0.30000000000000004", Some("0.3")),
            ("9.9999999999999996", Some("10")),
            ("99999999999999996", Some("100000000000000000")),
            ("1.5E-3", Some("0.0015")),
            ("1.5E+3", Some("1500")),
            ("-2.50", Some("-2.5")),
            ("610910", Some("610910")),
            ("0", Some("0")),
            ("0.00", Some("0")),
            ("1,5", None),
            ("", None),
            (".5", None),
            ("1.2.3", None),
            ("1E999", None),
        ] {
            assert_eq!(decimal(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn serial_numbers_are_days() {
        for (serial, epoch_1904, expected) in [
            ("1", false, Some("1900-01-01")),
            ("59", false, Some("1900-02-28")),
            ("60", false, None),
            ("61", false, Some("1900-03-01")),
            ("46204", false, Some("2026-07-01")),
            ("46204.75", false, None),
            ("44742", true, Some("2026-07-01")),
            ("0", false, None),
            ("-1", false, None),
            ("99999999", false, None),
        ] {
            assert_eq!(day(serial, epoch_1904).as_deref(), expected, "{serial}");
        }
    }
}
