//! What a filing carries of a declaration: the groups of its items in the words of the model.

use bumpalo::Bump;
use caravan_postal::{Country, Currency, Grams, HsCode, Money, S10};

use super::conditions::TYPE_OF_GOODS;
use super::filing::Filing;
use crate::layout::Entry;
use crate::model::{Declaration, Document, Identifier, Party, PartyKind, Piece, PrepaidTax};

/// Returns what the group of an item says of it.
pub(super) fn declaration<'a>(house: &[Entry<'a>], filing: &Filing, arena: &'a Bump) -> Declaration<'a> {
    let mut declaration = Declaration {
        identifier: group(house, "transportDocumentHouseLevel")
            .and_then(|document| text(document, "documentNumber"))
            .and_then(|number| S10::parse(number).ok())
            .map(Identifier::S10),
        gross_weight: text(house, "totalGrossMass").and_then(|mass| Grams::parse_kg(mass).ok()),
        postage: group(house, "postalCharges").and_then(money),
        sender: group(house, "consignor").map(|entries| party(entries, arena)).unwrap_or_default(),
        addressee: group(house, "consignee").map(|entries| party(entries, arena)).unwrap_or_default(),
        sender_reference: text(house, "referenceNumberUCR"),
        prepaid_tax: group(house, "additionalFiscalReferences")
            .and_then(|tax| text(tax, "VATIdentificationNumber"))
            // Of the scheme only the role is told, which is the same for all.
            .map(|number| PrepaidTax { scheme: "", number }),
        ..Declaration::default()
    };
    for paper in groups(house, "supportingDocuments") {
        let code = text(&paper.entries, "type");
        let kind = filing.documents.iter().find(|(_, of)| Some(of.as_str()) == code).map(|(kind, _)| *kind);
        if let (Some(kind), Some(number)) = (kind, text(&paper.entries, "referenceNumber")) {
            declaration.documents.push(Document { kind, number });
        }
    }
    for goods in groups(house, "goodsItem") {
        if let Some(kind) = text(&goods.entries, "typeOfGoods").filter(|_| declaration.extras.is_empty()) {
            declaration.extras.push((TYPE_OF_GOODS, kind));
        }
        declaration.pieces.push(piece(&goods.entries));
    }
    declaration
}

fn party<'a>(entries: &[Entry<'a>], arena: &'a Bump) -> Party<'a> {
    let kind = match text(entries, "typeOfPerson") {
        Some("1") => Some(PartyKind::Person),
        Some(_) => Some(PartyKind::Business),
        None => None,
    };
    let name = text(entries, "name");
    let address = group(entries, "address").unwrap_or_default();
    let street = text(address, "street").map(|street| match text(address, "streetAdditionalLine") {
        Some(more) => &*arena.alloc_str(&format!("{street}\n{more}")),
        None => street,
    });
    let reached = |code: &str| {
        let mut ways = groups(entries, "communication");
        ways.find(|way| text(&way.entries, "type") == Some(code))
            .and_then(|way| text(&way.entries, "identifier"))
    };
    Party {
        kind,
        name: name.filter(|_| kind != Some(PartyKind::Business)),
        business: name.filter(|_| kind == Some(PartyKind::Business)),
        street,
        city: text(address, "city"),
        region: text(address, "subDivision"),
        postcode: text(address, "postCode"),
        country: text(address, "country").and_then(Country::parse),
        telephone: reached("TE"),
        email: reached("EM"),
        identity: None,
    }
}

fn piece<'a>(goods: &[Entry<'a>]) -> Piece<'a> {
    let commodity = group(goods, "commodity").unwrap_or_default();
    let code = group(commodity, "commodityCode").map(|code| {
        let part = |name| text(code, name).unwrap_or_default();
        [part("harmonizedSystemSubHeadingCode"), part("combinedNomenclatureCode")].concat()
    });
    Piece {
        description: text(commodity, "descriptionOfGoods"),
        net_weight: group(goods, "weight")
            .and_then(|weight| text(weight, "netMass"))
            .and_then(|mass| Grams::parse_kg(mass).ok()),
        value: group(goods, "postalValue").and_then(money),
        hs: code.and_then(|code| HsCode::parse(&code)),
        origin: group(goods, "countryOfOrigin")
            .and_then(|origin| text(origin, "country"))
            .and_then(Country::parse),
        ..Piece::default()
    }
}

fn money(entries: &[Entry<'_>]) -> Option<Money> {
    Money::parse(text(entries, "value")?, Currency::parse(text(entries, "currency")?)?).ok()
}

fn groups<'e, 'a>(entries: &'e [Entry<'a>], name: &str) -> impl Iterator<Item = &'e Entry<'a>> {
    entries.iter().filter(move |entry| entry.node.name == name)
}

fn group<'e, 'a>(entries: &'e [Entry<'a>], name: &str) -> Option<&'e [Entry<'a>]> {
    groups(entries, name).next().map(|entry| entry.entries.as_slice())
}

fn text<'a>(entries: &[Entry<'a>], name: &str) -> Option<&'a str> {
    groups(entries, name).next().and_then(Entry::trimmed)
}
