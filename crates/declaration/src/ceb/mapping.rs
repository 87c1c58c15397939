//! Lists as declarations: what an export list (603) or an import list (621) says in the words of the model, and back.
//!
//! What the model does not hold goes to the extra fields by the format's own names: `copNo` for the head,
//! `InventoryList[2]/itemNo` for the second line. A value goes to the model only when the model says all of it, so that
//! reading and writing lose nothing; numbers may lose zeros that mean nothing.

use super::layout::Message;
use crate::format::{Element, ITEM, PIECE, PartySlot, PieceSlot, Side, Slot};

mod from;
mod number;
mod to;

pub use from::{Converted, from_declaration};
pub(super) use to::{Mapped, to_declaration};

/// What the elements of a list fill in the model.
#[derive(Debug)]
struct Rules {
    head: &'static [(&'static str, Slot)],
    line: &'static [(&'static str, Slot)],
}

/// The export list: the e-commerce enterprise sends, and of the receiver only the country is known. The country of a
/// line is its last destination, which the model does not hold.
static EXPORT: Rules = Rules {
    head: &[
        ("logisticsNo", Slot::Identifier),
        ("orderNo", Slot::SenderReference),
        ("ebcCode", Slot::PartyField(Side::Sender, PartySlot::Identity)),
        ("ebcName", Slot::PartyField(Side::Sender, PartySlot::Business)),
        ("country", Slot::PartyField(Side::Addressee, PartySlot::Country)),
        ("licenseNo", Slot::DocumentNumber),
        ("grossWeight", Slot::GrossWeight),
        ("note", Slot::Comments),
    ],
    line: &[
        ("gcode", Slot::PieceField(PieceSlot::Hs)),
        ("gname", Slot::PieceField(PieceSlot::Description)),
        ("currency", Slot::PieceField(PieceSlot::Value)),
        ("totalPrice", Slot::PieceField(PieceSlot::Value)),
    ],
};

/// The import list: the e-commerce enterprise sends, the buyer receives. The country of the head is that of dispatch,
/// that of a line the origin of the goods.
static IMPORT: Rules = Rules {
    head: &[
        ("logisticsNo", Slot::Identifier),
        ("orderNo", Slot::SenderReference),
        ("ebcCode", Slot::PartyField(Side::Sender, PartySlot::Identity)),
        ("ebcName", Slot::PartyField(Side::Sender, PartySlot::Business)),
        ("buyerIdNumber", Slot::PartyField(Side::Addressee, PartySlot::Identity)),
        ("buyerName", Slot::PartyField(Side::Addressee, PartySlot::Name)),
        ("buyerTelephone", Slot::PartyField(Side::Addressee, PartySlot::Telephone)),
        ("consigneeAddress", Slot::PartyField(Side::Addressee, PartySlot::Street)),
        ("country", Slot::PartyField(Side::Sender, PartySlot::Country)),
        ("licenseNo", Slot::DocumentNumber),
        ("grossWeight", Slot::GrossWeight),
        ("note", Slot::Comments),
    ],
    line: &[
        ("gcode", Slot::PieceField(PieceSlot::Hs)),
        ("gname", Slot::PieceField(PieceSlot::Description)),
        ("country", Slot::PieceField(PieceSlot::Origin)),
        ("currency", Slot::PieceField(PieceSlot::Value)),
        ("totalPrice", Slot::PieceField(PieceSlot::Value)),
    ],
};

/// The quantities of a line, each with the element of its unit: declared, first and second of the tariff.
const QUANTITIES: [(&str, &str); 3] = [("qty", "unit"), ("qty1", "unit1"), ("qty2", "unit2")];

/// The unit that customs calls a kilogram.
const KILOGRAM: &str = "035";

/// The lines of a list.
const LINE: &str = "InventoryList";

/// Returns the rules of a message, when it is a list.
fn rules(message: &Message) -> Option<&'static Rules> {
    match message.name {
        "CEB603Message" => Some(&EXPORT),
        "CEB621Message" => Some(&IMPORT),
        _ => None,
    }
}

fn slot(rules: &[(&'static str, Slot)], name: &str) -> Option<Slot> {
    rules.iter().find(|(element, _)| *element == name).map(|(_, slot)| *slot)
}

/// Returns the name of the extra field for an element of a line, counted from 0.
fn line_name(line: usize, element: &str) -> String {
    format!("{LINE}[{}]/{element}", line + 1)
}

/// Returns the element of our own format that fills a slot.
fn own_element(slot: Slot) -> Option<&'static Element> {
    let inside = ITEM.iter().flat_map(Element::children);
    ITEM.iter().chain(PIECE).chain(inside).find(|element| element.slot == slot)
}
