use std::sync::LazyLock;

use caravan_postal::Language;
use proptest::prelude::*;

use super::{check, check_print};
use crate::pdf::font;
use crate::pdf::{Area, Captions, Cell, Column, Field, Paper, Setup, Sheet, Style, Table};

static CAPTIONS: LazyLock<Captions> = LazyLock::new(|| Captions::of(""));

pub(super) fn sheet(language: Language, is_synthetic: bool) -> Sheet {
    Sheet::new(Setup {
        form: "TEST",
        title: "form",
        captions: &CAPTIONS,
        number: "7".to_owned(),
        paper: Paper::A4,
        language,
        is_synthetic,
    })
}

#[test]
fn what_does_not_fit_is_told_and_printed_in_full() {
    let long = "Шэньчжэньская торгово-промышленная компания ".repeat(20);
    let mut drawn = sheet(Language::Ru, false);
    drawn.field(Area::new(100, 100, 600, 120), Field::of("origin").numbered("1").value(&long));
    let drawn = drawn.finish();
    assert_eq!(drawn.findings.len(), 1);
    assert_eq!(drawn.findings[0].code.name, "text-does-not-fit");
    assert_eq!(&*drawn.findings[0].arguments[1], "1 Bureau d'échange expéditeur");
    let text = check_print("overlong", Language::Ru, &drawn, &[]);
    assert!(text.contains('…') && text.contains("Page 2/2"), "{text}");
    let squeezed: String = text.split_whitespace().collect();
    assert_eq!(
        squeezed.matches("промышленнаякомпания").count(),
        20 + squeezed.split('…').next().unwrap().matches("промышленнаякомпания").count()
    );
}

#[test]
fn a_character_without_glyph_is_a_frame_with_its_code_point() {
    let mut drawn = sheet(Language::Zh, false);
    drawn.field(Area::new(100, 100, 600, 120), Field::of("origin").value("田䶮\u{7}，سلام"));
    let drawn = drawn.finish();
    let characters: Vec<&str> = drawn.findings.iter().map(|finding| &*finding.arguments[2]).collect();
    assert_eq!(characters, ["U+4DAE", "U+0633", "U+0644", "U+0627", "U+0645"]);
    let text = check_print("missing", Language::Zh, &drawn, &[]);
    for expected in ["田", "4DAE", "0633"] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_bar_code_that_cannot_be_read_is_not_printed() {
    for (data, width) in [("中国", 1000), ("", 1000), ("CNURCAKZALAACCN60001001000253", 400)] {
        let mut drawn = sheet(Language::En, false);
        drawn.bar_code(Area::new(100, 100, width, 200), "form", data, "printed");
        let drawn = drawn.finish();
        let codes: Vec<&str> = drawn.findings.iter().map(|finding| finding.code.name).collect();
        assert_eq!(codes, ["bar-code-left-out"], "{data}");
        assert!(check_print("no-bar-code", Language::En, &drawn, &[]).contains("printed"));
    }
}

#[test]
fn every_printable_character_survives_a_bar_code() {
    let printable: String = (' '..='~').collect();
    let pieces: Vec<&str> = [
        &printable[..24],
        &printable[24..48],
        &printable[48..72],
        &printable[72..],
        "1",
        "12",
        "123",
        "123456",
        "A123456B7890",
    ]
    .to_vec();
    let mut drawn = sheet(Language::En, true);
    let mut rest = Paper::A4.body();
    for piece in &pieces {
        drawn.bar_code(rest.cut_top(250), "form", piece, "");
        rest.cut_top(40);
    }
    check_print("bar-codes", Language::En, &drawn.finish(), &pieces);
}

#[test]
fn a_table_goes_on_over_pages_with_its_sums() {
    let columns = vec![
        Column::left("form", 2).numbered("1"),
        Column::left("operator", 6).numbered("2"),
        Column::right("total", 2).numbered("3").summed(|sum| sum.to_string()),
    ];
    let row = |number: i64| {
        let text = if number % 10 == 0 {
            "Алматы почтамты, халықаралық пошта алмасу орны, №5 цех ".repeat(2)
        } else {
            "Алматы".to_owned()
        };
        vec![Cell::from(number.to_string()), Cell::from(text), Cell::amount(number.to_string(), number)]
    };
    let mut drawn = sheet(Language::Ru, true);
    let body = drawn.masthead("Caravan");
    let table = Table { columns, rows: (1..=150).map(row).collect() };
    let rest = drawn.table(body, &table, &mut |sheet| sheet.masthead("Caravan"));
    drawn.write("form", rest, "after the table", Style::plain());
    let text = check("table", Language::Ru, &drawn.finish(), &[]);
    assert!(text.contains("Page 3/3") && text.contains("11325"), "{text}");
}

#[test]
fn a_cell_that_is_too_long_is_told_and_printed_in_full() {
    let columns = vec![Column::left("form", 1), Column::left("operator", 1)];
    let long = "Ұлттық пошта операторы ".repeat(60);
    let mut drawn = sheet(Language::Zh, false);
    let rows = vec![vec![Cell::from("1"), Cell::from(long)], vec![Cell::from("2"), Cell::from("next row")]];
    let body = drawn.masthead("Caravan");
    drawn.table(body, &Table { columns, rows }, &mut |sheet| sheet.masthead("Caravan"));
    let drawn = drawn.finish();
    let codes: Vec<&str> = drawn.findings.iter().map(|finding| finding.code.name).collect();
    assert_eq!(codes, ["text-does-not-fit"]);
    let text = check_print("long-cell", Language::Zh, &drawn, &[]);
    let (table, full) = text.split_once('…').unwrap();
    assert!(full.contains("next row"), "{text}");
    let count = |text: &str| text.split_whitespace().filter(|word| *word == "операторы").count();
    assert!(count(full) == 60 && count(table) < 60, "{text}");
}

#[test]
fn forms_become_one_document_in_their_order() {
    let form = |word: &str| {
        let mut drawn = sheet(Language::En, false);
        let body = drawn.masthead(word);
        drawn.write("form", body, word, Style::plain());
        drawn.finish()
    };
    let bytes = crate::pdf::print("folder", Language::En, &[form("first"), form("second")]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let pdf = folder.path().join("folder.pdf");
    std::fs::write(&pdf, bytes).unwrap();
    let text = super::run("pdftotext", &["-layout", pdf.to_str().unwrap(), "-"]);
    let (first, second) = text.split_once('\u{c}').unwrap();
    assert!(first.contains("first") && first.contains("Page 1/1") && second.contains("second"), "{text}");
}

#[test]
fn an_empty_table_has_its_head_and_its_sum() {
    let columns = vec![Column::left("form", 1), Column::right("total", 1).summed(|sum| sum.to_string())];
    let mut drawn = sheet(Language::En, false);
    let body = drawn.masthead("Caravan");
    drawn.table(body, &Table { columns, rows: Vec::new() }, &mut |sheet| sheet.masthead("Caravan"));
    let text = check_print("empty-table", Language::En, &drawn.finish(), &[]);
    assert!(text.contains("Formule / Form") && text.contains("Total"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_text_is_printed_or_told(text in any::<String>(), width in 20..600i32, height in 40..200i32) {
        let mut drawn = sheet(Language::Zh, true);
        let area = Area::new(100, 100, width, height);
        drawn.field(area, Field::of("origin").value(&text).large(140));
        drawn.bar_code(Area::new(100, 400, 1500, 150), "s8", &text, &text);
        let drawn = drawn.finish();
        let is_printed = |character: char| !character.is_control() && !font::is_invisible(character);
        let missing = text.chars().any(|c| is_printed(c) && font::glyph(c, font::Weight::Bold).found.is_none());
        prop_assert_eq!(drawn.findings.iter().any(|finding| finding.code.name == "glyph-missing"), missing);
        let bytes = crate::pdf::print(&text, Language::Zh, &[drawn]).unwrap();
        prop_assert!(bytes.starts_with(b"%PDF-"));
    }
}
