//! Schedules of duty: the rows and the lists of a name, under one lookup.
//!
//! Rows that name the goods go first, the closest code before others; then the latest list that stands on the day; then
//! rows for all other goods. That list is the whole of what lists say on the day: a code that it does not have has no
//! rate, whatever an older one says.

use caravan_postal::{Country, HsCode};
use chrono::NaiveDate;

use super::article::HsPrefix;
use super::expression::Expression;
use super::list::DutyList;
use super::row::{Row, Standing};
use super::scope::Countries;
use crate::Options;

/// Every schedule.
#[derive(Debug, Default)]
pub(crate) struct Schedules {
    /// In alphabetical order; rows refer to a schedule by its place.
    names: Vec<Box<str>>,
    /// The rows of each.
    lines: Vec<Vec<DutyLine>>,
    /// By first day.
    lists: Vec<DutyList>,
}

/// A row of a schedule.
#[derive(Debug)]
pub(crate) struct DutyLine {
    pub(crate) row: Row,
    /// The goods; empty for all others.
    pub(crate) hs: Vec<HsPrefix>,
    pub(crate) except_hs: Vec<HsPrefix>,
    pub(crate) origins: Option<Countries>,
    pub(crate) not_origins: Option<Countries>,
    /// `None` where it is not known.
    pub(crate) rate: Option<Expression>,
    /// The schedule whose duty is inside the rate.
    pub(crate) includes: Option<u16>,
}

/// What a schedule asks of goods.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goods {
    pub(crate) hs: Option<HsCode>,
    /// Where they come from, as rows ask it.
    pub(crate) origin: Option<Country>,
    /// The origin that is proven: the lines of lists for an origin are preferences.
    pub(crate) proven: Option<Country>,
}

/// What a schedule says about goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Duty<'a> {
    /// One rate, or the highest of several lines under the code.
    Rate(&'a Expression),
    /// A rate that cannot be reckoned, or several of which nobody can say which is the highest.
    Composite(&'a str),
    /// There is a rate, and it is not known.
    Unknown,
    /// No line.
    Missing,
}

/// What a schedule says, and the row that says it: its own, or that of a list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Listing<'a> {
    pub(crate) duty: Duty<'a>,
    pub(crate) row: &'a Row,
    pub(crate) standing: Standing,
    /// The schedule whose duty is inside the rate.
    pub(crate) includes: Option<u16>,
}

/// How closely a row describes goods: the digits of its code, and whether it names their origin.
type Rank = (u8, bool);

impl Schedules {
    /// Begins with the names that any row or list has, in alphabetical order.
    pub(crate) fn of(names: &[Box<str>]) -> Self {
        Self { names: names.to_vec(), lines: names.iter().map(|_| Vec::new()).collect(), lists: Vec::new() }
    }

    /// Returns the place of the schedule of a name.
    pub(crate) fn named(&self, name: &str) -> Option<u16> {
        let at = self.names.binary_search_by(|known| (**known).cmp(name)).ok()?;
        u16::try_from(at).ok()
    }

    /// Adds a row to a schedule.
    pub(crate) fn add_line(&mut self, schedule: u16, line: DutyLine) {
        self.lines[usize::from(schedule)].push(line);
    }

    /// Adds a list; of two that begin on one day the one that was added last counts.
    pub(crate) fn add_list(&mut self, row: Row, columns: &[String], text: &str) -> Result<(), String> {
        let name = |name: &String| self.named(name).ok_or_else(|| format!("`{name}` is not a schedule"));
        let columns = columns.iter().map(name).collect::<Result<Vec<_>, _>>()?;
        let at = self.lists.partition_point(|list| list.row.valid_from <= row.valid_from);
        self.lists.insert(at, DutyList::parse(row, columns, text)?);
        Ok(())
    }

    /// Returns what a schedule says about goods on a day; `None` where neither a row nor a list of it stands.
    pub(crate) fn find(
        &self,
        schedule: u16,
        goods: Goods,
        day: NaiveDate,
        options: &Options,
    ) -> Option<Listing<'_>> {
        let row = self.closest(schedule, goods, day, options);
        if let Some((_, listing)) = row.filter(|((digits, _), _)| *digits > 0) {
            return Some(listing);
        }
        let others = row.map(|(_, listing)| listing);
        let listed = goods.hs.and_then(|hs| self.listed(schedule, hs, goods.proven, day, options));
        listed.filter(|listed| others.is_none() || listed.duty != Duty::Missing).or(others)
    }

    /// Returns what the closest row says.
    fn closest(
        &self,
        schedule: u16,
        goods: Goods,
        day: NaiveDate,
        options: &Options,
    ) -> Option<(Rank, Listing<'_>)> {
        let mut found: Option<(Rank, &DutyLine, Standing)> = None;
        for line in &self.lines[usize::from(schedule)] {
            let Some(standing) = line.row.standing(day, options) else { continue };
            let Some(rank) = line.rank(goods) else { continue };
            if found.is_none_or(|(known, ..)| rank > known) {
                found = Some((rank, line, standing));
            }
        }
        let (rank, line, standing) = found?;
        let known = line.rate.as_ref().filter(|_| standing != Standing::Unknown);
        let duty = known.map_or(Duty::Unknown, Duty::Rate);
        Some((rank, Listing { duty, row: &line.row, standing, includes: line.includes }))
    }

    /// Returns what the latest list says that stands.
    fn listed(
        &self,
        schedule: u16,
        hs: HsCode,
        proven: Option<Country>,
        day: NaiveDate,
        options: &Options,
    ) -> Option<Listing<'_>> {
        self.lists.iter().rev().find_map(|list| {
            let column = list.columns.iter().position(|column| *column == schedule)?;
            let standing = list.row.standing(day, options)?;
            let duty = if standing.acts() { list.find(column, hs, proven, day) } else { Duty::Unknown };
            Some(Listing { duty, row: &list.row, standing, includes: None })
        })
    }
}

impl DutyLine {
    /// Returns how closely it describes goods; nothing where it is not for them.
    fn rank(&self, goods: Goods) -> Option<Rank> {
        let is_left_out = goods.hs.is_some_and(|hs| self.except_hs.iter().any(|prefix| prefix.fits(hs)))
            || self.not_origins.as_ref().is_some_and(|set| set.contains(goods.origin))
            || self.origins.as_ref().is_some_and(|set| !set.contains(goods.origin));
        if is_left_out {
            return None;
        }
        if self.hs.is_empty() {
            return Some((0, self.origins.is_some()));
        }
        let hs = goods.hs?;
        let digits = self.hs.iter().filter(|prefix| prefix.fits(hs)).map(|prefix| prefix.digits()).max()?;
        Some((digits, self.origins.is_some()))
    }
}
