//! Reading every version that was ever written; so far one.

use caravan_postal::{
    Country, Currency, Grams, Handling, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money, Nature,
    S10, Volume,
};
use chrono::NaiveDate;

use super::{
    ALL_BITS, ALL_PARTY_BITS, ALL_PIECE_BITS, FIRST_DAY, HAS_ADDRESSEE, HAS_BATTERY, HAS_BUSINESS,
    HAS_CATEGORY, HAS_CITY, HAS_CLASS, HAS_COMMENTS, HAS_COUNTRY, HAS_DESCRIPTION, HAS_DESTINATION_OFFICE,
    HAS_DOCUMENTS, HAS_DOMESTIC_WAYBILL, HAS_EMAIL, HAS_EXTRAS, HAS_FORM, HAS_GROSS_WEIGHT, HAS_HANDLING,
    HAS_HS, HAS_IDENTITY, HAS_IMPORTER_REFERENCE, HAS_INSURED_VALUE, HAS_KIND, HAS_NAME, HAS_NATURE,
    HAS_NATURE_TEXT, HAS_NET_WEIGHT, HAS_ORIGIN, HAS_ORIGIN_OFFICE, HAS_OTHER_IDENTIFIER, HAS_PIECES,
    HAS_POSTAGE, HAS_POSTCODE, HAS_POSTED_ON, HAS_PREPAID_TAX, HAS_REGION, HAS_RETURN_WISH, HAS_S10,
    HAS_SENDER, HAS_SENDER_REFERENCE, HAS_SIGNED_ON, HAS_STREET, HAS_SUBCLASS, HAS_TELEPHONE,
    HAS_TOTAL_VALUE, HAS_UNITS, HAS_VALUE, HAS_VOLUME, PackedError, VERSION, WANTS_RETURN,
};
use crate::model::{
    Battery, Declaration, Document, DocumentKind, Form, Identifier, Party, PartyKind, Piece, PrepaidTax,
};

/// Reads a packed declaration; its texts stay where they are.
pub fn decode(bytes: &[u8]) -> Result<Declaration<'_>, PackedError> {
    let (version, rest) = bytes.split_first().ok_or(PackedError::Cut)?;
    if *version != VERSION {
        return Err(PackedError::Version(*version));
    }
    let mut decoder = Decoder { rest, currency: None };
    let bits = decoder.bits(ALL_BITS)?;
    let mut declaration = Declaration::default();
    decoder.identity(bits, &mut declaration)?;
    decoder.body(bits, &mut declaration)?;
    if decoder.rest.is_empty() { Ok(declaration) } else { Err(PackedError::Surplus) }
}

struct Decoder<'a> {
    rest: &'a [u8],
    /// The currency of the amount before.
    currency: Option<Currency>,
}

impl<'a> Decoder<'a> {
    fn identity(&mut self, bits: u64, into: &mut Declaration<'a>) -> Result<(), PackedError> {
        if bits & HAS_S10 != 0 {
            into.identifier = Some(Identifier::S10(self.s10()?));
        }
        if bits & HAS_OTHER_IDENTIFIER != 0 {
            if into.identifier.is_some() {
                return Err(PackedError::Field("identifier"));
            }
            into.identifier = Some(Identifier::Other(self.text()?));
        }
        into.domestic_waybill = self.optional(bits & HAS_DOMESTIC_WAYBILL, Self::text)?;
        into.form = self.optional(bits & HAS_FORM, |d| d.code("form", &[Form::Cn22, Form::Cn23]))?;
        into.route.class = self.optional(bits & HAS_CLASS, |d| d.code("class", MailClass::ALL))?;
        into.route.category =
            self.optional(bits & HAS_CATEGORY, |d| d.code("category", MailCategory::ALL))?;
        into.route.subclass =
            self.optional(bits & HAS_SUBCLASS, |d| d.letters(2, "subclass", MailSubclass::parse))?;
        into.route.handling = self.optional(bits & HAS_HANDLING, |d| d.code("handling", Handling::ALL))?;
        into.route.origin =
            self.optional(bits & HAS_ORIGIN_OFFICE, |d| d.letters(6, "office", Impc::parse))?;
        into.route.destination =
            self.optional(bits & HAS_DESTINATION_OFFICE, |d| d.letters(6, "office", Impc::parse))?;
        into.posted_on = self.optional(bits & HAS_POSTED_ON, Self::day)?;
        into.nature = self.optional(bits & HAS_NATURE, |d| d.code("nature", Nature::ALL))?;
        into.nature_text = self.optional(bits & HAS_NATURE_TEXT, Self::text)?;
        into.gross_weight = self.optional(bits & HAS_GROSS_WEIGHT, Self::number)?.map(Grams);
        Ok(())
    }

    fn body(&mut self, bits: u64, into: &mut Declaration<'a>) -> Result<(), PackedError> {
        into.sender = self.optional(bits & HAS_SENDER, Self::party)?.unwrap_or_default();
        into.addressee = self.optional(bits & HAS_ADDRESSEE, Self::party)?.unwrap_or_default();
        into.pieces = self.optional(bits & HAS_PIECES, |d| d.list(Self::piece))?.unwrap_or_default();
        into.postage = self.optional(bits & HAS_POSTAGE, Self::money)?;
        into.total_value = self.optional(bits & HAS_TOTAL_VALUE, Self::money)?;
        into.insured_value = self.optional(bits & HAS_INSURED_VALUE, Self::money)?;
        into.volume = self.optional(bits & HAS_VOLUME, Self::number)?.map(Volume);
        into.sender_reference = self.optional(bits & HAS_SENDER_REFERENCE, Self::text)?;
        into.importer_reference = self.optional(bits & HAS_IMPORTER_REFERENCE, Self::text)?;
        into.prepaid_tax = self
            .optional(bits & HAS_PREPAID_TAX, |d| Ok(PrepaidTax { scheme: d.text()?, number: d.text()? }))?;
        into.documents = self.optional(bits & HAS_DOCUMENTS, |d| d.list(Self::document))?.unwrap_or_default();
        into.comments = self.optional(bits & HAS_COMMENTS, Self::text)?;
        into.signed_on = self.optional(bits & HAS_SIGNED_ON, Self::day)?;
        into.return_if_undeliverable = (bits & HAS_RETURN_WISH != 0).then_some(bits & WANTS_RETURN != 0);
        into.extras =
            self.optional(bits & HAS_EXTRAS, |d| d.list(|d| Ok((d.text()?, d.text()?))))?.unwrap_or_default();
        Ok(())
    }

    fn party(&mut self) -> Result<Party<'a>, PackedError> {
        let bits = self.bits(ALL_PARTY_BITS)?;
        Ok(Party {
            kind: self
                .optional(bits & HAS_KIND, |d| d.code("kind", &[PartyKind::Person, PartyKind::Business]))?,
            name: self.optional(bits & HAS_NAME, Self::text)?,
            street: self.optional(bits & HAS_STREET, Self::text)?,
            city: self.optional(bits & HAS_CITY, Self::text)?,
            postcode: self.optional(bits & HAS_POSTCODE, Self::text)?,
            country: self.optional(bits & HAS_COUNTRY, Self::country)?,
            telephone: self.optional(bits & HAS_TELEPHONE, Self::text)?,
            business: self.optional(bits & HAS_BUSINESS, Self::text)?,
            region: self.optional(bits & HAS_REGION, Self::text)?,
            email: self.optional(bits & HAS_EMAIL, Self::text)?,
            identity: self.optional(bits & HAS_IDENTITY, Self::text)?,
        })
    }

    fn piece(&mut self) -> Result<Piece<'a>, PackedError> {
        let bits = self.bits(ALL_PIECE_BITS)?;
        Ok(Piece {
            description: self.optional(bits & HAS_DESCRIPTION, Self::text)?,
            units: self.optional(bits & HAS_UNITS, |d| d.small("units"))?,
            net_weight: self.optional(bits & HAS_NET_WEIGHT, Self::number)?.map(Grams),
            value: self.optional(bits & HAS_VALUE, Self::money)?,
            hs: self.optional(bits & HAS_HS, Self::hs)?,
            origin: self.optional(bits & HAS_ORIGIN, Self::country)?,
            battery: self.optional(bits & HAS_BATTERY, Self::battery)?,
        })
    }

    fn battery(&mut self) -> Result<Battery, PackedError> {
        let number = self.number()?;
        Ok(Battery {
            un_number: u16::try_from(number >> 1).map_err(|_| PackedError::Field("UN number"))?,
            is_installed: number & 1 == 1,
            energy_mwh: self.small("energy")?,
            count: self.small("count")?,
        })
    }

    fn document(&mut self) -> Result<Document<'a>, PackedError> {
        let kinds = &[DocumentKind::Licence, DocumentKind::Certificate, DocumentKind::Invoice];
        Ok(Document { kind: self.code("document", kinds)?, number: self.text()? })
    }

    fn money(&mut self) -> Result<Money, PackedError> {
        let currency = match self.rest.split_first() {
            Some((0, rest)) => {
                self.rest = rest;
                self.currency.ok_or(PackedError::Field("currency"))?
            }
            _ => self.letters(3, "currency", Currency::parse)?,
        };
        self.currency = Some(currency);
        Ok(Money { minor: self.signed()?, currency })
    }

    fn s10(&mut self) -> Result<S10, PackedError> {
        let key = i64::try_from(self.number()?).ok();
        key.and_then(S10::from_key).ok_or(PackedError::Field("identifier"))
    }

    fn hs(&mut self) -> Result<HsCode, PackedError> {
        let number = self.number()?;
        let digits = [6, 8, 10][(number % 3) as usize];
        HsCode::from_parts(number / 3, digits).ok_or(PackedError::Field("commodity code"))
    }

    fn country(&mut self) -> Result<Country, PackedError> {
        self.letters(2, "country", Country::parse)
    }

    fn day(&mut self) -> Result<NaiveDate, PackedError> {
        let days = self.signed()?.checked_add(FIRST_DAY.into()).and_then(|days| i32::try_from(days).ok());
        days.and_then(NaiveDate::from_num_days_from_ce_opt).ok_or(PackedError::Field("day"))
    }

    fn optional<T>(
        &mut self,
        bit: u64,
        read: impl FnOnce(&mut Self) -> Result<T, PackedError>,
    ) -> Result<Option<T>, PackedError> {
        if bit == 0 { Ok(None) } else { read(self).map(Some) }
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Result<T, PackedError>) -> Result<Vec<T>, PackedError> {
        let count = self.length()?;
        if count == 0 {
            return Err(PackedError::Field("count"));
        }
        // An entry takes at least one byte.
        if count > self.rest.len() {
            return Err(PackedError::Cut);
        }
        (0..count).map(|_| read(self)).collect()
    }

    fn code<T: Copy>(&mut self, field: &'static str, all: &[T]) -> Result<T, PackedError> {
        let (index, rest) = self.rest.split_first().ok_or(PackedError::Cut)?;
        self.rest = rest;
        all.get(usize::from(*index)).copied().ok_or(PackedError::Field(field))
    }

    fn letters<T>(
        &mut self,
        count: usize,
        field: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, PackedError> {
        let letters = self.take(count)?;
        std::str::from_utf8(letters).ok().and_then(parse).ok_or(PackedError::Field(field))
    }

    fn text(&mut self) -> Result<&'a str, PackedError> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| PackedError::Field("text"))
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], PackedError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(PackedError::Cut)?;
        self.rest = rest;
        Ok(taken)
    }

    fn bits(&mut self, all: u64) -> Result<u64, PackedError> {
        let bits = self.number()?;
        if bits & !all == 0 { Ok(bits) } else { Err(PackedError::Field("presence bits")) }
    }

    fn length(&mut self) -> Result<usize, PackedError> {
        usize::try_from(self.number()?).map_err(|_| PackedError::Cut)
    }

    fn small<N: TryFrom<u64>>(&mut self, field: &'static str) -> Result<N, PackedError> {
        N::try_from(self.number()?).map_err(|_| PackedError::Field(field))
    }

    fn signed(&mut self) -> Result<i64, PackedError> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn number(&mut self) -> Result<u64, PackedError> {
        let mut number = 0u64;
        for (index, byte) in self.rest.iter().enumerate().take(10) {
            let seven = u64::from(byte & 0x7F);
            if index == 9 && seven > 1 {
                return Err(PackedError::Field("number"));
            }
            number |= seven << (7 * index);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[index + 1..];
                return Ok(number);
            }
        }
        Err(if self.rest.len() < 10 { PackedError::Cut } else { PackedError::Field("number") })
    }
}
