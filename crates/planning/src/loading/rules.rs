//! Equipment, the limits of lines and roads, and how a load may lie: tables, read and checked.

use std::collections::{BTreeMap, BTreeSet};

use caravan_postal::{Country, Grams, Volume};
use serde::Deserialize;
use toml::Spanned;

use crate::table::{RawRow, Row, RowId, Rows, Season, Sources, TableError, TableText, lay_over, read, rows};

/// The program's own tables.
const BUILT_IN: [TableText<'static>; 3] = [
    TableText { name: "sources.toml", text: include_str!("../../data/sources.toml") },
    TableText { name: "equipment.toml", text: include_str!("../../data/equipment.toml") },
    TableText { name: "limits.toml", text: include_str!("../../data/limits.toml") },
];

/// The inside of a container or a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inside {
    /// From the front wall to the door.
    pub length_mm: u32,
    /// From wall to wall.
    pub width_mm: u32,
    /// From floor to roof.
    pub height_mm: u32,
}

/// A type of container, trailer or body; sizes are typical, the plate decides.
#[derive(Debug, Clone)]
pub struct Equipment {
    /// The row; its id is the size and type code of ISO 6346 where there is one.
    pub row: Row,
    /// Its name.
    pub name: String,
    /// The length from outside in feet; `None` for what is no container.
    pub feet: Option<u32>,
    /// The inside; `None` where it is not published.
    pub inside: Option<Inside>,
    /// The volume inside.
    pub volume: Volume,
    /// The heaviest usual tare; `None` where only the payload is known.
    pub tare: Option<Grams>,
    /// The greatest payload.
    pub payload: Grams,
}

/// What the trains of a line allow.
#[derive(Debug, Clone)]
pub struct RailLine {
    /// The row.
    pub row: Row,
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub countries: BTreeSet<Country>,
    /// The greatest load of one axle.
    pub axle_max: Grams,
    /// The greatest gross weight of a wagon.
    pub wagon_gross_max: Grams,
    /// The greatest gross weight of a 20-ft box.
    pub box_20_max: Grams,
    /// The greatest gross weight of a 40-ft box.
    pub box_40_max: Grams,
    /// Whether 20-ft boxes go only in pairs for the same route.
    pub is_paired_20: bool,
    /// The two of a pair differ by less than this.
    pub pair_difference_below: Grams,
    /// The greatest gross weight of all boxes of a train.
    pub train_gross_max: Grams,
}

/// What the roads of some countries allow.
#[derive(Debug, Clone)]
pub struct RoadLimit {
    /// The row.
    pub row: Row,
    /// Where it holds.
    pub countries: BTreeSet<Country>,
    /// The agreement under which it holds; always where `None`.
    pub agreement: Option<String>,
    /// Whether it holds for articulated vehicles only.
    pub is_articulated_only: bool,
    /// The greatest gross weight whatever the axles.
    pub gross_max: Option<Grams>,
    /// The greatest gross weight from a number of axles on.
    pub gross_by_axles: BTreeMap<u32, Grams>,
    /// The greatest load of a single axle.
    pub axle_max: Option<Grams>,
    /// When in the year it holds.
    pub season: Option<Season>,
    /// Under what conditions it holds, for people to judge.
    pub condition: Option<String>,
}

/// How far from the middle a load's centre of gravity may lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceRules {
    /// The row.
    pub row: Row,
    /// Along, in per mille of the length.
    pub along_permille: u32,
    /// Along in special cases.
    pub along_most_permille: u32,
    /// Across, in per mille of the width.
    pub across_permille: u32,
    /// Across in any case.
    pub across_mm: u32,
    /// The greatest share of the mass in one half of the length.
    pub half_permille: u32,
}

/// Where the axles of an articulated vehicle are, and what they bear empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxleGeometry {
    /// The row.
    pub row: Row,
    /// Its name.
    pub name: String,
    /// The axles of the whole vehicle.
    pub axles: u32,
    /// From the inside of the front wall to the king pin.
    pub kingpin_mm: u32,
    /// From the inside of the front wall to the middle of the trailer's axles.
    pub bogie_mm: u32,
    /// How far the fifth wheel lies before the drive axle.
    pub fifth_wheel_mm: u32,
    /// From the front axle to the drive axle.
    pub wheelbase_mm: u32,
    /// What the front axle bears without load.
    pub front_tare: Grams,
    /// What the drive axles bear without load.
    pub drive_tare: Grams,
    /// What the trailer's axles bear without load.
    pub trailer_tare: Grams,
    /// How many drive axles there are.
    pub drive_axles: u32,
    /// How many axles the trailer has.
    pub trailer_axles: u32,
}

/// Everything that loading is told by tables.
#[derive(Debug, Clone)]
pub struct LoadingRules {
    pub(super) equipment: BTreeMap<RowId, Equipment>,
    pub(super) rail: BTreeMap<RowId, RailLine>,
    pub(super) road: BTreeMap<RowId, RoadLimit>,
    balance: BTreeMap<RowId, BalanceRules>,
    axles: BTreeMap<RowId, AxleGeometry>,
}

impl LoadingRules {
    /// Reads the program's tables with the station's laid over them.
    pub fn load(station: &[TableText<'_>]) -> Result<Self, TableError> {
        let (mut raw, mut sources) = (RawRules::default(), Sources::default());
        for text in BUILT_IN.iter().chain(station) {
            sources.add(raw.add(text)?);
        }
        Ok(Self {
            equipment: each(&sources, &raw.equipment, equipment)?,
            rail: each(&sources, &raw.rail, rail)?,
            road: each(&sources, &raw.road, road)?,
            balance: each(&sources, &raw.balance, balance)?,
            axles: each(&sources, &raw.axles, axles)?,
        })
    }

    /// Returns a type of equipment.
    pub fn equipment(&self, id: &str) -> Option<&Equipment> {
        self.equipment.get(&RowId::new(id))
    }

    /// Returns the types of equipment by id.
    pub fn all_equipment(&self) -> &BTreeMap<RowId, Equipment> {
        &self.equipment
    }

    /// Returns a line.
    pub fn rail_line(&self, id: &str) -> Option<&RailLine> {
        self.rail.get(&RowId::new(id))
    }

    /// Returns the rules for how a load lies.
    pub fn balance(&self, id: &str) -> Option<&BalanceRules> {
        self.balance.get(&RowId::new(id))
    }

    /// Returns the geometry of a vehicle.
    pub fn axle_geometry(&self, id: &str) -> Option<&AxleGeometry> {
        self.axles.get(&RowId::new(id))
    }
}

rows! {
    RawEquipment {
        name: String,
        feet: Option<u32>,
        inside_mm: Option<[u32; 3]>,
        volume_dm3: u32,
        tare_kg: Option<[u32; 2]>,
        gross_max_kg: Option<u32>,
        payload_kg: Option<u32>,
    }
    RawRail {
        name: String,
        countries: Vec<String>,
        axle_max_kg: u32,
        wagon_gross_max_kg: u32,
        box_20_max_kg: u32,
        box_40_max_kg: u32,
        is_paired_20: bool,
        pair_difference_below_kg: u32,
        train_gross_max_kg: u32,
    }
    RawRoad {
        countries: Vec<String>,
        agreement: Option<String>,
        #[serde(default)] is_articulated: bool,
        gross_max_kg: Option<u32>,
        #[serde(default)] gross_by_axles_kg: Vec<[u32; 2]>,
        axle_max_kg: Option<u32>,
        season: Option<[String; 2]>,
        condition: Option<String>,
    }
    RawBalance {
        along_permille: u32,
        along_most_permille: u32,
        across_permille: u32,
        across_mm: u32,
        half_permille: u32,
    }
    RawAxles {
        name: String,
        axles: u32,
        kingpin_mm: u32,
        bogie_mm: u32,
        fifth_wheel_mm: u32,
        wheelbase_mm: u32,
        front_tare_kg: u32,
        drive_tare_kg: u32,
        trailer_tare_kg: u32,
        drive_axles: u32,
        trailer_axles: u32,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    sources: BTreeMap<String, String>,
    #[serde(default)]
    equipment: Vec<Spanned<RawEquipment>>,
    #[serde(default)]
    rail: Vec<Spanned<RawRail>>,
    #[serde(default)]
    road: Vec<Spanned<RawRoad>>,
    #[serde(default)]
    balance: Vec<Spanned<RawBalance>>,
    #[serde(default)]
    axles: Vec<Spanned<RawAxles>>,
}

#[derive(Default)]
struct RawRules {
    equipment: Rows<RawEquipment>,
    rail: Rows<RawRail>,
    road: Rows<RawRoad>,
    balance: Rows<RawBalance>,
    axles: Rows<RawAxles>,
}

impl RawRules {
    fn add(&mut self, text: &TableText<'_>) -> Result<BTreeMap<String, String>, TableError> {
        let file: File = read(text)?;
        lay_over(&mut self.equipment, file.equipment, text)?;
        lay_over(&mut self.rail, file.rail, text)?;
        lay_over(&mut self.road, file.road, text)?;
        lay_over(&mut self.balance, file.balance, text)?;
        lay_over(&mut self.axles, file.axles, text)?;
        Ok(file.sources)
    }
}

fn each<R: RawRow, T>(
    sources: &Sources,
    rows: &Rows<R>,
    one: impl Fn(Row, &R) -> Result<T, TableError>,
) -> Result<BTreeMap<RowId, T>, TableError> {
    let read = |(raw, place): &(R, String)| {
        let row = sources.row(raw, place)?;
        Ok((row.id.clone(), one(row, raw)?))
    };
    rows.values().map(read).collect()
}

fn kg(kilograms: u32) -> Grams {
    Grams(u64::from(kilograms) * 1000)
}

fn equipment(row: Row, raw: &RawEquipment) -> Result<Equipment, TableError> {
    let tare = raw.tare_kg.map(|range| row.range(range)).transpose()?.map(|range| kg(range.longest));
    let payload = match (tare, raw.gross_max_kg, raw.payload_kg) {
        (Some(tare), Some(gross), None) if kg(gross) > tare => kg(gross) - tare,
        (None, None, Some(payload)) => kg(payload),
        _ => return Err(row.fault("needs a tare and a greater gross weight, or a payload alone")),
    };
    let inside =
        raw.inside_mm.map(|[length_mm, width_mm, height_mm]| Inside { length_mm, width_mm, height_mm });
    if inside.is_some_and(|inside| inside.cubic_mm() == 0) {
        return Err(row.fault("has no inside"));
    }
    let volume = Volume(u64::from(raw.volume_dm3) * 1000);
    Ok(Equipment { name: raw.name.clone(), feet: raw.feet, inside, volume, tare, payload, row })
}

fn rail(row: Row, raw: &RawRail) -> Result<RailLine, TableError> {
    if kg(raw.box_20_max_kg).0 * 2 > kg(raw.wagon_gross_max_kg).0 {
        return Err(row.fault("two of its 20-ft boxes are too heavy for a wagon"));
    }
    Ok(RailLine {
        name: raw.name.clone(),
        countries: row.countries(&raw.countries)?,
        axle_max: kg(raw.axle_max_kg),
        wagon_gross_max: kg(raw.wagon_gross_max_kg),
        box_20_max: kg(raw.box_20_max_kg),
        box_40_max: kg(raw.box_40_max_kg),
        is_paired_20: raw.is_paired_20,
        pair_difference_below: kg(raw.pair_difference_below_kg),
        train_gross_max: kg(raw.train_gross_max_kg),
        row,
    })
}

fn road(row: Row, raw: &RawRoad) -> Result<RoadLimit, TableError> {
    if raw.gross_max_kg.is_none() && raw.gross_by_axles_kg.is_empty() && raw.axle_max_kg.is_none() {
        return Err(row.fault("limits nothing"));
    }
    Ok(RoadLimit {
        countries: row.countries(&raw.countries)?,
        agreement: raw.agreement.clone(),
        is_articulated_only: raw.is_articulated,
        gross_max: raw.gross_max_kg.map(kg),
        gross_by_axles: raw.gross_by_axles_kg.iter().map(|[axles, gross]| (*axles, kg(*gross))).collect(),
        axle_max: raw.axle_max_kg.map(kg),
        season: raw.season.as_ref().map(|season| row.season(season)).transpose()?,
        condition: raw.condition.clone(),
        row,
    })
}

fn balance(row: Row, raw: &RawBalance) -> Result<BalanceRules, TableError> {
    if raw.along_permille > raw.along_most_permille || raw.half_permille < 500 {
        return Err(row.fault("its bounds contradict each other"));
    }
    Ok(BalanceRules {
        along_permille: raw.along_permille,
        along_most_permille: raw.along_most_permille,
        across_permille: raw.across_permille,
        across_mm: raw.across_mm,
        half_permille: raw.half_permille,
        row,
    })
}

fn axles(row: Row, raw: &RawAxles) -> Result<AxleGeometry, TableError> {
    let is_whole =
        raw.axles == 1 + raw.drive_axles + raw.trailer_axles && raw.drive_axles > 0 && raw.trailer_axles > 0;
    if !is_whole || raw.bogie_mm <= raw.kingpin_mm || raw.wheelbase_mm <= raw.fifth_wheel_mm {
        return Err(row.fault("its axles contradict each other"));
    }
    Ok(AxleGeometry {
        name: raw.name.clone(),
        axles: raw.axles,
        kingpin_mm: raw.kingpin_mm,
        bogie_mm: raw.bogie_mm,
        fifth_wheel_mm: raw.fifth_wheel_mm,
        wheelbase_mm: raw.wheelbase_mm,
        front_tare: kg(raw.front_tare_kg),
        drive_tare: kg(raw.drive_tare_kg),
        trailer_tare: kg(raw.trailer_tare_kg),
        drive_axles: raw.drive_axles,
        trailer_axles: raw.trailer_axles,
        row,
    })
}

impl Inside {
    /// Returns the volume in cubic millimetres.
    pub fn cubic_mm(self) -> u128 {
        u128::from(self.length_mm) * u128::from(self.width_mm) * u128::from(self.height_mm)
    }
}
