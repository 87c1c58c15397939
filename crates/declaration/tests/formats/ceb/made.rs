//! Messages made from the layouts: each with all that it can have, and each with only what it must have.

use caravan_declaration::ceb::layout::{Block, Element, Kind, Part};
use caravan_declaration::ceb::{Document, Envelope, Message, Values};

/// How much a made message has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Every element, each text as long as it may be.
    Full,
    /// What has to be there, each text as short as it may be.
    Bare,
}

pub(crate) const GUID: &str = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94";

pub(crate) const SIGNATURE: &str = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>\
<ds:SignatureMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#rsa-sha1\"/><ds:Reference URI=\"\">\
<ds:DigestMethod Algorithm=\"http://www.w3.org/2000/09/xmldsig#sha1\"/><ds:DigestValue>AA==</ds:DigestValue>\
</ds:Reference></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>";

/// Returns what is around the documents of a message.
pub(crate) fn envelope(message: &'static Message, extent: Extent) -> Envelope {
    let mut trailer = Vec::new();
    let mut signature = None;
    for part in &message.trailer {
        let times = times(part, extent);
        if part.block.name == "Signature" {
            signature = (times > 0).then(|| SIGNATURE.as_bytes().to_vec());
            continue;
        }
        trailer.extend((0..times).map(|_| values(&part.block, extent, 1).into_owned()));
    }
    Envelope { guid: GUID.to_owned(), version: "1.0".to_owned(), trailer, signature }
}

/// Returns a document.
pub(crate) fn document(message: &'static Message, extent: Extent) -> Document<'static> {
    let block = &message.document.block;
    if block.has_elements() {
        return Document { message, blocks: vec![values(block, extent, 1)] };
    }
    let mut blocks = Vec::new();
    for part in &block.parts {
        blocks.extend((1..=times(part, extent)).map(|number| values(&part.block, extent, number)));
    }
    Document { message, blocks }
}

fn times(part: &Part, extent: Extent) -> u32 {
    match extent {
        Extent::Full => part.most.unwrap_or(3).min(3),
        Extent::Bare => part.least,
    }
}

fn values(block: &'static Block, extent: Extent, number: u32) -> Values<'static> {
    let mut values = Values::new(block);
    for element in &block.elements {
        if extent == Extent::Full || element.is_required {
            assert!(values.set(element.name, text(element, extent, number)));
        }
    }
    values
}

/// A value that its element may have.
fn text(element: &Element, extent: Extent, number: u32) -> String {
    if let Some(fixed) = element.fixed {
        return fixed.to_owned();
    }
    if let Some(codes) = element.codes {
        return codes.codes[0].0.to_owned();
    }
    match (element.kind, extent) {
        (Kind::Guid, _) => GUID.to_owned(),
        (Kind::Time(digits), _) => "20240229235959999"[..usize::from(digits)].to_owned(),
        (Kind::Decimal { .. }, Extent::Full) => "12345678912345.12345".to_owned(),
        (Kind::Decimal { .. } | Kind::Whole(_), Extent::Bare) => "0".to_owned(),
        (Kind::Whole(_), Extent::Full) => number.to_string(),
        (Kind::Any, Extent::Full) => "<note lang=\"zh\">a &amp; b</note>".to_owned(),
        (Kind::Any, Extent::Bare) => String::new(),
        (Kind::Text { least, most }, _) => {
            // Characters of one, two, three and four bytes, and those that XML would take for markup.
            let wanted = if extent == Extent::Full { most.unwrap_or(7000) } else { least };
            "&<>\"'汉é\u{20000}a".chars().cycle().take(wanted as usize).collect()
        }
    }
}
