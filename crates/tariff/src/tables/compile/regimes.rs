//! Compiles readings, conversions, regimes, entries and personal articles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::{Compiler, country, currency, named, of_row, optional_money, percent, prefixes};
use crate::ChargeKind;
use crate::lexicon::Use;
use crate::tables::raw::{RawPersonalArticle, RawRegime};
use crate::tables::regime::{
    Charge, Conversion, Entry, Formula, PersonalArticle, Price, PricedPer, Pricing, Reading, Regime, Regimes,
};
use crate::tables::row::{Row, Status};
use crate::tables::rows::Rows;
use crate::tables::scope::ReadingChoice;
use crate::tables::{TableError, ordinal};

/// The periods of which a limit can be one.
const PERIODS: [&str; 5] = ["day", "month", "quarter", "year", "flight"];

impl<'a> Compiler<'a> {
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
            readings.push(Reading {
                row,
                choices,
                default: Box::from(raw.default.as_str()),
                is_of_item: raw.is_of_item,
                answered_by: raw.answered_by.as_deref().map(Box::from),
            });
        }
        Ok(readings)
    }

    pub(super) fn regimes(&mut self) -> Result<Regimes, TableError> {
        let mut regimes = Regimes {
            by_country: vec![Vec::new(); 676],
            readings_by_country: vec![Vec::new(); 676],
            ..Regimes::default()
        };
        for raw in &self.raw.authority {
            self.row(raw)?;
            regimes.authorities.push(of_row(&raw.id, self.authority(&raw.id))?);
        }
        self.conversions(&mut regimes)?;
        self.taxes(&mut regimes)?;
        self.personal(&mut regimes)?;
        self.entries(&mut regimes)?;
        let mut of_regime = self.charges_by_regime()?;
        let mut order: Vec<usize> = (0..self.raw.regime.len()).collect();
        order.sort_by_key(|index| self.raw.regime[*index].order);
        for raw in order.into_iter().map(|index| &self.raw.regime[index]) {
            let at = u16::try_from(regimes.rows.len()).expect("a table has less than 65,536 rows");
            for country in of_row(&raw.id, self.country_list(&raw.countries))? {
                regimes.by_country[ordinal(country)].push(at);
                let of_country = &mut regimes.readings_by_country[ordinal(country)];
                for reading in raw.when.reading.0.iter().filter_map(|text| self.reading_index(text)) {
                    if !of_country.contains(&reading) {
                        of_country.push(reading);
                    }
                }
            }
            let row = self.row(raw)?;
            let charges = of_regime.remove(raw.id.as_str()).unwrap_or_default();
            of_row(&raw.id, super::periods::check_charges(&row, raw.charges.as_deref(), &charges))?;
            let regime = of_row(&raw.id, self.regime(raw, row, charges))?;
            regimes.rows.push(regime);
        }
        Ok(regimes)
    }

    /// Returns the charges of each regime, in the order in which they are reckoned.
    fn charges_by_regime(&mut self) -> Result<BTreeMap<&'a str, Vec<Charge>>, TableError> {
        let raw_tables = self.raw;
        let mut charges: Vec<(Charge, &'a [String])> = Vec::new();
        for raw in &raw_tables.charge {
            let charge = self.charge(raw)?;
            let unknown =
                raw.regimes.iter().find(|id| !raw_tables.regime.iter().any(|regime| regime.id == **id));
            of_row(&raw.id, unknown.map_or(Ok(()), |id| Err(format!("regime `{id}` is not listed"))))?;
            charges.push((charge, &raw.regimes));
        }
        charges.sort_by_key(|(charge, _)| charge_order(charge.kind));
        let mut of_regime: BTreeMap<&'a str, Vec<Charge>> = BTreeMap::new();
        for (charge, regimes) in &charges {
            for regime in *regimes {
                of_regime.entry(regime).or_default().push(charge.clone());
            }
        }
        Ok(of_regime)
    }

    /// Returns the place of a reading in its table, by its id alone or with a choice.
    pub(super) fn reading_index(&self, text: &str) -> Option<u16> {
        let id = text.split_once(':').map_or(text, |(id, _)| id);
        let index = self.raw.reading.iter().position(|reading| reading.id == id)?;
        Some(u16::try_from(index).expect("a table has less than 65,536 rows"))
    }

    fn regime(&self, raw: &RawRegime, row: Row, charges: Vec<Charge>) -> Result<Regime, String> {
        let period = |name: &String| {
            let is_known = PERIODS.contains(&name.as_str());
            let term = format!("@per-{name}").into_boxed_str();
            is_known.then_some(term).ok_or_else(|| format!("`{name}` is not a period of a limit"))
        };
        let of_charges = charges.iter().flat_map(|charge| &charge.when.readings).map(|reading| &*reading.id);
        let is_personal = charges.iter().any(|charge| matches!(charge.formula, Formula::Personal));
        let articles = self.raw.personal_article.iter().filter(|_| is_personal);
        let of_articles = articles.flat_map(|article| &article.reading.0).map(String::as_str);
        let indices = of_charges.chain(of_articles).filter_map(|reading| self.reading_index(reading));
        let readings = indices.collect::<BTreeSet<u16>>().into_iter().collect();
        Ok(Regime {
            row,
            when: self.condition(&raw.when)?,
            readings,
            touched: (0..).zip(&self.raw.reading).map(|(reading, _)| touched(&charges, reading)).collect(),
            charges,
            is_free: raw.charges.is_some(),
            value_share: raw.value_share.as_deref().map(percent).transpose()?,
            limit_per: raw.limit_per.as_ref().map(period).transpose()?,
            asks_prepayment: raw.asks_prepayment.iter().map(|scheme| Box::from(scheme.as_str())).collect(),
        })
    }

    fn entries(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        let mut entries = Vec::new();
        for raw in &self.raw.entry {
            let row = self.row(raw)?;
            if row.status == Status::Unknown {
                continue;
            }
            let set = raw.set.as_deref().filter(|set| !set.is_empty());
            entries.push(Entry {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                order: raw.order,
                set: of_row(&raw.id, set.map(Box::from).ok_or_else(|| "it has no `set`".to_owned()))?,
                when: of_row(&raw.id, self.condition(&raw.when))?,
            });
        }
        entries.sort_by_key(|entry| entry.order);
        regimes.entries = Rows::of(entries, |entry| entry.countries);
        Ok(())
    }

    fn conversions(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        let mut conversions = Vec::new();
        for raw in &self.raw.conversion {
            let row = self.row(raw)?;
            if row.status == Status::Unknown {
                continue;
            }
            let currency = of_row(&raw.id, currency(&raw.currency))?;
            let decimals = |wanted: u32| wanted.min(currency.exponent());
            conversions.push(Conversion {
                row,
                countries: of_row(&raw.id, self.countries(&raw.countries))?,
                authority: of_row(&raw.id, self.authority(&raw.authority))?,
                currency,
                decimals: raw.decimals.map_or(currency.exponent(), decimals),
                value_decimals: raw.value_decimals.map(decimals),
            });
        }
        regimes.conversions = Rows::of(conversions, |conversion| conversion.countries);
        Ok(())
    }

    fn personal(&mut self, regimes: &mut Regimes) -> Result<(), TableError> {
        let raw_tables = self.raw;
        let mut raws: Vec<_> = raw_tables.personal_article.iter().collect();
        raws.sort_by_key(|raw| raw.order);
        for raw in raws {
            let at =
                u16::try_from(regimes.personal_articles.len()).expect("a table has less than 65,536 rows");
            of_row(&raw.id, self.terms(&raw.words, Use::Personal(at)))?;
            let row = self.row(raw)?;
            let readings = of_row(&raw.id, self.readings_of(&raw.reading.0))?;
            let article = of_row(&raw.id, personal_article(raw, row, readings))?;
            regimes.personal_articles.push(article);
        }
        for raw in &raw_tables.pricing {
            let row = self.row(raw)?;
            if row.status == Status::Unknown {
                continue;
            }
            let price = match raw.price.as_str() {
                "actual" => Some(Price::Actual),
                "list-unless-far" => Some(Price::ListUnlessFar),
                _ => None,
            };
            regimes.pricings.push(Pricing {
                row,
                country: of_row(&raw.id, country(&raw.country))?,
                price: of_row(&raw.id, named(price, &raw.price))?,
            });
        }
        Ok(())
    }
}

fn personal_article(
    raw: &RawPersonalArticle,
    mut row: Row,
    readings: Vec<ReadingChoice>,
) -> Result<PersonalArticle, String> {
    let per = match raw.list_unit.as_deref() {
        None => None,
        Some("kg") => Some(PricedPer::Kilogram),
        Some("unit") => Some(PricedPer::Unit),
        Some(other) => return Err(format!("`{other}` is neither `kg` nor `unit`")),
    };
    if let Some(code) = &raw.code {
        let is_code = code.len() == 8 && code.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(()).ok_or_else(|| format!("`{code}` is not a code of eight digits"))?;
        row.source = format!("{}, {code}", row.source).into();
    }
    let price = optional_money(raw.list_price.as_ref())?;
    let rate = raw.rate.as_deref().map(percent).transpose()?;
    if rate.is_none() && row.status != Status::Unknown {
        return Err("it has no `rate`".to_owned());
    }
    Ok(PersonalArticle {
        row,
        country: country(&raw.country)?,
        readings,
        rate,
        hs: prefixes(&raw.hs)?,
        has_words: !raw.words.is_empty(),
        list_price: price.zip(per),
        unit_value_from: optional_money(raw.unit_value_from.as_ref())?,
        gram_value_from: optional_money(raw.gram_value_from.as_ref())?,
    })
}

/// Returns the charges, in the order of their kinds, that a choice of a reading can change.
fn touched(charges: &[Charge], reading: u16) -> Range<usize> {
    let is_touched = |charge: &&Charge| charge.may_change_by(reading);
    let ends = charges.iter().find(is_touched).zip(charges.iter().rfind(is_touched));
    let Some((first, last)) = ends else { return 0..0 };
    let start = charges.iter().position(|charge| charge.kind == first.kind);
    let end = charges.iter().rposition(|charge| charge.kind == last.kind);
    start.unwrap_or(0)..end.map_or(charges.len(), |end| end + 1)
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
