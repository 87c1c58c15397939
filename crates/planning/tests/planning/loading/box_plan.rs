//! How receptacles lie in their box, and what the axles bear.

use caravan_planning::{
    BalanceVerdict, Capacity, Inside, LoadPlan, LoadingRules, Piece, ReceptacleKey, Size, Stowage, arrange,
};
use caravan_postal::{Grams, Volume};
use proptest::prelude::*;

use crate::mail::{self, Draw};

const FORTY: Inside = Inside { length_mm: 12_032, width_mm: 2352, height_mm: 2690 };

fn plan(inside: Inside, pieces: &[Piece]) -> LoadPlan {
    arrange(&stowage(inside), pieces)
}

fn stowage(inside: Inside) -> Stowage {
    let rules = LoadingRules::load(&[]).unwrap();
    let volume = Volume(u64::try_from(inside.cubic_mm() * 900 / 1_000_000).unwrap());
    Stowage {
        inside,
        limits: Capacity { weight: Grams(21_000_000), volume, count: None },
        usable_permille: 900,
        rules: rules.balance("ctu-code").unwrap().clone(),
        axles: None,
        lying: Vec::new(),
    }
}

fn bags(seed: u64, count: usize, stops: u64) -> Vec<Piece> {
    let mut draw = Draw(seed);
    let piece = |(key, size): (usize, Size)| Piece {
        receptacle: ReceptacleKey(key as u64),
        weight: size.weight,
        volume: size.volume,
        stop: u16::try_from(draw.below(stops)).unwrap(),
    };
    mail::bags(seed, count).into_iter().enumerate().map(piece).collect()
}

/// Checks what must hold of any picture.
fn verify(inside: Inside, pieces: &[Piece], plan: &LoadPlan) {
    let mut placed: Vec<Piece> = plan.placed.iter().map(|one| one.piece).collect();
    assert!(placed.is_sorted_by_key(|piece| std::cmp::Reverse(piece.stop)), "the last stop goes in first");
    placed.sort_unstable();
    let mut expected = pieces.to_vec();
    expected.sort_unstable();
    assert_eq!(placed, expected, "each receptacle has one place");
    for one in &plan.placed {
        assert!(one.x_mm + one.length_mm <= inside.length_mm);
        assert!(one.y_mm + one.width_mm <= inside.width_mm);
        assert!(one.z_mm + one.height_mm <= inside.height_mm);
    }
    let overlap = |a: (u32, u32), b: (u32, u32)| a.0.max(b.0) < (a.0 + a.1).min(b.0 + b.1);
    for (index, a) in plan.placed.iter().enumerate() {
        for b in &plan.placed[index + 1..] {
            let is_in = overlap((a.x_mm, a.length_mm), (b.x_mm, b.length_mm))
                && overlap((a.y_mm, a.width_mm), (b.y_mm, b.width_mm))
                && overlap((a.z_mm, a.height_mm), (b.z_mm, b.height_mm));
            assert!(!is_in, "{a:?} overlaps {b:?}");
        }
    }
    // No block stands nearer to the door than one of an earlier stop.
    let ends = |stop| plan.placed.iter().filter(move |one| one.piece.stop == stop);
    for stop in 1..=pieces.iter().map(|piece| piece.stop).max().unwrap_or(0) {
        let inner = ends(stop).map(|one| one.x_mm + one.length_mm).max().unwrap_or(0);
        let outer = ends(stop - 1).map(|one| one.x_mm).min().unwrap_or(u32::MAX);
        assert!(inner <= outer, "stop {stop}");
    }
    let content: Size = pieces.iter().map(|piece| Size::one(piece.weight, piece.volume)).sum();
    assert_eq!((plan.content, plan.balance.mass), (content, content.weight));
}

#[test]
fn a_full_box_of_mail_is_in_balance() {
    for (seed, count, stops) in
        [(1, 457, 1), (2, 457, 3), (3, 300, 1), (4, 200, 2), (5, 60, 1), (6, 9, 1), (7, 20, 1)]
    {
        let pieces = bags(seed, count, stops);
        let plan = plan(FORTY, &pieces);
        verify(FORTY, &pieces, &plan);
        let balance = plan.balance;
        assert!(
            balance.is_within() && balance.findings().is_empty(),
            "{count} bags, {stops} stops: {balance:?}"
        );
    }
}

/// All that is heavy is unloaded first: the order of the stops stands, the load is moved as far as there is room, and the
/// plan says what that does not balance.
#[test]
fn says_what_the_stops_do_not_let_it_balance() {
    let heavy_last = |heavy: u64| {
        let bag = |key| Piece {
            receptacle: ReceptacleKey(key),
            weight: Grams(if key < 200 { heavy } else { 10_000 }),
            volume: Volume(150_000),
            stop: u16::from(key >= 200),
        };
        let pieces: Vec<Piece> = (0..400).map(bag).collect();
        let plan = plan(FORTY, &pieces);
        verify(FORTY, &pieces, &plan);
        let codes: Vec<&str> = plan.balance.findings().iter().map(|finding| finding.code.name).collect();
        (plan.balance.along, codes.join(" "))
    };
    assert_eq!(heavy_last(11_000), (BalanceVerdict::Within, String::new()));
    assert_eq!(heavy_last(17_000), (BalanceVerdict::Within, String::new()));
    assert_eq!(heavy_last(30_000), (BalanceVerdict::Within, "load-heavy-half".to_owned()));
    assert_eq!(heavy_last(36_000), (BalanceVerdict::Special, "load-off-along load-heavy-half".to_owned()));
}

#[test]
fn draws_what_does_not_fit_inside_all_the_same() {
    let small = Inside { length_mm: 10, width_mm: 10, height_mm: 10 };
    let pieces = bags(1, 20, 2);
    verify(small, &pieces, &plan(small, &pieces));
    let none = plan(FORTY, &[]);
    assert!(none.placed.is_empty() && none.balance.is_within());
}

#[test]
fn axles_bear_the_load_by_the_lever() {
    let rules = LoadingRules::load(&[]).unwrap();
    let semi = rules.axle_geometry("semi-three-axles").unwrap();
    let at = |x_mm| semi.loads(Grams(7_800_000), x_mm);
    // Over the king pin all of it rests on the tractor, over the bogie nothing.
    assert_eq!(at(9400).trailer_g, 13_800_000);
    assert_eq!((at(9400).front_g, at(9400).drive_g), (5_300_000, 3_700_000));
    assert_eq!(at(1600).trailer_g, 6_000_000);
    assert_eq!(at(1600).front_g - 5_300_000, 7_800_000 * 600 / 3700);
    let behind = at(11_000);
    assert!(behind.drive_g < 3_700_000, "a load behind the axles lifts the tractor");
    for x_mm in [0, 1600, 6800, 9400, 13_000] {
        let loads = at(x_mm);
        assert_eq!(loads.front_g + loads.drive_g + loads.trailer_g, 22_800_000, "nothing is lost");
    }
    assert_eq!(semi.heaviest_axle(&at(5500)), Grams(3_700_000 + 3_900_000 - 3_900_000 * 600 / 3700));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_picture_holds_together(
        sizes in proptest::collection::vec((0u64..40_000, 0u64..400_000, 0u16..3), 0..60),
        (length_mm, width_mm, height_mm) in (1u32..14_000, 1u32..2600, 1u32..2800),
    ) {
        let inside = Inside { length_mm, width_mm, height_mm };
        let mut pieces: Vec<Piece> = sizes.into_iter().enumerate().map(|(key, (weight, volume, stop))| Piece {
            receptacle: ReceptacleKey(key as u64),
            weight: Grams(weight),
            volume: Volume(volume),
            stop,
        }).collect();
        let first = plan(inside, &pieces);
        verify(inside, &pieces, &first);
        pieces.reverse();
        prop_assert_eq!(plan(inside, &pieces), first);
    }
}
