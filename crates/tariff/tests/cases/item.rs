//! The item of a worked example: what a case says, and what every case has that does not say it.

use std::collections::BTreeMap;

use caravan_declaration::model::{Battery, Form, PartyKind};
use caravan_declaration::{Declaration, Document, DocumentKind, Identifier, Party, Piece, PrepaidTax, Route};
use caravan_postal::{
    Country, Currency, Grams, Handling, HsCode, Impc, MailClass, MailSubclass, Money, Nature, S10, Volume,
};
use caravan_tariff::{Options, Reading, RouteEnd, Switch};
use chrono::NaiveDate;
use serde::Deserialize;

/// An item with its answer. `charges` and `findings` are complete: what is not listed must not be there.
#[expect(clippy::struct_excessive_bools, reason = "each is written by itself")]
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// Several days with the same answer.
    pub(crate) on: Vec<String>,
    /// The day of filing, when it differs.
    pub(crate) filed: Option<String>,
    #[serde(default = "china")]
    pub(crate) from: String,
    pub(crate) to: Option<String>,
    #[serde(default)]
    pub(crate) is_import: bool,
    #[serde(default)]
    pub(crate) is_transit: bool,
    #[serde(default = "road")]
    pub(crate) mode: String,
    #[serde(default = "parcels")]
    pub(crate) class: String,
    pub(crate) form: Option<String>,
    #[serde(default = "other")]
    pub(crate) nature: String,
    pub(crate) identifier: Option<String>,
    #[serde(default)]
    pub(crate) has_no_identifier: bool,
    pub(crate) sender: Option<String>,
    pub(crate) addressee: Option<String>,
    pub(crate) sender_name: Option<String>,
    #[serde(default)]
    pub(crate) is_insured: bool,
    pub(crate) gross: Option<String>,
    volume_dm3: Option<u64>,
    pub(crate) total: Option<String>,
    pub(crate) postage: Option<String>,
    pub(crate) ioss: Option<String>,
    /// Scheme and number: `VOEC 123`.
    pub(crate) prepaid: Option<String>,
    pub(crate) from_region: Option<String>,
    pub(crate) from_city: Option<String>,
    pub(crate) to_region: Option<String>,
    pub(crate) to_postcode: Option<String>,
    pub(crate) to_city: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) known_office: Option<String>,
    pub(crate) document: Option<String>,
    #[serde(default)]
    pub(crate) documents: Vec<String>,
    /// Fields to be left out, by their name.
    #[serde(default)]
    pub(crate) without: Vec<String>,
    pub(crate) pieces: Vec<CasePiece>,
    /// Rows that a station lays over the tables, for this case; `@` as in [`Cases::tables`].
    pub(crate) own: Option<String>,
    #[serde(default)]
    pub(crate) switched_on: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) readings: BTreeMap<String, String>,
    /// Extra fields of the declaration.
    #[serde(default)]
    pub(crate) extras: BTreeMap<String, String>,
    /// Partners with whom lithium batteries are agreed.
    #[serde(default)]
    pub(crate) lithium_agreed: Vec<String>,
    pub(crate) subclass: Option<String>,
    pub(crate) street: Option<String>,
    pub(crate) telephone: Option<String>,
    #[serde(default = "go")]
    pub(crate) decision: String,
    pub(crate) physical: Option<String>,
    /// Whether the goods are known as dangerous, where that is the matter of the case.
    pub(crate) is_dangerous: Option<bool>,
    #[serde(default = "postal_article")]
    pub(crate) channel: String,
    pub(crate) regime: Option<String>,
    pub(crate) entry: Option<String>,
    /// What the destination charges, and the remarks on it, are not the matter of the case.
    #[serde(default)]
    pub(crate) is_admission_only: bool,
    /// `duty 3.00 EUR`, with a question mark behind it when unverified.
    #[serde(default)]
    pub(crate) charges: Vec<String>,
    /// Codes, each with its first argument where the case gives one: `rate-missing nbk`.
    #[serde(default)]
    pub(crate) findings: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasePiece {
    #[serde(default = "description")]
    pub(crate) what: String,
    #[serde(default = "ten_euro")]
    pub(crate) value: String,
    pub(crate) hs: Option<String>,
    #[serde(default = "one")]
    pub(crate) units: u32,
    #[serde(default = "half_a_kilogram")]
    pub(crate) kg: String,
    #[serde(default = "china")]
    pub(crate) origin: String,
    /// UN number, watt-hours, count, and `installed` or `loose`.
    pub(crate) battery: Option<(u16, u32, u16, String)>,
}

fn china() -> String {
    "CN".to_owned()
}
fn road() -> String {
    "road".to_owned()
}
fn parcels() -> String {
    "C".to_owned()
}
fn other() -> String {
    "999".to_owned()
}
fn go() -> String {
    "go".to_owned()
}
fn postal_article() -> String {
    "postal-article".to_owned()
}
fn description() -> String {
    "cotton towel, woven".to_owned()
}
fn ten_euro() -> String {
    "80 CNY".to_owned()
}
fn one() -> u32 {
    1
}
fn half_a_kilogram() -> String {
    "0.5".to_owned()
}

fn money(text: &str) -> Money {
    let (amount, currency) = text.split_once(' ').expect("an amount and a currency");
    Money::parse(amount, Currency::parse(currency).expect("a currency")).expect("an amount")
}

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn kind(text: &str) -> PartyKind {
    if text == "business" { PartyKind::Business } else { PartyKind::Person }
}

fn party(name: &str, kind: PartyKind, country: Country) -> Party<'_> {
    Party {
        kind: Some(kind),
        name: Some(name),
        street: Some("Road 1"),
        city: Some("City"),
        postcode: Some("010000"),
        country: Some(country),
        ..Party::default()
    }
}

fn pieces(case: &Case) -> Vec<Piece<'_>> {
    let lacks = |field: &str| case.without.iter().any(|name| name == field);
    let piece = |piece: &CasePiece| Piece {
        description: None,
        units: (!lacks("units")).then_some(piece.units),
        net_weight: (!lacks("net-weight")).then(|| Grams::parse_kg(&piece.kg).expect("a weight")),
        value: (!lacks("value")).then(|| money(&piece.value)),
        hs: piece.hs.as_deref().map(|hs| HsCode::parse(hs).expect("a code")),
        origin: Country::parse(&piece.origin).filter(|_| !lacks("origin")),
        battery: piece.battery.as_ref().map(|(un_number, energy, count, fitting)| Battery {
            un_number: *un_number,
            energy_mwh: energy * 1000,
            count: *count,
            is_installed: fitting == "installed",
        }),
    };
    let mut all: Vec<Piece<'_>> = case.pieces.iter().map(piece).collect();
    for (piece, written) in all.iter_mut().zip(&case.pieces) {
        piece.description = (!lacks("description")).then_some(written.what.as_str());
    }
    all
}

pub(crate) fn declaration(case: &Case) -> Declaration<'_> {
    let lacks = |field: &str| case.without.iter().any(|name| name == field);
    let from = Country::parse(&case.from).expect("a country");
    let to = case.to.as_deref().map(|to| Country::parse(to).expect("a country"));
    let class = MailClass::parse(&case.class).expect("a class");
    let pieces = pieces(case);
    let net: Grams = pieces.iter().filter_map(|piece| piece.net_weight).sum();
    let gross =
        case.gross.as_deref().map_or(net + Grams(50), |gross| Grams::parse_kg(gross).expect("a weight"));
    let indicator = match class {
        MailClass::Letters => "UA",
        MailClass::Ems => "EA",
        MailClass::Parcels | MailClass::Empty => "CP",
    };
    let number = S10::new(indicator, 4_731_248, from).expect("an identifier");
    let own = case.identifier.as_deref().map(|text| S10::parse(text).expect("an identifier"));
    let identifier = (!case.has_no_identifier).then_some(Identifier::S10(own.unwrap_or(number)));
    let mut sender = party(
        case.sender_name.as_deref().unwrap_or("Li Lei"),
        kind(case.sender.as_deref().unwrap_or("person")),
        from,
    );
    if lacks("sender-street") {
        sender.street = None;
    }
    sender.region = case.from_region.as_deref();
    sender.city = case.from_city.as_deref().or(sender.city);
    let mut addressee =
        party("Aigul Serik", kind(case.addressee.as_deref().unwrap_or("person")), to.unwrap_or(from));
    if to.is_none() {
        addressee.country = None;
    }
    addressee.region = case.to_region.as_deref();
    addressee.city = case.to_city.as_deref().or(addressee.city);
    addressee.postcode =
        if lacks("addressee-postcode") { None } else { case.to_postcode.as_deref().or(addressee.postcode) };
    addressee.street = case.street.as_deref().or(addressee.street);
    addressee.telephone = case.telephone.as_deref();
    if lacks("addressee-name") {
        addressee.name = None;
    }
    let form = case.form.as_deref().map(|form| if form == "CN22" { Form::Cn22 } else { Form::Cn23 });
    let handling = if case.is_insured { Handling::Insured } else { Handling::Normal };
    Declaration {
        identifier,
        form,
        route: Route {
            class: Some(class),
            handling: Some(handling),
            subclass: case.subclass.as_deref().map(|text| MailSubclass::parse(text).expect("a subclass")),
            destination: case.office.as_deref().map(|office| Impc::parse(office).expect("an office")),
            ..Route::default()
        },
        nature: if lacks("nature") { None } else { Nature::parse(&case.nature) },
        gross_weight: (!lacks("gross-weight")).then_some(gross),
        volume: case.volume_dm3.map(|litres| Volume(litres * 1000)),
        total_value: case.total.as_deref().map(money),
        postage: Some(money(case.postage.as_deref().unwrap_or("0 CNY"))).filter(|_| !lacks("postage")),
        sender,
        addressee,
        prepaid_tax: prepaid_tax(case),
        pieces,
        extras: case.extras.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        documents: case.document.iter().chain(&case.documents).map(|kind| document(kind)).collect(),
        ..Declaration::default()
    }
}

fn prepaid_tax(case: &Case) -> Option<PrepaidTax<'_>> {
    let ioss = case.ioss.as_deref().map(|number| PrepaidTax { scheme: "IOSS", number });
    ioss.or_else(|| {
        let (scheme, number) = case.prepaid.as_deref()?.split_once(' ').expect("a scheme and a number");
        Some(PrepaidTax { scheme, number })
    })
}

fn document(kind: &str) -> Document<'static> {
    let kind = match kind {
        "licence" => DocumentKind::Licence,
        "certificate" => DocumentKind::Certificate,
        "invoice" => DocumentKind::Invoice,
        other => panic!("`{other}` is not a kind of paper"),
    };
    Document { kind, number: "7" }
}

pub(crate) fn options(case: &Case) -> Options {
    Options {
        switched_on: case
            .switched_on
            .iter()
            .map(|(row, from)| Switch { row: row.clone(), from: date(from) })
            .collect(),
        readings: case
            .readings
            .iter()
            .map(|(id, choice)| Reading { id: id.clone(), choice: choice.clone() })
            .collect(),
        offices: case.known_office.iter().map(|office| Impc::parse(office).expect("an office")).collect(),
        lithium_agreed: case
            .lithium_agreed
            .iter()
            .map(|text| RouteEnd::parse(text).expect("a partner"))
            .collect(),
    }
}
