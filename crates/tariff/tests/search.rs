//! The search of commodity codes: what people write, with slips and endings, and what is proposed for it.

#![expect(clippy::unwrap_used, reason = "what cannot be read here is a fault of the test itself")]

use std::sync::LazyLock;

use caravan_postal::{HsCode, Language};
use caravan_tariff::hs::Search;
use caravan_tariff::{BUILTIN, Engine};
use chrono::NaiveDate;
use proptest::prelude::*;

static ENGINE: LazyLock<Engine> = LazyLock::new(Engine::builtin);

/// One index a language, in the order of `Language::ALL`.
static SEARCHES: LazyLock<[Search<'static>; 3]> =
    LazyLock::new(|| Language::ALL.map(|language| ENGINE.search(language, day())));

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

#[test]
fn proposes_what_is_meant_first() {
    let mut faults = Vec::new();
    for (language, questions) in [
        (
            Language::En,
            &[
                ("smartphone", "851713"),
                ("smrtphone", "851713"),
                ("Mobile phones", "851713"),
                ("T-shirts", "610910"),
                ("cotton t shirt", "610910"),
                ("wireless earphones", "851830"),
                ("hedphones", "851830"),
                ("plush toys", "950300"),
                ("power bank 20000 mAh", "850760"),
                ("green tea", "090210"),
                ("vacum cleaner", "850811"),
                ("face masks", "630790"),
                ("horses, pure-bred breeding animals", "010121"),
                ("saffron", "091020"),
            ][..],
        ),
        (
            Language::Ru,
            &[
                ("смартфон", "851713"),
                ("смартфоны", "851713"),
                ("смратфон", "851713"),
                ("детские игрушки", "950300"),
                ("женские сумки", "420222"),
                ("чёрный чай", "090230"),
                ("черного чая", "090230"),
                ("зарядные устройства", "850440"),
                ("полотенце хлопковое", "630260"),
            ],
        ),
        (
            Language::Zh,
            &[
                ("手机", "851713"),
                ("智能手机", "851713"),
                ("蓝牙耳机", "851830"),
                ("毛绒玩具", "950300"),
                ("纯棉T恤", "610910"),
                ("绿茶", "090210"),
                ("移动电源", "850760"),
                ("女士羽绒服", "620240"),
            ],
        ),
    ] {
        let search = &SEARCHES[language as usize];
        for (text, expected) in questions {
            let proposals = search.propose(text, language, 3);
            let first = proposals.first().map(|proposal| proposal.code.to_string());
            if first.as_deref() != Some(*expected) {
                let shown = proposals.iter().map(|one| format!("{} {} {}", one.code, one.score, one.name));
                faults.push(format!("{text}: {:?}", shown.collect::<Vec<_>>()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_worse_question_has_a_lower_score() {
    let search = &SEARCHES[Language::En as usize];
    let score = |text: &str| {
        let proposals = search.propose(text, Language::En, 50);
        proposals.iter().find(|one| one.code.to_string() == "851713").map_or(0, |one| one.score)
    };
    assert_eq!(score("smartphone"), 1000);
    assert!(score("smartphone") > score("smratphone"), "a slip");
    assert!(score("smratphone") > 0);
    assert!(score("smartphone") > score("smartphone for my nephew"), "words that mean nothing here");
    assert_eq!(score("teapot"), 0);
}

#[test]
fn proposes_nothing_for_what_says_nothing() {
    for (language, text) in [
        (Language::En, ""),
        (Language::En, "of the and"),
        (Language::En, "!!! ---"),
        (Language::En, "qwrtzpsdf"),
        (Language::Ru, "смартфон".get(..2).unwrap()),
        (Language::Zh, "的"),
    ] {
        assert_eq!(SEARCHES[language as usize].propose(text, language, 5), [], "{text:?}");
    }
    let search = &SEARCHES[Language::En as usize];
    assert_eq!(search.propose("toy", Language::En, 0), []);
    assert_eq!(search.propose("cotton", Language::En, 4).len(), 4);
}

#[test]
fn every_code_that_can_be_proposed_is_of_the_edition() {
    let mut count = 0;
    for table in
        BUILTIN.iter().filter(|table| ["lists/hs-terms.csv", "lists/hs-2022-names.txt"].contains(&table.name))
    {
        for line in table.text.lines().filter(|line| !line.starts_with('#')) {
            let code = HsCode::parse(line.split(';').next().unwrap()).unwrap();
            assert_eq!(ENGINE.has_subheading(code, day()), Some(true), "{code} in {}", table.name);
            count += 1;
        }
    }
    assert!(count > 5612, "the names of the edition and terms: {count}");
    // Of 2028 there is no edition yet, so there is nothing to propose from.
    let later = NaiveDate::from_ymd_opt(2028, 1, 1).unwrap();
    assert_eq!(ENGINE.search(Language::En, later).propose("smartphone", Language::En, 5), []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_is_a_panic_and_proposals_keep_their_order(text in "\\PC{0,300}", language in 0..3usize) {
        let language = Language::ALL[language];
        let search = &SEARCHES[language as usize];
        let proposals = search.propose(&text, language, 10);
        prop_assert!(proposals.len() <= 10);
        prop_assert!(proposals.windows(2).all(|pair| pair[0].score >= pair[1].score && pair[0].code != pair[1].code));
        prop_assert!(proposals.iter().all(|proposal| proposal.score <= 1000));
    }
}
