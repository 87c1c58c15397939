//! Weight in grams and volume in cubic centimetres: integers, because they end up on bills and in limits.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use crate::NumberError;
use crate::money::decimal;

macro_rules! measure {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub u64);

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }

        impl Sub for $name {
            type Output = Self;
            /// Subtracts down to zero: a measure is never negative.
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
                all.fold(Self(0), Add::add)
            }
        }
    };
}

measure! {
    /// A weight in grams.
    Grams
}
measure! {
    /// A volume in cubic centimetres.
    Volume
}

impl Grams {
    /// The heaviest weight that any input may state: one container of 100 t.
    pub const MAX: Self = Self(100_000_000);

    /// Reads kilograms with at most three decimals, as declarations write them: `0.250`.
    pub fn parse_kg(text: &str) -> Result<Self, NumberError> {
        let grams = decimal(text, 3)?;
        match u64::try_from(grams) {
            Ok(grams) if grams <= Self::MAX.0 => Ok(Self(grams)),
            Ok(_) => Err(NumberError::TooLarge),
            Err(_) => Err(NumberError::Negative),
        }
    }

    /// Returns the weight in hectograms as labels print it: 50 g and more round up.
    pub fn hectograms(self) -> u64 {
        (self.0 + 50) / 100
    }

    /// Returns kilograms with three decimals: `0.250`.
    pub fn kg(self) -> impl fmt::Display {
        format!("{}.{:03}", self.0 / 1000, self.0 % 1000)
    }
}

impl Volume {
    /// Returns cubic metres with three decimals, cut not rounded: `0.150`.
    pub fn cubic_metres(self) -> impl fmt::Display {
        format!("{}.{:03}", self.0 / 1_000_000, self.0 / 1000 % 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::Grams;
    use crate::NumberError;

    #[test]
    fn reads_kilograms_to_the_gram() {
        for (text, grams) in
            [("0.250", 250), ("1", 1000), ("0", 0), ("2.5", 2500), ("31.0000", 31_000), ("1.", 1000)]
        {
            assert_eq!(Grams::parse_kg(text), Ok(Grams(grams)), "{text:?}");
        }
        for (text, fault) in [
            ("", NumberError::NotANumber),
            ("0,250", NumberError::NotANumber),
            ("1e3", NumberError::NotANumber),
            ("0.2505", NumberError::TooManyDecimals),
            ("-1", NumberError::Negative),
            ("100000.001", NumberError::TooLarge),
            ("99999999999999999999", NumberError::TooLarge),
        ] {
            assert_eq!(Grams::parse_kg(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn rounds_hectograms_half_up() {
        for (grams, hectograms) in [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (14_660, 147)] {
            assert_eq!(Grams(grams).hectograms(), hectograms, "{grams} g");
        }
    }
}
