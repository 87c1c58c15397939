//! A small tree of an XML feed. Namespaces are not looked at: the names that the feeds use are their own.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::gather::{Gather, Written};
use super::text::Text;

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

/// A file of one day, in the shape that several banks use: the day in `Date` of the root, and in it a rate with
/// `Nominal` and `Value`.
pub(super) struct Daily {
    /// The name of the root.
    pub(super) root: &'static str,
    /// The name of a rate.
    pub(super) rate: &'static str,
    /// Where a rate names its currency.
    pub(super) currency: fn(&Element) -> Option<&str>,
    /// The currency that rates are in.
    pub(super) counter: &'static str,
}

impl Daily {
    /// Reads a file of this shape.
    pub(super) fn read(&self, text: &Text, gather: &mut Gather<'_>) {
        let root = match parse(&text.text) {
            Ok(root) if root.name == self.root => root,
            Ok(root) => return gather.unreadable(root.at, self.root),
            Err(at) => return gather.unreadable(at, self.root),
        };
        let date = root.attribute("Date").unwrap_or_default();
        let Some(on) = gather.date(root.at, date, "%d.%m.%Y") else { return };
        for rate in root.all(self.rate) {
            gather.rate(Written {
                at: rate.at,
                currency: (self.currency)(rate).unwrap_or_default(),
                units: rate.text_of("Nominal"),
                value: rate.text_of("Value").unwrap_or_default(),
                counter: self.counter,
                days: (on, None),
            });
        }
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
