//! Where the components of a segment stand.

use std::borrow::Cow;

use crate::Segment;
use crate::segment::released_bytes;

/// Where a component that is not empty stands in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    pub(crate) key: u32,
    /// The index of its first byte in the segment.
    pub(crate) start: u32,
    /// The index behind its last byte.
    pub(crate) end: u32,
    /// Whether a release character is in it.
    pub is_released: bool,
    /// Whether a control character is in it, be it a line break.
    pub has_control: bool,
}

impl Cut {
    /// Returns the number that orders places within a segment, both counted from 1.
    pub const fn key_of(element: u16, component: u16) -> u32 {
        (element as u32) << 16 | component as u32
    }

    /// Returns the number of its place.
    #[inline]
    pub fn key(&self) -> u32 {
        self.key
    }

    /// Returns the element and the component within it, both counted from 1.
    #[inline]
    pub fn at(&self) -> (u16, u16) {
        ((self.key >> 16) as u16, (self.key & 0xFFFF) as u16)
    }

    /// Returns the bytes of the component as they stand in its segment.
    #[inline]
    pub fn raw<'a>(&self, segment: &Segment<'a>) -> &'a [u8] {
        &segment.raw()[self.start as usize..self.end as usize]
    }

    /// Returns the bytes of the component without release characters; borrowed where there are none.
    pub fn bytes<'a>(&self, segment: &Segment<'a>) -> Cow<'a, [u8]> {
        let raw = self.raw(segment);
        match segment.syntax().separators.release.filter(|_| self.is_released) {
            Some(release) => Cow::Owned(released_bytes(raw, release)),
            None => Cow::Borrowed(raw),
        }
    }

    /// Returns the component as it stands in its segment, when the whole segment is UTF-8.
    #[inline]
    pub fn text<'a>(&self, segment: &Segment<'a>) -> Option<&'a str> {
        segment.text()?.get(self.start as usize..self.end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Cut;

    #[test]
    fn keys_order_places() {
        let places = [(0, 1), (1, 1), (1, 2), (1, 999), (2, 1), (99, 1), (99, 2)];
        let keys = places.map(|(element, component)| Cut::key_of(element, component));
        assert!(keys.is_sorted());
        let at = |key| Cut { key, start: 0, end: 1, is_released: false, has_control: false }.at();
        assert_eq!(keys.map(at), places);
    }
}
