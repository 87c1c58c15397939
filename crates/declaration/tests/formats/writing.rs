//! What the writers refuse, because no reader should have to report it.

use caravan_declaration::{
    Battery, Declaration, Identifier, Piece, PrepaidTax, Unwritable, WriteError, csv, json, xlsx, xml,
};
use caravan_postal::{Currency, Field, Grams, Money, Volume};

use super::{is_blessing, packing, project, sample};

/// Asserts that no writer takes the declaration, and why; nothing of it is written.
fn check(declaration: &Declaration<'_>, field: Field, reason: Unwritable) {
    let mut writer = xml::Writer::new(Vec::new()).unwrap();
    assert_refused(writer.item(declaration), field, reason);
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(!text.contains("<item>"), "nothing of a refused item is written: {text}");
    let mut writer = csv::Writer::new(Vec::new()).unwrap();
    assert_refused(writer.item(declaration), field, reason);
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert_eq!(text.lines().count(), 1, "only the heading is written: {text}");
    let mut writer = json::Writer::new(Vec::new(), json::Layout::Lines).unwrap();
    assert_refused(writer.item(declaration), field, reason);
    assert_eq!(writer.finish().unwrap(), b"", "nothing of a refused item is written");
    let output = || std::io::Cursor::new(Vec::new());
    let mut writer = xlsx::Writer::new(output()).unwrap();
    assert_refused(writer.item(declaration), field, reason);
    let empty = xlsx::write(output(), []).unwrap();
    assert_eq!(writer.finish().unwrap(), empty, "only the heading is written");
}

fn assert_refused(result: Result<(), WriteError>, field: Field, reason: Unwritable) {
    match result {
        Err(WriteError::Unwritable { field: found, reason: why }) => {
            assert_eq!((found, why), (field, reason));
        }
        other => panic!("{field}: {other:?}"),
    }
}

#[test]
fn texts_that_would_not_read_back_are_refused() {
    for (text, reason) in [
        ("", Unwritable::Blank),
        (" a", Unwritable::Blank),
        ("a\n", Unwritable::Blank),
        ("a\tb", Unwritable::Control),
        ("a\nb", Unwritable::Control),
        ("a\u{7}b", Unwritable::Control),
        ("a\u{FFFE}", Unwritable::Control),
        (&"я".repeat(141), Unwritable::TooLong),
    ] {
        let declaration = Declaration { nature_text: Some(text), ..sample::typical(1) };
        check(&declaration, Field::of("nature-text"), reason);
    }
    let longest = "я".repeat(140);
    let declaration =
        Declaration { nature_text: Some(&longest), comments: Some("a\nb"), ..sample::typical(1) };
    xml::write(Vec::new(), [&declaration]).unwrap();
}

#[test]
fn values_beyond_the_format_are_refused() {
    let typical = || sample::typical(1);
    let euro = |minor| Some(Money { minor, currency: Currency::EUR });
    check(&Declaration { postage: euro(-1), ..typical() }, Field::of("postage"), Unwritable::Range);
    check(
        &Declaration { postage: euro(Money::MAX_MINOR + 1), ..typical() },
        Field::of("postage"),
        Unwritable::Range,
    );
    let heavy = Some(Grams(Grams::MAX.0 + 1));
    check(&Declaration { gross_weight: heavy, ..typical() }, Field::of("gross-weight"), Unwritable::Range);
    let large = Some(Volume(200_000_001));
    check(&Declaration { volume: large, ..typical() }, Field::of("volume"), Unwritable::Range);
    let day = Some(chrono::NaiveDate::MAX);
    check(&Declaration { signed_on: day, ..typical() }, Field::of("signed-on"), Unwritable::Range);
    let tax = Some(PrepaidTax { scheme: "ioss", number: "1" });
    check(&Declaration { prepaid_tax: tax, ..typical() }, Field::of("prepaid-tax-scheme"), Unwritable::Code);
    let other = Some(Identifier::Other(" "));
    check(&Declaration { identifier: other, ..typical() }, Field::of("local-identifier"), Unwritable::Blank);
    check(&Declaration { extras: vec![("", "x")], ..typical() }, Field::of("extra"), Unwritable::Blank);
    let mut declaration = typical();
    declaration.pieces[1].battery =
        Some(Battery { un_number: 3551, energy_mwh: 0, count: 0, is_installed: false });
    check(&declaration, Field::of_piece(1, "battery-un-number"), Unwritable::Code);
}

/// XML can say what rows cannot.
#[test]
fn csv_refuses_what_its_rows_cannot_tell_apart() {
    let typical = sample::typical(1);
    let mut writer = csv::Writer::new(Vec::new()).unwrap();
    writer.item(&typical).unwrap();
    assert_refused(writer.item(&typical), Field::of("identifier"), Unwritable::Nothing);
    let nameless = Declaration { pieces: typical.pieces.clone(), ..Declaration::default() };
    assert_refused(writer.item(&nameless), Field::of("identifier"), Unwritable::Nothing);
    let hollow = Declaration { pieces: vec![Piece::default()], ..sample::typical(2) };
    assert_refused(writer.item(&hollow), Field::of_piece(0, ""), Unwritable::Nothing);
    xml::write(Vec::new(), [&typical, &typical, &nameless, &hollow]).unwrap();
}

#[test]
fn the_complete_fixture_is_what_the_writer_writes() {
    let path = project().join("fixtures/declaration/complete/input.xml");
    let written = xml::write(Vec::new(), [&packing::complete()]).unwrap();
    if is_blessing() {
        std::fs::write(&path, &written).unwrap();
    }
    assert!(std::fs::read(&path).unwrap() == written, "the fixture `complete` is stale");
}
