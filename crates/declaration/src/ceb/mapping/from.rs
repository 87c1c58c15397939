//! From a declaration to a document, or to a line of one.

use std::borrow::Cow;

use bumpalo::Bump;
use caravan_postal::Field;

use super::derived;
use super::number::{canonical, kilograms};
use super::{KILOGRAM, QUANTITIES, Rules, is_list, line_name, map, rules, slot};
use crate::ceb::codes::{country_number, currency, currency_number};
use crate::ceb::document::{Document, Values};
use crate::ceb::facts::{Around, Facts};
use crate::ceb::layout::{Block, Message};
use crate::compare::{Losses, lost_fields};
use crate::format::{PartySlot, PieceSlot, Side, Slot};
use crate::limits::Limits;
use crate::model::{Declaration, DocumentKind, Identifier, Piece};

/// A declaration as a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted<'d> {
    /// The document. The writer says what it lacks.
    pub document: Document<'d>,
    /// What of the declaration it does not say.
    pub losses: Losses<'d>,
}

/// What belongs to the document that an item came in, and not to the item; another kind of document has its own.
const OF_THE_DOCUMENT: [&str; 4] = ["guid", "appType", "appTime", "appStatus"];

/// Makes a document of a declaration. What neither the declaration nor its extra fields say, and what does not follow
/// from them, is taken from `facts`. `number` is that of the document in the whole conversion, counted from 1, and
/// `guid` is its GUID, unless the list that it was has one.
///
/// Returns nothing when items are no documents of `message`.
pub fn from_declaration<'d>(
    declaration: &'d Declaration<'d>,
    message: &'static Message,
    facts: &'d Facts,
    number: usize,
    guid: &'d str,
) -> Option<Converted<'d>> {
    let rules = rules(message).filter(|rules| rules.unit == super::Unit::Document)?;
    let mut writing = Writing::new(declaration, message, rules, facts, Numbers { number, guid });
    let mut document = Document::new(message);
    let block = &message.document.block;
    if block.has_elements() {
        document.blocks.push(writing.head(block));
    }
    for part in &block.parts {
        if part.most == Some(1) {
            document.blocks.push(writing.head(&part.block));
            continue;
        }
        for (index, piece) in declaration.pieces.iter().enumerate() {
            document.blocks.push(writing.line(&part.block, index, piece));
        }
    }
    let extras = writing.unused();
    let fields = lost(declaration, &document);
    Some(Converted { document, losses: Losses { fields, extras } })
}

/// Makes a line of a declaration, for a document that names many items. `number` is that of the line, counted from 1.
pub(in crate::ceb) fn line_of<'d>(
    declaration: &'d Declaration<'d>,
    message: &'static Message,
    block: &'static Block,
    facts: &'d Facts,
    number: usize,
) -> Option<(Values<'d>, Vec<&'d str>)> {
    let numbers = Numbers { number: 1, guid: "" };
    let mut writing = Writing::new(declaration, message, rules(message)?, facts, numbers);
    let mut line = writing.values(block, number);
    line.set("gnum", number.to_string());
    Some((line, writing.unused()))
}

/// Makes the head of a document that names many items: nothing of it is said by an item.
pub(in crate::ceb) fn head_of<'d>(
    nobody: &'d Declaration<'d>,
    message: &'static Message,
    block: &'static Block,
    facts: &'d Facts,
    guid: &'d str,
) -> Option<Values<'d>> {
    let numbers = Numbers { number: 1, guid };
    Some(Writing::new(nobody, message, rules(message)?, facts, numbers).values(block, 0))
}

/// What a document is counted and known by.
struct Numbers<'d> {
    number: usize,
    guid: &'d str,
}

struct Writing<'d> {
    declaration: &'d Declaration<'d>,
    message: &'static Message,
    rules: &'static Rules,
    facts: &'d Facts,
    numbers: Numbers<'d>,
    /// The identifier as a text.
    item: Option<String>,
    /// Which extra fields were taken.
    used: Vec<bool>,
}

/// What a declaration says in a field: nothing at all, or something, which customs may have no code for.
type Said<'d> = Option<Option<Cow<'d, str>>>;

impl<'d> Writing<'d> {
    fn new(
        declaration: &'d Declaration<'d>,
        message: &'static Message,
        rules: &'static Rules,
        facts: &'d Facts,
        numbers: Numbers<'d>,
    ) -> Self {
        let item = declaration.identifier.map(|identifier| match identifier {
            Identifier::S10(s10) => s10.to_string(),
            Identifier::Other(text) => text.to_owned(),
        });
        let used = vec![false; declaration.extras.len()];
        Self { declaration, message, rules, facts, numbers, item, used }
    }

    fn head(&mut self, block: &'static Block) -> Values<'d> {
        let mut head = self.values(block, 0);
        derived::complete_head(self.declaration, &mut head);
        head
    }

    /// Fills a block that is said of the item.
    fn values(&mut self, block: &'static Block, line: usize) -> Values<'d> {
        let mut values = Values::new(block);
        for element in &block.elements {
            let said = slot(self.rules.item, element.name).and_then(|slot| self.said(slot));
            let text = said.unwrap_or_else(|| {
                self.extra_of_head(element.name)
                    .or_else(|| derived::of_item(self.declaration, element.name).map(Cow::Owned))
                    .or_else(|| (element.name == "guid").then_some(Cow::Borrowed(self.numbers.guid)))
                    .or_else(|| self.fact(block, element.name, line))
                    .or_else(|| derived::usual(self.message, element).map(Cow::Borrowed))
            });
            if let Some(text) = text {
                values.set(element.name, text);
            }
        }
        values
    }

    /// Returns what the declaration says in a field.
    fn said(&self, slot: Slot) -> Said<'d> {
        let declaration = self.declaration;
        let text = match slot {
            Slot::Identifier => return self.item.clone().map(|text| Some(text.into())),
            Slot::SenderReference => declaration.sender_reference,
            Slot::Comments => declaration.comments,
            Slot::GrossWeight => {
                return declaration.gross_weight.map(|weight| Some(kilograms(weight).into()));
            }
            Slot::DocumentNumber => {
                let licence = declaration.documents.iter().find(|paper| paper.kind == DocumentKind::Licence);
                licence.map(|paper| paper.number)
            }
            Slot::PartyField(side, field) => {
                let party = match side {
                    Side::Sender => &declaration.sender,
                    Side::Addressee => &declaration.addressee,
                };
                match field {
                    PartySlot::Name => party.name,
                    PartySlot::Business => party.business,
                    PartySlot::Street => party.street,
                    PartySlot::Telephone => party.telephone,
                    PartySlot::Identity => party.identity,
                    PartySlot::Country => {
                        return party.country.map(|country| country_number(country).map(Cow::Borrowed));
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        text.map(|text| Some(Cow::Borrowed(text)))
    }

    fn line(&mut self, block: &'static Block, index: usize, piece: &Piece<'d>) -> Values<'d> {
        let mut line = Values::new(block);
        for element in &block.elements {
            if let Some(text) = self.of_line(block, index, piece, element.name) {
                line.set(element.name, text);
            }
        }
        derived::complete_line(&mut line);
        line
    }

    fn of_line(
        &mut self,
        block: &'static Block,
        index: usize,
        piece: &Piece<'d>,
        name: &str,
    ) -> Option<Cow<'d, str>> {
        let extra = line_name(index, name);
        if name == "gnum" {
            return self.extra(&extra).or_else(|| Some((index + 1).to_string().into()));
        }
        if name == "currency"
            && let Some(value) = piece.value
        {
            // A code of ISO 4217 is kept as an extra field, which holds as long as it means the same.
            let written = self.extra(&extra).filter(|code| currency(code) == Some(value.currency));
            return written.or_else(|| currency_number(value.currency).map(Cow::Borrowed));
        }
        let said = if self.weighed(block, index) == Some(name) {
            piece.net_weight.map(|weight| Some(kilograms(weight).into()))
        } else if name == "qty" {
            piece.units.map(|units| Some(units.to_string().into()))
        } else {
            slot(self.rules.piece, name).and_then(|slot| self.said_of_piece(piece, slot))
        };
        said.unwrap_or_else(|| {
            self.extra(&extra)
                .or_else(|| derived::of_piece(self.declaration, self.message, name).map(Cow::Borrowed))
                .or_else(|| self.fact(block, name, index + 1))
                .or_else(|| {
                    let element = block.elements.iter().find(|element| element.name == name)?;
                    derived::usual(self.message, element).map(Cow::Borrowed)
                })
        })
    }

    fn said_of_piece(&self, piece: &Piece<'d>, slot: Slot) -> Said<'d> {
        let Slot::PieceField(field) = slot else { return None };
        match field {
            PieceSlot::Description => piece.description.map(|text| Some(Cow::Borrowed(text))),
            PieceSlot::Hs => piece.hs.map(|code| {
                let digits = code.to_string();
                Some(if self.facts.pads_commodity_codes { format!("{digits:0<10}") } else { digits }.into())
            }),
            PieceSlot::Origin => piece.origin.map(|country| country_number(country).map(Cow::Borrowed)),
            PieceSlot::Value => piece.value.map(|value| Some(canonical(&value.decimal()).into())),
            PieceSlot::Units | PieceSlot::NetWeight => None,
        }
    }

    /// Returns the quantity of a line that is its net weight: the first in kilograms.
    fn weighed(&self, block: &Block, index: usize) -> Option<&'static str> {
        let unit = |name: &str| {
            let extra = line_name(index, name);
            let found = self.declaration.extras.iter().find(|(key, _)| *key == extra).map(|(_, text)| *text);
            found.or_else(|| self.facts.get(block, name))
        };
        let is_there = |name: &str| block.elements.iter().any(|element| element.name == name);
        let mut quantities = QUANTITIES.iter().filter(|(_, name)| is_there(name));
        quantities.find(|(_, name)| unit(name) == Some(KILOGRAM)).map(|(quantity, _)| *quantity)
    }

    fn extra_of_head(&mut self, name: &str) -> Option<Cow<'d, str>> {
        if OF_THE_DOCUMENT.contains(&name) && !is_list(self.message) { None } else { self.extra(name) }
    }

    fn extra(&mut self, name: &str) -> Option<Cow<'d, str>> {
        let at = self.declaration.extras.iter().position(|(key, _)| *key == name)?;
        self.used[at] = true;
        Some(Cow::Borrowed(self.declaration.extras[at].1))
    }

    fn fact(&self, block: &Block, name: &str, line: usize) -> Option<Cow<'d, str>> {
        let around = Around { item: self.item.as_deref(), document: self.numbers.number, line };
        self.facts.filled(block, name, around)
    }

    /// Returns the extra fields that have no place.
    fn unused(&self) -> Vec<&'d str> {
        let extras = self.declaration.extras.iter().zip(&self.used);
        extras.filter(|(_, used)| !**used).map(|((name, _), _)| *name).collect()
    }
}

/// Returns the fields of a declaration that mapping its document back does not give.
fn lost(declaration: &Declaration<'_>, document: &Document<'_>) -> Vec<Field> {
    let arena = Bump::new();
    let limits = Limits { pieces: u16::MAX, extras: u16::MAX, ..Limits::standard() };
    map(document, &arena, &limits)
        .map_or_else(Vec::new, |mapped| lost_fields(declaration, &mapped.declaration))
}
