//! Which message a file is: by its root element, or by what is in it when the root has a wrong name.

use std::sync::LazyLock;

use super::layout::{Direction, Element, Kind, Message};
use super::{DXP_NAMESPACE, NAMESPACE};
use crate::recognise::first_tag;

/// The root of a file that belongs to the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// A message.
    Message,
    /// A message of the exchange platform that wraps one.
    Wrapper,
}

/// The attributes that every root has.
static ATTRIBUTES: LazyLock<[Element; 2]> = LazyLock::new(|| {
    let element = |name, kind| Element {
        name,
        kind,
        is_required: true,
        is_collapsed: false,
        fixed: None,
        codes: None,
        former: None,
    };
    [element("guid", Kind::Guid), element("version", Kind::Text { least: 1, most: Some(10) })]
});

/// Returns what an attribute of the root has to be.
pub(super) fn attribute(name: &str) -> &'static Element {
    ATTRIBUTES.iter().find(|element| element.name == name).expect("`guid` and `version` are there")
}

/// Looks at the beginning of an XML file, without its byte-order mark.
pub(crate) fn root(bytes: &[u8]) -> Option<Root> {
    let (name, attributes) = first_tag(bytes)?;
    let local = std::str::from_utf8(name).ok()?;
    let has = |text: &str| memchr::memmem::find(attributes, text.as_bytes()).is_some();
    if has(DXP_NAMESPACE) || matches!(local, "DxpMsg" | "DxpMsgSv") {
        return Some(Root::Wrapper);
    }
    (has(NAMESPACE) || by_name(local).is_some()).then_some(Root::Message)
}

/// Returns the message that a root means: `CEB603Message`, and in other letters or cut short `ceb603`, too.
pub(super) fn by_name(local: &str) -> Option<&'static Message> {
    let number = |name: &str| {
        let rest = name.get(..3).filter(|start| start.eq_ignore_ascii_case("CEB")).map(|_| &name[3..])?;
        let (number, end) = rest.split_at_checked(3)?;
        (end.is_empty() || end.eq_ignore_ascii_case("Message")).then(|| number.to_owned())
    };
    let sought = number(local)?;
    Message::all().iter().find(|message| number(message.name).as_ref() == Some(&sought))
}

/// Returns the message that the first element inside the root belongs to: the one that the root named, when it has such
/// an element, else the only one that has it as its document; of two, that of the root's direction.
pub(super) fn by_content(named: Option<&'static Message>, local: &str) -> Option<&'static Message> {
    let has = |message: &Message| message.document.block.name == local;
    if named.is_some_and(|message| has(message) || message.trailer_part(local).is_some()) {
        return named;
    }
    let direction: Option<Direction> = named.map(|message| message.direction);
    let fitting: Vec<_> = Message::all().iter().filter(|message| has(message)).collect();
    match fitting[..] {
        [only] => Some(only),
        _ => fitting.into_iter().find(|message| Some(message.direction) == direction).or(named),
    }
}

#[cfg(test)]
mod tests {
    use super::{Root, by_content, by_name, root};

    #[test]
    fn knows_the_family_from_its_neighbours() {
        for (text, expected) in [
            ("<CEB604Message/>", Some(Root::Message)),
            ("<?xml version='1.0'?>\n<!-- < --><c:CEB603Message xmlns:c='x'>", Some(Root::Message)),
            ("<a xmlns=\"http://www.chinaport.gov.cn/ceb\">", Some(Root::Message)),
            ("<DxpMsg ver='1.0'>", Some(Root::Wrapper)),
            ("<d:b xmlns:d='http://www.chinaport.gov.cn/dxp'>", Some(Root::Wrapper)),
            ("<declarations xmlns=\"urn:caravan:declaration:1\">", None),
            ("<a><CEB603Message/></a>", None),
            ("<!DOCTYPE a><CEB603Message/>", None),
            ("<CEB603Message", None),
            ("<!-- ", None),
            ("<", None),
            ("", None),
        ] {
            assert_eq!(root(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn names_and_contents_find_the_message() {
        let name = |local: &str| by_name(local).map(|message| message.name);
        assert_eq!(name("CEB214"), Some("CEB214Message"));
        assert_eq!(name("ceb214message"), Some("CEB214Message"));
        assert_eq!((name("CEB999Message"), name("CEB21"), name("CEB汉字")), (None, None, None));
        let content =
            |named: &str, local: &str| by_content(by_name(named), local).map(|message| message.name);
        assert_eq!(content("CEB603Message", "Inventory"), Some("CEB603Message"));
        assert_eq!(content("CEB603Message", "Order"), Some("CEB303Message"));
        assert_eq!(content("CEB621Message", "Order"), Some("CEB311Message"));
        assert_eq!(content("", "WayBill"), Some("CEB607Message"));
        assert_eq!(content("", "Inventory"), None);
        assert_eq!(content("CEB603Message", "Elephant"), Some("CEB603Message"));
    }
}
