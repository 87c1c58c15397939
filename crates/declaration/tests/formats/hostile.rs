//! Inputs that mean harm: bounded in time and memory, and said what they are.

use std::io::Read;
use std::ops::ControlFlow;

use caravan_declaration::{Limits, read};

/// An input without an end: a head, then the same bytes again and again. It fails the test when it is asked for more at
/// a time than the reader's memory should be.
struct Endless {
    head: Vec<u8>,
    cycle: &'static [u8],
    at: usize,
    left: usize,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        assert!(into.len() <= 2 << 20, "a buffer of {} bytes", into.len());
        let mut count = 0;
        while count < into.len() && self.left > 0 {
            let from = if self.head.is_empty() { &self.cycle[self.at..] } else { &self.head[..] };
            let length = from.len().min(into.len() - count).min(self.left);
            into[count..count + length].copy_from_slice(&from[..length]);
            if self.head.is_empty() {
                self.at = (self.at + length) % self.cycle.len();
            } else {
                self.head.drain(..length);
            }
            count += length;
            self.left -= length;
        }
        Ok(count)
    }
}

/// Reads two gibibytes of a cycle behind a head, and asserts what ends it, soon.
fn check(head: &str, cycle: &'static str, code: &str) {
    let input = Endless { head: head.as_bytes().to_vec(), cycle: cycle.as_bytes(), at: 0, left: 2 << 30 };
    let limits = Limits { items: 1000, item_bytes: 1 << 20, ..Limits::standard() };
    let outcome = read(input, &limits, |item| {
        assert!(item.findings.len() <= 101);
        ControlFlow::Continue(())
    })
    .unwrap();
    let last = outcome.findings.last().map(|finding| finding.code.name);
    assert_eq!(last, Some(code), "{head} {cycle}");
    assert!(!outcome.is_whole);
    assert!(outcome.bytes < 4 << 20, "{} bytes were read", outcome.bytes);
}

const ROOT: &str = "<declarations xmlns=\"urn:caravan:declaration:1\">";

#[test]
fn two_gibibytes_of_one_thing() {
    let inside = format!("{ROOT}<item><sender><name>");
    check(&inside, "x", "item-too-large");
    check(&inside, "&amp;", "item-too-large");
    check(&inside, "<!-- -->", "item-too-large");
    check(&inside, "<a/>", "item-too-large");
    check(&format!("{ROOT}<item><piece>"), "</piece><piece>", "item-too-large");
    check(&format!("{ROOT}<item><gross-weight>"), "9", "item-too-large");
    check(&format!("{ROOT}<item "), "a=\"1\" ", "item-too-large");
    check(&format!("{ROOT}<item><postage currency=\""), "EUR", "item-too-large");
    check(&format!("{ROOT}<item>"), "<", "item-too-large");
    check(&format!("{ROOT}<item>"), "<a>", "nesting-too-deep");
    check(&format!("{ROOT}<!--"), "-", "item-too-large");
    check(ROOT, "<item/>", "items-too-many");
    check("[{\"comments\":\"", "x", "item-too-large");
    check("[{\"comments\":\"", "\\\\", "item-too-large");
    check("[{\"extra\":[", "{},", "item-too-large");
    check("[{\"comments\":", "[", "nesting-too-deep");
    check("[{}", ",{}", "items-too-many");
    check("", "{}\n", "items-too-many");
    check("identifier,form\n\"", "x", "item-too-large");
    check("identifier,form\n", "x", "item-too-large");
    check("identifier,form\n", "RR473124829CN,CN22\n", "item-too-large");
    check("identifier,form\n", "a,CN22\nb,CN23\n", "items-too-many");
    check("identifier,form,", "x,", "item-too-large");
    check("x", "x", "format-unknown");
    check("<CUSITM><CDSView>", "<MailObject/>", "item-too-large");
    check(
        "<CUSITM><CDSView><Declaration><ContentPieces>",
        "</ContentPieces><ContentPieces>",
        "item-too-large",
    );
    check("<CUSITM>", "<CDSView/>", "items-too-many");
    check("<CUSITM>", "<CDSView>", "nesting-too-deep");
    check("[{\"Declaration\": {\"SenderName\": \"", "x", "item-too-large");
    check("[{\"Declaration\": {\"SenderName\": \"", "\\n", "item-too-large");
    check("[{\"Declaration\": {\"ContentPieces\": [", "{},", "item-too-large");
    check("[{\"Declaration\": {\"x\": ", "[", "nesting-too-deep");
    check("[{\"Declaration\": {\"x\": ", "9", "item-too-large");
    check("[{\"Declaration\": {}}", ",{}", "items-too-many");
}

/// Entities that double at every step: never expanded, because the DOCTYPE that defines them is refused.
#[test]
fn a_billion_laughs() {
    let doubling = (1..40).map(|step| format!("<!ENTITY a{step} \"&a{0};&a{0};\">", step - 1));
    let mut text: String =
        std::iter::once("<!DOCTYPE declarations [<!ENTITY a0 \"ha\">".to_owned()).chain(doubling).collect();
    text.push_str("]>");
    text.push_str(ROOT);
    text.push_str("<item><comments>&a39;</comments></item></declarations>");
    let outcome = read(text.as_bytes(), &Limits::standard(), |_| panic!("no item is read")).unwrap();
    let codes: Vec<_> = outcome.findings.iter().map(|finding| finding.code.name).collect();
    assert_eq!(codes, ["xml-doctype"]);
    // External entities need a DOCTYPE too.
    let text = format!("<!DOCTYPE d SYSTEM \"file:///etc/passwd\">{ROOT}<item/></declarations>");
    let outcome = read(text.as_bytes(), &Limits::standard(), |_| panic!("no item is read")).unwrap();
    assert_eq!(outcome.findings[0].code.name, "xml-doctype");
}

/// A large file of ordinary items passes through the same small buffer.
#[test]
fn a_large_file_needs_no_more_memory_than_a_small_one() {
    struct Watched<R>(R);
    impl<R: Read> Read for Watched<R> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            assert!(into.len() <= 1 << 20, "a buffer of {} bytes", into.len());
            self.0.read(into)
        }
    }
    let item = "<item><form>CN22</form><sender><name>A</name></sender></item>\n";
    let text = format!("{ROOT}{}</declarations>", item.repeat(100_000));
    let outcome = read(Watched(text.as_bytes()), &Limits::standard(), |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((outcome.items, outcome.is_whole, outcome.bytes), (100_000, true, text.len() as u64));
    let padding = " ".repeat(200);
    let item = format!("<CDSView><MailObject>{padding}<Id>RR473124829CN</Id></MailObject></CDSView>\n");
    let xml = format!("<CUSITM>{}</CUSITM>", item.repeat(8000));
    let item = format!("{{\"MailObject\": {padding}{{\"Id\": \"RR473124829CN\"}}}},\n");
    let json = format!("[{}{{\"MailObject\": null}}]", item.repeat(7999));
    for text in [xml, json] {
        let outcome =
            read(Watched(text.as_bytes()), &Limits::standard(), |_| ControlFlow::Continue(())).unwrap();
        assert_eq!((outcome.items, outcome.is_whole, outcome.bytes), (8000, true, text.len() as u64));
    }
}

/// Findings name codes and short quotations, never long texts.
#[test]
fn quotations_are_short() {
    let long = "9".repeat(100_000);
    let text = format!(
        "{ROOT}<item><form>{long}</form><class a{long}=\"1\">&{long};</class><gross-weight>{long}</gross-weight>\
         <postage currency=\"{long}\">1</postage><x{long}/></item></declarations>"
    );
    let mut findings = Vec::new();
    read(text.as_bytes(), &Limits::standard(), |item| {
        findings = item.findings;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(findings.len(), 6);
    for argument in findings.iter().flat_map(|finding| &finding.arguments) {
        assert!(argument.chars().count() <= 80, "{argument}");
    }
}
