//! The chain of fonts, asked character by character.
//!
//! Widths are kept in millionths of an em, so that a line can be measured before its size is known.

use std::sync::LazyLock;

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::raw::TableProvider;
use skrifa::raw::tables::hmtx::Hmtx;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// How heavy text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// As text is read.
    Regular,
    /// As headings and what must be seen from afar.
    Bold,
}

/// A font of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Latin,
    LatinBold,
    Han,
}

/// One glyph with how far it advances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    /// `None` for a character that no font of the chain has.
    pub(super) found: Option<(Face, u32)>,
    /// In millionths of an em.
    pub(super) advance: i64,
}

/// The em in the unit of widths.
pub(super) const EM: i64 = 1_000_000;

/// The width of the box that stands for a character without glyph: its hexadecimal digits fit into it.
pub(super) const MISSING_ADVANCE: i64 = 1_600_000;

struct Opened {
    face: Face,
    read: FontRef<'static>,
    charmap: Charmap<'static>,
    advances: Hmtx<'static>,
    units_per_em: i64,
    font: Font,
}

static LATIN: &[u8] = include_bytes!("../../fonts/NotoSans-Regular.ttf");
static LATIN_BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");
static HAN: &[u8] = include_bytes!("../../fonts/wqy-microhei.ttc");

/// In the order of [`Face`].
static OPENED: LazyLock<[Opened; 3]> = LazyLock::new(|| {
    [(Face::Latin, LATIN), (Face::LatinBold, LATIN_BOLD), (Face::Han, HAN)]
        .map(|(face, bytes)| open(face, bytes).expect("the fonts of the crate can be read"))
});

fn open(face: Face, bytes: &'static [u8]) -> Option<Opened> {
    let read = FontRef::from_index(bytes, 0).ok()?;
    Some(Opened {
        face,
        read: read.clone(),
        charmap: read.charmap(),
        advances: read.hmtx().ok()?,
        units_per_em: read.head().ok()?.units_per_em().into(),
        font: Font::new(bytes.into(), 0)?,
    })
}

impl Weight {
    fn chain(self) -> [Face; 2] {
        match self {
            Self::Regular => [Face::Latin, Face::Han],
            Self::Bold => [Face::LatinBold, Face::Han],
        }
    }
}

impl Face {
    fn opened(self) -> &'static Opened {
        let opened = &OPENED[self as usize];
        debug_assert_eq!(opened.face, self);
        opened
    }

    pub(super) fn font(self) -> Font {
        self.opened().font.clone()
    }

    /// Returns the font as it can be read, and its units in an em.
    pub(super) fn read(self) -> (&'static FontRef<'static>, i64) {
        let opened = self.opened();
        (&opened.read, opened.units_per_em)
    }
}

/// Whether a character only tells how its neighbours stand (soft hyphen, joiners, marks of direction, selectors of
/// variants, the byte order mark): it is not printed, and nothing is lost by that.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}')
}

/// Returns the glyph of a character in the first font of the chain that has it.
pub(super) fn glyph(character: char, weight: Weight) -> Glyph {
    for face in weight.chain() {
        let opened = face.opened();
        let Some(id) = opened.charmap.map(character).filter(|id| *id != GlyphId::NOTDEF) else { continue };
        let advance = i64::from(opened.advances.advance(id).unwrap_or_default()) * EM / opened.units_per_em;
        return Glyph { found: Some((face, id.to_u32())), advance };
    }
    Glyph { found: None, advance: MISSING_ADVANCE }
}

/// Returns the width of a text in millionths of an em.
pub(super) fn width(text: &str, weight: Weight) -> i64 {
    text.chars().map(|character| glyph(character, weight).advance).sum()
}
