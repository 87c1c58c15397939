//! The XSD of our XML, made from the field table.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use caravan_postal::{Grams, Money};

use super::{Content, Element, ITEM_NAME, Occurs, Type};
use crate::xml::{DIALECT, Dialect};

/// Returns the schema, XML Schema 1.0.
pub fn schema() -> String {
    schema_of(&DIALECT)
}

/// Returns the schema of a dialect of our XML.
pub(crate) fn schema_of(dialect: &Dialect) -> String {
    let mut schema = Schema { text: String::new(), types: BTreeMap::new() };
    schema.head(dialect);
    schema.elements((dialect.item)(), 5);
    schema.foot();
    schema.text
}

struct Schema {
    text: String,
    /// The simple types that the elements name, with their definitions.
    types: BTreeMap<String, String>,
}

impl Schema {
    fn head(&mut self, dialect: &Dialect) {
        let Dialect { root, namespace, .. } = dialect;
        let lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<!-- Made from the field table of the crate `declaration`; do not edit. -->",
            &format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"{namespace}\""),
            &format!(
                "           targetNamespace=\"{namespace}\" elementFormDefault=\"qualified\" version=\"1\">"
            ),
            &format!("  <xs:element name=\"{root}\">"),
            "    <xs:complexType>",
            "      <xs:sequence>",
            &format!("        <xs:element name=\"{ITEM_NAME}\" maxOccurs=\"unbounded\">"),
            "          <xs:complexType>",
            "            <xs:sequence>",
        ];
        for line in lines {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    fn foot(&mut self) {
        let ends = ["            </xs:sequence>", "          </xs:complexType>", "        </xs:element>"];
        let root = ["      </xs:sequence>", "    </xs:complexType>", "  </xs:element>"];
        for line in ends.into_iter().chain(root) {
            self.text.push_str(line);
            self.text.push('\n');
        }
        for definition in self.types.values() {
            self.text.push_str(definition);
        }
        self.text.push_str("</xs:schema>\n");
    }

    fn elements(&mut self, elements: &'static [Element], level: usize) {
        for element in elements {
            let occurs = match element.occurs {
                Occurs::Required => "",
                Occurs::Optional => " minOccurs=\"0\"",
                Occurs::Many => " minOccurs=\"0\" maxOccurs=\"unbounded\"",
            };
            let name = element.name;
            match element.content {
                Content::Value(value) => {
                    let type_name = self.type_name(value);
                    self.line(
                        level + 2,
                        &format!("<xs:element name=\"{name}\" type=\"{type_name}\"{occurs}>"),
                    );
                    self.meaning(element, level + 3);
                }
                Content::Group(children) => {
                    self.line(level + 2, &format!("<xs:element name=\"{name}\"{occurs}>"));
                    self.meaning(element, level + 3);
                    self.line(level + 3, "<xs:complexType>");
                    self.line(level + 4, "<xs:sequence>");
                    self.elements(children, level + 3);
                    self.line(level + 4, "</xs:sequence>");
                    self.line(level + 3, "</xs:complexType>");
                }
            }
            self.line(level + 2, "</xs:element>");
        }
    }

    fn meaning(&mut self, element: &Element, level: usize) {
        let meaning = element.meaning.replace('&', "&amp;").replace('<', "&lt;");
        self.line(
            level,
            &format!("<xs:annotation><xs:documentation>{meaning}</xs:documentation></xs:annotation>"),
        );
    }

    fn line(&mut self, level: usize, line: &str) {
        writeln!(self.text, "{:indent$}{line}", "", indent = level * 2).expect("writing to a string");
    }

    /// Returns the name of a type, and sees to its definition.
    fn type_name(&mut self, value: Type) -> String {
        let name = type_name(value);
        let definition = match value {
            Type::Named(limit) => {
                let text = self.type_name(Type::Text(limit));
                attributed(&name, &text, "name", &text)
            }
            Type::Money => {
                let (amount, code) = ("amount", "currency");
                let most = Money::MAX_MINOR;
                let facets = format!(
                    "<xs:pattern value=\"[0-9]+(\\.[0-9]*)?\"/><xs:maxInclusive value=\"{most}\"/>\
                     <xs:fractionDigits value=\"3\"/>"
                );
                self.types.insert(amount.to_owned(), simple(amount, "decimal", &facets));
                self.types.insert(code.to_owned(), simple(code, "token", "<xs:pattern value=\"[A-Z]{3}\"/>"));
                attributed(&name, amount, "currency", code)
            }
            _ => simple(&name, base(value), &facets(value)),
        };
        self.types.insert(name.clone(), definition);
        name
    }
}

/// Returns the name of a type: what it is, and its limit if it has one.
pub(super) fn type_name(value: Type) -> String {
    match value {
        Type::Identifier => "s10".to_owned(),
        Type::Text(limit) => format!("text-{limit}"),
        Type::Lines(limit) => format!("lines-{limit}"),
        Type::Named(limit) => format!("named-text-{limit}"),
        Type::Word(limit) => format!("word-{limit}"),
        Type::Kilograms => "kilograms".to_owned(),
        Type::Money => "money".to_owned(),
        Type::Date => "day".to_owned(),
        Type::Country => "country".to_owned(),
        Type::Office => "office".to_owned(),
        Type::Subclass => "subclass".to_owned(),
        Type::Hs => "hs".to_owned(),
        Type::Whole(limit) => format!("whole-{limit}"),
        Type::WattHours => "watt-hours".to_owned(),
        Type::Flag => "flag".to_owned(),
        Type::Code(codes) => {
            format!("code-{}", codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join("-"))
        }
    }
}

fn base(value: Type) -> &'static str {
    match value {
        Type::Lines(_) => "string",
        Type::Kilograms | Type::WattHours => "decimal",
        Type::Date => "date",
        Type::Flag => "boolean",
        Type::Whole(_) => "nonNegativeInteger",
        _ => "token",
    }
}

fn facets(value: Type) -> String {
    let pattern = |pattern: &str| format!("<xs:pattern value=\"{pattern}\"/>");
    match value {
        Type::Text(limit) | Type::Lines(limit) | Type::Named(limit) => {
            format!("<xs:minLength value=\"1\"/><xs:maxLength value=\"{limit}\"/>")
        }
        Type::Word(limit) => pattern(&format!("[A-Z0-9]{{1,{limit}}}")),
        Type::Identifier => pattern("[A-Z]{2}[0-9]{9}[A-Z]{2}"),
        Type::Kilograms | Type::WattHours => format!(
            "<xs:pattern value=\"[0-9]+(\\.[0-9]*)?\"/><xs:maxInclusive value=\"{}\"/><xs:fractionDigits value=\"3\"/>",
            Grams::MAX.0 / 1000
        ),
        Type::Date => pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        Type::Country => pattern("[A-Z]{2}"),
        Type::Office => pattern("[A-Z]{6}"),
        Type::Subclass => pattern("[UCET][A-Z0-9]"),
        Type::Hs => pattern("[0-9]{6}|[0-9]{8}|[0-9]{10}"),
        Type::Whole(limit) => format!("<xs:pattern value=\"[0-9]+\"/><xs:maxInclusive value=\"{limit}\"/>"),
        Type::Flag | Type::Money => String::new(),
        Type::Code(codes) => codes.iter().map(|(code, meaning)| enumeration(code, meaning)).collect(),
    }
}

fn enumeration(code: &str, meaning: &str) -> String {
    format!(
        "<xs:enumeration value=\"{code}\"><xs:annotation><xs:documentation>{meaning}</xs:documentation>\
         </xs:annotation></xs:enumeration>"
    )
}

fn simple(name: &str, base: &str, facets: &str) -> String {
    let restriction = match facets
        .replace("/><xs:", "/>\n      <xs:")
        .replace("</xs:enumeration><", "</xs:enumeration>\n      <")
    {
        facets if facets.is_empty() => format!("    <xs:restriction base=\"xs:{base}\"/>\n"),
        facets => format!("    <xs:restriction base=\"xs:{base}\">\n      {facets}\n    </xs:restriction>\n"),
    };
    format!("  <xs:simpleType name=\"{name}\">\n{restriction}  </xs:simpleType>\n")
}

fn attributed(name: &str, base: &str, attribute: &str, attribute_type: &str) -> String {
    format!(
        "  <xs:complexType name=\"{name}\">\n    <xs:simpleContent>\n      <xs:extension base=\"{base}\">\n        \
         <xs:attribute name=\"{attribute}\" type=\"{attribute_type}\" use=\"required\"/>\n      \
         </xs:extension>\n    </xs:simpleContent>\n  </xs:complexType>\n"
    )
}
