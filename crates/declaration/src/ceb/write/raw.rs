//! XML that is written as it was given: it has to stand by itself.

use caravan_postal::Finding;
use quick_xml::events::{BytesStart, Event};

use super::WriteError;
use crate::builder::is_blank;
use crate::place::Mark;
use crate::xml::attributes::attributes;
use crate::xml::events::Events;
use crate::xml::item::{declared_prefix, pass_over, resolve};

/// The namespace of XML signatures.
pub(in crate::ceb) const SIGNATURE_NAMESPACE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Attributes of one element, and elements in each other.
const ATTRIBUTES_MAX: u16 = 128;
const DEPTH_MAX: u16 = 64;

/// Returns whether a text is the content of an element: well-formed, without prefixes, and at most one element.
pub(in crate::ceb) fn is_content(text: &str) -> bool {
    let mut events = Events::new(text.as_bytes(), 0, true);
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0;
    while !events.is_at_end() {
        let Ok(event) = events.next() else { return false };
        let is_fine = match &event {
            Event::Start(start) => {
                elements += usize::from(open.is_empty());
                open.push(start.name().into_inner().to_owned());
                is_plain(start)
            }
            Event::Empty(start) => {
                elements += usize::from(open.is_empty());
                is_plain(start)
            }
            Event::End(end) => open.pop().is_some_and(|name| name == end.name().into_inner()),
            Event::Text(text) => !open.is_empty() || is_blank(text),
            Event::CData(_) => !open.is_empty(),
            Event::GeneralRef(reference) => !open.is_empty() && resolve(reference).is_some(),
            Event::Comment(text) => !text.contains("--"),
            _ => false,
        };
        if !is_fine || open.len() > usize::from(DEPTH_MAX) {
            return false;
        }
    }
    open.is_empty() && elements <= 1
}

fn is_plain(start: &BytesStart<'_>) -> bool {
    !start.name().into_inner().contains(':') && attributes(start, ATTRIBUTES_MAX).is_ok()
}

/// Returns a signature that stands by itself: one element that declares its own namespace.
pub(super) fn signature(bytes: &[u8]) -> Result<&str, WriteError> {
    let text = std::str::from_utf8(bytes).map_err(|_| WriteError::Signature)?;
    let mut events = Events::new(bytes, 0, true);
    let Ok(Event::Start(start)) = events.next() else { return Err(WriteError::Signature) };
    let name = start.name().into_inner();
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let all = attributes(&start, ATTRIBUTES_MAX).map_err(|_| WriteError::Signature)?;
    let is_it = |key: &str, value: &str| declared_prefix(key) == Some(prefix) && value == SIGNATURE_NAMESPACE;
    let is_declared = all.iter().any(|(key, value)| is_it(key, value));
    let mut ignore = |_: Mark, _: Finding| {};
    let is_whole = pass_over(&mut events, Mark(0), 0, DEPTH_MAX, &mut ignore).is_ok();
    if local == "Signature" && is_declared && is_whole && events.is_at_end() {
        Ok(text)
    } else {
        Err(WriteError::Signature)
    }
}

#[cfg(test)]
mod tests {
    use super::{is_content, signature};

    #[test]
    fn content_stands_by_itself() {
        for good in ["", " ", "<a/>", "<a b=\"1\">x &amp; y<c/></a>", "<!-- c --><a><![CDATA[<]]></a>"] {
            assert!(is_content(good), "{good}");
        }
        for bad in
            ["x", "<a>", "</a>", "<a></b>", "<a/><b/>", "<p:a/>", "<a>&nbsp;</a>", "<a b=1/>", "<?x y?>"]
        {
            assert!(!is_content(bad), "{bad}");
        }
    }

    #[test]
    fn a_signature_names_its_namespace() {
        let good = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:a/></ds:Signature>";
        assert!(signature(good.as_bytes()).is_ok());
        for bad in [
            "",
            "<ds:Signature/>",
            "<ds:Signature></ds:Signature>",
            &good.replace("</ds:", "</d:"),
            &good[..40],
        ] {
            assert!(signature(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(signature(format!("{good}<a/>").as_bytes()).is_err());
    }
}
