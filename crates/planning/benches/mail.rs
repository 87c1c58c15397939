//! How long mail of the published shape takes: eight months of Horgos by count.
#![expect(clippy::unwrap_used, reason = "the mail is made to fit")]

#[path = "../tests/planning/mail.rs"]
mod mail;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::num::NonZeroU8;

use caravan_planning::{
    AxleLimit, Capacity, LoadingRules, Piece, ReceptacleKey, ReceptacleRules, Size, Stand, StandRules,
    Stowage, Stream, arrange, pack, plan_loading,
};
use caravan_postal::{Grams, ReceptacleKind, Volume};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use mail::Product;

const ITEMS: usize = 410_000;
const GROUPS: u64 = 360;

fn stand(slots: u8) -> Stand {
    let bag = mail::bag();
    let tare = Grams(500);
    let standard = ReceptacleRules {
        kind: ReceptacleKind::Bag,
        slots: NonZeroU8::new(slots).unwrap(),
        limits: Capacity { weight: bag.weight + tare, ..bag },
        tare,
        outside_piece: Some(Capacity { weight: Grams(31_500), volume: Volume(1_000_000), count: None }),
    };
    let rules = StandRules { standard, by_class: BTreeMap::new(), by_stream: BTreeMap::new() };
    Stand::new(rules, ReceptacleKey(1))
}

fn belt(criterion: &mut Criterion) {
    let streams = mail::streams(usize::try_from(GROUPS).unwrap());
    let items = mail::grouped(1, Product::Horgos, ITEMS, GROUPS);
    let place = |mut stand: Stand| {
        for (group, item) in &items {
            black_box(stand.place(streams[*group], *item).unwrap());
        }
        stand
    };
    for slots in [1, 2, 4] {
        tell_belt(&streams, &items, slots);
        criterion.bench_function(&format!("belt, 360 streams, {slots} slots"), |bench| {
            bench.iter_batched(|| stand(slots), place, BatchSize::LargeInput);
        });
    }
}

/// Prints how many bags the belt makes.
fn tell_belt(streams: &[Stream], items: &[(usize, Size)], slots: u8) {
    let mut stand = stand(slots);
    let (mut bags, mut outside_pieces) = (0, 0);
    for (group, item) in items {
        let placement = stand.place(streams[*group], *item).unwrap();
        bags += u32::from(placement.is_opened && placement.kind == ReceptacleKind::Bag);
        outside_pieces += u32::from(placement.kind == ReceptacleKind::OutsidePiece);
    }
    println!("belt, {slots} slots: {bags} bags, {outside_pieces} outside pieces");
}

fn batch(criterion: &mut Criterion) {
    let mut groups = vec![Vec::new(); usize::try_from(GROUPS).unwrap()];
    for (group, item) in mail::grouped(1, Product::Horgos, ITEMS, GROUPS) {
        groups[group].push(item);
    }
    let parcels = vec![mail::items(1, Product::Horgos, ITEMS)];
    let packets = vec![mail::items(1, Product::Packets, ITEMS)];
    for (name, groups) in
        [("360 groups", &groups), ("one group", &parcels), ("one group of packets", &packets)]
    {
        for budget in [0, 50] {
            tell(name, groups, budget);
            criterion.bench_function(&format!("batch, {name}, {budget} steps an item"), |bench| {
                bench.iter(|| {
                    groups
                        .iter()
                        .map(|group| pack(group, mail::bag(), budget * group.len() as u64).bins.len())
                        .sum::<usize>()
                });
            });
        }
    }
}

/// Prints how far the packing is from its lower bound.
fn tell(name: &str, groups: &[Vec<Size>], budget: u64) {
    let packings = groups.iter().map(|group| pack(group, mail::bag(), budget * group.len() as u64));
    let (mut bags, mut bound, mut steps, mut content) = (0, 0, 0, Size::default());
    for packing in packings {
        bags += packing.bins.len() as u64;
        bound += packing.lower_bound;
        steps += packing.steps;
        content += packing.bins.iter().map(|bin| bin.content).sum();
    }
    let mean = content.weight.0 / bags;
    println!("{name}, {budget} steps an item: {bags} bags, bound {bound}, {mean} g a bag, {steps} steps");
}

/// Closed bags onto trains of 50 boxes, and the picture of every box.
fn containers(criterion: &mut Criterion) {
    let streams = mail::streams(60);
    for (count, boxes) in [(20_000, 50), (200_000, 500), (200_000, 50)] {
        let (waiting, trains) = (mail::waiting(1, count, &streams), mail::trains(count, boxes, &streams));
        let plan = plan_loading(&waiting, &trains);
        let (used, needed) = plan.departures.iter().fold((0, 0), |(used, needed), departure| {
            (used + departure.vehicles_used, needed + departure.vehicles_needed)
        });
        println!("{count} bags, trains of {boxes}: {used} boxes, bound {needed}, {} steps", plan.steps);
        criterion.bench_function(&format!("containers, {count} bags, trains of {boxes} boxes"), |bench| {
            bench.iter(|| black_box(plan_loading(&waiting, &trains)));
        });
    }
    let laid = stowage();
    let pieces = mail::bags(1, 20_000).into_iter().enumerate().map(|(key, size)| Piece {
        receptacle: ReceptacleKey(key as u64),
        weight: size.weight,
        volume: size.volume,
        stop: u16::from(key % 3 == 0),
    });
    let pieces: Vec<Piece> = pieces.collect();
    criterion.bench_function("pictures, 20000 bags in boxes of 455", |bench| {
        bench.iter(|| pieces.chunks(455).map(|pieces| arrange(&laid, pieces).placed.len()).sum::<usize>());
    });
}

/// Returns how a high-cube box is laid.
fn stowage() -> Stowage {
    let rules = LoadingRules::load(&[]).unwrap();
    Stowage {
        inside: rules.equipment("45G1").and_then(|equipment| equipment.inside).unwrap(),
        limits: Capacity { weight: Grams(20_850_000), volume: Volume(68_670_000), count: None },
        usable_permille: 900,
        rules: rules.balance("ctu-code").unwrap().clone(),
        axles: None,
        lying: Vec::new(),
    }
}

/// Returns how a box is laid on a trailer whose axles bear less than a full load of mail.
fn weak_trailer() -> Stowage {
    let rules = LoadingRules::load(&[]).unwrap();
    let geometry = rules.axle_geometry("semi-three-axles").unwrap().clone();
    Stowage { axles: Some(AxleLimit { geometry, most: Grams(6_000_000) }), ..stowage() }
}

/// Closed bags onto trucks and trains whose loads must lie so that they can leave.
fn laid(criterion: &mut Criterion) {
    let streams = mail::streams(60);
    let waiting = mail::waiting(1, 20_000, &streams);
    let mut trains = mail::trains(20_000, 50, &streams);
    for (name, stowage) in [("boxes", stowage()), ("trailers with too weak axles", weak_trailer())] {
        for train in &mut trains {
            let keys = train.vehicles.iter().map(|vehicle| vehicle.key);
            train.stowage = keys.map(|key| (key, stowage.clone())).collect();
        }
        let plan = plan_loading(&waiting, &trains);
        let used: usize = plan.departures.iter().map(|departure| departure.vehicles_used).sum();
        println!(
            "20000 bags laid in {name}: {used} used, {} left, {} steps",
            plan.left_behind.len(),
            plan.steps
        );
        criterion.bench_function(&format!("containers, 20000 bags laid in {name}"), |bench| {
            bench.iter(|| black_box(plan_loading(&waiting, &trains)));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = belt, batch, containers, laid
}
criterion_main!(benches);
