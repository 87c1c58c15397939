//! Laws that hold for every item, whatever it declares.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_declaration::{Declaration, Form, Identifier, Party, PartyKind, Piece, PrepaidTax, Route};
use caravan_postal::{
    Catalogue, Country, Currency, Grams, HsCode, Language, MailClass, Money, Nature, S10, Severity,
};
use caravan_tariff::{
    Assessment, ChargeKind, Decision, Engine, Flow, MESSAGES, Options, Question, Rates, Status, Switch,
    Transport, packed, view,
};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use std::sync::LazyLock;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(&[MESSAGES]));
static ROUND: LazyLock<Rates> = LazyLock::new(|| {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rates");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    Rates::parse(&files.map(|file| std::fs::read_to_string(file).unwrap()).collect::<String>()).unwrap()
});
/// Every destination of the tables, one through which goods pass under rules of its own, and one that no table knows.
static DESTINATIONS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let known = ENGINE.destinations().map(|country| country.to_string());
    known.chain(["HK".to_owned(), "FJ".to_owned()]).collect()
});
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

/// Pieces whose figures an honest sender could write.
fn modest_pieces() -> impl Strategy<Value = Vec<(String, i64, u32, u64, u64)>> {
    let hs = prop::sample::select(vec![630_260, 240_220, 220_421, 330_300, 851_713, 910_211, 70_320]);
    let piece = (Just("cotton towel".to_owned()), 0..200_000i64, 1..5u32, 1..40_000u64, hs);
    prop::collection::vec(piece, 0..4)
}

/// Remarks that something could not be reckoned.
const UNKNOWN: &[&str] = &[
    "charge-unknown",
    "duty-missing",
    "duty-composite",
    "rate-missing",
    "rate-old",
    "tax-rate-missing",
    "amount-missing",
    "amount-out-of-reach",
];

fn question<'a>(setting: &Setting, declaration: &'a Declaration<'a>, options: &'a Options) -> Question<'a> {
    let date = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + Days::new(setting.day);
    Question {
        declaration,
        flow: if setting.is_import { Flow::Import } else { Flow::Export },
        filed_on: date,
        accepted_on: date,
        rated_on: None,
        mode: Transport::Road,
        rates: &ROUND,
        options,
    }
}

fn ask(setting: &Setting, pieces: &[(String, i64, u32, u64, u64)]) -> Assessment {
    ENGINE.assess(&question(setting, &declaration(setting, pieces), &Options::default()))
}

fn ask_without_postage(setting: &Setting, pieces: &[(String, i64, u32, u64, u64)]) -> Assessment {
    let declaration = Declaration { postage: None, ..declaration(setting, pieces) };
    ENGINE.assess(&question(setting, &declaration, &Options::default()))
}

fn sum(answer: &Assessment, kind: ChargeKind) -> i64 {
    answer.charges.iter().filter(|charge| charge.kind == kind).map(|charge| charge.amount.minor).sum()
}

#[expect(clippy::struct_excessive_bools, reason = "each is drawn by itself")]
#[derive(Debug, Clone)]
struct Setting {
    to: String,
    day: u64,
    nature: Nature,
    is_import: bool,
    is_business: bool,
    is_crooked: bool,
    is_cn22: bool,
    currency: &'static str,
}

fn setting() -> impl Strategy<Value = Setting> {
    let to = prop::sample::select(DESTINATIONS.clone());
    let currency = prop::sample::select(vec!["CNY", "EUR", "USD", "JPY", "KWD"]);
    let nature = prop::sample::select(Nature::ALL.to_vec());
    (to, 0..1_900u64, nature, any::<[bool; 4]>(), currency).prop_map(|(to, day, nature, flags, currency)| {
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
        prepaid_tax: setting.is_crooked.then_some(PrepaidTax { scheme: "IOSS", number: "IM2760000742" }),
        sender: party("CN"),
        addressee: party(&setting.to),
        pieces: pieces.iter().map(piece).collect(),
        ..Declaration::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_answer_agrees_with_itself(setting in setting(), pieces in pieces(), is_on in any::<bool>()) {
        let declaration = declaration(&setting, &pieces);
        let date = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + Days::new(setting.day);
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
            prop_assert!(row.status != Status::Unknown && charge.amount.minor > 0, "{}", row.id);
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
        let date = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + Days::new(setting.day);
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

    #[test]
    fn more_value_is_never_less_duty_in_one_regime(
        setting in setting(),
        pieces in modest_pieces(),
        which in any::<prop::sample::Index>(),
        more in 1..500_000i64,
    ) {
        prop_assume!(!pieces.is_empty());
        let dearer = {
            let (mut pieces, index) = (pieces.clone(), which.index(pieces.len()));
            pieces[index].1 += more;
            pieces
        };
        // Postage falls on lines by their value, so a dearer line free of duty draws it from the others.
        let (before, after) = (ask_without_postage(&setting, &pieces), ask_without_postage(&setting, &dearer));
        prop_assume!(before.regime == after.regime);
        for kind in [ChargeKind::Duty, ChargeKind::Excise, ChargeKind::Tax] {
            // What is not known is not nothing: only what both could reckon is held against each other.
            let is_known = |answer: &Assessment| {
                !answer.findings.iter().any(|one| UNKNOWN.contains(&one.code.name))
            };
            if is_known(&before) && is_known(&after) {
                prop_assert!(sum(&after, kind) >= sum(&before, kind), "{:?}: {:?} {:?}", kind, before.charges, after.charges);
            }
        }
    }

    #[test]
    fn an_item_a_line_is_the_sum_of_its_lines(setting in setting(), pieces in modest_pieces()) {
        // The Union's EUR 3 an item: lines of their own description are items of their own, however they are packed.
        let setting = Setting { to: "FR".to_owned(), currency: "EUR", day: 1_700, nature: Nature::Sale, is_business: false, ..setting };
        let mut pieces = pieces;
        for (index, piece) in pieces.iter_mut().enumerate() {
            piece.1 %= 3_000;
            piece.0 = format!("towel {}", ["red", "green", "blue", "white"][index]);
        }
        let together = ask(&setting, &pieces);
        let apart: Vec<Assessment> = pieces.iter().map(|piece| ask(&setting, std::slice::from_ref(piece))).collect();
        prop_assume!(!pieces.is_empty());
        prop_assert_eq!(together.regime.as_ref().map(ToString::to_string), Some("eu-item-duty".to_owned()));
        let parts: i64 = apart.iter().map(|one| sum(one, ChargeKind::Duty)).sum();
        prop_assert_eq!(sum(&together, ChargeKind::Duty), parts);
        prop_assert_eq!(parts, 300 * i64::try_from(pieces.len()).unwrap());
    }

    #[test]
    fn duty_by_code_is_the_sum_of_its_lines(setting in setting(), pieces in modest_pieces()) {
        let setting = Setting { to: "DE".to_owned(), nature: Nature::Sale, is_business: true, currency: "EUR", ..setting };
        let dear: Vec<_> = pieces.into_iter().map(|mut piece| { piece.1 += 20_000; piece.4 = 630_260; piece }).collect();
        let together = ask(&setting, &dear);
        let apart: Vec<Assessment> = dear.iter().map(|piece| ask_without_postage(&setting, std::slice::from_ref(piece))).collect();
        let whole = ask_without_postage(&setting, &dear);
        prop_assert_eq!(&whole.regime, &together.regime);
        let parts: i64 = apart.iter().map(|one| sum(one, ChargeKind::Duty)).sum();
        // Each part is rounded by itself.
        let slack = i64::try_from(dear.len()).unwrap();
        prop_assert!((sum(&whole, ChargeKind::Duty) - parts).abs() <= slack, "{:?} {}", whole.charges, parts);
    }
}
