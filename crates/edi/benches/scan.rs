//! How fast bytes become segments and components, beside a plain pass over them that counts segment terminators.

use std::hint::black_box;

use caravan_edi::{Envelope, Limits, Part, Scanner, Step};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// An interchange that a post really sent.
const SAMPLE: &str = include_str!("../fixtures/resdes/milan-malpensa.edi");
const COPIES: usize = 20_000;

fn bench(criterion: &mut Criterion) {
    let bytes = SAMPLE.repeat(COPIES).into_bytes();
    let mut group = criterion.benchmark_group("scan");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    group.bench_function("plain pass", |b| {
        b.iter(|| memchr::memchr_iter(b'\'', black_box(&bytes)).count());
    });
    group.bench_function("segments and components", |b| {
        b.iter(|| scan(&bytes, |_| {}));
    });
    group.bench_function("segments, components and envelopes", |b| {
        b.iter(|| {
            let mut envelope = Envelope::default();
            scan(&bytes, |segment| {
                black_box(envelope.take(segment));
            });
            assert_eq!(envelope.finding_count(), 0);
        });
    });
    group.finish();
}

fn scan(bytes: &[u8], mut each: impl FnMut(&caravan_edi::Segment<'_>)) {
    let mut scanner = Scanner::new(&Limits::USUAL);
    let (mut part, mut count) = (Part::new(bytes, true), 0);
    while let Step::Segment(segment) = scanner.next(&mut part) {
        black_box(part.cuts());
        each(&segment);
        count += 1;
    }
    assert_eq!(count, SAMPLE.matches('\'').count() * COPIES);
}

criterion_group!(benches, bench);
criterion_main!(benches);
