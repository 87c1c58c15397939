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

#[cfg(test)]
mod tests {
    use super::canonical;

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
