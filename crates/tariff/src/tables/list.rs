//! Lists of rates of duty, each with its days.
//!
//! A line is `code;rate`, with a rate for each schedule of the list, then maybe the origin of the goods, the first and the
//! last day of the line.

use caravan_postal::{Country, HsCode};
use chrono::NaiveDate;

use super::expression::Expression;
use super::nomenclature::lines;
use super::row::Row;
use super::schedule::Duty;

/// A list with its row.
#[derive(Debug)]
pub(super) struct DutyList {
    pub(super) row: Row,
    /// The schedule of each rate of a line, by its place among the names.
    pub(super) columns: Vec<u16>,
    /// Ascending by code.
    lines: Vec<Line>,
    /// As many a line as there are columns.
    rates: Vec<Expression>,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    /// Filled up to ten digits.
    code: u64,
    origin: Option<Country>,
    days: (Option<NaiveDate>, Option<NaiveDate>),
    /// Where its rates begin.
    rates: u32,
}

impl Line {
    fn parse(line: &str, columns: usize, rates: &mut Vec<Expression>) -> Result<Self, String> {
        let mut cells = line.split(';');
        let first = u32::try_from(rates.len()).map_err(|_| "too many rates".to_owned())?;
        let code = cells.next().and_then(HsCode::parse);
        rates.extend(cells.by_ref().take(columns).map(Expression::parse));
        let (Some(code), true) = (code, rates.len() - first as usize == columns) else {
            return Err(format!("not a code and its rates, {columns} in number"));
        };
        let mut cell = || cells.next().map(str::trim).filter(|cell| !cell.is_empty());
        let origin =
            cell().map(|text| Country::parse(text).ok_or_else(|| format!("`{text}` is not a country")));
        let mut day =
            || cell().map(|text| text.parse().map_err(|_| format!("`{text}` is not a day"))).transpose();
        let days = (day()?, day()?);
        if cells.next().is_some() {
            return Err("more than code, rates, origin and days".to_owned());
        }
        Ok(Self { code: filled(code).0, origin: origin.transpose()?, days, rates: first })
    }

    fn stands(&self, day: NaiveDate) -> bool {
        self.days.0.is_none_or(|first| first <= day) && self.days.1.is_none_or(|last| day <= last)
    }
}

impl DutyList {
    /// Reads `code;rate` a line.
    pub(super) fn parse(row: Row, columns: Vec<u16>, text: &str) -> Result<Self, String> {
        let (mut read, mut rates) = (Vec::with_capacity(12_000), Vec::with_capacity(12_000));
        for (number, line) in lines(text) {
            let line = Line::parse(line, columns.len(), &mut rates);
            read.push(line.map_err(|fault| format!("line {number}: {fault}"))?);
        }
        read.sort_by_key(|line: &Line| line.code);
        Ok(Self { row, columns, lines: read, rates })
    }

    /// Returns what a column says on a day about goods of a code and, where it is to count, of an origin. A line for the
    /// origin goes before those for all; a code shorter than the lines under it gets the highest of their rates.
    pub(super) fn find(
        &self,
        column: usize,
        hs: HsCode,
        origin: Option<Country>,
        day: NaiveDate,
    ) -> Duty<'_> {
        // A longer code than the list has falls back on its first eight, then six digits.
        for digits in [10, 8, 6] {
            let Some(range) = range(hs, digits) else { continue };
            let start = self.lines.partition_point(|line| line.code < range.0);
            let under = self.lines[start..].iter().take_while(|line| line.code <= range.1);
            let under = under.filter(|line| line.stands(day));
            let rate = |line: &Line| &self.rates[line.rates as usize + column];
            let own = under.clone().filter(|line| line.origin.is_some() && line.origin == origin);
            for duty in
                [highest(own.map(rate)), highest(under.filter(|line| line.origin.is_none()).map(rate))]
            {
                if duty != Duty::Missing {
                    return duty;
                }
            }
        }
        Duty::Missing
    }
}

/// Returns the highest of the lines under a code. Only rates by value alone have an order: as soon as another kind of
/// line differs from the rest, no rate is given, because any could be too low.
fn highest<'a>(expressions: impl Iterator<Item = &'a Expression>) -> Duty<'a> {
    let mut found: Option<&Expression> = None;
    for expression in expressions {
        found = match (found, expression) {
            (None, _) => Some(expression),
            (Some(Expression::Percent(known)), Expression::Percent(rate)) if rate > known => Some(expression),
            (Some(known @ Expression::Percent(_)), Expression::Percent(_)) => Some(known),
            (Some(known), _) if known == expression => Some(known),
            (Some(Expression::Composite(text)), _) | (Some(_), Expression::Composite(text)) => {
                return Duty::Composite(text);
            }
            (Some(Expression::Compound(compound)), _) | (Some(_), Expression::Compound(compound)) => {
                return Duty::Composite(&compound.text);
            }
        };
    }
    match found {
        None => Duty::Missing,
        Some(Expression::Composite(text)) => Duty::Composite(text),
        Some(expression) => Duty::Rate(expression),
    }
}

/// Returns the code as ten digits, and the last code that begins with it.
fn filled(code: HsCode) -> (u64, u64) {
    let (value, digits) = code.parts();
    let scale = 10u64.pow(10 - u32::from(digits));
    (value * scale, value * scale + scale - 1)
}

fn range(code: HsCode, digits: u8) -> Option<(u64, u64)> {
    let (value, has) = code.parts();
    let shorter = value / 10u64.pow(u32::from(has.checked_sub(digits)?));
    HsCode::from_parts(shorter, digits).map(filled)
}

#[cfg(test)]
mod tests {
    use caravan_postal::{HsCode, Ratio};

    use super::{DutyList, Line};
    use chrono::NaiveDate;

    use crate::RowId;
    use crate::tables::schedule::Duty;
    use crate::tables::{Expression, Layer, Row, Status};

    fn row() -> Row {
        let (id, source) = (RowId::new("list"), "source".into());
        let (valid_from, note, file) = (NaiveDate::default(), "".into(), "own.toml".into());
        Row {
            id,
            valid_from,
            valid_to: None,
            status: Status::InForce,
            source,
            note,
            confidence: None,
            checked: None,
            file,
            line: 1,
            layer: Layer::Station,
        }
    }

    #[test]
    fn a_short_code_gets_the_highest_rate_or_none() {
        let find = |lines: &str| {
            let mut rates = Vec::new();
            let lines = lines.lines().map(|line| Line::parse(line, 1, &mut rates).unwrap()).collect();
            let list = DutyList { row: row(), columns: Vec::new(), lines, rates };
            match list.find(0, HsCode::parse("610910").unwrap(), None, NaiveDate::default()) {
                Duty::Rate(Expression::Percent(rate)) => {
                    rate.checked_mul(Ratio::whole(100)).unwrap().to_string()
                }
                Duty::Rate(Expression::Compound(compound)) => compound.text.to_string(),
                Duty::Rate(Expression::Composite(text)) => panic!("a rate that cannot be reckoned: {text}"),
                Duty::Composite(text) => format!("composite {text}"),
                Duty::Unknown => "unknown".to_owned(),
                Duty::Missing => "missing".to_owned(),
            }
        };
        for (lines, expected) in [
            ("61091000;12%", "12"),
            ("61091010;5%\n61091020;12%\n61091030;7.5%", "12"),
            ("61091010;1 EUR / kg\n61091020;1 EUR / kg", "1 EUR / kg"),
            ("61091010;10%\n61091020;1 EUR / kg", "composite 1 EUR / kg"),
            ("61091010;1 EUR / kg\n61091020;10%", "composite 1 EUR / kg"),
            ("61091010;1 EUR / kg\n61091020;2 EUR / kg", "composite 1 EUR / kg"),
            ("61091010;10%\n61091020;8% + EA", "composite 8% + EA"),
            ("61091010;8% + EA\n61091020;10%", "composite 8% + EA"),
            ("61091010;8% + EA\n61091020;8% + EA", "composite 8% + EA"),
            ("61099010;12%", "missing"),
        ] {
            assert_eq!(find(lines), expected, "{lines}");
        }
    }
}
