//! The stand at the belt.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::num::NonZeroU8;

use caravan_planning::{
    Capacity, Dimension, Placement, Receptacle, ReceptacleKey, ReceptacleRules, Size, Stand, StandRules,
    Stream, TooBig,
};
use caravan_postal::{Grams, MailClass, ReceptacleKind, Volume};
use proptest::prelude::*;

use crate::mail::{self, Product};

mod batch;
mod merge;

fn stream(text: &str) -> Stream {
    Stream::parse(text).unwrap()
}

/// Bags of 10 g with 1 g of tare, 100 cm3 and four items; outside pieces up to 20 g and 150 cm3.
fn rules(slots: u8) -> StandRules {
    let standard = ReceptacleRules {
        kind: ReceptacleKind::Bag,
        slots: NonZeroU8::new(slots).unwrap(),
        limits: Capacity { weight: Grams(10), volume: Volume(100), count: Some(4) },
        tare: Grams(1),
        outside_piece: Some(Capacity { weight: Grams(20), volume: Volume(150), count: None }),
    };
    StandRules { standard, by_class: BTreeMap::new(), by_stream: BTreeMap::new() }
}

/// Tells a placement: the receptacle, `+` when opened, `/` and what was closed, `pc` for an outside piece.
fn told(placement: Result<Placement, TooBig>) -> String {
    let placement = match placement {
        Ok(placement) => placement,
        Err(too_big) => return too_big.finding().code.name.to_owned(),
    };
    let mut text = placement.receptacle.0.to_string();
    if placement.is_opened {
        text.push('+');
    }
    if let Some(closed) = placement.closed {
        write!(text, "/{}", closed.key.0).unwrap();
    }
    if placement.kind == ReceptacleKind::OutsidePiece {
        text.push_str("pc");
    }
    text
}

fn check(slots: u8, items: &[(u64, u64)], expected: &str) {
    let mut stand = Stand::new(rules(slots), ReceptacleKey(1));
    let parcels = stream("KZALAA-C-CN-N");
    let placements: Vec<String> = items
        .iter()
        .map(|(weight, volume)| told(stand.place(parcels, Size::one(Grams(*weight), Volume(*volume)))))
        .collect();
    assert_eq!(placements.join(" "), expected, "{slots} slots, {items:?}");
}

#[test]
fn fills_one_open_bag_to_its_limits() {
    check(1, &[(4, 1), (5, 1), (1, 1)], "1+ 1 2+/1");
    check(1, &[(1, 60), (1, 40), (1, 1)], "1+ 1 2+/1");
    check(1, &[(1, 1), (1, 1), (1, 1), (1, 1), (1, 1)], "1+ 1 1 1 2+/1");
    check(1, &[(5, 1), (5, 1), (4, 1)], "1+ 2+/1 2");
}

#[test]
fn takes_the_fullest_bag_and_closes_the_fullest() {
    check(2, &[(5, 1), (6, 1), (3, 1), (4, 1)], "1+ 2+ 2 1");
    check(2, &[(5, 1), (6, 1), (7, 1)], "1+ 2+ 3+/2");
    check(2, &[(5, 1), (5, 1), (7, 1)], "1+ 2+ 3+/1");
    check(3, &[(5, 1), (6, 1), (7, 1), (4, 1)], "1+ 2+ 3+ 1");
}

#[test]
fn sends_big_items_as_outside_pieces_or_not_at_all() {
    check(1, &[(5, 1), (10, 1), (4, 1)], "1+ 2+pc 1");
    check(1, &[(1, 101), (20, 150)], "1+pc 2+pc");
    check(1, &[(21, 1), (1, 151), (9, 100)], "item-over-weight item-over-volume 1+");

    let mut within = rules(1);
    within.standard.outside_piece = None;
    let mut stand = Stand::new(within, ReceptacleKey(1));
    let too_big = stand.place(stream("KZALAA-C-CN-N"), Size::one(Grams(10), Volume(1))).unwrap_err();
    assert_eq!((too_big.limits.weight, too_big.dimension), (Grams(9), Dimension::Weight));
    let many = Size { weight: Grams(1), volume: Volume(1), count: 5 };
    assert_eq!(told(stand.place(stream("KZALAA-C-CN-N"), many)), "item-over-count");
    assert_eq!(stand.next_key(), ReceptacleKey(1));
}

#[test]
fn follows_the_most_particular_rules() {
    let mut rules = rules(1);
    let with_count = |count| ReceptacleRules {
        limits: Capacity { count: Some(count), ..rules.standard.limits },
        ..rules.standard
    };
    let (two, three) = (with_count(2), with_count(3));
    rules.by_class.insert(MailClass::Letters, two);
    rules.by_stream.insert(stream("KZALAA-C-UN-N"), three);
    let limit = |text| rules.of(stream(text)).limits.count;
    assert_eq!(limit("KZALAA-C-CN-N"), Some(4));
    assert_eq!(limit("KZALAA-C-UR-R"), Some(2));
    assert_eq!(limit("KZALAA-C-UN-N"), Some(3));
    assert_eq!(rules.expected_gross(stream("KZALAA-C-UN-N"), Size::one(Grams(7), Volume(1))), Grams(8));
}

#[test]
fn keeps_streams_apart_and_closes_them_together() {
    let mut stand = Stand::new(rules(2), ReceptacleKey(7));
    let (plain, red) = (stream("KZALAA-C-UN-N"), stream("KZALAA-C-UN-R"));
    let item = Size::one(Grams(5), Volume(10));
    let placed: Vec<String> =
        [plain, red, plain, plain].map(|stream| told(stand.place(stream, item))).to_vec();
    assert_eq!(placed.join(" "), "7+ 8+ 9+ 10+/7");

    assert!(stand.take_out(red, ReceptacleKey(8), item));
    assert!(!stand.take_out(red, ReceptacleKey(9), item));
    assert!(stand.open_of(red).all(|receptacle| receptacle.content.is_nothing()));
    assert_eq!(stand.close(plain, ReceptacleKey(8)), None);
    assert_eq!(stand.close(plain, ReceptacleKey(9)).map(|closed| closed.content), Some(item));
    let keys = |closed: Vec<Receptacle>| closed.iter().map(|closed| closed.key.0).collect::<Vec<_>>();
    assert_eq!(keys(stand.close_stream(plain)), [10]);
    assert!(keys(stand.close_stream(plain)).is_empty());
    assert_eq!(keys(stand.open().collect()), [8]);
}

#[test]
fn keeps_what_stands_open_when_slots_grow_fewer() {
    let mut stand = Stand::new(rules(3), ReceptacleKey(1));
    let parcels = stream("KZALAA-C-CN-N");
    for weight in [5, 6, 7] {
        stand.place(parcels, Size::one(Grams(weight), Volume(1))).unwrap();
    }
    let mut fewer =
        Stand::restore(rules(1), ReceptacleKey(0), stand.open().collect::<Vec<_>>().into_iter().rev());
    assert_eq!(told(fewer.place(parcels, Size::one(Grams(4), Volume(1)))), "1");
    assert_eq!(told(fewer.place(parcels, Size::one(Grams(9), Volume(1)))), "4+/1");
    assert_eq!(fewer.open().count(), 3);
}

#[test]
fn more_slots_make_fewer_bags_of_the_same_mail() {
    let streams = mail::streams(36);
    let items = mail::grouped(5, Product::Horgos, 20_000, 36);
    let bags = |slots: u8| {
        let outside_piece = Some(Capacity { weight: Grams(30_000), volume: Volume(1_000_000), count: None });
        let bag =
            ReceptacleRules { limits: mail::bag(), tare: Grams(0), outside_piece, ..rules(slots).standard };
        let mut stand = Stand::new(StandRules { standard: bag, ..rules(1) }, ReceptacleKey(0));
        for (group, item) in &items {
            stand.place(streams[*group], *item).unwrap();
        }
        stand.next_key().0
    };
    let volume: u64 = items.iter().map(|(_, item)| item.volume.0).sum();
    let bound = volume.div_ceil(mail::bag().volume.0);
    let (one, two, four) = (bags(1), bags(2), bags(4));
    assert!(one > two && two > four && four >= bound, "{one} {two} {four} bags, bound {bound}");
}

proptest! {
    #[test]
    fn loses_nothing_and_keeps_every_limit(
        slots in 1u8..4,
        items in proptest::collection::vec((0usize..3, 0u64..25, 0u64..180), 0..80),
        cut in 0usize..80,
    ) {
        let streams = ["KZALAA-C-CN-N", "KZALAA-C-CN-R", "KGFRUA-D-UN-N-E"].map(stream);
        let rules = rules(slots);
        let capacity = Capacity { weight: Grams(9), ..rules.standard.limits };
        let mut stand = Stand::new(rules.clone(), ReceptacleKey(1));
        let (mut placed, mut gone) = (Size::default(), Size::default());
        for (index, (line, weight, volume)) in items.into_iter().enumerate() {
            let item = Size::one(Grams(weight), Volume(volume));
            if index == cut {
                let open: Vec<Receptacle> = stand.open().collect();
                let restored = Stand::restore(rules.clone(), stand.next_key(), open.into_iter().rev());
                prop_assert!(restored.open().eq(stand.open()));
                stand = restored;
            }
            let Ok(placement) = stand.place(streams[line], item) else { continue };
            placed += item;
            if placement.kind == ReceptacleKind::OutsidePiece {
                gone += item;
            }
            gone += placement.closed.map_or(Size::default(), |closed| closed.content);
            prop_assert!(stand.open().all(|receptacle| capacity.takes(receptacle.content)));
            prop_assert!(streams.iter().all(|stream| stand.open_of(*stream).count() <= usize::from(slots)));
        }
        let open: Size = stand.open().map(|receptacle| receptacle.content).sum();
        prop_assert_eq!(gone + open, placed);
    }

    #[test]
    fn goes_on_from_a_snapshot_as_if_nothing_had_happened(
        slots in 1u8..4,
        items in proptest::collection::vec((1u64..10, 1u64..101), 2..60),
    ) {
        let parcels = stream("KZALAA-C-CN-N");
        let mut whole = Stand::new(rules(slots), ReceptacleKey(1));
        let mut cut = whole.clone();
        for (weight, volume) in items {
            let item = Size::one(Grams(weight), Volume(volume));
            cut = Stand::restore(rules(slots), cut.next_key(), cut.open().collect::<Vec<_>>());
            prop_assert_eq!(told(whole.place(parcels, item)), told(cut.place(parcels, item)));
        }
    }
}
