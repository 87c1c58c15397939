//! A consignment as PRECON and CARDIT say it.

use caravan_postal::{Finding, Handling, Impc, MailCategory, MailClass, Place, ReceptacleKind, S9};

use super::{Consignment, Function, Leg, Location, Receptacle, Unit};
use crate::profile::{Entry, Profile};
use crate::{Message, codes, receptacles};

/// Reads a message by a layout of PRECON or CARDIT, whatever its version says; what does not fit is among the findings.
pub fn read(profile: &Profile, message: &Message<'_>, findings: &mut Vec<Finding>) -> Consignment {
    let entries = profile.read(message, findings);
    let mut consignment = Consignment::default();
    for entry in &entries {
        match entry.section {
            "consignment" => consignment.take_head(entry, findings),
            "leg" => consignment.legs.extend(Leg::read(entry, findings)),
            "unit" => consignment.units.extend(unit(entry, findings)),
            "seal" => {
                if let Some(unit) = consignment.units.last_mut() {
                    unit.seals.extend(entry.text("seal"));
                }
            }
            "receptacle" => consignment.receptacles.extend(receptacle(entry, findings)),
            _ => {}
        }
    }
    if consignment.id.is_none() {
        findings.push(codes::CONSIGNMENT_MISSING.finding::<&str>([]).at(message.header.place()));
    }
    for entry in &entries {
        consignment.compare_totals(entry, findings);
    }
    consignment.compare_units(findings);
    let places: Vec<(S9, Place)> =
        consignment.receptacles.iter().map(|receptacle| (receptacle.s9, receptacle.place)).collect();
    receptacles::check(&places, None, findings);
    if consignment.function != Some(Function::Cancellation) {
        receptacles::require(&entries, message, findings);
    }
    findings.sort();
    consignment
}

impl Consignment {
    fn take_head(&mut self, entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) {
        self.id = entry.text("consignment");
        self.function = entry.code("function", Function::parse, findings);
        self.completed_at = entry.time("completed_at", findings);
        self.bill = entry.text("bill");
        self.category = entry.code("category", MailCategory::parse, findings);
        self.class = entry.code("class", MailClass::parse, findings);
        self.origin = entry.code("origin", Impc::parse, findings);
        self.destination = entry.code("destination", Impc::parse, findings);
        self.handover = Location::read(entry, ["handover", "handover_agency", "handover_name"]);
    }

    /// Compares what the message adds up, at its head or its end, with what it lists.
    fn compare_totals(&self, entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) {
        receptacles::compare_count(entry, "receptacle_count", self.receptacles.len(), findings);
        let weights = self.receptacles.iter().map(|receptacle| receptacle.gross_weight);
        receptacles::compare_weight(entry, "total_weight_kg", weights, findings);
    }

    /// Says which receptacles are in a unit that the message does not describe.
    fn compare_units(&self, findings: &mut Vec<Finding>) {
        let units = self.unit_numbers();
        for receptacle in &self.receptacles {
            let Some(unit) = receptacle.unit.as_deref() else { continue };
            if !units.contains(unit) {
                let arguments = [receptacle.s9.to_string(), unit.to_owned()];
                findings.push(codes::UNIT_UNKNOWN.finding(arguments).at(receptacle.place));
            }
        }
    }
}

fn unit(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Unit> {
    let net_weight = entry.weight("net_weight_kg", findings);
    Some(Unit {
        equipment: entry.text("equipment").unwrap_or_default(),
        number: entry.text("number")?,
        size_type: entry.text("size_type"),
        net_weight,
        seals: Vec::new(),
    })
}

fn receptacle(entry: &Entry<'_, '_>, findings: &mut Vec<Finding>) -> Option<Receptacle> {
    let s9 = receptacles::identifier(entry, findings);
    let kind = entry.code("kind", ReceptacleKind::parse, findings);
    let handling = entry.code("handling", Handling::parse, findings);
    let gross_weight = entry.weight("weight_kg", findings);
    let s9 = s9?;
    receptacles::compare_with_label(entry, s9, gross_weight, findings);
    Some(Receptacle { s9, kind, handling, gross_weight, unit: entry.text("unit"), place: entry.place })
}
