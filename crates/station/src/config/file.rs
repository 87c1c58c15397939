//! The shape of `station.toml`, and its checked reading.

mod class;
mod correspondent;
mod feed;
mod office;
mod partner;
mod route;
mod tariff;

use caravan_postal::Grams;
use caravan_tariff::Rates;
use chrono_tz::Tz;
use serde::Deserialize;

use super::customs::CustomsTable;
use super::exchange::check_carriers;
use super::way::ClosureTable;
use super::{Belt, Config, ConfigError, Papers, Transit};
use class::{ClassTable, bagging, classes};
use correspondent::{CorrespondentTable, correspondent};
use feed::{FeedTable, feed};
use office::{OfficeTable, office};
use partner::{PartnerTable, partner};
use route::{route, tables};
use tariff::{TariffTable, options};

pub(super) use route::RouteTable;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    office: OfficeTable,
    rates: String,
    belt: BeltTable,
    #[serde(rename = "class")]
    classes: Vec<ClassTable>,
    #[serde(rename = "partner", default)]
    partners: Vec<PartnerTable>,
    #[serde(rename = "route", default)]
    routes: Vec<RouteTable>,
    #[serde(rename = "correspondent", default)]
    correspondents: Vec<CorrespondentTable>,
    #[serde(default)]
    tariff: TariffTable,
    #[serde(rename = "feed", default)]
    feeds: Vec<FeedTable>,
    #[serde(default)]
    transit: TransitTable,
    customs: Option<CustomsTable>,
    #[serde(default)]
    papers: PapersTable,
    /// Rows of the network, laid over the program's own.
    #[serde(default)]
    network: toml::Table,
    /// Rows of equipment and of limits, laid over the program's own.
    #[serde(default)]
    loading: toml::Table,
    #[serde(rename = "closure", default)]
    closures: Vec<ClosureTable>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct PapersTable {
    pdf: bool,
    number_prefix: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TransitTable {
    customs_case: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeltTable {
    item_tolerance_g: u64,
    item_tolerance_permille: u64,
    bag_tolerance_g: u64,
    bagging: Option<String>,
}

pub(super) fn rates_file(text: &str) -> Result<String, ConfigError> {
    beside("rates", &toml::from_str::<File>(text)?.rates)
}

/// Reads the name of a file that lies beside `station.toml`.
pub(super) fn beside(field: &str, name: &str) -> Result<String, ConfigError> {
    value(field, name, "the name of a file beside this one", |name| {
        let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
        is_plain.then(|| name.to_owned())
    })
}

pub(super) fn read(text: &str, rates: &str) -> Result<Config, ConfigError> {
    let file: File = toml::from_str(text)?;
    let classes = classes(&file.classes, bagging("belt.bagging", file.belt.bagging.as_deref())?)?;
    let office = office(&file.office)?;
    let partners =
        file.partners.iter().map(|table| partner(table, office.zone, Grams(file.belt.bag_tolerance_g)));
    let partners = partners.collect::<Result<Vec<_>, _>>()?;
    let tables = tables(&file)?;
    let routes = file.routes.iter().map(|table| route(table, &partners, &tables));
    let routes = routes.collect::<Result<Vec<_>, _>>()?;
    check_carriers(&partners, &routes)?;
    for (index, route) in routes.iter().enumerate() {
        if routes[..index].iter().any(|other| other.name == route.name) {
            return Err(fault("route.name", &route.name, "a name that no other route has"));
        }
    }
    let correspondents = file.correspondents.iter().map(correspondent).collect::<Result<Vec<_>, _>>()?;
    for (index, correspondent) in correspondents.iter().enumerate() {
        if correspondents[..index].iter().any(|other| other.folder == correspondent.folder) {
            return Err(fault(
                "correspondent.folder",
                &correspondent.folder,
                "a folder that no other correspondent has",
            ));
        }
    }
    let feeds = file.feeds.iter().map(feed).collect::<Result<Vec<_>, _>>()?;
    for (index, settings) in feeds.iter().enumerate() {
        if feeds[..index].iter().any(|other| other.feed == settings.feed) {
            return Err(fault("feed.name", settings.feed.as_str(), "a name that no other [[feed]] has"));
        }
    }
    let options = options(&file.tariff, &office)?;
    Ok(Config {
        office,
        belt: Belt {
            item_tolerance: Grams(file.belt.item_tolerance_g),
            item_tolerance_permille: file.belt.item_tolerance_permille,
            bag_tolerance: Grams(file.belt.bag_tolerance_g),
        },
        classes,
        partners,
        routes,
        network: tables.network,
        loading: tables.loading,
        correspondents,
        rates: Rates::parse(rates)?,
        feeds,
        options,
        transit: Transit { customs_case: file.transit.customs_case },
        customs: super::customs::link(file.customs.as_ref())?,
        decisions: super::customs::decisions_of(file.customs.as_ref())?,
        presentation: super::customs::presentation_of(file.customs.as_ref())?,
        papers: Papers { pdf: file.papers.pdf, number_prefix: prefix(&file.papers.number_prefix)? },
    })
}

/// Reads what stands before a running number, as every form can print it.
fn prefix(text: &str) -> Result<String, ConfigError> {
    value(
        "papers.number_prefix",
        text,
        "up to 12 letters, digits, blanks, hyphens, dots and slashes",
        |text| {
            let is_printable = |one: char| one.is_alphanumeric() || " -./".contains(one);
            (text.chars().count() <= 12 && text.chars().all(is_printable)).then(|| text.to_owned())
        },
    )
}

pub(super) fn value<T>(
    field: &str,
    text: &str,
    expected: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, ConfigError> {
    read(text).ok_or_else(|| fault(field, text, expected))
}

fn zone(field: &str, text: &str) -> Result<Tz, ConfigError> {
    value(field, text, "a name of the time-zone database", |text| text.parse().ok())
}

pub(super) fn positive<N: Default + PartialEq>(field: &str, number: N) -> Result<N, ConfigError> {
    if number == N::default() { Err(fault(field, "0", "more than nothing")) } else { Ok(number) }
}

/// Returns the same in a unit a thousand times smaller.
pub(super) fn thousand(field: &str, number: u64) -> Result<u64, ConfigError> {
    let small = positive(field, number)?.checked_mul(1000);
    small.ok_or_else(|| fault(field, &number.to_string(), "something that can be meant"))
}

/// Reads an EDI address, which also names files in the outbox.
fn edi_address(field: &str, text: &str) -> Result<String, ConfigError> {
    value(field, text, "capital letters and digits, as CN001", |text| {
        ((1..=14).contains(&text.len()) && is_plain(text)).then(|| text.to_owned())
    })
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

pub(super) fn fault(field: &str, value: &str, expected: &'static str) -> ConfigError {
    ConfigError::Value { field: field.to_owned(), value: value.to_owned(), expected }
}
