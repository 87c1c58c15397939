//! Container, vehicle and seals, as all forms print them.

use crate::manifest::{Seal, SealKind, Unit};
use crate::pdf::{Area, Field, Sheet};

/// Draws the boxes of a container or vehicle and its seals, in one row.
pub(super) fn draw(sheet: &mut Sheet, area: Area, unit: &Unit, seals: &[Seal]) {
    let number = container(unit);
    let size = unit.size_type.map_or_else(String::new, |size_type| size_type.to_string());
    let seals = self::seals(sheet, seals);
    let vehicle = unit.vehicle.as_deref().unwrap_or_default();
    sheet.fields(
        area,
        [
            (6, Field::of("container").value(&number).large(110)),
            (4, Field::of("size-type").value(&size)),
            (6, Field::of("vehicle").value(vehicle).large(110)),
            (12, Field::of("seals").value(&seals)),
        ],
    );
}

/// Returns the number of the container; empty when there is none.
pub(super) fn container(unit: &Unit) -> String {
    unit.container_number.map_or_else(String::new, |number| number.to_string())
}

/// Returns the seals, with their kinds where they are known, in the order in which they were put on.
pub(super) fn seals(sheet: &Sheet, seals: &[Seal]) -> String {
    let printed = |seal: &Seal| match seal.kind {
        Some(kind) => format!("{} ({})", seal.number, sheet.caption(key(kind))),
        None => seal.number.clone(),
    };
    seals.iter().map(printed).collect::<Vec<_>>().join(", ")
}

fn key(kind: SealKind) -> &'static str {
    match kind {
        SealKind::Indicative => "seal-indicative",
        SealKind::Security => "seal-security",
        SealKind::HighSecurity => "seal-high-security",
        SealKind::Customs => "seal-customs",
    }
}
