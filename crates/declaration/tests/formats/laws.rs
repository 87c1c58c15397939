//! What holds for every declaration and for any bytes.

use std::io::{Cursor, Read, Write};
use std::ops::ControlFlow;

use caravan_declaration::{Declaration, Limits, csv, json, packed, read, xlsx, xml};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::arbitrary::{declaration, list};
use super::{read_all, sample};

/// Asserts that a written file reads to the declarations that were written, without a finding.
fn check(bytes: &[u8], written: &[Declaration<'_>]) {
    let mut ordinal = 0;
    let outcome = read(bytes, &Limits::standard(), |item| {
        assert_eq!(item.findings, vec![]);
        assert_eq!(item.declaration, written[ordinal]);
        ordinal += 1;
        ControlFlow::Continue(())
    });
    let outcome = outcome.expect("memory does not fail");
    assert_eq!(ordinal, written.len(), "every item is read");
    assert!(outcome.is_whole);
    let codes: Vec<_> = outcome.findings.iter().map(|finding| finding.code.name).collect();
    assert_eq!(codes, Vec::<&str>::new());
    assert_eq!(outcome.bytes, bytes.len() as u64);
}

/// Returns a workbook.
fn workbook(declarations: &[Declaration<'_>]) -> Vec<u8> {
    let output = Cursor::new(Vec::new());
    xlsx::write(output, declarations).expect("they can be written").into_inner()
}

/// A small document of each format.
fn documents() -> [Vec<u8>; 5] {
    let declarations: Vec<_> = (0..2).map(sample::typical).collect();
    let xml = xml::write(Vec::new(), &declarations).expect("samples can be written");
    let csv = csv::write(Vec::new(), &declarations).expect("samples can be written");
    let json = json::write(Vec::new(), json::Layout::Array, &declarations).expect("samples can be written");
    let lines = json::write(Vec::new(), json::Layout::Lines, &declarations).expect("samples can be written");
    [xml, csv, json, lines, workbook(&declarations)]
}

#[test]
fn samples_read_back() {
    let declarations: Vec<_> = (0..50).map(sample::typical).collect();
    check(&xml::write(Vec::new(), &declarations).unwrap(), &declarations);
    check(&csv::write(Vec::new(), &declarations).unwrap(), &declarations);
    for layout in [json::Layout::Array, json::Layout::Lines] {
        check(&json::write(Vec::new(), layout, &declarations).unwrap(), &declarations);
    }
    check(&workbook(&declarations), &declarations);
    assert_eq!(workbook(&declarations), workbook(&declarations), "the same bytes each time");
}

/// The bytes are the same however they arrive, and however little is in memory at a time.
#[test]
fn small_windows_and_slow_inputs_change_nothing() {
    struct Slow<'b>(&'b [u8], usize);
    impl std::io::Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let declarations: Vec<_> = (0..12).map(sample::typical).collect();
    let mut xml = xml::write(Vec::new(), &declarations).unwrap();
    // A planted fault far into the file, so that its line and column are counted over several windows.
    let at = xml.windows(11).rposition(|window| window == b"<net-weight").unwrap() + 12;
    xml[at] = b'x';
    let csv = csv::write(Vec::new(), &declarations).unwrap();
    let json = json::write(Vec::new(), json::Layout::Array, &declarations).unwrap();
    let utf_16 = String::from_utf8(json.clone()).unwrap().encode_utf16().flat_map(u16::to_le_bytes).collect();
    for document in [xml, csv, json, utf_16, workbook(&declarations)] {
        let expected = read_all(&document, &Limits::standard());
        for (step, item_bytes) in [(1, 3000), (7, 2600), (1000, 4000), (usize::MAX, 2600)] {
            let limits = Limits { item_bytes, ..Limits::standard() };
            let mut items = Vec::new();
            let outcome = read(Slow(&document, step), &limits, |item| {
                let mut into = Vec::new();
                packed::encode(&item.declaration, &mut into);
                items.push((into, item.findings));
                ControlFlow::Continue(())
            });
            assert_eq!(outcome.unwrap(), expected.outcome, "{step} bytes at a time");
            assert_eq!(items, expected.items, "{step} bytes at a time");
        }
    }
}

#[test]
fn the_caller_may_stop() {
    for document in documents() {
        let outcome = read(&document[..], &Limits::standard(), |_| ControlFlow::Break(())).unwrap();
        assert_eq!((outcome.items, outcome.is_whole, outcome.findings.len()), (1, false, 0));
    }
}

/// Returns a workbook whose sheet is as given; nothing is compressed, so that every change reaches the reader.
fn workbook_of(sheet: &[u8]) -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(workbook(&[sample::typical(1)]))).unwrap();
    let mut output = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..package.len() {
        let mut part = package.by_index(index).unwrap();
        let mut text = Vec::new();
        part.read_to_end(&mut text).unwrap();
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let name = part.name().unwrap().into_owned();
        output.start_file(&name, options).unwrap();
        output.write_all(if name.contains("sheet1") { sheet } else { &text }).unwrap();
    }
    output.finish().unwrap().into_inner()
}

fn sheet() -> Vec<u8> {
    let mut package = zip::ZipArchive::new(Cursor::new(workbook(&[sample::typical(1)]))).unwrap();
    let mut text = Vec::new();
    package.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_end(&mut text).unwrap();
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn xml_reads_back(declarations in proptest::collection::vec(declaration(), 1..4)) {
        check(&xml::write(Vec::new(), &declarations).unwrap(), &declarations);
    }

    #[test]
    fn csv_reads_back(declarations in list()) {
        check(&csv::write(Vec::new(), &declarations).unwrap(), &declarations);
    }

    #[test]
    fn workbooks_read_back(declarations in list()) {
        check(&workbook(&declarations), &declarations);
    }

    #[test]
    fn json_reads_back(declarations in proptest::collection::vec(declaration(), 1..4)) {
        for layout in [json::Layout::Array, json::Layout::Lines] {
            check(&json::write(Vec::new(), layout, &declarations).unwrap(), &declarations);
        }
    }

    #[test]
    fn packed_reads_back(declaration in declaration()) {
        let mut bytes = Vec::new();
        packed::encode(&declaration, &mut bytes);
        prop_assert_eq!(packed::decode(&bytes), Ok(declaration));
    }

    #[test]
    fn packed_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = packed::decode(&bytes);
    }

    #[test]
    fn packed_takes_any_change(declaration in declaration(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = Vec::new();
        packed::encode(&declaration, &mut bytes);
        let at = at.index(bytes.len());
        let _ = packed::decode(&bytes[..at]);
        bytes[at] = byte;
        if let Ok(decoded) = packed::decode(&bytes) {
            let mut again = Vec::new();
            packed::encode(&decoded, &mut again);
            prop_assert_eq!(packed::decode(&again), Ok(decoded));
        }
    }

    #[test]
    fn reading_takes_any_change(at in any::<prop::sample::Index>(), byte in any::<u8>(), length in 0usize..6) {
        for mut document in documents() {
            let at = at.index(document.len());
            let end = (at + length).min(document.len());
            document.splice(at..end, [byte]);
            read_all(&document, &Limits::standard());
        }
    }

    #[test]
    fn sheets_take_any_change(at in any::<prop::sample::Index>(), byte in any::<u8>(), length in 0usize..6) {
        let mut sheet = sheet();
        let at = at.index(sheet.len());
        let end = (at + length).min(sheet.len());
        sheet.splice(at..end, [byte]);
        read_all(&workbook_of(&sheet), &Limits::standard());
        read_all(&workbook_of(&sheet[..at]), &Limits::standard());
    }

    #[test]
    fn reading_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), head in 0usize..7) {
        let heads = ["", "<declarations>", "<declarations xmlns=\"urn:caravan:declaration:1\"><item>", "identifier,units,nature\n", "[{\"", "{\"sender\":", "<?xml version=\"1.0\" encoding=\"gbk\"?>"];
        let bytes = [heads[head].as_bytes(), &bytes].concat();
        read_all(&bytes, &Limits::standard());
    }
}
