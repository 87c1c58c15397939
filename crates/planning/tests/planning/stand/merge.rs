//! Merging what is too empty. Bags are those of the stand's tests: 10 g gross with 1 g of tare, 100 cm3, four items.

use caravan_planning::{Format, MergeRules, Receptacle, ReceptacleKey, Size, Stand};
use caravan_postal::{Grams, MailSubclass, Volume};
use proptest::prelude::*;

use super::{rules, stream};

fn subclass(text: &str) -> MailSubclass {
    MailSubclass::parse(text).unwrap()
}

/// Ordinary letters may travel with registered ones by subclass (not by label), small letters with large ones.
fn merge_rules(under: u64) -> MergeRules {
    let subclasses = [(subclass("UL"), subclass("UN")), (subclass("UN"), subclass("UR"))];
    MergeRules::new(Grams(under), subclasses, [(Format::Small, Format::Large)]).unwrap()
}

/// Reads `key stream weight` a line.
fn open(text: &str) -> Vec<Receptacle> {
    let read = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let content = Size::one(Grams(words[2].parse().unwrap()), Volume(10));
        Receptacle { key: ReceptacleKey(words[0].parse().unwrap()), stream: stream(words[1]), content }
    };
    text.lines().map(read).collect()
}

fn check(under: u64, bags: &str, expected: &str) {
    let mut stand = Stand::restore(rules(9), ReceptacleKey(0), open(bags));
    let merging = stand.merge(&merge_rules(under));
    let moved: Vec<String> =
        merging.moved.iter().map(|(from, into)| format!("{}>{}", from.key.0, into.0)).collect();
    let alone: Vec<String> = merging.alone.iter().map(|key| key.0.to_string()).collect();
    let left: Vec<String> =
        stand.open().map(|one| format!("{}:{}", one.key.0, one.content.weight.0)).collect();
    assert_eq!(format!("{} | {} | {}", moved.join(" "), alone.join(" "), left.join(" ")), expected, "{bags}");
}

#[test]
fn merges_the_lightest_into_the_fullest_that_takes_it() {
    check(5, "1 KZALAA-C-CN-N 2\n2 KZALAA-C-CN-N 5\n3 KZALAA-C-CN-N 6", "1>3 |  | 2:5 3:8");
    check(5, "1 KZALAA-C-CN-N 2\n2 KZALAA-C-CN-N 5\n3 KZALAA-C-CN-N 8", "1>2 |  | 2:7 3:8");
    check(5, "1 KZALAA-C-CN-N 3\n2 KZALAA-C-CN-N 2\n3 KZALAA-C-CN-N 1", "2>1 3>1 |  | 1:6");
    check(5, "1 KZALAA-C-CN-N 2\n2 KZALAA-C-CN-N 8", " | 1 | 1:2 2:8");
    check(3, "1 KZALAA-C-CN-N 2\n2 KZALAA-C-CN-N 5", " |  | 1:2 2:5");
}

#[test]
fn merges_only_what_the_rules_allow() {
    for (from, into, is_allowed) in [
        ("KZALAA-C-CN-N", "KZALAA-C-CN-N", true),
        ("KZALAA-C-CN-N", "KGFRUA-C-CN-N", false),
        ("KZALAA-C-CN-N", "KZALAA-D-CN-N", false),
        ("KZALAA-C-CN-N", "KZALAA-C-UN-N", false),
        ("KZALAA-C-UL-N", "KZALAA-C-UN-N", true),
        ("KZALAA-C-UN-N", "KZALAA-C-UL-N", false),
        ("KZALAA-C-UN-N", "KZALAA-C-UR-R", false),
        ("KZALAA-C-UN-R", "KZALAA-C-UR-R", true),
        ("KZALAA-C-UN-R", "KZALAA-C-UN-N", false),
        ("KZALAA-C-UN-N-P", "KZALAA-C-UN-N-G", true),
        ("KZALAA-C-UN-N-G", "KZALAA-C-UN-N-P", false),
        ("KZALAA-C-UN-N-G", "KZALAA-C-UN-N-E", false),
        ("KZALAA-C-UN-N-P", "KZALAA-C-UN-N", false),
        ("KZALAA-C-CN-N-P", "KZALAA-C-CN-N-G", false),
        ("KZALAA-C-UL-N-P", "KZALAA-C-UN-N-G", true),
    ] {
        assert_eq!(merge_rules(5).allow(stream(from), stream(into)), is_allowed, "{from} into {into}");
    }
    let wrong = MergeRules::new(Grams(5), [(subclass("CN"), subclass("UN"))], []).unwrap_err();
    assert_eq!(wrong.to_string(), "subclass `CN` must not travel as `UN`: the class differs");
}

proptest! {
    #[test]
    fn merging_loses_nothing_and_keeps_every_limit(
        bags in proptest::collection::vec((0usize..6, 0u64..10, 0u64..100), 0..30),
        under in 0u64..12,
    ) {
        let streams = ["KZALAA-C-UL-N-P", "KZALAA-C-UN-N-P", "KZALAA-C-UN-N-G", "KZALAA-C-UN-R", "KZALAA-C-UR-R", "KGFRUA-C-CN-N"]
            .map(stream);
        let mut open: Vec<Receptacle> = bags.into_iter().enumerate().map(|(key, (line, weight, volume))| Receptacle {
            key: ReceptacleKey(key as u64),
            stream: streams[line],
            content: Size::one(Grams(weight), Volume(volume)),
        }).collect();
        let rules = rules(1);
        let mut stand = Stand::restore(rules.clone(), ReceptacleKey(0), open.clone());
        let merging = stand.merge(&merge_rules(under));
        let sum = |list: &[Receptacle]| list.iter().map(|one| one.content).sum::<Size>();
        let after: Vec<Receptacle> = stand.open().collect();
        prop_assert_eq!(sum(&after), sum(&open));
        prop_assert_eq!(after.len() + merging.moved.len(), open.len());
        for (from, into) in &merging.moved {
            let into = after.iter().find(|one| one.key == *into);
            prop_assert!(into.is_some_and(|into| merge_rules(under).allow(from.stream, into.stream)));
            prop_assert!(rules.expected_gross(from.stream, from.content) < Grams(under));
        }
        for one in &after {
            let is_old = open.contains(one);
            let limits = Size { weight: one.content.weight + Grams(1), ..one.content };
            prop_assert!(is_old || rules.of(one.stream).limits.takes(limits));
        }
        open.reverse();
        let mut turned = Stand::restore(rules, ReceptacleKey(0), open);
        prop_assert_eq!(turned.merge(&merge_rules(under)), merging);
    }
}
