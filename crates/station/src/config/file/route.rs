//! `[[route]]`: the runs on which mail leaves, and the tables that they name rows of.

use std::collections::BTreeSet;

use caravan_planning::{Closure, Leads, LoadingRules, Network, Service};
use caravan_postal::Impc;
use caravan_tariff::Transport;
use chrono::{NaiveDate, NaiveTime, Weekday};
use serde::Deserialize;

use super::{File, edi_address, fault, is_plain, value};
use crate::config::exchange::layouts;
use crate::config::vehicle::{self, Common, VehicleTable};
use crate::config::{ConfigError, Route, way};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::config) struct RouteTable {
    /// The way through the network: a published route by its name, or legs.
    pub(in crate::config) via: Option<String>,
    #[serde(default)]
    pub(in crate::config) legs: Vec<String>,
    pub(in crate::config) wait_days_max: Option<u32>,
    #[serde(default)]
    pub(in crate::config) lithium_agreed: bool,
    name: String,
    /// Where the next operator takes over, where its way does not say.
    handover: Option<String>,
    mode: String,
    offices: Vec<String>,
    /// The office that takes over all that it carries.
    handed_to: Option<String>,
    weekdays: Vec<String>,
    departs: String,
    #[serde(default)]
    closed: Vec<String>,
    valid_from: String,
    valid_to: Option<String>,
    carrier: String,
    carrier_code: Option<String>,
    /// Where the carrier takes over, by its UN/LOCODE.
    taken_over_at: Option<String>,
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

/// The tables that routes name rows of.
pub(super) struct Tables {
    pub(super) network: Option<Network>,
    pub(super) loading: Option<LoadingRules>,
}

/// Reads the tables: the rules of loading, and the network where the settings ask for it.
pub(super) fn tables(file: &File) -> Result<Tables, ConfigError> {
    let has_way = file.routes.iter().any(|table| table.via.is_some() || !table.legs.is_empty());
    let is_network_asked = has_way || !file.network.is_empty() || !file.closures.is_empty();
    let network = is_network_asked.then(|| way::network(&file.network, &file.closures)).transpose()?;
    // Another office's container may be of any type, also where no route names one.
    let loading = Some(vehicle::loading(&file.loading)?);
    Ok(Tables { network, loading })
}

/// Reads a route; `is_known` tells whether an office has a [[partner]].
pub(super) fn route(
    table: &RouteTable,
    is_known: &impl Fn(Impc) -> bool,
    tables: &Tables,
) -> Result<Route, ConfigError> {
    let partner_office = |field: &str, code: &str| {
        value(field, code, "the office of a [[partner]]", |text| {
            Impc::parse(text).filter(|code| is_known(*code))
        })
    };
    let office = |code: &String| partner_office("route.offices", code);
    let handed_to = table.handed_to.as_deref().map(|code| partner_office("route.handed_to", code));
    let name = value("route.name", &table.name, "letters, digits and hyphens", |text| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (!text.is_empty() && text.bytes().all(is_plain)).then(|| text.to_owned())
    })?;
    if table.vehicles.is_empty() {
        return Err(fault("route.vehicles", &name, "a route with at least one vehicle"));
    }
    let service = service(table, &name)?;
    let line = match (&table.line, &tables.loading) {
        (Some(line), Some(rules)) => Some(value("route.line", line, "a line of the tables", |text| {
            rules.rail_line(text).map(|found| found.row.id.clone())
        })?),
        _ => None,
    };
    let mode = value("route.mode", &table.mode, "road or rail", mode)?;
    let way = way::way(table, mode, tables.network.as_ref())?;
    let common = Common { way: way.as_ref(), line: line.as_ref(), day: service.valid_from };
    let vehicles = table.vehicles.iter();
    let vehicles =
        vehicles.map(|vehicle| vehicle.read(&common, tables.loading.as_ref(), tables.network.as_ref()));
    let vehicles = vehicles.collect::<Result<Vec<_>, _>>()?;
    Ok(Route {
        name,
        mode,
        way,
        handover: table.handover.clone(),
        offices: table.offices.iter().map(office).collect::<Result<_, _>>()?,
        handed_to: handed_to.transpose()?,
        service,
        leads: leads(&table.leads_min),
        carrier: table.carrier.clone(),
        carrier_code: table.carrier_code.as_deref().map(carrier_code).transpose()?,
        taken_over_at: table.taken_over_at.as_deref().map(locode).transpose()?,
        carrier_edi_address: table.carrier_edi_address.as_deref().map(carrier_address).transpose()?,
        carrier_layouts: layouts("route.carrier_layouts", &table.carrier_layouts)?,
        vehicles,
        line,
        stops: table.stops.iter().map(office).collect::<Result<_, _>>()?,
    })
}

/// Reads on which days and when a route departs.
fn service(table: &RouteTable, name: &str) -> Result<Service, ConfigError> {
    let day = |field: &str, text: &str| {
        value(field, text, "a date like 2026-10-01", |text| text.parse::<NaiveDate>().ok())
    };
    let weekday = |text: &String| {
        value("route.weekdays", text, "mon, tue, wed, thu, fri, sat or sun", |text| {
            text.parse::<Weekday>().ok()
        })
    };
    if table.weekdays.is_empty() {
        return Err(fault("route.weekdays", name, "a route with at least one day of the week"));
    }
    let valid_from = day("route.valid_from", &table.valid_from)?;
    let valid_to = table.valid_to.as_deref().map(|text| day("route.valid_to", text)).transpose()?;
    if let Some(last) = valid_to.filter(|last| *last < valid_from) {
        return Err(fault("route.valid_to", &last.to_string(), "a day not before valid_from"));
    }
    let closed = |text: &String| day("route.closed", text).map(|day| Closure { from: day, to: Some(day) });
    Ok(Service {
        weekdays: table.weekdays.iter().map(weekday).collect::<Result<_, _>>()?,
        time: value("route.departs", &table.departs, "a time like 18:00", |text| {
            NaiveTime::parse_from_str(text, "%H:%M").ok()
        })?,
        valid_from,
        valid_to,
        closed: table.closed.iter().map(closed).collect::<Result<_, _>>()?,
        added: BTreeSet::new(),
    })
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

fn carrier_address(text: &str) -> Result<String, ConfigError> {
    edi_address("route.carrier_edi_address", text)
}

/// Reads a code of a carrier, as messages can write it (UN/EDIFACT data element 3127, an..17).
fn carrier_code(text: &str) -> Result<String, ConfigError> {
    value("route.carrier_code", text, "up to 17 capital letters and digits", |text| {
        ((1..=17).contains(&text.len()) && is_plain(text)).then(|| text.to_owned())
    })
}

/// Reads a UN/LOCODE: two letters of the country, and three letters or digits.
fn locode(text: &str) -> Result<String, ConfigError> {
    value("route.taken_over_at", text, "a UN/LOCODE like CNCGO", |text| {
        let is_country = text.bytes().take(2).all(|byte| byte.is_ascii_uppercase());
        (text.len() == 5 && is_country && is_plain(text)).then(|| text.to_owned())
    })
}

fn mode(text: &str) -> Option<Transport> {
    [Transport::Road, Transport::Rail].into_iter().find(|mode| mode.as_str() == text)
}
