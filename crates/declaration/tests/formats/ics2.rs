//! The Union's import control: conditions, filings, referrals.

use caravan_declaration::ics2::{
    Circumstances, Filing, HeldItem, Referral, ReferralAnswer, ReferralKind, ReferralWriter, Trader,
    TraderAddress, conditions, write_ie3f43, write_ie3f44,
};
use caravan_declaration::{
    Declaration, Document, DocumentKind, Identifier, Party, PartyKind, Piece, PrepaidTax, WriteError,
};
use caravan_postal::{Country, Currency, Grams, HsCode, Money, S9, S10};
use chrono::NaiveDate;

use super::messages::read_any;
use super::schema::{keep, tempfolder, xmllint};

fn country(code: &str) -> Country {
    Country::parse(code).expect("a country")
}

fn euro(minor: i64) -> Money {
    Money { minor, currency: Currency::EUR }
}

/// A declaration that meets every condition.
fn declaration() -> Declaration<'static> {
    let party = Party {
        kind: Some(PartyKind::Person),
        name: Some("Anna Kowalska"),
        street: Some("ul. Marszałkowska 84/92\nm. 5"),
        city: Some("Warszawa"),
        postcode: Some("00-514"),
        country: Some(country("PL")),
        telephone: Some("+48 22 123 45 67"),
        ..Party::default()
    };
    Declaration {
        identifier: S10::parse("RR473124829CN").ok().map(Identifier::S10),
        gross_weight: Some(Grams(470)),
        postage: Some(euro(435)),
        sender: Party { kind: Some(PartyKind::Business), name: None, business: Some("Yiwu & Co"), ..party },
        addressee: party,
        pieces: vec![Piece {
            description: Some("Ceramic cup"),
            units: Some(1),
            net_weight: Some(Grams(300)),
            value: Some(euro(1250)),
            hs: HsCode::parse("69111000"),
            origin: Some(country("CN")),
            battery: None,
        }],
        ..Declaration::default()
    }
}

/// Asserts which rules a declaration does not meet, and on which fields.
fn check(declaration: &Declaration<'_>, circumstances: &Circumstances<'_>, expected: &[(&str, &str)]) {
    let found = conditions(declaration, circumstances);
    let found: Vec<(&str, String)> =
        found.iter().map(|finding| (&*finding.arguments[0], finding.field.to_string())).collect();
    let expected: Vec<(&str, String)> =
        expected.iter().map(|(rule, field)| (*rule, (*field).to_owned())).collect();
    assert_eq!(found, expected);
}

#[test]
fn each_condition_is_found_and_its_nearest_neighbour_is_not() {
    let plain = Circumstances::default();
    let valued = Circumstances { has_value_statement: true, ..plain };
    check(&declaration(), &plain, &[]);

    let piece = declaration().pieces[0];
    let without_hs = Declaration { pieces: vec![piece, Piece { hs: None, ..piece }], ..declaration() };
    check(&without_hs, &plain, &[("C3025", "content[2].hs")]);
    let person = Party { kind: Some(PartyKind::Person), ..declaration().sender };
    check(&Declaration { sender: person, ..without_hs }, &plain, &[]);

    let nowhere = Party { postcode: None, ..declaration().addressee };
    let nowhere = Declaration { addressee: nowhere, ..declaration() };
    check(&nowhere, &plain, &[("C3034", "addressee-postcode")]);
    check(&nowhere, &Circumstances { without_postcode: &[country("PL")], ..plain }, &[]);
    check(
        &nowhere,
        &Circumstances { without_postcode: &[country("IE")], ..plain },
        &[("C3034", "addressee-postcode")],
    );

    check(&declaration(), &valued, &[("C3037", "extra")]);
    let typed = Declaration { extras: vec![("typeOfGoods", "1")], ..declaration() };
    check(&typed, &valued, &[]);
    let tax = Some(PrepaidTax { scheme: "IOSS", number: "IM1560000123" });
    check(&Declaration { prepaid_tax: tax, ..declaration() }, &valued, &[]);

    let free = Piece { value: None, ..piece };
    let free = Declaration { pieces: vec![free], postage: None, ..typed.clone() };
    check(&free, &valued, &[("C3038", "postage"), ("C3038", "content[1].value")]);
    check(&free, &plain, &[]);

    let unsaid = Party { kind: None, ..declaration().addressee };
    check(&Declaration { addressee: unsaid, ..declaration() }, &plain, &[("CL729", "addressee-kind")]);

    let numberless = Party { street: Some("Station Road"), ..declaration().sender };
    check(&Declaration { sender: numberless, ..declaration() }, &plain, &[("R3002", "sender-street")]);
    let boxed = Party { street: Some("PO Box 7"), ..declaration().sender };
    check(&Declaration { sender: boxed, ..declaration() }, &plain, &[]);

    let mute = Party { telephone: Some("022 123 45 67"), ..declaration().addressee };
    check(&Declaration { addressee: mute, ..declaration() }, &plain, &[("R3006", "addressee-telephone")]);
    let silent = Party { telephone: None, ..declaration().addressee };
    check(&Declaration { addressee: silent, ..declaration() }, &plain, &[]);

    let long = Piece { hs: HsCode::parse("6911100090"), ..piece };
    check(&Declaration { pieces: vec![long], ..declaration() }, &plain, &[("R3019", "content[1].hs")]);
}

fn trader(eori: &str) -> Trader {
    let address = TraderAddress {
        street: "Poczty Gdańskiej".to_owned(),
        number: "1".to_owned(),
        postcode: Some("00-940".to_owned()),
        city: "Warszawa".to_owned(),
        country: country("PL"),
    };
    let telephone = Some("+48 22 656 50 00".to_owned());
    Trader { name: "Poczta".to_owned(), eori: eori.to_owned(), address, telephone, email: None }
}

fn filing() -> Filing {
    Filing {
        reference: "CARAVAN-2026-000017".to_owned(),
        issued_at: NaiveDate::from_ymd_opt(2026, 7, 1).and_then(|day| day.and_hms_opt(8, 30, 0)).unwrap(),
        member_state: country("PL"),
        declarant: trader("PL5250007313"),
        representative: Some((trader("DE1234567"), 2)),
        transport_document: "N750".to_owned(),
        fiscal_role: "FR5".to_owned(),
        documents: vec![(DocumentKind::Invoice, "N380".to_owned())],
        has_value_statement: true,
        without_postcode: Vec::new(),
    }
}

fn items() -> [Declaration<'static>; 2] {
    let tax = Some(PrepaidTax { scheme: "IOSS", number: "IM1560000123" });
    let invoice = Document { kind: DocumentKind::Invoice, number: "88" };
    let first = Declaration { prepaid_tax: tax, documents: vec![invoice], ..declaration() };
    let identifier = S10::parse("RR000000005CN").ok().map(Identifier::S10);
    let second = Declaration { identifier, extras: vec![("typeOfGoods", "1")], ..declaration() };
    [first, second]
}

#[test]
fn filings_pass_their_schemas() {
    let folder = tempfolder("ics2");
    let bytes = write_ie3f43(Vec::new(), &filing(), &items()).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    for part in [
        "<SpecificCircumstanceIndicator>F43</",
        "<number>84/92</number>",
        "<harmonizedSystemSubHeadingCode>691110</",
        "<combinedNomenclatureCode>00</",
        "<goodsItemNumber>1</",
        "<totalGrossMass>0.470</",
        "<typeOfPerson>2</",
        "<role>FR5</",
        "<documentNumber>RR000000005CN</",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert_eq!(xmllint("ie3f43-1.xsd", &[keep(&folder, 0, &bytes)]), [true], "{text}");
    let receptacle = S9::parse("CNURCAPLWAWADUX60001001000012").expect("an identifier");
    let held = items().map(|item| HeldItem { item: item.s10().unwrap(), receptacle });
    let bytes = write_ie3f44(Vec::new(), &filing(), held).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("<receptacleIdentificationNumber>CNURCAPLWAWADUX60001001000012</"), "{text}");
    assert_eq!(xmllint("ie3f44-1.xsd", &[keep(&folder, 1, &bytes)]), [true]);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn filings_that_would_be_rejected_are_not_written() {
    let refused = |filing: &Filing, declarations: &[Declaration<'_>]| match write_ie3f43(
        Vec::new(),
        filing,
        declarations,
    ) {
        Err(WriteError::Unwritable { field, .. }) => field.to_string(),
        other => panic!("{other:?}"),
    };
    let [first, second] = items();
    let one = |declaration: Declaration<'static>| refused(&filing(), &[declaration]);
    assert_eq!(refused(&filing(), &[first.clone(), second.clone(), first.clone()]), "identifier");
    assert_eq!(one(Declaration { identifier: None, ..first.clone() }), "identifier");
    assert_eq!(one(Declaration { postage: None, ..first.clone() }), "postage");
    assert_eq!(one(Declaration { gross_weight: None, ..first.clone() }), "totalGrossMass");
    assert_eq!(one(Declaration { pieces: vec![], ..first.clone() }), "goodsItem");
    let licence = vec![Document { kind: DocumentKind::Licence, number: "1" }];
    assert_eq!(one(Declaration { documents: licence, ..first.clone() }), "document-kind");
    let cityless = Party { city: None, ..first.addressee };
    assert_eq!(one(Declaration { addressee: cityless, ..first.clone() }), "city");
    assert_eq!(refused(&filing(), &[]), "consignmentHouseLevel");
    let same = Filing { representative: Some((trader("PL5250007313"), 2)), ..filing() };
    assert_eq!(refused(&same, std::slice::from_ref(&second)), "identificationNumber");
    let foreign = Filing { declarant: trader("525-000-73-13"), ..filing() };
    assert_eq!(refused(&foreign, std::slice::from_ref(&second)), "identificationNumber");
    assert_eq!(
        refused(&Filing { reference: "a reference that is too long".to_owned(), ..filing() }, &[second]),
        "LRN"
    );
}

#[test]
fn referrals_read_back() {
    let at = NaiveDate::from_ymd_opt(2026, 7, 1).and_then(|day| day.and_hms_opt(8, 30, 0));
    let identifier = S10::parse("RR473124829CN").ok().map(Identifier::S10);
    let extras = vec![("FromOrgCd", "EU"), ("lane", "3")];
    for kind in ReferralKind::ALL {
        let referral = Referral {
            identifier,
            number: Some("R-1"),
            kind: Some(kind),
            code: Some("7"),
            text: Some("Screen & wait"),
            at,
            respond_by: at,
            extras: extras.clone(),
        };
        let mut writer = ReferralWriter::itmref(Vec::new()).unwrap();
        writer.referral(&referral).unwrap();
        let readout = read_any(&writer.finish().unwrap());
        assert_eq!(String::from_utf8_lossy(&readout.items[0].0), format!("{referral:?}"));
        assert_eq!(readout.codes(), Vec::<&str>::new());
        let answer = ReferralAnswer {
            identifier: Some(Identifier::Other("4711")),
            number: Some("R-1"),
            kind: Some(kind),
            code: Some("1"),
            text: None,
            at,
            extras: extras.clone(),
        };
        let mut writer = ReferralWriter::refrsp(Vec::new()).unwrap();
        writer.answer(&answer).unwrap();
        let readout = read_any(&writer.finish().unwrap());
        assert_eq!(String::from_utf8_lossy(&readout.items[0].0), format!("{answer:?}"));
    }
    let long = Referral { code: Some("a code that is much too long"), ..Referral::default() };
    let mut writer = ReferralWriter::itmref(Vec::new()).unwrap();
    assert!(writer.referral(&long).is_err());
}
