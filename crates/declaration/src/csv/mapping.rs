//! A partner's own table: which of its columns fills which field of ours, and how its values are written.

mod file;

use std::borrow::Cow;

use caravan_postal::Code;

use crate::findings::{DATE_SHAPE, NUMBER_DECIMALS, NUMBER_SHAPE};
use crate::format::Type;

/// What the columns of a partner's table mean.
///
/// A mapping file is TOML. Only `name` and `columns` have to be there:
///
/// ```toml
/// name = "yiwu"                 # how the station calls it
/// delimiter = ";"               # what stands between cells; found out when not said
/// decimal = ","                 # what stands before decimals; a point when not said
/// thousands = " "               # what may stand between three digits; nothing when not said
/// dates = "day-month-year"      # or "month-day-year", "year-month-day"; 2026-07-01 when not said
/// ignored = ["序号"]            # columns that nobody needs
///
/// [columns]                     # the partner's column = ours, as `columns()` names them
/// "运单号" = "identifier"
/// "净重(克)" = { column = "piece-net-weight", unit = "g" }
/// "类别" = { column = "nature", values = { "礼品" = "31", "商品" = "11" } }
/// "备注" = { column = "comments", optional = true }
/// "店铺" = { extra = "shop" }    # kept as an extra field of that name
///
/// [constants]                   # what our column holds wherever the file says nothing
/// form = "CN23"
/// piece-value-currency = "CNY"
/// ```
///
/// A file whose heading row has every column of the mapping that is not optional is read by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    name: String,
    delimiter: Option<u8>,
    decimal: char,
    thousands: Option<char>,
    dates: Option<DateOrder>,
    headers: Vec<Header>,
    /// Our columns, by their index, with what they hold wherever the file says nothing.
    constants: Vec<(usize, String)>,
}

/// The order of the parts of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateOrder {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

/// One column of the partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    name: String,
    pub(super) target: Target,
    is_optional: bool,
    /// Whether a weight is in grams.
    is_in_grams: bool,
    /// What a cell that holds the first means: the second.
    values: Vec<(String, String)>,
}

/// Where the cells of a column go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// Into our column of this index.
    Column(usize),
    /// Into an extra field of this name.
    Extra(String),
    /// Nowhere: nobody needs them.
    Nothing,
}

/// What may stand between cells, when the mapping does not say.
const DELIMITERS: &[u8] = b",;\t|";

impl Mapping {
    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the bytes that may stand between the cells of a file.
    pub(super) fn delimiters(&self) -> impl Iterator<Item = u8> {
        let all: &[u8] = if self.delimiter.is_some() { &[] } else { DELIMITERS };
        self.delimiter.into_iter().chain(all.iter().copied())
    }

    /// Returns how many of the columns are in a heading row, when none is missing that has to be there.
    pub(super) fn fits(&self, names: &[&str]) -> Option<usize> {
        let is_there = |header: &&Header| names.contains(&header.name.as_str());
        let is_whole =
            self.headers.iter().filter(|header| !header.is_optional).all(|header| is_there(&header));
        is_whole.then(|| self.headers.iter().filter(is_there).count())
    }

    /// Returns what the mapping says about a column of the file.
    pub(super) fn header(&self, name: &str) -> Option<&Header> {
        self.headers.iter().find(|header| header.name == name)
    }

    /// Returns our columns, by their index, with what they hold wherever the file says nothing.
    pub(super) fn constants(&self) -> impl Iterator<Item = (usize, &str)> {
        self.constants.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// Returns a cell as our format writes it; `kind` is the type of its value, if it is one.
    ///
    /// # Errors
    ///
    /// The code of the finding when the cell is not written as the mapping says.
    pub(super) fn translate<'c>(
        &self,
        header: &'c Header,
        kind: Option<Type>,
        cell: &'c str,
    ) -> Result<Cow<'c, str>, &'static Code> {
        let cell = cell.trim_matches([' ', '\t', '\r', '\n']);
        if let Some((_, value)) = header.values.iter().find(|(found, _)| found == cell) {
            return Ok(Cow::Borrowed(value));
        }
        match kind {
            Some(Type::Kilograms) if header.is_in_grams => kilograms(&self.number(cell)?),
            Some(Type::Kilograms | Type::WattHours | Type::Money | Type::Whole(_)) => self.number(cell),
            Some(Type::Date) => match self.dates {
                Some(order) => day(cell, order).map(Cow::Owned).ok_or(&DATE_SHAPE),
                None => Ok(Cow::Borrowed(cell)),
            },
            _ => Ok(Cow::Borrowed(cell)),
        }
    }

    /// Returns a number with a point before its decimals and nothing between its thousands.
    fn number<'c>(&self, cell: &'c str) -> Result<Cow<'c, str>, &'static Code> {
        let (whole, decimals) = match cell.split_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (cell, None),
        };
        let is_foreign = |text: &str| text.contains(['.', ',']);
        let whole = match self.thousands {
            Some(mark) if whole.contains(mark) => Cow::Owned(joined(whole, mark).ok_or(&NUMBER_SHAPE)?),
            _ => Cow::Borrowed(whole),
        };
        if is_foreign(&whole) || decimals.is_some_and(is_foreign) {
            return Err(&NUMBER_SHAPE);
        }
        Ok(match decimals {
            None => whole,
            Some(decimals) => Cow::Owned(format!("{whole}.{decimals}")),
        })
    }
}

/// Returns a whole number without the marks between its thousands, each before three digits.
fn joined(whole: &str, mark: char) -> Option<String> {
    let mut groups = whole.split(mark);
    let first = groups.next().filter(|first| (1..=3).contains(&first.len()))?;
    let mut text = first.to_owned();
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        text.push_str(group);
    }
    Some(text)
}

/// Returns grams as kilograms. A part of a gram is more than the unit has.
fn kilograms(grams: &str) -> Result<Cow<'static, str>, &'static Code> {
    let (whole, decimals) = grams.split_once('.').unwrap_or((grams, ""));
    if !decimals.bytes().all(|digit| digit == b'0') {
        return Err(&NUMBER_DECIMALS);
    }
    let is_number = !whole.is_empty() && whole.bytes().all(|digit| digit.is_ascii_digit());
    let grams = whole.parse::<u64>().ok().filter(|_| is_number).ok_or(&NUMBER_SHAPE)?;
    Ok(Cow::Owned(format!("{}.{:03}", grams / 1000, grams % 1000)))
}

/// Returns a day as `2026-07-01`: its parts between points, slashes, hyphens, spaces or the signs of Chinese, or eight
/// digits on end.
fn day(cell: &str, order: DateOrder) -> Option<String> {
    let is_between = |character: char| matches!(character, '.' | '/' | '-' | ' ' | '年' | '月' | '日');
    let mut parts: Vec<&str> = cell.split(is_between).filter(|part| !part.is_empty()).collect();
    if let [digits] = parts[..]
        && digits.len() == 8
        && digits.is_ascii()
    {
        let cuts = if order == DateOrder::YearMonthDay { [4, 6] } else { [2, 4] };
        parts = vec![&digits[..cuts[0]], &digits[cuts[0]..cuts[1]], &digits[cuts[1]..]];
    }
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) = match order {
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::YearMonthDay => (first, second, third),
    };
    let is_number = [year, month, day].iter().all(|part| part.bytes().all(|digit| digit.is_ascii_digit()));
    let is_shaped = year.len() == 4 && month.len() <= 2 && day.len() <= 2;
    (is_number && is_shaped).then(|| format!("{year}-{month:0>2}-{day:0>2}"))
}

#[cfg(test)]
mod tests {
    use super::{Mapping, Target};
    use crate::format::Type;

    fn mapping(text: &str) -> Mapping {
        let (mapping, findings) = Mapping::parse(text);
        mapping.unwrap_or_else(|| panic!("{findings:?}"))
    }

    /// Asserts what a cell becomes, or the name of the code that it gets.
    fn check(mapping: &Mapping, header: &str, kind: Type, cell: &str, expected: &str) {
        let header = mapping.header(header).unwrap();
        let found = mapping.translate(header, Some(kind), cell);
        assert_eq!(found.as_deref().unwrap_or_else(|code| code.name), expected, "{cell:?}");
    }

    #[test]
    fn cells_are_translated_or_refused() {
        let european = mapping(
            "name = \"a\"\ndecimal = \",\"\nthousands = \".\"\ndates = \"day-month-year\"\n[columns]\n\
             k = \"gross-weight\"\ng = { column = \"piece-net-weight\", unit = \"g\" }",
        );
        for (cell, expected) in [
            ("1,5", "1.5"),
            (" 12 ", "12"),
            ("1.234,5", "1234.5"),
            ("1.234.567", "1234567"),
            ("1.5", "number-shape"),
            ("12.34,5", "number-shape"),
            ("1,234.5", "number-shape"),
            ("", ""),
        ] {
            check(&european, "k", Type::Kilograms, cell, expected);
        }
        for (cell, expected) in
            [("350", "0.350"), ("1.250,0", "1.250"), ("350,5", "number-decimals"), ("-5", "number-shape")]
        {
            check(&european, "g", Type::Kilograms, cell, expected);
        }
        for (cell, expected) in [
            ("1.7.2026", "2026-07-01"),
            ("01/07/2026", "2026-07-01"),
            ("01072026", "2026-07-01"),
            ("2026-07-01", "date-shape"),
            ("1.7.26", "date-shape"),
            ("汉字.", "date-shape"),
        ] {
            check(&european, "k", Type::Date, cell, expected);
        }
        let chinese = mapping("name = \"a\"\ndates = \"year-month-day\"\n[columns]\nk = \"posted-on\"");
        check(&chinese, "k", Type::Date, "2026年7月1日", "2026-07-01");
        check(&chinese, "k", Type::Date, "20260701", "2026-07-01");
        check(&chinese, "k", Type::Kilograms, "1,5", "number-shape");
    }

    #[test]
    fn the_documented_file_is_one() {
        let lines = include_str!("mapping.rs").lines().filter_map(|line| line.strip_prefix("///"));
        let example = lines.skip_while(|line| *line != " ```toml").skip(1).take_while(|line| *line != " ```");
        let mapping = mapping(&example.collect::<Vec<_>>().join("\n"));
        assert_eq!((mapping.name(), mapping.headers.len(), mapping.constants.len()), ("yiwu", 6, 2));
    }

    #[test]
    fn a_heading_fits_with_all_that_must_be_there() {
        let mapping = mapping(
            "name = \"a\"\nignored = [\"i\"]\n[columns]\nk = \"form\"\nl = { extra = \"shop\", optional = true }",
        );
        assert_eq!(mapping.fits(&["k"]), Some(1));
        assert_eq!(mapping.fits(&["x", "l", "k", "i"]), Some(3));
        assert_eq!(mapping.fits(&["l", "i"]), None);
        assert_eq!(mapping.header("i").map(|header| &header.target), Some(&Target::Nothing));
    }
}
