//! `[[class]]`: how the items of each mail class are bagged.

use std::collections::BTreeMap;
use std::num::{NonZeroU8, NonZeroU32};

use caravan_planning::{Capacity, Density};
use caravan_postal::{Grams, MailClass, ReceptacleKind, Volume};
use serde::Deserialize;

use super::{fault, positive, value};
use crate::config::{Bagging, ClassRules, ConfigError};

/// How many receptacles of a stream stand open where the settings do not say: with four the packing at the belt is within
/// 0.5 % of its lower bound, see the table of `caravan-planning`.
const SLOTS: NonZeroU8 = NonZeroU8::new(4).expect("four is not zero");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassTable {
    class: String,
    kind: Option<String>,
    bagging: Option<String>,
    slots: Option<u64>,
    density_kg_m3: NonZeroU32,
    gross_max_g: u64,
    volume_max_cm3: u64,
    items_max: u32,
    tare_g: u64,
    outside_piece_max_g: Option<u64>,
}

/// Reads how the items of each mail class are bagged; every class has some. `usual` is when, where a class does not say.
pub(super) fn classes(
    tables: &[ClassTable],
    usual: Option<Bagging>,
) -> Result<BTreeMap<MailClass, ClassRules>, ConfigError> {
    let mut classes = BTreeMap::new();
    for table in tables {
        let class = value("class.class", &table.class, "one of U, C, E and T", MailClass::parse)?;
        let rules = ClassRules {
            bagging: bagging("class.bagging", table.bagging.as_deref())?.or(usual).unwrap_or_default(),
            kind: kind(table.kind.as_deref())?,
            slots: slots(table.slots)?,
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

/// Reads when items are bagged, where the settings say so.
pub(super) fn bagging(field: &str, stated: Option<&str>) -> Result<Option<Bagging>, ConfigError> {
    let read = |stated: &str| match stated {
        "arrival" => Some(Bagging::Arrival),
        "cutoff" => Some(Bagging::CutOff),
        _ => None,
    };
    stated.map(|stated| value(field, stated, "arrival or cutoff", read)).transpose()
}

fn kind(stated: Option<&str>) -> Result<ReceptacleKind, ConfigError> {
    let Some(stated) = stated else { return Ok(ReceptacleKind::Bag) };
    value("class.kind", stated, "bag or tray", |stated| match stated {
        "bag" => Some(ReceptacleKind::Bag),
        "tray" => Some(ReceptacleKind::Tray),
        _ => None,
    })
}

fn slots(stated: Option<u64>) -> Result<NonZeroU8, ConfigError> {
    let Some(stated) = stated else { return Ok(SLOTS) };
    let slots = u8::try_from(stated).ok().and_then(NonZeroU8::new);
    slots.ok_or_else(|| fault("class.slots", &stated.to_string(), "1 to 255 open receptacles a stream"))
}
