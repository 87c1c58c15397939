//! The lists that have files of their own: HS 2022, rates of duty by code, offices of exchange.
//!
//! A list is one line an entry and `#` before a remark; its days and source are a row of the table `list`.

use caravan_postal::{HsCode, Impc};

use super::expression::Expression;

/// The subheadings of one edition of the Harmonized System, ascending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subheadings(Vec<u32>);

/// Third-country duty by commodity code, two columns of rates: the European Union's and the United Kingdom's.
#[derive(Debug, Clone, Default)]
pub(crate) struct DutyRates {
    /// Ascending by code, filled up to ten digits.
    rows: Vec<DutyRow>,
}

#[derive(Debug, Clone)]
struct DutyRow {
    code: u64,
    rates: [Expression; 2],
}

/// A column of [`DutyRates`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Schedule {
    /// The European Union's common external tariff.
    Eu,
    /// The United Kingdom's global tariff.
    Gb,
}

/// What the list says about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty<'a> {
    /// One rate, or the highest of several lines under the code.
    Rate(&'a Expression),
    /// A rate that cannot be reckoned, or several of which nobody can say which is the highest.
    Composite(&'a str),
    /// No line.
    Missing,
}

/// The offices of exchange, ascending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Offices(Vec<Impc>);

pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

impl Subheadings {
    /// Reads one subheading a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut codes = Vec::with_capacity(6000);
        for (number, line) in lines(text) {
            let code = HsCode::parse(line).filter(|_| line.len() == 6);
            codes.push(
                code.ok_or_else(|| format!("line {number}: `{line}` is not a subheading"))?.subheading(),
            );
        }
        codes.sort_unstable();
        Ok(Self(codes))
    }

    /// Returns whether the edition has the code's first six digits.
    pub(crate) fn contains(&self, code: HsCode) -> bool {
        self.0.binary_search(&code.subheading()).is_ok()
    }
}

impl DutyRates {
    /// Reads `code;EU rate;UK rate` a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rows = Vec::with_capacity(12_000);
        for (number, line) in lines(text) {
            let mut cells = line.split(';');
            let code = cells.next().and_then(HsCode::parse);
            let (Some(code), Some(eu), Some(gb), None) = (code, cells.next(), cells.next(), cells.next())
            else {
                return Err(format!("line {number}: not a code and two rates"));
            };
            rows.push(DutyRow {
                code: filled(code).0,
                rates: [Expression::parse(eu), Expression::parse(gb)],
            });
        }
        rows.sort_by_key(|row| row.code);
        Ok(Self { rows })
    }

    /// Returns the rate for a code; a code shorter than the lines under it gets the highest of their plain rates.
    pub(crate) fn find(&self, code: HsCode, schedule: Schedule) -> Duty<'_> {
        // A longer code than the list has falls back on its first eight, then six digits.
        for digits in [10, 8, 6] {
            let Some(range) = range(code, digits) else { continue };
            let start = self.rows.partition_point(|row| row.code < range.0);
            let end = self.rows.partition_point(|row| row.code <= range.1);
            if start < end {
                return highest(self.rows[start..end].iter().map(|row| &row.rates[schedule as usize]));
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

impl Schedule {
    /// Returns the schedule for its name in the tables.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "eu" => Some(Self::Eu),
            "gb" => Some(Self::Gb),
            _ => None,
        }
    }
}

impl Offices {
    /// Reads one office code a line.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut offices = Vec::with_capacity(2000);
        for (number, line) in lines(text) {
            offices
                .push(Impc::parse(line).ok_or_else(|| format!("line {number}: `{line}` is not an office"))?);
        }
        offices.sort_unstable();
        Ok(Self(offices))
    }

    /// Returns whether the list has the office.
    pub(crate) fn contains(&self, office: Impc) -> bool {
        self.0.binary_search(&office).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use caravan_postal::{HsCode, Ratio};

    use super::{Duty, DutyRates, Schedule};
    use crate::tables::Expression;

    #[test]
    fn a_short_code_gets_the_highest_rate_or_none() {
        let find = |lines: &str| {
            let lines: Vec<String> = lines.lines().map(|line| format!("{};0%", line.trim())).collect();
            let rates = DutyRates::parse(&lines.join("\n")).unwrap();
            match rates.find(HsCode::parse("610910").unwrap(), Schedule::Eu) {
                Duty::Rate(Expression::Percent(rate)) => {
                    rate.checked_mul(Ratio::whole(100)).unwrap().to_string()
                }
                Duty::Rate(Expression::Compound(compound)) => compound.text.to_string(),
                Duty::Rate(Expression::Composite(text)) => panic!("a rate that cannot be reckoned: {text}"),
                Duty::Composite(text) => format!("composite {text}"),
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
