//! Decimals of the schema as the types of the model have them.

use caravan_postal::{Currency, Grams, Money};

/// Returns a decimal without a plus sign and without zeros that mean nothing.
pub(super) fn canonical(text: &str) -> String {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// Returns a weight in kilograms, when it has whole grams.
pub(super) fn grams(text: &str) -> Option<Grams> {
    Grams::parse_kg(&canonical(text)).ok()
}

/// Returns a weight as a number of kilograms.
pub(super) fn kilograms(weight: Grams) -> String {
    canonical(&weight.kg().to_string())
}

/// Returns an amount of nothing or more, when it has whole minor units.
pub(super) fn money(text: &str, currency: Currency) -> Option<Money> {
    Money::parse(&canonical(text), currency).ok().filter(|money| money.minor >= 0)
}

/// Returns a number of units, when it is whole.
pub(super) fn units(text: &str) -> Option<u32> {
    canonical(text).parse().ok()
}

/// Five decimals, the most that a decimal of the schemas has.
const SCALE: i128 = 100_000;

/// Returns the sum of some decimals less another.
pub(super) fn sum(parts: &[&str], less: &str) -> Option<String> {
    let mut sum = -scaled(less)?;
    for part in parts {
        sum += scaled(part)?;
    }
    Some(decimal(sum))
}

/// Returns a decimal divided by another that is more than nothing, rounded half up to five decimals.
pub(super) fn quotient(total: &str, count: &str) -> Option<String> {
    let (total, count) = (scaled(total)?, scaled(count)?);
    (total >= 0 && count > 0).then(|| decimal((total * SCALE * 2 + count) / (count * 2)))
}

/// Returns a decimal of at most nineteen digits in units of its fifth decimal.
fn scaled(text: &str) -> Option<i128> {
    let text = canonical(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    if whole.len() > 20 || fraction.len() > 5 {
        return None;
    }
    format!("{whole}{fraction:0<5}").parse().ok()
}

fn decimal(scaled: i128) -> String {
    let sign = if scaled < 0 { "-" } else { "" };
    let scaled = scaled.abs();
    canonical(&format!("{sign}{}.{:05}", scaled / SCALE, scaled % SCALE))
}

#[cfg(test)]
mod tests {
    use super::{canonical, quotient, sum};

    #[test]
    fn sums_and_quotients_have_five_decimals() {
        assert_eq!(sum(&["10.5", "0.00001", "2"], "1").as_deref(), Some("11.50001"));
        assert_eq!(sum(&["1"], "3.5").as_deref(), Some("-2.5"));
        assert_eq!(sum(&["x"], "0"), None);
        assert_eq!(quotient("10", "3").as_deref(), Some("3.33333"));
        assert_eq!(quotient("20", "3").as_deref(), Some("6.66667"));
        assert_eq!(quotient("0.00001", "2").as_deref(), Some("0.00001"), "half goes up");
        assert_eq!(quotient("7", "0"), None);
        assert_eq!(quotient("99999999999999.99999", "0.00001").as_deref(), Some("9999999999999999999"));
    }

    #[test]
    fn zeros_that_mean_nothing_go() {
        for (text, expected) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("+05.50", "5.5"),
            (".5", "0.5"),
            ("5.", "5"),
            ("100", "100"),
            ("-1.10", "-1.1"),
        ] {
            assert_eq!(canonical(text), expected, "{text}");
        }
    }
}
