//! Every bound of reading: the largest that passes, the smallest that does not, and what is said then.

use std::io::{Cursor, Read, Write};

use caravan_declaration::{Limits, xlsx};
use zip::write::SimpleFileOptions;

use super::{Readout, read_all, sample};

const HEAD: &str = "<declarations xmlns=\"urn:caravan:declaration:1\">";
const TAIL: &str = "</declarations>";

fn standard() -> Limits {
    Limits::standard()
}

fn xml(items: &str, limits: &Limits) -> Readout {
    read_all(format!("{HEAD}{items}{TAIL}").as_bytes(), limits)
}

fn json(items: &str, limits: &Limits) -> Readout {
    read_all(format!("[{items}]").as_bytes(), limits)
}

fn csv(rows: &str, limits: &Limits) -> Readout {
    read_all(format!("identifier,piece-description\n{rows}").as_bytes(), limits)
}

/// Asserts that a code was reported, and how many items came through.
fn check(readout: &Readout, code: &str, items: u32) {
    let codes = readout.codes();
    assert_eq!(codes.iter().filter(|found| **found == code).count(), 1, "{codes:?}");
    assert_eq!(readout.outcome.items, items);
}

fn check_clean(readout: &Readout, items: u32) {
    assert_eq!((readout.codes(), readout.outcome.items), (vec![], items));
}

#[test]
fn file_bytes() {
    let items = "<item/>".repeat(20);
    let length = (HEAD.len() + items.len() + TAIL.len()) as u64;
    check_clean(&xml(&items, &Limits { file_bytes: length, ..standard() }), 20);
    let readout = xml(&items, &Limits { file_bytes: length - 1, ..standard() });
    check(&readout, "file-too-large", 20);
    assert_eq!((readout.outcome.is_whole, readout.outcome.bytes), (false, length - 1));
    let rows = "RR473124829CN,a\nRR000000080CN,b\n";
    check(&csv(rows, &Limits { file_bytes: 55, ..standard() }), "file-too-large", 1);
    let utf_16: Vec<u8> = "[{},{},{}]".encode_utf16().flat_map(u16::to_be_bytes).collect();
    check(&read_all(&utf_16, &Limits { file_bytes: 15, ..standard() }), "file-too-large", 2);
}

#[test]
fn item_bytes() {
    let item = |length: usize| format!("<item><comments>{}</comments></item>", "x".repeat(length));
    let around = item(0).len();
    let limits = Limits { item_bytes: 500, ..standard() };
    check_clean(&xml(&(item(10) + &item(500 - around) + &item(10)), &limits), 3);
    check(&xml(&(item(10) + &item(5000) + &item(10)), &limits), "item-too-large", 1);
    check(&xml(&format!("<item/><!--{}-->", "x".repeat(5000)), &limits), "item-too-large", 1);
    check(&csv(&format!("RR473124829CN,\"{}", "x".repeat(5000)), &limits), "item-too-large", 0);
    check(&csv(&"RR473124829CN,cup\n".repeat(60), &limits), "item-too-large", 0);
    let item = |length: usize| format!("{{\"comments\":\"{}\"}}", "x".repeat(length));
    let around = item(0).len();
    check_clean(&json(&[item(10), item(500 - around), item(10)].join(","), &limits), 3);
    check(&json(&[item(10), item(5000), item(10)].join(","), &limits), "item-too-large", 1);
}

#[test]
fn items() {
    let limits = Limits { items: 3, ..standard() };
    check_clean(&xml(&"<item/>".repeat(3), &limits), 3);
    check(&xml(&"<item/>".repeat(4), &limits), "items-too-many", 3);
    let rows = "RR473124829CN,a\nRR000000080CN,b\nRR000000005CN,c\nRR473124829CN,d\n";
    check(&csv(rows, &limits), "items-too-many", 3);
    check_clean(&json("{},{},{}", &limits), 3);
    check(&json("{},{},{},{}", &limits), "items-too-many", 3);
}

#[test]
fn pieces() {
    let limits = Limits { pieces: 2, ..standard() };
    let pieces = |count: usize| format!("<item>{}</item>", "<piece><units>1</units></piece>".repeat(count));
    check_clean(&xml(&pieces(2), &limits), 1);
    check(&xml(&pieces(50), &limits), "pieces-too-many", 1);
    check(&csv("RR473124829CN,a\n,b\n,c\n,d\n", &limits), "pieces-too-many", 1);
}

#[test]
fn documents() {
    let limits = Limits { documents: 2, ..standard() };
    let document = "<document><kind>invoice</kind><number>1</number></document>";
    check_clean(&xml(&format!("<item>{}</item>", document.repeat(2)), &limits), 1);
    check(&xml(&format!("<item>{}</item>", document.repeat(9)), &limits), "documents-too-many", 1);
}

#[test]
fn extras() {
    let limits = Limits { extras: 2, ..standard() };
    let extra = "<extra name=\"a\">b</extra>";
    check_clean(&xml(&format!("<item>{}</item>", extra.repeat(2)), &limits), 1);
    check(&xml(&format!("<item>{}</item>", extra.repeat(9)), &limits), "extras-too-many", 1);
}

#[test]
fn attributes() {
    let limits = Limits { attributes: 2, ..standard() };
    check(&xml("<item a=\"1\" b=\"2\" c=\"3\"/>", &limits), "attributes-too-many", 0);
    check(
        &read_all(format!("{} a=\"1\" b=\"2\">", &HEAD[..HEAD.len() - 1]).as_bytes(), &limits),
        "attributes-too-many",
        0,
    );
    let codes = xml("<item a=\"1\" b=\"2\"/>", &limits).codes();
    assert_eq!(codes, ["attribute-unknown"; 2]);
    check(&read_all(b"identifier,form,class\n", &limits), "columns-too-many", 0);
}

#[test]
fn depth() {
    let battery = "<item><piece><battery><un-number>3481</un-number></battery></piece></item>";
    check_clean(&xml(battery, &Limits { depth: 5, ..standard() }), 1);
    check(&xml(battery, &Limits { depth: 4, ..standard() }), "nesting-too-deep", 0);
    let unknown = |depth: usize| format!("<item>{}{}</item>", "<a>".repeat(depth), "</a>".repeat(depth));
    check(&xml(&unknown(3), &Limits { depth: 5, ..standard() }), "element-unknown", 1);
    check(&xml(&unknown(4), &Limits { depth: 5, ..standard() }), "nesting-too-deep", 0);
    check(&xml(&"<a>".repeat(9), &Limits { depth: 5, ..standard() }), "nesting-too-deep", 0);
    let unknown = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    check(&json(&unknown(4), &Limits { depth: 5, ..standard() }), "element-unknown", 1);
    check(&json(&unknown(5), &Limits { depth: 5, ..standard() }), "nesting-too-deep", 0);
    // However deep the limit, the stack has one of its own.
    check(&json(&unknown(100_000), &Limits { depth: u16::MAX, ..standard() }), "nesting-too-deep", 0);
}

#[test]
fn findings_per_item() {
    let limits = Limits { findings_per_item: 3, ..standard() };
    let readout = xml(&format!("<item>{}</item>", "<a/>".repeat(10_000)), &limits);
    check(&readout, "findings-more", 1);
    let findings = &readout.items[0].1;
    assert_eq!((findings.len(), &*findings[3].arguments[0]), (4, "9997"));
    assert_eq!(xml(&format!("<item>{}</item>", "<a/>".repeat(3)), &limits).codes(), ["element-unknown"; 3]);
}

#[test]
fn findings_per_file() {
    let limits = Limits { findings_per_file: 3, ..standard() };
    let readout = xml(&format!("{}<item/>", "<a/>".repeat(10_000)), &limits);
    check(&readout, "file-findings-more", 1);
    assert_eq!(readout.outcome.findings.len(), 4);
    // The finding that ends the reading is never among those left out.
    let readout = xml(&format!("{}<item>", "<a/>".repeat(10)), &limits);
    check(&readout, "xml-end-mismatch", 0);
}

fn workbook(items: u32) -> Vec<u8> {
    let declarations: Vec<_> = (0..items).map(sample::typical).collect();
    xlsx::write(Cursor::new(Vec::new()), &declarations).unwrap().into_inner()
}

#[test]
fn package_bytes() {
    let bytes = workbook(1);
    check_clean(&read_all(&bytes, &Limits { package_bytes: bytes.len(), ..standard() }), 1);
    check(
        &read_all(&bytes, &Limits { package_bytes: bytes.len() - 1, ..standard() }),
        "package-too-large",
        0,
    );
    check(
        &read_all(&bytes, &Limits { file_bytes: bytes.len() as u64 - 1, ..standard() }),
        "file-too-large",
        0,
    );
}

#[test]
fn package_parts() {
    let bytes = workbook(1);
    check_clean(&read_all(&bytes, &Limits { package_parts: 5, ..standard() }), 1);
    check(&read_all(&bytes, &Limits { package_parts: 4, ..standard() }), "package-parts-too-many", 0);
}

/// A few kibibytes that would be many more: reading stops where the bound is, not where the memory is.
#[test]
fn package_text_bytes() {
    let bytes = workbook(2000);
    let limits = Limits { package_text_bytes: 200_000, ..standard() };
    let readout = read_all(&bytes, &limits);
    assert_eq!(readout.codes().last(), Some(&"package-text-too-large"));
    assert!((1..200).contains(&readout.outcome.items), "{} items", readout.outcome.items);
    check_clean(&read_all(&bytes, &standard()), 2000);
}

#[test]
fn workbooks_have_the_bounds_of_tables() {
    let bytes = workbook(3);
    check(&read_all(&bytes, &Limits { items: 2, ..standard() }), "items-too-many", 2);
    check(&read_all(&bytes, &Limits { item_bytes: 300, ..standard() }), "item-too-large", 0);
    check(&read_all(&bytes, &Limits { attributes: 9, ..standard() }), "columns-too-many", 0);
}

/// Returns a workbook whose part of this name repeats itself.
fn bomb(name: &str, head: &str, cycle: &str, times: usize, foot: &str) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(workbook(1))).unwrap();
    let mut output = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let mut part = package.by_index(index).unwrap();
        let part_name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if part_name.ends_with("workbook.xml.rels") && name.ends_with("sharedStrings.xml") {
            text = text.replace(
                "</Relationships>",
                "<Relationship Id=\"t\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>",
            );
        }
        if part_name != name {
            output.start_file(&part_name, SimpleFileOptions::default()).unwrap();
            output.write_all(text.as_bytes()).unwrap();
        }
    }
    output.start_file(name, SimpleFileOptions::default()).unwrap();
    output.write_all(format!("{head}{}{foot}", cycle.repeat(times)).as_bytes()).unwrap();
    output.finish().unwrap().into_inner()
}

/// What is small as it came and large when it is decompressed ends soon, whatever it is.
#[test]
fn packages_that_grow() {
    let sheet = "xl/worksheets/sheet1.xml";
    let texts = "xl/sharedStrings.xml";
    let cell = "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>";
    let limits = Limits { item_bytes: 1 << 16, package_bytes: 1 << 20, ..standard() };
    for (name, head, cycle, code) in [
        (sheet, cell, "x", "item-too-large"),
        (sheet, cell, "&amp;", "item-too-large"),
        (sheet, "<worksheet><sheetData><row ", "a=\"1\" ", "item-too-large"),
        (sheet, "<worksheet><sheetData><!--", "x", "item-too-large"),
        (texts, "<sst><si><t>", "x", "item-too-large"),
        (texts, "<sst>", "<si><t>text</t></si>", "package-text-too-large"),
        (texts, "<sst>", "<si/>", "package-text-too-large"),
    ] {
        let bytes = bomb(name, head, cycle, 1 << 20, "");
        assert!(bytes.len() < 1 << 20, "{} bytes", bytes.len());
        check(&read_all(&bytes, &limits), code, 0);
    }
    let limits = Limits { package_text_bytes: 1 << 16, ..standard() };
    let bytes = bomb(sheet, "<worksheet>", "<a/>", 1 << 20, "</worksheet>");
    check(&read_all(&bytes, &limits), "package-text-too-large", 0);
}
