//! A row that is not confirmed warns where one in force would hold, and holds where it would refuse.
//!
//! The program's own tables are asked twice: as they are, and with every row in force turned into one that is not
//! confirmed.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_declaration::model::{Battery, Form, PartyKind};
use caravan_declaration::{Declaration, Identifier, Party, Piece, PrepaidTax, Route};
use caravan_postal::{Country, Currency, Grams, HsCode, MailClass, Money, Nature, S10, Volume};
use caravan_tariff::{
    Assessment, BUILTIN, Decision, Engine, Flow, Options, Question, Rates, TableText, Transport,
};
use chrono::NaiveDate;

/// What is wrong with an item, what is found by rows in force, and what by rows that are not confirmed.
struct Fault {
    to: &'static str,
    mode: Transport,
    spoil: fn(&mut Declaration<'_>),
    sure: &'static str,
    unsure: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.gross_weight = None,
        sure: "data-missing",
        unsure: "data-wanted",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| {
            item.nature = Some(Nature::Sale);
            item.pieces[0].hs = None;
        },
        sure: "hs-missing",
        unsure: "hs-wanted",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| {
            item.nature = Some(Nature::Sale);
            item.pieces[0].hs = HsCode::parse("610999");
        },
        sure: "hs-unknown",
        unsure: "hs-doubtful",
    },
    Fault {
        to: "US",
        mode: Transport::Road,
        spoil: |item| item.nature = Some(Nature::Sale),
        sure: "hs-short",
        unsure: "hs-wanted",
    },
    Fault {
        to: "DE",
        mode: Transport::Road,
        spoil: |item| item.addressee.postcode = None,
        sure: "filing-condition",
        unsure: "filing-doubtful",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.form = Some(Form::Cn22),
        sure: "cn22-class",
        unsure: "cn22-doubtful",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.gross_weight = Some(Grams(30_001)),
        sure: "weight-limit",
        unsure: "limit-doubtful",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.volume = Some(Volume(251_000)),
        sure: "volume-limit",
        unsure: "limit-doubtful",
    },
    Fault {
        to: "DE",
        mode: Transport::Road,
        spoil: |item| item.pieces[0].description = Some("shoes"),
        sure: "description-vague",
        unsure: "description-unclear",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.pieces[0].description = Some("12345"),
        sure: "description-pattern",
        unsure: "description-unclear",
    },
    Fault {
        to: "DE",
        mode: Transport::Road,
        spoil: |item| item.sender.name = Some("unknown"),
        sure: "name-vague",
        unsure: "name-unclear",
    },
    Fault {
        to: "DE",
        mode: Transport::Road,
        spoil: |item| item.sender.city = Some("unknown"),
        sure: "address-vague",
        unsure: "address-unclear",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| item.pieces[0].description = Some("insecticide"),
        sure: "article-conditional",
        unsure: "article-sensitive",
    },
    Fault {
        to: "KZ",
        mode: Transport::Road,
        spoil: |item| {
            item.pieces[0].value = Some(Money { minor: 100_001, currency: Currency::CNY });
            item.pieces[0].units = Some(2);
        },
        sure: "personal-limit",
        unsure: "personal-doubtful",
    },
    Fault {
        to: "KZ",
        mode: Transport::Rail,
        spoil: |item| item.pieces[0].battery = Some(battery(3481, 20_000, 1)),
        sure: "battery-conditional",
        unsure: "battery-sensitive",
    },
    Fault {
        to: "KZ",
        mode: Transport::Air,
        spoil: |item| item.pieces[0].battery = Some(battery(3481, 0, 1)),
        sure: "battery-details",
        unsure: "battery-sensitive",
    },
    Fault {
        to: "KZ",
        mode: Transport::Air,
        spoil: |item| item.pieces[0].battery = Some(battery(3481, 20_000, 3)),
        sure: "battery-cells",
        unsure: "battery-sensitive",
    },
];

fn battery(un_number: u16, energy_mwh: u32, count: u16) -> Battery {
    Battery { un_number, energy_mwh, count, is_installed: true }
}

fn ordinary(to: &str) -> Declaration<'static> {
    let party = |country: &str| Party {
        kind: Some(PartyKind::Person),
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        postcode: Some("010000"),
        country: Country::parse(country),
        ..Party::default()
    };
    Declaration {
        identifier: Some(Identifier::S10(S10::new("CP", 1, Country::parse("CN").unwrap()).unwrap())),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(Nature::Other),
        gross_weight: Some(Grams(600)),
        sender: party("CN"),
        // Some destinations let nothing in that was not paid for.
        prepaid_tax: Some(PrepaidTax { scheme: "IOSS", number: "IM2760000742" }),
        addressee: party(to),
        pieces: vec![Piece {
            description: Some("cotton towel"),
            units: Some(1),
            net_weight: Some(Grams(500)),
            value: Some(Money { minor: 8_000, currency: Currency::CNY }),
            hs: HsCode::parse("630260"),
            origin: Country::parse("CN"),
            ..Piece::default()
        }],
        ..Declaration::default()
    }
}

fn assess(engine: &Engine, declaration: &Declaration<'_>, mode: Transport) -> Assessment {
    let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    engine.assess(&Question {
        declaration,
        flow: Flow::Export,
        filed_on: date,
        accepted_on: date,
        rated_on: None,
        mode,
        rates: &Rates::default(),
        options: &Options::default(),
    })
}

#[test]
fn what_holds_by_a_row_in_force_warns_by_one_that_is_not_confirmed() {
    let sure = Engine::builtin();
    let texts: Vec<(&str, String)> = BUILTIN
        .iter()
        .filter(|table| table.text.contains("status = \"in_force\""))
        .map(|table| (table.name, table.text.replace("status = \"in_force\"", "status = \"unverified\"")))
        .collect();
    let texts: Vec<TableText<'_>> = texts.iter().map(|(name, text)| TableText { name, text }).collect();
    let unsure = Engine::load(&texts).unwrap();
    for fault in FAULTS {
        let mut declaration = ordinary(fault.to);
        for engine in [&sure, &unsure] {
            let answer = assess(engine, &declaration, fault.mode);
            assert_eq!(answer.decision, Decision::Go, "to {}: {:?}", fault.to, answer.findings);
        }
        (fault.spoil)(&mut declaration);
        let held = assess(&sure, &declaration, fault.mode);
        assert_eq!(held.decision, Decision::Hold, "{}: {:?}", fault.sure, held.findings);
        assert!(held.findings.iter().any(|finding| finding.code.name == fault.sure), "{:?}", held.findings);
        let warned = assess(&unsure, &declaration, fault.mode);
        assert_eq!(warned.decision, Decision::Go, "{}: {:?}", fault.unsure, warned.findings);
        assert!(
            warned.findings.iter().any(|finding| finding.code.name == fault.unsure),
            "{:?}",
            warned.findings
        );
    }
}
