//! Messages that mean harm: bounded, and never a panic.

use std::io::Read;
use std::ops::ControlFlow;

use caravan_declaration::Limits;
use caravan_declaration::ceb::{self, Message};

use super::made::{Extent, GUID, document, envelope};
use super::wrappers::wrapper;
use super::{read, read_all};

fn small() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for name in ["CEB603Message", "CEB604Message"] {
        let message = Message::named(name).unwrap();
        let documents = [document(message, Extent::Bare)];
        let envelope = envelope(message, Extent::Bare);
        all.extend(ceb::write(message, &envelope, &documents, |_| GUID.to_owned()).unwrap());
    }
    all.push(ceb::wrap(&wrapper(), &all[1]).unwrap());
    all
}

/// An input that hands over few bytes at a time reads as the same bytes at once.
#[test]
fn what_is_read_does_not_depend_on_how_it_comes() {
    struct Slow<'b>(&'b [u8], usize);
    impl Read for Slow<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let count = self.1.min(into.len()).min(self.0.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    for bytes in small() {
        let at_once = read(&bytes);
        for step in [1, 7] {
            let mut documents = 0;
            let slow = ceb::read(Slow(&bytes, step), &Limits::standard(), |read| {
                documents += 1;
                assert_eq!(read.document, at_once.documents[documents - 1]);
                ControlFlow::Continue(())
            });
            assert_eq!(slow.unwrap(), at_once.read);
        }
    }
}

const HEAD: &str = "<CEB603Message xmlns=\"http://www.chinaport.gov.cn/ceb\" version=\"1.0\" \
                    guid=\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\">";

/// An input without an end: a head, then the same bytes again and again.
struct Endless {
    head: Vec<u8>,
    cycle: &'static [u8],
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        assert!(into.len() <= 2 << 20, "a buffer of {} bytes", into.len());
        if !self.head.is_empty() {
            let count = self.head.len().min(into.len());
            into[..count].copy_from_slice(&self.head[..count]);
            self.head.drain(..count);
            return Ok(count);
        }
        for byte in into.iter_mut() {
            *byte = self.cycle[self.at];
            self.at = (self.at + 1) % self.cycle.len();
        }
        Ok(into.len())
    }
}

fn endless(head: &str, cycle: &'static str) -> Vec<&'static str> {
    let input = Endless { head: head.as_bytes().to_vec(), cycle: cycle.as_bytes(), at: 0 };
    let limits = Limits { items: 1000, item_bytes: 1 << 18, file_bytes: 2 << 30, ..Limits::standard() };
    let read = ceb::read(input, &limits, |read| {
        assert!(read.findings.len() <= 101);
        ControlFlow::Continue(())
    });
    let read = read.unwrap();
    assert!(!read.outcome.is_whole && read.outcome.bytes < 8 << 20, "{} bytes", read.outcome.bytes);
    read.outcome.findings.last().map(|finding| finding.code.name).into_iter().collect()
}

#[test]
fn messages_without_an_end_are_ended() {
    let dxp = "<DxpMsg xmlns=\"http://www.chinaport.gov.cn/dxp\" ver=\"1.0\"><TransInfo>";
    let data = "<DxpMsg xmlns=\"http://www.chinaport.gov.cn/dxp\" ver=\"1.0\"><Data>";
    for (head, cycle, code) in [
        (HEAD.to_owned(), "<Inventory/>", "items-too-many"),
        (HEAD.to_owned(), "<a>", "nesting-too-deep"),
        (format!("{HEAD}<Inventory><InventoryHead><note>"), "x", "item-too-large"),
        (format!("{HEAD}<Inventory><InventoryHead>"), "<note/>", "item-too-large"),
        (format!("{HEAD}<Inventory>"), "<InventoryList></InventoryList>", "item-too-large"),
        (format!("{HEAD}<Inventory>"), "<a>", "nesting-too-deep"),
        (format!("{HEAD}<Signature>"), "x", "item-too-large"),
        (format!("{HEAD}<Signature>"), "<a>", "nesting-too-deep"),
        (format!("{HEAD}<ExtendMessage><Message>"), "<a>", "nesting-too-deep"),
        (dxp.to_owned(), "<a/>", "item-too-large"),
        (dxp.to_owned(), "x", "item-too-large"),
        (data.to_owned(), "PGE+", "ceb-message-unknown"),
    ] {
        assert_eq!(endless(&head, cycle), [code], "{head} {cycle}");
    }
}

#[test]
fn a_document_type_is_refused() {
    for text in [
        format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{HEAD}</CEB603Message>"),
        format!("{HEAD}<!DOCTYPE a>"),
        "<!DOCTYPE a><DxpMsg xmlns=\"http://www.chinaport.gov.cn/dxp\"/>".to_owned(),
    ] {
        assert!(read(text.as_bytes()).codes().contains(&"xml-doctype"), "{text}");
    }
}

#[test]
fn lines_have_a_bound() {
    let message = Message::named("CEB507Message").unwrap();
    let documents = [document(message, Extent::Full)];
    let envelope = ceb::Envelope { signature: None, ..envelope(message, Extent::Full) };
    let written = ceb::write(message, &envelope, &documents, |_| GUID.to_owned()).unwrap();
    let kept = read_all(&written[0], &Limits { lines: 3, ..Limits::standard() });
    assert_eq!((kept.codes(), kept.documents[0].lines().len()), (vec![], 3));
    let kept = read_all(&written[0], &Limits { lines: 2, ..Limits::standard() });
    assert_eq!((kept.codes(), kept.documents[0].lines().len()), (vec!["ceb-lines-too-many"], 2));
}

#[test]
fn findings_of_a_document_have_a_bound() {
    let text = format!("{HEAD}<Inventory>{}</Inventory></CEB603Message>", "<a/>".repeat(5000));
    let kept = read_all(text.as_bytes(), &Limits { findings_per_item: 3, ..Limits::standard() });
    assert_eq!(kept.codes().iter().filter(|code| **code == "findings-more").count(), 1);
}

#[test]
fn a_file_has_a_bound() {
    let bytes = &small()[0];
    let limits = Limits { file_bytes: bytes.len() as u64 - 20, ..Limits::standard() };
    assert_eq!(read_all(bytes, &limits).codes().last(), Some(&"file-too-large"));
}

/// A large message passes through the same small buffer.
#[test]
fn a_large_message_needs_no_more_memory_than_a_small_one() {
    struct Watched<R>(R);
    impl<R: Read> Read for Watched<R> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            assert!(into.len() <= 1 << 20, "a buffer of {} bytes", into.len());
            self.0.read(into)
        }
    }
    let message = Message::named("CEB604Message").unwrap();
    let text = String::from_utf8(small().remove(1)).unwrap();
    let (from, to) = (text.find("  <ceb:Inv").unwrap(), text.find("</ceb:CEB604").unwrap());
    let many = format!("{}{}{}", &text[..from], text[from..to].repeat(5_000), &text[to..]);
    let wrapped = ceb::wrap(&wrapper(), many.as_bytes()).unwrap();
    for bytes in [many.as_bytes(), &wrapped] {
        let mut documents = 0;
        let read = ceb::read(Watched(bytes), &Limits::standard(), |_| {
            documents += 1;
            ControlFlow::Continue(())
        });
        let read = read.unwrap();
        assert_eq!((documents, read.message, read.outcome.is_whole), (5_000, Some(message), true));
    }
}
