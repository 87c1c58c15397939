//! How fast declarations are parsed, beside a bare scan of the same bytes by quick-xml with its defaults.

use std::hint::black_box;
use std::ops::ControlFlow;

use caravan_declaration::{Limits, packed, read, xml};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use quick_xml::Reader;
use quick_xml::events::Event;

#[path = "../tests/formats/sample.rs"]
mod sample;

fn bench(criterion: &mut Criterion) {
    let declarations: Vec<_> = (0..20_000).map(sample::typical).collect();
    let bytes = xml::write(Vec::new(), &declarations).expect("samples can be written");
    let text = std::str::from_utf8(&bytes).expect("XML is UTF-8");
    println!("{} bytes an item", bytes.len() / declarations.len());
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    group.bench_function("bare scan", |b| {
        b.iter(|| {
            let mut reader = Reader::from_str(text);
            let mut events = 0u64;
            loop {
                match reader.read_event().expect("well-formed") {
                    Event::Eof => break events,
                    event => {
                        black_box(&event);
                        events += 1;
                    }
                }
            }
        });
    });
    let limits = Limits::standard();
    group.bench_function("typed", |b| {
        b.iter(|| {
            let outcome = read(&bytes[..], &limits, |item| {
                black_box(&item);
                ControlFlow::Continue(())
            });
            assert_eq!(outcome.expect("memory does not fail").items, 20_000);
        });
    });
    let mut packed_bytes = Vec::new();
    group.bench_function("typed and packed", |b| {
        b.iter(|| {
            packed_bytes.clear();
            read(&bytes[..], &limits, |item| {
                packed::encode(&item.declaration, &mut packed_bytes);
                ControlFlow::Continue(())
            })
        });
    });
    println!("{} bytes an item packed", packed_bytes.len() / declarations.len());
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
