//! The shape of `station.toml`, and its checked reading.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::num::NonZeroU32;

use caravan_declaration::Encoding;
use caravan_planning::{Capacity, Closure, Density, Leads, LoadingRules, Network, Service};
use caravan_postal::{Country, Grams, Impc, Language, MailCategory, MailClass, MailSubclass, Volume};
use chrono::format::StrftimeItems;
use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;

use caravan_tariff::feeds::Feed;
use caravan_tariff::{Options, Rates, Reading, RouteEnd, Switch, Transport};

use super::customs::CustomsTable;
use super::exchange::{Exchange, Stated, check_carriers, layouts};
use super::vehicle::{self, Common, Holding, VehicleTable};
use super::way::{self, ClosureTable};
use super::{
    Belt, ClassRules, Config, ConfigError, Correspondent, FeedSettings, Office, Papers, Partner, Route,
    Transit,
};

/// How long the name of a correspondent's folder may be: its files have it before their own names.
const FOLDER_BYTES: usize = 64;
/// How long the address of a feed may be.
const URL_BYTES: usize = 500;

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
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TransitTable {
    customs_case: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedTable {
    name: String,
    url: String,
    every_hours: u32,
    at: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct TariffTable {
    /// Announced rows and the day from which the station applies them.
    switched_on: BTreeMap<String, String>,
    /// Readings of unclear rules that differ from the table's default.
    readings: BTreeMap<String, String>,
    /// Offices that the station knows although the published list does not have them.
    offices: Vec<String>,
    /// Countries and offices to which lithium batteries in equipment are agreed along the route.
    lithium_agreed: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfficeTable {
    code: String,
    name: String,
    operator: String,
    edi_address: String,
    zone: String,
    #[serde(default)]
    synthetic: bool,
    language: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BeltTable {
    item_tolerance_g: u64,
    item_tolerance_permille: u64,
    bag_tolerance_g: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassTable {
    class: String,
    density_kg_m3: NonZeroU32,
    gross_max_g: u64,
    volume_max_cm3: u64,
    items_max: u32,
    tare_g: u64,
    outside_piece_max_g: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerTable {
    office: String,
    name: String,
    countries: Vec<String>,
    category: String,
    edi_address: Option<String>,
    transit_days: u32,
    zone: Option<String>,
    #[serde(default)]
    subclasses: BTreeMap<String, String>,
    messages: Option<Vec<String>>,
    #[serde(default)]
    retention: BTreeMap<String, String>,
    weight_tolerance_g: Option<u64>,
    #[serde(default)]
    answers_whole: bool,
    #[serde(default)]
    layouts: Vec<String>,
    /// How full a vehicle must be, within how many days its mail should arrive, and how often one leaves in any case.
    #[serde(default)]
    fill_min_permille: u32,
    target_days: Option<u32>,
    every_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteTable {
    /// The way through the network: a published route by its name, or legs.
    pub(super) via: Option<String>,
    #[serde(default)]
    pub(super) legs: Vec<String>,
    pub(super) wait_days_max: Option<u32>,
    #[serde(default)]
    pub(super) lithium_agreed: bool,
    name: String,
    mode: String,
    offices: Vec<String>,
    weekdays: Vec<String>,
    departs: String,
    #[serde(default)]
    closed: Vec<String>,
    valid_from: String,
    valid_to: Option<String>,
    carrier: String,
    carrier_edi_address: Option<String>,
    #[serde(default)]
    carrier_layouts: Vec<String>,
    leads_min: LeadTable,
    vehicles: Vec<VehicleTable>,
    /// The rail line, which limits boxes and the whole train.
    line: Option<String>,
    /// The offices in the order in which they unload.
    #[serde(default)]
    stops: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeadTable {
    gate_in: u32,
    customs: u32,
    sealed: u32,
    dispatch_close: u32,
    last_bag: u32,
    item: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrespondentTable {
    folder: String,
    encoding: Option<String>,
    #[serde(default)]
    mappings: Vec<String>,
    sheet: Option<String>,
    #[serde(default)]
    certificates: Vec<String>,
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
    let classes = classes(&file.classes)?;
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
        papers: Papers { pdf: file.papers.pdf },
    })
}

/// Reads how the items of each mail class are bagged; every class has some.
fn classes(tables: &[ClassTable]) -> Result<BTreeMap<MailClass, ClassRules>, ConfigError> {
    let mut classes = BTreeMap::new();
    for table in tables {
        let class = value("class.class", &table.class, "one of U, C, E and T", MailClass::parse)?;
        let rules = ClassRules {
            density: Density(table.density_kg_m3),
            limits: Capacity {
                weight: Grams(positive("class.gross_max_g", table.gross_max_g)?),
                volume: Volume(positive("class.volume_max_cm3", table.volume_max_cm3)?),
                count: Some(positive("class.items_max", table.items_max)?),
            },
            tare: Grams(table.tare_g),
            outside_piece_max: table.outside_piece_max_g.map(Grams),
        };
        if rules.tare >= rules.limits.weight {
            return Err(fault("class.tare_g", &table.tare_g.to_string(), "less than gross_max_g"));
        }
        if classes.insert(class, rules).is_some() {
            return Err(fault("class.class", &table.class, "a class that no other [[class]] has"));
        }
    }
    for class in [MailClass::Letters, MailClass::Parcels, MailClass::Ems, MailClass::Empty] {
        if !classes.contains_key(&class) {
            return Err(fault("class", class.as_str(), "a [[class]] table for each of U, C, E and T"));
        }
    }
    Ok(classes)
}

fn office(table: &OfficeTable) -> Result<Office, ConfigError> {
    Ok(Office {
        code: value("office.code", &table.code, "six letters, a country first", Impc::parse)?,
        name: table.name.clone(),
        operator: value("office.operator", &table.operator, "three capital letters or digits", |text| {
            (text.len() == 3 && is_plain(text)).then(|| text.to_owned())
        })?,
        edi_address: edi_address("office.edi_address", &table.edi_address)?,
        zone: zone("office.zone", &table.zone)?,
        is_synthetic: table.synthetic,
        language: value("office.language", &table.language, "en, ru or zh", Language::parse)?,
    })
}

fn partner(table: &PartnerTable, station_zone: Tz, usual_tolerance: Grams) -> Result<Partner, ConfigError> {
    let mut subclasses = BTreeMap::new();
    for (class, subclass) in &table.subclasses {
        let class = value("partner.subclasses", class, "one of U, C, E and T", MailClass::parse)?;
        let subclass =
            value("partner.subclasses", subclass, "two characters, the class first", MailSubclass::parse)?;
        if subclass.class() != class {
            return Err(fault("partner.subclasses", subclass.as_str(), "a subclass of its own class"));
        }
        subclasses.insert(class, subclass);
    }
    let country =
        |code: &String| value("partner.countries", code, "two letters of ISO 3166-1", Country::parse);
    let category = value("partner.category", &table.category, "C or D: surface mail", MailCategory::parse)?;
    if !category.is_surface() {
        return Err(fault("partner.category", &table.category, "C or D: surface mail"));
    }
    if table.fill_min_permille > 1000 {
        let found = table.fill_min_permille.to_string();
        return Err(fault("partner.fill_min_permille", &found, "a share up to 1000"));
    }
    let holding = Holding {
        fill_min_permille: table.fill_min_permille,
        target_days: table.target_days,
        every_days: table.every_days,
    };
    let own_address = table.edi_address.as_deref().map(|text| edi_address("partner.edi_address", text));
    let exchange = Exchange::read(&Stated {
        messages: table.messages.as_deref(),
        retention: &table.retention,
        weight_tolerance_g: table.weight_tolerance_g,
        is_answer_whole: table.answers_whole,
        layouts: &table.layouts,
        has_address: table.edi_address.is_some(),
        usual_tolerance,
    })?;
    Ok(Partner {
        office: value("partner.office", &table.office, "six letters, a country first", Impc::parse)?,
        name: table.name.clone(),
        countries: table.countries.iter().map(country).collect::<Result<_, _>>()?,
        category,
        edi_address: own_address.transpose()?,
        transit_days: table.transit_days,
        zone: table
            .zone
            .as_deref()
            .map(|text| zone("partner.zone", text))
            .transpose()?
            .unwrap_or(station_zone),
        subclasses,
        exchange,
        holding,
    })
}

/// The tables that routes name rows of.
struct Tables {
    network: Option<Network>,
    loading: Option<LoadingRules>,
}

/// Reads the tables, each where the settings ask for it.
fn tables(file: &File) -> Result<Tables, ConfigError> {
    let has_way = file.routes.iter().any(|table| table.via.is_some() || !table.legs.is_empty());
    let is_network_asked = has_way || !file.network.is_empty() || !file.closures.is_empty();
    let network = is_network_asked.then(|| way::network(&file.network, &file.closures)).transpose()?;
    let has_type =
        |table: &RouteTable| table.line.is_some() || table.vehicles.iter().any(VehicleTable::is_typed);
    let is_loading_asked = file.routes.iter().any(has_type) || !file.loading.is_empty();
    let loading = is_loading_asked.then(|| vehicle::loading(&file.loading)).transpose()?;
    Ok(Tables { network, loading })
}

fn route(table: &RouteTable, partners: &[Partner], tables: &Tables) -> Result<Route, ConfigError> {
    let is_known = |code: Impc| partners.iter().any(|partner| partner.office == code);
    let office = |code: &String| {
        value("route.offices", code, "the office of a [[partner]]", |text| {
            Impc::parse(text).filter(|code| is_known(*code))
        })
    };
    let day = |field: &str, text: &str| {
        value(field, text, "a date like 2026-10-01", |text| text.parse::<NaiveDate>().ok())
    };
    let weekday = |text: &String| {
        value("route.weekdays", text, "mon, tue, wed, thu, fri, sat or sun", |text| {
            text.parse::<Weekday>().ok()
        })
    };
    let name = value("route.name", &table.name, "letters, digits and hyphens", |text| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (!text.is_empty() && text.bytes().all(is_plain)).then(|| text.to_owned())
    })?;
    if table.vehicles.is_empty() {
        return Err(fault("route.vehicles", &name, "a route with at least one vehicle"));
    }
    let valid_from = day("route.valid_from", &table.valid_from)?;
    let valid_to = table.valid_to.as_deref().map(|text| day("route.valid_to", text)).transpose()?;
    if let Some(last) = valid_to.filter(|last| *last < valid_from) {
        return Err(fault("route.valid_to", &last.to_string(), "a day not before valid_from"));
    }
    let closed = |text: &String| day("route.closed", text).map(|day| Closure { from: day, to: Some(day) });
    let service = Service {
        weekdays: table.weekdays.iter().map(weekday).collect::<Result<_, _>>()?,
        time: value("route.departs", &table.departs, "a time like 18:00", |text| {
            NaiveTime::parse_from_str(text, "%H:%M").ok()
        })?,
        valid_from,
        valid_to,
        closed: table.closed.iter().map(closed).collect::<Result<_, _>>()?,
        added: BTreeSet::new(),
    };
    let line = match (&table.line, &tables.loading) {
        (Some(line), Some(rules)) => Some(value("route.line", line, "a line of the tables", |text| {
            rules.rail_line(text).map(|found| found.row.id.clone())
        })?),
        _ => None,
    };
    let mode = value("route.mode", &table.mode, "road or rail", mode)?;
    let way = way::way(table, mode, tables.network.as_ref())?;
    let common = Common { way: way.as_ref(), line: line.as_ref(), day: valid_from };
    let vehicles = table.vehicles.iter();
    let vehicles =
        vehicles.map(|vehicle| vehicle.read(&common, tables.loading.as_ref(), tables.network.as_ref()));
    let vehicles = vehicles.collect::<Result<Vec<_>, _>>()?;
    Ok(Route {
        name,
        mode,
        way,
        offices: table.offices.iter().map(office).collect::<Result<_, _>>()?,
        service,
        leads: leads(&table.leads_min),
        carrier: table.carrier.clone(),
        carrier_edi_address: table
            .carrier_edi_address
            .as_deref()
            .map(|text| edi_address("route.carrier_edi_address", text))
            .transpose()?,
        carrier_layouts: layouts("route.carrier_layouts", &table.carrier_layouts)?,
        vehicles,
        line,
        stops: table.stops.iter().map(office).collect::<Result<_, _>>()?,
    })
}

fn correspondent(table: &CorrespondentTable) -> Result<Correspondent, ConfigError> {
    if table.folder == "duplicates" {
        return Err(fault("correspondent.folder", &table.folder, "a name that `done/` does not use itself"));
    }
    let folder = value("correspondent.folder", &table.folder, "small letters, digits and hyphens", |name| {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (!name.is_empty() && name.len() <= FOLDER_BYTES && name.bytes().all(is_plain))
            .then(|| name.to_owned())
    })?;
    let encoding = |name: &String| {
        value("correspondent.encoding", name, "utf-8, gb18030, windows-1251 or windows-1252", Encoding::parse)
    };
    let files = |field: &str, names: &[String]| {
        names.iter().map(|name| beside(field, name)).collect::<Result<Vec<_>, _>>()
    };
    Ok(Correspondent {
        folder,
        encoding: table.encoding.as_ref().map(encoding).transpose()?,
        mappings: files("correspondent.mappings", &table.mappings)?,
        sheet: table.sheet.clone(),
        certificates: files("correspondent.certificates", &table.certificates)?,
    })
}

fn feed(table: &FeedTable) -> Result<FeedSettings, ConfigError> {
    let url = value("feed.url", &table.url, "an address that begins with https:// or http://", |url| {
        let (scheme, rest) = url.split_once("://")?;
        let is_plain = matches!(scheme, "http" | "https")
            && !rest.is_empty()
            && url.bytes().all(|byte| byte.is_ascii_graphic())
            && url.len() <= URL_BYTES;
        is_plain.then(|| url.to_owned())
    })?;
    let mut rest = url.as_str();
    while let Some((_, behind)) = rest.split_once('{') {
        let form = behind.split_once('}').map(|(form, behind)| (StrftimeItems::new(form).parse(), behind));
        // A time of day would be none of the station's: a feed is asked for a day.
        let Some((Ok(items), behind)) = form else {
            return Err(fault("feed.url", &url, "an address with a day in braces like {%d.%m.%Y}"));
        };
        let day = NaiveDate::default();
        if write!(String::new(), "{}", day.format_with_items(items.iter())).is_err() {
            return Err(fault("feed.url", &url, "an address with a day in braces like {%d.%m.%Y}"));
        }
        rest = behind;
    }
    let hours = table.every_hours.to_string();
    let every_hours = value("feed.every_hours", &hours, "1 to 168 hours", |_| {
        (1..=168).contains(&table.every_hours).then_some(table.every_hours)
    })?;
    let at = |text: &String| {
        value("feed.at", text, "a time like 16:30", |text| NaiveTime::parse_from_str(text, "%H:%M").ok())
    };
    Ok(FeedSettings {
        feed: value("feed.name", &table.name, "ecb, nbk, cbr, hmrc, cfets, nbkr, cbu or nbp", Feed::parse)?,
        url,
        every_hours,
        at: table.at.as_ref().map(at).transpose()?,
    })
}

fn leads(table: &LeadTable) -> Leads {
    Leads {
        gate_in_min: table.gate_in,
        customs_min: table.customs,
        sealed_min: table.sealed,
        dispatch_close_min: table.dispatch_close,
        last_bag_min: table.last_bag,
        item_min: table.item,
    }
}

fn mode(text: &str) -> Option<Transport> {
    [Transport::Road, Transport::Rail].into_iter().find(|mode| mode.as_str() == text)
}

fn options(table: &TariffTable, office: &Office) -> Result<Options, ConfigError> {
    let switch = |(row, from): (&String, &String)| -> Result<Switch, ConfigError> {
        let from = value("tariff.switched_on", from, "a date like 2026-12-01", |text| text.parse().ok())?;
        Ok(Switch { row: row.clone(), from })
    };
    let offices = table.offices.iter().map(|code| value("tariff.offices", code, "six letters", Impc::parse));
    let mut offices = offices.collect::<Result<Vec<_>, _>>()?;
    offices.push(office.code);
    let partner = |text: &String| {
        value("tariff.lithium_agreed", text, "a country as KZ or an office as KZALAA", RouteEnd::parse)
    };
    let reading = |(id, choice): (&String, &String)| Reading { id: id.clone(), choice: choice.clone() };
    Ok(Options {
        switched_on: table.switched_on.iter().map(switch).collect::<Result<_, _>>()?,
        readings: table.readings.iter().map(reading).collect(),
        offices,
        lithium_agreed: table.lithium_agreed.iter().map(partner).collect::<Result<_, _>>()?,
    })
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
