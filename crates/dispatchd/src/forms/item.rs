//! The papers of items: the report of damage CN 24, and the road bill of an inland run.

use caravan_declaration::{Declaration, Piece};
use caravan_documents::bill::CarriedReceptacle;
use caravan_documents::form::{DamageReport, DamagedContent, RoadBill, RoadLine, SubstituteBill, address};
use caravan_documents::manifest::Unit;
use caravan_postal::{Handling, S9};
use caravan_station::{Item, Receptacle};

use super::{Forms, provenance};

impl Forms<'_> {
    /// Returns the report of damage to an item as far as the station knows it: what is wrong is for a person to write.
    pub(crate) fn damage_report(
        self,
        item: &Item,
        number: String,
        declaration: Option<&Declaration<'_>>,
        came_in: Option<S9>,
        at_ms: i64,
    ) -> DamageReport {
        let party = |party: fn(&Declaration<'_>) -> String| declaration.map(party).unwrap_or_default();
        let content = |piece: &Piece<'_>| DamagedContent {
            description: piece.description.unwrap_or_default().to_owned(),
            declared: piece.units,
            missing: None,
            damaged: None,
            remark: String::new(),
        };
        let pieces = declaration.map(|declaration| declaration.pieces.as_slice()).unwrap_or_default();
        DamageReport {
            number,
            office: self.own_office(),
            found_at: None,
            drawn_up_at: self.local(at_ms),
            identifier: item.name.to_string(),
            receptacle: came_in,
            receptacle_state: String::new(),
            sender: party(|declaration| address(&declaration.sender)),
            addressee: party(|declaration| address(&declaration.addressee)),
            weight_stated: item.declared,
            weight_found: item.scale,
            insured_value: declaration.and_then(|declaration| declaration.insured_value),
            outer_packing: String::new(),
            inner_packing: String::new(),
            contents: pieces.iter().map(content).collect(),
            cause: String::new(),
            done: String::new(),
        }
    }

    /// Returns the road bill of an inland run. Who drives, and for which office, nobody told.
    pub(crate) fn road_bill<'k>(
        self,
        run: &str,
        items: impl Iterator<Item = &'k Item>,
        at_ms: i64,
    ) -> RoadBill {
        let line = |item: &Item| RoadLine {
            identifier: item.name.to_string(),
            kind: None,
            from: item.origin.map_or_else(String::new, |country| country.to_string()),
            to: String::new(),
            item_count: Some(1),
            gross_weight: item.weight(),
            duty_paid: item.inbound.stated.filter(|_| item.inbound.is_paid),
            remark: if item.handling == Handling::Normal { String::new() } else { item.handling.to_string() },
        };
        RoadBill {
            number: run.replace('/', " "),
            from: self.own_office().printed(),
            to: String::new(),
            handed_over_at: self.local(at_ms),
            departs_at: None,
            carrier: String::new(),
            driver: String::new(),
            unit: Unit { container_number: None, vehicle: None, size_type: None },
            seals: Vec::new(),
            customs_transfer_number: None,
            lines: items.map(line).collect(),
            is_synthetic: self.config.office.is_synthetic,
        }
    }

    /// Returns CN 46 of receptacles of other offices that have come without their bill. By what they came, nobody told.
    pub(crate) fn substitute_bill(self, came: &[Receptacle], at_ms: i64) -> Option<SubstituteBill> {
        let carried = came.iter().filter_map(|receptacle| {
            Some(CarriedReceptacle {
                s9: receptacle.s9?,
                provenance: provenance(receptacle),
                gross_weight: receptacle.gross(),
            })
        });
        let receptacles: Vec<CarriedReceptacle> = carried.collect();
        let origins = || receptacles.iter().map(|one| one.s9.dispatch.series().origin);
        let origin = origins().next()?;
        Some(SubstituteBill {
            number: String::new(),
            replaces: "CN 37".to_owned(),
            drawn_up_by: self.own_office(),
            drawn_up_at: self.local(at_ms),
            origin: origins().all(|other| other == origin).then(|| self.office(origin)),
            destination: self.own_office(),
            arrived_at: self.local(came.iter().filter_map(|one| one.closed_ms).min().unwrap_or(at_ms)),
            carrier: String::new(),
            route: String::new(),
            unit: Unit { container_number: None, vehicle: None, size_type: None },
            seals: Vec::new(),
            receptacles,
            remark: String::new(),
        })
    }
}
