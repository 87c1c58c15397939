//! Files in other encodings than UTF-8: the same items, the places of the file, and no fault that is passed over.

use std::ops::ControlFlow;

use caravan_declaration::{Encoding, Limits, Options, read, read_with};
use caravan_postal::Place;
use proptest::prelude::*;

use super::{Readout, read_all};

/// Returns a text in an encoding; it can be said in it.
fn encode(encoding: Encoding, text: &str) -> Vec<u8> {
    let table = match encoding {
        Encoding::Utf16Le => return text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => return text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Gb18030 => encoding_rs::GB18030,
        Encoding::Windows1251 => encoding_rs::WINDOWS_1251,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    };
    let (bytes, _, has_unmappable) = table.encode(text);
    assert!(!has_unmappable, "{text}");
    bytes.into_owned()
}

/// Encodings with words that are theirs.
const WORDS: [(Encoding, &str); 6] = [
    (Encoding::Utf8, "北京市邮政分公司 Алматы қаласы"),
    (Encoding::Utf16Le, "北京市 𠮷 Алматы"),
    (Encoding::Utf16Be, "Łódź 北京市"),
    (Encoding::Gb18030, "北京市邮政分公司义乌市稠城街道"),
    (Encoding::Windows1251, "улица Ленина, дом пять"),
    (Encoding::Windows1252, "Straße über Zürich, très élevé"),
];

/// A file whose first bytes beyond ASCII stand far behind its beginning, with a fault behind them.
fn document(words: &str, items: usize) -> String {
    let plain = "<item><form>CN23</form></item>\n".repeat(items);
    format!(
        "<declarations xmlns=\"urn:caravan:declaration:1\">\n{plain}<item><local-identifier>{words}\
         </local-identifier>\n<domestic-waybill>{words}</domestic-waybill><form>CN24</form></item>\n{plain}</declarations>\n"
    )
}

#[test]
fn an_encoding_is_told_wherever_it_shows() {
    for (encoding, words) in WORDS {
        // Below one chunk of the decoder, beyond it, and beyond the first fill of the buffer.
        let counts =
            if encoding == Encoding::Gb18030 { &[0, 100, 3000, 40_000][..] } else { &[0, 100, 3000] };
        for &items in counts {
            let text = document(words, items);
            let bytes = encode(encoding, &text);
            let expected = read_all(text.as_bytes(), &Limits::standard());
            let found = read_all(&bytes, &Limits::standard());
            let name = encoding.as_str();
            assert_eq!(found.outcome.encoding, Some(encoding), "{items} items before");
            assert_eq!(
                (found.outcome.items, found.outcome.is_whole),
                (u32::try_from(items).unwrap() * 2 + 1, true),
                "{name}"
            );
            assert_eq!(found.outcome.bytes, bytes.len() as u64);
            let packed = |readout: &Readout| {
                readout.items.iter().map(|(packed, _)| packed.clone()).collect::<Vec<_>>()
            };
            assert!(packed(&found) == packed(&expected), "{name}: the items of UTF-8");
            // The place of the fault is that of the file.
            let place = found.items[items].1[0].place;
            let at = text.find("<form>CN24").unwrap();
            let column = text[..at].chars().rev().take_while(|character| *character != '\n').count() + 1;
            assert_eq!(
                place,
                Place::Text {
                    offset: encode(encoding, &text[..at]).len() as u64,
                    line: u32::try_from(items).unwrap() + 3,
                    column: u32::try_from(column).unwrap(),
                },
                "{name}"
            );
        }
    }
}

/// A byte that stands for nothing is found in its place, however far into the file.
#[test]
fn what_cannot_be_decoded_ends_the_reading_in_its_place() {
    for (encoding, words, byte) in [
        (Encoding::Gb18030, WORDS[3].1, 0xFF),
        (Encoding::Windows1251, WORDS[4].1, 0x98),
        (Encoding::Windows1252, WORDS[5].1, 0x9D),
    ] {
        for items in [0, 100, 8000] {
            let text = document(words, 0).replace("</declarations>\n", &"<item/>\n".repeat(items));
            let text = text + "<item><city>";
            let mut bytes = encode(encoding, &text);
            let offset = bytes.len() as u64;
            bytes.push(byte);
            bytes.extend(b"</city></item></declarations>");
            let readout = read_all(&bytes, &Limits::standard());
            let last = readout.outcome.findings.last().unwrap();
            assert_eq!((last.code.name, &*last.arguments[0]), ("encoding-broken", &*format!("0x{byte:02X}")));
            let line = u32::try_from(items).unwrap() + 4;
            assert_eq!(last.place, Place::Text { offset, line, column: 13 }, "{}", encoding.as_str());
            assert_eq!((readout.outcome.items as usize, readout.outcome.is_whole), (items + 1, false));
        }
    }
}

/// Sixty-four mebibytes in GBK pass through the same small buffers.
#[test]
fn a_large_file_is_decoded_in_little_memory() {
    struct Watched<'b> {
        cycle: &'b [u8],
        at: usize,
        left: usize,
    }
    impl std::io::Read for Watched<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            assert!(into.len() <= 64 << 10, "a buffer of {} bytes", into.len());
            let count = into.len().min(self.left).min(self.cycle.len() - self.at);
            into[..count].copy_from_slice(&self.cycle[self.at..self.at + count]);
            self.at = (self.at + count) % self.cycle.len();
            self.left -= count;
            Ok(count)
        }
    }
    let cycle = encode(Encoding::Gb18030, "{\"comments\":\"北京市邮政分公司\"}\n");
    let input = Watched { cycle: &cycle, at: 0, left: cycle.len() * 50_000 };
    let outcome = read(input, &Limits::standard(), |item| {
        assert_eq!(item.declaration.comments, Some("北京市邮政分公司"));
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!((outcome.items, outcome.is_whole, outcome.encoding), (50_000, true, Some(Encoding::Gb18030)));
}

#[test]
fn the_setting_speaks_only_where_several_are_possible() {
    let bytes = encode(Encoding::Gb18030, "[{\"comments\":\"北京市邮政分公司\"}]");
    for encoding in Encoding::ALL {
        let options = Options { encoding: Some(encoding), ..Options::default() };
        let outcome =
            read_with(&bytes[..], &Limits::standard(), &options, |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(outcome.encoding, Some(Encoding::Gb18030), "{}", encoding.as_str());
    }
}

/// A small document of each encoding.
fn documents() -> Vec<Vec<u8>> {
    WORDS.map(|(encoding, words)| encode(encoding, &document(words, 1))).into()
}

#[test]
fn cutting_anywhere_never_panics() {
    for document in documents() {
        for cut in 0..document.len() {
            read_all(&document[..cut], &Limits::standard());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn flipping_anything_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), length in 0usize..6) {
        for mut document in documents() {
            let at = at.index(document.len());
            let end = (at + length).min(document.len());
            document.splice(at..end, [byte]);
            read_all(&document, &Limits::standard());
        }
    }
}
