//! The mass pass asks for no memory where an item is accepted and nothing is due.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

mod mail;

use caravan_declaration::Declaration;
use caravan_tariff::{Assessment, Decision, Engine, Flow, Options, Question, Rates, Transport};
use chrono::NaiveDate;

fn assess(
    engine: &Engine,
    rates: &Rates,
    options: &Options,
    declaration: &Declaration<'_>,
) -> (u64, Assessment) {
    let date = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let question = Question {
        declaration,
        flow: Flow::Export,
        filed_on: date,
        accepted_on: date,
        rated_on: None,
        mode: Transport::Road,
        rates,
        options,
    };
    let mut answer = None;
    let counted = allocation_counter::measure(|| answer = Some(engine.assess(&question)));
    (counted.count_total, answer.unwrap())
}

#[test]
fn an_accepted_item_asks_for_no_memory() {
    let engine = Engine::builtin();
    let rates = Rates::parse(include_str!("rates/round.toml")).unwrap();
    let options = Options::default();
    let (mut accepted, mut charged) = (0, 0);
    for index in 0..2_000 {
        let declaration = mail::item(index);
        let (count, answer) = assess(&engine, &rates, &options, &declaration);
        if answer.decision != Decision::Go || !answer.findings.is_empty() {
            continue;
        }
        if answer.charges.is_empty() {
            accepted += 1;
            assert_eq!(count, 0, "item {index} to {:?}", declaration.addressee.country);
        } else {
            charged += 1;
        }
    }
    assert!(accepted > 1_000 && charged > 10, "{accepted} accepted, {charged} charged");
}
