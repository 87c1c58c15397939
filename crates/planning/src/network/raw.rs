//! The tables of the network as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{Cargo, Carriage, ClosureKind, Mode, Verdict};
use crate::table::{Rows, TableError, TableText, lay_over, read, rows};

rows! {
    RawPlace {
        name: String,
        country: String,
        #[serde(default)] offices: Vec<String>,
        locode: Option<String>,
    }
    RawCrossing { name: String, countries: [String; 2], mode: Mode }
    RawLeg {
        from: String,
        to: String,
        carriage: Carriage,
        hours: [u32; 2],
        countries: Vec<String>,
        crossing: Option<String>,
        km: Option<u32>,
        handover: Option<String>,
        partner: Option<String>,
    }
    RawTransfer { place: String, from: Carriage, to: Carriage, hours: [u32; 2] }
    RawOpening { crossing: String, weekdays: Vec<String>, season: Option<[String; 2]> }
    RawClosure { crossing: Option<String>, leg: Option<String>, kind: ClosureKind }
    RawDelay { crossing: String, hours: [u32; 2] }
    RawTimetable { leg: String, weekdays: Vec<String> }
    RawPermission {
        countries: Vec<String>,
        mode: Option<Mode>,
        cargo: Vec<Cargo>,
        verdict: Verdict,
    }
    RawRoute {
        legs: Vec<String>,
        days: [u32; 2],
        km: Option<u32>,
        per_week: Option<u32>,
        #[serde(default)] legs_differ: bool,
    }
    RawLeads {
        mode: Mode,
        gate_in_min: [u32; 2],
        customs_min: [u32; 2],
        sealed_min: [u32; 2],
        dispatch_close_min: [u32; 2],
        last_bag_min: [u32; 2],
        item_min: [u32; 2],
    }
}

macro_rules! tables {
    ($($field:ident, $table:literal: $row:ident;)+) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[serde(default)]
            sources: BTreeMap<String, String>,
            $(#[serde(rename = $table, default)] $field: Vec<Spanned<$row>>,)+
        }

        /// Every row, those of later texts laid over the earlier ones.
        #[derive(Default)]
        pub(super) struct RawNetwork {
            pub(super) sources: BTreeMap<String, String>,
            $(pub(super) $field: Rows<$row>,)+
        }

        impl RawNetwork {
            pub(super) fn add(&mut self, text: &TableText<'_>) -> Result<(), TableError> {
                let file: File = read(text)?;
                self.sources.extend(file.sources);
                $(lay_over(&mut self.$field, file.$field, text)?;)+
                Ok(())
            }
        }
    };
}

tables! {
    places, "place": RawPlace;
    crossings, "crossing": RawCrossing;
    legs, "leg": RawLeg;
    transfers, "transfer": RawTransfer;
    openings, "opening": RawOpening;
    closures, "closure": RawClosure;
    delays, "delay": RawDelay;
    timetables, "timetable": RawTimetable;
    permissions, "permission": RawPermission;
    routes, "route": RawRoute;
    leads, "leads": RawLeads;
}
