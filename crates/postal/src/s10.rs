//! The item identifier, UPU S10: thirteen characters with a check digit.

use std::fmt;

use crate::{Country, Handling, MailClass};

/// An item identifier: two letters for the service, eight digits, a check digit, the issuing country.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct S10 {
    indicator: [u8; 2],
    serial: u32,
    country: Country,
}

/// What is wrong with a text that should be an S10 identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum S10Error {
    /// Not thirteen characters.
    #[error("`{0}` characters instead of 13")]
    Length(usize),
    /// Not two letters, nine digits, two letters.
    #[error("not two letters, nine digits and two letters")]
    Shape,
    /// The service indicator is reserved and never valid (first letter J, K, S, T or W).
    #[error("reserved service indicator")]
    Reserved,
    /// The check digit does not follow from the serial number.
    #[error("check digit `{found}` instead of `{expected}`")]
    CheckDigit {
        /// The digit that the serial number asks for.
        expected: u8,
        /// The digit that was there.
        found: u8,
    },
    /// The last two letters are no country.
    #[error("unknown issuing country")]
    Country,
}

/// What the service indicator says about the item (UPU S10-12, annex; first letter decides).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indicator {
    /// Assigned to a mail class for everyone.
    Assigned(MailClass),
    /// Usable only by agreement between the posts concerned; the class is given where the letter fixes it.
    Bilateral(Option<MailClass>),
    /// Not assigned: worth a warning, never a refusal.
    Unassigned,
}

const WEIGHTS: [u32; 8] = [8, 6, 4, 2, 3, 5, 9, 7];

impl S10 {
    /// Reads an identifier of exactly thirteen characters, without spaces.
    pub fn parse(text: &str) -> Result<Self, S10Error> {
        let bytes: &[u8; 13] = text.as_bytes().try_into().map_err(|_| match text.chars().count() {
            // Characters beyond ASCII have more bytes.
            13 => S10Error::Shape,
            length => S10Error::Length(length),
        })?;
        let letters = |range: &[u8]| range.iter().all(u8::is_ascii_uppercase);
        if !letters(&bytes[..2]) || !letters(&bytes[11..]) || !bytes[2..11].iter().all(u8::is_ascii_digit) {
            return Err(S10Error::Shape);
        }
        if matches!(bytes[0], b'J' | b'K' | b'S' | b'T' | b'W') {
            return Err(S10Error::Reserved);
        }
        let serial = bytes[2..10].iter().fold(0, |value, byte| value * 10 + u32::from(byte - b'0'));
        let (expected, found) = (check_digit(serial), bytes[10] - b'0');
        if expected != found {
            return Err(S10Error::CheckDigit { expected, found });
        }
        let country = Country::parse(&text[11..]).ok_or(S10Error::Country)?;
        Ok(Self { indicator: [bytes[0], bytes[1]], serial, country })
    }

    /// Builds the identifier of a serial number; its check digit follows. The serial has at most eight digits.
    pub fn new(indicator: &str, serial: u32, country: Country) -> Result<Self, S10Error> {
        Self::parse(&format!("{indicator}{serial:08}{}{country}", check_digit(serial)))
    }

    /// Returns the issuing country: the one whose post made the number, not the destination.
    pub fn country(self) -> Country {
        self.country
    }

    /// Returns what the two letters of the service indicator say.
    pub fn indicator(self) -> Indicator {
        use Indicator::{Assigned, Bilateral, Unassigned};
        use MailClass::{Ems, Letters, Parcels};
        match self.indicator {
            [b'C', b'Z'] | [b'H', b'X'..=b'Z'] => Bilateral(Some(Parcels)),
            [b'C' | b'H', _] => Assigned(Parcels),
            [b'E', b'X'..=b'Z'] => Bilateral(Some(Ems)),
            [b'E', _] => Assigned(Ems),
            [b'L' | b'R' | b'U' | b'V', b'Z'] | [b'A', b'V'..=b'Z'] => Bilateral(Some(Letters)),
            [b'L' | b'M' | b'R' | b'U' | b'V', _] | [b'Q', b'A'..=b'M'] => Assigned(Letters),
            [b'B' | b'D' | b'N' | b'P' | b'Z', _] | [b'G', b'A' | b'D'] => Bilateral(None),
            _ => Unassigned,
        }
    }

    /// Returns the handling that the first letter implies: R registered, V insured.
    pub fn handling(self) -> Handling {
        match self.indicator[0] {
            b'R' => Handling::Registered,
            b'V' => Handling::Insured,
            _ => Handling::Normal,
        }
    }

    /// Returns a number that identifies the item and orders as the text does: the key of stored items.
    pub fn key(self) -> i64 {
        let letters = i64::from(self.indicator[0] - b'A') * 26 + i64::from(self.indicator[1] - b'A');
        (letters * 100_000_000 + i64::from(self.serial)) * 676 + i64::from(self.country.ordinal())
    }

    /// Rebuilds the identifier from its key.
    pub fn from_key(key: i64) -> Option<Self> {
        let country = Country::from_ordinal(u16::try_from(key.rem_euclid(676)).ok()?)?;
        let serial = u32::try_from(key.div_euclid(676).rem_euclid(100_000_000)).ok()?;
        let letters = u16::try_from(key.div_euclid(67_600_000_000)).ok().filter(|n| *n < 676)?;
        let letter = |n: u16| u8::try_from(n).ok().map(|n| b'A' + n);
        Some(Self { indicator: [letter(letters / 26)?, letter(letters % 26)?], serial, country })
    }

    /// Returns the printed form in groups: `RR 4731 2482 9 CN`.
    pub fn printed(self) -> String {
        let text = self.to_string();
        format!("{} {} {} {} {}", &text[..2], &text[2..6], &text[6..10], &text[10..11], &text[11..])
    }
}

/// Returns the check digit of an eight-digit serial number: 11 minus the weighted sum modulo 11, 10 becoming 0 and
/// 11 becoming 5.
fn check_digit(serial: u32) -> u8 {
    let mut rest = serial;
    let mut sum = 0;
    for weight in WEIGHTS.iter().rev() {
        sum += weight * (rest % 10);
        rest /= 10;
    }
    match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => u8::try_from(digit).expect("one digit"),
    }
}

impl fmt::Display for S10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.indicator.map(char::from);
        write!(f, "{first}{second}{:08}{}{}", self.serial, check_digit(self.serial), self.country)
    }
}

impl fmt::Debug for S10 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "S10({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Indicator, S10, S10Error};
    use crate::{Country, MailClass};

    #[test]
    fn accepts_the_published_identifiers() {
        for text in [
            "RB123456785GB",
            "EE123456785KR",
            "EC253990191BE",
            "LX097070395FR",
            "HF600000007CN",
            "CP123456785CN",
            "EA100000003CN",
            "LX000000120CN",
            "RR000000014CN",
            "UA000000195KZ",
            "CX300000009UZ",
            "RR473124829CN",
        ] {
            assert_eq!(S10::parse(text).map(|id| id.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(S10::parse("RR473124829CN").unwrap().printed(), "RR 4731 2482 9 CN");
    }

    #[test]
    fn knows_both_special_cases_of_the_check_digit() {
        let country = Country::parse("CN").unwrap();
        for (serial, text) in [(15, "RR000000155CN"), (8, "RR000000080CN"), (0, "RR000000005CN")] {
            assert_eq!(S10::new("RR", serial, country).unwrap().to_string(), text);
        }
    }

    #[test]
    fn names_the_fault() {
        for (text, fault) in [
            ("", S10Error::Length(0)),
            ("RR47312482CN", S10Error::Length(12)),
            ("RR4731248291CN", S10Error::Length(14)),
            ("rr473124829CN", S10Error::Shape),
            ("R1473124829CN", S10Error::Shape),
            ("RR4731248Z9CN", S10Error::Shape),
            ("JA473124829CN", S10Error::Reserved),
            ("RR473124820CN", S10Error::CheckDigit { expected: 9, found: 0 }),
            ("EX123456789IN", S10Error::CheckDigit { expected: 5, found: 9 }),
            ("RR473124829ZZ", S10Error::Country),
            ("汉字汉字x", S10Error::Shape),
            ("RR４７３124829CN", S10Error::Shape),
        ] {
            assert_eq!(S10::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn reads_the_service_from_the_letters() {
        for (text, indicator) in [
            ("CP", Indicator::Assigned(MailClass::Parcels)),
            ("CZ", Indicator::Bilateral(Some(MailClass::Parcels))),
            ("EA", Indicator::Assigned(MailClass::Ems)),
            ("LX", Indicator::Assigned(MailClass::Letters)),
            ("QN", Indicator::Unassigned),
            ("GD", Indicator::Bilateral(None)),
            ("GE", Indicator::Unassigned),
            ("XA", Indicator::Unassigned),
        ] {
            assert_eq!(
                S10::new(text, 1, Country::parse("CN").unwrap()).unwrap().indicator(),
                indicator,
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed_or_a_named_exception(serial in 0u32..100_000_000, at in 2usize..10, add in 1u8..10) {
            let text = S10::new("RR", serial, Country::parse("CN").unwrap()).unwrap().to_string();
            let mut bytes = text.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
            let changed = S10::parse(std::str::from_utf8(&bytes).unwrap());
            // Modulo 11 with 0 and 5 standing for two remainders each: a change may slip only between those.
            prop_assert!(changed.is_err() || matches!(bytes[10], b'0' | b'5' | b'1' | b'6'));
        }

        #[test]
        fn keys_rebuild_and_order(a in 0u32..100_000_000, b in 0u32..100_000_000) {
            let id = |serial| S10::new("LX", serial, Country::parse("KZ").unwrap()).unwrap();
            prop_assert_eq!(S10::from_key(id(a).key()), Some(id(a)));
            prop_assert_eq!(id(a).key().cmp(&id(b).key()), id(a).cmp(&id(b)));
        }
    }
}
