//! The JSON Schema of our JSON, made from the field table.

use std::collections::BTreeMap;

use caravan_postal::{Grams, Money};

use super::schema::type_name;
use super::{Content, Element, ITEM, ITEM_NAME, MONEY, NAMED, Occurs, Type};

/// Returns the schema, draft 2020-12: that of a file with one array, and in `$defs/item` that of a line of JSON Lines.
pub fn json_schema() -> String {
    let mut types = BTreeMap::new();
    let item = object(ITEM, "One item.", 2, &mut types);
    let mut text = String::from(
        "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \
         \"$comment\": \"Made from the field table of the crate `declaration`; do not edit.\",\n  \
         \"title\": \"Declarations, version 1\",\n  \"type\": \"array\",\n  \"minItems\": 1,\n",
    );
    let item = [format!("    {}: {item}", quoted(ITEM_NAME))];
    let types = types.into_iter().map(|(name, definition)| format!("    {}: {definition}", quoted(&name)));
    let definitions: Vec<String> = item.into_iter().chain(types).collect();
    text.extend(["  \"items\": { \"$ref\": \"#/$defs/", ITEM_NAME, "\" },\n  \"$defs\": {\n"]);
    text.push_str(&definitions.join(",\n"));
    text.push_str("\n  }\n}\n");
    text
}

/// Returns the schema of an object; `level` is the indentation of its braces.
fn object(
    elements: &'static [Element],
    meaning: &str,
    level: usize,
    types: &mut BTreeMap<String, String>,
) -> String {
    let pad = "  ".repeat(level);
    let members: Vec<String> = elements.iter().map(|element| member(element, level + 2, types)).collect();
    let required = elements.iter().filter(|element| element.occurs == Occurs::Required);
    let required: Vec<String> = required.map(|element| quoted(element.name)).collect();
    let required = match required[..] {
        [] => String::new(),
        _ => format!("{pad}  \"required\": [{}],\n", required.join(", ")),
    };
    format!(
        "{{\n{pad}  \"description\": {},\n{pad}  \"type\": \"object\",\n{pad}  \"additionalProperties\": false,\n\
         {required}{pad}  \"properties\": {{\n{}\n{pad}  }}\n{pad}}}",
        quoted(meaning),
        members.join(",\n")
    )
}

fn member(element: &'static Element, level: usize, types: &mut BTreeMap<String, String>) -> String {
    let pad = "  ".repeat(level);
    let value = match element.content {
        Content::Group(children) => object(children, element.meaning, level, types),
        Content::Value(kind) => {
            let name = type_name(kind);
            types.entry(name.clone()).or_insert_with(|| definition(kind));
            let meaning = quoted(element.meaning);
            format!("{{ \"$ref\": \"#/$defs/{name}\", \"description\": {meaning} }}")
        }
    };
    let value = match element.occurs {
        Occurs::Many => format!("{{ \"type\": \"array\", \"items\": {value} }}"),
        Occurs::Optional | Occurs::Required => value,
    };
    format!("{pad}{}: {value}", quoted(element.name))
}

/// Returns the schema of a type. No text has white space around it.
fn definition(kind: Type) -> String {
    let pattern = |pattern: &str| format!("{{ \"type\": \"string\", \"pattern\": {} }}", quoted(pattern));
    match kind {
        Type::Text(limit) | Type::Lines(limit) => text(limit),
        Type::Named(limit) => pair(NAMED, &text(limit), &text(limit)),
        Type::Word(limit) => pattern(&format!("^[A-Z0-9]{{1,{limit}}}$")),
        Type::Identifier => pattern("^[A-Z]{2}[0-9]{9}[A-Z]{2}$"),
        Type::Kilograms | Type::WattHours => {
            let limit = Grams::MAX.0 / 1000;
            decimal(&format!("at most three decimals, at most {limit}"))
        }
        Type::Money => {
            let limit = Money::MAX_MINOR;
            let amount = decimal(&format!(
                "at most the decimals of its currency, at most {limit} of its smallest unit"
            ));
            pair(MONEY, &amount, &pattern("^[A-Z]{3}$"))
        }
        Type::Date => pattern("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
        Type::Country => pattern("^[A-Z]{2}$"),
        Type::Office => pattern("^[A-Z]{6}$"),
        Type::Subclass => pattern("^[UCET][A-Z0-9]$"),
        Type::Hs => pattern("^([0-9]{6}|[0-9]{8}|[0-9]{10})$"),
        Type::Whole(limit) => format!("{{ \"type\": \"integer\", \"minimum\": 0, \"maximum\": {limit} }}"),
        Type::Flag => "{ \"type\": \"boolean\" }".to_owned(),
        Type::Code(codes) => {
            let said: Vec<String> = codes.iter().map(|(code, meaning)| format!("{code} {meaning}")).collect();
            let codes: Vec<String> = codes.iter().map(|(code, _)| quoted(code)).collect();
            format!("{{ \"description\": {}, \"enum\": [{}] }}", quoted(&said.join("; ")), codes.join(", "))
        }
    }
}

fn text(limit: u16) -> String {
    format!(
        "{{ \"type\": \"string\", \"maxLength\": {limit}, \"pattern\": {} }}",
        quoted(r"^[^ \t\n\r]([\s\S]*[^ \t\n\r])?$")
    )
}

fn decimal(comment: &str) -> String {
    format!(
        "{{ \"type\": \"string\", \"$comment\": {}, \"pattern\": {} }}",
        quoted(comment),
        quoted(r"^[0-9]+(\.[0-9]*)?$")
    )
}

fn pair(names: [&str; 2], first: &str, second: &str) -> String {
    let [a, b] = names.map(quoted);
    format!(
        "{{ \"type\": \"object\", \"additionalProperties\": false, \"required\": [{a}, {b}], \
         \"properties\": {{ {a}: {first}, {b}: {second} }} }}"
    )
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
