//! The types of values, in the notation that message descriptions use.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `an..35`, `an6`, `a2`, `a..3`: letters and, unless only letters are meant, anything else that a line of text can have.
    Text {
        /// Fewest characters.
        least: u16,
        /// Most characters.
        most: u16,
        /// Whether they are capital letters only.
        is_letters: bool,
    },
    /// `lines..500`: text that may have line breaks.
    Lines(u16),
    /// `n..5`, `n1`: digits, so many.
    Digits {
        /// Fewest digits.
        least: u16,
        /// Most digits.
        most: u16,
    },
    /// `n..16,3`: a decimal number of at most so many digits in all, so many of them behind the point.
    Decimal {
        /// Digits in all.
        total: u16,
        /// Digits behind the point.
        fraction: u16,
    },
    /// `int`: a whole number of 32 bits, which may be negative.
    Int,
    /// `boolean`: true or false.
    Boolean,
    /// `date`: a day.
    Date,
    /// `dateTime`: a day and a time, with or without a zone.
    DateTime,
    /// `utc`: a day and a time in UTC, which ends with `Z`.
    Utc,
    /// `guid`: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    Guid,
}

impl Type {
    /// Reads the notation.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "int" => return Some(Self::Int),
            "boolean" => return Some(Self::Boolean),
            "date" => return Some(Self::Date),
            "dateTime" => return Some(Self::DateTime),
            "utc" => return Some(Self::Utc),
            "guid" => return Some(Self::Guid),
            _ => {}
        }
        let split = text.find(|character: char| character == '.' || character.is_ascii_digit())?;
        let (kind, size) = text.split_at(split);
        let (least, size) = match size.strip_prefix("..") {
            Some(most) => (1, most),
            None => (size.parse().ok()?, size),
        };
        if let Some((total, fraction)) = size.split_once(',') {
            let decimal = Self::Decimal { total: total.parse().ok()?, fraction: fraction.parse().ok()? };
            return (kind == "n").then_some(decimal);
        }
        let most = size.parse().ok()?;
        match kind {
            "an" => Some(Self::Text { least, most, is_letters: false }),
            "a" => Some(Self::Text { least, most, is_letters: true }),
            "n" => Some(Self::Digits { least, most }),
            "lines" => Some(Self::Lines(most)),
            _ => None,
        }
    }

    /// Returns the notation, for people.
    pub fn notation(self) -> String {
        let sized = |kind: &str, least: u16, most: u16| {
            if least == most { format!("{kind}{most}") } else { format!("{kind}..{most}") }
        };
        match self {
            Self::Text { least, most, is_letters } => sized(if is_letters { "a" } else { "an" }, least, most),
            Self::Lines(most) => format!("lines..{most}"),
            Self::Digits { least, most } => sized("n", least, most),
            Self::Decimal { total, fraction } => format!("n..{total},{fraction}"),
            Self::Int => "int".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Date => "date".to_owned(),
            Self::DateTime => "dateTime".to_owned(),
            Self::Utc => "utc".to_owned(),
            Self::Guid => "guid".to_owned(),
        }
    }

    /// Returns whether a text without white space around it is a value of the type.
    pub fn admits(self, text: &str) -> bool {
        let length =
            |least: u16, most: u16| (usize::from(least)..=usize::from(most)).contains(&text.chars().count());
        match self {
            Self::Text { least, most, is_letters } => {
                length(least, most) && (!is_letters || text.bytes().all(|byte| byte.is_ascii_uppercase()))
            }
            Self::Lines(most) => length(1, most),
            Self::Digits { least, most } => {
                length(least, most) && text.bytes().all(|byte| byte.is_ascii_digit())
            }
            Self::Decimal { total, fraction } => is_decimal(text, total.into(), fraction.into()),
            Self::Int => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                digits.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i32>().is_ok()
            }
            Self::Boolean => matches!(text, "true" | "false"),
            Self::Date => day(text).is_some_and(str::is_empty),
            Self::DateTime => is_date_time(text),
            Self::Utc => text.len() == 20 && text.ends_with('Z') && is_date_time(text),
            Self::Guid => is_guid(text),
        }
    }

    /// Returns the base type of XML Schema and the facets of the restriction.
    pub(super) fn facets(self) -> (&'static str, String) {
        let length = |least: u16, most: u16| {
            format!("<xs:minLength value=\"{least}\"/><xs:maxLength value=\"{most}\"/>")
        };
        let pattern = |pattern: &str| format!("<xs:pattern value=\"{pattern}\"/>");
        match self {
            Self::Text { least, most, is_letters: true } => {
                ("token", pattern(&format!("[A-Z]{{{least},{most}}}")))
            }
            Self::Text { least, most, is_letters: false } => ("token", length(least, most)),
            Self::Lines(most) => ("string", length(1, most)),
            Self::Digits { least, most } => ("token", pattern(&format!("[0-9]{{{least},{most}}}"))),
            Self::Decimal { total, fraction } => (
                "decimal",
                format!(
                    "<xs:pattern value=\"[0-9]+(\\.[0-9]*)?\"/><xs:totalDigits value=\"{total}\"/>\
                     <xs:fractionDigits value=\"{fraction}\"/>"
                ),
            ),
            Self::Int => ("int", pattern("-?[0-9]+")),
            Self::Boolean => ("boolean", pattern("true|false")),
            Self::Date => ("date", pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}")),
            Self::DateTime => ("dateTime", pattern("[0-9]{4}-.*")),
            Self::Utc => ("dateTime", pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")),
            Self::Guid => ("token", pattern(GUID)),
        }
    }
}

/// What a GUID looks like, as a pattern of XML Schema and of JSON Schema.
pub(super) const GUID: &str = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}";

fn is_decimal(text: &str, total: usize, fraction: usize) -> bool {
    let (whole, behind) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let significant = whole.trim_start_matches('0').len() + behind.trim_end_matches('0').len();
    !whole.is_empty()
        && is_digits(whole)
        && is_digits(behind)
        && behind.trim_end_matches('0').len() <= fraction
        && significant <= total
}

/// Returns what follows a day of the calendar.
fn day(text: &str) -> Option<&str> {
    let (day, rest) = text.split_at_checked(10)?;
    let is_shaped = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    (is_shaped && date > NaiveDate::from_ymd_opt(1, 1, 1)?.pred_opt()?).then_some(rest)
}

/// Returns whether XML Schema takes a text as a date and time of the years 1 to 9999.
fn is_date_time(text: &str) -> bool {
    let Some(rest) = day(text) else { return false };
    let (Some((time, zone)), true) = (rest.split_at_checked(9), rest.starts_with('T')) else { return false };
    let is_shaped = time.bytes().enumerate().all(|(at, byte)| match at {
        0 => byte == b'T',
        3 | 6 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let seconds =
        zone.strip_prefix('.').map_or(zone, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let has_fraction = zone.starts_with('.');
    let digits = zone.len() - seconds.len();
    is_shaped
        && (!has_fraction || (2..=10).contains(&digits))
        && NaiveDateTime::parse_from_str(&text[..19], "%Y-%m-%dT%H:%M:%S").is_ok()
        // A leap second is a time of the calendar, but none of XML Schema.
        && !time.ends_with(":60")
        && (seconds.is_empty() || is_zone(seconds))
}

fn is_zone(zone: &str) -> bool {
    let is_offset = zone.len() == 6
        && zone.starts_with(['+', '-'])
        && zone
            .bytes()
            .enumerate()
            .skip(1)
            .all(|(at, byte)| if at == 3 { byte == b':' } else { byte.is_ascii_digit() });
    let is_near =
        is_offset && zone[4..].bytes().next().is_some_and(|byte| byte < b'6') && &zone[1..] <= "14:00";
    zone == "Z" || (is_near && DateTime::parse_from_rfc3339(&format!("2000-01-01T00:00:00{zone}")).is_ok())
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::Type;

    #[test]
    fn reads_and_writes_the_notation() {
        for notation in [
            "an..35",
            "an6",
            "a2",
            "a..3",
            "n..5",
            "n1",
            "n..16,3",
            "lines..500",
            "int",
            "boolean",
            "date",
            "dateTime",
            "utc",
            "guid",
        ] {
            assert_eq!(Type::parse(notation).map(Type::notation).as_deref(), Some(notation));
        }
        for wrong in ["", "an", "35", "an..", "x..3", "an..3,2", "n..,3", "an-3", "lines", "Guid"] {
            assert_eq!(Type::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn knows_values_from_their_nearest_wrong_neighbours() {
        for (notation, good, bad) in [
            ("an..3", &["a", "汉字x"][..], &["", "abcd"][..]),
            ("an6", &["610910"], &["61091", "6109100"]),
            ("a2", &["CN"], &["cn", "C1", "CHN"]),
            ("n1", &["7"], &["", "10", "x"]),
            ("n..16,3", &["0", "12.5", "0.250", "1.2500", "1."], &["", "-1", ".5", "1.2505", "1,5", "1e3"]),
            ("n..3,1", &["12.5", "123", "0012.5"], &["123.5", "1234"]),
            ("int", &["0", "-55", "2147483647"], &["", "+1", "2147483648", "1.0"]),
            ("boolean", &["true", "false"], &["yes", "TRUE", "1"]),
            ("date", &["2026-07-01"], &["2026-7-1", "2026-02-30", "2026-07-01T00:00:00", "0000-01-01"]),
            (
                "dateTime",
                &["2026-07-01T08:30:00", "2026-07-01T08:30:00.125+06:00", "2026-07-01T23:59:59Z"],
                &[
                    "2026-07-01",
                    "2026-07-01 08:30:00",
                    "2026-07-01T24:30:00",
                    "2026-07-01T08:30:00.",
                    "2026-07-01T08:30:60",
                    "2026-07-01T08:30:00+15:00",
                    "2026-07-01T08:30:00+06:60",
                    "2026-07-01T08:30",
                ],
            ),
            ("utc", &["2026-07-01T08:30:00Z"], &["2026-07-01T08:30:00", "2026-07-01T08:30:00.1Z"]),
            (
                "guid",
                &["0f8fad5b-d9cb-469f-a165-70867728950e"],
                &["{0f8fad5b-d9cb-469f-a165-70867728950e}", "0f8fad5bd9cb469fa16570867728950e"],
            ),
        ] {
            let found = Type::parse(notation).unwrap();
            for text in good {
                assert!(found.admits(text), "{notation}: {text:?}");
            }
            for text in bad {
                assert!(!found.admits(text), "{notation}: {text:?}");
            }
        }
    }
}
