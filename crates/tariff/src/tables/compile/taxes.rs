//! Compiles rates of tax, waivers, named amounts and schedules of duty.

use std::collections::BTreeSet;

use caravan_postal::Ratio;

use super::{Compiler, named, of_row, optional_money, percent, prefixes};
use crate::ChargeKind;
use crate::tables::goods::Regions;
use crate::tables::raw::{RawDutyLine, RawVat};
use crate::tables::regime::{NamedAmount, Regimes, Vat, Waiver};
use crate::tables::row::{Row, Status};
use crate::tables::schedule::{DutyLine, Schedules};
use crate::tables::scope::{Figure, excluded};
use crate::tables::{Expression, TableError, ordinal, threshold};

/// Names that rows refer to by their place.
#[derive(Debug, Default)]
pub(super) struct Names {
    taxes: Vec<Box<str>>,
    amounts: Vec<Box<str>>,
    schedules: Vec<Box<str>>,
}

impl Names {
    pub(super) fn of(raw: &crate::tables::raw::RawTables) -> Self {
        fn sorted<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Box<str>> {
            names.collect::<BTreeSet<_>>().into_iter().map(Box::from).collect()
        }
        let listed = raw.list.iter().flat_map(|list| &list.schedules).map(String::as_str);
        Self {
            taxes: sorted(raw.vat.iter().map(|vat| vat.tax.as_deref().unwrap_or("vat"))),
            amounts: sorted(raw.amount.iter().map(|amount| amount.name.as_str())),
            schedules: sorted(raw.duty_line.iter().map(|line| line.schedule.as_str()).chain(listed)),
        }
    }
}

fn place(names: &[Box<str>], name: &str) -> Option<u16> {
    let index = names.iter().position(|known| **known == *name)?;
    Some(u16::try_from(index).expect("a table has less than 65,536 rows"))
}

impl Compiler<'_> {
    /// Reads an amount, `150 EUR`, or a factor of a named one, `10 x mn-minimum-wage`, `2% x uz-base-value`.
    pub(super) fn figure(&self, text: &str) -> Result<Figure, String> {
        let (factor, name) = text.split_once(" x ").unwrap_or(("1", text));
        if let Some(name) = place(&self.names.amounts, name) {
            let factor = if factor.ends_with('%') { percent(factor).ok() } else { Ratio::parse(factor) };
            let factor = factor.filter(|factor| !factor.is_negative());
            let factor = factor.ok_or_else(|| format!("`{text}` has no factor such as `10` or `2%`"))?;
            return Ok(Figure::Named { name, factor });
        }
        threshold(text).map(Figure::Fixed).map_err(|fault| format!("{fault}, nor a named one"))
    }

    /// Returns the place of a tax among the names.
    pub(super) fn tax(&self, name: &str) -> Result<u16, String> {
        place(&self.names.taxes, name).ok_or_else(|| format!("no row of table `vat` has tax `{name}`"))
    }

    /// Returns the place of a schedule among the names.
    pub(super) fn schedule(&self, name: Option<&str>) -> Result<u16, String> {
        let name = name.ok_or("it has no `schedule`")?;
        place(&self.names.schedules, name)
            .ok_or_else(|| format!("schedule `{name}` has neither rows nor a list"))
    }

    pub(super) fn taxes(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        regimes.vat = vec![Vec::new(); 676];
        for raw in &self.raw.vat {
            let row = self.row(raw)?;
            let vat = of_row(&raw.id, self.vat(raw, row))?;
            for country in of_row(&raw.id, self.country_list(&raw.countries))? {
                regimes.vat[ordinal(country)].push(vat.clone());
            }
        }
        for raw in &self.raw.waiver {
            let row = self.row(raw)?;
            if row.status == Status::Unknown {
                continue;
            }
            let (end, is_end_waived) = match (&raw.below, &raw.to) {
                (Some(below), None) => (below, false),
                (None, Some(to)) => (to, true),
                _ => return of_row(&raw.id, Err("it has not one of `below` and `to`".to_owned())),
            };
            regimes.waivers.push(Waiver {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                kind: of_row(&raw.id, named(ChargeKind::parse(&raw.kind), &raw.kind))?,
                end: of_row(&raw.id, self.figure(end))?,
                is_end_waived,
            });
        }
        self.amounts(regimes)?;
        self.schedules(regimes)
    }

    fn vat(&self, raw: &RawVat, row: Row) -> Result<Vat, String> {
        let rate = match raw.rate.as_deref() {
            None if row.status == Status::Unknown => None,
            None => return Err("it has no `rate`".to_owned()),
            Some("none") => Some(Ratio::ZERO),
            Some(text) => Some(percent(text)?),
        };
        if raw.others.is_empty() && !raw.others_hs.is_empty() {
            return Err("`others_hs` without `others`".to_owned());
        }
        Ok(Vat {
            row,
            tax: self.tax(raw.tax.as_deref().unwrap_or("vat"))?,
            hs: prefixes(&raw.hs)?,
            except_hs: prefixes(&raw.except_hs)?,
            regions: Regions::of(&raw.regions)?,
            unit_value_from: optional_money(raw.unit_value_from.as_ref())?,
            gram_value_from: optional_money(raw.gram_value_from.as_ref())?,
            rate,
            others: raw.others.iter().map(|text| percent(text)).collect::<Result<_, _>>()?,
            others_hs: prefixes(&raw.others_hs)?,
        })
    }

    fn amounts(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        let named = |name: &str| NamedAmount { name: Box::from(name), rows: Vec::new() };
        regimes.amounts = self.names.amounts.iter().map(|name| named(name)).collect();
        for raw in &self.raw.amount {
            let row = self.row(raw)?;
            let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if raw.name.is_empty() || !raw.name.bytes().all(is_name) {
                return of_row(&raw.id, Err("`name` is not lower-case words joined by hyphens".to_owned()));
            }
            let amount = match raw.amount.as_deref() {
                None if row.status == Status::Unknown => None,
                text => Some(of_row(&raw.id, threshold(text.unwrap_or_default()))?),
            };
            let at = place(&self.names.amounts, &raw.name).expect("the names are those of the rows");
            regimes.amounts[usize::from(at)].rows.push((row, amount));
        }
        Ok(())
    }

    fn schedules(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        regimes.schedules = Schedules::of(&self.names.schedules);
        for raw in &self.raw.duty_line {
            let row = self.row(raw)?;
            let at = place(&self.names.schedules, &raw.schedule).expect("the names are those of the rows");
            let line = of_row(&raw.id, self.duty_line(raw, row))?;
            regimes.schedules.add_line(at, line);
        }
        for raw in &self.raw.duty_line {
            let Some(name) = raw.includes.as_deref() else { continue };
            let inner =
                self.raw.duty_line.iter().find(|line| line.schedule == name && line.includes.is_some());
            let fault =
                inner.map(|line| format!("schedule `{name}` includes another itself, in `{}`", line.id));
            of_row(&raw.id, fault.map_or(Ok(()), Err))?;
        }
        Ok(())
    }

    fn duty_line(&self, raw: &RawDutyLine, row: Row) -> Result<DutyLine, String> {
        let mut countries = |names: &[String]| self.countries(names);
        let rate = match raw.rate.as_deref() {
            None if row.status == Status::Unknown => None,
            None | Some("") => return Err("it has no `rate`".to_owned()),
            Some(text) => Some(Expression::parse(text)),
        };
        Ok(DutyLine {
            row,
            hs: prefixes(&raw.hs)?,
            except_hs: prefixes(&raw.except_hs)?,
            origins: excluded(&raw.origins, &mut countries)?,
            not_origins: excluded(&raw.not_origins, &mut countries)?,
            rate,
            includes: raw.includes.as_deref().map(|name| self.schedule(Some(name))).transpose()?,
        })
    }
}
