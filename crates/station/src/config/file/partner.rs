//! `[[partner]]`: the offices of exchange abroad that dispatches are made for.

use std::collections::BTreeMap;

use caravan_planning::MergeRules;
use caravan_postal::{Country, Grams, Impc, MailCategory, MailClass, MailSubclass};
use chrono_tz::Tz;
use serde::Deserialize;

use super::{edi_address, fault, value, zone};
use crate::config::exchange::{Exchange, Stated};
use crate::config::{ConfigError, Holding, Partner};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PartnerTable {
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
    /// Under which gross weight an open receptacle goes into another at the cut-off, and beside items of its own subclass
    /// those of which others a receptacle may hold: `[from, into]`.
    #[serde(default)]
    merge_under_g: u64,
    #[serde(default)]
    merge_subclasses: Vec<[String; 2]>,
}

impl PartnerTable {
    /// Returns its office, where it has a code of one.
    pub(super) fn code(&self) -> Option<Impc> {
        Impc::parse(&self.office)
    }
}

pub(super) fn partner(
    table: &PartnerTable,
    station_zone: Tz,
    usual_tolerance: Grams,
) -> Result<Partner, ConfigError> {
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
        merging: merging(table)?,
    })
}

/// Reads when receptacles are merged.
fn merging(table: &PartnerTable) -> Result<MergeRules, ConfigError> {
    let field = "partner.merge_subclasses";
    let subclass = |text: &String| value(field, text, "two characters, the class first", MailSubclass::parse);
    let pair = |[from, into]: &[String; 2]| Ok((subclass(from)?, subclass(into)?));
    let pairs = table.merge_subclasses.iter().map(pair).collect::<Result<Vec<_>, ConfigError>>()?;
    MergeRules::new(Grams(table.merge_under_g), pairs, [])
        .map_err(|error| fault(field, error.into.as_str(), "a subclass of the class of the first"))
}
