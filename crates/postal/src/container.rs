//! Freight containers: ISO 6346 numbers and size-type codes.

use crate::ascii::{ascii_code, exact};

ascii_code! {
    /// A container number of ISO 6346: owner, category letter U, J or Z, six digits, check digit.
    ContainerNumber, 11
}
ascii_code! {
    /// A size-type code of ISO 6346: length, height and width, two characters of type, as `45G1`.
    SizeType, 4
}

/// What is wrong with a text that should be a container number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContainerNumberError {
    /// Not three letters, a category letter, seven digits.
    #[error("not three letters, one of U, J and Z, and seven digits")]
    Shape,
    /// The last digit does not follow from the ten characters before it.
    #[error("check digit `{found}` instead of `{expected}`")]
    CheckDigit {
        /// The digit that the number asks for.
        expected: u8,
        /// The digit that was there.
        found: u8,
    },
}

impl ContainerNumber {
    /// Reads the eleven characters, without spaces.
    pub fn parse(text: &str) -> Result<Self, ContainerNumberError> {
        let bytes = exact::<11>(text, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            .ok_or(ContainerNumberError::Shape)?;
        let is_shaped = bytes[..3].iter().all(u8::is_ascii_uppercase)
            && matches!(bytes[3], b'U' | b'J' | b'Z')
            && bytes[4..].iter().all(u8::is_ascii_digit);
        if !is_shaped {
            return Err(ContainerNumberError::Shape);
        }
        let (expected, found) = (check_digit(&bytes[..10]), bytes[10] - b'0');
        if expected != found {
            return Err(ContainerNumberError::CheckDigit { expected, found });
        }
        Ok(Self(bytes))
    }
}

impl SizeType {
    /// Reads the four characters.
    pub fn parse(text: &str) -> Option<Self> {
        exact::<4>(text, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).map(Self)
    }
}

/// Letters count from A = 10 and skip the multiples of 11; the sum of value times two to the position, modulo 11.
fn check_digit(characters: &[u8]) -> u8 {
    let mut sum = 0u32;
    for (position, byte) in characters.iter().enumerate() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            letter => {
                let plain = u32::from(letter - b'A') + 10;
                plain + (plain - 1) / 10
            }
        };
        sum += value << position;
    }
    u8::try_from(sum % 11 % 10).expect("one digit")
}

#[cfg(test)]
mod tests {
    use super::{ContainerNumber, ContainerNumberError};

    #[test]
    fn checks_the_digit_of_iso_6346() {
        for text in [
            "CSQU3054383",
            "MWCU6059784",
            "CBHU3202732",
            "TBJU0024184",
            "TCNU1234565",
            "HJCU1000008",
            "TBJU0000080",
        ] {
            assert_eq!(ContainerNumber::parse(text).map(|number| number.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "CSQU305438", "CSQA3054383", "csqu3054383", "CS1U3054383", "CSQU30543830"] {
            assert_eq!(ContainerNumber::parse(text), Err(ContainerNumberError::Shape), "{text:?}");
        }
        let wrong = ContainerNumberError::CheckDigit { expected: 3, found: 4 };
        assert_eq!(ContainerNumber::parse("CSQU3054384"), Err(wrong));
    }
}
