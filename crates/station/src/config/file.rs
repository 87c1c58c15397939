//! The shape of `station.toml`, and its checked reading.

mod class;
mod correspondent;
mod faults;
mod feed;
mod office;
mod partner;
mod route;
mod tariff;

use caravan_postal::{Grams, Impc};
use caravan_tariff::Rates;
use chrono_tz::Tz;
use serde::Deserialize;

use super::customs::CustomsTable;
use super::exchange::check_consignments;
use super::way::ClosureTable;
use super::{Belt, Config, ConfigError, Papers, Route, Transit};
use class::{ClassTable, bagging, classes};
use correspondent::{CorrespondentTable, correspondent};
use faults::Faults;
use feed::{FeedTable, feed};
use office::{OfficeTable, office};
use partner::{PartnerTable, partner};
use route::{Tables, route, tables};
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

/// Reads all tables, and tells of each that cannot be meant what is wrong with it.
pub(super) fn read(text: &str, rates: &str) -> Result<Config, ConfigError> {
    let file: File = toml::from_str(text)?;
    let mut faults = Faults::default();
    let office = faults.note(office(&file.office));
    let bagging = faults.note(bagging("belt.bagging", file.belt.bagging.as_deref())).flatten();
    let classes = classes(&file.classes, bagging, &mut faults);
    // Where the office cannot be meant nothing is made of what else is read: it is only looked through.
    let zone = office.as_ref().map_or(Tz::UTC, |office| office.zone);
    let partners = file.partners.iter().map(|table| partner(table, zone, Grams(file.belt.bag_tolerance_g)));
    let partners = faults.note_each("partner", partners);
    let expected = "an office that no other [[partner]] has";
    faults.note_twice(&partners, "partner.office", |one| one.office.as_str(), expected);
    let tables = faults.note(tables(&file));
    let routes = routes(&file, tables.as_ref(), &mut faults);
    if partners.len() == file.partners.len() {
        faults.note(check_consignments(&partners, &routes));
    }
    let correspondents = faults.note_each("correspondent", file.correspondents.iter().map(correspondent));
    let expected = "a folder that no other correspondent has";
    faults.note_twice(&correspondents, "correspondent.folder", |one| &one.folder, expected);
    let feeds = faults.note_each("feed", file.feeds.iter().map(feed));
    faults.note_twice(&feeds, "feed.name", |one| one.feed.as_str(), "a name that no other [[feed]] has");
    let options = faults.note(options(&file.tariff));
    let customs = faults.note(super::customs::link(file.customs.as_ref()));
    let decisions = faults.note(super::customs::decisions_of(file.customs.as_ref()));
    let presentation = faults.note(super::customs::presentation_of(file.customs.as_ref()));
    let number_prefix = faults.note(prefix(&file.papers.number_prefix));
    let rates = faults.note(Rates::parse(rates).map_err(ConfigError::from));
    let (
        true,
        Some(office),
        Some(tables),
        Some(mut options),
        Some(customs),
        Some(decisions),
        Some(presentation),
        Some(number_prefix),
        Some(rates),
    ) = (faults.is_empty(), office, tables, options, customs, decisions, presentation, number_prefix, rates)
    else {
        return Err(faults.into_error());
    };
    options.offices.push(office.code);
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
        rates,
        feeds,
        options,
        transit: Transit { customs_case: file.transit.customs_case },
        customs,
        decisions,
        presentation,
        papers: Papers { pdf: file.papers.pdf, number_prefix },
    })
}

/// Reads the routes, where the tables that they name rows of can be read. Whether an office has a [[partner]] is not asked
/// where the office of one cannot be meant: it may be that one.
fn routes(file: &File, tables: Option<&Tables>, faults: &mut Faults) -> Vec<Route> {
    let offices: Option<Vec<Impc>> = file.partners.iter().map(PartnerTable::code).collect();
    let Some(tables) = tables else { return Vec::new() };
    let is_known = |code: Impc| offices.as_ref().is_none_or(|offices| offices.contains(&code));
    let routes = faults.note_each("route", file.routes.iter().map(|table| route(table, &is_known, tables)));
    faults.note_twice(&routes, "route.name", |one| &one.name, "a name that no other route has");
    routes
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
