//! What an advice tells of items that are on more than one list, held against the rule said plainly: as many lists as a
//! dispatch can have, with an item on several of them.

use std::sync::Arc;

use caravan_postal::{Country, Grams, HighestFlag, ReceptacleKind, S8, S9, S10};
use caravan_station::operation::MATCH_ITEM_TWICE;
use caravan_station::{Act, Advice, AdvisedReceptacle, Operation, State};

use crate::config;
use crate::life::Life;

const MORNING_MS: i64 = 1_794_790_800_000;

/// The receptacles of each dispatch, and the items on the list of each.
const RECEPTACLES: u32 = 60;
const ITEMS: u32 = 30;

fn s8(number: u32) -> S8 {
    S8::parse(&format!("DEFRAACNURCAACN6{number:04}")).unwrap()
}

fn s10(item: u32) -> S10 {
    S10::new("CP", item, Country::parse("DE").unwrap()).unwrap()
}

/// Returns a receptacle whose list has items in a row from its own first one; every fifth list ends with its first item
/// once more, every seventh with the first of the next list, and every eleventh with one that many of them have.
fn advised(dispatch: u32, serial: u32) -> AdvisedReceptacle {
    let first = |serial: u32| dispatch * 100_000 + serial * ITEMS;
    let mut items: Vec<S10> = (0..ITEMS).map(|item| s10(first(serial) + item)).collect();
    let also = [(5, first(serial)), (7, first(serial + 1)), (11, 1)];
    items.extend(also.iter().filter(|(every, _)| serial.is_multiple_of(*every)).map(|(_, item)| s10(*item)));
    let s9 = S9::new(s8(dispatch), serial, HighestFlag::Unknown, None, Grams(3000)).unwrap();
    let advice = Advice { gross: Some(Grams(3000)), count: None, items };
    AdvisedReceptacle { s9, kind: ReceptacleKind::Bag, seal: None, advice }
}

/// Returns what must be told of a dispatch: for each list in its order, each item in its order, and the first other list
/// with it of a receptacle that has not been opened.
fn twice(dispatch: &[AdvisedReceptacle], unopened: &[AdvisedReceptacle]) -> Vec<[String; 3]> {
    let mut told = Vec::new();
    for own in dispatch {
        for item in &own.advice.items {
            let is_other = |one: &&AdvisedReceptacle| one.s9 != own.s9 && one.advice.items.contains(item);
            if let Some(other) = unopened.iter().find(is_other) {
                told.push([item.to_string(), own.s9.to_string(), other.s9.to_string()]);
            }
        }
    }
    told
}

/// The one door: advises dispatches one after the other, some receptacles of the first coming and being opened before
/// the second is advised, and compares what is told of all of them.
fn check(opened: &[u32], again: bool) {
    let mut life = Life::new(Arc::new(config()), State::default(), MORNING_MS);
    let mut say = |act| life.apply(&Operation { at_ms: MORNING_MS, act, note: String::new() });
    let lists = |dispatch| (1..=RECEPTACLES).map(|serial| advised(dispatch, serial)).collect::<Vec<_>>();
    let (first, second) = (lists(1), lists(2));
    say(Act::Advise { dispatch: s8(1), receptacles: first.clone() });
    let mut expected = twice(&first, &first);
    for serial in opened {
        let s9 = advised(1, *serial).s9;
        say(Act::ReceiveReceptacle { s9, scale: Grams(3000), seal: None });
        say(Act::OpenReceptacle { s9 });
    }
    let is_closed = |one: &&AdvisedReceptacle| !opened.contains(&one.s9.serial());
    let unopened: Vec<_> = first.iter().filter(is_closed).chain(&second).cloned().collect();
    for _ in 0..=usize::from(again) {
        say(Act::Advise { dispatch: s8(2), receptacles: second.clone() });
        expected.extend(twice(&second, &unopened));
    }
    let findings = life.end().findings.into_iter().map(|found| found.finding);
    let told = findings.filter(|finding| finding.code == &MATCH_ITEM_TWICE);
    let told: Vec<Vec<String>> =
        told.map(|finding| finding.arguments.into_iter().map(String::from).collect()).collect();
    assert!(expected.len() > 20, "lists have items in common");
    assert_eq!(told, expected, "{opened:?} {again}");
}

#[test]
fn tells_of_many_lists_what_the_rule_tells_of_each_item() {
    check(&[], false);
    check(&[], true);
    // The first list with the item that many have, and others beside it.
    check(&[11, 7, 8, 35], false);
}

/// A message may name a receptacle twice: it is one, as it was said last.
#[test]
fn takes_a_receptacle_named_twice_for_one() {
    let mut life = Life::new(Arc::new(config()), State::default(), MORNING_MS);
    let receptacles = vec![
        advised(1, 1),
        advised(1, 2),
        AdvisedReceptacle { seal: Some("A1".to_owned()), ..advised(1, 1) },
    ];
    let act = Act::Advise { dispatch: s8(1), receptacles };
    life.apply(&Operation { at_ms: MORNING_MS, act, note: String::new() });
    let record = life.end();
    let here: Vec<_> = record.receptacles.values().map(|one| (one.name(), one.seal.clone())).collect();
    let expected = [(advised(1, 1), Some("A1")), (advised(1, 2), None)];
    let expected = expected.map(|(one, seal)| (one.s9.to_string(), seal.map(str::to_owned)));
    assert_eq!(here, expected);
}
