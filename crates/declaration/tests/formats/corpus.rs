//! The corpus of the fuzz targets, and changes of it by a fixed seed, through the doors that the targets have: nothing
//! panics, whatever the bytes.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use caravan_declaration::signature::{Trust, verify};
use caravan_declaration::{Limits, ceb};
use caravan_edi::Interchange;

use super::fixtures::{cases, input};
use super::{project, read_all};

/// Changes of each file.
const CHANGES: u64 = 12;
/// Larger files have tests of their own.
const BYTES_MAX: usize = 20_000;

#[test]
fn no_bytes_of_the_corpus_panic() {
    let fixtures = cases(&project().join("fixtures/declaration"));
    let mut files: Vec<PathBuf> = fixtures.iter().map(|case| input(case)).collect();
    for target in ["read", "documents", "signature", "interchange"] {
        let folder = project().join("crates/declaration/fuzz/corpus").join(target);
        let before = files.len();
        files.extend(std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()));
        assert!(files.len() > before, "{target} has a corpus");
    }
    files.sort();
    for (number, file) in (0u64..).zip(&files) {
        let bytes = std::fs::read(file).unwrap();
        if bytes.len() > BYTES_MAX {
            continue;
        }
        through_every_door(&bytes, file);
        for change in 0..CHANGES {
            let mut random = Random(number * CHANGES + change + 1);
            through_every_door(&random.change(&bytes), file);
        }
    }
}

fn through_every_door(bytes: &[u8], file: &Path) {
    let limits = Limits::standard();
    let readout = read_all(bytes, &limits);
    assert!(readout.outcome.bytes <= bytes.len() as u64, "{}", file.display());
    let answers = ceb::read(bytes, &limits, |document| {
        let _ = ceb::answer(&document.document);
        ControlFlow::Continue(())
    });
    answers.expect("memory does not fail");
    let _ = Interchange::read_all(bytes, &caravan_edi::Limits::USUAL);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = verify(text, Trust::Any);
    }
}

/// A generator that gives the same numbers everywhere (Marsaglia, "Xorshift RNGs", 2003).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % below.max(1) as u64).unwrap()
    }

    /// Returns the bytes with a few changed, taken out, doubled or put elsewhere.
    fn change(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.next(4) {
            let at = self.next(changed.len());
            let end = (at + self.next(40)).min(changed.len());
            match self.next(5) {
                0 if !changed.is_empty() => changed[at] = u8::try_from(self.next(256)).unwrap(),
                1 => drop(changed.drain(at..end)),
                2 => changed.splice(at..at, bytes[..bytes.len().min(end)].to_vec()).for_each(drop),
                3 => changed.truncate(end),
                _ => changed.splice(at..at, *b"<&\xFF\0\"'+:?]").for_each(drop),
            }
        }
        changed
    }
}
