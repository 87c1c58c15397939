//! The lists of codes: editions of the Harmonized System, offices of exchange.
//!
//! A list is one line an entry and `#` before a remark; its days and source are a row of the table `list`.

use caravan_postal::{HsCode, Impc};

/// The subheadings of one edition of the Harmonized System, ascending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subheadings(Vec<u32>);

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
