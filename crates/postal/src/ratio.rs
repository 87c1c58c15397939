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
        let fraction = Self { numerator, denominator };
        if let Some(Small { numerator, denominator }) = fraction.small() {
            let divisor = common(numerator, denominator);
            return Self {
                numerator: i128::from(numerator / divisor),
                denominator: i128::from(denominator / divisor),
            };
        }
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
        if let (Some(left), Some(right)) = (self.small(), other.small()) {
            return Some(left.times(right.turned_over()));
        }
        let numerator = self.numerator.checked_mul(other.denominator)?;
        Some(Self::new(numerator, self.denominator.checked_mul(other.numerator)?))
    }

    /// Returns `self * other`, or `None` when the result is out of reach.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        if let (Some(left), Some(right)) = (self.small(), other.small()) {
            return Some(left.times(right));
        }
        let numerator = self.numerator.checked_mul(other.numerator)?;
        Some(Self::new(numerator, self.denominator.checked_mul(other.denominator)?))
    }

    /// Returns `self + other`, or `None` when the result is out of reach.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.denominator == other.denominator {
            return Some(Self::new(self.numerator.checked_add(other.numerator)?, self.denominator));
        }
        if let (Some(left), Some(right)) = (self.small(), other.small()) {
            return Some(left.plus(right));
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
        if let Some(small) = self.small() {
            return small.round(rounding);
        }
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

    /// Returns the fraction as one of 64 bits, where it fits and its denominator is positive.
    fn small(self) -> Option<Small> {
        let numerator = i64::try_from(self.numerator).ok().filter(|numerator| *numerator != i64::MIN)?;
        let denominator = i64::try_from(self.denominator).ok().filter(|denominator| *denominator > 0)?;
        Some(Small { numerator, denominator })
    }
}

/// A fraction of 64 bits with a positive denominator; its numerator has a positive counterpart.
///
/// Division of 128 bits is ten times dearer than of 64, and nearly every figure fits 64.
#[derive(Debug, Clone, Copy)]
struct Small {
    numerator: i64,
    denominator: i64,
}

impl Small {
    /// Multiplies two fractions in lowest terms. What can be cancelled is, crosswise and before the product, which is
    /// then in lowest terms too and fits twice the bits.
    fn times(self, other: Self) -> Ratio {
        let (down, up) =
            (common(self.numerator, other.denominator), common(other.numerator, self.denominator));
        Ratio {
            numerator: i128::from(self.numerator / down) * i128::from(other.numerator / up),
            denominator: i128::from(self.denominator / up) * i128::from(other.denominator / down),
        }
    }

    /// Adds two fractions over their least common denominator: each product has at most 126 bits.
    fn plus(self, other: Self) -> Ratio {
        let shared = common(self.denominator, other.denominator);
        let by = other.denominator / shared;
        let left = i128::from(self.numerator) * i128::from(by);
        let right = i128::from(other.numerator) * i128::from(self.denominator / shared);
        Ratio::new(left + right, i128::from(self.denominator) * i128::from(by))
    }

    /// Turns a fraction over that is not zero.
    fn turned_over(self) -> Self {
        Self { numerator: self.denominator * self.numerator.signum(), denominator: self.numerator.abs() }
    }

    /// Returns the nearest integer in the direction of `rounding`, or `None` at the end of an `i64`.
    fn round(self, rounding: Rounding) -> Option<i64> {
        let (quotient, rest) = (self.numerator / self.denominator, self.numerator % self.denominator);
        let away = match rounding {
            Rounding::Down => false,
            Rounding::Up => rest != 0,
            Rounding::HalfUp => rest.unsigned_abs() * 2 >= self.denominator.unsigned_abs(),
        };
        let rounded = if away { quotient + self.numerator.signum() } else { quotient };
        (quotient.abs() < i64::MAX).then_some(rounded)
    }
}

/// Returns the greatest common divisor of a numerator and a positive denominator.
fn common(numerator: i64, denominator: i64) -> i64 {
    let (mut a, mut b) = (numerator.abs(), denominator);
    while b > 1 {
        (a, b) = (b, a % b);
    }
    if b == 1 { 1 } else { a }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
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
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        if let (Some(left), Some(right)) = (self.small(), other.small()) {
            let turned = i128::from(right.numerator) * i128::from(left.denominator);
            return (i128::from(left.numerator) * i128::from(right.denominator)).cmp(&turned);
        }
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

    /// Figures of every length, the longest included.
    fn figure() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), -9999i64..9999, Just(i64::MIN), Just(i64::MAX), Just(i64::MIN + 1)]
    }

    /// The fraction in lowest terms by the schoolbook.
    fn plain(numerator: i128, denominator: i128) -> Ratio {
        let divisor = super::greatest_common_divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).unwrap() * denominator.signum();
        Ratio { numerator: numerator / divisor, denominator: denominator / divisor }
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
        fn figures_of_64_bits_are_reckoned_as_any_other(
            a in figure(), b in 1..=i64::MAX, c in figure(), d in 1..=i64::MAX, rounding in 0..3usize,
        ) {
            let [a, b, c, d] = [a, b, c, d].map(i128::from);
            let rounding = [Rounding::HalfUp, Rounding::Down, Rounding::Up][rounding];
            let (x, y) = (Ratio::new(a, b), Ratio::new(c, d));
            prop_assert_eq!(x, plain(a, b));
            prop_assert_eq!(x.checked_mul(y), Some(plain(a * c, b * d)));
            prop_assert_eq!(x.checked_add(y), Some(plain(a * d + c * b, b * d)));
            prop_assert_eq!(x.checked_div(y), (c != 0).then(|| plain(a * d, b * c)));
            prop_assert_eq!(x.cmp(&y), super::compare((a, b), (c, d)));
            // The ends of an `i64` are out of reach.
            let is_near = (a / b).abs() < i128::from(i64::MAX);
            prop_assert_eq!(x.checked_round(rounding), is_near.then(|| x.round(rounding)));
        }

        #[test]
        fn compares_without_a_product_as_with_one(a in -9999i128..9999, b in 1i128..9999, c in -9999i128..9999, d in 1i128..9999) {
            prop_assert_eq!(super::compare((a, b), (c, d)), (a * d).cmp(&(c * b)));
        }
    }
}
