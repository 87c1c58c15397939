//! Compiles readings, conversions, regimes, charges and what they need.

use caravan_postal::{Country, Grams, Money, Ratio, Rounding};

use super::{Compiler, currency, named, of_row, prefixes};
use crate::ChargeKind;
use crate::lexicon::Use;
use crate::tables::expression::percentage;
use crate::tables::raw::{RawCharge, RawPersonalArticle};
use crate::tables::regime::{
    Charge, Conversion, Excess, Formula, LineKey, PerKilogramOn, PersonalArticle, Price, PricedPer, Pricing,
    Reading, Regime, Regimes, Vat, Waiver, base,
};
use crate::tables::{Schedule, TableError, money, ordinal, threshold};
use crate::trace::Amount;

impl Compiler<'_> {
    pub(super) fn readings(&mut self) -> Result<Vec<Reading>, TableError> {
        let mut readings = Vec::new();
        for raw in &self.raw.reading {
            let row = self.row(raw)?;
            let is_choice = raw.choices.contains(&raw.default);
            of_row(
                &raw.id,
                if is_choice { Ok(()) } else { Err("its default is none of its choices".to_owned()) },
            )?;
            let choices = raw.choices.iter().map(|choice| Box::from(choice.as_str())).collect();
            readings.push(Reading { row, choices, default: Box::from(raw.default.as_str()) });
        }
        Ok(readings)
    }

    pub(super) fn regimes(&mut self) -> Result<Regimes, TableError> {
        for raw in &self.raw.authority {
            self.row(raw)?;
        }
        let mut regimes = Regimes { by_country: vec![Vec::new(); 676], ..Regimes::default() };
        self.conversions(&mut regimes)?;
        self.taxes(&mut regimes)?;
        self.personal(&mut regimes)?;
        let mut charges: Vec<(Charge, &[String])> = Vec::new();
        for raw in &self.raw.charge {
            charges.push((self.charge(raw)?, &raw.regimes));
        }
        charges.sort_by_key(|(charge, _)| charge_order(charge.kind));
        for raw in &self.raw.charge {
            let unknown =
                raw.regimes.iter().find(|id| !self.raw.regime.iter().any(|regime| regime.id == **id));
            of_row(&raw.id, unknown.map_or(Ok(()), |id| Err(format!("regime `{id}` is not listed"))))?;
        }
        let mut order: Vec<usize> = (0..self.raw.regime.len()).collect();
        order.sort_by_key(|index| self.raw.regime[*index].order);
        for raw in order.into_iter().map(|index| &self.raw.regime[index]) {
            let at = u16::try_from(regimes.rows.len()).expect("a table has less than 65,536 rows");
            for country in of_row(&raw.id, self.country_list(&raw.countries))? {
                regimes.by_country[ordinal(country)].push(at);
            }
            let own =
                charges.iter().filter(|(_, ids)| ids.contains(&raw.id)).map(|(charge, _)| charge.clone());
            regimes.rows.push(Regime {
                row: self.row(raw)?,
                when: of_row(&raw.id, self.condition(&raw.when))?,
                charges: own.collect(),
            });
        }
        Ok(regimes)
    }

    fn conversions(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        for raw in &self.raw.conversion {
            let currency = of_row(&raw.id, currency(&raw.currency))?;
            regimes.conversions.push(Conversion {
                row: self.row(raw)?,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                authority: of_row(&raw.id, self.authority(&raw.authority))?,
                currency,
                decimals: raw.decimals.unwrap_or(currency.exponent()).min(currency.exponent()),
            });
        }
        Ok(())
    }

    fn taxes(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        for raw in &self.raw.vat {
            regimes.vat.push(Vat {
                row: self.row(raw)?,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                rate: of_row(&raw.id, percent(&raw.rate))?,
            });
        }
        for raw in &self.raw.waiver {
            regimes.waivers.push(Waiver {
                row: self.row(raw)?,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                kind: of_row(&raw.id, named(ChargeKind::parse(&raw.kind), &raw.kind))?,
                below: of_row(&raw.id, threshold(&raw.below))?,
            });
        }
        Ok(())
    }

    fn personal(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        let mut raws: Vec<&RawPersonalArticle> = self.raw.personal_article.iter().collect();
        raws.sort_by_key(|raw| raw.order);
        for raw in raws {
            let at =
                u16::try_from(regimes.personal_articles.len()).expect("a table has less than 65,536 rows");
            of_row(&raw.id, self.terms(&raw.words, Use::Personal(at)))?;
            let article = self.personal_article(raw)?;
            regimes.personal_articles.push(article);
        }
        for raw in &self.raw.pricing {
            let price = match raw.price.as_str() {
                "actual" => Some(Price::Actual),
                "list-unless-far" => Some(Price::ListUnlessFar),
                _ => None,
            };
            regimes.pricings.push(Pricing {
                row: self.row(raw)?,
                country: of_row(&raw.id, country(&raw.country))?,
                price: of_row(&raw.id, named(price, &raw.price))?,
            });
        }
        Ok(())
    }

    fn personal_article(&mut self, raw: &RawPersonalArticle) -> Result<PersonalArticle, TableError> {
        let per = match raw.list_unit.as_deref() {
            None => Ok(None),
            Some("kg") => Ok(Some(PricedPer::Kilogram)),
            Some("unit") => Ok(Some(PricedPer::Unit)),
            Some(other) => Err(format!("`{other}` is neither `kg` nor `unit`")),
        };
        let price = of_row(&raw.id, optional_money(raw.list_price.as_ref()))?;
        Ok(PersonalArticle {
            row: self.row(raw)?,
            country: of_row(&raw.id, country(&raw.country))?,
            rate: of_row(&raw.id, percent(&raw.rate))?,
            hs: of_row(&raw.id, prefixes(&raw.hs))?,
            has_words: !raw.words.is_empty(),
            list_price: price.zip(of_row(&raw.id, per)?),
            unit_value_from: of_row(&raw.id, optional_money(raw.unit_value_from.as_ref()))?,
            gram_value_from: of_row(&raw.id, optional_money(raw.gram_value_from.as_ref()))?,
        })
    }

    fn charge(&mut self, raw: &RawCharge) -> Result<Charge, TableError> {
        let needs = raw.needs.as_deref().map(|name| named(ChargeKind::parse(name), name)).transpose();
        let rounding = match raw.rounding.as_deref() {
            None | Some("half-up") => Ok(Rounding::HalfUp),
            Some("down") => Ok(Rounding::Down),
            Some("up") => Ok(Rounding::Up),
            Some(other) => Err(format!("`{other}` is not a rounding")),
        };
        Ok(Charge {
            row: self.row(raw)?,
            countries: of_row(&raw.id, self.countries(&raw.countries))?,
            kind: of_row(&raw.id, named(ChargeKind::parse(&raw.kind), &raw.kind))?,
            formula: of_row(&raw.id, formula(raw))?,
            only_hs: of_row(&raw.id, prefixes(&raw.only_hs))?,
            needs: of_row(&raw.id, needs)?,
            waived_to: of_row(&raw.id, raw.waived_to.as_deref().map(threshold).transpose())?,
            waived_below: of_row(&raw.id, raw.waived_below.as_deref().map(threshold).transpose())?,
            rounding: of_row(&raw.id, rounding)?,
            when: of_row(&raw.id, self.condition(&raw.when))?,
        })
    }
}

/// Duty and excise before tax, tax before fees: a later charge may stand on an earlier.
fn charge_order(kind: ChargeKind) -> u8 {
    match kind {
        ChargeKind::Duty => 0,
        ChargeKind::Excise => 1,
        ChargeKind::Tax => 2,
        ChargeKind::Fee => 3,
    }
}

fn formula(raw: &RawCharge) -> Result<Formula, String> {
    let rate = || raw.rate.as_deref().ok_or_else(|| "it has no `rate`".to_owned()).and_then(percent);
    let amount = |field: &Option<String>, name: &str| {
        field.as_deref().ok_or_else(|| format!("it has no `{name}`")).and_then(money).map(Amount::of)
    };
    Ok(match raw.formula.as_str() {
        "excess" => {
            let on = match raw.per_kg_on.as_deref() {
                Some("excess") => PerKilogramOn::Excess,
                Some("whole") => PerKilogramOn::Whole,
                _ => return Err("`per_kg_on` is neither `excess` nor `whole`".to_owned()),
            };
            let (free, per_kilogram) =
                (amount(&raw.free_value, "free_value")?, amount(&raw.per_kg, "per_kg")?);
            if free.currency != per_kilogram.currency {
                return Err("`free_value` and `per_kg` are in different currencies".to_owned());
            }
            let free_kg = raw.free_kg.as_deref().unwrap_or("0");
            let free_weight = Grams::parse_kg(free_kg).map_err(|error| format!("`free_kg`: {error}"))?;
            Formula::Excess(Excess { rate: rate()?, free, free_weight, per_kilogram, on })
        }
        "ad-valorem" => Formula::AdValorem {
            rate: rate()?,
            base: bases(raw)?,
            per_kilogram: optional_money(raw.per_kg.as_ref())?.map(Amount::of),
        },
        "vat" => Formula::Vat { base: bases(raw)? },
        "by-code" => {
            let name = raw.schedule.as_deref().unwrap_or_default();
            Formula::ByCode { schedule: named(Schedule::parse(name), name)?, base: bases(raw)? }
        }
        "per-item" => {
            let has = |name: &str| raw.key.iter().any(|known| known == name);
            let key = LineKey {
                classification: has("classification"),
                description: has("description"),
                origin: has("origin"),
            };
            Formula::PerItem { amount: amount(&raw.amount, "amount")?, key }
        }
        "fixed" => Formula::Fixed { amount: amount(&raw.amount, "amount")? },
        "personal-articles" => Formula::Personal,
        "unknown" => Formula::Unknown,
        other => return Err(format!("`{other}` is not a formula")),
    })
}

fn bases(raw: &RawCharge) -> Result<u8, String> {
    let bit = |name: &String| match name.as_str() {
        "value" => Ok(base::VALUE),
        "postage" => Ok(base::POSTAGE),
        "duty" => Ok(base::DUTY),
        other => Err(format!("`{other}` is not part of a base")),
    };
    let mask = raw.base.iter().map(bit).try_fold(0, |mask, bit| bit.map(|bit| mask | bit))?;
    if mask & base::VALUE == 0 { Err("its `base` is without `value`".to_owned()) } else { Ok(mask) }
}

fn optional_money(text: Option<&String>) -> Result<Option<Money>, String> {
    text.map(|text| money(text)).transpose()
}

/// Reads `15%`.
fn percent(text: &str) -> Result<Ratio, String> {
    let rate = text.strip_suffix('%').and_then(percentage).filter(|rate| !rate.is_negative());
    rate.ok_or_else(|| format!("`{text}` is not a percentage"))
}

fn country(name: &str) -> Result<Country, String> {
    Country::parse(name).ok_or_else(|| format!("`{name}` is not a country"))
}
