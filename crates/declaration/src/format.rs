//! Our own format as data: every element with its place, type, cardinality and meaning.
//!
//! The readers, the writers, the XSD, the JSON Schema and the format's documentation are made from the one table in
//! [`table`]. A value is a text between tags in XML, a member in JSON and a cell in CSV; a group encloses elements in
//! XML, is an object in JSON and a prefix of column names in CSV.

pub mod documentation;
pub mod json_schema;
pub mod schema;
pub mod table;

use table::{BATTERY, DIMENSIONS, DOCUMENT, PARTIES, PREPAID_TAX};

pub use table::{ITEM, PIECE};

/// The namespace of our XML.
pub const NAMESPACE: &str = "urn:caravan:declaration:1";
/// The root element.
pub const ROOT: &str = "declarations";
/// The element of one item.
pub const ITEM_NAME: &str = "item";
/// The members that an amount has in JSON.
pub(crate) const MONEY: [&str; 2] = ["amount", "currency"];
/// The members that an extra field has in JSON.
pub(crate) const NAMED: [&str; 2] = ["value", "name"];

/// One element of the format.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// What it fills in the model.
    pub slot: Slot,
    /// Its name in XML and JSON.
    pub name: &'static str,
    /// The name of its [`caravan_postal::Field`]; of its CSV column too, with `piece-` before it inside a piece.
    pub field: &'static str,
    /// What it holds.
    pub content: Content,
    /// How often it may be there.
    pub occurs: Occurs,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// What an element holds.
#[derive(Debug, Clone, Copy)]
pub enum Content {
    /// A value.
    Value(Type),
    /// Other elements.
    Group(&'static [Element]),
}

/// How often an element may be there in its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurs {
    /// At most once.
    Optional,
    /// Once: without it the group means nothing.
    Required,
    /// Any number of times.
    Many,
}

/// The type of a value.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    /// An S10 identifier.
    Identifier,
    /// A text of one line and at most so many characters.
    Text(u16),
    /// A text of several lines and at most so many characters.
    Lines(u16),
    /// A text with a `name` attribute; both of at most so many characters.
    Named(u16),
    /// A word of at most so many upper-case letters and digits.
    Word(u16),
    /// A weight in kilograms with at most three decimals.
    Kilograms,
    /// An amount in major units, with a `currency` attribute.
    Money,
    /// A day, `2026-07-01`.
    Date,
    /// A country of ISO 3166-1.
    Country,
    /// An office of exchange of UPU S34.
    Office,
    /// A mail subclass.
    Subclass,
    /// A commodity code of 6, 8 or 10 digits.
    Hs,
    /// A whole number up to a largest.
    Whole(u64),
    /// Watt-hours with at most three decimals.
    WattHours,
    /// `true` or `false`.
    Flag,
    /// A code of a closed list, each with its meaning.
    Code(&'static [(&'static str, &'static str)]),
}

/// What an element fills in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the field of the model that has its name")]
pub enum Slot {
    Identifier,
    LocalIdentifier,
    DomesticWaybill,
    Form,
    Class,
    Category,
    Subclass,
    Handling,
    OriginOffice,
    DestinationOffice,
    PostedOn,
    Nature,
    NatureText,
    GrossWeight,
    Dimensions,
    Length,
    Width,
    Height,
    Volume,
    TotalValue,
    Postage,
    InsuredValue,
    Party(Side),
    PartyField(Side, PartySlot),
    SenderReference,
    ImporterReference,
    PrepaidTax,
    TaxScheme,
    TaxNumber,
    Piece,
    PieceField(PieceSlot),
    Battery,
    BatteryField(BatterySlot),
    Document,
    DocumentKind,
    DocumentNumber,
    Comments,
    SignedOn,
    ReturnIfUndeliverable,
    Extra,
}

/// Which party of the declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The sender.
    Sender,
    /// The addressee.
    Addressee,
}

/// What an element of a party fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the field of the model that has its name")]
pub enum PartySlot {
    Kind,
    Name,
    Business,
    Street,
    City,
    Region,
    Postcode,
    Country,
    Telephone,
    Email,
    Identity,
}

/// What an element of a content piece fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the field of the model that has its name")]
pub enum PieceSlot {
    Description,
    Units,
    NetWeight,
    Value,
    Hs,
    Origin,
}

/// What an element of a battery fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the field of the model that has its name")]
pub enum BatterySlot {
    UnNumber,
    Energy,
    Count,
    Installed,
}

impl Element {
    /// Returns the elements of a group; none for a value.
    pub fn children(&self) -> &'static [Self] {
        match self.content {
            Content::Value(_) => &[],
            Content::Group(children) => children,
        }
    }

    /// Returns the type of a value.
    pub fn value_type(&self) -> Option<Type> {
        match self.content {
            Content::Value(value) => Some(value),
            Content::Group(_) => None,
        }
    }

    /// Returns the name of the attribute that belongs to the element's type.
    pub fn attribute(&self) -> Option<&'static str> {
        match self.content {
            Content::Value(Type::Money) => Some("currency"),
            Content::Value(Type::Named(_)) => Some("name"),
            Content::Value(_) | Content::Group(_) => None,
        }
    }
}

/// Returns every group of elements in the format, the item itself first.
fn groups() -> [&'static [Element]; 8] {
    [ITEM, PIECE, BATTERY, DIMENSIONS, DOCUMENT, PREPAID_TAX, PARTIES[0], PARTIES[1]]
}

/// Returns whether an element of that name is anywhere in the format.
pub(crate) fn is_known(name: &str) -> bool {
    groups().iter().any(|group| group.iter().any(|element| element.name == name))
}

/// Returns the element that is the field of that name.
pub(crate) fn element(field: &str) -> Option<&'static Element> {
    groups().into_iter().flatten().find(|element| element.field == field)
}
