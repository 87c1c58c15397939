//! Laws that hold for every item, whatever it declares.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_declaration::{Declaration, Form, Identifier, Party, PartyKind, Piece, PrepaidTax, Route};
use caravan_postal::{
    Catalogue, Country, Currency, Grams, HsCode, Language, MailClass, Money, Nature, S10, Severity,
};
use caravan_tariff::{
    Decision, Engine, Flow, MESSAGES, Options, Question, Rates, Status, Switch, Transport, packed, view,
};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[MESSAGES]));
static ROUND: LazyLock<Rates> = LazyLock::new(|| Rates::parse(include_str!("rates/round.toml")).unwrap());
/// Rates as far from round as a row may be.
static CROOKED: LazyLock<Rates> = LazyLock::new(|| {
    let row = |authority: &str, units: u32, currency: &str, value: &str, counter: &str| {
        format!(
            "[[rate]]\nauthority = \"{authority}\"\nunits = {units}\ncurrency = \"{currency}\"\nvalue = \"{value}\"\n\
             in = \"{counter}\"\nvalid_from = 2020-01-01\nvalid_to = 2030-01-01\nsource = \"made up\"\n"
        )
    };
    let mut text = String::new();
    for (authority, pivot) in [
        ("ecb", "EUR"),
        ("nbp", "PLN"),
        ("nbk", "KZT"),
        ("cbr", "RUB"),
        ("cbu", "UZS"),
        ("hmrc", "GBP"),
        ("imf", "XDR"),
    ] {
        for (currency, value) in
            [("CNY", "99999.9999991"), ("USD", "0.00000000007"), ("EUR", "123.456789013")]
        {
            if currency != pivot {
                text += &row(authority, 999_983, currency, value, pivot);
            }
        }
    }
    Rates::parse(&text).unwrap()
});

fn pieces() -> impl Strategy<Value = Vec<(String, i64, u32, u64, u64)>> {
    let words =
        prop::sample::select(vec!["cotton towel", "香烟", "пистолет", "gift", "", "...", "whisky", "часы"]);
    let text = prop_oneof![words.prop_map(str::to_owned), "\\PC{0,40}"];
    let minor = prop_oneof![0..200_000i64, any::<i64>()];
    let grams = prop_oneof![0..40_000u64, any::<u64>()];
    let hs = prop::sample::select(vec![
        630_260, 240_220, 220_421, 330_300, 851_713, 910_211, 999_999, 10_121, 70_320,
    ]);
    prop::collection::vec((text, minor, any::<u32>(), grams, hs), 0..4)
}

#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone)]
struct Setting {
    to: &'static str,
    day: u64,
    nature: Nature,
    is_import: bool,
    is_business: bool,
    is_crooked: bool,
    is_cn22: bool,
    currency: &'static str,
}

fn setting() -> impl Strategy<Value = Setting> {
    let to =
        prop::sample::select(vec!["KZ", "KG", "RU", "BY", "UZ", "DE", "PL", "RO", "GB", "CN", "HK", "NZ"]);
    let currency = prop::sample::select(vec!["CNY", "EUR", "USD", "JPY", "KWD"]);
    let nature = prop::sample::select(Nature::ALL.to_vec());
    (to, 0..1_100u64, nature, any::<[bool; 4]>(), currency).prop_map(|(to, day, nature, flags, currency)| {
        Setting {
            to,
            day,
            nature,
            is_import: flags[0],
            is_business: flags[1],
            is_crooked: flags[2],
            is_cn22: flags[3],
            currency,
        }
    })
}

fn declaration<'a>(setting: &Setting, pieces: &'a [(String, i64, u32, u64, u64)]) -> Declaration<'a> {
    let currency = Currency::parse(setting.currency).unwrap();
    let party = |country: &str| Party {
        kind: Some(if setting.is_business { PartyKind::Business } else { PartyKind::Person }),
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        country: Country::parse(country),
        ..Party::default()
    };
    let piece = |(text, minor, units, grams, hs): &'a (String, i64, u32, u64, u64)| Piece {
        description: Some(text.as_str()).filter(|text| !text.is_empty()),
        units: Some(*units),
        net_weight: Some(Grams(*grams)),
        value: Some(Money { minor: *minor, currency }),
        hs: HsCode::from_parts(*hs, 6).filter(|_| hs % 2 == 0),
        origin: Country::parse("CN"),
        ..Piece::default()
    };
    let grams = pieces.iter().map(|piece| piece.3).fold(0, u64::saturating_add);
    Declaration {
        identifier: Some(Identifier::S10(S10::new("CP", 1, Country::parse("CN").unwrap()).unwrap())),
        form: Some(if setting.is_cn22 { Form::Cn22 } else { Form::Cn23 }),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(setting.nature),
        gross_weight: Some(Grams(grams)),
        postage: Some(Money { minor: 1_234, currency }),
        prepaid_tax: setting.is_crooked.then_some(PrepaidTax { scheme: "IOSS", number: "IM1" }),
        sender: party("CN"),
        addressee: party(setting.to),
        pieces: pieces.iter().map(piece).collect(),
        ..Declaration::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_answer_agrees_with_itself(setting in setting(), pieces in pieces(), is_on in any::<bool>()) {
        let declaration = declaration(&setting, &pieces);
        let date = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(setting.day);
        let switch = |row: &str| Switch { row: row.to_owned(), from: date };
        let switched_on = if is_on { vec![switch("eaeu-ecommerce"), switch("eu-handling-fee")] } else { Vec::new() };
        let options = Options { switched_on, ..Options::default() };
        let question = Question {
            declaration: &declaration,
            flow: if setting.is_import { Flow::Import } else { Flow::Export },
            filed_on: date,
            accepted_on: date,
            rated_on: None,
            mode: Transport::Air,
            rates: if setting.is_crooked { &CROOKED } else { &ROUND },
            options: &options,
        };
        let answer = ENGINE.assess(&question);

        // The decision is that of the weightiest finding, and only a refusal has a place.
        let weightiest = answer.findings.iter().map(caravan_postal::Finding::severity).max();
        let expected = match weightiest {
            Some(Severity::Refuse | Severity::Fatal) => Decision::Refuse,
            Some(Severity::Hold) => Decision::Hold,
            _ => Decision::Go,
        };
        prop_assert_eq!(answer.decision, expected);
        prop_assert_eq!(answer.physical.is_some(), answer.decision == Decision::Refuse);

        // Every refusal stands on a row in force; every charge on a row that is neither unknown nor silently announced.
        for finding in answer.findings.iter().filter(|finding| finding.severity() == Severity::Refuse) {
            let row = finding.arguments.iter().find_map(|argument| ENGINE.row(argument)).expect("a refusal names its row");
            prop_assert!(row.status == Status::InForce && row.covers(date), "{}", row.id);
        }
        for charge in &answer.charges {
            let row = ENGINE.row(charge.row.as_str()).expect("a charge names its row");
            prop_assert!(row.status != Status::Unknown && charge.amount.minor != 0, "{}", row.id);
            prop_assert!(row.status == Status::InForce || charge.is_unverified, "{}", row.id);
            prop_assert!(row.status != Status::Announced || is_on, "{}", row.id);
            prop_assert!(charge.trace.is_empty() && charge.is_estimate != setting.is_import);
        }

        // The slow pass and the stored form say the same.
        let explanation = ENGINE.explain(&question);
        let mut told = explanation.assessment.clone();
        for (charge, answered) in told.charges.iter_mut().zip(&answer.charges) {
            prop_assert!(!charge.trace.is_empty());
            let trace = std::mem::take(&mut charge.trace);
            prop_assert_eq!(ENGINE.trace(&question, answered), Some(trace));
        }
        prop_assert_eq!(&told, &answer);
        for language in Language::ALL {
            let text = explanation.text(&CATALOGUE, language);
            prop_assert!(!text.contains('@') , "{}", text);
            let view = view::Explanation::of(&explanation, &CATALOGUE, language);
            prop_assert_eq!(view.charges.len(), answer.charges.len());
        }
        let mut bytes = Vec::new();
        packed::encode(&answer, &mut bytes);
        let mut stored = answer;
        stored.findings.clear();
        prop_assert_eq!(packed::decode(&bytes), Ok(stored));
    }

    #[test]
    fn the_order_of_the_pieces_changes_no_amount(setting in setting(), pieces in pieces()) {
        let options = Options::default();
        let date = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(setting.day);
        let amounts = |pieces: &[(String, i64, u32, u64, u64)]| {
            let declaration = declaration(&setting, pieces);
            let answer = ENGINE.assess(&Question {
                declaration: &declaration,
                flow: if setting.is_import { Flow::Import } else { Flow::Export },
                filed_on: date,
                accepted_on: date,
                rated_on: None,
                mode: Transport::Road,
                rates: &ROUND,
                options: &options,
            });
            (answer.decision, answer.charges.iter().map(|charge| charge.amount).collect::<Vec<_>>())
        };
        let mut turned = pieces.clone();
        turned.reverse();
        prop_assert_eq!(amounts(&pieces), amounts(&turned));
    }
}
