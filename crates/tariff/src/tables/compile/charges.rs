//! Compiles charges and their formulas.

use caravan_postal::{Grams, Rounding};

use super::{Compiler, named, of_row, percent, prefixes};
use crate::ChargeKind;
use crate::tables::TableError;
use crate::tables::raw::{Placed, RawCharge, RawTier};
use crate::tables::regime::{
    Bound, Charge, Excess, Formula, LineKey, Lines, PerKilogramOn, Tier, TierOf, Tiers, base,
};
use crate::tables::row::Status;
use crate::tables::scope::{Figure, excluded};

impl Compiler<'_> {
    pub(super) fn charge(&mut self, raw: &Placed<RawCharge>) -> Result<Charge, TableError> {
        let row = self.row(raw)?;
        let needs = raw.needs.0.iter().map(|name| named(ChargeKind::parse(name), name));
        let needs: Result<Vec<ChargeKind>, String> = needs.collect();
        let rounding = match raw.rounding.as_deref() {
            None | Some("half-up") => Ok(Rounding::HalfUp),
            Some("down") => Ok(Rounding::Down),
            Some("up") => Ok(Rounding::Up),
            Some(other) => Err(format!("`{other}` is not a rounding")),
        };
        let formula = if raw.formula.is_empty() && row.status == Status::Unknown {
            Ok(Formula::Unknown)
        } else {
            self.formula(raw)
        };
        let formula = of_row(&raw.id, formula)?;
        let optional = |text: &Option<String>| text.as_deref().map(|text| self.figure(text)).transpose();
        let charge = || {
            Ok(Charge {
                countries: self.countries(&raw.countries)?,
                kind: named(ChargeKind::parse(&raw.kind), &raw.kind)?,
                base: stands_on(raw, &formula)?,
                // The free value of a charge on the excess is inside its formula: its weight may be over alone.
                free: if matches!(formula, Formula::Excess(_)) { None } else { optional(&raw.free_value)? },
                formula,
                lines: self.lines(raw)?,
                needs: needs?,
                least: optional(&raw.least)?,
                most: optional(&raw.most)?,
                waived_to: optional(&raw.waived_to)?,
                waived_below: optional(&raw.waived_below)?,
                rounding: rounding?,
                when: self.condition(&raw.when)?,
                row,
            })
        };
        of_row(&raw.id, charge())
    }

    fn lines(&self, raw: &RawCharge) -> Result<Lines, String> {
        let mut countries = |names: &[String]| self.countries(names);
        Ok(Lines {
            only_hs: prefixes(&raw.only_hs)?,
            except_hs: prefixes(&raw.except_hs)?,
            only_origins: excluded(&raw.only_origins, &mut countries)?,
            except_origins: excluded(&raw.except_origins, &mut countries)?,
            article_above: raw.article_above.as_deref().map(|text| self.figure(text)).transpose()?,
        })
    }

    fn formula(&self, raw: &RawCharge) -> Result<Formula, String> {
        let rate = || raw.rate.as_deref().ok_or_else(|| "it has no `rate`".to_owned()).and_then(percent);
        let figure = |field: &Option<String>, name: &str| {
            let text = field.as_deref().ok_or_else(|| format!("it has no `{name}`"))?;
            self.figure(text)
        };
        Ok(match raw.formula.as_str() {
            "excess" => Formula::Excess(Box::new(self.excess(raw)?)),
            "ad-valorem" => Formula::AdValorem {
                rate: rate()?,
                per_kilogram: raw.per_kg.as_deref().map(|text| self.figure(text)).transpose()?,
            },
            "vat" => Formula::Vat { tax: self.tax(raw.tax.as_deref().unwrap_or("vat"))? },
            "by-code" => Formula::ByCode { schedule: self.schedule(raw.schedule.as_deref())? },
            "per-item" => {
                Formula::PerItem { amount: figure(&raw.amount, "amount")?, key: line_key(&raw.key)? }
            }
            "fixed" => Formula::Fixed { amount: figure(&raw.amount, "amount")? },
            "per-kg" => Formula::PerKilogram { amount: figure(&raw.amount, "amount")? },
            "tiers" => Formula::Tiers(Box::new(self.tiers(raw)?)),
            "combined" => Formula::Combined {
                share: raw.share.as_deref().map_or_else(|| Err("it has no `share`".to_owned()), percent)?,
                tax: self.tax(raw.tax.as_deref().unwrap_or("vat"))?,
                excise: self.tax(raw.excise.as_deref().ok_or("it has no `excise`")?)?,
            },
            "personal-articles" => Formula::Personal,
            "unknown" => Formula::Unknown,
            other => return Err(format!("`{other}` is not a formula")),
        })
    }

    fn excess(&self, raw: &RawCharge) -> Result<Excess, String> {
        let on = match raw.per_kg_on.as_deref() {
            Some("excess") => PerKilogramOn::Excess,
            Some("whole") => PerKilogramOn::Whole,
            _ => return Err("`per_kg_on` is neither `excess` nor `whole`".to_owned()),
        };
        let figure = |field: &Option<String>, name: &str| {
            let text = field.as_deref().ok_or_else(|| format!("it has no `{name}`"))?;
            self.figure(text)
        };
        let (free, per_kilogram) = (figure(&raw.free_value, "free_value")?, figure(&raw.per_kg, "per_kg")?);
        if let (Figure::Fixed(free), Figure::Fixed(per_kilogram)) = (free, per_kilogram)
            && free.currency() != per_kilogram.currency()
        {
            return Err("`free_value` and `per_kg` are in different currencies".to_owned());
        }
        let free_kg = raw.free_kg.as_deref().unwrap_or("0");
        let free_weight = Grams::parse_kg(free_kg).map_err(|error| format!("`free_kg`: {error}"))?;
        let rate = raw.rate.as_deref().ok_or_else(|| "it has no `rate`".to_owned()).and_then(percent)?;
        Ok(Excess { rate, free, free_weight, per_kilogram, on })
    }

    fn tiers(&self, raw: &RawCharge) -> Result<Tiers, String> {
        let of = match raw.of.as_deref() {
            Some("value") => TierOf::Value,
            Some("weight") => TierOf::Weight,
            Some("rate") => TierOf::Rate(self.schedule(raw.schedule.as_deref())?),
            _ => return Err("`of` is neither `value` nor `weight` nor `rate`".to_owned()),
        };
        let tiers: Vec<Tier> = raw.tiers.iter().map(|tier| self.tier(tier, of)).collect::<Result<_, _>>()?;
        let open = tiers.iter().position(|tier| tier.end.is_none());
        if tiers.is_empty() || open.is_some_and(|index| index + 1 < tiers.len()) {
            return Err("`tiers` is empty, or goes on behind a tier without an end".to_owned());
        }
        Ok(Tiers { of, tiers })
    }

    fn tier(&self, raw: &RawTier, of: TierOf) -> Result<Tier, String> {
        let bound = |text: &String| match of {
            TierOf::Value => self.figure(text).map(Bound::Money),
            TierOf::Weight => Grams::parse_kg(text).map(Bound::Weight).map_err(|error| error.to_string()),
            TierOf::Rate(_) => percent(text).map(Bound::Rate),
        };
        let end = match (&raw.to, &raw.below) {
            (None, None) => None,
            (Some(to), None) => Some((bound(to)?, true)),
            (None, Some(below)) => Some((bound(below)?, false)),
            (Some(_), Some(_)) => return Err("a tier has both `to` and `below`".to_owned()),
        };
        Ok(Tier { end, amount: self.figure(&raw.amount)? })
    }
}

/// Reads what makes two lines one item; a classification counts at six digits unless it says more.
fn line_key(names: &[String]) -> Result<LineKey, String> {
    let mut key = LineKey { digits: 0, description: false, origin: false };
    for name in names {
        match name.as_str() {
            "classification" => key.digits = 6,
            "classification-8" => key.digits = 8,
            "classification-10" => key.digits = 10,
            "description" => key.description = true,
            "origin" => key.origin = true,
            other => return Err(format!("`{other}` is not part of a key")),
        }
    }
    Ok(key)
}

/// Returns what a charge stands on; a formula without a base has none.
fn stands_on(raw: &RawCharge, formula: &Formula) -> Result<u8, String> {
    let mask = base::parse(&raw.base)?;
    match formula {
        Formula::Excess(_) if mask == 0 => Ok(base::VALUE),
        Formula::Tiers(tiers) if mask == 0 && tiers.of == TierOf::Value => Ok(base::VALUE),
        Formula::ByCode { .. } | Formula::Combined { .. } if mask & base::VALUE == 0 => {
            Err("its `base` is without `value`".to_owned())
        }
        Formula::ByCode { .. } if mask & base::DUE != 0 => {
            Err("its `base` is more than `value` and `postage`".to_owned())
        }
        Formula::AdValorem { .. } | Formula::Vat { .. } if mask == 0 => Err("its `base` is empty".to_owned()),
        _ => Ok(mask),
    }
}
