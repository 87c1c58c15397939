//! Places on a page, in whole tenths of a millimetre from its upper left corner.

/// A rectangle on a page, in tenths of a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Area {
    /// From the left edge of the page.
    pub(crate) x: i32,
    /// From the upper edge of the page.
    pub(crate) y: i32,
    /// How wide.
    pub(crate) width: i32,
    /// How high.
    pub(crate) height: i32,
}

impl Area {
    /// Returns the rectangle at a place.
    pub(crate) const fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x, y, width, height }
    }

    /// Takes a strip of a height off the upper side and returns it; what is left is lower by as much.
    pub(crate) fn cut_top(&mut self, height: i32) -> Self {
        let height = height.clamp(0, self.height);
        let strip = Self { height, ..*self };
        self.y += height;
        self.height -= height;
        strip
    }

    /// Takes a strip of a height off the lower side and returns it.
    pub(crate) fn cut_bottom(&mut self, height: i32) -> Self {
        let height = height.clamp(0, self.height);
        self.height -= height;
        Self { y: self.y + self.height, height, ..*self }
    }

    /// Takes a strip of a width off the left side and returns it.
    pub(crate) fn cut_left(&mut self, width: i32) -> Self {
        let width = width.clamp(0, self.width);
        let strip = Self { width, ..*self };
        self.x += width;
        self.width -= width;
        strip
    }

    /// Takes a strip of a width off the right side and returns it.
    pub(crate) fn cut_right(&mut self, width: i32) -> Self {
        let width = width.clamp(0, self.width);
        self.width -= width;
        Self { x: self.x + self.width, width, ..*self }
    }

    /// Returns the area split into columns of the given shares; the columns fill it exactly.
    pub(crate) fn columns<const N: usize>(self, shares: [i32; N]) -> [Self; N] {
        let all = shares.iter().sum::<i32>().max(1);
        let mut before = 0;
        shares.map(|share| {
            let left = self.width * before / all;
            before += share;
            Self { x: self.x + left, width: self.width * before / all - left, ..self }
        })
    }

    /// Returns the area split into rows of the given shares; the rows fill it exactly.
    pub(crate) fn rows<const N: usize>(self, shares: [i32; N]) -> [Self; N] {
        let all = shares.iter().sum::<i32>().max(1);
        let mut before = 0;
        shares.map(|share| {
            let above = self.height * before / all;
            before += share;
            Self { y: self.y + above, height: self.height * before / all - above, ..self }
        })
    }

    /// Returns the area less a margin on each side.
    #[must_use]
    pub(crate) fn inset(self, margin: i32) -> Self {
        Self {
            x: self.x + margin,
            y: self.y + margin,
            width: (self.width - 2 * margin).max(0),
            height: (self.height - 2 * margin).max(0),
        }
    }
}

/// A size of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Paper {
    /// How wide, in tenths of a millimetre.
    pub(crate) width: i32,
    /// How high, in tenths of a millimetre.
    pub(crate) height: i32,
    /// The margin on each side, in tenths of a millimetre.
    pub(crate) margin: i32,
}

impl Paper {
    /// A4, upright.
    pub(crate) const A4: Self = Self { width: 2100, height: 2970, margin: 100 };
    /// A4, lying.
    pub(crate) const A4_LYING: Self = Self { width: 2970, height: 2100, margin: 100 };
    /// A5, lying.
    pub(crate) const A5_LYING: Self = Self { width: 2100, height: 1480, margin: 70 };
    /// A6, upright.
    pub(crate) const A6: Self = Self { width: 1050, height: 1480, margin: 50 };
    /// The label of 100 mm by 150 mm, lying.
    pub(crate) const LABEL_LYING: Self = Self { width: 1500, height: 1000, margin: 40 };

    /// Height of the strip at the foot of each page that says form, number and page, in tenths of a millimetre.
    pub(super) const FOOT: i32 = 40;

    /// Returns the area inside the margins and above the foot.
    pub(crate) fn body(self) -> Area {
        let mut body = Area::new(0, 0, self.width, self.height).inset(self.margin);
        body.cut_bottom(Self::FOOT);
        body
    }

    pub(super) fn foot(self) -> Area {
        Area::new(0, 0, self.width, self.height).inset(self.margin).cut_bottom(Self::FOOT)
    }
}

#[cfg(test)]
mod tests {
    use super::Area;

    #[test]
    fn splits_without_gap_or_overlap() {
        let area = Area::new(3, 5, 100, 70);
        let [a, b, c] = area.columns([1, 1, 1]);
        assert_eq!((a.x, a.width, b.x, b.width, c.x, c.width), (3, 33, 36, 33, 69, 34));
        let [a, b] = area.rows([2, 5]);
        assert_eq!((a.y, a.height, b.y, b.height), (5, 20, 25, 50));
        let mut rest = area;
        let strips = [rest.cut_top(10), rest.cut_bottom(1000)];
        assert_eq!(strips[1], Area::new(3, 15, 100, 60));
        assert_eq!(rest.height, 0);
    }
}
