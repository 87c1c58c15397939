//! Where the service characters of some bytes stand, found sixty-four bytes at a time.

use wide::u8x16;

use crate::Separators;

/// Bytes of one look.
const BLOCK: usize = 64;

/// Bytes that are looked at together; what lies behind the last segment that is asked for was looked at in vain.
const BATCH: usize = 16 * BLOCK;

/// The places of all bytes that are more than data, in order: service characters that no release character takes their
/// meaning from, release characters that take one, and control characters.
#[derive(Debug, Default)]
pub(crate) struct Index {
    marks: Vec<usize>,
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
        self.marks.clear();
        (self.passed, self.seen, self.released) = (0, at, None);
    }

    /// Returns the marks that were not passed.
    #[inline]
    pub(crate) fn marks(&self) -> &[usize] {
        &self.marks[self.passed..]
    }

    /// Passes the marks before a byte: white space between two segments may have some.
    #[inline]
    pub(crate) fn pass_to(&mut self, start: usize) {
        if start > self.seen {
            return self.restart(start);
        }
        while self.marks.get(self.passed).is_some_and(|mark| *mark < start) {
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
        self.marks.clear();
        self.passed = 0;
        let service = Service::new(separators);
        let end = bytes.len().min(self.seen + BATCH);
        let (blocks, rest) = bytes[self.seen..end].as_chunks::<BLOCK>();
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
        let base = self.seen;
        self.seen += length;
        let mut left = marks | releases;
        if releases == 0 && self.released != Some(base) {
            self.marks.reserve(BLOCK);
            while left != 0 {
                self.marks.push(base + left.trailing_zeros() as usize);
                left &= left - 1;
            }
            return;
        }
        while left != 0 {
            let (bit, at) = (left & left.wrapping_neg(), base + left.trailing_zeros() as usize);
            left &= left - 1;
            if self.released == Some(at) {
                continue;
            }
            self.marks.push(at);
            if releases & bit != 0 {
                self.released = Some(at + 1);
            }
        }
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
            marks.extend_from_slice(index.marks());
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
        fn finds_what_a_walk_finds(text in "[a?+:'\n\u{e9}]{0,2500}", plain in "[a-z]{0,200}", from in 0usize..70) {
            let bytes = [plain.as_bytes(), text.as_bytes()].concat();
            let from = from.min(bytes.len());
            let odd = Separators { release: None, terminator: b'\n', ..Separators::DEFAULT };
            for separators in [Separators::DEFAULT, odd] {
                prop_assert_eq!(indexed(&bytes, separators, from), walked(&bytes, separators, from));
            }
        }
    }
}
