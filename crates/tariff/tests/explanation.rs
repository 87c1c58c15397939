//! The explanation as people read it, and as programs do.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use caravan_declaration::{Declaration, Identifier, Party, Piece, PrepaidTax, Route};
use caravan_postal::{Catalogue, Country, Currency, Grams, HsCode, Language, MailClass, Money, Nature, S10};
use caravan_tariff::{
    Assessment, Engine, Explanation, Flow, Known, MESSAGES, Misfit, Options, Question, Rates, RowId,
    Transport, view,
};
use chrono::NaiveDate;

/// Explains what is filed and accepted on one day, by rail.
fn explain(
    engine: &Engine,
    declaration: &Declaration<'_>,
    day: (i32, u32, u32),
    rates: &Rates,
) -> Explanation {
    let date = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
    engine.explain(&Question {
        declaration,
        flow: Flow::Export,
        filed_on: date,
        accepted_on: date,
        rated_on: None,
        mode: Transport::Rail,
        rates,
        options: &Options::default(),
    })
}

fn round() -> Rates {
    Rates::parse(include_str!("rates/round.toml")).unwrap()
}

fn explanation(engine: &Engine) -> Explanation {
    let party = |code: &str| Party {
        name: Some("Li Lei"),
        street: Some("Road 1"),
        city: Some("City"),
        postcode: Some("010000"),
        country: Country::parse(code),
        ..Party::default()
    };
    let declaration = Declaration {
        identifier: Some(Identifier::S10(S10::new("CP", 1, Country::parse("KR").unwrap()).unwrap())),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(Nature::Sale),
        gross_weight: Some(Grams(600)),
        sender: party("KR"),
        addressee: party("PL"),
        prepaid_tax: Some(PrepaidTax { scheme: "IOSS", number: "IM2760000742" }),
        pieces: vec![Piece {
            description: Some("cotton towel"),
            units: Some(2),
            net_weight: Some(Grams(500)),
            value: Some(Money { minor: 30_000, currency: Currency::CNY }),
            hs: HsCode::parse("630260"),
            ..Piece::default()
        }],
        ..Declaration::default()
    };
    explain(engine, &declaration, (2026, 7, 1), &round())
}

#[test]
fn reads_as_it_should() {
    let engine = Engine::builtin();
    let catalogue = Catalogue::new(&[MESSAGES]);
    let text = explanation(&engine).text(&catalogue, Language::En);
    let expected = include_str!("explanation.txt").replace("{revision}", engine.revision());
    assert_eq!(text, expected);
}

#[test]
fn says_what_is_unknown_and_what_stands_on_it() {
    let engine = Engine::builtin();
    let party = |code: &str, business| Party { business, country: Country::parse(code), ..Party::default() };
    let declaration = Declaration {
        nature: Some(Nature::Sale),
        sender: party("CN", Some("A Trading Company")),
        addressee: party("DE", None),
        pieces: vec![Piece {
            units: Some(1),
            value: Some(Money { minor: 8_000, currency: Currency::CNY }),
            hs: HsCode::parse("220300"),
            ..Piece::default()
        }],
        ..Declaration::default()
    };
    let explanation = explain(&engine, &declaration, (2026, 7, 1), &round());
    let why = |row: &str| {
        let mut considered = explanation.considered.iter();
        considered.find(|one| one.row.as_str() == row).map(|one| one.why)
    };
    // A procedure that nobody chose has not ended, and a tax on an unknown excise is not nothing.
    assert_eq!(why("cn-export-1210"), Some(Misfit::Reading));
    assert_eq!(why("eu-excise"), Some(Misfit::NotComputed));
    assert_eq!(why("eu-import-vat"), Some(Misfit::StandsOnUnknown));
    // What was reckoned is not the whole, and it is said which charges are missing.
    assert_eq!(explanation.known(), Known::Part);
    let unknown = explanation.unknown.iter().map(|one| format!("{} {}", one.kind.as_str(), one.row));
    assert_eq!(unknown.collect::<Vec<_>>(), ["excise eu-excise", "tax eu-import-vat"]);
    let catalogue = Catalogue::new(&[MESSAGES]);
    let text = explanation.text(&catalogue, Language::En);
    assert!(text.contains("\nExcise: amount not known\n  eu-excise ["), "{text}");
    let view = view::Explanation::of(&explanation, &catalogue, Language::En);
    assert!(!view.is_complete && view.unknown.len() == 2, "{view:#?}");
}

#[test]
fn tells_nothing_due_from_what_nobody_knows() {
    let engine = Engine::builtin();
    let party = |code: &str| Party { country: Country::parse(code), ..Party::default() };
    let rates =
        Rates::parse(concat!(include_str!("rates/round.toml"), include_str!("rates/east.toml"))).unwrap();
    // EUR 10 to Kazakhstan are free; a normal declaration in Turkey goes by a tariff that is not in the tables; documents
    // are not asked.
    for (to, nature, known, says) in [
        ("KZ", Nature::Gift, Known::Whole, "\nNothing is due.\n"),
        ("TR", Nature::Sale, Known::Part, "\nWhat is due is not known.\n"),
        ("KZ", Nature::Documents, Known::NotAsked, "\nNo duty or tax was reckoned.\n"),
    ] {
        let declaration = Declaration {
            nature: Some(nature),
            gross_weight: Some(Grams(600)),
            sender: party("KR"),
            addressee: party(to),
            pieces: vec![Piece {
                units: Some(1),
                value: Some(Money { minor: 8_000, currency: Currency::CNY }),
                hs: HsCode::parse("630260"),
                ..Piece::default()
            }],
            ..Declaration::default()
        };
        let explanation = explain(&engine, &declaration, (2026, 11, 2), &rates);
        let text = explanation.text(&Catalogue::new(&[MESSAGES]), Language::En);
        assert_eq!(explanation.known(), known, "{text}");
        assert!(text.contains(says), "{text}");
        // A charge that was reckoned to nothing is not among those that were not applied.
        let not_applied = text.split_once("Considered and not applied:").map_or("", |(_, rest)| rest);
        assert!(!not_applied.contains("nothing is due"), "{text}");
    }
}

#[test]
fn speaks_the_reader_s_language() {
    let catalogue = Catalogue::new(&[MESSAGES]);
    let explanation = explanation(&Engine::builtin());
    for (language, words) in [
        (
            Language::Ru,
            ["Решение: пропустить", "Пошлина: 12.00 PLN, оценка", "зависит от налога, уплаченного продавцу"],
        ),
        (Language::Zh, ["处理结果: 放行", "关税: 12.00 PLN, 寄达国预估", "取决于是否已由卖方代收税"]),
    ] {
        let text = explanation.text(&catalogue, language);
        for word in words {
            assert!(text.contains(word), "`{word}` in\n{text}");
        }
    }
}

#[test]
fn shows_programs_the_same() {
    let catalogue = Catalogue::new(&[MESSAGES]);
    let view = view::Explanation::of(&explanation(&Engine::builtin()), &catalogue, Language::En);
    assert_eq!((view.decision, view.channel), ("go", "postal-article"));
    let charge = &view.charges[0];
    assert_eq!((charge.kind, charge.amount.as_str(), charge.currency.as_str()), ("duty", "12.00", "PLN"));
    assert_eq!(charge.row.source.as_deref(), Some("Regulation (EU) 2026/382"));
    let last = charge.trace.last().expect("a charge has a trace");
    assert!(matches!(last, view::Step::Round { from, rounding: "half-up", .. } if from.exact == "12/1"));
    assert!(view.considered.iter().any(|one| one.row.id == "eu-import-vat" && one.why == "prepaid"));
}

#[test]
fn says_when_a_row_is_gone() {
    let stored = Assessment { regime: Some(RowId::new("long-gone")), ..Assessment::default() };
    let text = Engine::builtin().describe(stored).text(&Catalogue::new(&[MESSAGES]), Language::En);
    assert!(text.contains("Regime: long-gone (no longer in the tables)"), "{text}");
}

#[test]
fn every_choice_of_a_reading_has_a_name_in_every_language() {
    let (engine, catalogue) = (Engine::builtin(), Catalogue::new(&[MESSAGES]));
    let mut count = 0;
    for (row, choices, _) in engine.readings() {
        for choice in choices {
            for language in Language::ALL {
                let name = format!("@choice-{}-{choice}", row.id);
                assert_ne!(catalogue.term(&name, language), name, "{language:?}");
                count += 1;
            }
        }
    }
    assert!(count > 100, "there are readings");
}
