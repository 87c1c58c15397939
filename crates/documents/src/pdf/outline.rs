//! The outlines of a text in the chain of fonts, as straight lines, for pictures of it.

use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};

use super::font::{self, EM, Weight};
use super::sheet::code_point;

/// A line from one point to another; the first number counts along the text, the second upwards from the baseline.
pub(crate) type Line = [(i64, i64); 2];

/// Lines that a curve becomes.
const STEPS: i64 = 8;

/// Returns the outlines of a text whose em is so long. A character that no font has is written as its code point.
pub(crate) fn of(text: &str, em: i64) -> Vec<Line> {
    let mut pen = Pen { em, units_per_em: 1, left: 0, first: (0, 0), at: (0, 0), lines: Vec::new() };
    written(text, |character| pen.write(character));
    pen.lines
}

/// Returns how long the outlines of a text are.
pub(crate) fn length(text: &str, em: i64) -> i64 {
    let mut length = 0;
    written(text, |character| length += font::glyph(character, Weight::Bold).advance * em / EM);
    length
}

/// Hands over what of a text is written, character by character.
fn written(text: &str, mut write: impl FnMut(char)) {
    for character in text.chars().filter(|character| !font::is_invisible(*character)) {
        if font::glyph(character, Weight::Bold).found.is_some() {
            write(character);
        } else {
            format!("[{}]", code_point(character)).chars().for_each(&mut write);
        }
    }
}

/// Takes an outline in the units of its font.
struct Pen {
    em: i64,
    units_per_em: i64,
    left: i64,
    first: (i64, i64),
    at: (i64, i64),
    lines: Vec<Line>,
}

impl Pen {
    fn write(&mut self, character: char) {
        let glyph = font::glyph(character, Weight::Bold);
        if let Some((face, id)) = glyph.found {
            let (read, units_per_em) = face.read();
            self.units_per_em = units_per_em;
            if let Some(outline) = read.outline_glyphs().get(skrifa::GlyphId::new(id)) {
                let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
                // An outline that cannot be drawn leaves the place of its glyph empty; the fonts are the crate's own.
                let drawn = outline.draw(settings, self);
                debug_assert!(drawn.is_ok(), "`{character}` has an outline");
            }
        }
        self.left += glyph.advance * self.em / EM;
    }

    /// Returns a point in the units of the picture.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the units of a font are small whole numbers and halves"
    )]
    fn point(&self, x: f32, y: f32) -> (i64, i64) {
        let scaled = |units: f32| (units * 2.0) as i64 * self.em / (self.units_per_em * 2);
        (self.left + scaled(x), scaled(y))
    }

    fn line(&mut self, to: (i64, i64)) {
        if self.at.1 != to.1 {
            self.lines.push([self.at, to]);
        }
        self.at = to;
    }

    /// Follows a curve with these control points behind where the pen is.
    fn curve<const N: usize>(&mut self, points: [(i64, i64); N]) {
        let from = self.at;
        for step in 1..=STEPS {
            let between = |a: i64, b: i64| a * (STEPS - step) + b * step;
            // By de Casteljau: the points between, and between those; each round is longer by the number of steps.
            let mut all: Vec<(i64, i64)> = std::iter::once(from).chain(points).collect();
            while all.len() > 1 {
                all = all
                    .windows(2)
                    .map(|two| (between(two[0].0, two[1].0), between(two[0].1, two[1].1)))
                    .collect();
            }
            let scale = STEPS.pow(u32::try_from(N).unwrap_or_default());
            self.line((all[0].0.div_euclid(scale), all[0].1.div_euclid(scale)));
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = self.point(x, y);
        self.first = self.at;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.line(self.point(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.curve([self.point(cx0, cy0), self.point(x, y)]);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.curve([self.point(cx0, cy0), self.point(cx1, cy1), self.point(x, y)]);
    }

    fn close(&mut self) {
        self.line(self.first);
    }
}
