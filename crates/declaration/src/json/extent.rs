//! Where an object ends, found without reading it.

use super::parser::depth_limit;

/// Returns the length of the object that begins the bytes, or of as much of it as shows that it is broken; nothing when
/// more bytes are needed to tell.
pub(super) fn extent(bytes: &[u8], depth: u16) -> Option<usize> {
    let limit = depth_limit(depth);
    let mut depth = 0;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => {
                at = text_end(bytes, at + 1)?;
                if bytes[at] != b'"' {
                    return Some(at);
                }
            }
            b'{' | b'[' if depth >= limit => return Some(at + 1),
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => return Some(at + 1),
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the index of the quote that closes the text whose first byte is at `from`, or of the line break that shows
/// that none does.
pub(crate) fn text_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += memchr::memchr3(b'"', b'\\', b'\n', bytes.get(at..)?)?;
        if bytes[at] != b'\\' {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::extent;

    #[test]
    fn finds_the_end_of_an_object() {
        for (text, length) in [
            ("{} {", Some(2)),
            ("{\"a\":[{\"b\":\"}\\\"\"}]},", Some(19)),
            ("{\"a\":[{},{}]}]", Some(13)),
            ("{\"a\":[", None),
            ("{\"a", None),
            ("{\"a\\", None),
            ("{\"a\\\"", None),
            ("{[}", None),
            ("{\"a\nb\":1}", Some(3)),
            ("{[{[", Some(4)),
        ] {
            assert_eq!(extent(text.as_bytes(), 3), length, "{text}");
        }
    }
}
