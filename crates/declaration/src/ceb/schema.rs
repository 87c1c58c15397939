//! An XML Schema made from the layouts: the judge of what is written, in our own words.
//!
//! It says what the official schemas of edition 202205 say of the messages that are known here, and nothing of the
//! content of signatures. Code lists are not in it, as they are not in those.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::NAMESPACE;
use super::layout::{Block, Direction, Element, Kind, Message, Part};
use super::write::SIGNATURE_NAMESPACE;

/// Returns the schema of the messages of one direction.
pub fn schema(direction: Direction) -> String {
    let mut page = Page { text: String::new(), written: BTreeSet::new() };
    page.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    page.text.push_str("<!-- Made from the layouts of the crate `declaration`; a test keeps it fresh. -->\n");
    writeln!(
        page.text,
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:ceb=\"{NAMESPACE}\"\n  \
         targetNamespace=\"{NAMESPACE}\" elementFormDefault=\"qualified\">"
    )
    .expect("writing to a string");
    page.kinds();
    for message in Message::all().iter().filter(|message| message.direction == direction) {
        page.message(message);
    }
    page.text.push_str("</xs:schema>\n");
    page.text
}

struct Page {
    text: String,
    /// The blocks that have their type.
    written: BTreeSet<&'static str>,
}

impl Page {
    /// Writes the types that every message uses.
    fn kinds(&mut self) {
        self.line(1, "<xs:simpleType name=\"guid\">");
        self.restriction(2, "xs:string", &[("length", "36".to_owned())]);
        self.line(1, "</xs:simpleType>");
        self.line(1, "<xs:complexType name=\"any\">");
        self.line(2, "<xs:sequence>");
        self.line(3, "<xs:any namespace=\"##any\" processContents=\"skip\" minOccurs=\"0\"/>");
        self.line(2, "</xs:sequence>");
        self.line(1, "</xs:complexType>");
    }

    fn message(&mut self, message: &'static Message) {
        for part in std::iter::once(&message.document).chain(&message.trailer) {
            self.types(&part.block);
        }
        self.line(1, &format!("<xs:element name=\"{}\">", message.name));
        self.line(2, "<xs:complexType>");
        self.line(3, "<xs:sequence>");
        for part in std::iter::once(&message.document).chain(&message.trailer) {
            self.part(part, 4);
        }
        self.line(3, "</xs:sequence>");
        self.line(3, "<xs:attribute name=\"guid\" type=\"ceb:guid\" use=\"required\"/>");
        self.line(3, "<xs:attribute name=\"version\" use=\"required\">");
        self.line(4, "<xs:simpleType>");
        let lengths = [("minLength", "1".to_owned()), ("maxLength", "10".to_owned())];
        self.restriction(5, "xs:string", &lengths);
        self.line(4, "</xs:simpleType>");
        self.line(3, "</xs:attribute>");
        self.line(2, "</xs:complexType>");
        self.line(1, "</xs:element>");
    }

    /// Writes the type of a block, after those of the blocks in it.
    fn types(&mut self, block: &Block) {
        if block.name == "Signature" || !self.written.insert(block.name) {
            return;
        }
        for part in &block.parts {
            self.types(&part.block);
        }
        self.line(1, &format!("<xs:complexType name=\"{}\">", block.name));
        self.line(2, "<xs:sequence>");
        for part in &block.parts {
            self.part(part, 3);
        }
        for element in &block.elements {
            self.element(element);
        }
        self.line(2, "</xs:sequence>");
        self.line(1, "</xs:complexType>");
    }

    fn part(&mut self, part: &Part, level: usize) {
        let most = part.most.map_or_else(|| "unbounded".to_owned(), |most| most.to_string());
        let times = format!("minOccurs=\"{}\" maxOccurs=\"{most}\"", part.least);
        let name = part.block.name;
        if name == "Signature" {
            let any =
                format!("<xs:any namespace=\"{SIGNATURE_NAMESPACE}\" processContents=\"skip\" {times}/>");
            return self.line(level, &any);
        }
        self.line(level, &format!("<xs:element name=\"{name}\" type=\"ceb:{name}\" {times}/>"));
    }

    fn element(&mut self, element: &Element) {
        let times = if element.is_required { "" } else { " minOccurs=\"0\"" };
        let fixed = element.fixed.map(|fixed| format!(" fixed=\"{fixed}\"")).unwrap_or_default();
        let opening = format!("<xs:element name=\"{}\"{times}{fixed}", element.name);
        let (base, mut facets) = match element.kind {
            Kind::Guid => return self.line(3, &format!("{opening} type=\"ceb:guid\"/>")),
            Kind::Any => return self.line(3, &format!("{opening} type=\"ceb:any\"/>")),
            Kind::Whole(None) => return self.line(3, &format!("{opening} type=\"xs:int\"/>")),
            Kind::Whole(Some(digits)) => ("xs:int", vec![("totalDigits", digits.to_string())]),
            Kind::Decimal { digits, decimals } => (
                "xs:decimal",
                vec![("totalDigits", digits.to_string()), ("fractionDigits", decimals.to_string())],
            ),
            Kind::Time(digits) => ("xs:string", vec![("length", digits.to_string())]),
            Kind::Text { least, most } => ("xs:string", lengths(least, most)),
        };
        if element.is_collapsed {
            facets.push(("whiteSpace", "collapse".to_owned()));
        }
        self.line(3, &format!("{opening}>"));
        self.line(4, "<xs:simpleType>");
        self.restriction(5, base, &facets);
        self.line(4, "</xs:simpleType>");
        self.line(3, "</xs:element>");
    }

    fn restriction(&mut self, level: usize, base: &str, facets: &[(&str, String)]) {
        self.line(level, &format!("<xs:restriction base=\"{base}\">"));
        for (name, value) in facets {
            self.line(level + 1, &format!("<xs:{name} value=\"{value}\"/>"));
        }
        self.line(level, "</xs:restriction>");
    }

    fn line(&mut self, level: usize, text: &str) {
        for _ in 0..level {
            self.text.push_str("  ");
        }
        self.text.push_str(text);
        self.text.push('\n');
    }
}

fn lengths(least: u32, most: Option<u32>) -> Vec<(&'static str, String)> {
    if most == Some(least) {
        return vec![("length", least.to_string())];
    }
    let least = (least > 0).then(|| ("minLength", least.to_string()));
    least.into_iter().chain(most.map(|most| ("maxLength", most.to_string()))).collect()
}
