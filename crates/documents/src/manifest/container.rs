//! The manifest of a loaded container or truck.

use std::collections::BTreeMap;

use caravan_postal::{ContainerNumber, HighestFlag, MailClass, ReceptacleKind, S8, S9, SizeType};
use serde::{Deserialize, Serialize};

use super::{Departure, ManifestError, Moment, to_json};
use crate::{Office, code};

/// A loaded and sealed container with every receptacle in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContainerManifest {
    /// The format and its version.
    pub format: ContainerFormat,
    /// What the receptacles are loaded into.
    pub unit: Unit,
    /// The seals, in the order in which they were put on.
    pub seals: Vec<Seal>,
    /// The number of the delivery bill CN 37.
    pub cn37_number: String,
    /// The number of the customs transfer.
    pub customs_transfer_number: String,
    /// The carrier that takes it.
    pub carrier: String,
    /// The office that loads.
    pub origin: Office,
    /// The office that takes over the consignment; nothing where each receptacle goes to its own.
    pub destination: Option<Office>,
    /// Where the next operator takes over, where that is no office of exchange; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handover: Option<String>,
    /// When it was closed and sealed: the moment of its last seal. Of another office's container that nobody here has
    /// sealed again, when it was received with its seals.
    pub closed_at: Moment,
    /// The departure it leaves by.
    pub departure: Departure,
    /// What its papers state, for a sealed container of another office that nobody here has looked into.
    pub stated: Option<Stated>,
    /// The receptacles, by identifier.
    pub receptacles: Vec<LoadedReceptacle>,
    /// How full it is.
    pub fill: Fill,
    /// Sums by mail class, by the code of the class.
    pub totals: Vec<ClassTotals>,
}

/// What the papers of a sealed container state about its contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// How many receptacles.
    pub receptacle_count: u32,
    /// What they weigh together, in grams.
    pub gross_weight_g: u64,
}

/// The name of the format; another version is another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ContainerFormat {
    /// Version 1.
    #[serde(rename = "caravan-container-manifest-1")]
    One,
}

/// What the receptacles are loaded into: a container, or the body of a vehicle; a container on a truck has both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// The container number (ISO 6346).
    #[serde(with = "code::optional")]
    pub container_number: Option<ContainerNumber>,
    /// The registration of the truck, or the number of the wagon.
    pub vehicle: Option<String>,
    /// The size and type of the container (ISO 6346).
    #[serde(with = "code::optional")]
    pub size_type: Option<SizeType>,
}

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Its number, with the mark of its maker.
    pub number: String,
    /// What kind of seal, where somebody has told.
    pub kind: Option<SealKind>,
}

/// Kinds of seals: the three classes of ISO 17712, and the seal of customs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealKind {
    /// Class I.
    Indicative,
    /// Class S.
    Security,
    /// Class H, the bolt.
    HighSecurity,
    /// Put on by customs.
    Customs,
}

/// A receptacle in the container. One from another office keeps the origin, dispatch and serial of its label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadedReceptacle {
    /// The receptacle identifier.
    #[serde(with = "code")]
    pub s9: S9,
    /// Whether it is of this office or passes through.
    pub provenance: Provenance,
    /// The dispatch identifier.
    #[serde(with = "code")]
    pub dispatch: S8,
    /// The office that closed the dispatch.
    pub origin: Office,
    /// The office that opens it.
    pub destination: Office,
    /// The mail class.
    #[serde(with = "code")]
    pub class: MailClass,
    /// The serial within the dispatch.
    pub serial: u32,
    /// The kind of receptacle.
    #[serde(with = "code")]
    pub kind: ReceptacleKind,
    /// Whether it is the highest-numbered of its dispatch.
    pub is_highest: bool,
    /// Whether it holds registered or insured items.
    pub is_registered: bool,
    /// The gross weight.
    pub gross_weight_g: u64,
    /// The volume; `null` when it is not known.
    pub volume_cm3: Option<u64>,
}

/// Whose receptacle it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Closed by the office that loads.
    Own,
    /// Of another office, in closed transit.
    Through,
}

/// How full a container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// The gross weight of the receptacles.
    pub weight_g: u64,
    /// The weight that may be loaded.
    pub weight_limit_g: u64,
    /// Weight in thousandths of the limit, cut; above 1000 when it is overloaded, `null` without a limit.
    pub weight_per_mille: Option<u64>,
    /// The volume of the receptacles whose volume is known.
    pub volume_cm3: u64,
    /// The volume that may be loaded.
    pub volume_limit_cm3: u64,
    /// Volume in thousandths of the limit, cut; `null` without a limit.
    pub volume_per_mille: Option<u64>,
}

/// Sums over the receptacles of one mail class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassTotals {
    /// The mail class.
    #[serde(with = "code")]
    pub class: MailClass,
    /// How many receptacles.
    pub receptacle_count: u32,
    /// How many of them pass through.
    pub through_count: u32,
    /// How many of them hold registered or insured items.
    pub registered_receptacle_count: u32,
    /// The gross weight.
    pub gross_weight_g: u64,
}

impl ContainerManifest {
    /// Returns the manifest as JSON: the same manifest is the same bytes.
    pub fn to_json(&self) -> String {
        assert!(
            self.is_consistent(),
            "totals and parts of CN 37 {} are those of its receptacles",
            self.cn37_number
        );
        to_json(self)
    }

    /// Reads a manifest of this version.
    pub fn from_json(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_str(text).map_err(ManifestError::Json)?;
        if manifest.is_consistent() { Ok(manifest) } else { Err(ManifestError::Contradiction) }
    }

    fn is_consistent(&self) -> bool {
        self.totals == ClassTotals::of(&self.receptacles)
            && self.fill == Fill::of(&self.receptacles, self.fill.weight_limit_g, self.fill.volume_limit_cm3)
            && self.receptacles.iter().all(LoadedReceptacle::is_consistent)
    }
}

impl SealKind {
    /// Returns the name as documents print it: `high security`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Indicative => "indicative",
            Self::Security => "security",
            Self::HighSecurity => "high security",
            Self::Customs => "customs",
        }
    }
}

impl LoadedReceptacle {
    /// Begins a receptacle from its identifier, whose parts and flags are spelt out.
    pub fn of(
        s9: S9,
        provenance: Provenance,
        kind: ReceptacleKind,
        origin: Office,
        destination: Office,
    ) -> Self {
        let series = s9.dispatch.series();
        assert_eq!(
            [origin.code, destination.code],
            [series.origin, series.destination],
            "the offices are those of {s9}"
        );
        Self {
            s9,
            provenance,
            dispatch: s9.dispatch,
            origin,
            destination,
            class: series.subclass.class(),
            serial: s9.serial(),
            kind,
            is_highest: s9.highest == HighestFlag::Yes,
            is_registered: s9.is_registered == Some(true),
            gross_weight_g: 0,
            volume_cm3: None,
        }
    }

    fn is_consistent(&self) -> bool {
        let series = self.s9.dispatch.series();
        self.dispatch == self.s9.dispatch
            && (self.origin.code, self.destination.code) == (series.origin, series.destination)
            && (self.class, self.serial) == (series.subclass.class(), self.s9.serial())
            && self.is_highest == (self.s9.highest == HighestFlag::Yes)
            && self.is_registered == (self.s9.is_registered == Some(true))
    }
}

impl Fill {
    /// Sums receptacles up against the limits of what they are loaded into.
    pub fn of(receptacles: &[LoadedReceptacle], weight_limit_g: u64, volume_limit_cm3: u64) -> Self {
        let sum = |measure: fn(&LoadedReceptacle) -> u64| {
            receptacles.iter().fold(0u64, |sum, receptacle| sum.saturating_add(measure(receptacle)))
        };
        let per_mille = |part: u64, limit: u64| part.saturating_mul(1000).checked_div(limit);
        let weight_g = sum(|receptacle| receptacle.gross_weight_g);
        let volume_cm3 = sum(|receptacle| receptacle.volume_cm3.unwrap_or(0));
        Self {
            weight_g,
            weight_limit_g,
            weight_per_mille: per_mille(weight_g, weight_limit_g),
            volume_cm3,
            volume_limit_cm3,
            volume_per_mille: per_mille(volume_cm3, volume_limit_cm3),
        }
    }
}

impl ClassTotals {
    /// Sums receptacles up by class, in the order of the class codes.
    pub fn of(receptacles: &[LoadedReceptacle]) -> Vec<Self> {
        let mut totals: BTreeMap<&'static str, Self> = BTreeMap::new();
        for receptacle in receptacles {
            let class = receptacle.class;
            let sum = totals.entry(class.as_str()).or_insert(Self {
                class,
                receptacle_count: 0,
                through_count: 0,
                registered_receptacle_count: 0,
                gross_weight_g: 0,
            });
            sum.receptacle_count += 1;
            sum.through_count += u32::from(receptacle.provenance == Provenance::Through);
            sum.registered_receptacle_count += u32::from(receptacle.is_registered);
            sum.gross_weight_g = sum.gross_weight_g.saturating_add(receptacle.gross_weight_g);
        }
        totals.into_values().collect()
    }
}
