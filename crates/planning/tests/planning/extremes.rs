//! Whatever is packed is packed rightly: every class and what is nearly of it, and the edges of what numbers can be.

use caravan_planning::{DIMENSIONS_MAX, pack_vectors};

use crate::classes::{CLASSES, Problem};
use crate::mail::Draw;
use crate::pack::verify_vectors;

/// Items of more than this make a test slow and show nothing new.
const ITEMS_MAX: usize = 600;

fn check(problem: &Problem, budget: u64) {
    let Problem { capacity, sizes, .. } = problem;
    let packed = pack_vectors(sizes, capacity, budget);
    verify_vectors(sizes, capacity, &packed);
    assert_eq!(pack_vectors(sizes, capacity, budget), packed, "the same input gives the same packing");
    let looks = (sizes.len() as u64 + 1) * 600;
    assert!(packed.steps <= budget + looks, "{} steps of {budget}", packed.steps);
}

/// Changes a problem so that it is of no class any more.
fn mutate(mut problem: Problem, draw: &mut Draw) -> Problem {
    let dimensions = problem.capacity.len();
    problem.optimum = None;
    problem.sizes.truncate(ITEMS_MAX * dimensions);
    let any = |draw: &mut Draw, below: usize| usize::try_from(draw.below(below as u64)).unwrap();
    match draw.below(9) {
        0 => {}
        1 => problem.sizes.truncate(any(draw, problem.sizes.len() / dimensions + 1) * dimensions),
        2 => problem.sizes.extend(vec![0; dimensions * (1 + any(draw, 20))]),
        3 => problem.sizes.extend(problem.capacity.repeat(1 + any(draw, 20))),
        4 => {
            // As big as numbers can be.
            let most = problem.capacity.iter().chain(&problem.sizes).copied().max().unwrap_or(1).max(1);
            let scale = u64::MAX / most;
            for number in problem.capacity.iter_mut().chain(&mut problem.sizes) {
                *number *= scale;
            }
        }
        5 => {
            let d = any(draw, dimensions);
            problem.capacity[d] /= 2;
        }
        6 => {
            let d = any(draw, dimensions);
            problem.capacity[d] = draw.below(2);
        }
        7 => {
            // Few kinds.
            let few = (problem.sizes.len() / dimensions).min(1 + any(draw, 5)) * dimensions;
            let kinds = problem.sizes[..few].to_vec();
            let items = problem.sizes.len() / dimensions;
            let copy = |item: usize| {
                let kind = item * dimensions % few.max(1);
                kinds[kind..kind + dimensions].to_vec()
            };
            problem.sizes = (0..items).flat_map(copy).collect();
        }
        _ => {
            for _ in 0..3 {
                if !problem.sizes.is_empty() {
                    let place = any(draw, problem.sizes.len());
                    problem.sizes[place] = [0, 1, u64::MAX, u64::MAX / 2 + 1][any(draw, 4)];
                }
            }
        }
    }
    problem
}

#[test]
fn packs_whatever_is_nearly_of_a_class() {
    let mut draw = Draw(1);
    let mut packed = 0;
    for class in CLASSES {
        for problem in (class.problems)(1) {
            check(&mutate(problem, &mut draw), [0, 3000, 60_000][usize::try_from(draw.below(3)).unwrap()]);
            packed += 1;
        }
    }
    assert!(packed > 250, "{packed} problems");
}

/// Capacity, sizes, and how many bins and items too big there must be.
type Edge = (Vec<u64>, Vec<u64>, usize, usize);

#[test]
fn packs_at_the_edges_of_what_numbers_can_be() {
    const MOST: u64 = u64::MAX;
    let half = MOST / 2;
    let edges: Vec<Edge> = vec![
        (vec![10], vec![], 0, 0),
        (vec![0], vec![], 0, 0),
        (vec![0], vec![0; 50], 1, 0),
        (vec![0], vec![1], 0, 1),
        (vec![0, 10], [0, 5].repeat(7), 4, 0),
        (vec![1], [0, 1].repeat(9), 9, 0),
        (vec![1], vec![1; 100], 100, 0),
        (vec![10], vec![10], 1, 0),
        (vec![10], vec![11], 0, 1),
        (vec![10], vec![10, 11, 0], 1, 1),
        (vec![10], vec![10; 300], 300, 0),
        (vec![10], vec![6; 300], 300, 0),
        (vec![10], vec![5; 301], 151, 0),
        (vec![20], vec![7; 1000], 500, 0),
        (vec![MOST], vec![MOST, MOST, 1], 3, 0),
        (vec![MOST], vec![half, half, 1], 1, 0),
        (vec![MOST], vec![half + 1, half, half + 1, half], 2, 0),
        (vec![MOST], vec![half + 1; 3], 3, 0),
        (vec![MOST - 1], vec![MOST, 1, 2], 1, 1),
        (vec![MOST; 2], [MOST, 1, 0, MOST - 1].to_vec(), 1, 0),
        (vec![MOST; DIMENSIONS_MAX], vec![MOST; 5 * DIMENSIONS_MAX], 5, 0),
        (vec![MOST; DIMENSIONS_MAX], vec![MOST / 3; 7 * DIMENSIONS_MAX], 3, 0),
        (vec![MOST, 1, 1], [MOST, 0, 0, 0, 1, 0, 0, 0, 1].to_vec(), 1, 0),
    ];
    for (capacity, sizes, bins, too_big) in edges {
        for budget in [0, 100_000] {
            let packed = pack_vectors(&sizes, &capacity, budget);
            verify_vectors(&sizes, &capacity, &packed);
            let found = (packed.bins.len(), packed.lower_bound, packed.too_big.len());
            assert_eq!(
                found,
                (bins, bins, too_big),
                "{} sizes into {capacity:?}, {budget} steps",
                sizes.len()
            );
        }
    }
}

/// Makes the sizes of one item, by its number.
type Shape = fn(&mut Draw, usize) -> Vec<u64>;

/// What other generators make: name, capacity, and the item of a number.
const SHAPES: &[(&str, &[u64], Shape)] = &[
    ("together", &[1000; 3], |draw, _| {
        let size = 50 + draw.below(500);
        (0..3).map(|_| size + draw.below(40)).collect()
    }),
    ("against each other", &[1000; 2], |draw, _| {
        let size = 50 + draw.below(900);
        vec![size, 1000 - size]
    }),
    ("tiny", &[1_000_000; 3], |draw, _| (0..3).map(|_| draw.below(200)).collect()),
    ("near the capacity", &[1000; 3], |draw, _| (0..3).map(|_| 990 + draw.below(11)).collect()),
    ("a little over half and under", &[1000; 2], |draw, _| (0..2).map(|_| 480 + draw.below(41)).collect()),
    ("all the same", &[1000, 700, 12], |_, _| vec![130, 95, 1]),
    ("nothing in all dimensions but one", &[1000; 4], |draw, item| {
        let mut sizes = vec![0; 4];
        sizes[item % 4] = 1 + draw.below(600);
        sizes
    }),
    ("sixteen dimensions", &[100; DIMENSIONS_MAX], |draw, _| {
        (0..DIMENSIONS_MAX).map(|_| draw.below(60)).collect()
    }),
    ("huge", &[u64::MAX, u64::MAX - 1], |draw, _| (0..2).map(|_| draw.below(u64::MAX / 2)).collect()),
    ("of every scale", &[1 << 40; 2], |draw, _| {
        (0..2).map(|_| draw.next() >> (24 + draw.below(40))).collect()
    }),
    ("one in ten too big", &[1000; 2], |draw, _| vec![draw.below(500), draw.below(1100)]),
];

/// Whatever the shape, the packing is right, and first fit with a small search costs about the same for each item.
#[test]
fn packs_what_other_generators_make() {
    for (name, capacity, shape) in SHAPES {
        for items in [0, 1, 2, 40, 300, 5000] {
            let mut draw = Draw(items as u64);
            let sizes: Vec<u64> = (0..items).flat_map(|item| shape(&mut draw, item)).collect();
            assert_eq!(sizes.len(), items * capacity.len(), "{name}");
            check(&Problem { capacity: capacity.to_vec(), sizes, optimum: None }, 200_000);
        }
    }
}

/// Where the optimum can be counted, a small budget is enough to prove it.
#[test]
fn proves_what_can_be_counted() {
    let of = |name: &str, items: usize| {
        let (_, capacity, shape) = SHAPES.iter().find(|shape| shape.0 == name).unwrap();
        let mut draw = Draw(7);
        let sizes: Vec<u64> = (0..items).flat_map(|item| shape(&mut draw, item)).collect();
        pack_vectors(&sizes, capacity, 2_000_000)
    };
    for (name, items, bins) in
        [("near the capacity", 300, 300), ("all the same", 700, 100), ("all the same", 701, 101)]
    {
        let packed = of(name, items);
        assert_eq!((packed.bins.len(), packed.lower_bound), (bins, bins), "{name}, {items} items");
    }
}
