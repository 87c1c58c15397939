//! Dispatch and receptacle identifiers, UPU S8 and S9.

use std::fmt;

use crate::{Grams, Impc, MailCategory, MailSubclass};

/// What numbers a run of dispatches: both offices, category and subclass. Its serials start again each year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DispatchSeries {
    /// The office of exchange that closes the dispatch.
    pub origin: Impc,
    /// The office of exchange that opens it.
    pub destination: Impc,
    /// The mail category.
    pub category: MailCategory,
    /// The mail subclass; its first letter is the mail class.
    pub subclass: MailSubclass,
}

/// A dispatch identifier (S8, twenty characters): a series, the last digit of the year, a serial of four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct S8 {
    series: DispatchSeries,
    year: u8,
    serial: u16,
}

/// Whether a receptacle is the highest-numbered of its dispatch (position 24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HighestFlag {
    /// Not the last.
    No,
    /// The last: the dispatch is closed with it.
    Yes,
    /// Not known when the label was printed.
    Unknown,
}

/// The weight as S9 can carry it: hectograms up to 9998, or more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WeightField(u16);

/// A receptacle identifier (S9, twenty-nine characters): its dispatch, a serial, two flags and the weight.
///
/// It is identified by the dispatch and the serial; flags and weight are attributes that may differ between the hands
/// it passes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct S9 {
    /// The dispatch that the receptacle belongs to.
    pub dispatch: S8,
    serial: u16,
    /// Whether it is the highest-numbered of the dispatch.
    pub highest: HighestFlag,
    /// Whether it holds registered or insured items; `None` when not known.
    pub is_registered: Option<bool>,
    /// The gross weight.
    pub weight: WeightField,
}

/// A serial number outside what its field can print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SerialError {
    /// A dispatch serial outside 1 to 9999.
    #[error("dispatch serial `{0}` is not within 1 to 9999")]
    Dispatch(u32),
    /// A receptacle serial outside 1 to 999.
    #[error("receptacle serial `{0}` is not within 1 to 999")]
    Receptacle(u32),
}

impl S8 {
    /// The highest serial of a dispatch in its series and year.
    pub const SERIAL_MAX: u32 = 9999;

    /// Builds the identifier of dispatch `serial` of a series in a calendar year (of which the last digit is printed).
    pub fn new(series: DispatchSeries, year: i32, serial: u32) -> Result<Self, SerialError> {
        match u16::try_from(serial) {
            Ok(number @ 1..=9999) => {
                let year = u8::try_from(year.rem_euclid(10)).expect("one digit");
                Ok(Self { series, year, serial: number })
            }
            _ => Err(SerialError::Dispatch(serial)),
        }
    }

    /// Reads the twenty characters.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 20 || !text.is_ascii() {
            return None;
        }
        let series = DispatchSeries {
            origin: Impc::parse(&text[..6])?,
            destination: Impc::parse(&text[6..12])?,
            category: MailCategory::parse(&text[12..13])?,
            subclass: MailSubclass::parse(&text[13..15])?,
        };
        Self::new(series, i32::from(digits(&text[15..16])?), u32::from(digits(&text[16..20])?)).ok()
    }

    /// Returns the series that the dispatch is numbered in.
    pub fn series(self) -> DispatchSeries {
        self.series
    }

    /// Returns the serial, 1 to 9999.
    pub fn serial(self) -> u32 {
        u32::from(self.serial)
    }

    /// Returns the last digit of the year in which the number was taken.
    pub fn year_digit(self) -> u8 {
        self.year
    }
}

impl WeightField {
    /// Returns the field for a gross weight; above 999.8 kg it only says "more".
    pub fn of(weight: Grams) -> Self {
        Self(u16::try_from(weight.hectograms()).unwrap_or(9999).min(9999))
    }

    /// Returns hectograms, or `None` when the field only says "more than 999.8 kg".
    pub fn hectograms(self) -> Option<u16> {
        (self.0 < 9999).then_some(self.0)
    }
}

impl S9 {
    /// The highest serial of a receptacle in its dispatch.
    pub const SERIAL_MAX: u32 = 999;

    /// Builds the identifier of receptacle `serial` of a dispatch.
    pub fn new(
        dispatch: S8,
        serial: u32,
        highest: HighestFlag,
        is_registered: Option<bool>,
        weight: Grams,
    ) -> Result<Self, SerialError> {
        match u16::try_from(serial) {
            Ok(number @ 1..=999) => {
                Ok(Self { dispatch, serial: number, highest, is_registered, weight: WeightField::of(weight) })
            }
            _ => Err(SerialError::Receptacle(serial)),
        }
    }

    /// Reads the twenty-nine characters.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 29 || !text.is_ascii() {
            return None;
        }
        let highest = match &text[23..24] {
            "0" => HighestFlag::No,
            "1" => HighestFlag::Yes,
            "9" => HighestFlag::Unknown,
            _ => return None,
        };
        let is_registered = match &text[24..25] {
            "0" => Some(false),
            "1" => Some(true),
            "9" => None,
            _ => return None,
        };
        let serial = digits(&text[20..23]).filter(|serial| *serial > 0)?;
        let weight = WeightField(digits(&text[25..29])?);
        Some(Self { dispatch: S8::parse(&text[..20])?, serial, highest, is_registered, weight })
    }

    /// Returns the serial within the dispatch, 1 to 999.
    pub fn serial(self) -> u32 {
        u32::from(self.serial)
    }
}

fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for DispatchSeries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}{}", self.origin, self.destination, self.category, self.subclass)
    }
}

impl fmt::Display for S8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{:04}", self.series, self.year, self.serial)
    }
}

impl fmt::Display for S9 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let highest = match self.highest {
            HighestFlag::No => 0,
            HighestFlag::Yes => 1,
            HighestFlag::Unknown => 9,
        };
        let registered = self.is_registered.map_or(9, u8::from);
        write!(f, "{}{:03}{highest}{registered}{:04}", self.dispatch, self.serial, self.weight.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{HighestFlag, S8, S9, SerialError};
    use crate::Grams;

    #[test]
    fn reads_and_prints_the_published_receptacles() {
        for text in [
            "ITMXPAFRCYMADCN20106001001455",
            "ITMXPAFRCYMADCN20106002101775",
            "BEBRUABOLPBBAEN60073003000227",
            "USJFKKAUSYDXACB70089045100002",
            "CNURCAKZALAACCN60001001000253",
        ] {
            assert_eq!(S9::parse(text).map(|id| id.to_string()).as_deref(), Some(text));
        }
    }

    #[test]
    fn refuses_what_no_office_would_print() {
        for text in [
            "",
            "CNURCAKZALAACCN60001001000253 ",
            "CNURCAKZALAAXCN60001001000253",
            "CNURCAKZALAACXN60001001000253",
            "CNURCAKZALAACCN60000001000253",
            "CNURCAKZALAACCN60001000000253",
            "CNURCAKZALAACCN60001001200253",
            "CNURCAKZALAACCN6000100100025E",
            "ZZURCAKZALAACCN60001001000253",
        ] {
            assert_eq!(S9::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn fits_numbers_and_weights_to_their_fields() {
        let dispatch = S8::parse("CNURCAKZALAACCN60001").unwrap();
        assert_eq!(S8::new(dispatch.series(), 2026, 10_000), Err(SerialError::Dispatch(10_000)));
        assert_eq!(S8::new(dispatch.series(), 2026, 0), Err(SerialError::Dispatch(0)));
        let bag = |serial, grams| S9::new(dispatch, serial, HighestFlag::Yes, Some(true), Grams(grams));
        assert_eq!(bag(1000, 1), Err(SerialError::Receptacle(1000)));
        assert_eq!(bag(7, 14_660).unwrap().to_string(), "CNURCAKZALAACCN60001007110147");
        assert_eq!(bag(7, 999_849).unwrap().weight.hectograms(), Some(9998));
        assert_eq!(bag(7, 999_850).unwrap().weight.hectograms(), None);
        assert_eq!(bag(7, 20_000_000).unwrap().to_string(), "CNURCAKZALAACCN60001007119999");
    }
}
