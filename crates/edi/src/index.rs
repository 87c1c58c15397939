//! Where the service characters of some bytes stand, found sixty-four bytes at a time.

use wide::u8x16;

use crate::Separators;

/// Bytes of one look.
const BLOCK: usize = 64;

/// Bytes that are looked at together; what lies behind the last segment that is asked for was looked at in vain.
const BATCH: usize = 128 * BLOCK;

/// The places of all bytes that are more than data, in order: service characters that no release character takes their
/// meaning from, release characters that take one, and control characters.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// How far each stands behind `base`; those behind `count` have no meaning.
    marks: Vec<u32>,
    count: usize,
    /// Where the last look began.
    base: usize,
    /// How many marks were passed.
    passed: usize,
    /// Bytes that were looked at.
    seen: usize,
    /// The byte that the last release character lets stand for itself.
    released: Option<usize>,
}

/// The service characters as they are compared.
#[derive(Debug, Clone, Copy)]
struct Service {
    ends: [u8x16; 3],
    release: u8x16,
    /// Nothing when there is no release character.
    releases: u64,
}

impl Service {
    fn new(separators: Separators) -> Self {
        let Separators { component, element, terminator, release, .. } = separators;
        Self {
            ends: [component, element, terminator].map(u8x16::splat),
            release: u8x16::splat(release.unwrap_or_default()),
            releases: if release.is_some() { u64::MAX } else { 0 },
        }
    }

    /// Returns a bit for each byte that is more than data, and for each release character.
    fn marks(&self, block: &[u8; BLOCK]) -> (u64, u64) {
        let (lanes, _) = block.as_chunks::<16>();
        let (mut marks, mut releases) = (0, 0);
        let control_last = u8x16::splat(0x1F);
        for (index, lane) in lanes.iter().enumerate() {
            let lane = u8x16::new(*lane);
            let [component, element, terminator] = self.ends;
            let ends = lane.simd_eq(component) | lane.simd_eq(element) | lane.simd_eq(terminator);
            let controls = lane.min(control_last).simd_eq(lane);
            marks |= u64::from((ends | controls).to_bitmask()) << (16 * index);
            releases |= u64::from(lane.simd_eq(self.release).to_bitmask()) << (16 * index);
        }
        (marks, releases & self.releases)
    }
}

impl Index {
    /// Begins anew at a byte.
    pub(crate) fn restart(&mut self, at: usize) {
        (self.count, self.base, self.passed, self.seen, self.released) = (0, at, 0, at, None);
    }

    /// Returns the marks that were not passed, as places behind the base.
    #[inline]
    pub(crate) fn marks(&self) -> &[u32] {
        self.marks.get(self.passed..self.count).unwrap_or_default()
    }

    /// Returns the byte from which marks are counted.
    #[inline]
    pub(crate) fn base(&self) -> usize {
        self.base
    }

    /// Passes the marks before a byte: white space between two segments may have some.
    #[inline]
    pub(crate) fn pass_to(&mut self, start: usize) {
        if start > self.seen {
            return self.restart(start);
        }
        let before = start.saturating_sub(self.base);
        while self.marks().first().is_some_and(|mark| (*mark as usize) < before) {
            self.passed += 1;
        }
    }

    /// Passes so many marks.
    #[inline]
    pub(crate) fn pass(&mut self, count: usize) {
        self.passed += count;
    }

    /// Returns how many bytes were looked at.
    #[inline]
    pub(crate) fn seen(&self) -> usize {
        self.seen
    }

    /// Passes all marks and looks at the bytes that follow.
    pub(crate) fn look_on(&mut self, bytes: &[u8], separators: Separators) {
        (self.base, self.count, self.passed) = (self.seen, 0, 0);
        let service = Service::new(separators);
        let end = bytes.len().min(self.seen + BATCH);
        let (blocks, rest) = bytes[self.seen..end].as_chunks::<BLOCK>();
        // Each block is given room for the marks that it has at most.
        self.marks.resize(self.marks.len().max((blocks.len() + 1) * BLOCK), 0);
        for block in blocks {
            let (marks, releases) = service.marks(block);
            self.put(marks, releases, BLOCK);
        }
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            let (marks, releases) = service.marks(&block);
            let is_there = u64::MAX >> (BLOCK - rest.len());
            self.put(marks & is_there, releases & is_there, rest.len());
        }
    }

    /// Takes the marks of the next `length` bytes.
    #[inline]
    fn put(&mut self, marks: u64, releases: u64, length: usize) {
        #[expect(clippy::cast_possible_truncation, reason = "a look has few bytes")]
        let base = (self.seen - self.base) as u32;
        let begins_released = self.released == Some(self.seen);
        self.seen += length;
        let mut left = marks | releases;
        if releases != 0 || begins_released {
            left = self.without_released(left, releases, self.seen - length);
        }
        let count = left.count_ones() as usize;
        for slot in &mut self.marks[self.count..self.count + count] {
            *slot = base + left.trailing_zeros();
            left &= left - 1;
        }
        self.count += count;
    }

    /// Takes from the marks of the bytes behind `start` those that a release character lets stand for themselves.
    fn without_released(&mut self, marks: u64, releases: u64, start: usize) -> u64 {
        let (mut left, mut kept) = (marks, 0);
        while left != 0 {
            let (bit, at) = (left & left.wrapping_neg(), start + left.trailing_zeros() as usize);
            left &= left - 1;
            if self.released == Some(at) {
                continue;
            }
            kept |= bit;
            if releases & bit != 0 {
                self.released = Some(at + 1);
            }
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Index;
    use crate::Separators;

    fn indexed(bytes: &[u8], separators: Separators, from: usize) -> Vec<usize> {
        let mut index = Index::default();
        index.restart(from);
        let mut marks = Vec::new();
        while index.seen() < bytes.len() {
            index.look_on(bytes, separators);
            marks.extend(index.marks().iter().map(|mark| index.base() + *mark as usize));
        }
        marks
    }

    /// What the index should hold, byte by byte.
    fn walked(bytes: &[u8], separators: Separators, from: usize) -> Vec<usize> {
        let Separators { component, element, terminator, release, .. } = separators;
        let (mut at, mut marks) = (from, Vec::new());
        while let Some(byte) = bytes.get(at) {
            let is_release = Some(*byte) == release;
            if is_release || *byte < 0x20 || [component, element, terminator].contains(byte) {
                marks.push(at);
            }
            at += if is_release { 2 } else { 1 };
        }
        marks
    }

    proptest! {
        #[test]
        fn finds_what_a_walk_finds(text in "[a?+:'\n\u{e9}]{0,9000}", plain in "[a-z]{0,200}", from in 0usize..70) {
            let bytes = [plain.as_bytes(), text.as_bytes()].concat();
            let from = from.min(bytes.len());
            let odd = Separators { release: None, terminator: b'\n', ..Separators::DEFAULT };
            for separators in [Separators::DEFAULT, odd] {
                prop_assert_eq!(indexed(&bytes, separators, from), walked(&bytes, separators, from));
            }
        }
    }
}
