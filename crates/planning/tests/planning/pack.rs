//! Batch packing.

use caravan_planning::{
    Arrangement, Capacity, DIMENSIONS_MAX, Packing, Size, lower_bound, pack, pack_vectors,
};
use caravan_postal::{Grams, Volume};
use proptest::prelude::*;

use crate::classes::CLASSES;
use crate::mail::{self, Product};
use crate::rivals::{Items, RIVALS};

const BUDGET: u64 = 1_000_000;

fn capacity(weight: u64, volume: u64, count: Option<u32>) -> Capacity {
    Capacity { weight: Grams(weight), volume: Volume(volume), count }
}

fn sizes(items: &[(u64, u64)]) -> Vec<Size> {
    items.iter().map(|(weight, volume)| Size::one(Grams(*weight), Volume(*volume))).collect()
}

/// Checks what must hold of any packing.
fn verify(items: &[Size], capacity: Capacity, packing: &Packing) {
    let mut seen: Vec<usize> = packing.bins.iter().flat_map(|bin| bin.items.iter().copied()).collect();
    seen.extend(&packing.too_big);
    seen.sort_unstable();
    assert!(seen.iter().copied().eq(0..items.len()), "each item is in exactly one place: {seen:?}");
    for bin in &packing.bins {
        assert_eq!(bin.items.iter().map(|index| items[*index]).sum::<Size>(), bin.content);
        assert!(capacity.takes(bin.content), "{bin:?}");
        assert!(!bin.items.is_empty());
    }
    assert!(packing.too_big.iter().all(|index| !capacity.takes(items[*index])));
    assert!(packing.bins.is_sorted_by_key(|bin| bin.items[0]));
    assert!(packing.lower_bound >= lower_bound(items, capacity));
    assert!(packing.bins.len() >= packing.lower_bound);
}

/// Packs and compares the number of bins and the bound.
fn check(items: &[(u64, u64)], capacity: Capacity, budget: u64, bins: usize, bound: usize) {
    let items = sizes(items);
    let packing = pack(&items, capacity, budget);
    verify(&items, capacity, &packing);
    assert_eq!((packing.bins.len(), packing.lower_bound), (bins, bound), "{items:?}");
}

#[test]
fn packs_by_whichever_limit_binds() {
    let wide = capacity(10, 1000, None);
    check(&[], wide, BUDGET, 0, 0);
    check(&[(0, 0)], wide, BUDGET, 1, 1);
    check(&[(5, 0), (5, 0), (5, 0), (5, 0)], wide, BUDGET, 2, 2);
    check(&[(6, 0), (6, 0), (6, 0), (4, 0)], wide, BUDGET, 3, 3);
    check(&[(1, 600), (1, 600), (9, 400), (9, 400)], wide, BUDGET, 2, 2);
    check(&[(1, 1); 7], capacity(10, 1000, Some(2)), BUDGET, 4, 4);
    check(&[(11, 1), (1, 1001), (10, 1000)], wide, BUDGET, 1, 1);
    check(&[(1, 0)], capacity(0, 0, Some(0)), BUDGET, 0, 0);
}

#[test]
fn improves_on_first_fit_when_it_may() {
    // First-fit decreasing puts 5 and 4 together; 5+3+2 and 4+4+2 is the way.
    let items = [(5, 0), (4, 0), (4, 0), (3, 0), (2, 0), (2, 0)];
    check(&items, capacity(10, 1, None), 0, 3, 2);
    check(&items, capacity(10, 1, None), BUDGET, 2, 2);
}

#[test]
fn counts_its_steps_and_stops() {
    let items = mail::items(3, Product::Horgos, 3000);
    let frugal = pack(&items, mail::bag(), 0);
    let rich = pack(&items, mail::bag(), 20_000_000);
    verify(&items, mail::bag(), &frugal);
    verify(&items, mail::bag(), &rich);
    assert!(rich.bins.len() <= frugal.bins.len());
    assert!(frugal.steps < 3000 * 64, "{}", frugal.steps);
    let bounded = pack(&items, mail::bag(), 200_000);
    assert!(bounded.steps < 200_000 + 10_000, "{}", bounded.steps);
}

#[test]
fn stays_at_the_bound_on_mail() {
    for (product, seed, beyond) in
        [(Product::Packets, 1, 0), (Product::Packets, 2, 0), (Product::Horgos, 1, 1), (Product::Horgos, 2, 1)]
    {
        let items = mail::items(seed, product, 20_000);
        let packing = pack(&items, mail::bag(), 50 * 20_000);
        verify(&items, mail::bag(), &packing);
        let (bins, bound) = (packing.bins.len(), packing.lower_bound);
        assert!(bins <= bound + beyond, "{product:?}: {bins} bags, bound {bound}");
        let weight: u64 = packing.bins.iter().map(|bin| bin.content.weight.0).sum();
        let mean = weight / bins as u64;
        assert!((13_000..17_000).contains(&mean), "a published bag weighs 14 to 17 kg: {mean} g");
    }
}

/// Checks what must hold of any arrangement.
pub(crate) fn verify_vectors(sizes: &[u64], capacity: &[u64], packed: &Arrangement) {
    let item = |index: usize| &sizes[index * capacity.len()..][..capacity.len()];
    let mut seen: Vec<usize> = packed.bins.iter().flatten().chain(&packed.too_big).copied().collect();
    seen.sort_unstable();
    assert!(
        seen.iter().copied().eq(0..sizes.len() / capacity.len()),
        "each item is in exactly one place: {seen:?}"
    );
    for bin in &packed.bins {
        for (d, capacity) in capacity.iter().enumerate() {
            let sum: u128 = bin.iter().map(|index| u128::from(item(*index)[d])).sum();
            assert!(sum <= u128::from(*capacity), "{bin:?} has {sum} of {capacity}");
        }
        assert!(!bin.is_empty());
    }
    let fits = |index: &usize| item(*index).iter().zip(capacity).all(|(size, capacity)| size <= capacity);
    assert!(!packed.too_big.iter().any(fits));
    assert!(packed.bins.len() >= packed.lower_bound);
}

/// A class, how many instances of each kind, the steps for each, and how many bins more than the bounds all may take.
const PROVEN: &[(&str, u64, u64, usize)] = &[
    ("falkenauer-u", 2, 20_000_000, 0),
    ("scholl-1", 1, 20_000_000, 0),
    ("scholl-2", 1, 20_000_000, 0),
    ("scholl-3", 2, 20_000_000, 0),
    ("schwerin-1", 5, 20_000_000, 0),
    ("schwerin-2", 5, 20_000_000, 0),
    ("waescher", 5, 20_000_000, 0),
];

#[test]
fn solves_the_classic_classes_to_their_bound() {
    for (name, count, budget, beyond) in PROVEN {
        let class = CLASSES.iter().find(|class| class.name == *name).unwrap();
        let mut over = 0;
        for problem in (class.problems)(*count) {
            let packed = pack_vectors(&problem.sizes, &problem.capacity, *budget);
            verify_vectors(&problem.sizes, &problem.capacity, &packed);
            over += packed.bins.len() - packed.lower_bound;
        }
        assert!(over <= *beyond, "{name}: {over} bins over the bounds");
    }
}

/// Triplets without waste, the small ones: where a bin is filled wrongly, one more is needed.
#[test]
fn finds_packings_without_waste() {
    for name in ["falkenauer-t", "triplet-3"] {
        let class = CLASSES.iter().find(|class| class.name == name).unwrap();
        let problems: Vec<_> =
            (class.problems)(2).into_iter().filter(|problem| problem.optimum <= Some(20)).collect();
        assert!(problems.len() >= 2, "{name}");
        for problem in problems {
            let packed = pack_vectors(&problem.sizes, &problem.capacity, 50_000_000);
            verify_vectors(&problem.sizes, &problem.capacity, &packed);
            assert_eq!(Some(packed.bins.len()), problem.optimum, "{name}");
        }
    }
}

/// Of three dimensions that bind by turns first-fit decreasing makes far more bins.
#[test]
fn beats_first_fit_where_several_dimensions_bind() {
    let class = CLASSES.iter().find(|class| class.name == "new-3").unwrap();
    let problems: Vec<_> =
        (class.problems)(1).into_iter().filter(|problem| problem.sizes.len() <= 180).collect();
    let bins = |budget| -> usize {
        let packed = problems.iter().map(|problem| pack_vectors(&problem.sizes, &problem.capacity, budget));
        packed.map(|packed| packed.bins.len()).sum()
    };
    let (frugal, rich) = (bins(0), bins(5_000_000));
    // The best published heuristics save 28 in 1000 on the published set.
    assert!(rich * 1000 <= frugal * 960, "{rich} bins, first-fit decreasing makes {frugal}");
}

/// No published heuristic for vectors makes fewer bins of any small instance, and none makes fewer than the bound.
///
/// The benchmark `classes` compares the great ones, with the default budget.
#[test]
fn no_published_heuristic_makes_fewer_bins() {
    let mut compared = 0;
    for name in ["panigrahy-3", "new-3", "triplet-3", "panigrahy-5", "new-5"] {
        let class = CLASSES.iter().find(|class| class.name == name).unwrap();
        for problem in (class.problems)(1) {
            if problem.sizes.len() > 60 * problem.capacity.len() {
                continue;
            }
            let packed = pack_vectors(&problem.sizes, &problem.capacity, 1_000_000);
            verify_vectors(&problem.sizes, &problem.capacity, &packed);
            let items = Items::new(&problem);
            for (rival, bins) in RIVALS {
                let bins = bins(&items);
                assert!(packed.lower_bound <= bins, "{name}: {rival} makes {bins}, {}", packed.lower_bound);
                assert!(packed.bins.len() <= bins, "{name}: {rival} makes {bins}, {}", packed.bins.len());
                compared += 1;
            }
        }
    }
    assert!(compared > 800, "{compared} comparisons");
}

/// Returns the fewest bins by trying everything.
fn fewest(items: &[Size], capacity: Capacity, bins: &mut Vec<Size>) -> usize {
    let Some((item, rest)) = items.split_first() else { return bins.len() };
    let mut least = usize::MAX;
    for bin in 0..bins.len() {
        if capacity.takes(bins[bin] + *item) {
            let before = bins[bin];
            bins[bin] += *item;
            least = least.min(fewest(rest, capacity, bins));
            bins[bin] = before;
        }
    }
    bins.push(*item);
    least = least.min(fewest(rest, capacity, bins));
    bins.pop();
    least
}

fn any_items(count: usize) -> impl Strategy<Value = Vec<Size>> {
    proptest::collection::vec((0u64..13, 0u64..110), 0..count).prop_map(|items| sizes(&items))
}

proptest! {
    #[test]
    fn any_packing_is_valid_and_blind_to_order(
        items in any_items(60),
        count in proptest::option::of(1u32..6),
        budget in prop_oneof![Just(0u64), 0u64..5000, Just(BUDGET)],
        turn in any::<prop::sample::Index>(),
    ) {
        let capacity = capacity(12, 100, count);
        let packing = pack(&items, capacity, budget);
        verify(&items, capacity, &packing);
        prop_assert_eq!(&pack(&items, capacity, budget), &packing);

        let mut turned = items.clone();
        turned.rotate_left(if items.is_empty() { 0 } else { turn.index(items.len()) });
        turned.reverse();
        let other = pack(&turned, capacity, budget);
        prop_assert_eq!(other.bins.len(), packing.bins.len());
        prop_assert_eq!(other.steps, packing.steps);
    }

    /// Mirrored items score the same and are not the same.
    #[test]
    fn order_decides_nothing_between_equal_scores(half in proptest::collection::vec((1u64..60, 1u64..60), 2..20)) {
        let mirrored: Vec<(u64, u64)> = half.iter().map(|(weight, volume)| (*volume, *weight)).collect();
        let sorted = |packing: &Packing| {
            let mut contents: Vec<Size> = packing.bins.iter().map(|bin| bin.content).collect();
            contents.sort_unstable();
            contents
        };
        for budget in [0, BUDGET] {
            let capacity = capacity(100, 100, None);
            let one = pack(&sizes(&[half.clone(), mirrored.clone()].concat()), capacity, budget);
            let other = pack(&sizes(&[mirrored.clone(), half.clone()].concat()), capacity, budget);
            prop_assert_eq!(sorted(&one), sorted(&other));
        }
    }

    #[test]
    fn the_bound_never_passes_the_optimum(items in any_items(8)) {
        let capacity = capacity(12, 100, Some(4));
        let fitting: Vec<Size> = items.into_iter().filter(|item| capacity.takes(*item)).collect();
        let optimum = fewest(&fitting, capacity, &mut Vec::new());
        let packing = pack(&fitting, capacity, BUDGET);
        prop_assert!(packing.lower_bound <= optimum && optimum <= packing.bins.len());
    }

    #[test]
    fn survives_any_numbers(items in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<u32>()), 0..12)) {
        let items: Vec<Size> = items
            .into_iter()
            .map(|(weight, volume, count)| Size { weight: Grams(weight), volume: Volume(volume), count })
            .collect();
        for capacity in [capacity(u64::MAX, u64::MAX, None), capacity(u64::MAX / 2, u64::MAX / 3, Some(u32::MAX))] {
            verify(&items, capacity, &pack(&items, capacity, BUDGET));
        }
    }

    #[test]
    fn any_number_of_dimensions_is_packed(
        dimensions in 1usize..=DIMENSIONS_MAX,
        sizes in proptest::collection::vec(0u64..60, 0..400),
        budget in prop_oneof![Just(0u64), Just(100_000)],
    ) {
        let capacity = vec![50; dimensions];
        let sizes = &sizes[..sizes.len() / dimensions * dimensions];
        verify_vectors(sizes, &capacity, &pack_vectors(sizes, &capacity, budget));
    }

    /// What never binds, and what binds less than another dimension, is not looked at.
    #[test]
    fn dimensions_that_do_not_bind_change_nothing(sizes in proptest::collection::vec(0u64..=50, 1..60)) {
        let alone = pack_vectors(&sizes, &[50], 100_000);
        let beside: Vec<u64> = sizes.iter().flat_map(|size| [size / 2, *size, 1, *size]).collect();
        prop_assert_eq!(&pack_vectors(&beside, &[25, 50, 60, 50], 100_000), &alone);
    }
}
