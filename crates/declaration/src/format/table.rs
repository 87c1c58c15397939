//! The field table of our format. The order is that of the elements in XML and of the columns in CSV.

use super::Content::{Group, Value};
use super::Occurs::{Many, Optional, Required};
use super::Type::{
    Code, Country, Date, Flag, Hs, Identifier, Kilograms, Lines, Money, Named, Office, Subclass, Text,
    WattHours, Whole, Word,
};
use super::{BatterySlot, Content, Element, Occurs, PartySlot, PieceSlot, Side, Slot};

/// The longest side of an item in millimetres that an input may state: that of a container.
pub const MILLIMETRES_MAX: u64 = 20_000;
/// The largest volume in cubic centimetres that an input may state: that of a container.
pub const CUBIC_CENTIMETRES_MAX: u64 = 200_000_000;

const FORMS: Content = Value(Code(&[("CN22", "letter post up to 300 SDR"), ("CN23", "everything else")]));
const CLASSES: Content =
    Value(Code(&[("U", "letter post"), ("C", "parcels"), ("E", "EMS"), ("T", "empty receptacles")]));
const CATEGORIES: Content = Value(Code(&[
    ("A", "airmail or priority"),
    ("B", "surface air lifted"),
    ("C", "surface"),
    ("D", "priority by surface"),
]));
const HANDLINGS: Content = Value(Code(&[("N", "normal"), ("R", "registered"), ("V", "insured")]));
const NATURES: Content = Value(Code(&[
    ("11", "sale of goods"),
    ("21", "returned goods"),
    ("31", "gift"),
    ("32", "commercial sample"),
    ("91", "documents"),
    ("999", "other"),
]));
const PARTY_KINDS: Content =
    Value(Code(&[("person", "a natural person acting privately"), ("business", "a business")]));
const DOCUMENT_KINDS: Content =
    Value(Code(&[("licence", "CN 23 box 12"), ("certificate", "CN 23 box 13"), ("invoice", "CN 23 box 14")]));
const UN_NUMBERS: Content = Value(Code(&[
    ("3480", "lithium ion batteries"),
    ("3481", "lithium ion batteries in or with equipment"),
    ("3090", "lithium metal batteries"),
    ("3091", "lithium metal batteries in or with equipment"),
]));

/// The elements of one item.
pub static ITEM: &[Element] = &[
    value(Slot::Identifier, "identifier", Value(Identifier), "The item's S10 identifier."),
    value(
        Slot::LocalIdentifier,
        "local-identifier",
        Value(Text(35)),
        "Another number, when the item has no S10.",
    ),
    value(
        Slot::DomesticWaybill,
        "domestic-waybill",
        Value(Text(35)),
        "The waybill under which it came to the station.",
    ),
    value(Slot::Form, "form", FORMS, "The form that the data stand for."),
    value(Slot::Class, "class", CLASSES, "The mail class."),
    value(Slot::Category, "category", CATEGORIES, "The mail category, UPU code list 115."),
    value(Slot::Subclass, "subclass", Value(Subclass), "The mail subclass, UPU code list 117."),
    value(Slot::Handling, "handling", HANDLINGS, "The handling class."),
    value(
        Slot::OriginOffice,
        "origin-office",
        Value(Office),
        "The office of exchange that sends the item abroad.",
    ),
    value(
        Slot::DestinationOffice,
        "destination-office",
        Value(Office),
        "The office of exchange that receives it.",
    ),
    value(Slot::PostedOn, "posted-on", Value(Date), "The day of posting."),
    value(
        Slot::Nature,
        "nature",
        NATURES,
        "The nature of the transaction, UPU code list 136 (CN 23 box 10).",
    ),
    value(
        Slot::NatureText,
        "nature-text",
        Value(Text(140)),
        "What the sender wrote beside the category \"other\".",
    ),
    value(Slot::GrossWeight, "gross-weight", Value(Kilograms), "The gross weight (CN 23 box 4)."),
    group(
        Slot::Dimensions,
        "dimensions",
        DIMENSIONS,
        Optional,
        "The outer dimensions; the volume follows from them.",
    ),
    value(
        Slot::Volume,
        "volume",
        Value(Whole(CUBIC_CENTIMETRES_MAX)),
        "The volume in cubic centimetres; it holds when dimensions are there too.",
    ),
    value(Slot::TotalValue, "total-value", Value(Money), "The total declared value (CN 23 box 6)."),
    value(Slot::Postage, "postage", Value(Money), "Postage and fees paid (CN 23 box 9)."),
    value(Slot::InsuredValue, "insured-value", Value(Money), "The value for which the item is insured."),
    group(Slot::Party(Side::Sender), "sender", PARTIES[0], Optional, "The sender."),
    group(Slot::Party(Side::Addressee), "addressee", PARTIES[1], Optional, "The addressee."),
    value(Slot::SenderReference, "sender-reference", Value(Text(140)), "The sender's own reference."),
    value(
        Slot::ImporterReference,
        "importer-reference",
        Value(Text(140)),
        "The importer's reference: tax, VAT or importer code.",
    ),
    group(Slot::PrepaidTax, "prepaid-tax", PREPAID_TAX, Optional, "Tax that the seller has already taken."),
    group(Slot::Piece, "piece", PIECE, Many, "One line of the declaration."),
    group(Slot::Document, "document", DOCUMENT, Many, "A paper that goes with the goods."),
    value(
        Slot::Comments,
        "comments",
        Value(Lines(1000)),
        "Comments, as quarantine or other restrictions (CN 23 box 11).",
    ),
    value(Slot::SignedOn, "signed-on", Value(Date), "The day on which the sender signed (CN 23 box 15)."),
    value(
        Slot::ReturnIfUndeliverable,
        "return-if-undeliverable",
        Value(Flag),
        "Whether the sender wants an undeliverable item back.",
    ),
    Element {
        slot: Slot::Extra,
        name: "extra",
        field: "extra",
        content: Value(Named(255)),
        occurs: Many,
        meaning: "What another format holds and this one does not, by that format's own name.",
    },
];

/// The elements of a content piece.
pub static PIECE: &[Element] = &[
    piece(PieceSlot::Description, "description", Value(Text(500)), "What it is (CN 23 box 1)."),
    piece(PieceSlot::Units, "units", Value(Whole(u32::MAX as u64)), "How many units (CN 23 box 2)."),
    piece(
        PieceSlot::NetWeight,
        "net-weight",
        Value(Kilograms),
        "The net weight of all its units (CN 23 box 3).",
    ),
    piece(PieceSlot::Value, "value", Value(Money), "The value of all its units (CN 23 box 5)."),
    piece(PieceSlot::Hs, "hs", Value(Hs), "The commodity code (CN 23 box 7)."),
    piece(PieceSlot::Origin, "origin", Value(Country), "The country of origin of the goods (CN 23 box 8)."),
    group(Slot::Battery, "battery", BATTERY, Optional, "The lithium batteries in or with it."),
];

/// The elements of a battery.
pub static BATTERY: &[Element] = &[
    part(
        Slot::BatteryField(BatterySlot::UnNumber),
        "un-number",
        "battery-un-number",
        UN_NUMBERS,
        "The UN number.",
    ),
    battery(
        BatterySlot::Energy,
        "energy",
        "battery-energy",
        Value(WattHours),
        "The energy of the largest battery in watt-hours (lithium ion).",
    ),
    battery(
        BatterySlot::Count,
        "count",
        "battery-count",
        Value(Whole(u16::MAX as u64)),
        "How many batteries one unit holds; 0 when not said.",
    ),
    battery(
        BatterySlot::Installed,
        "installed",
        "battery-installed",
        Value(Flag),
        "Whether they are installed in the equipment; false when not said.",
    ),
];

/// The elements of the dimensions.
pub static DIMENSIONS: &[Element] = &[
    part(
        Slot::Length,
        "length",
        "dimensions-length",
        Value(Whole(MILLIMETRES_MAX)),
        "The length in millimetres.",
    ),
    part(
        Slot::Width,
        "width",
        "dimensions-width",
        Value(Whole(MILLIMETRES_MAX)),
        "The width in millimetres.",
    ),
    part(
        Slot::Height,
        "height",
        "dimensions-height",
        Value(Whole(MILLIMETRES_MAX)),
        "The height in millimetres.",
    ),
];

/// The elements of the prepaid tax.
pub static PREPAID_TAX: &[Element] = &[
    part(
        Slot::TaxScheme,
        "scheme",
        "prepaid-tax-scheme",
        Value(Word(12)),
        "The scheme: `IOSS`, `VOEC`, `GB`, `ARN`.",
    ),
    part(
        Slot::TaxNumber,
        "number",
        "prepaid-tax-number",
        Value(Text(35)),
        "The number under which the seller is registered.",
    ),
];

/// The elements of a document.
pub static DOCUMENT: &[Element] = &[
    part(Slot::DocumentKind, "kind", "document-kind", DOCUMENT_KINDS, "What kind of paper."),
    part(Slot::DocumentNumber, "number", "document-number", Value(Text(70)), "Its number."),
];

/// The elements of the sender and of the addressee.
pub static PARTIES: [&[Element]; 2] = [party!(Side::Sender, "sender"), party!(Side::Addressee, "addressee")];

macro_rules! party {
    ($side:expr, $prefix:literal) => {
        &[
            party!($side, $prefix, Kind, "kind", PARTY_KINDS, "Whether it is a person or a business."),
            party!($side, $prefix, Name, "name", Value(Text(200)), "The name of the person."),
            party!($side, $prefix, Business, "business", Value(Text(200)), "The name of the business."),
            party!(
                $side,
                $prefix,
                Street,
                "street",
                Value(Lines(500)),
                "Street and number, or the post-office box."
            ),
            party!($side, $prefix, City, "city", Value(Text(100)), "The city."),
            party!($side, $prefix, Region, "region", Value(Text(100)), "The region, province or state."),
            party!($side, $prefix, Postcode, "postcode", Value(Text(20)), "The postcode."),
            party!($side, $prefix, Country, "country", Value(Country), "The country."),
            party!($side, $prefix, Telephone, "telephone", Value(Text(40)), "The telephone number."),
            party!($side, $prefix, Email, "email", Value(Text(254)), "The e-mail address."),
            party!(
                $side,
                $prefix,
                Identity,
                "identity",
                Value(Text(70)),
                "A tax or identity number, where asked for."
            ),
        ]
    };
    ($side:expr, $prefix:literal, $slot:ident, $name:literal, $content:expr, $meaning:literal) => {
        Element {
            slot: Slot::PartyField($side, PartySlot::$slot),
            name: $name,
            field: concat!($prefix, "-", $name),
            content: $content,
            occurs: Optional,
            meaning: $meaning,
        }
    };
}
use party;

const fn value(slot: Slot, name: &'static str, content: Content, meaning: &'static str) -> Element {
    Element { slot, name, field: name, content, occurs: Optional, meaning }
}

const fn group(
    slot: Slot,
    name: &'static str,
    children: &'static [Element],
    occurs: Occurs,
    meaning: &'static str,
) -> Element {
    Element { slot, name, field: name, content: Group(children), occurs, meaning }
}

const fn piece(slot: PieceSlot, name: &'static str, content: Content, meaning: &'static str) -> Element {
    value(Slot::PieceField(slot), name, content, meaning)
}

const fn part(
    slot: Slot,
    name: &'static str,
    field: &'static str,
    content: Content,
    meaning: &'static str,
) -> Element {
    Element { slot, name, field, content, occurs: Required, meaning }
}

const fn battery(
    slot: BatterySlot,
    name: &'static str,
    field: &'static str,
    content: Content,
    meaning: &'static str,
) -> Element {
    Element { slot: Slot::BatteryField(slot), name, field, content, occurs: Optional, meaning }
}
