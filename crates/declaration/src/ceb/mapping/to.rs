//! From a list to a declaration.

use bumpalo::Bump;
use caravan_postal::{Code, Country, Field, Finding, HsCode, S10, S10Error};

use super::number::{grams, money, units};
use super::{KILOGRAM, QUANTITIES, Rules, Unit, is_list, line_name, own_element, rules, slot};
use crate::ceb::codes::{country, currency};
use crate::ceb::document::{Document, Value, Values};
use crate::ceb::layout::Direction;
use crate::findings;
use crate::format::{PartySlot, PieceSlot, Side, Slot};
use crate::limits::Limits;
use crate::model::{Declaration, Document as Paper, DocumentKind, Identifier, Party, PartyKind, Piece};
use crate::place::{Mark, Spot};

/// A list as a declaration.
#[derive(Debug)]
pub(in crate::ceb) struct Mapped<'d> {
    pub(in crate::ceb) declaration: Declaration<'d>,
    /// Where the fields of the model stand in the input.
    pub(in crate::ceb) spots: Vec<Spot>,
    pub(in crate::ceb) findings: Vec<(Mark, Finding)>,
}

/// Returns the declaration that a list is; nothing for a document of another message.
pub(in crate::ceb) fn to_declaration<'d>(
    document: &'d Document<'_>,
    arena: &'d Bump,
    limits: &Limits,
) -> Option<Mapped<'d>> {
    if is_list(document.message) { map(document, arena, limits) } else { None }
}

/// Returns what a document that a declaration can be says of the item; of a document that names many items, what its
/// last line says.
pub(in crate::ceb) fn map<'d>(
    document: &'d Document<'_>,
    arena: &'d Bump,
    limits: &Limits,
) -> Option<Mapped<'d>> {
    let rules = rules(document.message)?;
    let mapped = Mapped { declaration: Declaration::default(), spots: Vec::new(), findings: Vec::new() };
    let (pieces_max, extras_max) = (usize::from(limits.pieces), usize::from(limits.extras));
    let mut reading = Reading { mapped, arena, rules, pieces_max, extras_max };
    if rules.unit == Unit::Line {
        document.blocks.last().into_iter().for_each(|line| reading.head(line));
        return Some(reading.mapped);
    }
    reading.mapped.declaration.sender.kind = Some(PartyKind::Business);
    if document.message.direction == Direction::Import {
        reading.mapped.declaration.addressee.country = Country::parse("CN");
    }
    let mut blocks = document.blocks.iter();
    blocks.next().into_iter().for_each(|head| reading.head(head));
    blocks.for_each(|line| reading.line(line));
    Some(reading.mapped)
}

struct Reading<'d> {
    mapped: Mapped<'d>,
    arena: &'d Bump,
    rules: &'static Rules,
    pieces_max: usize,
    extras_max: usize,
}

impl<'d> Reading<'d> {
    fn head(&mut self, head: &'d Values<'_>) {
        let amount = head.text("goodsValue").zip(head.text("currency").and_then(currency));
        self.mapped.declaration.total_value = amount.and_then(|(text, currency)| money(text, currency));
        for value in &head.values {
            if value.text.is_empty() {
                continue;
            }
            let slot = slot(self.rules.item, value.element.name);
            if slot.is_some_and(|slot| self.put(slot, value)) {
                self.note(slot, value.mark, 0);
            } else {
                self.extra(value.element.name, value);
            }
        }
    }

    /// Fills a field of the declaration; returns whether it holds all of the value.
    fn put(&mut self, slot: Slot, value: &'d Value<'_>) -> bool {
        let text = &*value.text;
        match slot {
            Slot::Identifier => self.identifier(value),
            Slot::SenderReference => {
                self.mapped.declaration.sender_reference = Some(self.joined(slot, value));
            }
            Slot::Comments => self.mapped.declaration.comments = Some(self.lines(slot, value)),
            Slot::GrossWeight => {
                self.mapped.declaration.gross_weight = grams(text);
                return self.mapped.declaration.gross_weight.is_some();
            }
            // Both elements of the amount are looked at before, together.
            Slot::TotalValue => return self.mapped.declaration.total_value.is_some(),
            Slot::DocumentNumber => {
                let number = self.joined(slot, value);
                self.mapped.declaration.documents.push(Paper { kind: DocumentKind::Licence, number });
            }
            Slot::PartyField(side, PartySlot::Country) => {
                self.party(side).country = country(text);
                return self.party(side).country.is_some();
            }
            Slot::PartyField(side, PartySlot::Street) => {
                self.party(side).street = Some(self.lines(slot, value));
            }
            Slot::PartyField(side, field) => {
                let text = Some(self.joined(slot, value));
                let party = self.party(side);
                match field {
                    PartySlot::Name => party.name = text,
                    PartySlot::Business => party.business = text,
                    PartySlot::Telephone => party.telephone = text,
                    PartySlot::Identity => party.identity = text,
                    _ => return false,
                }
            }
            _ => return false,
        }
        true
    }

    fn line(&mut self, line: &'d Values<'_>) {
        let index = self.mapped.declaration.pieces.len();
        if index >= self.pieces_max {
            let mark = line.values.first().map_or(Mark::default(), |value| value.mark);
            return self.report_once(&findings::PIECES_TOO_MANY, "piece", mark, self.pieces_max);
        }
        let number = u16::try_from(index + 1).unwrap_or(u16::MAX);
        let mut piece = Piece::default();
        let weighed = QUANTITIES.iter().find(|(_, unit)| line.text(unit) == Some(KILOGRAM));
        let weighed = weighed
            .map(|(quantity, _)| *quantity)
            .filter(|name| line.text(name).is_some_and(|text| grams(text).is_some()));
        let amount = line.text("totalPrice").zip(line.text("currency").and_then(currency));
        piece.value = amount.and_then(|(text, currency)| money(text, currency));
        if let Some(first) = line.values.first() {
            self.note(Some(Slot::Piece), first.mark, number);
        }
        for value in &line.values {
            let name = value.element.name;
            if value.text.is_empty() || (name == "gnum" && *value.text == (index + 1).to_string()) {
                continue;
            }
            let slot = match name {
                _ if Some(name) == weighed => Some(Slot::PieceField(PieceSlot::NetWeight)),
                "qty" => Some(Slot::PieceField(PieceSlot::Units)),
                _ => slot(self.rules.piece, name),
            };
            if slot.is_some_and(|slot| self.put_piece(&mut piece, slot, value, number)) {
                // The price says where the value is, not the currency.
                self.note(slot.filter(|_| name != "currency"), value.mark, number);
            } else {
                let name = self.arena.alloc_str(&line_name(index, name));
                self.extra(name, value);
            }
        }
        self.mapped.declaration.pieces.push(piece);
    }

    /// Fills a field of a content piece; returns whether it holds all of the value.
    fn put_piece(&mut self, piece: &mut Piece<'d>, slot: Slot, value: &'d Value<'_>, number: u16) -> bool {
        let text = &*value.text;
        let Slot::PieceField(field) = slot else { return false };
        match field {
            PieceSlot::Description => {
                let field = Field { piece: Some(number), name: "description" };
                piece.description = Some(self.one_line(field, value));
                true
            }
            PieceSlot::Units => {
                piece.units = units(text);
                piece.units.is_some()
            }
            PieceSlot::NetWeight => {
                piece.net_weight = grams(text);
                piece.net_weight.is_some()
            }
            // Both elements of a value are looked at before, together. A code that is not the number is kept beside it.
            PieceSlot::Value => {
                let is_number = |code: &str| code.bytes().all(|byte| byte.is_ascii_digit());
                piece.value.is_some() && (value.element.name != "currency" || is_number(text))
            }
            PieceSlot::Hs => {
                piece.hs = HsCode::parse(text).filter(|code| code.to_string() == text);
                piece.hs.is_some()
            }
            PieceSlot::Origin => {
                piece.origin = country(text);
                piece.origin.is_some()
            }
        }
    }

    /// Takes a waybill number; one that would be an S10 identifier but for its check digit is reported.
    fn identifier(&mut self, value: &'d Value<'_>) {
        let text = self.joined(Slot::Identifier, value);
        self.mapped.declaration.identifier = Some(match S10::parse(text) {
            Ok(s10) => Identifier::S10(s10),
            Err(fault) => {
                if let S10Error::CheckDigit { expected, found } = fault {
                    let finding =
                        findings::S10_CHECK_DIGIT.finding([found.to_string(), expected.to_string()]);
                    self.mapped.findings.push((value.mark, finding.on(Field::of("identifier"))));
                }
                Identifier::Other(text)
            }
        });
    }

    fn joined(&mut self, slot: Slot, value: &'d Value<'_>) -> &'d str {
        self.one_line(Field::of(own_element(slot).map_or("", |element| element.field)), value)
    }

    /// Returns a text of one line.
    fn one_line(&mut self, field: Field, value: &'d Value<'_>) -> &'d str {
        let is_break = |character: char| matches!(character, '\n' | '\t' | '\r');
        if !value.text.contains(is_break) {
            return &value.text;
        }
        self.mapped.findings.push((value.mark, findings::TEXT_JOINED.finding::<&str>([]).on(field)));
        let parts = value.text.split(is_break).map(str::trim).filter(|part| !part.is_empty());
        self.arena.alloc_str(&parts.collect::<Vec<_>>().join(" "))
    }

    /// Returns a text of several lines.
    fn lines(&mut self, slot: Slot, value: &'d Value<'_>) -> &'d str {
        if value.text.contains(['\t', '\r']) { self.joined(slot, value) } else { &value.text }
    }

    fn extra(&mut self, name: &'d str, value: &'d Value<'_>) {
        if self.mapped.declaration.extras.len() >= self.extras_max {
            return self.report_once(&findings::EXTRAS_TOO_MANY, "extra", value.mark, self.extras_max);
        }
        let text = self.one_line(Field::of("extra"), value);
        self.mapped.declaration.extras.push((name, text));
    }

    /// Reports a bound of the item where it is first passed.
    fn report_once(&mut self, code: &'static Code, field: &'static str, mark: Mark, limit: usize) {
        if !self.mapped.findings.iter().any(|(_, finding)| finding.code == code) {
            self.mapped.findings.push((mark, code.finding([limit.to_string()]).on(Field::of(field))));
        }
    }

    fn party(&mut self, side: Side) -> &mut Party<'d> {
        match side {
            Side::Sender => &mut self.mapped.declaration.sender,
            Side::Addressee => &mut self.mapped.declaration.addressee,
        }
    }

    fn note(&mut self, slot: Option<Slot>, mark: Mark, piece: u16) {
        if let Some(element) = slot.and_then(own_element) {
            self.mapped.spots.push(Spot { mark, element, piece });
        }
    }
}
