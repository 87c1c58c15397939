//! What one assessment costs: `cargo bench -p caravan-tariff`.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use std::hint::black_box;

use caravan_declaration::{Declaration, Identifier, Party, PartyKind, Piece, Route};
use caravan_postal::{Country, Currency, Grams, HsCode, MailClass, Money, Nature, S10};
use caravan_tariff::{Engine, Flow, Options, Question, Rates, Transport, packed};
use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn party<'a>(name: &'a str, country: &str, kind: PartyKind) -> Party<'a> {
    Party {
        kind: Some(kind),
        name: Some(name),
        street: Some("улица Абая 12"),
        city: Some("Алматы"),
        postcode: Some("050000"),
        country: Country::parse(country),
        ..Party::default()
    }
}

fn piece<'a>(description: &'a str, hs: &str, yuan: i64) -> Piece<'a> {
    Piece {
        description: Some(description),
        units: Some(1),
        net_weight: Some(Grams(300)),
        value: Some(Money { minor: yuan * 100, currency: Currency::CNY }),
        hs: HsCode::parse(hs),
        origin: Country::parse("CN"),
        ..Piece::default()
    }
}

fn declaration(to: &str, yuan: i64) -> Declaration<'static> {
    let pieces = vec![
        piece("女士棉质T恤 women's cotton T-shirt", "610910", yuan / 2),
        piece("Чехол для телефона силиконовый", "392690", yuan - yuan / 2),
    ];
    Declaration {
        identifier: Some(Identifier::S10(S10::new("CP", 4_731_248, Country::parse("CN").unwrap()).unwrap())),
        route: Route { class: Some(MailClass::Parcels), ..Route::default() },
        nature: Some(Nature::Sale),
        gross_weight: Some(Grams(700)),
        total_value: Some(Money { minor: yuan * 100, currency: Currency::CNY }),
        postage: Some(Money { minor: 3500, currency: Currency::CNY }),
        sender: party("深圳市某某贸易有限公司", "CN", PartyKind::Business),
        addressee: party("Айгуль Серикова", to, PartyKind::Person),
        pieces,
        ..Declaration::default()
    }
}

fn assess(criterion: &mut Criterion) {
    let engine = Engine::builtin();
    let rates = Rates::parse(include_str!("../tests/rates/round.toml")).unwrap();
    let options = Options::default();
    let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let mut group = criterion.benchmark_group("assess");
    group.throughput(Throughput::Elements(1));
    for (name, to, yuan) in [
        ("kazakhstan, nothing due", "KZ", 300),
        ("kazakhstan, duty", "KZ", 2400),
        ("germany, duty and tax", "DE", 300),
        ("uzbekistan, nothing due", "UZ", 300),
    ] {
        let declaration = declaration(to, yuan);
        let question = Question {
            declaration: &declaration,
            flow: Flow::Export,
            filed_on: date,
            accepted_on: date,
            rated_on: None,
            mode: Transport::Road,
            rates: &rates,
            options: &options,
        };
        group.bench_function(name, |bencher| bencher.iter(|| engine.assess(black_box(&question))));
        let answer = engine.assess(&question);
        let mut bytes = Vec::new();
        packed::encode(&answer, &mut bytes);
        println!(
            "{name}: {:?}, {} findings, {} charges, {} bytes packed",
            answer.decision,
            answer.findings.len(),
            answer.charges.len(),
            bytes.len()
        );
    }
    group.finish();
    criterion.bench_function("load the built-in tables", |bencher| bencher.iter(Engine::builtin));
}

criterion_group!(benches, assess);
criterion_main!(benches);
