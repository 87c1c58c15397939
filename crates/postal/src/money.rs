//! Money: integer minor units with a currency.

use std::fmt;

use crate::{Currency, Ratio};

/// An amount in the minor unit of its currency: 12.34 EUR is 1234.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// The amount in minor units.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// What is wrong with a number in an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Something other than digits with at most one point.
    #[error("not a decimal number")]
    NotANumber,
    /// More decimals than the unit has.
    #[error("too many decimals")]
    TooManyDecimals,
    /// Below zero where only zero and more can be.
    #[error("negative")]
    Negative,
    /// Beyond any amount that can be meant.
    #[error("too large")]
    TooLarge,
}

impl Money {
    /// The largest amount that any input may state, in minor units: sums of a whole year still fit an `i64`.
    pub const MAX_MINOR: i64 = 1_000_000_000_000;

    /// Reads an amount in major units with at most the decimals of the currency: `12.34`.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, NumberError> {
        let minor = decimal(text, currency.exponent())?;
        if minor.abs() > Self::MAX_MINOR {
            return Err(NumberError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    /// Returns nothing of a currency.
    pub fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Returns the amount in major units as an exact ratio.
    pub fn major(self) -> Ratio {
        Ratio::new(i128::from(self.minor), 10i128.pow(self.currency.exponent()))
    }

    /// Returns the amount in major units without the currency: `12.34`.
    pub fn decimal(self) -> String {
        let exponent = self.currency.exponent();
        if exponent == 0 {
            return self.minor.to_string();
        }
        let scale = 10u64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        format!("{sign}{}.{:0width$}", minor / scale, minor % scale, width = exponent as usize)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// Reads a decimal with at most `decimals` places that matter, as an integer of the smallest unit.
pub(crate) fn decimal(text: &str, decimals: u32) -> Result<i64, NumberError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::NotANumber);
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(decimals as usize));
    if rest.bytes().any(|byte| byte != b'0') {
        return Err(NumberError::TooManyDecimals);
    }
    let mut value = 0i64;
    for byte in whole.bytes().chain(kept.bytes()) {
        value = push_digit(value, byte - b'0').ok_or(NumberError::TooLarge)?;
    }
    for _ in kept.len()..decimals as usize {
        value = push_digit(value, 0).ok_or(NumberError::TooLarge)?;
    }
    Ok(if negative { -value } else { value })
}

fn push_digit(value: i64, digit: u8) -> Option<i64> {
    value.checked_mul(10)?.checked_add(i64::from(digit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Money, NumberError};
    use crate::Currency;

    #[test]
    fn reads_amounts_to_the_minor_unit() {
        let yen = Currency::parse("JPY").unwrap();
        for (text, currency, minor) in [
            ("12.34", Currency::EUR, 1234),
            ("12", Currency::EUR, 1200),
            ("12.300", Currency::EUR, 1230),
            ("800", yen, 800),
        ] {
            assert_eq!(Money::parse(text, currency), Ok(Money { minor, currency }), "{text}");
        }
        for (text, fault) in [
            ("12.345", NumberError::TooManyDecimals),
            ("12,34", NumberError::NotANumber),
            (".5", NumberError::NotANumber),
            ("1.2.3", NumberError::NotANumber),
            ("+1", NumberError::NotANumber),
            ("--1", NumberError::NotANumber),
            ("10000000000.01", NumberError::TooLarge),
        ] {
            assert_eq!(Money::parse(text, Currency::EUR), Err(fault), "{text}");
        }
        assert_eq!(Money::parse("800.5", yen), Err(NumberError::TooManyDecimals));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(minor in -Money::MAX_MINOR..=Money::MAX_MINOR) {
            for code in ["EUR", "JPY", "KWD"] {
                let money = Money { minor, currency: Currency::parse(code).unwrap() };
                prop_assert_eq!(Money::parse(&money.decimal(), money.currency), Ok(money));
            }
        }
    }
}
