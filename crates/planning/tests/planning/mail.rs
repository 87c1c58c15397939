//! Made-up mail of the published shape, the same for the same seed, in integers only.
//!
//! Weights and densities are drawn from tables of log-normal quantiles. Packets have a mean near 0.2 kg; the mixture of
//! Horgos, where parcels dominate, has a mean near 1 kg. Densities lie around 170 kg/m3.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use caravan_planning::{
    Capacity, Density, Departure, DepartureKey, DispatchKey, Readiness, ReceptacleKey, Size, Stream, Vehicle,
    VehicleKey, VehicleLimits, Waiting,
};
use caravan_postal::{Grams, Volume};

/// SplitMix64 (Steele, Lea, Flood, 2014): enough to shape mail, good for nothing else.
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Draws from a table of (place in ten thousand, value), straight lines between its rows.
    fn quantile(&mut self, table: &[(u64, u64)]) -> u64 {
        let place = self.below(10_000);
        let next = table.iter().position(|row| row.0 > place).expect("a table ends at ten thousand");
        let ((low, from), (high, to)) = (table[next - 1], table[next]);
        from + (to - from) * (place - low) / (high - low)
    }
}

/// Packets in grams: median 133 g.
const PACKET: &[(u64, u64)] = &[
    (0, 5),
    (10, 8),
    (100, 16),
    (500, 30),
    (1000, 42),
    (2500, 72),
    (5000, 133),
    (7500, 244),
    (9000, 421),
    (9500, 585),
    (9900, 1079),
    (9990, 1700),
    (10_000, 2000),
];
/// Parcels in grams: median 700 g.
const PARCEL: &[(u64, u64)] = &[
    (0, 20),
    (10, 32),
    (100, 68),
    (500, 135),
    (1000, 194),
    (2500, 357),
    (5000, 700),
    (7500, 1374),
    (9000, 2521),
    (9500, 3625),
    (9900, 7170),
    (9990, 15_380),
    (10_000, 29_000),
];
/// Density in kg/m3.
const DENSITY: &[(u64, u64)] = &[
    (0, 50),
    (10, 58),
    (100, 75),
    (500, 96),
    (1000, 109),
    (2500, 134),
    (5000, 170),
    (7500, 215),
    (9000, 266),
    (9500, 302),
    (9900, 384),
    (9990, 501),
    (10_000, 700),
];

/// Which mail is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Product {
    /// Small packets, as the hubs of rail mail send.
    Packets,
    /// Eight parcels in ten, as at Horgos.
    Horgos,
}

/// Returns one item.
pub(crate) fn item(draw: &mut Draw, product: Product) -> Size {
    let is_parcel = matches!(product, Product::Horgos) && draw.below(10) < 8;
    let grams = draw.quantile(if is_parcel { PARCEL } else { PACKET });
    let density = u32::try_from(draw.quantile(DENSITY)).unwrap();
    let weight = Grams(grams);
    Size::one(weight, Density(NonZeroU32::new(density).unwrap()).volume_of(weight))
}

/// Returns `count` items.
pub(crate) fn items(seed: u64, product: Product, count: usize) -> Vec<Size> {
    let mut draw = Draw(seed);
    (0..count).map(|_| item(&mut draw, product)).collect()
}

/// Returns what the items in a bag may be: 30 kg less 0.5 kg of tare, and 0.09 m3 in a bag of 0.15 m3, because four
/// tenths of a stuffed bag are gaps. Filled so, it weighs what the published bags weigh.
pub(crate) fn bag() -> Capacity {
    Capacity { weight: Grams(29_500), volume: Volume(90_000), count: Some(250) }
}

/// Returns bags as they were published: 14.66 kg in the mean, 0.14 to 0.16 m3.
pub(crate) fn bags(seed: u64, count: usize) -> Vec<Size> {
    let mut draw = Draw(seed);
    let bag = |_| Size::one(Grams(9000 + draw.below(11_320)), Volume(140_000 + draw.below(20_000)));
    (0..count).map(bag).collect()
}

/// Returns that many streams, one for each office of a made-up country full of them.
pub(crate) fn streams(count: usize) -> Vec<Stream> {
    let letters = || (b'A'..=b'Z').map(char::from);
    let offices = letters().flat_map(|a| letters().map(move |b| format!("KZ{a}{b}AA-C-CN-N")));
    offices.take(count).map(|text| Stream::parse(&text).unwrap()).collect()
}

/// Returns `count` items, each with one of `groups` groups, of which the first are far the biggest.
pub(crate) fn grouped(seed: u64, product: Product, count: usize, groups: u64) -> Vec<(usize, Size)> {
    let mut draw = Draw(seed);
    let group = |draw: &mut Draw| {
        let (a, b) = (draw.below(groups), draw.below(groups));
        usize::try_from(a * b / groups).unwrap()
    };
    (0..count).map(|_| (group(&mut draw), item(&mut draw, product))).collect()
}

/// Returns closed bags for the offices of `streams`, each of a dispatch of about 20.
pub(crate) fn waiting(seed: u64, count: usize, streams: &[Stream]) -> Vec<Waiting> {
    let mut draw = Draw(seed);
    let bag = |(key, size): (usize, Size)| {
        let stream = usize::try_from(draw.below(streams.len() as u64)).unwrap();
        Waiting {
            receptacle: ReceptacleKey(key as u64),
            stream: streams[stream],
            dispatch: DispatchKey(draw.below(1 + count as u64 / 20)),
            gross_weight: size.weight,
            volume: size.volume,
            oldest_ms: i64::try_from(draw.below(1000)).unwrap(),
            due_ms: None,
            urgency: 0,
            readiness: Readiness::Ready { at_ms: 0 },
            lock: None,
        }
    };
    bags(seed, count).into_iter().enumerate().map(bag).collect()
}

/// Returns trains of `boxes` high-cube boxes, 21 t and 76.3 m3 each, that together take `count` bags and a few more; every
/// train serves all offices.
pub(crate) fn trains(count: usize, boxes: u64, streams: &[Stream]) -> Vec<Departure> {
    let limits = VehicleLimits {
        plate_payload: Grams(26_330_000),
        line_limit: Some(Grams(20_850_000)),
        volume: Volume(76_300_000),
        usable_permille: 900,
        count: None,
    };
    let boxed = |key| Vehicle {
        key: VehicleKey(key),
        limits,
        loaded: Size::default(),
        tare: Grams(4_150_000),
        is_closed: false,
    };
    let train = |key: usize| Departure {
        key: DepartureKey(key as u64),
        leaves_ms: i64::try_from(key).unwrap(),
        cut_off_ms: 0,
        destinations: streams.iter().map(|stream| stream.destination).collect(),
        vehicles: (0..boxes).map(boxed).collect(),
        gross_max: Some(Grams(26_000_000 * boxes)),
        stops: Vec::new(),
        hold: None,
        stowage: BTreeMap::new(),
    };
    (0..=count / (usize::try_from(boxes).unwrap() * 440)).map(train).collect()
}
