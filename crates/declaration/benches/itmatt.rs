//! How fast ITMATT is parsed into declarations, beside a plain pass over the same bytes that counts segment terminators
//! and beside a published crate that reads the same bytes into segments and nothing more.
//!
//! All are built alike, by the release profile of the workspace for the processor in general. Of the crates that give
//! segments, `edifact-parser` 0.38 is the fastest that was found; `edifact-rs` 0.18 takes longer for its segments, also
//! with `lto = "fat"`, one codegen unit and `target-cpu=native`.
//!
//! The times need a machine that does nothing else; what callgrind counts, and the ratio by it, is in the crate's page.

use std::hint::black_box;
use std::ops::ControlFlow;

use caravan_declaration::{Declaration, Limits, itmatt, read};
use caravan_edi::{Address, Charset, Header, SyntaxVersion};
use chrono::NaiveDate;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use edifact_parser::{EdifactHandler, EdifactStreamParser};
use edifact_primitives::{Control, RawSegment};

#[path = "../tests/formats/sample.rs"]
mod sample;

const ITEMS: u32 = 20_000;

fn bench(criterion: &mut Criterion) {
    let declarations: Vec<_> = (0..ITEMS).map(sample::typical).collect();
    let bytes = interchange(&declarations);
    println!("{} bytes an item", bytes.len() / declarations.len());
    let mut group = criterion.benchmark_group("itmatt");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    group.bench_function("plain pass", |b| {
        b.iter(|| memchr::memchr_iter(b'\'', black_box(&bytes)).count());
    });
    group.bench_function("edifact-parser, segments only", |b| {
        b.iter(|| EdifactStreamParser::parse(black_box(&bytes), &mut Segments).expect("it reads the bytes"));
    });
    let limits = Limits::standard();
    group.bench_function("typed", |b| {
        b.iter(|| {
            let outcome = read(&bytes[..], &limits, |item| {
                black_box(&item);
                ControlFlow::Continue(())
            });
            assert_eq!(outcome.expect("memory does not fail").items, ITEMS);
        });
    });
    group.finish();
}

/// Takes segments and does nothing with them.
struct Segments;

impl EdifactHandler for Segments {
    fn on_segment(&mut self, segment: &RawSegment<'_>) -> Control {
        black_box(segment);
        Control::Continue
    }
}

fn interchange(declarations: &[Declaration<'_>]) -> Vec<u8> {
    let address = |id: &str| Address { id: id.to_owned(), qualifier: "UP".to_owned() };
    let day = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day");
    let header = Header {
        charset: Charset::W,
        version: SyntaxVersion::Four,
        sender: address("CN101"),
        recipient: address("KZ101"),
        prepared_at: day.and_hms_opt(9, 0, 0).expect("a time"),
        reference: "1".to_owned(),
        is_test: true,
    };
    let references: Vec<String> = (0..declarations.len()).map(|number| number.to_string()).collect();
    let list = references.iter().map(String::as_str).zip(declarations);
    itmatt::write(Vec::new(), &header, list).expect("samples can be written")
}

criterion_group!(benches, bench);
criterion_main!(benches);
