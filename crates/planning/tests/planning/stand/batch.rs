//! The batch at the cut-off.

use caravan_planning::{
    Capacity, Receptacle, ReceptacleKey, ReceptacleRules, Size, Stand, StandRules, Stream,
};
use caravan_postal::{Grams, ReceptacleKind, Volume};
use proptest::prelude::*;

use super::{rules, stream, told};
use crate::mail::{self, Product};

fn parcel(weight: u64) -> (Stream, Size) {
    (stream("KZALAA-C-CN-N"), Size::one(Grams(weight), Volume(10)))
}

#[test]
fn fills_the_open_bags_and_leaves_them_as_they_are() {
    let mut stand = Stand::new(rules(1), ReceptacleKey(1));
    stand.place(parcel(4).0, parcel(4).1).unwrap();
    let batch = stand.place_all(&[2, 5, 8, 12, 1, 21].map(parcel), 0);
    let placed: Vec<String> = batch.placements.iter().map(|one| told(*one)).collect();
    assert_eq!(placed.join(" "), "2+ 1 3+ 4+pc 3 item-over-weight");
    assert_eq!((batch.opened, batch.lower_bound, batch.gap()), (2, 2, 0));
    let open: Vec<(u64, u64)> = stand.open().map(|one| (one.key.0, one.content.weight.0)).collect();
    assert_eq!(open, [(1, 9), (2, 2), (3, 9)]);
}

/// Mail of the published shape for 360 streams, half of it at the belt and half at the cut-off.
#[test]
fn a_batch_of_mail_is_within_half_a_per_cent_of_its_bound() {
    let outside_piece = Some(Capacity { weight: Grams(30_000), volume: Volume(1_000_000), count: None });
    let bag = ReceptacleRules { limits: mail::bag(), tare: Grams(0), outside_piece, ..rules(2).standard };
    let mut stand = Stand::new(StandRules { standard: bag, ..rules(1) }, ReceptacleKey(0));
    let streams = mail::streams(36);
    let items = mail::grouped(7, Product::Horgos, 40_000, 36);
    let (belt, rest) = items.split_at(20_000);
    for (group, item) in belt {
        stand.place(streams[*group], *item).unwrap();
    }
    let before: Vec<Receptacle> = stand.open().collect();
    let rest: Vec<(Stream, Size)> = rest.iter().map(|(group, item)| (streams[*group], *item)).collect();
    let batch = stand.place_all(&rest, 50 * rest.len() as u64);
    assert!(batch.placements.iter().all(Result::is_ok));
    assert!(batch.gap() * 200 <= batch.lower_bound, "{} bags, bound {}", batch.opened, batch.lower_bound);
    for old in before {
        let now = stand.open_of(old.stream).find(|one| one.key == old.key).unwrap();
        assert!(now.content.weight >= old.content.weight && mail::bag().takes(now.content));
    }
}

proptest! {
    #[test]
    fn a_batch_loses_nothing_and_keeps_every_limit(
        belt in proptest::collection::vec((0usize..3, 0u64..10, 0u64..100), 0..20),
        rest in proptest::collection::vec((0usize..3, 0u64..25, 0u64..180), 0..60),
        budget in 0u64..500,
    ) {
        let streams = ["KZALAA-C-CN-N", "KZALAA-C-CN-R", "KGFRUA-D-UN-N-E"].map(stream);
        let item = |(line, weight, volume)| (streams[line], Size::one(Grams(weight), Volume(volume)));
        let mut stand = Stand::new(rules(2), ReceptacleKey(1));
        for (stream, item) in belt.into_iter().map(item) {
            let _ = stand.place(stream, item);
        }
        let mut other = stand.clone();
        let before: Size = stand.open().map(|one| one.content).sum();
        let old: Vec<ReceptacleKey> = stand.open().map(|one| one.key).collect();
        let mut items: Vec<(Stream, Size)> = rest.into_iter().map(item).collect();
        let batch = stand.place_all(&items, budget);
        prop_assert!(batch.lower_bound <= batch.opened);
        let capacity = Capacity { weight: Grams(9), ..rules(1).standard.limits };
        prop_assert!(stand.open().all(|one| capacity.takes(one.content)));
        prop_assert!(old.iter().all(|key| stand.open().any(|one| one.key == *key)), "no open bag is closed");
        let mut placed = before;
        for (placement, (stream, item)) in batch.placements.iter().zip(&items) {
            let Ok(placement) = placement else { continue };
            if placement.kind == ReceptacleKind::Bag {
                placed += *item;
                prop_assert!(stand.open_of(*stream).any(|one| one.key == placement.receptacle));
            }
            prop_assert_eq!(placement.closed, None);
        }
        prop_assert_eq!(stand.open().map(|one| one.content).sum::<Size>(), placed);
        items.reverse();
        prop_assert_eq!(other.place_all(&items, budget).opened, batch.opened);
    }
}
