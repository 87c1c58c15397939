//! The one model of a declaration, whatever format it came in.
//!
//! It holds what CN 22 and CN 23 can say (UPU Convention Regulations, forms CN 22 and CN 23) and what posts add in
//! their electronic messages. A field that the sender left out, or wrote in a way that cannot be read, is `None`; the
//! reader has told which by a finding.

use caravan_postal::{
    Country, Currency, Grams, Handling, HsCode, Impc, MailCategory, MailClass, MailSubclass, Money, Nature,
    S10, Volume,
};
use chrono::NaiveDate;

/// What the sender declared for one item. Text is borrowed from the reader that produced it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Declaration<'a> {
    /// The item's identifier, as far as it can be one.
    pub identifier: Option<Identifier<'a>>,
    /// The number of the domestic waybill under which the item came to the station.
    pub domestic_waybill: Option<&'a str>,
    /// The form that the data stand for.
    pub form: Option<Form>,
    /// Mail class, category, subclass and handling, and the offices of exchange.
    pub route: Route,
    /// The day of posting.
    pub posted_on: Option<NaiveDate>,
    /// The nature of the transaction: category of contents.
    pub nature: Option<Nature>,
    /// What the sender wrote beside the category "other".
    pub nature_text: Option<&'a str>,
    /// The gross weight as declared; the station's scale overrules it on bills and labels.
    pub gross_weight: Option<Grams>,
    /// The volume, when length, width and height were measured.
    pub volume: Option<Volume>,
    /// The total declared value (CN 23 box 6); normally the sum of the pieces.
    pub total_value: Option<Money>,
    /// Postage and fees paid (CN 23 box 9).
    pub postage: Option<Money>,
    /// The value for which the item is insured.
    pub insured_value: Option<Money>,
    /// The sender.
    pub sender: Party<'a>,
    /// The addressee.
    pub addressee: Party<'a>,
    /// The sender's own reference.
    pub sender_reference: Option<&'a str>,
    /// The importer's reference: tax, VAT or importer code (CN 23).
    pub importer_reference: Option<&'a str>,
    /// Tax that the seller has already taken, with the number that proves it.
    pub prepaid_tax: Option<PrepaidTax<'a>>,
    /// The content pieces, in the sender's order.
    pub pieces: Vec<Piece<'a>>,
    /// Licences, certificates, invoices (CN 23 boxes 12 to 14).
    pub documents: Vec<Document<'a>>,
    /// Comments, as quarantine or other restrictions (CN 23 box 11).
    pub comments: Option<&'a str>,
    /// The day on which the sender signed.
    pub signed_on: Option<NaiveDate>,
    /// Whether the sender wants an undeliverable item back; `None` when nothing was said.
    pub return_if_undeliverable: Option<bool>,
    /// What the format holds and the model does not, by the format's own names.
    pub extras: Vec<(&'a str, &'a str)>,
}

/// What names the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier<'a> {
    /// A valid S10 identifier.
    S10(S10),
    /// Anything else the sender wrote: a local number, or an S10 with a fault.
    Other(&'a str),
}

/// The customs form of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// CN 22: letter post up to 300 SDR.
    Cn22,
    /// CN 23: everything else.
    Cn23,
}

/// How the item travels, as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Route {
    /// The mail class.
    pub class: Option<MailClass>,
    /// The mail category.
    pub category: Option<MailCategory>,
    /// The mail subclass.
    pub subclass: Option<MailSubclass>,
    /// The handling class.
    pub handling: Option<Handling>,
    /// The office of exchange that sends the item abroad.
    pub origin: Option<Impc>,
    /// The office of exchange that receives it.
    pub destination: Option<Impc>,
}

/// A sender or an addressee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Party<'a> {
    /// Whether it is a person or a business; `None` when not said.
    pub kind: Option<PartyKind>,
    /// The name of the person.
    pub name: Option<&'a str>,
    /// The name of the business.
    pub business: Option<&'a str>,
    /// Street and number, or the post-office box; lines joined by a line feed.
    pub street: Option<&'a str>,
    /// The city.
    pub city: Option<&'a str>,
    /// The region, province or state.
    pub region: Option<&'a str>,
    /// The postcode.
    pub postcode: Option<&'a str>,
    /// The country.
    pub country: Option<Country>,
    /// The telephone number.
    pub telephone: Option<&'a str>,
    /// The e-mail address.
    pub email: Option<&'a str>,
    /// A tax or identity number, where the destination asks for it.
    pub identity: Option<&'a str>,
}

/// Whether a party acts for itself or in business: gifts are from person to person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartyKind {
    /// A natural person acting privately.
    Person,
    /// A business.
    Business,
}

/// Tax taken by the seller before the import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrepaidTax<'a> {
    /// The scheme as the sender named it, upper case: `IOSS`, `VOEC`, `GB`, `ARN`.
    pub scheme: &'a str,
    /// The number under which the seller is registered.
    pub number: &'a str,
}

/// One line of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Piece<'a> {
    /// What it is, in the sender's words.
    pub description: Option<&'a str>,
    /// How many units.
    pub units: Option<u32>,
    /// The net weight of all its units.
    pub net_weight: Option<Grams>,
    /// The value of all its units.
    pub value: Option<Money>,
    /// The commodity code.
    pub hs: Option<HsCode>,
    /// The country of origin of the goods.
    pub origin: Option<Country>,
    /// The lithium batteries in or with it, when the sender says so.
    pub battery: Option<Battery>,
}

/// Lithium batteries declared with a piece (UPU Convention article 19; packing instructions 965 to 970).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Battery {
    /// The UN number: 3480, 3481, 3090 or 3091.
    pub un_number: u16,
    /// Energy of the largest battery in milliwatt-hours (lithium ion); 0 when not said.
    pub energy_mwh: u32,
    /// How many batteries one unit holds.
    pub count: u16,
    /// Whether they are installed in the equipment.
    pub is_installed: bool,
}

/// A paper that goes with the goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document<'a> {
    /// What kind of paper.
    pub kind: DocumentKind,
    /// Its number.
    pub number: &'a str,
}

/// The kinds of paper that CN 23 has boxes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// Box 12.
    Licence,
    /// Box 13.
    Certificate,
    /// Box 14.
    Invoice,
}

impl Identifier<'_> {
    /// Returns the S10 identifier, when it is one.
    pub fn s10(&self) -> Option<S10> {
        match self {
            Self::S10(s10) => Some(*s10),
            Self::Other(_) => None,
        }
    }
}

impl Declaration<'_> {
    /// Returns the identifier as people read it; empty when the item has none.
    pub fn name(&self) -> String {
        match self.identifier {
            Some(Identifier::S10(s10)) => s10.to_string(),
            Some(Identifier::Other(other)) => other.to_owned(),
            None => String::new(),
        }
    }

    /// Returns the S10 identifier, when the item has one.
    pub fn s10(&self) -> Option<S10> {
        self.identifier.as_ref().and_then(Identifier::s10)
    }

    /// Returns the country that the item goes to: the addressee's, or that of the office of destination.
    pub fn destination(&self) -> Option<Country> {
        self.addressee.country.or_else(|| self.route.destination.map(Impc::country))
    }

    /// Returns the country that the item comes from: that of the post that gave it its identifier, or the sender's.
    pub fn origin(&self) -> Option<Country> {
        self.s10().map(S10::country).or(self.sender.country)
    }

    /// Returns the mail class: as declared, or as the identifier's first letter says.
    pub fn class(&self) -> Option<MailClass> {
        use caravan_postal::Indicator::{Assigned, Bilateral, Unassigned};
        self.route.class.or_else(|| match self.s10()?.indicator() {
            Assigned(class) => Some(class),
            Bilateral(class) => class,
            Unassigned => None,
        })
    }

    /// Returns the handling: as declared, or as the identifier's first letter says.
    pub fn handling(&self) -> Handling {
        self.route.handling.or_else(|| self.s10().map(S10::handling)).unwrap_or(Handling::Normal)
    }

    /// Returns the sum of the pieces' values when each has one and all are in one currency.
    pub fn value(&self) -> Option<Money> {
        let mut sum: Option<Money> = None;
        for piece in &self.pieces {
            let value = piece.value?;
            sum = match sum {
                None => Some(value),
                Some(sum) if sum.currency == value.currency => {
                    Some(Money { minor: sum.minor.checked_add(value.minor)?, ..sum })
                }
                Some(_) => return None,
            };
        }
        sum
    }

    /// Returns the currency of the first value that the declaration states.
    pub fn currency(&self) -> Option<Currency> {
        let pieces = self.pieces.iter().filter_map(|piece| piece.value);
        pieces.chain(self.total_value).map(|money| money.currency).next()
    }
}
