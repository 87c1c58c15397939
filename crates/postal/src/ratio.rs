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

    /// Returns `self / other`, or `None` when `other` is zero or the result is out of reach.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        if other.numerator == 0 {
            return None;
        }
        let numerator = self.numerator.checked_mul(other.denominator)?;
        Some(Self::new(numerator, self.denominator.checked_mul(other.numerator)?))
    }

    /// Returns `self * other`, or `None` when the result is out of reach.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Some(Self::new(numerator, self.denominator.checked_mul(other.denominator)?))
    }

    /// Returns `self + other`, or `None` when the result is out of reach.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            return Some(Self::new(self.numerator.checked_add(other.numerator)?, self.denominator));
        }
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Some(Self::new(left.checked_add(right)?, self.denominator.checked_mul(other.denominator)?))
    }

    /// Returns `self - other`, or `None` when the result is out of reach.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(Self { numerator: other.numerator.checked_neg()?, ..other })
    }

    /// Returns the nearest integer in the direction of `rounding`, or `None` when it is out of reach.
    pub fn checked_round(self, rounding: Rounding) -> Option<i64> {
        let whole = self.numerator / self.denominator;
        (whole.unsigned_abs() < u128::from(i64::MAX.unsigned_abs())).then(|| self.round(rounding))
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
        // Division of 128 bits is ten times dearer than of 64, and nearly every figure fits 64.
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(greatest_common_divisor_64(small_a, small_b));
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

fn greatest_common_divisor_64(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Compares two fractions with positive denominators by their whole parts, then by their turned-over rests: no
/// product, so nothing can overflow.
fn compare(mut left: (i128, i128), mut right: (i128, i128)) -> Ordering {
    loop {
        let whole = left.0.div_euclid(left.1).cmp(&right.0.div_euclid(right.1));
        let rests = (left.0.rem_euclid(left.1), right.0.rem_euclid(right.1));
        match (whole, rests) {
            (Ordering::Equal, (0, 0)) => return Ordering::Equal,
            (Ordering::Equal, (0, _)) => return Ordering::Less,
            (Ordering::Equal, (_, 0)) => return Ordering::Greater,
            (Ordering::Equal, (rest_left, rest_right)) => {
                (left, right) = ((right.1, rest_right), (left.1, rest_left));
            }
            (different, _) => return different,
        }
    }
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
        let left = self.numerator.checked_mul(other.denominator);
        match (left, other.numerator.checked_mul(self.denominator)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => compare((self.numerator, self.denominator), (other.numerator, other.denominator)),
        }
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
            let rounded =
                [Rounding::HalfUp, Rounding::Down, Rounding::Up].map(|rounding| ratio.round(rounding));
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

    #[test]
    fn says_when_a_result_is_out_of_reach() {
        let huge = Ratio::new(i128::MAX, 1);
        assert_eq!(huge.checked_mul(Ratio::whole(2)), None);
        assert_eq!(huge.checked_add(Ratio::new(1, 2)), None);
        assert_eq!(huge.checked_sub(Ratio::new(-1, 1)), None);
        assert_eq!(huge.checked_div(Ratio::new(1, 3)), None);
        assert_eq!(huge.checked_round(Rounding::Down), None);
        assert!(huge > Ratio::new(i128::MAX, 3) && Ratio::new(-i128::MAX, 1) < Ratio::new(-i128::MAX, 3));
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
            prop_assert_eq!((x.checked_add(y), x.checked_sub(y)), (Some(x + y), Some(x - y)));
            prop_assert_eq!(x.checked_mul(y), Some(x * y));
        }

        #[test]
        fn compares_without_a_product_as_with_one(a in -9999i128..9999, b in 1i128..9999, c in -9999i128..9999, d in 1i128..9999) {
            prop_assert_eq!(super::compare((a, b), (c, d)), (a * d).cmp(&(c * b)));
        }
    }
}
