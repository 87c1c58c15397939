//! The rows of the program's tables that compute, with their days and thresholds.

use std::collections::BTreeMap;

use caravan_postal::{Currency, Grams, Money, Ratio};
use caravan_tariff::BUILTIN;
use chrono::NaiveDate;
use serde::Deserialize;
use toml::Value;

use crate::items::Item;

/// The tables whose rows decide by day or amount what is due.
const TABLES: [&str; 8] =
    ["regime", "charge", "vat", "waiver", "conversion", "pricing", "entry", "personal_limit"];

/// A row that computes.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) table: &'static str,
    pub(crate) id: String,
    pub(crate) first: NaiveDate,
    pub(crate) last: Option<NaiveDate>,
    countries: Vec<String>,
    /// `import` or `export`, where the row is of one of them.
    flow: Option<String>,
    pub(crate) thresholds: Vec<Threshold>,
}

/// What a threshold is held against.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Measured {
    /// The value, with postage or without, at a share.
    Item { with_postage: bool, share: Ratio },
    /// The value of a single article.
    Article,
    /// Gross weight in kilograms.
    Weight,
}

/// A bound of a row.
#[derive(Debug)]
pub(crate) struct Threshold {
    pub(crate) text: String,
    of: Measured,
    bounds: Vec<(NaiveDate, Option<NaiveDate>, Money)>,
    grams: Option<Grams>,
}

/// Tables of one text, as far as they matter here.
#[derive(Debug, Deserialize)]
struct Text {
    #[serde(default)]
    groups: BTreeMap<String, Vec<String>>,
    #[serde(flatten)]
    tables: BTreeMap<String, Value>,
}

/// Every text of the program.
pub(crate) struct Tables {
    groups: BTreeMap<String, Vec<String>>,
    rows: Vec<(String, Value)>,
}

pub(crate) fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.get(name).and_then(Value::as_str)
}

pub(crate) fn texts(row: &Value, name: &str) -> Vec<String> {
    let list = row.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

pub(crate) fn day(row: &Value, name: &str) -> Option<NaiveDate> {
    row.get(name)?.as_datetime()?.to_string().parse().ok()
}

pub(crate) fn money(text: &str) -> Option<Money> {
    let (amount, currency) = text.split_once(' ')?;
    Money::parse(amount, Currency::parse(currency)?).ok()
}

impl Tables {
    pub(crate) fn read() -> Self {
        let (mut groups, mut rows) = (BTreeMap::new(), Vec::new());
        for table in BUILTIN.iter().filter(|table| table.name.rsplit('.').next() == Some("toml")) {
            let text: Text = toml::from_str(table.text).expect("the tables are right");
            groups.extend(text.groups);
            for (name, list) in text.tables {
                let list = list.as_array().cloned().unwrap_or_default();
                rows.extend(list.into_iter().map(|row| (name.clone(), row)));
            }
        }
        Self { groups, rows }
    }

    pub(crate) fn of<'a>(&'a self, table: &'a str) -> impl Iterator<Item = &'a Value> {
        self.rows.iter().filter(move |(name, _)| name == table).map(|(_, row)| row)
    }

    pub(crate) fn countries(&self, names: &[String]) -> Vec<String> {
        let of = |name: &String| match name.strip_prefix('@') {
            Some(group) => self.countries(&self.groups[group]),
            None => vec![name.clone()],
        };
        names.iter().flat_map(of).collect()
    }

    /// Returns for which countries a row is: its own, and for a charge those of its regimes.
    fn countries_of(&self, table: &str, row: &Value) -> Vec<String> {
        let mut own = self.countries(&texts(row, "countries"));
        own.extend(text(row, "country").map(str::to_owned));
        if table != "charge" {
            return own;
        }
        let regimes = texts(row, "regimes");
        // Under a regime that is only announced the day of the caller counts, and no day of the tables.
        let is_own = |regime: &&Value| {
            regimes.iter().any(|id| text(regime, "id") == Some(id))
                && text(regime, "status") != Some("announced")
        };
        let of_regimes = self.of("regime").filter(is_own).map(|regime| texts(regime, "countries"));
        let of_regimes = self.countries(&of_regimes.flatten().collect::<Vec<_>>());
        of_regimes.into_iter().filter(|country| own.is_empty() || own.contains(country)).collect()
    }

    /// Returns an amount on each of its days: a figure, or a factor of a named one.
    fn amounts(&self, written: &str) -> Vec<(NaiveDate, Option<NaiveDate>, Money)> {
        if let Some(money) = money(written) {
            return vec![(NaiveDate::MIN, None, money)];
        }
        let (factor, name) = written.split_once(" x ").unwrap_or(("1", written));
        let factor: i64 = factor.parse().unwrap_or_default();
        let named = self.of("amount").filter(|row| text(row, "name") == Some(name));
        let of = |row: &Value| {
            let money = text(row, "amount").and_then(money)?;
            let money = Money { minor: money.minor * factor, ..money };
            Some((day(row, "valid_from")?, day(row, "valid_to"), money))
        };
        named.filter_map(of).filter(|_| factor > 0).collect()
    }

    fn thresholds(&self, row: &Value, shares: &BTreeMap<String, Ratio>) -> Vec<Threshold> {
        let nothing = Value::Table(toml::Table::new());
        let when = row.get("when").unwrap_or(&nothing);
        let own = shares.get(text(row, "id").unwrap_or_default());
        let of_regimes = texts(row, "regimes").iter().find_map(|id| shares.get(id).copied());
        let share = own.copied().or(of_regimes).unwrap_or(Ratio::ONE);
        let counts = texts(when, "counts");
        let item = Measured::Item { with_postage: counts.iter().any(|what| what == "postage"), share };
        let with_postage = texts(row, "base").iter().any(|what| what == "postage");
        let base = Measured::Item { with_postage, share };
        let mut found = Vec::new();
        for (holder, name, of) in [
            (when, "value_to", item),
            (when, "value_above", item),
            (when, "article_to", Measured::Article),
            (when, "article_above", Measured::Article),
            (row, "free_value", base),
            (row, "limit", Measured::Item { with_postage: false, share: Ratio::ONE }),
        ] {
            let Some(written) = text(holder, name) else { continue };
            let text = format!("{name} {written}");
            found.push(Threshold { text, of, bounds: self.amounts(written), grams: None });
        }
        for (holder, name) in [(when, "weight_to"), (when, "weight_above"), (row, "free_kg")] {
            let Some(written) = text(holder, name) else { continue };
            let grams = Grams::parse_kg(written).ok();
            let text = format!("{name} {written}");
            found.push(Threshold { text, of: Measured::Weight, bounds: Vec::new(), grams });
        }
        for tier in row.get("tiers").and_then(Value::as_array).into_iter().flatten() {
            let Some(written) = text(tier, "to").filter(|_| text(row, "of") == Some("value")) else {
                continue;
            };
            let text = format!("tier to {written}");
            found.push(Threshold { text, of: base, bounds: self.amounts(written), grams: None });
        }
        found
    }
}

/// Returns every row that computes.
pub(crate) fn all() -> Vec<Row> {
    let tables = Tables::read();
    let share = |row: &Value| {
        let percent: i128 = text(row, "value_share")?.trim_end_matches('%').parse().ok()?;
        Some((text(row, "id")?.to_owned(), Ratio::new(percent, 100)))
    };
    let shares: BTreeMap<String, Ratio> = tables.of("regime").filter_map(share).collect();
    let mut rows = Vec::new();
    for table in TABLES {
        for row in tables.of(table) {
            if !matches!(text(row, "status"), Some("in_force" | "unverified")) {
                continue;
            }
            let countries = tables.countries_of(table, row);
            if countries.is_empty() {
                continue;
            }
            rows.push(Row {
                table,
                id: text(row, "id").expect("a row has an id").to_owned(),
                first: day(row, "valid_from").expect("a row has a first day"),
                last: day(row, "valid_to"),
                countries,
                flow: text(row, "flow").map(str::to_owned),
                thresholds: tables.thresholds(row, &shares),
            });
        }
    }
    rows
}

impl Row {
    pub(crate) fn covers(&self, day: NaiveDate) -> bool {
        self.first <= day && self.last.is_none_or(|last| day <= last)
    }

    /// Returns whether an item is one of the row's country and direction.
    pub(crate) fn is_for(&self, item: &Item) -> bool {
        let country = if self.flow.as_deref() == Some("export") { &item.from } else { &item.to };
        let flow = self.flow.as_deref().is_none_or(|flow| (flow == "import") == item.is_import);
        flow && self.countries.contains(country)
    }
}

impl Threshold {
    /// Returns what an item measures, and the bound on its day.
    pub(crate) fn measure(&self, item: &Item) -> Vec<(Ratio, Ratio)> {
        if let Some(grams) = self.grams {
            let kilograms = |grams: Grams| Ratio::new(i128::from(grams.0), 1000);
            return vec![(kilograms(item.gross), kilograms(grams))];
        }
        let on_day = |(first, last, _): &&(NaiveDate, Option<NaiveDate>, Money)| {
            *first <= item.on && last.is_none_or(|last| item.on <= last)
        };
        let Some((_, _, bound)) = self.bounds.iter().find(on_day) else { return Vec::new() };
        let values = match self.of {
            Measured::Item { with_postage, share } => {
                let add = |sum: Ratio, one: &Money| sum.checked_add(item.converted(*one, bound.currency)?);
                let goods = item.values.iter().try_fold(Ratio::ZERO, add);
                let goods = goods.and_then(|goods| item.rounded(goods.checked_mul(share)?, bound.currency));
                let mut postage = item.postage.iter().filter(|_| with_postage);
                vec![goods.and_then(|goods| postage.try_fold(goods, add))]
            }
            Measured::Article => {
                let units = item.values.iter().zip(&item.units);
                let of = |(value, units): (&Money, &u32)| {
                    item.converted(*value, bound.currency)?.checked_div(Ratio::whole(i64::from(*units)))
                };
                units.map(of).collect()
            }
            Measured::Weight => Vec::new(),
        };
        values.into_iter().flatten().map(|value| (value, bound.major())).collect()
    }
}
