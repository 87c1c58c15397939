//! Text into lines of a width, and the largest size at which it fits a box.

use super::font::{self, EM, Weight};

/// Micrometres of a tenth of a point, times 1,000.
const TENTH_POINT_NM: i64 = 35_278;
/// Lines stand this many hundredths of the size apart.
const LEADING_PERCENT: i64 = 125;
/// What stands at the end of a text that does not fit.
const CUT: char = '…';

/// Text in lines, at the size at which it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fitted {
    pub(super) lines: Vec<String>,
    /// In tenths of a point.
    pub(super) size: i32,
    /// Whether something had to be left out at the smallest size.
    pub(super) is_cut: bool,
}

/// Text in lines of a width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrapped {
    pub(super) lines: Vec<String>,
    /// Whether a word was wider than a line.
    pub(super) is_broken: bool,
}

/// The sizes that a text may have, in tenths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    /// The size that is tried first.
    pub(crate) wanted: i32,
    /// The size below which the text is cut instead.
    pub(crate) smallest: i32,
}

impl Sizes {
    /// Returns sizes, in tenths of a point; the smallest is not larger than the wanted.
    pub(crate) const fn new(wanted: i32, smallest: i32) -> Self {
        Self { wanted, smallest: if smallest < wanted { smallest } else { wanted } }
    }
}

/// Returns micrometres of a width in millionths of an em.
pub(super) fn micrometres(width: i64, size: i32) -> i64 {
    width * i64::from(size) * TENTH_POINT_NM / (EM * 1_000)
}

/// Returns the distance from line to line, in micrometres.
pub(super) fn leading(size: i32) -> i64 {
    i64::from(size) * TENTH_POINT_NM * LEADING_PERCENT / 100_000
}

/// Fits a text into a box of micrometres: the largest size, half a point at a time, at which its lines fit and no word
/// is broken; else the largest at which its lines fit; else the smallest, cut.
pub(super) fn fit(text: &str, weight: Weight, sizes: Sizes, width_um: i64, height_um: i64) -> Fitted {
    let mut broken: Option<Fitted> = None;
    let mut size = sizes.wanted;
    loop {
        let Wrapped { lines, is_broken } = wrap(text, weight, size, width_um);
        let room = usize::try_from(height_um / leading(size).max(1)).unwrap_or_default();
        let does_fit = lines.len() <= room;
        if does_fit && !is_broken {
            return Fitted { lines, size, is_cut: false };
        }
        if size <= sizes.smallest && !does_fit && broken.is_none() {
            return cut(lines, room, weight, size, width_um);
        }
        if does_fit && broken.is_none() {
            broken = Some(Fitted { lines, size, is_cut: false });
        }
        if size <= sizes.smallest
            && let Some(broken) = broken
        {
            return broken;
        }
        size = (size - 5).max(sizes.smallest);
    }
}

/// Keeps what fits; the last line then ends with an ellipsis.
fn cut(mut lines: Vec<String>, room: usize, weight: Weight, size: i32, width_um: i64) -> Fitted {
    lines.truncate(room);
    if let Some(last) = lines.last_mut() {
        last.push(CUT);
        while last.chars().count() > 1 && micrometres(font::width(last, weight), size) > width_um {
            last.pop();
            last.pop();
            last.push(CUT);
        }
    }
    Fitted { lines, size, is_cut: true }
}

/// Breaks a text into lines no wider than a width: at line feeds, spaces, after hyphens and slashes, between Han
/// characters, and inside a word only when it is wider than the line.
pub(super) fn wrap(text: &str, weight: Weight, size: i32, width_um: i64) -> Wrapped {
    let mut wrapped = Wrapped { lines: Vec::new(), is_broken: false };
    for paragraph in text.trim_end().split('\n') {
        wrap_paragraph(&clean(paragraph), weight, size, width_um, &mut wrapped);
    }
    wrapped
}

/// No control character reaches the page, and none that cannot be seen.
fn clean(text: &str) -> String {
    text.trim().replace(font::is_invisible, "").replace(char::is_control, " ")
}

fn wrap_paragraph(text: &str, weight: Weight, size: i32, width_um: i64, wrapped: &mut Wrapped) {
    let mut start = 0;
    let mut width = 0;
    let mut chance: Option<usize> = None;
    let mut before: Option<char> = None;
    for (index, character) in text.char_indices() {
        if before.is_some_and(|before| may_break(before, character)) {
            chance = Some(index);
        }
        let advance = font::glyph(character, weight).advance;
        while character != ' ' && index > start && micrometres(width + advance, size) > width_um {
            let end = chance.filter(|chance| *chance > start);
            wrapped.is_broken |= end.is_none();
            let end = end.unwrap_or(index);
            wrapped.lines.push(text[start..end].trim_end().to_owned());
            start = end;
            width = font::width(&text[start..index], weight);
            chance = None;
        }
        width += advance;
        before = Some(character);
    }
    wrapped.lines.push(text[start..].trim_end().to_owned());
}

/// Whether a line may end between two characters.
fn may_break(before: char, after: char) -> bool {
    if after == ' '
        || "，。、；：！？）》」』】％,.;:!?)]}%".contains(after)
        || "（《「『【([{".contains(before)
    {
        return false;
    }
    before == ' ' || "-/–—".contains(before) || is_han(before) || is_han(after)
}

/// Han, kana and their full-width punctuation.
fn is_han(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests;
