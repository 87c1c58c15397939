//! Exact fractions, for rates and for what lies between a price and its rounding.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Sub};

/// How a fraction becomes an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// A fraction in lowest terms with a positive denominator.
///
/// Numerator and denominator are `i128`: products of money, weight and published rates (at most ten digits) stay far
/// inside; an overflow is a bug in a table and panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// Zero.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };
    /// One.
    pub const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// Returns `numerator / denominator`; the denominator is not zero.
    pub fn new(numerator: i128, denominator: i128) -> Self {
        assert!(denominator != 0, "a ratio has a denominator");
        let divisor = greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).expect("a divisor of two i128 fits") * denominator.signum();
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// Returns a whole number.
    pub fn whole(number: i64) -> Self {
        Self { numerator: i128::from(number), denominator: 1 }
    }

    /// Reads a decimal of at most eighteen digits: `0.1375`, `495.3`, `15`.
    pub fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if whole.is_empty() || whole.len() + fraction.len() > 18 || !all().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let numerator = all().fold(0i128, |value, byte| value * 10 + i128::from(byte - b'0'));
        Some(Self::new(sign * numerator, 10i128.pow(u32::try_from(fraction.len()).ok()?)))
    }

    /// Returns `self / other`, or `None` when `other` is zero.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        (other.numerator != 0)
            .then(|| Self::new(self.numerator * other.denominator, self.denominator * other.numerator))
    }

    /// Returns the nearest integer in the direction of `rounding`.
    pub fn round(self, rounding: Rounding) -> i64 {
        let (quotient, rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        let away = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest != 0,
            Rounding::HalfUp => rest.unsigned_abs() * 2 >= self.denominator.unsigned_abs(),
        };
        let rounded = if away { quotient + self.numerator.signum() } else { quotient };
        i64::try_from(rounded).expect("money and weight fit an i64")
    }

    /// Returns numerator and denominator in lowest terms.
    pub fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// Returns whether the fraction is below zero.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// Returns the decimal with at most `decimals` places, half up, without trailing zeros: `0.1375`.
    pub fn decimal(self, decimals: u32) -> String {
        let scaled = (self * Self::new(10i128.pow(decimals), 1)).round(Rounding::HalfUp);
        let scale = 10u64.pow(decimals);
        let (whole, fraction) = (scaled.unsigned_abs() / scale, scaled.unsigned_abs() % scale);
        let text = format!("{whole}.{fraction:0width$}", width = decimals as usize);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        format!("{}{text}", if scaled < 0 { "-" } else { "" })
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl Add for Ratio {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(
            self.numerator * other.denominator + other.numerator * self.denominator,
            self.denominator * other.denominator,
        )
    }
}

impl Sub for Ratio {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + Self { numerator: -other.numerator, ..other }
    }
}

impl Mul for Ratio {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self::new(self.numerator * other.numerator, self.denominator * other.denominator)
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.numerator * other.denominator).cmp(&(other.numerator * self.denominator))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.decimal(6))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ratio, Rounding};

    #[test]
    fn rounds_the_half_as_named() {
        for (text, half_up, down, up) in
            [("0.5", 1, 0, 1), ("-0.5", -1, 0, -1), ("1.49", 1, 1, 2), ("2", 2, 2, 2), ("-1.2", -1, -1, -2)]
        {
            let ratio = Ratio::parse(text).unwrap();
            let rounded = [Rounding::HalfUp, Rounding::Down, Rounding::Up].map(|rounding| ratio.round(rounding));
            assert_eq!(rounded, [half_up, down, up], "{text}");
        }
    }

    #[test]
    fn reads_decimals_only() {
        assert_eq!(Ratio::parse("0.1375"), Some(Ratio::new(11, 80)));
        assert_eq!(Ratio::parse("-12.50").unwrap().decimal(4), "-12.5");
        for wrong in ["", ".5", "1,5", "1e3", "0x1", "1.2.3", "1234567890123456789"] {
            assert_eq!(Ratio::parse(wrong), None, "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn arithmetic_keeps_its_laws(a in -9999i64..9999, b in 1i64..9999, c in -9999i64..9999, d in 1i64..9999) {
            let (x, y) = (Ratio::new(a.into(), b.into()), Ratio::new(c.into(), d.into()));
            prop_assert_eq!(x + y - y, x);
            prop_assert_eq!(x * y, y * x);
            if c != 0 {
                prop_assert_eq!((x * y).checked_div(y), Some(x));
            }
            prop_assert!(x.round(Rounding::Down).abs() <= x.round(Rounding::Up).abs());
        }
    }
}
