//! One door for every form: it is printed, and then judged by programs that know nothing of us.
//!
//! `pdftotext` must find the text that `fixtures/forms/NAME.txt` keeps, and no word outside its box; `zbarimg` must read
//! every bar code from the picture that `pdftoppm` makes. `CARAVAN_BLESS=1` writes the texts anew, and
//! `CARAVAN_PRINTS=FOLDER` keeps PDF and pictures for a person to look at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use caravan_postal::Language;

use super::area::Area;
use super::print;
use super::sheet::{Drawn, Mark};

mod engine;
mod files;
mod fonts;

/// Prints a form and checks it; `bar_codes` are the data of all bar codes on it. Returns its text.
#[track_caller]
pub(crate) fn check(name: &str, language: Language, drawn: &Drawn, bar_codes: &[&str]) -> String {
    let found: Vec<String> = drawn.findings.iter().map(|finding| format!("{finding:?}")).collect();
    assert_eq!(found, Vec::<String>::new(), "{name} in {language:?}");
    let text = check_print(name, language, drawn, bar_codes);
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/forms").join(format!("{name}.txt"));
    if std::env::var_os("CARAVAN_BLESS").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(golden.parent().unwrap()).unwrap();
        std::fs::write(&golden, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(text, kept, "{name} differs; run with CARAVAN_BLESS=1 and look at the diff");
    text
}

/// The same for a form that has findings; its text is returned and not kept.
#[track_caller]
pub(crate) fn check_print(name: &str, language: Language, drawn: &Drawn, bar_codes: &[&str]) -> String {
    let bytes = print(name, language, std::slice::from_ref(drawn)).unwrap();
    assert_eq!(
        print(name, language, std::slice::from_ref(drawn)).unwrap(),
        bytes,
        "the same form, the same bytes"
    );
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join(format!("{name}.pdf"));
    std::fs::write(&pdf, &bytes).unwrap();
    let pictures = pictures(&pdf, drawn);
    for path in pictures.iter().chain([&pdf]) {
        keep(path.file_name().unwrap().to_str().unwrap(), &std::fs::read(path).unwrap());
    }
    let read: BTreeSet<String> = pictures.iter().flat_map(|picture| bar_codes_of(picture)).collect();
    let expected: BTreeSet<String> = bar_codes.iter().map(|data| (*data).to_owned()).collect();
    assert_eq!(read, expected, "{name}: bar codes");
    check_document(name, language, &pdf);
    check_boxes(name, drawn, &run("pdftotext", &["-bbox", pdf.to_str().unwrap(), "-"]));
    check_overlaps(name, drawn);
    let text = run("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]);
    check_characters(name, drawn, &text);
    text
}

/// Returns the text of each page of a document.
pub(crate) fn read(bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("document.pdf");
    std::fs::write(&pdf, bytes).unwrap();
    let text = run("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]);
    text.trim_end_matches('\u{c}').split('\u{c}').map(str::to_owned).collect()
}

/// What was drawn is what is read, character by character: nothing is lost, hidden or written twice. A character that
/// no font has is read as its code point, so such forms are left out here.
fn check_characters(name: &str, drawn: &Drawn, text: &str) {
    if drawn.findings.iter().any(|finding| finding.code == &crate::codes::GLYPH_MISSING) {
        return;
    }
    let count = |texts: &mut dyn Iterator<Item = char>| {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for character in texts.filter(|character| !character.is_whitespace()) {
            *counts.entry(character).or_default() += 1;
        }
        counts
    };
    let lines = drawn.pages.iter().flatten().filter_map(|mark| match mark {
        Mark::Text(text) => Some(text.line.as_str()),
        Mark::Rule { .. } | Mark::Frame { .. } | Mark::Fill { .. } | Mark::Bars { .. } => None,
    });
    assert_eq!(count(&mut text.chars()), count(&mut lines.flat_map(str::chars)), "{name}: characters");
}

/// No box of text lies over another, or over a bar code.
fn check_overlaps(name: &str, drawn: &Drawn) {
    for (page, marks) in (1..).zip(&drawn.pages) {
        let mut boxes: Vec<Area> =
            marks.iter().filter_map(text_box).chain(marks.iter().filter_map(bars_box)).collect();
        boxes.sort_by_key(|area| (area.y, area.x, area.height, area.width));
        boxes.dedup();
        for (index, one) in boxes.iter().enumerate() {
            for other in &boxes[index + 1..] {
                let is_apart = one.x + one.width <= other.x
                    || other.x + other.width <= one.x
                    || one.y + one.height <= other.y
                    || other.y + other.height <= one.y;
                assert!(is_apart, "{name}, page {page}: {one:?} and {other:?}");
            }
        }
    }
}

/// The place of a bar code, in whole tenths of a millimetre.
fn bars_box(mark: &Mark) -> Option<Area> {
    let Mark::Bars { top_um, height_um, bars } = mark else { return None };
    let tenths = |um: i64| i32::try_from(um / 100).unwrap();
    let (left, (right, width)) = (bars.first()?.0, *bars.last()?);
    Some(Area::new(tenths(left), tenths(*top_um), tenths(right + width - left), tenths(*height_um)))
}

/// Runs a program; what is missing is named with the package that has it.
fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| panic!("`{program}` (poppler-utils, zbar-tools): {error}"));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the pictures of the pages that have bar codes, or of all that someone wants to look at.
fn pictures(pdf: &Path, drawn: &Drawn) -> Vec<PathBuf> {
    let is_wanted = |marks: &[Mark]| {
        std::env::var_os("CARAVAN_PRINTS").is_some()
            || marks.iter().any(|mark| matches!(mark, Mark::Bars { .. }))
    };
    let mut pictures = Vec::new();
    for (page, _) in (1..).zip(&drawn.pages).filter(|(_, marks)| is_wanted(marks)) {
        let stem = pdf.with_extension(page.to_string());
        let page = page.to_string();
        let options = ["-r", "200", "-gray", "-png", "-singlefile", "-f", &page, "-l", &page];
        let places = [pdf.to_str().unwrap(), stem.to_str().unwrap()];
        run("pdftoppm", &[&options[..], &places[..]].concat());
        let picture = PathBuf::from(format!("{}.png", stem.display()));
        assert!(picture.is_file(), "page {page} has a picture");
        pictures.push(picture);
    }
    pictures
}

/// Keeps a file for a person to look at, if someone wants to.
pub(crate) fn keep(name: &str, bytes: &[u8]) {
    if let Some(folder) = std::env::var_os("CARAVAN_PRINTS") {
        std::fs::write(Path::new(&folder).join(name), bytes).unwrap();
    }
}

fn bar_codes_of(picture: &Path) -> Vec<String> {
    let options = ["--quiet", "--raw", "-Sdisable", "-Scode128.enable", picture.to_str().unwrap()];
    run("zbarimg", &options).lines().map(str::to_owned).collect()
}

/// The document says its title and language and no time, and carries each of its fonts, cut to what it uses.
fn check_document(name: &str, language: Language, pdf: &Path) {
    let info = run("pdfinfo", &[pdf.to_str().unwrap()]);
    assert!(info.contains(&format!("Title:           {name}\n")), "{info}");
    assert!(!info.contains("CreationDate") && !info.contains("ModDate"), "{info}");
    let bytes = std::fs::read(pdf).unwrap();
    let lang = format!("/Lang({})", language.as_str());
    assert!(bytes.windows(lang.len()).any(|window| window == lang.as_bytes()), "{name} has no {lang}");
    let fonts = run("pdffonts", &[pdf.to_str().unwrap()]);
    assert!(fonts.lines().count() > 2, "{fonts}");
    for font in fonts.lines().skip(2) {
        let is_subset = font.as_bytes().get(6) == Some(&b'+');
        assert!(is_subset && font.contains("yes yes yes"), "embedded, subset, searchable: {font}");
    }
}

/// Each word that `pdftotext` finds lies in a box that text was put into, and each such box on its page. Heights are
/// those of the font, not of the ink, so a word may stand a little above the first line of its box.
fn check_boxes(name: &str, drawn: &Drawn, listed: &str) {
    let mut page = 0;
    let mut boxes: Vec<Area> = Vec::new();
    let mut words = 0;
    for line in listed.lines().map(str::trim) {
        if line.starts_with("<page ") {
            boxes = drawn.pages[page].iter().filter_map(text_box).collect();
            page += 1;
            let bounds = Area::new(0, 0, drawn.paper.width, drawn.paper.height);
            assert!(
                boxes.iter().all(|area| holds(bounds, area_f64(*area), 0.0)),
                "{name}: a box leaves page {page}"
            );
        } else if line.starts_with("<word ") {
            words += 1;
            let word = ["xMin", "yMin", "xMax", "yMax"].map(|edge| number(line, edge) * 254.0 / 72.0);
            let is_inside = boxes.iter().any(|area| holds(*area, word, (word[3] - word[1]) * 0.2));
            assert!(is_inside, "{name}, page {page}: {line} leaves its box");
        }
    }
    assert_eq!(page, drawn.pages.len());
    assert!(words > 0, "{name}: no word");
}

fn text_box(mark: &Mark) -> Option<Area> {
    match mark {
        Mark::Text(text) => Some(text.within),
        Mark::Rule { .. } | Mark::Frame { .. } | Mark::Fill { .. } | Mark::Bars { .. } => None,
    }
}

fn area_f64(area: Area) -> [f64; 4] {
    [area.x, area.y, area.x + area.width, area.y + area.height].map(f64::from)
}

fn holds(area: Area, [left, top, right, bottom]: [f64; 4], slack: f64) -> bool {
    let [from, above, to, below] = area_f64(area);
    left >= from - 1.0 && right <= to + 1.0 && top >= above - slack && bottom <= below + slack
}

fn number(line: &str, name: &str) -> f64 {
    let (_, after) = line.split_once(&format!("{name}=\"")).unwrap();
    after.split_once('"').unwrap().0.parse().unwrap()
}
