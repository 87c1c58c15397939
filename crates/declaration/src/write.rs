//! What the writers have in common: the text of each value, and what cannot be written.
//!
//! Writing is strict: what a reader would report, a writer refuses, and of an item that it refuses nothing is written.

use std::fmt::Write as _;
use std::io;

use caravan_postal::{Currency, Field, Grams, Money};
use chrono::{Datelike, NaiveDate};

use crate::builder::{is_control, length_limit};
use crate::format::table::CUBIC_CENTIMETRES_MAX;
use crate::format::{BatterySlot, Content, Element, Occurs, PartySlot, PieceSlot, Side, Slot, Type};
use crate::model::{Battery, Declaration, DocumentKind, Form, Identifier, Party, PartyKind, Piece};

/// Why a declaration was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The output failed.
    #[error("cannot write a declaration")]
    Output(#[source] io::Error),
    /// The model holds what the format cannot say.
    #[error("cannot write `{field}`: {reason}")]
    Unwritable {
        /// The field.
        field: Field,
        /// What is wrong with it.
        reason: Unwritable,
    },
    /// The envelope of an interchange cannot hold what it should.
    #[error("cannot write the envelope of a declaration")]
    Envelope(#[source] caravan_edi::WriteError),
}

/// What makes a value unwritable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unwritable {
    /// A text without a character, or with white space around it.
    #[error("the text is empty or has white space around it")]
    Blank,
    /// A text longer than its field.
    #[error("the text is longer than its field")]
    TooLong,
    /// A control character, or a line break where one line is meant.
    #[error("the text has control characters or line breaks")]
    Control,
    /// A number or a day beyond what the field can say.
    #[error("the value is beyond what the field can say")]
    Range,
    /// A code that its list does not have.
    #[error("the code is not in its list")]
    Code,
    /// A content piece without any value, which a row cannot show.
    #[error("the content piece has no value at all")]
    Nothing,
    /// A text with more lines than the format has room for.
    #[error("the text has more lines than the format has room for")]
    Lines,
    /// More rows than a sheet has.
    #[error("a sheet has 1048576 rows, and no row is left for the item")]
    Rows,
    /// A character that the character set of the file does not have.
    #[error("the character `{0}` is not in the character set of the file")]
    Character(char),
    /// A condition of the format that the declaration does not meet, by its number.
    #[error("the condition `{0}` is not met")]
    Condition(&'static str),
    /// Nothing, where the format wants a value.
    #[error("the format requires a value")]
    Missing,
}

/// What goes with the text of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Attribute<'d> {
    None,
    Currency(Currency),
    Name(&'d str),
}

/// Puts the text of a value into `text` when the declaration has one; `index` is that of the piece, document or extra
/// field, counted from 0.
pub(crate) fn render<'d>(
    declaration: &Declaration<'d>,
    element: &Element,
    index: usize,
    text: &mut String,
) -> Result<Option<Attribute<'d>>, WriteError> {
    text.clear();
    let mut page = Page { element, text, attribute: Attribute::None };
    let rendered = match element.slot {
        Slot::PartyField(Side::Sender, slot) => page.party(&declaration.sender, slot),
        Slot::PartyField(Side::Addressee, slot) => page.party(&declaration.addressee, slot),
        Slot::PieceField(slot) => {
            declaration.pieces.get(index).map_or(Ok(false), |piece| page.piece(piece, slot))
        }
        Slot::BatteryField(slot) => {
            let battery = declaration.pieces.get(index).and_then(|piece| piece.battery);
            battery.map_or(Ok(false), |battery| page.battery(battery, slot))
        }
        Slot::DocumentKind => {
            page.shown(declaration.documents.get(index).map(|document| document_kind(document.kind)))
        }
        Slot::DocumentNumber => page.prose(declaration.documents.get(index).map(|document| document.number)),
        Slot::Extra => page.extra(declaration.extras.get(index).copied()),
        _ => page.item(declaration, element.slot),
    };
    match rendered {
        Ok(is_there) => Ok(is_there.then_some(page.attribute)),
        Err(reason) => Err(WriteError::Unwritable { field: field(element, index), reason }),
    }
}

/// Returns how often an element is in a declaration: that of lists is their length, any other is looked at once.
pub(crate) fn times(declaration: &Declaration<'_>, element: &Element) -> usize {
    match element.slot {
        Slot::Piece => declaration.pieces.len(),
        Slot::Document => declaration.documents.len(),
        Slot::Extra => declaration.extras.len(),
        _ => 1,
    }
}

/// Returns the field that an element is in the model.
pub(crate) fn field(element: &Element, index: usize) -> Field {
    match element.slot {
        Slot::Piece => Field::of_piece(index, ""),
        Slot::PieceField(_) | Slot::BatteryField(_) => Field::of_piece(index, element.field),
        _ => Field::of(element.field),
    }
}

struct Page<'p, 'd> {
    element: &'p Element,
    text: &'p mut String,
    attribute: Attribute<'d>,
}

type Rendered = Result<bool, Unwritable>;

impl<'d> Page<'_, 'd> {
    fn item(&mut self, declaration: &Declaration<'d>, slot: Slot) -> Rendered {
        let route = &declaration.route;
        match slot {
            Slot::Identifier => self.shown(declaration.s10()),
            Slot::LocalIdentifier => match declaration.identifier {
                Some(Identifier::Other(number)) => self.prose(Some(number)),
                Some(Identifier::S10(_)) | None => Ok(false),
            },
            Slot::DomesticWaybill => self.prose(declaration.domestic_waybill),
            Slot::Form => self.shown(declaration.form.map(form)),
            Slot::Class => self.shown(route.class),
            Slot::Category => self.shown(route.category),
            Slot::Subclass => self.shown(route.subclass),
            Slot::Handling => self.shown(route.handling),
            Slot::OriginOffice => self.shown(route.origin),
            Slot::DestinationOffice => self.shown(route.destination),
            Slot::PostedOn => self.day(declaration.posted_on),
            Slot::Nature => self.shown(declaration.nature),
            Slot::NatureText => self.prose(declaration.nature_text),
            Slot::GrossWeight => self.kilograms(declaration.gross_weight),
            Slot::Volume => self.whole(declaration.volume.map(|volume| volume.0), CUBIC_CENTIMETRES_MAX),
            Slot::TotalValue => self.money(declaration.total_value),
            Slot::Postage => self.money(declaration.postage),
            Slot::InsuredValue => self.money(declaration.insured_value),
            Slot::SenderReference => self.prose(declaration.sender_reference),
            Slot::ImporterReference => self.prose(declaration.importer_reference),
            Slot::TaxScheme => self.word(declaration.prepaid_tax.map(|tax| tax.scheme)),
            Slot::TaxNumber => self.prose(declaration.prepaid_tax.map(|tax| tax.number)),
            Slot::Comments => self.prose(declaration.comments),
            Slot::SignedOn => self.day(declaration.signed_on),
            Slot::ReturnIfUndeliverable => self.shown(declaration.return_if_undeliverable),
            // The model keeps the volume that follows from them.
            Slot::Length | Slot::Width | Slot::Height => Ok(false),
            _ => {
                unreachable!("`{}` is a group, or rendered by the function of its group", self.element.field)
            }
        }
    }

    fn party(&mut self, party: &Party<'d>, slot: PartySlot) -> Rendered {
        match slot {
            PartySlot::Kind => self.shown(party.kind.map(party_kind)),
            PartySlot::Name => self.prose(party.name),
            PartySlot::Business => self.prose(party.business),
            PartySlot::Street => self.prose(party.street),
            PartySlot::City => self.prose(party.city),
            PartySlot::Region => self.prose(party.region),
            PartySlot::Postcode => self.prose(party.postcode),
            PartySlot::Country => self.shown(party.country),
            PartySlot::Telephone => self.prose(party.telephone),
            PartySlot::Email => self.prose(party.email),
            PartySlot::Identity => self.prose(party.identity),
        }
    }

    fn piece(&mut self, piece: &Piece<'d>, slot: PieceSlot) -> Rendered {
        match slot {
            PieceSlot::Description => self.prose(piece.description),
            PieceSlot::Units => self.shown(piece.units),
            PieceSlot::NetWeight => self.kilograms(piece.net_weight),
            PieceSlot::Value => self.money(piece.value),
            PieceSlot::Hs => self.shown(piece.hs),
            PieceSlot::Origin => self.shown(piece.origin),
        }
    }

    fn battery(&mut self, battery: Battery, slot: BatterySlot) -> Rendered {
        match slot {
            BatterySlot::UnNumber if !matches!(battery.un_number, 3480 | 3481 | 3090 | 3091) => {
                Err(Unwritable::Code)
            }
            BatterySlot::UnNumber => self.shown(Some(battery.un_number)),
            BatterySlot::Energy if battery.energy_mwh == 0 => Ok(false),
            // Watt-hours and kilograms both have three decimals.
            BatterySlot::Energy => self.kilograms(Some(Grams(battery.energy_mwh.into()))),
            BatterySlot::Count if battery.count == 0 => Ok(false),
            BatterySlot::Count => self.shown(Some(battery.count)),
            BatterySlot::Installed => self.shown(Some(battery.is_installed)),
        }
    }

    fn extra(&mut self, extra: Option<(&'d str, &'d str)>) -> Rendered {
        let Some((name, value)) = extra else { return Ok(false) };
        writable(self.element, name)?;
        self.attribute = Attribute::Name(name);
        self.prose(Some(value))
    }

    fn prose(&mut self, text: Option<&str>) -> Rendered {
        let Some(text) = text else { return Ok(false) };
        writable(self.element, text)?;
        self.text.push_str(text);
        Ok(true)
    }

    fn word(&mut self, text: Option<&str>) -> Rendered {
        let is_word =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if text.is_some_and(|text| !is_word(text)) {
            return Err(Unwritable::Code);
        }
        self.prose(text)
    }

    #[expect(clippy::unnecessary_wraps, reason = "one of several ways to render, most of which can fail")]
    fn shown(&mut self, value: Option<impl std::fmt::Display>) -> Rendered {
        let Some(value) = value else { return Ok(false) };
        write!(self.text, "{value}").expect("writing to a string");
        Ok(true)
    }

    fn whole(&mut self, number: Option<u64>, largest: u64) -> Rendered {
        if number.is_some_and(|number| number > largest) {
            return Err(Unwritable::Range);
        }
        self.shown(number)
    }

    fn kilograms(&mut self, weight: Option<Grams>) -> Rendered {
        if weight.is_some_and(|weight| weight > Grams::MAX) {
            return Err(Unwritable::Range);
        }
        self.shown(weight.map(Grams::kg))
    }

    fn money(&mut self, money: Option<Money>) -> Rendered {
        let Some(money) = money else { return Ok(false) };
        if !(0..=Money::MAX_MINOR).contains(&money.minor) {
            return Err(Unwritable::Range);
        }
        self.attribute = Attribute::Currency(money.currency);
        self.text.push_str(&money.decimal());
        Ok(true)
    }

    fn day(&mut self, day: Option<NaiveDate>) -> Rendered {
        let Some(day) = day else { return Ok(false) };
        if !(1..=9999).contains(&day.year()) {
            return Err(Unwritable::Range);
        }
        write!(self.text, "{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
            .expect("writing to a string");
        Ok(true)
    }
}

/// Checks a text against the rules that the readers have for its element.
fn writable(element: &Element, text: &str) -> Result<(), Unwritable> {
    let is_space = |character: char| matches!(character, ' ' | '\n' | '\t' | '\r');
    if text.is_empty() || text.starts_with(is_space) || text.ends_with(is_space) {
        return Err(Unwritable::Blank);
    }
    let has_lines = matches!(element.content, Content::Value(Type::Lines(_)));
    let is_wrong = |c: char| is_control(c) || matches!(c, '\t' | '\r') || (c == '\n' && !has_lines);
    if text.contains(is_wrong) {
        return Err(Unwritable::Control);
    }
    let limit = length_limit(element);
    if text.len() > limit && text.chars().count() > limit {
        return Err(Unwritable::TooLong);
    }
    Ok(())
}

/// Returns whether an element is there any number of times.
pub(crate) fn is_list(element: &Element) -> bool {
    element.occurs == Occurs::Many
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Cn22 => "CN22",
        Form::Cn23 => "CN23",
    }
}

fn party_kind(kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Person => "person",
        PartyKind::Business => "business",
    }
}

fn document_kind(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Licence => "licence",
        DocumentKind::Certificate => "certificate",
        DocumentKind::Invoice => "invoice",
    }
}
