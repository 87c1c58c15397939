//! The XSD of a layout, XML Schema 1.0.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Holds, Layout, Node, Type};

/// Returns the schema.
pub fn schema(layout: &Layout) -> String {
    let mut schema = Schema { text: String::new(), types: BTreeMap::new() };
    let (name, namespace) = (&layout.name, &layout.namespace);
    schema.line(0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    schema.line(
        0,
        &format!("<!-- Made from the profile `{name}` of the crate `declaration`; do not edit. -->"),
    );
    schema
        .line(0, &format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"{namespace}\""));
    schema.line(
        0,
        &format!(
            "           targetNamespace=\"{namespace}\" elementFormDefault=\"qualified\" version=\"1\">"
        ),
    );
    schema.documentation(1, &format!("{}. {}", layout.standard, layout.basis));
    if layout.root == layout.record.name {
        schema.group(1, &format!("name=\"{}\"", layout.root), None, layout.record.children());
    } else {
        schema.line(1, &format!("<xs:element name=\"{}\">", layout.root));
        schema.line(2, "<xs:complexType>");
        schema.line(3, "<xs:sequence>");
        let head = format!("name=\"{}\" maxOccurs=\"unbounded\"", layout.record.name);
        schema.group(4, &head, None, layout.record.children());
        schema.line(3, "</xs:sequence>");
        schema.line(2, "</xs:complexType>");
        schema.line(1, "</xs:element>");
    }
    let types = std::mem::take(&mut schema.types);
    for definition in types.into_values() {
        schema.text.push_str(&definition);
    }
    schema.line(0, "</xs:schema>");
    schema.text
}

struct Schema {
    text: String,
    /// The simple types that the elements name, with their definitions.
    types: BTreeMap<String, String>,
}

impl Schema {
    fn group(&mut self, level: usize, head: &str, says: Option<&str>, children: &[Node]) {
        self.line(level, &format!("<xs:element {head}>"));
        if let Some(says) = says {
            self.documentation(level + 1, says);
        }
        self.line(level + 1, "<xs:complexType>");
        self.line(level + 2, "<xs:sequence>");
        for child in children {
            self.node(level + 3, child);
        }
        self.line(level + 2, "</xs:sequence>");
        self.line(level + 1, "</xs:complexType>");
        self.line(level, "</xs:element>");
    }

    fn node(&mut self, level: usize, node: &Node) {
        let mut head = format!("name=\"{}\"", node.name);
        if let Holds::Value(value) = node.content {
            write!(head, " type=\"{}\"", self.type_name(value)).expect("writing to a string");
        }
        if node.least != 1 {
            write!(head, " minOccurs=\"{}\"", node.least).expect("writing to a string");
        }
        match node.most {
            None => head.push_str(" maxOccurs=\"unbounded\""),
            Some(1) => {}
            Some(most) => write!(head, " maxOccurs=\"{most}\"").expect("writing to a string"),
        }
        match &node.content {
            Holds::Group(children) => self.group(level, &head, Some(&node.says), children),
            Holds::Value(_) => {
                self.line(level, &format!("<xs:element {head}>"));
                self.documentation(level + 1, &node.says);
                self.line(level, "</xs:element>");
            }
        }
    }

    fn documentation(&mut self, level: usize, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.line(
            level,
            &format!("<xs:annotation><xs:documentation>{text}</xs:documentation></xs:annotation>"),
        );
    }

    /// Returns the name of a type, and sees to its definition.
    fn type_name(&mut self, value: Type) -> String {
        let name = value.notation().replace("..", "-to-").replace(',', "-with-");
        let (base, facets) = value.facets();
        let restriction = format!("<xs:restriction base=\"xs:{base}\">{facets}</xs:restriction>");
        let definition =
            format!("  <xs:simpleType name=\"{name}\">\n    {restriction}\n  </xs:simpleType>\n");
        self.types.insert(name.clone(), definition);
        name
    }

    fn line(&mut self, level: usize, line: &str) {
        writeln!(self.text, "{:indent$}{line}", "", indent = level * 2).expect("writing to a string");
    }
}
