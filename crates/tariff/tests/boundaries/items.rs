//! The items of the worked cases, with what they are worth in any money at the rates of the cases.

use std::path::Path;
use std::sync::LazyLock;

use caravan_postal::{Currency, Grams, Money, Ratio, Rounding};
use caravan_tariff::Engine;
use chrono::NaiveDate;
use toml::Value;

use crate::rows::{Tables, day, money, text, texts};

/// One case on one day.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) on: NaiveDate,
    pub(crate) is_import: bool,
    pub(crate) values: Vec<Money>,
    pub(crate) units: Vec<u32>,
    pub(crate) postage: Option<Money>,
    pub(crate) gross: Grams,
}

/// A rate: so many units of a currency are so much of another.
#[derive(Debug)]
struct Rate {
    authority: String,
    currency: String,
    counter: String,
    /// Of the counter for one of the currency.
    value: Ratio,
    first: NaiveDate,
    last: NaiveDate,
}

/// In which money countries reckon, at whose rates, on which days.
#[derive(Debug)]
struct Conversion {
    countries: Vec<String>,
    authority: String,
    currency: String,
    /// To how many decimals the customs value is rounded.
    decimals: Option<u32>,
    first: NaiveDate,
    last: Option<NaiveDate>,
}

static RATES: LazyLock<Vec<Rate>> = LazyLock::new(rates);
static CONVERSIONS: LazyLock<Vec<Conversion>> = LazyLock::new(conversions);
static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

fn folder(name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let files = std::fs::read_dir(folder).expect("it is a folder of this suite");
    let read = |file: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(file.expect("the folder is readable").path());
        toml::from_str(&text.expect("the file is readable")).expect("it is TOML")
    };
    files.map(read).collect()
}

fn list(table: &Value, name: &str) -> Vec<Value> {
    table.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
}

fn decimal(text: &str) -> Ratio {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{part}").parse().expect("a figure");
    Ratio::new(digits, 10_i128.pow(u32::try_from(part.len()).expect("a short figure")))
}

fn rates() -> Vec<Rate> {
    let rows = folder("rates").iter().flat_map(|file| list(file, "rate")).collect::<Vec<_>>();
    let rate = |row: &Value| {
        let units = row.get("units")?.as_integer()?;
        Some(Rate {
            authority: text(row, "authority")?.to_owned(),
            currency: text(row, "currency")?.to_owned(),
            counter: text(row, "in")?.to_owned(),
            value: decimal(text(row, "value")?).checked_div(Ratio::whole(units))?,
            first: day(row, "valid_from")?,
            last: day(row, "valid_to").unwrap_or(NaiveDate::MAX),
        })
    };
    rows.iter().filter_map(rate).collect()
}

fn conversions() -> Vec<Conversion> {
    let tables = Tables::read();
    let of = |row: &Value| Conversion {
        countries: tables.countries(&texts(row, "countries")),
        authority: text(row, "authority").expect("a conversion has an authority").to_owned(),
        currency: text(row, "currency").expect("a conversion has a currency").to_owned(),
        decimals: row.get("value_decimals").and_then(Value::as_integer).and_then(|one| one.try_into().ok()),
        first: day(row, "valid_from").expect("a row has a first day"),
        last: day(row, "valid_to"),
    };
    tables.of("conversion").map(of).collect()
}

/// Returns every case of the worked examples on each of its days.
pub(crate) fn all() -> Vec<Item> {
    let files = ["cases/charges", "cases/admission"].into_iter().flat_map(folder);
    let cases = files.flat_map(|file| list(&file, "case")).filter(|case| case.get("own").is_none());
    cases.flat_map(|case| items(&case)).collect()
}

fn items(case: &Value) -> Vec<Item> {
    let pieces = list(case, "pieces");
    let lacks = texts(case, "without");
    let value = |piece: &Value| money(text(piece, "value").unwrap_or("80 CNY")).expect("an amount");
    let units = |piece: &Value| piece.get("units").and_then(Value::as_integer).unwrap_or(1);
    let kg = |piece: &Value| Grams::parse_kg(text(piece, "kg").unwrap_or("0.5")).expect("a weight");
    let net: Grams = pieces.iter().map(kg).sum();
    let gross =
        text(case, "gross").map_or(net + Grams(50), |gross| Grams::parse_kg(gross).expect("a weight"));
    let item = |on: &String| Item {
        from: text(case, "from").unwrap_or("CN").to_owned(),
        to: text(case, "to").unwrap_or_default().to_owned(),
        on: on.parse().expect("a day"),
        is_import: case.get("is_import").and_then(Value::as_bool).unwrap_or_default(),
        values: if lacks.iter().any(|name| name == "value") {
            Vec::new()
        } else {
            pieces.iter().map(value).collect()
        },
        units: pieces.iter().map(|piece| u32::try_from(units(piece)).expect("a count")).collect(),
        postage: money(text(case, "postage").unwrap_or("0 CNY")),
        gross,
    };
    texts(case, "on").iter().map(item).collect()
}

impl Item {
    fn conversion(&self) -> Option<&'static Conversion> {
        let country = if self.is_import || self.to != "CN" { &self.to } else { &self.from };
        CONVERSIONS.iter().find(|one| {
            one.countries.contains(country)
                && one.first <= self.on
                && one.last.is_none_or(|last| self.on <= last)
        })
    }

    /// Returns an amount in a money, at the rates that its country takes on the day.
    pub(crate) fn converted(&self, amount: Money, to: Currency) -> Option<Ratio> {
        let (from, to) = (amount.currency.to_string(), to.to_string());
        if from == to {
            return Some(amount.major());
        }
        let authority = &self.conversion()?.authority;
        let pivot = ENGINE.authority(authority)?.pivot.to_string();
        let rate = self.rate(authority, &from, &to).or_else(|| {
            self.rate(authority, &from, &pivot)?.checked_mul(self.rate(authority, &pivot, &to)?)
        })?;
        amount.major().checked_mul(rate)
    }

    /// Returns a sum as customs rounds the value of goods in its own money.
    pub(crate) fn rounded(&self, sum: Ratio, currency: Currency) -> Option<Ratio> {
        let conversion = self.conversion().filter(|one| one.currency == currency.to_string());
        let Some(decimals) = conversion.and_then(|one| one.decimals) else { return Some(sum) };
        let scale = 10_i128.pow(decimals);
        let scaled = sum.checked_mul(Ratio::new(scale, 1))?.checked_round(Rounding::HalfUp)?;
        Some(Ratio::new(i128::from(scaled), scale))
    }

    fn rate(&self, authority: &str, from: &str, to: &str) -> Option<Ratio> {
        if from == to {
            return Some(Ratio::ONE);
        }
        let on_day =
            |rate: &&Rate| rate.authority == authority && rate.first <= self.on && self.on <= rate.last;
        let direct = RATES.iter().filter(on_day).find(|rate| rate.currency == from && rate.counter == to);
        let turned = || RATES.iter().filter(on_day).find(|rate| rate.currency == to && rate.counter == from);
        direct.map(|rate| rate.value).or_else(|| Ratio::ONE.checked_div(turned()?.value))
    }
}
