//! From a declaration to a list.

use std::borrow::Cow;

use bumpalo::Bump;
use caravan_postal::Field;

use super::number::{canonical, kilograms};
use super::{KILOGRAM, QUANTITIES, Rules, line_name, rules, slot, to_declaration};
use crate::ceb::codes::{country_number, currency, currency_number};
use crate::ceb::document::{Document, Values};
use crate::ceb::layout::Message;
use crate::format::{Element, ITEM, PIECE, PartySlot, PieceSlot, Side, Slot};
use crate::limits::Limits;
use crate::model::{Declaration, DocumentKind, Identifier, Piece};
use crate::write::{field, render, times};

/// A declaration as a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Converted<'d> {
    /// The list. The writer says what it lacks.
    pub document: Document<'d>,
    /// The fields of the declaration that a list cannot say, or not as they are.
    pub left_out: Vec<Field>,
    /// The names of the extra fields that the list does not have.
    pub extras_left_out: Vec<&'d str>,
}

/// Makes a list of a declaration. What neither the declaration nor its extra fields say is taken from `defaults`, by
/// the names of the format: `customsCode`, and `InventoryList/unit` for every line.
///
/// Returns nothing when `message` is neither the export list (603) nor the import list (621).
pub fn from_declaration<'d>(
    declaration: &'d Declaration<'d>,
    message: &'static Message,
    defaults: &[(&str, &'d str)],
) -> Option<Converted<'d>> {
    let rules = rules(message)?;
    let mut writing = Writing { declaration, rules, defaults, used: vec![false; declaration.extras.len()] };
    let mut document = Document::new(message);
    for part in &message.document.block.parts {
        if part.most == Some(1) {
            let mut head = Values::new(&part.block);
            for element in &part.block.elements {
                if let Some(text) = writing.head(element.name) {
                    head.set(element.name, text);
                }
            }
            document.blocks.push(head);
            continue;
        }
        for (index, piece) in declaration.pieces.iter().enumerate() {
            let mut line = Values::new(&part.block);
            for element in &part.block.elements {
                if let Some(text) = writing.line(index, piece, element.name) {
                    line.set(element.name, text);
                }
            }
            document.blocks.push(line);
        }
    }
    let unused = declaration.extras.iter().zip(&writing.used).filter(|(_, used)| !**used);
    let extras_left_out = unused.map(|((name, _), _)| *name).collect();
    let left_out = left_out(declaration, &document);
    Some(Converted { document, left_out, extras_left_out })
}

struct Writing<'w, 'd> {
    declaration: &'d Declaration<'d>,
    rules: &'static Rules,
    defaults: &'w [(&'w str, &'d str)],
    /// Which extra fields were taken.
    used: Vec<bool>,
}

impl<'d> Writing<'_, 'd> {
    fn head(&mut self, name: &str) -> Option<Cow<'d, str>> {
        let said = slot(self.rules.head, name).and_then(|slot| self.said(slot));
        said.or_else(|| self.extra(name)).or_else(|| self.default(name))
    }

    /// Returns what the declaration says in a field.
    fn said(&self, slot: Slot) -> Option<Cow<'d, str>> {
        let declaration = self.declaration;
        let text = match slot {
            Slot::Identifier => match declaration.identifier? {
                Identifier::S10(s10) => return Some(s10.to_string().into()),
                Identifier::Other(text) => Some(text),
            },
            Slot::SenderReference => declaration.sender_reference,
            Slot::Comments => declaration.comments,
            Slot::GrossWeight => return declaration.gross_weight.map(|weight| kilograms(weight).into()),
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
                    PartySlot::Country => party.country.and_then(country_number),
                    _ => None,
                }
            }
            _ => None,
        };
        text.map(Cow::Borrowed)
    }

    fn line(&mut self, index: usize, piece: &Piece<'d>, name: &str) -> Option<Cow<'d, str>> {
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
        let said = if self.weighed(index) == Some(name) {
            piece.net_weight.map(|weight| kilograms(weight).into())
        } else if name == "qty" {
            piece.units.map(|units| units.to_string().into())
        } else {
            slot(self.rules.line, name).and_then(|slot| said_of_piece(piece, slot))
        };
        let default = format!("{}/{name}", super::LINE);
        said.or_else(|| self.extra(&extra)).or_else(|| self.default(&default))
    }

    /// Returns the quantity of a line that is its net weight: the first in kilograms.
    fn weighed(&self, index: usize) -> Option<&'static str> {
        let unit = |name: &str| {
            let extra = line_name(index, name);
            let found = self.declaration.extras.iter().find(|(key, _)| *key == extra).map(|(_, text)| *text);
            found.or_else(|| self.found_default(&format!("{}/{name}", super::LINE)))
        };
        QUANTITIES.iter().find(|(_, name)| unit(name) == Some(KILOGRAM)).map(|(quantity, _)| *quantity)
    }

    fn extra(&mut self, name: &str) -> Option<Cow<'d, str>> {
        let at = self.declaration.extras.iter().position(|(key, _)| *key == name)?;
        self.used[at] = true;
        Some(Cow::Borrowed(self.declaration.extras[at].1))
    }

    fn default(&self, name: &str) -> Option<Cow<'d, str>> {
        self.found_default(name).map(Cow::Borrowed)
    }

    fn found_default(&self, name: &str) -> Option<&'d str> {
        self.defaults.iter().find(|(key, _)| *key == name).map(|(_, text)| *text)
    }
}

fn said_of_piece<'d>(piece: &Piece<'d>, slot: Slot) -> Option<Cow<'d, str>> {
    let Slot::PieceField(field) = slot else { return None };
    match field {
        PieceSlot::Description => piece.description.map(Cow::Borrowed),
        PieceSlot::Hs => piece.hs.map(|code| code.to_string().into()),
        PieceSlot::Origin => piece.origin.and_then(country_number).map(Cow::Borrowed),
        PieceSlot::Value => piece.value.map(|value| canonical(&value.decimal()).into()),
        PieceSlot::Units | PieceSlot::NetWeight => None,
    }
}

/// Returns the fields of a declaration that reading its list does not give back.
fn left_out(declaration: &Declaration<'_>, document: &Document<'_>) -> Vec<Field> {
    let arena = Bump::new();
    let limits = Limits { pieces: u16::MAX, extras: u16::MAX, ..Limits::standard() };
    let Some(mapped) = to_declaration(document, &arena, &limits) else { return Vec::new() };
    let mut lost = Vec::new();
    for element in ITEM.iter().filter(|element| element.slot != Slot::Extra) {
        for index in 0..times(declaration, element) {
            if element.slot == Slot::Piece {
                compare(PIECE, index, declaration, &mapped.declaration, &mut lost);
            } else {
                compare(std::slice::from_ref(element), index, declaration, &mapped.declaration, &mut lost);
            }
        }
    }
    lost
}

fn compare(
    elements: &'static [Element],
    index: usize,
    declaration: &Declaration<'_>,
    back: &Declaration<'_>,
    lost: &mut Vec<Field>,
) {
    for element in elements {
        if !element.children().is_empty() {
            compare(element.children(), index, declaration, back, lost);
            continue;
        }
        let (mut said, mut read) = (String::new(), String::new());
        let before = render(declaration, element, index, &mut said);
        let after = render(back, element, index, &mut read);
        let is_said = !matches!(before, Ok(None));
        let is_same = match (&before, &after) {
            (Ok(before), Ok(after)) => before == after && said == read,
            (before, after) => before.is_err() && after.is_err(),
        };
        if is_said && !is_same {
            lost.push(field(element, index));
        }
    }
}
