//! Drawn forms as the bytes of a PDF. Only here do lengths become floating-point numbers, as the format wants them.

use krilla::color::luma;
use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use caravan_postal::Language;

use super::PrintError;
use super::area::Area;
use super::font::{self, EM, Face, Glyph, Weight};
use super::sheet::{Drawn, Mark, Shade, TENTH_UM, Text, code_point};
use super::wrap::micrometres;

/// Returns forms as one PDF, in their order. It holds no time of creation: the same forms are the same bytes.
pub fn print(title: &str, language: Language, forms: &[Drawn]) -> Result<Vec<u8>, PrintError> {
    let settings = SerializeSettings { compress_content_streams: true, ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    for form in forms {
        for page in &form.pages {
            write_page(&mut document, form, page)?;
        }
    }
    let metadata = Metadata::new()
        .title(title.to_owned())
        .language(language.as_str().to_owned())
        .creator("Caravan".to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|error| PrintError::Pdf(format!("{error:?}")))
}

fn write_page(document: &mut Document, form: &Drawn, marks: &[Mark]) -> Result<(), PrintError> {
    let size = |tenths: i32| points(i64::from(tenths) * TENTH_UM);
    let settings =
        PageSettings::from_wh(size(form.paper.width), size(form.paper.height)).ok_or(PrintError::Paper)?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    write_watermark(&mut surface, form);
    for mark in marks {
        write_mark(&mut surface, mark);
    }
    surface.finish();
    page.finish();
    Ok(())
}

fn write_mark(surface: &mut Surface<'_>, mark: &Mark) {
    match mark {
        Mark::Text(text) => write_text(surface, text),
        Mark::Rule { from, to, thick_um } => {
            let mut path = PathBuilder::new();
            path.move_to(points(i64::from(from.0) * TENTH_UM), points(i64::from(from.1) * TENTH_UM));
            path.line_to(points(i64::from(to.0) * TENTH_UM), points(i64::from(to.1) * TENTH_UM));
            stroke(surface, path.finish(), *thick_um);
        }
        Mark::Frame { area, thick_um } => stroke(surface, rectangles([bounds(*area)]), *thick_um),
        Mark::Fill { area, shade } => {
            let lightness = match shade {
                Shade::White => 255,
                Shade::Head => 235,
                Shade::Grey(lightness) => *lightness,
            };
            fill(surface, rectangles([bounds(*area)]), lightness);
        }
        Mark::Bars { top_um, height_um, bars } => {
            let bars = bars.iter().map(|(left_um, width_um)| (*left_um, *top_um, *width_um, *height_um));
            fill(surface, rectangles(bars), 0);
        }
    }
}

fn write_text(surface: &mut Surface<'_>, text: &Text) {
    debug_assert!(
        micrometres(font::width(&text.line, text.weight), text.size)
            <= i64::from(text.within.width) * TENTH_UM
            || text.line.chars().count() == 1,
        "`{}` leaves its box",
        text.line
    );
    surface.set_stroke(None);
    surface.set_fill(Some(ink(0)));
    let at = (text.left_um, text.baseline_um);
    write_line(surface, &text.line, at, text.size, text.weight, Outlined::No);
}

/// Whether text is written as shapes, which nobody can search or copy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outlined {
    Yes,
    No,
}

/// Writes a line, cut where the font changes.
fn write_line(
    surface: &mut Surface<'_>,
    line: &str,
    (mut left_um, baseline_um): (i64, i64),
    size: i32,
    weight: Weight,
    outlined: Outlined,
) {
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let Some((face, _)) = font::glyph(first, weight).found else {
            let advance = micrometres(font::MISSING_ADVANCE, size);
            write_missing(surface, first, (left_um, baseline_um), size);
            left_um += advance;
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let end = rest.char_indices().find(|(_, next)| face_of(*next, weight) != Some(face));
        let (run, after) = rest.split_at(end.map_or(rest.len(), |(index, _)| index));
        let glyphs: Vec<KrillaGlyph> = glyphs(run, weight);
        let start = Point::from_xy(points(left_um), points(baseline_um));
        // Han has no bold face in the chain: a thin line around each glyph makes it heavier.
        let is_thickened = weight == Weight::Bold && face == Face::Han && outlined == Outlined::No;
        let thick_um = micrometres(EM / 28, size);
        surface.set_stroke(is_thickened.then(|| outline(thick_um)));
        surface.draw_glyphs(start, &glyphs, face.font(), run, tenth_points(size), outlined == Outlined::Yes);
        surface.set_stroke(None);
        left_um += micrometres(font::width(run, weight), size);
        rest = after;
    }
}

fn face_of(character: char, weight: Weight) -> Option<Face> {
    font::glyph(character, weight).found.map(|(face, _)| face)
}

fn glyphs(run: &str, weight: Weight) -> Vec<KrillaGlyph> {
    let glyph = |(index, character): (usize, char)| {
        let Glyph { found, advance } = font::glyph(character, weight);
        let (_, id) = found?;
        let range = index..index + character.len_utf8();
        Some(KrillaGlyph::new(GlyphId::new(id), ems(advance), 0.0, 0.0, 0.0, range, None))
    };
    run.char_indices().filter_map(glyph).collect()
}

/// Draws a frame with the code point of a character that no font has.
fn write_missing(surface: &mut Surface<'_>, character: char, (left_um, baseline_um): (i64, i64), size: i32) {
    let em = micrometres(EM, size);
    let width = micrometres(font::MISSING_ADVANCE, size);
    let frame = (left_um + em / 20, baseline_um - em * 7 / 10, width - em / 10, em * 9 / 10);
    stroke(surface, rectangles([frame]), em / 25);
    surface.set_stroke(None);
    surface.set_fill(Some(ink(0)));
    let code_point = code_point(character);
    let digits = code_point.trim_start_matches("U+");
    let percent = if digits.len() <= 5 { 45 } else { 36 };
    let at = (left_um + em / 8, baseline_um - em / 10);
    write_line(surface, digits, at, size * percent / 100, Weight::Regular, Outlined::No);
}

/// Writes the watermark across the page, as shapes under everything else.
fn write_watermark(surface: &mut Surface<'_>, form: &Drawn) {
    let (width, height) = (i64::from(form.paper.width), i64::from(form.paper.height));
    let widest = form.watermark.iter().map(|line| font::width(line, Weight::Bold)).max().unwrap_or_default();
    if widest == 0 {
        return;
    }
    let diagonal_um = width.min(height) * TENTH_UM * 95 / 100;
    let size = i32::try_from(diagonal_um * 720 * EM / (widest * 25_400)).unwrap_or(i32::MAX).min(700);
    let middle = Transform::from_translate(points(width * TENTH_UM / 2), points(height * TENTH_UM / 2));
    surface.push_transform(&middle);
    surface.push_transform(&Transform::from_rotate(-35.0));
    surface.set_fill(Some(ink(225)));
    for (line, row) in form.watermark.iter().zip(0i64..) {
        let left_um = -micrometres(font::width(line, Weight::Bold), size) / 2;
        let baseline_um = micrometres(EM, size) * (row * 120 - 10) / 100;
        write_line(surface, line, (left_um, baseline_um), size, Weight::Bold, Outlined::Yes);
    }
    surface.pop();
    surface.pop();
}

fn stroke(surface: &mut Surface<'_>, path: Option<Path>, thick_um: i64) {
    let Some(path) = path else { return };
    surface.set_fill(None);
    surface.set_stroke(Some(outline(thick_um)));
    surface.draw_path(&path);
    surface.set_stroke(None);
}

fn fill(surface: &mut Surface<'_>, path: Option<Path>, lightness: u8) {
    let Some(path) = path else { return };
    surface.set_stroke(None);
    surface.set_fill(Some(ink(lightness)));
    surface.draw_path(&path);
}

fn ink(lightness: u8) -> Fill {
    Fill { paint: luma::Color::new(lightness).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn outline(thick_um: i64) -> Stroke {
    Stroke { paint: luma::Color::black().into(), width: points(thick_um), ..Stroke::default() }
}

fn bounds(area: Area) -> (i64, i64, i64, i64) {
    let um = |tenths: i32| i64::from(tenths) * TENTH_UM;
    (um(area.x), um(area.y), um(area.width), um(area.height))
}

/// Returns rectangles of left, top, width and height in micrometres as one path; those without area are left out.
fn rectangles(all: impl IntoIterator<Item = (i64, i64, i64, i64)>) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (left, top, width, height) in all {
        if let Some(rect) = Rect::from_xywh(points(left), points(top), points(width), points(height)) {
            path.push_rect(rect);
        }
    }
    path.finish()
}

/// Returns PostScript points of micrometres.
#[expect(clippy::cast_precision_loss, reason = "a page is less than 2^24 micrometres long")]
fn points(um: i64) -> f32 {
    um as f32 * (72.0 / 25_400.0)
}

#[expect(clippy::cast_precision_loss, reason = "sizes are a few hundred")]
fn tenth_points(size: i32) -> f32 {
    size as f32 / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "an advance is a few ems")]
fn ems(advance: i64) -> f32 {
    advance as f32 / EM as f32
}
