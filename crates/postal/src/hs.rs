//! Codes of the Harmonized System, with national digits behind them.

/// A commodity code of 6, 8 or 10 digits: six of the Harmonized System and what a country adds.
///
/// A shorter code is not a commodity code: it is refused, never padded. Whether the code exists in an edition of
/// the nomenclature is a question to the tables of `tariff`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsCode {
    value: u64,
    digits: u8,
}

impl HsCode {
    /// Returns the code for 6, 8 or 10 digits; dots and spaces between digits, as printed tariffs have, are skipped.
    pub fn parse(text: &str) -> Option<Self> {
        let mut value = 0u64;
        let mut digits = 0u8;
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' if digits < 10 => {
                    value = value * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
                b'.' | b' ' if digits > 0 => {}
                _ => return None,
            }
        }
        matches!(digits, 6 | 8 | 10).then_some(Self { value, digits })
    }

    /// Returns the first six digits as a number: the subheading.
    pub fn subheading(self) -> u32 {
        u32::try_from(self.value / 10u64.pow(u32::from(self.digits) - 6)).expect("six digits fit")
    }

    /// Returns the first two digits as a number: the chapter.
    pub fn chapter(self) -> u32 {
        self.subheading() / 10_000
    }

    /// Returns whether the code begins with `prefix`, a run of digits.
    pub fn has_prefix(self, prefix: &str) -> bool {
        let Ok(digits) = u8::try_from(prefix.len()) else { return false };
        let Ok(value) = prefix.parse::<u64>() else { return false };
        digits <= self.digits && self.value / 10u64.pow(u32::from(self.digits - digits)) == value
    }

    /// Returns the code as one number and its count of digits, for packed rows.
    pub fn parts(self) -> (u64, u8) {
        (self.value, self.digits)
    }

    /// Rebuilds a code from [`HsCode::parts`].
    pub fn from_parts(value: u64, digits: u8) -> Option<Self> {
        (matches!(digits, 6 | 8 | 10) && value < 10u64.pow(u32::from(digits)))
            .then_some(Self { value, digits })
    }
}

impl std::fmt::Display for HsCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:0width$}", self.value, width = usize::from(self.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::HsCode;

    #[test]
    fn keeps_leading_zeros_and_refuses_short_codes() {
        let code = HsCode::parse("0101.21 00").unwrap();
        assert_eq!((code.to_string().as_str(), code.subheading(), code.chapter()), ("01012100", 10_121, 1));
        assert!(code.has_prefix("0101") && code.has_prefix("01012100") && !code.has_prefix("101"));
        assert!(!code.has_prefix("0101210000"));
        for wrong in
            ["", "6109", "61091", "6109100", "610910000", "61091000001", "61O910", " 610910", ".610910"]
        {
            assert_eq!(HsCode::parse(wrong), None, "{wrong:?}");
        }
        let (value, digits) = code.parts();
        assert_eq!(HsCode::from_parts(value, digits), Some(code));
    }
}
