//! `[office]`: the office of exchange that numbers the dispatches.

use caravan_postal::{Impc, Language};
use serde::Deserialize;

use super::{edi_address, is_plain, value, zone};
use crate::config::{ConfigError, Office};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeTable {
    code: String,
    name: String,
    operator: String,
    edi_address: String,
    zone: String,
    #[serde(default)]
    synthetic: bool,
    language: String,
}

pub(super) fn office(table: &OfficeTable) -> Result<Office, ConfigError> {
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
