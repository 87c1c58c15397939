//! Which encoding some bytes have: by their mark, their pattern, what the file declares, and the shape of the words.

use caravan_edi::Interchange;
use caravan_postal::Finding;

use super::Encoding;
use super::words::share;
use crate::findings;

/// What the beginning of a file says about its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    /// No text, or one in an encoding that is not read: who reads the bytes says what they are.
    Bytes,
    /// The encoding, by a mark of so many bytes or, where there is none, by its pattern.
    Known(Encoding, usize),
    /// ASCII so far, or bytes that have to be weighed.
    Open,
}

/// Beginnings of what is not decoded here: a package, and encodings that are not read. Longest first.
const BYTES: &[&[u8]] = &[
    b"PK\x03\x04",
    b"\x00\x00\xFE\xFF",
    b"\xFF\xFE\x00\x00",
    b"\x00\x00\x00<",
    b"<\x00\x00\x00",
    b"\x4C\x6F\xA7\x94",
];

const MARKS: &[(&[u8], Encoding)] = &[
    (b"\xEF\xBB\xBF", Encoding::Utf8),
    (b"\xFF\xFE", Encoding::Utf16Le),
    (b"\xFE\xFF", Encoding::Utf16Be),
    (b"\x84\x31\x95\x33", Encoding::Gb18030),
];

/// Bytes at the beginning that are looked at for the pattern of UTF-16 and for a declaration.
const HEAD: usize = 512;

/// Encodings that only the shape of the words tells.
const OTHERS: [Encoding; 3] = [Encoding::Gb18030, Encoding::Windows1251, Encoding::Windows1252];

/// How much has to look like words, in hundredths.
const MOST: usize = 80;
const HALF: usize = 50;

/// So many characters of UTF-8 are there by no accident.
const CERTAIN: usize = 32;

/// Looks at the first bytes of a file.
pub(super) fn head(bytes: &[u8]) -> Head {
    if BYTES.iter().any(|first| bytes.starts_with(first)) || has_its_own(bytes) {
        return Head::Bytes;
    }
    if let Some((mark, encoding)) = MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Head::Known(*encoding, mark.len());
    }
    match pattern(&bytes[..bytes.len().min(HEAD)]) {
        Some(encoding) => Head::Known(encoding, 0),
        None => Head::Open,
    }
}

/// Returns whether the format has a way of its own to say the character set, as EDIFACT has in UNB.
fn has_its_own(bytes: &[u8]) -> bool {
    Interchange::is_recognised(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes))
}

/// Returns the kind of UTF-16 whose text is ASCII in at least a quarter of its characters, as every format of ours is;
/// of a short text, its first character.
fn pattern(bytes: &[u8]) -> Option<Encoding> {
    let pairs = bytes.len() / 2;
    if pairs < 16 && !bytes.iter().take(2).any(|byte| *byte == 0) {
        return None;
    }
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    match (zeros(0), zeros(1)) {
        (0, odd) if odd > 0 && odd * 4 >= pairs => Some(Encoding::Utf16Le),
        (even, 0) if even > 0 && even * 4 >= pairs => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Returns the encoding that a file declares at its beginning.
pub(super) fn declared(bytes: &[u8]) -> Option<Encoding> {
    Encoding::parse(&declared_name(bytes)?)
}

/// Returns the name of the encoding in an XML declaration at the beginning of a file.
pub(crate) fn declared_name(bytes: &[u8]) -> Option<String> {
    // Characters of UTF-16 that are ASCII have a zero beside them.
    let head: Vec<u8> = bytes.iter().take(HEAD).copied().filter(|byte| *byte != 0).collect();
    let head = String::from_utf8_lossy(&head);
    let declaration = head.trim_start_matches(['\u{FEFF}', '\u{FFFD}']).strip_prefix("<?xml")?;
    let (declaration, _) = declaration.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name.to_owned())
}

/// Weighs bytes, the first of them not ASCII, against what the file declares and what the partner's setting says.
///
/// Returns the encoding with what there is to say about it.
///
/// # Errors
///
/// The finding that several encodings are possible and nothing decides.
pub(super) fn weigh(
    sample: &[u8],
    declared: Option<Encoding>,
    preferred: Option<Encoding>,
) -> Result<(Encoding, Vec<Finding>), Finding> {
    let possible = possible(sample, [declared, preferred]);
    let is_possible = |encoding: &Encoding| possible.contains(encoding);
    let taken = match possible[..] {
        [encoding] => encoding,
        [] => {
            // Nothing looks like text: what is stated holds if it can, and UTF-8 tells where it breaks.
            let stated = [declared, preferred].into_iter().flatten();
            stated.into_iter().find(|encoding| is_valid(*encoding, sample)).unwrap_or(Encoding::Utf8)
        }
        _ => match preferred.filter(is_possible).or(declared.filter(is_possible)) {
            Some(encoding) => encoding,
            None => return Err(findings::ENCODING_AMBIGUOUS.finding([list(&possible)])),
        },
    };
    let mut found = Vec::new();
    match declared {
        Some(declared) if declared != taken => found.push(differs(declared, taken)),
        None if possible.len() > 1 => {
            found.push(findings::ENCODING_CHOSEN.finding([list(&possible), taken.as_str().to_owned()]));
        }
        Some(_) | None => {}
    }
    if taken != Encoding::Utf8 {
        found.push(findings::ENCODING_DETECTED.finding([taken.as_str()]));
    }
    Ok((taken, found))
}

/// Returns the finding that a file declares another encoding than its bytes have.
pub(super) fn differs(declared: Encoding, found: Encoding) -> Finding {
    findings::ENCODING_DIFFERS.finding([declared.as_str(), found.as_str()])
}

fn list(encodings: &[Encoding]) -> String {
    encodings.iter().map(|encoding| encoding.as_str()).collect::<Vec<_>>().join(", ")
}

/// Returns every encoding in which the bytes look like words; one that was stated may stand beside UTF-8 as long as a
/// few characters could be both.
fn possible(sample: &[u8], stated: [Option<Encoding>; 2]) -> Vec<Encoding> {
    let (good, bad) = utf8(sample);
    let is_utf8 = good > 0 && bad * 8 <= good;
    let is_stated = |encoding: &Encoding| stated.contains(&Some(*encoding));
    if is_utf8 && (bad > 0 || good >= CERTAIN || !OTHERS.iter().any(is_stated)) {
        return vec![Encoding::Utf8];
    }
    // What was stated needs less to be believed: a broken byte in a short text is no other encoding.
    let least = |encoding: &Encoding| if is_stated(encoding) { HALF } else { MOST };
    let mut others: Vec<Encoding> =
        OTHERS.into_iter().filter(|encoding| share(*encoding, sample) >= least(encoding)).collect();
    if is_utf8 {
        others.retain(is_stated);
        others.insert(0, Encoding::Utf8);
        return others;
    }
    // Rare hanzi are words too when nothing else is.
    if others.is_empty() && share(Encoding::Gb18030, sample) >= HALF {
        others.push(Encoding::Gb18030);
    }
    // A broken byte does not hide what the others say, unless there is an encoding in which it is none, and never what
    // was stated.
    if others.iter().any(|encoding| is_valid(*encoding, sample)) {
        others.retain(|encoding| is_valid(*encoding, sample) || is_stated(encoding));
    }
    others
}

/// Returns how many characters beyond ASCII the bytes hold as UTF-8, and how often they break it. A character that the
/// end of the bytes cuts counts as neither.
fn utf8(sample: &[u8]) -> (usize, usize) {
    let (mut good, mut bad) = (0, 0);
    let chunks: Vec<_> = sample.utf8_chunks().collect();
    for (index, chunk) in chunks.iter().enumerate() {
        good += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        let is_cut = index + 1 == chunks.len()
            && std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        bad += usize::from(!chunk.invalid().is_empty() && !is_cut);
    }
    (good, bad)
}

fn is_valid(encoding: Encoding, sample: &[u8]) -> bool {
    let mut decoder = encoding.table().new_decoder_without_bom_handling();
    let length = decoder.max_utf8_buffer_length_without_replacement(sample.len()).unwrap_or(0);
    let mut text = vec![0; length];
    let (result, _, _) = decoder.decode_to_utf8_without_replacement(sample, &mut text, false);
    let is_assigned = !sample.iter().any(|byte| encoding.unassigned().contains(byte));
    matches!(result, encoding_rs::DecoderResult::InputEmpty) && is_assigned
}

#[cfg(test)]
mod tests {
    use super::{Head, declared, head, weigh};
    use crate::encoding::Encoding;

    fn encode(encoding: Encoding, text: &str) -> Vec<u8> {
        encoding.table().encode(text).0.into_owned()
    }

    /// Asserts what is made of bytes: the encoding, or the ones that are possible.
    fn check(bytes: &[u8], declared: Option<Encoding>, preferred: Option<Encoding>, expected: &str) {
        let found = match weigh(bytes, declared, preferred) {
            Ok((encoding, findings)) => {
                let codes = findings.iter().map(|finding| finding.code.name);
                [encoding.as_str()].into_iter().chain(codes).collect::<Vec<_>>().join(" ")
            }
            Err(finding) => finding.arguments[0].to_string(),
        };
        assert_eq!(found, expected, "{bytes:02X?}");
    }

    #[test]
    fn words_tell_their_encoding() {
        use Encoding::{Gb18030, Utf8, Windows1251, Windows1252};
        for (encoding, text, expected) in [
            (Utf8, "Алия Ли, 上海市", "UTF-8"),
            (Gb18030, "上海市浦东新区世纪大道100号", "GB18030 encoding-detected"),
            (Gb18030, "王小明，北京市朝阳区", "GB18030 encoding-detected"),
            (Windows1251, "Иванов Пётр, ул. Ленина, д. 5", "windows-1251 encoding-detected"),
            (Gb18030, "李鑫", "GB18030 encoding-detected"),
            (Gb18030, "Москва, улица Ленина", "GB18030 encoding-detected"),
            (Windows1251, "книга «Война и мир»", "windows-1251 encoding-detected"),
            (Windows1252, "Müller, Straße 5, Köln", "windows-1252 encoding-detected"),
            (Windows1252, "crème brûlée", "windows-1252 encoding-detected"),
            // Capitals alone are common hanzi too.
            (Windows1251, "МОСКВА", "GB18030, windows-1251"),
            (Gb18030, "王", "GB18030, windows-1251"),
        ] {
            check(&encode(encoding, text), None, None, expected);
        }
    }

    #[test]
    fn the_setting_decides_where_several_are_possible() {
        use Encoding::{Gb18030, Utf8, Windows1251, Windows1252};
        let moscow = encode(Windows1251, "МОСКВА");
        check(&moscow, None, Some(Windows1251), "windows-1251 encoding-chosen encoding-detected");
        check(&moscow, None, Some(Gb18030), "GB18030 encoding-chosen encoding-detected");
        check(&moscow, None, Some(Windows1252), "GB18030, windows-1251");
        check(&moscow, Some(Windows1251), None, "windows-1251 encoding-detected");
        check(&moscow, Some(Gb18030), Some(Windows1251), "windows-1251 encoding-differs encoding-detected");
        check(&moscow, Some(Utf8), Some(Windows1251), "windows-1251 encoding-differs encoding-detected");
        // Two bytes that are one hanzi of GBK and one letter of UTF-8.
        check(b"\xD2\xBB", None, None, "UTF-8");
        check(b"\xD2\xBB", None, Some(Gb18030), "GB18030 encoding-chosen encoding-detected");
        check(b"\xD2\xBB", Some(Gb18030), None, "GB18030 encoding-detected");
    }

    #[test]
    fn bytes_outweigh_the_declaration() {
        use Encoding::{Gb18030, Utf8, Windows1252};
        check(
            &encode(Gb18030, "上海市浦东新区"),
            Some(Utf8),
            None,
            "GB18030 encoding-differs encoding-detected",
        );
        check("上海市浦东新区".as_bytes(), Some(Gb18030), None, "UTF-8 encoding-differs");
        check(
            &encode(Gb18030, "上海市浦东新区"),
            Some(Windows1252),
            None,
            "GB18030 encoding-differs encoding-detected",
        );
        // One broken byte among many good characters is a fault, not another encoding.
        check(&["где это видано".as_bytes(), b"\xFF"].concat(), Some(Utf8), None, "UTF-8");
        check(b"\xFF\xFE\x81\x00\x81", None, None, "UTF-8");
        let broken = [&encode(Gb18030, "上海市浦东新区世纪大道")[..], b"\xFF"].concat();
        check(&broken, Some(Gb18030), None, "GB18030 encoding-detected");
    }

    #[test]
    fn the_beginning_tells_marks_patterns_and_declarations() {
        use Encoding::{Gb18030, Utf8, Utf16Be, Utf16Le, Windows1251};
        for (bytes, expected) in [
            (&b"\xFF\xFE<\0"[..], Head::Known(Utf16Le, 2)),
            (b"\xFE\xFF\0<", Head::Known(Utf16Be, 2)),
            (b"\xEF\xBB\xBF<", Head::Known(Utf8, 3)),
            (b"<\0?\0x\0", Head::Known(Utf16Le, 0)),
            (b"\0i\0d\0,", Head::Known(Utf16Be, 0)),
            (b"\xFF\xFE\0\0<\0\0\0", Head::Bytes),
            (b"PK\x03\x04", Head::Bytes),
            (b"UNB+UNOC:3", Head::Bytes),
            (b"\xEF\xBB\xBF UNA:+.? '", Head::Bytes),
            (b"<?xml \0?>", Head::Open),
            (b"", Head::Open),
            (b"\xCD", Head::Open),
        ] {
            assert_eq!(head(bytes), expected, "{bytes:02X?}");
        }
        for (text, expected) in [
            ("<?xml version=\"1.0\" encoding=\"gb2312\"?>", Some(Gb18030)),
            ("<?xml version='1.0' encoding = 'WINDOWS-1251'?>", Some(Windows1251)),
            ("<?xml version=\"1.0\"?><a encoding=\"gb2312\">", None),
            ("<?xml version=\"1.0\" encoding=\"Big5\"?>", None),
            ("identifier,form", None),
        ] {
            assert_eq!(declared(text.as_bytes()), expected, "{text}");
        }
    }
}
