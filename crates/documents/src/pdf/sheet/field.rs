//! Boxes with a caption, places for signatures, and tick boxes.

use super::{Mark, Sheet, THIN_UM};
use crate::pdf::area::Area;
use crate::pdf::font::Weight;
use crate::pdf::wrap::{self, Sizes};

/// Where text stands in its box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the left side.
    Left,
    /// In the middle.
    Center,
    /// At the right side.
    Right,
}

/// How text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// The sizes that it may have.
    pub(crate) sizes: Sizes,
    /// How heavy it is.
    pub(crate) weight: Weight,
    /// Where it stands.
    pub(crate) align: Align,
}

/// A box of a form: its number, its caption and what is written into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'f> {
    key: &'f str,
    number: &'f str,
    value: &'f str,
    style: Style,
}

/// Between the line of a box and the text in it, in tenths of a millimetre.
const PADDING: i32 = 8;
/// Sizes of captions.
const CAPTION: Sizes = Sizes::new(55, 40);
/// The side of a tick box, in tenths of a millimetre.
const TICK: i32 = 28;

impl Style {
    /// Returns the style of what is written into a box: nine points, down to six.
    pub(crate) const fn plain() -> Self {
        Self { sizes: Sizes::new(90, 60), weight: Weight::Regular, align: Align::Left }
    }

    /// Returns the style of captions.
    pub(crate) const fn caption() -> Self {
        Self { sizes: CAPTION, ..Self::plain() }
    }
}

impl<'f> Field<'f> {
    /// Returns the box with the caption of a key and nothing in it.
    pub(crate) const fn of(key: &'f str) -> Self {
        Self { key, number: "", value: "", style: Style::plain() }
    }

    /// Returns the box with its number on the form.
    #[must_use]
    pub(crate) const fn numbered(self, number: &'f str) -> Self {
        Self { number, ..self }
    }

    /// Returns the box with what is written into it.
    #[must_use]
    pub(crate) const fn value(self, value: &'f str) -> Self {
        Self { value, ..self }
    }

    /// Returns the box written at a size in tenths of a point if there is room, and bold.
    #[must_use]
    pub(crate) const fn large(self, wanted: i32) -> Self {
        let style = Style { sizes: Sizes::new(wanted, 60), weight: Weight::Bold, align: self.style.align };
        Self { style, ..self }
    }

    /// Returns the box with its text at another side.
    #[must_use]
    pub(crate) const fn aligned(self, align: Align) -> Self {
        Self { style: Style { align, ..self.style }, ..self }
    }
}

/// Height of a place for signatures, in tenths of a millimetre.
const SIGNATURES: i32 = 220;

impl Sheet {
    /// Draws boxes side by side, each with its share of the width.
    pub(crate) fn fields<const N: usize>(&mut self, area: Area, row: [(i32, Field<'_>); N]) {
        for (place, (_, field)) in area.columns(row.map(|(share, _)| share)).into_iter().zip(row) {
            self.field(place, field);
        }
    }

    /// Draws a heading between two parts of a form.
    pub(crate) fn part(&mut self, rest: &mut Area, key: &str) {
        rest.cut_top(20);
        let style = Style { sizes: Sizes::new(100, 60), weight: Weight::Bold, align: Align::Left };
        let text = self.caption(key);
        self.write(key, rest.cut_top(60), &text, style);
    }

    /// Draws the places for signatures side by side at the top of an area, on a page of their own where there is no
    /// room; returns what is left below them.
    pub(crate) fn signatures<const N: usize>(
        &mut self,
        mut rest: Area,
        keys: [&str; N],
        next: &mut dyn FnMut(&mut Self) -> Area,
    ) -> Area {
        rest = self.room(rest, SIGNATURES + 30, next);
        rest.cut_top(30);
        for (area, key) in rest.cut_top(SIGNATURES).columns([1; N]).into_iter().zip(keys) {
            self.signature(area, key);
        }
        rest
    }

    /// Returns an area with room for a height: what is left, or a new page.
    pub(crate) fn room(&mut self, rest: Area, height: i32, next: &mut dyn FnMut(&mut Self) -> Area) -> Area {
        if rest.height >= height {
            return rest;
        }
        self.page();
        next(self)
    }

    /// Draws a box with its caption and what is in it.
    pub(crate) fn field(&mut self, area: Area, field: Field<'_>) {
        self.mark(Mark::Frame { area, thick_um: THIN_UM });
        let inner = self.captioned(area, field.number, field.key);
        let name = format!("{} {}", field.number, self.name(field.key));
        self.put(name.trim_start(), inner, field.value, field.style);
    }

    /// Draws a box to be signed in: caption above, place for the date below.
    pub(crate) fn signature(&mut self, area: Area, key: &str) {
        self.signed(area, "", key, "");
    }

    /// Draws a box to be signed in with its number on the form, and the day when it was signed, if it was.
    pub(crate) fn signed(&mut self, area: Area, number: &str, key: &str, day: &str) {
        self.mark(Mark::Frame { area, thick_um: THIN_UM });
        let mut inner = self.captioned(area, number, key);
        let date = inner.cut_bottom(28);
        let hint = self.caption("date-and-signature");
        self.put(key, date, &hint, Style::caption());
        self.put(key, inner.cut_bottom(50), day, Style::plain());
        let y = date.y - 3;
        self.rule((inner.x, y), (inner.x + inner.width, y));
    }

    /// Draws a small square with a caption beside it, crossed when it holds.
    pub(crate) fn tick(&mut self, area: Area, key: &str, is_ticked: bool) {
        let mut rest = area;
        let side = TICK.min(area.height);
        let mut square = rest.cut_left(side);
        square.height = side;
        self.mark(Mark::Frame { area: square, thick_um: THIN_UM });
        if is_ticked {
            let (left, top, right, bottom) = (square.x, square.y, square.x + side, square.y + side);
            for (from, to) in [((left, top), (right, bottom)), ((left, bottom), (right, top))] {
                self.mark(Mark::Rule { from, to, thick_um: 2 * THIN_UM });
            }
        }
        rest.cut_left(PADDING);
        let caption = self.caption(key);
        let style = Style { sizes: Sizes::new(70, 40), ..Style::caption() };
        self.put(key, rest, &caption, style);
    }

    /// Writes number and caption at the top of a box and returns what is left below them.
    pub(super) fn captioned(&mut self, area: Area, number: &str, key: &str) -> Area {
        let mut inner = Area { x: area.x + PADDING, width: (area.width - 2 * PADDING).max(0), ..area };
        inner.cut_top(4);
        inner.cut_bottom(3);
        let caption = format!("{number} {}", self.caption(key));
        let caption = caption.trim_start();
        let width_um = i64::from(inner.width) * super::TENTH_UM;
        let lines_max = if area.height >= 110 { 2 } else { 1 };
        let fitted =
            wrap::fit(caption, Weight::Regular, CAPTION, width_um, lines_max * wrap::leading(CAPTION.wanted));
        let lines = i64::try_from(fitted.lines.len()).unwrap_or(i64::MAX);
        let height = (lines * wrap::leading(fitted.size) / super::TENTH_UM + 1).min(i64::from(inner.height));
        let strip = inner.cut_top(i32::try_from(height).unwrap_or(i32::MAX));
        self.put(
            key,
            strip,
            caption,
            Style { sizes: Sizes::new(fitted.size, CAPTION.smallest), ..Style::caption() },
        );
        inner
    }
}
