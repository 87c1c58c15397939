//! Writing version 1.

use caravan_postal::{Country, Currency, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money, Nature};
use chrono::{Datelike, NaiveDate};

use super::{
    FIRST_DAY, HAS_ADDRESSEE, HAS_BATTERY, HAS_BUSINESS, HAS_CATEGORY, HAS_CITY, HAS_CLASS, HAS_COMMENTS,
    HAS_COUNTRY, HAS_DESCRIPTION, HAS_DESTINATION_OFFICE, HAS_DOCUMENTS, HAS_DOMESTIC_WAYBILL, HAS_EMAIL,
    HAS_EXTRAS, HAS_FORM, HAS_GROSS_WEIGHT, HAS_HANDLING, HAS_HS, HAS_IDENTITY, HAS_IMPORTER_REFERENCE,
    HAS_INSURED_VALUE, HAS_KIND, HAS_NAME, HAS_NATURE, HAS_NATURE_TEXT, HAS_NET_WEIGHT, HAS_ORIGIN,
    HAS_ORIGIN_OFFICE, HAS_OTHER_IDENTIFIER, HAS_PIECES, HAS_POSTAGE, HAS_POSTCODE, HAS_POSTED_ON,
    HAS_PREPAID_TAX, HAS_REGION, HAS_RETURN_WISH, HAS_S10, HAS_SENDER, HAS_SENDER_REFERENCE, HAS_SIGNED_ON,
    HAS_STREET, HAS_SUBCLASS, HAS_TELEPHONE, HAS_TOTAL_VALUE, HAS_UNITS, HAS_VALUE, HAS_VOLUME, VERSION,
    WANTS_RETURN,
};
use crate::model::{Declaration, DocumentKind, Form, Identifier, Party, PartyKind, Piece};

/// Appends the declaration in the newest version.
pub fn encode(declaration: &Declaration<'_>, into: &mut Vec<u8>) {
    into.push(VERSION);
    let mut encoder = Encoder { into, currency: None };
    encoder.number(bits(declaration));
    encoder.identity(declaration);
    encoder.body(declaration);
}

struct Encoder<'o> {
    into: &'o mut Vec<u8>,
    /// The currency of the amount before.
    currency: Option<Currency>,
}

impl Encoder<'_> {
    fn identity(&mut self, declaration: &Declaration<'_>) {
        match declaration.identifier {
            Some(Identifier::S10(s10)) => self.number(s10.key().cast_unsigned()),
            Some(Identifier::Other(text)) => self.text(text),
            None => {}
        }
        self.optional_text(declaration.domestic_waybill);
        self.optional_byte(declaration.form.map(form));
        let route = &declaration.route;
        self.optional_byte(route.class.map(class));
        self.optional_byte(route.category.map(category));
        self.optional_bytes(route.subclass.as_ref().map(MailSubclass::as_str));
        self.optional_byte(route.handling.map(handling));
        self.optional_bytes(route.origin.as_ref().map(Impc::as_str));
        self.optional_bytes(route.destination.as_ref().map(Impc::as_str));
        self.optional_day(declaration.posted_on);
        self.optional_byte(declaration.nature.map(nature));
        self.optional_text(declaration.nature_text);
        self.optional_number(declaration.gross_weight.map(|weight| weight.0));
    }

    fn body(&mut self, declaration: &Declaration<'_>) {
        for party in [&declaration.sender, &declaration.addressee] {
            let bits = party_bits(party);
            if bits != 0 {
                self.number(bits);
                self.party(party);
            }
        }
        if !declaration.pieces.is_empty() {
            self.count(declaration.pieces.len());
            for piece in &declaration.pieces {
                self.piece(piece);
            }
        }
        self.optional_money(declaration.postage);
        self.optional_money(declaration.total_value);
        self.optional_money(declaration.insured_value);
        self.optional_number(declaration.volume.map(|volume| volume.0));
        self.optional_text(declaration.sender_reference);
        self.optional_text(declaration.importer_reference);
        if let Some(tax) = declaration.prepaid_tax {
            self.text(tax.scheme);
            self.text(tax.number);
        }
        if !declaration.documents.is_empty() {
            self.count(declaration.documents.len());
            for document in &declaration.documents {
                self.into.push(document_kind(document.kind));
                self.text(document.number);
            }
        }
        self.optional_text(declaration.comments);
        self.optional_day(declaration.signed_on);
        if !declaration.extras.is_empty() {
            self.count(declaration.extras.len());
            for (name, value) in &declaration.extras {
                self.text(name);
                self.text(value);
            }
        }
    }

    fn party(&mut self, party: &Party<'_>) {
        self.optional_byte(party.kind.map(party_kind));
        self.optional_text(party.name);
        self.optional_text(party.street);
        self.optional_text(party.city);
        self.optional_text(party.postcode);
        self.optional_bytes(party.country.as_ref().map(Country::as_str));
        self.optional_text(party.telephone);
        self.optional_text(party.business);
        self.optional_text(party.region);
        self.optional_text(party.email);
        self.optional_text(party.identity);
    }

    fn piece(&mut self, piece: &Piece<'_>) {
        self.number(
            bit(piece.description.is_some(), HAS_DESCRIPTION)
                | bit(piece.units.is_some(), HAS_UNITS)
                | bit(piece.net_weight.is_some(), HAS_NET_WEIGHT)
                | bit(piece.value.is_some(), HAS_VALUE)
                | bit(piece.hs.is_some(), HAS_HS)
                | bit(piece.origin.is_some(), HAS_ORIGIN)
                | bit(piece.battery.is_some(), HAS_BATTERY),
        );
        self.optional_text(piece.description);
        self.optional_number(piece.units.map(u64::from));
        self.optional_number(piece.net_weight.map(|weight| weight.0));
        self.optional_money(piece.value);
        self.optional_number(piece.hs.map(hs));
        self.optional_bytes(piece.origin.as_ref().map(Country::as_str));
        if let Some(battery) = piece.battery {
            // The lowest bit tells whether the battery is installed.
            self.number(u64::from(battery.un_number) << 1 | u64::from(battery.is_installed));
            self.number(battery.energy_mwh.into());
            self.number(battery.count.into());
        }
    }

    fn optional_money(&mut self, money: Option<Money>) {
        let Some(Money { minor, currency }) = money else { return };
        if self.currency == Some(currency) {
            self.into.push(0);
        } else {
            self.into.extend_from_slice(currency.as_str().as_bytes());
            self.currency = Some(currency);
        }
        self.signed(minor);
    }

    fn optional_day(&mut self, day: Option<NaiveDate>) {
        if let Some(day) = day {
            self.signed(i64::from(day.num_days_from_ce()) - i64::from(FIRST_DAY));
        }
    }

    fn optional_text(&mut self, text: Option<&str>) {
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn optional_bytes(&mut self, letters: Option<&str>) {
        if let Some(letters) = letters {
            self.into.extend_from_slice(letters.as_bytes());
        }
    }

    fn optional_byte(&mut self, byte: Option<u8>) {
        self.into.extend(byte);
    }

    fn optional_number(&mut self, number: Option<u64>) {
        if let Some(number) = number {
            self.number(number);
        }
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.into.extend_from_slice(text.as_bytes());
    }

    fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// Zigzag: small numbers of either sign become small.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.into.push((number & 0x7F) as u8 | 0x80);
            number >>= 7;
        }
        self.into.push((number & 0x7F) as u8);
    }
}

fn bits(declaration: &Declaration<'_>) -> u64 {
    let route = &declaration.route;
    let wish = declaration.return_if_undeliverable;
    bit(matches!(declaration.identifier, Some(Identifier::S10(_))), HAS_S10)
        | bit(matches!(declaration.identifier, Some(Identifier::Other(_))), HAS_OTHER_IDENTIFIER)
        | bit(declaration.domestic_waybill.is_some(), HAS_DOMESTIC_WAYBILL)
        | bit(declaration.form.is_some(), HAS_FORM)
        | bit(route.class.is_some(), HAS_CLASS)
        | bit(route.category.is_some(), HAS_CATEGORY)
        | bit(route.subclass.is_some(), HAS_SUBCLASS)
        | bit(route.handling.is_some(), HAS_HANDLING)
        | bit(route.origin.is_some(), HAS_ORIGIN_OFFICE)
        | bit(route.destination.is_some(), HAS_DESTINATION_OFFICE)
        | bit(declaration.posted_on.is_some(), HAS_POSTED_ON)
        | bit(declaration.nature.is_some(), HAS_NATURE)
        | bit(declaration.nature_text.is_some(), HAS_NATURE_TEXT)
        | bit(declaration.gross_weight.is_some(), HAS_GROSS_WEIGHT)
        | bit(party_bits(&declaration.sender) != 0, HAS_SENDER)
        | bit(party_bits(&declaration.addressee) != 0, HAS_ADDRESSEE)
        | bit(!declaration.pieces.is_empty(), HAS_PIECES)
        | bit(declaration.postage.is_some(), HAS_POSTAGE)
        | bit(declaration.total_value.is_some(), HAS_TOTAL_VALUE)
        | bit(declaration.insured_value.is_some(), HAS_INSURED_VALUE)
        | bit(declaration.volume.is_some(), HAS_VOLUME)
        | bit(declaration.sender_reference.is_some(), HAS_SENDER_REFERENCE)
        | bit(declaration.importer_reference.is_some(), HAS_IMPORTER_REFERENCE)
        | bit(declaration.prepaid_tax.is_some(), HAS_PREPAID_TAX)
        | bit(!declaration.documents.is_empty(), HAS_DOCUMENTS)
        | bit(declaration.comments.is_some(), HAS_COMMENTS)
        | bit(declaration.signed_on.is_some(), HAS_SIGNED_ON)
        | bit(wish.is_some(), HAS_RETURN_WISH)
        | bit(wish == Some(true), WANTS_RETURN)
        | bit(!declaration.extras.is_empty(), HAS_EXTRAS)
}

fn party_bits(party: &Party<'_>) -> u64 {
    bit(party.kind.is_some(), HAS_KIND)
        | bit(party.name.is_some(), HAS_NAME)
        | bit(party.street.is_some(), HAS_STREET)
        | bit(party.city.is_some(), HAS_CITY)
        | bit(party.postcode.is_some(), HAS_POSTCODE)
        | bit(party.country.is_some(), HAS_COUNTRY)
        | bit(party.telephone.is_some(), HAS_TELEPHONE)
        | bit(party.business.is_some(), HAS_BUSINESS)
        | bit(party.region.is_some(), HAS_REGION)
        | bit(party.email.is_some(), HAS_EMAIL)
        | bit(party.identity.is_some(), HAS_IDENTITY)
}

fn bit(is_there: bool, bit: u64) -> u64 {
    if is_there { bit } else { 0 }
}

/// The digits as a number, and which of the three lengths it is.
fn hs(code: HsCode) -> u64 {
    let (value, digits) = code.parts();
    value * 3 + u64::from((digits - 6) / 2)
}

// The byte of each code is for ever: a new value takes the next free one.

fn form(form: Form) -> u8 {
    match form {
        Form::Cn22 => 0,
        Form::Cn23 => 1,
    }
}

fn class(class: MailClass) -> u8 {
    match class {
        MailClass::Letters => 0,
        MailClass::Parcels => 1,
        MailClass::Ems => 2,
        MailClass::Empty => 3,
    }
}

fn category(category: MailCategory) -> u8 {
    match category {
        MailCategory::A => 0,
        MailCategory::B => 1,
        MailCategory::C => 2,
        MailCategory::D => 3,
    }
}

fn handling(handling: caravan_postal::Handling) -> u8 {
    match handling {
        caravan_postal::Handling::Normal => 0,
        caravan_postal::Handling::Registered => 1,
        caravan_postal::Handling::Insured => 2,
    }
}

fn nature(nature: Nature) -> u8 {
    match nature {
        Nature::Sale => 0,
        Nature::Returned => 1,
        Nature::Gift => 2,
        Nature::Sample => 3,
        Nature::Documents => 4,
        Nature::Other => 5,
    }
}

fn party_kind(kind: PartyKind) -> u8 {
    match kind {
        PartyKind::Person => 0,
        PartyKind::Business => 1,
    }
}

fn document_kind(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Licence => 0,
        DocumentKind::Certificate => 1,
        DocumentKind::Invoice => 2,
    }
}
