//! Declarations as documents: what the lists (603, 621), the orders (303, 311) and the waybills (505, 511) of a message
//! say in the words of the model, and back; and items as lines of what is said of many at once (507, 509, 607, 711).
//!
//! What the model does not hold goes to the extra fields by the format's own names: `copNo` for the head,
//! `InventoryList[2]/itemNo` for the second line. A value goes to the model only when the model says all of it, so that
//! reading and writing lose nothing; numbers may lose zeros that mean nothing. Only lists are read as declarations: the
//! other documents say too little of an item to be one, and are mapped back to see what they carry.

use super::layout::Message;
use crate::format::{Element, ITEM, PIECE, PartySlot, PieceSlot, Side, Slot};

mod derived;
mod from;
mod number;
mod to;

pub(super) use derived::usual;
pub use from::{Converted, from_declaration};
pub(super) use from::{head_of, line_of};
pub(super) use to::{Mapped, map, to_declaration};

/// What an item is in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A document of its own, whose lines are the content pieces.
    Document,
    /// A line of a document.
    Line,
}

/// What the elements of a message fill in the model.
#[derive(Debug)]
pub(super) struct Rules {
    message: &'static str,
    pub(super) unit: Unit,
    /// The elements that are said of the item.
    item: &'static [(&'static str, Slot)],
    /// The elements that are said of a content piece.
    piece: &'static [(&'static str, Slot)],
}

const SENDER_CODE: Slot = Slot::PartyField(Side::Sender, PartySlot::Identity);
const SENDER_NAME: Slot = Slot::PartyField(Side::Sender, PartySlot::Business);
const ADDRESSEE_NAME: Slot = Slot::PartyField(Side::Addressee, PartySlot::Name);
const ADDRESSEE_TELEPHONE: Slot = Slot::PartyField(Side::Addressee, PartySlot::Telephone);
const ADDRESSEE_STREET: Slot = Slot::PartyField(Side::Addressee, PartySlot::Street);

/// The messages that declarations can be, each with what its elements mean.
///
/// In all of them the e-commerce enterprise sends. Of the receiver of an export list only the country is known, and the
/// country of its lines is their last destination, which the model does not hold. The receiver of an import list is the
/// buyer; its country is that of dispatch, and that of a line the origin of the goods.
static RULES: [Rules; 10] = [
    Rules {
        message: "CEB603Message",
        unit: Unit::Document,
        item: &[
            ("logisticsNo", Slot::Identifier),
            ("orderNo", Slot::SenderReference),
            ("ebcCode", SENDER_CODE),
            ("ebcName", SENDER_NAME),
            ("country", Slot::PartyField(Side::Addressee, PartySlot::Country)),
            ("licenseNo", Slot::DocumentNumber),
            ("grossWeight", Slot::GrossWeight),
            ("note", Slot::Comments),
        ],
        piece: &[
            ("gcode", Slot::PieceField(PieceSlot::Hs)),
            ("gname", Slot::PieceField(PieceSlot::Description)),
            ("currency", Slot::PieceField(PieceSlot::Value)),
            ("totalPrice", Slot::PieceField(PieceSlot::Value)),
        ],
    },
    Rules {
        message: "CEB621Message",
        unit: Unit::Document,
        item: &[
            ("logisticsNo", Slot::Identifier),
            ("orderNo", Slot::SenderReference),
            ("ebcCode", SENDER_CODE),
            ("ebcName", SENDER_NAME),
            ("buyerIdNumber", Slot::PartyField(Side::Addressee, PartySlot::Identity)),
            ("buyerName", ADDRESSEE_NAME),
            ("buyerTelephone", ADDRESSEE_TELEPHONE),
            ("consigneeAddress", ADDRESSEE_STREET),
            ("country", Slot::PartyField(Side::Sender, PartySlot::Country)),
            ("licenseNo", Slot::DocumentNumber),
            ("grossWeight", Slot::GrossWeight),
            ("note", Slot::Comments),
        ],
        piece: &[
            ("gcode", Slot::PieceField(PieceSlot::Hs)),
            ("gname", Slot::PieceField(PieceSlot::Description)),
            ("country", Slot::PieceField(PieceSlot::Origin)),
            ("currency", Slot::PieceField(PieceSlot::Value)),
            ("totalPrice", Slot::PieceField(PieceSlot::Value)),
        ],
    },
    Rules {
        message: "CEB303Message",
        unit: Unit::Document,
        item: &[
            ("orderNo", Slot::SenderReference),
            ("ebcCode", SENDER_CODE),
            ("ebcName", SENDER_NAME),
            ("goodsValue", Slot::TotalValue),
            ("currency", Slot::TotalValue),
            ("note", Slot::Comments),
        ],
        piece: &[
            ("itemName", Slot::PieceField(PieceSlot::Description)),
            ("currency", Slot::PieceField(PieceSlot::Value)),
            ("totalPrice", Slot::PieceField(PieceSlot::Value)),
        ],
    },
    Rules {
        message: "CEB311Message",
        unit: Unit::Document,
        item: &[
            ("orderNo", Slot::SenderReference),
            ("ebcCode", SENDER_CODE),
            ("ebcName", SENDER_NAME),
            ("goodsValue", Slot::TotalValue),
            ("currency", Slot::TotalValue),
            ("buyerIdNumber", Slot::PartyField(Side::Addressee, PartySlot::Identity)),
            ("buyerName", ADDRESSEE_NAME),
            ("buyerTelephone", ADDRESSEE_TELEPHONE),
            ("consigneeAddress", ADDRESSEE_STREET),
            ("note", Slot::Comments),
        ],
        piece: &[
            ("itemName", Slot::PieceField(PieceSlot::Description)),
            ("country", Slot::PieceField(PieceSlot::Origin)),
            ("currency", Slot::PieceField(PieceSlot::Value)),
            ("totalPrice", Slot::PieceField(PieceSlot::Value)),
        ],
    },
    Rules {
        message: "CEB505Message",
        unit: Unit::Document,
        item: &[
            ("logisticsNo", Slot::Identifier),
            ("grossWeight", Slot::GrossWeight),
            ("ebcCode", SENDER_CODE),
            ("ebcName", SENDER_NAME),
            ("ebcTelephone", Slot::PartyField(Side::Sender, PartySlot::Telephone)),
            ("note", Slot::Comments),
        ],
        piece: &[],
    },
    Rules {
        message: "CEB511Message",
        unit: Unit::Document,
        item: &[
            ("logisticsNo", Slot::Identifier),
            ("orderNo", Slot::SenderReference),
            ("weight", Slot::GrossWeight),
            ("consignee", ADDRESSEE_NAME),
            ("consigneeAddress", ADDRESSEE_STREET),
            ("consigneeTelephone", ADDRESSEE_TELEPHONE),
            ("note", Slot::Comments),
        ],
        piece: &[],
    },
    lines("CEB507Message"),
    lines("CEB509Message"),
    lines("CEB607Message"),
    lines("CEB711Message"),
];

/// A message that names items and says nothing else of them.
const fn lines(message: &'static str) -> Rules {
    Rules { message, unit: Unit::Line, item: &[("logisticsNo", Slot::Identifier)], piece: &[] }
}

/// The quantities of a line, each with the element of its unit: declared, first and second of the tariff.
const QUANTITIES: [(&str, &str); 3] = [("qty", "unit"), ("qty1", "unit1"), ("qty2", "unit2")];

/// The unit that customs calls a kilogram.
const KILOGRAM: &str = "035";

/// The lines of a list, which name the extra fields of content pieces in every message.
const LINE: &str = "InventoryList";

/// Returns the rules of a message, when declarations can be one.
pub(super) fn rules(message: &Message) -> Option<&'static Rules> {
    RULES.iter().find(|rules| rules.message == message.name)
}

/// Returns whether the documents of a message are read as declarations.
fn is_list(message: &Message) -> bool {
    matches!(message.name, "CEB603Message" | "CEB621Message")
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
