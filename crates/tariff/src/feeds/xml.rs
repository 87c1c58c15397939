//! A small tree of an XML feed. Namespaces are not looked at: the names that the feeds use are their own.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// How deep elements may nest; no feed goes beyond five.
const DEPTH_MAX: usize = 16;
/// How many attributes an element may have.
const ATTRIBUTES_MAX: usize = 32;

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Its name without prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    /// The elements in it, in order.
    pub(super) children: Vec<Element>,
    /// Where its tag ends, in bytes of the text.
    pub(super) at: usize,
}

impl Element {
    /// Returns an attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the elements of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// Returns the text of the first element of a name.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.text.trim())
    }
}

/// Returns the root, or the place where the text is no well-formed XML without a document type.
pub(super) fn parse(text: &str) -> Result<Element, usize> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = Vec::new();
    loop {
        let event = reader.read_event();
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event.map_err(|_| at)? {
            Event::Start(tag) => {
                if open.len() == DEPTH_MAX {
                    return Err(at);
                }
                open.push(element(&tag, at)?);
            }
            Event::Empty(tag) => {
                let element = element(&tag, at)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::End(_) => {
                let element = open.pop().ok_or(at)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(element),
                    None => return Ok(element),
                }
            }
            Event::Text(part) => push(&mut open, &part.xml10_content()),
            Event::CData(part) => push(&mut open, &part.xml10_content()),
            // A reference stands in names of currencies only; in a figure it makes the figure none.
            Event::GeneralRef(_) => push(&mut open, "\u{FFFD}"),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::DocType(_) | Event::Eof => return Err(at),
        }
    }
}

fn push(open: &mut [Element], part: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(part);
    }
}

fn element(tag: &BytesStart<'_>, at: usize) -> Result<Element, usize> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes().take(ATTRIBUTES_MAX) {
        let attribute = attribute.map_err(|_| at)?;
        let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|_| at)?;
        attributes.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    let name = tag.local_name().into_inner().to_owned();
    Ok(Element { name, attributes, at, ..Element::default() })
}
