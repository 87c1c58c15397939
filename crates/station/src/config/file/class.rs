//! `[[class]]`: how the items of each mail class are bagged.

use std::collections::BTreeMap;
use std::num::{NonZeroU8, NonZeroU32};

use caravan_planning::{Capacity, Density};
use caravan_postal::{Grams, MailClass, ReceptacleKind, Volume};
use serde::Deserialize;

use super::faults::Faults;
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

/// The most that a receptacle may weigh that is closed here, and the most that an item of a class may weigh, which bounds
/// what travels as its own receptacle: parcels 31.5 kg, EMS and M bags 30 kg, a bag of parcels 32 kg, any other 30 kg. These
/// are the greatest that posts agree on (the posts of Japan and Macao publish those of items; those of bags are not
/// verified); a country may allow less.
const PARCELS_MAX_G: (u64, u64) = (32_000, 31_500);
const OTHERS_MAX_G: (u64, u64) = (30_000, 30_000);

/// Reads how the items of each mail class are bagged; every class has some. `usual` is when, where a class does not say.
pub(super) fn classes(
    tables: &[ClassTable],
    usual: Option<Bagging>,
    faults: &mut Faults,
) -> BTreeMap<MailClass, ClassRules> {
    let mut classes = BTreeMap::new();
    let rules = faults.note_each("class", tables.iter().map(|table| class(table, usual)));
    for (class, rules) in rules {
        if classes.insert(class, rules).is_some() {
            let expected = "a class that no other [[class]] has";
            faults.add(fault("class.class", class.as_str(), expected));
        }
    }
    // Which class a table was meant for that is faulty, or the second of its class, nobody knows.
    let is_whole = classes.len() == tables.len();
    for class in [MailClass::Letters, MailClass::Parcels, MailClass::Ems, MailClass::Empty] {
        if is_whole && !classes.contains_key(&class) {
            let expected = "a [[class]] table for each of U, C, E and T";
            faults.add(fault("class", class.as_str(), expected));
        }
    }
    classes
}

fn class(table: &ClassTable, usual: Option<Bagging>) -> Result<(MailClass, ClassRules), ConfigError> {
    let class = value("class.class", &table.class, "one of U, C, E and T", MailClass::parse)?;
    let is_parcels = class == MailClass::Parcels;
    let (gross_max, piece_max) = if is_parcels { PARCELS_MAX_G } else { OTHERS_MAX_G };
    if table.gross_max_g > gross_max {
        let expected = if is_parcels { "at most 32000" } else { "at most 30000" };
        return Err(fault("class.gross_max_g", &table.gross_max_g.to_string(), expected));
    }
    if let Some(found) = table.outside_piece_max_g.filter(|grams| *grams > piece_max) {
        let expected = if is_parcels { "at most 31500" } else { "at most 30000" };
        return Err(fault("class.outside_piece_max_g", &found.to_string(), expected));
    }
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
    Ok((class, rules))
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
