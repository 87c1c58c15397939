//! What an assessment costs beside the typed parse of the same items, and what single items cost:
//! `cargo bench -p caravan-tariff`.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use std::hint::black_box;
use std::ops::ControlFlow;

use caravan_declaration::{Declaration, Limits, read, xml};
use caravan_postal::{Country, Money};
use caravan_tariff::{Engine, Flow, Options, Question, Rates, Transport, packed};
use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

#[path = "../tests/mail/mod.rs"]
mod mail;

/// Items of the mail; with three pieces each.
const ITEMS: u32 = 2_000;

struct Bench {
    engine: Engine,
    rates: Rates,
    options: Options,
}

impl Bench {
    fn question<'a>(&'a self, declaration: &'a Declaration<'a>) -> Question<'a> {
        let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        Question {
            declaration,
            flow: Flow::Export,
            filed_on: date,
            accepted_on: date,
            rated_on: None,
            mode: Transport::Road,
            rates: &self.rates,
            options: &self.options,
        }
    }
}

/// An item of two pieces worth so many yuan to a country.
fn single(to: &str, yuan: i64) -> Declaration<'static> {
    let mut declaration = mail::item(1);
    declaration.nature = Some(caravan_postal::Nature::Sale);
    declaration.sender.kind = Some(caravan_declaration::PartyKind::Business);
    declaration.addressee.country = Country::parse(to);
    declaration.pieces.truncate(2);
    let [first, second] = &mut declaration.pieces[..] else { return declaration };
    let fen = |minor| Some(Money { minor, currency: caravan_postal::Currency::CNY });
    (first.value, second.value) = (fen(yuan * 50), fen(yuan * 50));
    declaration.total_value = fen(yuan * 100);
    declaration
}

fn assess(criterion: &mut Criterion) {
    let bench = Bench {
        engine: Engine::builtin(),
        rates: Rates::parse(include_str!("../tests/rates/round.toml")).unwrap(),
        options: Options::default(),
    };
    let declarations: Vec<_> = (0..ITEMS).map(mail::item).collect();
    let bytes = xml::write(Vec::new(), &declarations).unwrap();
    let limits = Limits::standard();
    let mut group = criterion.benchmark_group("mail");
    group.throughput(Throughput::Elements(ITEMS.into()));
    group.bench_function("typed parse", |bencher| {
        bencher.iter(|| {
            read(&bytes[..], &limits, |item| {
                black_box(&item);
                ControlFlow::Continue(())
            })
        });
    });
    group.bench_function("typed parse and assess", |bencher| {
        bencher.iter(|| {
            read(&bytes[..], &limits, |item| {
                black_box(bench.engine.assess(&bench.question(&item.declaration)));
                ControlFlow::Continue(())
            })
        });
    });
    group.bench_function("assess", |bencher| {
        bencher.iter(|| {
            for declaration in &declarations {
                black_box(bench.engine.assess(black_box(&bench.question(declaration))));
            }
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("item");
    group.throughput(Throughput::Elements(1));
    for (name, to, yuan) in [
        ("kazakhstan, nothing due", "KZ", 300),
        ("kazakhstan, duty", "KZ", 2400),
        ("germany, duty and tax", "DE", 300),
        ("uzbekistan, nothing due", "UZ", 300),
    ] {
        let declaration = single(to, yuan);
        let question = bench.question(&declaration);
        group.bench_function(name, |bencher| bencher.iter(|| bench.engine.assess(black_box(&question))));
        let answer = bench.engine.assess(&question);
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
