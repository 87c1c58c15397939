//! A small document of every format that is read, cut at every byte and with every byte changed: reading ends and says
//! how, through every door that the format has.

use std::io::Cursor;
use std::ops::ControlFlow;

use caravan_declaration::ceb::{self, Message, Server};
use caravan_declaration::cusitm::{self, Decisions, read_answers};
use caravan_declaration::{Format, Limits, csv, itmatt, json, xlsx, xml};
use caravan_edi::Charset;

use super::ceb::made::{Extent, GUID, document, envelope};
use super::ceb::wrappers::wrapper;
use super::messages::read_any;
use super::{Readout, project, sample};

const FORMATS: [Format; 12] = [
    Format::Xml,
    Format::Csv,
    Format::Json,
    Format::Xlsx,
    Format::Itmatt,
    Format::ItmattXml,
    Format::Ceb,
    Format::Cusitm,
    Format::Cusrsp,
    Format::CustomsData,
    Format::Itmref,
    Format::Refrsp,
];

/// Returns the small documents of a format, of so many items where they are made.
fn documents(format: Format, items: u32) -> Vec<Vec<u8>> {
    let list: Vec<_> = (0..items).map(sample::typical).collect();
    let complete = |file: &str| {
        vec![std::fs::read(project().join("fixtures/declaration").join(file)).expect("the fixture is there")]
    };
    match format {
        Format::Xml => vec![xml::write(Vec::new(), &list).unwrap()],
        Format::Csv => vec![csv::write(Vec::new(), &list).unwrap()],
        Format::Json => [json::Layout::Array, json::Layout::Lines]
            .map(|layout| json::write(Vec::new(), layout, &list).unwrap())
            .into(),
        Format::Xlsx => vec![xlsx::write(Cursor::new(Vec::new()), &list).unwrap().into_inner()],
        Format::Itmatt => vec![super::itmatt::write(Charset::W, &list).unwrap()],
        Format::ItmattXml => vec![itmatt::write_xml(Vec::new(), &list).unwrap()],
        Format::Ceb => messages(),
        Format::Cusitm => {
            let mut writer = cusitm::Writer::cusitm(Vec::new()).unwrap();
            for declaration in &list {
                writer.item(declaration).unwrap();
            }
            [complete("cusitm/complete/input.xml"), vec![writer.finish().unwrap()]].concat()
        }
        Format::Cusrsp => complete("cusrsp/complete/input.xml"),
        Format::CustomsData => complete("customs-data/complete/input.json"),
        Format::Itmref => complete("itmref/complete/input.xml"),
        Format::Refrsp => complete("refrsp/complete/input.xml"),
    }
}

/// Lists and receipts of both directions, the failure of a format, and what the exchange platform puts around them.
fn messages() -> Vec<Vec<u8>> {
    let made = |name: &str| {
        let message = Message::named(name).expect("a message");
        let (envelope, documents) = (envelope(message, Extent::Bare), [document(message, Extent::Bare)]);
        ceb::write(message, &envelope, &documents, |_| GUID.to_owned()).unwrap().remove(0)
    };
    let names = ["CEB603Message", "CEB604Message", "CEB621Message", "CEB622Message", "CEB900Message"];
    let receipt = made("CEB604Message");
    let server = Server {
        message_id: "12345678202611220900000000000001".to_owned(),
        part: None,
        sent: "2026-11-22T09:00:01Z".to_owned(),
        end_node: "0001".to_owned(),
        start_node: "0002".to_owned(),
    };
    let by_server = ceb::Wrapper { server: Some(server), ..wrapper() };
    let wrapped = [wrapper(), by_server].map(|wrapper| ceb::wrap(&wrapper, &receipt).unwrap());
    names.map(made).into_iter().chain(wrapped).collect()
}

/// Reads bytes through every door of a format.
fn through_doors(format: Format, bytes: &[u8]) -> Readout {
    let limits = Limits::standard();
    match format {
        Format::CustomsData => {
            read_answers(bytes, &limits, Decisions::edifact(), |_| ControlFlow::Continue(())).unwrap();
        }
        Format::Ceb => {
            let kept = super::ceb::read(bytes);
            for document in &kept.documents {
                let _ = ceb::answer(document);
            }
            let _ = kept.read.message.map(|_| kept.write());
        }
        _ => {}
    }
    let readout = read_any(bytes);
    assert!(readout.outcome.bytes <= bytes.len() as u64);
    readout
}

/// Whether a document says itself where it ends: a part of a table or of JSON Lines is one too.
fn has_end(format: Format, document: &[u8]) -> bool {
    match format {
        Format::Csv => false,
        Format::Json => document.starts_with(b"["),
        _ => true,
    }
}

#[test]
fn a_cut_anywhere_is_told_and_keeps_the_items_before_it() {
    for format in FORMATS {
        for document in documents(format, 2) {
            let whole = through_doors(format, &document);
            assert_eq!(whole.outcome.format, Some(format));
            assert!(whole.outcome.is_whole, "{format:?}: {:?}", whole.outcome);
            let end = document.iter().rposition(|byte| !byte.is_ascii_whitespace()).unwrap();
            for cut in 0..document.len() {
                let part = through_doors(format, &document[..cut]);
                let is_told = !part.outcome.is_whole || cut > end || !has_end(format, &document);
                assert!(is_told, "{format:?} cut at {cut}");
                let kept = part.items.len().saturating_sub(1);
                assert!(part.items.len() <= whole.items.len(), "{format:?} cut at {cut}");
                assert_eq!(part.items[..kept], whole.items[..kept], "{format:?} cut at {cut}");
            }
        }
    }
}

#[test]
fn any_changed_byte_is_taken() {
    for format in FORMATS {
        for document in documents(format, 1) {
            let mut told = 0;
            for at in 0..document.len() {
                let mut changed = document.clone();
                changed[at] = [document[at] ^ 1, b'<', b'"', b'\n', 0xFF][at % 5];
                told += usize::from(through_doors(format, &changed).findings().next().is_some());
            }
            assert!(told * 3 > document.len(), "{format:?}: changes are told, {told}");
        }
    }
}
