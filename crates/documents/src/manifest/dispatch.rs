//! The manifest of a closed dispatch.

use caravan_postal::{
    Grams, Handling, HighestFlag, MailCategory, MailClass, MailSubclass, Money, ReceptacleKind, S8, S9,
};
use serde::{Deserialize, Serialize};

use super::{Departure, ManifestError, Moment, to_json};
use crate::{Office, code};

/// A closed dispatch with its receptacles and their items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchManifest {
    /// The format and its version.
    pub format: DispatchFormat,
    /// The dispatch identifier.
    #[serde(with = "code")]
    pub s8: S8,
    /// The same in groups, as documents print it.
    pub s8_printed: String,
    /// The office that closed the dispatch.
    pub origin: Office,
    /// The office that opens it.
    pub destination: Office,
    /// The mail category.
    #[serde(with = "code")]
    pub category: MailCategory,
    /// The mail class.
    #[serde(with = "code")]
    pub class: MailClass,
    /// The mail subclass.
    #[serde(with = "code")]
    pub subclass: MailSubclass,
    /// The full year in which the number was taken.
    pub year: i32,
    /// The serial within series and year.
    pub serial: u32,
    /// When it was closed.
    pub closed_at: Moment,
    /// The departure that it is planned for.
    pub departure: Option<Departure>,
    /// The bill that travels in the last receptacle.
    pub bill: Bill,
    /// The receptacles, by serial.
    pub receptacles: Vec<Receptacle>,
    /// The sums over the receptacles.
    pub totals: Totals,
    /// Duty and tax estimated for the destination, one amount a currency, by currency code.
    #[serde(with = "code::money::list")]
    pub estimated_charges: Vec<Money>,
}

/// The name of the format; another version is another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DispatchFormat {
    /// Version 1.
    #[serde(rename = "caravan-dispatch-manifest-1")]
    One,
}

/// The bill of a dispatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// Which form.
    pub form: BillForm,
    /// Its number.
    pub number: String,
}

/// The form of the bill of a dispatch, by its mail class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BillForm {
    /// CN 31, the letter bill; also for empty receptacles.
    #[serde(rename = "CN 31")]
    Cn31,
    /// CP 87, the parcel bill.
    #[serde(rename = "CP 87")]
    Cp87,
    /// The list of a dispatch of EMS.
    #[serde(rename = "EMS")]
    Ems,
}

/// A receptacle of the dispatch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receptacle {
    /// The receptacle identifier.
    #[serde(with = "code")]
    pub s9: S9,
    /// The same in groups, as documents print it.
    pub s9_printed: String,
    /// The serial within the dispatch.
    pub serial: u32,
    /// The kind of receptacle.
    #[serde(with = "code")]
    pub kind: ReceptacleKind,
    /// Whether it is the highest-numbered of the dispatch.
    pub is_highest: bool,
    /// Whether it holds registered or insured items.
    pub is_registered: bool,
    /// The weight that bills and the S9 speak of: by the scale, or computed where it was not weighed.
    pub gross_weight_g: u64,
    /// The weight of the empty receptacle.
    pub tare_g: u64,
    /// What the scale showed; `null` when it was not weighed.
    pub scale_weight_g: Option<u64>,
    /// The volume; `null` when it is not known.
    pub volume_cm3: Option<u64>,
    /// How many items it holds, also those without an identifier.
    pub item_count: u32,
    /// How many of them are registered or insured.
    pub registered_count: u32,
    /// The items that have an identity, by identifier.
    pub items: Vec<Item>,
}

/// An item in a receptacle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The identifier: S10, or what else names the item.
    pub identifier: String,
    /// The weight: by the scale where it was weighed, otherwise as declared.
    pub gross_weight_g: u64,
    /// The handling class.
    #[serde(with = "code")]
    pub handling: Handling,
}

/// Sums over the receptacles of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// How many receptacles.
    pub receptacle_count: u32,
    /// How many of them hold registered or insured items.
    pub registered_receptacle_count: u32,
    /// How many items.
    pub item_count: u32,
    /// How many of them are registered or insured.
    pub registered_count: u32,
    /// The gross weight.
    pub gross_weight_g: u64,
    /// The weight as labels, bills and messages print it: the sum of hectograms, each rounded for itself.
    pub printed_weight_hg: u64,
    /// The volume of those whose volume is known.
    pub volume_cm3: u64,
}

impl DispatchManifest {
    /// Returns the manifest as JSON: the same manifest is the same bytes.
    pub fn to_json(&self) -> String {
        assert!(
            self.is_consistent(),
            "totals and parts of {} are those of its identifiers and receptacles",
            self.s8
        );
        to_json(self)
    }

    /// Reads a manifest of this version.
    pub fn from_json(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_str(text).map_err(ManifestError::Json)?;
        if manifest.is_consistent() { Ok(manifest) } else { Err(ManifestError::Contradiction) }
    }

    fn is_consistent(&self) -> bool {
        let series = self.s8.series();
        self.totals == Totals::of(&self.receptacles)
            && self.s8_printed == crate::printed::s8(self.s8)
            && (self.origin.code, self.destination.code) == (series.origin, series.destination)
            && (self.category, self.subclass) == (series.category, series.subclass)
            && self.class == series.subclass.class()
            && self.year.rem_euclid(10) == i32::from(self.s8.year_digit())
            && self.serial == self.s8.serial()
            && self.receptacles.iter().all(|receptacle| receptacle.is_consistent(self.s8))
    }
}

impl BillForm {
    /// Returns the form for a mail class.
    pub fn of(class: MailClass) -> Self {
        match class {
            MailClass::Letters | MailClass::Empty => Self::Cn31,
            MailClass::Parcels => Self::Cp87,
            MailClass::Ems => Self::Ems,
        }
    }

    /// Returns the name of the form: `CN 31`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cn31 => "CN 31",
            Self::Cp87 => "CP 87",
            Self::Ems => "EMS",
        }
    }
}

impl Receptacle {
    /// Begins a receptacle from its identifier, whose parts and flags are spelt out; it holds nothing yet.
    pub fn of(s9: S9, kind: ReceptacleKind, gross_weight: Grams) -> Self {
        Self {
            s9,
            s9_printed: crate::printed::s9(s9),
            serial: s9.serial(),
            kind,
            is_highest: s9.highest == HighestFlag::Yes,
            is_registered: s9.is_registered == Some(true),
            gross_weight_g: gross_weight.0,
            tare_g: 0,
            scale_weight_g: None,
            volume_cm3: None,
            item_count: 0,
            registered_count: 0,
            items: Vec::new(),
        }
    }

    fn is_consistent(&self, dispatch: S8) -> bool {
        let derived = Self::of(self.s9, self.kind, Grams(self.gross_weight_g));
        self.s9.dispatch == dispatch
            && (self.serial, &self.s9_printed) == (derived.serial, &derived.s9_printed)
            && (self.is_highest, self.is_registered) == (derived.is_highest, derived.is_registered)
    }
}

impl Totals {
    /// Sums receptacles up.
    pub fn of(receptacles: &[Receptacle]) -> Self {
        let mut totals = Self {
            receptacle_count: 0,
            registered_receptacle_count: 0,
            item_count: 0,
            registered_count: 0,
            gross_weight_g: 0,
            printed_weight_hg: 0,
            volume_cm3: 0,
        };
        for receptacle in receptacles {
            totals.receptacle_count += 1;
            totals.registered_receptacle_count += u32::from(receptacle.is_registered);
            totals.item_count = totals.item_count.saturating_add(receptacle.item_count);
            totals.registered_count = totals.registered_count.saturating_add(receptacle.registered_count);
            totals.gross_weight_g = totals.gross_weight_g.saturating_add(receptacle.gross_weight_g);
            let hectograms = Grams(receptacle.gross_weight_g.min(Grams::MAX.0)).hectograms();
            totals.printed_weight_hg = totals.printed_weight_hg.saturating_add(hectograms);
            totals.volume_cm3 = totals.volume_cm3.saturating_add(receptacle.volume_cm3.unwrap_or(0));
        }
        totals
    }
}
