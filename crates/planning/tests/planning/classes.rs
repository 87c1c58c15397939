//! The classic classes of packing instances, drawn anew: the same for the same seed, in integers only.
//!
//! Capacities, counts and ranges are those of the published classes; the instances are not.

use crate::mail::Draw;

/// One instance.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// What a bin takes.
    pub(crate) capacity: Vec<u64>,
    /// The sizes of the first item, of the second, and so on.
    pub(crate) sizes: Vec<u64>,
    /// The fewest bins, where the way the instance is made tells.
    pub(crate) optimum: Option<usize>,
}

/// The instances of one class.
pub(crate) struct Class {
    /// Who published it, and which.
    pub(crate) name: &'static str,
    /// Makes the instances; the number says how many of each kind.
    pub(crate) problems: fn(u64) -> Vec<Problem>,
}

/// The classes in one dimension and in three.
pub(crate) const CLASSES: &[Class] = &[
    Class { name: "falkenauer-u", problems: falkenauer_u },
    Class { name: "falkenauer-t", problems: falkenauer_t },
    Class { name: "scholl-1", problems: scholl_1 },
    Class { name: "scholl-2", problems: scholl_2 },
    Class { name: "scholl-3", problems: scholl_3 },
    Class { name: "schwerin-1", problems: |count| schwerin(count, 100) },
    Class { name: "schwerin-2", problems: |count| schwerin(count, 120) },
    Class { name: "waescher", problems: waescher },
    Class { name: "hard", problems: hard },
    Class { name: "large", problems: large },
    Class { name: "few-kinds", problems: few_kinds },
    Class { name: "huge-numbers", problems: huge_numbers },
    Class { name: "mail-3", problems: mail_like },
    Class { name: "panigrahy-3", problems: |count| panigrahy(count, 3) },
    Class { name: "new-3", problems: |count| new(count, 3) },
    Class { name: "triplet-3", problems: |count| triplet(count, 3) },
    Class { name: "panigrahy-5", problems: |count| panigrahy(count, 5) },
    Class { name: "new-5", problems: |count| new(count, 5) },
    Class { name: "triplet-10", problems: |count| triplet(count, 10) },
];

/// Draws from `low` to `high`, both included.
fn between(draw: &mut Draw, low: u64, high: u64) -> u64 {
    low + draw.below(high - low + 1)
}

fn line(capacity: u64, sizes: Vec<u64>) -> Problem {
    Problem { capacity: vec![capacity], sizes, optimum: None }
}

fn uniform(draw: &mut Draw, count: u64, low: u64, high: u64) -> Vec<u64> {
    (0..count).map(|_| between(draw, low, high)).collect()
}

/// Falkenauer (1996): sizes 20 to 100 into 150.
fn falkenauer_u(count: u64) -> Vec<Problem> {
    let mut draw = Draw(101);
    let items = [120, 250, 500, 1000];
    items
        .into_iter()
        .flat_map(|n| (0..count).map(move |_| n))
        .map(|n| line(150, uniform(&mut draw, n, 20, 100)))
        .collect()
}

/// Falkenauer (1996): three items fill a bin of 1000, and there is no waste.
fn falkenauer_t(count: u64) -> Vec<Problem> {
    let mut draw = Draw(102);
    let items = [60, 120, 249, 501];
    let mut problem = |n: u64| {
        let sizes = (0..n / 3).flat_map(|_| {
            let big = between(&mut draw, 380, 490);
            let middle = between(&mut draw, 250, (1000 - big) / 2);
            [big, middle, 1000 - big - middle]
        });
        Problem { optimum: usize::try_from(n / 3).ok(), ..line(1000, sizes.collect()) }
    };
    items.into_iter().flat_map(|n| (0..count).map(move |_| n)).map(&mut problem).collect()
}

/// Scholl, Klein and Juergens (1997), first set.
fn scholl_1(count: u64) -> Vec<Problem> {
    let mut draw = Draw(103);
    let mut problems = Vec::new();
    for n in [50, 100, 200, 500] {
        for capacity in [100, 120, 150] {
            for low in [1, 20, 30] {
                problems.extend((0..count).map(|_| line(capacity, uniform(&mut draw, n, low, 100))));
            }
        }
    }
    problems
}

/// The second set: a mean size of a third, fifth, seventh or ninth of 1000, and how far sizes stray from it.
fn scholl_2(count: u64) -> Vec<Problem> {
    let mut draw = Draw(104);
    let mut problems = Vec::new();
    for n in [50, 100, 200, 500] {
        for part in [3, 5, 7, 9] {
            for percent in [20, 50, 90] {
                let mean = 1000 / part;
                let (low, high) = (mean * (100 - percent) / 100, mean * (100 + percent) / 100);
                problems.extend((0..count).map(|_| line(1000, uniform(&mut draw, n, low, high))));
            }
        }
    }
    problems
}

/// The third set: 200 sizes of 20,000 to 35,000 into 100,000.
fn scholl_3(count: u64) -> Vec<Problem> {
    let mut draw = Draw(105);
    (0..count).map(|_| line(100_000, uniform(&mut draw, 200, 20_000, 35_000))).collect()
}

/// Schwerin and Waescher (1997): sizes 150 to 200 into 1000.
fn schwerin(count: u64, items: u64) -> Vec<Problem> {
    let mut draw = Draw(106 + items);
    (0..count).map(|_| line(1000, uniform(&mut draw, items, 150, 200))).collect()
}

/// After Waescher and Gau (1996): sizes up to a quarter, a half, three quarters and nearly all of 10,000.
fn waescher(count: u64) -> Vec<Problem> {
    let mut draw = Draw(107);
    let problem = |index: u64| {
        let items = between(&mut draw, 27, 239);
        line(10_000, uniform(&mut draw, items, 1, 2500 * (index % 4 + 1) - 1))
    };
    (0..count).map(problem).collect()
}

/// As the instances that Schoenfield (2002) sieved: 160 to 200 sizes up to 800 into 1000. These are not sieved.
fn hard(count: u64) -> Vec<Problem> {
    let mut draw = Draw(108);
    let items = [160, 180, 200];
    items
        .into_iter()
        .flat_map(|n| (0..count).map(move |_| n))
        .map(|n| line(1000, uniform(&mut draw, n, 1, 800)))
        .collect()
}

/// Many items: more than patterns are made for, or nearly.
fn large(count: u64) -> Vec<Problem> {
    let mut draw = Draw(112);
    let shapes = [(5000, 1, 1000), (5000, 200, 800), (20_000, 1, 500), (20_000, 150, 200), (50_000, 1, 1000)];
    shapes
        .into_iter()
        .flat_map(|shape| (0..count).map(move |_| shape))
        .map(|(n, low, high)| line(1000, uniform(&mut draw, n, low, high)))
        .collect()
}

/// Few kinds with many copies each, as cutting stock has them.
fn few_kinds(count: u64) -> Vec<Problem> {
    let mut draw = Draw(113);
    let shapes = [(3, 1000), (5, 4000), (10, 2000), (20, 500), (40, 100)];
    shapes
        .into_iter()
        .flat_map(|shape| (0..count).map(move |_| shape))
        .map(|(kinds, copies)| {
            let sizes = uniform(&mut draw, kinds, 100, 7000);
            let sizes = sizes.into_iter().flat_map(|size| {
                let copies = usize::try_from(1 + draw.below(copies)).unwrap();
                std::iter::repeat_n(size, copies)
            });
            line(10_000, sizes.collect())
        })
        .collect()
}

/// Sizes of any scale to the greatest number there is, in one dimension and in two.
fn huge_numbers(count: u64) -> Vec<Problem> {
    let mut draw = Draw(114);
    let mut problems = Vec::new();
    for part in [1, 2, 3, 5, 1000] {
        for dimensions in [1, 2] {
            for _ in 0..count {
                let sizes = (0..100 * dimensions).map(|_| draw.below(u64::MAX / part)).collect();
                problems.push(Problem { capacity: vec![u64::MAX; dimensions], sizes, optimum: None });
            }
        }
    }
    problems
}

/// Weight, volume and count as in mail: parcels into bags, bags into boxes.
fn mail_like(count: u64) -> Vec<Problem> {
    let mut draw = Draw(115);
    let mut problems = Vec::new();
    for n in [100, 500, 2000] {
        for _ in 0..count {
            let parcel = |_| [between(&mut draw, 500, 9000), between(&mut draw, 2000, 45_000), 1];
            let sizes = (0..n).flat_map(parcel).collect();
            problems.push(Problem { capacity: vec![30_000, 150_000, 12], sizes, optimum: None });
            let bag = |_| [between(&mut draw, 3000, 30_000), between(&mut draw, 60_000, 190_000), 1];
            let sizes = (0..n).flat_map(bag).collect();
            problems.push(Problem { capacity: vec![8_500_000, 76_300_000, 500], sizes, optimum: None });
        }
    }
    problems
}

/// Panigrahy, Talwar, Uyeda and Wieder (2011), nine classes.
fn panigrahy(count: u64, dimensions: usize) -> Vec<Problem> {
    let mut draw = Draw(109);
    let mut problems = Vec::new();
    for class in 1..=9 {
        for n in [20, 40, 60, 120, 250, 500] {
            for _ in 0..count {
                let (capacity, sizes) = match class {
                    1 => (1000, uniform(&mut draw, n * dimensions as u64, 100, 400)),
                    2 => (1000, uniform(&mut draw, n * dimensions as u64, 1, 1000)),
                    3 => (1000, uniform(&mut draw, n * dimensions as u64, 200, 800)),
                    4 => (1000, uniform(&mut draw, n * dimensions as u64, 50, 200)),
                    5 => (1000, uniform(&mut draw, n * dimensions as u64, 25, 100)),
                    6 => (150, uniform(&mut draw, n * dimensions as u64, 20, 100)),
                    7 | 8 => (150, (0..n).flat_map(|_| paired(&mut draw, dimensions, class == 8)).collect()),
                    _ => (100, (0..n).flat_map(|_| multinomial(&mut draw, dimensions)).collect()),
                };
                problems.push(Problem { capacity: vec![capacity; dimensions], sizes, optimum: None });
            }
        }
    }
    problems
}

/// Two dimensions each belong together: nearly the same, or nearly 120 in sum.
fn paired(draw: &mut Draw, dimensions: usize, is_opposite: bool) -> Vec<u64> {
    let mut sizes = Vec::new();
    while sizes.len() < dimensions {
        let size = between(draw, 20, 99);
        let like = if is_opposite { 120 - size } else { size };
        sizes.extend([size, between(draw, like - 10, like + 10)]);
    }
    sizes.truncate(dimensions);
    sizes
}

fn multinomial(draw: &mut Draw, dimensions: usize) -> Vec<u64> {
    loop {
        let mut times = vec![0; dimensions];
        for _ in 0..2 * dimensions {
            times[usize::try_from(draw.below(dimensions as u64)).unwrap()] += 1;
        }
        let unit = between(draw, 10, 40);
        let sizes: Vec<u64> = times.iter().map(|times| unit * times + draw.below(2)).collect();
        if sizes.iter().all(|size| *size <= 100) {
            return sizes;
        }
    }
}

/// Mommessin, Erlebach and Shakhlevich (2025), six classes of 100: big in one dimension each; about normal; of two hills.
fn new(count: u64, dimensions: usize) -> Vec<Problem> {
    let mut draw = Draw(110);
    let mut problems = Vec::new();
    for class in 1..=6 {
        for n in [20, 40, 60, 120, 250] {
            for _ in 0..count {
                let item = |index: usize| -> Vec<u64> {
                    let size = |d: usize| match class {
                        1 if index * dimensions / n == d => between(&mut draw, 50, 100),
                        1 => between(&mut draw, 0, 25),
                        2 => normal(&mut draw, 20, 10),
                        3 => normal(&mut draw, 30, 15),
                        _ => {
                            let (big, small, deviation) =
                                [(70, 30, 15), (80, 20, 10), (70, 15, 10)][class - 4];
                            let mean = if draw.below(10) == 0 { big } else { small };
                            normal(&mut draw, mean, deviation)
                        }
                    };
                    (0..dimensions).map(size).collect()
                };
                let sizes = (0..n).flat_map(item).collect();
                problems.push(Problem { capacity: vec![100; dimensions], sizes, optimum: None });
            }
        }
    }
    problems
}

/// Draws from 0 to 100 about normally: the sum of twelve uniform draws has a deviation of one.
fn normal(draw: &mut Draw, mean: u64, deviation: u64) -> u64 {
    loop {
        let sum: u64 = (0..12).map(|_| draw.below(1001)).sum();
        let scaled = (sum * deviation + 500) / 1000 + mean;
        if let Some(size) = scaled.checked_sub(6 * deviation).filter(|size| *size <= 100) {
            return size;
        }
    }
}

/// Three items fill a bin of 100 in every dimension: as Falkenauer makes them, and as Caprara and Toth (2001) do.
fn triplet(count: u64, dimensions: usize) -> Vec<Problem> {
    let mut draw = Draw(111);
    let mut problems = Vec::new();
    for class in ["Falkenauer", "Caprara"] {
        for n in [60, 120, 249] {
            for _ in 0..count {
                let mut sizes = Vec::new();
                for _ in 0..n / 3 {
                    let mut items = [Vec::new(), Vec::new(), Vec::new()];
                    for _ in 0..dimensions {
                        let first = between(&mut draw, if class == "Caprara" { 25 } else { 38 }, 49);
                        let second = match class {
                            "Caprara" => between(&mut draw, 25, 50),
                            _ => between(&mut draw, 25, (100 - first) / 2),
                        };
                        for (item, size) in items.iter_mut().zip([first, second, 100 - first - second]) {
                            item.push(size);
                        }
                    }
                    sizes.extend(items.concat());
                }
                problems.push(Problem { capacity: vec![100; dimensions], sizes, optimum: Some(n / 3) });
            }
        }
    }
    problems
}
