//! Text as dots, for what a label printer's own font has no glyphs of.
//!
//! Outlines are filled by the rule of winding numbers, sampled at the middle of each dot, in whole 64ths of a dot: the
//! same text is the same picture everywhere.

use std::fmt::Write as _;

use crate::pdf::outline::{self, Line};

/// A text in one line, black on nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    /// Along the text, in dots.
    pub(super) width: u32,
    /// Across it, in dots.
    pub(super) height: u32,
    /// By rows from the upper left.
    dots: Vec<bool>,
}

/// Parts of a dot that lengths are reckoned in.
const PARTS: i64 = 64;
/// The em, in percent of the height of a line: what reaches above the capitals and below the baseline stays within it.
const EM_PERCENT: i64 = 85;
/// Where the baseline is, in percent of the height of a line from above.
const BASELINE_PERCENT: i64 = 80;

impl Picture {
    /// Draws a text with the fonts of the forms, as high as a line of the label.
    pub(super) fn of(text: &str, height: u32) -> Self {
        let em = i64::from(height) * PARTS * EM_PERCENT / 100;
        let baseline = i64::from(height) * PARTS * BASELINE_PERCENT / 100;
        let lines = outline::of(text, em);
        let width = Self::width_of(text, height);
        let mut picture = Self { width, height, dots: vec![false; width as usize * height as usize] };
        for row in 0..height {
            picture.fill(row, &lines, baseline - (i64::from(row) * PARTS + PARTS / 2));
        }
        picture
    }

    /// Returns how wide a text would be, in dots.
    pub(super) fn width_of(text: &str, height: u32) -> u32 {
        let length = outline::length(text, i64::from(height) * PARTS * EM_PERCENT / 100);
        u32::try_from(length.div_euclid(PARTS) + 1).unwrap_or(u32::MAX)
    }

    /// Fills the dots of a row, which lies a distance above the baseline.
    fn fill(&mut self, row: u32, lines: &[Line], above: i64) {
        let crossing = |line: &Line| {
            let [(left, low), (right, high)] = *line;
            let is_crossed = (low <= above) != (high <= above);
            is_crossed.then(|| {
                (left + (right - left) * (above - low) / (high - low), if high > low { 1 } else { -1 })
            })
        };
        let mut crossings: Vec<(i64, i32)> = lines.iter().filter_map(crossing).collect();
        crossings.sort_unstable();
        let mut winding = 0;
        for pair in crossings.windows(2) {
            winding += pair[0].1;
            if winding == 0 {
                continue;
            }
            // A dot is black where its middle lies between the two.
            let first = (pair[0].0 + PARTS / 2).div_euclid(PARTS).max(0);
            let end = (pair[1].0 + PARTS / 2).div_euclid(PARTS).min(i64::from(self.width));
            for column in first..end {
                let at = usize::try_from(column).unwrap_or_default() + row as usize * self.width as usize;
                self.dots[at] = true;
            }
        }
    }

    pub(super) fn is_black(&self, column: u32, row: u32) -> bool {
        self.dots[(row * self.width + column) as usize]
    }

    /// Returns the picture as the field data of `^GF`, turned by a quarter to the right as the text of a label is: in
    /// hexadecimal digits, the rows filled up to whole bytes.
    pub(super) fn field(&self) -> String {
        let row_bytes = self.height.div_ceil(8);
        let bytes = row_bytes * self.width;
        let mut field = format!("^GFA,{bytes},{bytes},{row_bytes},");
        for column in 0..self.width {
            for byte in 0..row_bytes {
                let bit = |nth: u32| {
                    let across = byte * 8 + nth;
                    across < self.height && self.is_black(column, self.height - 1 - across)
                };
                let value = (0..8).fold(0u8, |value, nth| value << 1 | u8::from(bit(nth)));
                write!(field, "{value:02X}").expect("a text takes any number");
            }
        }
        field
    }
}
