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
    /// Only rates that cannot be reckoned.
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

fn highest<'a>(expressions: impl Iterator<Item = &'a Expression>) -> Duty<'a> {
    let mut found = Duty::Missing;
    for expression in expressions {
        found = match (found, expression) {
            (Duty::Missing | Duty::Composite(_), Expression::Composite(text)) => Duty::Composite(text),
            (Duty::Rate(Expression::Percent(known)), Expression::Percent(rate)) if rate > known => {
                Duty::Rate(expression)
            }
            // A sum of terms has no order among the others: the first that was met stays.
            (Duty::Rate(known), _) => Duty::Rate(known),
            (Duty::Missing | Duty::Composite(_), _) => Duty::Rate(expression),
        };
    }
    found
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
