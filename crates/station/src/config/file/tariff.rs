//! `[tariff]`: what the station has decided about the tariff's tables.

use std::collections::BTreeMap;

use caravan_postal::Impc;
use caravan_tariff::{Options, Reading, RouteEnd, Switch};
use serde::Deserialize;

use super::value;
use crate::config::ConfigError;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct TariffTable {
    /// Announced rows and the day from which the station applies them.
    switched_on: BTreeMap<String, String>,
    /// Readings of unclear rules that differ from the table's default.
    readings: BTreeMap<String, String>,
    /// Offices that the station knows although the published list does not have them.
    offices: Vec<String>,
    /// Countries and offices to which lithium batteries in equipment are agreed along the route.
    lithium_agreed: Vec<String>,
}

/// Reads the options; the station's own office is not among them.
pub(super) fn options(table: &TariffTable) -> Result<Options, ConfigError> {
    let switch = |(row, from): (&String, &String)| -> Result<Switch, ConfigError> {
        let from = value("tariff.switched_on", from, "a date like 2026-12-01", |text| text.parse().ok())?;
        Ok(Switch { row: row.clone(), from })
    };
    let offices = table.offices.iter().map(|code| value("tariff.offices", code, "six letters", Impc::parse));
    let partner = |text: &String| {
        value("tariff.lithium_agreed", text, "a country as KZ or an office as KZALAA", RouteEnd::parse)
    };
    let reading = |(id, choice): (&String, &String)| Reading { id: id.clone(), choice: choice.clone() };
    Ok(Options {
        switched_on: table.switched_on.iter().map(switch).collect::<Result<_, _>>()?,
        readings: table.readings.iter().map(reading).collect(),
        offices: offices.collect::<Result<_, _>>()?,
        lithium_agreed: table.lithium_agreed.iter().map(partner).collect::<Result<_, _>>()?,
    })
}
